"""What the baseline of a past year observes, on the shipped facts and on small invented claims."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Network
from orepact.chain.reference import baseline_case
from orepact.chain.reference.baseline_case import BaselineCase
from orepact.chain.reference.observation_rules import observation_rules
from orepact.chain.reference.observations import Observation, Term, observations_frame
from orepact.chain.reference.observed_closure import ObservedClosure
from orepact.chain.reference.rules import base_year_rules
from orepact.chain.reference.site_costs import PlannedSite
from orepact.errors import BadInput
from orepact.facts import Codes, Ledger
from orepact.facts.customs import EDITIONS, code_of_note, codes_in


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.shipped()


@pytest.fixture(scope="module")
def case(ledger: Ledger) -> BaselineCase:
    return baseline_case(ledger, 2024)


@pytest.fixture(scope="module")
def case_2023(ledger: Ledger) -> BaselineCase:
    return baseline_case(ledger, 2023)


def first_rows(case: BaselineCase) -> pd.DataFrame:
    table = case.network.observations
    return table[~table["observation"].duplicated()].set_index("observation")


# The table -------------------------------------------------------------------------------------------


def test_a_sum_of_terms_stands_in_one_observation() -> None:
    terms = (Term("production", "a", "X"), Term("production", "b", "X", factor=0.5))
    frame = observations_frame([Observation("o", terms, 7.0, 1.0, "reported", "s", counts=False, note="n")], 2024)
    assert frame["observation"].tolist() == ["o", "o"]
    assert frame["factor"].tolist() == [1.0, 0.5]
    assert frame["quantity"].tolist()[0] == 7.0
    assert np.isnan(frame["quantity"].tolist()[1])
    assert frame["counts"].tolist() == ["no", "no"]


def test_spreads_multiply_confidence_and_grade_and_add_what_is_independent() -> None:
    rules = observation_rules()
    plain = rules.relative("mine_production", "reported", "A")
    assert plain == pytest.approx(rules.spread["mine_production"])
    assert rules.relative("mine_production", "estimated", "B") == pytest.approx(plain * 2.0 * 1.2)
    assert rules.relative("mine_production", "reported", "A", 0.12) == pytest.approx(np.hypot(plain, 0.12))


def test_sites_of_a_place_are_expected_together() -> None:
    sites = [
        PlannedSite("rest_x__p", "", "p", "X", "", "", 40.0, "operating", "derived"),
        PlannedSite("mill", "", "p", "X", "", "", 10.0, "operating", "reported"),
    ]
    rest, mill = ObservedClosure({"p": 0.5}, {}).rows(sites)
    assert (rest.quantity, mill.quantity) == (20.0, 5.0)
    assert rest.standard_deviation == pytest.approx(0.5 * np.sqrt(20.0 * 25.0))
    assert mill.standard_deviation == pytest.approx(0.3 * np.sqrt(5.0 * 25.0))


# Customs codes ---------------------------------------------------------------------------------------


def test_a_code_stands_until_a_younger_edition_changes_it() -> None:
    codes = Codes.shipped()
    assert codes.commodities_of_hs("HS1996", "810510") == ("cobalt_metal",)
    assert codes.commodities_of_hs("HS2022", "810520") == ("cobalt_metal",)
    assert codes.commodities_of_hs("HS2002", "810510") == ()
    assert codes_in({"HS2012": ["850760"]}, "HS2007") == ()


def test_codes_that_cover_several_commodities() -> None:
    codes = Codes.shipped()
    for edition in EDITIONS:
        assert codes.commodities_of_hs(edition, "260400") == ("nickel_ore", "nickel_concentrate")
        assert codes.commodities_of_hs(edition, "283329") == ("cobalt_sulphate", "manganese_sulphate")
        assert set(codes.commodities_of_hs(edition, "250410")) == {"natural_graphite_flake", "spherical_graphite"}


def test_an_edition_that_never_was_is_named() -> None:
    with pytest.raises(BadInput, match="HS2019") as caught:
        Codes.shipped().commodities_of_hs("HS2019", "283691")
    assert "HS2017" in caught.value.problems[0].expected


def test_notes_name_edition_and_code() -> None:
    assert code_of_note("HS2022 283329; imported") == ("HS2022", "283329")
    assert code_of_note("no code here 123456") == ("", "")


# The shipped year -----------------------------------------------------------------------------------


def test_the_case_is_a_sound_network(case: BaselineCase) -> None:
    assert case.network.check() == []
    assert case.network.years == (2024,)
    assert Network.baseline_case.__doc__


def test_every_statistic_of_the_closure_is_observed() -> None:
    rules = observation_rules()
    for rule in base_year_rules().values():
        said = rule.statistic
        if said is not None and said.attribute != "production":
            assert (said.attribute, said.thing) in rules.statistics, rule.process


def test_every_term_names_something_that_is_there(case: BaselineCase) -> None:
    network, table = case.network, case.network.observations
    flows = table[table["kind"] == "flow"]
    routes = set(zip(network.routes["commodity"], network.routes["origin"], network.routes["destination"], strict=True))
    for commodity, origin, destination in zip(flows["commodity"], flows["origin"], flows["destination"], strict=True):
        ends = ((a, b) for a in network.members(origin) for b in network.members(destination))
        assert any((commodity, *pair) in routes for pair in ends), (commodity, origin, destination)
    assert set(table.loc[table["site"] != "", "site"]) <= set(network.site_index)


def test_rivals_are_observed_and_older_editions_only_shown(case: BaselineCase) -> None:
    rows = first_rows(case)
    assert rows.loc["mine_production:COD/cobalt:usgs_mcs2026", "counts"] == "yes"
    assert rows.loc["mine_production:COD/cobalt:iea_critical_minerals_2025", "counts"] == "yes"
    old = rows.loc["mine_production:COD/cobalt:usgs_mcs2025"]
    assert old["counts"] == "no"
    assert "superseded by usgs_mcs2026" in old["note"]


def test_the_sum_of_a_source_is_shown_beside_its_parts(case: BaselineCase) -> None:
    row = first_rows(case).loc["mine_production:world/cobalt:usgs_mcs2026"]
    assert row["counts"] == "no"
    assert "sum of its parts" in row["note"]


def test_a_statistic_of_an_element_counts_contained_tonnes(case: BaselineCase) -> None:
    table = case.network.observations
    rows = table[table["observation"] == "refinery_production:CHN/nickel:iea_critical_minerals_2025"]
    factor = dict(zip(rows["commodity"] + rows["process"], rows["factor"], strict=True))
    assert factor["nickel_class1"] == pytest.approx(0.998)
    assert factor["nickel_pig_iron"] == pytest.approx(0.12)
    assert factor["sulphate_from_class1"] < 0  # what it takes in is counted already


def test_the_rest_of_a_sources_world_is_what_it_does_not_name(case: BaselineCase) -> None:
    table = case.network.observations
    rows = table[table["observation"] == "refinery_production:ROW/copper:usgs_mcs2026"]
    assert "ROW" in set(rows["place"])
    assert not {"CHN", "CHL", "JPN"} & set(rows["place"])


def test_a_shared_code_is_one_observation_with_a_term_each(case: BaselineCase) -> None:
    table = case.network.observations
    rows = table[table["observation"].str.startswith("trade_quantity:PHL>CHN/nickel_ore+nickel_concentrate")]
    assert set(rows["commodity"]) == {"nickel_ore", "nickel_concentrate"}
    assert rows["quantity"].notna().sum() == 1


def test_cobalt_of_the_congo_is_one_flow_with_two_reports(case_2023: BaselineCase) -> None:
    table = case_2023.network.observations
    rows = table[table["observation"].str.startswith("trade_quantity:COD>CHN/cobalt_hydroxide")]
    assert len(rows) == 2
    assert set(zip(rows["commodity"], rows["origin"], rows["destination"], strict=True)) == {("cobalt_hydroxide", "COD", "CHN")}
    told = dict(zip(rows["observation"].str[-6:], rows["counts"], strict=True))
    assert told == {"282200": "no", "810510": "yes"}
    assert rows["quantity"].round(-3).tolist() == [264e3, 387e3]
    assert rows.loc[rows["counts"] == "no", "note"].str.contains("possible_double_report").all()


def test_unverified_reports_count_when_asked_for(ledger: Ledger) -> None:
    table = baseline_case(ledger.at(include_unverified=True), 2023).network.observations
    rows = table[table["observation"].str.startswith("trade_quantity:COD>CHN/cobalt_hydroxide")]
    assert set(rows["counts"]) == {"yes"}


def test_transit_and_small_flows_are_left_out_with_reasons(case: BaselineCase) -> None:
    reasons = {item.reason for item in case.left_out}
    assert any("transit or re-export" in reason for reason in reasons)
    assert any("least share" in reason for reason in reasons)
    assert all(item.reason for item in case.left_out)


def test_cars_sold_are_an_observation_of_both_families(case: BaselineCase) -> None:
    table = case.network.observations
    rows = table[table["observation"] == "sales:KOR/ev_car:iea_gevo_2026"]
    assert set(rows["commodity"]) == {"ev_car_lfp", "ev_car_nickel"}
    assert set(rows["kind"]) == {"demand"}


def test_a_statistic_without_the_year_is_carried_loosely(case_2023: BaselineCase) -> None:
    evidence = case_2023.reference.evidence
    silent = replace(evidence, base_year=2021, _by_place={}, _recent={})
    values, year = silent.carried("refinery_production", "rare_earths")
    assert year > 2021
    assert values["CHN"] > 0
    rows = first_rows(case_2023)
    loose = rows[rows["note"].str.startswith("no figure of 2023")]
    assert (loose["standard_deviation"] >= 0.3 * loose["quantity"]).all()
    assert set(loose["confidence"]) <= {"estimated"}


def test_trade_that_nobody_weighs_follows_from_dollars_and_the_price(case_2023: BaselineCase) -> None:
    rows = first_rows(case_2023)
    copper = rows[rows.index.str.startswith("trade_value:") & (rows["commodity"] == "copper_cathode")]
    assert 6e6 < copper["quantity"].sum() < 11e6  # about nine million tonnes of cathode cross a border in a year
    assert copper["note"].str.contains("tonnes from dollars at").all()
    assert (copper["standard_deviation"] >= 0.4 * copper["quantity"]).all()
    assert not rows.index.str.startswith("trade_value:COD>CHN/cobalt").any()  # weighed already


def test_a_year_without_mines_names_those_that_have_them(ledger: Ledger) -> None:
    with pytest.raises(BadInput) as caught:
        Network.baseline_case(ledger, 2010)
    first = caught.value.problems[0]
    assert "2023, 2024" in first.expected
    assert "2010" in first.found
