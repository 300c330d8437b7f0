"""New kinds of instruments, areas and forms come as data: a decision of both sides, and no change to the program."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.errors import BadInput
from orepact.pact.decisions.decision import Decision
from orepact.pact.decisions.keys import turned
from orepact.pact.decisions.proposals import apply
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.changes import forbidden
from orepact.pact.records.codes import Code, known
from orepact.pact.records.reading import read_records, seed
from orepact.pact.records.register import Register
from pact_incidents import KOREA_2023, MOC, decision, key, proposal, with_keys, world

ON = date(2026, 5, 1)
CANADA, JAPAN = key("CAN", "gac", "cho", "2026-04-02T00:00Z"), key("JPN", "mofa-jp", "fumi", "2026-04-03T00:00Z")
#: What the sides of the memorandum with Japan propose, as somebody would write it in a file.
PROPOSED = """\
records:
- kind: decision
  id: new-{list}
  title: Add {title}
  instrument: ca-jp-moc-battery-2023
  article: ca-jp-moc-battery-2023:area-2-c-x
  subject: {{what: code, code: {{id: "{list}:{name}", list: {list}, title: {title}, titles: {{ja: {ja}}}}}}}
  asked_at: 2026-04-01T00:00Z
  asked_by: meti
  holders:
  - {{side: JPN, organisations: [meti, mofa-jp]}}
  - {{side: CAN, organisations: [ised, nrcan, gac]}}
"""
NEW = [
    ("instrument_kind", "recycling_protocol", "Protocol on recycling", "リサイクル議定書"),
    ("area", "deep_sea", "Deep-sea minerals", "海洋鉱物"),
    ("form", "joint_procurement", "Joint procurement", "共同調達"),
]
#: An instrument of a kind, an area and a form that no list knows yet.
TREATY = """\
records:
- kind: instrument
  id: protocol
  title: Protocol on recycling
  instrument_kind: recycling_protocol
  parties:
  - {organisation: nrcan, side: CAN, contact: true}
  - {organisation: meti, side: JPN, contact: true}
  articles:
  - {id: "protocol:area-1", ref: "1", chapter: area, text: Look for minerals at sea., areas: [deep_sea]}
  - {id: "protocol:form-2", ref: "2", chapter: form, text: Buy together., forms: [joint_procurement]}
"""


def proposed(row: tuple[str, str, str, str]) -> Decision:
    (record,) = read_records(PROPOSED.format(**dict(zip(("list", "name", "title", "ja"), row, strict=True))))
    assert isinstance(record, Decision)
    return record


def complaints(register: Register) -> list[str]:
    return [str(problem) for problem in register.problems()]


def test_a_new_kind_of_instrument_area_and_form_by_two_keys_and_no_code() -> None:
    (treaty,) = read_records(TREATY)
    register = world()
    told = complaints(register.plus([treaty]))
    assert [line.split(":")[0] for line in told] == [
        "instrument protocol, instrument_kind",
        "instrument protocol, article protocol",
        "instrument protocol, article protocol",
    ]
    assert all("by a decision of both sides" in line for line in told)
    for row in NEW:
        asked = proposed(row)
        register = register.plus([asked]).check()
        for each in (CANADA, JAPAN):
            with pytest.raises(BadInput, match="a decision in force on 2026-05-01") as caught:
                apply(asked, register, ON)
            assert caught.value.exit_code == 3
            asked = turned(asked, each, register)
            register = register.plus([asked]).check()
        code = apply(asked, register, ON)
        assert [*forbidden(register, [code])] == []
        register = register.plus([code]).check()
        assert code.title_in("ja") == row[3]
    assert complaints(register.plus([treaty])) == []
    assert register.plus([treaty]).get(Instrument, "protocol").instrument_kind == "recycling_protocol"


def test_other_sides_extend_a_list_just_as_well() -> None:
    asked = decision(proposal(id="area:submarines", list="area", title="Submarines"), id="sub", instrument=KOREA_2023)
    keys = key("CAN", "ised", "ben", "2026-04-02T00:00Z"), key("KOR", "motir", "han", "2026-04-03T00:00Z")
    done = with_keys(asked, world(), *keys)
    assert apply(done, world(done), ON).decision == "sub"


@pytest.mark.parametrize(
    ("keys", "on", "words"),
    [
        ((), "2026-05-01", "open: no key of JPN, CAN"),
        ((CANADA,), "2026-05-01", "wait for the key of JPN"),
        ((CANADA, JAPAN), "2026-04-02", "wait for the key of JPN"),
        ((CANADA, JAPAN), "2026-03-31", "not_asked: it is asked on 2026-04-01"),
        (
            (CANADA, key("JPN", "meti", "emi", "2026-04-03T00:00Z", "decline", reason="too wide")),
            "2026-05-01",
            "meti declined: too wide",
        ),
    ],
)
def test_no_code_before_every_key_approves(keys: tuple[Any, ...], on: str, words: str) -> None:
    asked = with_keys(proposed(NEW[1]), world(), *keys)
    with pytest.raises(BadInput) as caught:
        apply(asked, world(asked), date.fromisoformat(on))
    assert words in str(caught.value)


def test_adding_twice_gives_the_same_code() -> None:
    asked = with_keys(proposed(NEW[1]), world(), CANADA, JAPAN)
    once = apply(asked, world(asked), ON)
    assert apply(asked, world(asked, once), ON) == once


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (
            {"id": "area:emergency", "list": "area", "title": "Again"},
            "a name that is free, found 'Emergencies and resilience', which came",
        ),
        (
            {"id": "aera:deep_sea", "list": "aera", "title": "Sea"},
            "a list that there is, found 'aera'; did you mean area? take one of ",
        ),
        ({"id": "form:deep_sea", "list": "area", "title": "Sea"}, "area:NAME, found 'form:deep_sea'"),
    ],
)
def test_what_no_decision_can_add(code: dict[str, str], words: str) -> None:
    asked = with_keys(decision(proposal(**code), id="c", asked_at="2026-04-01T00:00Z"), world(), CANADA, JAPAN)
    with pytest.raises(BadInput) as caught:
        apply(asked, world(asked), ON)
    assert words in str(caught.value)


def test_a_decision_on_something_else_adds_no_code() -> None:
    with pytest.raises(BadInput, match="only a code can be added"):
        apply(decision(), world(), ON)


def test_a_proposal_names_no_decision_of_its_own() -> None:
    asked = decision(proposal(id="area:x", list="area", title="X", decision="c"), id="c")
    assert "it is set when the code is added, found c" in "\n".join(complaints(world(asked)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "an approved decision, found c, open: no key of JPN"),
        ({"title": "Wider"}, "a decision on area:sea as it stands here, found c on area:sea"),
        ({"order": 3}, "a decision on area:sea as it stands here"),
    ],
)
def test_a_code_put_in_by_hand_does_not_pass(changes: dict[str, Any], words: str) -> None:
    code = {"id": "area:sea", "list": "area", "title": "Sea"}
    keys = (CANADA,) if not changes else (CANADA, JAPAN)
    asked = with_keys(decision(proposal(**code), id="c", asked_at="2026-04-01T00:00Z"), world(), *keys)
    by_hand = Code.model_validate({**code, "decision": "c", **changes})
    assert words in "\n".join(complaints(world(asked, by_hand)))


def test_a_code_of_another_decision_does_not_pass() -> None:
    asked = with_keys(proposed(NEW[1]), world(), CANADA, JAPAN)
    other = Code(id="area:space", list="area", title="Space", decision=asked.id)
    assert "a decision on area:space as it stands here, found new-area on area:deep_sea" in "\n".join(
        complaints(world(asked, other))
    )


def test_who_writes_is_told_of_codes_without_a_decision() -> None:
    emergency = seed().get(Code, "area:emergency")
    new = Code(id="area:space", list="area", title="Space")
    another = emergency.model_copy(update={"title": "Everything"})
    translated = emergency.model_copy(update={"titles": {"fr": "Urgences"}, "note": "checked"})
    assert [problem.column for problem in forbidden(seed(), [new, another])] == [
        "code area:space, decision",
        "code area:emergency, decision",
    ]
    assert [*forbidden(seed(), [emergency, translated])] == []


def test_what_was_decided_loses_its_decision_by_another_one_alone() -> None:
    asked = with_keys(proposed(NEW[1]), world(), CANADA, JAPAN)
    code = apply(asked, world(asked), ON)
    stripped = code.model_copy(update={"decision": None})
    assert [problem.found for problem in forbidden(world(asked, code), [stripped])] == ["a change without one"]
    wider = proposal(id="area:deep_sea", list="area", title="Minerals under water")
    again = decision(wider, id="wider", supersedes=asked.id, asked_at="2026-05-01T00:00Z")
    hands = key("CAN", "gac", "cho", "2026-05-02T00:00Z"), key("JPN", "meti", "emi", "2026-05-03T00:00Z")
    again = with_keys(again, world(asked, code), *hands)
    register = world(asked, code, again)
    found = apply(again, register, date(2026, 5, 3))
    assert (found.title, found.decision) == ("Minerals under water", "wider")
    assert [*forbidden(register, [found])] == []
    register.plus([found]).check()


def test_lists_of_the_package_hold_what_their_readers_ask_for() -> None:
    levels = known(seed(), "alert_level")
    assert [name for name, _ in sorted(levels.items(), key=lambda item: item[1].order)] == [
        "calm", "attention", "caution", "alert", "severe",
    ]  # fmt: skip
    assert [levels[name].title_in("ko") for name in ("attention", "caution", "alert", "severe")] == [
        "관심",
        "주의",
        "경계",
        "심각",
    ]


def test_levels_are_those_of_the_watch() -> None:
    from orepact.shock.watch.levels import Level

    orders = {name: code.order for name, code in known(seed(), "alert_level").items()}
    assert orders == {level.name: int(level) for level in Level}


def test_the_decision_is_of_the_memorandum_and_its_last_area() -> None:
    article = seed().get(Instrument, MOC).by_id[f"{MOC}:area-2-c-x"]
    assert article.ref == "2(c)(x)"
