"""orepact: plans, stress-tests and runs an allied battery supply chain."""

from orepact._version import __version__

__all__ = ["__version__"]
