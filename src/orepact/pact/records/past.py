"""Which fields of a record tell what was done, and when that was: none of that lies ahead of the moment of writing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

#: Fields by which a part of a list is told from the others, else it is told by its number.
NAMES = ("id", "side", "organisation", "of", "by")


@dataclass(frozen=True, slots=True)
class Past:
    """Mark of a field that holds the date or the moment of something done; planned dates have none."""


def past_of(part: BaseModel, path: str = "") -> Iterator[tuple[str, datetime | str]]:
    """Where a record or a part says that something was done, and the moment or the date of it."""
    for name in _telling(type(part)):
        yield from _told(getattr(part, name), f"{path}{name}", marked=name in marked_in(type(part)))


def _told(value: Any, path: str, *, marked: bool) -> Iterator[tuple[str, datetime | str]]:
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _told(item, f"{path}, {_name_of(item, number)}", marked=marked)
    elif isinstance(value, BaseModel):
        yield from past_of(value, f"{path}, ")
    elif marked and isinstance(value, str | datetime):
        yield path, value
    elif marked and isinstance(value, date):
        yield path, value.isoformat()


def _name_of(item: Any, number: int) -> str:
    found = (getattr(item, name, None) for name in NAMES)
    return next((name for name in found if name and isinstance(name, str)), str(number + 1))


@cache
def marked_in(part: type[BaseModel]) -> frozenset[str]:
    """The fields of a part that are marked."""
    fields = part.model_fields.items()
    return frozenset(name for name, field in fields if _has_mark(field.metadata) or _mark_within(field.annotation))


def _has_mark(metadata: Any) -> bool:
    return any(isinstance(mark, Past) for mark in metadata)


def _mark_within(annotation: Any) -> bool:
    """Whether the mark stands within ``X | None`` or ``tuple[X, ...]``."""
    if get_origin(annotation) is Annotated:
        return _has_mark(get_args(annotation)[1:])
    return get_origin(annotation) in (Union, UnionType, tuple) and any(map(_mark_within, get_args(annotation)))


@cache
def _telling(part: type[BaseModel]) -> tuple[str, ...]:
    """The fields that are marked, or that hold parts with fields that are."""
    fields = part.model_fields.items()
    return tuple(name for name, field in fields if name in marked_in(part) or any(map(_tells, parts_in(field.annotation))))


@cache
def _tells(part: type[BaseModel]) -> bool:
    return bool(_telling(part))


def parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The parts that a field can hold, alone, in tuples or as one of several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from parts_in(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType, tuple):
        for inner in get_args(annotation):
            yield from parts_in(inner)
