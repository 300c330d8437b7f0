"""Who chairs next: derived from the rule of the real Dialogue and its meetings, and from made-up rules at their edges."""

from __future__ import annotations

from datetime import date

import pytest

from orepact.errors import NotFound
from orepact.pact.bodies.body import Body
from orepact.pact.bodies.meetings import held_by, rank_of_chair
from orepact.pact.bodies.rotation import chair
from orepact.pact.records.register import Register
from pact_real import DIALOGUE, changed, made, real, without

TODAY = date(2026, 11, 22)
ALL = {"ised", "nrcan", "gac"}


@pytest.mark.parametrize(
    ("on", "ahead", "organisation", "candidates", "certain"),
    [
        ("2023-09-21", 1, None, ALL, False),  # nobody has chaired, and the text fixes no order
        ("2024-07-08", 1, None, ALL, False),  # the day before the first meeting
        ("2024-07-09", 1, None, {"nrcan", "gac"}, False),  # ISED chaired
        ("2025-01-01", 1, None, {"nrcan", "gac"}, False),
        ("2025-01-01", 2, None, {"nrcan", "gac"}, False),  # the other of the two
        ("2025-01-01", 3, "ised", {"ised"}, False),  # then the round is over
        ("2025-08-25", 1, None, {"nrcan", "gac"}, False),
        ("2025-08-26", 1, "gac", {"gac"}, True),  # NRCan chaired: one is left
        ("2026-11-22", 1, "gac", {"gac"}, True),
        ("2026-11-22", 2, "ised", {"ised"}, False),  # the longest wait, which the text does not command
        ("2026-11-22", 3, "nrcan", {"nrcan"}, False),
        ("2026-11-22", 4, "gac", {"gac"}, False),
    ],
)
def test_the_canadian_chair_follows_from_the_meetings_held(
    on: str, ahead: int, organisation: str | None, candidates: set[str], certain: bool
) -> None:
    found = chair(DIALOGUE, "CAN", real(), date.fromisoformat(on), ahead)
    assert (found.organisation, set(found.candidates), found.certain) == (organisation, candidates, certain)
    assert found.rank == "assistant_deputy_minister"


@pytest.mark.parametrize("on", ["2023-09-21", "2025-01-01", "2026-11-22"])
@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_japan_is_always_chaired_by_meti(on: str, ahead: int) -> None:
    found = chair(DIALOGUE, "JPN", real(), date.fromisoformat(on), ahead)
    assert (found.organisation, found.certain, found.rank) == ("meti", True, "bureau_director_general")


def test_the_chairs_went_ised_then_nrcan_and_no_third_is_written_down() -> None:
    meetings = held_by(DIALOGUE, real(), TODAY)
    assert [(meeting.number, meeting.chair_of("CAN").organisation) for meeting in meetings] == [(1, "ised"), (2, "nrcan")]
    named = [record.id for record, link in real().pointing["gac"] if "chair" in link.relation]
    assert named == [DIALOGUE]  # only as one of the three who take turns


def test_the_next_is_derived_not_typed() -> None:
    chairs = [{"side": "CAN", "organisation": "gac"}, {"side": "JPN", "organisation": "meti"}]
    register = changed(real(), "meeting", "ca-jp-battery-dialogue-2", chairs=chairs)
    assert chair(DIALOGUE, "CAN", register, TODAY).organisation == "nrcan"
    third = made("meeting", id="third", body=DIALOGUE, number=3, held="2026-12-01", chairs=chairs[:1])
    assert chair(DIALOGUE, "CAN", real().plus([third]), date(2026, 12, 1)).organisation == "ised"
    assert chair(DIALOGUE, "CAN", real().plus([third]), date(2026, 11, 30)).organisation == "gac"


@pytest.mark.parametrize(
    ("later", "organisation", "certain"),
    [
        (("gac",), "ised", False),  # a new round: any of the three may begin it
        (("gac", "ised"), "nrcan", False),
        (("gac", "ised", "nrcan"), "gac", True),  # one is left of the second round
        (("gac", "nrcan", "ised"), "gac", True),  # in whatever order the others went
    ],
)
def test_who_is_left_of_a_round_is_certain(later: tuple[str, ...], organisation: str, certain: bool) -> None:
    meetings = [
        made("meeting", id=f"m{year}", body=DIALOGUE, held=f"{year}-08-01", chairs=[{"side": "CAN", "organisation": name}])
        for year, name in enumerate(later, start=2026)
    ]
    found = chair(DIALOGUE, "CAN", real().plus(meetings), date(2030, 1, 1))
    assert (found.organisation, found.certain) == (organisation, certain)


def test_the_reason_says_who_served_and_what_is_unverified() -> None:
    found = chair(DIALOGUE, "CAN", real(), TODAY)
    assert "ised 2024-07-09, nrcan 2025-08-26" in found.because
    assert "only gac has not served" in found.because
    assert (found.confidence, found.rests_on) == ("unverified", ("ca-jp-battery-dialogue-1", "ca-jp-battery-dialogue-2"))
    sure = changed(real(), "meeting", "ca-jp-battery-dialogue-1", confidence="reported")
    assert chair(DIALOGUE, "CAN", sure, TODAY).confidence == "derived"


def test_what_is_not_stated_stays_unknown() -> None:
    unruled = [body.id for body in real().all(Body) if all(side.chair is None for side in body.sides)]
    assert {"ca-kr-icc", "ca-kr-cmwg", "ca-jp-jcepd-cmwg"} <= set(unruled)
    for name in unruled:
        for side in real().get(Body, name).sides:
            found = chair(name, side.side, real(), TODAY)
            assert (found.organisation, found.candidates, found.certain, found.because) == (None, (), False, "not stated")


def test_a_held_meeting_of_unknown_chair_leaves_the_next_open() -> None:
    found = chair(DIALOGUE, "CAN", changed(real(), "meeting", "ca-jp-battery-dialogue-2", chairs=[]), TODAY)
    assert (found.organisation, set(found.candidates), found.certain) == (None, ALL, False)
    assert "ca-jp-battery-dialogue-2" in found.because


def test_names_that_are_not_there_are_told_with_those_that_are() -> None:
    with pytest.raises(NotFound, match="ca-jp-battery-dialogue"):
        chair("ca-jp-batery-dialogue", "CAN", real(), TODAY)
    with pytest.raises(NotFound, match="side of body ca-jp-battery-dialogue 'KOR'"):
        chair(DIALOGUE, "KOR", real(), TODAY)


def _ruled(rule: dict[str, object]) -> Register:
    japan = {"side": "JPN", "chair": {"rule": "fixed", "organisation": "meti"}}
    return changed(real(), "body", DIALOGUE, sides=[{"side": "CAN", "chair": {"rule": "rotation", **rule}}, japan])


def _members(*names: str) -> list[dict[str, object]]:
    return [{"organisation": name} for name in names]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("ised", "nrcan", "gac"), ["gac", "ised", "nrcan", "gac"]),
        (("gac", "nrcan", "ised"), ["ised", "gac", "nrcan", "ised"]),  # who follows NRCan in the list, though it served
        (("nrcan", "ised"), ["ised", "nrcan", "ised", "nrcan"]),
    ],
)
def test_an_order_that_the_text_lists_is_certain_however_far_ahead(names: tuple[str, ...], expected: list[str]) -> None:
    register = _ruled({"members": _members(*names), "order": "listed"})
    found = [chair(DIALOGUE, "CAN", register, TODAY, ahead) for ahead in (1, 2, 3, 4)]
    assert [one.organisation for one in found] == expected
    assert all(one.certain for one in found)


@pytest.mark.parametrize(
    ("gac", "expected"),
    [
        ({"organisation": "gac", "valid_to": "2026-06-30"}, "ised"),  # it left before its turn: back to who waited longest
        ({"organisation": "gac", "valid_from": "2027-01-01"}, "ised"),  # it is not yet a member
        ({"organisation": "finance-canada", "valid_from": "2026-01-01", "instead_of": ["gac"]}, "finance-canada"),
        ({"organisation": "finance-canada", "valid_from": "2026-01-01", "instead_of": ["nrcan"]}, "ised"),
    ],
)
def test_members_that_leave_come_or_take_over_turns(gac: dict[str, object], expected: str) -> None:
    members = [*_members("ised"), {"organisation": "nrcan", "valid_to": "2025-12-31"}, gac]
    if "nrcan" not in gac.get("instead_of", []):  # type: ignore[operator]
        members[1] = {"organisation": "nrcan"}
    register = _ruled({"members": members, "inferred": True})
    assert chair(DIALOGUE, "CAN", register, TODAY).organisation == expected


def test_who_sat_in_for_another_keeps_its_own_turn() -> None:
    chairs = [{"side": "CAN", "organisation": "gac", "acting_for": "nrcan"}]
    register = changed(real(), "meeting", "ca-jp-battery-dialogue-2", chairs=chairs)
    assert chair(DIALOGUE, "CAN", register, TODAY).organisation == "gac"


def test_a_rotation_that_everybody_left_has_nobody() -> None:
    members = [{"organisation": name, "valid_to": "2025-12-31"} for name in ("ised", "nrcan")]
    found = chair(DIALOGUE, "CAN", _ruled({"members": members}), TODAY)
    assert (found.organisation, found.candidates, found.certain) == (None, (), False)
    assert "nobody is in the rotation on 2026-11-22" in found.because


def test_nobody_chairs_twice_before_each_has_chaired_once() -> None:
    register, names = without(real(), ("meeting", "ca-jp-battery-dialogue-1"), ("meeting", "ca-jp-battery-dialogue-2")), []
    for number in range(1, 10):
        on = date(2023 + number, 7, 1)
        name = min(chair(DIALOGUE, "CAN", register, on).candidates)
        names.append(name)
        chairs = [{"side": "CAN", "organisation": name}]
        meeting = made("meeting", id=f"m{number}", body=DIALOGUE, number=number, held=on.isoformat(), chairs=chairs)
        register = register.plus([meeting])
    assert all(set(names[start : start + 3]) == ALL for start in range(0, 9, 3))
    assert names[:3] == names[3:6] == names[6:]


@pytest.mark.parametrize(
    ("meeting", "side", "enough"),
    [
        ("ca-jp-battery-dialogue-1", "CAN", True),
        ("ca-jp-battery-dialogue-2", "CAN", True),  # a Senior Assistant Deputy Minister is one
        ("ca-jp-battery-dialogue-2", "JPN", True),
    ],
)
def test_the_chairs_ranked_high_enough(meeting: str, side: str, enough: bool) -> None:
    found = next(one for one in held_by(DIALOGUE, real(), TODAY) if one.id == meeting)
    assert rank_of_chair(found, side, real()).enough is enough


def test_a_director_does_not_rank_high_enough_and_an_unknown_rank_is_unknown() -> None:
    for rank, enough in (("director", False), (None, None)):
        low = [{"side": "CAN", "organisation": "ised", "rank": rank}] if rank else [{"side": "CAN", "organisation": "ised"}]
        register = changed(real(), "meeting", "ca-jp-battery-dialogue-1", chairs=low)
        assert rank_of_chair(held_by(DIALOGUE, register, TODAY)[0], "CAN", register).enough is enough
