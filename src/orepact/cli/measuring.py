"""``orepact measure``: what the chain means; concentration, reliance, traced origin."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli import (
    measure_carbon,
    measure_criticality,
    measure_eligibility,
    measure_landed_cost,
    measure_origin,
    measure_social,
)
from orepact.cli.options import AsOf, Commodity, Facts, Format, IncludeUnverified, OutputFormat, Place, Supplier, Year

app = typer.Typer(no_args_is_help=True, help="What the chain means: dependence, origin, carbon, cost, rules, risk.")


@app.command()
def concentration(
    *,
    commodity: Commodity = None,
    stage: Annotated[
        str | None,
        typer.Option(metavar="STAGE", help="mine, refine, cell, ... Default: the commodity's own stage; mine for an element."),
    ] = None,
    by: Annotated[Supplier, typer.Option(help="Shares by place, or by home country of the controlling owner.")] = Supplier.place,
    year: Year = None,
    place: Place = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say who supplies how much of a stage.

    Shares, HHI, the largest suppliers, governance, and what is left without the largest.

    Mine and refine count output; every other stage counts the capacity at work. Rest of world and unknown owners are never
    taken for one supplier: the HHI is given between two bounds.

    Example: `orepact measure concentration --commodity cobalt --stage mine --year 2024 --by owner`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.measure_concentration(ledger, commodity, stage=stage, year=year, by=by.value, place=place), form)


@app.command()
def reliance(
    *,
    place: Annotated[str, typer.Option(metavar="PLACE", help="A place (KOR) or a group of places (CAN, europe).")],
    commodity: Annotated[str, typer.Option(metavar="NAME", help="An element (lithium), in every traded form, or a commodity.")],
    year: Year = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say how much of what is used comes from abroad.

    Apparent consumption, import reliance, net import reliance. A net exporter has a negative net import reliance. Where
    production is withheld, the answer lies between two bounds.

    Example: `orepact measure reliance --place USA --commodity lithium --year 2024`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.measure_reliance(ledger, place, commodity, year=year), form)


app.command("origin")(measure_origin.origin)
app.command("carbon")(measure_carbon.carbon)
app.command("criticality")(measure_criticality.criticality)
app.command("eligibility")(measure_eligibility.eligibility)
app.command("landed-cost")(measure_landed_cost.landed_cost)
app.command("social")(measure_social.social)
