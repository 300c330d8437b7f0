"""Permits: clocks that run, stand still and run out; the critical path; engagement that its Nation controls."""

from datetime import date

import pytest

from orepact.errors import BadInput
from orepact.pact.organisations.engagement import Engagement, awaiting, may_change, shown
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.projects.permits import PermitPath, Permits, clocks, open_questions, remaining
from orepact.pact.projects.project import Project
from orepact.pact.records.codes import Code
from orepact.pact.records.reading import shipped
from orepact.pact.records.register import Register

TODAY = date(2026, 11, 22)
LISTS = [Code(id="project_kind:mine", title="Mine", list="project_kind")]
LISTS += [
    Code(id="permit_kind:water", title="Water", list="permit_kind"),
    Code(id="contact_kind:meeting", title="M", list="contact_kind"),
]


def path(**steps):
    """Steps by id: days and the steps before."""
    given = [
        {"id": name, "title": name, "permit_kind": "water", "days": days, "after": after}
        for name, (days, *after) in steps.items()
    ]
    return PermitPath(id="way", title="Way", place="CA-ON", project_kind="mine", steps=given)


WAY = path(plan=(180,), study=(None, "plan"), review=(300, "study"), water=(150, "review"), filing=(45,))


def permits(*progress, **more):
    return Permits(id="ours", title="Ours", project="dig", path="way", progress=progress, **more)


def states(ours, on=TODAY, way=WAY):
    return {clock.step: clock.state for clock in clocks(ours, way, on)}


class TestClocks:
    def test_nothing_begun(self):
        assert states(permits()) == {
            "plan": "open",
            "study": "waiting",
            "review": "waiting",
            "water": "waiting",
            "filing": "open",
        }

    def test_a_running_clock_is_due_after_its_statutory_days(self):
        ours = permits({"step": "plan", "applied_on": "2026-01-31"})
        clock = clocks(ours, WAY, date(2026, 7, 30))[0]
        assert (clock.state, clock.due, clock.overdue) == ("running", date(2026, 7, 30), 0)  # 28+31+30+31+30+30 days on
        assert clocks(ours, WAY, date(2026, 8, 9))[0].overdue == 10
        assert states(ours, date(2026, 1, 30))["plan"] == "open"

    def test_a_leap_day_counts(self):
        ours = permits({"step": "filing", "applied_on": "2028-02-01"})
        assert clocks(ours, WAY, date(2028, 2, 1))[-1].due == date(2028, 3, 17)

    def test_a_pause_moves_the_day(self):
        pause = {"begins": date(2026, 2, 10), "ends": date(2026, 3, 12)}
        ours = permits({"step": "plan", "applied_on": "2026-01-31", "pauses": [pause]})
        assert clocks(ours, WAY, date(2026, 4, 1))[0].due == date(2026, 8, 29)
        during = clocks(ours, WAY, date(2026, 2, 20))[0]
        assert (during.paused, during.due) == (True, date(2026, 8, 9))

    def test_a_day_in_two_pauses_stands_still_once_and_none_before_the_application(self):
        """From 31 January 40 days of pause in all: 10 February to 22 March; those of January come before the clock."""
        pauses = [
            {"begins": date(2026, 2, 20), "ends": date(2026, 3, 22)},
            {"begins": date(2026, 2, 10), "ends": date(2026, 3, 2)},
            {"begins": date(2026, 1, 1), "ends": date(2026, 1, 20)},
        ]
        ours = permits({"step": "plan", "applied_on": "2026-01-31", "pauses": pauses})
        assert clocks(ours, WAY, date(2026, 6, 1))[0].due == date(2026, 9, 8)  # 30 July and 40 days

    def test_a_step_that_is_not_needed_says_nothing_of_those_before_it(self):
        ours = permits({"step": "study", "outcome": "not_needed"})
        assert states(ours) | {"filing": ""} == {
            "plan": "open",
            "study": "not_needed",
            "review": "waiting",
            "water": "waiting",
            "filing": "",
        }
        assert remaining(ours, WAY, TODAY).days == 630
        after = permits(
            {"step": "study", "outcome": "not_needed"}, {"step": "plan", "decided_on": "2026-01", "outcome": "granted"}
        )
        assert states(after)["review"] == "open"

    def test_a_decision_opens_what_waits_for_it(self):
        ours = permits({"step": "plan", "applied_on": "2026-01", "decided_on": "2026-06-15", "outcome": "granted"})
        assert states(ours, date(2026, 6, 14))["study"] == "waiting"
        assert states(ours, date(2026, 6, 15)) | {"water": ""} == {
            "plan": "granted",
            "study": "open",
            "review": "waiting",
            "water": "",
            "filing": "open",
        }

    def test_a_step_that_has_begun_leaves_those_before_it_behind(self):
        assert states(permits({"step": "review"})) == {
            "plan": "through",
            "study": "through",
            "review": "running",
            "water": "waiting",
            "filing": "open",
        }


class TestTheCriticalPath:
    def test_the_longest_way_and_what_may_add_to_it(self):
        found = remaining(permits(), WAY, TODAY)
        assert (found.days, found.steps) == (630, ("plan", "study", "review", "water"))
        assert (found.untimed, found.ready_on) == (("study",), date(2028, 8, 13))

    def test_what_runs_takes_what_is_left(self):
        found = remaining(permits({"step": "review", "applied_on": "2026-06-01"}), WAY, date(2026, 6, 11))
        assert (found.days, found.steps, found.untimed) == (440, ("review", "water"), ())

    def test_what_is_overdue_takes_nothing_more(self):
        assert remaining(permits({"step": "review", "applied_on": "2020-06-01"}), WAY, TODAY).days == 150

    def test_a_begin_that_is_not_known_gives_no_days(self):
        found = remaining(permits({"step": "review"}), WAY, TODAY)
        assert (found.days, found.untimed) == (150, ("review",))

    def test_a_refusal_stops_it(self):
        ours = permits({"step": "review", "applied_on": "2026-01-01", "decided_on": "2026-06-01", "outcome": "refused"})
        assert remaining(ours, WAY, TODAY).stopped == ("review",)

    def test_all_granted_leaves_nothing(self):
        done = [{"step": name, "applied_on": "2020", "decided_on": "2021", "outcome": "granted"} for name in WAY.by_id]
        found = remaining(permits(*done), WAY, TODAY)
        assert (found.days, found.steps, found.ready_on) == (0, (), TODAY)

    def test_side_branches_run_at_the_same_time(self):
        way = path(a=(10,), b=(30,), both=(5, "a", "b"))
        assert (remaining(permits(), way, TODAY).days, remaining(permits(), way, TODAY).steps) == (35, ("b", "both"))


class TestQuestions:
    def test_open_ones_oldest_first(self):
        asked = [
            {"asked_on": date(2026, day, 1), "text": f"q{day}", "answered_on": answered}
            for day, answered in ((3, None), (2, None))
        ]
        ours = permits(questions=[*asked, {"asked_on": date(2026, 1, 1), "text": "q1", "answered_on": date(2026, 2, 1)}])
        assert [one.text for one in open_questions(ours, TODAY)] == ["q2", "q3"]
        assert [one.text for one in open_questions(ours, date(2026, 1, 31))] == ["q1"]


class TestMistakes:
    @pytest.mark.parametrize(
        ("record", "words"),
        [
            (path(a=(1, "b"), b=(1, "a")), "steps that do not wait for each other, found a, b"),
            (path(a=(1, "a")), "steps that do not wait for each other"),
            (path(a=(1, "missing")), "a step of this path, found 'missing'"),
        ],
    )
    def test_paths(self, record, words):
        with pytest.raises(BadInput, match=words):
            Register.of([*LISTS, record]).check()

    @pytest.mark.parametrize(
        ("ours", "words"),
        [
            (permits({"step": "missing"}), "a step of way"),
            (
                permits({"step": "plan", "applied_on": "2026-02", "decided_on": "2026-01", "outcome": "granted"}),
                "not before 2026-02",
            ),
            (permits({"step": "plan", "outcome": "granted"}), "an outcome together with its date"),
            (permits(questions=[{"asked_on": TODAY, "text": "x", "answered_on": date(2026, 1, 1)}]), "an answer not before"),
            (
                permits({"step": "plan", "pauses": [{"begins": TODAY, "ends": date(2026, 1, 1)}]}),
                "a pause that ends not before",
            ),
        ],
    )
    def test_progress(self, ours, words):
        with pytest.raises(BadInput, match=words):
            Register.of([*LISTS, WAY, ours]).check()

    def test_a_circle_does_not_hang_the_clock(self):
        assert remaining(permits(), path(a=(1, "b"), b=(1, "a")), TODAY).days >= 0


NATION, OTHER = "taykwa-tagamou-nation", "matachewan-first-nation"


def engagement(name="one", nation=NATION, **more):
    return Engagement(id=name, title=name, nation=nation, project="crawford", **more)


class TestRightsHolders:
    HIDING = engagement(showing=({"since": date(2026, 3, 1), "hidden": True}, {"since": date(2026, 9, 1), "hidden": False}))

    @pytest.mark.parametrize(
        ("on", "seen"), [(date(2026, 2, 28), 2), (date(2026, 3, 1), 1), (date(2026, 8, 31), 1), (date(2026, 9, 1), 2)]
    )
    def test_a_hidden_record_is_not_there_for_others(self, on, seen):
        records = [self.HIDING, engagement("two", OTHER)]
        assert len(shown(records, on, viewer=("nrcan",))) == seen
        assert len(shown(records, on, viewer=(NATION,))) == 2

    def test_of_two_words_of_one_day_the_last_holds(self):
        words = [{"since": date(2026, 3, 1), "hidden": False}, {"since": date(2026, 3, 1), "hidden": True}]
        assert engagement(showing=words).hidden(date(2026, 3, 1))
        assert not engagement(showing=words[::-1]).hidden(date(2026, 3, 1))
        said = [{"date": "2024-05", "state": "given"}, {"date": "2024-05", "state": "withdrawn"}]
        assert engagement(consent=said).consent_on(TODAY) == "withdrawn"

    def test_hiding_keeps_what_was(self):
        assert len(self.HIDING.showing) == 2
        assert self.HIDING.content()["showing"][0] == {"since": "2026-03-01", "hidden": True}

    def test_only_the_nation_may_change_it(self):
        assert may_change(self.HIDING, (NATION,))
        assert not may_change(self.HIDING, (OTHER, "nrcan"))

    def test_consent_is_what_the_nation_said_last(self):
        given = engagement(consent=[{"date": "2024-05", "state": "given"}, {"date": "2025-07-01", "state": "withdrawn"}])
        assert [given.consent_on(day) for day in (date(2024, 5, 30), date(2024, 5, 31), TODAY)] == [
            "not_stated",
            "given",
            "withdrawn",
        ]

    def test_agreements_in_force(self):
        ours = engagement(
            agreements=[{"title": "a", "signed": "2020", "ended": "2024"}, {"title": "b", "signed": "2023"}, {"title": "c"}]
        )
        assert [one.title for one in ours.in_force(date(2024, 6, 1))] == ["a", "b"]
        assert [one.title for one in ours.in_force(TODAY)] == ["b"]

    def test_a_label_of_somebody_else_is_a_problem(self):
        found = [str(one) for one in engagement(label="TLP:AMBER/nrcan").problems(Register.of(LISTS))]
        assert "a label that taykwa-tagamou-nation owns" in found[0]
        assert [*engagement(label=f"TLP:RED/{NATION}").problems(Register.of(LISTS))] == []


class TestTheShippedOnes:
    def test_crawford_waits_for_the_federal_decision(self):
        ours, way = shipped().get(Permits, "crawford"), shipped().get(PermitPath, "on-mine")
        now = states(ours, TODAY, way)
        assert (now["federal-planning"], now["federal-assessment"], now["federal-decision"]) == ("through", "running", "waiting")
        found = remaining(ours, way, TODAY)
        assert (found.days, found.steps) == (240, ("federal-assessment", "federal-decision", "fish-habitat"))
        assert "federal-assessment" in found.untimed

    def test_every_path_has_a_way_through(self):
        for way in shipped().all(PermitPath):
            assert remaining(permits(), way, TODAY).steps, way.id

    def test_no_consent_is_put_into_a_nations_mouth(self):
        ours = shipped().all(Engagement)
        assert {one.consent_on(TODAY) for one in ours} == {"not_stated"}
        assert awaiting(ours, TODAY) == tuple(ours)

    def test_nations_are_named_only_in_records_that_they_control(self):
        seed = shipped()
        nations = {one.id for one in seed.all(Organisation) if one.organisation_kind == "nation"}
        named = {one.nation for one in seed.all(Engagement)}
        assert named <= nations
        for project in seed.all(Project):
            assert not nations & {party.organisation for party in project.parties}, project.id
