"""Targets of a plan: how much capacity owners of a country are to hold, what is reached, and why one is missed.

Demand is what final users want of goods; a target is a limit of the scenario beside it: a plan that serves every demand may
miss it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import said, sentence
from orepact.service.view.said import Amount
from orepact.web.pages import run_names
from orepact.web.pages.shown import Column, Level, Number, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.facts import Codes
    from orepact.report.sentences import Spoken
    from orepact.service.view.planned import Planned

COLUMNS = (
    Column("target", sentence("Target")),
    Column("year", sentence("Year")),
    Column("asked", sentence("Asked for"), how="number"),
    Column("reached", sentence("Reached"), how="number"),
    Column("missing", sentence("Missing"), how="number"),
    Column("state", sentence("State")),
    Column("why", sentence("Why")),
)
MET, MISSED = Level("green", sentence("met")), Level("red", sentence("not reached"))
#: Energy that is better told in the next larger unit, and what makes one of the other.
LARGER = {"MWh": ("GWh", 1e-3)}
COMPUTED = sentence("computed by the plan")
TITLE = sentence("Targets of capacity")
NOTE = sentence(
    "A target stands beside demand: demand is what users want of goods each year, a target is capacity that companies "
    "of a country are to own, wherever it stands. Every demand can be served while a target is missed."
)


def table(plan: Planned, codes: Codes) -> Table:
    """Each target by year: what is asked for, reached and missing, and why."""
    return Table("targets", TITLE, COLUMNS, [_row(plan, codes, one) for one in plan.targets], note=NOTE)


def _row(plan: Planned, codes: Codes, one: Mapping[str, Any]) -> dict[str, Any]:
    missed = float(one["shortfall"]) > 0
    return {
        "target": said("Owned by companies of {place}", place=run_names.place(codes, str(one["subject"]))),
        "year": str(int(one["year"])),
        "asked": _number(one["bound"], one["unit"]),
        "reached": _number(one["value"], one["unit"]),
        "missing": _number(one["shortfall"], one["unit"]),
        "state": MISSED if missed else MET,
        "why": because(plan, one) if missed else None,
    }


def _number(value: float, unit: str) -> Number:
    amount, told = larger(value, unit)
    return Number(amount, f"{told}/y", confidence="modelled", note=COMPUTED)


def larger(value: float, unit: str) -> tuple[float, str]:
    """An amount of energy in GWh; all else as it is.

    >>> larger(250000.0, "MWh"), larger(3.0, "t")
    ((250.0, 'GWh'), (3.0, 't'))
    """
    name, factor = LARGER.get(unit, (unit, 1.0))
    return float(f"{value * factor:.5g}"), name


def because(plan: Planned, one: Mapping[str, Any]) -> Spoken:
    """Why a target is missed: what stands, what the plan adds, and what keeps it from adding more."""
    found = plan.owned(one)
    if found is None:
        return said("The plan pays for the shortfall: it costs less than to build more.")
    existing, unit = larger(found.existing, str(one["unit"]))
    built, _ = larger(found.built, str(one["unit"]))
    values = {"existing": Amount(existing, f"{unit}/y"), "built": Amount(built, f"{unit}/y")}
    if found.held:
        text = sentence(
            "Plants on record give {existing}; the plan adds {built}. Of {n} plants that it enlarges, {held} grow as fast as "
            "plants at one place can be built; others cannot be built by then, or would cost more than the shortfall does."
        )
        return said(text, n=found.plants, held=found.held, **values)
    return said(
        "Plants on record give {existing}; the plan adds {built}. More cannot be built by then, or would cost more "
        "than the shortfall does.",
        **values,
    )


def headline(plan: Planned) -> list[tuple[str, Any, Any]]:
    """The target that is missed most, or that all are met, beside the figures that say most; nothing where there is none."""
    if not plan.targets:
        return []
    worst = max(plan.targets, key=_part)
    asked, unit = larger(float(worst["bound"]), str(worst["unit"]))
    reached, _ = larger(float(worst["value"]), str(worst["unit"]))
    told = {"reached": Amount(reached), "asked": Amount(asked, f"{unit}/y"), "year": str(int(worst["year"]))}
    value = said("{reached} of {asked}", **told)
    if float(worst["shortfall"]) > 0:
        return [(sentence("Target of capacity: missed"), value, said("in {year}; it is no part of demand", **told))]
    return [(sentence("Target of capacity: met"), value, said("in {year}; it is no part of demand", **told))]


def _part(one: Mapping[str, Any]) -> float:
    return float(one["shortfall"]) / max(float(one["bound"]), 1e-9)
