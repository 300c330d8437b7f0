"""One line for each real body and instrument on a day."""

from __future__ import annotations

from datetime import date

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
