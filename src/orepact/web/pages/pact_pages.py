"""The pact: its instruments, the scoreboard of articles and evidence, commitments, decisions and documents."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Literal

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Code, Day, Id
from orepact.service.view import agreements as view
from orepact.service.view.agreements import word
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Badge, Column, Level, Link, Number, Shown, Table, Why
from orepact.web.pages.tables import rows_of, shown_of, table_of
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orepact.service.view.agreements import Agreement, Proof
    from orepact.web.pages.visit import Visit

MOST = 500
SOON = 183


class Chosen(Asked):
    """Which instruments: those of a party (a country or an organisation), in a state, that ran at some day between two."""

    party: Code | None = None
    state: Code | None = None
    since: Day | None = None
    until: Day | None = None


class Scored(Asked):
    """The board of an instrument: its articles with or without evidence, or all."""

    instrument: Id
    show: Literal["all", "without", "with"] = "all"
    chapter: Code | None = None


class Owed(Asked):
    """Which commitments."""

    owner: Id | None = None
    instrument: Id | None = None
    due_before: Day | None = None


INSTRUMENTS = (
    Column("instrument", sentence("Instrument")),
    Column("parties", sentence("Between")),
    Column("state", sentence("State"), how="words"),
    Column("since", sentence("Since"), how="day"),
    Column("until", sentence("Until"), how="day"),
    Column("articles", sentence("Articles"), how="number"),
    Column("without", sentence("Without evidence"), how="number"),
)
ARTICLES = (
    Column("ref", sentence("Article"), how="code"),
    Column("text", sentence("What it says")),
    Column("level", sentence("Evidence")),
    Column("number", sentence("Records"), how="number"),
    Column("commitments", sentence("Commitments")),
    Column("meetings", sentence("Meetings")),
    Column("projects", sentence("Projects")),
    Column("overdue", sentence("Late")),
    Column("next_due", sentence("Next due"), how="day"),
)
INDICATORS = (
    Column("name", sentence("What is measured")),
    Column("article", sentence("Article"), how="code"),
    Column("unit", sentence("Unit")),
    Column("baseline", sentence("At the start"), how="number"),
    Column("last", sentence("Last"), how="number"),
    Column("day", sentence("On"), how="day"),
    Column("target", sentence("Target"), how="number"),
    Column("by", sentence("By"), how="day"),
)
PROOFS = (
    Column("project", sentence("Project")),
    Column("state", sentence("State"), how="words"),
    Column("seen", sentence("Last reported"), how="day"),
    Column("capacity", sentence("Capacity of its site")),
)
COMMITMENTS = (
    Column("commitment", sentence("Commitment")),
    Column("state", sentence("State"), how="words"),
    Column("owner", sentence("Owner")),
    Column("instrument", sentence("Instrument")),
    Column("article", sentence("Article"), how="code"),
    Column("due", sentence("Due"), how="day"),
    Column("overdue_days", sentence("Days late"), how="number"),
)
DECISIONS = (
    Column("decision", sentence("Decision")),
    Column("state", sentence("State"), how="words"),
    Column("owner", sentence("Asked by")),
    Column("instrument", sentence("Instrument")),
    Column("due", sentence("Keys until"), how="day"),
    Column("label", sentence("Label")),
    Column("changed_at", sentence("Changed"), how="day"),
)
DOCUMENTS = (
    Column("title", sentence("Document")),
    Column("what", sentence("What it is"), how="words"),
    Column("language", sentence("Language")),
    Column("day", sentence("Day"), how="day"),
    Column("source", sentence("Where it stands")),
)


def instruments(visit: Visit) -> Shown:
    """The instruments that fit, with how many of their articles nothing serves."""
    asked: Chosen = visit.asked
    every = view.agreements(visit.desk, on=asked.as_of)
    found = [one for one in every if _fits(one, asked)]
    table = Table(
        "instruments",
        sentence("Instruments"),
        INSTRUMENTS,
        [_line(visit, one) for one in found],
        empty=sentence("No instrument fits."),
    )
    parties = {name: called for one in every for name, called in one.parties}
    sides = sorted({side for one in every for side in one.countries})
    places = visit.ledger().codes.places
    context = {
        "boards": [one for one in found if one.articles],
        "parties": [(side, places[side].title if side in places else side) for side in sides]
        + sorted((name, called.in_voice(visit.voice)) for name, called in parties.items()),
        "states": [(state, visit.voice.translated(word(state))) for state in sorted({one.state for one in every})],
    }
    return Shown(
        lead=sentence("What was agreed, what serves it, who meets when and who owes what."),
        tables=(table,),
        context=context,
        command=_on(visit, "orepact", "pact", "instruments"),
        api="/api/v1/instruments",
    )


def _on(visit: Visit, *words: str) -> str:
    return shlex.join([*words, *(["--on", visit.asked.as_of] if visit.asked.as_of else [])])


def _fits(one: Agreement, asked: Chosen) -> bool:
    if asked.party and asked.party not in {*one.countries, *(name for name, _ in one.parties)}:
        return False
    if asked.state and asked.state != one.state:
        return False
    began_late = asked.until and (not one.since or one.since > asked.until)
    over_early = asked.since and one.until and one.until < asked.since
    return not began_late and not over_early


def _line(visit: Visit, one: Agreement) -> Mapping[str, Any]:
    between = [called.in_voice(visit.voice) for _, called in one.parties] or list(one.countries)
    return {
        "instrument": Link(one.title, f"/pact/{one.id}"),
        "parties": visit.voice.listed(between),
        "state": word(one.state),
        "since": one.since or None,
        "until": one.until or None,
        "articles": one.articles or None,
        "without": one.without,
    }


def scoreboard(visit: Visit) -> Shown:
    """The articles of an instrument with what serves each, those that nothing serves first; raises ``NotFound``."""
    asked: Scored = visit.asked
    board = pact.show_scoreboard(asked.instrument, visit.desk, on=asked.as_of, language=visit.language)
    about = pact.show_instrument(asked.instrument, visit.desk, on=asked.as_of)
    proofs = view.proofs(board, visit.desk, visit.ledger())
    articles = [_article(row, proofs) for row in board.told()]
    shown = [row for row in articles if _stays(row, asked)]
    title = view.names(visit.desk, [("instrument", asked.instrument)])[("instrument", asked.instrument)]
    context = {
        "board": board,
        "articles": shown,
        "every": articles,
        "without": board.meta["without_evidence"],
        "called": _called(visit, shown),
        "about": rows_of(about),
        "state": word(about.meta["state"]),
        "stands": about.meta,
        "word": word,
        "proofs": proofs,
        "chapters": list(dict.fromkeys(row["chapter"] for row in articles)),
        "bodies": list(dict.fromkeys(name for row in articles for name in row["bodies"])),
        "id": asked.instrument,
    }
    return shown_of(
        board,
        _articles(shown),
        _indicators(articles),
        _proofs(proofs.values()),
        title=title,
        context=context,
        command=_on(visit, "orepact", "pact", "scoreboard", asked.instrument),
        api=address(f"/api/v1/instruments/{asked.instrument}/scoreboard", {"on": asked.as_of}),
        warnings=[],
    )


def _stays(row: Mapping[str, Any], asked: Scored) -> bool:
    fits = {"all": True, "without": not row["number"], "with": bool(row["number"])}[asked.show]
    return fits and asked.chapter in {None, row["chapter"]}


def _article(row: Mapping[str, Any], proofs: Mapping[str, Proof]) -> dict[str, Any]:
    """An article with how much serves it and what the sites behind it can make."""
    number = sum(row["evidence"].values())
    level = (
        Level("red", sentence("none"))
        if not number
        else Level("amber", sentence("late"))
        if row["overdue"]
        else Level("green", sentence("some"))
    )
    mine = [proofs[one["id"]] for one in row["projects"] if one["id"] in proofs]
    return {**row, "number": number, "level": level, "proofs": mine}


def _called(visit: Visit, rows: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, str], Any]:
    """The titles of all that the board names."""
    keys = set[tuple[str, str]]()
    for row in rows:
        keys |= {("commitment", one["id"]) for one in row["commitments"]} | {("meeting", name) for name in row["meetings"]}
        keys |= {(kind, name) for kind, found in row["others"].items() for name in found}
        keys |= {("organisation", one["owner"]) for one in row["commitments"]} | {("body", name) for name in row["bodies"]}
        keys |= {("organisation", part) for name in row["next_chairs"] for part in name.split(" or ")}
    return view.names(visit.desk, keys)


def _articles(rows: Iterable[Mapping[str, Any]]) -> Table:
    cells = [
        {**row, "commitments": [one["id"] for one in row["commitments"]], "projects": [one["id"] for one in row["projects"]]}
        for row in rows
    ]
    return Table("articles", sentence("Articles and evidence"), ARTICLES, cells, empty=sentence("No article fits."))


def _indicators(rows: Iterable[Mapping[str, Any]]) -> Table:
    found = [_moves(row, one) for row in rows for one in row["indicators"]]
    return Table("indicators", sentence("What is measured"), INDICATORS, found, empty=sentence("Nothing is measured."))


def _moves(row: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    last = one["values"][-1] if one["values"] else {}
    of = one["commitment"]
    return {
        "name": Link(one["name"], f"/records/commitment/{of}") if of else one["name"],
        "article": row["ref"],
        "unit": one["unit"],
        "baseline": one["baseline"],
        "last": last.get("value"),
        "day": last.get("day"),
        "target": one["target"],
        "by": one["by"],
    }


def _proofs(found: Iterable[Proof]) -> Table:
    rows = [
        {
            "project": Link(one.title, f"/projects/{one.id}"),
            "state": word(one.state),
            "seen": one.seen or None,
            "capacity": capacity(one),
        }
        for one in sorted(found, key=lambda one: (one.unit == "", one.unit, -(one.capacity or 0), one.id))
    ]
    return Table("projects", sentence("Projects behind the articles"), PROOFS, rows, empty=sentence("No project serves it."))


def capacity(one: Proof) -> Number | None:
    """What the site of a project can make, with where that stands."""
    if one.capacity is None:
        return None
    return Number(one.capacity, one.unit, why=Why(one.subject, "capacity", one.year), confidence=one.confidence)


def commitments(visit: Visit) -> Shown:
    """The board of commitments: what is late, due soon, due later, undated, and settled."""
    asked: Owed = visit.asked
    found = pact.list_records(
        ["commitment"],
        visit.desk,
        owner=asked.owner or "",
        instrument=asked.instrument or "",
        due_before=asked.due_before,
        order="due",
        limit=MOST,
        on=asked.as_of,
    )
    every = rows_of(pact.list_records(["commitment"], visit.desk, limit=MOST))
    rows = rows_of(found)
    keys = {(kind, row[name]) for row in (*rows, *every) for name, kind in OWNED.items() if row[name]}
    called = view.names(visit.desk, keys | {("commitment", row["id"]) for row in rows})
    table = table_of(
        found,
        "commitments",
        sentence("Commitments"),
        COMMITMENTS,
        empty=sentence("No commitment fits."),
        cells=lambda row: _owed(row, called),
    )
    choices = {
        name: sorted(
            (key, called[(kind, key)].in_voice(visit.voice) if (kind, key) in called else key)
            for key in {row[name] for row in every if row[name]}
        )
        for name, kind in OWNED.items()
    }
    context = {"lanes": _lanes(visit, rows), "called": called, "choices": choices}
    return shown_of(
        found,
        table,
        context=context,
        command=_on(visit, "orepact", "pact", "commitments"),
        api=address("/api/v1/records", {"kind": "commitment", "owner": asked.owner, "instrument": asked.instrument}),
        warnings=[],
    )


OWNED = {"owner": "organisation", "instrument": "instrument"}


def _named(called: Mapping[tuple[str, str], Any], kind: str, name: str) -> Any:
    return called.get((kind, name), name)


def _owed(row: Mapping[str, Any], called: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    return {
        "commitment": Link(_named(called, "commitment", row["id"]), f"/records/commitment/{row['id']}"),
        "state": word("overdue" if row["overdue"] else row["state"]),
        "owner": _named(called, "organisation", row["owner"]),
        "instrument": Link(_named(called, "instrument", row["instrument"]), f"/pact/{row['instrument']}")
        if row["instrument"]
        else None,
        "article": row["article"].rpartition(":")[2] or None,
        "overdue_days": row["overdue_days"] or None,
    }


def _lanes(visit: Visit, rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, Level, list[Mapping[str, Any]]]]:
    """The lanes of the board; every commitment stands in one."""
    from datetime import date, timedelta

    soon = (date.fromisoformat(visit.day) + timedelta(days=SOON)).isoformat()
    lanes: dict[str, list[Mapping[str, Any]]] = {name: [] for name in ("late", "soon", "later", "undated", "settled")}
    for row in rows:
        lane = (
            "settled"
            if row["state"] in {"done", "withdrawn"}
            else "late"
            if row["overdue"]
            else "undated"
            if not row["due"]
            else "soon"
            if row["due"] <= soon
            else "later"
        )
        lanes[lane].append(row)
    said_as = {
        "late": Level("red", sentence("late")),
        "soon": Level("amber", sentence("due within six months")),
        "later": Level("green", sentence("due later")),
        "undated": Level("none", sentence("without a date")),
        "settled": Level("green", sentence("settled")),
    }
    return [(name, said_as[name], found) for name, found in lanes.items()]


def decisions(visit: Visit) -> Shown:
    """Decisions of the sides, the last changed first."""
    found = pact.list_records(["decision"], visit.desk, limit=MOST, on=visit.asked.as_of)
    rows = rows_of(found)
    keys = {(kind, row[name]) for row in rows for name, kind in OWNED.items() if row[name]}
    called = view.names(visit.desk, keys)
    table = table_of(
        found,
        "decisions",
        sentence("Decisions"),
        DECISIONS,
        empty=sentence("No decision is on record that you may see. One is asked for on the page of a body."),
        cells=lambda row: {
            "decision": Link(row["title"], f"/records/decision/{row['id']}"),
            "state": word(row["state"]),
            "owner": _named(called, "organisation", row["owner"]),
            "label": Badge(row["label"]),
            "instrument": Link(_named(called, "instrument", row["instrument"]), f"/pact/{row['instrument']}"),
        },
    )
    return shown_of(
        found,
        table,
        command="orepact pact list decision",
        api="/api/v1/records?kind=decision",
        warnings=[],
        lead=sentence("A decision counts when each side has turned its own key."),
    )


def documents(visit: Visit) -> Shown:
    """Texts of instruments, minutes of meetings and standards."""
    found = view.documents(visit.desk, on=visit.asked.as_of)
    rows = [
        {
            "title": Link(one.title, one.page),
            "what": one.what,
            "language": one.language or None,
            "day": one.day or None,
            "source": one.source or None,
        }
        for one in found
    ]
    table = Table("documents", sentence("Documents"), DOCUMENTS, rows, empty=sentence("No document is on record."))
    return Shown(
        tables=(table,),
        command="orepact pact list instrument",
        api="/api/v1/records?kind=instrument",
        lead=sentence("Texts of instruments, minutes of meetings and standards that are on record."),
    )


PAGES = (
    Page(
        path="/pact",
        name="pact",
        title=sentence("Pact"),
        use=instruments,
        template="pact/instruments.html.j2",
        asked=Chosen,
        tab="pact",
    ),
    Page(
        path="/pact/commitments",
        name="commitments",
        title=sentence("Commitments"),
        use=commitments,
        template="pact/commitments.html.j2",
        asked=Owed,
        tab="pact",
    ),
    Page(
        path="/pact/decisions",
        name="decisions",
        title=sentence("Decisions"),
        use=decisions,
        template="pact/list.html.j2",
        tab="pact",
    ),
    Page(
        path="/pact/documents",
        name="documents",
        title=sentence("Documents"),
        use=documents,
        template="pact/list.html.j2",
        tab="pact",
    ),
    Page(
        path="/pact/{instrument}",
        name="scoreboard",
        title=sentence("Scoreboard"),
        use=scoreboard,
        template="pact/scoreboard.html.j2",
        asked=Scored,
        tab="pact",
    ),
)
