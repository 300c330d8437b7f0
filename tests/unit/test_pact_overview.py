"""One line for each real body and instrument on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from orepact.pact.bodies.body import Body
from orepact.pact.briefing.overview import bodies, instruments
from orepact.pact.instruments.instrument import Instrument
from pact_real import DIALOGUE, MINERALS, MOBILITY, MOC, made, real

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("on", "last", "following", "due", "meetings"),
    [
        ("2024-01-01", ("", ""), (None, "meti"), "2024-09-21", 0),
        ("2025-01-01", ("ised", "meti"), (None, "meti"), "2025-07-09", 1),
        ("2026-11-22", ("nrcan", "meti"), ("gac", "meti"), "2026-08-26", 2),
    ],
)
def test_the_dialogue(on: str, last: tuple[str, str], following: tuple[str | None, str], due: str, meetings: int) -> None:
    (line,) = [line for line in bodies(real(), date.fromisoformat(on)) if line.body.id == DIALOGUE]
    assert [side.side for side in line.sides] == ["CAN", "JPN"]
    assert tuple(side.chair for side in line.sides) == last
    assert tuple(side.following.organisation for side in line.sides) == following
    assert (str(line.due.day), line.meetings) == (due, meetings)


def test_every_body_and_instrument_has_a_line() -> None:
    assert [line.body.id for line in bodies(real(), TODAY)] == sorted(body.id for body in real().all(Body))
    assert [line.instrument.id for line in instruments(real(), TODAY)] == sorted(one.id for one in real().all(Instrument))


@pytest.mark.parametrize(
    ("fields", "meeting", "first"),
    [
        ({"announced": "2026-11-20"}, {}, "2026-11-20"),
        ({"announced": "2026-11"}, {}, "2026-11-30"),  # a month counts once it is over
        ({"announced": "2026-11-20"}, {"held": "2026-10-01"}, "2026-10-01"),  # it met before it was announced
        ({"announced": "2026-11-20", "article": f"{MOC}:form-3-b"}, {}, "2026-11-20"),
        ({"article": f"{MOC}:form-3-b"}, {"held": "2026-10-01"}, "2023-09-21"),  # as old as the article that speaks of it
        ({}, {"held": "2026-10-01"}, "2026-10-01"),
        ({}, {"planned": "2026-12-01", "announced": "2026-10-05"}, "2026-10-05"),
        ({}, {"planned": "2026-12-01"}, "2023-09-21"),  # nobody says since when the plan is known
        ({}, {}, "2023-09-21"),  # at most as old as its instrument
    ],
)
def test_a_body_is_listed_from_the_first_day_that_is_known_of_it(
    fields: dict[str, str], meeting: dict[str, str], first: str
) -> None:
    group = made("body", id="group", body_kind="working_group", instrument=MOC, **fields)
    register = real().plus([group, *([made("meeting", id="m", body="group", **meeting)] if meeting else [])])
    day = date.fromisoformat(first)
    found = {on: "group" in [line.body.id for line in bodies(register, on)] for on in (day - timedelta(days=1), day)}
    assert found == {day - timedelta(days=1): False, day: True}


@pytest.mark.parametrize(
    ("on", "gone"),
    [
        ("2026-11-22", set()),
        ("2026-01-28", {"ca-kr-icc", "ca-jp-economic-security"}),
        ("2022-01-01", {"ca-kr-icc", "ca-jp-economic-security", "ca-kr-cmwg", "ca-kr-eds", "ca-kr-csp-dialogue", DIALOGUE}),
    ],
)
def test_the_real_bodies_that_were_not_there_yet(on: str, gone: set[str]) -> None:
    listed = {line.body.id for line in bodies(real(), date.fromisoformat(on))}
    assert {body.id for body in real().all(Body)} - listed == gone


def test_the_memoranda() -> None:
    found = {line.instrument.id: line for line in instruments(real(), TODAY)}
    assert {name: found[name].standing.stage for name in (MOC, MINERALS, MOBILITY)} == {
        MOC: "in_operation",
        MINERALS: "signed",
        MOBILITY: "signed",
    }
    assert found[MOC].parties == ("meti", "mofa-jp", "ised", "nrcan", "gac")
    assert [claim.day for claim in found[MOBILITY].start.rivals] == ["2026-01-28", "2026-01-29"]
    assert found[MOC].clocks == ()


def test_a_notice_shows_its_clock() -> None:
    notice = made("end_notice", id="end", instrument=MOC, organisation="gac", given_on="2026-11-01")
    (line,) = [line for line in instruments(real().plus([notice]), TODAY) if line.instrument.id == MOC]
    assert (line.standing.stage, [str(clock.ends_on) for clock in line.clocks]) == ("ending", ["2027-02-01"])


@pytest.mark.parametrize(
    ("name", "on", "listed"),
    [
        (MOC, "2023-09-20", False),
        (MOC, "2023-09-21", True),
        (MOBILITY, "2015-01-01", False),
        (MOBILITY, "2026-01-27", True),
        ("cmpa", "2025-06-29", False),  # announced in June 2025: surely by its last day
        ("cmpa", "2025-06-30", True),
        ("cusma", "2015-01-01", True),  # nothing of it is dated here
    ],
)
def test_an_instrument_is_listed_from_the_day_on_which_it_is_known_of(name: str, on: str, *, listed: bool) -> None:
    assert (name in {line.instrument.id for line in instruments(real(), date.fromisoformat(on))}) is listed
