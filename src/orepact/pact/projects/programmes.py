"""Support programmes: who is eligible, how much they give, and what may not be stacked on what.

Eligibility is a list of tests on the facts of a case. A fact that is not known makes the answer "unknown", never "no".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from orepact.errors import BadInput, Problem
from orepact.pact.dates.days import DateText, Span
from orepact.pact.projects.money import Money, money_problems
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import OrganisationId, ProgrammeId, SupportKindCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

Value = str | float | bool
Operator = Literal["is", "is_not", "in", "not_in", "at_least", "at_most", "includes_all"]


class Test(Part):
    """One test of eligibility: the fact ``field`` of a case against ``value`` or ``values``; ``words`` says it to people."""

    __test__ = False  # not a test of ours

    field: Identifier
    operator: Operator
    value: Value | None = None
    values: tuple[Value, ...] = ()
    words: Text = Field(min_length=1)


class Rate(Part):
    """The share (of 1) of eligible cost that a programme gives for years from ``begins`` to ``ends``."""

    share: float = Field(gt=0, le=1)
    begins: int | None = None
    ends: int | None = None


class Limit(Part):
    """A limit on support from several programmes together: at most ``share`` (of 1) of the cost, all of ``programmes`` counted.

    Without ``programmes`` all public support counts. A ``share`` of 0 forbids the two together.
    """

    programmes: tuple[ProgrammeId, ...] = ()
    share: float = Field(ge=0, le=1)
    words: Text = Field(min_length=1)
    confidence: Confidence = "reported"


class Programme(Record):
    """A programme of public support. ``rule`` is the key of the same provision among the rules of the facts.

    ``requires`` are programmes that must be claimed first; ``budget`` is the whole of its money.
    """

    kind: ClassVar[str] = "programme"

    country: Text
    organisation: OrganisationId | None = None
    support_kind: SupportKindCode
    rates: tuple[Rate, ...] = ()
    budget: Money | None = None
    begins: DateText | None = None
    ends: DateText | None = None
    proposed: bool = False
    tests: tuple[Test, ...] = ()
    requires: tuple[ProgrammeId, ...] = ()
    limits: tuple[Limit, ...] = ()
    succeeds: tuple[ProgrammeId, ...] = ()
    rule: Text = ""

    def entry(self) -> Entry:
        """Proposed, open or ended as written; owned by who runs it."""
        state = "proposed" if self.proposed else "ended" if self.ends else "open"
        return Entry(self.title, state=state, owner=self.organisation or "")

    def problems(self, register: Register) -> Iterator[Problem]:
        """An unknown kind, an end before the begin, tests that test nothing, a programme that requires itself."""
        where = f"programme {self.id}"
        yield from unknown(register, f"{where}, support_kind", "support_kind", self.support_kind)
        if self.begins and self.ends and Span.of(self.ends).surely_before(Span.of(self.begins)):
            yield Problem(f"{where}, ends", f"a date not before {self.begins}", self.ends, "mend one of the two dates")
        if self.budget:
            yield from money_problems(f"{where}, budget", self.budget)
        for number, test in enumerate(self.tests, start=1):
            yield from _test_problems(f"{where}, tests {number}", test)
        if self.id in _required(register, self):
            yield Problem(f"{where}, requires", "programmes that do not need this one", self.id, "break the circle")


def _required(register: Register, programme: Programme) -> set[str]:
    """Programmes that one requires, and those that they require."""
    found: set[str] = set()
    queue = list(programme.requires)
    while queue:
        name = queue.pop()
        record = register.records.get((Programme.kind, name))
        if name not in found and isinstance(record, Programme):
            queue.extend(record.requires)
        found.add(name)
    return found


def _test_problems(where: str, test: Test) -> Iterator[Problem]:
    many = test.operator in {"in", "not_in", "includes_all"}
    if many and not test.values:
        yield Problem(f"{where}, values", f"values for {test.operator}", "none", "list the values")
    if not many and test.value is None:
        yield Problem(f"{where}, value", f"a value for {test.operator}", "nothing", "give the value")
    if test.operator in {"at_least", "at_most"} and not isinstance(test.value, float):
        yield Problem(f"{where}, value", "a number", repr(test.value), "write the number")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a case is eligible: True, False, or None where a fact is missing; with the reasons in words."""

    programme: str
    passes: bool | None
    failed: tuple[str, ...]
    missing: tuple[str, ...]


def eligible(programme: Programme, case: Mapping[str, Any], on: date, claimed: Sequence[str] = ()) -> Verdict:
    """The tests of a programme on the facts of a case; ``claimed`` are the programmes that it has claimed already.

    One failed test settles it, whatever is missing. Raises ``BadInput`` with every fact that is no number where a test asks for
    one.
    """
    _demand_numbers(programme.tests, case)
    failed = [*_time_fails(programme, on)]
    failed += [f"{name} must be claimed first" for name in programme.requires if name not in claimed]
    missing = []
    for test in programme.tests:
        fact = case.get(test.field)
        if fact is None:
            missing.append(f"{test.words}: {test.field} is not known")
        elif not _holds(test, fact):
            failed.append(f"{test.words}: {test.field} is {_plain(fact)}")
    return Verdict(programme.id, False if failed else None if missing else True, tuple(failed), tuple(missing))


def _demand_numbers(tests: Sequence[Test], case: Mapping[str, Any]) -> None:
    """Numbers where tests ask for them; True and False are none."""
    told = ((test.field, case.get(test.field)) for test in tests if test.operator in {"at_least", "at_most"})
    wrong = {
        name: fact for name, fact in told if fact is not None and (isinstance(fact, bool) or not isinstance(fact, int | float))
    }
    if wrong:
        raise BadInput([Problem(f"fact {name}", "a number", repr(fact), "write the number") for name, fact in wrong.items()])


def _time_fails(programme: Programme, on: date) -> Iterator[str]:
    if programme.proposed:
        yield "it is only proposed"
    if programme.begins and on < Span.of(programme.begins).first:
        yield f"it begins in {programme.begins}"
    if programme.ends and on > Span.of(programme.ends).last:
        yield f"it ended on {programme.ends}" if len(programme.ends) == 10 else f"it ended in {programme.ends}"


def _holds(test: Test, fact: Any) -> bool:
    wanted = {_plainly(value) for value in test.values or (test.value,)}
    if test.operator in {"is", "is_not", "in", "not_in"}:
        return (_plainly(fact) in wanted) == (test.operator in {"is", "in"})
    if test.operator == "includes_all":
        return wanted <= {_plainly(one) for one in ([fact] if isinstance(fact, str | float | int) else fact)}
    number = float(test.value or 0)
    return float(fact) >= number if test.operator == "at_least" else float(fact) <= number


def _plainly(value: Any) -> tuple[bool, Any]:
    """A value to compare by: letters in either case, and True apart from 1."""
    return isinstance(value, bool), value.casefold() if isinstance(value, str) else value


def _plain(fact: Any) -> str:
    return ", ".join(map(str, fact)) if isinstance(fact, list | tuple | set | frozenset) else str(fact)


def rate(programme: Programme, year: int) -> float | None:
    """The share of cost that it gives in a year: 0 before it begins, after it ends and between its rates; None where it states
    none.
    """
    if any(_outside(programme, year)):
        return 0.0
    fitting = (one for one in programme.rates if (one.begins or year) <= year <= (one.ends or year))
    return next((one.share for one in fitting), 0.0 if programme.rates else None)


def _outside(programme: Programme, year: int) -> Iterator[bool]:
    """Whether a year surely lies before its begin, and whether it lies after its end."""
    whole = Span.of(str(year))
    yield programme.begins is not None and whole.surely_before(Span.of(programme.begins))
    yield programme.ends is not None and Span.of(programme.ends).surely_before(whole)


@dataclass(frozen=True, slots=True)
class Stack:
    """Several programmes on one cost: the summed shares by programme, those unknown, and the limits that the sum breaks."""

    shares: dict[str, float]
    unknown: tuple[str, ...]
    total: float
    broken: tuple[str, ...]


def stack(programmes: Sequence[Programme], year: int, given: Mapping[str, float] | None = None) -> Stack:
    """What several programmes give together of one cost (shares of 1) in a year, against the limits that they state.

    ``given`` are shares by programme that are known otherwise (a grant of so much on a cost of so much).
    """
    known = dict(given or {})
    shares = {one.id: known.get(one.id, rate(one, year)) for one in programmes}
    told = {name: share for name, share in shares.items() if share is not None}
    broken = [words for one in programmes for words in _broken(one, told, [other.id for other in programmes])]
    silent = tuple(name for name, share in shares.items() if share is None)
    return Stack(told, silent, sum(told.values()), tuple(broken))


def _broken(programme: Programme, shares: Mapping[str, float], together: Sequence[str]) -> Iterator[str]:
    for limit in programme.limits:
        counted = {programme.id, *(limit.programmes or together)} & set(together)
        if limit.share == 0:
            if len(counted) > 1:
                yield f"{programme.id}: {limit.words}"
        elif sum(shares.get(name, 0.0) for name in counted) > limit.share + 1e-9:
            yield f"{programme.id}: {limit.words} ({sum(shares.get(name, 0.0) for name in counted):.0%} of {limit.share:.0%})"
