"""``EndNotice`` and its clock: who ends an instrument, from which day, and in which state an instrument is on a day.

A notice is dated by the day in the giver's own country. Three months from it is the same day of the month three months on, or the
last day of a shorter month; on that day the instrument no longer works.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from orepact.errors import Problem
from orepact.pact.dates.days import Day, Span, happened, months_after, so_many_days
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDay
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.instruments.operation import Start, signatures_by, start
from orepact.pact.instruments.terms import EndRule
from orepact.pact.records.record import Entry, Record, Text
from orepact.pact.records.references import InstrumentId, OrganisationId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

Stage = Literal["stub", "unknown", "announced", "unsigned", "signed", "in_operation", "ending", "ended"]


class EndNotice(Record):
    """A participant's notice that it ends an instrument. ``asked`` is the day it wants, if it names one."""

    kind: ClassVar[str] = "end_notice"

    instrument: InstrumentId
    organisation: OrganisationId
    given_on: PastDay
    asked: Day | None = None
    written: bool = True
    withdrawn_on: PastDay | None = None
    reason: Text = ""

    def entry(self) -> Entry:
        """Due by the day it asks for."""
        state = "withdrawn" if self.withdrawn_on else "given"
        return Entry(self.title, state, self.organisation, self.instrument, due=self.asked)

    def problems(self, register: Register) -> Iterator[Problem]:
        """A giver that is no participant, dates that contradict, fewer months than the instrument commands."""
        instrument = register.records.get((Instrument.kind, self.instrument))
        if not isinstance(instrument, Instrument):
            return
        where = f"end_notice {self.id}"
        if self.organisation not in instrument.participants:
            known = ", ".join(instrument.participants) or "none is known"
            yield Problem(f"{where}, organisation", f"a party of {self.instrument}", self.organisation, f"the parties: {known}")
        begun = start(instrument, date.max).day
        yield from in_order(where, start=begun, given_on=self.given_on, withdrawn_on=self.withdrawn_on)
        yield from in_order(where, given_on=self.given_on, asked=self.asked)
        yield from self._against(instrument.end or EndRule(), where)

    def _against(self, rule: EndRule, where: str) -> Iterator[Problem]:
        clock = clock_of(self, rule)
        if rule.strength == "shall" and clock.short_days:
            expected = f"{clock.full} or later ({rule.months} months)"
            yield Problem(f"{where}, asked", expected, str(self.asked), "ask for a later day")
        if rule.written and not self.written:
            yield Problem(f"{where}, written", "notice in writing", "not written", "write it, and date it by the writing")
        if self.withdrawn_on and clock.ends_on and self.withdrawn_on >= clock.ends_on:
            mend = "what has ended is begun anew, by a new instrument"
            yield Problem(f"{where}, withdrawn_on", f"a day before the end, {clock.ends_on}", str(self.withdrawn_on), mend)


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """The months of one notice: ``full`` when all have run, ``ends_on`` when the instrument stops (None: nobody can say).

    ``short_days``: by how many days the giver asks for less than the full time; a *should* warns, and does not hold it back.
    """

    notice: EndNotice
    full: date | None
    ends_on: date | None
    short_days: int
    words: str

    def remaining_days(self, on: date) -> int | None:
        """Days left on a day, 0 once it is over."""
        return None if self.ends_on is None else max(0, (self.ends_on - on).days)


def clock_of(notice: EndNotice, rule: EndRule) -> NoticePeriod:
    """The clock of a notice under the rule of its instrument."""
    if rule.months is None:
        words = "no time of notice is stated in what was seen of the text"
        return NoticePeriod(notice, None, notice.asked, 0, f"{words}; the giver asks for {notice.asked or 'no day'}")
    full = months_after(notice.given_on, rule.months)
    short = max(0, (full - notice.asked).days) if notice.asked else 0
    said = f"{rule.months} months from {notice.given_on} end on {full}"
    if not short:
        return NoticePeriod(notice, full, max(full, notice.asked or full), 0, said)
    if rule.strength == "shall":
        return NoticePeriod(
            notice, full, full, short, f"{said}; {notice.asked} is {so_many_days(short)} too early and does not count"
        )
    words = f"{said}; {notice.asked} is {so_many_days(short)} short of what one should give"
    return NoticePeriod(notice, full, notice.asked, short, words)


def clocks(instrument: Instrument, register: Register, on: date) -> tuple[NoticePeriod, ...]:
    """The clocks that run or have run out on a day; withdrawn notices have none. Soonest first, unknown ends last."""
    rule = instrument.end or EndRule()
    found = []
    for record in register.referring(EndNotice, instrument.id):
        if record.instrument == instrument.id and record.given_on <= on:
            withdrawn = record.withdrawn_on is not None and record.withdrawn_on <= on
            found += [] if withdrawn else [clock_of(record, rule)]
    return tuple(sorted(found, key=lambda clock: (clock.ends_on or date.max, clock.notice.id)))


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of an instrument on a day, since when, until when if an end is set, and why."""

    stage: Stage
    since: str | None
    until: date | None
    because: str


def standing(instrument: Instrument, register: Register, on: date) -> Standing:
    """In which state an instrument is on a day, by its signatures, its start and the notices to end it."""
    if instrument.stub:
        return Standing("stub", None, None, "named by others; nothing more is known here")
    begun, end = start(instrument, on), end_of(instrument, register, on)
    if end is not None:
        over, why = end <= on, _why_ended(instrument, register, on)
        return Standing("ended" if over else "ending", end.isoformat() if over else begun.day, end, why)
    if begun.begun(on):
        return Standing("in_operation", begun.day, None, begun.because)
    return _before_start(instrument, begun, on)


def _before_start(instrument: Instrument, begun: Start, on: date) -> Standing:
    """The state of what has not started, or does not say when."""
    signed = signatures_by(instrument, on)
    if begun.waiting and instrument.effect.rule == "last_signature":
        return Standing("unsigned", None, None, begun.because)
    if signed:
        return Standing("signed", signed[-1].day, None, begun.because)
    if instrument.announced and happened(instrument.announced, on):
        return Standing("announced", instrument.announced, None, f"announced {instrument.announced}; {begun.because}")
    return Standing("unknown", None, None, begun.because)


def end_of(instrument: Instrument, register: Register, on: date) -> date | None:
    """The day from which the instrument no longer works for anybody, as known on a day; None while no end is set."""
    stated = instrument.ended if instrument.ended and happened(instrument.ended, on) else None
    days = [Span.of(stated).last] if stated else []
    if (instrument.end or EndRule()).ends_for != "giver":
        days += [clock.ends_on for clock in clocks(instrument, register, on) if clock.ends_on]
    return min(days, default=None)


def participants_on(instrument: Instrument, register: Register, on: date) -> tuple[str, ...]:
    """The parties for which the instrument has not ended on a day."""
    end = end_of(instrument, register, on)
    if end is not None and end <= on:
        return ()
    gone = {clock.notice.organisation for clock in clocks(instrument, register, on) if clock.ends_on and clock.ends_on <= on}
    return tuple(name for name, party in instrument.participants.items() if name not in gone and party.holds_on(on))


def _why_ended(instrument: Instrument, register: Register, on: date) -> str:
    if instrument.ended and happened(instrument.ended, on):
        return instrument.end_reason
    first = clocks(instrument, register, on)[0]
    return f"notice of {first.notice.organisation}: {first.words}"
