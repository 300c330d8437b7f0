"""Three-valued answers: a measured range against a threshold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: Shares that differ by less than this are equal: a ratio of exactly the threshold meets it.
TOLERANCE = 1e-9


class Verdict(StrEnum):
    """What a test says. ``undetermined``: the facts leave both answers open."""

    passed = "pass"
    failed = "fail"
    undetermined = "undetermined"


def judge(low: float, high: float, operator: str, threshold: float) -> Verdict:
    """A quantity between ``low`` and ``high`` against a threshold: pass if all of the range meets it, fail if none of it does.

    >>> judge(0.41, 0.63, ">=", 0.6), judge(0.6, 0.7, ">=", 0.6), judge(0.1, 0.2, ">=", 0.6)
    (<Verdict.undetermined: 'undetermined'>, <Verdict.passed: 'pass'>, <Verdict.failed: 'fail'>)
    >>> judge(0.25, 0.25, "<", 0.25)
    <Verdict.failed: 'fail'>
    """
    meets = _MEETS[operator]
    ends = {meets(low, threshold), meets(high, threshold)}
    if len(ends) > 1:
        return Verdict.undetermined
    return Verdict.passed if ends.pop() else Verdict.failed


_MEETS: dict[str, Any] = {
    ">=": lambda value, limit: value >= limit - TOLERANCE,
    "<=": lambda value, limit: value <= limit + TOLERANCE,
    "<": lambda value, limit: value < limit - TOLERANCE,
}


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """All tests of a set: one that fails fails all; one that is open leaves all open.

    >>> together([Verdict.passed, Verdict.undetermined])
    <Verdict.undetermined: 'undetermined'>
    """
    found = set(verdicts)
    if Verdict.failed in found:
        return Verdict.failed
    return Verdict.undetermined if Verdict.undetermined in found or not found else Verdict.passed


def either(verdicts: Iterable[Verdict]) -> Verdict:
    """One of several methods is enough."""
    found = set(verdicts)
    if Verdict.passed in found:
        return Verdict.passed
    return Verdict.undetermined if Verdict.undetermined in found or not found else Verdict.failed


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test of one product: what was measured (between ``low`` and ``high``, in ``unit``), against what, and the answer.

    ``rule`` is the id of the version that applied, "" when none did; ``status`` says whether it was verified.
    """

    test: str
    title: str
    kind: str
    verdict: Verdict
    why: str
    rule: str = ""
    provision: str = ""
    measured: str = ""
    low: float = float("nan")
    high: float = float("nan")
    unit: str = ""
    operator: str = ""
    threshold: float = float("nan")
    demand: str = ""
    source: str = ""
    status: str = ""
    parts: tuple[str, ...] = field(default_factory=tuple)
