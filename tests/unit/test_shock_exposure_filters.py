"""Exposure of one place or good, and nodes that are exactly one site."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from orepact.chain import Network
from orepact.errors import NotFound
from orepact.service.shock import exposure
from orepact.shock.exposure.recovery_times import every_break, without_twins

RECOVERY = Path(__file__).parents[1] / "networks" / "recovery"


def events(**keep: list[str]) -> list[str]:
    return list(exposure(None, network=RECOVERY, **keep).data["event"])


def test_a_place_keeps_what_hits_or_costs_it() -> None:
    """In docs/why/exposure.md: the first maker breaks alone and in the earthquake; cars are lost at the plant in three events."""
    assert events(places=["AAA"]) == ["fire at the first maker", "earthquake"]
    assert events(places=["DDD"]) == ["earthquake", "bridge", "plant"]
    assert events(places=["CCC"], commodities=["part"]) == ["third maker"]
    assert events(commodities=["car"]) == ["earthquake", "bridge", "plant"]
    assert len(events(places=["makers"])) == 5


def test_an_index_stays_beside_the_worst_of_all() -> None:
    kept = exposure(None, network=RECOVERY, places=["AAA"]).data
    assert kept["risk_exposure_index"].tolist() == pytest.approx([0.0, 0.6])


def test_unknown_names_are_refused() -> None:
    with pytest.raises(NotFound, match="commodity"):
        events(commodities=["parts"])
    with pytest.raises(NotFound, match="place"):
        events(places=["AAB"])


def test_a_node_of_one_site_is_one_row_with_it() -> None:
    every = every_break(Network.from_package(RECOVERY), time=1.0)
    kept = {event.event for event in without_twins(every)}
    assert "site:maker_a = node:part/AAA" in kept
    assert not {"site:maker_a", "node:part/AAA"} & kept
    assert len(kept) == len(every) - 4
    nodes = every_break(Network.from_package(RECOVERY), ["node"], 1.0)
    assert without_twins(nodes) == nodes


def test_days_of_routes_are_told_to_count_for_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    shutil.copytree(RECOVERY, folder)
    (folder / "datapackage.json").unlink(missing_ok=True)
    assert not any("days of" in said for said in exposure(None, network=folder).meta["warnings"])
    rows = "commodity,origin,destination,days\npart,AAA,DDD,21\npart,BBB,DDD,0\npart,CCC,DDD,\n"
    (folder / "routes.csv").write_text(rows, encoding="utf-8")
    said = exposure(None, network=folder).meta["warnings"]
    assert any(one.startswith("the days of 1 of 3 routes do not count") for one in said)
