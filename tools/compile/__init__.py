"""Compilers: raw public files in, shipped claim tables out. Each is a module with ``main(shared)``."""
