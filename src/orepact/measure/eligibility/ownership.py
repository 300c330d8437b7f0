"""Who stands behind a maker: holdings through a tree of companies, by home country, with what nobody said kept unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from orepact.errors import Problem, ProblemCollector

UNKNOWN = "unknown"
#: Shares of one company may sum to this much above 1 before they are a mistake.
SLACK = 1e-6
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Holding:
    """``holder`` has a share (fraction) of ``company``; ``country`` is the home of the holder, "" when nobody said."""

    company: str
    holder: str
    share: float
    country: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Stake:
    """What one ultimate holder has, directly and through others; ``aggregate``: what all holders of a country have together."""

    holder: str
    country: str
    share: float
    aggregate: bool = False


@dataclass(frozen=True, slots=True)
class Stakes:
    """The ultimate holders of one maker.

    ``unknown`` is the share nobody named; where it can only belong to some countries, ``possible`` lists them (None: to anybody).
    ``control`` is the home of the controlling owner, ``unknown`` where nobody said.
    """

    held: tuple[Stake, ...] = ()
    unknown: float = 1.0
    possible: frozenset[str] | None = None
    control: str = UNKNOWN
    names: tuple[str, ...] = ()

    @property
    def by_country(self) -> dict[str, float]:
        """Effective share of each country, largest first, with what is unknown at the end."""
        total: dict[str, float] = {}
        for stake in self.held:
            total[stake.country] = total.get(stake.country, 0.0) + stake.share
        ordered = dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))
        return ordered | ({UNKNOWN: self.unknown} if self.unknown > SLACK else {})

    def bounds(self, countries: frozenset[str], *, single: bool) -> tuple[float, float]:
        """Least and most that holders of some countries have: the largest one of them, or all of them together.

        The holders of a country of which only the sum is known may be one or many: the largest has from nothing to the sum.
        """
        held = [stake for stake in self.held if stake.country in countries]
        shares = [stake.share for stake in held]
        high = max(shares, default=0.0) if single else sum(shares)
        low = max((stake.share for stake in held if not stake.aggregate), default=0.0) if single else high
        open_to_them = self.possible is None or bool(self.possible & countries)
        return low, high + (self.unknown if open_to_them else 0.0)


def sole_owner(owner: str, country: str) -> Stakes:
    """One owner of everything, whose home is known or not.

    >>> sole_owner("LG", "KOR").by_country
    {'KOR': 1.0}
    """
    if country in {"", UNKNOWN}:
        return Stakes(names=(owner,) if owner else ())
    return Stakes((Stake(owner, country, 1.0),), 0.0, None, country, (owner,) if owner else ())


def several_owners(names: Iterable[str], countries: Iterable[str], control: str) -> Stakes:
    """Owners whose shares nobody said: everything is unknown, but it can only belong to their homes.

    >>> several_owners(["Ford", "SK On"], ["USA", "KOR"], "KOR").bounds(frozenset({"CHN"}), single=True)
    (0.0, 0.0)
    """
    homes = frozenset(countries)
    return Stakes((), 1.0, None if homes & {"", UNKNOWN} or not homes else homes, control or UNKNOWN, tuple(names))


def shared_by(shares: Mapping[str, float], control: str, names: Iterable[str] = ()) -> Stakes:
    """Owners of which only the home countries and the share of each are known.

    The share of a country is the sum of its holders, unless as many owners are named as there are countries: then one each.

    >>> shared_by({"CHN": 0.3, "KOR": 0.7}, "").bounds(frozenset({"CHN"}), single=True)
    (0.0, 0.3)
    >>> shared_by({"CHN": 0.3, "KOR": 0.7}, "", ["CATL", "SK On"]).bounds(frozenset({"CHN"}), single=True)
    (0.3, 0.3)
    """
    named = tuple(names)
    homes = {country: share for country, share in shares.items() if country != UNKNOWN and share > 0}
    sums = len(named) != len(homes)
    held = tuple(Stake(country, country, share, sums) for country, share in homes.items())
    rest = max(0.0, 1.0 - sum(homes.values()))
    return Stakes(held, rest if rest > SLACK else 0.0, None, control or _majority(held), named)


def _majority(held: Iterable[Stake]) -> str:
    total: dict[str, float] = {}
    for stake in held:
        total[stake.country] = total.get(stake.country, 0.0) + stake.share
    return next((country for country, share in total.items() if share > HALF), UNKNOWN)


@dataclass(frozen=True)
class OwnershipTree:
    """Holdings of companies in companies. ``of`` checks them; a company that nobody holds is an ultimate holder."""

    holdings: Mapping[str, tuple[Holding, ...]]
    homes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, holdings: Iterable[Holding], homes: Mapping[str, str] | None = None, file: str = "") -> OwnershipTree:
        """The tree; raises ``BadInput`` for shares outside 0 to 1, more than the whole, two homes, and every ring of owners."""
        found = ProblemCollector(file)
        by_company: dict[str, list[Holding]] = {}
        known = dict(homes or {})
        for holding in holdings:
            if not 0 <= holding.share <= 1:
                found.add("share", "a fraction from 0 to 1", f"{holding.share:g}", "write 0.25 for 25 %", row=holding.row)
            home = known.setdefault(holding.holder, holding.country) if holding.country else ""
            if holding.country and home != holding.country:
                known_home = f"{holding.country} and {home}"
                found.add("holder_country", f"one home of {holding.holder}", known_home, "write the same home", row=holding.row)
            by_company.setdefault(holding.company, []).append(holding)
        for company, parts in by_company.items():
            total = sum(part.share for part in parts)
            if total > 1 + SLACK:
                found.add("share", f"shares of {company} that sum to at most 1", f"{total:g}", "correct them", row=parts[0].row)
        found.extend(replace(problem, file=file) for problem in _rings(by_company))
        found.raise_if_any()
        return cls({company: tuple(parts) for company, parts in by_company.items()}, known)

    def stakes(self, company: str, *, attribution: str = "proportional") -> Stakes:
        """The ultimate holders of a company.

        ``proportional``: shares multiply along each path, e(h) = sum over paths of the product of its shares.
        ``majority``: what a company holds counts whole for the owner of more than half of it, and for nobody else; so a chain
        of majorities passes a holding on undiminished.
        """
        total: dict[str, float] = {}
        unknown = self._collect(company, 1.0, attribution, total, top=True)
        held = tuple(Stake(name, self.homes.get(name, ""), share) for name, share in sorted(total.items()))
        named = tuple(stake for stake in held if stake.country not in {"", UNKNOWN})
        unknown += sum(stake.share for stake in held if stake.country in {"", UNKNOWN})
        names = (company, *sorted(self._above(company)))
        return Stakes(named, unknown if unknown > SLACK else 0.0, None, self.control(company), names)

    def control(self, company: str) -> str:
        """Home of the ultimate controlling owner: up along the holder, or the holders of one country, with more than half."""
        parts = self.holdings.get(company)
        if not parts:
            return self.homes.get(company, "") or UNKNOWN
        total: dict[str, float] = {}
        for part in parts:
            home = self.control(part.holder)
            total[home] = total.get(home, 0.0) + part.share
        return next((home for home, share in total.items() if share > HALF), UNKNOWN)

    def _collect(self, company: str, share: float, attribution: str, total: dict[str, float], *, top: bool = False) -> float:
        """Add the stakes in ``share`` of a company to ``total``; returns what is left unknown."""
        parts = self.holdings.get(company)
        if not parts:
            total[company] = total.get(company, 0.0) + share
            return 0.0
        main = max(parts, key=lambda part: part.share)
        if attribution == "majority" and not top and main.share > HALF:
            return self._collect(main.holder, share, attribution, total)
        unknown = share * max(0.0, 1.0 - sum(part.share for part in parts))
        return unknown + sum(self._collect(part.holder, share * part.share, attribution, total) for part in parts)

    def _above(self, company: str) -> set[str]:
        found: set[str] = set()
        waiting = [company]
        while waiting:
            for part in self.holdings.get(waiting.pop(), ()):
                if part.holder not in found:
                    found.add(part.holder)
                    waiting.append(part.holder)
        return found


def _rings(by_company: Mapping[str, list[Holding]]) -> list[Problem]:
    """One problem for each ring of owners, named by its members."""
    found: dict[frozenset[str], Problem] = {}
    done: set[str] = set()

    def walk(company: str, trail: tuple[str, ...]) -> None:
        if company in trail:
            ring = trail[trail.index(company) :]
            text = " > ".join([*ring, company])
            row = by_company[ring[-1]][0].row
            found.setdefault(
                frozenset(ring), Problem("holder", "owners that end", f"a ring: {text}", "remove one of these holdings", "", row)
            )
            return
        if company in done:
            return
        for part in by_company.get(company, ()):
            walk(part.holder, (*trail, company))
        done.add(company)

    for company in by_company:
        walk(company, ())
    return list(found.values())
