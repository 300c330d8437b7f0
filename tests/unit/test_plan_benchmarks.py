"""Every registered benchmark runs once, on its smallest case; nothing is timed."""

from __future__ import annotations

import csv
import logging
from pathlib import Path

import pytest
from benchmarks.__main__ import main
from benchmarks.registry import load_specs


def test_every_spec_has_a_sweep_and_a_title() -> None:
    """Enough to read the results by."""
    for spec in load_specs().values():
        assert spec.title
        assert spec.sweep


@pytest.mark.parametrize("name", load_specs())
def test_smoke(name: str, tmp_path: Path) -> None:
    """One CSV file with the machine it ran on."""
    assert main(["run", "--smoke", "--only", name, "--out", str(tmp_path)]) == 0
    rows = list(csv.DictReader((tmp_path / f"{name}.csv").open(encoding="utf-8")))
    assert rows
    assert all(row["spec"] == name and row["value"] and row["processor"] and row["orepact"] for row in rows)
    assert logging.root.manager.disable == logging.NOTSET, "what a benchmark silences is heard again afterwards"


def test_an_unknown_name_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, with the known names."""
    with pytest.raises(SystemExit) as caught:
        main(["--only", "nothing"])
    assert caught.value.code == 2
    assert "plan_scaling" in capsys.readouterr().err
