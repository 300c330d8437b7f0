"""Supply against gaps without counting a tonne twice; sites side by side with what is not known left blank."""


import pytest

from orepact.errors import BadInput, NotFound
from orepact.pact.comparison import Criterion, Given, Location, compare, scores
from orepact.pact.matching import Gap, Offer, firmness, matches
from orepact.pact.reading import shipped
from orepact.pact.register import Register

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
