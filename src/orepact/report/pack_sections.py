"""The sections of the pack, each made from the dossier of a body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from orepact.pact.bodies.body import Body
from orepact.pact.instruments.commitments import Commitment
from orepact.report.pack import Cell, Part, Points, Table, Words
from orepact.report.pack_said import chair_rule, counted, due_rule, duty, following, point, why
from orepact.report.words import DASH

if TYPE_CHECKING:
    from orepact.pact.briefing.agenda import Line
    from orepact.pact.briefing.dossier import Dossier, Duty, Moved
    from orepact.pact.briefing.readings import Reading
    from orepact.report.pack import Namer


def next_meeting(file: Dossier, names: Namer) -> Part:
    """When the next meeting is due and who chairs it."""
    voice, due = names.voice, file.line.due
    if due.planned is not None:
        lead = voice.say("Planned for {day}.", day=voice.when(due.planned.planned))
    elif due.overdue(file.on):
        lead = voice.say("It was due by {day}, and no meeting since is on record.", day=voice.day(due.day))
    elif due.day is None:
        lead = voice.say("No due date follows from what is known.")
    else:
        lead = voice.say("Due by {day}.", day=voice.day(due.day))
    blocks = (_chairs(file, names), *([_counts(file, names)] if file.by_reading else []))
    return Part("next", voice.say("Next meeting"), voice.sentences([lead, due_rule(voice, file.body, due)]), blocks)


def _chairs(file: Dossier, names: Namer) -> Table:
    voice = names.voice
    heads = (voice.say("Side"), voice.say("Last chair"), voice.say("Next chair"), voice.say("Rank asked for"), voice.say("Why"))
    rows: list[tuple[Cell, ...]] = []
    for side, line in zip(file.body.sides, file.line.sides, strict=True):
        last = names.organisation(line.chair, short=False) if line.chair else DASH
        rank = names.code("rank", side.rank) if side.rank else DASH
        rows.append(
            (
                names.side(line.side),
                last,
                following(names, line.following),
                rank,
                chair_rule(names, file.body, side, line.following),
            )
        )
    return Table(voice.say("Chairs"), heads, tuple(rows), voice.say("Its sides are not known."))


def _counts(file: Dossier, names: Namer) -> Table:
    """What each way to count gives, as the text does not say which holds."""
    voice, meets = names.voice, file.body.meets
    heads = (voice.say("Way to count"), voice.say("Next due"), voice.say("Dates without a meeting in time"))
    rows: list[tuple[Cell, ...]] = []
    for reading, due in file.by_reading.items():
        missed = voice.series(voice.day(one.due) for one in due.missed)
        rows.append((counted(voice, reading, meets.every_months if meets else 12), voice.day(due.day), missed))
    note = voice.say("A missed date follows from a way to count; it is no fact by itself.")
    return Table(voice.say("Other ways to count"), heads, tuple(rows), "", note=note)


def agenda(file: Dossier, names: Namer) -> Part:
    """The draft agenda: what sister bodies work on, what is late, then the rest."""
    voice = names.voice
    titles = {
        "sister": voice.say("First: what sister bodies work on"),
        "overdue": voice.say("Overdue commitments"),
        "notice": voice.say("Notices not acknowledged"),
        "difference": voice.say("Open differences"),
        "amendment": voice.say("Amendments that wait for approval"),
        "item": voice.say("Items before this body"),
        "open": voice.say("Open commitments"),
    }
    found = {section: [line for line in file.agenda if line.section == section] for section in titles}
    empty = {"sister": _nothing_before(file, names)}
    kept = [section for section in titles if found[section] or any(empty.get(section, ()))]
    blocks = tuple(Points(titles[name], tuple(_points(found[name], names)), *empty.get(name, ("",))) for name in kept)
    lead = voice.say("A draft from what the register holds; the chairs decide.")
    return Part("agenda", voice.say("Draft agenda"), lead, blocks)


def _nothing_before(file: Dossier, names: Namer) -> tuple[str, tuple[Words, ...]] | tuple[str]:
    """What is said where the bodies to look at first have nothing open, and their names."""
    sisters = [names.register.records.get((Body.kind, name)) for name in file.body.look_first]
    titles = tuple(names.title(body) for body in sisters if body)
    return (names.voice.say("Nothing open is on record before:"), titles) if titles else ("",)


def _points(lines: Iterable[Line], names: Namer) -> Iterator[tuple[Words, ...]]:
    for line in lines:
        record = point(names, line)
        if record is not None:
            yield names.title(record), Words(why(names, line, record), small="small")


def decisions(file: Dossier, names: Namer) -> Part:
    """What the last meeting brought up, and what was decided since."""
    voice = names.voice
    states = {
        "open": voice.say("open"),
        "approved": voice.say("approved"),
        "declined": voice.say("declined"),
        "expired": voice.say("expired"),
    }
    heads = (voice.say("Decision"), voice.say("State"), voice.say("Day"), voice.say("Asked by"))
    rows = tuple(
        (names.title(one), states[outcome.state], voice.day(outcome.day), names.organisation(one.asked_by))
        for one, outcome in file.decisions
    )
    table = Table(voice.say("Decisions"), heads, rows, voice.say("No decision since the last meeting is on record."))
    if file.last is None:
        return Part("decisions", voice.say("Since the last meeting"), voice.say("No meeting is on record."), (table,))
    lead = voice.say("The last meeting was held on {day}.", day=voice.when(file.last.held))
    told = tuple((Words(text, "" if voice.language == "en" else "en", file.last.confidence),) for text in file.last.outcomes)
    names.title(file.last)
    points = Points(voice.say("What was brought up there"), told, voice.say("Nothing of its outcome is on record."))
    return Part("decisions", voice.say("Since the last meeting"), lead, (points, table))


def overdue(file: Dossier, names: Namer) -> Part:
    """Commitments that are late, and those that come."""
    voice = names.voice
    heads = (voice.say("Commitment"), voice.say("Owner and date"), voice.say("Moved by"), voice.say("Evidence"))
    late = Table(
        voice.say("Overdue"), heads, tuple(_duty(one, names) for one in file.overdue), voice.say("No commitment is overdue.")
    )
    later = Table(
        voice.say("Open"), heads, tuple(_duty(one, names) for one in file.later), voice.say("No open commitment is on record.")
    )
    return Part("commitments", voice.say("Commitments"), "", (late, later))


def _duty(one: Duty, names: Namer) -> tuple[Cell, ...]:
    voice, stand = names.voice, one.progress
    slip = voice.count("{n} day", "{n} days", stand.slip_days) if stand.slip_days else DASH
    shown = voice.say("shown") if stand.shown else voice.say("none on record")
    return names.title(one.commitment), duty(names, one.commitment, names.on), slip, shown


def projects(file: Dossier, names: Namer) -> Part:
    """Projects under the instrument of which something is new."""
    voice = names.voice
    heads = (
        voice.say("Project"),
        voice.say("Was"),
        voice.say("Is"),
        voice.say("Last reported"),
        voice.say("Start against first plan"),
    )
    rows = tuple(_moved(one, names) for one in file.moved)
    since = voice.say("Reported since {day}.", day=voice.day(file.since)) if file.since else ""
    table = Table(voice.say("Projects"), heads, rows, voice.say("Nothing new of a project is on record."))
    return Part("projects", voice.say("Projects with news"), since, (table,))


def _moved(one: Moved, names: Namer) -> tuple[Cell, ...]:
    voice = names.voice
    was = names.code("project_status", one.before.status) if one.before.status != "unknown" else DASH
    is_ = Words(names.code("project_status", one.now.status), "", one.now.confidence or "reported")
    return names.title(one.project), was, is_, voice.when(one.now.seen), _slip(one, names)


def _slip(one: Moved, names: Namer) -> str:
    voice, slip = names.voice, one.slip
    if slip is None:
        return DASH
    if not slip.planned_for:
        return voice.say("no date any more")
    if slip.months is None:
        return voice.when(slip.planned_for)
    if slip.months == 0:
        return voice.say("{day}, as first planned", day=voice.when(slip.planned_for))
    months, day = voice.number(abs(slip.months)), voice.when(slip.planned_for)
    if slip.months > 0:
        return voice.say("{day}, {months} months later", day=day, months=months)
    return voice.say("{day}, {months} months earlier", day=day, months=months)


def open_matters(file: Dossier, names: Namer) -> Part:
    """Notices, differences and amendments that wait."""
    voice = names.voice
    heads = (voice.say("Matter"), voice.say("State"))
    lines = {line.id: line for line in file.agenda if line.section in ("notice", "difference", "amendment")}
    matters = [*(one for one, _ in file.notices), *file.differences, *(one for one, _ in file.amendments)]
    rows = tuple((names.title(one), why(names, lines[one.id], one)) for one in matters if one.id in lines)
    empty = voice.say("No notice waits to be acknowledged, no difference and no amendment is open.")
    table = Table(voice.say("Notices, differences, amendments"), heads, rows, empty)
    return Part("open", voice.say("Open matters"), "", (table,))


def indicators(file: Dossier, names: Namer) -> Part:
    """The numbers by which commitments and aims show."""
    voice = names.voice
    heads = (
        voice.say("Indicator"), voice.say("Owner"), voice.say("Baseline"), voice.say("Last value"),
        voice.say("Target"), voice.say("Way done"), voice.say("Trend"),
    )  # fmt: skip
    rows = tuple(_reading(one, names) for one in file.readings)
    table = Table(voice.say("Indicators"), heads, rows, voice.say("No indicator is named."))
    lead = voice.say("A dash: nobody has given the number. It is not zero.")
    silent = tuple((names.title(one.commitment),) for one in (*file.overdue, *file.later) if one.commitment.indicator is None)
    points = Points(voice.say("Commitments without an indicator"), silent, voice.say("Each commitment names an indicator."))
    return Part("indicators", voice.say("Indicators"), lead, (table, points))


def _reading(one: Reading, names: Namer) -> tuple[Cell, ...]:
    voice = names.voice
    trends = {
        "towards": voice.say("towards the target"),
        "away": voice.say("away from the target"),
        "still": voice.say("does not move"),
        "unknown": DASH,
    }
    base = voice.amount(one.baseline, one.unit)
    if one.baseline is not None and one.baseline_year:
        base = voice.say("{value} ({day})", value=base, day=voice.when(str(one.baseline_year)))
    last: Cell = DASH
    if one.latest is not None:
        value = voice.amount(one.latest.value, one.unit)
        last = Words(voice.say("{value} ({day})", value=value, day=voice.when(one.latest.day)), "", one.latest.confidence)
    aim = voice.amount(one.target, one.unit)
    if one.target is not None and one.by:
        aim = voice.say("{value} ({day})", value=aim, day=voice.when(one.by))
    name = Words(one.name, "" if voice.language == "en" else "en", one.confidence)
    return name, _owner(one, names), base, last, aim, voice.share(one.way), trends[one.trend]


def _owner(one: Reading, names: Namer) -> str:
    """Who committed to it; a dash for the aim of an article."""
    found = names.register.records.get((Commitment.kind, one.commitment))
    return names.organisation(found.owner) if isinstance(found, Commitment) else DASH
