"""Records of the register as they stand: the kinds, lists of one kind, and one record with every version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Code, Id, State, Words
from orepact.web.pages import calling
from orepact.web.pages.commands import command
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Badge, Column, Link, Shown
from orepact.web.pages.tables import rows_of, shown_of, table_of
from orepact.web.pages.turning import Paged, most_of, turned
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit


class Listed(Paged):
    """Records of a kind, page by page."""

    kind: Code
    search: Words | None = None
    state: State | None = None
    owner: Id | None = None
    instrument: Id | None = None


class Searched(Paged):
    """Words that records hold."""

    search: Words | None = None


class Named(Asked):
    """One record."""

    kind: Code
    record: Id


KINDS = (
    Column("kind", sentence("Kind")),
    Column("what", sentence("What it is")),
    Column("number", sentence("Records"), how="number"),
)
RECORDS = (
    Column("title", sentence("Title")),
    Column("kind", sentence("Kind"), how="code"),
    Column("state", sentence("State")),
    Column("owner", sentence("Owner"), how="code"),
    Column("due", sentence("Due"), how="day"),
    Column("label", sentence("Label")),
    Column("changed_at", sentence("Changed"), how="day"),
)
FIELDS = (Column("field", sentence("Field"), how="code"), Column("value", sentence("Value")))
VERSIONS = (
    Column("version", sentence("Version"), how="code"),
    Column("at", sentence("When"), how="day"),
    Column("actor", sentence("Who"), how="code"),
    Column("reason", sentence("Why")),
    Column("changed", sentence("What changed")),
)


def all_kinds(visit: Visit) -> Shown:
    """The kinds of records with how many the reader sees of each; with words, the records that hold them."""
    asked: Searched = visit.asked
    if asked.search:
        return _with_words(visit, asked.search)
    numbers = {row["kind"]: row["number"] for row in rows_of(pact.count_records(["kind"], visit.desk))}
    kinds = pact.list_kinds()
    table = table_of(
        kinds,
        "kinds",
        sentence("Kinds of records"),
        KINDS,
        cells=lambda row: {
            "kind": Link(row["kind"].replace("_", " "), f"/records/{row['kind']}"),
            "number": numbers.get(row["kind"], 0),
        },
    )
    return shown_of(kinds, table, command=command("pact form"), api="/api/v1/kinds", context={"turn": None})


def _with_words(visit: Visit, words: str) -> Shown:
    """A page of the records of all kinds that hold words."""
    found = pact.search_records(words, visit.desk, limit=most_of(visit), after=visit.asked.after)
    table = table_of(found, "records", sentence("Records with these words"), RECORDS, cells=_row, empty=NONE)
    return shown_of(
        found, table, warnings=[], command=command("pact list", search=words), api=address("/api/v1/search", {"search": words}),
        context={"turn": turned(visit, len(table.rows), found.meta.get("after"))},
    )  # fmt: skip


NONE = sentence("No record fits, or none is for you to see.")


def of_kind(visit: Visit) -> Shown:
    """A page of the records of a kind; raises ``NotFound`` for a kind that is none."""
    asked: Listed = visit.asked
    wanted = asked.model_dump(include={"owner", "instrument", "search"}, exclude_none=True)
    states = [asked.state] if asked.state else []
    found = pact.list_records(
        [asked.kind], visit.desk, states=states, limit=most_of(visit), after=asked.after, on=asked.as_of, **wanted
    )
    table = table_of(found, "records", sentence("Records"), RECORDS, cells=_row, empty=NONE)
    total = None if asked.search else calling.number(visit, asked.kind, states=states, **wanted)
    given = {**wanted, "state": asked.state, "on": asked.as_of}
    return shown_of(
        found, table, title=asked.kind.replace("_", " ").capitalize(), warnings=[],
        api=address("/api/v1/records", {"kind": asked.kind, **given}), command=command("pact list", asked.kind, **given),
        context={"turn": turned(visit, len(table.rows), found.meta.get("after"), total)},
    )  # fmt: skip


def _row(row: Any) -> dict[str, Any]:
    return {
        "title": Link(row["title"], f"/records/{row['kind']}/{row['id']}"),
        "label": Badge(row["label"]),
        "state": row["state"] or None,
    }


def one(visit: Visit) -> Shown:
    """All that a record says, who refers to it, and its versions; raises ``NotFound``."""
    asked: Named = visit.asked
    found = pact.show_record(asked.kind, asked.record, visit.desk, language=visit.language)
    history = pact.record_history(asked.kind, asked.record, visit.desk)
    fields = table_of(found, "fields", sentence("What it says"), FIELDS)
    versions = table_of(history, "versions", sentence("Its versions"), VERSIONS)
    pointing = [Link(name, f"/records/{name.partition(' ')[0]}") for name in found.meta["referred_to_by"]]
    return shown_of(
        found,
        fields,
        versions,
        title=found.meta["title"].rpartition(" (")[0],
        lead=f"{asked.kind.replace('_', ' ')} · {asked.record}",
        context={
            "label": Badge(found.meta["label"]),
            "confidence": found.meta["confidence"],
            "version": found.meta["version"],
            "pointing": pointing,
        },
        command=command("pact show", asked.kind, asked.record),
        api=f"/api/v1/records/{asked.kind}/{asked.record}",
    )


PAGES = (
    Page(
        path="/records",
        name="kinds",
        title=sentence("Records"),
        use=all_kinds,
        template="records/list.html.j2",
        asked=Searched,
        tab="data",
    ),
    Page(
        path="/records/{kind}",
        name="records",
        title=sentence("Records"),
        use=of_kind,
        template="records/list.html.j2",
        asked=Listed,
        tab="data",
    ),
    Page(
        path="/records/{kind}/{record}",
        name="record",
        title=sentence("Record"),
        use=one,
        template="records/one.html.j2",
        asked=Named,
        tab="data",
    ),
)
