"""How often one may ask: a bucket for each name, filled at a steady rate, as large as two seconds of it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

from orepact.errors import TooMany

#: A bucket holds what so many seconds fill.
BURST_S = 2.0
#: So many names are remembered; the one that was not asked for longest is forgotten first.
MOST_NAMES = 20_000


@dataclass
class Rates:
    """Buckets of one process, by name; what is in them when, in ``(content, moment)``."""

    clock: Callable[[], float] = monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, name: str, rate: float) -> None:
        """Take one from a bucket that ``rate`` a second fill; raises ``TooMany`` with how long to wait."""
        with self._lock:
            now, full = self.clock(), rate * BURST_S
            content, since = self._buckets.pop(name, (full, now))
            content = min(full, content + (now - since) * rate)
            left = content - 1 if content >= 1 else content
            self._buckets[name] = (left, now)
            if len(self._buckets) > MOST_NAMES:
                self._buckets.popitem(last=False)
        if content < 1:
            raise TooMany("too many requests", retry_after=(1 - content) / rate)
