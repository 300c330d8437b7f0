"""The shipped projects and contracts: joined to the facts, agreeing with them, and telling what the rules are asked."""

from datetime import date

import pytest

from orepact.facts import Ledger
from orepact.pact.projects.contracts import Contract, committed, yearly
from orepact.pact.projects.fulfilment import fulfilled
from orepact.pact.projects.history import late, realised, slip_curve
from orepact.pact.projects.project import Project
from orepact.pact.records.reading import shipped
from orepact.pact.records.register import Register
from orepact.pact.supply.cascade import cascade
from orepact.pact.supply.plants import chain_on

TODAY = date(2026, 11, 22)
FOLLOWED = "projects_2026"


@pytest.fixture(scope="module")
def ledger():
    return Ledger.shipped().at(include_unverified=True)


def states_of(ledger, kind):
    """Entity to its dated states in the facts, those aside that only say that nothing is known."""
    claims = ledger.select("status", kind=kind)
    claims = claims[(claims["source"] == FOLLOWED) & (claims["value"] != "unknown")]
    found = {}
    for entity, value, since in claims[["entity", "value", "valid_from"]].itertuples(index=False):
        found.setdefault(entity, set()).add((since, value))
    return found


class TestTheJoinToTheFacts:
    def test_every_followed_site_is_a_project(self, ledger):
        claims = ledger.select("corridor", kind="site")
        assert {project.site for project in shipped().all(Project)} == set(claims["entity"])

    def test_every_contract_of_the_facts_is_a_record(self, ledger):
        ids = {contract.id.replace("-", "_") for contract in shipped().all(Contract)}
        assert set(ledger.select("corridor", kind="contract")["entity"]) <= ids

    def test_the_states_are_those_of_the_facts(self, ledger):
        known = states_of(ledger, "site")
        for project in shipped().all(Project):
            assert {(one.date, one.status) for one in project.statuses} == known.get(project.site, set()), project.id

    def test_goods_and_sites_of_contracts_are_known(self, ledger):
        sites = set(ledger.select("located_in", kind="site")["entity"])
        for contract in shipped().all(Contract):
            assert {contract.site, contract.buyer_site} - {None} <= sites, contract.id
            assert contract.commodity is None or ledger.codes.thing(contract.commodity)

    def test_amounts_are_those_of_the_facts(self, ledger):
        claims = ledger.select("contract_quantity", kind="contract")
        for contract in shipped().all(Contract):
            own = {v.quantity.amount for v in contract.versions if v.quantity}
            told = set(claims.loc[claims["entity"] == contract.id.replace("-", "_"), "number"])
            assert own <= told or contract.contract_kind == "feed", contract.id


class TestWhatTheRulesSay:
    def test_the_honda_plants_slipped_and_lost_their_date(self):
        curve = slip_curve(shipped().get(Project, "honda-alliston-cells"), TODAY)
        assert [(slip.planned_for, slip.months) for slip in curve] == [("2028", 0.0), ("2030", 24.0), ("", None)]

    def test_the_separator_plant_slipped_by_at_least_a_year(self):
        last = slip_curve(shipped().get(Project, "asahi-port-colborne"), TODAY)[-1]
        assert (last.low, last.months, last.high) == (12.1, 21.0, 29.9)

    def test_the_converter_in_delta_came_four_months_late(self):
        first, last = slip_curve(shipped().get(Project, "mangrove-delta"), TODAY)
        assert (first.months, last.reached, last.low, last.high) == (0.0, True, 3.5, 4.5)

    def test_dates_that_passed_in_silence(self):
        found = {(one.project, one.milestone) for one in late(shipped().all(Project), TODAY)}
        assert ("src-ree", "full") in found
        assert not {"honda-alliston-ev", "mangrove-delta", "ecopro-cam"} & {name for name, _ in found}

    def test_what_became_of_plans(self):
        """By hand from the dated states: three years after its first report Nano One worked, of 20 plans; 3 had ended."""
        found = realised(shipped().all(Project), TODAY, months=36)
        assert (found.followed, found.working, found.ended, found.resting, found.under_way) == (20, 1, 3, 2, 14)
        assert found.high - found.low > 0.1

    def test_two_buyers_of_one_anode_plant_are_both_counted_once(self):
        found = committed(shipped().all(Contract), "nmg_becancour", 2028, TODAY)["coated_spherical_graphite"]
        assert (found.firm, found.conditional) == (0, 36_000)

    def test_the_cobalt_contract_changed_its_measure(self):
        contract = shipped().get(Contract, "ot-electra-lges")
        assert yearly(contract.version(date(2023, 1, 1)))[0] == pytest.approx(7000 / 3)
        assert yearly(contract.version(TODAY)) == (None, "t")
        assert yearly(contract.version(TODAY), output=6500) == (5200.0, "t")
        assert fulfilled(contract, TODAY).delivered == 0

    def test_a_memorandum_promises_nothing(self):
        assert committed(shipped().all(Contract), "nal", 2029, TODAY) == {}

    def test_a_rival_amount_stays_beside_the_winner(self):
        version = shipped().get(Contract, "ot-pmet-vw").version(TODAY)
        assert (version.quantity.basis, [rival.quantity.basis for rival in version.rivals]) == ("per_year", ["total"])


class TestTheCascadeWithTheRegister:
    def test_the_nickel_sulphate_plant_falls_with_the_precursor_plant(self):
        chain = chain_on(Ledger.shipped().at("2025-09-30"), shipped(), date(2025, 9, 30))
        falls = {fall.site: fall for fall in cascade(["ultium_cam_2"], chain).falls}
        assert falls["vale_becancour_niso4"].strength == max(fall.strength for fall in falls.values())
        assert falls["vale_becancour_niso4"].path[0].commodity == "nickel_sulphate"

    def test_the_refinery_in_alberta_falls_with_the_mine_in_cuba(self):
        chain = chain_on(Ledger.shipped().at("2026-01-31", include_unverified=True), shipped(), date(2026, 1, 31))
        fall = cascade(["moa_jv"], chain).falls[0]
        assert (fall.site, fall.strength, fall.path[0].contract) == ("sherritt_fort_sask", 1.0, "feed-moa-sherritt")

    def test_contracts_become_shares_of_output(self, ledger):
        chain = chain_on(ledger.at("2026-11-22"), shipped(), TODAY)
        sold = {tie.contract: tie.sold for tie in chain.ties}
        assert (sold["ot-electra-lges"], sold["ot-coppermtn-mmc"]) == (0.8, 0.85)
        assert sold["ot-nemaska-ford"] == pytest.approx(13_000 / 32_000)
        assert sold["ot-nmg-panasonic"] is None  # the capacity of the plant is not known
        assert "ot-avalon-lges" not in sold  # binds nobody
        assert "exit-cariboo" not in sold  # has ended

    def test_a_state_of_the_register_wins_over_the_facts(self, ledger):
        ours = Project(
            id="ours",
            title="O",
            project_kind="facility",
            site="ultium_cam_1",
            statuses=[{"date": "2026-01-01", "status": "paused"}],
        )
        silent = Project(id="silent", title="S", project_kind="facility", site="ultium_cam_2")
        chain = chain_on(ledger.at("2026-11-22"), Register.of([ours, silent]), TODAY)
        assert (chain.plants["ultium_cam_1"].status, chain.plants["ultium_cam_2"].status) == ("paused", "paused")
        assert chain.plants["nemaska_becancour"].status == "construction"
        early = chain_on(ledger.at("2026-11-22"), Register.of([ours]), date(2025, 12, 31))
        assert early.plants["ultium_cam_1"].status == "construction"

    def test_the_honda_chain_falls_together(self):
        chain = chain_on(Ledger.shipped().at("2025-05-12", include_unverified=True), shipped(), date(2025, 5, 12))
        falls = {fall.site: fall for fall in cascade(["honda_alliston_ev"], chain).falls}
        assert [step.contract for step in falls["honda_posco_cam"].path] == ["feed-honda-cells", "feed-honda-cathode"]
        assert {"honda_alliston_cells", "asahi_port_colborne"} <= set(falls)
