"""``orepact export`` and ``orepact import``: networks, plans, facts and footprints for programs of other fields, and back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from orepact.cli.options import (
    AsOf,
    Commodity,
    Facts,
    Format,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    Overwrite,
    Place,
    Year,
)

if TYPE_CHECKING:
    from orepact.facts import Ledger

app = typer.Typer(no_args_is_help=True, help="Give networks, plans, facts and footprints to others.")
taking = typer.Typer(no_args_is_help=True, help="Take in what others, or an earlier export, wrote.")

File: TypeAlias = Annotated[Path, typer.Option("--output", metavar="FILE", help="File to write; it must be new.")]
Folder: TypeAlias = Annotated[Path, typer.Option("--output", metavar="DIR", help="Folder to write; it must be new or empty.")]
Source: TypeAlias = Annotated[Path, typer.Argument(metavar="FILE", help="File to read.")]
Scenario: TypeAlias = Annotated[str, typer.Option(metavar="NAME", help="Shipped scenario or scenario file of the network.")]
Attribute: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Only this attribute (mine_production, trade_quantity, ...).")
]


class What(StrEnum):
    """What of a network an IAMC table says."""

    network = "network"
    plan = "plan"


def _facts_unless(network: Path | None, as_of: str | None, facts: Path | None, *, include_unverified: bool) -> Ledger | None:
    """The facts asked for; None where a package of one's own stands in their place."""
    from orepact import service

    return None if network else service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)


@app.callback()
def _group() -> None:
    pass


@taking.callback()
def _taking() -> None:
    pass


@app.command()
def datapackage(
    *,
    output: Folder,
    scenario: Scenario = "reference",
    network: NetworkFolder = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write a network as a Frictionless data package.

    CSV tables, network.yaml and datapackage.json. `orepact plan --network DIR` reads it back.

    Example: `orepact export datapackage --output reference_network`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.export_datapackage(ledger, output, scenario=scenario, network=network, overwrite=overwrite), form)


@app.command()
def iamc(
    *,
    output: File,
    scenario: Scenario = "reference",
    network: NetworkFolder = None,
    what: Annotated[
        What, typer.Option(help="network: capacity and demand. plan: everything of the least-cost plan.")
    ] = What.network,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write capacity and demand, or a plan, as an IAMC table.

    Model, scenario, region, variable, unit, year, value, as pyam reads them. Added up by place; trade is ORIGIN>DESTINATION.

    Example: `orepact export iamc --network my_chain --what plan --output plan_iamc.csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = _facts_unless(network, as_of, facts, include_unverified=include_unverified)
    emit(service.export_iamc(ledger, output, network=network, scenario=scenario, what=what.value, overwrite=overwrite), form)


@app.command()
def geojson(
    *,
    output: File,
    scenario: Scenario = "reference",
    network: NetworkFolder = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write places, sites and routes as GeoJSON.

    Sites stand where the facts know them, else in the middle of their place; each says which.

    Example: `orepact export geojson --output network.geojson`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = _facts_unless(network, as_of, facts, include_unverified=include_unverified)
    emit(service.export_geojson(ledger, output, network=network, scenario=scenario, overwrite=overwrite), form)


@app.command("sdmx-csv")
def sdmx_csv(
    *,
    output: File,
    attribute: Attribute = None,
    place: Place = None,
    commodity: Commodity = None,
    year: Year = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write the claims that count as SDMX-CSV 2.0.

    Numbers with a year or a day; source, confidence and label stand beside each. `orepact import sdmx-csv` reads them back.

    Example: `orepact export sdmx-csv --attribute mine_production --year 2023 --output mines.csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(
        service.export_sdmx_csv(
            ledger, output, attribute=attribute, place=place, thing=commodity, year=year, overwrite=overwrite
        ),
        form,
    )


@app.command()
def claims(
    *,
    output: Folder,
    attribute: Attribute = None,
    place: Place = None,
    commodity: Commodity = None,
    year: Year = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write the claims that count as a Frictionless data package.

    Whole: text, undated ones and notes too, with sources and label in datapackage.json.

    Example: `orepact export claims --commodity nickel --output nickel_claims`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(
        service.export_claims(ledger, output, attribute=attribute, place=place, thing=commodity, year=year, overwrite=overwrite),
        form,
    )


@app.command()
def pypsa(
    *,
    output: Folder,
    scenario: Scenario = "reference",
    network: NetworkFolder = None,
    rate: Annotated[
        float | None, typer.Option(metavar="RATE", help="Discount rate (0.05 is 5 %). Default: that of the scenario.")
    ] = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write a network as a CSV folder of PyPSA.

    A commodity in a place is a bus, a site or route a link, a model year a snapshot. Limits of a policy do not go along.

    Example: `orepact export pypsa --network my_chain --output my_chain_pypsa`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = _facts_unless(network, as_of, facts, include_unverified=include_unverified)
    emit(service.export_pypsa(ledger, output, network=network, scenario=scenario, rate=rate, overwrite=overwrite), form)


@app.command()
def passport(
    *,
    output: File,
    commodity: Annotated[str, typer.Option(metavar="NAME", help="A cell or pack that is counted in energy (cell_lfp).")],
    energy: Annotated[float, typer.Option(metavar="KWH", help="Energy that one battery holds (kWh).")],
    service_life: Annotated[
        float | None,
        typer.Option(metavar="KWH", help="Energy that it gives in its service life (kWh); without it no figure per kWh."),
    ] = None,
    study: Annotated[str, typer.Option(metavar="URL", help="Address of the footprint study.")] = "",
    place: Place = None,
    year: Year = None,
    network: NetworkFolder = None,
    overwrite: Overwrite = False,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write the fields of a battery passport.

    Names of DIN DKE SPEC 99100: carbon footprint by life-cycle stage, chemistry, materials. What is not known stays out.

    Example: `orepact export passport --commodity cell_lfp --energy 60 --service-life 120000 --output passport.json`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = _facts_unless(network, as_of, facts, include_unverified=include_unverified)
    emit(
        service.export_passport(
            ledger,
            output,
            commodity,
            energy_kwh=energy,
            service_kwh=service_life,
            study=study,
            network=network,
            place=place,
            year=year,
            overwrite=overwrite,
        ),
        form,
    )


@taking.command("iamc")
def take_iamc(
    *,
    source: Source,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Keep the rows as CSV; it must be new.")] = None,
    network: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Network package that all places and commodities must be of.")
    ] = None,
    overwrite: Overwrite = False,
    form: Format = OutputFormat.table,
) -> None:
    """Read an IAMC table, long or with years as columns.

    Checked whole; rows whose variable orepact uses get its words for kind and commodity, and must be in the unit of that.

    Example: `orepact import iamc plan_iamc.csv --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.import_iamc(source, output, network=network, overwrite=overwrite), form)


@taking.command("sdmx-csv")
def take_sdmx_csv(
    *,
    source: Source,
    output: File,
    overwrite: Overwrite = False,
    form: Format = OutputFormat.table,
) -> None:
    """Read SDMX-CSV that orepact wrote into a claim table.

    Places, goods, units and dates are checked; `orepact facts import` then brings it in, with `--sources` for new sources.

    Example: `orepact import sdmx-csv mines.csv --output claims.csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.import_sdmx_csv(source, output, overwrite=overwrite), form)


@taking.command("pypsa")
def take_pypsa(
    *,
    source: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to read.")],
    output: Folder,
    overwrite: Overwrite = False,
    form: Format = OutputFormat.table,
) -> None:
    """Read a PyPSA folder that orepact wrote into a network package.

    Also when PyPSA has written it again; what others added is counted and left out.

    Example: `orepact import pypsa my_chain_pypsa --output my_chain`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.import_pypsa(source, output, overwrite=overwrite), form)
