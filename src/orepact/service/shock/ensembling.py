"""Use case: years of events sampled from hazard rates, the distribution of what they lose, and which insurance buys most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.chain.whole_folder import demand_target
from orepact.errors import ProblemCollector
from orepact.service.flowing import Report, silent
from orepact.service.result import Result
from orepact.service.shock.ensemble_meta import meta_of
from orepact.service.shock.question import Question

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger
    from orepact.shock.case.case import ShockCase
    from orepact.shock.ensemble.book import HazardBook, InsuranceBook
    from orepact.shock.ensemble.member import MemberLoss
    from orepact.shock.ensemble.study import Study

#: Tables of an answer; each is a file of the output folder.
TABLES = ("summary", "distribution", "members", "causes", "elements", "parties", "commodities", "insurance", "threats")
FILES = (*(f"{name}.csv" for name in TABLES), "ensemble.json", "ensemble.html")
MOST_MEMBERS = 1_000_000
#: Stands in place of dollars where some demand has neither a shortage cost nor a price.
QUANTITY = "units of what is wanted"
UNITS = {
    "value_usd": "USD",
    "standard_error_usd": "USD",
    "loss_usd": "USD a year",
    "tail_loss_usd": "USD a year in the worst 5 % of years",
    "cost_usd_per_year": "USD a year",
    "saved_usd": "USD a year",
    "saved_tail_usd": "USD a year in the worst 5 % of years",
    "saved_per_dollar": "1",
    "saved_tail_per_dollar": "1",
    "rate_per_year": "1/a",
    "events_per_year": "1/a",
    "median_weeks": "week",
}


def units_of(study: Study) -> dict[str, str]:
    """Units of the columns; where a demand has no worth, losses are quantities, whatever the name of the column says."""
    if study.in_dollars:
        return UNITS
    counted = {name: unit.replace("USD", QUANTITY) for name, unit in UNITS.items() if not name.startswith("cost_")}
    per_dollar = dict.fromkeys(("saved_per_dollar", "saved_tail_per_dollar"), f"{QUANTITY} for a USD")
    return {**UNITS, **counted, **per_dollar}


@dataclass(frozen=True)
class Draw:
    """Which years are drawn, and by whom; ``insurance`` and ``hazards`` are files in place of the shipped ones.

    ``block_weeks`` stands in place of that of the hazards: shorter blocks flatter less and take longer. The numbers hang on the
    network, the hazards, the seed and the members alone: not on ``workers``, nor on whether they are processes here or a
    dask.distributed ``cluster``, nor on interruptions, after which the ``journal`` goes on where it was.
    """

    members: int = 1000
    seed: int = 1
    hazards: Path | None = None
    insurance: Path | None = None
    block_weeks: float | None = None
    workers: int = 1
    cluster: str | None = None
    journal: Path | None = None


@dataclass(frozen=True, eq=False)
class Sampled:
    """The members of one question, and the table of insurances where it was asked for."""

    question: Question
    draw: Draw
    case: ShockCase
    book: HazardBook
    study: Study
    members: tuple[MemberLoss, ...]
    insurance: pd.DataFrame | None
    options: InsuranceBook | None = None

    def table(self, name: str) -> pd.DataFrame:
        """One of ``TABLES``."""
        from orepact.shock.ensemble import tables

        losses = tables.losses_of(self.members)
        made: dict[str, Callable[[], pd.DataFrame]] = {
            "summary": lambda: tables.summary_table(losses),
            "distribution": lambda: tables.distribution_table(losses),
            "members": lambda: tables.member_table(self.study, self.members),
            "causes": lambda: tables.contribution_table(self.study, self.members, ("hazard",), lambda t: (t.hazard,)),
            "elements": lambda: tables.contribution_table(
                self.study, self.members, ("hazard", "element", "place"), lambda t: (t.hazard, t.element, t.place)
            ),
            "parties": lambda: tables.wants_table(self.study, self.members, "party"),
            "commodities": lambda: tables.wants_table(self.study, self.members, "commodity"),
            "threats": lambda: tables.hazard_table(self.study),
        }
        return self.insurance if name == "insurance" and self.insurance is not None else made[name]()


def ensemble(
    asked: Question | Ledger | None,
    *,
    members: int = 1000,
    seed: int = 1,
    workers: int = 1,
    cluster: str | None = None,
    journal: Path | None = None,
    rows: str = "summary",
    hazards: Path | None = None,
    insurance: Path | None = None,
    block_weeks: float | None = None,
    output: Path | None = None,
    overwrite: bool = False,
    report: Report | None = None,
    **where: Any,
) -> Result:
    """The loss of ``members`` sampled years of a network; what the options of a draw mean, ``Draw`` says.

    ``asked`` is a ``Question``, or facts (None for a package) with ``network``, ``year``, ``scenario`` by name. ``data`` is
    one of ``TABLES``; insurances are tried for that table and for ``output``, beside which the ``journal`` stands by default.
    Raises ``BadInput`` with every problem, and ``WorkStopped`` with how many members are done when workers keep dying.
    """
    question, draw = Question.of(asked, **where), Draw(members, seed, hazards, insurance, block_weeks, workers, cluster, journal)
    _demand_asked(draw, rows)
    if output is not None:
        demand_target(output, FILES, overwrite=overwrite)
        draw = replace(draw, journal=journal or output.with_name(f"{output.name}.journal"))
    found = sample(question, draw, insure=rows == "insurance" or output is not None, report=report or silent)
    meta = meta_of(found)
    if output is not None:
        from orepact.service.shock.ensemble_files import write_all

        meta["written"] = str(write_all(found, meta, output, overwrite=overwrite))
    return Result(found.table(rows), {**meta, "units": units_of(found.study)})


def sample(question: Question, draw: Draw, *, insure: bool = False, report: Report = silent) -> Sampled:
    """The members themselves, and what each insurance saves with ``insure``; see ``ensemble``."""
    from orepact.shock.ensemble.book import hazard_book, insurance_book
    from orepact.shock.ensemble.ensemble import run_members
    from orepact.shock.ensemble.insuring import insurance_table
    from orepact.shock.ensemble.journal import Journal
    from orepact.shock.ensemble.runners import runner_for
    from orepact.shock.ensemble.study import Study

    book = hazard_book(draw.hazards).with_block_weeks(draw.block_weeks)
    options = insurance_book(draw.insurance) if insure else None
    case = question.case(_part(report, 0.0, 0.1))
    study = Study.of(case, book, draw.seed)
    runner = runner_for(draw.workers, draw.cluster)
    kept = Journal(draw.journal) if draw.journal is not None else None
    until = 0.5 if insure else 1.0
    done = run_members(study, range(draw.members), runner=runner, journal=kept, report=_part(report, 0.1, until))
    table = None
    if options is not None:
        table = insurance_table(study, options, done, runner=runner, journal=kept, report=_part(report, until, 1.0))
    return Sampled(question, draw, case, book, study, done, table, options)


def _part(report: Report, start: float, end: float) -> Report:
    """Progress of a part of the work, from ``start`` to ``end`` of the whole."""
    return lambda step, share: report(step, start + (end - start) * share)


def _demand_asked(draw: Draw, rows: str) -> None:
    """Refuse what cannot be answered before any work is done, all of it at once."""
    found = ProblemCollector()
    if not 1 <= draw.members <= MOST_MEMBERS:
        found.add("members", f"a whole number from 1 to {MOST_MEMBERS:,}", str(draw.members), "write 1000 for a first look")
    if draw.seed < 0:
        found.add("seed", "a whole number of at least 0", str(draw.seed), "write any other number")
    if not 1 <= draw.workers <= 1024:
        found.add("workers", "a whole number from 1 to 1024", str(draw.workers), "write the number of processors")
    if draw.block_weeks is not None and not 1 <= draw.block_weeks <= 520:
        found.add("block_weeks", "a number of weeks from 1 to 520", str(draw.block_weeks), "write 13 to take twice the time")
    if rows not in TABLES:
        found.add("rows", f"one of {', '.join(TABLES)}", repr(rows), "use one of them")
    found.raise_if_any()
