"""The social-risk profile: by hand, from the shipped facts, from a person's table, and every mistake of that table."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from orepact.cli.entry import run
from orepact.errors import BadInput, NotFound
from orepact.measure.social import KNOWN, profile, spread_over_members
from orepact.service import measure_social, measure_social_of_package, open_ledger
from orepact.service.social import shipped_indicators
from origin_networks import cobalt_chain, cobalt_flows

PAGE = Path(__file__).parents[2] / "docs" / "why" / "social.md"
INDICATORS = "place,indicator,value,unit\nCongo,child_labour,17,percent\nCuba,child_labour,1,percent\nChina,injury,4,per_100000\n"


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("social") / "package"
    network = cobalt_chain()
    demand = pd.DataFrame([("cell", "Korea", 2030, 40.0)], columns=["commodity", "place", "year", "quantity"])
    network.with_tables(demand=demand).to_package(folder)
    return folder


@pytest.fixture(scope="module")
def given(tmp_path_factory) -> Path:
    """Flows written down: 80 % of the cobalt from Congo."""
    return cobalt_flows().to_csv(tmp_path_factory.mktemp("given") / "flows.csv")


def table(path: Path, text: str = INDICATORS) -> Path:
    file = path / "indicators.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_risk_is_weighted_by_origin_over_what_is_known():
    origins = {("cobalt", "mine"): pd.DataFrame({"origin": ["COD", "AUS", "unknown"], "share": [0.7, 0.2, 0.1]})}
    rows = [("injury", "COD", 10.0, "per_100000", "reported"), ("injury", "AUS", 1.0, "per_100000", "derived")]
    rows += [("child_labour", "COD", 17.0, "percent", "estimated"), ("child_labour", "", float("nan"), "percent", "")]
    found = profile(origins, pd.DataFrame(rows, columns=["indicator", "place", "value", "unit", "confidence"]))
    head = found.headline.set_index("indicator")
    assert head["risk"].to_dict() == pytest.approx({"injury": 7.2 / 0.9, "child_labour": 17.0})
    assert head["at_least"].to_dict() == pytest.approx({"injury": 7.2, "child_labour": 11.9})
    assert head["unknown_share"].to_dict() == pytest.approx({"injury": 0.1, "child_labour": 0.3})
    assert head["largest"].to_dict() == {"injury": "COD", "child_labour": "COD"}
    assert found.rows.groupby("indicator")["share"].sum().to_list() == pytest.approx([1, 1])
    unknown = found.rows[found.rows["origin"] == "unknown"]
    assert set(unknown["confidence"]) == {"unknown"}
    assert unknown["contribution"].isna().all()


def test_nothing_known_is_said_and_no_figure_is_made_up():
    origins = {("cobalt", "mine"): pd.DataFrame({"origin": ["COD"], "share": [1.0]})}
    bare = pd.DataFrame(
        [("injury", "", float("nan"), "per_100000", "")], columns=["indicator", "place", "value", "unit", "confidence"]
    )
    head = profile(origins, bare).headline.iloc[0]
    assert pd.isna(head["risk"])
    assert (head["known_share"], head["unknown_share"], head["largest"]) == (0.0, 1.0, "")


def test_a_country_speaks_for_its_provinces_unless_they_speak():
    rows = [("injury", "CAN", 5.0), ("injury", "CA-QC", 2.0)]
    found = spread_over_members(
        pd.DataFrame(rows, columns=["indicator", "place", "value"]), {"CAN": ("CA-QC", "CA-ON"), "CA-QC": ("CA-QC",)}
    )
    assert dict(zip(found["place"], found["value"], strict=True)) == {"CAN": 5.0, "CA-QC": 2.0, "CA-ON": 5.0}


def test_a_package_with_a_table_by_hand(package, given, tmp_path):
    found = measure_social_of_package(package, "cell", place="Korea", flows=given, indicators=table(tmp_path))
    head = {(row["stage"], row["indicator"]): row for row in found.meta["headline"]}
    child = head["mine", "child_labour"]
    shares = found.data.query("stage == 'mine' and indicator == 'child_labour'").set_index("origin")["share"]
    assert shares.sum() == pytest.approx(1)
    assert child["risk"] == pytest.approx(17 * shares["Congo"] + 1 * shares["Cuba"])
    assert head["mine", "injury"]["unknown_share"] == pytest.approx(1)
    assert head["refine", "injury"]["known_share"] > 0
    assert {row["indicator"] for row in found.meta["headline"]} == set(KNOWN)
    assert any("not a finding" in warning for warning in found.warnings)


def test_a_place_that_makes_none_is_told_to_be_a_buyer(package, given, tmp_path):
    ask = {"flows": given, "indicators": table(tmp_path), "stage": "MINE"}
    found = measure_social_of_package(package, "ore", place="China", **ask)
    assert any(warning.startswith("nothing of ore is made in China") for warning in found.warnings)
    found = measure_social_of_package(package, "cell", place="Korea", **ask)
    assert not any(warning.startswith("nothing of") for warning in found.warnings)


def test_the_page_prints_what_the_program_finds(package, given, tmp_path):
    found = measure_social_of_package(package, "cell", place="Korea", flows=given, indicators=table(tmp_path), stage="mine")
    head = {row["indicator"]: row for row in found.meta["headline"]}
    shares = found.data.query("indicator == 'child_labour'").set_index("origin")["share"]
    text = PAGE.read_text(encoding="utf-8")
    for number in (f"{shares['Congo']:.1%}", f"{shares['Cuba']:.1%}", f"{head['child_labour']['risk']:.1f} per cent"):
        assert number.replace("%", " %") in text or number in text, number


def test_a_table_without_the_year_asked_for_gives_the_nearest(package, given, tmp_path):
    text = "place,indicator,value,unit,year\nCongo,water,1,index,2000\nCongo,water,9,index,2029\n"
    found = measure_social_of_package(package, "cell", flows=given, indicators=table(tmp_path, text), stage="mine")
    own = found.data.query("indicator == 'water' and origin == 'Congo'")
    assert own["risk"].to_list() == [9.0]


def test_every_mistake_of_a_table_is_named(package, given, tmp_path):
    rows = (
        "Atlantis,injury,1,per_100000",
        "Cuba,injury,-1,per_100000",
        "Cuba,injury,2,percent",
        "Congo,water,1,a",
        "Congo,water,2,b",
    )
    text = "\n".join(["place,indicator,value,unit", *rows, ""])
    with pytest.raises(BadInput) as caught:
        measure_social_of_package(package, "cell", flows=given, indicators=table(tmp_path, text))
    told = str(caught.value)
    assert len(caught.value.problems) == 6
    for word in ("Atlantis", "row 3, value", "row 4, unit", "injury of Cuba again", "row 6, unit", "water of Congo again"):
        assert word in told
    for text in (
        "",
        "place,indicator\nCuba,injury\n",
        "place,indicator,value,unit\n",
        "place,indicator,value,unit\nCuba,injury,much,percent\n",
    ):
        with pytest.raises(BadInput):
            measure_social_of_package(package, "cell", flows=given, indicators=table(tmp_path, text))


def test_unknown_names_are_refused(package, given):
    for asked in ({"element": "kryptonite"}, {"place": "Atlantis"}):
        with pytest.raises(NotFound):
            measure_social_of_package(package, "cell", flows=given, **asked)


def test_the_reference_network_answers_for_cobalt():
    found = measure_social(open_ledger(), "CELL", place="KOR", element="cobalt")
    head = {(row["stage"], row["indicator"]): row for row in found.meta["headline"]}
    assert head["mine", "child_labour"]["largest"] == "COD"
    assert 3 < head["mine", "governance"]["risk"] < 10
    assert head["mine", "governance"]["known_share"] > 0.8
    assert "worldbank_wgi_2024" in {source["source"] for source in found.meta["sources"]}
    assert "orepact_recalled" not in {source["source"] for source in found.meta["sources"]}
    more = measure_social(open_ledger(include_unverified=True), "CELL", place="KOR", element="cobalt")
    assert "orepact_recalled" in {source["source"] for source in more.meta["sources"]}
    assert "unverified" in set(more.data["confidence"])


def test_governance_carries_the_year_and_confidence_of_its_claims():
    table, claims = shipped_indicators(open_ledger(), 2027)
    governed = table[table["indicator"] == "governance"]
    estimates = claims[claims["attribute"].str.startswith("governance")]
    assert set(governed["year"]) == set(estimates["year"]) == {"2023"}
    assert set(governed["confidence"]) == {"estimated"}


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_the_command_answers_in_three_forms(package, given, tmp_path, form, capsys):
    file = table(tmp_path)
    words = [
        "--network",
        package,
        "--commodity",
        "CELL",
        "--place",
        "Korea",
        "--flows",
        given,
        "--indicators",
        file,
        "--format",
        form,
    ]
    code = run(["measure", "social", *map(str, words)])
    said = capsys.readouterr()
    assert code == 0, said.err
    assert "child_labour" in said.out
    if form == "json":
        assert {"element", "stage", "indicator", "origin", "share", "risk", "contribution"} <= set(
            json.loads(said.out)["data"][0]
        )
