"""The measures as use cases: from claims to figures, with every weakness said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from orepact.errors import BadInput, NotFound, OrepactError
from orepact.facts import CLAIM_COLUMNS, Ledger
from orepact.service import measure_concentration, measure_reliance

SOURCES = """source,producer,title,edition,published,licence,attribution,address,grade,ships
survey,A survey,Mineral yearbook,2025,2025-01,public domain,,,A,yes
press,A paper,Who owns what,2024,2024-05,CC BY 4.0,,,C,yes
"""
CLAIMS = [
    # subject, attribute, value, unit, year, source, confidence
    ("COD/cobalt", "mine_production", "60", "kt", "2024", "survey", "reported"),
    ("COD/cobalt", "mine_production", "50000", "t", "2024", "press", "reported"),
    ("IDN/cobalt", "mine_production", "20000", "t", "2024", "survey", "estimated"),
    ("CA-ON/cobalt", "mine_production", "4000", "t", "2024", "survey", "reported"),
    ("CA-QC/cobalt", "mine_production", "1000", "t", "2024", "survey", "reported"),
    ("AUS/cobalt", "mine_production", "700", "t", "2024", "survey", "unverified"),
    ("ROW/cobalt", "mine_production", "15000", "t", "2024", "survey", "reported"),
    ("world/cobalt", "mine_production", "100000", "t", "2024", "survey", "reported"),
    ("europe/cobalt", "mine_production", "9999", "t", "2024", "survey", "reported"),
    ("COD/cobalt", "mine_production", "55000", "t", "2023", "survey", "reported"),
    ("CHN>COD/cobalt", "mine_owner_share", "0.7", "1", "2022", "press", "reported"),
    ("CHE>COD/cobalt", "mine_owner_share", "0.2", "1", "2022", "press", "reported"),
    ("CHN>IDN/cobalt", "mine_owner_share", "0.9", "1", "2024", "press", "reported"),
    ("IDN>IDN/cobalt", "mine_owner_share", "0.3", "1", "2024", "press", "reported"),
    ("USA/lithium", "import_total", "3000", "t", "2024", "survey", "reported"),
    ("USA/lithium", "export_total", "1000", "t", "2024", "survey", "reported"),
    ("USA/lithium", "mine_production", "2000", "t", "2024", "survey", "reported"),
    ("USA/lithium", "stock_total", "500", "t", "2023", "survey", "reported"),
    ("USA/lithium", "stock_total", "300", "t", "2024", "survey", "reported"),
    ("JPN/lithium", "apparent_consumption", "900", "t", "2024", "survey", "reported"),
    ("AUS>JPN/lithium_carbonate", "trade_quantity", "2000", "t", "2024", "survey", "reported"),
    ("JPN>KOR/lithium_hydroxide", "trade_quantity", "1000", "t", "2024", "survey", "reported"),
    ("CA-QC>CA-ON/lithium_hydroxide", "trade_quantity", "500", "t", "2024", "survey", "reported"),
    ("CHL>CAN/lithium_carbonate", "trade_quantity", "100", "t", "2024", "survey", "reported"),
    ("CAN/lithium", "mine_production", "1000", "t", "2024", "survey", "reported"),
    ("COD", "governance_political_stability", "-1.5", "index", "2023", "survey", "reported"),
    ("IDN", "governance_political_stability", "0.5", "index", "2023", "survey", "reported"),
]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("facts")
    (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
    _write(folder / "claims.csv", [row for row in CLAIMS if not row[1].startswith("trade")])
    _write(folder / "trade.csv", [row for row in CLAIMS if row[1].startswith("trade")])
    return Ledger.load(folder)


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    named = ["subject", "attribute", "value", "unit", "year", "source", "confidence"]
    frame = pd.DataFrame(rows, columns=named)
    frame = frame.assign(valid_from="", valid_to="", as_of="2025-01", label="TLP:CLEAR", note="")
    frame[list(CLAIM_COLUMNS)].to_csv(path, index=False, lineterminator="\n")


# Concentration -------------------------------------------------------------------------------------


def test_concentration_by_place(ledger: Ledger) -> None:
    found = measure_concentration(ledger, "cobalt", stage="mine", year=2024)
    assert found.data.columns.tolist() == ["place", "quantity", "unit", "share"]
    assert found.data.set_index("place")["quantity"].to_dict() == {"COD": 60000, "IDN": 20000, "CAN": 5000, "ROW": 15000}
    assert found.meta["hhi"] == pytest.approx(60**2 + 20**2 + 5**2)
    assert found.meta["top1"] == pytest.approx(0.6)
    assert found.meta["n_minus_1"] == pytest.approx(0.4)
    assert found.meta["coverage"] == pytest.approx(1.0)
    assert found.meta["governance_hhi"] == pytest.approx(0.6**2 * 8 + 0.2**2 * 4)
    assert [source["source"] for source in found.meta["sources"]] == ["survey"]
    assert found.meta["sources"][0]["confidence"] == ["estimated", "reported"]
    assert any("estimated" in warning for warning in found.warnings)


def test_unverified_stays_out_unless_asked(ledger: Ledger) -> None:
    open_eyed = measure_concentration(ledger.at(include_unverified=True), "cobalt", stage="mine", year=2024)
    assert "AUS" in set(open_eyed.data["place"])
    assert open_eyed.meta["manifest"]["include_unverified"]
    assert any("unverified" in warning for warning in open_eyed.warnings)


def test_what_was_not_known_yet_is_not_shown(ledger: Ledger) -> None:
    with pytest.raises(OrepactError):
        measure_concentration(ledger.at("2024-06-30"), "cobalt", stage="mine", year=2024)


def test_concentration_by_owner_never_assumes_a_domestic_one(ledger: Ledger) -> None:
    found = measure_concentration(ledger, "cobalt", stage="mine", year=2024, by="owner")
    shares = found.data.set_index("owner")["quantity"]
    assert found.data.columns[0] == "owner"
    assert shares["CHN"] == pytest.approx(60000 * 0.7 + 20000 * 0.9 / 1.2)
    assert shares["CHE"] == pytest.approx(12000)
    assert shares["IDN"] == pytest.approx(20000 * 0.3 / 1.2)
    assert shares["unknown"] == pytest.approx(6000 + 5000 + 15000)
    assert found.meta["unknown_share"] == pytest.approx(0.26)
    words = " ".join(found.warnings)
    assert "those of 2022" in words
    assert "IDN sum to 1.2" in words


def test_latest_year_is_taken_when_none_is_asked(ledger: Ledger) -> None:
    assert measure_concentration(ledger, "cobalt").meta["year"] == 2024


def test_only_some_places_with_shares_of_the_whole(ledger: Ledger) -> None:
    found = measure_concentration(ledger, "cobalt", year=2024, place="CAN")
    assert found.data["place"].tolist() == ["CAN"]
    assert found.data["share"].tolist() == [pytest.approx(0.05)]
    with pytest.raises(NotFound):
        measure_concentration(ledger, "cobalt", year=2024, place="FRA")


def test_rest_of_the_world_that_repeats_named_places_is_cut(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(SOURCES, encoding="utf-8")
    rows = [(f"{place}/nickel", "refinery_production", str(value), "t", "2024", "survey", "reported")
            for place, value in (("IDN", 50), ("CHN", 30), ("CAN", 10), ("ROW", 20), ("world", 100))]  # fmt: skip
    _write(tmp_path / "claims.csv", rows)
    found = measure_concentration(Ledger.load(tmp_path), "nickel", stage="refine", year=2024)
    assert found.data.set_index("place")["quantity"]["ROW"] == pytest.approx(10)
    assert "cut from 20 to 10" in " ".join(found.warnings)


@pytest.mark.parametrize(
    ("thing", "options", "error", "words"),
    [
        ("cobolt", {}, NotFound, "did you mean"),
        ("cobalt", {"stage": "mining"}, NotFound, "stage 'mining'"),
        ("cobalt", {"stage": "mine", "year": 1999}, BadInput, "2023, 2024"),
        ("cobalt", {"place": "Atlantis"}, NotFound, "Atlantis"),
        (None, {}, BadInput, "a stage or a commodity"),
    ],
)
def test_wrong_questions_are_answered_with_what_is_known(ledger: Ledger, thing, options, error, words) -> None:
    with pytest.raises(error, match=words):
        measure_concentration(ledger, thing, **options)


# Reliance ------------------------------------------------------------------------------------------


def test_reported_totals_win_over_product_trade(ledger: Ledger) -> None:
    found = measure_reliance(ledger, "USA", "lithium", year=2024)
    row = found.data.iloc[0]
    assert row["stock_decrease"] == pytest.approx(200)
    assert row["apparent_consumption"] == pytest.approx(2000 + 3000 - 1000 + 200)
    assert row["net_import_reliance"] == pytest.approx(2200 / 4200)
    assert found.meta["net_import_reliance"] == row["net_import_reliance"]
    assert "reported totals" in " ".join(found.warnings)


def test_product_trade_counts_by_contained_element(ledger: Ledger) -> None:
    found = measure_reliance(ledger, "JPN", "lithium", year=2024)
    row = found.data.iloc[0]
    assert row["imports"] == pytest.approx(2000 * 0.18785, rel=1e-3)
    assert row["exports"] == pytest.approx(1000 * 0.16539, rel=1e-3)
    assert row["apparent_consumption"] == pytest.approx(900)
    assert "reported apparent consumption" in found.meta["basis"]
    assert "spodumene_concentrate" in " ".join(found.warnings)
    assert {entry["commodity"] for entry in found.meta["trade"]} == {"lithium_carbonate", "lithium_hydroxide"}


def test_trade_between_provinces_is_not_foreign(ledger: Ledger) -> None:
    row = measure_reliance(ledger, "CAN", "lithium", year=2024).data.iloc[0]
    assert row["imports"] == pytest.approx(18.785, rel=1e-3)
    assert row["exports"] == 0
    assert row["production"] == 1000


def test_reliance_without_any_figure_says_so(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="figures for nickel in FRA"):
        measure_reliance(ledger, "FRA", "nickel", year=2024)
    with pytest.raises(NotFound):
        measure_reliance(ledger, "Atlantis", "nickel")
