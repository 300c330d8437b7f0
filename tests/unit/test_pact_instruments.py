"""The real instruments and bodies as shipped, and what records of them may not say."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from orepact.pact.bodies.body import Body
from orepact.pact.bodies.meetings import held_by, planned_by
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.register import Register
from pact_real import DIALOGUE, MINERALS, MOBILITY, MOC, changed, made, real, told


def test_the_memorandum_on_batteries_has_its_44_articles() -> None:
    articles = real().get(Instrument, MOC).articles
    assert Counter(article.chapter for article in articles) == {
        "recital": 12,
        "objective": 2,
        "area": 12,
        "form": 8,
        "governance": 3,
        "property": 1,
        "contact": 1,
        "difference": 1,
        "status": 1,
        "final": 3,
    }
    assert len({article.ref for article in articles}) == 44


@pytest.mark.parametrize(("name", "articles", "refs"), [(MINERALS, 16, 9), (MOBILITY, 4, 3)])
def test_articles_have_ids_of_their_own_where_their_numbers_are_not_unique(name: str, articles: int, refs: int) -> None:
    found = real().get(Instrument, name).articles
    assert (len({article.id for article in found}), len({article.ref for article in found})) == (articles, refs)


@pytest.mark.parametrize(
    ("name", "sides"),
    [
        (MOC, {"JPN": ("meti", "mofa-jp"), "CAN": ("ised", "nrcan", "gac")}),
        (MINERALS, {"KOR": (), "CAN": ()}),  # contact points are not stated
        (MOBILITY, {"KOR": (), "CAN": ()}),
    ],
)
def test_contact_points_by_side(name: str, sides: dict[str, tuple[str, ...]]) -> None:
    instrument = real().get(Instrument, name)
    assert {side: instrument.contacts(side) for side in sides} == sides


def test_the_leaders_did_not_sign_the_memorandum_on_minerals() -> None:
    instrument = real().get(Instrument, MINERALS)
    assert [mark.organisation for mark in instrument.signatures if mark.capacity == "signed"] == ["nrcan", "ised", "motir"]


def test_one_ministry_is_a_party_under_two_names() -> None:
    korean = [party for name in (MINERALS, MOBILITY) for party in real().get(Instrument, name).parties if party.side == "KOR"]
    assert {party.organisation for party in korean} == {"motir"}
    assert korean[0].named == "Ministry of Trade, Industry and Energy"


def test_what_others_name_is_there_as_a_stub_or_more() -> None:
    stubs = {instrument.id for instrument in real().all(Instrument) if instrument.stub}
    assert stubs == {"foip-2023", "ca-ips", "jp-ca-action-plan", "us-ira-2022"}
    named = {relation.instrument for instrument in real().all(Instrument) for relation in instrument.relations}
    assert stubs <= named
    forge = real().get(Instrument, "forge")
    assert [(relation.relation, relation.instrument) for relation in forge.relations] == [("succeeds", "msp")]


def test_two_groups_of_one_name_are_two_bodies() -> None:
    groups = {body.id: body.instrument for body in real().all(Body) if "Critical Minerals Working Group" in body.title}
    assert groups == {"ca-jp-jcepd-cmwg": None, "ca-kr-cmwg": MINERALS}


def test_no_text_names_files_of_another_place() -> None:
    folder = Path(str(files("orepact"))) / "data" / "pact"
    for path in folder.rglob("*.yaml"):
        assert not re.search(r"\bseed ?\d|shared/data|_[0-9a-f]{16}", path.read_text(encoding="utf-8")), path.name


def test_the_shipped_records_hang_together() -> None:
    assert [str(problem) for problem in real().problems()] == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ended": "2023-09-20", "end_reason": "x"}, "ended: expected a date not before signature (2023-09-21)"),
        ({"effect": {"rule": "stated", "day": "2023-09-20"}}, "effect: expected a date not before signature (2023-09-21)"),
        ({"effect": {"rule": "stated"}}, "effect: expected a day where the rule is stated"),
        ({"effect": {"rule": "last_signature", "day": "2023-09-21"}}, "effect: expected a day where the rule is stated"),
        ({"ended": "2026-01-01"}, "end_reason: expected why it ended"),
        (
            {"announced": "2024-01", "ended": "2023-12", "end_reason": "x"},
            "ended: expected a date not before announced (2024-01)",
        ),
        ({"instrument_kind": "handshake"}, "instrument_kind: expected an entry of the list instrument_kind, found 'handshake'"),
        ({"parent": MOC}, f"parent: expected a tree, found {MOC} → {MOC}"),
        ({"parent": "child"}, f"parent: expected a tree, found {MOC} → child → {MOC}"),
        ({"relations": [{"relation": "hates", "instrument": "msp"}]}, "found 'hates'"),
        (
            {"relations": [{"relation": "refers", "instrument": "msp", "article": f"{MOC}:x"}]},
            "expected an article of this instrument",
        ),
        ({"date_claims": [{"of": "signature", "day": "2023-09-21", "why": "x"}]}, "expected one claim taken, found 0 taken"),
        (
            {"date_claims": [{"of": "signature", "day": "2023-09-22", "why": "x", "taken": True}]},
            "expected the claim taken, 2023-09-22",
        ),
        (
            {"signatures": [{"organisation": "motir", "day": "2023-09-21"}]},
            "signatures: expected the signature of a party, found motir",
        ),
        ({"parties": [{"organisation": "meti", "side": "JPN", "role": "king"}]}, "found 'king'"),
        ({"parties": [{"organisation": "meti", "side": "JPN"}] * 2}, "parties: expected each once, found meti 2 times"),
        ({"articles": [{"id": f"{MOC}:a", "ref": "1", "chapter": "area", "text": "x"}] * 2}, f"found {MOC}:a 2 times"),
        ({"articles": [{"id": "other:a", "ref": "1", "chapter": "area", "text": "x"}]}, "expected ca-jp-moc-battery-2023:NAME"),
        ({"articles": [{"id": f"{MOC}:a", "ref": "1", "chapter": "verse", "text": "x"}]}, "found 'verse'"),
        ({"articles": [{"id": f"{MOC}:a", "ref": "1", "chapter": "area", "areas": ["magic"], "text": "x"}]}, "found 'magic'"),
        ({"articles": [{"id": f"{MOC}:a", "ref": "1", "chapter": "form", "forms": ["seance"], "text": "x"}]}, "found 'seance'"),
    ],
)
def test_instruments_that_contradict_are_named(fields: dict[str, Any], problem: str) -> None:
    child = made("instrument", id="child", instrument_kind="licence", parent=MOC)
    register = changed(real(), "instrument", MOC, **fields).plus([child])
    assert any(problem in line for line in told(register, "instrument", MOC))


@pytest.mark.parametrize("effect", ["2023-09", "2023-09-21", "2023-H2", "2023"])
def test_dates_contradict_only_where_no_day_fits(effect: str) -> None:
    register = changed(real(), "instrument", MOC, effect={"rule": "stated", "day": effect})
    assert told(register, "instrument", MOC) == []


def test_a_witness_may_come_after_the_start() -> None:
    signatures = [{"organisation": "motir", "day": "2024-01-01", "capacity": "witnessed"}]
    register = changed(real(), "instrument", MOC, signatures=signatures, effect={"rule": "stated", "day": "2023-09-21"})
    assert told(register, "instrument", MOC) == []


def _sides(**chair: Any) -> list[dict[str, Any]]:
    return [{"side": "CAN", "chair": chair}, {"side": "JPN"}]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"sides": _sides(rule="rotation", members=[])}, "chair: expected members to rotate among, found a rotation over nobody"),
        ({"sides": _sides(rule="rotation", members=[{"organisation": "gac"}] * 2)}, "expected each member once, found gac twice"),
        ({"parent": DIALOGUE}, f"parent: expected another body above it, found {DIALOGUE} → {DIALOGUE}"),
        ({"parent": "under"}, f"parent: expected another body above it, found {DIALOGUE} → under → {DIALOGUE}"),
        ({"look_first": [DIALOGUE]}, "look_first: expected other bodies"),
        ({"body_kind": "cabal"}, "found 'cabal'"),
        ({"sides": [{"side": "CAN", "rank": "duke"}]}, "found 'duke'"),
        ({"sides": [{"side": "CAN"}, {"side": "CAN"}]}, "sides: expected each side once, found CAN twice"),
        ({"article": f"{MOC}:governance-9"}, f"expected an article of {MOC}"),
        ({"announced": "2024", "ended": "2023", "end_reason": "x"}, "ended: expected a date not before announced (2024)"),
        ({"ended": "2026"}, "end_reason: expected why it ended"),
    ],
)
def test_bodies_that_cannot_be_are_named(fields: dict[str, Any], problem: str) -> None:
    under = made("body", id="under", body_kind="working_group", parent=DIALOGUE)
    register = changed(real(), "body", DIALOGUE, **fields).plus([under])
    assert any(problem in line for line in told(register, "body", DIALOGUE))


def test_a_rhythm_of_no_months_is_refused() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        changed(real(), "body", DIALOGUE, meets={"every_months": 0})


def _meeting(**fields: Any) -> Register:
    content = {"id": "m3", "body": DIALOGUE, "number": 3, "held": "2026-12-01", **fields}
    return real().plus([made("meeting", **{key: value for key, value in content.items() if value is not None})])


GUEST = {"organisation": "basc", "scope": ["companies"], "valid_from": "2026-11-01", "valid_to": "2026-12-01"}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"number": 2}, "expected one meeting 2 of ca-jp-battery-dialogue, found also ca-jp-battery-dialogue-2"),
        ({"held": "2025-08-01"}, "held: expected a date not before meeting 2 (2025-08-26), found 2025-08-01"),
        ({"held": None}, "planned: expected a date planned or held, found none"),
        ({"cancelled": "2026-11-01"}, "cancelled: expected a meeting held or cancelled, found both"),
        ({"announced": "2026-12-02", "planned": "2026-12-01"}, "planned: expected a date not before announced"),
        ({"chairs": [{"side": "KOR", "organisation": "motir"}]}, f"expected a side of {DIALOGUE}, found KOR"),
        ({"chairs": [{"side": "CAN", "organisation": "motir"}]}, "chairs, CAN: expected one of ised, nrcan, gac, found motir"),
        ({"chairs": [{"side": "JPN", "organisation": "mofa-jp"}]}, "chairs, JPN: expected one of meti, found mofa-jp"),
        ({"chairs": [{"side": "CAN", "organisation": "gac", "rank": "duke"}]}, "found 'duke'"),
        ({"agenda": [{"id": "x", "text": "x", "articles": [f"{MOC}:area-3"]}]}, f"expected an article of {MOC}"),
        ({"guests": [GUEST]}, "guests, basc: expected an item of the agenda, found 'companies'"),
    ],
)
def test_meetings_that_cannot_be_are_named(fields: dict[str, Any], problem: str) -> None:
    register = _meeting(**fields)
    lines = [line for name in ("m3", "ca-jp-battery-dialogue-2") for line in told(register, "meeting", name)]
    assert any(problem in line for line in lines)


def test_a_body_that_takes_no_guests_has_none() -> None:
    agenda = [{"id": "companies", "text": "Companies speak"}]
    assert told(_meeting(agenda=agenda, guests=[GUEST]), "meeting", "m3") == []
    closed = changed(_meeting(agenda=agenda, guests=[GUEST]), "body", DIALOGUE, guests=False)
    assert any("takes none" in line for line in told(closed, "meeting", "m3"))


def test_a_meeting_is_known_when_it_is_announced_and_held_when_it_is_over() -> None:
    register = _meeting(announced="2026-10-01", planned="2026-12-01")
    for on, planned, held in (("2026-09-30", [], 2), ("2026-10-01", ["m3"], 2), ("2026-11-30", ["m3"], 2), ("2026-12-01", [], 3)):
        day = date.fromisoformat(on)
        assert [meeting.id for meeting in planned_by(DIALOGUE, register, day)] == planned
        assert len(held_by(DIALOGUE, register, day)) == held


def test_who_may_stand_in_is_said_in_words() -> None:
    chairs = [{"side": "CAN", "organisation": "finance-canada", "acting_for": "gac"}]
    assert told(_meeting(chairs=chairs), "meeting", "m3") == []
