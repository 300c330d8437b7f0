"""``Visit``: the request as a page sees it: who reads, in which language, what he asks, facts and register as he sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from orepact.report.voice import Voice
from orepact.service.access.may import deeds_of
from orepact.service.pact.desk import Desk
from orepact.web.pages.words import prefixed

if TYPE_CHECKING:
    from orepact.errors import Problem
    from orepact.facts import Ledger
    from orepact.pact.records.readers import Reader
    from orepact.store.writing import Beside
    from orepact.web.edge.callers import Caller
    from orepact.web.edge.house import House
    from orepact.web.pages.page import Asked, Page

#: What every link takes along: how the whole site is looked at.
SITE_WIDE = ("as_of", "include_unverified", "wall")
#: What no link takes along.
OF_ONE_ANSWER = ("done", "table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request. ``path``: as asked, without language; ``query``: what was given and understood, as texts; ``unknown``: names
    in the address that the page does not know. ``whole``: its tables go into a file, which holds all of their rows. ``typed`` and
    ``problems``: of a form that was sent and not taken.
    """

    house: House
    caller: Caller
    voice: Voice
    page: Page
    path: str
    asked: Any
    query: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    whole: bool = False
    theme: str = ""
    session: str = ""
    address: str = ""
    form: str = ""
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    beside: Beside | None = None

    @property
    def reader(self) -> Reader:
        """Who asks, at the moment of asking."""
        return self.caller.reader

    @property
    def known(self) -> bool:
        """Whether he is logged in."""
        return bool(self.reader.account)

    @property
    def deeds(self) -> frozenset[str]:
        """What he may do, in the words of ``access.may``."""
        return frozenset(deeds_of(self.reader)) if self.known else frozenset({"read"})

    @property
    def language(self) -> str:
        """The language in which he is answered."""
        return self.voice.language

    @property
    def now(self) -> datetime:
        """The moment of asking."""
        return self.reader.now or datetime.now(tz=UTC)

    @property
    def day(self) -> str:
        """The day asked about: that of ``as_of``, else today."""
        asked: Asked = self.asked
        return asked.as_of or self.now.date().isoformat()

    @property
    def desk(self) -> Desk:
        """The register as he may see and change it."""
        return Desk(self.house.store, self.reader, self.beside)

    def ledger(self) -> Ledger:
        """The facts as he may see them, on the day and with the claims that he asks for."""
        asked: Asked = self.asked
        return self.house.ledger(self.reader, asked.as_of, include_unverified=asked.include_unverified)

    def link(self, path: str, **query: Any) -> str:
        """The address of a page for this reader: in his language, with what he set for the whole site, and ``query``.

        A path may carry a query of its own.
        """
        site = {name: value for name, value in self.query if name in SITE_WIDE}
        return address(prefixed(self.language, path), {**site, **query})

    def here(self, **changes: Any) -> str:
        """The address of this page with some of what is asked changed; None leaves a name out."""
        return self.in_language(self.language, **changes)

    def in_language(self, language: str, **changes: Any) -> str:
        """The same page in another language."""
        kept: dict[str, Any] = {}
        for name, value in self.query:
            kept.setdefault(name, []).append(value)
        for name in OF_ONE_ANSWER:
            kept.pop(name, None)
        return address(prefixed(language, quote(self.path)), {**kept, **changes})

    def twin(self, ending: str, **more: Any) -> str:
        """The address of the same as a table: ``csv`` or ``json``."""
        whole = self.here(**more)
        path, mark, query = whole.partition("?")
        return f"{path}.{ending}{mark}{query}"


def address(path: str, query: Mapping[str, Any]) -> str:
    """A path with a query; what is None, False or empty is left out, lists are repeated.

    >>> address("/why", {"subject": "CAN", "year": 2024, "wall": False, "place": ["KOR", "JPN"], "x": None})
    '/why?subject=CAN&year=2024&place=KOR&place=JPN'
    """
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        several = value if isinstance(value, (list, tuple)) else [value]
        pairs += [(name, "1" if one is True else str(one)) for one in several if one not in (None, False, "")]
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}{urlencode(pairs)}" if pairs else path
