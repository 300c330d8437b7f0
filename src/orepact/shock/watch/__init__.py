"""Early warning: indicators against levels, as data."""

from orepact.shock.watch.levels import Level, level_on
from orepact.shock.watch.rules import WatchRules

__all__ = ["Level", "WatchRules", "level_on"]
