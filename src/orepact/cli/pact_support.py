"""Public support from the command line: pledged, paid and lost; who is eligible; what stacks on what."""

from __future__ import annotations

from typing import Annotated

import typer

from orepact.cli.options import Database, Format, OnDay, OutputFormat

WORDS = {"true": True, "yes": True, "false": False, "no": False}


def support_account(
    *,
    projects: Annotated[list[str] | None, typer.Argument(metavar="PROJECT...", help="Projects (default: all).")] = None,
    giver: Annotated[str, typer.Option(metavar="ORGANISATION", help="Only what it gives.")] = "",
    programme: Annotated[str, typer.Option(metavar="ID", help="Only under this programme.")] = "",
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show what was pledged to projects, paid and lost, as known on a day, with sums by currency.

    Example: `orepact pact support-account northvolt-six --on 2026-01-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.support_account(projects or (), db, on=on, giver=giver, programme=programme), form)


def eligible(
    *,
    fact: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=VALUE", help="A fact of the case, such as country=CAN; repeat it.")
    ] = None,
    programme: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this programme; repeat it.")] = None,
    claimed: Annotated[list[str] | None, typer.Option(metavar="ID", help="A programme claimed already; repeat it.")] = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Test a case against the programmes of support: yes, no with the reason, or open with the facts that lack.

    Example: `orepact pact eligible --fact country=CAN --fact activity=processing --on 2026-06-01`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    facts = {name: _value(value) for name, value in (_pair(word, "FIELD=VALUE") for word in fact or ())}
    emit(pact.ask_programmes(facts, db, programmes=programme or (), claimed=claimed or (), on=on), form)


def stack(
    *,
    programmes: Annotated[list[str], typer.Argument(metavar="PROGRAMME...", help="As `orepact pact programmes` names them.")],
    year: Annotated[int, typer.Option(metavar="YEAR", help="The year of the cost.")],
    share: Annotated[
        list[str] | None, typer.Option(metavar="PROGRAMME=SHARE", help="A share known otherwise (0.25 is 25 %); repeat it.")
    ] = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Add up what programmes give of one cost, against the limits on stacking that they state.

    Example: `orepact pact stack ca-ctm-itc ca-flmf --year 2027 --share ca-flmf=0.5`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    given = {name: _share(value) for name, value in (_pair(word, "PROGRAMME=SHARE") for word in share or ())}
    emit(pact.stack_programmes(programmes, db, year=year, given=given), form)


def _pair(word: str, form: str) -> tuple[str, str]:
    name, sign, value = word.partition("=")
    if not (name and sign and value):
        raise typer.BadParameter(f"{word!r} is no {form}")
    return name, value


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r}: a share is a number such as 0.25") from None


def _value(text: str) -> bool | float | str | tuple[str, ...]:
    """A fact as it was written: yes or no, a number, several words with commas between them, or a word."""
    if text.casefold() in WORDS:
        return WORDS[text.casefold()]
    if "," in text:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return float(text)
    except ValueError:
        return text
