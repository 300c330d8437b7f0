"""What falls with a site, who could supply whom, sites side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Database, Facts, For, Format, OnDay, OutputFormat


def cascade(
    *,
    sites: Annotated[list[str], typer.Argument(metavar="SITE...", help="Sites that fall, as the facts name them.")],
    on: OnDay = None,
    least: Annotated[float, typer.Option(min=0, max=1, help="Leave out what is weaker.")] = 0.05,
    depth: Annotated[int, typer.Option(min=1, max=10, help="So many links at most.")] = 4,
    facts: Facts = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Find what else falls if sites fall: by contract, and by who else buys or supplies the good there.

    Example: `orepact pact cascade ultium_cam_2 --on 2025-09-30`
    """
    from orepact import service
    from orepact.cli.output import emit

    ledger = service.open_ledger(as_of=on, facts=facts)
    emit(service.pact.find_cascade(ledger, sites, db, on=on, least=least, depth=depth), form)


def match(
    *,
    commodity: Annotated[str, typer.Argument(metavar="COMMODITY", help="What the buyer lacks, such as nickel_sulphate.")],
    quantity: Annotated[float, typer.Option(metavar="N", help="How much it lacks in a year.")],
    year: Annotated[int, typer.Option(metavar="YEAR", help="In which year.")],
    buyer: Annotated[str, typer.Option(metavar="NAME", help="Who lacks it.")] = "buyer",
    unit: Annotated[str, typer.Option(help="Unit of the quantity.")] = "t",
    grade: Annotated[str, typer.Option(help="A grade that it must be.")] = "",
    rule: Annotated[list[str] | None, typer.Option(help="A rule of law that it must pass; repeat it.")] = None,
    carbon: Annotated[float | None, typer.Option(metavar="N", help="Most kg CO2e per kg.")] = None,
    known: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What you know of sites (YAML): SITE: {carbon: 1.8, grades: [..], rules: {RULE: true}}."
        ),
    ] = None,
    on: OnDay = None,
    facts: Facts = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Find projects that could cover what a buyer lacks, with reasons, and what is not known of them.

    Example: `orepact pact match nickel_sulphate --quantity 20000 --year 2028`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.pact.supply.matching import Gap

    gap = Gap(buyer, commodity, quantity, year, unit, grade, tuple(rule or ()), carbon)
    ledger = service.open_ledger(as_of=on, facts=facts)
    emit(service.pact.match_supply(ledger, [gap], db, on=on, known=known), form)


def compare_sites(
    *,
    locations: Annotated[list[str] | None, typer.Argument(metavar="LOCATION...", help="Default: every location.")] = None,
    weight: Annotated[list[str] | None, typer.Option(metavar="CRITERION=N", help="Score by this too; repeat it.")] = None,
    organisation: For = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Lay sites side by side: power, port, rail, permits, support, Nations; what is not known stays blank.

    Example: `orepact pact compare-sites --weight permit-days=1`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.compare_sites(locations or (), db, on=on, weights=_weights(weight or ()), organisations=organisation or ())
    emit(found, form)


def _weights(words: list[str] | tuple[str, ...]) -> dict[str, float]:
    found = {}
    for word in words:
        name, _, number = word.partition("=")
        try:
            found[name] = float(number)
        except ValueError:
            raise typer.BadParameter(f"{word!r} is no CRITERION=NUMBER") from None
        if not found[name] > 0:
            raise typer.BadParameter(f"{word!r}: a weight is more than 0")
    return found
