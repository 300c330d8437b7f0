"""The scoreboard of an agreement, and the pack of a meeting."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orepact.cli.options import Database, For, Format, Language, OnDay, OutputFormat


class PackLanguage(StrEnum):
    """Languages of the pack, or all of them."""

    en = "en"
    fr = "fr"
    ja = "ja"
    ko = "ko"
    all = "all"


class ArticlesShown(StrEnum):
    """Which articles of a scoreboard."""

    all = "all"
    without = "without"
    with_ = "with"


def scoreboard(
    *,
    instrument: Annotated[
        str, typer.Argument(metavar="INSTRUMENT", help="An instrument, as `orepact pact instruments` names it.")
    ],
    show: Annotated[
        ArticlesShown, typer.Option(help="All articles, those without evidence, or those with some.")
    ] = ArticlesShown.all,
    chapter: Annotated[str | None, typer.Option(metavar="NAME", help="Only of this chapter, such as area.")] = None,
    on: OnDay = None,
    language: Language = "en",
    organisations: For = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show what serves each article of an agreement, those for which nothing is there first.

    It shows what the public may see on the day, or with `--for` what these organisations may.

    Example: `orepact pact scoreboard ca-jp-moc-battery-2023 --show without`
    """  # fmt: skip
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.show_scoreboard(
        instrument, db, on=on, language=language, organisations=organisations or (), show=show.value, chapter=chapter
    )
    emit(found, form)


def pack(
    *,
    body: Annotated[str, typer.Argument(metavar="BODY", help="A body, as `orepact pact bodies` names it.")],
    output: Annotated[Path, typer.Option("--output", metavar="DIR", help="Folder to write to; other files in it stay.")],
    language: Annotated[PackLanguage, typer.Option("--language", help="The language of the page, or all.")] = PackLanguage.en,
    on: OnDay = None,
    organisations: For = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Write what the next meeting of a body needs on its table, as a page to read and to print.

    It holds what the public may see on the day, or with `--for` what these organisations may, and says how closed that is.

    Example: `orepact pact pack ca-jp-battery-dialogue --language ja --output pack`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    languages = [each.value for each in PackLanguage if each is not PackLanguage.all]
    asked = languages if language is PackLanguage.all else [language.value]
    emit(pact.make_pack(body, output, db, on=on, languages=asked, organisations=organisations or ()), form)
