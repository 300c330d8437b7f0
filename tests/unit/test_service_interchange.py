"""Exports and imports as a person asks for them: files whole or not at all, losses and labels said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interchange_networks import PACKAGES
from orepact import service
from orepact.errors import BadInput, NotFound
from orepact.interchange.made import strictest

TOY = PACKAGES / "toy"


def test_a_plan_goes_out_and_comes_in(tmp_path: Path) -> None:
    done = service.export_iamc(None, tmp_path / "plan.csv", network=TOY, what="plan")
    assert done.meta["label"] == "TLP:CLEAR"
    assert done.warnings == ["added up by place, without site, process, owner: the format has no such columns"]
    rows = service.import_iamc(tmp_path / "plan.csv", tmp_path / "rows.csv").data
    demand = rows[rows["kind"] == "demand"].set_index(["commodity", "origin", "year"])["value"].to_dict()
    assert demand == {("metal", "BBB", 2030): 80.0, ("metal", "BBB", 2031): 110.0}
    assert (tmp_path / "rows.csv").read_text().count("\n") == len(rows) + 1


def test_a_network_goes_through_pypsa_and_back(tmp_path: Path) -> None:
    service.export_pypsa(None, tmp_path / "pypsa", network=TOY)
    service.import_pypsa(tmp_path / "pypsa", tmp_path / "back")
    for name in ("sites", "recipes", "demand", "places"):
        ours = sorted((tmp_path / "back" / f"{name}.csv").read_text().splitlines()[1:])
        assert len(ours) == len((TOY / f"{name}.csv").read_text().splitlines()) - 1
    assert service.plan_package(tmp_path / "back").meta["objective_usd"] == service.plan_package(TOY).meta["objective_usd"]


def test_a_passport_of_a_cell_names_what_is_in_it(tmp_path: Path) -> None:
    """An LFP cell holds 0.103 t of lithium in 1 MWh, as `export datapackage` writes it, so 6.2 kg in 60 kWh."""
    ledger = service.open_ledger()
    service.export_passport(ledger, tmp_path / "lfp.json", "cell_lfp", energy_kwh=60, place="KOR", year=2024)
    raw = json.loads((tmp_path / "lfp.json").read_text(encoding="utf-8"))
    masses = {row["batteryMaterialName"]: row["batteryMaterialMass"] for row in raw["materialComposition"]["batteryMaterials"]}
    assert set(masses) == {"aluminium", "copper", "graphite", "iron", "lithium", "phosphorus"}
    assert masses["lithium"] == pytest.approx(6203, rel=1e-3)
    assert raw["about"] == {"commodity": "cell_lfp", "place": "KOR", "year": 2024, "energy_kwh": 60}


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    target = tmp_path / "map.geojson"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="ask to overwrite: overwrite"):
        service.export_geojson(None, target, network=TOY)
    assert target.read_text(encoding="utf-8") == "mine"
    service.export_geojson(None, target, network=TOY, overwrite=True)
    assert json.loads(target.read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    with pytest.raises(BadInput, match="a folder"):
        service.export_geojson(None, tmp_path, network=TOY)


def test_bad_questions(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        service.export_iamc(None, tmp_path / "x.csv", network=TOY, what="everything")
    with pytest.raises(BadInput, match="rate"):
        service.export_pypsa(None, tmp_path / "x", network=TOY, rate=1.5)
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="UTF-8"):
        service.import_iamc(tmp_path / "b.csv")
    with pytest.raises(BadInput):
        service.import_iamc(tmp_path / "none.csv")
    assert not (tmp_path / "x.csv").exists()
    assert not (tmp_path / "x").exists()


def test_the_strictest_label_wins() -> None:
    assert strictest([]) == "TLP:CLEAR"
    assert strictest(["TLP:CLEAR", "TLP:GREEN"]) == "TLP:GREEN"
    assert strictest(["TLP:AMBER/b", "TLP:AMBER+STRICT/a"]) == "TLP:AMBER+STRICT/a+b"
    assert strictest(["nonsense"]) == "TLP:RED/unknown"
