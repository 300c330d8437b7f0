"""What lies ahead is not written down as done, of whatever kind it is, against a moment of writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import AfterValidator, BaseModel

from orepact.errors import BadInput
from orepact.pact.dates.ahead import ahead
from orepact.pact.dates.days import DateText
from orepact.pact.records.kinds import kinds
from orepact.pact.records.past import marked_in, parts_in
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


def _incident(**parts: Any) -> Record:
    return made("incident", id="i", instrument=MOC, pattern="ipef-art12", **parts)


def _request(sent: str, received: str) -> dict[str, Any]:
    return {"by": "nrcan", "asked": ["meti"], "sent_at": sent, "received_at": received, "answers": {}}


def _commitment(**fields: Any) -> Record:
    return made("commitment", id="c", **{"owner": "nrcan", "made": "2026-11-01", **fields})


def _drill(**fields: Any) -> Record:
    inject = {"id": "a", "at_hours": 0, "text": "x", "expected": "y", "within_hours": 4}
    return made("drill", id="x", incident="i", injects=[inject], **fields)


def _delivery(**fields: Any) -> Record:
    return made("delivery", id="y", decision="d", by="meti", to="nrcan", what="Ore", due="2027-04", **fields)


@pytest.mark.parametrize(
    ("record", "where"),
    [
        (_incident(request=_request("2026-11-23T15:00Z", "2026-11-23T15:30Z")), []),
        (_incident(request=_request("2026-11-23T15:00Z", "2026-11-24T09:00Z")), ["request, received_at"]),
        (_incident(met={"on": "2026-12-01", "mode": "virtual"}), ["met, on"]),
        (_incident(closed={"on": "2027-01", "reason": "over"}), ["closed, on"]),
        (_incident(alert={"place": "CAN", "level": "caution", "on": "2026-12-01"}), ["alert, on"]),
        (_incident(drill=True, closed={"on": "2027-01", "reason": "over"}), ["closed, on"]),  # exercises are no exception
        (_incident(event={"title": "A law takes effect", "known_from": "2027-01-01"}), []),  # a date of the world, not a deed
        (_drill(started_at="2026-11-23T09:00Z", ended_at="2026-11-23T15:00Z"), []),
        (_drill(started_at="2026-11-23T17:00Z"), ["started_at"]),
        (_drill(started_at="2026-11-23T09:00Z", ended_at="2026-12-23T15:00Z"), ["ended_at"]),
        (
            _drill(
                started_at="2026-11-23T09:00Z", actions=[{"inject": "a", "at": "2026-11-24T10:00Z", "by": "meti", "text": "x"}]
            ),
            ["actions, meti, at"],
        ),
        (_delivery(arrivals=[{"on": "2026-11-23"}]), []),  # what is due in 2027 may come today
        (_delivery(arrivals=[{"on": "2026-11-20"}, {"on": "2026-12-20"}]), ["arrivals, 2, on"]),
        (_delivery(ended={"on": "2027-05", "reason": "lost"}), ["ended, on"]),
        (made("review", id="r", incident="i", held_on="2026-12", by=["meti"]), ["held_on"]),
        (_commitment(due="2030"), []),
        (_commitment(done="2026-12-01"), ["done"]),
        (_commitment(made="2027"), ["made"]),
        (_commitment(evidence=[{"what": "A page", "day": "2026-12"}]), ["evidence, 1, day"]),
        (_commitment(due="2026-12", moved=[{"said": "2026-12-01", "due": "2027"}]), ["moved, 1, said"]),
        (made("end_notice", id="e", instrument=MOC, organisation="meti", given_on="2026-12-01"), ["given_on"]),
        (made("end_notice", id="e", instrument=MOC, organisation="meti", given_on="2026-11-20", asked="2027-06-01"), []),
        (made("item", id="w", body=DIALOGUE, opened="2026-12-01"), ["opened"]),
        (_decision("2026-11-20T00:00Z", "2026-11-23T15:30:00Z"), []),  # this very moment
        (_decision("2026-11-20T00:00Z", "2026-11-23T15:30:01Z"), ["keys, CAN, given_at"]),
        (_decision("2026-11-20T00:00Z", "2026-11-24T00:30+09:00"), []),  # the same moment in Tokyo
        (_decision("2026-11-20T00:00Z", "2026-11-23T15:30-05:00"), ["keys, CAN, given_at"]),  # 20:30 in UTC
        (
            _decision("2026-11-20T00:00Z", "2027-01-02T00:00Z", "2027-01-03T00:00Z"),
            ["keys, CAN, given_at", "keys, JPN, given_at"],
        ),
        (_decision("2027-01-01T00:00Z"), ["asked_at"]),
        (_notice("2026-11-23T15:00Z", "2026-11-23T15:29Z"), []),
        (_notice("2026-11-23T15:00Z", "2026-12-01T00:00Z"), ["acknowledgements, nrcan, at"]),
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


#: What makes a text a date.
AS_DATE = next(mark.func for mark in get_args(DateText) if isinstance(mark, AfterValidator))
#: Dates that may lie ahead, or that are none of a deed.
AHEAD = {
    "Lasting.valid_from", "Lasting.valid_to", "Meeting.planned", "Body.ended", "Commitment.due", "NewDate.due", "Delivery.due",
    "Decision.expires_on", "EndNotice.asked", "Amendment.takes_effect", "Instrument.ended", "Effect.day", "DateClaim.day",
    "Happening.known_from", "Organisation.began", "Organisation.ended", "Change.on", "Agreement.ended", "Showing.since",
    "Engagement.approved_for_publication_on", "Pause.begins", "Pause.ends", "Plan.planned_for", "Term.begins", "Term.ends",
    "Version.valid_from", "Condition.due", "SupportMilestone.due", "StandardMilestone.planned_for", "Activity.begins",
    "Activity.ends", "Stop.date", "Stage.date", "Stage.until", "Programme.begins", "Programme.ends", "Given.date",
    "Named.until",
}  # fmt: skip


def _parts(part: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield part
    for field in part.model_fields.values():
        for inner in parts_in(field.annotation):
            yield from _parts(inner) if inner is not part else ()


def _dated(annotation: Any, metadata: Iterable[Any] = ()) -> bool:
    """Whether values of a type are dates, days or moments, alone or in tuples."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        return _dated(inner, marks)
    if any(getattr(mark, "func", None) is AS_DATE for mark in metadata):
        return True
    inside = get_args(annotation) if get_origin(annotation) in (Union, UnionType, tuple) else ()
    return annotation in (date, datetime) or any(_dated(each) for each in inside)


def test_every_date_of_every_kind_is_of_a_deed_or_may_lie_ahead() -> None:
    parts = {part for kind in kinds().values() for part in _parts(kind)}
    own = {
        (next(base for base in part.__mro__ if name in vars(base).get("__annotations__", {})), name)
        for part in parts
        for name in part.model_fields
        if _dated(part.model_fields[name].annotation, part.model_fields[name].metadata)
    }
    marked = {f"{part.__name__}.{name}" for part, name in own if name in marked_in(part)}
    told = {f"{part.__name__}.{name}" for part, name in own}
    assert len(marked) > 40
    assert (sorted(told - marked - AHEAD), sorted(AHEAD - told), sorted(AHEAD & marked)) == ([], [], [])


def test_what_stood_before_is_not_held_against_a_change() -> None:
    before = _decision("2026-11-20T00:00Z", "2026-12-01T00:00Z")
    after = _decision("2026-11-20T00:00Z", "2026-12-01T00:00Z", "2026-12-02T00:00Z")
    assert [each.column for each in ahead(real().plus([before]), [after], NOW)] == ["decision d, keys, JPN, given_at"]


def test_the_register_keeps_nothing_that_lies_ahead(tmp_path: Path) -> None:
    file = str(tmp_path / "register.db")
    init_register(file)
    with opened(file, filled=False) as store:
        with pytest.raises(BadInput, match="nothing later than now, 2026-11-23T15:30:00Z"):
            keep(store, [_meeting(held="2026-11-25")], {}, actor="ana", reason="test", now=NOW)
        assert store.head().seq == 0
