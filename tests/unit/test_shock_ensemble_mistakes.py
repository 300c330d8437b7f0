"""Mistakes that people make with ensembles: each is said, all at once, and none changes a number in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orepact import service
from orepact.errors import BadInput, WorkStopped
from orepact.shock.ensemble.book import hazard_book

HERE = Path(__file__).parents[1]
TOY = HERE / "networks" / "toy"
BAD = HERE / "cases" / "ensemble_bad_hazards"


def run(*words: str):
    from orepact.cli.shock import app

    return CliRunner().invoke(app, ["ensemble", "--network", str(TOY), "--year", "2030", *words])


def test_every_mistake_of_a_hazard_file_is_named():
    with pytest.raises(BadInput) as caught:
        hazard_book(BAD / "hazards.yaml")
    said = "\n".join(str(problem) for problem in caught.value.problems)
    assert said + "\n" == (BAD / "expected.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("members", [0, -5])
def test_no_years_are_refused(members):
    with pytest.raises(BadInput) as caught:
        service.shock.ensemble(None, network=TOY, members=members, workers=0, block_weeks=float("nan"))
    assert [problem.where for problem in caught.value.problems] == ["members", "workers", "block_weeks"]


def test_the_order_of_plant_sizes_is_checked():
    content = hazard_book().model_dump(mode="json")
    content["assumptions"]["least_plant"]["value"] = 0.5
    with pytest.raises(ValueError, match="least_plant must not be above smallest_plant"):
        type(hazard_book()).model_validate(content)


def test_a_damaged_journal_stops_the_run_before_it_adds_to_it(tmp_path):
    journal = tmp_path / "years.journal"
    ask = {"network": TOY, "year": 2030, "members": 5, "journal": journal}
    service.shock.ensemble(None, **ask)
    whole = journal.read_bytes()
    journal.write_bytes(whole.replace(b'"members"', b'"numbers"', 1))
    with pytest.raises(BadInput, match="damaged line"):
        service.shock.ensemble(None, **{**ask, "members": 10})
    assert journal.read_bytes() == whole.replace(b'"members"', b'"numbers"', 1)


def test_a_cluster_that_nobody_can_reach_is_said(tmp_path, monkeypatch):
    from orepact.shock.ensemble import runners

    monkeypatch.setattr(runners, "runner_for", lambda workers, cluster: runners.Cluster(cluster, patience=0.3))
    with pytest.raises(WorkStopped, match=r"no cluster answers at tcp://127\.0\.0\.1:9: 0 of 5 are done"):
        service.shock.ensemble(None, network=TOY, year=2030, members=5, cluster="tcp://127.0.0.1:9")


def test_shorter_blocks_are_taken_and_said():
    asked = service.shock.ensemble(None, network=TOY, year=2030, members=20, seed=5, block_weeks=4)
    usual = service.shock.ensemble(None, network=TOY, year=2030, members=20, seed=5)
    assert asked.meta["manifest"]["study"] != usual.meta["manifest"]["study"]
    assert asked.meta["manifest"]["hazards_sha256"] != usual.meta["manifest"]["hazards_sha256"]
    assert any("at most 4 weeks" in words for words in asked.meta["warnings"])
    block = hazard_book().assumptions.block_weeks
    wanted = f"a mean about {1 - block.mean_seen[block.value] / block.mean_seen[min(block.mean_seen)]:.0%} below"
    assert any(wanted in words for words in usual.meta["warnings"])


def test_losses_that_are_no_dollars_are_not_called_so(tmp_path):
    from shutil import copytree

    import pandas as pd

    folder = Path(copytree(TOY, tmp_path / "toy"))
    goods = pd.read_csv(folder / "commodities.csv")
    demand = pd.read_csv(folder / "demand.csv")
    goods.loc[goods["commodity"].isin(demand["commodity"]), "price_usd_per_unit"] = float("nan")
    goods.to_csv(folder / "commodities.csv", index=False)
    first = demand["quantity"].gt(0)
    demand.loc[first[first].index[:1], "shortage_cost_usd"] = float("nan")
    demand.to_csv(folder / "demand.csv", index=False)
    found = service.shock.ensemble(None, network=folder, year=2030, members=10)
    assert found.meta["units"]["loss_usd"].startswith("units of what is wanted")
    assert found.meta["units"]["cost_usd_per_year"] == "USD a year"
    assert any("not dollars" in words for words in found.meta["warnings"])


def test_few_years_say_null_and_not_zero():
    reply = run("--members", "30", "--seed", "5", "--format", "json")
    assert reply.exit_code == 0, reply.output
    rows = {row["measure"]: row for row in json.loads(reply.stdout)["data"]}
    assert rows["conditional value at risk 99%"]["standard_error_usd"] is None
    assert "sample more" in rows["conditional value at risk 99%"]["note"]


def test_the_command_names_all_that_is_wrong():
    reply = run("--members", "-5", "--workers", "0", "--block-weeks", "0")
    assert isinstance(reply.exception, BadInput)
    assert reply.exception.exit_code == 3
    assert [problem.where for problem in reply.exception.problems] == ["members", "workers", "block_weeks"]
