"""Projects: the state on a day, slip curves, milestones that passed in silence, what became of plans; what contradicts itself."""

from datetime import date

import pytest

from orepact.errors import BadInput
from orepact.pact.projects.history import late, months_between, realised, slip_curve, wilson
from orepact.pact.projects.project import Project
from orepact.pact.records.codes import Code
from orepact.pact.records.register import Register

STATES = ("planned", "construction", "rampup", "operating", "paused", "suspended", "cancelled", "early")
LISTS = [Code(id="project_kind:facility", title="Facility", list="project_kind")]
LISTS += [Code(id=f"project_status:{name}", title=name, list="project_status") for name in STATES]


def test_a_date_of_recording_says_not_since_when():
    known = [{"date": "2026-11-22", "status": "operating", "recorded": True}]
    plant = Project(id="mine", title="mine", project_kind="mine", statuses=known)
    stand = plant.standing(date(2026, 11, 23))
    assert (stand.status, stand.since, stand.seen) == ("operating", "", "2026-11-22")
    before = [{"date": "2019", "status": "operating"}, *known]
    plant = Project(id="mine", title="mine", project_kind="mine", statuses=before)
    assert plant.standing(date(2026, 11, 23)).since == "2019"


def project(name="plant", statuses=(), plans=(), **more):
    states = [{"date": day, "status": status} for day, status in statuses]
    said = [dict(zip(("said_on", "planned_for", "milestone"), plan, strict=False)) for plan in plans]
    return Project(id=name, title=name, project_kind="facility", statuses=states, plans=said, **more)


HONDA = project(
    "vehicles",
    statuses=[("2024-04-25", "planned"), ("2025-05-13", "paused"), ("2026-05", "suspended")],
    plans=[("2024-04-25", "2028"), ("2025-05-13", "2030"), ("2026-05", None)],
)


class TestTheStateOnADay:
    @pytest.mark.parametrize(
        ("on", "status", "since"),
        [
            (date(2024, 4, 24), "unknown", ""),
            (date(2024, 4, 25), "planned", "2024-04-25"),
            (date(2025, 5, 12), "planned", "2024-04-25"),
            (date(2025, 5, 13), "paused", "2025-05-13"),
            (date(2026, 5, 30), "paused", "2025-05-13"),
            (date(2026, 5, 31), "suspended", "2026-05"),
        ],
    )
    def test_a_month_counts_once_it_is_over(self, on, status, since):
        standing = HONDA.standing(on)
        assert (standing.status, standing.since) == (status, since)

    def test_reports_of_the_same_state_go_back_to_the_first(self):
        plant = project(statuses=[("2026-02-13", "rampup"), ("2024-10", "construction"), ("2025-11", "rampup")])
        standing = plant.standing(date(2026, 3, 1))
        assert (standing.status, standing.since, standing.seen) == ("rampup", "2025-11", "2026-02-13")

    def test_a_coarse_date_undoes_no_finer_one(self):
        plant = project(statuses=[("2025-03", "paused"), ("2025", "planned")])
        assert [plant.standing(day).status for day in (date(2025, 4, 1), date(2026, 1, 1))] == ["paused", "paused"]
        assert plant.entry().state == "paused"

    def test_the_line_in_the_register_tells_the_last_state(self):
        assert HONDA.entry().state == "suspended"
        assert project(statuses=[("2026", "paused"), ("2026", "operating")]).entry().state == "operating"
        assert project().entry().state == "unknown"


class TestSlips:
    def test_each_plan_is_measured_against_the_first(self):
        curve = slip_curve(HONDA, date(2026, 12, 31))
        assert [(slip.said_on, slip.planned_for, slip.months) for slip in curve] == [
            ("2024-04-25", "2028", 0.0),
            ("2025-05-13", "2030", 24.0),
            ("2026-05", "", None),
        ]

    def test_later_words_are_not_known_before(self):
        assert len(slip_curve(HONDA, date(2025, 5, 12))) == 1

    def test_coarse_dates_give_bounds(self):
        low, middle, high = months_between("2027", "2029-H1")
        # by hand: 2027-12-31 to 2029-01-01 is 12.1 months, 2027-01-01 to 2029-06-30 29.9; middles 2027-07-02 and 2029-04-01
        assert (low, middle, high) == (12.1, 21.0, 29.9)

    def test_the_milestone_itself_ends_the_curve(self):
        plant = project(plans=[("2025-01", "2025-12")], reached=[{"date": "2026-04-16"}])
        last = slip_curve(plant, date(2026, 5, 1))[-1]
        assert last.reached
        assert (last.low, last.high) == (3.5, 4.5)  # from 31 and from 1 December 2025: 106 and 136 days
        assert len(slip_curve(plant, date(2026, 4, 15))) == 1

    def test_milestones_have_curves_of_their_own(self):
        plant = project(plans=[("2024", "2026", "construction"), ("2024", "2028", "product")])
        assert [slip.planned_for for slip in slip_curve(plant, date(2025, 1, 1), "product")] == ["2028"]
        assert slip_curve(plant, date(2025, 1, 1)) == ()

    def test_a_plan_said_twice_is_one_point(self):
        plant = project(plans=[("2023", "2026"), ("2024", "2026"), ("2025", "2027")])
        assert [slip.said_on for slip in slip_curve(plant, date(2026, 1, 1))] == ["2023", "2025"]

    def test_a_first_word_without_a_date_measures_nothing(self):
        plant = project(plans=[("2022", None), ("2023", "2026"), ("2024", "2027")])
        assert [slip.months for slip in slip_curve(plant, date(2025, 1, 1))] == [None, 0.0, 12.0]


class TestSilence:
    def test_a_date_that_passed_without_report_is_late(self):
        plant = project(statuses=[("2023-09-05", "construction")], plans=[("2023-09-05", "2025")])
        assert [(one.project, one.months) for one in late([plant], date(2026, 11, 22))] == [("plant", 10.7)]
        assert late([plant], date(2025, 12, 31)) == ()

    @pytest.mark.parametrize("state", ["cancelled", "paused", "suspended", "rampup"])
    def test_what_ended_rests_or_works_is_not_late(self, state):
        plant = project(statuses=[("2026-01-01", state)], plans=[("2023", "2025")])
        assert late([plant], date(2026, 11, 22)) == ()

    def test_a_later_milestone_leaves_the_ones_before_it_behind(self):
        plans = [("2020", "2023", "start"), ("2020", "2025", "full")]
        plant = project(statuses=[("2020", "construction")], plans=plans, reached=[{"milestone": "product", "date": "2024-03"}])
        assert [one.milestone for one in late([plant], date(2024, 3, 30))] == ["start"]
        assert late([plant], date(2024, 3, 31)) == ()
        assert [one.milestone for one in late([plant], date(2026, 1, 1))] == ["full"]

    def test_the_last_word_counts(self):
        plant = project(statuses=[("2023", "planned")], plans=[("2023", "2025"), ("2024", "2029")])
        assert late([plant], date(2026, 11, 22)) == ()


class TestWhatBecameOfPlans:
    def test_each_is_asked_so_long_after_its_first_report(self):
        known = [
            project("works", [("2022-01-01", "planned"), ("2023-06-01", "operating")]),
            project("works-too-late", [("2022-01-01", "planned"), ("2024-06-01", "operating")]),
            project("ended", [("2022-01-01", "planned"), ("2023", "cancelled")]),
            project("rests", [("2022-01-01", "early"), ("2023-06-01", "paused"), ("2025-01-01", "construction")]),
            project("young", [("2025-06-01", "planned")]),
            project("was-there", [("1990", "operating")]),
        ]
        found = realised(known, date(2026, 11, 22), months=24)
        assert (found.followed, found.working, found.ended, found.resting, found.under_way) == (4, 1, 1, 1, 1)
        assert found.share == 0.25
        assert found.low < 0.25 < found.high

    def test_nothing_followed_has_no_share(self):
        assert realised([], date(2026, 1, 1)).share is None

    def test_wilson_by_hand(self):
        # z 1.6449, 3 of 10: middle (0.3 + 0.13529) / 1.27057 = 0.34259, spread 1.6449 sqrt(0.021 + 0.0067643) / 1.27057 = 0.21572
        assert wilson(3, 10) == pytest.approx((0.12687, 0.55831), abs=1e-4)


class TestMistakes:
    def problems(self, record):
        with pytest.raises(BadInput) as error:
            Register.of([*LISTS, record]).check()
        return str(error.value)

    def test_a_plan_for_the_past(self):
        assert "a date not before 2025-06" in self.problems(project(plans=[("2025-06", "2024")]))

    def test_a_plan_for_the_running_year_is_fine(self):
        Register.of([*LISTS, project(plans=[("2025-06", "2025")])]).check()

    def test_two_states_on_one_day(self):
        assert "planned and paused on 2025-01-01" in self.problems(
            project(statuses=[("2025-01-01", "planned"), ("2025-01-01", "paused")])
        )

    def test_a_state_that_no_list_knows(self):
        assert "project_status:dreaming" in self.problems(project(statuses=[("2025", "dreaming")]))

    def test_shares_above_the_whole(self):
        parties = [{"name": "One", "share": 0.6}, {"name": "Other", "share": 0.5}]
        assert "shares of 1" in self.problems(project(parties=parties))

    def test_a_party_that_nobody_knows(self):
        assert "parties.organisation: expected the id of a known organisation" in self.problems(
            project(parties=[{"name": "One", "organisation": "nobody"}])
        )

    def test_milestones_out_of_order(self):
        reached = [{"milestone": "start", "date": "2024-06"}, {"milestone": "construction", "date": "2024-07-01"}]
        assert "a date not before construction on 2024-07-01" in self.problems(project(reached=reached))
        Register.of([*LISTS, project(reached=[reached[0], {"milestone": "construction", "date": "2024-06"}])]).check()

    def test_a_milestone_reached_twice(self):
        assert "each milestone once" in self.problems(project(reached=[{"date": "2024"}, {"date": "2025"}]))
