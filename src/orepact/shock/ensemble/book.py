"""``HazardBook``: what breaks how often and for how long, read from data/shock/hazards.yaml or a person's own file."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from orepact.facts.typed_yaml import read_model

Rate = Annotated[float, Field(gt=0, le=366, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
Part = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Confidence = Literal["reported", "derived", "estimated", "unverified"]
#: Stands for every country that sells a good.
EACH = "each"


class Entry(BaseModel):
    """One thing that was assumed, and who says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str = ""
    source: str
    confidence: Confidence


class Amount(Entry):
    """A number with its unit."""

    unit: str
    value: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class BlockWeeks(Amount):
    """Weeks of one block, and the mean losses that blocks of several lengths were seen to give (weeks to any one unit)."""

    mean_seen: dict[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}

    @property
    def understated(self) -> float | None:
        """Part of the mean that blocks of ``value`` weeks miss of that with the shortest seen; None where not seen.

        >>> seen = {8.0: 1.0, 26.0: 0.8}
        >>> block = BlockWeeks(title="t", source="s", confidence="estimated", unit="week", value=26, mean_seen=seen)
        >>> round(block.understated, 3)
        0.2
        """
        if self.value not in self.mean_seen:
            return None
        return 1.0 - self.mean_seen[self.value] / self.mean_seen[min(self.mean_seen)]


class Weeks(BaseModel):
    """How long an event lasts: log-normal with this median and geometric standard deviation, cut at ``most`` (weeks)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    median: Annotated[float, Field(gt=0, le=520, allow_inf_nan=False)]
    spread: Annotated[float, Field(ge=1, le=10, allow_inf_nan=False)] = 1.0
    most: Annotated[float, Field(gt=0, le=520, allow_inf_nan=False)] = 104.0

    @model_validator(mode="after")
    def _in_order(self) -> Weeks:
        if self.most < self.median:
            raise ValueError("most of at least the median")
        return self


class Hazard(Entry):
    """A kind of event; ``rate_per_year`` is of each of its elements.

    ``kind``: ``site`` (each site), ``place`` (all sites of a place at once), ``exports`` (what a place sells abroad, thing by
    thing) or ``borders`` (all that crosses the border of a place). ``places`` are places or groups; ``stages`` and ``things``
    (a name to its commodities) narrow it.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    kind: Literal["site", "place", "exports", "borders"]
    places: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    things: dict[str, tuple[str, ...]] = {}
    rate_per_year: Rate
    weeks: Weeks
    share_left: Share

    @model_validator(mode="after")
    def _complete(self) -> Hazard:
        if self.kind != "site" and not self.places:
            raise ValueError(f"places for a hazard of kind {self.kind}")
        if EACH in self.places and self.kind != "exports":
            raise ValueError("places: [each] for hazards of kind exports only")
        return self


class Assumptions(BaseModel):
    """Numbers that hold for all hazards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    largest_plant: Amount
    smallest_plant: Amount
    least_plant: Amount
    block_weeks: BlockWeeks
    catch_up: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Assumptions:
        if self.least_plant.value > self.smallest_plant.value:
            raise ValueError("a least_plant of at most the smallest_plant")
        return self


class HazardBook(BaseModel):
    """All hazards of one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str = ""
    assumptions: Assumptions
    #: Pattern of the ids of sites that stand for all works of a country.
    aggregates: str = "rest_*"
    hazards: tuple[Hazard, ...]

    def with_block_weeks(self, weeks: float | None) -> HazardBook:
        """The same hazards, solved in blocks of so many weeks; None leaves them."""
        if weeks is None:
            return self
        block = self.assumptions.block_weeks.model_copy(update={"value": float(weeks), "source": "asked for"})
        return self.model_copy(update={"assumptions": self.assumptions.model_copy(update={"block_weeks": block})})

    @property
    def sha256(self) -> str:
        """Hash of all that the book says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    @model_validator(mode="after")
    def _once(self) -> HazardBook:
        names = [hazard.id for hazard in self.hazards]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"each hazard once (twice: {', '.join(twice)})")
        return self


class Option(Entry):
    """An insurance: more stock (days), standing supply or spare capacity (parts of the usual), and its cost a year.

    ``cost_share_per_year`` is a part of the value of what is held, promised or added.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    kind: Literal["stock", "supply", "capacity"]
    places: tuple[str, ...]
    stages: tuple[str, ...] = ()
    commodities: tuple[str, ...] = ()
    amount: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    unit: Literal["day", "1"]
    cost_share_per_year: Part

    @model_validator(mode="after")
    def _unit_of_kind(self) -> Option:
        if (self.unit == "day") != (self.kind == "stock"):
            raise ValueError("days for stock, parts of the usual (unit: '1') for supply and capacity")
        return self


class Prices(Entry):
    """Values of goods without a list price."""

    unit: str
    usd_per_unit: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]]


class InsuranceBook(BaseModel):
    """All options of one file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str = ""
    prices: Prices
    options: tuple[Option, ...]

    @property
    def sha256(self) -> str:
        """Hash of all that the book says."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


Book = TypeVar("Book", HazardBook, InsuranceBook)


def hazard_book(file: Path | str | None = None) -> HazardBook:
    """The shipped hazards, or those of ``file``; raises ``BadInput`` with every problem."""
    return _read(HazardBook, "hazards.yaml", file)


def insurance_book(file: Path | str | None = None) -> InsuranceBook:
    """The shipped options, or those of ``file``; raises ``BadInput`` with every problem."""
    return _read(InsuranceBook, "insurance.yaml", file)


def _read(kind: type[Book], name: str, file: Path | str | None) -> Book:
    path = Path(file) if file is not None else Path(str(files("orepact"))) / "data" / "shock" / name
    return read_model(path, kind)
