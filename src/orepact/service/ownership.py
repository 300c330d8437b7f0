"""From who stands where to who controls it: output of a place split by the home country of its owners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from orepact.measure.concentration import REST, UNKNOWN
from orepact.measure.supply.amounts import WORLD

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

#: Owner shares may exceed 1 by this much before they are scaled down with a warning.
SLACK = 1e-6


@dataclass(frozen=True, eq=False)
class Split:
    """Quantities by owner country, the claims behind the split, and warnings."""

    by_owner: pd.Series
    claims: pd.DataFrame
    warnings: tuple[str, ...] = ()


def split_by_owner(ledger: Ledger, amounts: pd.Series, attribute: str, thing: str, year: int) -> Split:
    """``amounts`` (place -> quantity) by home country of the owners.

    An owner share is a claim ``OWNER>PLACE/thing`` of ``attribute``. Each owner of a place counts with the share of the latest
    year up to ``year``, else the earliest one. Where shares are known of the world only, they split the whole. What no
    claim names is ``unknown``: a domestic owner is never assumed.
    """
    claims = nearest_year(ledger.resolve(attribute, thing=thing), year)
    claims = claims[claims["number"].notna()].copy()
    claims, partial = _of_whole_countries(ledger.codes, claims)
    claims["owner"] = _countries(ledger.codes, claims["place"])
    claims["at"] = _countries(ledger.codes, claims["partner"])
    if WORLD in set(claims["at"]) and not claims["at"].isin(amounts.index).any():
        amounts = pd.Series({WORLD: float(amounts.sum())})
    shares = claims.pivot_table(index="at", columns="owner", values="number", aggfunc="sum", fill_value=0.0)
    shares, warnings = _at_most_whole(shares.reindex(amounts.index, fill_value=0.0))
    owned = shares.mul(amounts, axis=0)
    by_owner = owned.sum()
    rest = float((amounts - owned.sum(axis=1)).clip(lower=0).sum())
    by_owner[UNKNOWN] = by_owner.get(UNKNOWN, 0.0) + rest
    used = claims[claims["at"].isin(amounts.index)]
    return Split(by_owner[by_owner > 0], used, tuple(_dated(used, year) + warnings + partial))


def nearest_year(claims: pd.DataFrame, year: int) -> pd.DataFrame:
    """Of each subject, the claim of the latest year up to ``year``, else the earliest; claims without a year come last."""
    number = pd.to_numeric(claims["year"], errors="coerce")
    distance = (year - number).where(number <= year, 1000 + number - year).fillna(9999)
    order = claims.assign(distance=distance).sort_values(["subject", "distance"], kind="stable")
    return order.drop_duplicates("subject").drop(columns="distance")


def _countries(codes: Codes, places: pd.Series) -> pd.Series:
    return places.map({name: codes.country(name) if name in {*codes.places, *codes.groups} else name for name in places.unique()})


def _of_whole_countries(codes: Codes, claims: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Claims without those of single provinces: how much of the country a province makes is not known here."""
    provinces = {name for name, place in codes.places.items() if place.parent}
    part = claims["partner"].isin(provinces)
    if not part.any():
        return claims, []
    names = ", ".join(sorted(set(claims.loc[part, "partner"])))
    left_out = f"owner shares of single provinces ({names}) are left out: their part of the country is not known"
    return claims[~part].copy(), [left_out]


def _at_most_whole(shares: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    total = shares.sum(axis=1)
    over = total[total > 1 + SLACK]
    warnings = [f"owner shares of {place} sum to {value:.3g} and are scaled to 1" for place, value in over.items()]
    return shares.div(total.clip(lower=1.0), axis=0), warnings


def _dated(used: pd.DataFrame, year: int) -> list[str]:
    other = used[(used["year"] != "") & (used["year"] != str(year))]
    if not len(other):
        return []
    years = ", ".join(sorted(set(other["year"])))
    return [f"owner shares of {', '.join(sorted(set(other['at'])))} are those of {years}"]


def without_rest(by_owner: pd.Series) -> pd.Series:
    """Quantities by owner in which the rest of the world, which is nobody's home, is ``unknown``."""
    named = by_owner.rename(index={REST: UNKNOWN, "": UNKNOWN})
    return named.groupby(level=0).sum()
