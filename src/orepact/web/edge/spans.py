"""``Spans``: from when until when everybody sees what he sees now, so that an answer holds until something can have changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from orepact.store.canonical import instant

if TYPE_CHECKING:
    from orepact.store.store import Store


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which nothing opens or closes by itself, in one state of the register (``head``): from a moment until another."""

    head: str
    since: str
    until: str

    def holds(self, head: str, moment: str) -> bool:
        """Whether it is known of a state at a moment."""
        return self.head == head and self.since <= moment < self.until


@dataclass
class Spans:
    """The span of the last state that was asked about."""

    _last: Span | None = None

    def known(self, head: str, now: datetime) -> tuple[str, ...] | None:
        """What tells this time from others, without asking the register; None where it must be asked. Days count too: most
        answers are about today.
        """
        last = self._last
        return (head, last.until, date.today().isoformat()) if last is not None and last.holds(head, instant(now)) else None  # noqa: DTZ011  as use cases ask

    def of(self, store: Store, head: str, now: datetime) -> tuple[str, ...]:
        """The same, asked where it is not known. Somebody may have written meanwhile: then this minute tells enough."""
        found = self.known(head, now)
        if found is None:
            there, until = store.lasts(now)
            self._last = Span(there.hash, instant(now), until)
            found = self.known(head, now)
        return found or (head, instant(now))
