"""The scoreboard of an instrument: its articles, what serves each, what is measured, and the projects behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Code, Id
from orepact.service.pact.computing import OWNED
from orepact.service.pact.scoreboard import Show, stays
from orepact.service.view import agreements as view
from orepact.service.view.agreements import word
from orepact.service.view.instrument_about import about
from orepact.service.view.project_words import place, state
from orepact.web.pages.commands import command
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Level, Link, Number, Shown, Table, Why, Words
from orepact.web.pages.tables import shown_of
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orepact.facts import Codes
    from orepact.service.view.agreements import Proof
    from orepact.web.pages.visit import Visit


class Scored(Asked):
    """The board of an instrument: its articles with or without evidence, or all."""

    instrument: Id
    show: Show = "all"
    chapter: Code | None = None


ARTICLES = (
    Column("ref", sentence("Article"), how="code"),
    Column("operative", sentence("Counted")),
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
    Column("state", sentence("State")),
    Column("seen", sentence("Last reported"), how="day"),
    Column("capacity", sentence("Capacity of its site")),
)


#: Groups of articles, by the light of the first of each.
GROUPS: Mapping[str, Words] = {
    "red": sentence("Operative, without evidence"),
    "green": sentence("With evidence"),
    "none": sentence("Not counted: no evidence can be asked of them"),
}


def scoreboard(visit: Visit) -> Shown:
    """The articles of an instrument with what serves each, those that nothing serves first; raises ``NotFound``."""
    asked: Scored = visit.asked
    name, filters = asked.instrument, {"show": asked.show if asked.show != "all" else None, "chapter": asked.chapter}
    board = pact.show_scoreboard(name, visit.desk, on=asked.as_of, language=visit.language)
    proofs = view.proofs(board, visit.desk, visit.ledger())
    every = [_article(row, proofs) for row in board.told()]
    shown = [row for row in every if stays(row, asked.show, asked.chapter)]
    return shown_of(
        board, _articles(shown), _indicators(every), _proofs(proofs.values(), visit.ledger().codes), warnings=[],
        title=view.names(visit.desk, [("instrument", name)])[("instrument", name)],
        context={**_about(visit), **_seen(visit, every, shown), "board": board, "proofs": proofs,
                 "without": board.meta["without_evidence"], "counted": board.meta["operative"]},
        command=command("pact scoreboard", name, **filters, on=asked.as_of),
        api=address(f"/api/v1/instruments/{name}/scoreboard", {**filters, "on": asked.as_of}),
    )  # fmt: skip


def _about(visit: Visit) -> dict[str, Any]:
    """What the instrument says of itself."""
    found = about(visit.asked.instrument, visit.desk, on=visit.asked.as_of)
    codes = visit.ledger().codes
    sides = [(place(codes, side) if {side} & {*codes.places, *codes.groups} else side, members) for side, members in found.sides]
    return {
        "about": found, "sides": sides, "state": word(found.state), "word": word, "id": visit.asked.instrument,
        "status": lambda name: state(codes, name) or name, "owned": OWNED,
    }  # fmt: skip


def _seen(visit: Visit, every: list[dict[str, Any]], shown: list[dict[str, Any]]) -> dict[str, Any]:
    """The articles, those that are shown with the titles of all that they name, and what may be chosen."""
    return {
        "articles": shown, "every": every, "called": _called(visit, shown), "groups": _groups(shown),
        "chapters": list(dict.fromkeys(row["chapter"] for row in every)),
        "bodies": list(dict.fromkeys(name for row in every for name in row["bodies"])),
    }  # fmt: skip


def _groups(rows: Iterable[dict[str, Any]]) -> list[tuple[Words, list[dict[str, Any]]]]:
    """The articles in groups, each told with how many there are: the page opens with what has no evidence."""
    found: dict[Words, list[dict[str, Any]]] = {words: [] for words in GROUPS.values()}
    for row in rows:
        found[GROUPS[row["level"].level if row["level"].level in GROUPS else "green"]].append(row)
    return [(words, group) for words, group in found.items() if group]


def _article(row: Mapping[str, Any], proofs: Mapping[str, Proof]) -> dict[str, Any]:
    """An article with how much serves it and what the sites behind it can make."""
    number = sum(row["evidence"].values())
    mine = [proofs[one["id"]] for one in row["projects"] if one["id"] in proofs]
    level = _level(number, late=bool(row["overdue"]), asked=row["operative"])
    return {**row, "number": number, "level": level, "proofs": mine}


def _level(number: int, *, late: bool, asked: bool) -> Level:
    if not number:
        return Level("red", sentence("none")) if asked else Level("none", sentence("not counted"))
    return Level("amber", sentence("late")) if late else Level("green", sentence("some"))


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
    cells = [{**row, **{kind: [one["id"] for one in row[kind]] for kind in ("commitments", "projects")}} for row in rows]
    return Table("articles", sentence("Articles and evidence"), ARTICLES, cells, empty=sentence("No article fits."))


def _indicators(rows: Iterable[Mapping[str, Any]]) -> Table:
    found = [_moves(row, one) for row in rows for one in row["indicators"]]
    return Table("indicators", sentence("What is measured"), INDICATORS, found, empty=sentence("Nothing is measured."))


def _moves(row: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    last, of = (one["values"][-1] if one["values"] else {}), one["commitment"]
    return {
        "name": Link(one["name"], f"/records/commitment/{of}") if of else one["name"], "article": row["ref"],
        "unit": one["unit"], "baseline": one["baseline"], "last": last.get("value"), "day": last.get("day"),
        "target": one["target"], "by": one["by"],
    }  # fmt: skip


def _proofs(found: Iterable[Proof], codes: Codes) -> Table:
    """The projects, the largest of each unit first."""
    by_size = sorted(found, key=lambda one: (one.unit == "", one.unit, -(one.capacity or 0), one.id))
    rows = [
        {"project": Link(one.title, f"/projects/{one.id}"), "state": state(codes, one.state), "seen": one.seen or None,
         "capacity": _capacity(one)}
        for one in by_size
    ]  # fmt: skip
    return Table("projects", sentence("Projects behind the articles"), PROOFS, rows, empty=sentence("No project serves it."))


def _capacity(one: Proof) -> Number | None:
    """What the site of a project can make, with where that stands."""
    if one.capacity is None:
        return None
    return Number(one.capacity, one.unit, why=Why(one.subject, "capacity", one.year), confidence=one.confidence)


PAGES = (
    Page(
        path="/pact/{instrument}", name="scoreboard", title=sentence("Scoreboard"), use=scoreboard,
        template="pact/scoreboard.html.j2", asked=Scored, tab="pact",
    ),
)  # fmt: skip
