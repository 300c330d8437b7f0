"""The code lists: elements, commodities, stages, statuses, places, processes, units, attributes, modes, economies, materials.

They stand as YAML in ``data/codes``; ``Codes.load(folder)`` reads and checks them all and raises every problem at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from orepact.errors import NotFound
from orepact.facts.customs import codes_in, demand_edition
from orepact.facts.entries import Attribute, Commodity, Economy, Element, Group, Material, Mode, Place, Process, Stage, Status
from orepact.units import Units

E = TypeVar("E")


@dataclass(frozen=True)
class Codes:
    """All code lists by id. Unknown names raise ``NotFound`` with the closest known names."""

    elements: Mapping[str, Element]
    commodities: Mapping[str, Commodity]
    stages: Mapping[str, Stage]
    statuses: Mapping[str, Status]
    places: Mapping[str, Place]
    groups: Mapping[str, Group]
    processes: Mapping[str, Process]
    units: Units
    attributes: Mapping[str, Attribute]
    modes: Mapping[str, Mode]
    economies: Mapping[str, Economy] = field(default_factory=dict)
    materials: Mapping[str, Material] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path | str) -> Codes:
        """The code lists of a folder; raises ``BadInput`` with every problem of every file."""
        from orepact.facts.code_loading import load_codes

        return load_codes(Path(folder))

    @classmethod
    def shipped(cls) -> Codes:
        """The code lists that come with the package (read once)."""
        return _shipped()

    def element(self, name: str) -> Element:
        """The element of that id."""
        return _get("element", self.elements, name)

    def commodity(self, name: str) -> Commodity:
        """The commodity of that id."""
        return _get("commodity", self.commodities, name)

    def thing(self, name: str) -> Commodity | Element:
        """The commodity or element of that id."""
        found = self.commodities.get(name) or self.elements.get(name)
        if found is None:
            raise NotFound("commodity or element", name, [*self.commodities, *self.elements])
        return found

    def process(self, name: str) -> Process:
        """The process of that id."""
        return _get("process", self.processes, name)

    def stage(self, name: str) -> Stage:
        """The stage of that id."""
        return _get("stage", self.stages, name)

    def status(self, name: str) -> Status:
        """The status of that id."""
        return _get("status", self.statuses, name)

    def attribute(self, name: str) -> Attribute:
        """The attribute of that id."""
        return _get("attribute", self.attributes, name)

    def place(self, name: str) -> Place | Group:
        """The place, or the group of places (``CAN`` is a group of provinces), of that id."""
        found = self.places.get(name) or self.groups.get(name)
        if found is None:
            raise NotFound("place", name, [*self.places, *self.groups])
        return found

    def members(self, name: str) -> tuple[str, ...]:
        """The leaf places of a place or group, each once, in listed order.

        >>> Codes.shipped().members("KOR")
        ('KOR',)
        """
        self.place(name)
        return self._leaves[name]

    def members_of(self, names: str | Iterable[str]) -> tuple[str, ...]:
        """The leaf places of several places or groups together, each once."""
        listed = [names] if isinstance(names, str) else names
        return tuple(dict.fromkeys(leaf for name in listed for leaf in self.members(name)))

    @cached_property
    def subject_places(self) -> frozenset[str]:
        """Ids that a claim may name as its place: places, groups of places, and economies without a place of their own."""
        return frozenset([*self.places, *self.groups, *self.economies])

    @cached_property
    def subject_things(self) -> frozenset[str]:
        """Ids that a claim may name as its thing: commodities, elements, modes of transport and other materials."""
        return frozenset([*self.commodities, *self.elements, *self.modes, *self.materials])

    def country(self, place: str) -> str:
        """The country of a place: its parent for a province, else the place itself.

        >>> Codes.shipped().country("CA-QC")
        'CAN'
        """
        found = self.place(place)
        return found.parent or found.id if isinstance(found, Place) else found.id

    def groups_of(self, place: str) -> tuple[str, ...]:
        """Ids of all groups that hold a leaf place, in listed order."""
        return tuple(group for group in self.groups if place in self._leaves[group])

    def commodities_of(self, element: str) -> tuple[str, ...]:
        """Ids of the commodities that contain an element, in listed order."""
        self.element(element)
        return tuple(name for name, commodity in self.commodities.items() if element in commodity.contents)

    def commodities_of_hs(self, edition: str, code: str) -> tuple[str, ...]:
        """Ids of the commodities that a customs code covers in an edition such as ``HS2017``; ``BadInput`` for no edition."""
        if edition not in self._covered:
            self._covered[edition] = _covered_by(self.commodities, edition)
        return self._covered[edition].get(code, ())

    @cached_property
    def _covered(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Commodities by edition and customs code, for the editions asked for so far."""
        return {}

    @cached_property
    def _leaves(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {name: (name,) for name in self.places}
        for name in self.groups:
            _leaves_of(name, self.groups, found)
        return found


def _covered_by(commodities: Mapping[str, Commodity], edition: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    demand_edition(edition)
    for name, commodity in commodities.items():
        for code in codes_in(commodity.hs, edition):
            found[code] = (*found.get(code, ()), name)
    return found


def _leaves_of(name: str, groups: Mapping[str, Group], found: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if name not in found:
        parts = (_leaves_of(member, groups, found) for member in groups[name].members)
        found[name] = tuple(dict.fromkeys(leaf for part in parts for leaf in part))
    return found[name]


def _get(kind: str, entries: Mapping[str, E], name: str) -> E:
    found = entries.get(name)
    if found is None:
        raise NotFound(kind, name, entries)
    return found


@cache
def _shipped() -> Codes:
    return Codes.load(Path(str(files("orepact"))) / "data" / "codes")
