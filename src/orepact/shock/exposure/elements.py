"""What a name breaks: a site, an owner, a place, a route or a node of a network, as numbers of its sites and routes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.tables import near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network

#: In the order in which a name without a kind is looked up.
KINDS = ("site", "owner", "place", "route", "node")
#: An owner or country of that name is many, not one.
UNKNOWN = "unknown"
NONE: NDArray[np.int32] = np.empty(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Element:
    """One thing that can break: its kind and name, and the sites and routes that stop with it.

    A place stops its sites, an owner the sites it owns, a node every site that makes the commodity there; routes and stocks stay.
    """

    kind: str
    name: str
    sites: NDArray[np.int32]
    routes: NDArray[np.int32]

    def same_as(self, other: Element) -> bool:
        """Whether both break the same things."""
        return np.array_equal(self.sites, other.sites) and np.array_equal(self.routes, other.routes)


@dataclass(frozen=True, eq=False)
class Unclear:
    """Why a name is no element: what was found, and how to mend it."""

    found: str
    mend: str


class Elements:
    """Every element of a network by name."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def named(self, text: str) -> Element | Unclear:
        """The element that ``text`` stands for: ``KIND:NAME``, or a name alone where it means one thing only.

        A route is ``ORIGIN>DESTINATION/COMMODITY`` (or ``COMMODITY:ORIGIN>DESTINATION``), without commodity all that moves there;
        a node is ``COMMODITY/PLACE`` (or ``COMMODITY@PLACE``). Case counts only where two names differ in nothing
        else. The home country of owners is a name too, where nothing else has it.
        """
        kind, mark, rest = text.partition(":")
        told = kind.strip().casefold()
        if mark and told in KINDS and not self._found(text, KINDS):
            return self._chosen(text, self._found(rest.strip(), (told,)), (told,))
        return self._chosen(text, self._found(text.strip(), KINDS), KINDS)

    def all(self, kind: str) -> Iterator[Element]:
        """Every element of a kind that stops something, in the order of the network; owners by home country and by name."""
        if kind == "route":
            commodity = self.network.routes["commodity"]
            ends = zip(self.network.routes["origin"], self.network.routes["destination"], commodity, strict=True)
            for at, (origin, destination, good) in enumerate(ends):
                yield Element(kind, f"{origin}>{destination}/{good}", NONE, np.array([at], dtype=np.int32))
            return
        owned = self._owned_from if kind == "owner" else {}
        for name, sites in (owned | self._usual[kind]).items():
            if len(sites) and not (kind == "owner" and name.casefold() == UNKNOWN):
                yield Element(kind, name, sites, NONE)

    def _chosen(self, text: str, found: list[Element], kinds: tuple[str, ...]) -> Element | Unclear:
        if not found:
            return Unclear(repr(text), near(text.partition(":")[2] if len(kinds) == 1 else text, self.names(kinds)))
        if all(found[0].same_as(other) for other in found):
            return found[0]
        readings = " or ".join(f"{element.kind}:{element.name}" for element in found)
        return Unclear(f"{text!r}, which is several things", f"write {readings}")

    def _found(self, name: str, kinds: tuple[str, ...]) -> list[Element]:
        """Elements of some kinds with exactly this name; where there are none, those that differ in case only."""
        exact = [Element(kind, name, *self._tables[kind][name]) for kind in kinds if name in self._tables[kind]]
        if not exact and "owner" in kinds and name in self._owned_from:
            exact = [Element("owner", name, self._owned_from[name], NONE)]
        folded = name.casefold()
        return exact or [
            Element(kind, known, *self._tables[kind][known]) for kind in kinds for known in self._folded[kind].get(folded, ())
        ]

    def names(self, kinds: tuple[str, ...] = KINDS) -> list[str]:
        """Every name that is known, in the usual spelling."""
        usual = [self._usual[kind] if kind != "route" else [element.name for element in self.all("route")] for kind in kinds]
        return list(dict.fromkeys(str(name) for names in usual for name in names))

    @cached_property
    def _folded(self) -> dict[str, dict[str, list[str]]]:
        out: dict[str, dict[str, list[str]]] = {}
        for kind, table in self._tables.items():
            out[kind] = {}
            for name in table:
                out[kind].setdefault(name.casefold(), []).append(name)
        return out

    @cached_property
    def _tables(self) -> dict[str, dict[str, tuple[NDArray[np.int32], NDArray[np.int32]]]]:
        """Kind to name to (sites, routes), with every spelling."""
        tables = {kind: {name: (sites, NONE) for name, sites in self._usual[kind].items()} for kind in KINDS if kind != "route"}
        groups = self.network.groups
        place = self._usual["place"]
        for group, members in groups.items():
            of_members = [place.get(member, NONE) for member in members]
            tables["place"].setdefault(group, (np.sort(np.concatenate([NONE, *of_members])), NONE))
        tables["node"] |= {name.replace("/", "@", 1): broken for name, broken in tables["node"].items()}
        return tables | {"route": {name: (NONE, routes) for name, routes in self._route_names().items()}}

    @cached_property
    def _usual(self) -> dict[str, dict[str, NDArray[np.int32]]]:
        """Kind to name to sites, each in its usual spelling."""
        network = self.network
        sites = network.sites
        outputs = network.site_output.astype(str) + "/" + sites["place"].astype(str)
        places = {str(name): NONE for name in network.places.index} | _by(sites["place"])
        numbers = {str(name): np.array([at], dtype=np.int32) for at, name in enumerate(sites.index)}
        return {"site": numbers, "owner": _by(sites["owner"]), "place": places, "node": _by(outputs), "route": {}}

    @cached_property
    def _owned_from(self) -> dict[str, NDArray[np.int32]]:
        """Home country of owners to the sites owned from there."""
        return _by(self.network.sites["owner_country"])

    def _route_names(self) -> dict[str, NDArray[np.int32]]:
        """Every spelling of each route, and the ways between two places that several routes share."""
        routes = self.network.routes
        ways = routes["origin"].astype(str) + ">" + routes["destination"].astype(str)
        goods = routes["commodity"].astype(str)
        out = _by(ways)
        for spelled in (ways + "/" + goods, goods + ":" + ways, goods + "/" + ways, goods + "@" + ways, goods + " " + ways):
            out |= _by(spelled)
        for arrow in ("->", "→", " > ", " -> "):
            out |= {name.replace(">", arrow): numbers for name, numbers in list(out.items()) if ">" in name}
        return out


def _by(names: pd.Series) -> dict[str, NDArray[np.int32]]:
    """Numbers of the rows of each name, in order of the first mention; rows without a name are left out."""
    plain = names.astype(str).reset_index(drop=True)
    groups = plain[plain.str.strip() != ""].groupby(plain, sort=False)
    return {str(name): np.asarray(rows.index, dtype=np.int32) for name, rows in groups}
