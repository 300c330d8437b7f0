"""``Record``: what the register holds, one class for each kind, checked when it is made and never changed.

A record refers to others by id; the type of a field says to which kind (``references``), so that links between records, dangling
ones among them, are found without knowing the kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from orepact.facts.labels import Label
from orepact.pact.records.fields import Link, Reference, Takes, links_of
from orepact.pact.records.past import past_of
from orepact.pact.records.sharing import SHARING, labelled

if TYPE_CHECKING:
    from typing import Self

    from orepact.errors import Problem
    from orepact.pact.records.register import Register

Language = Literal["en", "fr", "ja", "ko"]
Confidence = Literal["reported", "derived", "estimated", "unverified"]
_ID = re.compile(r"[a-z0-9]+(?:[-_.:][a-z0-9]+)*")
#: Moments lie between these years.
FIRST_YEAR, LAST_YEAR = 1500, 2500
#: NUL, and halves of pairs of characters: no database keeps them.
BROKEN = re.compile("[\0\ud800-\udfff]")
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
    if BROKEN.search(text):
        raise ValueError("text without NUL and without half of a pair of characters")
    if _TURNING.search(text):
        raise ValueError("text without marks that turn the direction of reading")
    return unicodedata.normalize("NFC", text)


def _label(text: str) -> str:
    if Label.parse(text) is None:
        raise ValueError("a label: TLP:CLEAR, TLP:GREEN, TLP:AMBER/OWNER or TLP:RED/OWNER")
    return text


def _utc(moment: datetime) -> datetime:
    if not FIRST_YEAR < moment.year < LAST_YEAR:  # where no place has another year that the calendar does not know
        raise ValueError(f"a moment between {FIRST_YEAR} and {LAST_YEAR}")
    return moment.astimezone(UTC)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


Identifier = Annotated[str, AfterValidator(_identifier), Takes("an id")]
Text = Annotated[str, AfterValidator(_plain), Takes("text")]
LabelText = Annotated[str, AfterValidator(_label), Takes("a label (TLP:CLEAR, TLP:GREEN, TLP:AMBER/OWNER or TLP:RED/OWNER)")]
_Opens = Annotated[
    AwareDatetime, AfterValidator(_utc), PlainSerializer(_moment, when_used="json"),
    Takes("a moment with what it is ahead of UTC, such as 2026-02-18T09:00-05:00"),
]  # fmt: skip


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


class Named(Part):
    """An organisation, a person, or those who sit in a body, who see a record besides those whom its label names.

    ``until``: the last day (UTC) on which they do; ``export``: whether they may take it out of the register.
    """

    organisation: Annotated[Identifier, Reference(("organisation",))] | None = None
    person: Annotated[Identifier, Reference(("person",))] | None = None
    body: Annotated[Identifier, Reference(("body",))] | None = None
    until: date | None = None
    export: bool = False

    @model_validator(mode="after")
    def _one(self) -> Named:
        if sum(name is not None for name in (self.organisation, self.person, self.body)) != 1:
            raise ValueError("one of organisation, person and body")
        return self

    @property
    def token(self) -> str:
        """What somebody must hold to be meant (``records.readers``)."""
        if self.person is not None:
            return f"person:{self.person}"
        return f"of:{self.organisation}" if self.organisation is not None else f"body:{self.body}"


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

    The owner of the label may share it further (``readers``), hold it back for others until a moment (``opens``), give fields a
    label of their own (``labels``: names joined by ``.``, through lists, such as ``versions.price``), and let sums that name
    nobody be made of it (``pools``). Only the owner is shown these four.

    ``in_brief``: what boards read instead, for kinds of which there are many; ``script``: fields that say what comes when, and
    that those alone know before its hour, and write, who conduct it.
    """

    kind: ClassVar[str]
    in_brief: ClassVar[type[Brief] | None] = None
    script: ClassVar[tuple[str, ...]] = ()

    id: Identifier
    title: Text = Field(min_length=1)
    titles: Mapping[Language, Text] = {}
    label: LabelText = "TLP:CLEAR"
    confidence: Confidence = "reported"
    sources: tuple[Text, ...] = ()
    note: Text = ""
    readers: tuple[Named, ...] = ()
    opens: _Opens | None = None
    labels: Mapping[Text, LabelText] = {}
    pools: tuple[Identifier, ...] = ()

    @model_validator(mode="after")
    def _shared(self) -> Self:
        """Who shares owns the label; a field with a label of its own can be left out."""
        shared = [name for name in SHARING if getattr(self, name)]
        if shared and not getattr(Label.parse(self.label), "owner", ""):
            raise ValueError(f"{', '.join(shared)}: a label that names its owner, such as TLP:CLEAR/nrcan: only the owner shares")
        whole = [path for path in self.labels if not labelled(type(self), path)]
        if whole:
            raise ValueError(
                f"labels of {', '.join(whole)}: fields that are there and can be left out have labels; "
                "give what is closed a record of its own"
            )
        return self

    def title_in(self, language: str) -> str:
        """The title in a language, in English where it has none."""
        words: Mapping[str, str] = self.titles  # type: ignore[assignment]  # any language may be asked for
        return words.get(language, self.title)

    def entry(self) -> Entry:
        """The line of this record in the register."""
        return Entry(self.title)

    def closed_times(self) -> Iterator[tuple[str, date | None, date | None]]:
        """Times in which an organisation keeps the record to itself, whatever the label says: from a day (inclusive) to another
        (exclusive).
        """
        return iter(())

    def kept_alone(self) -> tuple[str, tuple[str, ...]]:
        """An organisation, and the fields that are told to nobody else, whatever the label says: those that say something."""
        return "", ()

    def conducted_by(self) -> frozenset[str]:
        """The tokens of those who know its script before its hours; ``role:`` and a role for all who have that."""
        return frozenset()

    def at_hour(self, moment: datetime, latest: Self | None = None) -> Self:  # noqa: ARG002  kinds with a script do
        """The record with what of its script has come at a moment, and in its ``latest`` version too where that is another."""
        return self

    def next_hour(self, moment: datetime) -> datetime | None:  # noqa: ARG002  kinds with a script do
        """The first moment after this one at which more of its script has come."""
        return None

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
