"""``Party``: who a tower is for: a country (or a group of places), a province, a public body, or a company of the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from orepact.errors import NotFound
from orepact.pact.organisations.organisation import Organisation, organisation
from orepact.service.view.said import Named, Place, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orepact.facts import Codes
    from orepact.pact.records.register import Register
    from orepact.service.view.tower_rules import TowerRules

Sort = Literal["country", "province", "agency", "company"]


@dataclass(frozen=True, slots=True)
class Party:
    """A party. ``place``: of which the grid speaks ("" for none); ``organisations``: those whose duties are its own."""

    id: str
    sort: Sort
    name: Value
    place: str
    organisations: tuple[str, ...]
    sides: frozenset[str] = frozenset()

    @property
    def watched(self) -> bool:
        """Whether the early warning speaks of it: of countries and those who act for one."""
        return self.sort in {"country", "agency"} and bool(self.place)


def party_of(name: str, codes: Codes, register: Register, rules: TowerRules) -> Party:
    """The party of an id or a name; raises ``NotFound`` with the nearest names."""
    if name in codes.groups or name in codes.places:
        return _of_place(name, codes, register, rules)
    try:
        found = organisation(register, name)
    except NotFound:
        known = [*codes.places, *codes.groups, *(one.id for one in register.all(Organisation))]
        raise NotFound("party", name, known) from None
    return _of_organisation(found, codes, register, rules)


def _of_place(name: str, codes: Codes, register: Register, rules: TowerRules) -> Party:
    entry = codes.groups.get(name) or codes.places[name]
    if name not in codes.groups and codes.country(name) != name:
        acts = (one for one in register.all(Organisation) if one.place == name and one.organisation_kind in rules.states)
        own = _ids(acts)
        return Party(name, "province", Place(name, entry.title), name, own)
    countries = frozenset({name, *(codes.country(leaf) for leaf in codes.members(name))})
    acting = (
        one
        for one in register.all(Organisation)
        if (one.side or one.country) in countries and not one.place and one.organisation_kind in rules.states
    )
    return Party(name, "country", Place(name, entry.title), name, _ids(acting), countries)


def _of_organisation(found: Organisation, codes: Codes, register: Register, rules: TowerRules) -> Party:
    below = _ids(one for one in register.all(Organisation) if one.parent == found.id)
    own = (found.id, *below)
    name = named(found)
    country = found.side or found.country
    if found.organisation_kind not in rules.states:
        return Party(found.id, "company", name, country, own)
    if found.place:
        return Party(found.id, "province", name, found.place, own)
    known = country in codes.places or country in codes.groups
    return Party(found.id, "agency", name, country if known else "", own, frozenset({country} if country else ()))


def _ids(found: Iterable[Organisation]) -> tuple[str, ...]:
    return tuple(sorted(one.id for one in found))


def named(found: Organisation) -> Named:
    """An organisation by the names that it goes by."""
    spoken = {str(name.language): name.text for name in found.names if name.form == "applied" and name.valid_to is None}
    titles = {str(language): text for language, text in found.titles.items()}
    return Named(found.title, {**spoken, **titles})


def name_of(register: Register, name: str) -> Named:
    """An organisation by its id: its names, or the id of one that is not there for who asks."""
    found = register.records.get((Organisation.kind, name))
    return named(found) if isinstance(found, Organisation) else Named(name)
