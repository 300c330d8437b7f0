"""Who owns and who controls a company on a day: holdings through a tree of owners, with what nobody said kept unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from pydantic import Field, model_validator

from orepact.errors import BadInput, Problem
from orepact.pact.dates.days import Span
from orepact.pact.dates.lasting import Lasting, holding, shared
from orepact.pact.records.record import Confidence, Text
from orepact.pact.records.references import OrganisationId

#: Shares of one company may sum to this much above 1 before they are a mistake.
SLACK = 1e-6
HALF = 0.5
#: From the best known to the least.
SURE: tuple[Confidence, ...] = get_args(Confidence)


class Owner(Lasting):
    """A holder of a share (fraction) of a company: an organisation of the register, or a name.

    ``share`` is None where nobody said it, ``majority`` where they said no more than that it is above half. ``dispersed``: the
    name stands for many holders, none of whom controls.
    """

    organisation: OrganisationId | None = None
    name: Text = ""
    share: float | None = Field(default=None, gt=0, le=1)
    majority: bool = False
    dispersed: bool = False
    confidence: Confidence = "reported"
    source: Text = ""

    @model_validator(mode="after")
    def _named(self) -> Owner:
        if bool(self.organisation) == bool(self.name):
            raise ValueError("either organisation (an id) or name, not both")
        if self.majority and self.share is not None and self.share <= HALF:
            raise ValueError(f"a majority above {HALF}, or a share without it")
        return self

    @property
    def holder(self) -> str:
        """The id of the organisation, or the name."""
        return self.organisation or self.name


#: Id of a company to its owners at all times.
Tree = Mapping[str, Sequence[Owner]]


@dataclass(frozen=True, slots=True)
class Stake:
    """What one ultimate holder has of a company through all its paths (each from the company to the holder)."""

    holder: str
    share: float
    confidence: Confidence
    paths: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Ultimate:
    """The ultimate owners of a company, largest first.

    ``unknown`` is the share that nobody stated; ``unstated`` names owners whose share nobody stated: a part of it is theirs.
    """

    stakes: tuple[Stake, ...]
    unknown: float
    unstated: tuple[str, ...] = ()

    def share_of(self, holder: str) -> float:
        """The known share of a holder, 0 where none is known."""
        return next((stake.share for stake in self.stakes if stake.holder == holder), 0.0)


@dataclass(frozen=True, slots=True)
class Control:
    """Who controls a company: ``holder`` is None when nobody does (``certain``), or when it is not known (not ``certain``).

    ``gaps``: what nobody stated, and what could make it another.
    """

    holder: str | None
    certain: bool
    because: str
    gaps: tuple[str, ...] = ()


#: Who stands above a name: as it is in no register, nobody on record.
NOBODY_ABOVE = Control(None, certain=False, because="a name has no owners on record")


def ultimate(tree: Tree, company: str, on: date) -> Ultimate:
    """The owners at the end of every chain of holdings on a day: shares multiply along a chain, chains add up.

    An owner of whom no owners are on record stands at the end. Raises ``BadInput`` where the chain comes back to itself.
    """
    ends: dict[str, list[_Chain]] = {}
    unstated: dict[str, None] = {}
    for chain in _chains(tree, on, _Chain((company,), 1.0, 0)):
        if chain.share is None:
            unstated[chain.path[-1]] = None
        elif len(chain.path) > 1:
            ends.setdefault(chain.path[-1], []).append(chain)
    stakes = [_stake(holder, found) for holder, found in ends.items()]
    stakes.sort(key=lambda stake: (-stake.share, stake.holder))
    return Ultimate(tuple(stakes), _rest(stake.share for stake in stakes), tuple(unstated))


@dataclass(frozen=True, slots=True)
class _Chain:
    """Holdings from a company upwards: ``share`` is None where one of them is not stated, ``sure`` the rank of the weakest."""

    path: tuple[str, ...]
    share: float | None
    sure: int

    def longer(self, owner: Owner) -> _Chain:
        share = None if owner.share is None or self.share is None else self.share * owner.share
        return _Chain(_onward(self.path, owner.holder), share, max(self.sure, SURE.index(owner.confidence)))


def _onward(path: tuple[str, ...], holder: str) -> tuple[str, ...]:
    if holder in path:
        found = " -> ".join((*path, holder))
        raise BadInput([Problem("owners", "owners without a cycle", found, "end or correct one of these holdings")])
    return (*path, holder)


def _chains(tree: Tree, on: date, chain: _Chain) -> Iterator[_Chain]:
    """Each chain of holdings to its end, or to an owner whose share nobody stated."""
    owners = holding(tree.get(chain.path[-1], ()), on) if chain.share is not None else []
    if not owners:
        yield chain
    for owner in owners:
        longer = chain.longer(owner)
        yield from _chains(tree, on, longer) if owner.organisation else iter((longer,))


def _stake(holder: str, found: Sequence[_Chain]) -> Stake:
    weakest = SURE[max(chain.sure for chain in found)]
    return Stake(holder, sum(chain.share or 0.0 for chain in found), weakest, tuple(chain.path for chain in found))


def _rest(shares: Iterable[float]) -> float:
    rest = 1.0 - sum(shares)
    return rest if rest > SLACK else 0.0


def control(tree: Tree, company: str, on: date) -> Control:
    """Who has more than half of a company on a day, alone or through others that it controls, up to the top of what is on record.

    Holdings of all that one owner controls count together. Where what nobody stated could make somebody's half, or could put
    another above the holder, it is not certain. Raises ``BadInput`` where the chain comes back to itself.
    """
    return _control(tree, on, (company,))


def _control(tree: Tree, on: date, path: tuple[str, ...]) -> Control:
    company, owners = path[-1], holding(tree.get(path[-1], ()), on)
    if not owners:
        return Control(None, certain=False, because=f"no owner of {company} is on record")
    found = _Behind(company, _rest(owner.share or 0.0 for owner in owners), {}, set(), {})
    for owner in owners:
        if not owner.dispersed and (owner.share is not None or owner.majority):
            found.add(owner, _control(tree, on, _onward(path, owner.holder)) if owner.organisation else NOBODY_ABOVE)
    return found.verdict()


@dataclass(frozen=True, slots=True)
class _Behind:
    """Share of a company by who stands behind it, those with a majority, and what nobody stated of each of them."""

    company: str
    unstated: float
    shares: dict[str, float]
    majorities: set[str]
    gaps: dict[str, tuple[str, ...]]

    def add(self, owner: Owner, above: Control) -> None:
        top = above.holder or owner.holder
        self.shares[top] = self.shares.get(top, 0.0) + (owner.share or 0.0)
        self.gaps[top] = (*self.gaps.get(top, ()), *above.gaps)
        if owner.majority:
            self.majorities.add(top)

    def verdict(self) -> Control:
        top = max(self.shares, key=lambda holder: (holder in self.majorities, self.shares[holder], holder), default="")
        most = self.shares.get(top, 0.0)
        if top in self.majorities or most > HALF + SLACK:
            much = f"{most:.4g}" if most > HALF else "more than half"
            gaps = self.gaps[top]
            return Control(top, not gaps, f"{top} stands behind {much} of {self.company}", gaps)
        open_too = {holder: share for holder, share in self.shares.items() if self.gaps[holder] and holder != top}
        if most + self.unstated + sum(open_too.values()) <= HALF + SLACK:
            return Control(None, certain=True, because=f"nobody stands behind more than half of {self.company}")
        own = (f"of {self.company} a share of {self.unstated:.4g} is not stated",) if self.unstated else ()
        gaps = own + tuple(gap for holder in open_too for gap in self.gaps[holder])
        return Control(None, certain=False, because=f"who controls {self.company} is not stated", gaps=gaps)


def cycles(tree: Tree, company: str) -> Iterator[tuple[tuple[str, ...], Span]]:
    """Chains of holdings from a company back to itself, all of them holding on one day: the path and those days.

    Only chains in which the company is the first by name, so that each cycle is told once.
    """
    if company in _above(tree, company):
        yield from _back(tree, company, (company,), Span(date.min, date.max))


def _above(tree: Tree, company: str) -> set[str]:
    """Everybody above a company at any time, itself among them where the holdings lead back to it."""
    found: set[str] = set()
    waiting = [company]
    while waiting:
        holders = {owner.organisation for owner in tree.get(waiting.pop(), ()) if owner.organisation} - found
        found |= holders
        waiting.extend(holders)
    return found


def _back(tree: Tree, first: str, path: tuple[str, ...], span: Span) -> Iterator[tuple[tuple[str, ...], Span]]:
    for owner in tree.get(path[-1], ()):
        days = shared(span, owner.span)
        name = owner.organisation
        if days is None or name is None:
            continue
        if name == first:
            yield (*path, name), days
        elif name > first and name not in path:
            yield from _back(tree, first, (*path, name), days)


def above_one(owners: Sequence[Owner]) -> Iterator[tuple[date, float]]:
    """Days from which the stated shares sum to more than one, with the sum."""
    for day in sorted({owner.span.first for owner in owners}):
        total = sum(owner.share or 0.0 for owner in holding(owners, day))
        if total > 1 + SLACK:
            yield day, total
