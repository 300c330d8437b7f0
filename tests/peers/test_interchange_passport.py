"""The battery passport: names from the list, figures checked by hand, nothing stated that is not known."""

from __future__ import annotations

import json

import jsonschema
import pytest

from orepact.errors import BadInput
from orepact.interchange import passport
from orepact.interchange.passport import Battery

PACK = Battery(
    "pack_lfp",
    "Pack of LFP cells",
    {"mine": 10.0, "cell": 20.0, "transport": 5.0, "vehicle": 1.0},
    {"lithium": 0.0001, "graphite": 0.001, "rare_earths": 1e-6},
    energy_kwh=60.0,
    service_kwh=120_000.0,
    study="https://example.org/study",
)

#: The shape that the public data model gives these names, in words of our own.
SCHEMA = {
    "type": "object",
    "required": ["carbonFootprintForBatteries", "materialComposition"],
    "properties": {
        "carbonFootprintForBatteries": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "batteryCarbonFootprint": {"type": "number", "minimum": 0},
                "absoluteCarbonFootprint": {"type": "number", "minimum": 0},
                "carbonFootprintStudy": {"type": "string", "format": "uri"},
                "carbonFootprintPerLifecycleStage": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["lifecycleStage", "carbonFootprint"],
                        "properties": {
                            "lifecycleStage": {"enum": ["RawMaterialExtraction", "MainProduction", "Distribution", "Recycling"]},
                            "carbonFootprint": {"type": "number"},
                        },
                    },
                },
            },
        },
        "materialComposition": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "batteryChemistry": {"type": "object", "required": ["shortName", "clearName"]},
                "batteryMaterials": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["batteryMaterialName", "batteryMaterialMass", "isCriticalRawMaterial"],
                        "properties": {"batteryMaterialIdentifier": {"pattern": r"^\d+-\d\d-\d$"}},
                    },
                },
            },
        },
    },
}


def test_figures_by_hand() -> None:
    made = passport.of_battery(PACK, label="TLP:AMBER/acme")
    raw = json.loads(made.text)
    jsonschema.validate(raw, SCHEMA)
    carbon = raw["carbonFootprintForBatteries"]
    assert carbon["absoluteCarbonFootprint"] == 35.0 * 60.0
    assert carbon["batteryCarbonFootprint"] == 2100.0 / 120_000.0
    stages = {row["lifecycleStage"]: row["carbonFootprint"] for row in carbon["carbonFootprintPerLifecycleStage"]}
    assert stages == {"RawMaterialExtraction": 900.0 / 120_000.0, "MainProduction": 1200.0 / 120_000.0}
    masses = {row["batteryMaterialName"]: row["batteryMaterialMass"] for row in raw["materialComposition"]["batteryMaterials"]}
    assert masses == pytest.approx({"lithium": 6000.0, "graphite": 60_000.0, "rare_earths": 60.0})
    assert raw["label"] == "TLP:AMBER/acme"
    assert raw["chapters"]["carbonFootprintForBatteries.absoluteCarbonFootprint"] == "6.3.10"
    assert "no stage of the passport: vehicle 60 kg CO2e" in made.warnings


def test_without_a_service_life_nothing_is_said_per_kwh() -> None:
    made = passport.of_battery(Battery("cell_lfp", "Cell", {"cell": 20.0}, {}, 60.0))
    assert set(json.loads(made.text)["carbonFootprintForBatteries"]) == {"absoluteCarbonFootprint"}
    assert any("service life" in text for text in made.warnings)


def test_it_comes_back() -> None:
    made = passport.of_battery(PACK)
    back = passport.read(made.text)
    assert back["carbonFootprintForBatteries"] == json.loads(made.text)["carbonFootprintForBatteries"]
    with pytest.raises(BadInput, match="absoluteFootprint"):
        passport.read(made.text.replace('"absoluteCarbonFootprint":', '"absoluteFootprint":'))


@pytest.mark.parametrize(("energy", "service"), [(0.0, None), (60.0, -1.0), (float("nan"), None)])
def test_energies_are_above_nothing(energy: float, service: float | None) -> None:
    with pytest.raises(BadInput):
        passport.of_battery(Battery("cell", "Cell", {"cell": 1.0}, {}, energy, service))
