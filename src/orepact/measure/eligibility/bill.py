"""A bill of materials: what one unit of a product takes directly, at what cost, from which makers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from orepact.measure.eligibility.ownership import UNKNOWN, Stakes

#: Recycled part of an element: least and most.
Range: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes something: where (``place``, ``country``), the names of its owners, and what they hold.

    ``by_majority`` are the stakes when a majority owner counts with the whole of what it controls; None: they are the same.
    """

    place: str
    country: str
    names: tuple[str, ...] = ()
    proportional: Stakes = field(default_factory=Stakes)
    by_majority: Stakes | None = None
    site: str = ""

    def stakes(self, attribution: str = "proportional") -> Stakes:
        """Who holds how much, by the way in which holdings through other companies count."""
        return self.by_majority if attribution == "majority" and self.by_majority is not None else self.proportional

    @property
    def label(self) -> str:
        """The maker in a few words: its owner and its place."""
        control = self.proportional.control
        unnamed = "makers of unknown owner" if control == UNKNOWN else f"unnamed {control}-owned makers"
        owner = self.names[0] if self.names else unnamed
        return f"{owner} in {self.place}" if self.place else "unknown makers"


@dataclass(frozen=True, slots=True)
class Part:
    """A direct material from one maker: ``quantity`` a unit of product, ``cost_usd`` delivered, per unit of product.

    ``contents`` are tonnes of element in one unit of the material (None: not known); ``recycled`` the recycled part of each;
    ``minerals`` the value of the critical minerals in the part by place of refining, USD per unit of product.
    """

    material: str
    maker: Maker
    quantity: float
    cost_usd: float
    stage: str = ""
    contents: Mapping[str, float] | None = None
    recycled: Mapping[str, Range] = field(default_factory=dict)
    minerals: Mapping[str, float] = field(default_factory=dict)

    def content(self, element: str) -> float:
        """Tonnes of an element in one unit; 0 where nothing is known."""
        return (self.contents or {}).get(element, 0.0)

    @property
    def price_usd(self) -> float:
        """Delivered cost of one unit of the material."""
        return self.cost_usd / self.quantity if self.quantity > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Offer:
    """A maker who could deliver a material: delivered price a unit, and the most it can deliver per unit of product."""

    part: Part
    price_usd: float
    available: float = float("inf")


@dataclass(frozen=True)
class Bill:
    """One product made at one place, per ``unit``: parts, who makes it, and its value.

    ``other_cost_usd`` is the cost of making it beyond the direct materials, ``untracked_usd`` the part of it that buys parts of
    unknown makers (the rest of a car); ``price_usd`` its transaction value. ``kwh`` is the
    energy in one unit (None where it has none). ``hypothetical`` says in words how the parts were chosen when nobody makes
    the product there.
    """

    product: str
    stage: str
    place: str
    country: str
    unit: str
    parts: tuple[Part, ...]
    makers: tuple[tuple[Maker, float], ...] = ()
    other_cost_usd: float = 0.0
    untracked_usd: float = 0.0
    price_usd: float = float("nan")
    kwh: float | None = None
    carbon_kg_co2e_per_kwh: float | None = None
    hypothetical: str = ""
    notes: tuple[str, ...] = ()

    @property
    def material_cost_usd(self) -> float:
        """Cost of all direct materials of one unit."""
        return sum(part.cost_usd for part in self.parts)

    @property
    def materials(self) -> tuple[str, ...]:
        """Direct materials, in order of first mention."""
        return tuple(dict.fromkeys(part.material for part in self.parts))

    @property
    def net_cost_usd(self) -> float:
        """Direct materials and the cost of making."""
        return self.material_cost_usd + self.other_cost_usd
