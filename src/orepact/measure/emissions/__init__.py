"""Emission factors of processes, and a person's own power contracts."""
