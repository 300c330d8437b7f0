"""What a worker does: solve some members of a study, with the program it built for the study before."""

from __future__ import annotations

import os
import pickle
import threading
import time
from typing import Any

from orepact.shock.ensemble.member import MemberLoss, MemberSolver

#: Solvers of this thread by study; two are kept, since insurances are compared one after the other.
_LOCAL = threading.local()
KEPT = 2
#: Seconds between looks at whether the process that gives the work is still there.
LOOK = 1.0
_WATCHED: set[int] = set()


def solve_members(key: str, packed: bytes, numbers: tuple[int, ...]) -> list[MemberLoss]:
    """Members of the study ``packed`` whose key is ``key``; the same wherever and in whatever order they are solved."""
    solver = _solver(key, packed)
    return [solver.solve(number) for number in numbers]


def solve_for(boss: int, key: str, packed: bytes, numbers: tuple[int, ...]) -> list[MemberLoss]:
    """The same in a process that ends by itself soon after the process ``boss``, its parent, is gone.

    A process that is killed (``kill -9``, out of memory) cannot tell its workers to stop: they would go on with what they have
    and then wait for more for minutes.
    """
    if boss not in _WATCHED and os.getppid() == boss:
        _WATCHED.add(boss)
        threading.Thread(target=_end_with, args=(boss,), daemon=True).start()
    return solve_members(key, packed, numbers)


def _end_with(boss: int) -> None:
    """End this process, without more ado, when its parent is another: systems hand orphans on."""
    while os.getppid() == boss:
        time.sleep(LOOK)
    os._exit(1)


def _solver(key: str, packed: bytes) -> MemberSolver:
    known: dict[str, Any] = _LOCAL.__dict__.setdefault("solvers", {})
    if key not in known:
        while len(known) >= KEPT:
            del known[next(iter(known))]
        known[key] = MemberSolver(pickle.loads(packed))  # noqa: S301  bytes that this process or its scheduler packed
    found: MemberSolver = known[key]
    return found
