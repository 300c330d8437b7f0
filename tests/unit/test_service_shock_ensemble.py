"""``service.shock.ensemble`` and its command: tables, files, journal, mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from orepact import service
from orepact.errors import BadInput
from orepact.service.shock.ensembling import TABLES

TOY = Path(__file__).parents[1] / "networks" / "toy"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ensemble") / "out"
    found = service.shock.ensemble(None, network=TOY, year=2030, members=120, seed=5, output=folder)
    return folder, found


def test_every_table_is_written_beside_its_journal(written):
    folder, found = written
    assert {path.name for path in folder.iterdir()} == {*(f"{name}.csv" for name in TABLES), "ensemble.json", "ensemble.html"}
    members = pd.read_csv(folder / "members.csv")
    assert members["member"].tolist() == list(range(120))
    assert found.meta["members_done"] == found.meta["members_wanted"] == 120
    assert members["loss_usd"].mean() == pytest.approx(found.meta["mean_loss_usd"])
    assert found.meta["mean_loss_usd"] > 0
    meta = json.loads((folder / "ensemble.json").read_text(encoding="utf-8"))
    assert meta["manifest"]["study"] == found.meta["manifest"]["study"]
    assert folder.with_name("out.journal").is_file()


def test_the_journal_is_gone_on_from_and_two_workers_give_the_same_table(written):
    folder, found = written
    journal = folder.with_name("out.journal")
    again = service.shock.ensemble(None, network=TOY, year=2030, members=120, seed=5, rows="members", journal=journal)
    fresh = service.shock.ensemble(None, network=TOY, year=2030, members=120, seed=5, rows="members", workers=2)
    assert again.data.equals(fresh.data)
    assert fresh.meta["value_at_risk_usd"] == found.meta["value_at_risk_usd"]
    other = service.shock.ensemble(None, network=TOY, year=2030, members=120, seed=6, rows="members")
    assert not other.data.equals(fresh.data)


def test_the_command_answers_in_json(monkeypatch):
    from orepact.cli.shock import app

    words = ["ensemble", "--network", str(TOY), "--year", "2030", "--members", "30", "--seed", "5", "--format", "json"]
    reply = CliRunner().invoke(app, words)
    assert reply.exit_code == 0, reply.output
    content = json.loads(reply.stdout)
    assert {row["measure"] for row in content["data"]} >= {"mean", "value at risk 95%", "conditional value at risk 99%"}
    assert content["meta"]["members_done"] == 30
    error, mean = content["meta"]["mean_loss_standard_error_usd"], content["meta"]["mean_loss_usd"]
    assert ("is unsure" in content["meta"]["headline"]) == (error > 0.2 * mean)


def test_what_cannot_be_answered_is_refused_at_once():
    with pytest.raises(BadInput) as caught:
        service.shock.ensemble(None, network=TOY, members=0, seed=-1, workers=0, rows="nothing")
    assert [problem.column for problem in caught.value.problems] == ["members", "seed", "workers", "rows"]


def test_own_hazards_stand_in_for_the_shipped(tmp_path):
    from ensemble_worlds import book, hazard

    file = tmp_path / "mine.json"
    file.write_text(book(hazard("mine", rate_per_year=1.0)).model_dump_json(), encoding="utf-8")
    found = service.shock.ensemble(None, network=TOY, year=2030, members=20, hazards=file, rows="causes")
    assert found.data["hazard"].tolist() == ["mine"]
    with pytest.raises(BadInput, match="check the path"):
        service.shock.ensemble(None, network=TOY, year=2030, members=20, hazards=tmp_path / "no.yaml")


def test_what_blocks_cost_on_the_reference_network_is_not_said_of_another(written):
    _, found = written
    (said,) = [words for words in found.meta["warnings"] if words.startswith("events are solved in blocks")]
    assert "the longer, the lower the loss" in said
    assert "%" not in said


def test_too_few_years_for_a_distribution_are_told(written):
    few = service.shock.ensemble(None, network=TOY, year=2030, members=8, seed=5, rows="distribution")
    enough = service.shock.ensemble(None, network=TOY, year=2030, members=10, seed=5, rows="distribution")
    empty = "the table distribution is empty: what one year in two exceeds takes 10 years to tell"
    assert (len(few.data), empty in few.meta["warnings"]) == (0, True)
    assert (len(enough.data), empty in enough.meta["warnings"]) == (1, False)
