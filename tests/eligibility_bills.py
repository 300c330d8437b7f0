"""Bills of materials as they would be written on paper, for the tests of eligibility."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orepact.measure.eligibility.bill import Bill, Maker, Offer, Part
from orepact.measure.eligibility.ownership import Stakes, shared_by, sole_owner


def maker(place: str, owner: str = "", country: str = "", shares: Mapping[str, float] | None = None) -> Maker:
    """A maker at a place, wholly owned from ``country`` (unknown when ""), or held by ``shares``, one holder for each country."""
    stakes: Stakes = shared_by(shares, "", [f"holder {country}" for country in shares]) if shares else sole_owner(owner, country)
    home = "CAN" if place.startswith("CA-") else place
    return Maker(place, home, (owner,) if owner else (), stakes)


def part(material: str, cost_usd: float, who: Maker, quantity: float = 1.0, **more: Any) -> Part:
    """A direct material of one unit of product."""
    return Part(material, who, quantity, cost_usd, **more)


def bill(*parts: Part, place: str = "USA", **more: Any) -> Bill:
    """A cell made by a Korean company at a place."""
    home = "CAN" if place.startswith("CA-") else place
    settings: dict[str, Any] = {
        "makers": ((maker(place, "LG", "KOR"), 1.0),),
        "kwh": 1000.0,
        "stage": "cell",
        "unit": "MWh",
        **more,
    }
    return Bill("cell_nmc811", place=place, country=home, parts=tuple(parts), **settings)


def offer(material: str, price_usd: float, who: Maker, available: float = float("inf"), **more: Any) -> Offer:
    """A source that is not bought from today."""
    return Offer(Part(material, who, 1.0, price_usd, **more), price_usd, available)


KOREAN, JAPANESE, CHINESE, UNKNOWN = (
    maker("KOR", "L&F", "KOR"),
    maker("JPN", "Resonac", "JPN"),
    maker("CHN", "BTR", "CHN"),
    maker("POL"),
)
