"""``Lanes``: threads in four rows, so that what is soon told seldom waits behind what takes long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

Lane = Literal["door", "quick", "slow", "waits"]
Found = TypeVar("Found")
#: Seconds of the processor that an answer of a route takes on average, from which on it goes among the slow.
LONG_S = 0.03
#: How much the last answer counts in the average.
LAST = 0.2


@dataclass
class Lanes:
    """``quick``: so many threads for answers that are soon there; half as many for those that are not, for what waits for others
    (changes for their turn to write, logins for a provider), and for finding out who asks. Which routes take long is measured, by
    the processor that they take: a few of them at a time leave the interpreter to the others.
    """

    quick: int
    _takes: dict[str, float] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> dict[Lane, ThreadPoolExecutor]:
        half = max(1, self.quick // 2)
        return {
            "door": ThreadPoolExecutor(half, thread_name_prefix="orepact-door"),
            "quick": ThreadPoolExecutor(self.quick, thread_name_prefix="orepact-quick"),
            "slow": ThreadPoolExecutor(half, thread_name_prefix="orepact-slow"),
            "waits": ThreadPoolExecutor(half, thread_name_prefix="orepact-waits"),
        }

    def submit(self, lane: Lane, work: Callable[[], Found]) -> Future[Found]:
        """Let a thread of a row do something."""
        return self._rows[lane].submit(work)

    def took(self, route: str, seconds: float) -> None:
        """Note how long an answer of a route was worked on."""
        before = self._takes.get(route, seconds)
        self._takes[route] = before + LAST * (seconds - before)

    def of(self, route: str) -> Lane:
        """Where answers of a route belong.

        >>> lanes = Lanes(4)
        >>> lanes.took("show_scoreboard", 0.08)
        >>> lanes.of("show_scoreboard"), lanes.of("show_record")
        ('slow', 'quick')
        """
        return "slow" if self._takes.get(route, 0.0) > LONG_S else "quick"

    def close(self) -> None:
        """Begin nothing more."""
        for row in self._rows.values():
            row.shutdown(wait=False, cancel_futures=True)
