"""The room of one incident: request, clock, assessment, options, keys, deliveries, log and review, as one reader may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orepact.pact.dates.moments import local_day
from orepact.pact.decisions.decision import AidChoice
from orepact.pact.incidents.incident import Incident
from orepact.pact.incidents.patterns import Pattern
from orepact.pact.incidents.progress import Casefile, progress
from orepact.pact.instruments.instrument import Instrument
from orepact.report.sentences import Said
from orepact.service.access.whose import keeper_of
from orepact.service.pact.desk import Desk, asked
from orepact.service.rules import day_of
from orepact.service.view.deciding import deciding, since
from orepact.service.view.incident_words import code, names, step_words
from orepact.service.view.said import Named, Several
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.dates.clocks import Clock
    from orepact.pact.decisions.decision import Decision
    from orepact.pact.incidents.assessments import Assessment
    from orepact.pact.incidents.deliveries import Delivery, Standing
    from orepact.pact.incidents.reviews import Review
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where
    from orepact.service.view.deciding import Deciding, KeySide
    from orepact.store.store import Store


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step with its state, the words that it is told with, the day on which it was done and the one on which it is due."""

    name: str
    state: str
    words: str | Said | Named
    day: str
    due: str


@dataclass(frozen=True, slots=True)
class Delivering:
    """A promise and what came of it; ``mine``: who asks receives it, and may note what arrived."""

    delivery: Delivery
    by: Named
    to: Named
    standing: Standing
    mine: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log: what was done to which record, by which account, when and why."""

    at: str
    kind: str
    record: str
    version: int
    who: str
    why: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """A record of the room, with who may know of it: its label, and those it names besides where who asks may see that."""

    kind: str
    record: str
    title: str
    label: str
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """An incident on a day, with all that who asks may see of it.

    ``questions``: those of its form, each with its answer ("" for none); ``others``: decisions under the instrument about other
    things, asked for since; ``parties``: those of the instrument, by id, with their side; ``own_side``: that of who asks;
    ``keeps``: he writes it.
    """

    incident: Incident
    title: Named
    on: date
    stage: str
    steps: tuple[StepLine, ...]
    clock: Clock
    instrument: Named
    basis: str
    asked_by: Named | None
    asked_of: Several | None
    questions: tuple[tuple[str, str, str, str], ...]
    parties: tuple[tuple[str, Named, str], ...]
    own_side: str
    keeps: bool
    assessment: Assessment | None
    earlier: tuple[Assessment, ...]
    decisions: tuple[Deciding, ...]
    others: tuple[Deciding, ...]
    deliveries: tuple[Delivering, ...]
    reviews: tuple[Review, ...]
    log: tuple[Entry, ...]
    sights: tuple[Sight, ...]
    modes: tuple[tuple[str, Named], ...]

    @property
    def open(self) -> bool:
        """Whether it is not closed."""
        return self.incident.closed is None

    @property
    def turnable(self) -> tuple[tuple[Deciding, KeySide], ...]:
        """The keys that who asks may turn now."""
        return tuple((one, side) for one in (*self.decisions, *self.others) for side in one.sides if side.mine)


def room(name: str, db: Where = None, *, on: str | None = None, language: str = "en") -> Room:
    """The room of an incident on a day; raises ``NotFound`` for one that is not there for who asks."""
    day = day_of(on)
    reader = db.reader if isinstance(db, Desk) else None
    with asked(db) as (store, register):
        incident = register.get(Incident, name)
        file = Casefile.of(incident, register, day)
        told = progress(incident, register, day)
        steps = tuple(StepLine(one.name, one.state, step_words(one, file), _iso(one.day), _iso(one.due)) for one in told.steps)
        instrument = register.get(Instrument, incident.instrument)
        way = register.records.get((Pattern.kind, incident.pattern))
        parties = tuple((each, name_of(register, each), party.side) for each, party in instrument.participants.items())
        own = reader.organisation if reader else ""
        request = incident.request
        records: list[Record] = [incident, *file.assessments, *file.decisions, *file.deliveries, *file.reviews]
        return Room(
            incident=incident, title=Named(incident.title, titles(incident.titles)), on=day, stage=told.stage, steps=steps,
            clock=told.meeting, instrument=Named(instrument.title, titles(instrument.titles)),
            basis=way.basis if isinstance(way, Pattern) else "",
            asked_by=name_of(register, request.by) if request else None,
            asked_of=names(register, request.asked) if request else None,
            questions=tuple(_questions(way, incident, language)), parties=parties,
            own_side=next((side for each, _, side in parties if each == own), ""), keeps=_keeps(reader, incident),
            assessment=file.assessment, earlier=file.assessments[:-1],
            decisions=tuple(_deciding(one, file, reader) for one in file.decisions), others=_beside(file, reader),
            deliveries=tuple(_delivering(one, register, day, own) for one in file.deliveries), reviews=file.reviews,
            log=tuple(_log(store, records)), sights=tuple(_sights(records, reader)),
            modes=tuple((mode, code(register, "meeting_mode", mode)) for mode in way.modes) if isinstance(way, Pattern) else (),
        )  # fmt: skip


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _keeps(reader: Reader | None, incident: Incident) -> bool:
    """Whether who asks may change the incident itself: those who asked for help, and who keeps the register."""
    return (
        reader is None
        or "registrar" in reader.roles
        or (bool(keeper_of(incident)) and keeper_of(incident) == reader.organisation)
    )


def _questions(way: object, incident: Incident, language: str) -> Iterator[tuple[str, str, str, str]]:
    answers = incident.request.answers if incident.request else {}
    if isinstance(way, Pattern):
        yield from ((one.id, one.title_in(language), one.help, answers.get(one.id, "")) for one in way.form)


def _deciding(one: Decision, file: Casefile, reader: Reader | None) -> Deciding:
    subject = one.subject
    assert isinstance(subject, AidChoice), "the file of an incident holds decisions on aid"
    sealed = file.by_id.get(subject.assessment)
    titled = next((each.title for each in sealed.aid if each.option == subject.option), "") if sealed else ""
    return deciding(one, file.register, file.on, reader, titled)


def _beside(file: Casefile, reader: Reader | None) -> tuple[Deciding, ...]:
    """What else was asked under the instrument since help was asked for."""
    request, instrument = file.incident.request, file.incident.instrument
    if request is None:
        return ()
    return since(instrument, file.register, local_day(request.sent_at, file.incident.time_zone), file.on, reader)


def _delivering(one: Delivery, register: Register, on: date, own: str) -> Delivering:
    return Delivering(one, name_of(register, one.by), name_of(register, one.to), one.standing(on), one.to == own)


def _log(store: Store, records: list[Record]) -> list[Entry]:
    """What was written of these records, the last first."""
    found: list[Entry] = []
    for record in records:
        before: dict[str, Any] = {}
        for change in store.history(record.kind, record.id):
            content = change.item.content()
            fields = sorted(key for key in {*before, *content} if before.get(key) != content.get(key)) if before else []
            found.append(Entry(change.at, record.kind, record.id, change.version, change.actor, change.reason, tuple(fields)))
            before = content
    return sorted(found, key=lambda entry: (entry.at, entry.version), reverse=True)


def _sights(records: list[Record], reader: Reader | None) -> Iterator[Sight]:
    for record in records:
        own = reader is None or (bool(keeper_of(record)) and keeper_of(record) == reader.organisation)
        named = tuple(each.organisation or each.person or each.body or "" for each in record.readers) if own else ()
        yield Sight(record.kind, record.id, record.title, record.label, named)
