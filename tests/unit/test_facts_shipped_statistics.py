"""The shipped statistics: form of the tables, literal figures of the sources, and sums that no reading may count twice."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml

import orepact
from orepact.facts.claims import CLAIM_COLUMNS, sort_claims
from orepact.facts.resolution import resolve

DATA = Path(orepact.__file__).parent / "data"
FACTS = DATA / "facts"
SOURCES = Path(__file__).parents[2] / "tools" / "compile" / "sources"
#: table -> (its compiler, fewest and most rows, units)
TABLES = {
    "production.csv": ("usgs_production", 1_200, 1_600, {"t"}),
    "refining.csv": ("iea_refining", 85, 85, {"t"}),
    "criticality.csv": ("eu_criticality", 5_300, 5_500, {"1", "index", "text"}),
    "governance.csv": ("governance", 3_000, 3_300, {"index"}),
    "grid.csv": ("grid", 1_700, 2_000, {"kg_co2e_per_kWh", "TWh"}),
    "prices.csv": ("prices", 110, 150, {"USD_per_t"}),
    "trade.parquet": ("trade", 130_000, 145_000, {"t", "kUSD"}),
}
ELEMENTS_2024 = ("cobalt", "copper", "graphite", "iron", "lithium", "manganese", "nickel", "rare_earths")


@cache
def table(name: str) -> pd.DataFrame:
    path = FACTS / name
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, dtype=str, keep_default_na=False)
    return frame.astype("str")


@cache
def sources() -> pd.DataFrame:
    names = [compiler for compiler, *_ in TABLES.values()]
    frames = [pd.read_csv(SOURCES / f"{name}.csv", dtype=str, keep_default_na=False) for name in names]
    return pd.concat(frames).set_index("source")


def value(name: str, subject: str, attribute: str, year: int, source: str = "") -> float:
    rows = table(name)
    rows = rows[(rows["subject"] == subject) & (rows["attribute"] == attribute) & (rows["year"] == str(year))]
    rows = rows[rows["source"] == source] if source else resolve(rows, sources())
    assert len(rows) == 1, f"{len(rows)} claims of {subject} {attribute} {year} {source}"
    return float(rows["value"].iloc[0])


def usgs(subject: str, attribute: str, year: int) -> float:
    return value("production.csv", subject, attribute, year, "usgs_mcs2026")


# -- form


@pytest.mark.parametrize("name", TABLES)
def test_table_has_claim_columns_expected_units_and_rows(name: str) -> None:
    _, fewest, most, units = TABLES[name]
    frame = table(name)
    assert tuple(frame.columns) == CLAIM_COLUMNS
    assert fewest <= len(frame) <= most
    assert set(frame["unit"]) == units
    assert set(frame["label"]) == {"TLP:CLEAR"}


@pytest.mark.parametrize("name", TABLES)
def test_table_is_sorted_as_written(name: str) -> None:
    pd.testing.assert_frame_equal(table(name), sort_claims(table(name)))


@pytest.mark.parametrize("name", TABLES)
def test_one_source_says_one_thing_of_one_key(name: str) -> None:
    frame = table(name)
    verified = frame[frame["confidence"] != "unverified"]
    repeated = verified[verified.duplicated(["subject", "attribute", "year", "source"], keep=False)]
    assert repeated.empty, repeated.to_string()


@pytest.mark.parametrize("name", TABLES)
def test_every_source_is_described_and_used(name: str) -> None:
    own = pd.read_csv(SOURCES / f"{TABLES[name][0]}.csv", dtype=str, keep_default_na=False)
    used = set(table(name)["source"])
    assert used <= set(sources().index)
    assert set(own["source"]) <= used
    assert set(own["ships"]) == {"yes"}


def test_subjects_name_places_of_the_code_list() -> None:
    content = yaml.safe_load((DATA / "codes" / "places.yaml").read_text(encoding="utf-8"))
    known = {*content["places"], "CAN", "world"}
    for name in ("production.csv", "refining.csv", "governance.csv", "grid.csv"):
        assert set(table(name)["subject"].str.split("/").str[0]) <= known, name
    ends = table("trade.parquet")["subject"].str.split("/").str[0].str.split(">", expand=True)
    assert set(ends[0]) | set(ends[1]) <= known - {"world"}


def test_shipped_size_is_small() -> None:
    assert sum((FACTS / name).stat().st_size for name in TABLES) < 6_000_000
    assert (FACTS / "trade.parquet").stat().st_size < 3_000_000


# -- production


@pytest.mark.parametrize(
    ("subject", "year", "tonnes"),
    [
        ("COD/cobalt", 2024, 226_000),
        ("IDN/nickel", 2024, 2_310_000),
        ("CHN/graphite", 2024, 1_270_000),
        ("AUS/lithium", 2024, 82_700),
        ("CHL/lithium", 2025, 56_000),
        ("COD/cobalt", 2023, 175_000),
        ("AUS/lithium", 2023, 91_700),
        ("CHN/rare_earths", 2024, 270_000),
        ("CAN/nickel", 2024, 125_000),
        ("GAB/manganese", 2024, 4_640_000),
        ("world/cobalt", 2024, 302_000),
    ],
)
def test_mine_production_as_printed(subject: str, year: int, tonnes: float) -> None:
    assert value("production.csv", subject, "mine_production", year) == tonnes


def test_editions_stay_as_rivals() -> None:
    by_edition = {2024: 86_000, 2025: 91_700}
    assert {
        year: value("production.csv", "AUS/lithium", "mine_production", 2023, f"usgs_mcs{year}") for year in by_edition
    } == by_edition
    assert value("production.csv", "COD/cobalt", "mine_production", 2024, "usgs_mcs2025") == 220_000
    assert value("refining.csv", "COD/cobalt", "mine_production", 2024) == pytest.approx(181_796, abs=1)


def test_survey_wins_over_the_agency_on_mining() -> None:
    both = pd.concat([table("production.csv"), table("refining.csv")])
    rows = both[(both["subject"] == "COD/cobalt") & (both["attribute"] == "mine_production") & (both["year"] == "2024")]
    won = resolve(rows, sources())
    assert (won["source"].item(), won["value"].item(), won["rivals"].item()) == ("usgs_mcs2026", "226000", 2)


def test_places_add_up_to_the_world_of_each_edition() -> None:
    rows = table("production.csv")
    rows = rows[rows["source"].isin(["usgs_mcs2025", "usgs_mcs2026"]) & rows["attribute"].str.contains("production|reserves")]
    rows = rows[rows["attribute"] != "secondary_production"].assign(number=rows["value"].astype(float))
    world = rows["subject"].str.startswith("world/")
    key = [rows["source"], rows["attribute"], rows["subject"].str.split("/").str[1], rows["year"]]
    total = rows[world].groupby([k[world] for k in key])["number"].sum()
    ratio = (rows[~world].groupby([k[~world] for k in key])["number"].sum() / total).dropna()
    assert len(ratio) > 60
    reserves = ratio.index.get_level_values(1) == "reserves"
    assert ratio[~reserves].between(0.965, 1.025).all(), ratio[~reserves]
    assert ratio[reserves].between(0.94, 1.06).all(), ratio[reserves]


@pytest.mark.parametrize("element", ELEMENTS_2024)
def test_resolved_places_add_up_to_the_resolved_world(element: str) -> None:
    """What one edition lists apart and the next one folds into "other countries" must not count twice."""
    both = pd.concat([table("production.csv"), table("refining.csv")])
    rows = both[(both["attribute"] == "mine_production") & (both["year"] == "2024") & both["subject"].str.endswith(f"/{element}")]
    won = resolve(rows, sources())
    number = won["value"].astype(float).set_axis(won["subject"])
    own = number.get("USA/lithium", 0.0) if element == "lithium" else 0.0  # outside the printed total
    places = number.drop(f"world/{element}").sum() - own
    assert places == pytest.approx(number[f"world/{element}"], rel=0.022)


def test_places_that_an_edition_drops_are_taken_out_of_its_rest() -> None:
    assert usgs("ROW/cobalt", "mine_production", 2024) == 7_780 - value("production.csv", "NCL/cobalt", "mine_production", 2024)
    assert usgs("ROW/manganese", "mine_production", 2024) == 340_000 + 1_240_000 - 410_000
    assert value("production.csv", "NAM/lithium", "mine_production", 2024) == 0


def test_withheld_figures_have_no_reported_claim() -> None:
    rows = table("production.csv")
    lithium = rows[(rows["subject"] == "USA/lithium") & rows["attribute"].isin(["mine_production", "apparent_consumption"])]
    assert set(lithium["confidence"]) == {"estimated"}
    assert set(lithium["source"]) == {"orepact_usa_lithium"}
    assert rows[(rows["subject"] == "USA/bauxite") & (rows["attribute"] == "production")].empty


# -- reliance of the United States, by the arithmetic of the survey


@pytest.mark.parametrize(
    ("thing", "printed", "share"),
    [
        ("cobalt", (10_800, 4_880, (925 + 34) - (956 + 34), 7_960), 0.74),
        ("nickel", (105_000, 15_900, (25_700 + 1_506) - (25_500 + 258), 211_000), 0.43),
        ("copper", (903_000, 72_000, 128_000 - 123_000, 1_860_000), 0.45),
        ("graphite", (73_900, 8_740, 0, 65_200), 1.00),
        ("fluorspar", (403_000, 14_000, 0, 390_000), 1.00),
        ("manganese", (670_000, 0, 0, 670_000), 1.00),
        ("aluminium", (4_840_000, 1_360_000, (1_820_000 + 5_000) - (1_690_000 + 16_000), 5_830_000), 0.62),
    ],
)
def test_net_import_reliance_2024(thing: str, printed: tuple[float, float, float, float], share: float) -> None:
    """``printed`` is imports, exports, stock decrease and apparent consumption in tonnes, from the survey's own table."""
    imports, exports, decrease, consumption = printed
    subject, rows = f"USA/{thing}", table("production.csv")
    has = set(rows[rows["subject"] == subject]["attribute"])
    exported = usgs(subject, "export_total", 2024) if "export_total" in has else 0.0
    drawn = usgs(subject, "stock_total", 2023) - usgs(subject, "stock_total", 2024) if "stock_total" in has else 0.0
    assert (usgs(subject, "import_total", 2024), exported, drawn) == (imports, exports, decrease)
    assert usgs(subject, "apparent_consumption", 2024) == consumption
    assert (imports - exports + decrease) / consumption == pytest.approx(share, abs=0.005)


def test_cobalt_reliance_agrees_with_the_secondary_share() -> None:
    """The survey counts scrap as the only domestic source, so reliance is also 1 - secondary / consumption."""
    assert 1 - usgs("USA/cobalt", "secondary_production", 2024) / 7_960 == pytest.approx(0.74, abs=0.005)


def test_lithium_reliance_of_the_united_states_is_above_half() -> None:
    imports, exports = usgs("USA/lithium", "import_total", 2024), usgs("USA/lithium", "export_total", 2024)
    mined = value("production.csv", "USA/lithium", "mine_production", 2024)
    assert (imports, exports, mined) == (3_020, 1_690, 939.25)
    assert (imports - exports) / (mined + imports - exports) == pytest.approx(0.586, abs=0.001)


# -- refining


@pytest.mark.parametrize(
    ("element", "share"), [("cobalt", 0.784), ("graphite", 0.957), ("lithium", 0.702), ("nickel", 0.313), ("rare_earths", 0.913)]
)
def test_share_of_china_in_refining_2024(element: str, share: float) -> None:
    made = value("refining.csv", f"CHN/{element}", "refinery_production", 2024)
    assert made / value("refining.csv", f"world/{element}", "refinery_production", 2024) == pytest.approx(share, abs=0.0005)


def test_agency_rows_add_up_to_its_totals() -> None:
    rows = table("refining.csv")
    world = rows["subject"].str.startswith("world/")
    number = rows["value"].astype(float)
    key = [rows["attribute"], rows["subject"].str.split("/").str[1]]
    pd.testing.assert_series_equal(
        number[~world].groupby([k[~world] for k in key]).sum(), number[world].groupby([k[world] for k in key]).sum(), rtol=1e-6
    )


# -- trade


def test_no_flow_stays_inside_a_place_and_none_is_tiny() -> None:
    rows = table("trade.parquet")
    ends = rows["subject"].str.split("/").str[0].str.split(">", expand=True)
    assert (ends[0] != ends[1]).all()
    assert (rows["value"].astype(float) > 0).all()
    assert rows[rows["attribute"] == "trade_value"]["value"].astype(float).min() >= 1
    assert set(rows["year"]) == {str(year) for year in range(2015, 2025)}


def test_congo_cobalt_counts_once() -> None:
    """HS 810510 is read as crude hydroxide and wins; HS 282200 of the same trade is unverified, and no sum of the two appears."""
    rows = table("trade.parquet")
    rows = rows[
        (rows["subject"] == "COD>CHN/cobalt_hydroxide") & (rows["attribute"] == "trade_quantity") & (rows["year"] == "2023")
    ]
    assert set(zip(rows["value"], rows["confidence"], strict=True)) == {("387012", "reported"), ("263789", "unverified")}
    assert resolve(rows, sources())["value"].item() == "387012"
    assert rows[rows["confidence"] == "unverified"]["note"].str.contains("possible_double_report").all()
    assert not table("trade.parquet")["subject"].str.fullmatch("COD>.*/cobalt_metal").any()


def test_congo_exports_fit_what_it_mines() -> None:
    shipped = value("trade.parquet", "COD>CHN/cobalt_hydroxide", "trade_quantity", 2024)
    assert shipped == 628_191
    assert shipped * 0.33 == pytest.approx(value("production.csv", "COD/cobalt", "mine_production", 2024), rel=0.1)


def test_korea_imports_of_lithium_chemicals_2024() -> None:
    rows = table("trade.parquet")
    rows = rows[(rows["attribute"] == "trade_quantity") & (rows["year"] == "2024") & (rows["source"] == "baci_hs92")]
    tonnes = {
        thing: rows[rows["subject"].str.endswith(f">KOR/{thing}")]["value"].astype(float).sum()
        for thing in ("lithium_hydroxide", "lithium_carbonate")
    }
    assert tonnes == pytest.approx({"lithium_hydroxide": 102_060, "lithium_carbonate": 28_423}, abs=1)
    contained = tonnes["lithium_hydroxide"] * 0.16539 + tonnes["lithium_carbonate"] * 0.18785
    assert contained == pytest.approx(22_219, abs=1)  # t Li: a tenth of the world's mines, all of it without own ore


def test_editions_of_trade_agree_where_they_should() -> None:
    values = [
        value("trade.parquet", "CHL>CHN/lithium_carbonate", "trade_value", 2022, source)
        for source in ("baci_hs92", "baci_v202601")
    ]
    assert values == [6_037_680, 5_995_870]  # the raw file of 2022 is in dollars, whatever its header says


def test_rich_nickel_ore_is_concentrate() -> None:
    rows = table("trade.parquet")
    mass = rows[(rows["attribute"] == "trade_quantity") & (rows["year"] == "2024")].set_index("subject")["value"].astype(float)
    assert mass["CAN>FIN/nickel_concentrate"] == pytest.approx(62_592.8)
    assert mass["PHL>CHN/nickel_ore"] == pytest.approx(34_655_200)
    assert "CAN>FIN/nickel_ore" not in mass


def test_imputed_quantities_are_marked() -> None:
    rows = table("trade.parquet")
    imputed = rows[rows["note"].str.contains("by median unit value")]
    assert len(imputed) > 500
    assert set(imputed["confidence"]) <= {"derived", "estimated", "unverified"}
    assert set(imputed["attribute"]) == {"trade_quantity"}


# -- places and prices


def test_grid_intensities() -> None:
    assert value("grid.csv", "CAN", "grid_intensity", 2024) == 0.18535
    assert value("grid.csv", "CHN", "grid_intensity", 2024) == 0.5554
    assert 0.02 <= value("grid.csv", "CA-QC", "grid_intensity", 2023) <= 0.035
    assert 0.4 <= value("grid.csv", "CA-AB", "grid_intensity", 2023) <= 0.5
    assert 0.3 <= value("grid.csv", "ROW", "grid_intensity", 2024) <= 0.6
    provinces = table("grid.csv")[table("grid.csv")["subject"].str.startswith("CA-")]
    assert (len(provinces), set(provinces["confidence"])) == (13, {"estimated"})


def test_generation_of_places_adds_up_to_the_world() -> None:
    rows = table("grid.csv")
    rows = rows[(rows["attribute"] == "electricity_generation") & (rows["year"] == "2024")]
    twh = rows["value"].astype(float).set_axis(rows["subject"])
    assert twh.drop("world").sum() == pytest.approx(twh["world"], rel=1e-6)


def test_governance_releases_stay_apart() -> None:
    assert value("governance.csv", "CAN", "governance_political_stability", 2023) == pytest.approx(0.82242)
    rows = table("governance.csv")
    later = rows[rows["source"] == "worldbank_wgi_2025_revised"]
    assert set(later["year"]) == {"2024"}
    assert set(later["attribute"]) == {"governance_political_stability"}
    assert "2024" not in set(rows[rows["source"] == "worldbank_wgi_2024"]["year"])
    assert rows["value"].astype(float).abs().max() < 3.5


@pytest.mark.parametrize(
    ("thing", "dollars"),
    [("lithium_carbonate", 11_800), ("cobalt_metal", 11.84 * 2204.62), ("manganese_ore", 5.53 * 40), ("ndpr_oxide", 55_000)],
)
def test_prices_2024_as_printed(thing: str, dollars: float) -> None:
    assert value("prices.csv", thing, "price", 2024) == pytest.approx(dollars, rel=1e-4)


def test_exchange_prices_of_two_sources_agree() -> None:
    for thing in ("nickel_class1", "copper_cathode"):
        pair = [value("prices.csv", thing, "price", 2024, source) for source in ("usgs_mcs2026", "worldbank_pinksheet_2026")]
        assert pair[0] == pytest.approx(pair[1], rel=0.001)


def test_a_year_that_is_not_over_is_an_estimate() -> None:
    rows = table("prices.csv")
    assert set(rows[rows["year"] == "2026"]["confidence"]) == {"estimated"}
