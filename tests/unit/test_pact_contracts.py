"""Contracts: versions, price formulas, conditions, amounts a year without counting twice, promised against delivered."""

from datetime import date

import pytest

from orepact.errors import BadInput
from orepact.pact.projects.contracts import Contract, Price, Term, Version, committed, open_conditions, runs_in, yearly
from orepact.pact.projects.fulfilment import fulfilled
from orepact.pact.records.codes import Code
from orepact.pact.records.register import Register

LISTS = [Code(id="contract_kind:offtake", title="Offtake", list="contract_kind")]
LISTS += [Code(id=f"project_status:{name}", title=name, list="project_status") for name in ("in_force", "conditional", "ended")]


def offtake(name="sale", *versions, state="in_force", since="2022", **more):
    given = {"contract_kind": "offtake", "site": "works", "commodity": "cobalt_sulphate", "binding": True} | more
    return Contract(id=name, title=name, statuses=[{"date": since, "status": state}], versions=versions, **given)


def of(basis, amount, unit="t", since="2022-09-22", **more):
    return {"valid_from": since, "quantity": {"basis": basis, "amount": amount, "unit": unit}, **more}


TWICE = offtake(
    "cobalt",
    of("total", 7000, term={"begins": "2023", "ends": "2025"}),
    of("share_of_output", 0.8, "", "2023", term={"years": 5}),
)


class TestVersions:
    def test_the_version_of_the_day_holds(self):
        assert TWICE.version(date(2022, 9, 21)) is None
        assert TWICE.version(date(2022, 12, 31)).quantity.amount == 7000
        assert TWICE.version(date(2023, 12, 31)).quantity.amount == 0.8

    def test_a_share_of_an_unknown_output_is_unknown(self):
        assert yearly(TWICE.version(date(2024, 1, 1))) == (None, "t")
        assert yearly(TWICE.version(date(2024, 1, 1)), output=6500) == (5200.0, "t")

    def test_a_total_is_spread_over_its_term(self):
        amount, unit = yearly(TWICE.version(date(2022, 12, 31)))
        assert (amount, unit) == (pytest.approx(7000 / 3), "t")
        assert yearly(Version(**of("total", 7000))) == (None, "t")


class TestPrices:
    @pytest.mark.parametrize(
        ("formula", "market", "paid"),
        [
            ({}, 7.0, 7.0),
            ({"floor": 10, "ceiling": 20}, 5.0, 10.0),
            ({"floor": 10, "ceiling": 20}, 15.0, 15.0),
            ({"floor": 10, "ceiling": 20}, 25.0, 20.0),
            ({"fixed": 15, "upside": 0.5}, 5.0, 15.0),
            ({"fixed": 15, "upside": 0.5}, 25.0, 20.0),
            ({"fixed": 15}, 25.0, 15.0),
        ],
    )
    def test_what_a_unit_costs(self, formula, market, paid):
        assert Price(**formula).paid(market) == paid


class TestAmountsPromised:
    def test_two_contracts_of_one_site_add_up_and_a_version_replaces_another(self):
        both = [
            offtake("one", of("per_year", 18_000)),
            offtake("other", of("per_year", 10_000), of("per_year", 18_000, since="2024")),
        ]
        found = committed(both, "works", 2026, date(2026, 1, 1))["cobalt_sulphate"]
        assert (found.firm, found.conditional, found.unit) == (36_000, 0, "t")

    def test_a_contract_that_another_followed_counts_no_more(self):
        both = [offtake("memo", of("per_year", 18_000)), offtake("sale", of("per_year", 18_000, since="2024"), follows=["memo"])]
        assert committed(both, "works", 2026, date(2023, 1, 1))["cobalt_sulphate"].firm == 18_000
        assert committed(both, "works", 2026, date(2026, 1, 1))["cobalt_sulphate"].firm == 18_000

    def test_open_conditions_make_it_conditional(self):
        sale = offtake("sale", of("per_year", 5, conditions=[{"text": "decision to build", "met_on": "2025-06"}]))
        assert [one.text for one in open_conditions(sale, date(2025, 6, 29))] == ["decision to build"]
        assert open_conditions(sale, date(2025, 6, 30)) == ()
        before, after = (committed([sale], "works", 2026, day)["cobalt_sulphate"] for day in (date(2025, 1, 1), date(2025, 7, 1)))
        assert (before.firm, before.conditional, after.firm, after.conditional) == (0, 5, 5, 0)

    def test_a_memorandum_takes_the_place_of_no_contract(self):
        both = [
            offtake("sale", of("per_year", 18_000)),
            offtake("memo", of("per_year", 9_000, since="2024"), follows=["sale"], binding=False),
        ]
        assert committed(both, "works", 2026, date(2026, 1, 1))["cobalt_sulphate"].firm == 18_000

    def test_a_contract_that_has_ended_does_not_bring_back_what_it_followed(self):
        both = [
            offtake("old", of("per_year", 5)),
            offtake("new", of("per_year", 5, since="2024"), follows=["old"], state="ended"),
        ]
        assert committed(both, "works", 2026, date(2026, 1, 1)) == {}

    def test_a_condition_that_failed_makes_nothing_firm(self):
        sale = offtake("sale", of("per_year", 5, conditions=[{"text": "decision to build", "failed_on": "2025-06-01"}]))
        found = committed([sale], "works", 2026, date(2026, 1, 1))["cobalt_sulphate"]
        assert (found.firm, found.conditional, open_conditions(sale, date(2026, 1, 1))) == (0, 5, ())

    def test_amounts_in_two_units_are_not_added(self):
        both = [offtake("tonnes", of("per_year", 5)), offtake("cells", of("per_year", 7, "MWh"))]
        found = committed(both, "works", 2026, date(2026, 1, 1))["cobalt_sulphate"]
        assert (found.unit, found.firm, found.unknown) == ("MWh", 7, ("tonnes",))
        assert (found.promised_in("MWh"), found.doubtful_in("MWh")) == (7, ("tonnes",))
        assert (found.promised_in("t"), found.doubtful_in("t")) == (0, ("cells", "tonnes"))

    @pytest.mark.parametrize(
        "sale",
        [
            offtake("memo", of("per_year", 5), binding=False),
            offtake("over", of("per_year", 5), state="ended"),
            offtake("past", of("per_year", 5, term={"begins": "2010", "ends": "2020"})),
            offtake("later", of("per_year", 5, term={"begins": "2030"})),
            offtake("elsewhere", of("per_year", 5), site="other"),
        ],
        ids=lambda sale: sale.id,
    )
    def test_what_does_not_bind_the_year_does_not_count(self, sale):
        assert committed([sale], "works", 2026, date(2026, 1, 1)) == {}

    def test_what_cannot_be_told_is_named_not_zero(self):
        found = committed([TWICE, offtake("silent", {"valid_from": "2022"})], "works", 2024, date(2024, 1, 1))["cobalt_sulphate"]
        assert (found.firm, found.unknown) == (0, ("cobalt", "silent"))


class TestTerms:
    @pytest.mark.parametrize(
        ("term", "years"),
        [
            ({"begins": "2025", "years": 5}, [2025, 2026, 2027, 2028, 2029, 2030]),
            ({"begins": "2025-01-01", "years": 5}, [2025, 2026, 2027, 2028, 2029]),
            ({"begins": "2026-07", "ends": "2027-01"}, [2026, 2027]),
            ({"years": 5}, [*range(2024, 2033)]),
        ],
    )
    def test_years_in_which_a_term_may_run(self, term, years):
        assert [year for year in range(2024, 2033) if runs_in(Term(**term), year)] == years


class TestDelivered:
    def test_promise_and_delivery_up_to_a_day(self):
        sale = offtake(
            "sale",
            of("per_year", 1000, term={"begins": "2023-01-01", "years": 5}),
            deliveries=[{"period": "2023", "quantity": 400, "unit": "t"}, {"period": "2024", "quantity": 600, "unit": "t"}],
        )
        found = fulfilled(sale, date(2024, 1, 1))
        assert (round(found.promised), found.delivered) == (999, 400)  # 365 of 365.2425 days
        assert fulfilled(sale, date(2030, 1, 1)).promised == 5000
        assert fulfilled(sale, date(2025, 1, 1)).share == pytest.approx(0.5, abs=1e-3)

    def test_a_new_version_promises_from_its_own_day(self):
        begin = {"begins": "2023-01-01"}
        sale = offtake(
            "sale", of("per_year", 1000, term=begin), of("per_year", 2000, since="2024-01-01", term={"begins": "2024-01-01"})
        )
        assert round(fulfilled(sale, date(2025, 1, 1)).promised, -1) == 3000

    def test_a_new_version_of_a_running_term_promises_no_year_twice(self):
        """Two years at 100 and two at 150 are 500, not 200 and four at 150."""
        begin = {"begins": "2020-01-01", "years": 10}
        sale = offtake("sale", of("per_year", 100, since="2020", term=begin), of("per_year", 150, since="2022-01-01", term=begin))
        assert fulfilled(sale, date(2024, 1, 1)).promised == pytest.approx(500, abs=0.5)
        assert fulfilled(sale, date(2040, 1, 1)).promised == pytest.approx(2 * 100 + 8 * 150, abs=0.5)

    def test_what_has_ended_promises_no_more(self):
        sale = offtake(
            "sale", of("per_year", 100, since="2020", term={"begins": "2020-01-01"}), state="ended", since="2021-12-31"
        )
        assert fulfilled(sale, date(2026, 1, 1)).promised == pytest.approx(200, abs=0.5)

    def test_up_to_so_much_is_no_duty(self):
        sale = offtake("sale", {**of("per_year", 1), "quantity": {"basis": "per_year", "amount": 1, "unit": "t", "up_to": True},
                                "term": {"begins": "2023-01-01"}})  # fmt: skip
        assert fulfilled(sale, date(2026, 1, 1)).promised is None
        assert committed([sale], "works", 2026, date(2026, 1, 1))["cobalt_sulphate"].firm == 1  # held for the buyer all the same

    def test_a_begin_in_a_year_promises_the_least(self):
        sale = offtake("sale", of("per_year", 1000, term={"begins": "2023"}))
        assert round(fulfilled(sale, date(2024, 12, 31)).promised, -1) == 1000
        assert fulfilled(sale, date(2023, 12, 31)).promised == 0

    def test_no_begin_no_promise(self):
        assert fulfilled(TWICE, date(2030, 1, 1), output=None).promised == pytest.approx(0)
        assert fulfilled(offtake("sale", of("per_year", 5)), date(2030, 1, 1)).promised is None


class TestMistakes:
    @pytest.mark.parametrize(
        ("version", "words"),
        [
            (of("share_of_output", 80, ""), "write 0.8 for 80 %"),
            (of("per_year", 80, ""), "say the unit"),
            (of("per_year", 80, term={"begins": "2026", "ends": "2025"}), "an end not before 2026"),
            (of("per_year", 80, price={"floor": 20, "ceiling": 10}), "a ceiling not below the floor of 20"),
            (of("per_year", 8, conditions=[{"text": "x", "met_on": "2025", "failed_on": "2025"}]), "met on 2025, failed on 2025"),
        ],
    )
    def test_each_is_named(self, version, words):
        with pytest.raises(BadInput, match=words):
            Register.of([*LISTS, offtake("sale", version)]).check()
