"""``Slot``: a field of a record or of a part of one as people meet it: what it takes, whether it must be there, what it means.

All of it is read from its type, but for what it means: that stands in ``data/forms/meanings.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from orepact.pact.records.fields import ARTICLES, Listed, Reference, Takes
from orepact.pact.records.reading import read_values
from orepact.pact.records.record import Record

#: What a person writes for values of plain types.
PLAIN: Mapping[Any, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    date: "a day (YYYY-MM-DD)",
    Any: "any value",
}
#: What a person writes for a part.
KEYS = "keys with values"
#: Limits of numbers, as the checker of types names them.
LIMITS = {"gt": "above", "ge": "at least", "lt": "below", "le": "at most"}


@dataclass(frozen=True, slots=True)
class Slot:
    """A field. ``takes``: what to write, in words.

    ``parts``: the types of part of which it takes one (``many``: a list of them); ``codes``: the list whose entries it takes.
    """

    name: str
    takes: str
    required: bool
    parts: tuple[type[BaseModel], ...] = ()
    many: bool = False
    codes: str = ""


@cache
def slots(part: type[BaseModel]) -> tuple[Slot, ...]:
    """The fields of a record or a part: those that must be there, then its own, then those that every record has."""
    found = [_slot(name, field) for name, field in part.model_fields.items()]
    common = frozenset(Record.model_fields) if issubclass(part, Record) else frozenset()
    return tuple(sorted(found, key=lambda slot: (not slot.required, not slot.required and slot.name in common)))


def _slot(name: str, field: Any) -> Slot:
    parts, many = tuple(_models(field.annotation)), _within(field.annotation, tuple)
    takes = _takes(field.annotation, tuple(field.metadata))
    if name in ARTICLES and not parts:
        takes = takes.replace("an id", "the id of an article")
    codes = [mark.list for mark in (*field.metadata, *_marks(field.annotation)) if isinstance(mark, Listed)]
    return Slot(name, takes, field.is_required(), parts, many, codes[0] if codes else "")


def parts_of(record: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The parts that a record can hold, and those within them, each once, in the order of the fields."""
    seen: dict[type[BaseModel], None] = {}
    waiting = [record]
    while waiting:
        for slot in slots(waiting.pop(0)):
            new = [part for part in slot.parts if part not in seen]
            seen |= dict.fromkeys(new)
            waiting += new
    yield from seen


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """What fields mean: by module and class, and "everywhere" for those that mean the same wherever they stand."""
    found: Mapping[str, Mapping[str, str]] = read_values(Path(str(files("orepact") / "data" / "forms" / "meanings.yaml")))
    return found


def meaning(part: type[BaseModel], name: str) -> str:
    """What a field of a record or a part means; "" where nobody has written it down."""
    home = f"{part.__module__.rpartition('.')[2]}.{part.__name__}"
    return meanings().get(home, {}).get(name) or meanings()["everywhere"].get(name, "")


def gist(part: type[BaseModel]) -> str:
    """What a record or a part is: the first sentence of its documentation."""
    words = " ".join((part.__doc__ or "").split()).replace("``", "")
    return words.partition(". ")[0].rstrip(".")


def _takes(annotation: Any, marks: tuple[Any, ...] = ()) -> str:
    """What a person writes for a value of a type with these marks."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _takes(inner[0], (*inner[1:], *marks))
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(_takes(each, marks) for each in inner if each is not NoneType))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return KEYS
    return _plain(annotation, marks) if origin is None else _composed(origin, inner)


def _composed(origin: Any, inner: tuple[Any, ...]) -> str:
    """Values of a type that is made of others."""
    if origin is tuple:
        one = _takes(inner[0])
        return "a list, each with keys and values" if one == KEYS else f"a list, each {one}"
    if origin is Literal:
        return _one_of([str(each) for each in inner])
    return f"keys ({_takes(inner[0])}), each with {_takes(inner[1])}"


def _plain(annotation: Any, marks: tuple[Any, ...]) -> str:
    """A single value: the mark that says most of it speaks."""
    for mark in marks:
        if isinstance(mark, Reference):
            return f"the id of {_a(mark.kinds[0])}"
    for mark in marks:
        if isinstance(mark, Listed):
            return f"an entry of the list {mark.list}"
    said = [mark.words for mark in marks if isinstance(mark, Takes)]
    words = said[-1] if said else PLAIN[annotation]
    limits = [f"{LIMITS[name]} {value:g}" for mark in marks for name, value in _limits(mark) if name in LIMITS]
    return f"{words} {', '.join(limits)}" if limits else words


def _limits(mark: Any) -> Iterator[tuple[str, float]]:
    """Limits of a mark, also of one that a field within the type brings."""
    for inner in getattr(mark, "metadata", (mark,)):
        yield from ((name, getattr(inner, name)) for name in LIMITS if getattr(inner, name, None) is not None)


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _marks(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from get_args(annotation)[1:]
    for inner in get_args(annotation):
        yield from _marks(inner)


def _within(annotation: Any, kind: type) -> bool:
    return get_origin(annotation) is kind or any(_within(inner, kind) for inner in get_args(annotation))
