"""Recipes of battery cells by MWh: active material and copper from BatPaC, the other parts from the cell inventories of premise.

For each material m of a cell: amount [t/MWh = kg/kWh] = intensity_m / (1 - scrap). Copper comes only from BatPaC and aluminium,
electrolyte and separator only from premise, so that no element is balanced from two sources.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from tools.compile._coefficients import KG_PER_T, Coefficients, Row, assumption_table, claim, contents

ACTIVE_MATERIAL_SOURCES = {
    "LFP": ("batpac_bsm", "cell level, 150 mAh/g at 3.2 V"),
    "LMFP": ("batpac_bsm", "cell level, 150 mAh/g at 3.75 V"),
    "LCO": ("olivetti_2017", "cell level"),
}
NICKEL_CELLS = ("cell_nmc622", "cell_nmc811", "cell_nca")
ENERGY_YEAR = 2024
PACK_PROCESSES = {
    "cell_lfp": ("pack_ev_lfp_assembly", "storage_from_lfp"),
    "cell_nmc622": ("pack_ev_from_nmc622", "storage_from_nmc"),
    "cell_nmc811": ("pack_ev_from_nmc811",),
    "cell_nca": ("pack_ev_from_nca",),
}
PREMISE_FLOWS = {
    "aluminium_foil": ("aluminium collector foil, for Li-ion battery", "Cathode current collector, LFP"),
    "electrolyte": ("electrolyte, for Li-ion battery", "Electrolyte, LFP"),
    "separator": ("battery separator", "battery separator"),
}


def cell_rows(raw: Coefficients) -> Iterator[Row]:
    """Claims of every cell recipe."""
    scrap = scrap_fraction(raw)
    for cell in assumption_table("cells"):
        process = f"{cell['cell']}_assembly"
        for commodity, amount, source, note in cell_inputs(raw, cell):
            text = f"{amount:.4g} kg/kWh / (1 - {scrap:g} scrap); {note}{'; ' + cell['note'] if cell['note'] else ''}"
            yield _line((process, commodity), -amount / (1 - scrap), (source, cell["confidence"]), text)
        if cell["cell"] in NICKEL_CELLS:
            yield _scrap_line(raw, cell, scrap)


def scrap_fraction(raw: Coefficients) -> float:
    """Part of the active material that leaves as production scrap."""
    table = raw.table("cell_manufacturing")
    return float(pd.to_numeric(table.loc[table["type"] == "scrap", "value"]).iloc[0])


def active_material(raw: Coefficients, cell: dict[str, str]) -> float:
    """Kilograms of active material in a kilowatt-hour of cells."""
    amount = raw.intensity(cell["family"], cell["active_material_row"])
    if cell["active_material_row"] == "Cobalt":
        return amount / contents()[cell["cell"].replace("cell_", "cam_")]["cobalt"]
    return amount


def cell_inputs(raw: Coefficients, cell: dict[str, str]) -> Iterator[tuple[str, float, str, str]]:
    """Commodity, kilograms in a kilowatt-hour before scrap, source and note of each input."""
    scale = float(cell["voltage_scale"])
    family = cell["family"]
    source, where = ACTIVE_MATERIAL_SOURCES.get(family, ("batpac_mineral_intensity", "pack level of BatPaC 5.2"))
    yield cell["cell"].replace("cell_", "cam_"), active_material(raw, cell), source, f"active material at {where}"
    graphite = raw.intensity(cell["graphite_row"], "Graphite") * scale
    share = natural_share(raw)
    note = f"{share:.0%} natural as in the premise anode (plants in China use less natural)"
    yield "coated_spherical_graphite", graphite * share, "batpac_mineral_intensity", note
    yield "synthetic_graphite", graphite * (1 - share), "batpac_mineral_intensity", note
    copper = raw.intensity(cell["copper_row"], "Copper") * scale
    yield "copper_foil", copper, "batpac_mineral_intensity", "all copper of the BatPaC 5.2 pack, tabs and bus bars included"
    yield from _premise_inputs(raw, cell, scale)


def natural_share(raw: Coefficients) -> float:
    """Natural graphite as a part of all graphite of the anode."""
    natural = raw.recipe_row("anode_electrode_graphite", "natural graphite production, coated")
    synthetic = raw.recipe_row("anode_electrode_graphite", "synthetic graphite production")
    return natural / (natural + synthetic)


def _premise_inputs(raw: Coefficients, cell: dict[str, str], scale: float) -> Iterator[tuple[str, float, str, str]]:
    density = raw.energy_density(cell["energy_density"])
    for commodity, flows in PREMISE_FLOWS.items():
        flow = flows[cell["premise_cell"] == "cell_lfp"]
        amount = raw.recipe_row(cell["premise_cell"], flow) / density * scale
        yield commodity, amount, "premise_cells", f"premise {cell['premise_cell']} at {density:g} kWh/kg"


def _scrap_line(raw: Coefficients, cell: dict[str, str], scrap: float) -> Row:
    """Scrap booked as the one nickel-based scrap of the code list, by the element of it that binds, so that none is created."""
    material = contents()[cell["cell"].replace("cell_", "cam_")]
    ratios = {element: material.get(element, 0.0) / amount for element, amount in contents()["cell_scrap"].items()}
    element = min(ratios, key=lambda name: ratios[name])
    amount = active_material(raw, cell) * scrap / (1 - scrap) * min(ratios[element], 1.0)
    note = (
        f"{scrap:g} of the active material, booked by its {element} ({ratios[element]:.3g} of the content of the nominal scrap)"
    )
    if amount == 0:
        note = f"none: this cathode holds no {element} and cannot be booked as the nominal scrap without creating it"
    return _line((f"{cell['cell']}_assembly", "cell_scrap"), amount, ("orepact_balance", "estimated"), note)


def _line(line: tuple[str, str], amount: float, basis: tuple[str, str], note: str) -> Row:
    return claim((f"{line[0]}/{line[1]}", "recipe_amount"), (amount, "unit_per_unit"), basis, note)


def cell_energy_rows(raw: Coefficients, gas_kg_per_gj: float) -> Iterator[Row]:
    """Power and gas of cell plants per MWh: steps by mass of cell over its energy density, formation by energy."""
    table = raw.table("cell_manufacturing")
    steps = table[(table["type"] == "energy") & (table["item"] != "assembly_module_pack")]
    by_unit = pd.to_numeric(steps["value"]).groupby(steps["unit"]).sum()
    pack_step = float(pd.to_numeric(table.loc[table["item"] == "assembly_module_pack", "value"]).iloc[0])
    for cell in assumption_table("cells"):
        density = raw.energy_density(cell["energy_density"], ENERGY_YEAR) / float(cell["voltage_scale"])
        power = by_unit["kWh/kg"] / density + by_unit["kWh/kWh"]
        gas = by_unit["MJ/kg"] / density
        note = f"sum of plant steps at {density:.3g} kWh/kg; formation {by_unit['kWh/kWh']:.3g} kWh a kWh"
        process, basis = f"{cell['cell']}_assembly", ("batpac_bsm", cell["confidence"])
        yield claim((process, "electricity_use"), (power * KG_PER_T, "kWh_per_unit"), basis, note)
        emitted = gas * gas_kg_per_gj
        yield claim((process, "direct_emissions"), (emitted, "kg_co2e_per_unit"), basis, f"{gas:.3g} GJ gas a MWh")
        for pack in PACK_PROCESSES.get(cell["cell"], ()):
            note = f"module and pack assembly, {pack_step:g} kWh a kg cell"
            yield claim((pack, "electricity_use"), (pack_step / density * KG_PER_T, "kWh_per_unit"), basis, note)
