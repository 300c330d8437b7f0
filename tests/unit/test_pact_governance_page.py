"""The table and dates printed in docs/why/governance.md are those that the rules give."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from orepact.pact.bodies.due import readings
from orepact.pact.bodies.rotation import chair
from orepact.pact.instruments.ending import EndNotice, clock_of
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.reading import seed

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "governance.md").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)


def test_the_table_of_readings() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")][1:]
    printed = [(row[1], row[2]) for row in rows]
    found = readings("ca-jp-battery-dialogue", seed(), TODAY)
    names = ("from_last_meeting", "calendar_year", "from_operation")
    computed = []
    for name in names:
        missed = [f"{one.due} (met on {one.held})" if one.held else str(one.due) for one in found[name].missed]
        computed.append((str(found[name].day), ", ".join(missed) or "none"))
    assert printed == computed


def test_the_dates_of_a_notice() -> None:
    rule = seed().get(Instrument, "ca-jp-moc-battery-2023").end
    assert rule is not None
    ends = []
    for year in (2026, 2027):
        given = date(year, 11, 30)
        notice = EndNotice(id="n", title="n", instrument="ca-jp-moc-battery-2023", organisation="ised", given_on=given)
        ends.append(clock_of(notice, rule).ends_on)
    assert re.search(r"given on 30 November ends the memorandum on 28 February, on the 29th in a leap year", PAGE)
    assert ends == [date(2027, 2, 28), date(2028, 2, 29)]


def test_the_chairs() -> None:
    assert "GAC is next whatever the order" in PAGE
    found = chair("ca-jp-battery-dialogue", "CAN", seed(), TODAY)
    assert (found.organisation, found.certain) == ("gac", True)
    assert len(chair("ca-jp-battery-dialogue", "CAN", seed(), date(2025, 1, 1)).candidates) == 2
