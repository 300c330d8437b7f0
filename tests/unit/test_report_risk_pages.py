"""The pages of an ensemble and of an exposure, on tables written down by hand."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact import service
from orepact.facts import Codes
from orepact.report.ensemble_page import ensemble_brief, write_ensemble_page
from orepact.report.exposure_names import event_title
from orepact.report.exposure_page import exposure_brief, write_exposure_page
from orepact.report.figures import Figure
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
            [("mean", 2e6, 4e5), ("value at risk 95%", 8e6, np.nan), ("conditional value at risk 95%", 8e6, 0.0)],
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


def drawn_at(curve: Figure, loss: float) -> float:
    """Height of the drawn path above ``loss``: ``hv`` goes along at the height of a point to the next one, ``vh`` rises first."""
    points = list(zip(curve["x"], curve["y"], strict=True))
    for (right, first), (left, second) in pairwise(points):
        if left < loss < right:
            return float({"hv": first, "vh": second}[curve["line"]["shape"]])
    raise AssertionError(f"nothing is drawn at {loss}")


def test_between_two_losses_the_line_stands_at_the_years_that_lose_as_much() -> None:
    losses = np.array([1.0, 2.0, 4.0, 8.0])
    curve = exceeded(losses, "USD", {})["data"][0]
    for loss in (1.5, 3.0, 5.0):
        assert drawn_at(curve, loss) == (losses >= loss).mean()


def test_an_ensemble_tells_mean_tail_causes_and_insurance(tables: dict[str, pd.DataFrame]) -> None:
    page = ensemble_brief(tables, META)
    cards = {finding.title: finding.figure for finding in page.findings}
    assert cards["An average year"] == "$2.00 million"
    assert cards["The worst years"] == "$8.00 million"
    assert cards["The insurance that buys most"] == "$2.00"
    assert [section.id for section in page.sections] == ["distribution", "causes", "parties", "insurance"]
    assert "75 % of years lose nothing" in page.sections[0].answer[0]
    assert page.tables["insurance"].rows[0].own["cost"].confidence == "estimated"
    assert page.tables["elements_table"].rows[0].cells["name"] == "plant, HOME: Fire"


def test_a_mean_as_large_as_its_error_is_a_span_and_stands_last(tables: dict[str, pd.DataFrame]) -> None:
    tables["summary"].loc[0, "standard_error_usd"] = 2e6
    page = ensemble_brief(tables, META)
    first, last = page.findings[0], page.findings[-1]
    assert (first.figure, first.title) == ("$0", "A usual year")
    assert "One year in ten loses $8.00 million or more" in first.words
    assert last.figure == "$0 to $6.00 million"
    # the error is all of the mean: a tenth of it takes a hundred times the four years
    assert "About 400 sampled years instead of 4" in last.words
    cause = next(finding for finding in page.findings if finding.title == "The largest cause")
    assert (cause.figure, "as unsure as the average" in cause.words) == ("100 %", True)
    assert "An average year" not in {finding.title for finding in page.findings}


def test_an_ensemble_without_insurance_has_no_such_section(tables: dict[str, pd.DataFrame]) -> None:
    page = ensemble_brief({name: table for name, table in tables.items() if name != "insurance"}, META)
    assert "insurance" not in {section.id for section in page.sections}


def test_an_exposure_ranks_by_index_and_marks_what_cannot_be_borne() -> None:
    page = exposure_brief(rows(), {"title": "chain: exposure", "time_unit": "week"})
    assert [row.cells["event"] for row in page.tables["exposure"].rows] == ["plant", "mine"]  # the spare one loses nothing
    assert [finding.figure for finding in page.findings] == ["2", "$300,000", "2"]
    assert "plant, out for 8 weeks" in page.findings[1].words
    point = page.pictures["survival"].figures["Times"]["data"][0]
    assert point["customdata"] == ["2", "3", "unlimited"]
    assert point["marker"]["color"][0] == point["marker"]["color"][1] != point["marker"]["color"][2]


def test_what_survives_for_ever_stands_above_everything() -> None:
    figure = times([("a", 10.0, float("inf"), 0.0), ("b", 10.0, 4.0, 1.0)], "week")
    assert figure["data"][0]["y"] == [20.0, 4.0]


def test_what_cannot_be_borne_at_all_stands_whole_at_a_foot_of_its_own() -> None:
    figure = times([("The large plant", 10.0, 0.0, 1.0), ("b", 4.0, 2.0, 0.25), ("c", 4.0, 2.0, 0.0)], "week")
    axis = figure["layout"]["yaxis"]
    foot = figure["data"][0]["y"][0]
    assert axis["ticktext"][axis["tickvals"].index(foot)] == "0"
    assert foot < 1.0  # nothing else is drawn there
    # a point of 34 px on an axis of 420 px, and of 280 px across on a small screen
    low, high = axis["range"]
    assert (np.log10(foot) - low) / (high - low) * 420 > 17
    left, right = figure["layout"]["xaxis"]["range"]
    assert (right - 10.0) / (right - left) * 280 > 17
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["unlimited", "The large plant", "b"]
    assert "0" not in times([("a", 10.0, 4.0, 1.0)], "week")["layout"]["yaxis"]["ticktext"]


def test_where_everything_loses_nothing_is_said_of_others() -> None:
    card = exposure_brief(rows()[:2], {"title": "chain"}).findings[0]
    assert "others" not in card.words
    assert "others" in exposure_brief(rows(), {"title": "chain"}).findings[0].words


def test_parties_of_a_package_have_their_own_names(tmp_path: Path) -> None:
    meta = {"title": "chain", "party_names": {"HOME": "Home Land"}}
    text = write_exposure_page(tmp_path, rows(), meta).read_text(encoding="utf-8")
    assert "Most is lost by Home Land" in text


def test_both_pages_are_written_whole(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    first = write_ensemble_page(tmp_path, tables, META).read_text(encoding="utf-8")
    second = write_exposure_page(tmp_path, rows(), {"title": "chain <x>"}).read_text(encoding="utf-8")
    assert "rates are estimated &lt;all&gt;" in first
    assert "chain &lt;x&gt;" in second
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ensemble.html", "exposure.html"]


def test_an_insurance_is_recommended_only_where_it_clearly_saves_more_than_it_costs(tables: dict[str, pd.DataFrame]) -> None:
    def card(**changes: float) -> tuple[str, str]:
        page = ensemble_brief({**tables, "insurance": tables["insurance"].assign(**changes)}, META)
        (found,) = [finding for finding in page.findings if finding.section == "insurance"]
        return found.figure, found.label

    assert card() == ("$2.00", "saved for each dollar")
    nothing = ("None", "saves clearly more than nothing")
    assert card(saved_usd=-1e5, saved_per_dollar=-0.2) == nothing
    assert card(saved_standard_error_usd=6e5) == nothing
    assert card(saved_standard_error_usd=np.nan) == nothing
    assert card(cost_usd_per_year=2e6, saved_per_dollar=0.5) == ("None", "pays for itself beyond doubt")


def test_the_page_speaks_in_titles_and_not_in_ids(tables: dict[str, pd.DataFrame]) -> None:
    causes = tables["causes"].assign(hazard="trade_break")
    struck = causes.assign(element="CHN/spherical_graphite", place="CHN")
    meta = {**META, "hazards": {"trade_break": "Trade breaks off"}}
    page = ensemble_brief({**tables, "causes": causes, "elements": struck}, meta, Codes.shipped())
    assert page.tables["causes_table"].rows[0].cells["name"] == "Trade breaks off"
    assert page.tables["elements_table"].rows[0].cells["name"] == "Purified spherical graphite, China: Trade breaks off"
    assert page.tables["causes_table"].rows[0].basis.sources == ("orepact_ensemble", "hazard trade_break")


def test_bars_too_thin_to_see_stand_in_the_table_only(tables: dict[str, pd.DataFrame]) -> None:
    tiny = tables["parties"].assign(party="ISLE", loss_usd=2.0, tail_loss_usd=8.0)
    page = ensemble_brief({**tables, "parties": pd.concat([tables["parties"], tiny])}, META)
    picture = page.pictures["parties_chart"]
    assert picture.figures["By party"]["data"][0]["y"] == ["HOME"]
    assert picture.caption == "1 smaller ones stand in the table only."
    assert len(page.tables["parties_table"].rows) == 2


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("site:rest_chn__alumina_refining = node:alumina/CHN", "Alumina: all makers in China"),
        ("owner:CHN", "All works owned from China"),
        ("owner:Posco", "All works of Posco"),
        ("route:CHN>KOR/cell_lfp", "LFP cell: China to Korea"),
        ("route:CHN>KOR", "All goods: China to Korea"),
        ("site:rest_ca_qc__mining", "Mining: makers without a name in Quebec"),
        ("site:greenbushes__usa", "Greenbushes, usa"),
        ("node:cell_lfp/KOR", "LFP cell: all makers in Korea"),
        ("my event", "my event"),
    ],
)
def test_what_breaks_is_named_in_words(event: str, said: str) -> None:
    assert event_title(event, Codes.shipped()) == said
    assert event_title(event, None) == event


def test_axes_write_powers_of_ten_out() -> None:
    figure = exceeded(np.array([0.0, 0.004, 2.0, 800.0]), "USD", {"mean": 200.5})
    assert figure["layout"]["xaxis"]["ticktext"] == ["$0.001", "$0.01", "$0.1", "$1", "$10", "$100", "$1k"]
    # on a log axis a line stands at its value, a word at its exponent
    assert figure["layout"]["shapes"][0]["x0"] == 200.5
    assert figure["layout"]["annotations"][0]["x"] == pytest.approx(np.log10(200.5))


def test_the_answer_for_a_package_names_the_parties_that_lose() -> None:
    network = Path(__file__).parents[1] / "networks" / "recovery"
    assert service.shock.exposure(None, network=network).meta["party_names"] == {"DDD": "Plant"}
