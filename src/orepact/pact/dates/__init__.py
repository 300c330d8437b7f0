"""Days as documents give them, moments and places, clocks that run, and what holds from a day to a day."""
