"""What every question about shocks says first: of which network it is asked, and of which year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.service.flowing import Report, silent
from orepact.service.opening import hindsight_words, manifest_of

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.shock.case.case import ShockCase


@dataclass(frozen=True, eq=False)
class Question:
    """One year of the reference network (``ledger``, the facts behind it) or of a network package (``network``, its folder).

    ``year``: a past one (default 2024) or a model year of the ``scenario``; of a package, one of its own. A package has no
    scenario: what stands in it counts. Raises ``BadInput`` unless exactly one of ``ledger`` and ``network`` is given.
    """

    ledger: Ledger | None = None
    network: Path | None = None
    year: int | None = None
    scenario: str | Path | None = None

    def __post_init__(self) -> None:
        problems = []
        if (self.ledger is None) == (self.network is None):
            found = "neither" if self.ledger is None else "both"
            problems.append(Problem("network", "facts or a network package", found, "give one of ledger and network"))
        if self.network is not None and self.scenario is not None:
            problems.append(Problem("scenario", "none with a package", repr(str(self.scenario)), "leave it out"))
        if problems:
            raise BadInput(problems)

    @classmethod
    def of(cls, asked: Question | Ledger | None, **where: Any) -> Question:
        """``asked`` when it is a question; else facts, or None with ``network=``, and the other fields by name."""
        if not isinstance(asked, Question):
            return cls(asked, **where)
        if where:
            raise TypeError(f"a question says {', '.join(where)} itself")
        return asked

    def case(self, report: Report = silent) -> ShockCase:
        """The usual week; see ``case_for`` and ``case_of_package``."""
        from orepact.service.shock.cases import case_for, case_of_package

        if self.network is not None:
            return case_of_package(self.network, year=self.year, report=report)
        assert self.ledger is not None, "one of both was given"
        return case_for(self.ledger, year=self.year, scenario=self.scenario, report=report)

    def manifest(self, **more: Any) -> dict[str, Any]:
        """What the answer depends on: the facts as they were asked, none for a package, and ``more``."""
        return more if self.ledger is None else manifest_of(self.ledger, **more)

    def late_words(self) -> list[str]:
        """Warnings about what was used in hindsight."""
        return [] if self.ledger is None else hindsight_words(self.ledger)
