"""What else falls when a plant falls: found by contract, and by recipe and place.

A plant that stops takes a buyer from those who make what it uses, and a supplier from those who use what it makes. How much that
matters follows from who else buys or supplies the good nearby: in the town, the province, the country. Nothing is said of the
world market, which may or may not step in; a strength is a reason to look, not a probability.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from math import asin, cos, radians, sin, sqrt
from typing import Literal

from orepact.errors import NotFound
from orepact.pact.projects.project import ENDED, RESTING, WORKING

EARTH_KM = 6371.0
#: Plants closer than this are in one town.
TOWN_KM = 30.0
#: Links weaker than this are left out.
LEAST = 0.05

Way = Literal["loses its buyer", "loses its supplier"]


@dataclass(frozen=True, slots=True)
class Plant:
    """A site as the cascade needs it: ``country`` holds ``place``; ``capacity`` a year of its main output in ``unit``, None when
    unknown.
    """

    site: str
    name: str
    process: str
    place: str
    country: str
    status: str
    town: str = ""
    at: tuple[float, float] | None = None
    capacity: float | None = None
    unit: str = "t"


@dataclass(frozen=True, slots=True)
class Tie:
    """A contract: ``sold`` is the share of the seller's output that it takes, None when unknown; ``buyer`` a site, or "" when it
    is no site that is followed, which still keeps that share from others.
    """

    contract: str
    seller: str
    buyer: str
    commodity: str
    sold: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a path: ``site`` loses its buyer or supplier ``lost`` of a commodity, with what strength and why."""

    lost: str
    site: str
    way: Way
    commodity: str
    strength: float
    words: str
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Fall:
    """A site that may fall too: ``strength`` (of 1) is the product over its strongest path."""

    site: str
    name: str
    status: str
    strength: float
    path: tuple[Step, ...]

    @property
    def words(self) -> str:
        """Why, step by step."""
        return "; then ".join(step.words for step in self.path)


@dataclass(frozen=True, slots=True)
class Cascade:
    """What may fall with ``fallen``, strongest first, and the sites of the same countries that nothing can be said of."""

    fallen: tuple[str, ...]
    falls: tuple[Fall, ...]
    unjudged: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Chain:
    """The plants of a day with their recipes (process to commodity to amount, negative for what is used) and contracts."""

    plants: Mapping[str, Plant]
    recipes: Mapping[str, Mapping[str, float]]
    ties: Sequence[Tie] = ()

    @classmethod
    def of(cls, plants: Iterable[Plant], recipes: Mapping[str, Mapping[str, float]], ties: Iterable[Tie] = ()) -> Chain:
        """The plants that have not ended, and the contracts of sellers that have not."""
        every = list(plants)
        alive = {plant.site: plant for plant in every if plant.status not in ENDED}
        over = {plant.site for plant in every} - alive.keys()
        return cls(alive, recipes, tuple(tie for tie in ties if tie.seller not in over))

    def uses(self, plant: Plant) -> Iterator[str]:
        """Commodities that a plant needs."""
        yield from (name for name, amount in self.recipes.get(plant.process, {}).items() if amount < 0)

    def makes(self, plant: Plant) -> str | None:
        """The main output of a plant: the one with amount 1, which by-products are told beside."""
        made = {name: amount for name, amount in self.recipes.get(plant.process, {}).items() if amount > 0}
        return min(made, key=lambda name: abs(made[name] - 1), default=None)

    def users(self, commodity: str) -> list[Plant]:
        """Plants that need a commodity and do not rest."""
        return self._users.get(commodity, [])

    def makers(self, commodity: str) -> list[Plant]:
        """Plants whose main output a commodity is and that do not rest."""
        return self._makers.get(commodity, [])

    @cached_property
    def _users(self) -> Mapping[str, list[Plant]]:
        found: dict[str, list[Plant]] = defaultdict(list)
        for plant in self._active():
            for commodity in self.uses(plant):
                found[commodity].append(plant)
        return found

    @cached_property
    def _makers(self) -> Mapping[str, list[Plant]]:
        found: dict[str, list[Plant]] = defaultdict(list)
        for plant in self._active():
            made = self.makes(plant)
            if made:
                found[made].append(plant)
        return found

    def _active(self) -> Iterator[Plant]:
        return (plant for plant in self.plants.values() if plant.status not in RESTING)

    def amount(self, plant: Plant, commodity: str) -> float | None:
        """What a plant uses or makes of a commodity in a year at full capacity, None when its capacity is not known."""
        if plant.capacity is None:
            return None
        return plant.capacity * abs(self.recipes[plant.process][commodity])


def cascade(fallen: Collection[str], chain: Chain, *, least: float = LEAST, depth: int = 4) -> Cascade:
    """What else may fall when these sites fall together: each site once, by its strongest path of at most ``depth`` links.

    Strengths are at most 1 and multiply along a path, so a circle never strengthens itself and the search ends. Raises
    ``NotFound`` for a site that is not among the plants (one that had ended by the day is not).
    """
    for site in fallen:
        if site not in chain.plants:
            raise NotFound("site that has not ended", site, chain.plants)
    reached: dict[str, Fall] = {}
    shortest: dict[str, int] = {}
    order = 0
    gone = frozenset(fallen)
    queue: list[tuple[float, int, int, str, tuple[Step, ...]]] = [(-1.0, 0, at, site, ()) for at, site in enumerate(sorted(gone))]
    while queue:
        strength, _, _, site, path = heappop(queue)  # of equal ways the shortest comes first
        if path and (site in gone or len(path) >= shortest.get(site, depth + 1)):
            continue  # a weaker way that is no shorter leads nowhere new
        if path:
            plant = chain.plants[site]
            reached.setdefault(site, Fall(site, plant.name, plant.status, round(-strength, 4), path))
            shortest[site] = len(path)
        for step in _steps(chain, chain.plants[site], gone) if len(path) < depth else ():
            if step.strength * -strength >= least and len(path) + 1 < shortest.get(step.site, depth + 1):
                order += 1
                heappush(queue, (strength * step.strength, len(path) + 1, len(gone) + order, step.site, (*path, step)))
    falls = tuple(sorted(reached.values(), key=lambda fall: (-fall.strength, len(fall.path), fall.site)))
    return Cascade(tuple(sorted(gone)), falls, _unjudged(chain, fallen))


def _unjudged(chain: Chain, fallen: Collection[str]) -> tuple[str, ...]:
    countries = {chain.plants[site].country for site in fallen}
    silent = (one for one in chain.plants.values() if one.country in countries and one.process not in chain.recipes)
    return tuple(sorted(plant.site for plant in silent))


def _steps(chain: Chain, lost: Plant, gone: frozenset[str]) -> Iterator[Step]:
    """Who loses a buyer or a supplier with a plant, by contract and by recipe and place; those fallen at first are not asked."""
    together = gone if lost.site in gone else frozenset({lost.site})
    yield from _by_contract(chain, lost, together)
    for commodity in chain.uses(lost):
        partners = _partners(chain.users(commodity), lost, gone)
        for maker in _leaning(chain.makers(commodity), lost, gone):
            yield from _Loss(chain, lost, maker, commodity, "loses its buyer", partners, together).step()
    made = chain.makes(lost)
    if made:
        partners = _partners(chain.makers(made), lost, gone)
        for user in _leaning(chain.users(made), lost, gone):
            yield from _Loss(chain, lost, user, made, "loses its supplier", partners, together).step()


def _partners(trading: Sequence[Plant], lost: Plant, gone: frozenset[str]) -> list[Plant]:
    """Who trades a commodity beside what fell at first, and the lost one itself, even if it rests: it was counted on."""
    return [lost, *(one for one in trading if one.site not in gone | {lost.site})]


def _leaning(plants: Sequence[Plant], lost: Plant, gone: frozenset[str]) -> Iterator[Plant]:
    """Plants that a loss may touch: one that works today does without a plant that never did."""
    for plant in plants:
        if plant.site not in gone | {lost.site} and (lost.status in WORKING or plant.status not in WORKING):
            yield plant


def _by_contract(chain: Chain, lost: Plant, together: frozenset[str]) -> Iterator[Step]:
    """Who loses a contract; what a seller or a buyer has with all that fall ``together`` is lost as a whole."""
    for tie in chain.ties:
        if lost.site == tie.buyer and tie.seller in chain.plants:
            share = "part" if tie.sold is None else f"{tie.sold:.0%}"
            words = f"{_name(chain, tie.seller)} sells {share} of its {_plain(tie.commodity)} to {lost.name} ({tie.contract})"
            lots = [one.sold for one in chain.ties if _lot(one) == _lot(tie) and one.buyer in together]
            yield Step(lost.site, tie.seller, "loses its buyer", tie.commodity, _sold(lots), words, tie.contract)
        if lost.site == tie.seller and tie.buyer in chain.plants:
            words = f"{_name(chain, tie.buyer)} buys {_plain(tie.commodity)} from {lost.name} ({tie.contract})"
            sellers = {one.seller for one in chain.ties if (one.buyer, one.commodity) == (tie.buyer, tie.commodity)}
            strength = len(sellers & together) / len(sellers)
            yield Step(lost.site, tie.buyer, "loses its supplier", tie.commodity, strength, words, tie.contract)


def _lot(tie: Tie) -> tuple[str, str]:
    return tie.seller, tie.commodity


def _sold(lots: Sequence[float | None]) -> float:
    """The share of an output that contracts take together: those whose share is not known count for half of what is left."""
    told = min(1.0, sum(share for share in lots if share is not None))
    return told + (1 - told) / 2 if None in lots else told


@dataclass(frozen=True, slots=True)
class _Loss:
    """A partner lost to a site: how much that matters, and why.

    ``rivals`` are the partners that trade the commodity, ``together`` the sites that fall at once with the lost one.
    """

    chain: Chain
    lost: Plant
    site: Plant
    commodity: str
    way: Way
    rivals: Sequence[Plant]
    together: frozenset[str]

    def step(self) -> Iterator[Step]:
        """The step, if the lost one is near enough to count.

        ``strength`` is the mean of its shares among the partners in the town, the province and the country, times what the site
        has not sold under contract to others.
        """
        circles = [(name, [one for one in self.rivals if same(one, self.site)]) for name, same in _CIRCLES]
        free = self.free() if self.way == "loses its buyer" else 1.0
        strength = free * sum(self.share(inside) for _, inside in circles) / len(circles)
        if strength:
            words = self.words([(name, len(inside)) for name, inside in circles if self.lost in inside], free)
            yield Step(self.lost.site, self.site.site, self.way, self.commodity, strength, words)

    def share(self, inside: Sequence[Plant]) -> float:
        """The lost one's share among partners: by amount where all are known, else by number."""
        if self.lost not in inside:
            return 0.0
        amounts = [self.chain.amount(one, self.commodity) for one in inside]
        known = [amount for amount in amounts if amount is not None]
        if len(known) < len(amounts) or not sum(known):
            return 1 / len(inside)
        return (self.chain.amount(self.lost, self.commodity) or 0.0) / sum(known)

    def free(self) -> float:
        """What the site has not sold under contract to others than those that fall together, of 1."""
        others = (tie for tie in self.chain.ties if tie.seller == self.site.site and tie.buyer not in self.together)
        return max(0.0, 1 - sum(tie.sold or 0.0 for tie in others if tie.commodity == self.commodity))

    def words(self, counts: Sequence[tuple[str, int]], free: float) -> str:
        """Why, with the number of partners in each circle that holds the lost one."""
        verb = "uses" if self.way == "loses its buyer" else "makes"
        only = [name for name, number in counts if number == 1]
        alone = f"the only one in the {' and the '.join(only)}" if only else ""
        among = [f"one of {number} in the {name}" for name, number in counts if number > 1]
        told = ", ".join(part for part in (alone, *among) if part)
        rest = "" if free == 1.0 else f"; {1 - free:.0%} of the output is sold to others"
        return f"{self.site.name} {self.way} of {_plain(self.commodity)}: {self.lost.name} {verb} it, {told}{rest}"


def _name(chain: Chain, site: str) -> str:
    return chain.plants[site].name


def _plain(commodity: str) -> str:
    return commodity.replace("_", " ")


def _same_town(one: Plant, other: Plant) -> bool:
    if one.place != other.place:
        return False
    if one.at and other.at:
        return kilometres(one.at, other.at) <= TOWN_KM
    return bool(one.town) and one.town.casefold() == other.town.casefold()


_CIRCLES = (
    ("town", _same_town),
    ("province", lambda one, other: one.place == other.place),
    ("country", lambda one, other: one.country == other.country),
)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance between two points in degrees (latitude, longitude).

    >>> round(kilometres((45.5, -73.6), (46.34, -72.43)))
    130
    """
    (south, west), (north, east) = [(radians(point[0]), radians(point[1])) for point in (one, other)]
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))
