"""``Article``: one provision of an instrument, with an id of its own, as documents leave parts unnumbered or number two alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from pydantic import FiniteFloat

from orepact.errors import Problem
from orepact.pact.dates.lasting import Lasting
from orepact.pact.records.codes import unknown
from orepact.pact.records.record import Confidence, Identifier, Language, Part, Text
from orepact.pact.records.references import AreaCode, BodyId, ChapterCode, FormCode

if TYPE_CHECKING:
    from orepact.pact.records.register import Register


class Target(Part):
    """A number that an article aims at: ``value`` in ``unit`` by the end of ``year``, for what ``scope`` names."""

    metric: Text
    value: FiniteFloat
    unit: Text = "1"
    year: int
    scope: tuple[Text, ...] = ()


class Article(Lasting):
    """A provision. ``ref`` is how the document writes its place; ``text`` says it in our own words, not in those of the law.

    ``chapter``, ``areas`` and ``forms`` are entries of the lists of these names. ``operative``: whether it asks for something to
    be done, so that evidence of it can be shown; recitals, definitions, and what a text says of its own force, start and end do
    not. ``valid_from`` and ``valid_to`` are those of an amendment that put it in or took it out.
    """

    id: Identifier
    ref: Text
    chapter: ChapterCode
    text: Text
    texts: Mapping[Language, Text] = {}
    topic: Identifier | None = None
    operative: bool = True
    areas: tuple[AreaCode, ...] = ()
    forms: tuple[FormCode, ...] = ()
    capabilities: tuple[Identifier, ...] = ()
    commodities: tuple[Identifier, ...] = ()
    stages: tuple[Identifier, ...] = ()
    target: Target | None = None
    bodies: tuple[BodyId, ...] = ()
    confidence: Confidence = "reported"
    note: Text = ""

    def text_in(self, language: str) -> str:
        """The provision in a language, in English where nobody has put it into that one."""
        words: Mapping[str, str] = self.texts  # type: ignore[assignment]  # any language may be asked for
        return words.get(language, self.text)

    def problems(self, instrument: str, register: Register) -> Iterator[Problem]:
        """An id of another instrument, and names that no list knows."""
        where = f"instrument {instrument}, article {self.id}"
        if not self.id.startswith(f"{instrument}:"):
            yield Problem(f"{where}, id", f"{instrument}:NAME", repr(self.id), "start the id with that of the instrument")
        yield from unknown(register, f"{where}, chapter", "chapter", self.chapter)
        for area in self.areas:
            yield from unknown(register, f"{where}, areas", "area", area)
        for form in self.forms:
            yield from unknown(register, f"{where}, forms", "form", form)


def instrument_of(article: str) -> str:
    """The instrument whose article an id names; "" for none.

    >>> instrument_of("ca-jp-moc-battery-2023:area-2-a")
    'ca-jp-moc-battery-2023'
    """
    return article.partition(":")[0]
