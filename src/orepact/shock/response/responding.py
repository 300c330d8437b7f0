"""``respond``: one event, one response, what came of it; ``respond_all``: several responses side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from orepact.shock.response.contracts import keep_contracts
from orepact.shock.response.planned import plan_response
from orepact.shock.response.rules import ResponseRules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.outcome.outcome import Outcome

#: The responses, each of which may do whatever the one before may.
RESPONSES = ("contracts", "market", "pact")


def respond(
    case: ShockCase,
    disruption: Disruption,
    response: str = "market",
    *,
    rules: Any = None,
    foresight: str = "rolling",
    report: Callable[[str, float], None] | None = None,
) -> Outcome:
    """What becomes of an event under a response; ``contracts`` does not look ahead.

    Raises ``NotFound`` for a response that is none.
    """
    if response == "contracts":
        return keep_contracts(case, disruption, ResponseRules.of(rules).rates, report=report)
    return plan_response(case, disruption, response, rules=rules, foresight=foresight, report=report)


def respond_all(
    case: ShockCase,
    disruption: Disruption,
    responses: Sequence[str] = RESPONSES,
    *,
    rules: Any = None,
    foresight: str = "rolling",
    report: Callable[[str, float], None] | None = None,
) -> dict[str, Outcome]:
    """What becomes of an event under each response: the same as ``respond`` one by one, in as much time as the longest takes.

    Each response has a solver and a thread of its own; solvers work side by side where there are cores for them.
    """
    told = _Together(responses, report)
    with ThreadPoolExecutor(max_workers=max(len(responses), 1)) as pool:
        work = {
            name: pool.submit(respond, case, disruption, name, rules=rules, foresight=foresight, report=told.of(name))
            for name in responses
        }
        try:
            return {name: one.result() for name, one in work.items()}
        except BaseException:
            told.stopped.set()  # the others end at their next decision
            raise


class _BrokenOff(Exception):
    """Another response failed, or the caller was interrupted: that is what the caller hears of."""


class _Together:
    """One report of several that go on at once: the mean of their shares. Those that go on when one fails are stopped by it."""

    def __init__(self, names: Sequence[str], report: Callable[[str, float], None] | None) -> None:
        self.shares, self.report = dict.fromkeys(names, 0.0), report
        self.words, self.lock, self.stopped = ", ".join(names), Lock(), Event()

    def of(self, name: str) -> Callable[[str, float], None]:
        """The report of one of them."""

        def tell(_: str, share: float) -> None:
            if self.stopped.is_set():
                raise _BrokenOff(name)
            with self.lock:
                self.shares[name] = share
                if self.report is not None:
                    self.report(self.words, sum(self.shares.values()) / len(self.shares))

        return tell
