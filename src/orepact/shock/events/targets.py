"""What the names in an event stand for in a case: sites, routes, demands and stocks, with the nearest names where none fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.errors import NotFound, ProblemCollector
from orepact.shock.events.event import Break

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase

ANY = "*"
#: What stands in the place of an owner that nobody knows.
NOBODY = {"", "unknown"}
#: Shares and remarks after the name of a company: "POSCO Holdings 82%", "AESC (Envision)".
REMARK = re.compile(r"\s*(\(.*\)|\d+(\.\d+)?\s*%)\s*")


@dataclass(eq=False)
class Targets:
    """Masks over the tables of a case. Unknown names become problems, with the names nearest to them.

    ``also_known`` are site ids that the facts know though they do not stand in this network: they are noted in ``absent``
    instead of being problems.
    """

    case: ShockCase
    also_known: frozenset[str] = frozenset()
    problems: ProblemCollector = field(default_factory=ProblemCollector)
    absent: list[str] = field(default_factory=list)
    where: str = ""

    # What is hit ---------------------------------------------------------------------------------

    def sites_of(self, item: Break) -> NDArray[np.bool_]:
        """Sites that a break of a site, an owner, a place or a made commodity names, within its scope."""
        sites = self.case.network.sites
        find: dict[str, Callable[[Sequence[str]], NDArray[np.bool_]]] = {
            "site": self._by_id,
            "owner": self._by_owner,
            "place": self._at,
            "commodity": self._making,
        }
        mask = find[item.target](item.names)
        if item.commodities:
            mask = mask & self._making(item.commodities, "commodities")
        for key in ("places", "origins"):
            if getattr(item, key):
                mask = mask & sites["place"].isin(self.places(getattr(item, key), key)).to_numpy()
        return mask

    def routes_of(self, item: Break) -> NDArray[np.bool_]:
        """Routes that a break of a route or an exported commodity names, within its scope; all of them for sea passages."""
        mask = np.ones(len(self.case.network.routes), dtype=bool)
        if item.target == "route":
            mask = self._any([self._route(name) for name in item.names])
        elif item.target == "commodity":
            mask = self._moving(item.names, "commodity")
        return mask & self.scope_of(item)

    def scope_of(self, item: Break) -> NDArray[np.bool_]:
        """Routes within the commodities, origins, destinations and borders of a break."""
        routes = self.case.network.routes
        mask = np.ones(len(routes), dtype=bool)
        if item.commodities:
            mask &= self._moving(item.commodities, "commodities")
        for key, column in (("origins", "origin"), ("destinations", "destination")):
            if getattr(item, key):
                mask &= routes[column].isin(self.places(getattr(item, key), key)).to_numpy()
        return mask & self.crossing if item.exports else mask

    @cached_property
    def crossing(self) -> NDArray[np.bool_]:
        """Routes whose ends belong to two parties."""
        party = {place: name for name, places in self.case.parties.items() for place in places}
        routes = self.case.network.routes
        ends = [routes[column].map(lambda place: party.get(place, place)) for column in ("origin", "destination")]
        return (ends[0] != ends[1]).to_numpy()

    def wants_of(self, item: Break) -> NDArray[np.bool_]:
        """Final demands that a break names."""
        return self._rows(self.case.wants, item)

    def stores_of(self, item: Break) -> NDArray[np.bool_]:
        """Stocks that a break names."""
        return self._rows(self.case.stores, item)

    def _rows(self, table: pd.DataFrame, item: Break) -> NDArray[np.bool_]:
        mask = table["commodity"].isin(self.commodities(item.names, item.target))
        if item.places:
            mask &= table["place"].isin(self.places(item.places, "places"))
        return mask.to_numpy(dtype=bool)

    # Names ---------------------------------------------------------------------------------------

    def commodities(self, names: Iterable[str], key: str) -> list[str]:
        """Commodities that the names stand for: an id, a stage or an element (all that hold it), in any case; ``*`` for all."""
        known = self._goods
        found: dict[str, None] = {}
        for name in names:
            if name == ANY:
                found |= dict.fromkeys(str(item) for item in self.case.network.commodities.index)
            elif name.strip().casefold() in known:
                found |= dict.fromkeys(known[name.strip().casefold()])
            else:
                self.unknown(key, "commodity, stage or element", name, known)
        return list(found)

    @cached_property
    def _goods(self) -> dict[str, tuple[str, ...]]:
        """Commodities by folded name; an id goes before a stage, and a stage before an element."""
        network = self.case.network
        held = network.contents[network.contents["t_per_unit"] > 0]
        listed: dict[str, tuple[str, ...]] = {}
        for names, things in (
            (held["element"], held["commodity"]),
            (network.commodities["stage"], pd.Series(network.commodities.index)),
        ):
            pairs = pd.DataFrame({"name": names.to_numpy(dtype=object), "thing": things.to_numpy(dtype=object)})
            for name, rows in pairs[pairs["name"] != ""].groupby("name", sort=False):
                listed[str(name).casefold()] = tuple(str(thing) for thing in rows["thing"])
        return listed | {str(name).casefold(): (str(name),) for name in network.commodities.index}

    def places(self, names: Iterable[str], key: str) -> set[str]:
        """Places that the names stand for: a place, a group or a party, in any case; ``*`` for all."""
        network = self.case.network
        groups = {**{name: tuple(places) for name, places in self.case.parties.items()}, **network.groups}
        folded = {name.casefold(): places for name, places in groups.items()}
        found: set[str] = set()
        for name in names:
            if name == ANY:
                found |= {str(place) for place in network.places.index}
            elif name.strip().casefold() in folded:
                found |= set(folded[name.strip().casefold()])
            else:
                self.unknown(key, "place, group or party", name, groups)
        return found

    def _by_id(self, names: Sequence[str]) -> NDArray[np.bool_]:
        index = self.case.network.sites.index
        for name in names:
            if name not in index and name in self.also_known:
                self.absent.append(name)
            elif name not in index:
                self.unknown("site", "site", name, [*map(str, index), *sorted(self.also_known)])
        return np.asarray(index.isin(list(names)))

    def _at(self, names: Sequence[str]) -> NDArray[np.bool_]:
        return self.case.network.sites["place"].isin(self.places(names, "place")).to_numpy()

    def _by_owner(self, names: Sequence[str]) -> NDArray[np.bool_]:
        known = self.owners
        hits = []
        for name in names:
            if name.strip().casefold() not in known:
                self.unknown("owner", "owner or home country", name, sorted({label for label, _ in known.values()}))
                continue
            hits.append(known[name.strip().casefold()][1])
        return self._any(hits, len(self.case.network.sites))

    @cached_property
    def owners(self) -> dict[str, tuple[str, NDArray[np.bool_]]]:
        """Owners and home countries by folded name: how it is written, and the sites that it owns or shares in."""
        sites = self.case.network.sites
        rows: dict[str, tuple[str, list[int]]] = {}
        for number, (owner, country) in enumerate(zip(sites["owner"], sites["owner_country"], strict=True)):
            for name in {owner, country, *(REMARK.sub(" ", part).strip() for part in str(owner).split(";"))} - NOBODY:
                rows.setdefault(str(name).casefold(), (str(name), []))[1].append(number)
        return {key: (label, np.isin(np.arange(len(sites)), held)) for key, (label, held) in rows.items()}

    def _making(self, names: Sequence[str], key: str = "commodity") -> NDArray[np.bool_]:
        return self.case.network.site_output.isin(self.commodities(names, key)).to_numpy()

    def _moving(self, names: Sequence[str], key: str) -> NDArray[np.bool_]:
        return self.moving(self.commodities(names, key))

    def moving(self, goods: Sequence[str]) -> NDArray[np.bool_]:
        """Routes of these commodities."""
        return self.case.network.routes["commodity"].isin(list(goods)).to_numpy()

    def _route(self, name: str) -> NDArray[np.bool_]:
        """Routes of one name: ``ORIGIN>DESTINATION``, with ``/commodity`` for one thing; ``*`` for any end."""
        routes = self.case.network.routes
        ends, _, thing = name.partition("/")
        origin, mark, destination = ends.partition(">")
        if not mark or not origin.strip() or not destination.strip():
            self.problems.add(
                f"{self.where}.route", "ORIGIN>DESTINATION or ORIGIN>DESTINATION/commodity", name, "write both ends"
            )
            return np.zeros(len(routes), dtype=bool)
        mask = routes["origin"].isin(self.places([origin.strip()], "route")).to_numpy()
        mask = mask & routes["destination"].isin(self.places([destination.strip()], "route")).to_numpy()
        return mask & self._moving([thing], "route") if thing else mask

    def _any(self, masks: Sequence[NDArray[np.bool_]], size: int | None = None) -> NDArray[np.bool_]:
        empty = np.zeros(len(self.case.network.routes) if size is None else size, dtype=bool)
        mask: NDArray[np.bool_] = np.logical_or.reduce([empty, *masks])
        return mask

    def unknown(self, key: str, kind: str, name: str, known: Iterable[str]) -> None:
        """Note a name that is none, with the nearest ones."""
        near = NotFound(kind, name, known).close
        mend = f"did you mean {' or '.join(near)}?" if near else "use a name of this network"
        self.problems.add(f"{self.where}.{key}", f"a known {kind}", repr(name), mend)
