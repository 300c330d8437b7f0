"""Compile costs: conversion, capital and fixed cost, lead time, lifetime and use of each process; freight; masses on the way.

Costs are at the level of Europe and North America, in dollars as each source states them (2018 to 2025, not inflated).
Rules of ``assumptions/costs.csv``: ``given``; ``opex`` and ``capex`` = median of the studies of the raw tables x value;
``capex_cell`` = median of the cell plants without module and pack lines; ``lead`` = a raw lead time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from tools.compile._coefficients import Coefficients, Row, assumption_table, claim, code_list, write_used_sources
from tools.compile.claims_writer import DATA, shared_folder, write_claims

TARGET = DATA / "facts" / "costs.csv"
ESTIMATE = ("orepact_estimate", "estimated")
FIXED_SHARE = 0.03
GWH_TO_MWH = 0.001
BASE_YEAR = 2024
STUDIES = ("study", "greenfield", "incremental", "replacement value")
PER_UNIT = {"t": "USD_per_t", "MWh": "USD_per_MWh", "vehicle": "USD_per_vehicle", "piece": "USD_per_piece"}
DURATIONS = {"lead_time": "year", "lifetime": "year", "utilisation": "1"}


@dataclass(frozen=True)
class CostRules:
    """The rules of the cost table applied to the raw tables."""

    raw: Coefficients

    @cached_property
    def capex(self) -> pd.DataFrame:
        """Sourced capital costs with ``usd`` per yearly unit at the average rate of the year."""
        table = self.raw.table("capex")
        table = table[(table["status"] == "sourced") & table["kind"].isin(STUDIES) & (table["capex_per_annual_unit"] != "")]
        rates = {(row["currency"], row["year"]): float(row["usd"]) for row in assumption_table("exchange_rates")}
        usd = [
            float(cost) * (1.0 if currency == "USD" else rates[(currency, year)])
            for cost, currency, year in zip(table["capex_per_annual_unit"], table["currency"], table["year"], strict=True)
        ]
        return table.assign(usd=usd)

    def value(self, line: dict[str, str]) -> float:
        """The value of one line of ``assumptions/costs.csv``."""
        rules: dict[str, Callable[[str], float]] = {
            "given": lambda _: 1.0,
            "opex": self.opex_median,
            "capex": self.capex_median,
            "capex_cell": lambda _: self.cell_capital(),
            "lead": self.lead_years,
        }
        return rules[line["rule"]](line["key"]) * float(line["value"])

    def opex_median(self, key: str) -> float:
        """Median cost of ``process:part of the unit``."""
        process, _, unit = key.partition(":")
        table = self.raw.table("opex")
        rows = table[
            (table["process_id"] == process) & table["unit"].str.contains(unit, regex=False) & (table["status"] == "sourced")
        ]
        if unit == "SC":
            rows = table[(table["process_id"] == process) & table["unit"].str.contains("SC|concentrate", regex=True)]
        return _median(rows["value"], f"opex.csv: {key}")

    def capex_median(self, key: str) -> float:
        """Median capital cost per yearly unit of one raw process or several joined by ``|``."""
        rows = self.capex[self.capex["process_id"].isin(key.split("|"))]
        return _median(rows["usd"], f"capex.csv: {key}")

    def cell_capital(self) -> float:
        """Capital of a cell plant per MWh a year: the BatPaC plant less its module and pack lines, and the others, median."""
        rows = self.capex[self.capex["process_id"] == "cell"]
        less = self.capex_median("pack")
        values = [usd - less if "BatPaC" in project else usd for project, usd in zip(rows["project"], rows["usd"], strict=True)]
        return _median(pd.Series(values), "capex.csv: cell") * GWH_TO_MWH

    def lead_years(self, key: str) -> float:
        """The sourced lead time of one asset."""
        table = self.raw.table("lead_times")
        return _median(table.loc[(table["asset"] == key) & (table["status"] == "sourced"), "value"], f"lead_times.csv: {key}")


def _median(values: pd.Series, where: str) -> float:
    if values.empty:
        raise KeyError(f"{where}: no row")
    return float(pd.to_numeric(values).median())


def process_rows(rules: CostRules) -> Iterator[Row]:
    """Every cost attribute of every process: listed lines first, defaults of the stage for the rest."""
    listed = {(line["process"], line["attribute"]): line for line in assumption_table("costs")}
    defaults = {row["stage"]: row for row in assumption_table("cost_defaults")}
    commodities = code_list("commodities")
    for process, entry in code_list("processes").items():
        unit = PER_UNIT[commodities[entry["output"]]["unit"]]
        variable, capital = listed[(process, "variable_cost")], listed[(process, "capital_cost")]
        invested = rules.value(capital)
        yield _listed(process, rules.value(variable), unit, variable)
        yield _listed(process, invested, f"{unit}_per_year", capital)
        note = f"{FIXED_SHARE:.0%} of the capital cost a year"
        yield claim((process, "fixed_cost"), (invested * FIXED_SHARE, unit), ESTIMATE, note)
        for attribute, measure in DURATIONS.items():
            line = listed.get((process, attribute))
            if line:
                yield _listed(process, rules.value(line), measure, line)
            else:
                default = defaults[entry["stage"]]
                yield claim((process, attribute), (default[attribute], measure), ESTIMATE, default["note"])


def _listed(process: str, value: float, unit: str, line: dict[str, str]) -> Row:
    return claim((process, line["attribute"]), (value, unit), (line["source"], line["confidence"]), line["note"])


def freight_rows() -> Iterator[Row]:
    """Cost of sea and land freight and of handling."""
    for row in assumption_table("freight"):
        key, value, basis = (row["subject"], row["attribute"]), (row["value"], row["unit"]), (row["source"], row["confidence"])
        yield claim(key, value, basis, row["note"])


def rate_rows() -> Iterator[Row]:
    """The exchange rates that the conversion of capital costs used."""
    for row in assumption_table("exchange_rates"):
        note = f"dollars for a {row['currency']}, {row['note']}; no page of the central bank could be read"
        yield claim((row["place"], "exchange_rate"), (row["usd"], "1"), ESTIMATE, note, year=row["year"])


def mass_rows(raw: Coefficients) -> Iterator[Row]:
    """Tonnes that one unit of each commodity not counted in tonnes weighs, without packaging."""
    for row in assumption_table("shipping_masses"):
        if row["rule"] == "given":
            mass, note = float(row["value"]), row["note"]
        else:
            level, year = ("cell", BASE_YEAR) if row["rule"] == "cell" else ("pack (BatPaC 5.2, 100 kWh)", BASE_YEAR)
            density = raw.energy_density(row["key"], year, level)
            mass = float(row["value"]) / density
            note = "; ".join(part for part in (f"{density:.4g} kWh/kg of a {row['rule']} in {BASE_YEAR}", row["note"]) if part)
        yield claim((row["commodity"], "shipping_mass"), (mass, "unit_per_unit"), (row["source"], row["confidence"]), note)


def main(shared: Path) -> None:
    """Write ``facts/costs.csv`` and its sources."""
    raw = Coefficients(shared / "coefficients")
    rows = [*process_rows(CostRules(raw)), *freight_rows(), *rate_rows(), *mass_rows(raw)]
    write_claims(rows, TARGET)
    write_used_sources(rows, "costs")


if __name__ == "__main__":
    main(shared_folder())
