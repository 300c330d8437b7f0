"""What all commands of ``orepact shock`` ask first: which network, and which year of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from orepact.service.shock.question import Question

Output: TypeAlias = Annotated[
    Path | None, typer.Option("--output", metavar="DIR", help="Write every table as CSV and a page to look at to this folder.")
]


def question_of(
    network: Path | None,
    *,
    year: int | None,
    scenario: str | None = None,
    as_of: str | None,
    hindsight: bool,
    include_unverified: bool,
    facts: Path | None,
) -> Question:
    """The question that the options of a command ask, with the facts opened; ``BadInput`` for options of the other kind."""
    from orepact.cli.package_options import refuse_facts_options
    from orepact.service.opening import open_ledger
    from orepact.service.shock.question import Question

    refuse_facts_options(
        network, scenario=scenario, as_of=as_of, hindsight=hindsight, include_unverified=include_unverified, facts=facts
    )
    if network is not None:
        return Question(network=network, year=year)
    ledger = open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts, hindsight=hindsight)
    return Question(ledger, year=year, scenario=scenario)
