"""Use case: the carbon footprint of a product, along the chain that made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.carbon import Basket, Carbon
from orepact.measure.emissions.emission_factors import (
    ATTRIBUTES,
    SOURCES,
    STOCK,
    EmissionFactors,
    factors_of_claims,
    factors_of_network,
)
from orepact.measure.tracing.transfers import Transfers
from orepact.service.flowing import Report, flows_for, flows_of_package, silent
from orepact.service.naming import commodities_named
from orepact.service.opening import manifest_of, sources_used
from orepact.service.reading.power_files import read_contracts
from orepact.service.result import Result
from orepact.service.tracing import arrives_only
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.chain import Flows, Network
    from orepact.facts import Ledger

#: Tables that can be the ``data`` of an answer.
ROWS = ("stages", "places", "nodes")
BASES = ("supply", "production")
METHODS = ("location", "market")
LISTED = 6
#: Rows by stage and place that a terminal shows one by one; the other formats give all.
SHOWN = 20
UNITS = {"share": "1", "kg_co2e_per_kwh": "kg CO2e per kWh", "kg_co2e_per_unit": "kg CO2e per unit"}
RULE = (
    "A: half and more on reported, four fifths on reported or derived factors; B: four fifths on reported or derived; "
    "C: two fifths; D: less. Each kilogram counts by the weaker of its factors, "
    "and all of them less by the part of the making without factors, in which every commodity counts by the part of it taken."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a footprint; without a ``basis`` it is supply in a place, production in the whole network."""

    commodity: str
    place: str | None = None
    basis: str = ""
    allocation: str = "value"
    method: str = "location"
    contracts: Path | None = None
    rows: str = "stages"


def measure_carbon(
    ledger: Ledger,
    commodity: str,
    *,
    year: int | None = None,
    scenario: str | Path | None = None,
    flows: Path | None = None,
    report: Report = silent,
    **asked: Any,
) -> Result:
    """The footprint of a commodity, a stage (``cell``) or an element's forms on the reference network; see ``carbon_answer``.

    ``year`` is a past one (the balanced baseline) or a model year of the ``scenario``; ``flows`` a file in their place.
    """
    question = _question(commodity, **asked)
    found = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=report)
    at = _year(found, year)
    claims = ledger.resolve(list(ATTRIBUTES))
    factors = factors_of_claims(found.network, claims, at, ledger.codes.country)
    answer = carbon_answer(found, at, factors, question)
    used = sources_used(ledger, _claims_used(answer.carbon, ledger.codes.country))
    return answer.result({**manifest_of(ledger), **_manifest(found)}, used)


def measure_carbon_of_package(
    folder: Path, commodity: str, *, year: int | None = None, flows: Path | None = None, report: Report = silent, **asked: Any
) -> Result:
    """The footprint on a network package; see ``carbon_answer``.

    By its ``electricity_kwh``, ``direct_kg_co2e``, ``background_kg_co2e``, ``grid_kg_co2e_per_kwh`` and ``kg_co2e`` of routes.
    """
    question = _question(commodity, **asked)
    found = flows_of_package(folder, year=year, flows=flows, report=report)
    answer = carbon_answer(found, _year(found, year), factors_of_network(found.network), question)
    return answer.result(_manifest(found), [])


def _question(commodity: str, **asked: Any) -> Question:
    """The question, or ``NotFound`` / ``BadInput`` for words that it does not know."""
    question = Question(commodity, **{name: value for name, value in asked.items() if value is not None})
    if not question.basis:
        question = replace(question, basis="supply" if question.place else "production")
    for kind, value, known in (
        ("table of a footprint", question.rows, ROWS),
        ("basis", question.basis, BASES),
        ("method", question.method, METHODS),
    ):
        if value not in known:
            raise NotFound(kind, value, known)
    if (question.method == "market") != (question.contracts is not None):
        found = "market without contracts" if question.contracts is None else "contracts by the location method"
        mend = f"give {field('supply_contract')} for the market method, and only for it"
        raise BadInput([Problem("method", "contracts and the market method together", found, mend)])
    return question


@dataclass(frozen=True, eq=False)
class CarbonAnswer:
    """A footprint, the basket that was asked for, and the question."""

    carbon: Carbon
    basket: Basket
    question: Question
    commodities: tuple[str, ...]
    places: tuple[str, ...]
    basis: str

    def result(self, manifest: dict[str, Any], sources: list[dict[str, Any]]) -> Result:
        """Rows by stage and place (or as asked), the headline figure in ``meta`` and beside it."""
        basket, unit = self.basket, self._unit
        headline = {"kg_co2e_per_unit": basket.kg_per_unit}
        if basket.kwh_per_unit > 0:
            headline["kg_co2e_per_kwh"] = basket.kg_per_kwh
        asked, year = self.question, self.carbon.transfers.year
        title = f"carbon footprint of {asked.commodity} in {asked.place or 'all places'}, {year}: {self._words(headline)}"
        meta: dict[str, Any] = {
            "title": title,
            **headline,
            "grade": basket.grade,
            "quality": {f"{name}_share": value for name, value in basket.quality.round(4).items()},
            "without_factors_share": basket.without_factors,
            "without_factors": [{"process": name, "share": share} for name, share in basket.bare.items()],
            "quality_rule": RULE,
            "year": year,
            "quantity": basket.units,
            "basis": self._basis_words(),
            "method": asked.method,
            "allocation": asked.allocation,
            "by_commodity": self._by_commodity(),
            "manifest": manifest,
            "units": {**UNITS, "quantity": unit, **dict.fromkeys((*SOURCES, STOCK), f"kg CO2e per {unit}")},
            "sources": sources,
            "warnings": self._warnings(),
        }
        rows = self._rows()
        return Result(rows, meta, headline, shown=_shortened(rows) if asked.rows == "stages" else None)

    @property
    def _unit(self) -> str:
        return str(self.carbon.transfers.network.commodities["unit"][self.commodities[0]])

    def _words(self, headline: dict[str, float]) -> str:
        if headline["kg_co2e_per_unit"] != headline["kg_co2e_per_unit"]:
            return "not known"
        if "kg_co2e_per_kwh" in headline:
            return f"{headline['kg_co2e_per_kwh']:.1f} kg CO2e per kWh, data quality {self.basket.grade or 'not stated'}"
        return f"{headline['kg_co2e_per_unit']:,.0f} kg CO2e per {self._unit}, data quality {self.basket.grade or 'not stated'}"

    def _basis_words(self) -> str:
        words = {"production": "production: what is made there", "supply": "supply: all that is at hand there, imports too"}
        return words[self.basis]

    def _rows(self) -> pd.DataFrame:
        if self.question.rows == "nodes":
            table = self.carbon.nodes(self.basis)
            inside = table["commodity"].isin(self.commodities) & table["place"].isin(self.places)
            rows = table[inside].sort_values(["commodity", "quantity"], ascending=[True, False], ignore_index=True)
        else:
            rows = self.basket.by(["stage", "place"] if self.question.rows == "stages" else ["place"])
        return rows.drop(columns=["kg_co2e_per_kwh"]) if rows["kg_co2e_per_kwh"].isna().all() else rows

    def _by_commodity(self) -> list[dict[str, Any]]:
        """Each commodity of the basket on its own."""
        out = []
        for name in self.commodities if len(self.commodities) > 1 else ():
            each = self.carbon.basket([name], self.places, basis=self.basis)
            if each.units:
                row = {"commodity": name, "quantity": each.units, "kg_co2e_per_unit": each.kg_per_unit}
                out.append(row | ({"kg_co2e_per_kwh": each.kg_per_kwh} if each.kwh_per_unit > 0 else {}) | {"grade": each.grade})
        return sorted(out, key=lambda row: -row["quantity"])

    def _warnings(self) -> list[str]:
        rows, out, place = self.basket.rows, list(self.carbon.factors.notes), self.question.place
        if self.basis != self.question.basis:
            out.append("nothing is made there: the figure is of what is supplied")
        elif place and not self.carbon.basket(self.commodities, self.places, basis="production").units:
            out.append(arrives_only(self.question.commodity, place, self.carbon.transfers.year))
        bare = self.carbon.unknown_sites()
        if len(bare):
            part = f"{self.basket.without_factors:.1%} of the making behind this footprint"
            out.append(f"no energy and no emissions are known of {_listed(bare.index)}: they count 0 ({part})")
        out += self._fallen_back()
        drawn = self.carbon.transfers.drawn
        if len(drawn):
            pools = self.carbon.transfers.named(drawn["node"].to_numpy()[:LISTED])
            more = f" and {len(drawn) - LISTED} more" if len(drawn) > LISTED else ""
            words = "what comes out of stocks or from nowhere carries the mean of what its making emits in the year"
            out.append(f"{words} (none where nobody made it): {', '.join(pools)}{more}")
        if len(self.carbon.footprint.closed):
            names = self.carbon.transfers.named(self.carbon.footprint.closed[:LISTED])
            out.append(f"rings without exit keep their emissions: {', '.join(names)}")
        weak = rows[rows["confidence"] == "estimated"].groupby("process")["kg"].sum().nlargest(3)
        if len(weak) and weak.iloc[0] > 0:
            share = float(self.basket.quality.get("estimated", 0.0))
            out.append(f"{share:.0%} of the footprint rests on estimated factors, most of it in {_listed(weak.index)}")
        return out

    def _fallen_back(self) -> list[str]:
        """A note on the co-products of this footprint that were to be shared by value and have no price."""
        if self.question.allocation != "value":
            return []
        network = self.carbon.transfers.network
        made = network.recipes[network.recipes["amount"] > 0]
        bare = made["commodity"].map(network.commodities["price_usd_per_unit"]).isna()
        several = made["process"].duplicated(keep=False)
        processes = set(made.loc[several & made["process"].isin(made.loc[bare, "process"]), "process"])
        hit = sorted(processes & set(self.basket.rows.loc[self.basket.rows["kg"] != 0, "process"]))
        return [f"co-products without a price are shared by mass: {_listed(hit)}"] if hit else []


def carbon_answer(flows: Flows, year: int, factors: EmissionFactors, question: Question) -> CarbonAnswer:
    """The footprint of one year of flows by some factors, and the basket that a question is about.

    Raises ``NotFound`` for unknown names, ``BadInput`` for broken contracts, commodities of several units, and a place that
    neither makes nor gets any.
    """
    network = flows.network
    commodities = commodities_named(network, question.commodity)
    places = network.members(question.place) if question.place else tuple(network.places.index)
    if question.contracts is not None:
        from orepact.measure.emissions.power_contracts import with_contracts

        factors = with_contracts(factors, network, read_contracts(question.contracts, network), year)
    _demand_one_unit(network, commodities, question.commodity)
    carbon = Carbon(Transfers.of(flows, year, allocation=question.allocation), factors)
    basis = question.basis
    basket = carbon.basket(commodities, places, basis=basis)
    if not basket.units and basis == "production":
        basis = "supply"
        basket = carbon.basket(commodities, places, basis=basis)
    if not basket.units:
        expected = f"a place that makes or gets {question.commodity} in {year}"
        raise BadInput([Problem("place", expected, question.place or "none", "ask for another place or year")])
    return CarbonAnswer(carbon, basket, question, commodities, places, basis)


def _shortened(rows: pd.DataFrame) -> pd.DataFrame:
    """The largest rows, and one for all the others."""
    rest = rows.iloc[SHOWN:]
    if len(rest) < 2:
        return rows
    other = rest.drop(columns=["stage", "place"]).sum().to_dict() | {"stage": f"{len(rest)} others", "place": ""}
    return pd.concat([rows.iloc[:SHOWN], pd.DataFrame([other])], ignore_index=True)[list(rows.columns)]


def _demand_one_unit(network: Network, commodities: tuple[str, ...], name: str) -> None:
    units = sorted({str(unit) for unit in network.commodities.loc[list(commodities), "unit"]})
    if len(units) > 1:
        found = f"{name} stands for commodities counted in {', '.join(units)}"
        raise BadInput([Problem("commodity", "commodities of one unit", found, f"name one of {', '.join(commodities)}")])


def _year(flows: Flows, year: int | None) -> int:
    """The year that was asked for, else the first of the flows."""
    return year if year is not None else flows.years[0]


def _manifest(flows: Flows) -> dict[str, Any]:
    found = flows.manifest.as_dict()
    return {name: value for name, value in found.items() if value not in {"", None} and name != "created"}


def _claims_used(carbon: Carbon, country: Callable[[str], str]) -> pd.DataFrame:
    """Claims on processes and places that the flows of the year touch."""
    claims = carbon.factors.claims
    sites = carbon.factors.sites[carbon.caused.to_numpy().sum(axis=1) != 0]
    processes, places = set(sites["process"].str.partition("@")[0]), set(sites["place"])
    of_process = claims["process"].isin(processes) & (claims["place"].isin(places) | (claims["place"] == ""))
    grids = places | {country(place) for place in places}
    of_grid = (claims["attribute"] == "grid_intensity") & claims["place"].isin(grids)
    return claims[of_process | of_grid | (claims["attribute"] == "freight_emissions")]


def _listed(names: Any) -> str:
    listed = [str(name) for name in names]
    more = f" and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
    return ", ".join(listed[:LISTED]) + more
