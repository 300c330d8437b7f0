"""The pages of an ensemble and of an exposure, on tables written down by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.report.ensemble_page import ensemble_brief, write_ensemble_page
from orepact.report.exposure_page import exposure_brief, write_exposure_page
from orepact.report.risk_figures import exceeded, times

META = {"members_done": 4, "seed": 7, "network": "chain", "warnings": ["rates are estimated <all>"],
        "sources": [{"source": "hazard fire", "title": "Insurers", "confidence": ["estimated"]}]}  # fmt: skip


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    shares = {"events_per_year": 0.5, "loss_share": 1.0, "tail_share": 1.0}
    causes = pd.DataFrame([{"hazard": "fire", "loss_usd": 2e6, "tail_loss_usd": 8e6, **shares}])
    option = {
        "saved_standard_error_usd": 1e5,
        "saved_tail_usd": 4e6,
        "saved_tail_standard_error_usd": 1e5,
        "confidence": "estimated",
    }
    return {
        "members": pd.DataFrame({"member": range(4), "loss_usd": [0.0, 0.0, 0.0, 8e6]}),
        "summary": pd.DataFrame(
            [("mean", 2e6, 2e6), ("value at risk 95%", 8e6, np.nan), ("conditional value at risk 95%", 8e6, 0.0)],
            columns=["measure", "value_usd", "standard_error_usd"],
        ),
        "causes": causes,
        "elements": causes.assign(element="plant", place="HOME"),
        "parties": pd.DataFrame([{"party": "HOME", "loss_usd": 2e6, "tail_loss_usd": 8e6}]),
        "commodities": pd.DataFrame([{"commodity": "car", "unit": "vehicle", "loss_usd": 2e6, "tail_loss_usd": 8e6}]),
        "insurance": pd.DataFrame(
            [{"option": "stock", "title": "Thirty days more", "cost_usd_per_year": 5e5, "saved_usd": 1e6, "saved_per_dollar": 2.0,
              "saved_tail_per_dollar": 8.0, "note": None, **option}]
        ),
    }  # fmt: skip


def rows() -> pd.DataFrame:
    common = {"kind": "site", "worst_commodity": "car", "worst_party": "HOME", "lost_without_event": 0.0, "unit": "vehicle"}
    return pd.DataFrame(
        [
            {"event": "plant", "time_to_recover": 8.0, "time_to_survive": 2.0, "lost_quantity": 300.0, "loss_usd": 3e5,
             "risk_exposure_index": 1.0, **common},
            {"event": "mine", "time_to_recover": 4.0, "time_to_survive": 3.0, "lost_quantity": 30.0, "loss_usd": 3e4,
             "risk_exposure_index": 0.1, **common},
            {"event": "spare", "time_to_recover": 4.0, "time_to_survive": np.inf, "lost_quantity": 0.0, "loss_usd": 0.0,
             "risk_exposure_index": 0.0, **common},
        ]
    )  # fmt: skip


def test_the_curve_is_the_share_of_years_that_lose_as_much() -> None:
    curve = exceeded(np.array([0.0, 0.0, 2.0, 8.0]), "USD", {"mean": 2.5})["data"][0]
    assert dict(zip(curve["x"], curve["y"], strict=True)) == {8.0: 0.25, 2.0: 0.5, 0.0: 1.0}


def test_an_ensemble_tells_mean_tail_causes_and_insurance(tables: dict[str, pd.DataFrame]) -> None:
    page = ensemble_brief(tables, META)
    cards = {finding.title: finding.figure for finding in page.findings}
    assert cards["In the long run a year loses that much"] == "$2.00 million"
    assert cards["The worst years"] == "$8.00 million"
    assert cards["The insurance that buys most"] == "$2.00"
    assert [section.id for section in page.sections] == ["distribution", "causes", "parties", "insurance"]
    assert "75 % of years lose nothing" in page.sections[0].answer[0]
    assert page.tables["insurance"].rows[0].own["cost"].confidence == "estimated"
    assert page.tables["elements_table"].rows[0].cells["name"] == "fire, plant, HOME"


def test_an_ensemble_without_insurance_has_no_such_section(tables: dict[str, pd.DataFrame]) -> None:
    page = ensemble_brief({name: table for name, table in tables.items() if name != "insurance"}, META)
    assert "insurance" not in {section.id for section in page.sections}


def test_an_exposure_ranks_by_index_and_marks_what_cannot_be_borne() -> None:
    page = exposure_brief(rows(), {"title": "chain: exposure", "time_unit": "week"})
    assert [row.cells["event"] for row in page.tables["exposure"].rows] == ["plant", "mine"]  # the spare one loses nothing
    assert [finding.figure for finding in page.findings] == ["2", "$300,000", "2"]
    point = page.pictures["survival"].figures["Times"]["data"][0]
    assert point["customdata"] == ["2", "3", "unlimited"]
    assert point["marker"]["color"][0] == point["marker"]["color"][1] != point["marker"]["color"][2]


def test_what_survives_for_ever_stands_above_everything() -> None:
    figure = times([("a", 10.0, float("inf"), 0.0), ("b", 10.0, 4.0, 1.0)], "week")
    assert figure["data"][0]["y"] == [20.0, 4.0]


def test_both_pages_are_written_whole(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    first = write_ensemble_page(tmp_path, tables, META).read_text(encoding="utf-8")
    second = write_exposure_page(tmp_path, rows(), {"title": "chain <x>"}).read_text(encoding="utf-8")
    assert "rates are estimated &lt;all&gt;" in first
    assert "chain &lt;x&gt;" in second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ensemble.html", "exposure.html"]
