"""The pack of a meeting as plain data: sections of tables and lists whose words are in one language.

Texts of records that nobody has put into that language stay in English and say so (``Words.language``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.organisations.organisation import Organisation
from orepact.pact.records.codes import Code
from orepact.report.voice import Voice

if TYPE_CHECKING:
    from orepact.pact.instruments.articles import Article
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Register


@dataclass(frozen=True, slots=True)
class Words:
    """A text, the language that it is in ("" for that of the page), how far one can trust it, and a link if it has one."""

    text: str
    language: str = ""
    confidence: str = "reported"
    small: str = ""

    def __str__(self) -> str:
        return self.text


Cell = str | Words | tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; ``empty`` is what is said where there are none; ``strong``: rows (from 0) that stand out."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    strong: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Numbered points; ``empty`` is what is said where there are none, and ``of`` the names that follow it."""

    title: str
    items: tuple[tuple[Words, ...], ...]
    empty: str
    of: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the pack."""

    id: str
    title: str
    lead: str
    blocks: tuple[Table | Points, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure at the top with what it is of."""

    figure: Cell
    label: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything that the page shows."""

    language: str
    title: Words
    subtitle: tuple[Words, ...]
    label: str
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    sources: tuple[str, ...]
    unknowns: tuple[Words, ...]
    said: Mapping[str, str]
    manifest: Mapping[str, str]


@dataclass(frozen=True)
class Namer:
    """Names of records and organisations on a day, in a language."""

    voice: Voice
    register: Register
    on: date
    used: dict[tuple[str, str], Record] = field(default_factory=dict)

    def use(self, keys: Iterable[tuple[str, str]]) -> None:
        """Note that the page rests on these records, for its sources and its label."""
        records = self.register.records
        self.used.update({key: records[key] for key in keys if key in records})

    def title(self, record: Record, *, small: str = "") -> Words:
        """The title of a record, in English where it has none in the language."""
        self.use([(record.kind, record.id)])
        language = self.voice.language
        told = language == "en" or language in record.titles
        return Words(record.title_in(language), "" if told else "en", record.confidence, small)

    def article(self, article: Article) -> Words:
        """What an article says."""
        language = self.voice.language
        told = language == "en" or language in article.texts
        return Words(article.text_in(language), "" if told else "en", article.confidence)

    def chapter(self, article: Article) -> str:
        """The chapter of an article by its list."""
        return self.code("chapter", article.chapter)

    def code(self, list_: str, name: str) -> str:
        """An entry of a list, by its id where the list does not have it."""
        found = self.register.records.get((Code.kind, f"{list_}:{name}"))
        return found.title_in(self.voice.language) if found else name.replace("_", " ")

    def organisation(self, name: str, *, short: bool = True) -> str:
        """The name of an organisation on the day, short where it has a short one; its id where nothing is known of it."""
        found = self.register.records.get((Organisation.kind, name))
        if not isinstance(found, Organisation):
            return name
        self.use([(found.kind, found.id)])
        return found.name_on(self.on, self.voice.language, "short" if short else "applied")

    def organisations(self, names: Iterable[str]) -> str:
        """Several of them as a phrase."""
        return self.voice.listed([self.organisation(name) for name in names])

    def side(self, name: str) -> str:
        """A side: the name of the country where it is one."""
        from babel import Locale

        territory = {"CAN": "CA", "JPN": "JP", "KOR": "KR", "USA": "US", "AUS": "AU"}.get(name, "")
        return str(Locale.parse(self.voice.language).territories.get(territory, name))
