"""``orepact facts``: every number with its source; why it counts and which rivals it beat."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import (
    AsOf,
    Commodity,
    Facts,
    Format,
    IncludeUnverified,
    Layout,
    OutputFormat,
    Place,
    Year,
)

app = typer.Typer(no_args_is_help=True, help="Ask the claims and sources, bring in your own.")


@app.command()
def why(
    *,
    subject: Annotated[
        str, typer.Argument(help="What the claim is about: COD/cobalt, nickel_sulphate, site:nextstar_windsor, ...")
    ],
    attribute: Annotated[str, typer.Argument(help="What it says: mine_production, price, status, capacity, ...")],
    year: Year = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Print the claim that counts and its rivals.

    Each rival comes with the reason why it loses.

    Example: `orepact facts why COD/cobalt mine_production --year 2023`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    emit(service.explain_fact(ledger, subject, attribute, year=year), form)


@app.command("list")
def list_(
    *,
    attribute: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this attribute (mine_production, status, ...).")
    ] = None,
    subject: Annotated[str | None, typer.Option(metavar="SUBJECT", help="Only this subject (site:nextstar_windsor).")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many claims.")] = None,
    commodity: Commodity = None,
    place: Place = None,
    year: Year = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the claims that count, with sources.

    Example: `orepact facts list --attribute refinery_production --commodity nickel --year 2024`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
    found = service.list_facts(ledger, attribute=attribute, place=place, thing=commodity, year=year, subject=subject, limit=limit)
    emit(found, form)


@app.command()
def sources(
    *,
    source: Annotated[str | None, typer.Option(metavar="ID", help="Only this source.")] = None,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """List the sources.

    Who said it, in which edition, under which licence, and how many claims stand on it.

    Example: `orepact facts sources --format csv`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.list_sources(service.open_ledger(facts=facts), source=source), form)


@app.command("import")
def import_(
    *,
    files: Annotated[list[Path], typer.Argument(help="CSV or Parquet files to read.", metavar="FILE...")],
    into: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to write, for --facts later. Default: your folder of facts, always read."),
    ] = None,
    layout: Annotated[
        Layout,
        typer.Option(
            help="claims: the claim columns. baci: CEPII BACI columns t, i, j, k, v, q. wmd, bgs: production by country of World "
            "Mining Data and the British Geological Survey."
        ),
    ] = Layout.claims,
    sources: Annotated[
        Path | None, typer.Option("--sources", metavar="FILE", help="sources.csv with the sources of the claims.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="ID", help="Not for claims: id of the source that the rows come from.")
    ] = None,
    hs: Annotated[str, typer.Option(metavar="EDITION", help="baci: edition of the customs codes.")] = "HS2017",
    form: Format = OutputFormat.table,
) -> None:
    """Check your own data whole and bring it in.

    One broken row and nothing is written: the report lists every problem by file, row and column. A table imported again
    replaces the earlier one. What stands in your folder of facts is laid over the shipped facts by every command.

    Example: `orepact facts import company.csv --sources company_sources.csv --into my_facts`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.import_facts(files, into, layout=layout.value, sources=sources, source=source, hs=hs), form)


@app.command()
def check(
    *,
    folder: Annotated[Path, typer.Argument(help="A folder of claim tables.", metavar="DIR")],
    form: Format = OutputFormat.table,
) -> None:
    """Check a folder of claim tables.

    Lists every problem by file, row and column: what was expected, what was found, how to mend it.

    Example: `orepact facts check my_facts`
    """
    from orepact import service
    from orepact.cli.output import emit

    emit(service.check_facts(folder), form)
