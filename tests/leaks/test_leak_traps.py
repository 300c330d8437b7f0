"""The places at which a register like this once told of what is hidden, one by one."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import datetime
from pathlib import Path

import pytest
from leak_people import NOW
from leak_worlds import hidden_engagement, opened_world

from orepact.errors import BadInput, Conflict, Forbidden, NotFound
from orepact.pact.instruments.commitments import Commitment
from orepact.pact.instruments.ending import EndNotice
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.codes import Code
from orepact.pact.records.readers import Reader
from orepact.pact.records.register import Register
from orepact.service import import_facts
from orepact.service.pact.auditing import audit_log, verify_audit
from orepact.service.pact.binding import show_instrument
from orepact.service.pact.computing import measured
from orepact.service.pact.desk import Desk, Where, keep, manifest_of, opened
from orepact.service.pact.engaging import show_engagement
from orepact.service.pact.keeping import register_status
from orepact.service.pact.listing import list_records
from orepact.service.pact.scoreboard import show_scoreboard
from orepact.service.pact.showing import record_history, show_record

ANYBODY = Reader(now=NOW)


def stock(label: str = "TLP:RED/nrcan", **values: object) -> Commitment:
    """A closed commitment."""
    return Commitment.model_validate(
        {"id": "nrcan.secret-stock", "title": "Secret", "owner": "nrcan", "made": "2026-01", "projects": ["pit"], "label": label}
        | values
    )


def test_t1_an_answer_says_nothing_of_the_whole_register(tmp_path: Path) -> None:
    """Not how many entries there are, nor the head, nor where it lies."""
    with opened_world(tmp_path, [stock()]) as store:
        assert manifest_of(store.seen_by(ANYBODY), NOW.date()) == {"on": "2026-11-23"}
        assert show_record("project", "pit", Desk(store, ANYBODY)).meta["referred_to_by"] == []
        assert show_record("project", "pit", str(store.database.address.file)).meta["referred_to_by"] != []


def test_t2_near_names_are_those_that_one_sees(tmp_path: Path) -> None:
    """In the words of an unknown name."""
    with opened_world(tmp_path, [stock()]) as store:
        with pytest.raises(NotFound) as caught:
            show_record("commitment", "nrcan.secret-stok", Desk(store, ANYBODY))
        assert str(caught.value) == "commitment 'nrcan.secret-stok' is not known"


def test_t3_a_day_in_the_past_brings_nothing_back(tmp_path: Path) -> None:
    """What a Nation hides today is hidden whatever day is asked about; and a page is full of what is left."""
    shown = hidden_engagement("2030-01-01").model_copy(update={"id": "first.zzz"})
    with opened_world(tmp_path, [hidden_engagement("2026-11-20"), shown]) as store:
        desk = Desk(store, ANYBODY)
        for on in ("2026-10-01", None):
            found = list_records(["engagement"], desk, on=on, limit=1)
            assert ([*found.data["id"]], "after" in found.meta) == (["first.zzz"], False)
            assert [*show_engagement((), desk, on=on).data["engagement"]] == ["first.zzz"]


def test_t4_an_id_that_is_taken_tells_nothing_of_who_took_it(tmp_path: Path) -> None:
    """Neither version nor author; a change of it is as a change of what is not there."""
    with opened_world(tmp_path, [stock()]) as store:
        for expected, words in ((None, "this id cannot be taken"), (1, "there is no such record")):
            with pytest.raises(Conflict, match=words) as caught, store.seen_by(ANYBODY).write("eve", "try") as unit:
                unit.put(stock("TLP:CLEAR"), expected)
            assert "ana" not in str(caught.value)


def test_t5_problems_of_what_one_does_not_see_are_not_told(tmp_path: Path) -> None:
    """A reference to it leads nowhere, in the words of any that leads nowhere."""
    with opened_world(tmp_path, [hidden_engagement()]) as store:
        for project in ("pit", "nothing"):
            item = stock("TLP:CLEAR", id="open", projects=[project])
            if project == "pit":
                with store.seen_by(ANYBODY).write("eve", "fine") as unit:
                    unit.put(item)
            else:
                with pytest.raises(BadInput, match="known project"), store.seen_by(ANYBODY).write("eve", "no") as unit:
                    unit.put(item.model_copy(update={"id": "other"}))


def test_t6_the_log_has_no_numbers(tmp_path: Path) -> None:
    """And an earlier version that was closed stays so when the record is opened."""
    with opened_world(tmp_path, [stock()]) as store:
        before = audit_log(Desk(store, ANYBODY), limit=1000)
        assert len(before.data) == store.head().seq - 1
        assert {"seq", "hash"}.isdisjoint(before.data)
        with store.write("ana", "opened") as unit:
            unit.put(stock("TLP:CLEAR"), 1)
        log = audit_log(Desk(store, ANYBODY), limit=1000).data
        assert [*log[log["id"] == "nrcan.secret-stock"]["version"]] == [1]
        first = audit_log(Desk(store, ANYBODY), limit=3)
        later = audit_log(Desk(store, ANYBODY), after=first.meta["after"], limit=1000)
        assert [*first.data["id"], *later.data["id"]] == [*log["id"]]
        history = record_history("commitment", "nrcan.secret-stock", Desk(store, ANYBODY)).data
        assert [*history["version"]] == [1]
        assert "seq" not in history


def test_a_labelled_field_is_found_by_nobody(tmp_path: Path) -> None:
    """Neither in searches, nor by what it names; the owner is shown it with the record, and a writer does not erase it."""
    item = stock("TLP:CLEAR/nrcan", note="zirconium", labels={"note": "TLP:RED/nrcan", "projects": "TLP:AMBER/nrcan"})
    with opened_world(tmp_path, [item]) as store:
        assert not store.seen_by(ANYBODY).get("commitment", item.id)[0].note
        assert list_records(["commitment"], Desk(store, ANYBODY), search="zirconium").data.empty
        assert show_record("project", "pit", Desk(store, ANYBODY)).meta["referred_to_by"] == []
        steward = Reader.holding("nrcan", roles=["steward"], now=NOW)
        assert store.seen_by(steward).get("commitment", item.id)[0] == item
        shown, version = store.seen_by(ANYBODY).get("commitment", item.id)
        with store.seen_by(ANYBODY).write("eve", "another title") as unit:
            unit.put(shown.model_copy(update={"title": "Other"}), version)
        assert store.get("commitment", item.id)[0] == item.model_copy(update={"title": "Other"})


def test_t13_t14_what_no_page_gave_and_days_past_all_calendars(tmp_path: Path) -> None:
    """Are refused with words, whatever they hold."""
    with opened_world(tmp_path, []) as store:
        for text in ("[" * 15_000, '["id","a","\\ud800"]', '["id","a","\\u0000"]'):
            with pytest.raises(BadInput):
                store.list(after=urlsafe_b64encode(text.encode()).decode())
        for after, limit in ((2**70, 1), (-1, 1), (0, -1)):
            with pytest.raises(BadInput):
                store.audit(after, limit)
        desk = Desk(store, ANYBODY)
        for on in ("9999-12-31", "0001-01-01", "1899-12-31", "2200-01-01"):
            with pytest.raises(BadInput, match="1900 to 2199"):
                list_records(["project"], desk, on=on, overdue=True)
        for on in ("1900-01-01", "2199-12-31"):
            assert [*list_records(["project"], desk, on=on).data["id"]] == ["pit"]
        with pytest.raises(BadInput, match="at most 8 words"):
            list_records(["project"], desk, search="a " * 1_200)
        for limit in (0, -1, 10_001):
            with pytest.raises(BadInput):
                audit_log(desk, limit=limit)


def test_t17_t18_figures_rest_on_facts_for_the_reader(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A claim that a company keeps for itself changes the figure for its own alone; nobody is given what was kept for another."""
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path))
    (tmp_path / "own").mkdir()
    claim = "AUS/lithium,mine_production,900000,t,2023,,,mine,2026-01,reported,TLP:RED/nrcan,\n"
    head = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
    (tmp_path / "own" / "books.csv").write_text(head + claim, "utf-8")
    (tmp_path / "own" / "sources.csv").write_text(
        "source,producer,title,licence,grade\nmine,A mine,Own,confidential,A\n", "utf-8"
    )
    import_facts([tmp_path / "own"])
    indicator = {"engine": "production:aus:lithium", "name": "production", "unit": "t"}
    asked = Register({("commitment", "c"): stock("TLP:CLEAR", indicator=indicator)})

    def told(reader: Reader | None) -> float:
        values, notes = measured(asked, NOW.date(), audience=reader.audience if reader else None)
        assert notes == []
        return next(one.value for one in values if one.day == "2023")

    steward = Reader.holding("nrcan", roles=["steward"], now=NOW)
    assert told(ANYBODY) == told(Reader.holding("nrcan", now=NOW)) == told(Reader.holding("meti", roles=["steward"], now=NOW))
    assert told(steward) == told(None) == 900_000 > told(ANYBODY)


def test_the_holder_hands_out_what_is_for_those_to_whom_he_hands_it(tmp_path: Path) -> None:
    """A board made for the public has neither what is held back nor a labelled field; on the day it opens, it is there."""
    article = {"id": "pact:1", "ref": "1", "chapter": "x", "text": "They work together."}
    ground = [
        Code(id="chapter:x", title="X", list="chapter"), Code(id="instrument_kind:x", title="X", list="instrument_kind"),
        Instrument.model_validate({"id": "pact", "title": "P", "instrument_kind": "x", "articles": [article]}),
    ]  # fmt: skip
    given = {"instrument": "pact", "articles": ["pact:1"]}
    held = stock("TLP:CLEAR/nrcan", **given, opens="2026-12-01T00:00Z")
    field = stock("TLP:CLEAR/nrcan", **given, id="nrcan.known", due="2026-10-01", labels={"due": "TLP:AMBER/nrcan"})
    with opened_world(tmp_path, [*ground, held, field]) as store:
        place = str(store.database.address.file)

        def board(where: Where, on: str, organisations: tuple[str, ...] = ()) -> dict[str, str | None]:
            (line,) = show_scoreboard("pact", where, on=on, organisations=organisations).data.to_dict("records")
            return {one["id"]: one["due"] for one in line["commitments"]}

        assert board(place, "2026-11-30") == {"nrcan.known": None}
        assert board(place, "2026-12-01") == {"nrcan.known": None, "nrcan.secret-stock": None}
        assert board(place, "2026-11-30", ("nrcan",)) == {"nrcan.known": "2026-10-01", "nrcan.secret-stock": None}
        assert board(place, "2026-11-30", ("meti",)) == {"nrcan.known": None}
        assert board(Desk(store, ANYBODY), "2026-12-01") == {"nrcan.known": None}  # the day that a reader names opens nothing


def test_an_instrument_that_a_closed_field_names_has_it_on_its_board_for_the_owner(tmp_path: Path) -> None:
    """Nobody else finds it there."""
    closed = dict.fromkeys(("instrument", "articles"), "TLP:AMBER+STRICT/nrcan")
    article = {"id": "pact:1", "ref": "1", "chapter": "x", "text": "They work together."}
    ground = [
        Code(id="chapter:x", title="X", list="chapter"), Code(id="instrument_kind:x", title="X", list="instrument_kind"),
        Instrument.model_validate({"id": "pact", "title": "P", "instrument_kind": "x", "articles": [article]}),
        stock("TLP:CLEAR/nrcan", instrument="pact", articles=["pact:1"], labels=closed),
    ]  # fmt: skip
    with opened_world(tmp_path, ground) as store:
        found = {}
        for who in ("nrcan", "meti"):
            desk = Desk(store, Reader.holding(who, community=True, now=NOW))
            (line,) = show_scoreboard("pact", desk, on="2026-11-23").data.to_dict("records")
            found[who] = [one["id"] for one in line["commitments"]]
        assert found == {"nrcan": ["nrcan.secret-stock"], "meti": []}
        verified = store.verify()
        assert verified.records == len(store.list(limit=1000).lines)


def test_the_end_of_an_instrument_opens_nothing(tmp_path: Path) -> None:
    """Three months after notice, and a year after that, closed records are closed, and who was named still sees his."""
    rule = {"months": 3, "strength": "should"}
    ground = [
        Code(id="instrument_kind:x", title="X", list="instrument_kind"),
        Code(id="party_role:participant", title="Participant", list="party_role"),
        Instrument.model_validate({
            "id": "pact", "title": "P", "instrument_kind": "x", "end": rule,
            "parties": [{"organisation": "nrcan", "side": "CAN"}, {"organisation": "meti", "side": "JPN"}],
        }),
        EndNotice.model_validate({
            "id": "end", "title": "The end", "instrument": "pact", "organisation": "meti", "given_on": "2026-11-01",
        }),
        stock("TLP:AMBER/nrcan", instrument="pact", readers=[{"organisation": "meti"}]),
        stock("TLP:AMBER/nrcan", id="nrcan.other", instrument="pact", readers=[{"organisation": "meti", "until": "2026-12-31"}]),
    ]  # fmt: skip
    with opened_world(tmp_path, ground) as store:
        ids = {}
        for day in ("2026-11-23", "2027-01-31", "2027-02-01", "2028-02-01"):
            now = datetime.fromisoformat(f"{day}T12:00+00:00")
            for who, reader in (("anybody", Reader(now=now)), ("meti", Reader.holding("meti", community=True, now=now))):
                desk = Desk(store, reader)
                ids[who, day] = [*list_records(["commitment"], desk, on=day).data["id"]]
                ended = day >= "2027-02-01"
                assert show_instrument("pact", desk, on=day).meta["state"] == ("ended" if ended else "ending")
        assert {tuple(found) for (who, _), found in ids.items() if who == "anybody"} == {()}
        assert ids["meti", "2026-11-23"] == ["nrcan.other", "nrcan.secret-stock"]
        assert ids["meti", "2027-01-31"] == ids["meti", "2027-02-01"] == ids["meti", "2028-02-01"] == ["nrcan.secret-stock"]


def test_a_reader_is_told_the_state_of_what_he_sees(tmp_path: Path) -> None:
    """Neither where the register lies nor how much there is; its check is for auditors."""
    with opened_world(tmp_path, [stock(), hidden_engagement()]) as store:
        found = register_status(Desk(store, ANYBODY))
        assert {"commitment", "engagement"}.isdisjoint(found.data["kind"])
        assert {"address", "entries", "last_change"}.isdisjoint(found.meta)
        with pytest.raises(Forbidden):
            verify_audit(Desk(store, ANYBODY))
        auditor = Reader.holding("host", roles=["auditor"], now=NOW)
        assert verify_audit(Desk(store, auditor)).data.iloc[0]["entries"] == store.head().seq
        log = audit_log(Desk(store, auditor), limit=1000).data
        assert [*log["seq"]] == [*range(1, store.head().seq + 1)]
        assert [*log[log["kind"] == ""]["version"]] == [None, None]


def test_a_desk_keeps_what_is_beside_its_changes(tmp_path: Path) -> None:
    """Whatever use case changes the register, in its transaction."""
    noted = []
    with opened_world(tmp_path, []) as store:
        editor = Reader.holding("nrcan", account="eve", roles=["editor"], community=True, now=NOW)
        desk = Desk(store, editor, lambda _, unit: noted.append(dict(unit.versions)))
        with opened(desk) as theirs:
            keep(theirs, [stock("TLP:CLEAR", id="open")], {}, actor="eve", reason="new")
        assert noted == [{("commitment", "open"): 1}]
