"""``Stock``: what an organisation holds of a commodity in a country, level by level. Its owner may let sums hold it (``pools``)
that name nobody, and show it to whom he likes, or to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from orepact.errors import Problem
from orepact.pact.dates.past import PastDay
from orepact.pact.organisations.organisation import Country
from orepact.pact.records.record import Entry, Identifier, Part, Record, Text
from orepact.pact.records.references import OrganisationId

if TYPE_CHECKING:
    from orepact.pact.records.register import Register

#: A level says how it stood for so long, and no longer.
LASTS = timedelta(days=92)


class Level(Part):
    """What was there at the end of a day, in the unit of the stock."""

    on: PastDay
    quantity: float = Field(ge=0, le=1e12, allow_inf_nan=False)
    note: Text = ""


class Stock(Record):
    """What an organisation holds of a commodity in a country, in ``unit``; ``levels`` of different days, in any order."""

    kind: ClassVar[str] = "stock"

    organisation: OrganisationId
    commodity: Identifier
    country: Country = Field(min_length=3)
    unit: Text = Field(min_length=1)
    levels: tuple[Level, ...] = ()

    def entry(self) -> Entry:
        """Its state is the day of its last level."""
        return Entry(self.title, max((level.on.isoformat() for level in self.levels), default="no level"), self.organisation)

    def level_on(self, day: date) -> Level | None:
        """The last level up to a day; None where it is older than ``LASTS``, or there is none."""
        known = [level for level in self.levels if day - LASTS <= level.on <= day]
        return max(known, key=lambda level: level.on, default=None)

    def problems(self, register: Register) -> Iterator[Problem]:  # noqa: ARG002  it asks no other record
        """Two levels of one day."""
        days = [level.on for level in self.levels]
        for day in sorted({day for day in days if days.count(day) > 1}):
            yield Problem(f"stock {self.id}, levels", f"one level of {day}", f"{days.count(day)}", "keep the one that holds")
