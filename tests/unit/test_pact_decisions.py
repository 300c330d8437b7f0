"""Decisions that need every key: who holds them in the real instruments, who may turn them, and what one key is worth."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.errors import BadInput
from orepact.pact.decisions.decision import AidChoice, Decision, Key, Other, demand_in_force, holders_of, in_force
from orepact.pact.decisions.keys import turned
from orepact.pact.instruments.ending import EndNotice
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.changes import forbidden
from orepact.pact.records.reading import seed
from orepact.pact.records.register import Register
from pact_incidents import KOREA_2023, MOC, assessment, decision, incident, key, person, proposal, with_keys, world

CANADA = key("CAN", "nrcan", "ana", "2026-03-07T15:00-05:00", reason="feed lasts until April")
JAPAN = key("JPN", "meti", "emi", "2026-03-09T09:00+09:00", reason="stocks suffice")
NO = key("JPN", "meti", "emi", "2026-03-09T09:00+09:00", "decline", reason="stocks are for our own industry")


def told(register: Register, record: Decision) -> str:
    return "\n".join(map(str, register.plus([record]).problems([record])))


def full() -> Register:
    return world(incident(), assessment())


@pytest.mark.parametrize(
    ("instrument", "quorum", "holders"),
    [
        (MOC, "each_side", {"JPN": ("meti", "mofa-jp"), "CAN": ("ised", "nrcan", "gac")}),
        (MOC, "all_participants", {"JPN": ("meti", "mofa-jp"), "CAN": ("ised", "nrcan", "gac")}),
        (KOREA_2023, "each_side", {"CAN": ("nrcan", "ised"), "KOR": ("motir",)}),  # no contact points are stated
        ("ca-kr-mou-future-mobility-2026", "each_side", {"CAN": ("ised",), "KOR": ("motir",)}),
    ],
)
def test_the_keys_of_the_real_instruments(instrument: str, quorum: Any, holders: dict[str, tuple[str, ...]]) -> None:
    found = holders_of(seed().get(Instrument, instrument), seed(), quorum, date(2026, 3, 6))
    assert {holder.side: holder.organisations for holder in found} == holders


@pytest.mark.parametrize(
    ("keys", "on", "state", "day", "missing"),
    [
        ([], "2026-03-05", "not_asked", None, ()),
        ([], "2026-03-06", "open", None, ("JPN", "CAN")),
        ([CANADA], "2026-03-07", "open", None, ("JPN",)),
        ([CANADA, JAPAN], "2026-03-08", "open", None, ("JPN",)),  # the second key lies in the future
        ([CANADA, JAPAN], "2026-03-09", "approved", "2026-03-09", ()),
        ([JAPAN, CANADA], "2026-03-09", "approved", "2026-03-09", ()),  # written down in another order
        ([CANADA, NO], "2026-03-09", "declined", "2026-03-09", ()),
        ([NO], "2026-03-10", "declined", "2026-03-09", ("CAN",)),
        ([CANADA], "2026-03-20", "open", None, ("JPN",)),
        ([CANADA], "2026-03-21", "expired", "2026-03-20", ("JPN",)),
        ([CANADA, JAPAN], "2027-01-01", "approved", "2026-03-09", ()),
    ],
)
def test_how_a_decision_stands_on_a_day(keys: list[Key], on: str, state: str, day: str | None, missing: tuple[str, ...]) -> None:
    asked = with_keys(decision(expires_on="2026-03-20"), full(), *keys)
    found = asked.outcome_on(date.fromisoformat(on))
    assert (found.state, found.missing) == (state, missing)
    assert found.day == (date.fromisoformat(day) if day else None)
    assert in_force(asked, full().plus([asked]), date.fromisoformat(on)) == (state == "approved")


def test_the_whole_register_stands_with_both_keys_and_with_one() -> None:
    for keys in ([], [CANADA], [CANADA, JAPAN], [CANADA, NO]):
        assert told(full(), with_keys(decision(), full(), *keys)) == ""


def test_a_decline_keeps_its_reason_and_the_other_side_may_still_answer() -> None:
    found = with_keys(decision(), full(), NO, CANADA).outcome_on(date(2026, 3, 10))
    assert found.state == "declined"
    assert "stocks are for our own industry" in found.because


@pytest.mark.parametrize(
    ("keys", "on", "words"),
    [
        ([CANADA], "2026-03-10", "wait for the key of JPN"),
        ([CANADA, NO], "2026-03-10", "stocks are for our own industry"),
        ([CANADA], "2026-03-21", "expired: until 2026-03-20 no key of JPN"),
        ([CANADA, JAPAN], "2026-03-08", "wait for the key of JPN"),
    ],
)
def test_nobody_acts_on_less_than_both_keys(keys: list[Key], on: str, words: str) -> None:
    asked = with_keys(decision(expires_on="2026-03-20"), full(), *keys)
    with pytest.raises(BadInput, match=words) as caught:
        demand_in_force(asked, full().plus([asked]), date.fromisoformat(on))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (CANADA, key("CAN", "ised", "ben", "2026-03-08T00:00Z"), "a second key of CAN; a change of mind is a new decision"),
        (CANADA, key("CAN", "nrcan", "ana", "2026-03-08T00:00Z", "decline"), "a second key of CAN"),
        (CANADA, key("JPN", "nrcan", "ana", "2026-03-08T00:00Z"), "a holder of this key: meti, mofa-jp, found nrcan"),
        (CANADA, key("JPN", "meti", "ana", "2026-03-08T00:00Z"), "another hand at each key, found ana again"),
        (CANADA, key("JPN", "meti", "ana", "2026-03-08T00:00Z"), "a person of meti on 2026-03-08, found ana"),
        (CANADA, key("KOR", "motir", "han", "2026-03-08T00:00Z"), "a side of the decision: JPN, CAN, found 'KOR'"),
        (CANADA, key("JPN", "meti", "emi", "2026-03-05T23:59Z"), "a key not before it is asked for"),
        (CANADA, key("JPN", "meti", "emi", "2026-03-21T00:00Z"), "a key until 2026-03-20, found 2026-03-21"),
    ],
)
def test_a_key_that_is_none(first: Key, second: Key, words: str) -> None:
    asked = turned(decision(expires_on="2026-03-20"), first, full())
    with pytest.raises(BadInput) as caught:
        turned(asked, second, full())
    assert words in str(caught.value)
    typed_by_hand = asked.model_copy(update={"keys": (first, second)})
    assert words in told(full(), typed_by_hand)


@pytest.mark.parametrize(
    ("side", "organisation"), [("CAN", "nrcan"), ("JPN", "nrcan")], ids=["a side again", "a stranger to the side"]
)
def test_a_key_that_is_none_has_one_problem_for_one_mistake(side: str, organisation: str) -> None:
    asked = turned(decision(expires_on="2026-03-20"), CANADA, full())
    with pytest.raises(BadInput) as caught:
        turned(asked, key(side, organisation, "ana", "2026-03-08T00:00Z"), full())
    assert len(caught.value.problems) == 1


def test_a_key_needs_a_reason_and_a_hand() -> None:
    whole = CANADA.model_dump()
    for name in ("reason", "person", "given_at"):
        with pytest.raises(ValueError, match=name):
            Key.model_validate({**whole, name: None})
    with pytest.raises(ValueError, match="reason"):
        Key.model_validate({**whole, "reason": ""})


def test_one_who_has_left_the_office_turns_no_key() -> None:
    gone = person("ana", "nrcan", valid_to="2025-12-31")
    with pytest.raises(BadInput, match="a person of nrcan on 2026-03-07"):
        turned(decision(), CANADA, full().plus([gone]))


def test_somebody_of_whom_no_day_in_office_is_known_may_turn_a_key() -> None:
    seen_once = key("CAN", "nrcan", "isabella-chan", "2026-03-07T00:00Z")
    assert turned(decision(), seen_once, full()).missing((seen_once,)) == ("JPN",)


def test_a_change_of_the_memorandum_takes_all_five_participants() -> None:
    hands = {
        "meti": ("JPN", "emi"),
        "mofa-jp": ("JPN", "fumi"),
        "ised": ("CAN", "ben"),
        "nrcan": ("CAN", "ana"),
        "gac": ("CAN", "cho"),
    }
    asked = decision(Other(what="other", text="another area"), quorum="all_participants")
    for number, (organisation, (side, hand)) in enumerate(hands.items()):
        assert asked.outcome_on(date(2026, 4, 1)).state == "open"
        assert len(asked.outcome_on(date(2026, 4, 1)).missing) == 5 - number
        asked = turned(asked, key(side, organisation, hand, f"2026-03-1{number}T00:00Z"), full())
    assert asked.outcome_on(date(2026, 4, 1)).state == "approved"
    assert asked.outcome_on(date(2026, 3, 13)).missing == ("gac",)
    with pytest.raises(BadInput, match="a second key of meti"):
        turned(asked, key("JPN", "meti", "han", "2026-03-20T00:00Z"), full())


def test_the_day_of_a_key_is_that_of_the_place_of_the_decision() -> None:
    late = key("JPN", "meti", "emi", "2026-03-20T20:00Z")  # the 21st in Tokyo
    assert turned(decision(expires_on="2026-03-20"), late, full()).keys == (late,)
    with pytest.raises(BadInput, match="a key until 2026-03-20, found 2026-03-21"):
        turned(decision(expires_on="2026-03-20", time_zone="Asia/Tokyo"), late, full())


@pytest.mark.parametrize(
    ("holders", "words"),
    [
        (
            [{"side": "CAN", "organisations": ["nrcan"]}],
            "expected the holders in ca-jp-moc-battery-2023, JPN: meti, mofa-jp; CAN:",
        ),
        ([{"side": "CAN", "organisations": ["nrcan"]}, {"side": "JPN", "organisations": ["nrcan"]}], "nrcan more than once"),
    ],
)
def test_holders_are_those_of_the_instrument(holders: list[dict[str, Any]], words: str) -> None:
    assert words in told(full(), decision(holders=holders))


def test_an_instrument_of_one_side_decides_nothing() -> None:
    assert "two sides or more in scma, found none" in told(full(), decision(Other(what="other", text="x"), instrument="scma"))


@pytest.mark.parametrize(
    ("subject", "changes", "words"),
    [
        ({"option": "swaps"}, {}, "an option of moa-1: pact, stockpiles, none, found 'swaps'"),
        ({"assessment": "moa-9"}, {}, "the id of a known assessment, found 'moa-9'; did you mean moa-1?"),
        ({"incident": "moa-b"}, {}, "an assessment of moa-b, found moa-1, of moa"),
        ({}, {"asked_at": "2026-03-05T11:59Z"}, "a question after the assessment"),
        ({}, {"instrument": KOREA_2023}, f"that of the incident, {MOC}, found {KOREA_2023}"),
        ({}, {"quorum": "all_participants"}, "each_side, the rule of ipef-art12, found all_participants"),
        ({}, {"expires_on": "2026-03-05"}, "a day from 2026-03-06 on, found 2026-03-05"),
        ({}, {"article": f"{MOC}:area-9"}, f"an article of {MOC}"),
        ({}, {"asked_by": "motir"}, f"a participant of {MOC} on 2026-03-06, found motir"),
        ({}, {"supersedes": "nobody"}, "the id of a known decision, found 'nobody'"),
    ],
)
def test_what_a_decision_on_aid_may_not_be(subject: dict[str, str], changes: dict[str, Any], words: str) -> None:
    choice = {"what": "aid", "incident": "moa", "assessment": "moa-1", "option": "stockpiles", **subject}
    there = world(incident(), incident(id="moa-b"), assessment())
    assert words in told(there, decision(AidChoice.model_validate(choice), **changes))


@pytest.mark.parametrize(
    ("closed", "words"),
    [
        (
            "2026-03-05",
            "asked_at: expected an incident that is open (moa was closed on 2026-03-05), found 2026-03-06",
        ),
        (
            "2026-03-08",
            "key of JPN: expected an incident that is open (moa was closed on 2026-03-08), found 2026-03-09",
        ),
        ("2026-03-09", ""),
        ("2026-03", ""),  # some day of the month
    ],
)
def test_nothing_is_decided_on_an_incident_that_is_closed(closed: str, words: str) -> None:
    over = incident(closed={"on": closed, "reason": "feed was found"})
    made = with_keys(decision(), full(), CANADA, JAPAN)
    found = "\n".join(map(str, full().plus([over, made]).problems([made])))
    assert words in found if words else found == ""


def test_a_change_of_mind_is_a_decision_of_its_own() -> None:
    first = with_keys(decision(), full(), CANADA, JAPAN)
    none = AidChoice(what="aid", incident="moa", assessment="moa-1", option="none")
    second = decision(none, id="moa-stop", supersedes="moa-stocks", asked_at="2026-04-01T00:00Z")
    one = with_keys(second, full(), key("CAN", "gac", "cho", "2026-04-02T00:00Z"))
    both = with_keys(one, full(), key("JPN", "mofa-jp", "fumi", "2026-04-03T00:00Z"))
    after = full().plus([first, both])
    assert [*after.problems([first, both])] == []
    assert in_force(first, full().plus([first, one]), date(2026, 4, 9))
    assert [in_force(first, after, date(2026, 4, day)) for day in (1, 2, 3)] == [True, True, False]
    assert in_force(both, after, date(2026, 4, 3))
    assert first.outcome_on(date(2026, 5, 1)).state == "approved"  # what was decided stays decided
    with pytest.raises(BadInput, match="superseded by a later decision"):
        demand_in_force(first, after, date(2026, 4, 3))


def test_one_decides_on_the_last_assessment() -> None:
    newer = assessment(id="moa-2", made_at="2026-03-06T00:00Z", supersedes="moa-1")
    found = told(full().plus([newer]), decision())
    assert found.startswith("decision moa-stocks, subject.assessment: expected the last assessment, found moa-1, before moa-2;")
    later = assessment(id="moa-2", made_at="2026-03-06T00:00:01Z", supersedes="moa-1")
    assert told(full().plus([later]), decision()) == ""


def test_who_has_left_holds_no_key() -> None:
    moc = seed().get(Instrument, MOC)
    assert moc.end is not None
    alone = moc.model_copy(update={"end": moc.end.model_copy(update={"ends_for": "giver"})})
    notice = EndNotice(id="n", title="N", instrument=MOC, organisation="mofa-jp", given_on=date(2025, 12, 6))
    register = world(alone, notice)
    found = [holders_of(alone, register, "each_side", date(2026, 3, day))[0].organisations for day in (5, 6)]
    assert found == [("meti", "mofa-jp"), ("meti",)]
    assert "a participant of ca-jp-moc-battery-2023 on 2026-03-06, found mofa-jp" in told(register, decision(asked_by="mofa-jp"))


def test_nobody_holds_a_key_of_what_has_ended() -> None:
    ended = seed().get(Instrument, MOC).model_copy(update={"ended": "2026-02", "end_reason": "notice"})
    assert "two sides or more in ca-jp-moc-battery-2023, found none" in told(full().plus([ended]), decision())


@pytest.mark.parametrize(
    ("earlier", "changes", "words"),
    [
        ([CANADA], {}, "a decision that is settled, found moa-stocks, which is open"),
        ([CANADA, JAPAN], {"asked_at": "2026-03-06T00:00Z"}, "a decision asked for earlier"),
        ([CANADA, JAPAN], {"instrument": KOREA_2023}, f"a decision under {KOREA_2023}, found moa-stocks under {MOC}"),
    ],
)
def test_what_cannot_be_superseded(earlier: list[Key], changes: dict[str, Any], words: str) -> None:
    first = with_keys(decision(), full(), *earlier)
    again = {"id": "again", "supersedes": "moa-stocks", "asked_at": "2026-04-01T00:00Z", **changes}
    assert words in told(full().plus([first]), decision(Other(what="other", text="not so"), **again))


def test_no_key_is_turned_back_and_no_question_changed_once_asked() -> None:
    stored = with_keys(decision(), full(), CANADA)
    before = full().plus([stored])
    more = turned(stored, JAPAN, full())
    assert [*forbidden(before, [more])] == []
    back = stored.model_copy(update={"keys": ()})
    other = stored.model_copy(update={"keys": (CANADA.model_copy(update={"verdict": "decline"}),)})
    wider = stored.model_copy(update={"subject": Other(what="other", text="everything"), "expires_on": date(2027, 1, 1)})
    for record in (back, other):
        assert "keys as they were turned" in str(next(iter(forbidden(before, [record]))))
    assert "decision moa-stocks, subject, expires_on: expected the question as it was asked" in str(
        next(iter(forbidden(before, [wider])))
    )


def test_what_lists_show_of_a_decision() -> None:
    asked = decision(expires_on="2026-03-20", article=f"{MOC}:area-2-c-ii")
    line = asked.entry()
    assert (line.state, line.owner, line.instrument, line.articles) == ("open", "nrcan", MOC, (f"{MOC}:area-2-c-ii",))
    assert line.due == date(2026, 3, 20)
    settled = with_keys(asked, full(), CANADA, JAPAN).entry()
    assert (settled.state, settled.due) == ("approved", None)


def test_a_decision_survives_being_written_and_read() -> None:
    for asked in (with_keys(decision(), full(), CANADA, NO), decision(proposal(id="area:x", list="area", title="X"))):
        assert Decision.model_validate(asked.content()) == asked


def test_links_tell_what_a_decision_rests_on() -> None:
    found = {(link.relation, link.target) for link in with_keys(decision(supersedes="older"), full(), CANADA).links()}
    assert {
        ("instrument", MOC),
        ("subject.incident", "moa"),
        ("subject.assessment", "moa-1"),
        ("holders.organisations", "gac"),
        ("keys.person", "ana"),
        ("supersedes", "older"),
    } <= found
