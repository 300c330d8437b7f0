"""``orepact shock exposure``: what each element means when it breaks, and how long its loss can be borne."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from orepact.cli.options import (
    AsOf,
    Facts,
    Format,
    Hindsight,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Overwrite,
    ScenarioName,
    Year,
)
from orepact.cli.shock_asking import Output, question_of


class ElementKind(StrEnum):
    """What can break."""

    site = "site"
    owner = "owner"
    place = "place"
    route = "route"
    node = "node"


Recovery: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Events (CSV: event, element, time_to_recover; an element is a site, owner, place, route or node). "
        "Default: recovery.csv of the package, else every element.",
    ),
]
Time: TypeAlias = Annotated[
    float | None, typer.Option(metavar="T", help="Break every element alone, each for this time (reference: weeks).")
]
Kinds: TypeAlias = Annotated[
    list[ElementKind] | None, typer.Option(help="Break every element of this kind alone; repeat it. Default: all kinds.")
]
Places: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="PLACE", help="Only events that hit or cost this place, group or party; repeat it.")
]
Commodities: TypeAlias = Annotated[
    list[str] | None, typer.Option(metavar="COMMODITY", help="Only events that hit or cost this commodity; repeat it.")
]


def exposure(
    *,
    recovery: Recovery = None,
    time: Time = None,
    kind: Kinds = None,
    place: Places = None,
    commodity: Commodities = None,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    output: Output = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    hindsight: Hindsight = False,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say what each site, owner, place, route and node means when it breaks.

    The smallest loss over its time to recover, the time to survive without loss (empty where it is unlimited), and the risk
    exposure index: the loss beside the worst of the set. Capacities are rates, stocks stand as given, nothing is delayed.

    Example: `orepact shock exposure --network DIR --format json`

    Example: `orepact shock exposure --kind site --time 12`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    if recovery is not None and (time is not None or kind):
        raise typer.BadParameter("--recovery names the events itself: leave --time and --kind out")
    kinds = [one.value for one in kind or ()]
    question = question_of(
        network,
        year=year,
        scenario=scenario,
        as_of=as_of,
        hindsight=hindsight,
        include_unverified=include_unverified,
        facts=facts,
    )
    with progress() as report:
        found = service.shock.exposure(
            question, recovery=recovery, time=time, kinds=kinds, places=place or (), commodities=commodity or (),
            output=output, overwrite=overwrite, report=report,
        )  # fmt: skip
    emit(found, form)
