"""Work before bodies: differences, items, draft agendas, calendars, and agreements that open data sets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from orepact.errors import NotFound
from orepact.pact.bodies.body import Body, below
from orepact.pact.bodies.items import WorkItem, alike, items_of, queues
from orepact.pact.briefing.agenda import agenda
from orepact.pact.briefing.calendar import Last, feed, occasions
from orepact.pact.instruments.children import children, gate
from orepact.pact.instruments.differences import Difference
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.register import Register
from pact_real import DIALOGUE, MOC, changed, made, real, told

TODAY, GROUP = date(2026, 11, 22), "ca-jp-jcepd-cmwg"


def _difference(**fields: Any) -> Register:
    content = {"instrument": MOC, "raised_by": "meti", "raised": "2026-02-01", "articles": [f"{MOC}:governance-4-a-ii"]}
    return real().plus([made("difference", id="guests", **{**content, **fields})])


TALK, SETTLED = [{"day": "2026-03-10", "body": DIALOGUE}], {"settled": "2026-05-01", "outcome": "guests of both sides"}


@pytest.mark.parametrize(
    ("fields", "on", "state"),
    [
        ({}, "2026-01-31", "not_raised"),
        ({}, "2026-02-01", "raised"),
        ({"consultations": TALK}, "2026-03-09", "raised"),
        ({"consultations": TALK}, "2026-03-10", "in_consultation"),
        ({"consultations": TALK, **SETTLED}, "2026-04-30", "in_consultation"),
        ({"consultations": TALK, **SETTLED}, "2026-05-01", "settled"),
        ({"withdrawn": "2026-02-20"}, "2026-02-20", "withdrawn"),
    ],
)
def test_a_difference_on_a_day(fields: dict[str, Any], on: str, state: str) -> None:
    register = _difference(**fields)
    assert register.get(Difference, "guests").state_on(date.fromisoformat(on)) == state
    assert told(register, "difference", "guests") == []


def test_the_latest_position_of_each_counts_and_earlier_ones_stay() -> None:
    positions = [
        {"organisation": "meti", "day": "2026-02-01", "text": "only companies"},
        {"organisation": "gac", "day": "2026-02-15", "text": "Nations too"},
        {"organisation": "meti", "day": "2026-04-01", "text": "both"},
    ]
    one = _difference(positions=positions).get(Difference, "guests")
    held = {name: position.text for name, position in one.positions_on(date(2026, 3, 1)).items()}
    assert held == {"meti": "only companies", "gac": "Nations too"}
    assert one.positions_on(date(2026, 4, 1))["meti"].text == "both"
    assert len(one.positions) == 3


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (SETTLED, "outcome: expected a consultation and what came of it"),
        ({"settled": "2026-01-01", "outcome": "x", "consultations": TALK}, "settled: expected a date not before raised"),
        ({"consultations": [{"day": "2026-01-01"}]}, "day: expected a date not before raised"),
        ({"raised_by": "motir"}, f"expected parties of {MOC}, found motir"),
        ({**SETTLED, "consultations": TALK, "withdrawn": "2026-05-02"}, "expected settled or withdrawn, found both"),
        ({"articles": [f"{MOC}:governance"]}, f"expected an article of {MOC}"),
    ],
)
def test_differences_that_do_not_fit_are_named(fields: dict[str, Any], problem: str) -> None:
    assert any(problem in line for line in told(_difference(**fields), "difference", "guests"))


def _item(name: str, body: str, **fields: Any) -> WorkItem:
    record = made("item", **{"id": name, "body": body, "opened": "2026-02-01", **fields})
    assert isinstance(record, WorkItem)
    return record


def test_an_item_goes_to_another_body_and_its_answer_comes_back() -> None:
    route = {"day": "2026-03-01", "to": "ca-jp-jec", "answered": "2026-06-01", "answer": "no objection"}
    register = real().plus([_item("tariffs", DIALOGUE, routes=[route])])
    held = []
    for on in ("2026-01-31", "2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01"):
        found = {name: items_of(name, register, date.fromisoformat(on)) for name in (DIALOGUE, "ca-jp-jec")}
        held.append([name for name, items in found.items() if "tariffs" in [item.id for item in items]])
    assert held == [[], [DIALOGUE], ["ca-jp-jec"], ["ca-jp-jec"], [DIALOGUE]]


def test_an_item_is_where_it_went_last_in_whatever_order_it_is_written() -> None:
    routes = [{"day": "2026-04-01", "to": GROUP}, {"day": "2026-03-01", "to": "ca-jp-jec"}]
    item = _item("tariffs", DIALOGUE, routes=routes)
    assert [item.before(day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == ["ca-jp-jec", GROUP]


def test_a_closed_item_is_before_nobody() -> None:
    register = real().plus([_item("tariffs", DIALOGUE, closed="2026-04-01", outcome="dealt with elsewhere")])
    found = [[item.id for item in items_of(DIALOGUE, register, date.fromisoformat(on))] for on in ("2026-03-31", "2026-04-01")]
    assert ["tariffs" in names for names in found] == [True, False]


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        ({"areas": ["standards"], "commodities": ["graphite"]}, ("standards", "graphite")),
        ({"areas": ["standards"], "organisations": ["jogmec"]}, ("standards", "jogmec")),
        ({"areas": ["standards"]}, None),  # an area alone is no duplicate
        ({"commodities": ["nickel"], "organisations": ["jogmec"]}, None),
    ],
)
def test_the_same_work_before_two_bodies_is_found(other: dict[str, Any], shared: tuple[str, ...] | None) -> None:
    mine = _item("footprint", DIALOGUE, areas=["standards"], commodities=["graphite"], organisations=["jogmec"])
    register = real().plus([mine, _item("rules", GROUP, **other)])
    found = alike(mine, register, TODAY)
    assert [(one.item.id, one.shared) for one in found] == ([("rules", shared)] if shared else [])


def test_the_committee_has_four_queues() -> None:
    register = real().plus([_item("visit", "ca-kr-icc", queue="investment"), _item("other", "ca-kr-icc")])
    found = {name: [item.id for item in items] for name, items in queues("ca-kr-icc", register, TODAY).items()}
    assert found == {"joint_projects": [], "investment": ["visit"], "chains": [], "technology": [], "": ["other"]}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"queue": "spies"}, "queue: expected a queue of ca-kr-icc, found 'spies'"),
        ({"areas": ["magic"]}, "expected an entry of the list area, found 'magic'"),
        ({"closed": "2026-01-01", "outcome": "x"}, "closed: expected a date not before opened"),
        ({"closed": "2026-03-01"}, "outcome: expected what came of it"),
        ({"routes": [{"day": "2026-01-01", "to": DIALOGUE}]}, "routes.0, day: expected a date not before opened"),
    ],
)
def test_items_that_do_not_fit_are_named(fields: dict[str, Any], problem: str) -> None:
    register = real().plus([_item("x", "ca-kr-icc", **fields)])
    assert any(problem in line for line in told(register, "item", "x"))


def _busy() -> Register:
    """The real register with work of every sort before the Dialogue."""
    late = {"owner": "gac", "instrument": MOC, "made": "2025-08-26", "due": "2026-06-30", "body": DIALOGUE}
    notice = {"instrument": MOC, "sender": "meti", "to": ["gac", "ised"], "sent_at": "2026-11-02T00:00:00Z", "days": 10}
    change = {"new": {"id": f"{MOC}:area-2-c-xi", "ref": "2(c)(xi)", "chapter": "area", "text": "More."}}
    return _difference().plus(
        [
            made("commitment", id="report", **late),
            made("commitment", id="later", **{**late, "due": "2026-10-31"}),
            made("notice", id="seat", **notice, acknowledgements=[{"organisation": "ised", "at": "2026-11-03T00:00:00Z"}]),
            made("amendment", id="wider", instrument=MOC, proposed="2026-10-01", changes=[change]),
            _item("graphite-map", GROUP, areas=["minerals_information"]),
            _item("own", DIALOGUE, areas=["research"]),
        ]
    )


def test_the_draft_looks_at_the_sister_group_first_then_at_what_is_late() -> None:
    lines = agenda(DIALOGUE, _busy(), TODAY)
    sections = list(dict.fromkeys(line.section for line in lines))
    assert sections == ["sister", "overdue", "notice", "difference", "amendment", "item", "open", "next"]
    by = {section: [line.id for line in lines if line.section == section] for section in sections}
    assert by["sister"] == ["graphite-map"]
    assert by["overdue"] == ["report", "later"]  # the longest overdue first
    assert by["item"] == ["ca-jp-indigenous-meeting", "ca-jp-investment-seminars", "own"]
    assert "not acknowledged by gac (10 days late)" in next(line.because for line in lines if line.section == "notice")
    assert "waits for meti, mofa-jp, ised, nrcan, gac" in next(line.because for line in lines if line.section == "amendment")
    told_ = [line.because for line in lines if line.section == "next"]
    assert told_[0].startswith("next meeting due 2026-08-26 (overdue)")
    assert told_[1].startswith("chair for CAN: gac")
    assert told_[2].startswith("chair for JPN: meti")


def test_the_draft_knows_nothing_of_later_days() -> None:
    sections = {line.section for line in agenda(DIALOGUE, _busy(), date(2025, 1, 1))}
    assert sections == {"item", "open", "next"}


def test_what_looks_like_work_of_a_sister_body_says_so() -> None:
    same = {"areas": ["standards"], "commodities": ["nickel"]}
    register = real().plus([_item("a", DIALOGUE, **same), _item("b", GROUP, **same)])
    (line,) = [line for line in agenda(DIALOGUE, register, TODAY) if line.id == "a"]
    assert line.because == f"open since 2026-02-01; looks like b before {GROUP} (standards, nickel)"


def test_the_body_tree() -> None:
    assert [body.id for body in below("ca-jp-jcepd", real())] == [GROUP]
    assert below(DIALOGUE, real()) == []


def _events(content: bytes) -> dict[str, Any]:
    from icalendar import Calendar

    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_the_calendar_holds_meetings_the_due_date_and_commitments() -> None:
    found = _events(feed(DIALOGUE, real(), TODAY))
    days = {uid: (event.decoded("dtstart"), event.decoded("dtend")) for uid, event in found.items()}
    assert days == {
        "meeting-ca-jp-battery-dialogue-1@orepact": (date(2024, 7, 9), date(2024, 7, 10)),
        "meeting-ca-jp-battery-dialogue-2@orepact": (date(2025, 8, 26), date(2025, 8, 27)),
        "due-ca-jp-battery-dialogue-after-ca-jp-battery-dialogue-2@orepact": (date(2026, 8, 26), date(2026, 8, 27)),
        "commitment-ca-net-zero-2050@orepact": (date(2050, 12, 31), date(2051, 1, 1)),
        "commitment-jp-net-zero-2050@orepact": (date(2050, 12, 31), date(2051, 1, 1)),
    }
    assert "CAN: gac" in str(found["due-ca-jp-battery-dialogue-after-ca-jp-battery-dialogue-2@orepact"]["description"])


def test_the_calendar_repeats_nothing_by_rule_and_names_no_time_of_day() -> None:
    content = feed(DIALOGUE, real(), TODAY)
    assert b"RRULE" not in content
    assert content.count(b"VALUE=DATE:") == 2 * content.count(b"BEGIN:VEVENT") == 10
    assert content == feed(DIALOGUE, real(), TODAY)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_an_entry_keeps_its_name_and_counts_its_versions() -> None:
    plan = made("meeting", id="third", body=DIALOGUE, number=3, planned="2026-12-10", place="Ottawa")
    before = _events(feed(DIALOGUE, real().plus([plan]), TODAY, {("meeting", "third"): Last(1)}))
    moved = changed(real().plus([plan]), "meeting", "third", planned="2028-02-29")
    after = _events(feed(DIALOGUE, moved, TODAY, {("meeting", "third"): Last(2)}))
    uid = "meeting-third@orepact"
    assert (before[uid].decoded("dtstart"), int(before[uid]["sequence"])) == (date(2026, 12, 10), 1)
    assert (after[uid].decoded("dtstart"), int(after[uid]["sequence"])) == (date(2028, 2, 29), 2)
    assert {str(found[uid]["status"]) for found in (before, after)} == {"TENTATIVE"}
    dates = {str(uid): str(entry["status"]) for uid, entry in before.items()}
    assert dates["meeting-ca-jp-battery-dialogue-1@orepact"] == "TENTATIVE"  # its date is unverified
    assert dates["meeting-ca-jp-battery-dialogue-2@orepact"] == "CONFIRMED"
    assert dates["due-ca-jp-battery-dialogue-after-ca-jp-battery-dialogue-2@orepact"] == "TENTATIVE"  # our reading
    dropped = changed(moved, "meeting", "third", cancelled="2026-11-20", cancel_reason="election")
    assert str(_events(feed(DIALOGUE, dropped, TODAY))[uid]["status"]) == "CANCELLED"


def test_the_due_entry_counts_the_body_and_the_meeting_from_which_it_follows() -> None:
    early, late = datetime(2026, 1, 2, 3, 4, 5, 678, UTC), datetime(2026, 2, 3, tzinfo=UTC)
    last = {
        ("body", DIALOGUE): Last(3, late), ("meeting", "ca-jp-battery-dialogue-2"): Last(4, early),
        ("meeting", "ca-jp-battery-dialogue-1"): Last(9, early),
    }  # fmt: skip
    found = _events(feed(DIALOGUE, real(), TODAY, last))
    due = next(event for uid, event in found.items() if uid.startswith("due-"))
    assert (int(due["sequence"]), due.decoded("dtstamp")) == (7, late)
    first = found["meeting-ca-jp-battery-dialogue-1@orepact"]
    assert (int(first["sequence"]), first.decoded("dtstamp")) == (9, early.replace(microsecond=0))


def test_an_entry_that_nothing_changed_is_the_same_on_another_day() -> None:
    """Where moments are known; else it is stamped with the day."""
    keys = {key for one in occasions(real().get(Body, DIALOGUE), real(), TODAY) for key in one.about}
    last = dict.fromkeys(keys, Last(1, datetime(2026, 2, 3, tzinfo=UTC)))
    tomorrow = TODAY + timedelta(days=1)
    assert feed(DIALOGUE, real(), TODAY, last) == feed(DIALOGUE, real(), tomorrow, last)
    assert feed(DIALOGUE, real(), TODAY) != feed(DIALOGUE, real(), tomorrow)
    one = ("commitment", "ca-net-zero-2050")
    assert (
        len(_events(feed(DIALOGUE, real(), TODAY, last, without=[one]))) == len(_events(feed(DIALOGUE, real(), TODAY, last))) - 1
    )


def test_the_calendar_speaks_the_language_asked_for() -> None:
    titles = [one.title for one in occasions(real().get(Body, DIALOGUE), real(), TODAY, "ja")]
    name = "日加蓄電池サプライチェーン対話"
    assert titles[:3] == [f"第1回{name}", f"第2回{name}", f"Due: {name}"]


def test_a_month_without_a_day_fills_its_days() -> None:
    meeting = made("meeting", id="group-1", body="ca-kr-cmwg", held="2024-03")
    (one,) = [one for one in occasions(real().get(Body, "ca-kr-cmwg"), real().plus([meeting]), TODAY) if "group-1" in one.uid]
    assert (one.first, one.last) == (date(2024, 3, 1), date(2024, 3, 31))


def test_no_calendar_of_a_body_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="ca-kr-icc"):
        feed("ca-kr-ic", real(), TODAY)


def _agreement(**fields: Any) -> Register:
    content = {
        "id": "nda-pilot",
        "instrument_kind": "non_disclosure",
        "parent": MOC,
        "datasets": ["pilot_results"],
        "parties": [{"organisation": "jogmec", "side": "JPN"}, {"organisation": "komir", "side": "KOR"}],
        "signatures": [{"organisation": "jogmec", "day": "2026-02-01"}, {"organisation": "komir", "day": "2026-03-01"}],
        "effect": {"rule": "last_signature"},
        "end": {"months": 1, "strength": "shall", "survival": True},
        **fields,
    }
    return real().plus([made("instrument", **content)])


@pytest.mark.parametrize(
    ("dataset", "organisation", "on", "is_open", "why"),
    [
        ("pilot_results", "komir", "2026-02-28", False, "not signed by every party"),
        ("pilot_results", "komir", "2026-03-01", True, "holds on 2026-03-01"),
        ("pilot_results", "jogmec", "2026-11-22", True, "holds on"),
        ("pilot_results", "meti", "2026-11-22", False, "meti is no party of nda-pilot"),
        ("other_results", "komir", "2026-11-22", False, "no instrument covers other_results"),
        ("pilot_results", "komir", "2027-01-01", False, "ended on 2027-01-01"),
        ("pilot_results", "komir", "2026-12-31", True, "holds on"),
    ],
)
def test_an_agreement_opens_its_data_set_while_it_holds(
    dataset: str, organisation: str, on: str, is_open: bool, why: str
) -> None:
    end = made("end_notice", id="end", instrument="nda-pilot", organisation="komir", given_on="2026-12-01")
    found = gate(dataset, organisation, _agreement().plus([end]), date.fromisoformat(on))
    assert found.open is is_open
    assert why in found.because


def test_agreements_made_under_an_instrument() -> None:
    assert [one.id for one in children(MOC, _agreement())] == ["nda-pilot"]
    assert told(_agreement(), "instrument", "nda-pilot") == []
    assert isinstance(_agreement().get(Instrument, "nda-pilot"), Instrument)
