"""Battery passport: what orepact knows of a battery, under the names of DIN DKE SPEC 99100.

Names, chapters and units come from ``data/schemas/battery_passport.yaml``. A footprint here ends where the battery leaves its
maker, per kWh that it holds; the passport counts per kWh that it will give in its service life. So the passport's figures are
only written when that energy is given.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from orepact.errors import BadInput, Problem
from orepact.interchange.cells import json_text
from orepact.interchange.made import CLEAR, Made

CARBON, MATERIAL = "carbonFootprintForBatteries", "materialComposition"
GRAMS = 1e6


@dataclass(frozen=True, slots=True)
class Battery:
    """What the passport is about.

    ``kg_co2e_per_kwh``: by stage of the chain, per kWh that the battery holds. ``t_per_kwh``: contained tonnes by element.
    ``energy_kwh``: what the battery holds; ``service_kwh``: what it gives in its service life, None when nobody says.
    ``place``, ``year``: where and when the footprint is counted; "" and 0 when nobody says.
    """

    commodity: str
    title: str
    kg_co2e_per_kwh: Mapping[str, float]
    t_per_kwh: Mapping[str, float] = field(default_factory=dict)
    energy_kwh: float = 1.0
    service_kwh: float | None = None
    study: str = ""
    place: str = ""
    year: int = 0


@cache
def names() -> dict[str, Any]:
    """The list of names: ``properties``, ``stages``, ``elements``."""
    import yaml

    text = files("orepact.data").joinpath("schemas/battery_passport.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.safe_load(text)
    return raw


def of_battery(battery: Battery, *, label: str = CLEAR, name: str = "passport.json") -> Made:
    """The passport's fields that can be filled, and a warning for each that cannot. Raises ``BadInput`` for energies of 0."""
    _demand_energy(battery)
    carbon, warnings = _carbon(battery)
    materials, more = _materials(battery)
    known = names()["properties"]
    written = {f"{group}.{key}" for group, part in ((CARBON, carbon), (MATERIAL, materials)) for key in part}
    idle = [path.rpartition(".")[2] for path in known if path not in written]
    warnings += [*more, f"not filled: {', '.join(idle)}"]
    body = {
        "label": label,
        "about": _about(battery),
        "source": names()["source"],
        "chapters": {path: str(known[path]["chapter"]) for path in sorted(written)},
        "units": {path: known[path]["unit"] for path in sorted(written) if known[path]["unit"]},
        CARBON: carbon,
        MATERIAL: materials,
    }
    return Made({name: json_text(body)}, tuple(warnings))


def _about(battery: Battery) -> dict[str, Any]:
    """What the figures were worked out for, with the unit in each name; only what is known."""
    said = {"commodity": battery.commodity, "place": battery.place, "year": battery.year}
    said |= {"energy_kwh": battery.energy_kwh, "service_kwh": battery.service_kwh}
    return {name: value for name, value in said.items() if value}


def _demand_energy(battery: Battery) -> None:
    problems = []
    for name, value in (("energy_kwh", battery.energy_kwh), ("service_kwh", battery.service_kwh)):
        if value is not None and not (math.isfinite(value) and value > 0):
            problems.append(Problem(name, "kilowatt-hours above 0", str(value), "give the energy in kWh"))
    if problems:
        raise BadInput(problems)


def _carbon(battery: Battery) -> tuple[dict[str, Any], list[str]]:
    stages, warnings = dict[str, float](), list[str]()
    outside = dict[str, float]()
    for stage, value in battery.kg_co2e_per_kwh.items():
        named = names()["stages"].get(stage)
        into, key = (stages, named) if named else (outside, stage)
        into[key] = into.get(key, 0.0) + value * battery.energy_kwh
    if outside:
        listed = ", ".join(f"{stage} {value:,.3g} kg CO2e" for stage, value in sorted(outside.items()))
        warnings.append(f"no stage of the passport: {listed}")
    out: dict[str, Any] = {"absoluteCarbonFootprint": sum(stages.values())} if stages else {}
    if battery.study:
        out["carbonFootprintStudy"] = battery.study
    if battery.service_kwh is None:
        warnings.append("per kWh over service life nothing is stated: give the energy of the service life (kWh)")
    elif stages:
        out["batteryCarbonFootprint"] = sum(stages.values()) / battery.service_kwh
        out["carbonFootprintPerLifecycleStage"] = [
            {"lifecycleStage": stage, "carbonFootprint": value / battery.service_kwh} for stage, value in stages.items()
        ]
    warnings.append("Distribution and Recycling are not stated: a footprint here ends where the battery leaves its maker")
    return out, warnings


def _materials(battery: Battery) -> tuple[dict[str, Any], list[str]]:
    chemistry = battery.commodity.partition("_")[2] or battery.commodity
    out: dict[str, Any] = {"batteryChemistry": {"shortName": chemistry.upper(), "clearName": battery.title}}
    rows = []
    for element, tonnes in sorted(battery.t_per_kwh.items()):
        said = names()["elements"].get(element, {"cas": "", "critical": False})
        row = {
            "batteryMaterialName": element,
            "batteryMaterialMass": tonnes * battery.energy_kwh * GRAMS,
            "isCriticalRawMaterial": said["critical"],
        }
        rows.append(row | ({"batteryMaterialIdentifier": said["cas"]} if said["cas"] else {}))
    if rows:
        out["batteryMaterials"] = rows
    warnings = (
        ["batteryMaterials are contained elements of the whole battery: compounds and components are not known"] if rows else []
    )
    if "graphite" in battery.t_per_kwh:
        warnings.append("graphite is natural and synthetic together; only the natural one is a critical raw material")
    return out, warnings


def read(text: str, *, file: str = "passport.json") -> dict[str, Any]:
    """The groups of a passport by name.

    Raises ``BadInput`` for properties that the list of names does not have, and for figures that are no numbers of 0 or more.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput([Problem("", "JSON", str(error)[:80], "give a passport", file)]) from error
    if not isinstance(raw, dict):
        raise BadInput([Problem("", "an object", type(raw).__name__, "give a passport", file)])
    groups = {path.partition(".")[0] for path in names()["properties"]}
    found = {name: part for name, part in raw.items() if name in groups and isinstance(part, dict)}
    paths = [f"{group}.{key}" for group, part in found.items() for key in part]
    expected = "a property of the list of names"
    problems = [Problem(p, expected, p, "remove or rename it", file) for p in paths if p not in names()["properties"]]
    figures = [
        figure for group, part in found.items() for key, value in part.items() for figure in _figures(f"{group}.{key}", value)
    ]
    problems += [
        Problem(path, "a number of 0 or more", repr(value)[:40], "write the figure", file)
        for path, value in figures
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf
    ]
    if problems or not found:
        raise BadInput(problems or [Problem("", " or ".join(sorted(groups)), "none", "give a passport", file)])
    return found


def _figures(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The figures of a property that has a unit: its own, or those of the rows in it."""
    if not names()["properties"].get(path, {}).get("unit"):
        return
    if not isinstance(value, list):
        yield path, value
        return
    for number, row in enumerate(value):
        held = row if isinstance(row, dict) else {"": row}
        yield from ((f"{path}[{number}].{key}", held.get(key)) for key in _FIGURES if key in held or "" in held)


#: Figures in the rows of a property.
_FIGURES = ("carbonFootprint", "batteryMaterialMass", "preConsumerShare", "postConsumerShare")
