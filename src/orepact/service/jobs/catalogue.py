"""Every run that can be asked for, as data: its question, what computes it, how long it may take, when it comes in line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.jobs import computing, exports, questions

if TYPE_CHECKING:
    from orepact.service.jobs.computing import Computed, Ground

#: Places in line by name; ``first`` is for an emergency, and the registrar's to give.
PRIORITIES = {"first": 0, "usual": 5, "later": 9}
MINUTE, HOUR = 60, 3600
#: Nothing runs longer, whatever was asked.
LONGEST_S = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Kind:
    """A run: ``limit_s`` seconds that it may take unless asked otherwise; ``dated``: the answer hangs on the day it is asked,
    unless it is asked for one (``day``); ``writes``: what it finds is kept in the register, so that it is computed each time that
    it is asked.
    """

    asks: type[questions.Asked]
    compute: Callable[[Any, Ground], Computed]
    limit_s: int = HOUR
    priority: str = "usual"
    dated: bool = False
    writes: bool = False
    #: Whether it makes files to be taken out of the register.
    leaves: bool = False


KINDS = {
    "plan": Kind(questions.Plan, computing.plan, 2 * HOUR),
    "baseline": Kind(questions.Baseline, computing.baseline),
    "shock": Kind(questions.Shock, computing.shock, 2 * HOUR),
    "assessment": Kind(questions.Assessment, computing.assessment, 2 * HOUR, writes=True),
    "ensemble": Kind(questions.Ensemble, computing.ensemble, 12 * HOUR, "later"),
    "exposure": Kind(questions.Exposure, computing.exposure, 2 * HOUR),
    "watch": Kind(questions.Watch, computing.watch, 30 * MINUTE, dated=True),
    "carbon": Kind(questions.Carbon, computing.carbon),
    "origin": Kind(questions.Origin, computing.origin),
    "social": Kind(questions.Social, computing.social),
    "eligibility": Kind(questions.Eligibility, computing.eligibility, dated=True),
    "landed_cost": Kind(questions.LandedCost, computing.landed_cost),
    "export": Kind(questions.Export, exports.export, leaves=True),
}


def kind_of(use_case: str) -> Kind:
    """A run by its name; raises ``NotFound``."""
    if use_case not in KINDS:
        raise NotFound("run", use_case, KINDS)
    return KINDS[use_case]


def question_of(use_case: str, arguments: Mapping[str, Any]) -> questions.Asked:
    """The question that arguments make; raises ``BadInput`` with every problem, ``NotFound``."""
    from orepact.service.pact.desk import made

    found: questions.Asked = made(kind_of(use_case).asks, dict(arguments))
    if found.network is not None and found.overlay is not None:
        mend = "leave one of them out"
        raise BadInput([Problem("overlay", "an overlay on the facts, or a network package", "both", mend)])
    return found
