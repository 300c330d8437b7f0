"""Events: what breaks, how much, from when and for how long; as data, checked against a network."""
