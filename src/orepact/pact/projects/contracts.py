"""Contracts: who sells what to whom, in versions with term, price formula and conditions, and what was delivered.

A contract is never overwritten: each version says from when it holds, claims that rival it stay beside it. A share of output
is no tonnage before the output is known, and what is not stated is None, never 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.days import DateText, Span, happened, months_after
from orepact.pact.dates.past import PastDate
from orepact.pact.projects.project import (
    ENDED,
    PartyOf,
    Served,
    Standing,
    Status,
    last_state,
    places_of,
    served_problems,
    standing,
    status_problems,
)
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import ContractId, ContractKindCode, ProjectId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

DAYS_IN_YEAR = 365.2425


class Quantity(Part):
    """How much: an amount of ``unit`` a year or in all, or a share (of 1) of what the seller's site makes.

    ``up_to`` marks an upper end, not a duty.
    """

    basis: Literal["per_year", "total", "share_of_output"]
    amount: float = Field(gt=0)
    unit: Text = ""
    up_to: bool = False


class Term(Part):
    """How long: from, to, or years from the first delivery; ``text`` as stated where it says more."""

    begins: DateText | None = None
    ends: DateText | None = None
    years: float | None = Field(default=None, gt=0)
    text: Text = ""


class Price(Part):
    """A price formula per ``unit`` of good: the market price of ``index``, kept within a floor and a ceiling.

    ``fixed`` replaces the market price. Of what the market pays above ``fixed``, ``upside`` (a share of 1) goes to the seller.
    Numbers that are not public are None; ``text`` says what is known in words.
    """

    currency: Text = ""
    unit: Text = ""
    index: Text = ""
    fixed: float | None = Field(default=None, gt=0)
    floor: float | None = Field(default=None, ge=0)
    ceiling: float | None = Field(default=None, gt=0)
    upside: float | None = Field(default=None, ge=0, le=1)
    text: Text = ""

    def paid(self, market: float) -> float:
        """What a unit costs the buyer at a market price, both in ``currency`` per ``unit``.

        >>> Price(floor=10, ceiling=20).paid(25), Price(fixed=15, upside=0.5).paid(25), Price(fixed=15, upside=0.5).paid(5)
        (20.0, 20.0, 15.0)
        """
        price = market
        if self.fixed is not None:
            price = self.fixed + (self.upside or 0) * max(0.0, market - self.fixed)
        price = price if self.floor is None else max(price, self.floor)
        return float(price if self.ceiling is None else min(price, self.ceiling))


class Condition(Part):
    """Something that must happen first; open until it is met or has failed."""

    text: Text = Field(min_length=1)
    due: DateText | None = None
    met_on: PastDate | None = None
    failed_on: PastDate | None = None


class Rival(Part):
    """Another claim about the same version, kept with the reason why it does not win."""

    quantity: Quantity
    reason: Text = Field(min_length=1)
    source: Text = ""


class Version(Part):
    """The contract as it stands from a date on."""

    valid_from: DateText
    quantity: Quantity | None = None
    term: Term = Term()
    price: Price | None = None
    conditions: tuple[Condition, ...] = ()
    rivals: tuple[Rival, ...] = ()
    text: Text = ""
    source: Text = ""
    confidence: Confidence = "reported"


class Delivery(Part):
    """What was delivered in a period."""

    period: PastDate
    quantity: float = Field(ge=0)
    unit: Text = Field(min_length=1)
    source: Text = ""
    confidence: Confidence = "reported"


class Contract(Record):
    """An offtake, a stake, a memorandum between companies: a tie between a seller and its buyers.

    ``site`` and ``buyer_site`` are sites of the facts; ``commodity`` and ``binding`` are None where they are not stated.
    """

    kind: ClassVar[str] = "contract"

    contract_kind: ContractKindCode
    sellers: tuple[PartyOf, ...] = ()
    buyers: tuple[PartyOf, ...] = ()
    site: Identifier | None = None
    buyer_site: Identifier | None = None
    projects: tuple[ProjectId, ...] = ()
    serves: tuple[Served, ...] = ()
    commodity: Identifier | None = None
    binding: bool | None = None
    statuses: tuple[Status, ...] = ()
    versions: tuple[Version, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    follows: tuple[ContractId, ...] = ()

    def entry(self) -> Entry:
        """Its last state, first known party and the articles that it serves."""
        parties = (*self.sellers, *self.buyers)
        owner = next((party.organisation for party in parties if party.organisation), None) or ""
        return Entry(self.title, last_state(self.statuses), owner, *places_of(self.serves))

    def standing(self, on: date) -> Standing:
        """The state on a day."""
        return standing(self.statuses, on)

    def version(self, on: date) -> Version | None:
        """The version that holds on a day, None before the first; of one date the one that is written last."""
        known = [one for one in reversed(self.versions) if happened(one.valid_from, on)]
        return max(known, key=lambda one: Span.of(one.valid_from)) if known else None

    def problems(self, register: Register) -> Iterator[Problem]:
        """Names that the lists do not know, terms that end before they begin, shares above the whole, doubtful units."""
        where = f"contract {self.id}"
        yield from unknown(register, f"{where}, contract_kind", "contract_kind", self.contract_kind)
        yield from status_problems(register, where, self.statuses)
        yield from served_problems(register, where, self.serves)
        for number, version in enumerate(self.versions, start=1):
            yield from _version_problems(f"{where}, versions {number}", version)


def _version_problems(where: str, version: Version) -> Iterator[Problem]:
    begins, ends = version.term.begins, version.term.ends
    if begins and ends and Span.of(ends).surely_before(Span.of(begins)):
        yield Problem(f"{where}, term", f"an end not before {begins}", ends, "mend one of the two dates")
    for quantity in (version.quantity, *(rival.quantity for rival in version.rivals)):
        if quantity is None:
            continue
        if quantity.basis == "share_of_output" and quantity.amount > 1:
            found = f"{quantity.amount:g}"
            yield Problem(f"{where}, quantity", "a share of 1 at most", found, "write 0.8 for 80 %")
        if quantity.basis != "share_of_output" and not quantity.unit:
            yield Problem(f"{where}, quantity, unit", "a unit such as t", "nothing", "say the unit of the amount")
    price = version.price
    if price and price.floor is not None and price.ceiling is not None and price.ceiling < price.floor:
        found = f"a ceiling of {price.ceiling:g}"
        yield Problem(f"{where}, price", f"a ceiling not below the floor of {price.floor:g}", found, "mend one of the two")
    for condition in version.conditions:
        if condition.met_on and condition.failed_on:
            found = f"met on {condition.met_on}, failed on {condition.failed_on}"
            yield Problem(f"{where}, conditions", "a condition that is met or has failed", found, "keep one of the two")


def binds(contract: Contract, on: date) -> bool:
    """Whether a contract holds goods on a day: not ended, with a version, and not said to be non-binding."""
    return contract.binding is not False and contract.standing(on).status not in ENDED and contract.version(on) is not None


def that_bind(contracts: Sequence[Contract], on: date) -> Iterator[tuple[Contract, Version]]:
    """The contracts that hold goods on a day, each with its version, without those that another has followed.

    A memorandum follows a contract without taking its place, and one that has ended does not bring back what it followed.
    """
    known = [(contract, version) for contract in contracts if (version := contract.version(on))]
    followed = {name for contract, _ in known if contract.binding is not False for name in contract.follows}
    yield from ((contract, version) for contract, version in known if contract.id not in followed and binds(contract, on))


@dataclass(frozen=True, slots=True)
class Committed:
    """How much of a site's good is promised for a year, and why it may be more: amounts in ``unit`` a year.

    ``firm`` is what contracts in force promise whose conditions are all met, ``conditional`` what the others do; ``unknown``
    names contracts whose amount cannot be told, ``told`` those of the two sums.
    """

    unit: str
    firm: float
    conditional: float
    unknown: tuple[str, ...]
    told: tuple[str, ...]

    def promised_in(self, unit: str) -> float:
        """All that is promised in a unit, under open conditions too: 0 where the amounts are told in another one."""
        return self.firm + self.conditional if unit == self.unit else 0.0

    def doubtful_in(self, unit: str) -> tuple[str, ...]:
        """Contracts of which nobody can tell the amount in a unit."""
        return self.unknown if unit == self.unit else (*self.told, *self.unknown)


def committed(
    contracts: Sequence[Contract], site: str, year: int, on: date, *, output: float | None = None, output_unit: str = "t"
) -> dict[str, Committed]:
    """By commodity, what binding contracts known on a day promise from a site in a year; each contract counts once.

    ``output`` (a year, in ``output_unit``) turns shares of it into amounts; without it they are unknown. A contract whose term
    surely lies outside the year promises nothing in it, and neither does one that another has followed.
    """
    found: dict[str, list[tuple[Contract, float | None, str]]] = {}
    for contract, version in that_bind(contracts, on):
        if contract.site == site and contract.commodity and runs_in(version.term, year):
            amount, unit = yearly(version, output, output_unit)
            found.setdefault(contract.commodity, []).append((contract, amount, unit))
    return {commodity: _committed(rows, on) for commodity, rows in found.items()}


def _committed(rows: Sequence[tuple[Contract, float | None, str]], on: date) -> Committed:
    units = {unit for _, amount, unit in rows if amount is not None}
    unit = min(units) if units else ""
    sums = {True: 0.0, False: 0.0}
    told = [contract.id for contract, amount, own in rows if amount is not None and own == unit]
    doubtful = [contract.id for contract, _, _ in rows if contract.id not in told]
    for contract, amount, _ in rows:
        if amount is not None and contract.id in told:
            sums[contract.standing(on).status != "in_force" or not all_met(contract, on)] += amount
    return Committed(unit, sums[False], sums[True], tuple(doubtful), tuple(told))


def yearly(version: Version, output: float | None = None, output_unit: str = "t") -> tuple[float | None, str]:
    """Amount a year and its unit: None for a share of an output that is not known, or a total over a term without years.

    >>> yearly(Version(valid_from="2023", quantity=Quantity(basis="share_of_output", amount=0.8)), output=6500)
    (5200.0, 't')
    """
    quantity = version.quantity
    if quantity is None:
        return None, ""
    if quantity.basis == "per_year":
        return quantity.amount, quantity.unit
    if quantity.basis == "share_of_output":
        return (None if output is None else quantity.amount * output), output_unit
    years = years_of(version.term)
    return (None if years is None else quantity.amount / years), quantity.unit


def years_of(term: Term) -> float | None:
    """How many years a term runs, None where nobody says."""
    if term.years is not None:
        return term.years
    if term.begins and term.ends:
        return round((Span.of(term.ends).last - Span.of(term.begins).first).days / DAYS_IN_YEAR, 2)
    return None


def runs_in(term: Term, year: int) -> bool:
    """Whether a term may run in a year: False only where it surely does not.

    >>> [runs_in(Term(begins=day, years=5), 2030) for day in ("2025", "2025-01-01")]
    [True, False]
    """
    whole = Span.of(str(year))
    if term.begins and whole.surely_before(Span.of(term.begins)):
        return False
    if term.ends and Span.of(term.ends).surely_before(whole):
        return False
    if term.begins and not term.ends and term.years is not None:
        return months_after(Span.of(term.begins).last, round(term.years * 12)) > whole.first
    return True


def open_conditions(contract: Contract, on: date) -> tuple[Condition, ...]:
    """Conditions of the version on a day that are neither met nor failed by then."""
    version = contract.version(on)
    conditions = version.conditions if version else ()
    settled = ((one, one.met_on or one.failed_on) for one in conditions)
    return tuple(one for one, when in settled if when is None or not happened(when, on))


def all_met(contract: Contract, on: date) -> bool:
    """Whether every condition of the version on a day is met by then; one that has failed is settled and not met."""
    version = contract.version(on)
    return all(one.met_on and happened(one.met_on, on) for one in (version.conditions if version else ()))
