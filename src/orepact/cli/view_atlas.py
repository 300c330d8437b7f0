"""``orepact view atlas``: flows as the atlas shows them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, TypeAlias

import typer

from orepact.cli.options import AsOf, Facts, Format, IncludeUnverified, OutputFormat, Supplier


class AtlasRows(StrEnum):
    """Which of the four views is the ``data`` of the reply."""

    table = "table"
    map = "map"
    sankey = "sankey"
    time = "time"


class Measure(StrEnum):
    """What flows are counted in."""

    contained = "contained"
    mass = "mass"
    value = "value"
    gwh = "gwh"


class Show(StrEnum):
    """Amounts, or shares of what is selected."""

    amount = "amount"
    share = "share"


Rows: TypeAlias = Annotated[AtlasRows, typer.Option(help="Which view is the data of the reply.")]
Element: TypeAlias = Annotated[str | None, typer.Option(metavar="NAME", help="An element (graphite), or all. Default: lithium.")]
Stage: TypeAlias = Annotated[str | None, typer.Option(metavar="STAGE", help="Only goods of this stage (refine).")]
Commodity: TypeAlias = Annotated[str | None, typer.Option(metavar="NAME", help="Only this good (lithium_hydroxide).")]
Origin: TypeAlias = Annotated[
    str | None, typer.Option(metavar="PLACE", help="Only what comes from this place or group of places.")
]
Destination: TypeAlias = Annotated[str | None, typer.Option(metavar="PLACE", help="Only what goes there.")]
Place: TypeAlias = Annotated[str | None, typer.Option(metavar="PLACE", help="Only what comes from there or goes there.")]
By: TypeAlias = Annotated[Supplier, typer.Option(help="Ends by place, or by home country of the controlling owner.")]
Year: TypeAlias = Annotated[
    int | None, typer.Option(metavar="YEAR", help="A balanced year or a year of the reference plan. Default: 2024.")
]
MeasureAsked: TypeAlias = Annotated[
    Measure | None, typer.Option(help="contained tonnes of the element, mass, value at list prices, or gwh of cells.")
]
ShowAsked: TypeAlias = Annotated[Show, typer.Option(help="Amounts, or shares of what is selected.")]
Provinces: TypeAlias = Annotated[bool, typer.Option("--provinces", help="Show the provinces of Canada one by one.")]
Top: TypeAlias = Annotated[int, typer.Option(min=1, max=20, help="So many ends keep their own name in the Sankey and over time.")]


def atlas(
    *,
    rows: Rows = AtlasRows.table,
    element: Element = None,
    stage: Stage = None,
    commodity: Commodity = None,
    origin: Origin = None,
    destination: Destination = None,
    place: Place = None,
    by: By = Supplier.place,
    year: Year = None,
    measure: MeasureAsked = None,
    show: ShowAsked = Show.amount,
    provinces: Provinces = False,
    top: Top = 8,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show flows of one year: who made a good, where it went, what it became there.

    From the kept results of the shipped facts: balanced years and the years of the reference plan. The reply says when your facts
    are others.

    Example: `orepact view atlas --element graphite --destination KOR --by owner`

    Example: `orepact view atlas --element lithium --place JPN --rows time --show share`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    asked: dict[str, Any] = {
        "element": element,
        "stage": stage,
        "commodity": commodity,
        "origin": origin,
        "destination": destination,
        "place": place,
    }
    asked |= {
        "by": by.value,
        "year": year,
        "measure": measure and measure.value,
        "show": show.value,
        "provinces": provinces,
        "top": top,
    }
    emit(service.view_atlas(ledger, rows.value, **asked), form)
