"""Exposure: what is lost while one element is broken, how long nothing is lost, and which element matters most."""
