"""``orepact shock exposure``: what each element means when it breaks, and how long its loss can be borne."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import AsOf, Facts, Format, IncludeUnverified, NetworkFolder, OutputFormat, Overwrite, ScenarioName, Year


class ElementKind(StrEnum):
    """What can break."""

    site = "site"
    owner = "owner"
    place = "place"
    route = "route"
    node = "node"


def exposure(
    *,
    recovery: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Events (CSV: event, element, time_to_recover; an element is a site, owner, place, route or node). "
            "Default: recovery.csv of the package, else every element.",
        ),
    ] = None,
    time: Annotated[
        float | None, typer.Option(metavar="T", help="Break every element alone, each for this time (reference: weeks).")
    ] = None,
    kind: Annotated[
        list[ElementKind] | None, typer.Option(help="Break every element of this kind alone; repeat it. Default: all kinds.")
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option(metavar="PLACE", help="Only events that hit or cost this place, group or party; repeat it."),
    ] = None,
    commodity: Annotated[
        list[str] | None, typer.Option(metavar="COMMODITY", help="Only events that hit or cost this commodity; repeat it.")
    ] = None,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write the rows as CSV and a page to look at to this folder.")
    ] = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
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
    from orepact.cli.output import emit
    from orepact.cli.package_options import refuse_facts_options
    from orepact.cli.progress import progress
    from orepact.service import open_ledger
    from orepact.service.shock import demand_exposure_target, expose_package, expose_reference, write_exposure

    refuse_facts_options(network, scenario=scenario, as_of=as_of, include_unverified=include_unverified, facts=facts)
    kinds = [one.value for one in kind or ()]
    if recovery is not None and (time is not None or kinds):
        raise typer.BadParameter("--recovery names the events itself: leave --time and --kind out")
    if output is not None:
        demand_exposure_target(output, overwrite=overwrite)
    with progress() as report:
        if network is not None:
            found = expose_package(
                network,
                recovery=recovery,
                time=time,
                kinds=kinds,
                year=year,
                places=place or (),
                commodities=commodity or (),
                report=report,
            )
        else:
            ledger = open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
            found = expose_reference(
                ledger,
                recovery=recovery,
                time=time,
                kinds=kinds,
                year=year,
                scenario=scenario,
                places=place or (),
                commodities=commodity or (),
                report=report,
            )
        if output is not None:
            found.meta["written"] = str(write_exposure(found, output, overwrite=overwrite))
    emit(found, form)
