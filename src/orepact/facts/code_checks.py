"""Checks across the code lists: unknown references, duplicate meanings, cycles, numbers out of range."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from orepact.errors import Problem, nearest

KINDS_OF_SUBJECT = ("place", "place_thing", "flow", "flow_thing", "thing", "process", "process_thing", "site", "contract")
SIGNS = ("any", "non_negative")
KINDS_OF_PLACE = ("country", "province", "rest", "region")

Lists = Mapping[str, Any]
Finding = tuple[str, str, str, str, str, str]
"""List, id, key, expected, found, mend."""


def check_codes(lists: Lists, lines: Mapping[tuple[str, str], int]) -> Iterator[Problem]:
    """Every problem of the lists as they refer to each other; ``lines`` gives the line of each entry."""
    for check in CHECKS:
        for name, entry, key, expected, found, mend in check(lists):
            file = "places.yaml" if name == "groups" else f"{name}.yaml"
            column = f"{entry}.{key}" if key else entry
            yield Problem(column, expected, found, mend, file, lines.get((name, entry)) or None)


def _unknown(at: tuple[str, str, str], value: str, kind: str, known: Iterable[str]) -> Finding:
    close = nearest(value, known, least=0.6)
    mend = f"did you mean {' or '.join(close)}?" if close else "add it to the code lists or use a listed one"
    return (*at, f"a known {kind}", repr(value), mend)


def _ids(lists: Lists) -> Iterator[Finding]:
    snake, place = re.compile(r"[a-z][a-z0-9_]*"), re.compile(r"[A-Z]{3}|[A-Z]{2}-[A-Z0-9]{1,3}")
    by_iso = ("places", "economies")
    words = ("elements", "commodities", "stages", "statuses", "processes", "attributes", "modes", "materials", "groups")
    for name in (*words, *by_iso):
        for entry in lists[name]:
            fits = (
                place.fullmatch(entry)
                if name in by_iso
                else snake.fullmatch(entry) or (name == "groups" and place.fullmatch(entry))
            )
            if not fits:
                expected = "ISO 3166-1 alpha-3 or ISO 3166-2" if name in by_iso else "snake_case"
                yield (name, entry, "", f"an id in {expected}", repr(entry), "rename it")


def _one_meaning(lists: Lists) -> Iterator[Finding]:
    """A bare word of a subject must mean one thing: no two lists of places, things and processes share an id."""
    seen: dict[str, str] = {}
    for name in ("places", "groups", "economies", "elements", "commodities", "materials", "modes", "processes"):
        for entry in lists[name]:
            if entry in seen:
                yield (name, entry, "", "an id of one meaning", f"{entry} in {seen[entry]} and in {name}", "rename one")
            seen.setdefault(entry, name)


def _references(lists: Lists) -> Iterator[Finding]:
    targets = {"stage": lists["stages"], "unit": lists["units"], "output": lists["commodities"]}
    for name in ("commodities", "processes"):
        for entry, code in lists[name].items():
            for key, known in targets.items():
                value = getattr(code, key, None)
                if value is not None and value not in known:
                    yield _unknown((name, entry, key), value, "commodity" if key == "output" else key, known)
    for entry, code in lists["processes"].items():
        for key in ("inputs", "coproducts"):
            for value in getattr(code, key):
                if value not in lists["commodities"]:
                    yield _unknown(("processes", entry, key), value, "commodity", lists["commodities"])


def _contents(lists: Lists) -> Iterator[Finding]:
    for entry, commodity in lists["commodities"].items():
        for element, amount in commodity.contents.items():
            if element not in lists["elements"]:
                yield _unknown(("commodities", entry, "contents"), element, "element", lists["elements"])
            unit = lists["units"].get(commodity.unit)
            most = unit.factor if unit is not None and unit.dimension == "mass" else float("inf")
            if not 0 <= amount <= most:
                expected = f"tonnes of {element} per {commodity.unit}, from 0 to {most:g}"
                yield ("commodities", entry, "contents", expected, f"{amount:g}", "correct the content")


def _customs_codes(lists: Lists) -> Iterator[Finding]:
    for entry, commodity in lists["commodities"].items():
        for edition, codes in commodity.hs.items():
            if not re.fullmatch(r"HS\d{4}", edition):
                yield ("commodities", entry, "hs", "an edition such as HS2017", repr(edition), "name the edition by its year")
            for code in codes:
                if not re.fullmatch(r"\d{6}", code):
                    yield ("commodities", entry, "hs", "six digits in quotes", repr(code), "quote the code to keep leading zeros")


def _places(lists: Lists) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for name in ("places", "groups"):
        for entry, place in lists[name].items():
            if name == "places" and place.kind not in KINDS_OF_PLACE:
                yield _unknown((name, entry, "kind"), place.kind, "kind of place", KINDS_OF_PLACE)
            for key, limit in (("latitude", 90), ("longitude", 180)):
                if abs(getattr(place, key)) > limit:
                    yield (name, entry, key, f"degrees from -{limit} to {limit}", f"{getattr(place, key):g}", "correct it")
            for key in ("iso2", "numeric"):
                value = getattr(place, key)
                if value and (key, value) in seen:
                    yield (name, entry, key, "a code of one place", f"{value}, as {seen[key, value]}", "correct one of them")
                seen.setdefault((key, value), entry)


def _parents(lists: Lists) -> Iterator[Finding]:
    known = {**lists["places"], **lists["groups"]}
    for entry, place in lists["places"].items():
        if place.parent and place.parent not in known:
            yield _unknown(("places", entry, "parent"), place.parent, "place or group", known)
        elif place.parent in lists["groups"] and entry not in lists["groups"][place.parent].members:
            yield (
                "places",
                entry,
                "parent",
                f"{place.parent} to list {entry} among its members",
                "no such member",
                "add it there",
            )


def _members(lists: Lists) -> Iterator[Finding]:
    known = [*lists["places"], *lists["groups"]]
    for entry, group in lists["groups"].items():
        for member in group.members:
            if member not in lists["places"] and member not in lists["groups"]:
                yield _unknown(("groups", entry, "members"), member, "place or group", known)
        for member in sorted({member for member in group.members if group.members.count(member) > 1}):
            yield ("groups", entry, "members", "each member once", f"{member} twice", "remove one")


def _materials(lists: Lists) -> Iterator[Finding]:
    """Materials belong to known elements, and groups of materials hold single materials, elements or commodities."""
    single = [name for name, material in lists["materials"].items() if not material.members]
    known = [*single, *lists["elements"], *lists["commodities"]]
    for entry, material in lists["materials"].items():
        if material.element and material.element not in lists["elements"]:
            yield _unknown(("materials", entry, "element"), material.element, "element", lists["elements"])
        for member in material.members:
            if member not in known:
                yield _unknown(("materials", entry, "members"), member, "single material", known)


def _cycles(lists: Lists) -> Iterator[Finding]:
    """Each cycle of groups once, told as the path that closes it."""
    groups, done = lists["groups"], set[str]()

    def walk(name: str, path: list[str]) -> Iterator[Finding]:
        if name in path:
            loop = " > ".join([*path[path.index(name) :], name])
            yield ("groups", name, "members", "groups that do not hold themselves", loop, "take one member out of the loop")
        elif name in groups and name not in done:
            for member in groups[name].members:
                yield from walk(member, [*path, name])
            done.add(name)

    for group in groups:
        yield from walk(group, [])


def _attributes(lists: Lists) -> Iterator[Finding]:
    dimensions = lists["units"].dimensions
    for entry, attribute in lists["attributes"].items():
        for dimension in attribute.dimension:
            if dimension not in dimensions:
                yield _unknown(("attributes", entry, "dimension"), dimension, "dimension of a unit", dimensions)
        for kind in attribute.subject:
            if kind not in KINDS_OF_SUBJECT:
                yield _unknown(("attributes", entry, "subject"), kind, "kind of subject", KINDS_OF_SUBJECT)
        if attribute.sign not in SIGNS:
            yield _unknown(("attributes", entry, "sign"), attribute.sign, "sign", SIGNS)
        if attribute.values and attribute.values not in lists:
            yield _unknown(("attributes", entry, "values"), attribute.values, "code list", lists)


def _factors(lists: Lists) -> Iterator[Finding]:
    for entry, unit in lists["units"].items():
        if not 0 < unit.factor < float("inf"):
            yield ("units", entry, "factor", "a number above 0", f"{unit.factor:g}", "correct the factor")


CHECKS: tuple[Callable[[Lists], Iterator[Finding]], ...] = (
    _ids, _one_meaning, _references, _contents, _customs_codes, _places, _parents, _members, _materials, _cycles,
    _attributes, _factors,
)  # fmt: skip
