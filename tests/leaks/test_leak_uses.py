"""Every use case, asked by anybody of the register that comes with the package: hidden records of every kind in it change
no byte of an answer, nor of a file that is written, nor of an error.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from leak_register import ANYBODY, MEMBER, ON, STEWARD, first, seen_kinds
from leak_worlds import said

from orepact.pact.records.kinds import kinds
from orepact.pact.records.readers import Reader
from orepact.pact.supply.matching import Gap
from orepact.service import open_ledger, pact
from orepact.service.pact.desk import Desk
from orepact.store.store import Store
from pact_real import DIALOGUE, MOC

#: Use cases of who holds the database, those that write, and those that ask no register.
OTHERS = {
    "init_register", "begin_register", "upgrade_register", "back_up_register", "restore_register", "seed_register",
    "verify_audit",
    "record_file", "list_kinds", "alert_now", "open_incident", "request_help", "note_meeting", "close_incident",
    "assess_incident", "ask_for_aid", "ask_for", "turn_key", "carry_out", "promise_delivery", "note_arrival",
    "review_incident", "start_drill", "end_drill", "act_in_drill", "find_in_drill", "send_notice", "acknowledge_notice",
    "record_values", "check_values", "put_record", "share_record", "set_showing", "request_values", "ask_for_values",
}  # fmt: skip
#: Use cases that read most of the register.
BROAD = {
    "register_status", "audit_log", "list_records", "show_scoreboard", "make_pack", "draft_agenda", "list_slips", "list_bodies",
    "support_account", "list_instruments", "search_records", "count_records",
}  # fmt: skip


def asks(folder: Path, on: str = ON) -> Mapping[str, Callable[[Desk], Any]]:
    """A question for each use case that reads, about a day."""
    facts = open_ledger(as_of=ON)
    site = first("project")
    gap = Gap("refiner", "lithium_hydroxide", 1000.0, 2027)
    return {
        "register_status": pact.register_status,
        "audit_log": lambda desk: pact.audit_log(desk, limit=10_000),
        "list_bodies": lambda desk: pact.list_bodies(desk, on=on),
        "list_instruments": lambda desk: pact.list_instruments(desk, on=on),
        "list_articles": lambda desk: pact.list_articles(MOC, desk, on=on),
        "draft_agenda": lambda desk: pact.draft_agenda(DIALOGUE, desk, on=on),
        "calendar_of": lambda desk: pact.calendar_of(DIALOGUE, folder / "calendar.ics", desk, on=on),
        "calendar_bytes": lambda desk: pact.calendar_bytes(DIALOGUE, desk, on=on),
        "search_records": lambda desk: pact.search_records("a", desk, limit=10_000),
        "count_records": lambda desk: pact.count_records(["kind", "owner", "label"], desk, on=on),
        "show_scoreboard": lambda desk: pact.show_scoreboard(MOC, desk, on=on),
        "make_pack": lambda desk: pact.make_pack(DIALOGUE, folder / "pack", desk, on=on),
        "list_records": lambda desk: pact.list_records([*kinds()], desk, on=on, limit=10_000),
        "show_record": lambda desk: [pact.show_record(kind, first(kind), desk).envelope() for kind in seen_kinds()],
        "record_history": lambda desk: [pact.record_history(kind, first(kind), desk).envelope() for kind in seen_kinds()],
        "find_cascade": lambda desk: pact.find_cascade(facts, [site], desk, on=on),
        "match_supply": lambda desk: pact.match_supply(facts, [gap], desk, on=on),
        "compare_sites": lambda desk: pact.compare_sites((), desk, on=on),
        "show_incident": lambda desk: pact.show_incident(first("incident"), desk, on=on),
        "show_form": lambda desk: pact.show_form("project", desk),
        "form_of": lambda desk: pact.form_of("pact", desk),
        "list_options": lambda desk: pact.list_options(first("incident"), desk),
        "show_decision": lambda desk: pact.show_decision(first("decision"), desk, on=on),
        "show_drill": lambda desk: pact.show_drill(first("drill"), desk, at=f"{on}T12:00Z"),
        "show_notice": lambda desk: pact.show_notice(first("notice"), desk, on=on),
        "list_permit_paths": pact.list_permit_paths,
        "show_permit_path": lambda desk: pact.show_permit_path(first("permit_path"), desk),
        "permit_clocks": lambda desk: pact.permit_clocks((), desk, on=on),
        "list_problems": lambda desk: pact.list_problems(replace(desk, reader=keeping(desk.reader))),
        "list_slips": lambda desk: pact.list_slips((), desk, on=on),
        "list_late": lambda desk: pact.list_late(desk, on=on),
        "count_realised": lambda desk: pact.count_realised(desk, on=on),
        "support_account": lambda desk: pact.support_account((), desk, on=on),
        "ask_programmes": lambda desk: pact.ask_programmes({"place": "CAN"}, desk, on=on),
        "stack_programmes": lambda desk: pact.stack_programmes([first("programme")], desk, year=int(on[:4])),
        "list_owners": lambda desk: pact.list_owners(first("organisation"), desk, on=on),
        "list_members": lambda desk: pact.list_members("msp", desk, on=on),
        "names_of": lambda desk: pact.names_of("nrcan", desk, on=on),
        "show_instrument": lambda desk: pact.show_instrument(MOC, desk, on=on),
        "show_ending": lambda desk: pact.show_ending(MOC, desk, on=on),
        "ask_gate": lambda desk: pact.ask_gate("stocks", MOC, desk, on=on),
        "show_contract": lambda desk: pact.show_contract(first("contract"), desk, on=on),
        "follow_through": lambda desk: pact.follow_through(MOC, desk, on=on),
        "list_outcomes": lambda desk: pact.list_outcomes((), desk, on=on),
        "show_itinerary": lambda desk: pact.show_itinerary(first("visit"), desk, on=on),
        "list_positions": lambda desk: pact.list_positions((), desk, on=on),
        "list_third_states": lambda desk: pact.list_third_states(desk, on=on),
        "list_chairs": lambda desk: pact.list_chairs(DIALOGUE, desk, on=on),
        "list_roles": lambda desk: pact.list_roles("", desk, on=on),
        "list_guests": lambda desk: pact.list_guests(DIALOGUE, desk, on=on),
        "list_queues": lambda desk: pact.list_queues(DIALOGUE, desk, on=on),
        "show_engagement": lambda desk: pact.show_engagement((), desk, on=on),
    }


def answer(ask: Callable[[Desk], Any], desk: Desk, folder: Path) -> bytes:
    """What is answered and written; files are taken away again."""
    folder.mkdir(exist_ok=True)
    words = said(lambda: ask(desk))
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    written = b"".join(path.relative_to(folder).as_posix().encode() + path.read_bytes() for path in files)
    shutil.rmtree(folder)
    return words + written


def keeping(reader: Reader | None) -> Reader | None:
    """Somebody who sees the same and keeps records, those of the register among them."""
    return reader and replace(reader, account="eve", roles=reader.roles | {"editor", "registrar"})


def test_there_is_a_question_for_every_use_case(tmp_path: Path) -> None:
    """A new one is to be asked here too."""
    assert set(pact.__all__) == asks(tmp_path).keys() | OTHERS


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Mapping[str, Callable[[Desk], Any]], Path]:
    """The questions, and the folder that they write to."""
    folder = tmp_path_factory.mktemp("written") / "files"
    return asks(folder), folder


@pytest.mark.parametrize("name", sorted(set(pact.__all__) - OTHERS))
def test_what_is_hidden_changes_no_byte_of_any_use_case(
    name: str, registers: dict[str, Store], questions: tuple[Mapping[str, Callable[[Desk], Any]], Path]
) -> None:
    """For anybody."""
    every, folder = questions
    found, expected = (answer(every[name], Desk(registers[which], ANYBODY), folder) for which in ("all", "none"))
    assert found == expected


@pytest.mark.parametrize("name", sorted(BROAD))
def test_what_is_hidden_from_a_member_changes_no_byte(
    name: str, registers: dict[str, Store], questions: tuple[Mapping[str, Callable[[Desk], Any]], Path]
) -> None:
    """Who is named in some records and is of the community, and is told more than anybody; by use cases that read most."""
    every, folder = questions
    found, expected = (answer(every[name], Desk(registers[which], MEMBER), folder) for which in ("all", "member's"))
    assert found == expected
    assert found != answer(every[name], Desk(registers["all"], ANYBODY), folder)


@pytest.mark.parametrize("on", ["1900-01-01", "2199-12-31"])
def test_every_use_case_answers_about_the_first_and_the_last_day(on: str, registers: dict[str, Store], tmp_path: Path) -> None:
    """Or says in words why not: no calendar is run past."""
    for ask in asks(tmp_path / "files", on).values():
        assert answer(ask, Desk(registers["all"], STEWARD), tmp_path / "files")


def test_the_hidden_records_are_there_for_their_owner(registers: dict[str, Store]) -> None:
    """So that the tests can fail."""

    def number(which: str, reader: Reader) -> int:
        return len(pact.list_records([*kinds()], Desk(registers[which], reader), limit=10_000).data)

    assert number("all", STEWARD) - number("all", MEMBER) > 20
    assert number("all", MEMBER) - number("all", ANYBODY) > 20
    assert number("none", STEWARD) == number("none", ANYBODY)
