"""``Record``: what the register holds, one class for each kind, checked when it is made and never changed.

A record refers to others by id; the type of a field says to which kind (``references``), so that links between records, dangling
ones among them, are found without knowing the kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from orepact.facts.labels import Label
from orepact.pact.records.fields import Link, Takes, links_of
from orepact.pact.records.past import past_of

if TYPE_CHECKING:
    from orepact.errors import Problem
    from orepact.pact.records.register import Register

Language = Literal["en", "fr", "ja", "ko"]
Confidence = Literal["reported", "derived", "estimated", "unverified"]
_ID = re.compile(r"[a-z0-9]+(?:[-_.:][a-z0-9]+)*")
#: NUL, and halves of pairs of characters: no database keeps them.
_BROKEN = re.compile("[\0\ud800-\udfff]")
#: A text of a record has so many characters at most: pages and lists show texts whole.
LONGEST = 100_000
#: Characters that turn the direction of what follows: a name could show as another one.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def _identifier(text: str) -> str:
    if len(text) > 120 or not _ID.fullmatch(text):
        raise ValueError("an id: lower-case letters and digits, joined by - _ . or :, at most 120 of them")
    return text


def _plain(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(f"text of at most {LONGEST} characters: name a document where there is more to say")
    if _BROKEN.search(text):
        raise ValueError("text without NUL and without half of a pair of characters")
    if _TURNING.search(text):
        raise ValueError("text without marks that turn the direction of reading")
    return unicodedata.normalize("NFC", text)


def _label(text: str) -> str:
    if Label.parse(text) is None:
        raise ValueError("a label: TLP:CLEAR, TLP:GREEN, TLP:AMBER/OWNER or TLP:RED/OWNER")
    return text


Identifier = Annotated[str, AfterValidator(_identifier), Takes("an id")]
Text = Annotated[str, AfterValidator(_plain), Takes("text")]
LabelText = Annotated[str, AfterValidator(_label), Takes("a label (TLP:CLEAR, TLP:GREEN, TLP:AMBER/OWNER or TLP:RED/OWNER)")]


@dataclass(frozen=True, slots=True)
class Entry:
    """What lists, searches and counts need of a record without reading it: its line in the register.

    ``state`` as it is written down (what follows from the day, such as overdue, is asked with a day); ``due`` the last day of a
    duty, if it has one; ``articles`` all that it serves.
    """

    title: str
    state: str = ""
    owner: str = ""
    instrument: str = ""
    articles: tuple[str, ...] = ()
    due: date | None = None


class Part(BaseModel):
    """A part of a record."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Brief(Part):
    """What boards need of a record of which there may be thousands, so that they need not read the rest.

    Its fields are fields of the record, of the same name and default, so that a rule reads either. It is taken from a record that
    was checked; ids and dates are not checked again, as that takes most of the time of reading.
    """

    kind: ClassVar[str]

    id: str
    label: str = "TLP:CLEAR"
    confidence: Confidence = "reported"


class Record(Part):
    """One thing in the register. ``label`` says who may see it, ``note`` what one should know of it.

    ``in_brief``: what boards read instead, for kinds of which there are many.
    """

    kind: ClassVar[str]
    in_brief: ClassVar[type[Brief] | None] = None

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
        yield from links_of(self)

    def problems(self, register: Register) -> Iterator[Problem]:  # noqa: ARG002  kinds that ask others do
        """What is wrong with this record among the others, beyond references to what is not there."""
        return iter(())

    def forbidden(self, before: Record | None) -> Iterator[Problem]:  # noqa: ARG002  kinds that keep something do
        """What may not be written so over the record as it stands; ``before`` is None where there is none."""
        return iter(())

    def done_at(self) -> Iterator[tuple[str, datetime | str]]:
        """What the record says has happened: where it says so, and the moment or the date of it. None of that lies ahead."""
        yield from past_of(self)

    def content(self) -> dict[str, Any]:
        """The record as plain values for JSON; what is as usual is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def brief(self) -> dict[str, Any]:
        """The fields of ``in_brief`` as plain values for JSON; empty for a kind that has none."""
        if self.in_brief is None:
            return {}
        return self.model_dump(mode="json", include=set(self.in_brief.model_fields), exclude_defaults=True)
