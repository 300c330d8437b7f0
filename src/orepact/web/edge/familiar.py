"""``Familiar``: who was met a moment ago, and is met again without asking, as nothing was written to the database since."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

from orepact.service.access.standing import fresh

if TYPE_CHECKING:
    from orepact.store.store import Store
    from orepact.web.edge.callers import Caller

#: For so long at most: that somebody came is to be noted now and then.
LONGEST = timedelta(seconds=10)
#: So many are remembered; who did not come for longest is forgotten first.
MOST = 8192


@dataclass(frozen=True, slots=True)
class _Met:
    caller: Caller
    at: datetime
    pulse: Hashable


@dataclass
class Familiar:
    """Callers of one process, by the hash of what they show; ``pulse``: what the database tells of whether it was written to, or
    None: then who asks is looked up each time.
    """

    store: Store
    _met: OrderedDict[bytes, _Met] = field(default_factory=OrderedDict)
    _proved: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def again(self, shown: Mapping[str, str], pulse: Hashable | None) -> Caller | None:
        """Who shows this, if he was met and nothing can have changed: neither in the database nor by the clock."""
        with self._lock:
            found = self._met.get(_key(shown))
        if found is None or pulse is None or pulse != found.pulse:
            return None
        return found.caller if fresh(found.at, self.store.clock(), LONGEST, found.caller.until) else None

    def proved(self, shown: Mapping[str, str]) -> bool:
        """Whether this let somebody in the last time that it was looked up: worth looking up again, and no more than that."""
        with self._lock:
            return _key(shown) in self._proved

    def forget(self, shown: Mapping[str, str]) -> None:
        """It lets nobody in."""
        with self._lock:
            self._proved.pop(_key(shown), None)

    def note(self, shown: Mapping[str, str], caller: Caller, pulse: Hashable | None) -> None:
        """Remember whom something stands for, as the database stood before he was looked up."""
        with self._lock:
            self._proved[_key(shown)] = None
            self._proved.move_to_end(_key(shown))
            if len(self._proved) > MOST:
                self._proved.popitem(last=False)
        if pulse is None:
            return
        with self._lock:
            self._met[_key(shown)] = _Met(caller, self.store.clock(), pulse)
            self._met.move_to_end(_key(shown))
            if len(self._met) > MOST:
                self._met.popitem(last=False)


def _key(shown: Mapping[str, str]) -> bytes:
    return sha256(repr(sorted(shown.items())).encode()).digest()
