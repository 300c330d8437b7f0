"""``orepact measure criticality``: supply risk by the EU method of 2023, and GeoPolRisk."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from orepact.cli.options import AsOf, Facts, Format, IncludeUnverified, OutputFormat, Place, Year


class Method(StrEnum):
    """By which method criticality is measured."""

    eu2023 = "eu2023"
    geopolrisk = "geopolrisk"


class GovernanceScale(StrEnum):
    """What the column governance of a file holds."""

    risk = "risk"
    wgi = "wgi"


OWN = "Own table"


MethodAsked: TypeAlias = Annotated[
    Method, typer.Option(help="eu2023: supply risk of the EU study. geopolrisk: production HHI times risk of imports.")
]
Commodity: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", help="An element (cobalt), a material of the EU study (gallium) or a commodity. Default: all of them."
    ),
]
Shares: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Your own suppliers (CSV: kind,place,quantity,governance[,trade_parameter]; kind production or import; "
        "place self for domestic production, among the imports or the producers). Nothing else counts then.",
        rich_help_panel=OWN,
    ),
]
GovernanceScaleAsked: TypeAlias = Annotated[
    GovernanceScale,
    typer.Option(
        help="risk: the column governance holds risk weights, used as they stand (eu2023: 0 to 10, geopolrisk: 0 to 1). "
        "wgi: it holds World Bank estimates (2.5 best to -2.5 worst).",
        rich_help_panel=OWN,
    ),
]
ImportReliance: TypeAlias = Annotated[
    float | None, typer.Option(metavar="FRACTION", help="eu2023: import reliance, 0 to 1. Default: 1 less the share of self.")
]
RecyclingInputRate: TypeAlias = Annotated[
    float | None, typer.Option(metavar="FRACTION", help="eu2023: end-of-life recycling input rate, 0 to 1.")
]
SubstitutionIndex: TypeAlias = Annotated[
    float | None, typer.Option(metavar="FACTOR", help="eu2023: substitution index, 1 where nothing can replace the material.")
]


def criticality(
    *,
    method: MethodAsked = Method.eu2023,
    commodity: Commodity = None,
    place: Place = None,
    year: Year = None,
    shares: Shares = None,
    governance_scale: GovernanceScaleAsked = GovernanceScale.risk,
    import_reliance: ImportReliance = None,
    recycling_input_rate: RecyclingInputRate = None,
    substitution_index: SubstitutionIndex = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say how critical a material is, and what the figure is made of.

    eu2023 without a place recomputes the EU study of 2023 beside its published values; with a place it takes what that place
    makes and buys. geopolrisk answers for a place (default: Canada, Japan and Korea). Without a commodity all are listed.

    Example: `orepact measure criticality --method eu2023 --commodity cobalt`

    Example: `orepact measure criticality --method geopolrisk --commodity cobalt --place JPN --year 2023`

    Example: `orepact measure criticality --method geopolrisk --shares shares.csv`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.service.reading.own_shares import Factors

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    found = service.measure_criticality(
        ledger, method=method.value, commodity=commodity, place=place, year=year, shares=shares, scale=governance_scale.value,
        factors=Factors(import_reliance, recycling_input_rate, substitution_index),
    )  # fmt: skip
    emit(found, form)
