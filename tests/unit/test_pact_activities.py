"""Activities and what came of them, standards with the stances of sides, measures of third states that feed shocks."""

from datetime import date
from pathlib import Path

import pytest

import orepact
from orepact.errors import BadInput
from orepact.facts import Codes
from orepact.facts.rules import RuleBook
from orepact.pact.projects.activities import Activity, Trial, overdue, reviews, yields
from orepact.pact.projects.standards import Standard, alignment, stances, upcoming
from orepact.pact.projects.third_states import Measure, running_out, scenarios, stands
from orepact.pact.records.codes import Code
from orepact.pact.records.reading import shipped
from orepact.pact.records.register import Register

TODAY = date(2026, 11, 22)
LISTS = [Code(id=f"activity_kind:{name}", title=name, list="activity_kind") for name in ("mission", "pilot")]
LISTS += [Code(id=f"stance:{name}", title=name, list="stance") for name in ("supports", "opposes")]
LISTS += [
    Code(id="standard_topic:footprint", title="F", list="standard_topic"),
    Code(id="measure_kind:ban", title="B", list="measure_kind"),
]


def mission(name="trip", begins="2024-03-04", outcomes=(), **more):
    return Activity(id=name, title=name, **{"activity_kind": "mission", "begins": begins, "outcomes": outcomes} | more)


def said(day, **more):
    return {"date": day, "text": "so", **more}


class TestReviews:
    def test_due_6_12_and_24_months_after_the_end(self):
        found = reviews(mission(ends="2024-08-31"), TODAY)
        assert [(one.months, one.due) for one in found] == [
            (6, date(2025, 2, 28)),
            (12, date(2025, 8, 31)),
            (24, date(2026, 8, 31)),
        ]
        assert [one.overdue for one in found] == [True, True, True]

    def test_none_before_the_end(self):
        assert reviews(mission(ends="2024-08-31"), date(2024, 8, 31)) == ()
        assert not any(one.overdue for one in reviews(mission(ends="2024-08-31"), date(2024, 9, 1)))

    @pytest.mark.parametrize(
        ("outcome", "answered"),
        [
            (said("2024-09-10"), [6]),  # six months after 4 March is 4 September
            (said("2024-11-03"), [6]),
            (said("2024-11-04"), []),
            (said("2024-06-01", months=6), [6]),
            (said("2025-03", nothing=True), [12]),
            (said("2027-01-01", months=24), []),  # not said yet
        ],
    )
    def test_an_outcome_answers_the_review_it_names_or_is_near(self, outcome, answered):
        assert [one.months for one in reviews(mission(outcomes=[outcome]), TODAY) if one.done] == answered

    def test_a_year_answers_one_review_not_two(self):
        """After July 2024 two reviews fall in 2025, on 31 January and 31 July; the middle of the year is nearer to the second."""
        found = reviews(mission(ends="2024-07-31", outcomes=[said("2025")]), TODAY)
        assert [one.months for one in found if one.done] == [12]

    def test_the_overdue_ones_oldest_first(self):
        late = overdue([mission("young", "2026-01-15"), mission("old", "2024-03-04", [said("2024-09-04")])], TODAY)
        assert [(one.activity, one.months) for one in late] == [("old", 12), ("old", 24), ("young", 6)]

    def test_what_came_of_them_by_kind(self):
        held = [
            mission("a", outcomes=[said("2024-09", projects=["p"], contracts=["c"])]),
            mission("b", outcomes=[said("2024-09", nothing=True)]),
            mission("c", outcomes=[said("2024-09", nothing=True), said("2025-03", projects=["p", "q"])]),
            mission("d"),
            mission("later", "2027"),
        ]
        (found,) = yields(held, TODAY)
        assert (found.held, found.fruitful, found.fruitless, found.projects, found.contracts) == (4, 2, 1, ("p", "q"), ("c",))


class TestPilots:
    @pytest.mark.parametrize(
        ("result", "higher", "succeeded"),
        [(9.0, True, False), (10.0, True, True), (11.0, False, False), (10.0, False, True), (None, True, None)],
    )
    def test_the_result_against_the_target(self, result, higher, succeeded):
        trial = Trial(hypothesis="h", metric="m", target=10, result=result, higher_is_better=higher)
        assert trial.succeeded() is succeeded


def standard(*positions, milestones=()):
    given = [dict(zip(("country", "date", "stance"), one, strict=True)) for one in positions]
    return Standard(id="item", title="Item", topic="footprint", positions=given, milestones=milestones)


class TestStandards:
    ITEM = standard(("JPN", "2023", "supports"), ("KOR", "2024-05-01", "opposes"), ("KOR", "2025-05-01", "supports"))

    @pytest.mark.parametrize(
        ("on", "differ", "silent"),
        [
            (date(2023, 12, 30), False, ("CAN", "JPN", "KOR")),
            (date(2024, 4, 30), False, ("CAN", "KOR")),
            (date(2024, 5, 1), True, ("CAN",)),
            (date(2025, 5, 1), False, ("CAN",)),
        ],
    )
    def test_sides_differ_or_are_silent(self, on, differ, silent):
        found = alignment(self.ITEM, ("CAN", "JPN", "KOR"), on)
        assert (found.differ, found.silent) == (differ, silent)

    def test_other_sides_do_not_count(self):
        assert not alignment(self.ITEM, ("CAN", "JPN"), date(2024, 6, 1)).differ
        assert set(stances(self.ITEM, date(2024, 6, 1))) == {"JPN", "KOR"}

    def test_milestones_ahead_and_missed(self):
        steps = [{"title": "draft", "planned_for": "2025"}, {"title": "vote", "planned_for": "2027"}]
        steps += [{"title": "start", "planned_for": "2024", "reached_on": "2024-03"}, {"title": "some day"}]
        assert [(one.title, one.missed) for one in upcoming(standard(milestones=steps), TODAY)] == [
            ("draft", True),
            ("vote", False),
        ]

    def test_a_milestone_is_missed_once_its_day_is_over(self):
        item = standard(milestones=[{"title": "vote", "planned_for": "2026-11-22"}])
        assert [upcoming(item, day)[0].missed for day in (TODAY, date(2026, 11, 23))] == [False, True]


def measure(*stages, **more):
    given = [dict(zip(("date", "state", "until", "known_from"), one, strict=False)) for one in stages]
    return Measure(id="rule", title="Rule", country="CHN", measure_kind="ban", stages=given, **more)


class TestThirdStates:
    RULE = measure(
        ("2025-02-22", "in_force", "2025-06-30"), ("2026-01-01", "in_force", "2026-12-31", "2025-10"), events=["shock"]
    )

    @pytest.mark.parametrize(
        ("on", "state", "coming"),
        [
            (date(2025, 2, 21), "unknown", ""),
            (date(2025, 2, 22), "in_force", ""),
            (date(2025, 6, 30), "in_force", ""),
            (date(2025, 7, 1), "unknown", ""),
            (date(2025, 10, 31), "unknown", "in_force from 2026-01-01"),
            (date(2026, 1, 1), "in_force", ""),
        ],
    )
    def test_the_state_on_a_day(self, on, state, coming):
        found = stands(self.RULE, on)
        assert (found.state, found.known_next) == (state, coming)

    def test_what_was_not_published_is_not_known(self):
        assert stands(self.RULE, date(2026, 6, 1), known=date(2025, 10, 30)).state == "unknown"

    def test_what_runs_out_soon(self):
        assert [(one.until, one.days, one.events) for one in running_out([self.RULE], TODAY)] == [("2026-12-31", 39, ("shock",))]
        assert running_out([self.RULE], TODAY, within=38) == ()
        assert running_out([measure(("2025-01-01", "in_force"))], TODAY) == ()

    def test_a_known_next_stage_is_no_open_question(self):
        both = measure(("2026-01-01", "in_force", "2026-12-31"), ("2027-01-01", "in_force", None, "2025"))
        assert running_out([both], TODAY) == ()

    def test_events_to_play(self):
        over = measure(("2025-01-01", "in_force"), ("2025-06-01", "repealed"), events=["shock"])
        assert scenarios([self.RULE], TODAY) == {"shock": ("rule",)}
        assert scenarios([over], TODAY) == {}

    def test_what_was_not_published_is_no_scenario(self):
        assert scenarios([self.RULE], date(2025, 2, 21)) == {}
        assert scenarios([self.RULE], date(2025, 7, 1)) == {"shock": ("rule",)}  # it ran out: nobody knows what holds
        later = measure(("2026-01-01", "in_force", None, "2025-10"), events=["shock"])
        assert [bool(scenarios([later], day)) for day in (date(2025, 10, 30), date(2025, 10, 31))] == [False, True]


class TestMistakes:
    @pytest.mark.parametrize(
        ("record", "words"),
        [
            (mission(ends="2024-02"), "a date not before 2024-03-04"),
            (mission(outcomes=[said("2023")]), "outcomes 1: expected a date not before"),
            (mission(outcomes=[said("2025", months=7)]), "one of 6, 12, 24 months"),
            (mission(activity_kind="dance"), "activity_kind:dance"),
            (standard(("JPN", "2023", "dreams")), "stance:dreams"),
            (standard(("JPN", "2023", "supports"), ("JPN", "2023", "opposes")), "one stance of a side at a time"),
            (measure(("2025", "in_force", "2024")), "a date not before 2025"),
        ],
    )
    def test_each_is_named(self, record, words):
        with pytest.raises(BadInput, match=words):
            Register.of([*LISTS, record]).check()

    def test_both_something_and_nothing(self):
        record = mission(outcomes=[said("2025", nothing=True, activities=["trip"])])
        with pytest.raises(BadInput, match="results, or that nothing came of it"):
            Register.of([*LISTS, record]).check()


class TestTheShippedOnes:
    def test_rules_events_and_goods_of_measures_are_known(self):
        book, codes = RuleBook.shipped(), Codes.shipped()
        events = {path.stem for path in (Path(orepact.__file__).parent / "data" / "shock" / "events").glob("*.yaml")}
        for one in shipped().all(Measure):
            assert [book.rule(name).id for name in one.rules]
            assert set(one.events) <= events, one.id
            assert [codes.commodity(name) for name in one.commodities] or not one.commodities

    def test_the_package_of_october_2025(self):
        ours = shipped().get(Measure, "cn-october-2025-package")
        days = [date(2025, 10, 8), date(2025, 11, 6), date(2025, 11, 8), date(2026, 11, 10), date(2026, 11, 11)]
        assert [stands(ours, day).state for day in days] == ["unknown", "announced", "suspended", "suspended", "unknown"]
        (ending,) = running_out([ours], date(2026, 10, 1))
        assert (ending.days, len(ending.events)) == (40, 3)

    def test_the_cobalt_quota_of_next_year_is_known(self):
        assert stands(shipped().get(Measure, "cd-cobalt-quota"), TODAY).known_next == "in_force from 2027-01-01"

    def test_reviews_of_the_mission_of_2023_are_overdue_but_one(self):
        found = reviews(shipped().get(Activity, "mission-jp-2023-03"), TODAY)
        assert [(one.months, one.done) for one in found] == [(6, "2023-09-21"), (12, None), (24, None)]
