"""Use cases about what serves the articles of an instrument and what a meeting of a body needs on its table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from orepact.service.pact.computing import measured
from orepact.service.pact.desk import Where, audience_of, manifest_of, opened, seeing
from orepact.service.result import Result, Rows
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts.labels import Audience
    from orepact.pact.briefing.readings import Reading
    from orepact.pact.briefing.scoreboard import ArticleLine, Duty
    from orepact.pact.records.record import Brief, Record
    from orepact.pact.records.register import Register

#: Which articles of a board are told.
Show = Literal["all", "without", "with"]
COLUMNS = (
    "article", "ref", "chapter", "operative", "text", "evidence", "commitments", "meetings", "projects", "others", "overdue",
    "next_due", "meeting_due", "bodies", "next_chairs", "indicators", "confidence",
)  # fmt: skip


def show_scoreboard(
    instrument: str,
    db: Where = None,
    *,
    on: str | None = None,
    language: str = "en",
    organisations: Sequence[str] = (),
    show: Show = "all",
    chapter: str | None = None,
) -> Result:
    """Every article with what serves it, operative ones that nothing serves first: ``data`` has a row for each; where it is asked
    for, only those ``without`` evidence, ``with`` some, or of a ``chapter``.

    Counted as ``without_evidence`` of ``operative`` are articles that ask for something to be done: not recitals, definitions,
    nor what the text says of its own force, start and end (``operative`` of an article).

    ``commitments``, ``meetings`` and ``projects`` are ids, ``others`` ids by kind; ``indicators`` have baseline, values and
    target. ``organisations``: for whom one reads; nobody sees what is not for them. Raises ``NotFound`` for an instrument that is
    not there.
    """
    from orepact.pact.briefing.scoreboard import scoreboard

    day = day_of(on)
    seen = _around(instrument, db, organisations, day)
    values, notes = measured(seen.register, day, seen.briefs, seen.audience)
    board = scoreboard(instrument, seen.register, day, values, seen.briefs)
    every = [_row(line, language) for line in board.lines]
    rows = [row for row in every if stays(row, show, chapter)]
    counted = f"{len(board.without)} of {len(board.counted)} operative articles without evidence"
    title = f"{board.instrument.title_in(language)} on {day}: {counted}"
    unplaced = [_duty(duty) for duty in board.unplaced]
    duties = [*board.unplaced, *(duty for line in board.lines for duty in line.duties)]
    meta = {
        "title": title,
        "manifest": seen.manifest,
        "without_evidence": len(board.without),
        "operative": len(board.counted),
        "articles": len(board.lines),
        "of_no_article": unplaced,
        "indicators": [_moving(one) for one in _each(one for line in board.lines for one in line.readings)],
        "without_indicator": sorted({duty.id for duty in duties if not duty.numbered}),
        "warnings": notes,
    }
    kept = ["ref", "text", "evidence", "overdue", "next_due", "meeting_due", "next_chairs"]
    return Result(Rows(COLUMNS, rows), meta, shown=lambda data: data[kept])


def stays(row: Mapping[str, Any], show: Show, chapter: str | None) -> bool:
    """Whether a row of the board is asked for."""
    served = bool(sum(row["evidence"].values()))
    kinds = {"all", *(("with",) if served else ("without",) if row["operative"] else ())}
    return show in kinds and chapter in {None, row["chapter"]}


def _each(readings: Iterable[Reading]) -> list[Reading]:
    """Each reading once: a commitment may serve several articles."""
    return [*{(one.commitment or one.article, one.name): one for one in readings}.values()]


def _moving(one: Reading) -> dict[str, Any]:
    """An indicator in a line: from where, how far, to where, which way; "not known" where nobody has given it."""
    unit = "" if one.unit == "1" else f" {one.unit}"
    ends = {"baseline": (one.baseline, one.baseline_year), "target": (one.target, one.by)}
    ends["last"] = (one.latest.value, one.latest.day) if one.latest else (None, "")
    said = {
        end: "not known" if value is None else f"{value:g}{unit}{f' ({day})' if day else ''}"
        for end, (value, day) in ends.items()
    }
    return {"of": one.commitment or one.article, "name": one.name, **said, "trend": one.trend.replace("unknown", "not known")}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What those may see for whom somebody asks: of the register, and of facts; and what the answer depends on."""

    register: Register
    briefs: Sequence[Brief]
    audience: Audience | None
    manifest: dict[str, Any]


def _around(instrument: str, db: Where, organisations: Sequence[str], on: date) -> _Seen:
    """What a board of an instrument rests on and these organisations may see; where there is no such instrument, the others."""
    with opened(db) as store:
        theirs, manifest = seeing(store, organisations, on), manifest_of(store, on)
        found = theirs.around(instrument)
        if ("instrument", instrument) not in found.register:
            return _Seen(theirs.register(["instrument"]), (), audience_of(theirs), manifest)
        return _Seen(found.register, found.briefs, audience_of(theirs), manifest)


def _all(db: Where, organisations: Sequence[str], on: date) -> _Seen:
    """All of the register that these organisations may see, read in one go."""
    with opened(db) as store:
        theirs = seeing(store, organisations, on)
        return _Seen(theirs.register(), (), audience_of(theirs), manifest_of(store, on))


def _row(line: ArticleLine, language: str) -> dict[str, Any]:
    article = line.article
    others = {kind: list(names) for kind, names in line.others.items()}
    found = {"commitment": len(line.duties), "meeting": len(line.meetings), "project": len(line.projects)}
    found.update({kind: len(names) for kind, names in others.items()})
    return {
        "article": article.id,
        "ref": article.ref,
        "chapter": article.chapter,
        "operative": article.operative,
        "text": article.text_in(language),
        "evidence": {kind: number for kind, number in found.items() if number},
        "commitments": [_duty(duty) for duty in line.duties],
        "meetings": list(line.meetings),
        "projects": [{"id": one.id, "state": one.standing.status, "seen": one.standing.seen} for one in line.projects],
        "others": others,
        "overdue": list(line.overdue),
        "next_due": line.next_due.isoformat() if line.next_due else None,
        "meeting_due": line.meets_by.isoformat() if line.meets_by else None,
        "bodies": [body.body.id for body in line.bodies],
        "next_chairs": _chairs(line),
        "indicators": [reading_row(one) for one in line.readings],
        "confidence": article.confidence,
    }


def _chairs(line: ArticleLine) -> list[str]:
    sides = (side for body in line.bodies for side in body.sides)
    named = (side.following.organisation or " or ".join(side.following.candidates) for side in sides)
    return [*dict.fromkeys(name for name in named if name)]


def _duty(duty: Duty) -> dict[str, Any]:
    stand = duty.progress
    return {"id": duty.id, "owner": duty.owner, "state": stand.state, "due": stand.due, "shown": stand.shown}


def reading_row(one: Reading) -> dict[str, Any]:
    """An indicator as plain values."""
    return {
        "name": one.name,
        "unit": one.unit,
        "commitment": one.commitment,
        "engine": one.engine,
        "baseline": one.baseline,
        "baseline_year": one.baseline_year,
        "target": one.target,
        "by": one.by,
        "values": [{"day": point.day, "value": point.value, "source": point.source} for point in one.points],
        "way": one.way,
        "trend": one.trend,
    }


def page_of_pack(
    body: str,
    db: Where = None,
    *,
    on: str | None = None,
    language: str = "en",
    only: Callable[[Iterable[Record]], Iterable[Record]] | None = None,
) -> tuple[str, str]:
    """The page of a pack in one language, and its label; ``only``: which of the records go into it. Raises ``NotFound``."""
    from orepact.pact.briefing.dossier import dossier
    from orepact.pact.records.register import Register
    from orepact.report.pack_page import pack_of, render_pack

    day = day_of(on)
    seen = _all(db, (), day)
    register = seen.register if only is None else Register.of(only(seen.register.records.values()))
    values, _ = measured(register, day, audience=seen.audience)
    said = {name: str(seen.manifest.get(name, "")) for name in ("entries", "head", "on")}
    found = pack_of(dossier(body, register, day, values), register, language, said)
    return render_pack(found), found.label


def make_pack(
    body: str,
    output: Path,
    db: Where = None,
    *,
    on: str | None = None,
    languages: Sequence[str] = ("en",),
    organisations: Sequence[str] = (),
) -> Result:
    """Write the pack of the next meeting of a body, a page a language, into a folder; ``data`` lists the pages.

    The page shows what the reader may see, and carries the strictest label of it. Raises ``NotFound`` for a body that is not
    there or a language without a catalogue; then nothing is written.
    """
    from orepact.pact.briefing.dossier import dossier
    from orepact.report.pack_page import write_packs

    day = day_of(on)
    seen = _all(db, organisations, day)
    values, notes = measured(seen.register, day, audience=seen.audience)
    file = dossier(body, seen.register, day, values)
    said = {name: str(seen.manifest.get(name, "")) for name in ("entries", "head", "on")}
    pages = write_packs(output, file, seen.register, languages, said)
    data = pd.DataFrame([{"language": language, "file": str(path)} for language, path in pages.items()])
    due = file.line.due.day
    meta = {
        "title": f"pack of {body} on {day}",
        "manifest": seen.manifest,
        "next_due": due.isoformat() if due else None,
        "without_evidence": len(file.board.without) if file.board else None,
        "operative": len(file.board.counted) if file.board else None,
        "commitments_overdue": len(file.overdue),
        "projects_moved": len(file.moved),
        "warnings": notes,
    }
    return Result(data, meta)
