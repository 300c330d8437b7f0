"""Use cases about what may be told to others of what only some may see."""
