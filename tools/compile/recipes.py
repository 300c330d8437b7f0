"""Compile the recipes: what each process takes in and gives out per unit of its main output, with energy and emissions.

Rules of ``assumptions/recipe_lines.csv``: ``balance`` input = content(output) / (recovery x content(input)) of one element;
``coproduct`` output = recovery x element brought in / content(co-product); ``raw`` = product of sourced lines; ``given`` as is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from tools.compile._cell_recipes import cell_energy_rows, cell_rows
from tools.compile._coefficients import (
    Coefficients,
    Row,
    assumption_table,
    claim,
    code_list,
    contents,
    write_used_sources,
)
from tools.compile._vehicle_energy import energy_per_vehicle
from tools.compile.claims_writer import DATA, shared_folder, write_claims

TARGET = DATA / "facts" / "recipes.csv"
KWH_PER_MWH = 1000.0


def recipe_rows(raw: Coefficients) -> list[Row]:
    """All recipe lines of all processes (vehicles by place are added by ``vehicle_rows``)."""
    rows = [*_main_outputs(), *_listed_lines(raw), *cell_rows(raw)]
    return sorted(rows, key=lambda row: str(row["subject"]))


def _main_outputs() -> Iterator[Row]:
    for process, output in _outputs().items():
        yield _amount(f"{process}/{output}", 1.0, ("orepact_balance", "derived"), "main output, by definition")


def _listed_lines(raw: Coefficients) -> Iterator[Row]:
    amounts: dict[str, dict[str, float]] = {}
    for line in assumption_table("recipe_lines"):
        process, commodity = line["process"], line["commodity"]
        known = amounts.setdefault(process, {})
        known[commodity], formula = _line_amount(raw, line, known)
        note = _joined(formula, line["note"])
        yield _amount(f"{process}/{commodity}", known[commodity], (line["source"], line["confidence"]), note)


def _line_amount(raw: Coefficients, line: dict[str, str], known: dict[str, float]) -> tuple[float, str]:
    """Signed amount of a listed line and its formula in words; ``known`` holds the earlier lines of the process."""
    if line["rule"] == "raw":
        return -raw.product(line["raw"]), ""
    number, element = float(line["number"]), line["element"]
    if line["rule"] == "given":
        return number, ""
    content = contents()
    here = content[line["commodity"]][element]
    if line["rule"] == "balance":
        made = content[_outputs()[line["process"]]][element]
        return -made / (number * here), f"{made:g} t {element} out / ({number:g} recovery x {here:g} in)"
    brought = sum(-amount * content[name].get(element, 0.0) for name, amount in known.items() if amount < 0)
    return number * brought / here, f"{number:g} recovery x {brought:.4g} t {element} in / {here:g}"


@cache
def _outputs() -> dict[str, str]:
    return {name: str(entry["output"]) for name, entry in code_list("processes").items()}


def _amount(subject: str, amount: float, basis: tuple[str, str], note: str) -> Row:
    return claim((subject, "recipe_amount"), (amount, "unit_per_unit"), basis, note)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def vehicle_rows(shared: Path) -> Iterator[Row]:
    """Pack per vehicle [MWh]: the world average and each place by the average battery of the electric cars sold there."""
    sizes = energy_per_vehicle(shared)
    for process, pack in (("ev_lfp_assembly", "pack_ev_lfp"), ("ev_nickel_assembly", "pack_ev_nickel")):
        for place, size in sizes.items():
            subject = f"{process}{'' if place == 'world' else '@' + place}/{pack}"
            note = f"{size:.4g} kWh for an electric car sold in 2024, plug-in hybrids at their own size; both families alike"
            note += "; weighted by sales" if place == "world" else ""
            yield _amount(subject, -size / KWH_PER_MWH, ("busch_etm", "estimated"), note)


def energy_rows(raw: Coefficients) -> Iterator[Row]:
    """Electricity use and direct emissions by ``assumptions/energy.csv``: one raw process (or several, weighted) a row."""
    factors = {row["fuel"]: float(row["value_si"]) for row in raw.table("fuel_emission_factors").to_dict("records")}
    for line in assumption_table("energy"):
        for attribute, unit, value in _energy_of(raw, line, factors):
            yield claim((line["process"], attribute), (value, unit), (line["source"], line["confidence"]), line["note"])
    yield from cell_energy_rows(raw, factors["natural gas"])


def _energy_of(raw: Coefficients, line: dict[str, str], factors: dict[str, float]) -> Iterator[tuple[str, str, float]]:
    """Attribute, unit and value; an inventory without power or fuel gives no claim, not a claim of nothing."""
    electricity, emissions = _given_energy(line, factors) if not line["raw"] else _raw_energy(raw, line["raw"], factors)
    if electricity:
        yield "electricity_use", "kWh_per_unit", electricity
    if emissions:
        yield "direct_emissions", "kg_co2e_per_unit", emissions


def _given_energy(line: dict[str, str], factors: dict[str, float]) -> tuple[float | None, float | None]:
    """Energy written in the table itself: kWh, GJ of a fuel and other kg CO2 per unit."""
    electricity = float(line["kwh"]) if line["kwh"] else None
    if not (line["fuel_gj"] or line["process_kg"]):
        return electricity, None
    fuel = float(line["fuel_gj"] or 0) * factors[line["fuel"]] if line["fuel_gj"] else 0.0
    return electricity, fuel + float(line["process_kg"] or 0)


def _raw_energy(raw: Coefficients, formula: str, factors: dict[str, float]) -> tuple[float | None, float | None]:
    """Sum of ``weight*process`` terms: kWh, and fuels x factor + process emissions, per tonne."""
    electricity = emissions = 0.0
    for term in formula.split("+"):
        weight, _, process = term.rpartition("*")
        one, two = _process_energy(raw.recipes, process, factors)
        electricity += float(weight or 1) * one * 1000
        emissions += float(weight or 1) * two * 1000
    return electricity, emissions


def _process_energy(recipes: pd.DataFrame, process: str, factors: dict[str, float]) -> tuple[float, float]:
    rows = recipes[(recipes["process_id"] == process) & (recipes["status"] != "unverified")]
    if rows.empty:
        raise KeyError(f"recipes.csv: no sourced row of {process}")
    electricity = float(rows.loc[rows["flow_kind"] == "electricity", "number"].sum())
    emissions = float(rows.loc[rows["flow_kind"] == "direct_ghg", "number"].sum())
    for flow, amount in rows.loc[rows["flow_kind"] == "heat_or_fuel", ["flow", "number"]].itertuples(index=False):
        emissions += float(amount) / 1000 * factors["oil/diesel" if "diesel" in str(flow) else "natural gas"]
    return electricity, emissions


def main(shared: Path) -> None:
    """Write ``facts/recipes.csv`` and its sources."""
    raw = Coefficients(shared / "coefficients")
    rows = [*recipe_rows(raw), *vehicle_rows(shared), *energy_rows(raw)]
    write_claims(rows, TARGET)
    write_used_sources(rows, "recipes")


if __name__ == "__main__":
    main(shared_folder())
