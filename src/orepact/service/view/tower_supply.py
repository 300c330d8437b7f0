"""``largest_maker``: who makes most of a good or an element at a stage in the world, as statistics tell it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from orepact.measure.supply.amounts import REST, WORLD, statistic, years_of
from orepact.service.view.kept import kept
from orepact.shock.watch.signals import weakest

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger

#: Statistics of output of an element by stage.
OUTPUT = {"mine": "mine_production", "refine": "refinery_production"}


@dataclass(frozen=True, slots=True)
class Maker:
    """The largest maker of a thing: its share of the world's supply in a year, and the largest share of the year before (NaN);
    ``attribute``: that of the claims that say so.
    """

    thing: str
    maker: str
    share: float
    year: int
    before: float
    sources: tuple[str, ...]
    confidence: str
    attribute: str = ""


def largest_maker(ledger: Ledger, thing: str, stage: str) -> Maker | None:
    """The largest maker: as a source states shares, else by the last statistic of output; None where none tells who it is."""
    return kept(ledger, ("maker", thing, stage), lambda: _stated(ledger, thing) or _counted(ledger, thing, stage), of_claims=True)


def _counted(ledger: Ledger, thing: str, stage: str) -> Maker | None:
    """By output of a good, else of an element at the stage. Without the world's total nobody knows who is left out."""
    attribute = OUTPUT.get(stage, "") if thing in ledger.codes.elements else "production"
    years = years_of(ledger, attribute, thing) if attribute else []
    if not years:
        return None
    found = statistic(ledger, attribute, thing, years[-1])
    if not found.world_total > 0:
        return None
    before = statistic(ledger, attribute, thing, years[-1] - 1) if years[-1] - 1 in years else None
    earlier = _shares(before.by_place) if before is not None and before.world_total > 0 else {}
    told = _maker(thing, _shares(found.by_place), years[-1], max(earlier.values(), default=math.nan), found.claims)
    return told and replace(told, attribute=attribute)


def _stated(ledger: Ledger, thing: str) -> Maker | None:
    """As a source states shares of the world's supply."""
    claims = kept(ledger, "supply_share", lambda: ledger.resolve("supply_share"), of_claims=True)
    claims = claims[(claims["thing"] == thing) & (claims["place"] != WORLD) & (claims["year"] != "") & claims["number"].notna()]
    if claims.empty:
        return None
    year = max(claims["year"].astype(int))
    last = claims[claims["year"] == str(year)]
    shares = dict(zip(last["place"].astype(str), last["number"].astype(float), strict=True))
    earlier = claims[claims["year"] == str(year - 1)]["number"]
    told = _maker(thing, shares, year, float(earlier.max()) if len(earlier) else math.nan, last)
    return told and replace(told, attribute="supply_share")


def _shares(amounts: pd.Series) -> dict[str, float]:
    total = float(amounts.sum())
    return {str(name): float(value) / total for name, value in amounts.items()} if total > 0 else {}


def _maker(thing: str, shares: Mapping[str, float], year: int, before: float, claims: pd.DataFrame) -> Maker | None:
    named = {name: share for name, share in shares.items() if name != REST}
    first = min(named, key=lambda name: (-named[name], name), default="")
    if not first or named[first] < 1 - math.fsum(named.values()):
        return None  # somebody who is not named may make more
    sources = tuple(sorted(set(claims["source"].astype(str))))
    return Maker(thing, first, named[first], year, before, sources, weakest(claims["confidence"].astype(str)))
