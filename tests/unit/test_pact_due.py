"""By when a body must meet and what it missed: the real Dialogue under each way to count, and calendars at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.due import next_due, readings
from orepact.pact.records.register import Register
from pact_real import DIALOGUE, MOC, changed, made, real, without

LATE = ("2025-07-09", "2025-08-26")
OF_2026, OF_2027 = ("2026-08-26", None), ("2027-08-26", None)


def _missed(found: object) -> list[tuple[str, str | None]]:
    return [(str(one.due), str(one.held) if one.held else None) for one in found.missed]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("on", "counted", "day", "missed"),
    [
        # Signed on 2023-09-21; meetings on 2024-07-09 and 2025-08-26.
        ("2023-09-20", "from_last_meeting", None, []),
        ("2023-09-21", "from_last_meeting", "2024-09-21", []),
        ("2024-07-08", "from_last_meeting", "2024-09-21", []),
        ("2024-07-09", "from_last_meeting", "2025-07-09", []),
        ("2025-07-09", "from_last_meeting", "2025-07-09", []),  # the due day itself is in time
        ("2025-07-10", "from_last_meeting", "2025-07-09", [("2025-07-09", None)]),
        ("2025-08-26", "from_last_meeting", "2026-08-26", [LATE]),
        ("2026-08-26", "from_last_meeting", "2026-08-26", [LATE]),
        ("2026-11-22", "from_last_meeting", "2026-08-26", [LATE, OF_2026]),
        ("2027-11-22", "from_last_meeting", "2026-08-26", [LATE, OF_2026, OF_2027]),
        ("2023-09-20", "calendar_year", None, []),
        ("2023-09-21", "calendar_year", "2024-12-31", []),
        ("2024-07-09", "calendar_year", "2025-12-31", []),
        ("2025-08-26", "calendar_year", "2026-12-31", []),
        ("2026-11-22", "calendar_year", "2026-12-31", []),  # no year was missed
        ("2026-12-31", "calendar_year", "2026-12-31", []),
        ("2027-01-01", "calendar_year", "2026-12-31", [("2026-12-31", None)]),
        ("2023-09-21", "from_operation", "2024-09-21", []),
        ("2024-07-09", "from_operation", "2025-09-21", []),
        ("2025-08-26", "from_operation", "2026-09-21", []),
        ("2026-09-21", "from_operation", "2026-09-21", []),
        ("2026-11-22", "from_operation", "2026-09-21", [("2026-09-21", None)]),
        ("2027-09-22", "from_operation", "2026-09-21", [("2026-09-21", None), ("2027-09-21", None)]),
    ],
)
def test_the_dialogue_under_each_way_to_count(
    on: str, counted: str, day: str | None, missed: list[tuple[str, str | None]]
) -> None:
    asked = date.fromisoformat(on)
    found = next_due(DIALOGUE, real(), asked, counted)  # type: ignore[arg-type]
    assert (str(found.day) if found.day else None, _missed(found)) == (day, missed)
    assert found.overdue(asked) is any(held is None for _, held in missed)


def test_the_default_is_a_reading_and_says_so() -> None:
    on = date(2026, 11, 22)
    found = next_due(DIALOGUE, real(), on)
    assert found == next_due(DIALOGUE, real(), on, "from_last_meeting")
    assert found.rule == "within 12 months of the last meeting (our reading; the text does not say how to count)"
    assert {name: str(due.day) for name, due in readings(DIALOGUE, real(), on).items()} == {
        "from_last_meeting": "2026-08-26",
        "calendar_year": "2026-12-31",
        "from_operation": "2026-09-21",
    }
    assert found.last is not None
    assert found.last.id == "ca-jp-battery-dialogue-2"


def test_the_seed_says_nowhere_that_a_meeting_was_missed() -> None:
    texts = " ".join(str(record.content()).casefold() for record in real().records.values() if record.kind in ("body", "meeting"))
    assert "missed" not in texts
    assert "overdue" not in texts


def test_bodies_without_a_rule_have_no_due_date() -> None:
    on = date(2026, 11, 22)
    ruled = {body.id for body in real().all(Body) if body.meets}
    assert ruled == {DIALOGUE, "ca-kr-csp-dialogue"}
    for body in real().all(Body):
        found = next_due(body.id, real(), on)
        if body.id not in ruled:
            assert (found.day, found.rule, found.missed) == (None, "not stated", ())
    yearly = next_due("ca-kr-csp-dialogue", real(), on)
    assert yearly.day is None
    assert yearly.rule.endswith("there is no meeting and no start to count from")


def _met(months: int, *held: str, counted: str = "from_last_meeting", begun: str = "2023-09-21") -> Register:
    """The Dialogue with another rhythm, start and meetings."""
    register = without(real(), ("meeting", "ca-jp-battery-dialogue-1"), ("meeting", "ca-jp-battery-dialogue-2"))
    meets = {"every_months": months, "counted": counted, "counted_inferred": False, "article": f"{MOC}:governance-4-a-i"}
    register = changed(register, "body", DIALOGUE, meets=meets)
    effect = {"rule": "stated", "day": begun}
    register = changed(register, "instrument", "ca-jp-moc-battery-2023", effect=effect, signatures=None)
    return register.plus([made("meeting", id=f"m{n}", body=DIALOGUE, held=day) for n, day in enumerate(held)])


@pytest.mark.parametrize(
    ("months", "held", "day"),
    [
        (12, ("2024-02-29",), "2025-02-28"),  # a leap day has no twin
        (48, ("2024-02-29",), "2028-02-29"),
        (6, ("2024-08-31",), "2025-02-28"),
        (3, ("2024-11-30",), "2025-02-28"),
        (1, ("2025-01-31",), "2025-02-28"),
        (12, ("2024-03",), "2025-03-31"),  # a month: its last day, as nobody knows better
        (12, ("2024-H2",), "2025-12-31"),
        (12, ("2024-07-09", "2024-10-01"), "2025-10-01"),  # an extra meeting starts the clock anew
    ],
)
def test_months_end_where_the_calendar_ends(months: int, held: tuple[str, ...], day: str) -> None:
    assert str(next_due(DIALOGUE, _met(months, *held), date(2025, 1, 31)).day) == day


def test_several_dates_missed_before_a_late_meeting_are_all_told() -> None:
    found = next_due(DIALOGUE, _met(6, "2024-01-10", "2025-08-01"), date(2025, 8, 1))
    assert _missed(found) == [(day, "2025-08-01") for day in ("2024-07-10", "2025-01-10", "2025-07-10")]
    assert str(found.day) == "2026-02-01"


@pytest.mark.parametrize(
    ("counted", "begun", "day"),
    [
        ("from_operation", "2024-02-29", "2025-02-28"),
        ("from_operation", "2023-01-31", "2024-01-31"),
        ("calendar_year", "2023-12-31", "2024-12-31"),
        ("calendar_year", "2023-01-01", "2024-12-31"),  # the year of the start is none yet
    ],
)
def test_periods_from_the_start(counted: str, begun: str, day: str) -> None:
    assert str(next_due(DIALOGUE, _met(12, counted=counted, begun=begun), date.fromisoformat(begun)).day) == day


@pytest.mark.parametrize(
    ("held", "on", "day", "missed"),
    [
        (("2024-09-21",), "2024-09-21", "2025-09-21", []),  # the last day of the first year is no day of the second
        (("2024-09-22",), "2024-09-22", "2026-09-21", [("2024-09-21", None)]),  # too late for the first, in time for the second
        (("2024-05-01", "2026-05-01"), "2026-05-01", "2027-09-21", [("2025-09-21", None)]),  # what came later owes nothing more
    ],
)
def test_a_meeting_serves_one_period(held: tuple[str, ...], on: str, day: str, missed: list[tuple[str, str | None]]) -> None:
    found = next_due(DIALOGUE, _met(12, *held, counted="from_operation"), date.fromisoformat(on))
    assert (str(found.day), _missed(found)) == (day, missed)


def test_half_year_periods_of_the_calendar() -> None:
    register = _met(6, "2024-03-01", counted="calendar_year")
    assert str(next_due(DIALOGUE, register, date(2024, 6, 30)).day) == "2024-12-31"
    missed = next_due(DIALOGUE, register, date(2025, 1, 1))
    assert (_missed(missed), str(missed.day)) == ([("2024-12-31", None)], "2024-12-31")


def test_a_planned_meeting_is_shown_once_it_is_known_and_meets_nothing() -> None:
    plan = made("meeting", id="third", body=DIALOGUE, number=3, announced="2026-06-01", planned="2026-08-20")
    register = real().plus([plan])
    assert next_due(DIALOGUE, register, date(2026, 5, 31)).planned is None
    found = next_due(DIALOGUE, register, date(2026, 11, 22))
    assert found.planned is not None
    assert (found.planned.id, str(found.day), found.overdue(date(2026, 11, 22))) == ("third", "2026-08-26", True)


def test_a_cancelled_meeting_meets_nothing() -> None:
    dropped = made("meeting", id="third", body=DIALOGUE, planned="2026-08-20", cancelled="2026-08-01", cancel_reason="election")
    found = next_due(DIALOGUE, real().plus([dropped]), date(2026, 11, 22))
    assert (found.planned, str(found.day)) == (None, "2026-08-26")


def test_a_body_that_ended_owes_no_meeting() -> None:
    register = changed(real(), "body", DIALOGUE, ended="2026-03-31", end_reason="merged into another")
    assert next_due(DIALOGUE, register, date(2026, 3, 30)).day == date(2026, 8, 26)
    found = next_due(DIALOGUE, register, date(2026, 3, 31))
    assert (found.day, found.rule) == (None, "ended 2026-03-31: merged into another")


@pytest.mark.parametrize(
    ("announced", "held", "counted", "on", "day", "missed"),
    [
        # Every 6 months, under an instrument that works since 2023-09-21.
        (None, (), "from_last_meeting", "2024-03-21", "2024-03-21", []),  # set up with the instrument
        ("2026-11-20", (), "from_last_meeting", "2026-11-19", None, []),  # not known yet
        ("2026-11-20", (), "from_last_meeting", "2026-11-20", "2027-05-20", []),
        ("2026-11-20", (), "from_last_meeting", "2027-05-20", "2027-05-20", []),
        ("2026-11-20", (), "from_last_meeting", "2027-05-21", "2027-05-20", [("2027-05-20", None)]),
        ("2026-11-20", (), "calendar_year", "2026-11-23", "2027-06-30", []),  # the half-year from January
        ("2026-11-20", (), "from_operation", "2026-11-23", "2027-05-20", []),
        ("2026-11", (), "from_last_meeting", "2026-11-29", None, []),  # a month counts once it is over
        ("2026-11", (), "from_last_meeting", "2026-11-30", "2027-05-30", []),
        ("2023-01-10", (), "from_last_meeting", "2023-09-21", "2024-03-21", []),  # announced before the instrument worked
        ("2026-11-20", ("2026-10-01",), "from_last_meeting", "2026-11-20", "2027-04-01", []),  # it met before it was announced
    ],
)
def test_a_body_owes_nothing_from_before_it_was_set_up(  # noqa: PLR0917  a row of the table
    announced: str | None, held: tuple[str, ...], counted: str, on: str, day: str | None, missed: list[tuple[str, str | None]]
) -> None:
    register = changed(_met(6, *held, counted=counted), "body", DIALOGUE, announced=announced)
    found = next_due(DIALOGUE, register, date.fromisoformat(on))
    assert (str(found.day) if found.day else None, _missed(found)) == (day, missed)


@pytest.mark.parametrize(
    ("fields", "instrument", "on", "day"),
    [
        # Every 6 months, as no article says: a body of which no day is known does not count from the start of its old instrument.
        ({}, MOC, "2026-11-23", None),
        ({"article": f"{MOC}:form-3-b"}, MOC, "2026-11-23", None),  # an article speaks of it, and not of how often it meets
        ({"announced": "2026-11-20"}, MOC, "2026-11-23", "2027-05-20"),
        ({"announced": "2026-11-20"}, None, "2026-11-23", "2027-05-20"),  # under no instrument
        ({"announced": "2026-11-20"}, None, "2026-11-19", None),
        ({}, None, "2026-11-23", None),
    ],
)
def test_without_a_known_day_there_is_no_start_to_count_from(
    fields: dict[str, str], instrument: str | None, on: str, day: str | None
) -> None:
    group = made("body", id="group", body_kind="working_group", instrument=instrument, meets={"every_months": 6}, **fields)
    found = next_due("group", real().plus([group]), date.fromisoformat(on))
    assert (str(found.day) if found.day else None, found.missed) == (day, ())
    assert found.rule.endswith("no start to count from") is (day is None)
    assert found.overdue(date.fromisoformat(on)) is False


@pytest.mark.parametrize(
    ("held", "counted", "told"),
    [
        ((), "from_last_meeting", True),
        (("2026-12-01",), "from_last_meeting", False),  # the meeting sets the next date
        (("2026-12-01",), "from_operation", True),
    ],
)
def test_the_rule_names_the_setting_up_where_it_counts_from_it(held: tuple[str, ...], counted: str, told: bool) -> None:
    register = changed(_met(6, *held, counted=counted), "body", DIALOGUE, announced="2026-11-20")
    found = next_due(DIALOGUE, register, date(2026, 12, 31))
    assert found.set_up == (date(2026, 11, 20) if told else None)
    assert ("counted from 2026-11-20" in found.rule) is told


def test_a_meeting_is_the_first_that_is_known_of_a_body() -> None:
    group = made(
        "body", id="group", body_kind="working_group", instrument=MOC, meets={"every_months": 6, "counted": "from_operation"}
    )
    register = real().plus([group, made("meeting", id="m", body="group", held="2026-06-01")])
    assert next_due("group", register, date(2026, 5, 31)).day is None
    found = next_due("group", register, date(2026, 11, 23))
    assert (str(found.day), found.missed) == ("2027-06-01", ())  # that meeting lies in the half-year that it began


@pytest.mark.parametrize(
    ("on", "day", "rule"),
    [
        # Notice given on 2026-03-31; three months from it end on 2026-06-30, when nothing is owed any more.
        ("2026-03-31", "2024-09-21", "within 12 months of the last meeting"),
        ("2026-06-29", "2024-09-21", "within 12 months of the last meeting"),
        ("2026-06-30", None, "ended with ca-jp-moc-battery-2023 on 2026-06-30"),
        ("2027-11-22", None, "ended with ca-jp-moc-battery-2023 on 2026-06-30"),
    ],
)
def test_a_body_owes_nothing_once_its_instrument_ended(on: str, day: str | None, rule: str) -> None:
    notice = made("end_notice", id="end", instrument="ca-jp-moc-battery-2023", organisation="meti", given_on="2026-03-31")
    found = next_due(DIALOGUE, _met(12).plus([notice]), date.fromisoformat(on))
    assert (str(found.day) if found.day else None, found.rule) == (day, rule)
    assert found.overdue(date.fromisoformat(on)) is (day is not None)
    assert bool(found.missed) is (day is not None)
