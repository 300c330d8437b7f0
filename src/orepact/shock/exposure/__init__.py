"""Exposure in aggregate form: time to survive against time to recover, element by element."""
