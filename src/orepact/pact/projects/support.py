"""Public support of a project: what was pledged, in which form, on which milestones, and what was paid and lost.

A pledge is not a payment, and a letter of interest is not a pledge. What was paid is known by statements ("none by July 2024"),
each of which holds until the next; where there is none, nothing is said, not zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened
from orepact.pact.dates.past import PastDate
from orepact.pact.projects.money import Money, Sum, money_problems, sums
from orepact.pact.projects.project import CALLED_OFF, PartyOf, Project
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Part, Record, Text
from orepact.pact.records.references import ProgrammeId, ProjectId, SupportKindCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: Forms that bind nobody yet.
NO_PLEDGE = frozenset({"letter_of_interest"})


class Pledge(Part):
    """What was promised from a date on, in place of what was promised before."""

    date: PastDate
    amount: Money
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class Statement(Part):
    """What was paid, or lost, in all by a date."""

    by: PastDate
    amount: Money
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class SupportMilestone(Part):
    """What must be there before (a part of) the money is paid."""

    text: Text
    due: DateText | None = None
    met_on: PastDate | None = None
    releases: Money | None = None


class Support(Record):
    """Support of one kind by one giver to one project (or to several together)."""

    kind: ClassVar[str] = "support"

    projects: tuple[ProjectId, ...]
    giver: PartyOf
    support_kind: SupportKindCode
    programme: ProgrammeId | None = None
    pledges: tuple[Pledge, ...] = ()
    paid: tuple[Statement, ...] = ()
    lost: tuple[Statement, ...] = ()
    milestones: tuple[SupportMilestone, ...] = ()
    withdrawn_on: PastDate | None = None
    withdrawn_why: Text = ""

    def entry(self) -> Entry:
        """Pledged or withdrawn, owned by the giver."""
        state = "withdrawn" if self.withdrawn_on else self.support_kind
        return Entry(self.title, state=state, owner=self.giver.organisation or "")

    def problems(self, register: Register) -> Iterator[Problem]:
        """An unknown kind, amounts that make no sense, payments before the first pledge, an end without a reason."""
        where = f"support {self.id}"
        yield from unknown(register, f"{where}, support_kind", "support_kind", self.support_kind)
        for name in ("pledges", "paid", "lost"):
            for number, one in enumerate(getattr(self, name), start=1):
                yield from money_problems(f"{where}, {name} {number}", one.amount)
        if self.withdrawn_on and not self.withdrawn_why:
            yield Problem(f"{where}, withdrawn_why", "a reason", "nothing", "say why it was withdrawn")
        first = min((Span.of(one.date) for one in self.pledges), default=None)
        for one in self.paid if first else ():
            if first and Span.of(one.by).surely_before(first) and one.amount.high != 0:
                found = f"paid by {one.by}"
                yield Problem(f"{where}, paid", f"nothing before the first pledge on {first.first}", found, "mend a date")


@dataclass(frozen=True, slots=True)
class Account:
    """One support on a day: ``pledged`` (None before the first pledge or after it was withdrawn), ``paid`` and ``lost`` as last
    stated (None where nothing is stated), with the day of the statement.
    """

    support: str
    kind: str
    pledged: Money | None
    paid: Money | None
    paid_by: str
    lost: Money | None

    @property
    def binding(self) -> bool:
        """Whether it is more than a letter of interest."""
        return self.kind not in NO_PLEDGE


def account(support: Support, on: date) -> Account:
    """What is known of a support on a day."""
    pledges = [one for one in support.pledges if happened(one.date, on)]
    pledge = max(reversed(pledges), key=lambda one: Span.of(one.date), default=None)
    gone = support.withdrawn_on is not None and happened(support.withdrawn_on, on)
    paid, lost = _last(support.paid, on), _last(support.lost, on)
    return Account(
        support.id,
        support.support_kind,
        None if gone or pledge is None else pledge.amount,
        paid.amount if paid else None,
        paid.by if paid else "",
        lost.amount if lost else None,
    )


def outlived(supports: Iterable[Support], register: Register, on: date) -> tuple[Support, ...]:
    """Those that are still pledged on a day although each of their projects was called off: nobody has said that they lapsed."""
    return tuple(one for one in supports if account(one, on).pledged and one.projects and _called_off(one, register, on))


def _called_off(support: Support, register: Register, on: date) -> bool:
    return all(register.get(Project, name).standing(on).status in CALLED_OFF for name in support.projects)


def _last(statements: Iterable[Statement], on: date) -> Statement | None:
    """The statement that goes furthest: what is stated by a year is stated by its end; of one day the one written last."""
    known = [one for one in statements if happened(one.by, on)]
    return max(reversed(known), key=lambda one: Span.of(one.by).last, default=None)


@dataclass(frozen=True, slots=True)
class Balance:
    """Totals by currency of several supports; ``silent`` names those without word of payment, ``interest`` are letters."""

    pledged: dict[str, Sum]
    interest: dict[str, Sum]
    paid: dict[str, Sum]
    lost: dict[str, Sum]
    silent: tuple[str, ...]


def balance(supports: Iterable[Support], on: date) -> Balance:
    """Pledged against paid on a day, each support once, currencies apart."""
    accounts = [account(support, on) for support in supports]
    return Balance(
        sums(one.pledged for one in accounts if one.pledged and one.binding),
        sums(one.pledged for one in accounts if one.pledged and not one.binding),
        sums(one.paid for one in accounts if one.paid),
        sums(one.lost for one in accounts if one.lost),
        tuple(one.support for one in accounts if one.paid is None and one.pledged and one.binding),
    )
