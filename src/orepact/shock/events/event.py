"""``Event``: what breaks, how much of it, from when and for how long, as a person writes it in YAML.

An event has a cause with a date and sources, and a list of ``breaks``. Each break names one kind of thing (``TARGETS``), says
what happens to it (``EFFECTS``) and may narrow that to some commodities and places and to its own time. Reading and the checks
that need more than one key are in ``shock/events/reading.py``; what an event does to a case is in ``shock/events/composing.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema

#: Kinds of things that break, and what each means.
TARGETS: Mapping[str, str] = {
    "site": "sites by id: a share of their capacity works",
    "owner": "all sites of a company, or of owners whose home is a country: a share of their capacity works",
    "place": "all sites at a place or in a group of places: a share of their capacity works; routes and stocks stay",
    "port": "sea routes that begin or end at a port",
    "route": "routes, written ORIGIN>DESTINATION/commodity or ORIGIN>DESTINATION; * stands for any place",
    "chokepoint": "a sea passage (suez, panama): routes through it are cut to a share, the rest takes the longer way",
    "commodity": "with `exports`: routes across a border, else the sites that make it; also an element or a stage",
    "rule": "a rule of law in the facts: exports of what it covers, from its jurisdiction, on the days on which it applies",
    "demand": "final demand for a commodity, as a multiple of the usual",
    "price": "list price of a commodity, as a multiple of the usual",
    "stock": "stocks of a commodity: a share is lost at the start",
}
#: What may happen to it.
EFFECTS = ("share_left", "lost_share", "factor", "quota", "tariff")
Effect = Literal["share_left", "lost_share", "factor", "quota", "tariff"]
PERIODS: Mapping[str, float] = {"week": 1.0, "month": 52.0 / 12.0, "quarter": 13.0, "year": 52.0}
#: Nothing lasts longer: a hundred years of 52 weeks.
MOST_WEEKS = 5200.0
#: Ceilings against slips of the pen, far above all that happens: beyond them the solver cannot count.
MOST_FACTOR, MOST_QUANTITY, MOST_RATE, MOST_VALUE = 1e3, 1e15, 1e2, 1e9
CONFIDENCE = ("reported", "derived", "estimated", "unverified")


def as_names(value: Any) -> Any:
    """One name as a list of one name."""
    return [value] if isinstance(value, str) else value


def as_written(value: Any) -> Any:
    """A date as it stands in a file: YAML reads one without quotes as a day, a year alone as a number.

    >>> as_written(date(2026, 2, 1)), as_written(2026), as_written("2026-02")
    ('2026-02-01', '2026', '2026-02')
    """
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if type(value) is int else value


#: One name or a list of names.
NAMES_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Names = Annotated[tuple[str, ...], BeforeValidator(as_names), WithJsonSchema(NAMES_SCHEMA)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Weeks = Annotated[float, Field(gt=0, le=MOST_WEEKS, allow_inf_nan=False)]
Confidence = Literal["reported", "derived", "estimated", "unverified"]


class Part(BaseModel):
    """A frozen piece of an event; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EventSource(Part):
    """Who said so, where and when."""

    title: str = Field(min_length=1, description="Who said what, in short words; or the id of a rule or source in the facts.")
    address: str = Field(default="", description="Where it can be read.")
    date: Annotated[str, BeforeValidator(as_written)] = Field(
        default="", pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$", description="When it was said."
    )
    verified: bool = Field(default=True, description="False when recalled, not read.")


class Limit(Part):
    """A joint limit on what is sent (or made): so much in each period."""

    quantity: float = Field(ge=0, le=MOST_QUANTITY, allow_inf_nan=False, description="How much, in `unit`.")
    unit: str = Field(description="Unit of the quantity: that of the commodity, or t of the element.")
    per: Literal["week", "month", "quarter", "year", "duration"] = Field(
        description="In each such period; `duration`: over the whole time of the break. Spread evenly over its weeks."
    )
    element: str = Field(default="", description="Count the content of this element, in tonnes; empty: count the commodity.")


class TariffStep(Part):
    """A change of the duty on what is sent."""

    rate_change: float = Field(
        ge=-MOST_RATE,
        le=MOST_RATE,
        allow_inf_nan=False,
        description="Change of the duty as a fraction of the price (0.25 = 25 points).",
    )
    value_usd_per_unit: float | None = Field(
        default=None,
        ge=0,
        le=MOST_VALUE,
        allow_inf_nan=False,
        description="Price to charge it on, where the network has none (USD per unit).",
    )


class Break(Part):
    """One thing that breaks: exactly one target, exactly one effect."""

    site: Names = Field(default=(), description=TARGETS["site"])
    owner: Names = Field(default=(), description=TARGETS["owner"])
    place: Names = Field(default=(), description=TARGETS["place"])
    port: Names = Field(default=(), description=TARGETS["port"])
    route: Names = Field(default=(), description=TARGETS["route"])
    chokepoint: Names = Field(default=(), description=TARGETS["chokepoint"])
    commodity: Names = Field(default=(), description=TARGETS["commodity"])
    rule: Names = Field(default=(), description=TARGETS["rule"])
    demand: Names = Field(default=(), description=TARGETS["demand"])
    price: Names = Field(default=(), description=TARGETS["price"])
    stock: Names = Field(default=(), description=TARGETS["stock"])

    share_left: Share | None = Field(default=None, description="Share of the usual that is left (0 stopped, 1 untouched).")
    lost_share: Share | None = Field(default=None, description="Share of the usual that is lost: 1 - share_left.")
    factor: float | None = Field(
        default=None,
        ge=0,
        le=MOST_FACTOR,
        allow_inf_nan=False,
        description="Multiple of the usual (demand and price only); may exceed 1.",
    )
    quota: Limit | None = Field(
        default=None, description="A joint limit on quantity.", examples=[{"quantity": 2600, "unit": "t", "per": "year"}]
    )
    tariff: TariffStep | None = Field(default=None, description="A step of the duty.", examples=[{"rate_change": 0.25}])

    exports: bool = Field(default=False, description="Only what crosses a border (of a party of the case).")
    commodities: Names = Field(default=(), description="Only these commodities, elements or stages.")
    places: Names = Field(default=(), description="Only at these places or groups (sites, demand, stocks).")
    origins: Names = Field(default=(), description="Only from these places or groups (routes; of production: made there).")
    destinations: Names = Field(default=(), description="Only to these places or groups (routes).")
    branch: Literal["extended", "lapsed", "ignored"] = Field(
        default="extended",
        description="What to assume of a suspended rule: the suspension goes on, runs out at its end, or never was.",
    )
    also_maybe: bool = Field(default=False, description="Commodities of which the rule covers only some grades count too.")
    around: Names = Field(default=(), description="Further passages that the longer way avoids (chokepoint only).")

    start: date | None = Field(default=None, description="Own first day, where it differs from that of the event.")
    weeks: Weeks | None = Field(default=None, description="Own duration in weeks.")
    until: date | None = Field(default=None, description="Own first day on which it is over.")
    title: str = Field(default="", description="One line for people.")
    confidence: Confidence = Field(default="estimated", description="How sure the size of this break is.")
    note: str = Field(default="", description="Where its size comes from.")

    @property
    def target(self) -> str:
        """The kind of thing that breaks, "" when none or several are named (see ``reading``)."""
        named = self.named_targets
        return named[0] if len(named) == 1 else ""

    @property
    def named_targets(self) -> tuple[str, ...]:
        """Kinds of things that this break names."""
        return tuple(name for name in TARGETS if getattr(self, name))

    @property
    def named_effects(self) -> tuple[str, ...]:
        """Effects that this break states."""
        return tuple(name for name in EFFECTS if getattr(self, name) is not None)

    @property
    def names(self) -> tuple[str, ...]:
        """What is named under the target."""
        return tuple(getattr(self, self.target)) if self.target else ()

    @property
    def left(self) -> float | None:
        """Share of the usual that is left; None where the effect is another one."""
        if self.share_left is not None:
            return self.share_left
        return None if self.lost_share is None else 1.0 - self.lost_share


class Event(Part):
    """Something that happened or may happen; frozen, and the same content always has the same ``hash``."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="orepact event")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Stable snake_case name.")
    title: str = Field(min_length=1, description="One line for people.")
    description: str = Field(default="", description="What happened or is supposed, and what is left out.")
    sources: tuple[EventSource, ...] = Field(default=(), description="Who said so, where and when.")
    known_from: date | None = Field(default=None, description="First day on which it was publicly known; empty: its start.")
    start: date = Field(description="First day.")
    weeks: Weeks | Literal["unknown"] | None = Field(default=None, description="Duration in weeks, or `unknown`.")
    until: date | None = Field(default=None, description="First day on which it is over.")
    end_announced: bool = Field(default=False, description="Whether those who are hit know the end from the first day on.")
    end_known_from: date | None = Field(default=None, description="Day on which the end became known, where it was not at first.")
    breaks: tuple[Break, ...] = Field(min_length=1, description="What breaks.")

    _file: str = PrivateAttr(default="")

    @property
    def file(self) -> str:
        """Name of the file that it was read from, for messages; "" where it was made by hand."""
        return self._file

    def read_from(self, file: str) -> Event:
        """The same event, with the file that it was read from."""
        event = self.model_copy()
        event._file = file  # noqa: SLF001  its own, of a copy
        return event

    def __eq__(self, other: object) -> bool:
        """Equal content is an equal event, from whatever file."""
        return isinstance(other, Event) and self.hash == other.hash

    def __hash__(self) -> int:
        return int(self.hash[:15], 16)

    @property
    def text(self) -> str:
        """The whole content as JSON, of which ``from_mapping`` makes the same event."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True)

    @property
    def hash(self) -> str:
        """SHA-256 of the content, for manifests."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def load(cls, name: str | Path) -> Event:
        """The event with a shipped id or in a YAML file.

        Raises ``BadInput`` with every problem of the file, ``NotFound`` for an unknown id.
        """
        from orepact.shock.events.reading import load_event

        return load_event(name)

    @classmethod
    def from_mapping(cls, content: Mapping[str, Any], file: str = "event") -> Event:
        """The event that plain values describe; raises ``BadInput`` with every problem."""
        from orepact.shock.events.reading import validated

        return validated(content, file)


def event_schema() -> dict[str, Any]:
    """JSON Schema of an event file, so that editors complete and check it."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Event.model_json_schema()}
