"""Why a computed supply risk differs from the published one, in words that a reader can check.

The study prints its inputs rounded and its result to one decimal. So a difference is either none, or within what the rounding
of the inputs allows, or could come from suppliers that no printed row names, or is not explained by what is printed: then
the answer says which single input, changed to which value, would give the published result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from orepact.measure.criticality import Considered, Terms

Kind = Literal["equal", "rounding", "edition", "shares", "unexplained", "missing", "unpublished"]

#: Kinds of a value that does not contradict the published one.
AGREEING = ("equal", "rounding", "edition")
#: Half the step to which the study prints supply risk.
HALF_STEP = 0.05
#: Governance estimates of another edition may differ by this part.
EDITION = 0.02
#: Gaps below this are the rounding of the sum.
LEAST_GAP = 0.005
MIXES: dict[Considered, str] = {"global and EU": "both mixes", "global": "world supply alone", "EU": "EU sourcing alone"}
WORDS = {
    "import_reliance": "import reliance",
    "recycling_input_rate": "end-of-life recycling input rate",
    "substitution_index": "substitution index",
    "hhi_global": "shares of world supply",
    "hhi_sourcing": "shares of EU sourcing",
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a value stands to the published one: ``kind`` and ``words``; ``difference`` is ours less published."""

    kind: Kind
    difference: float
    words: str


@dataclass(frozen=True, slots=True)
class Spans:
    """The lowest and highest supply risk that rounded inputs allow, and with unnamed shares given to one supplier.

    ``gaps`` is the part of each mix that no printed row names.
    """

    rounded: tuple[float, float]
    completed: tuple[float, float]
    gaps: Mapping[str, float]


def compare(terms: Terms, published: float, spans: Spans) -> Agreement:
    """Our supply risk from ``terms`` against the published one.

    >>> compare(Terms(2.0, 4.0, 0.5, 0.2, 0.9), 2.5, Spans((2.4, 2.6), (2.4, 2.6), {})).kind
    'equal'
    """
    if terms.missing:
        names = ", ".join(WORDS[name] for name in terms.missing)
        return Agreement("missing", float("nan"), f"cannot be computed: the tables lack {names}")
    if np.isnan(published):
        return Agreement("unpublished", float("nan"), "no published value of this stage is at hand")
    return _reason(terms, published, spans)


def _reason(terms: Terms, published: float, spans: Spans) -> Agreement:
    difference, (low, high) = terms.supply_risk - published, spans.rounded
    if abs(difference) <= HALF_STEP + 1e-9:
        return Agreement("equal", difference, "equal to the printed decimal")
    if _overlaps(published, spans.rounded):
        return Agreement("rounding", difference, "within the rounding of the printed inputs")
    if _overlaps(published, (low * (1 - EDITION), high * (1 + EDITION))):
        words = f"within the rounding of the printed inputs and {EDITION:.0%} for another edition of the governance estimates"
        return Agreement("edition", difference, words)
    if _overlaps(published, spans.completed):
        gaps = ", ".join(f"{gap:.0%} of {name}" for name, gap in spans.gaps.items() if gap >= LEAST_GAP)
        return Agreement("shares", difference, f"no printed row names {gaps}, which could make up the difference")
    return Agreement("unexplained", difference, f"the printed inputs do not give it; {_implied(terms, published)}")


def _overlaps(published: float, span: tuple[float, float]) -> bool:
    return span[0] <= published + HALF_STEP and span[1] >= published - HALF_STEP


def _implied(terms: Terms, published: float) -> str:
    """What one input would have to be, the others as printed, for the published value."""
    found = [*_other_mixes(terms, published), *_other_factors(terms, published), *_other_shares(terms, published)]
    return f"it would follow from {' or '.join(found)}" if found else "no single input gives it"


def _other_mixes(terms: Terms, published: float) -> list[str]:
    """Other choices of the mixes that count, where they give the published value."""
    choices: tuple[Considered, ...] = ("global and EU", "global", "EU")
    values = {choice: replace(terms, considered=choice).supply_risk for choice in choices if choice != terms.considered}
    near = HALF_STEP + EDITION * published
    return [f"counting {MIXES[choice]} (gives {value:.2f})" for choice, value in values.items() if abs(value - published) <= near]


def _other_factors(terms: Terms, published: float) -> list[str]:
    """The recycling input rate and the substitution index that would give the published value."""
    rest, index = terms.recycling_input_rate, terms.substitution_index
    kept = published / replace(terms, recycling_input_rate=0.0).supply_risk
    needed = published / replace(terms, substitution_index=1.0).supply_risk
    slack = 1 - HALF_STEP / published
    rates = [f"a recycling input rate of {1 - min(kept, 1.0):.0%} (printed {rest:.0%})"] if kept * slack <= 1 else []
    indices = [f"a substitution index of {min(needed, 1.0):.2f} (printed {index:.2f})"] if needed * slack <= 1 else []
    return rates + indices


def _other_shares(terms: Terms, published: float) -> list[str]:
    """The concentrations that would give the published value."""
    needed = published / ((1 - terms.recycling_input_rate) * terms.substitution_index)
    weight, found = terms.global_weight, []
    for name, part, own, other in (
        ("world supply", weight, terms.hhi_global, terms.hhi_sourcing),
        ("EU sourcing", 1 - weight, terms.hhi_sourcing, terms.hhi_global),
    ):
        implied = (needed - ((1 - part) * other if part < 1 else 0.0)) / part if part else -1.0
        if 0 <= implied <= 10:
            found.append(f"a concentration of {name} of {implied:.1f} (here {own:.1f})")
    return found
