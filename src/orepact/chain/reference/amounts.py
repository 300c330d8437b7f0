"""Quantities by place. Plain dictionaries: tables of sixty places are too small to gain from frames."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

ByPlace = dict[str, float]
"""A number for each place that has one; what is missing counts as 0 in sums."""


def total(values: Mapping[str, float]) -> float:
    """Sum over places."""
    return sum(values.values())


def times(values: Mapping[str, float], factor: float) -> ByPlace:
    """Every number times a factor.

    >>> times({"KOR": 2.0}, 3.0)
    {'KOR': 6.0}
    """
    return {place: value * factor for place, value in values.items()}


def plus(*parts: Mapping[str, float]) -> ByPlace:
    """Sum place by place.

    >>> plus({"KOR": 2.0}, {"KOR": 1.0, "JPN": 4.0})
    {'KOR': 3.0, 'JPN': 4.0}
    """
    found: ByPlace = {}
    for part in parts:
        for place, value in part.items():
            found[place] = found.get(place, 0.0) + value
    return found


def first_known(*parts: Mapping[str, float]) -> ByPlace:
    """For each place the number of the first part that has one.

    >>> first_known({"KOR": 2.0}, {"KOR": 1.0, "JPN": 4.0})
    {'KOR': 2.0, 'JPN': 4.0}
    """
    found: ByPlace = {}
    for part in reversed(parts):
        found |= part
    return {place: found[place] for part in parts for place in part}


def largest(*parts: Mapping[str, float]) -> ByPlace:
    """For each place the largest number of any part."""
    found: ByPlace = {}
    for part in parts:
        for place, value in part.items():
            found[place] = max(found.get(place, value), value)
    return found


def positive(values: Mapping[str, float], least: float = 0.0) -> ByPlace:
    """Only what is above ``least``."""
    return {place: value for place, value in values.items() if value > least}


def only(values: Mapping[str, float], places: Container[str]) -> ByPlace:
    """Only these places."""
    return {place: value for place, value in values.items() if place in places}


def without(values: Mapping[str, float], places: Container[str]) -> ByPlace:
    """All but these places."""
    return {place: value for place, value in values.items() if place not in places}


def chosen(values: Mapping[str, float], places: Iterable[str]) -> ByPlace:
    """The numbers of these places in their order, 0 where there is none."""
    return {place: values.get(place, 0.0) for place in places}


def spread(quantity: float, weights: Mapping[str, float]) -> ByPlace:
    """A quantity over places by their positive weights; nothing where no weight is positive.

    >>> spread(10.0, {"KOR": 1.0, "JPN": 3.0, "USA": 0.0})
    {'KOR': 2.5, 'JPN': 7.5}
    """
    kept = positive(weights)
    whole = total(kept)
    return {place: quantity * (weight / whole) for place, weight in kept.items()}
