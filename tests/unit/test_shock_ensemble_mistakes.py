"""Mistakes that people make with ensembles: each is said, all at once, and none changes a number in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ensemble_worlds import bare_case, hazard, study
from orepact import service
from orepact.errors import BadInput, WorkStopped
from orepact.service.shock.ensembling import units_of
from orepact.shock.ensemble import runners
from orepact.shock.ensemble.book import hazard_book
from orepact.shock.ensemble.member import MemberSolver
from orepact.shock.ensemble.sampling import Occurrence

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
    with pytest.raises(ValueError, match="a least_plant of at most the smallest_plant"):
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
    with pytest.raises(WorkStopped, match=r"no cluster answers at tcp://127\.0\.0\.1:9 \(waited 0.3 s\): 0 of 5 are done"):
        service.shock.ensemble(None, network=TOY, year=2030, members=5, cluster="tcp://127.0.0.1:9")


def test_shorter_blocks_are_taken_and_said():
    asked = service.shock.ensemble(None, network=TOY, year=2030, members=20, seed=5, block_weeks=4)
    usual = service.shock.ensemble(None, network=TOY, year=2030, members=20, seed=5)
    assert asked.meta["manifest"]["study"] != usual.meta["manifest"]["study"]
    assert asked.meta["manifest"]["hazards_sha256"] != usual.meta["manifest"]["hazards_sha256"]
    assert any("at most 4 weeks" in words for words in asked.meta["warnings"])
    assert any("the longer, the lower the loss" in words for words in usual.meta["warnings"])
    assert not any("a mean about" in words for words in usual.meta["warnings"])  # that was measured on the reference network


def test_losses_that_are_no_dollars_are_not_called_so():
    wants = bare_case().wants
    unknown = wants.assign(loss_usd_per_unit=[float("nan"), *wants["loss_usd_per_unit"].iloc[1:]])
    plain, counted = study(hazard("stop")), study(hazard("stop"), case=bare_case(wants=unknown))
    assert units_of(plain)["loss_usd"] == "USD a year"
    assert units_of(counted)["loss_usd"] == "units of what is wanted a year"
    assert units_of(counted)["cost_usd_per_year"] == "USD a year"
    solver = MemberSolver(counted)
    # ten weeks without the plant: 50 cars a week, whoever would have paid what
    assert solver.usd(solver.lost([Occurrence(3, 0.0, 10.0)])) == pytest.approx(500)


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


def test_a_cluster_that_is_no_address_is_bad_input() -> None:
    with pytest.raises(BadInput, match="tcp://host:8786"):
        runners.demand_cluster("garbage")


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(BadInput, match=r"orepact\[cluster\]"):
        runners.demand_cluster("tcp://127.0.0.1:8786")
