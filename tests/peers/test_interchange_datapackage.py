"""Data packages of any rows: frictionless finds them valid and reads the same cells."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from interchange_networks import claims
from orepact.errors import BadInput
from orepact.facts.claims import CLAIM_COLUMNS
from orepact.interchange import datapackage

ROWS = pd.DataFrame(
    {
        "name": ["=1+1", "'=x", ""],
        "tonnes": [0.1, float("inf"), float("nan")],
        "year": [2024, 2025, 2026],
        "on": [True, False, True],
    }
)


def made(label: str = "TLP:CLEAR") -> datapackage.Made:
    tables = {"rows": ROWS, "claims": claims()[list(CLAIM_COLUMNS)]}
    return datapackage.of_tables(tables, title="Two tables", units={"tonnes": "t"}, sources=[{"title": "Us"}], label=label)


def test_tables_come_back_with_types_units_and_label() -> None:
    tables, head = datapackage.read(made("TLP:RED/acme").files)
    pd.testing.assert_frame_equal(tables["rows"], ROWS, check_dtype=False)
    assert tables["rows"].dtypes.map(str).tolist()[1:] == ["float64", "int64", "bool"]
    pd.testing.assert_frame_equal(tables["claims"], claims()[list(CLAIM_COLUMNS)], check_dtype=False)
    assert head["x-label"] == "TLP:RED/acme"
    assert head["resources"][0]["schema"]["fields"][1] == {"name": "tonnes", "type": "number", "unit": "t"}


def test_a_path_outside_is_refused() -> None:
    files = dict(made().files)
    files["datapackage.json"] = files["datapackage.json"].replace('"rows.csv"', '"../rows.csv"')
    with pytest.raises(BadInput, match="path"):
        datapackage.read(files)


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore")
def test_frictionless_reads_the_same(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="extra `peers` is not installed")
    for name, text in made().files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])
    rows = package.get_resource("rows").read_rows()
    assert [float(row["tonnes"]) if row["tonnes"] is not None else None for row in rows] == [0.1, float("inf"), None]
    assert [row["on"] for row in rows] == [True, False, True]
