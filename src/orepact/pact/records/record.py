"""``Record``: what the register holds, one class for each kind, checked when it is made and never changed.

A record refers to others by id; the type of a field says to which kind (``references``), so that links between records, dangling
ones among them, are found without knowing the kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from orepact.facts.labels import Label

if TYPE_CHECKING:
    from orepact.errors import Problem
    from orepact.pact.records.register import Register

Language = Literal["en", "fr", "ja", "ko"]
Confidence = Literal["reported", "derived", "estimated", "unverified"]
_ID = re.compile(r"[a-z0-9]+(?:[-_.:][a-z0-9]+)*")
#: NUL, and halves of pairs of characters: no database keeps them.
_BROKEN = re.compile("[\0\ud800-\udfff]")
#: Characters that turn the direction of what follows: a name could show as another one.
_PLAIN_TYPES = (str, int, float, bool, date, datetime, NoneType)
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def _identifier(text: str) -> str:
    if len(text) > 120 or not _ID.fullmatch(text):
        raise ValueError("an id: lower-case letters and digits, joined by - _ . or :, at most 120 of them")
    return text


def _plain(text: str) -> str:
    if _BROKEN.search(text):
        raise ValueError("text without NUL and without half of a pair of characters")
    if _TURNING.search(text):
        raise ValueError("text without marks that turn the direction of reading")
    return unicodedata.normalize("NFC", text)


def _label(text: str) -> str:
    if Label.parse(text) is None:
        raise ValueError("a label: TLP:CLEAR, TLP:GREEN, TLP:AMBER/OWNER or TLP:RED/OWNER")
    return text


Identifier = Annotated[str, AfterValidator(_identifier)]
Text = Annotated[str, AfterValidator(_plain)]
LabelText = Annotated[str, AfterValidator(_label)]


@dataclass(frozen=True, slots=True)
class Reference:
    """Mark of a field whose text is the id of another record of one of these kinds."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One reference of a record: the field, and what it points to."""

    relation: str
    kinds: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What lists, searches and counts need of a record without reading it: its line in the register.

    ``state`` as it is written down (what follows from the day, such as overdue, is asked with a day); ``due`` the last day of a
    duty, if it has one.
    """

    title: str
    state: str = ""
    owner: str = ""
    instrument: str = ""
    article: str = ""
    due: date | None = None


class Part(BaseModel):
    """A part of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Record(Part):
    """One thing in the register. ``label`` says who may see it, ``note`` what one should know of it."""

    kind: ClassVar[str]

    id: Identifier
    title: Text = Field(min_length=1)
    titles: Mapping[Language, Text] = {}
    label: LabelText = "TLP:CLEAR"
    confidence: Confidence = "reported"
    sources: tuple[Text, ...] = ()
    note: Text = ""

    def title_in(self, language: str) -> str:
        """The title in a language, in English where it has none."""
        words: Mapping[str, str] = self.titles  # type: ignore[assignment]  # any language may be asked for
        return words.get(language, self.title)

    def entry(self) -> Entry:
        """The line of this record in the register."""
        return Entry(self.title)

    def links(self) -> Iterator[Link]:
        """Every reference to another record."""
        yield from _links(self, "")

    def problems(self, register: Register) -> Iterator[Problem]:  # noqa: ARG002  kinds that ask others do
        """What is wrong with this record among the others, beyond references to what is not there."""
        return iter(())

    def forbidden(self, before: Record | None) -> Iterator[Problem]:  # noqa: ARG002  kinds that keep something do
        """What may not be written so over the record as it stands; ``before`` is None where there is none."""
        return iter(())

    def content(self) -> dict[str, Any]:
        """The record as plain values for JSON; what is as usual is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _links(part: BaseModel, path: str) -> Iterator[Link]:
    for name, marks in _linking(type(part)):
        value = getattr(part, name)
        if value:
            yield from _linked(value, marks, f"{path}{name}")


@cache
def _linking(part: type[BaseModel]) -> tuple[tuple[str, tuple[Reference, ...]], ...]:
    """The fields that can hold references, themselves or in parts, with what they refer to."""
    inside, found = holding_parts(part), []
    for name, field in part.model_fields.items():
        own = tuple(mark for mark in field.metadata if isinstance(mark, Reference)) or tuple(_marks(field.annotation))
        if own or name in inside:
            found.append((name, own))
    return tuple(found)


@cache
def holding_parts(part: type[BaseModel]) -> tuple[str, ...]:
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
    if isinstance(value, BaseModel):
        yield from _links(value, f"{path}.")
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _linked(item, marks, path)
    elif isinstance(value, str) and marks:
        yield Link(path, marks[0].kinds, value)


def _marks(annotation: Any) -> Iterator[Reference]:
    """Marks within ``X | None`` and ``tuple[X, ...]``."""
    if get_origin(annotation) is Annotated:
        yield from (mark for mark in get_args(annotation)[1:] if isinstance(mark, Reference))
    elif get_origin(annotation) in (Union, UnionType, tuple):
        for inner in get_args(annotation):
            yield from _marks(inner)
