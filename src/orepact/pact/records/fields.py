"""What the fields of a record name, in whatever part of it: other records and articles. Each kind is looked through once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

#: Fields that name articles.
ARTICLES = ("article", "articles")
#: Types of fields that hold no parts.
_PLAIN_TYPES = (str, int, float, bool, date, datetime, NoneType)


@dataclass(frozen=True, slots=True)
class Reference:
    """Mark of a field whose text is the id of another record of one of these kinds."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Mark of a field whose text is an entry of this list of codes."""

    list: str


@dataclass(frozen=True, slots=True)
class Takes:
    """Mark of a type with what a person writes for it, in words."""

    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """One reference of a record: the field, and what it points to."""

    relation: str
    kinds: tuple[str, ...]
    target: str


def links_of(part: BaseModel, path: str = "") -> Iterator[Link]:
    """Every reference of a record or a part, with the path of its field."""
    for name, marks in _linking(type(part)):
        value = getattr(part, name)
        if value:
            yield from _linked(value, marks, f"{path}{name}")


@cache
def _linking(part: type[BaseModel]) -> tuple[tuple[str, tuple[Reference, ...]], ...]:
    """The fields that can hold references, themselves or in parts, with what they refer to."""
    inside, found = _holding_parts(part), []
    for name, field in part.model_fields.items():
        own = tuple(mark for mark in field.metadata if isinstance(mark, Reference)) or tuple(_marks(field.annotation))
        if own or name in inside:
            found.append((name, own))
    return tuple(found)


@cache
def _holding_parts(part: type[BaseModel]) -> tuple[str, ...]:
    """The fields that can hold parts, alone or in tuples: what looks into a record need not look at the others."""
    return tuple(name for name, field in part.model_fields.items() if _holds_parts(field.annotation))


def _holds_parts(annotation: Any) -> bool:
    """Whether values of a type can be or hold parts; of a type that is not known here, they can."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _holds_parts(get_args(annotation)[0])
    if origin in (Union, UnionType, tuple, list):
        return any(_holds_parts(inner) for inner in get_args(annotation) if inner is not Ellipsis)
    return origin not in (Literal, dict, Mapping) and annotation not in _PLAIN_TYPES


def _linked(value: Any, marks: Sequence[Reference], path: str) -> Iterator[Link]:
    if isinstance(value, str):  # asked first: whether something is a part takes ten times as long
        if marks:
            yield Link(path, marks[0].kinds, value)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _linked(item, marks, path)
    elif isinstance(value, BaseModel):
        yield from links_of(value, f"{path}.")


def _marks(annotation: Any) -> Iterator[Reference]:
    """Marks within ``X | None`` and ``tuple[X, ...]``."""
    if get_origin(annotation) is Annotated:
        yield from (mark for mark in get_args(annotation)[1:] if isinstance(mark, Reference))
    elif get_origin(annotation) in (Union, UnionType, tuple):
        for inner in get_args(annotation):
            yield from _marks(inner)


def links_in(part: type[BaseModel], values: Mapping[str, Any], path: str = "") -> Iterator[Link]:
    """The same of values that need not make a record: of each text that stands where a reference would."""
    for name, marks in _linking(part):
        kinds = [*_parts_in(part.model_fields[name].annotation)]
        yield from _linked_in(values.get(name), marks, kinds, f"{path}{name}")


def _linked_in(value: Any, marks: Sequence[Reference], kinds: Sequence[type[BaseModel]], path: str) -> Iterator[Link]:
    if isinstance(value, str):
        if marks and value:
            yield Link(path, marks[0].kinds, value)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _linked_in(item, marks, kinds, path)
    elif isinstance(value, Mapping):
        fits = [kind for kind in kinds if value.keys() <= kind.model_fields.keys()] or kinds
        yield from dict.fromkeys(link for kind in fits for link in links_in(kind, value, f"{path}."))


def _parts_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The types of parts that values of a type can be or hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation) if get_origin(annotation) in (Annotated, Union, UnionType, tuple, list) else ():
        yield from _parts_in(inner)


def articles_of(part: BaseModel) -> Iterator[str]:
    """The id of every article that a record or a part names."""
    for name, naming in _naming_articles(type(part)):
        value = getattr(part, name)
        if value:
            yield from _articles_in(value, naming=naming)


@cache
def _naming_articles(part: type[BaseModel]) -> tuple[tuple[str, bool], ...]:
    """The fields that name articles (True) or can hold parts that do."""
    fields = part.model_fields.items()
    return tuple((name, name in ARTICLES) for name, field in fields if name in ARTICLES or _may_name(field.annotation))


def _may_name(annotation: Any, passed: frozenset[Any] = frozenset()) -> bool:
    """Whether values of a type can hold parts that name articles; of a type that is not known here, they can."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _may_name(get_args(annotation)[0], passed)
    if origin in (Union, UnionType, tuple, list):
        return any(_may_name(inner, passed) for inner in get_args(annotation) if inner is not Ellipsis)
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return _holds_parts(annotation)
    if annotation in passed:  # a part within parts of its own type: what it can name was asked above
        return False
    fields = annotation.model_fields.items()
    return any(name in ARTICLES or _may_name(field.annotation, passed | {annotation}) for name, field in fields)


def _articles_in(value: Any, *, naming: bool) -> Iterator[str]:
    if isinstance(value, str):
        if naming and value:
            yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _articles_in(item, naming=naming)
    elif isinstance(value, BaseModel):
        yield from articles_of(value)
