"""What is read of the facts once for each view of them and then kept: it does not depend on the register, nor on who asks beyond
what he is shown.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from orepact.facts import Ledger

    Found = TypeVar("Found")

#: So many answers of a kind are kept: whoever asks for many of one drives out no other.
MOST = 32
_KEPT: dict[Hashable, OrderedDict[Hashable, Any]] = {}
#: By what is worked out just now, whose turn it is.
_TURNS: dict[Hashable, RLock] = {}
_LOCK = Lock()


def kept(ledger: Ledger, what: Hashable, make: Callable[[], Found], *, of_claims: bool = False) -> Found:
    """What ``make`` gives of the facts, worked out once for all who are shown the same of them. ``of_claims``: it depends on the
    claims that are let through alone, and holds on each day until another claim comes out.

    The same edition seen through the same view gives the same numbers, whoever asks: an edition is a hash of just what is shown.
    Who asks while another works it out waits for him: two at once would each take twice as long.
    """
    view = ledger.view
    day = ledger.last_news if of_claims and not view.hindsight else view.day
    key = (ledger.edition, day, of_claims, view.include_unverified, view.hindsight, view.audience is None, what)
    with _LOCK:
        mine = _KEPT.setdefault(what[0] if isinstance(what, tuple) else what, OrderedDict())
        if key in mine:
            mine.move_to_end(key)
            return mine[key]  # type: ignore[no-any-return]  # what was made under this key
        turn = _TURNS.setdefault(key, RLock())
    with turn:
        with _LOCK:
            if key in mine:
                return mine[key]  # type: ignore[no-any-return]  # the one before has made it
        try:
            made = make()
            with _LOCK:
                mine[key] = made
                while len(mine) > MOST:
                    mine.popitem(last=False)
        finally:
            with _LOCK:
                _TURNS.pop(key, None)
    return made
