"""PyPSA's CSV folder: PyPSA reads it and finds the cost of the plan; the network comes back, also from a folder PyPSA wrote."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from interchange_networks import growing, toy
from orepact.chain import Network
from orepact.errors import BadInput
from orepact.interchange import pypsa as written
from orepact.interchange import pypsa_reading
from orepact.plan import solve

NETWORKS = {"toy": toy, "magnets": lambda: toy("magnets"), "chips": lambda: toy("chips"), "growing": growing}


def same(one: Network, other: Network) -> None:
    """Both hold the same tables but contents and observations, rows in any order."""
    assert (one.title, one.years, one.currency, one.time_unit) == (other.title, other.years, other.currency, other.time_unit)
    keys = {"recipes": ["process", "commodity"], "demand": ["commodity", "place", "year"]}
    for name in ("commodities", "places", "sites", "recipes", "routes", "demand", "stockpiles"):
        mine, theirs = getattr(one, name), getattr(other, name)
        by = keys.get(name, ["commodity", "origin", "destination"] if name == "routes" else [])
        if by:
            mine, theirs = (f.sort_values(by, ignore_index=True) for f in (mine, theirs))
        elif name != "stockpiles":
            mine, theirs = mine.sort_index(), theirs.sort_index()
        pd.testing.assert_frame_equal(theirs, mine, check_names=False, obj=name)


def folder(made: written.Made, at: Path) -> Path:
    """The files on disk."""
    at.mkdir()
    for name, text in made.files.items():
        (at / name).write_text(text, encoding="utf-8")
    return at


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_comes_back(name: str) -> None:
    network = NETWORKS[name]()
    back, warnings, _ = pypsa_reading.read(written.of_network(network).files)
    same(network, back)
    assert warnings == []


def test_what_is_lost_is_said() -> None:
    network = growing().with_tables(contents=pd.DataFrame({"commodity": ["ore"], "element": ["iron"], "t_per_unit": [0.5]}))
    lost = " ".join(written.of_network(network).warnings)
    assert "contents are left out" in lost
    assert "fixed cost of capacity that stands" in lost


@pytest.mark.parametrize("head", ["", "{}", '{"orepact": []}', '{"orepact": {"years": ["x"]}}', "["])
def test_a_foreign_folder_is_refused(head: str) -> None:
    files = dict(written.of_network(toy()).files) | {"meta.json": head}
    with pytest.raises(BadInput, match=r"meta\.json"):
        pypsa_reading.read(files)


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NETWORKS)
def test_pypsa_finds_the_cost_of_the_plan(name: str, tmp_path: Path) -> None:
    pypsa = pytest.importorskip("pypsa", reason="extra `peers` is not installed")
    network = NETWORKS[name]()
    read = pypsa.Network()
    read.import_from_csv_folder(folder(written.of_network(network), tmp_path / "one"))
    status = read.optimize(solver_name="highs", include_objective_constant=False, log_to_console=False)
    assert status == ("ok", "optimal")
    found = read.model.objective.value + read.meta["fixed_cost_of_standing_capacity_usd"]
    assert found == pytest.approx(solve(network).objective_usd, rel=1e-6)
    assert set(read.carriers.index) >= set(network.commodities.index)
    read.export_to_csv_folder(tmp_path / "two")
    same(network, pypsa_reading.read_folder(tmp_path / "two")[0])
