"""Compile what the inventories leave out of a carbon footprint: own estimates of energy, inputs outside the chain, freight.

- ``assumptions/emission_estimates.csv``: power and direct emissions of processes that no open inventory covers, by general
  knowledge of the industry (source ``orepact_carbon``, grade D, ``estimated``); any derived or reported claim beats them.
- ``background_emissions`` of a process: ``sum over inputs outside the chain (t per unit) x kg CO2e per kg x 1000``. Amounts come
  from the raw inventories where they have them (``raw``), else from ``background_inputs.csv``; factors from
  ``background_factors.csv``. For cells and packs: ``sum (kg per kg of cell) x factor / (kWh per kg of cell) x 1000`` a MWh.
- ``freight_emissions`` by mode and by commodity at sea.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tools.compile._cell_recipes import ENERGY_YEAR, PACK_PROCESSES
from tools.compile._coefficients import KG_PER_T, Coefficients, Row, assumption_table, claim
from tools.compile.claims_writer import DATA, shared_folder, write_claims, write_sources

SOURCE = "orepact_carbon"
AS_OF = "2023"
TARGET = DATA / "facts" / "emissions.csv"
BASIS = (SOURCE, "estimated")
IRON = ("cell_lfp", "cell_lmfp")
STORAGE = "storage_"


def estimate_rows() -> Iterator[Row]:
    """Power and direct emissions per unit of main output; an empty cell gives no claim."""
    for line in assumption_table("emission_estimates"):
        if line["kwh"]:
            yield _row(line["subject"], "electricity_use", float(line["kwh"]), line["note"])
        if line["direct_kg"]:
            yield _row(line["subject"], "direct_emissions", float(line["direct_kg"]), line["note"])


def background_rows(raw: Coefficients) -> Iterator[Row]:
    """Emissions of making the inputs that the chain does not track, per unit of main output."""
    parts: dict[str, list[tuple[str, float, bool]]] = {}
    for line in assumption_table("background_inputs"):
        amount = _raw_amount(raw, line["raw"]) if line["raw"] else float(line["t_per_unit"])
        parts.setdefault(line["process"], []).append((line["material"], amount, bool(line["raw"])))
    for process, inputs in parts.items():
        kilograms = sum(amount * factors()[material] for material, amount, _ in inputs) * KG_PER_T
        yield _row(process, "background_emissions", kilograms, _said(inputs))
    yield from _part_rows(raw)


def _raw_amount(raw: Coefficients, formula: str) -> float:
    """Tonnes per tonne of ``weight*process:flow`` in the raw inventories."""
    weight, _, line = formula.rpartition("*")
    process, _, flow = line.partition(":")
    return float(weight or 1) * raw.recipe_row(process, flow)


@cache
def factors() -> dict[str, float]:
    """Kilograms of CO2e in making a kilogram of each material, to the gate of its plant."""
    return {row["material"]: float(row["kg_co2e_per_kg"]) for row in assumption_table("background_factors")}


def _said(inputs: list[tuple[str, float, bool]]) -> str:
    words = [f"{name} {amount:.3g}{'' if sourced else '*'}" for name, amount, sourced in inputs]
    starred = any(not sourced for *_, sourced in inputs)
    return f"t a unit: {', '.join(words)}{'; * amount by our estimate' if starred else '; amounts of the inventory'}"


def _part_rows(raw: Coefficients) -> Iterator[Row]:
    """Binder, solvent and housing of cells, and everything of packs and storage beside the cells, per MWh."""
    for cell in assumption_table("cells"):
        density = raw.energy_density(cell["energy_density"], ENERGY_YEAR) / float(cell["voltage_scale"])
        family = "iron" if cell["cell"] in IRON else "nickel"
        yield _parts(f"{cell['cell']}_assembly", "cell", family, density)
        for process in PACK_PROCESSES.get(cell["cell"], ()):
            yield _parts(process, "storage" if process.startswith(STORAGE) else "pack", family, density)


def _parts(process: str, product: str, family: str, kwh_per_kg: float) -> Row:
    lines = [row for row in assumption_table("background_parts") if (row["product"], row["family"]) == (product, family)]
    shares = [(row["material"], float(row["kg_per_kg_cell"])) for row in lines]
    kilograms = sum(share * factors()[material] for material, share in shares) / kwh_per_kg * KG_PER_T
    words = ", ".join(f"{material} {share:.3g}" for material, share in shares)
    return _row(process, "background_emissions", kilograms, f"kg a kg of cell at {kwh_per_kg:.3g} kWh a kg: {words}")


def freight_rows() -> Iterator[Row]:
    """Emissions of a tonne-kilometre by mode, and at sea by commodity where it does not go in an ordinary box."""
    for line in assumption_table("freight_emissions"):
        for name in line["commodities"].split():
            value = (float(line["kg_co2e_per_t_km"]), "kg_co2e_per_t_km")
            yield claim((name, "freight_emissions"), value, BASIS, line["note"], as_of=AS_OF)


def _row(subject: str, attribute: str, value: float, note: str) -> Row:
    unit = "kWh_per_unit" if attribute == "electricity_use" else "kg_co2e_per_unit"
    return claim((subject, attribute), (value, unit), BASIS, note, as_of=AS_OF)


def main(shared: Path) -> None:
    """Write ``facts/emissions.csv`` and its source."""
    raw = Coefficients(shared / "coefficients")
    write_claims([*estimate_rows(), *background_rows(raw), *freight_rows()], TARGET)
    write_sources(
        [{
            "source": SOURCE, "producer": "The orepact developers",
            "title": "Estimates of energy, emissions and inputs outside the chain by general knowledge of the industry",
            "edition": "1", "published": AS_OF, "licence": "MIT", "attribution": "", "address": "docs/why/allocation.md",
            "grade": "D", "ships": "yes",
        }],
        Path(__file__).parent / "sources" / "emissions.csv",
    )  # fmt: skip


if __name__ == "__main__":
    main(shared_folder())
