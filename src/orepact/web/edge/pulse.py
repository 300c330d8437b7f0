"""``Pulse``: whether anybody has written to the database since, asked once for all who come while another is being told."""

from __future__ import annotations

from asyncio import Lock, Task, create_task, shield
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orepact.store.engine import Database


@dataclass
class Pulse:
    """The pulse of a database for the requests of one process; ``elsewhere`` waits for a function without holding up the others.

    Who is told must have come before the database was asked, or a change that he knows of might be missing: who comes while it
    is being asked waits for the next time.
    """

    database: Database
    elsewhere: Callable[[Callable[[], Hashable | None]], Awaitable[Hashable | None]]
    _asking: Lock = field(default_factory=Lock)
    _next: Task[Hashable | None] | None = None

    async def told(self) -> Hashable | None:
        """What differs once anybody has written; None where it cannot be told."""
        if self.database.sqlite:  # in microseconds
            return self.database.pulse()
        if self._next is None:
            self._next = create_task(self._asked())
        return await shield(self._next)  # who goes away does not take it from the others

    async def _asked(self) -> Hashable | None:
        async with self._asking:
            self._next = None
            return await self.elsewhere(self.database.pulse)
