"""``Remembered``: what addresses ask, worked out once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orepact.web.edge.gate import Scope

#: So many addresses are remembered; the one that was not asked for longest is forgotten first.
MOST = 8192


@dataclass
class Remembered:
    """What an address asks, without who asks it, and the route of the framework to which it belongs; by path, query and the form
    in which the answer is wanted.
    """

    most: int = MOST
    _asked: OrderedDict[tuple[str, bytes, bytes], tuple[Any, Any]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, scope: Scope) -> tuple[Any, Any] | None:
        """What the address of a request asks, and the route, where they are remembered."""
        address = _address(scope)
        with self._lock:
            found = self._asked.get(address)
            if found is not None:
                self._asked.move_to_end(address)
            return found

    def note(self, scope: Scope, asked: Any) -> None:
        """Remember what the address of a request asks, which must follow from it and the wanted form alone."""
        with self._lock:
            self._asked[_address(scope)] = asked, scope.get("route")
            if len(self._asked) > self.most:
                self._asked.popitem(last=False)


def _address(scope: Scope) -> tuple[str, bytes, bytes]:
    accepted = next((value for name, value in scope["headers"] if name.lower() == b"accept"), b"")
    return scope["path"], scope["query_string"], accepted
