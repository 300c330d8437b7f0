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
        """Take one from a bucket that ``rate`` a second fills; raises ``TooMany`` with how long to wait."""
        with self._lock:
            content, now = self._filled(name, rate)
            self._buckets[name] = (content - 1 if content >= 1 else content, now)
            self._buckets.move_to_end(name)
            if len(self._buckets) > MOST_NAMES:
                self._buckets.popitem(last=False)
        _demand(content, rate)

    def look(self, name: str, rate: float) -> None:
        """Raise what ``take`` would, and take nothing."""
        with self._lock:
            content, _ = self._filled(name, rate)
        _demand(content, rate)

    def _filled(self, name: str, rate: float) -> tuple[float, float]:
        now, full = self.clock(), rate * BURST_S
        content, since = self._buckets.get(name, (full, now))
        return min(full, content + (now - since) * rate), now


def _demand(content: float, rate: float) -> None:
    if content < 1:
        raise TooMany("too many requests", retry_after=(1 - content) / rate)
