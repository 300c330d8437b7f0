"""What every site and route emits per unit, and how well each factor is known.

A site emits at its own stacks (``direct``), through the power it uses (``electricity``, at the intensity of its grid or of a
contract), and through inputs that the chain does not track (``background``: acid, soda, solvents, housings). A route emits
by moving things (``transport``). Everything is kg CO2e per unit of main output, or per unit that leaves the origin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.facts.claims import CONFIDENCE_RANK, CONFIDENCES

if TYPE_CHECKING:
    from orepact.chain import Network

#: Where kilograms come from.
SOURCES = ("electricity", "direct", "background", "transport")
#: In the place of a source: what comes out of a stock, at the mean of what the commodity takes to make in the year.
STOCK = "stock"
#: Claims that factors are made of.
ATTRIBUTES = ("electricity_use", "direct_emissions", "background_emissions", "grid_intensity", "freight_emissions")
#: Confidence of a factor that comes without one, as in a network package.
UNSTATED = "unstated"
#: A grid intensity of another year than the one asked for is no better than this.
OTHER_YEAR = "estimated"
_OF_SITES = {
    "electricity_kwh": "electricity_use",
    "direct_kg_co2e": "direct_emissions",
    "background_kg_co2e": "background_emissions",
}


@dataclass(frozen=True, eq=False)
class EmissionFactors:
    """Factors of one year.

    ``sites`` (by site): ``electricity_kwh, direct_kg_co2e, background_kg_co2e`` per unit of main output, NaN where unknown;
    ``kg_co2e_per_kwh`` of the power it uses; and the confidence of each: ``electricity, direct, background, power``.
    ``routes`` (by route): ``kg_co2e`` per unit that leaves, ``transport`` its confidence. ``claims``: what they rest on.
    """

    sites: pd.DataFrame
    routes: pd.DataFrame
    claims: pd.DataFrame
    notes: tuple[str, ...] = ()

    def per_unit(self) -> pd.DataFrame:
        """Kg CO2e per unit of main output by site and source; what is unknown counts 0."""
        power = (self.sites["electricity_kwh"] * self.sites["kg_co2e_per_kwh"]).fillna(0.0)
        return pd.DataFrame(
            {
                "electricity": power,
                "direct": self.sites["direct_kg_co2e"].fillna(0.0),
                "background": self.sites["background_kg_co2e"].fillna(0.0),
            }
        )

    def confidence(self, source: str) -> pd.Series:
        """Confidence of the kilograms of one source by site: of power used and its intensity the weaker one."""
        if source != "electricity":
            return self.sites[source]
        pairs = zip(self.sites["electricity"], self.sites["power"], strict=True)
        return pd.Series([weaker(a, b) for a, b in pairs], index=self.sites.index, dtype="str")


def weaker(first: str, second: str) -> str:
    """Of two confidences the weaker one.

    >>> weaker("reported", "estimated")
    'estimated'
    """
    ranks = {**CONFIDENCE_RANK, UNSTATED: len(CONFIDENCE_RANK)}
    return max(first, second, key=lambda name: ranks.get(name, len(ranks)))


def factors_of_network(network: Network) -> EmissionFactors:
    """The factors that the tables of a network hold; how well they are known it does not say.

    An empty ``grid_kg_co2e_per_kwh`` counts 0, as the package says; empty ``electricity_kwh`` or ``direct_kg_co2e`` are unknown.
    """
    sites = network.sites[["process", "place", *_OF_SITES]].copy()
    grid = pd.Series(network.values("places", "grid_kg_co2e_per_kwh"), index=network.places.index)
    sites["kg_co2e_per_kwh"] = sites["place"].map(grid).astype(float).fillna(0.0)
    for name in ("electricity", "direct", "background", "power"):
        sites[name] = UNSTATED
    routes = pd.DataFrame({"kg_co2e": network.values("routes", "kg_co2e"), "transport": UNSTATED}, index=network.routes.index)
    return EmissionFactors(sites, routes, pd.DataFrame())


def factors_of_claims(network: Network, claims: pd.DataFrame, year: int, country: Callable[[str], str]) -> EmissionFactors:
    """The factors of a network built from facts, with the confidence of the claims behind them and the grids of ``year``.

    ``claims``: winning claims of ``ATTRIBUTES`` with ``attribute, process, place, thing, year, number, confidence``. A grid that
    has no claim for the year takes the one of the nearest year before (else after) it; a province without any takes its
    country's (``country`` says which).
    """
    bare = factors_of_network(network)
    sites = bare.sites.copy()
    base = sites["process"].str.partition("@")[0]
    for column, attribute in _OF_SITES.items():
        known = _by_process(claims[claims["attribute"] == attribute])
        name = column.split("_")[0]
        pairs = zip(base, sites["place"], strict=True)
        sites[name] = [known.get((p, q), known.get((p, ""), UNSTATED)) for p, q in pairs]
    grids, notes = grids_of(claims[claims["attribute"] == "grid_intensity"], set(sites["place"]), year, country)
    sites["kg_co2e_per_kwh"] = sites["place"].map(grids["number"]).astype(float).fillna(sites["kg_co2e_per_kwh"])
    sites["power"] = sites["place"].map(grids["confidence"]).fillna(UNSTATED)
    freight = claims.loc[claims["attribute"] == "freight_emissions", "confidence"]
    transport = max(freight, key=lambda name: CONFIDENCE_RANK[str(name)], default=UNSTATED)
    used = claims["attribute"] != "grid_intensity"
    used |= pd.MultiIndex.from_frame(claims[["place", "year"]].astype("str")).isin(
        list(zip(grids["from_place"], grids["year"].astype(int).astype("str"), strict=True))
    )
    return replace(bare, sites=sites, routes=bare.routes.assign(transport=transport), claims=claims[used], notes=notes)


def _by_process(claims: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Confidence by process and place ("" for everywhere)."""
    keys = zip(claims["process"], claims["place"], strict=True)
    return {(str(p), str(q)): str(confidence) for (p, q), confidence in zip(keys, claims["confidence"], strict=True)}


def grids_of(
    claims: pd.DataFrame, places: set[str], year: int, country: Callable[[str], str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Grid intensity of each place in a year, and notes in words.

    Columns ``number`` (kg CO2e per kWh), ``confidence``, and ``year`` and ``from_place`` of the claim.
    """
    frame = claims.assign(year=pd.to_numeric(claims["year"], errors="coerce")).dropna(subset=["year"])
    frame["away"] = np.where(frame["year"] <= year, year - frame["year"], 1000 + frame["year"] - year)
    nearest = frame.sort_values(["place", "away"]).drop_duplicates("place").set_index("place")
    names = {place: place if place in nearest.index else country(place) for place in sorted(places)}
    found = nearest.reindex(list(names.values())).set_axis(list(names), axis=0)[["number", "confidence", "year"]]
    found = found.assign(from_place=list(names.values())).dropna(subset=["number"])
    other = found["year"] != year
    found["confidence"] = [
        weaker(confidence, OTHER_YEAR) if moved else confidence
        for confidence, moved in zip(found["confidence"], other, strict=True)
    ]
    years = sorted({int(value) for value in found.loc[other, "year"]})
    notes = [f"grids of {int(other.sum())} places are those of {', '.join(map(str, years))}, not of {year}"] if years else []
    absent = sorted(set(names) - set(found.index))
    return found, (*notes, *([f"no grid intensity for {', '.join(absent)}"] if absent else []))


def grade(shares: pd.Series) -> str:
    """Data-quality grade of a result from the part of its kilograms that rests on factors of each confidence.

    - A: at least half on reported factors and four fifths on reported or derived ones
    - B: at least four fifths on reported or derived factors
    - C: at least two fifths on reported or derived factors, and at most a quarter on unverified ones
    - D: anything less. "" where no confidence is stated for more than half, or for nothing at all.

    >>> grade(pd.Series({"reported": 0.1, "derived": 0.4, "estimated": 0.5}))
    'C'
    """
    part = {name: float(shares.get(name, 0.0)) for name in (*CONFIDENCES, UNSTATED)}
    sound = part["reported"] + part["derived"]
    if part[UNSTATED] > 0.5 or not sum(part.values()):
        return ""
    if sound >= 0.8:
        return "A" if part["reported"] >= 0.5 else "B"
    return "C" if sound >= 0.4 and part["unverified"] <= 0.25 else "D"
