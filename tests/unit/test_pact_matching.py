"""Supply against gaps without counting a tonne twice; sites side by side with what is not known left blank."""

from datetime import date

import pytest

from orepact.errors import BadInput, NotFound
from orepact.facts import Ledger
from orepact.pact.organisations.engagement import Engagement, Showing
from orepact.pact.projects.contracts import Contract
from orepact.pact.records.reading import shipped
from orepact.pact.records.register import Register
from orepact.pact.supply.comparison import Criterion, Given, Location, compare, scores
from orepact.pact.supply.matching import Gap, Offer, firmness, matches
from orepact.pact.supply.offers import doubly_sold, offers
from orepact.pact.supply.plants import chain_on
from orepact.pact.supply.siting import told

GOOD = "nickel_sulphate"


def offer(site="works", **more):
    given = {"status": "operating", "capacity": 100.0, "firmness": 1.0, "start": "2024"} | more
    return Offer(site, site.title(), GOOD, **given)


def gap(buyer="maker", quantity=100.0, year=2028, **more):
    return Gap(buyer, GOOD, quantity, year, **more)


def only(*pairs):
    (found,) = matches(*pairs)
    return found


class TestOnePair:
    def test_all_known_and_met(self):
        found = only(
            [offer(grades=frozenset({"battery"}), passes={"30d": True}, carbon=5.0)],
            [gap(grade="battery", rules=("30d",), carbon=5.0)],
        )
        assert (found.score, found.covers, found.allotted, found.unknowns, found.refused) == (1.0, 100, 100, (), ())
        assert "it passes 30d" in found.reasons

    def test_what_is_promised_is_not_offered(self):
        found = only([offer(promised=70.0)], [gap()])
        assert (found.covers, found.allotted) == (30, 30)
        assert "30 t a year is not promised: 30% of the gap" in found.reasons
        assert found.score == round((1 + 1 + 0.3) / 3, 4)

    def test_unknowns_refuse_nothing_and_are_said(self):
        found = only([Offer("works", "Works", GOOD, "planned")], [gap(grade="battery", rules=("30d",), carbon=5.0)])
        assert (found.score, found.covers, found.allotted, found.refused) == (0.5, None, None, ())
        assert len(found.unknowns) == 6

    def test_doubt_never_raises_a_score(self):
        """Little is left, of which less may be: 0.1 of the gap, half of it where contracts are doubtful."""
        low = {"status": "paused", "promised": 90.0}
        sure, unsure = only([offer(**low)], [gap()]), only([offer(**low, doubtful=("sale",))], [gap()])
        assert (sure.score, unsure.score) == (round((0 + 1 + 0.1) / 3, 4), round((0 + 1 + 0.1 + 0.05) / 4, 4))

    def test_silence_on_contracts_is_no_free_output(self):
        found = only([offer(traced=False)], [gap()])
        assert found.unknowns == ("less may be left: no contract of it is on record",)
        assert found.score == round((1 + 1 + 1 + 0.5) / 4, 4)

    def test_a_capacity_in_another_unit_covers_nobody_knows_what(self):
        found = only([offer(unit="MWh")], [gap()])
        assert (found.covers, found.allotted, found.refused) == (None, None, ())
        assert found.unknowns == ("the capacity is known in MWh a year, not in t",)

    def test_doubtful_contracts_are_said(self):
        found = only([offer(doubtful=("sale",))], [gap()])
        assert found.unknowns == ("less may be left: the amounts of sale are not known",)
        assert found.score == round((1 + 1 + 1 + 0.5) / 4, 4)

    @pytest.mark.parametrize(
        ("one", "other", "words"),
        [
            (offer(status="cancelled"), gap(), "the project has ended"),
            (offer(status="planned", start="2029-H1"), gap(), "it starts in 2029-H1, after 2028"),
            (offer(promised=100.0), gap(), "all of its 100 t a year is promised"),
            (offer(grades=frozenset({"plating"})), gap(grade="battery"), "it makes plating, not battery"),
            (offer(passes={"30d": False}), gap(rules=("30d",)), "it fails 30d"),
            (offer(carbon=5.1), gap(carbon=5.0), "5.1 kg CO2e per kg against at most 5"),
        ],
    )
    def test_refusals(self, one, other, words):
        found = only([one], [other])
        assert words in found.refused[0]
        assert (found.score, found.covers, found.allotted) == (0, None, None)

    def test_other_goods_do_not_meet(self):
        assert matches([offer()], [Gap("maker", "cobalt_sulphate", 1, 2028)]) == ()

    @pytest.mark.parametrize(("start", "score"), [("2027", 1.0), ("2027-12", 1.0), ("2028", 0.5), ("2028-01", 0.5)])
    def test_a_start_in_the_year_is_half_sure(self, start, score):
        found = only([offer(status="construction", start=start)], [gap()])
        assert found.score == round((1 + score + 1) / 3, 4)

    def test_rest_counts_for_nothing(self):
        assert only([offer(status="paused", start="2024")], [gap()]).score == round((0 + 1 + 1) / 3, 4)


class TestNoTonneTwice:
    def test_two_buyers_of_one_site(self):
        found = matches([offer(capacity=100.0)], [gap("first", 80.0), gap("second", 60.0)])
        assert sum(one.allotted for one in found) == 100
        assert all(one.allotted <= one.covers for one in found)

    def test_two_sites_for_one_buyer(self):
        found = matches([offer("big", capacity=90.0), offer("small", capacity=30.0)], [gap(quantity=100.0)])
        assert {one.site: one.allotted for one in found} == {"big": 90, "small": 10}

    def test_two_gaps_of_one_buyer_are_two_gaps(self):
        found = matches(
            [offer(capacity=100.0, grades=frozenset({"battery"}))], [gap(quantity=80.0, grade="battery"), gap(quantity=60.0)]
        )
        assert sorted(one.allotted for one in found) == [20, 80]
        plenty = matches(
            [offer(capacity=500.0, grades=frozenset({"battery"}))], [gap(quantity=80.0, grade="battery"), gap(quantity=60.0)]
        )
        assert sorted(one.allotted for one in plenty) == [60, 80]

    def test_another_year_is_another_tonne(self):
        found = matches([offer()], [gap(year=2028), gap(year=2029)])
        assert [one.allotted for one in found] == [100, 100]

    def test_the_better_match_is_served_first(self):
        found = matches([offer("late", status="planned", firmness=0.5, start="2027"), offer("ready")], [gap(quantity=100.0)])
        assert [(one.site, one.allotted) for one in found] == [("ready", 100), ("late", 0)]


class TestFirmness:
    @pytest.mark.parametrize(
        ("state", "firm"), [("operating", 1.0), ("planned", 0.5), ("paused", 0.0), ("unknown", None), ("new", None)]
    )
    def test_it_follows_the_list_of_states(self, state, firm):
        assert firmness(shipped(), state) == firm


CRITERIA = [
    Criterion(id="power", title="Power", unit="MW", better="high"),
    Criterion(id="port", title="To a port", unit="km", better="low"),
    Criterion(id="rail", title="Rail", better="yes"),
    Criterion(id="nation", title="Nation"),
]


def given(**values):
    return {name: Given(criterion=name, value=value) for name, value in values.items()}


class TestComparison:
    TABLE = compare(
        {"a": given(power=100.0, port=0.0, rail=True), "b": given(power=50.0, port=200.0, rail=False), "c": given(power=75.0)},
        CRITERIA,
    )

    def test_values_best_and_blanks(self):
        power, port, rail, nation = self.TABLE.rows
        assert (power.values, power.best, power.points) == ((100, 50, 75), ("a",), (1.0, 0.0, 0.5))
        assert (port.values, port.best, port.points) == ((0, 200, None), ("a",), (1.0, 0.0, None))
        assert (rail.points, nation.points) == ((1.0, 0.0, None), (None, None, None))
        assert self.TABLE.blank == (1, 1, 3)

    def test_a_score_is_a_range(self):
        found = {one.site: one for one in scores(self.TABLE, {"power": 1, "port": 1, "rail": 2})}
        assert (found["a"].low, found["a"].high) == (1.0, 1.0)
        assert (found["b"].low, found["b"].high) == (0.0, 0.0)
        assert (found["c"].low, found["c"].high, found["c"].unknown) == (0.125, 0.875, ("port", "rail"))

    def test_equal_values_are_all_best(self):
        row = compare({"a": given(power=5.0), "b": given(power=5.0)}, CRITERIA).rows[0]
        assert row.best == ("a", "b")

    def test_an_unknown_criterion_has_near_names(self):
        with pytest.raises(NotFound, match="power"):
            scores(self.TABLE, {"powr": 1})

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ([("powr", 1.0)], "one of nation, port, power, rail"),
            ([("power", True)], "a number in MW"),
            ([("rail", 3.0)], "true or false"),
            ([("power", 1.0), ("power", 2.0)], "each criterion once"),
        ],
    )
    def test_mistakes_are_named(self, values, words):
        facts = [Given(criterion=name, value=value) for name, value in values]
        place = Location(id="here", title="Here", place="CA-QC", given=facts)
        with pytest.raises(BadInput, match=words):
            Register.of([*CRITERIA, place]).check()


TODAY = date(2026, 11, 22)


class TestFromTheRegister:
    @pytest.fixture(scope="class")
    @classmethod
    def chain(cls):
        return chain_on(Ledger.shipped().at("2026-11-22", include_unverified=True), shipped(), TODAY)

    def test_cobalt_is_mostly_sold_already(self, chain):
        (found,) = [one for one in offers(chain, shipped(), "cobalt_sulphate", 2027, TODAY) if one.site == "electra_refinery"]
        assert found.promised == pytest.approx(0.8 * found.capacity)
        assert (found.start, found.firmness) == ("2027", 0.75)
        pair = only([found], [Gap("maker", "cobalt_sulphate", 1000.0, 2030)])
        assert pair.covers == 1000
        assert only([found], [Gap("maker", "cobalt_sulphate", found.capacity, 2030)]).covers == pytest.approx(
            0.2 * found.capacity
        )

    def test_only_sites_with_contracts_on_record_are_traced(self, chain):
        found = {one.site: one.traced for one in offers(chain, shipped(), "lithium_hydroxide", 2029, TODAY)}
        assert found["nemaska_becancour"]
        assert not found["mangrove_delta"]

    def test_two_contracts_on_one_anode_plant_leave_an_unknown_rest(self, chain):
        (found,) = [
            one for one in offers(chain, shipped(), "coated_spherical_graphite", 2029, TODAY) if one.site == "nmg_becancour"
        ]
        assert (found.capacity, found.promised, found.left) == (None, 36_000, None)

    def test_rules_and_carbon_come_from_outside(self, chain):
        found = {
            one.site: one
            for one in offers(
                chain,
                shipped(),
                "lithium_hydroxide",
                2029,
                TODAY,
                passes={"nemaska_becancour": {"30d": True}},
                carbon={"mangrove_delta": 7.0},
            )
        }
        assert found["nemaska_becancour"].passes == {"30d": True}
        assert (found["mangrove_delta"].carbon, found["mangrove_delta"].capacity) == (7.0, None)
        assert found["nemaska_becancour"].start == "2028"
        refused = [one.site for one in matches(found.values(), [Gap("maker", "lithium_hydroxide", 100.0, 2027)]) if one.refused]
        assert "nemaska_becancour" in refused
        assert "mangrove_delta" not in refused

    def test_more_promised_than_a_site_can_make_is_told(self, chain):
        assert [*doubly_sold(chain, shipped(), 2028, TODAY)] == []
        another = Contract(
            id="another",
            title="Another buyer",
            contract_kind="offtake",
            site="nemaska_becancour",
            commodity="lithium_hydroxide",
            versions=[{"valid_from": "2025", "quantity": {"basis": "per_year", "amount": 25_000, "unit": "t"}}],
        )
        told_twice = [*doubly_sold(chain, shipped().plus([another]), 2028, TODAY)]
        assert told_twice == [("nemaska_becancour", "lithium_hydroxide", 38_000, 32_000)]  # 13,000 to Ford and 25,000


class TestLocations:
    def test_the_register_fills_what_it_knows(self):
        seed = shipped()
        table = {one.id: told(seed, one, TODAY) for one in seed.all(Location)}
        # Quebec: public information 30 and hearing 120 days; Ontario: zoning 90
        assert (table["becancour"]["permit-days"].value, table["st-thomas"]["permit-days"].value) == (150, 90)
        # 150 and 150 for Ultium CAM, 322 and 322 for EcoPro, in CAD; what Quebec gives Nemaska is in USD
        assert table["becancour"]["support-pledged"].value == 944
        assert table["saint-basile"]["support-paid"].value == 510
        assert "support-paid" not in table["becancour"]
        assert table["becancour"]["projects-there"].value == 6

    def test_side_by_side(self):
        seed = shipped()
        found = compare({one.id: told(seed, one, TODAY) for one in seed.all(Location)}, seed.all(Criterion))
        rows = {row.criterion: row for row in found.rows}
        assert rows["permit-days"].best == ("st-thomas", "windsor", "thunder-bay")
        assert rows["power-offered"].best == ("saint-basile",)
        assert rows["support-pledged"].points == (None,) * len(found.sites)
        ranges = {one.site: (one.low, one.high) for one in scores(found, {"permit-days": 1, "port": 1})}
        # Quebec's 150 days are the worst, Ontario's 90 the best; no path for British Columbia, no word of a port in Saint-Basile
        assert (ranges["becancour"], ranges["st-thomas"], ranges["windsor"]) == ((0.5, 0.5), (0.5, 0.5), (1.0, 1.0))
        assert (ranges["delta"], ranges["saint-basile"]) == ((0.5, 1.0), (0.0, 0.5))

    def test_a_hidden_record_leaves_no_trace(self):
        seed = shipped()
        place = Location(id="here", title="Here", place="CA-ON", projects=["crawford"])
        hidden = seed.get(Engagement, "crawford-mattagami").model_copy(
            update={"showing": (Showing(since=date(2026, 1, 1), hidden=True),)}
        )
        after = seed.plus([hidden])
        name = "mattagami-first-nation"
        assert name in told(seed, place, TODAY)["nations-named"].value
        assert name not in told(after, place, TODAY)["nations-named"].value
        assert name in told(after, place, TODAY, viewer=(name,))["nations-named"].value
