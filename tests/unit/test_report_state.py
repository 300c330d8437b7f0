"""The answers on where we are: traced origins, what changed, carbon and rules, on a chain small enough to check on paper."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from brief_sample import sample_material
from orepact.chain import Flows
from orepact.chain.reference.observations import Observation, Term, observations_frame
from orepact.facts import Codes
from orepact.report.assemble import Material, assemble
from orepact.report.brief import Picture
from orepact.report.changes import Changes, Moved
from orepact.report.eligibility import plain_words
from orepact.report.scope import products
from orepact.report.stated import Stated
from orepact.report.views import csv_text
from orepact.report.words import THIN


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return sample_material(tmp_path_factory.mktemp("brief") / "facts")


def test_cells_of_korea_hold_a_tenth_of_a_tonne_of_lithium_a_megawatt_hour(material: Material) -> None:
    found = material.traced.found("KOR", "lithium", "mine", "place")
    assert found is not None
    assert found.shares.sum() == pytest.approx(1.0)
    assert found.of("CHN") == pytest.approx(1.0)  # the mine in Quebec comes later
    assert material.traced.found("CAN", "lithium", "refine", "place") is None


def test_the_last_seller_stands_beside_what_tracing_finds(material: Material) -> None:
    by_place = {item.place: item for item in material.last_seller.compared}
    assert by_place["KOR"].sold == pytest.approx(0.9)  # 900 of 1000 t of hydroxide
    assert by_place["KOR"].refined == by_place["KOR"].owned == pytest.approx(1.0)
    widest = material.last_seller.widest()
    assert widest is not None
    assert widest.place == "JPN"  # 500 of 1000.5 t, and all of it traced to China
    assert "50" in material.last_seller.words(widest)


def test_output_and_dependence_are_compared_with_the_year_before(material: Material) -> None:
    moved = {(item.product.id, item.country): item for item in material.changes.output}
    cells = moved["cells", "KOR"]
    assert (cells.before, cells.after) == (pytest.approx(0.5), pytest.approx(1.0))
    assert cells.part == pytest.approx(0.25)  # half a gigawatt-hour of the world's two
    assert material.changes.output == sorted(material.changes.output, key=lambda item: -abs(item.part))
    assert all(row[3:] == (pytest.approx(1.0), pytest.approx(1.0)) for row in material.changes.leaning)
    assert len(material.changes.leaning) == 4  # Korea and Japan, by place and by owner


def stated(flows: Flows, said: float) -> Stated:
    """A source that states China's output of hydroxide, beside a balance that is four deviations away."""
    network, year = flows.network, flows.years[0]
    made = flows.production
    fitted = float(made.loc[(made["commodity"] == "lithium_hydroxide") & (made["place"] == "CHN"), "quantity"].sum())
    item = Observation("production:CHN", (Term("production", "lithium_hydroxide", "CHN"),), said, said / 10, source="survey")
    row = {"observation": item.id, "words": "China's output of hydroxide", "quantity": said, "unit": "t", "fitted": fitted}
    row |= {"standard_deviation": said / 10, "standardised": -4.0, "source": item.source, "counts": True}
    told = replace(flows, network=network.with_tables(observations=observations_frame([item], year)))
    return Stated(told, pd.DataFrame([row]), Codes.shipped())


def test_what_a_source_states_stands_beside_the_balance_and_in_the_words(material: Material) -> None:
    assert material.earlier is not None
    known = {2023: stated(material.earlier, 2500.0), 2024: stated(material.base, 3000.0)}
    changes = replace(material.changes, stated=known)
    moved = {(item.product.id, item.country): item for item in changes.output}["lithium_chemicals", "CHN"]
    assert (moved.said_before, moved.said_after) == (pytest.approx(250.0), pytest.approx(300.0))  # a tenth is lithium
    assert f"Survey Office states 3{THIN}000 t for China's output of hydroxide in 2024" in changes.overruled_words("lithium")
    assert changes.overruled_words("cobalt") == ""
    assert material.changes.overruled_words("lithium") == ""


def test_output_from_nothing_is_doubted_and_leads_no_sentence(material: Material) -> None:
    product = products()["cells"]
    assert Moved(product, "KOR", 0.0, 5.0, 0.5).doubtful
    assert Moved(product, "KOR", 2.0, 5.0, 0.5).doubtful
    assert not Moved(product, "KOR", 2.0, 5.0, 0.5, 2.0, 5.0).doubtful
    assert not Moved(product, "KOR", 4.0, 5.0, 0.5).doubtful
    changes = Changes(material.ledger, material.traced, material.changes.earlier, material.changes.basis)
    changes.__dict__["output"] = [Moved(product, "KOR", 0.0, 5.0, 0.5)]
    assert changes.output_sentence() == ""
    assert changes.output_table().rows[0].cells["doubt"]


def test_the_section_says_why_the_year_before_is_missing(material: Material) -> None:
    bare = replace(material, earlier=None, earlier_problem="no figure of mines")
    words = " ".join(next(section for section in assemble(bare).sections if section.id == "changes").answer)
    assert "2023 cannot be balanced" in words
    assert "no figure of mines" in words


def test_the_largest_seller_of_each_year_is_that_of_customs(material: Material) -> None:
    rows = material.changes.trade.set_index(["place", "year"])
    assert (rows.loc[("KOR", 2015), "seller"], rows.loc[("KOR", 2015), "share"]) == ("CHL", pytest.approx(0.6))
    assert (rows.loc[("KOR", 2024), "seller"], rows.loc[("KOR", 2024), "share"]) == ("CHN", pytest.approx(0.9))
    assert rows.loc[("JPN", 2024), "seller"] == "CHL"
    assert any(f"60{THIN}%" in words and f"90{THIN}%" in words for words in material.changes.sentences())


def test_without_the_year_before_only_trade_is_told(material: Material) -> None:
    changes = replace(material, earlier=None).changes
    assert (changes.output, changes.leaning) == ([], [])
    assert len(changes.sentences()) == 1
    assert changes.trade_picture() is not None


def test_carbon_is_power_times_grid_of_the_plant_and_of_what_went_in(material: Material) -> None:
    carbon = material.carbon
    korea, japan = carbon.all_of["KOR"], carbon.all_of["JPN"]
    upstream = 2 * 0.5 * 2 * 50 * 0.6  # kg a MWh: 2 t of ore a MWh of cell, 50 kWh a tonne, grid of China
    assert korea.kg_per_kwh == pytest.approx((40_000 * 0.4 + upstream) / 1000)
    assert japan.kg_per_kwh == pytest.approx((40_000 * 0.5 + upstream) / 1000)
    assert carbon.abroad("KOR") == pytest.approx(upstream / (40_000 * 0.4 + upstream))
    row = carbon.steps_table().rows[0].cells
    parts = [
        float(str(row[key])) for key in ("mines", "refineries", "cathode_and_anode", "other_parts", "cell_plant", "transport")
    ]
    assert sum(parts) == pytest.approx(float(str(row["total"])))
    where = carbon.where_table({"KOR": carbon._by_place("KOR")}).rows
    assert sum(float(str(item.cells["share"])) for item in where) == pytest.approx(1.0, abs=0.01)


def test_every_answer_has_a_sign_a_word_and_a_reason(material: Material) -> None:
    found = material.eligibility
    row = found.matrix().rows[0]
    assert (row.cells["place"], row.cells["ckfta"], row.cells["concern_25"]) == ("Korea", "pass", "fail")
    assert "cathode material NMC811 of China-owned makers" in row.own["concern_25"].method
    text = csv_text(found.reasons_table())
    assert "undetermined" in text
    assert found.matrix().rows[1].cells["place"] == "Quebec*"
    assert "law_2" in " ".join(found.sentences())
    assert "not legal advice" in " ".join(found.sentences())
    assert "An annex was not read." in found.matrix().note


def test_what_passing_costs_and_what_to_buy(material: Material) -> None:
    found = material.eligibility
    (item,) = found.mendable
    assert found.change_words(item) == f"60{THIN}% of the cathode material NMC811 from Korea instead of China"
    assert found.costs_table().rows[0].cells["concern_25"] == 1.25
    assert found.changes_table().rows[0].cells["extra"] == 1.25


def test_each_new_section_has_a_finding_sentences_and_tables_with_numbers(material: Material) -> None:
    brief = assemble(material)
    sections = {section.id: section for section in brief.sections}
    leading = {finding.section for finding in brief.findings}
    for name in ("origin", "changes", "carbon", "eligibility"):
        assert sections[name].answer
        assert list(sections[name].tables)
        assert name in leading or name == "changes"  # nothing moved between the two years of the sample
    for section in brief.sections:
        assert all(
            block.table is not None for block in section.blocks if isinstance(block, Picture) and section.id in leading
        ) or (section.id in {"exposure", "buildout", "target"})


def test_without_rules_or_factors_the_sections_say_so(material: Material) -> None:
    bare = replace(material, assessed=())
    sections = {section.id: section for section in assemble(bare).sections}
    assert sections["eligibility"].blocks == ()
    assert sections["eligibility"].answer


def test_ids_become_names() -> None:
    codes = Codes.shipped()
    assert plain_words(codes, "cam_lfp of Nano One in CA-QC; US 45X and 8507.60 stay") == (
        f"{'cathode material LFP'} of Nano One in Quebec; US 45X and 8507.60 stay"
    )
