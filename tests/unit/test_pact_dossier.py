"""What a meeting needs on its table, from the register on a day."""

from __future__ import annotations

from datetime import date

import pytest

from orepact.errors import BadInput, NotFound
from orepact.pact.briefing.dossier import Dossier, dossier
from pact_real import DIALOGUE, MOC, made, real

TODAY = date(2026, 11, 22)


def _made(*records: object, on: date = TODAY) -> Dossier:
    return dossier(DIALOGUE, real().plus(records), on)  # type: ignore[arg-type]


def test_before_the_first_meeting_everything_is_new() -> None:
    found = dossier(DIALOGUE, real(), date(2024, 7, 8))
    assert (found.since, found.last) == (None, None)
    assert found.line.meetings == 0
    assert {one.project.id for one in found.moved} >= {"honda-alliston-ev"}


def test_projects_that_moved_since_the_last_meeting() -> None:
    found = dossier(DIALOGUE, real(), TODAY)
    assert found.since == date(2025, 8, 26)
    moved = {one.project.id: one for one in found.moved}
    honda = moved["honda-alliston-ev"]
    assert (honda.before.status, honda.now.status) == ("paused", "suspended")
    assert all(date.fromisoformat(one.date) > found.since for move in found.moved for one in move.statuses if len(one.date) == 10)


def test_what_was_reported_by_the_meeting_is_not_new() -> None:
    moved = {one.project.id for one in dossier(DIALOGUE, real(), date(2025, 8, 26)).moved}
    assert moved == set()


def test_commitments_are_late_or_come() -> None:
    fields = {"owner": "nrcan", "instrument": MOC, "made": "2025-08-26"}
    late = made("commitment", id="a-late", due="2026-06", **fields)
    later = made("commitment", id="b-later", due="2026-07", **fields)
    done = made("commitment", id="c-done", due="2026-06", done="2026-05", **fields)
    open_ = made("commitment", id="d-open", **fields)
    found = _made(late, later, done, open_)
    assert [(duty.commitment.id, duty.progress.overdue_days) for duty in found.overdue] == [("a-late", 145), ("b-later", 114)]
    assert [duty.commitment.id for duty in found.later] == ["ca-net-zero-2050", "jp-net-zero-2050", "d-open"]


def test_notices_and_differences_that_wait() -> None:
    notice = made("notice", id="n-1", instrument=MOC, sender="meti", to=["ised"], sent_at="2026-11-01T09:00:00+09:00", days=10)
    settled = {"settled": "2026-03-01", "outcome": "agreed", "consultations": [{"day": "2026-02-01"}]}
    open_ = made("difference", id="d-1", instrument=MOC, raised_by="meti", raised="2026-01-05")
    over = made("difference", id="d-2", instrument=MOC, raised_by="meti", raised="2026-01-05", **settled)
    found = _made(notice, open_, over)
    assert [(one.id, [answer.late_days for answer in waiting]) for one, waiting in found.notices] == [("n-1", [11])]
    assert [one.id for one in found.differences] == ["d-1"]
    assert [one.id for one in dossier(DIALOGUE, real().plus([over]), date(2026, 2, 28)).differences] == ["d-2"]


def test_each_way_to_count_gives_its_due_date() -> None:
    due = {name: one.day for name, one in dossier(DIALOGUE, real(), TODAY).by_reading.items()}
    assert due == {
        "from_last_meeting": date(2026, 8, 26), "calendar_year": date(2026, 12, 31), "from_operation": date(2026, 9, 21),
    }  # fmt: skip


@pytest.mark.parametrize("body", ["ca-jp-jec", "ca-kr-icc", "ca-kr-csp-dialogue"])
def test_a_body_of_which_little_is_known_has_a_dossier(body: str) -> None:
    found = dossier(body, real(), TODAY)
    assert (found.last, found.line.due.day) == (None, None)
    assert (found.board is None) == (body == "ca-jp-jec")


def test_an_unknown_body_is_named() -> None:
    with pytest.raises(NotFound, match="ca-jp-batery-dialogue"):
        dossier("ca-jp-batery-dialogue", real(), TODAY)


def test_a_day_before_the_body_is_refused_with_the_first_one() -> None:
    group = made("body", id="group", body_kind="working_group", instrument=MOC, announced="2026-11-20")
    register = real().plus([group])
    with pytest.raises(BadInput, match=r"body group: expected a day from 2026-11-20 on.* found 2026-11-19; take a later day"):
        dossier("group", register, date(2026, 11, 19))
    assert dossier("group", register, date(2026, 11, 20)).line.body.id == "group"
