"""The register from the command line: made, filled, asked and changed, on a database of its own."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from orepact.cli.entry import run
from orepact.service.pact.desk import SEED_ACTOR

DIALOGUE = "ca-jp-battery-dialogue"
MOC = "ca-jp-moc-battery-2023"


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    """Run a command line with ``--format json`` and return its reply."""

    def asked(*words: object) -> dict[str, Any]:
        code = run([*map(str, words), "--format", "json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return asked


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]):
    """Run a command line that must fail; returns exit code and the error object."""

    def asked(*words: object) -> tuple[int, dict[str, Any]]:
        code = run([*map(str, words), "--format", "json"])
        said = capsys.readouterr()
        assert not said.out
        return code, json.loads(said.err)["error"]

    return asked


# the database ---------------------------------------------------------------------------------------


def test_an_absent_and_an_empty_register_say_how_to_get_on(refused, ask, tmp_path: Path) -> None:
    db = str(tmp_path / "new" / "register.db")
    code, error = refused("pact", "bodies", "--db", db)
    assert (code, error["code"]) == (3, "store_outdated")
    assert "orepact db init" in error["message"]
    ask("db", "init", "--db", db)
    code, error = refused("pact", "bodies", "--db", db)
    assert (code, error["code"]) == (3, "store_outdated")
    assert "orepact db seed" in error["message"]


def test_the_address_comes_from_the_environment(ask, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OREPACT_DATABASE_URL", f"sqlite:///{filled}")
    assert ask("db", "status")["meta"]["records"] > 500


def test_a_database_that_is_not_there_is_told_without_its_password(refused) -> None:
    code, error = refused("db", "status", "--db", "postgresql://somebody:secret@127.0.0.1:1/pact")
    assert (code, error["code"]) == (1, "store_unavailable")
    assert "secret" not in json.dumps(error)


def test_seeding_twice_changes_nothing(ask, own: Path) -> None:
    before = ask("db", "status", "--db", own)["meta"]
    found = ask("db", "seed", "--db", own)["meta"]
    assert (found["added"], found["updated"], found["kept"]) == (0, 0, 0)
    assert found["same"] == before["records"]
    assert ask("db", "status", "--db", own)["meta"]["manifest"] == before["manifest"]


def test_what_somebody_changed_is_never_written_over(ask, own: Path, tmp_path: Path) -> None:
    file = tmp_path / "body.yaml"
    ask("pact", "show", "body", DIALOGUE, "--output", str(file), "--db", own)
    file.write_text(file.read_text(encoding="utf-8").replace("title: ", "title: Our ", 1), encoding="utf-8")
    kept = ask("pact", "record", str(file), "--reason", "our own name for it", "--as", "m.gregory", "--db", own)
    assert kept["data"] == [{"kind": "body", "id": DIALOGUE, "version": 2}]
    found = ask("db", "seed", "--db", own)["meta"]
    assert (found["added"], found["updated"], found["kept"]) == (0, 0, 1)
    assert found["warnings"] == [f"body {DIALOGUE}: changed by somebody since, and left as it is"]
    assert ask("pact", "show", "body", DIALOGUE, "--db", own)["record"]["title"].startswith("Our ")


def test_a_new_edition_brings_what_nobody_changed_up_to_date(ask, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orepact.pact.records import reading
    from orepact.pact.records.codes import Code

    before = reading.seed()
    code = before.all(Code)[0]
    fresh = code.model_copy(update={"id": "area:fresh", "list": "area", "title": "Fresh", "decision": None})
    later = before.plus([code.model_copy(update={"title": "Said better"}), fresh])
    monkeypatch.setattr(reading, "seed", lambda: later)
    found = ask("db", "seed", "--db", own)["meta"]
    assert (found["added"], found["updated"], found["kept"]) == (1, 1, 0)
    (first, second) = ask("pact", "history", "code", code.id, "--db", own)["data"]
    assert (first["actor"], second["actor"], second["changed"]) == (SEED_ACTOR, SEED_ACTOR, ["title"])


def test_backup_and_restore(ask, refused, filled: Path, tmp_path: Path) -> None:
    backup, copy = tmp_path / "backup.zip", tmp_path / "copy.db"
    ask("db", "backup", "--output", str(backup), "--db", str(filled))
    found = ask("db", "restore", str(backup), "--db", str(copy))["data"][0]
    status = ask("db", "status", "--db", str(filled))["meta"]
    assert (found["records"], found["entries"], found["head"]) == (
        status["records"], status["entries"], status["manifest"]["head"],
    )  # fmt: skip
    assert refused("db", "restore", str(backup), "--db", str(copy))[0] == 3


@pytest.mark.parametrize("words", [("pact", "organisations"), ("audit", "log")])
def test_a_file_holds_all_and_a_screen_says_that_more_follows(
    ask, filled: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    every = ask(*words, "--limit", "5000", "--db", str(filled))["data"]
    assert len(every) > 100
    found = ask(*words, "--db", str(filled))
    assert found["data"] == every
    assert not found["meta"]["warnings"]
    assert run([*words, "--format", "csv", "--db", str(filled)]) == 0
    said = capsys.readouterr()
    assert (len(said.out.splitlines()), said.err) == (len(every) + 1, "")
    assert run([*words, "--format", "csv", "--limit", "5", "--db", str(filled)]) == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 6
    assert "this is one page, and" in said.err
    assert run([*words, "--db", str(filled)]) == 0
    assert "this is one page, and" in capsys.readouterr().err


def test_lists_in_csv_are_texts(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pact", "compare-sites", "--format", "csv", "--db", str(filled)]) == 0
    said = capsys.readouterr().out
    assert "[" not in said
    assert '"becancour, ' in said


def test_a_file_without_records_is_refused(refused, own: Path, tmp_path: Path) -> None:
    file = tmp_path / "none.yaml"
    file.write_text("records: []\n", "utf-8")
    code, error = refused("pact", "record", str(file), "--reason", "test", "--db", own)
    assert (code, error["problems"][0]["expected"]) == (3, "a record or more")


@pytest.mark.parametrize("words", [("db", "init"), ("db", "status"), ("pact", "bodies")])
def test_a_folder_in_place_of_a_file_is_named(refused, tmp_path: Path, words: tuple[str, ...]) -> None:
    code, error = refused(*words, "--db", str(tmp_path))
    assert code == 3
    problem = error["problems"][0]
    assert problem["found"] == f"{tmp_path} is a folder"
    assert problem["mend"] == f"name the file in it, such as {tmp_path}/register.db"


def test_the_audit_log_is_read_and_checked(ask, refused, own: Path) -> None:
    found = ask("audit", "verify", "--db", own)
    known = found["meta"]["known"]
    assert ask("audit", "verify", "--known", known, "--db", own)["data"] == found["data"]
    code, error = refused("audit", "verify", "--known", known[:-1] + ("0" if known[-1] != "0" else "1"), "--db", own)
    assert (code, error["code"]) == (1, "chain_broken")
    assert refused("audit", "verify", "--known", "nonsense", "--db", own)[0] == 3
    page = ask("audit", "log", "--limit", "2", "--after", "3", "--db", own)
    assert [row["seq"] for row in page["data"]] == [4, 5]
    assert page["meta"]["after"] == 5


def test_a_change_past_the_log_is_found(refused, own: Path) -> None:
    with closing(sqlite3.connect(own)) as raw, raw:
        raw.execute("UPDATE record SET title = 'Somebody else' WHERE kind = 'body'")
    assert refused("audit", "verify", "--db", own)[1]["code"] == "chain_broken"


# bodies and instruments -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "last", "following", "certain", "because"),
    [
        ("2025-01-01", "ised", None, False, "nrcan, gac"),
        ("2026-03-01", "nrcan", "gac", True, "gac"),
    ],
)
def test_the_next_chair_of_canada_is_derived(  # noqa: PLR0917  a row of the table
    ask, filled: Path, on: str, last: str, following: str | None, certain: bool, because: str
) -> None:
    rows = ask("pact", "bodies", "--on", on, "--db", str(filled))["data"]
    (row,) = [row for row in rows if (row["body"], row["side"]) == (DIALOGUE, "CAN")]
    assert (row["chair"], row["next_chair"], row["certain"]) == (last, following, certain)
    assert all(name in row["because"] for name in because.split(", "))


def test_due_dates_follow_from_the_last_meeting(ask, filled: Path) -> None:
    rows = ask("pact", "bodies", "--on", "2026-03-01", "--db", str(filled))["data"]
    (row,) = [row for row in rows if (row["body"], row["side"]) == (DIALOGUE, "CAN")]
    year, month = int(row["last_meeting"][:4]), row["last_meeting"][4:7]
    assert row["next_due"].startswith(f"{year + 1}{month}")
    assert "12 months" in row["rule"]


def test_a_body_of_which_nothing_is_stated_says_so(ask, filled: Path) -> None:
    found = ask("pact", "bodies", "--on", "2026-03-01", "--db", str(filled))["data"]
    silent = [row for row in found if row["rule"] == "not stated"]
    assert silent
    assert all(row["next_due"] is None and not row["missed"] for row in silent)


def test_instruments_before_and_after_their_start(ask, filled: Path) -> None:
    def state(on: str) -> list[str]:
        rows = ask("pact", "instruments", "--on", on, "--db", str(filled))["data"]
        return [row["state"] for row in rows if row["instrument"] == MOC]

    assert state("2026-03-01") == ["in_operation"]
    assert state("2023-09-01") == []  # nobody knew of it yet


def test_articles_with_what_serves_them(ask, refused, filled: Path) -> None:
    rows = ask("pact", "articles", MOC, "--db", str(filled))["data"]
    assert all(row["article"].startswith(f"{MOC}:") for row in rows)
    assert any(row["found"] for row in rows)
    code, error = refused("pact", "articles", "ca-jp-moc-batery-2023", "--db", str(filled))
    assert code == 3
    assert MOC in error["close"]


def test_the_calendar_is_read_by_others(ask, refused, filled: Path, tmp_path: Path) -> None:
    from icalendar import Calendar

    file = tmp_path / "dialogue.ics"
    rows = ask("pact", "calendar", DIALOGUE, "--output", str(file), "--on", "2026-03-01", "--db", str(filled))["data"]
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert {str(event["uid"]) for event in events} == {row["uid"] for row in rows}
    assert refused("pact", "calendar", DIALOGUE, "--output", str(file), "--db", str(filled))[0] == 3


def test_the_agenda_ends_with_the_next_meeting(ask, filled: Path) -> None:
    rows = ask("pact", "agenda", DIALOGUE, "--on", "2026-03-01", "--db", str(filled))["data"]
    assert rows[-1]["section"] == "next"


# lists and single records ---------------------------------------------------------------------------


def test_pages_follow_each_other(ask, filled: Path) -> None:
    db = str(filled)
    first = ask("pact", "projects", "--limit", "40", "--db", db)
    mark, ids = first["meta"]["after"], [row["id"] for row in first["data"]]
    while mark:
        page = ask("pact", "projects", "--limit", "40", "--after", mark, "--db", db)
        ids += [row["id"] for row in page["data"]]
        mark = page["meta"].get("after")
    assert ids == sorted(set(ids))
    assert len(ids) == next(row["records"] for row in ask("db", "status", "--db", db)["data"] if row["kind"] == "project")


def test_a_search_in_korean_finds_the_english_record(ask, filled: Path) -> None:
    (row,) = ask("pact", "patterns", "--search", "조기경보시스템", "--db", str(filled))["data"]
    assert row["id"] == "kr-ews"


def test_overdue_commitments(ask, own: Path, tmp_path: Path) -> None:
    text = """
records:
- {kind: commitment, id: late, title: Late, owner: nrcan, text: Do it, made: 2025-01-01, due: 2026-01-31}
- {kind: commitment, id: done, title: Done, owner: nrcan, text: Do it, made: 2025-01-01, due: 2026-01-31, done: 2026-01-01}
- {kind: commitment, id: soon, title: Soon, owner: nrcan, text: Do it, made: 2025-01-01, due: 2026-03-01}
"""
    file = tmp_path / "commitments.yaml"
    file.write_text(text, encoding="utf-8")
    ask("pact", "record", str(file), "--reason", "test", "--db", own)
    found = {}
    for on in ("2026-01-31", "2026-02-01", "2026-03-02"):
        rows = ask("pact", "commitments", "--overdue", "--owner", "nrcan", "--on", on, "--db", own)["data"]
        found[on] = {row["id"] for row in rows}
    assert "late" not in found["2026-01-31"]
    assert "late" in found["2026-02-01"]
    assert not {"done", "soon"} & found["2026-02-01"]
    assert {"late", "soon"} <= found["2026-03-02"]


LATE = """
records:
- {kind: commitment, id: done-late, title: A, owner: nrcan, made: 2025-01-01, due: 2026-01-31, done: 2026-02-05}
- {kind: commitment, id: dropped, title: B, owner: nrcan, made: 2025-01-01, due: 2026-01-31, withdrawn: 2026-02-03, reason: cost}
- {kind: commitment, id: moved, title: C, owner: nrcan, made: "2025", due: 2026-01-31, moved: [{said: 2026-02-02, due: 2026-12}]}
- {kind: commitment, id: in-time, title: D, owner: nrcan, made: 2025-01-01, due: 2026-01-31, done: 2026-01-31}
- {kind: commitment, id: later, title: E, owner: nrcan, made: 2026-02-02, due: 2026-02-03}
"""


@pytest.fixture
def late(ask, own: Path, tmp_path: Path) -> Path:
    """A register with commitments that were late and of which something became since."""
    file = tmp_path / "late.yaml"
    file.write_text(LATE, encoding="utf-8")
    ask("pact", "record", str(file), "--reason", "test", "--db", own)
    return own


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--overdue", "--on", "2026-01-31"), {}),
        (("--overdue", "--on", "2026-02-01"), {"done-late": ("open", 1), "dropped": ("open", 1), "moved": ("open", 1)}),
        (("--overdue", "--on", "2026-02-02"), {"done-late": ("open", 2), "dropped": ("open", 2)}),
        (("--overdue", "--on", "2026-02-04"), {"done-late": ("open", 4), "later": ("open", 1)}),
        (("--overdue", "--state", "done", "--on", "2026-02-04"), {}),
        (("--overdue", "--due-before", "2026-02-03", "--on", "2026-02-04"), {"done-late": ("open", 4)}),
        (("--overdue", "--on", "2026-02-05"), {"later": ("open", 2)}),
        (("--state", "done", "--on", "2026-02-01"), {"in-time": ("done", 0)}),
        (("--state", "done", "--on", "2026-02-28"), {"in-time": ("done", 0), "done-late": ("done", 5)}),
        (("--state", "done"), {"in-time": ("done", 0), "done-late": ("done", 5)}),
        (("--state", "withdrawn", "--on", "2026-02-02"), {}),
        (("--state", "open", "--search", "moved", "--on", "2026-02-02"), {"moved": ("open", 0)}),
    ],
)
def test_commitments_as_they_stood_on_a_day(ask, late: Path, words: tuple[str, ...], found: dict[str, tuple[str, int]]) -> None:
    reply = ask("pact", "commitments", "--owner", "nrcan", *words, "--db", late)
    assert {row["id"]: (row["state"], row["overdue_days"]) for row in reply["data"]} == found
    assert all(row["overdue"] is (row["state"] == "open" and row["overdue_days"] > 0) for row in reply["data"])
    assert reply["meta"]["warnings"] == []


def test_pages_of_what_was_overdue_on_a_day(ask, late: Path) -> None:
    asked, ids, after = ("pact", "commitments", "--overdue", "--on", "2026-02-01", "--limit", "1", "--db", late), [], []
    for _ in range(3):
        page = ask(*asked, *after)
        ids += [row["id"] for row in page["data"]]
        after = ["--after", page["meta"]["after"]] if "after" in page["meta"] else []
    assert (ids, after) == (["done-late", "dropped", "moved"], [])


def test_nobody_changes_unseen_what_somebody_else_changed(ask, refused, own: Path, tmp_path: Path) -> None:
    mine, theirs = tmp_path / "mine.yaml", tmp_path / "theirs.yaml"
    for file in (mine, theirs):
        ask("pact", "show", "body", DIALOGUE, "--output", str(file), "--db", own)
    theirs.write_text(theirs.read_text(encoding="utf-8").replace("title: ", "title: Their ", 1), encoding="utf-8")
    ask("pact", "record", str(theirs), "--reason", "first", "--db", own)
    mine.write_text(mine.read_text(encoding="utf-8").replace("title: ", "title: My ", 1), encoding="utf-8")
    code, error = refused("pact", "record", str(mine), "--reason", "second", "--db", own)
    assert (code, error["code"]) == (3, "conflict")
    assert ask("pact", "show", "body", DIALOGUE, "--db", own)["meta"]["version"] == 2
    mine.write_text(
        "\n".join(line for line in mine.read_text(encoding="utf-8").splitlines() if not line.startswith("#")), "utf-8"
    )
    code, error = refused("pact", "record", str(mine), "--reason", "second", "--db", own)
    assert (code, error["code"]) == (3, "bad_input")
    assert f"--version body/{DIALOGUE}=2" in error["problems"][0]["mend"]


def test_all_problems_of_a_file_at_once_and_nothing_kept(ask, refused, own: Path, tmp_path: Path) -> None:
    text = """
records:
- {kind: commitment, id: good, title: Good, owner: nrcan, text: Do it, made: 2025-01-01}
- {kind: commitment, id: who, title: Who, owner: nobody-known, text: Do it, made: 2025-01-01}
- {kind: commitment, id: backwards, title: Backwards, owner: nrcan, text: Do it, made: 2025-01-01, done: 2024-01-01}
"""
    file = tmp_path / "three.yaml"
    file.write_text(text, encoding="utf-8")
    before = ask("db", "status", "--db", own)["meta"]["manifest"]
    code, error = refused("pact", "record", str(file), "--reason", "test", "--db", own)
    assert code == 3
    assert [problem["where"] for problem in error["problems"]] == ["commitment who, owner", "commitment backwards, done"]
    assert ask("db", "status", "--db", own)["meta"]["manifest"] == before


def test_a_code_without_a_decision_and_the_name_of_the_seed_are_refused(refused, own: Path, tmp_path: Path) -> None:
    file = tmp_path / "code.yaml"
    file.write_text("records:\n- {kind: code, id: 'area:mine', list: area, title: Mine}\n", encoding="utf-8")
    code, error = refused("pact", "record", str(file), "--reason", "test", "--db", own)
    assert code == 3
    assert error["problems"][0]["expected"] == "a decision of the sides"
    assert refused("pact", "record", str(file), "--reason", "test", "--as", SEED_ACTOR, "--db", own)[0] == 3


def test_show_in_a_language_and_an_earlier_version(ask, refused, filled: Path) -> None:
    db = str(filled)
    assert "キューバ" in ask("pact", "show", "incident", "drill-moa-2026", "--language", "ja", "--db", db)["meta"]["title"]
    assert ask("pact", "show", "body", DIALOGUE, "--revision", "1", "--db", db)["meta"]["version"] == 1
    assert refused("pact", "show", "body", DIALOGUE, "--revision", "9", "--db", db)[0] == 3
    code, error = refused("pact", "show", "bodi", DIALOGUE, "--db", db)
    assert code == 3
    assert "body" in error["close"]


def test_what_a_nation_hides_is_shown_to_the_nation_alone(ask, refused, own: Path, tmp_path: Path) -> None:
    rows = ask("pact", "engagement", "--db", own)["data"]
    name, nation = rows[0]["id"], rows[0]["owner"]
    file = tmp_path / "engagement.yaml"
    ask("pact", "show", "engagement", name, "--output", str(file), "--db", own)
    text = file.read_text(encoding="utf-8").rstrip() + "\n  showing: [{since: 2026-01-01, hidden: true}]\n"
    file.write_text(text, encoding="utf-8")
    assert refused("pact", "record", str(file), "--reason", "hide", "--db", own)[0] == 3
    ask("pact", "record", str(file), "--reason", "hide", "--for", nation, "--db", own)
    assert name not in {row["id"] for row in ask("pact", "engagement", "--db", own)["data"]}
    assert name in {row["id"] for row in ask("pact", "engagement", "--for", nation, "--db", own)["data"]}
    for command in ("show", "history"):
        assert refused("pact", command, "engagement", name, "--db", own)[1]["code"] == "not_found"
        assert ask("pact", command, "engagement", name, "--for", nation, "--db", own)["data"]


# with the facts -------------------------------------------------------------------------------------


def test_the_cascade_finds_the_nickel_sulphate_plant_by_itself(ask, refused, filled: Path) -> None:
    found = ask("pact", "cascade", "ultium_cam_2", "--on", "2025-09-30", "--db", str(filled))
    rows = {row["site"]: row for row in found["data"]}
    assert rows["vale_becancour_niso4"]["strength"] == max(row["strength"] for row in found["data"])
    assert (rows["vale_becancour_niso4"]["way"], rows["vale_becancour_niso4"]["contracts"]) == ("loses its buyer", [])
    assert found["meta"]["manifest"]["as_of"] == "2025-09-30"
    code, error = refused("pact", "cascade", "ultium_cam", "--on", "2025-09-30", "--db", str(filled))
    assert code == 3
    assert "ultium_cam_2" in error["close"]


def test_supply_for_a_gap_is_given_once(ask, refused, filled: Path) -> None:
    words = ("--year", "2028", "--on", "2025-09-30", "--db", str(filled))
    rows = ask("pact", "match", "nickel_sulphate", "--quantity", "20000", *words)["data"]
    assert sum(row["allotted"] or 0 for row in rows) == 20000
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    known = {row["site"]: row for row in rows}
    silent = ["less may be left: no contract of it is on record", "when it starts is not known"]
    assert sorted(known["vale_becancour_niso4"]["unknowns"]) == silent
    code, error = refused("pact", "match", "nickel_sulfate", "--quantity", "-1", *words)
    assert code == 3
    assert [problem["where"] for problem in error["problems"]] == ["commodity", "quantity"]


def test_sites_side_by_side_leave_the_unknown_blank(ask, refused, filled: Path) -> None:
    words = ("pact", "compare-sites", "becancour", "delta", "--on", "2026-03-01", "--db", str(filled))
    found = ask(*words, "--weight", "permit-days=1")
    blank = {site: sum(row[site] is None for row in found["data"]) for site in ("becancour", "delta")}
    assert blank == found["meta"]["blank"]
    scores = {row["site"]: (row["low"], row["high"]) for row in found["meta"]["scores"]}
    assert scores["delta"] == (0.0, 1.0)
    assert refused(*words, "--weight", "beauty=1")[0] == 3
