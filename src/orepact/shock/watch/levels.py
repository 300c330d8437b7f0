"""``Level``: how loud a warning is, and from which value on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import IntEnum


class Level(IntEnum):
    """The four levels of Korea's early warning system above ``calm``; higher is worse."""

    calm = 0
    attention = 1
    caution = 2
    alert = 3
    severe = 4

    def down(self, steps: int) -> Level:
        """The level some steps lower, ``calm`` at the least.

        >>> Level.alert.down(1).name, Level.attention.down(3).name
        ('caution', 'calm')
        """
        return Level(max(0, self - steps))


#: What is said where no level can be: missing data are never calm.
NO_DATA = "no data"
Thresholds = Mapping[Level, float]


def level_on(value: float, above: Thresholds, below: Thresholds) -> Level | None:
    """The worst level whose threshold ``value`` is at or beyond, upwards (``above``) or downwards (``below``); None for NaN.

    >>> level_on(0.35, {Level.attention: 0.2, Level.caution: 0.35}, {}).name
    'caution'
    >>> level_on(-0.1, {}, {Level.attention: -0.2}).name
    'calm'
    >>> level_on(float("nan"), {}, {}) is None
    True
    """
    if math.isnan(value):
        return None
    reached = [level for level, threshold in above.items() if value >= threshold]
    reached += [level for level, threshold in below.items() if value <= threshold]
    return max(reached, default=Level.calm)


def name_of(level: Level | None) -> str:
    """The level as tables print it.

    >>> name_of(None), name_of(Level.alert)
    ('no data', 'alert')
    """
    return NO_DATA if level is None else level.name
