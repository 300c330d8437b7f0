"""Claims as quantities by country: one unit, provinces summed under their country, the world's total apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

WORLD = "world"
REST = "ROW"
#: Beyond this difference between the parts and the world total, the rest of the world closes the sum.
ROUNDING = 0.005


@dataclass(frozen=True, eq=False)
class Amounts:
    """Quantities by country in one unit, the claims behind them, the world total (NaN for none), the part of it named."""

    by_place: pd.Series
    claims: pd.DataFrame
    unit: str
    world_total: float
    coverage: float
    warnings: tuple[str, ...] = ()


def base_unit(codes: Codes, unit: str) -> str:
    """The unit of the same dimension with factor 1 (``t`` for ``kt``)."""
    dimension = codes.units.dimension(unit)
    return next(name for name in codes.units.of_dimension(dimension) if codes.units[name].factor == 1)


def in_unit(codes: Codes, claims: pd.DataFrame, unit: str) -> pd.Series:
    """Values of claims in ``unit``; raises ``BadInput`` for units that do not convert."""
    factor = {name: codes.units.factor(str(name), unit) for name in claims["unit"].unique()}
    return claims["number"] * claims["unit"].map(factor).astype("float64")


def statistic(ledger: Ledger, attribute: str, thing: str, year: int) -> Amounts:
    """One statistic of every country in a year, from the winning claims.

    A national figure wins over those of its provinces. Groups other than countries are no suppliers and are left
    out; ``world`` becomes ``world_total``. When the parts differ from it by more than 0.5 %, the rest of the world takes the
    difference: a rest that repeats places which another source names is cut, and what no source names is added.
    """
    claims = ledger.resolve(attribute, thing=thing, year=year)
    claims = claims[claims["number"].notna()]
    unit = base_unit(ledger.codes, str(claims["unit"].iloc[0])) if len(claims) else "t"
    claims = claims.assign(quantity=in_unit(ledger.codes, claims, unit))
    world = claims[claims["place"] == WORLD]
    total = float(world["quantity"].iloc[0]) if len(world) else float("nan")
    kept = national(ledger.codes, claims[claims["place"] != WORLD])
    by_place = kept.groupby("country")["quantity"].sum()
    coverage = float(by_place.sum()) / total if total else float("nan")
    by_place, warnings = _closed(by_place, total)
    return Amounts(by_place, kept, unit, total, coverage, warnings)


def national(codes: Codes, claims: pd.DataFrame) -> pd.DataFrame:
    """The claims of countries with a column ``country``; provinces only where there is no national claim."""
    country = claims["place"].map({name: codes.country(name) for name in claims["place"].unique() if _is_country(codes, name)})
    kept = claims.assign(country=country)[country.notna()]
    has_national = set(kept.loc[kept["place"] == kept["country"], "country"])
    return kept[(kept["place"] == kept["country"]) | ~kept["country"].isin(has_national)]


def places_under(codes: Codes, place: str) -> list[str]:
    """A place or group, its leaf places, and the countries that lie wholly in it; raises ``NotFound``."""
    leaves = codes.members(place)
    countries = [
        name for name, group in codes.groups.items() if group.kind == "country" and set(codes.members(name)) <= set(leaves)
    ]
    return list(dict.fromkeys([place, *leaves, *countries]))


def _is_country(codes: Codes, name: str) -> bool:
    return name in codes.places or (name in codes.groups and codes.groups[name].kind == "country")


def _closed(by_place: pd.Series, world_total: float) -> tuple[pd.Series, tuple[str, ...]]:
    """The parts with a rest of the world that closes the total, when they miss it by more than rounding; and why."""
    rest, parts = float(by_place.get(REST, 0.0)), float(by_place.sum())
    missing = world_total - parts
    if not abs(missing) > ROUNDING * world_total or (missing < 0 and rest <= 0):
        return by_place, ()
    closed = by_place.copy()
    closed[REST] = max(0.0, rest + missing)
    if missing < 0:
        cut = f"cut from {rest:,.0f} to {closed[REST]:,.0f}"
        words = f"the parts exceed the world total by {-missing:,.0f}: the rest of the world is {cut}"
    else:
        words = f"{missing / world_total:.1%} of the world total is of places that no source names: counted as rest of the world"
    return closed, (words,)


def years_of(ledger: Ledger, attribute: str, thing: str) -> list[int]:
    """Years for which any claim gives the statistic, rising."""
    claims = ledger.select(attribute, thing=thing)
    years = pd.to_numeric(claims["year"], errors="coerce").dropna()
    return sorted({int(year) for year in years})


def chosen_year(years: list[int], year: int | None, what: str) -> int:
    """The asked year, or the latest one that there is; raises ``BadInput`` when there is none."""
    if year in years:
        return int(year)
    if not years:
        raise BadInput([Problem("commodity", f"a thing with {what}", "no claim for it", "try another stage or commodity")])
    if year is None:
        return years[-1]
    span = ", ".join(map(str, years))
    raise BadInput([Problem("year", f"a year with {what}: {span}", str(year), "ask for one of them")])
