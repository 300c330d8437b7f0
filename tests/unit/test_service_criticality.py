"""``measure criticality`` from the shipped facts and from a person's own table, and what it refuses."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from orepact.cli.entry import run
from orepact.errors import BadInput, NotFound
from orepact.facts import Ledger
from orepact.measure.risk.eu_study import Study
from orepact.service.concentrating import governance_of
from orepact.service.criticality import _reason, materials_named, measure_criticality
from orepact.service.reading.own_shares import Factors
from orepact.service.reading.share_file import read_shares
from orepact.service.risk import buyer_risk
from orepact.wording import field, parted

CASES = Path(__file__).parents[1] / "cases"
MISTAKES = sorted(path.name for path in CASES.glob("shares_*"))
TABLE = """kind,place,quantity,governance
production,COD,70,{0}
production,CHN,20,{1}
production,AUS,10,{2}
import,COD,50,{0}
import,CHN,30,{1}
import,self,20,{3}
"""


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.shipped()


@pytest.fixture(scope="module")
def study(ledger: Ledger) -> Study:
    return Study.of(ledger)


def own(tmp_path: Path, *governance: float | str) -> Path:
    path = tmp_path / "shares.csv"
    path.write_text(TABLE.format(*governance), encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code = run(["measure", "criticality", *words, "--format", "json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


# -- the study


def test_cobalt_with_its_terms(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--method", "eu2023", "--commodity", "cobalt")
    first, second = found["data"]
    assert (first["stage"], first["decides"], first["published"]) == ("extraction", True, 2.8)
    assert first["supply_risk"] == pytest.approx(2.785, abs=0.001)
    assert first["supply_risk"] == pytest.approx(
        first["hhi_global"] * (1 - first["recycling_input_rate"]) * first["substitution_index"]
    ), "world supply alone: the study knows no sourcing of cobalt ore"
    weight = second["import_reliance"] / 2
    mixed = weight * second["hhi_global"] + (1 - weight) * second["hhi_sourcing"]
    assert second["supply_risk"] == pytest.approx(mixed * (1 - 0.22) * 0.98)
    assert found["meta"]["supply_risk"] == first["supply_risk"]
    assert found["meta"]["critical"] == "yes"
    adds = [entry["adds"] for entry in found["meta"]["suppliers"] if entry["stage"] == "extraction"]
    assert sum(adds) == pytest.approx(first["hhi_global"])
    assert {source["source"] for source in found["meta"]["sources"]} == {
        "eu_crm_2023", "eu_crm_2023_results", "worldbank_wgi_2024",
    }  # fmt: skip


def test_all_materials_stand_beside_the_published(ledger: Ledger) -> None:
    found = measure_criticality(ledger)
    assert len(found.data) == 90
    assert {"supply_risk", "published", "difference", "reason", "stage"} <= set(found.data)
    differs = found.data[~found.data["agreement"].isin(["equal", ""])]
    assert (differs["reason"] != "").all()
    assert found.data["supply_risk"].dropna().is_monotonic_decreasing
    assert "of 125 stages agree" in found.meta["warnings"][0]


def test_a_group_is_the_mean_of_its_members(ledger: Ledger) -> None:
    rows = measure_criticality(ledger, commodity="platinum-group metals").data
    decisive = rows[rows["stage"] == "processing"]["supply_risk"]
    assert rows["supply_risk"].iloc[0] == pytest.approx(decisive.mean())
    assert len(decisive) == 5


@pytest.mark.parametrize(
    ("name", "materials"),
    [
        ("Cobalt", ("cobalt",)),
        ("Natural graphite", ("natural_graphite",)),
        ("graphite", ("natural_graphite",)),
        ("coated_spherical_graphite", ("natural_graphite",)),
        ("nickel_sulphate", ("nickel",)),
        ("rare_earths", ("dysprosium", "neodymium", "praseodymium", "terbium")),
        ("phosphate rock", ("phosphate_rock",)),
        ("platinum-group metals", ("platinum_group_metals",)),
    ],
)
def test_names_that_people_use(study: Study, name: str, materials: tuple[str, ...]) -> None:
    assert materials_named(study, name) == materials


def test_an_unknown_name_is_refused_with_near_ones(study: Study) -> None:
    with pytest.raises(NotFound, match="cobalt"):
        materials_named(study, "kobalt")


def test_missing_inputs_are_named(ledger: Ledger) -> None:
    row = measure_criticality(ledger, commodity="silica sand").data.iloc[0]
    assert math.isnan(row["supply_risk"])
    assert "substitution index" in row["reason"]
    rows = measure_criticality(ledger, commodity="titanium metal").data.set_index("stage")
    assert "import reliance, shares of EU sourcing" in rows.loc["extraction", "reason"]


# -- a place


def test_a_place_takes_its_own_mix(ledger: Ledger) -> None:
    found = measure_criticality(ledger, commodity="graphite", place="KOR", year=2024)
    row = found.data.iloc[0]
    mixed = row["import_reliance"] / 2 * row["hhi_global"] + (1 - row["import_reliance"] / 2) * row["hhi_sourcing"]
    assert row["supply_risk"] == pytest.approx(mixed * (1 - row["recycling_input_rate"]) * row["substitution_index"])
    for mix, name in (("world supply", "hhi_global"), ("sourcing", "hhi_sourcing")):
        rows = [entry for entry in found.meta["suppliers"] if entry["mix"] == mix]
        assert sum(entry["share"] for entry in rows) == pytest.approx(1.0)
        assert sum(entry["adds"] for entry in rows) == pytest.approx(row[name])
    assert rows[0]["place"] == "CHN"
    assert any("those of the EU study" in warning for warning in found.warnings)


def test_a_territory_takes_the_governance_of_its_sovereign(ledger: Ledger) -> None:
    risks, claims = governance_of(ledger, 2024)
    assert risks["NCL"] == risks["FRA"] > 0
    assert set(claims.loc[claims["place"] == "NCL", "confidence"]) == {"estimated"}
    found = measure_criticality(ledger, commodity="nickel", place="JPN", year=2024)
    adds = [entry["adds"] for entry in found.meta["suppliers"] if entry["place"] == "NCL"]
    assert adds
    assert all(value > 0 for value in adds)
    assert found.meta["governance_missing"] == []


def test_a_supplier_without_governance_is_not_perfectly_governed(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    known = measure_criticality(ledger, commodity="nickel", place="JPN", year=2024).data.iloc[0]
    risks, claims = governance_of(ledger, 2024)
    fewer = {name: risk for name, risk in risks.items() if name != "IDN"}
    monkeypatch.setattr(buyer_risk, "governance_of", lambda *_: (fewer, claims))
    found = measure_criticality(ledger, commodity="nickel", place="JPN", year=2024)
    row = found.data.iloc[0]
    assert row["low"] == row["supply_risk"] < known["supply_risk"] < row["high"]
    assert found.meta["governance_missing"] == ["IDN"]
    assert any("no governance estimate for IDN" in warning for warning in found.warnings)
    rows = [entry for entry in found.meta["suppliers"] if entry["place"] == "IDN"]
    assert all(math.isnan(entry["governance"]) and math.isnan(entry["adds"]) for entry in rows)


def test_a_stage_that_is_not_known_makes_the_risk_a_lower_bound(study: Study) -> None:
    known = study.assess("cobalt")
    open_stage = replace(
        known.stages[1], terms=replace(known.stages[1].terms, import_reliance=math.nan, considered="global and EU")
    )
    item = replace(known, stages=(known.stages[0], open_stage))
    assert item.at_least == (open_stage.stage,)
    assert item.supply_risk == known.supply_risk
    words = _reason(item)
    assert "at least" in words
    assert open_stage.stage in words
    assert known.at_least == ()


def test_factors_of_a_person_count(ledger: Ledger) -> None:
    given = Factors(import_reliance=0.0, recycling_input_rate=0.5, substitution_index=1.0)
    row = measure_criticality(ledger, commodity="cobalt", place="JPN", year=2024, factors=given).data.iloc[0]
    assert row["supply_risk"] == pytest.approx(row["hhi_sourcing"] * 0.5)
    with pytest.raises(BadInput, match="recycling_input_rate"):
        measure_criticality(ledger, commodity="cobalt", place="JPN", factors=Factors(recycling_input_rate=25.0))


def test_a_place_without_mine_statistics_of_a_material_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="mine statistics"):
        measure_criticality(ledger, commodity="gallium", place="KOR")


def test_factors_that_would_change_nothing_are_refused_and_other_options_told(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"recycling_input_rate.*name a place or a file"):
        measure_criticality(ledger, commodity="cobalt", factors=Factors(recycling_input_rate=0.5))
    with pytest.raises(BadInput, match="substitution_index"):
        measure_criticality(ledger, method="geopolrisk", place="JPN", factors=Factors(substitution_index=0.5))
    assert f"{field('year', 2024)} changes nothing" in measure_criticality(ledger, commodity="cobalt", year=2024).warnings[-1]
    told = measure_criticality(ledger, shares=own(tmp_path, 8, 6, 2, 1), place="JPN", year=2024).warnings
    assert [parted(warning)[0][1] for warning in told[-2:]] == ["place", "year"]


# -- GeoPolRisk from facts


def test_geopolrisk_of_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "--method", "geopolrisk", "--commodity", "cobalt", "--place", "JPN", "--year", "2023")
    row = found["data"][0]
    assert (row["place"], row["commodity"], row["year"]) == ("JPN", "cobalt", 2023)
    assert row["score"] == pytest.approx(row["hhi"] * row["import_risk"])
    assert 0 < row["score"] < row["hhi"] < 1
    assert sum(entry["adds"] for entry in found["meta"]["suppliers"]) == pytest.approx(row["import_risk"])
    assert sum(entry["share"] for entry in found["meta"]["suppliers"]) == pytest.approx(row["import_share"])
    assert row["midpoint_usd_per_t"] == pytest.approx(row["score"] * row["price_usd_per_t"])
    assert found["meta"]["score"] == row["score"]


def test_without_a_place_and_commodity_the_corridor_is_listed(ledger: Ledger) -> None:
    data = measure_criticality(ledger, method="geopolrisk", year=2024).data
    assert set(data["place"]) == {"CAN", "JPN", "KOR"}
    copper = data[data["commodity"] == "copper"].set_index("place")
    assert copper["factor_kg_copper_eq"].tolist() == pytest.approx([1.0] * 3), "copper is the reference"
    assert copper.loc["CAN", "import_share"] < 0.3, "Canada mines copper"


def test_a_year_without_data_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="1999"):
        measure_criticality(ledger, method="geopolrisk", commodity="cobalt", place="JPN", year=1999)
    with pytest.raises(NotFound):
        measure_criticality(ledger, method="geopolrisk", commodity="cobalt", place="Atlantis")


# -- a person's own table


def test_own_shares_by_the_eu_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The worked example of docs/why/criticality.md."""
    path = str(own(tmp_path, 8, 6, 2, 1))
    words = ("--shares", path, "--recycling-input-rate", "0.25", "--substitution-index", "0.9")
    found = asked(capsys, "--method", "eu2023", *words)
    row = found["data"][0]
    assert (row["hhi_global"], row["hhi_sourcing"]) == (pytest.approx(4.18), pytest.approx(2.58))
    assert row["import_reliance"] == pytest.approx(0.8)
    assert row["supply_risk"] == pytest.approx(2.1735)
    given = asked(capsys, "--method", "eu2023", *words, "--import-reliance", "0")["data"][0]
    assert given["supply_risk"] == pytest.approx(2.58 * 0.75 * 0.9)


def test_own_shares_by_geopolrisk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The worked example of docs/why/criticality.md."""
    found = asked(capsys, "--method", "geopolrisk", "--shares", str(own(tmp_path, 0.8, 0.6, 0.2, "")))
    row = found["data"][0]
    assert (row["hhi"], row["import_risk"], row["score"]) == (pytest.approx(0.54), pytest.approx(0.58), pytest.approx(0.3132))
    assert found["meta"]["warnings"] == []


def test_estimates_of_the_world_bank_are_turned_into_the_scale_of_the_method(tmp_path: Path, ledger: Ledger) -> None:
    estimates = [2.5 - 5 * weight for weight in (0.8, 0.6, 0.2)]
    path = own(tmp_path, *estimates, "")
    political = measure_criticality(ledger, method="geopolrisk", shares=path, scale="wgi").data.iloc[0]
    assert political["score"] == pytest.approx(0.3132)
    risk = measure_criticality(ledger, method="eu2023", shares=path, scale="wgi").data.iloc[0]
    assert risk["hhi_global"] == pytest.approx(4.18)
    assert risk["hhi_sourcing"] == pytest.approx(2.54), "self without a governance weighs nothing"


@pytest.mark.parametrize(("method", "worst"), [("geopolrisk", 1), ("eu2023", 10)])
def test_weights_beyond_the_scale_are_refused_by_row_and_column(
    tmp_path: Path, ledger: Ledger, method: Literal["eu2023", "geopolrisk"], worst: int
) -> None:
    path = own(tmp_path, worst + 0.2, worst, 0, worst + 7)
    with pytest.raises(BadInput) as caught:
        measure_criticality(ledger, method=method, shares=path)
    found = caught.value.problems
    assert {problem.column or problem.where for problem in found} == {"governance"}
    assert {problem.file for problem in found} == {path.name}
    assert all(problem.row for problem in found)
    assert all(f"from 0 to {worst}" in problem.expected for problem in found)
    assert all(field("governance_scale", "wgi") in problem.mend for problem in found)


def test_the_buyer_carries_no_risk_whatever_its_governance(tmp_path: Path, ledger: Ledger) -> None:
    found = measure_criticality(ledger, method="geopolrisk", shares=own(tmp_path, 0.8, 0.6, 0.2, 0.5))
    assert found.data["import_risk"].iloc[0] == pytest.approx(0.58)


def test_a_trade_parameter_counts_by_the_eu_formula_only(tmp_path: Path, ledger: Ledger) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("kind,place,quantity,governance,trade_parameter\nproduction,COD,1,8,1.1\nimport,COD,1,8,\n", encoding="utf-8")
    risk = measure_criticality(ledger, method="eu2023", shares=path).data.iloc[0]
    assert (risk["hhi_global"], risk["hhi_sourcing"]) == (pytest.approx(8.8), pytest.approx(8.0))
    assert risk["supply_risk"] == pytest.approx(8.4), "nothing made at home: half and half"


def test_the_buyer_may_stand_among_the_producers(tmp_path: Path, ledger: Ledger) -> None:
    path = tmp_path / "shares.csv"
    text = "kind,place,quantity,governance\nproduction,COD,80,.8\nproduction,self,20,.1\nimport,COD,50,.8\nimport,CHN,30,.6\n"
    path.write_text(text, encoding="utf-8")
    found = measure_criticality(ledger, method="geopolrisk", shares=path).data.iloc[0]
    assert (found["domestic_production"], found["imports"]) == (20.0, 80.0)
    assert found["import_risk"] == pytest.approx((50 * 0.8 + 30 * 0.6) / 100)
    assert found["hhi"] == pytest.approx(0.8**2 + 0.2**2)
    risk = measure_criticality(ledger, method="eu2023", shares=path).data.iloc[0]
    assert (risk["hhi_sourcing"], risk["import_reliance"]) == (pytest.approx(0.258), pytest.approx(0.8))


def test_production_needs_no_governance_for_geopolrisk(tmp_path: Path) -> None:
    path = tmp_path / "shares.csv"
    path.write_text("kind,place,quantity,governance\nproduction,COD,1,\nimport,COD,1,0.8\n", encoding="utf-8")
    assert len(read_shares(path, "geopolrisk").frame) == 2
    with pytest.raises(BadInput, match="row 2, governance"):
        read_shares(path, "eu2023")


@pytest.mark.parametrize("name", MISTAKES)
def test_every_problem_of_a_file_is_told_at_once(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_shares(CASES / name / "shares.csv", "eu2023")
    told = "".join(f"{problem}\n" for problem in caught.value.problems)
    assert told == (CASES / name / "problems.txt").read_text(encoding="utf-8")


def test_a_bad_file_ends_with_code_3_and_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    path = CASES / "shares_many_mistakes_at_once" / "shares.csv"
    assert run(["measure", "criticality", "--method", "eu2023", "--shares", str(path)]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert run(["measure", "criticality", "--shares", "nowhere.csv", "--format", "json"]) == 3
    assert "readable file" in capsys.readouterr().err
