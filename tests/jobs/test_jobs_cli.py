"""``orepact jobs``, ``orepact worker`` and ``orepact overlay``, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jobs_world import HERE, OWN_PRICE, OWN_SOURCE

from orepact.cli.entry import run
from orepact.store.store import Store

NETWORK = str(HERE.parent / "networks" / "toy")


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What a command says, as JSON."""
    assert run([*words, "--format", "json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_a_run_from_asking_to_its_table(small: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked, computed by a worker that ends when nothing is left, shown, shown by table, ended too late."""
    db = ("--db", str(small.database.address))
    submitted = asked(capsys, "jobs", "submit", "plan", "year=2030", "--network", NETWORK, *db)
    name = str(submitted["run"])
    assert submitted["state"] == "queued"
    assert run(["worker", "--once", *db]) == 0
    assert f"{name}: done in" in capsys.readouterr().err
    assert run(["jobs", "submit", "plan", "year=2030", "--network", NETWORK, "--wait", *db]) == 0
    assert "plan of Two places, one metal: summary" in capsys.readouterr().out
    assert run(["jobs", "show", name, "--table", "prices", "--format", "csv", *db]) == 0
    assert capsys.readouterr().out.startswith("commodity,place,year,usd_per_unit\n")
    listed = asked(capsys, "jobs", "list", "--state", "done", *db)
    assert [row["run"] for row in listed["data"]] == [name]
    assert asked(capsys, "jobs", "cancel", name, *db)["state"] == "done"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["jobs", "submit", "plan", "reference"], "NAME=VALUE"),
        (["jobs", "submit", "plan", "--network", "nowhere"], "name a folder with network.yaml"),
        (["jobs", "submit", "plan", "scenario=nowhere.yaml"], "scenario"),
        (["jobs", "submit", "shock"], "events"),
        (["jobs", "submit", "assessment", "incident=moa", "by=nrcan", "reason=first, next"], "incident 'moa' is not known"),
        (["jobs", "submit", "watch", "--overlay", "mine"], "overlay 'mine' is not known"),
        (["jobs", "show", "run-1"], "run 'run-1' is not known"),
        (["overlay", "show", "mine", "--for", "nrcan"], "overlay 'mine' is not known"),
    ],
)
def test_mistakes_are_told(small: Store, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    """With what to write instead, and nothing is put in line."""
    assert run([*words, "--db", str(small.database.address)]) == 3
    assert said in capsys.readouterr().err


def test_an_overlay_from_file_to_its_end(small: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Put, listed, shown, ended."""
    claims, sources = tmp_path / "prices.csv", tmp_path / "own.csv"
    claims.write_text(OWN_PRICE)
    sources.write_text(OWN_SOURCE)
    whose = ("--for", "nrcan", "--db", str(small.database.address))
    put = asked(capsys, "overlay", "put", "prices", str(claims), "--sources", str(sources), *whose)
    assert put["overlay"] == "prices@1"
    assert asked(capsys, "overlay", "show", "prices", *whose)["overlay"] == "prices@1"
    asked(capsys, "overlay", "end", "prices", *whose)
    rows = asked(capsys, "overlay", "list", *whose)["data"]
    assert [row["ended_at"] > row["created_at"] for row in rows] == [True]
