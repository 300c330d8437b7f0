"""Fold the world tables to places: unmodelled countries and the printed "Other countries" become one ROW claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from tools.compile._statistics import Edition, Row, claim, joined, weakest
from tools.compile._usgs_world import MCS2025, MCS2026, Observation
from tools.compile.claims_writer import Places

REST = "ROW"
Key = tuple[Edition, str, str, int]
Cells = dict[Key, dict[str, list[Observation]]]


def world_claims(found: Iterable[Observation]) -> list[Row]:
    """Claims by place, ``ROW`` and ``world``: every printed number is in one claim, and places with ROW add up to the edition."""
    cells = _by_place(found, Places.shipped())
    rows: list[Row] = []
    for key, by_place in cells.items():
        earlier = cells.get((MCS2025, *key[1:]), {}) if key[0] == MCS2026 and key[1] != "reserves" else {}
        apart = _listed_only_before(by_place, earlier)
        for place, parts in by_place.items():
            rows.append(_claim(key, place, parts, apart if place == REST else {}))
        if apart and not _rest_holds(by_place, apart):
            rows += [_withdrawn(key, place, value) for place, value in apart.items()]
    return rows


def _by_place(found: Iterable[Observation], places: Places) -> Cells:
    cells: Cells = defaultdict(lambda: defaultdict(list))
    for item in found:
        place = "world" if item.country.startswith("World total") else places.fold(item.country)
        cells[(item.edition, item.attribute, item.thing, item.year)][place].append(item)
    return cells


def _listed_only_before(now: Mapping[str, list[Observation]], before: Mapping[str, list[Observation]]) -> dict[str, float]:
    """Places that the edition before lists for the same year and this one does not, with their value then."""
    gone = sorted(set(before) - set(now) - {REST, "world"})
    return {place: value for place in gone if (value := sum(item.value for item in before[place])) > 0}


def _rest_holds(by_place: Mapping[str, list[Observation]], apart: Mapping[str, float]) -> bool:
    """Whether "other countries" of this edition can hold what the edition before lists apart."""
    return sum(item.value for item in by_place.get(REST, ())) >= sum(apart.values())


def _claim(key: Key, place: str, parts: list[Observation], apart: Mapping[str, float]) -> Row:
    edition, attribute, thing, year = key
    value = sum(item.value for item in parts)
    confidence = weakest(item.confidence for item in parts)
    note = joined(*(item.note for item in parts), _parts_note(parts) if place == REST else "")
    if apart and value >= sum(apart.values()):
        value -= sum(apart.values())
        listed = ", ".join(f"{name} {amount:.10g}" for name, amount in apart.items())
        confidence = weakest((confidence, "derived"))
        note = joined(note, f"less what the edition before lists apart: {listed}")
    return claim(f"{place}/{thing}", attribute, value, "t", year, edition=edition, confidence=confidence, note=note)


def _parts_note(parts: list[Observation]) -> str:
    return "sum of " + ", ".join(f"{item.country} {item.value:.10g}" for item in parts) if len(parts) > 1 else ""


def _withdrawn(key: Key, place: str, before: float) -> Row:
    edition, attribute, thing, year = key
    note = f"the edition before had {before:.10g}; this one lists neither the place nor any other country that could hold it"
    return claim(f"{place}/{thing}", attribute, 0.0, "t", year, edition=edition, confidence="estimated", note=note)
