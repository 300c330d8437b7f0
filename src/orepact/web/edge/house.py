"""``House``: what one process of the service holds open: the register, the facts, accounts, threads, answers that are kept."""

from __future__ import annotations

import gc
from asyncio import wrap_future
from collections import OrderedDict
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from orepact.pact.records.readers import PUBLIC
from orepact.web.edge.answers import Kept
from orepact.web.edge.callers import Accounts, Registered
from orepact.web.edge.familiar import Familiar
from orepact.web.edge.lanes import Lane, Lanes
from orepact.web.edge.metrics import Metrics, of_process
from orepact.web.edge.pulse import Pulse
from orepact.web.edge.rates import Rates
from orepact.web.edge.remembered import Remembered
from orepact.web.edge.shared import Shared
from orepact.web.edge.spans import Spans
from orepact.web.settings import Settings

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.facts.labels import Audience, Label
    from orepact.pact.records.readers import Reader
    from orepact.service.access.provider import Provider
    from orepact.store.store import Store

    Found = TypeVar("Found")

#: So many views of the facts are held at a time.
VIEWS = 8
#: The garbage collector looks after so many new objects.
SELDOM = 50_000


def _now() -> datetime:
    return datetime.now(tz=UTC)


@dataclass
class House:
    """The state of a process. ``provider``: who else says who somebody is; ``busy``: requests that are being answered;
    ``metrics``: what it counts of them.
    """

    settings: Settings
    store: Store
    accounts: Accounts
    clock: Callable[[], datetime] = _now
    provider: Provider | None = None
    rates: Rates = field(default_factory=Rates)
    metrics: Metrics = field(default_factory=of_process)
    busy: int = 0
    spans: Spans = field(default_factory=Spans)
    remembered: Remembered = field(default_factory=Remembered)
    _views: OrderedDict[Any, Ledger] = field(default_factory=OrderedDict)
    _audiences: dict[frozenset[str], Audience] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def opened(cls, settings: Settings) -> House:
        """With the register of the settings open. Raises ``StoreUnavailable``, ``StoreOutdated``, ``BadInput``."""
        from orepact.store import open_store

        store = open_store(settings.database).for_many(settings.search_bytes)
        return cls(settings, store, Registered(store))

    @cached_property
    def answers(self) -> Kept:
        """Answers that were given, by this process or by another of the same server."""
        return Kept(self.settings.cache_bytes, self._shared)

    @cached_property
    def _shared(self) -> Shared | None:
        file = self.settings.shared
        return Shared(file, self.settings.cache_bytes) if file else None

    @cached_property
    def familiar(self) -> Familiar:
        """Who was met a moment ago."""
        return Familiar(self.store)

    @cached_property
    def pulse(self) -> Pulse:
        """Whether anybody has written since."""
        return Pulse(self.store.database, partial(self.in_thread, lane="door"))

    @cached_property
    def lanes(self) -> Lanes:
        """Threads that wait for the database and compute."""
        return Lanes(self.settings.threads)

    async def in_thread(self, work: Callable[..., Found], *arguments: Any, lane: Lane = "quick", **named: Any) -> Found:
        """What a function gives that waits for the database or computes."""
        called = partial(copy_context().run, work, *arguments, **named)
        return await wrap_future(self.lanes.submit(lane, called))

    @cached_property
    def facts(self) -> Ledger:
        """The facts: those of the package, and of the operator's folder. Nobody's own."""
        from orepact.facts import Ledger

        return Ledger.shipped([self.settings.facts] if self.settings.facts else [])

    def ledger(self, reader: Reader, as_of: str | None = None, *, include_unverified: bool = False) -> Ledger:
        """The facts as a reader may see them."""
        audience = self.audience(reader)
        key = (as_of, include_unverified, audience)
        with self._lock:
            found = self._views.pop(key, None) or self.facts.at(as_of, include_unverified=include_unverified, audience=audience)
            self._views[key] = found
            if len(self._views) > VIEWS:
                self._views.popitem(last=False)
        return found

    @cached_property
    def _labels(self) -> tuple[tuple[str, Label | None], ...]:
        """Every label that a claim carries; None for one that is none, and that nobody sees."""
        from orepact.facts.labels import Label

        return tuple((text, Label.parse(text)) for text in sorted(self.facts.storage.labels))

    def audience(self, reader: Reader) -> Audience:
        """For whom the facts are opened: of all who are shown the same of them, the one who was met first."""
        return self._audiences.setdefault(self.labels_shown(reader), reader.audience)

    def labels_shown(self, reader: Reader) -> frozenset[str]:
        """The labels of those claims that a reader is shown: all in which the facts differ for two readers."""
        own = reader.audience
        return frozenset(text for text, label in self._labels if label is not None and own.admits(label))

    def warm(self) -> None:
        """Read what every answer needs, then let the garbage collector pass over it: going through it takes 0.1 s each time. An
        answer makes tens of thousands of objects that are gone with it: looked through seldom, it takes a tenth less.
        """
        from orepact.pact.records.kinds import kinds

        kinds()
        self.store.head()
        self.audience(PUBLIC)  # facts are opened before anybody asks: the loop must not wait for them
        gc.collect()
        gc.freeze()
        gc.set_threshold(SELDOM, *gc.get_threshold()[1:])

    def close(self) -> None:
        """Let go of the register."""
        self.lanes.close()
        if self._shared is not None:
            self._shared.close()
        self.store.close()
        gc.unfreeze()
