"""SDMX-CSV: every observation comes back as the claim it was; sdmx1 reads keys, values and attributes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from interchange_networks import claims
from orepact.errors import BadInput
from orepact.facts.claims import CLAIM_COLUMNS
from orepact.interchange import sdmx_csv


def test_claims_come_back_whole() -> None:
    kept = claims().iloc[:6][list(CLAIM_COLUMNS)]
    back = sdmx_csv.read(sdmx_csv.of_claims(claims()).text)
    pd.testing.assert_frame_equal(back, kept, check_dtype=False)


def test_what_is_no_observation_is_counted() -> None:
    assert sdmx_csv.of_claims(claims()).warnings == (
        "1 claims of text are left out: an observation is a number",
        "1 claims without a date are left out: an observation has a period",
    )


def test_a_formula_is_no_cell() -> None:
    cells = sdmx_csv.of_claims(claims()).text.split(",")
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("TLP:AMBER/acme", "TLP:CLEAR", "CONF_STATUS"),
        ("TLP:AMBER/acme", "AMBER", "LABEL"),
        ("222000.5", "many", "OBS_VALUE"),
        (",2024,usgs", ",last year,usgs", "TIME_PERIOD"),
        ("CLAIMS(1.0),I,COD,_Z", "CLAIMS(1.0),D,COD,_Z", "ACTION"),
    ],
)
def test_a_broken_cell_is_named(old: str, new: str, column: str) -> None:
    text = sdmx_csv.of_claims(claims()).text
    assert old in text
    with pytest.raises(BadInput) as caught:
        sdmx_csv.read(text.replace(old, new, 1))
    assert [p.column for p in caught.value.problems] == [column]


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore")
def test_sdmx1_reads_the_same(tmp_path: Path) -> None:
    sdmx = pytest.importorskip("sdmx", reason="extra `peers` is not installed")
    from sdmx.model import common, v30

    structure = v30.DataStructureDefinition(id="CLAIMS", version="1.0", maintainer=common.Agency(id="OREPACT"))
    for name in sdmx_csv.DIMENSIONS:
        structure.dimensions.append(common.Dimension(id=name))
    structure.measures.append(v30.Measure(id=sdmx_csv.MEASURE))
    for name in sdmx_csv.ATTRIBUTES:
        structure.attributes.append(common.DataAttribute(id=name))
    target = tmp_path / "claims.csv"
    target.write_text(sdmx_csv.of_claims(claims()).text, encoding="utf-8", newline="")
    (data,) = sdmx.read_sdmx(target, structure=structure).data
    read = [
        ({k: str(v.value) for k, v in o.key.values.items()}, float(o.value), str(o.attached_attribute["LABEL"].value))  # noqa: PD011  no frame
        for o in data.obs
    ]
    ours = claims().iloc[:6]
    assert [value for _, value, _ in read] == ours["number"].tolist()
    assert [label for _, _, label in read] == ours["label"].tolist()
    assert [key["SOURCE"] for key, _, _ in read] == ours["source"].tolist()
    assert [key["REF_AREA"] for key, _, _ in read] == ["COD", "COD", "CHN", "_Z", "_Z", "_Z"]
    assert [str(o.attached_attribute["UNIT_MEASURE"].value) for o in data.obs] == ours["unit"].tolist()
