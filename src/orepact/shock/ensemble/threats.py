"""``Threat``: one hazard on one element of a network, with the sites and routes that it strikes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.ensemble.book import Hazard, HazardBook
    from orepact.shock.exposure.aggregate import Aggregate

#: A country counts for a good when it sells at least this part of what is traded of it.
SELLER = 0.05


@dataclass(frozen=True, eq=False)
class Threat:
    """A hazard on an element: its rate a year, its duration (weeks), and the share of each struck site and route that works.

    ``columns`` number the sites, then the routes; ``party`` is the place of a site or of the place that is struck.
    """

    hazard: str
    kind: str
    element: str
    place: str
    rate_per_year: float
    median_weeks: float
    spread: float
    most_weeks: float
    columns: NDArray[np.int64]
    share: NDArray[np.float64]
    #: A stop of one plant so small that it counts where it loses something alone, and else beside other events only.
    small: bool = False


def threats_of(book: HazardBook, aggregate: Aggregate) -> tuple[Threat, ...]:
    """Every hazard of the book on every element of the network that it can strike, in the order of the book.

    A hazard whose places the network does not have threatens nothing there. Raises ``BadInput`` when none threatens anything.
    """
    scene = Scene.of(aggregate)
    found = tuple(threat for hazard in book.hazards for threat in _of_hazard(hazard, book, scene))
    if not found:
        names = ", ".join(hazard.id for hazard in book.hazards) or "none"
        mend = "name stages, places and commodities of the network; a site hazard without stages strikes every site"
        raise BadInput([Problem("hazards", "at least one hazard that strikes this network", names, mend)])
    return found


@dataclass(frozen=True, eq=False)
class Scene:
    """What threats look at: who makes and moves what in a usual week."""

    aggregate: Aggregate
    site: NDArray[np.str_]
    site_place: NDArray[np.str_]
    site_good: NDArray[np.str_]
    site_stage: NDArray[np.str_]
    world_share: NDArray[np.float64]
    good: NDArray[np.str_]
    stage: NDArray[np.str_]
    origin: NDArray[np.str_]
    destination: NDArray[np.str_]
    groups: dict[str, frozenset[str]]

    @classmethod
    def of(cls, aggregate: Aggregate) -> Scene:
        """The scene of an aggregate."""
        network = aggregate.network
        stage_of = network.commodities["stage"].astype(str)
        made = network.site_output.astype(str)
        routes = network.routes
        usual = np.nan_to_num(aggregate.site_usual)
        goods = made.to_numpy(dtype=str)
        names, at = np.unique(goods, return_inverse=True)
        world = np.bincount(at, weights=usual, minlength=len(names))[at] if len(goods) else usual
        return cls(
            aggregate=aggregate,
            site=network.sites.index.to_numpy(dtype=str),
            site_place=network.sites["place"].to_numpy(dtype=str),
            site_good=goods,
            site_stage=made.map(stage_of).fillna("").to_numpy(dtype=str),
            world_share=np.divide(usual, world, out=np.zeros(len(usual)), where=world > 0),
            good=routes["commodity"].to_numpy(dtype=str),
            stage=routes["commodity"].map(stage_of).fillna("").to_numpy(dtype=str),
            origin=routes["origin"].to_numpy(dtype=str),
            destination=routes["destination"].to_numpy(dtype=str),
            groups=_groups(aggregate),
        )

    def members(self, place: str) -> NDArray[np.str_]:
        """The places that a place or group stands for; empty when the network has none of them."""
        return np.array(sorted(self.groups.get(place, frozenset())), dtype=str)


def _groups(aggregate: Aggregate) -> dict[str, frozenset[str]]:
    places = aggregate.network.places
    found: dict[str, set[str]] = {"world": set(map(str, places.index))}
    for place, group in places["group"].items():
        for name in [str(place), *str(group).split(";")]:
            if name:
                found.setdefault(name, set()).add(str(place))
    return {name: frozenset(members) for name, members in found.items()}


def _of_hazard(hazard: Hazard, book: HazardBook, scene: Scene) -> Iterator[Threat]:
    if hazard.kind == "site":
        yield from _on_sites(hazard, book, scene)
    elif hazard.kind == "place":
        yield from _on_places(hazard, scene)
    elif hazard.kind == "exports":
        yield from _on_exports(hazard, scene)
    else:
        yield from _on_borders(hazard, scene)


def _on_sites(hazard: Hazard, book: HazardBook, scene: Scene) -> Iterator[Threat]:
    """One threat for each facility; one that stands for many plants is struck as often as they are, and loses one of them."""
    assumed = book.assumptions
    chosen = _of_stages(hazard, scene.site_stage) & (scene.world_share > 0)
    if hazard.places:
        chosen &= np.isin(scene.site_place, np.concatenate([scene.members(place) for place in hazard.places]))
    for name, columns in _facilities(book, scene).items():
        struck = columns[chosen[columns]]
        if not len(struck):
            continue
        share = float(scene.world_share[struck].sum())
        lump = fnmatchcase(name, book.aggregates)
        plants = max(math.ceil(share / assumed.largest_plant.value - 1e-9), 1) if lump else 1
        if share / plants >= assumed.least_plant.value:
            left = 1.0 - (1.0 - hazard.share_left) / plants
            small = share / plants < assumed.smallest_plant.value
            place = str(scene.site_place[struck[0]])
            yield _threat(hazard, name, place, struck, left, plants=plants, small=small)


def _facilities(book: HazardBook, scene: Scene) -> dict[str, NDArray[np.int64]]:
    """Sites by what they are shares of: ``greenbushes__usa`` is a share of greenbushes, with the same good at the same place.

    In a site that stands for all works of a country the first name after ``__`` is of the process: ``rest_arg__process__owner``.
    """
    found: dict[str, list[int]] = {}
    known = {str(site): at for at, site in enumerate(scene.site)}
    for at, site in enumerate(map(str, scene.site)):
        pieces = site.split("__")
        name = "__".join(pieces[: 2 if fnmatchcase(site, book.aggregates) else 1])
        like = known.get(name, at) if name not in found else found[name][0]
        same = scene.site_place[like] == scene.site_place[at] and scene.site_good[like] == scene.site_good[at]
        found.setdefault(name if same else site, []).append(at)
    return {name: np.array(sorted(columns), dtype=np.int64) for name, columns in found.items()}


def _on_places(hazard: Hazard, scene: Scene) -> Iterator[Threat]:
    for place in hazard.places:
        struck = np.isin(scene.site_place, scene.members(place)) & _of_stages(hazard, scene.site_stage)
        struck &= scene.world_share > 0
        if struck.any():
            yield _threat(hazard, place, place, np.flatnonzero(struck), hazard.share_left)


def _on_exports(hazard: Hazard, scene: Scene) -> Iterator[Threat]:
    """What a place sells abroad: one threat for each named thing, or for each good of the stages."""
    for place, things in _sellers(hazard, scene):
        inside = scene.members(place)
        leaving = np.isin(scene.origin, inside) & ~np.isin(scene.destination, inside)
        for name, goods in things.items():
            struck = leaving & np.isin(scene.good, list(goods))
            if np.nan_to_num(scene.aggregate.route_usual)[struck].sum() > 0:
                columns = np.flatnonzero(struck) + len(scene.site)
                yield _threat(hazard, f"{place}/{name}", place, columns, hazard.share_left)


def _sellers(hazard: Hazard, scene: Scene) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    if hazard.places == ("each",):
        yield from _each_seller(hazard, scene)
        return
    for place in hazard.places:
        yield place, hazard.things or {good: (good,) for good in _goods(hazard, scene)}


def _each_seller(hazard: Hazard, scene: Scene) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    """Countries (provinces together) and the goods of which they sell at least ``SELLER`` of what is traded."""
    country = {member: party for party, members in _countries(scene).items() for member in members}
    home, abroad = ([country[place] for place in places] for places in (scene.origin, scene.destination))
    traded = np.array([a != b for a, b in zip(home, abroad, strict=True)], dtype=bool)
    sold: dict[str, dict[str, float]] = {}
    usual = np.nan_to_num(scene.aggregate.route_usual)
    for at in np.flatnonzero(traded & (usual > 0) & _of_stages(hazard, scene.stage)):
        by_seller = sold.setdefault(str(scene.good[at]), {})
        by_seller[home[at]] = by_seller.get(home[at], 0.0) + float(usual[at])
    wanted = {name for goods in hazard.things.values() for name in goods} or set(sold)
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for good in sorted(set(sold) & wanted):
        whole = sum(sold[good].values())
        for seller, quantity in sorted(sold[good].items()):
            if quantity >= SELLER * whole:
                found.setdefault(seller, {})[good] = (good,)
    yield from sorted(found.items())


def _countries(scene: Scene) -> dict[str, tuple[str, ...]]:
    """Places by country: ``CA-QC`` belongs to the group that no place is and that holds all with its letters; else itself."""
    out: dict[str, tuple[str, ...]] = {}
    for place in map(str, scene.aggregate.network.places.index):
        out[_country(place, scene)] = (*out.get(_country(place, scene), ()), place)
    return out


def _country(place: str, scene: Scene) -> str:
    """The smallest three-letter group of a province; a place without a dash is its own country."""
    if "-" not in place:
        return place
    holding = [name for name, members in scene.groups.items() if place in members and len(name) == 3 and name.isupper()]
    return min(holding, key=lambda name: len(scene.groups[name]), default=place)


def _goods(hazard: Hazard, scene: Scene) -> list[str]:
    return sorted(set(scene.good[_of_stages(hazard, scene.stage)].tolist()))


def _on_borders(hazard: Hazard, scene: Scene) -> Iterator[Threat]:
    for place in hazard.places:
        inside = scene.members(place)
        crossing = np.isin(scene.origin, inside) != np.isin(scene.destination, inside)
        crossing &= _of_stages(hazard, scene.stage)
        if np.nan_to_num(scene.aggregate.route_usual)[crossing].sum() > 0:
            yield _threat(hazard, place, place, np.flatnonzero(crossing) + len(scene.site), hazard.share_left)


def _of_stages(hazard: Hazard, stages: NDArray[np.str_]) -> NDArray[np.bool_]:
    return np.isin(stages, list(hazard.stages)) if hazard.stages else np.ones(len(stages), dtype=bool)


def _threat(
    hazard: Hazard, element: str, place: str, columns: NDArray[np.int64], left: float, *, plants: int = 1, small: bool = False
) -> Threat:
    weeks = hazard.weeks
    return Threat(
        hazard=hazard.id,
        kind=hazard.kind,
        element=element,
        place=place,
        rate_per_year=hazard.rate_per_year * plants,
        median_weeks=weeks.median,
        spread=weeks.spread,
        most_weeks=weeks.most,
        columns=columns.astype(np.int64),
        share=np.full(len(columns), left),
        small=small,
    )
