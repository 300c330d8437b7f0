"""Use cases about bodies and instruments on a day: chairs, due dates, articles, agendas and calendars."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.pact.briefing.fitting import Fitting
from orepact.service.pact.desk import asked, last_of, manifest_of
from orepact.service.result import Result, Rows
from orepact.service.rules import day_of
from orepact.wording import field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from orepact.pact.bodies.rotation import Chair
    from orepact.pact.briefing.agenda import Line
    from orepact.pact.briefing.overview import BodyLine, InstrumentLine
    from orepact.pact.records.register import Register
    from orepact.report.pack import Namer
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: So many lines of each section of an agenda are told, if nothing else is said.
LINES = 50
MORE_LINES = f"{{section}}: {{number}} more: give a higher {field('limit')}"
BODY_COLUMNS = (
    "body", "title", "instrument", "side", "chair", "next_chair", "certain", "because", "last_meeting", "next_due", "overdue",
    "missed", "rule", "planned", "meetings", "confidence", "decision",
)  # fmt: skip
INSTRUMENT_COLUMNS = (
    "instrument", "title", "state", "since", "until", "because", "binding", "parties", "articles", "notices_to_end",
    "other_dates",
)  # fmt: skip
NOT_FACT = "a missed date follows from a reading of the rule and the meetings on record; it is not a reported fact"


def list_bodies(db: Where = None, *, on: str | None = None) -> Result:
    """Every body known of on a day, a row for each side: who chaired last, who is next and why, when it is due, what it missed.

    ``next_chair`` is empty where nobody can say; ``because`` then says between whom, or that nothing is stated.
    """
    from orepact.pact.briefing.overview import bodies

    day = day_of(on)
    with asked(db) as (store, register):
        lines = bodies(register, day)
        manifest = manifest_of(store, day)
    rows = [row for line in lines for row in _body_rows(line, day)]
    data = pd.DataFrame(rows, columns=list(BODY_COLUMNS))
    some_missed = any(line.due.missed for line in lines)
    meta: dict[str, Any] = {
        "title": f"{len(lines)} bodies on {day}",
        "manifest": manifest,
        "warnings": [NOT_FACT] if some_missed else [],
    }
    kept = ["body", "side", "chair", "next_chair", "certain", "next_due", "overdue", "missed", "rule"]
    return Result(data, meta, shown=data[kept].assign(next_chair=[_short(row) for row in rows]))


def _body_rows(line: BodyLine, on: date) -> list[dict[str, Any]]:
    due = line.due
    own = {
        "body": line.body.id,
        "title": line.body.title,
        "instrument": line.body.instrument or "",
        "decision": line.body.decision or "",
        "last_meeting": due.last.held or "" if due.last else "",
        "next_due": due.day.isoformat() if due.day else None,
        "overdue": due.overdue(on),
        "missed": [miss.due.isoformat() for miss in due.missed],
        "rule": due.rule,
        "planned": due.planned.planned or "" if due.planned else "",
        "meetings": line.meetings,
    }
    sides = [{"side": side.side, "chair": side.chair, **_following(side.following)} for side in line.sides]
    none = {"side": "", "chair": "", "next_chair": None, "certain": False, "because": "no side is on record", "confidence": ""}
    return [{**own, **side} for side in sides or [none]]


def _following(chair: Chair) -> dict[str, Any]:
    said = {"certain": chair.certain, "because": chair.because, "confidence": chair.confidence, "candidates": chair.candidates}
    return {"next_chair": chair.organisation, **said}


def _short(row: dict[str, Any]) -> str:
    """The next chair for a narrow column: all between whom nothing decides, where there are several."""
    return row["next_chair"] or " or ".join(row.get("candidates", ())) or "not stated"


def list_instruments(
    db: Where = None, *, on: str | None = None, party: str = "", state: str = "", since: str | None = None,
    until: str | None = None,
) -> Result:  # fmt: skip
    """Every instrument known of on a day: its state, since and until when, why, its parties, the clocks of notices to end it.

    Where it is asked for, only those of a ``party`` (a country or an organisation), in a ``state``, that ran at some day between
    ``since`` and ``until``.
    """
    from orepact.pact.briefing.overview import instruments

    day, wanted = day_of(on), Fitting(party, state, since or "", until or "")
    with asked(db) as (store, register):
        found = [(line, _instrument_row(line, day)) for line in instruments(register, day)]
        rows = [row for line, row in found if wanted.fits(line.asked_by, row["state"], row["since"], row["until"])]
        manifest = manifest_of(store, day)
    data = pd.DataFrame(rows, columns=list(INSTRUMENT_COLUMNS))
    shown = data.drop(columns=["because", "other_dates", "binding"])
    return Result(data, {"title": f"{len(rows)} instruments on {day}", "manifest": manifest}, shown=shown)


def _instrument_row(line: InstrumentLine, on: date) -> dict[str, Any]:
    from orepact.pact.dates.days import so_many_days

    one, stand = line.instrument, line.standing
    binding = {True: "yes", False: "no", None: "not stated"}[one.binding]
    left = [(clock.notice.organisation, clock.remaining_days(on)) for clock in line.clocks]
    clocks = [f"{who}: no time is stated" if days is None else f"{who}: {so_many_days(days)} left" for who, days in left]
    return {
        "instrument": one.id,
        "title": one.title,
        "state": stand.stage,
        "since": stand.since or "",
        "until": stand.until.isoformat() if stand.until else "",
        "because": stand.because,
        "binding": binding,
        "parties": list(line.parties),
        "articles": len(one.articles),
        "notices_to_end": clocks,
        "other_dates": [f"{rival.day} ({rival.why})" for rival in line.start.rivals],
    }


def list_articles(instrument: str, db: Where = None, *, on: str | None = None, language: str = "en") -> Result:
    """The articles of an instrument on a day, amendments in force among them, and how many records serve each.

    Raises ``NotFound`` for an instrument that is not there.
    """
    from orepact.pact.briefing.evidence import evidence

    day = day_of(on)
    with asked(db) as (store, register):
        found = evidence(instrument, register, day)
        manifest = manifest_of(store, day)
    rows = [
        {"article": row.article.id, "ref": row.article.ref, "chapter": row.article.chapter,
         "operative": row.article.operative, "text": row.article.text_in(language),
         "areas": list(row.article.areas), "forms": list(row.article.forms), "found": {k: len(v) for k, v in row.found.items()},
         "overdue": list(row.overdue), "next_due": row.next_due.isoformat() if row.next_due else None}
        for row in found
    ]  # fmt: skip
    names = ["article", "ref", "chapter", "operative", "text", "areas", "forms", "found", "overdue", "next_due"]
    lacking, counted = sum(row.lacking for row in found), sum(row.article.operative for row in found)
    title = f"{len(rows)} articles of {instrument} on {day}; {lacking} of {counted} operative ones that nothing serves"
    short = ["article", "ref", "text", "found", "next_due"]
    return Result(Rows(names, rows), {"title": title, "manifest": manifest}, shown=lambda data: data[short])


def draft_agenda(
    body: str, db: Where = None, *, on: str | None = None, limit: int = LINES, language: str | None = None
) -> Result:
    """A draft for the next meeting of a body: ``section, kind, id, title, because``, what sister bodies work on first.

    ``language``: titles and reasons in it, with dates in its words; else the reasons name ids and days as the register has them.
    ``limit``: so many lines of each section; ``meta["left_out"]`` tells of which sections there are more, and how many.
    """
    from orepact.pact.briefing.agenda import draft

    day = day_of(on)
    if limit < 1:
        raise BadInput([Problem("limit", "a number from 1 on", str(limit), "ask for one line of each section at least")])
    with asked(db) as (store, register):
        found = draft(body, register, day, limit)
        manifest = manifest_of(store, day)
        names = ["section", "kind", "id", "title", "because"]
        rows = [{name: getattr(line, name) for name in names} for line in found.lines]
        if language:
            rows = [{**row, **told} for row, told in zip(rows, _told(found.lines, language, body, register, day), strict=True)]
    more = [MORE_LINES.format(number=number, section=section) for section, number in found.more.items()]
    title = f"draft agenda of {body} on {day}"
    meta = {"title": title, "manifest": manifest, "left_out": dict(found.more), "warnings": more}
    return Result(Rows(names, rows), meta)


def _told(lines: Sequence[Line], language: str, body: str, register: Register, on: date) -> Iterator[dict[str, str]]:
    """Title and reason of each line of an agenda in a language."""
    from orepact.report.pack import Namer
    from orepact.report.pack_said import point, why
    from orepact.report.voice import Voice

    names = Namer(Voice.of(language), register, on)
    ahead = _ahead(names, body)
    for line in lines:
        record = point(names, line)
        if record is None:
            yield {}
        elif line.section == "next":  # of the body itself: its date, then the chair of each side
            yield {"title": record.title_in(language), "because": next(ahead)}
        else:
            yield {"title": record.title_in(language), "because": why(names, line, record)}


def _ahead(names: Namer, body: str) -> Iterator[str]:
    """When a body meets next and why, then who chairs for each side and why."""
    from orepact.pact.bodies.body import Body
    from orepact.pact.bodies.due import next_due
    from orepact.pact.bodies.rotation import chair
    from orepact.report.pack_said import chair_rule, due_rule, next_chair

    voice, found = names.voice, names.register.get(Body, body)
    due = next_due(body, names.register, names.on)
    when = voice.say("Due by {day}.", day=voice.day(due.day)) if due.day else voice.say("No due date follows from what is known.")
    yield voice.sentences([when, due_rule(voice, found, due)])
    for side in found.sides:
        who = chair(body, side.side, names.register, names.on)
        says = voice.say("Chair, {side}: {name}", side=names.side(side.side), name=next_chair(names, who))
        yield f"{says} – {chair_rule(names, found, side, who)}"


def calendar_of(
    body: str, output: Path, db: Where = None, *, on: str | None = None, language: str = "en", overwrite: bool = False
) -> Result:
    """Write the meetings, due dates and commitments of a body as an iCalendar file; ``data`` lists the entries.

    Raises ``BadInput`` when the file is there and ``overwrite`` is not set.
    """
    from orepact.pact.bodies.body import Body
    from orepact.pact.briefing.calendar import occasions
    from orepact.service.view.calendar import called_in

    day = day_of(on)
    if output.exists() and not overwrite:
        raise BadInput(
            [Problem("output", "a file that is not there yet", "one that is", f"give {field('overwrite')} too", str(output))]
        )
    with asked(db) as (store, register):
        entries = occasions(register.get(Body, body), register, day, language)
        text = _feed(body, store, register, day, language)
        manifest = manifest_of(store, day)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(text)
    title = called_in(language)
    rows = [(one.first.isoformat(), one.last.isoformat(), title(one), one.status, one.uid) for one in entries]
    data = pd.DataFrame(rows, columns=["first", "last", "title", "status", "uid"])
    meta = {"title": f"{len(rows)} entries written to {output}", "written": str(output), "manifest": manifest}
    return Result(data, meta, shown=data.drop(columns=["uid"]))


def calendar_bytes(body: str, db: Where = None, *, on: str | None = None, language: str = "en", leaving: bool = False) -> bytes:
    """The same as the bytes of an iCalendar file; ``leaving``: only what may leave the register, with its label, for a program
    elsewhere.
    """
    with asked(db) as (store, register):
        return _feed(body, store, register, day_of(on), language, leaving=leaving)


def _feed(body: str, store: Store, register: Register, day: date, language: str, *, leaving: bool = False) -> bytes:
    from orepact.interchange.made import strictest
    from orepact.pact.bodies.body import Body
    from orepact.pact.briefing.calendar import feed, occasions
    from orepact.service.sharing.leaving import staying
    from orepact.service.view.calendar import called_in

    about = {key for entry in occasions(register.get(Body, body), register, day, language) for key in entry.about}
    left = staying(store, about) if leaving else frozenset()
    label = strictest(register.records[key].label for key in about - left) if leaving else ""
    last = last_of(store, about)
    return feed(body, register, day, last, language, without=left, label=label, called=called_in(language))
