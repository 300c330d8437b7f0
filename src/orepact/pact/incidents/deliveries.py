"""``Delivery``: what somebody promised under a decision on aid, by when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.ordering import in_order
from orepact.pact.dates.past import PastDate
from orepact.pact.decisions.decision import NO_AID, AidChoice, Decision
from orepact.pact.incidents.incident import Closing
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import DecisionId, OrganisationId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

DeliveryState = Literal["promised", "partly", "delivered", "overdue", "ended"]


class Arrival(Part):
    """What arrived when: a quantity in the unit of the delivery, or, where none was promised, the thing itself."""

    on: PastDate
    quantity: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    evidence: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery on a day. ``delivered``: in its unit, None where nothing is counted; ``settled``: the day it was over."""

    state: DeliveryState
    delivered: float | None
    settled: date | None
    days_late: int


class Delivery(Record):
    """Help promised under an approved decision. ``quantity`` in ``unit`` of ``what``, or a thing that is not counted.

    ``ended``: it will not come any more, and why.
    """

    kind: ClassVar[str] = "delivery"

    decision: DecisionId
    by: OrganisationId
    to: OrganisationId
    what: Text = Field(min_length=1)
    commodity: Identifier | None = None
    quantity: float | None = Field(default=None, gt=0, allow_inf_nan=False)
    unit: Text = ""
    due: DateText
    arrivals: tuple[Arrival, ...] = ()
    ended: Closing | None = None

    def standing(self, on: date) -> Standing:
        """How it stands on a day: overdue once the last day of its date is past and something lacks."""
        came = sorted((each for each in self.arrivals if happened(each.on, on)), key=lambda each: Span.of(each.on).last)
        total = sum(each.quantity or 0.0 for each in came) if self.quantity is not None else None
        enough = self._enough(came)
        last = Span.of(self.due).last
        if enough is not None:
            return Standing("delivered", total, enough, max(0, (enough - last).days))
        if self.ended is not None and happened(self.ended.on, on):
            over = Span.of(self.ended.on).last
            return Standing("ended", total, over, max(0, (over - last).days))
        if last < on:
            return Standing("overdue", total, None, (on - last).days)
        return Standing("partly" if came else "promised", total, None, 0)

    @property
    def beyond(self) -> float:
        """How much more arrived than was promised, in its unit; 0 where nothing is counted."""
        total = sum(each.quantity or 0.0 for each in self.arrivals)
        return total - self.quantity if self.quantity is not None and total > self.quantity * (1 + 1e-9) else 0.0

    def _enough(self, came: list[Arrival]) -> date | None:
        """The day on which all had arrived."""
        total = 0.0
        for each in came:
            total += each.quantity or 0.0
            if self.quantity is None or total >= self.quantity * (1 - 1e-9):
                return Span.of(each.on).last
        return None

    def entry(self) -> Entry:
        """Its state as written down, whatever the day."""
        state = "delivered" if self._enough([*self.arrivals]) else "ended" if self.ended else "promised"
        return Entry(self.title, state, self.by, due=Span.of(self.due).last if state == "promised" else None)

    def problems(self, register: Register) -> Iterator[Problem]:
        """A promise without an approved decision, arrivals before it, quantities without a unit, one who delivers to himself."""
        where = f"delivery {self.id}"
        yield from self._decided(register)
        if (self.quantity is None) != (not self.unit):
            found = f"{self.quantity} {self.unit}".strip()
            yield Problem(f"{where}, unit", "a quantity with its unit, or neither", found, "add the other, or leave it out")
        for number, each in enumerate(self.arrivals):
            if (each.quantity is None) != (self.quantity is None):
                expected = f"a quantity in {self.unit}" if self.unit else "no quantity, as none was promised"
                yield Problem(f"{where}, arrivals.{number}", expected, str(each.quantity), "mend the arrival or the promise")
        if self.by == self.to:
            yield Problem(f"{where}, to", f"another than {self.by}", self.to, "name who receives it")

    def _decided(self, register: Register) -> Iterator[Problem]:
        where = f"delivery {self.id}, decision"
        decision = register.records.get((Decision.kind, self.decision))
        if not isinstance(decision, Decision):
            return
        if not isinstance(decision.subject, AidChoice) or decision.subject.option == NO_AID:
            yield Problem(
                where, "a decision to give aid", f"{decision.id}, on {decision.subject.what}", "name the decision on aid"
            )
            return
        outcome = decision.outcome(decision.keys)
        if outcome.state != "approved":
            found = f"{decision.id}, {outcome.state}: {outcome.because}"
            yield Problem(where, "an approved decision", found, "promise it once every side has approved")
            return
        ended = self.ended.on if self.ended else None
        yield from in_order(f"delivery {self.id}", approved=outcome.day, ended=ended)
        for number, each in enumerate(self.arrivals):
            yield from in_order(f"delivery {self.id}, arrivals.{number}", approved=outcome.day, on=each.on)
