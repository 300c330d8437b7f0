"""Published results from the shipped facts: supply risk of the EU study of 2023, top three refiners of the IEA in 2024."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tools.criticality_table import BEGIN, END, PAGE, main, page

import orepact
from orepact.facts import Ledger
from orepact.measure.risk.agreement import AGREEING
from orepact.measure.risk.eu_study import Study
from orepact.service import measure_concentration
from orepact.service.concentrating import GOVERNANCE

#: Supply risk that the study prints for elements of the chain and what decides it.
PRINTED = {
    "cobalt": (2.8, "extraction"),
    "lithium": (1.9, "processing"),
    "natural_graphite": (1.8, "extraction"),
    "manganese": (1.2, "extraction"),
    "nickel": (0.5, "processing"),
    "copper": (0.1, "extraction"),
    "aluminium": (1.2, "extraction"),
    "phosphorus": (3.3, "processing"),
    "fluorspar": (1.1, "extraction"),
    "iron_ore": (0.5, "extraction"),
}
#: Average share of the three largest refining nations in 2024 (Global Critical Minerals Outlook 2025, executive summary).
TOP_THREE = 0.86
REFINED = ("cobalt", "copper", "graphite", "lithium", "nickel", "rare_earths")


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.shipped()


@pytest.fixture(scope="module")
def study(ledger: Ledger) -> Study:
    return Study.of(ledger)


@pytest.mark.parametrize("material", PRINTED)
def test_elements_of_the_chain_follow_from_the_printed_inputs(study: Study, material: str) -> None:
    published, stage = PRINTED[material]
    found = study.assess(material)
    assert found.published == published
    assert found.decisive is not None
    assert found.decisive.stage == stage
    assert found.decisive.agreement.kind == (
        "edition" if material == "lithium" else "equal" if material != "phosphorus" else "rounding"
    )
    low, high = found.decisive.span
    assert low * 0.98 - 0.05 <= published <= high * 1.02 + 0.05


def test_every_stage_with_complete_inputs_is_computed_and_most_agree(study: Study) -> None:
    stages = [stage for name in study.materials for stage in study.assess(name).stages]
    kinds = [stage.agreement.kind for stage in stages]
    assert len(stages) == 125
    assert kinds.count("missing") == 2
    assert kinds.count("equal") >= 69
    assert sum(kinds.count(kind) for kind in AGREEING) >= 96
    for stage in stages:
        assert (stage.agreement.kind == "missing") == bool(stage.terms.missing)
        assert stage.agreement.words
        if stage.agreement.kind == "missing":
            assert (stage.material, stage.stage) in {("silica_sand", "extraction"), ("titanium_metal", "extraction")}


def test_published_groups_are_the_means_of_their_members(study: Study) -> None:
    for name in ("heavy_rare_earths", "light_rare_earths", "platinum_group_metals"):
        group = study.assess(name)
        printed = sum(member.published for member in group.members) / len(group.members)
        assert printed == pytest.approx(group.published, abs=0.051), name


def test_suppliers_of_the_world_add_up_where_the_study_prints_them_all(study: Study) -> None:
    totals = {(name, stage.stage): stage.world.covered for name in study.materials for stage in study.assess(name).stages}
    short = {key: total for key, total in totals.items() if total and not 0.96 <= total <= 1.04}
    assert set(short) == {
        ("boron", "processing"), ("nickel", "extraction"), ("nickel", "processing"), ("roundwood", "extraction"),
        ("titanium", "processing"), ("vanadium", "processing"),
    }  # fmt: skip


def test_the_tables_of_the_page_are_current() -> None:
    """Otherwise: python -m tools.criticality_table."""
    assert main(["--check"]) == 0
    text = PAGE.read_text(encoding="utf-8")
    stale = text[: text.index(BEGIN)] + BEGIN + "old" + END + text[text.index(END) + len(END) :]
    assert page(stale) == text


def top_three_of_the_agency(ledger: Ledger, element: str) -> float:
    rows = ledger.select("refinery_production", thing=element, year=2024)
    rows = rows[rows["source"].str.startswith("iea")]
    named = rows[~rows["place"].isin(["world", "ROW"])]["number"]
    return float(named.nlargest(3).sum() / rows.loc[rows["place"] == "world", "number"].iloc[0])


def test_the_average_share_of_the_top_three_refiners(ledger: Ledger) -> None:
    shares = {element: top_three_of_the_agency(ledger, element) for element in REFINED}
    assert sum(shares.values()) / len(shares) == pytest.approx(TOP_THREE, abs=0.005)


def test_our_concentration_gives_the_top_three_of_the_agency(ledger: Ledger) -> None:
    """The table of docs/why/criticality.md; copper differs, since the survey names what the agency's rest of the world holds."""
    printed = dict(re.findall(r"^\| ([a-z ]+) \| ([\d.]+ % \| [\d.]+) %", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    for element in REFINED:
        ours = measure_concentration(ledger, element, stage="refine", year=2024).meta["top3"]
        agency = top_three_of_the_agency(ledger, element)
        assert printed[element.replace("_", " ")] == f"{agency:.1%} | {ours:.1%}".replace("%", " %", 1).removesuffix("%")
        if element != "copper":
            assert ours == pytest.approx(agency, abs=5e-4)


# -- a second reading of the shipped table, without pandas and without our classes


def plain_claims() -> dict[tuple[str, str], str]:
    path = Path(orepact.__file__).parent / "data" / "facts" / "criticality.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {(row["subject"], row["attribute"]): row["value"] for row in csv.DictReader(stream)}


def plain_hhi(claims: dict[tuple[str, str], str], material: str, share: str, trade: str) -> float:
    total = 0.0
    for (subject, attribute), value in claims.items():
        if attribute == share and subject.endswith(f"/{material}"):
            place = subject.split("/")[0]
            risk = (2.5 - float(claims[place, "governance_mean"])) * 2
            total += float(value) ** 2 * risk * float(claims.get((subject, trade), "1"))
    return total


@pytest.mark.parametrize(
    "material", ["aluminium", "bismuth", "cobalt", "lithium", "magnesium", "manganese", "nickel", "tungsten"]
)
def test_a_plain_reading_of_the_table_gives_the_same(study: Study, material: str) -> None:
    claims = plain_claims()
    for stage in study.assess(material).stages:
        name = stage.stage
        world = plain_hhi(claims, material, f"{name}_share", f"trade_parameter_{name}")
        bought = plain_hhi(claims, material, f"eu_{name}_sourcing_share", f"eu_trade_parameter_{name}")
        reliance = float(claims.get((material, f"eu_import_reliance_{name}"), "nan"))
        weight = {"global": 1.0, "EU": 0.0}.get(claims[material, f"supply_considered_{name}"], reliance / 2)
        kept = 1 - float(claims[material, "end_of_life_recycling_input_rate"])
        expected = (world * weight + bought * (1 - weight)) * kept * float(claims[material, "substitution_index_supply_risk"])
        assert stage.supply_risk == pytest.approx(expected), name


def test_mean_governance_is_that_of_the_shipped_estimates(ledger: Ledger) -> None:
    estimates = ledger.select(list(GOVERNANCE), year=list(range(2016, 2021)))
    estimates = estimates[estimates["source"] == "worldbank_wgi_2024"]
    means = estimates.groupby("place")["number"].mean()
    claimed = ledger.select("governance_mean").set_index("place")["number"]
    both = means.index.intersection(claimed.index)
    assert len(both) > 50
    assert (means[both] - claimed[both]).abs().max() < 1e-4


def test_suppliers_of_the_study_all_have_a_governance(study: Study) -> None:
    suppliers = set(study.claims["place"]) - {""}
    assert suppliers <= set(study.governance)
