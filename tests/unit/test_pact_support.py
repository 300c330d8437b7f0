"""Support pledged, paid and lost; programmes, who is eligible, and what may not be stacked."""

from datetime import date

import pytest

from orepact.errors import BadInput
from orepact.facts.rules import RuleBook
from orepact.pact.projects.money import Money, sums
from orepact.pact.projects.programmes import Programme, eligible, rate, stack
from orepact.pact.projects.support import Support, account, balance, outlived
from orepact.pact.records.codes import Code
from orepact.pact.records.reading import shipped
from orepact.pact.records.register import Register

TODAY = date(2026, 11, 22)
LISTS = [
    Code(id=f"support_kind:{name}", title=name, list="support_kind")
    for name in ("grant", "loan", "letter_of_interest", "tax_credit")
]


def money(high, low=None, currency="CAD"):
    return {"low": low, "high": high, "currency": currency}


def support(name="one", kind="grant", pledged=(("2023", 100.0),), **more):
    pledges = [{"date": day, "amount": money(high)} for day, high in pledged]
    return Support(id=name, title=name, projects=[], giver={"name": "Crown"}, support_kind=kind, pledges=pledges, **more)


class TestMoney:
    def test_currencies_are_never_added(self):
        found = sums([Money(high=5, currency="CAD"), Money.of(7, "USD"), Money.of(2, "CAD")])
        assert {name: (one.low, one.high) for name, one in found.items()} == {"CAD": (2, 7), "USD": (7, 7)}

    def test_an_amount_that_is_not_stated_is_counted_as_open(self):
        assert sums([Money(currency="CAD"), Money(low=3, currency="CAD")])["CAD"].open == 2
        assert sums([Money(currency="CAD"), Money(low=3, currency="CAD")])["CAD"].high == 3


class TestPledgedAndPaid:
    def test_the_last_pledge_and_the_last_statement_hold(self):
        one = support(
            pledged=(("2023", 100.0), ("2025", 60.0)),
            paid=[{"by": "2024-06", "amount": money(0, 0)}, {"by": "2025-06", "amount": money(20, 20)}],
        )
        before, after = account(one, date(2024, 12, 31)), account(one, TODAY)
        assert (before.pledged.high, before.paid.high, before.paid_by) == (100, 0, "2024-06")
        assert (after.pledged.high, after.paid.high, after.paid_by) == (60, 20, "2025-06")

    def test_what_is_stated_by_a_year_is_stated_by_its_end(self):
        """Paid is a total that only grows: 20 by the end of 2024 comes after none by July."""
        stated = [{"by": "2024", "amount": money(20, 20)}, {"by": "2024-07", "amount": money(0, 0)}]
        one = support(paid=stated)
        assert [account(one, day).paid.high for day in (date(2024, 12, 30), date(2024, 12, 31))] == [0, 20]
        corrected = support(paid=[*stated, {"by": "2024", "amount": money(25, 25)}])
        assert account(corrected, TODAY).paid.high == 25

    def test_no_word_of_payment_is_not_nothing_paid(self):
        assert account(support(), TODAY).paid is None
        assert balance([support()], TODAY).silent == ("one",)
        assert balance([support()], TODAY).paid == {}

    def test_only_standing_pledges_are_silent(self):
        gone = support("gone", withdrawn_on="2024", withdrawn_why="ended")
        letter = support("letter", "letter_of_interest")
        paid = support("paid", paid=[{"by": "2024", "amount": money(0, 0)}])
        assert balance([gone, letter, paid, support("silent")], TODAY).silent == ("silent",)

    def test_a_letter_of_interest_is_no_pledge(self):
        found = balance([support(), support("letter", "letter_of_interest", (("2023", 500.0),))], TODAY)
        assert (found.pledged["CAD"].high, found.interest["CAD"].high) == (100, 500)

    def test_what_was_withdrawn_is_pledged_no_more_and_its_losses_stay(self):
        one = support(withdrawn_on="2025-09-02", withdrawn_why="bankrupt", lost=[{"by": "2025-09-02", "amount": money(270, 270)}])
        assert account(one, date(2025, 9, 1)).pledged.high == 100
        after = balance([one], TODAY)
        assert (after.pledged, after.lost["CAD"].high) == ({}, 270)

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"kind": "gift"}, "support_kind:gift"),
            ({"withdrawn_on": "2025"}, "say why it was withdrawn"),
            ({"paid": [{"by": "2020", "amount": money(5)}]}, "nothing before the first pledge"),
            ({"lost": [{"by": "2020", "amount": money(5, 6)}]}, "an upper end of at least 6"),
            ({"lost": [{"by": "2020", "amount": money(5, currency="")}]}, "a currency such as CAD"),
        ],
    )
    def test_mistakes_are_named(self, more, words):
        with pytest.raises(BadInput, match=words):
            Register.of([*LISTS, support(**more)]).check()


def programme(name="fund", **more):
    return Programme(id=name, title=name, country="CAN", support_kind="grant", **more)


def asks(operator, value=None, values=(), field="fact"):
    return {"field": field, "operator": operator, "value": value, "values": values, "words": "It fits"}


class TestEligibility:
    @pytest.mark.parametrize(
        ("test", "fact", "passes"),
        [
            (asks("is", "CAN"), "CAN", True),
            (asks("is", "CAN"), "USA", False),
            (asks("is", value=True), True, True),
            (asks("is_not", "CHN"), "CHN", False),
            (asks("in", values=["a", "b"]), "b", True),
            (asks("not_in", values=["a", "b"]), "b", False),
            (asks("at_least", 3), 3, True),
            (asks("at_least", 3), 2.99, False),
            (asks("at_most", 3), 3.01, False),
            (asks("includes_all", values=["a", "b"]), ["b", "c", "a"], True),
            (asks("includes_all", values=["a", "b"]), ["a"], False),
            (asks("is", "CAN"), None, None),
            (asks("is", "CAN"), "can", True),
            (asks("not_in", values=["a", "b"]), "B", False),
            (asks("is", value=True), 1.0, False),  # a number is no yes
            (asks("includes_all", values=["ab", "b"]), "ab", False),  # one word, not its letters
            (asks("includes_all", values=["ab"]), "AB", True),
        ],
    )
    def test_each_operator(self, test, fact, passes):
        assert eligible(programme(tests=[test]), {"fact": fact}, TODAY).passes is passes

    @pytest.mark.parametrize("fact", ["lots", True, ["3"]])
    def test_what_is_no_number_is_told_and_not_guessed(self, fact):
        with pytest.raises(BadInput, match=r"fact fact: expected a number"):
            eligible(programme(tests=[asks("at_least", 3)]), {"fact": fact}, TODAY)

    def test_one_failed_test_settles_it_whatever_is_missing(self):
        found = eligible(programme(tests=[asks("is", "a"), asks("is", "b", field="other")]), {"other": "c"}, TODAY)
        assert (found.passes, found.failed, len(found.missing)) == (False, ("It fits: other is c",), 1)

    def test_time_and_prerequisites(self):
        fund = programme(begins="2024", ends="2025", requires=["first"])
        assert eligible(fund, {}, date(2025, 12, 31), claimed=["first"]).passes is True
        assert eligible(fund, {}, date(2025, 12, 31)).failed == ("first must be claimed first",)
        assert eligible(fund, {}, date(2026, 1, 1), claimed=["first"]).failed == ("it ended in 2025",)
        assert eligible(fund, {}, date(2023, 12, 31), claimed=["first"]).failed == ("it begins in 2024",)

    def test_the_day_of_its_end_is_a_day(self):
        assert eligible(programme(ends="2025-11-03"), {}, date(2026, 1, 1)).failed == ("it ended on 2025-11-03",)

    def test_programmes_in_a_circle_are_named(self):
        with pytest.raises(BadInput, match="break the circle"):
            Register.of([*LISTS, programme("a", requires=["b"]), programme("b", requires=["a"])]).check()

    @pytest.mark.parametrize("test", [asks("in"), asks("is"), asks("at_least", "three")], ids=["in", "is", "at_least"])
    def test_tests_that_test_nothing_are_named(self, test):
        with pytest.raises(BadInput, match=r"tests 1, values?: expected"):
            Register.of([*LISTS, programme(tests=[test])]).check()


class TestStacking:
    def test_a_limit_on_all_support(self):
        limited = programme("a", rates=[{"share": 0.5}], limits=[{"share": 0.75, "words": "three quarters at most"}])
        other = programme("b", rates=[{"share": 0.3}])
        found = stack([limited, other], 2026)
        assert (found.total, found.broken) == (0.8, ("a: three quarters at most (80% of 75%)",))
        assert stack([limited, programme("c", rates=[{"share": 0.25}])], 2026).broken == ()

    def test_two_that_exclude_each_other(self):
        one = programme("a", rates=[{"share": 0.1}], limits=[{"programmes": ["b"], "share": 0, "words": "not with b"}])
        assert stack([one], 2026).broken == ()
        assert stack([one, programme("b", rates=[{"share": 0.1}])], 2026).broken == ("a: not with b",)

    def test_a_share_that_is_not_known_is_named(self):
        found = stack([programme("a"), programme("b", rates=[{"share": 0.1, "ends": 2025}])], 2026)
        assert (found.total, found.unknown, found.shares) == (0, ("a",), {"b": 0.0})
        assert stack([programme("a")], 2026, {"a": 0.2}).total == 0.2

    @pytest.mark.parametrize(("year", "share"), [(2023, 0.0), (2024, 0.2), (2026, 0.0)])
    def test_what_has_not_begun_or_has_ended_gives_nothing(self, year, share):
        assert rate(programme(begins="2024-07", ends="2025", rates=[{"share": 0.2}]), year) == share
        assert rate(programme(begins="2024-07", ends="2025"), year) == (0.0 if share == 0 else None)


CASE = {"country": "CAN", "cost_kind": "building"}


class TestTheShippedOnes:
    @pytest.fixture
    def seed(self):
        return shipped()

    @pytest.mark.parametrize(("year", "share"), [(2024, 0.3), (2031, 0.3), (2032, 0.2), (2034, 0.05), (2035, 0.0), (2023, 0.0)])
    def test_the_manufacturing_credit_falls(self, seed, year, share):
        assert rate(seed.get(Programme, "ca-ctm-itc"), year) == share

    def test_the_building_credit_needs_the_other_in_three_segments(self, seed):
        credit = seed.get(Programme, "ca-evsc-itc").model_copy(update={"proposed": False})
        three = ["ev_assembly", "battery_production", "cathode_material"]
        assert eligible(credit, {**CASE, "ctm_itc_segments": three}, TODAY, ["ca-ctm-itc"]).passes is True
        assert eligible(credit, {**CASE, "ctm_itc_segments": three[:2]}, TODAY, ["ca-ctm-itc"]).passes is False
        assert eligible(credit, {**CASE, "ctm_itc_segments": three}, TODAY).failed == ("ca-ctm-itc must be claimed first",)
        assert eligible(credit, CASE, TODAY, ["ca-ctm-itc"]).passes is None

    def test_it_is_only_proposed(self, seed):
        assert "it is only proposed" in eligible(seed.get(Programme, "ca-evsc-itc"), CASE, TODAY).failed

    def test_the_rules_of_the_facts_know_each_programme(self, seed):
        book = RuleBook.shipped()
        assert [book.rule(one.rule) for one in seed.all(Programme) if one.rule]  # an unknown name raises

    def test_northvolt_pledged_spent_and_lost(self, seed):
        ours = [one for one in seed.all(Support) if "northvolt-six" in one.projects]
        before, after = balance(ours, date(2025, 9, 1)), balance(ours, TODAY)
        assert (before.pledged["CAD"].high, before.paid) == (7300, {})
        assert (after.pledged["CAD"].high, after.paid["CAD"].high, after.lost["CAD"].high) == (4400, 510, 270)

    def test_what_outlived_its_project(self, seed):
        """Quebec withdrew; nobody has said what became of Canada's pledge, and before the end there was none to ask about."""
        ours = [*seed.all(Support)]
        assert [one.id for one in outlived(ours, seed, TODAY)] == ["northvolt-canada"]
        assert outlived(ours, seed, date(2025, 3, 1)) == ()

    def test_umicore_none_paid(self, seed):
        ours = [one for one in seed.all(Support) if "umicore-loyalist" in one.projects]
        found = balance(ours, TODAY)
        assert (found.pledged["CAD"].low, found.paid["CAD"].high, found.silent) == (pytest.approx(975.9), 0, ())
