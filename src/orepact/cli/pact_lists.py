"""Lists of records, one command for each kind; one record, its history, a form for one, and records kept from a file."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Annotated, Any

import typer

from orepact.cli.options import Actor, Database, For, Format, Language, OnDay, OutputFormat, Overwrite, Why

#: Name of the command: the kind of record that it lists, and what that is.
LISTS = {
    "commitments": ("commitment", "what somebody undertook, by when"),
    "meetings": ("meeting", "meetings held and planned"),
    "notices": ("notice", "messages through contact points"),
    "items": ("item", "what working groups have before them"),
    "differences": ("difference", "questions to be settled by consultation"),
    "amendments": ("amendment", "changes of instruments"),
    "decisions": ("decision", "what the sides decide together, and how it stands"),
    "incidents": ("incident", "disruptions for which help was asked, and drills"),
    "drills": ("drill", "exercises"),
    "deliveries": ("delivery", "help promised and delivered"),
    "projects": ("project", "projects and where they stand"),
    "contracts": ("contract", "who sells what to whom"),
    "permits": ("permits", "permits of projects"),
    "engagement": ("engagement", "records of Nations and projects, which the Nations control"),
    "support": ("support", "public support pledged and paid"),
    "programmes": ("programme", "programmes of support"),
    "activities": ("activity", "missions, workshops, pilots, research"),
    "standards": ("standard", "standards and the stances of sides"),
    "measures": ("measure", "measures of third states"),
    "organisations": ("organisation", "ministries, agencies, companies, Nations"),
    "people": ("person", "people and their roles"),
    "patterns": ("pattern", "ways to ask for help, levels of alert"),
    "codes": ("code", "lists that grow by decision: areas, forms, kinds of instruments"),
    "locations": ("location", "places where something could be built"),
}
Limit = Annotated[
    int | None, typer.Option(metavar="N", help="So many records on a page (default: 100 in a table, all in csv and json).")
]
After = Annotated[str | None, typer.Option("--after", metavar="MARK", help="The mark `after` of the page before.")]


def list_kinds(
    *,
    kinds: Annotated[list[str] | None, typer.Argument(metavar="[KIND...]", help="Kinds of records (default: all).")] = None,
    state: Annotated[list[str] | None, typer.Option(help="Only those in this state; repeat it.")] = None,
    owner: Annotated[str, typer.Option(metavar="ORGANISATION", help="Only those of this owner.")] = "",
    instrument: Annotated[str, typer.Option(metavar="ID", help="Only those under this instrument.")] = "",
    article: Annotated[str, typer.Option(metavar="ID", help="Only those under this article.")] = "",
    due_before: Annotated[str | None, typer.Option(metavar="DATE", help="Only what is due before this day.")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is late and not settled.")] = False,
    search: Annotated[str, typer.Option(metavar="WORDS", help="Only those that hold each of these words, in any language.")] = "",
    order: Annotated[str, typer.Option(help="id, title, due or changed.")] = "id",
    limit: Limit = None,
    after: After = None,
    organisation: For = None,
    on: OnDay = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List records of some kinds, or of all; `orepact pact form` names the kinds.

    Example: `orepact pact list instrument body --search canada`
    """
    from orepact.cli.output import emit, page_of
    from orepact.service import pact

    chosen = kinds or [row["kind"] for row in pact.list_kinds().told()]
    found = pact.list_records(
        chosen, db, states=state or (), owner=owner, instrument=instrument, article=article, due_before=due_before,
        overdue=overdue, search=search, order=order, limit=page_of(limit, form), after=after, on=on,
        organisations=organisation or (),
    )  # fmt: skip
    emit(found, form)


def lister(kind: str) -> Callable[..., None]:
    """The command that lists a kind: the same options, without the name of it."""

    def listed(**given: Any) -> None:
        list_kinds(kinds=[kind], **given)

    whole = signature(list_kinds, eval_str=True)
    options = [parameter for name, parameter in whole.parameters.items() if name != "kinds"]
    listed.__signature__ = whole.replace(parameters=options)  # type: ignore[attr-defined]  # what Typer asks for
    listed.__annotations__ = {each.name: each.annotation for each in options} | {"return": None}
    return listed


def add_lists(app: typer.Typer) -> None:
    """Add a command for each kind of list, and one for any kinds."""
    app.command("list")(list_kinds)
    for name, (kind, what) in LISTS.items():
        words = f"List {what}.\n\nExample: `orepact pact {name} --search canada --limit 20`"
        app.command(name, help=words)(lister(kind))


def show(
    *,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Such as project, commitment, instrument.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="Its id.")],
    language: Language = "en",
    revision: Annotated[int | None, typer.Option(metavar="N", help="An earlier version.")] = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it as YAML, to be changed.")] = None,
    overwrite: Overwrite = False,
    organisation: For = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Show all that one record says, and who refers to it.

    Example: `orepact pact show body ca-jp-battery-dialogue --language ja`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.show_record(
        kind, name, db, language=language, revision=revision, output=output, overwrite=overwrite, organisations=organisation or ()
    )
    emit(found, form)


def history(
    *,
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Such as project, commitment, instrument.")],
    name: Annotated[str, typer.Argument(metavar="ID", help="Its id.")],
    organisation: For = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """List every version of a record: who wrote it, when, why, and what changed.

    Example: `orepact pact history instrument ca-jp-moc-battery-2023`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.record_history(kind, name, db, organisations=organisation or ()), form)


def form_of_kind(
    *,
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="Such as body (default: list the kinds).")] = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Print a form for a record of a kind: every field, what it takes and means, filled with an example.

    It is YAML that `orepact pact record` takes as it is. Without a kind: list the kinds.

    Example: `orepact pact form body`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    emit(pact.list_kinds() if kind is None else pact.show_form(kind, db), form)


def record(
    *,
    source: Annotated[Path, typer.Argument(metavar="FILE", help="YAML: `records:` and a list of them.")],
    reason: Why,
    actor: Actor = None,
    version: Annotated[
        list[str] | None, typer.Option(metavar="KIND/ID=N", help="The version that a record was changed from; repeat it.")
    ] = None,
    organisation: For = None,
    db: Database = None,
    form: Format = OutputFormat.table,
) -> None:
    """Keep new and changed records of a file, all or none.

    `orepact pact show KIND ID --output FILE` writes a record to a file with its version; where somebody has changed it since,
    nothing is kept.

    `orepact pact form KIND` prints a file that is filled with an example, such as `orepact pact form activity` for a mission.

    Example: `orepact pact record mission.yaml --reason "the mission of May was held" --as m.gregory`
    """
    from orepact.cli.output import emit
    from orepact.service import pact

    found = pact.record_file(source, db, reason=reason, actor=actor, versions=version or (), organisations=organisation or ())
    emit(found, form)
