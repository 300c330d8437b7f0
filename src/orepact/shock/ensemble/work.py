"""What a worker does: solve some members of a study, with the program it built for the study before."""

from __future__ import annotations

import pickle
import threading
from typing import Any

from orepact.shock.ensemble.member import MemberLoss, MemberSolver

#: Solvers of this thread by study; two are kept, since insurances are compared one after the other.
_LOCAL = threading.local()
KEPT = 2


def solve_members(key: str, packed: bytes, numbers: tuple[int, ...]) -> list[MemberLoss]:
    """Members of the study ``packed`` whose key is ``key``; the same wherever and in whatever order they are solved."""
    solver = _solver(key, packed)
    return [solver.solve(number) for number in numbers]


def _solver(key: str, packed: bytes) -> MemberSolver:
    known: dict[str, Any] = _LOCAL.__dict__.setdefault("solvers", {})
    if key not in known:
        while len(known) >= KEPT:
            del known[next(iter(known))]
        known[key] = MemberSolver(pickle.loads(packed))  # noqa: S301  bytes that this process or its scheduler packed
    found: MemberSolver = known[key]
    return found
