"""``orepact measure landed-cost``: one product at one buyer, by path and rule set."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from orepact.cli.options import (
    Allocation,
    AllocationAsked,
    AsOf,
    Facts,
    FlowsFile,
    Format,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    ScenarioName,
    Year,
)


class Inputs(StrEnum):
    """At what inputs are counted."""

    cost = "cost"
    price = "price"


Commodity: TypeAlias = Annotated[str, typer.Option(metavar="NAME", help="A commodity (cell_nmc811) or a stage (CELL).")]
Place: TypeAlias = Annotated[str, typer.Option(metavar="PLACE", help="The buyer: a place (USA) or a group of places (CAN).")]
Sources: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--from", metavar="PLACE", help="Places to buy from, made there or not; repeat it or join with commas."),
]
Also: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="PLACE", help="Places besides those that make it; repeat it or join with commas."),
]
Rules: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME", help="Rule sets to show: mfn, cusma, korus, ckfta, ... Default: all in force on the day."),
]
Date: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DATE", help="Day of the duties and credits. Default: the last of the year.")
]
InputsAsked: TypeAlias = Annotated[
    Inputs, typer.Option(help="Inputs at what they cost to make, or at their price where one is known.")
]
DiscountRate: TypeAlias = Annotated[float, typer.Option(metavar="RATE", help="Yearly interest on capital.")]
Tariffs: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Your own tariff measures (YAML), laid over the shipped ones.")
]
Tests: TypeAlias = Annotated[
    bool,
    typer.Option("--tests", help="Ask the rule sets behind preferences and credits for a verdict; a failed credit is 0."),
]


def landed_cost(
    *,
    commodity: Commodity,
    place: Place,
    sources: Sources = None,
    also: Also = None,
    rules: Rules = None,
    date: Date = None,
    inputs: InputsAsked = Inputs.cost,
    allocation: AllocationAsked = Allocation.value,
    discount_rate: DiscountRate = 0.05,
    tariffs: Tariffs = None,
    tests: Tests = False,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    flows: FlowsFile = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say what a product costs at a buyer.

    Production + transport + duty - credits, from every source, under each rule set in force, cheapest first. A duty that
    no source states is not taken as nothing: the total is then marked as a lower bound (complete: no).

    Example: `orepact measure landed-cost --commodity cell_nmc811 --place USA --from KOR,CAN,CHN --date 2025-06-30`

    Example: `orepact measure landed-cost --commodity lithium_hydroxide --place KOR --also CA-QC,CA-ON`

    Example: `orepact measure landed-cost --commodity metal --place market --network my_chain`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    with progress() as report:
        ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
        found = service.measure_landed_cost(
            ledger, commodity, place, sources=_listed(sources), also=_listed(also), rules=_listed(rules), inputs=inputs.value,
            allocation=allocation.value, rate=discount_rate, year=year, day=date, tariffs=tariffs, tests=tests, scenario=scenario,
            network=network, flows=flows, report=report,
        )  # fmt: skip
    emit(found, form)


def _listed(words: list[str] | None) -> list[str]:
    """Repeated and comma-joined names as one list."""
    return [name.strip() for word in words or [] for name in word.split(",") if name.strip()]
