"""Supply projects against buyers' gaps: who could cover what, why, why not, and what is not known.

A refusal is a fact that rules a pair out (it starts too late, a rule fails, nothing is left to sell); what is not known refuses
nothing, lowers the score and is said. Tonnes that are promised already are not offered again, and what one gap takes the next
does not find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from orepact.pact.dates.days import Span
from orepact.pact.projects.project import ENDED, RESTING, WORKING
from orepact.pact.records.codes import known

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: What an unknown counts for beside a met (1) and a failed (0) wish.
UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Offer:
    """What a site could sell of a commodity: None is not known, everywhere.

    ``capacity`` and ``promised`` are amounts a year in ``unit``. Less may be left than they tell: ``doubtful`` names contracts
    whose amount is not known, and where no contract is on record (``traced`` False) silence is no proof that nothing is promised.
    ``start`` is a date as given; ``firmness`` (of 1) how far the project has come; ``passes`` says of each rule whether the goods
    pass; ``carbon`` is kg CO2e per kg of good.
    """

    site: str
    name: str
    commodity: str
    status: str
    capacity: float | None = None
    unit: str = "t"
    promised: float = 0.0
    doubtful: tuple[str, ...] = ()
    traced: bool = True
    start: str | None = None
    firmness: float | None = None
    grades: frozenset[str] | None = None
    passes: Mapping[str, bool | None] = field(default_factory=dict)
    carbon: float | None = None

    @property
    def left(self) -> float | None:
        """What is not promised yet: an upper end where contracts are doubtful."""
        return None if self.capacity is None else max(0.0, self.capacity - self.promised)


@dataclass(frozen=True, slots=True)
class Gap:
    """What a buyer lacks in a year: ``grade`` "" is any, ``rules`` must all pass, ``carbon`` is the most that it takes."""

    buyer: str
    commodity: str
    quantity: float
    year: int
    unit: str = "t"
    grade: str = ""
    rules: tuple[str, ...] = ()
    carbon: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One pair: ``covers`` is what the site could give (None when not known), ``allotted`` what is left for this buyer after
    better matches were served. ``score`` (of 1) is the mean over the wishes; ``refused`` pairs have none.
    """

    site: str
    buyer: str
    commodity: str
    year: int
    covers: float | None
    score: float
    reasons: tuple[str, ...]
    unknowns: tuple[str, ...]
    refused: tuple[str, ...] = ()
    allotted: float | None = None


@dataclass(frozen=True, slots=True)
class _Wish:
    """How one wish is met: ``met`` of 1, or refused; with words."""

    met: float
    words: str
    known: bool = True
    refused: bool = False


def matches(offers: Iterable[Offer], gaps: Sequence[Gap]) -> tuple[Match, ...]:
    """Every pair of the same commodity, the best first, refused ones last; amounts are allotted in that order."""
    known = list(offers)
    pairs = [(_match(offer, gap), at) for at, gap in enumerate(gaps) for offer in known if offer.commodity == gap.commodity]
    pairs.sort(key=lambda pair: (bool(pair[0].refused), -pair[0].score, pair[0].site, pair[0].buyer, pair[0].year, pair[1]))
    return tuple(_allot(pairs, known, gaps))


def _match(offer: Offer, gap: Gap) -> Match:
    wishes = [*_wishes(offer, gap)]
    refused = tuple(wish.words for wish in wishes if wish.refused)
    covers = None if offer.left is None or offer.unit != gap.unit else min(offer.left, gap.quantity)
    return Match(
        offer.site,
        gap.buyer,
        gap.commodity,
        gap.year,
        None if refused else covers,
        0.0 if refused else round(sum(wish.met for wish in wishes) / len(wishes), 4),
        tuple(wish.words for wish in wishes if wish.known and not wish.refused),
        tuple(wish.words for wish in wishes if not wish.known),
        refused,
    )


def _wishes(offer: Offer, gap: Gap) -> Iterator[_Wish]:
    yield _state(offer)
    yield _time(offer, gap)
    yield from _volume(offer, gap)
    if gap.grade:
        yield _grade(offer, gap)
    for rule in gap.rules:
        yield _rule(offer, rule)
    if gap.carbon is not None:
        yield _carbon(offer, gap.carbon)


def _state(offer: Offer) -> _Wish:
    if offer.status in ENDED:
        return _Wish(0, f"the project has ended ({offer.status})", refused=True)
    if offer.status in RESTING:
        return _Wish(0, f"work rests ({offer.status})")
    if offer.firmness is None:
        return _Wish(UNKNOWN, "how far the project has come is not known", known=False)
    return _Wish(offer.firmness, f"state: {offer.status}")


def _time(offer: Offer, gap: Gap) -> _Wish:
    if offer.status in WORKING:
        return _Wish(1, "it works already")
    if offer.start is None:
        return _Wish(UNKNOWN, "when it starts is not known", known=False)
    start = Span.of(offer.start)
    if start.first.year > gap.year:
        return _Wish(0, f"it starts in {offer.start}, after {gap.year}", refused=True)
    if start.last.year >= gap.year:
        return _Wish(UNKNOWN, f"it starts in {offer.start}, in the year of the gap or just before")
    return _Wish(1, f"it starts in {offer.start}, before {gap.year}")


def _volume(offer: Offer, gap: Gap) -> Iterator[_Wish]:
    if offer.left is None:
        yield _Wish(UNKNOWN, "the capacity is not known", known=False)
    elif offer.unit != gap.unit:
        yield _Wish(UNKNOWN, f"the capacity is known in {offer.unit} a year, not in {gap.unit}", known=False)
    elif not offer.left:
        yield _Wish(0, f"all of its {_amount(offer.capacity or 0, gap.unit)} a year is promised", refused=True)
    else:
        share = min(1.0, offer.left / gap.quantity)
        yield _Wish(share, f"{_amount(offer.left, gap.unit)} a year is not promised: {share:.0%} of the gap")
    if offer.doubtful or not offer.traced:
        share = 1.0 if offer.left is None or offer.unit != gap.unit else min(1.0, offer.left / gap.quantity)
        why = f"the amounts of {', '.join(offer.doubtful)} are not known" if offer.doubtful else "no contract of it is on record"
        yield _Wish(UNKNOWN * share, f"less may be left: {why}", known=False)


def _grade(offer: Offer, gap: Gap) -> _Wish:
    if offer.grades is None:
        return _Wish(UNKNOWN, f"whether it makes grade {gap.grade} is not known", known=False)
    if gap.grade in offer.grades:
        return _Wish(1, f"it makes grade {gap.grade}")
    return _Wish(0, f"it makes {', '.join(sorted(offer.grades)) or 'no grade named'}, not {gap.grade}", refused=True)


def _rule(offer: Offer, rule: str) -> _Wish:
    passes = offer.passes.get(rule)
    if passes is None:
        return _Wish(UNKNOWN, f"whether it passes {rule} is not known", known=False)
    return _Wish(1, f"it passes {rule}") if passes else _Wish(0, f"it fails {rule}", refused=True)


def _carbon(offer: Offer, most: float) -> _Wish:
    if offer.carbon is None:
        return _Wish(UNKNOWN, "its carbon footprint is not known", known=False)
    words = f"{offer.carbon:g} kg CO2e per kg against at most {most:g}"
    return _Wish(1, words) if offer.carbon <= most else _Wish(0, words, refused=True)


def _amount(amount: float, unit: str) -> str:
    return f"{amount:,.0f} {unit}"


def _allot(pairs: Iterable[tuple[Match, int]], offers: Iterable[Offer], gaps: Sequence[Gap]) -> Iterator[Match]:
    """Amounts given out once: what a site has left of a commodity in a year, and what each gap (by its place) still lacks."""
    lacking = [gap.quantity for gap in gaps]
    years = {gap.year for gap in gaps}
    left = {(one.site, one.commodity, year): one.left or 0.0 for one in offers for year in years}
    for pair, sink in pairs:
        if pair.refused or pair.covers is None:
            yield pair
            continue
        source = pair.site, pair.commodity, pair.year
        amount = min(left[source], lacking[sink])
        left[source] -= amount
        lacking[sink] -= amount
        yield replace(pair, allotted=amount)


def firmness(register: Register, status: str) -> float | None:
    """How far a state has come (of 1): its order among the states of projects over the highest; None for an unknown one."""
    states = known(register, "project_status")
    if status not in states or states[status].order == 0:
        return None
    return max(0, states[status].order) / max(code.order for code in states.values())
