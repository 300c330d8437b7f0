"""``Pattern``: how governments agreed to do something elsewhere, taken as the usual way here: forms, clocks, levels of alert."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from orepact.errors import NotFound, Problem
from orepact.pact.dates.moments import Zone
from orepact.pact.decisions.decision import Quorum
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Entry, Identifier, Language, Part, Record, Text
from orepact.pact.records.references import InstrumentId, MeetingModeCode, PatternKindCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Question(Part):
    """A field of a form: what is asked, in words of several languages, and whether it must be answered."""

    id: Identifier
    title: Text = Field(min_length=1)
    titles: Mapping[Language, Text] = {}
    required: bool = True
    help: Text = ""

    def title_in(self, language: str) -> str:
        """The question in a language, in English where it has none."""
        words: Mapping[str, str] = self.titles  # type: ignore[assignment]  # any language may be asked for
        return words.get(language, self.title)


class Pattern(Record):
    """A way in which governments watch for shortages or ask for help.

    One with a ``form`` is a way to ask for help, and sets the clock of the meeting. ``meeting_days``: days of the calendar of
    ``time_zone``, the day after receipt being day 1; ``basis``: whose rule that is, as it is no duty where it
    was not agreed. ``instruments``: those that it is the way of; none: of every one without its own.
    ``quorum``: who decides on aid. ``text``: what the pattern does, by topic.
    """

    kind: ClassVar[str] = "pattern"

    pattern_kind: PatternKindCode
    instruments: tuple[InstrumentId, ...] = ()
    form: tuple[Question, ...] = ()
    meeting_days: int | None = Field(default=None, ge=1, le=366)
    time_zone: Zone = "UTC"
    modes: tuple[MeetingModeCode, ...] = ()
    quorum: Quorum = "each_side"
    basis: Text = ""
    text: Mapping[Identifier, Text] = {}

    def entry(self) -> Entry:
        """Its state is its kind."""
        return Entry(self.title, state=self.pattern_kind)

    def problems(self, register: Register) -> Iterator[Problem]:
        """A kind that no list knows, questions asked twice, a clock without a word on whose it is, two ways of one instrument."""
        where = f"pattern {self.id}"
        yield from unknown(register, f"{where}, pattern_kind", "pattern_kind", self.pattern_kind)
        for mode in self.modes:
            yield from unknown(register, f"{where}, modes", "meeting_mode", mode)
        names = [question.id for question in self.form]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"{where}, form", "each question once", f"{name} {names.count(name)} times", "keep one of them")
        if self.meeting_days is not None and not self.basis:
            yield Problem(
                f"{where}, basis", "whose clock it is", "nothing", "say where the days come from, and whether they bind"
            )
        yield from self._rivals(register)

    def _rivals(self, register: Register) -> Iterator[Problem]:
        for other in register.all(Pattern):
            if not (self.form and other.form and other.id < self.id):
                continue
            both = set(self.instruments) & set(other.instruments)
            if both or not (self.instruments or other.instruments):
                found = f"{other.id} too{' for ' + ', '.join(sorted(both)) if both else ''}"
                yield Problem(
                    f"pattern {self.id}, instruments", "one way to ask", found, "name other instruments for one of them"
                )


def way_to_ask(register: Register, instrument: str) -> Pattern:
    """The form and clock of an instrument: its own, else the usual one; raises ``NotFound`` where there is neither."""
    ways = [pattern for pattern in register.all(Pattern) if pattern.form]
    own = [way for way in ways if instrument in way.instruments]
    usual = [way for way in ways if not way.instruments]
    if own or usual:
        return (own or usual)[0]
    raise NotFound("pattern with a form for", instrument, [way.id for way in ways])
