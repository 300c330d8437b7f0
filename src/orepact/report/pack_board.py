"""The scoreboard in the pack: articles for which nothing is there first, then what serves each of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from orepact.report.pack import Cell, Part, Points, Table, Words
from orepact.report.pack_said import next_chair

if TYPE_CHECKING:
    from orepact.pact.briefing.scoreboard import ArticleLine, Scoreboard
    from orepact.report.pack import Namer
    from orepact.report.voice import Voice


def plural(one: str, many: str) -> tuple[str, str]:
    """A sentence in both forms, looked up later."""
    return one, many


#: Kinds of records in the order in which they are told.
KINDS: Mapping[str, tuple[str, str]] = {
    "commitment": plural("{n} commitment", "{n} commitments"),
    "meeting": plural("{n} meeting", "{n} meetings"),
    "decision": plural("{n} decision", "{n} decisions"),
    "project": plural("{n} project", "{n} projects"),
    "contract": plural("{n} contract", "{n} contracts"),
    "support": plural("{n} case of support", "{n} cases of support"),
    "activity": plural("{n} activity", "{n} activities"),
    "item": plural("{n} item", "{n} items"),
    "standard": plural("{n} standard", "{n} standards"),
    "measure": plural("{n} measure", "{n} measures"),
    "incident": plural("{n} incident", "{n} incidents"),
    "drill": plural("{n} exercise", "{n} exercises"),
    "difference": plural("{n} difference", "{n} differences"),
}
OTHER = plural("{n} other record", "{n} other records")


def scoreboard(board: Scoreboard, names: Namer) -> Part:
    """Every article with what serves it."""
    voice = names.voice
    for line in board.lines:
        names.use(_serving_keys(line))
    empty, counted, others = len(board.without), len(board.counted), len(board.lines) - len(board.counted)
    lead = voice.say(
        "{empty} of {counted} operative articles have nothing on record. Not counted are {others} others, of which no evidence "
        "can be asked: recitals, definitions, and what the text says of its own force, start and end.",
        empty=voice.number(empty), counted=voice.number(counted), others=voice.number(others),
    )  # fmt: skip
    every = voice.say("Each of them has something on record.")
    asking = _without(board, names, asks=True)
    beside = tuple(_said(line, names) for line in board.lines if line.empty and not line.lacking)
    last = Points(voice.say("Not counted: no evidence can be asked of them"), beside, "")
    first = Points(voice.say("Articles that ask for something and have no evidence"), asking, every)
    rest = Points(voice.say("Other articles without evidence"), _without(board, names, asks=False), every)
    blocks: tuple[Table | Points, ...] = (first, _table(board, names), *(one for one in (rest, last) if one.items))
    return Part("scoreboard", voice.say("Scoreboard by article"), lead, blocks)


def _without(board: Scoreboard, names: Namer, *, asks: bool) -> tuple[tuple[Words, ...], ...]:
    lines = [line for line in board.without if line.asks is asks]
    return tuple(_said(line, names) for line in lines)


def _said(line: ArticleLine, names: Namer) -> tuple[Words, ...]:
    """Where an article stands in the text, and what it says."""
    return Words(_ref(line, names), small="ref"), names.article(line.article)


def _table(board: Scoreboard, names: Namer) -> Table:
    voice = names.voice
    heads = (
        voice.say("Article"), voice.say("What it says"), voice.say("What serves it"), voice.say("Next due"),
        voice.say("Meeting due"), voice.say("Next chair"),
    )  # fmt: skip
    lines = [line for line in board.lines if not line.empty]
    rows = tuple(_row(line, names) for line in lines)
    strong = frozenset(number for number, line in enumerate(lines) if line.overdue)
    return Table(voice.say("Articles with evidence"), heads, rows, voice.say("No article has anything on record."), strong)


def _row(line: ArticleLine, names: Namer) -> tuple[Cell, ...]:
    voice = names.voice
    due = voice.day(line.next_due)
    if line.overdue:
        due = voice.say("{day} (overdue)", day=due)
    chairs = voice.series(dict.fromkeys(next_chair(names, side.following) for body in line.bodies for side in body.sides))
    meets = voice.day(line.meets_by)
    return _ref(line, names), names.article(line.article), serving(line, voice), due, meets, chairs


def _serving_keys(line: ArticleLine) -> Iterator[tuple[str, str]]:
    """Kind and id of everything that serves an article."""
    yield from (("commitment", duty.id) for duty in line.duties)
    yield from (("meeting", name) for name in line.meetings)
    yield from (("project", one.id) for one in line.projects)
    for kind, ids in line.others.items():
        yield from (("incident" if kind == "drill" else kind, name) for name in ids)


def _ref(line: ArticleLine, names: Namer) -> str:
    return f"{line.article.ref} · {names.chapter(line.article)}"


def serving(line: ArticleLine, voice: Voice) -> str:
    """What serves an article, counted by kind."""
    found = {"commitment": len(line.duties), "meeting": len(line.meetings), "project": len(line.projects)}
    found.update({kind: len(ids) for kind, ids in line.others.items()})
    told = [voice.count(*forms, found.pop(kind)) for kind, forms in KINDS.items() if found.get(kind)]
    rest = sum(found.values())
    return voice.series([*told, *([voice.count(*OTHER, rest)] if rest else [])])
