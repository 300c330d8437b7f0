"""What lies ahead is not written down as done: keys, notices, acknowledgements and meetings, against a moment of writing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from orepact.errors import BadInput
from orepact.pact.dates.ahead import ahead
from orepact.pact.records.record import Record
from orepact.service.pact import init_register
from orepact.service.pact.desk import keep, opened
from pact_real import DIALOGUE, MOC, made, real

#: By then it is the 24th of November in Tokyo and on Kiritimati (14 hours ahead of UTC), and the 23rd in London.
NOW = datetime.fromisoformat("2026-11-23T15:30:00+00:00")


def _decision(asked: str, *keys: str) -> Record:
    hands = [("CAN", "nrcan", "ana"), ("JPN", "meti", "yuki")]
    turned = [
        {"side": side, "organisation": name, "person": person, "verdict": "approve", "reason": "yes", "given_at": at}
        for (side, name, person), at in zip(hands, keys, strict=False)
    ]
    sides = [{"side": "CAN", "organisations": ["nrcan"]}, {"side": "JPN", "organisations": ["meti"]}]
    subject = {"what": "other", "text": "meet again"}
    return made("decision", id="d", instrument=MOC, subject=subject, asked_at=asked, asked_by="nrcan", holders=sides, keys=turned)


def _notice(sent: str, *answers: str) -> Record:
    given = [{"organisation": "nrcan", "at": at} for at in answers]
    return made("notice", id="n", instrument=MOC, sender="meti", to=["nrcan"], sent_at=sent, acknowledgements=given)


def _meeting(**days: str) -> Record:
    reason = {"cancel_reason": "election"} if "cancelled" in days else {}
    return made("meeting", id="m", body=DIALOGUE, **days, **reason)


@pytest.mark.parametrize(
    ("record", "where"),
    [
        (_decision("2026-11-20T00:00Z", "2026-11-23T15:30:00Z"), []),  # this very moment
        (_decision("2026-11-20T00:00Z", "2026-11-23T15:30:01Z"), ["key of CAN"]),
        (_decision("2026-11-20T00:00Z", "2026-11-24T00:30+09:00"), []),  # the same moment in Tokyo
        (_decision("2026-11-20T00:00Z", "2026-11-23T15:30-05:00"), ["key of CAN"]),  # 20:30 in UTC
        (_decision("2026-11-20T00:00Z", "2027-01-02T00:00Z", "2027-01-03T00:00Z"), ["key of CAN", "key of JPN"]),
        (_decision("2027-01-01T00:00Z"), ["asked_at"]),
        (_notice("2026-11-23T15:00Z", "2026-11-23T15:29Z"), []),
        (_notice("2026-11-23T15:00Z", "2026-12-01T00:00Z"), ["acknowledgements, nrcan"]),
        (_notice("2026-12-01T00:00Z"), ["sent_at"]),
        (_meeting(held="2026-11-23"), []),
        (_meeting(held="2026-11-24"), []),  # has begun in Tokyo
        (_meeting(held="2026-11-25"), ["held"]),
        (_meeting(held="2026-11"), []),
        (_meeting(held="2026-12"), ["held"]),
        (_meeting(held="2027"), ["held"]),
        (_meeting(planned="2027-03-01"), []),  # a plan is of what lies ahead
        (_meeting(planned="2027-03-01", cancelled="2026-12-24"), ["cancelled"]),
    ],
)
def test_what_lies_ahead_is_not_done(record: Record, where: list[str]) -> None:
    found = [*ahead(real(), [record], NOW)]
    assert [each.column for each in found] == [f"{record.kind} {record.id}, {name}" for name in where]
    assert all("2026-11-23T15:30:00Z" in str(each) for each in found)


def test_what_stood_before_is_not_held_against_a_change() -> None:
    before = _decision("2026-11-20T00:00Z", "2026-12-01T00:00Z")
    after = _decision("2026-11-20T00:00Z", "2026-12-01T00:00Z", "2026-12-02T00:00Z")
    assert [each.column for each in ahead(real().plus([before]), [after], NOW)] == ["decision d, key of JPN"]


def test_the_register_keeps_nothing_that_lies_ahead(tmp_path: Path) -> None:
    file = str(tmp_path / "register.db")
    init_register(file)
    with opened(file, filled=False) as store:
        with pytest.raises(BadInput, match="nothing later than now, 2026-11-23T15:30:00Z"):
            keep(store, [_meeting(held="2026-11-25")], {}, actor="ana", reason="test", now=NOW)
        assert store.head().seq == 0
