"""Questions to the register from the command line, on the shipped records: each answer was worked out by hand."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from orepact.cli.entry import run

MOC = "ca-jp-moc-battery-2023"
DIALOGUE = "ca-jp-battery-dialogue"
#: Examples that need files of their own (tested with them), or also read all facts (likewise).
ELSEWHERE = {"record", "calendar", "pack", "cascade", "match"}


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]):
    """The JSON reply of `orepact pact WORDS` on a register."""

    def asked(db: Path, *words: str) -> dict[str, Any]:
        code = run(["pact", *words, "--db", str(db), "--format", "json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return asked


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]):
    """What `orepact pact WORDS` says on stderr when it refuses with exit code 3."""

    def asked(db: Path, *words: str) -> str:
        assert run(["pact", *words, "--db", str(db)]) == 3
        said = capsys.readouterr()
        assert not said.out
        return " ".join(said.err.split())

    return asked


@pytest.fixture
def record(ask, tmp_path: Path):
    """Keep records, written as YAML, in a register."""

    def kept(db: Path, text: str) -> None:
        file = tmp_path / "records.yaml"
        file.write_text(f"records:\n{text}", "utf-8")
        ask(db, "record", str(file), "--reason", "test")

    return kept


def examples() -> Iterator[str]:
    """The example of every command of `orepact pact` that reads the register alone."""
    from orepact.cli.pact import app

    for command in app.registered_commands:
        words = command.help or (command.callback.__doc__ if command.callback else "") or ""
        found = re.search(r"Example: `orepact (pact [^`]+)`", words)
        assert found, f"{command.name}: no example"
        if command.name not in ELSEWHERE:
            yield " ".join(found[1].split())


@pytest.mark.parametrize("words", [*examples()])
def test_every_example_works_on_the_shipped_records(words: str, filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*shlex.split(words), "--db", str(filled), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["meta"]["title"]


@pytest.mark.parametrize("form", ["table", "csv"])
def test_answers_come_as_table_and_csv(form: str, filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["pact", "slips", "umicore-loyalist", "--on", "2026-03-01"]
    assert run([*words, "--db", str(filled), "--format", form]) == 0
    lines = capsys.readouterr().out.splitlines()
    if form == "csv":
        assert lines[0].startswith("project,title,state,milestone,said_on,planned_for,months")
        assert lines[1].startswith("umicore-loyalist,")
    else:
        assert lines[0] == "1 project of which a date moved as known on 2026-03-01"


def test_each_command_is_told_apart_by_its_help() -> None:
    from orepact.cli.pact import app

    group = typer.main.get_command(app)
    firsts = [command.get_short_help_str(200) for command in group.commands.values()]  # type: ignore[attr-defined]
    assert len(set(firsts)) == len(firsts)


# permits --------------------------------------------------------------------------------------------


def test_a_path_has_the_days_that_laws_set_and_names_the_others(ask, refused, filled: Path) -> None:
    rows = {row["path"]: row for row in ask(filled, "permit-paths", "--place", "CA-ON")["data"]}
    # 180 + 300 + 90 + 150 (fish habitat, after the federal decision); the statement of the proponent has no time
    assert rows["on-mine"]["days"] == 720
    assert rows["on-mine"]["untimed"] == ["impact-statement", "environmental-approval"]
    steps = ask(filled, "permit-paths", "qc-plant")["data"]
    assert [row["days"] for row in steps] == [None, None, 30, 120, None, None]
    assert "did you mean" in refused(filled, "permit-paths", "qc-plan")
    assert ask(filled, "permit-paths", "--place", "KOR")["meta"]["title"] == "no path of permits is on record in KOR"


def test_clocks_of_a_project_on_a_day(ask, refused, filled: Path) -> None:
    found = ask(filled, "permit-clocks", "crawford", "--on", "2026-06-01")
    states = {row["step"]: row["state"] for row in found["data"]}
    assert states["federal-assessment"] == "running"
    assert states["federal-planning"] == "through"  # the assessment, which it comes before, has begun
    (path,) = found["meta"]["paths"]
    # the begin of the assessment is not known, so what is left of it is 0: 90 (decision) + 150 (fish habitat)
    assert (path["days"], path["ready_on"]) == (240, "2027-01-27")
    assert "federal-assessment" in path["untimed"]
    silent = ask(filled, "permit-clocks", "northvolt-six")
    assert (silent["data"], silent["meta"]["warnings"]) == ([], ["no permits of northvolt-six are on record"])
    assert "crawford" in refused(filled, "permit-clocks", "crawfort")


def test_a_clock_runs_and_is_overdue(ask, record, own: Path) -> None:
    record(
        own,
        "- {kind: permits, id: vianode, title: Permits of Vianode, project: vianode-st-thomas, path: on-plant,\n"
        "   progress: [{step: zoning, applied_on: 2026-01-01}],\n"
        "   questions: [{asked_on: 2026-02-01, text: Which zone is it}]}\n",
    )
    for on, overdue in (("2026-03-31", 0), ("2026-04-01", 0), ("2026-04-11", 10)):  # 90 days from 1 January end on 1 April
        rows = ask(own, "permit-clocks", "vianode-st-thomas", "--on", on)["data"]
        row = next(row for row in rows if row["step"] == "zoning")
        assert (row["state"], row["due"], row["overdue"]) == ("running", "2026-04-01", overdue)
    found = ask(own, "permit-clocks", "vianode", "--on", "2026-03-02")
    assert found["meta"]["questions"] == [{"project": "vianode-st-thomas", "asked_on": "2026-02-01", "text": "Which zone is it"}]
    assert found["meta"]["paths"][0]["days"] == 30


# slips, contracts -----------------------------------------------------------------------------------


def test_a_slip_is_the_distance_of_the_middles_of_the_dates(ask, refused, filled: Path) -> None:
    rows = ask(filled, "slips", "honda-alliston-cells", "--on", "2026-11-22")["data"]
    assert [(row["said_on"], row["planned_for"], row["months"]) for row in rows] == [
        ("2024-04-25", "2028", 0.0), ("2025-05-13", "2030", 24.0), ("2026-05", "", None),
    ]  # fmt: skip
    (first,) = ask(filled, "slips", "honda-alliston-cells", "--on", "2025-05-12")["data"]
    assert first["planned_for"] == "2028"  # what was said a day later was not known
    assert "construction, start, product, full" in refused(filled, "slips", "--milestone", "begin")
    assert "honda-alliston-cells" in refused(filled, "slips", "honda-aliston-cells")


def test_late_and_realised(ask, filled: Path) -> None:
    rows = ask(filled, "late", "--on", "2026-11-22")["data"]
    assert [row["months"] for row in rows] == sorted((row["months"] for row in rows), reverse=True)
    assert not {"suspended", "cancelled", "paused"} & {row["state"] for row in rows}
    (row,) = ask(filled, "realised", "--on", "2026-11-22")["data"]
    assert (row["followed"], row["working"], row["ended"]) == (20, 1, 3)
    assert (row["share"], round(row["low_share"], 2), round(row["high_share"], 2)) == (0.05, 0.01, 0.2)


def test_versions_of_a_contract(ask, filled: Path) -> None:
    found = ask(filled, "contract", "ot-electra-lges", "--on", "2026-03-01")
    assert [(row["valid_from"], row["holds"], row["quantity"]) for row in found["data"]] == [
        ("2022-09-22", False, "7,000 t in all"), ("2023", True, "80% of output"),
    ]  # fmt: skip
    assert (found["meta"]["promised"], found["meta"]["delivered"]) == (None, None)
    (only,) = ask(filled, "contract", "ot-electra-lges", "--on", "2023-06-30")["data"]  # the year 2023 is not over
    assert only["holds"] is True


def test_what_was_promised_and_delivered(ask, record, own: Path) -> None:
    record(
        own,
        "- {kind: contract, id: mine, title: Feed, contract_kind: offtake, sellers: [{name: Us}], commodity: cobalt_metal,\n"
        "   statuses: [{date: 2025-01-01, status: in_force}],\n"
        "   versions: [{valid_from: 2025-01-01, term: {begins: 2025-01-01},\n"
        "     quantity: {basis: per_year, amount: 1200, unit: t}}],\n"
        "   deliveries: [{period: 2025-H1, quantity: 500, unit: t}, {period: 2025-H2, quantity: 100, unit: t}]}\n",
    )
    meta = ask(own, "contract", "mine", "--on", "2026-01-01")["meta"]
    assert (round(meta["promised"]), meta["delivered"]) == (1199, 600)  # 365 of 365.2425 days
    assert ask(own, "contract", "mine", "--on", "2025-07-01")["meta"]["delivered"] == 500


# support --------------------------------------------------------------------------------------------


def test_pledged_paid_and_lost_are_not_mixed(ask, refused, filled: Path) -> None:
    found = ask(filled, "support-account", "northvolt-six", "--on", "2026-01-01")
    assert found["meta"]["sums"] == [
        {"what": "pledged", "currency": "CAD", "low": 0.0, "high": 4400.0, "open": 0},
        {"what": "paid", "currency": "CAD", "low": 510.0, "high": 510.0, "open": 0},
        {"what": "lost", "currency": "CAD", "low": 270.0, "high": 270.0, "open": 0},
    ]
    assert found["meta"]["payment_not_stated"] == ["northvolt-canada"]
    before = ask(filled, "support-account", "northvolt-six", "--on", "2025-09-01")["data"]
    assert {row["support"]: (row["pledged_high"], row["paid"]) for row in before} == {
        "northvolt-canada": (4400, ""), "northvolt-quebec": (2900, ""),
    }  # fmt: skip
    rows = ask(filled, "support-account", "vianode-st-thomas", "--on", "2026-01-01")["data"]
    assert {row["pledged"] for row in rows if row["kind"] == "letter_of_interest"} == {"up to CAD 500M", "not stated"}
    assert "northvolt-six" in refused(filled, "support-account", "northvolt-sx")


def test_a_missing_fact_leaves_the_answer_open_and_a_failed_test_closes_it(ask, refused, filled: Path) -> None:
    def answers(*facts: str) -> dict[str, str]:
        words = [word for fact in facts for word in ("--fact", fact)]
        rows = ask(filled, "eligible", "--on", "2026-06-01", *words)["data"]
        return {row["programme"]: row["eligible"] for row in rows}

    some = answers("country=CAN", "activity=processing")
    assert (some["ca-ctm-itc"], some["ca-cmif"], some["ca-flmf"]) == ("open", "no", "yes")
    assert answers("country=CAN", "activity=processing", "cost_kind=machinery")["ca-ctm-itc"] == "yes"
    assert answers("country=JPN", "capacity_gwh_per_year=2.9")["jp-espa-batteries"] == "no"
    assert answers("country=JPN", "capacity_gwh_per_year=3")["jp-espa-batteries"] == "yes"
    assert "did you mean country" in refused(filled, "eligible", "--fact", "countries=CAN")
    assert run(["pact", "eligible", "--fact", "country", "--db", str(filled)]) == 2


def test_a_programme_named_twice_counts_once_and_says_so(ask, filled: Path) -> None:
    found = ask(filled, "stack", "ca-ctm-itc", "ca-ctm-itc", "--year", "2027")
    assert len(found["data"]) == 1
    assert "ca-ctm-itc was named 2 times and is counted once" in found["meta"]["warnings"]


def test_stacking_names_the_limit_that_breaks(ask, refused, filled: Path) -> None:
    within = ask(filled, "stack", "ca-ctm-itc", "ca-flmf", "--year", "2027", "--share", "ca-flmf=0.45")["meta"]
    assert (within["total_share"], within["broken"]) == (0.75, [])
    above = ask(filled, "stack", "ca-ctm-itc", "ca-flmf", "--year", "2027", "--share", "ca-flmf=0.46")["meta"]
    assert above["broken"][0].startswith("ca-flmf: ")
    later = ask(filled, "stack", "ca-ctm-itc", "--year", "2033")
    assert later["data"][0]["share"] == 0.1
    assert ask(filled, "stack", "ca-flmf", "--year", "2027")["meta"]["unknown"] == ["ca-flmf"]
    assert "1 at most" in refused(filled, "stack", "ca-flmf", "--year", "2027", "--share", "ca-flmf=45")


# organisations and people ---------------------------------------------------------------------------


def test_a_rename_takes_effect_on_its_day_in_every_language(ask, filled: Path) -> None:
    before = ask(filled, "names", "MOTIE", "--on", "2025-09-30")["meta"]
    after = ask(filled, "names", "산업통상자원부", "--on", "2025-10-01")["meta"]
    assert (before["short"], after["short"]) == ("MOTIE", "MOTIR")
    assert (before["called"]["ko"], after["called"]["ko"]) == ("산업통상자원부", "산업통상부")
    assert (before["is_now"], after["is_now"]) == (["motir"], ["motir"])
    assert ask(filled, "names", "kores", "--on", "2026-01-01")["meta"]["is_now"] == ["komir"]


def test_owners_multiply_along_the_chain(ask, record, own: Path) -> None:
    record(
        own,
        "- {kind: organisation, id: mill, title: Mill, organisation_kind: company, country: CAN,\n"
        "   owners: [{organisation: holding, share: 0.6}, {name: A fund, share: 0.3}]}\n"
        "- {kind: organisation, id: holding, title: Holding, organisation_kind: company, country: KOR,\n"
        "   owners: [{organisation: parent, share: 0.5}, {name: The public, share: 0.5, dispersed: true}]}\n"
        "- {kind: organisation, id: parent, title: Parent, organisation_kind: company, country: JPN}\n",
    )
    found = ask(own, "owners", "Mill", "--on", "2026-01-01")
    assert {row["holder"]: row["share"] for row in found["data"]} == {"parent": 0.3, "A fund": 0.3, "The public": 0.3}
    assert found["meta"]["unknown_share"] == pytest.approx(0.1)
    assert found["meta"]["controlled_by"] == "holding"  # half of the holding is no more than half


def test_owners_that_nobody_stated_stay_unknown(ask, refused, filled: Path) -> None:
    silent = ask(filled, "owners", "meti")
    assert (silent["data"], silent["meta"]["certain"]) == ([], False)
    assert "no owner of meti is on record" in silent["meta"]["because"]
    assert "nextstar-energy" in refused(filled, "owners", "nextstar")


def test_chairs_and_their_ranks(ask, filled: Path) -> None:
    found = ask(filled, "chairs", DIALOGUE, "--on", "2026-03-01")
    canada = [(row["organisation"], row["enough"], row["confidence"]) for row in found["data"] if row["side"] == "CAN"]
    assert canada == [("ised", "yes", "unverified"), ("nrcan", "yes", "reported")]
    assert [(one["side"], one["chair"], one["certain"]) for one in found["meta"]["next"]] == [
        ("CAN", "gac", True), ("JPN", "meti", True),
    ]  # fmt: skip
    assert ask(filled, "chairs", "ca-kr-icc")["data"] == []


def test_roles_hold_from_a_day_to_a_day(ask, filled: Path) -> None:
    held = {row["person"]: row["held"] for row in ask(filled, "roles", "ised", "--on", "2024-07-09")["data"]}
    assert held == {"mary-gregory": "yes", "francois-philippe-champagne": "open"}  # Mélanie Joly came in 2025
    now = {row["person"]: row["held"] for row in ask(filled, "roles", "ised", "--on", "2026-11-22")["data"]}
    assert now["melanie-joly"] == "yes"


def test_work_before_a_committee_with_empty_queues(ask, filled: Path) -> None:
    rows = ask(filled, "queues", "ca-kr-icc")["data"]
    assert [row["queue"] for row in rows] == ["joint_projects", "investment", "chains", "technology"]
    found = ask(filled, "queues", DIALOGUE, "--on", "2025-07-09")
    assert {row["item"] for row in found["data"]} == {"ca-jp-investment-seminars", "ca-jp-indigenous-meeting"}
    assert {row["days"] for row in found["data"]} == {365}
    assert found["meta"]["looks_first_at"] == ["ca-jp-jcepd-cmwg"]


def test_guests_come_to_what_they_are_asked_to(ask, record, own: Path) -> None:
    record(
        own,
        f"- {{kind: meeting, id: third, title: Third Dialogue, body: {DIALOGUE}, number: 3, announced: 2026-06-01,\n"
        "   planned: 2026-12-01, agenda: [{id: trade, text: Trade}], guests: [{organisation: posco, scope: [trade],\n"
        "   valid_from: 2026-11-01, valid_to: 2026-12-31}]}\n",
    )
    for on, may in (("2026-10-31", False), ("2026-12-31", True), ("2027-01-01", False)):
        (row,) = ask(own, "guests", DIALOGUE, "--on", on)["data"]
        assert (row["guest"], row["scope"], row["may_come"]) == ("posco", ["trade"], may)


# instruments ----------------------------------------------------------------------------------------


def test_an_instrument_tells_who_signed_and_what_it_is_tied_to(ask, filled: Path) -> None:
    found = ask(filled, "instrument", MOC, "--on", "2026-03-01")
    by_section: dict[str, list[Any]] = {}
    for row in found["data"]:
        by_section.setdefault(row["section"], []).append(row)
    assert len(by_section["party"]) == len(by_section["signature"]) == 5
    assert by_section["start"][0]["day"] == "2023-09-21"
    assert {row["who"] for row in by_section["tie"]} >= {"scma", "msp"}
    assert found["meta"]["binding"].startswith("not legally binding")
    assert "signature" not in {row["section"] for row in ask(filled, "instrument", MOC, "--on", "2023-09-20")["data"]}


def test_a_supposed_notice_shows_its_clock_and_keeps_nothing(ask, refused, filled: Path) -> None:
    words = ("ending", MOC, "--if-given-by", "METI", "--given-on", "2026-11-30")
    found = ask(filled, *words, "--on", "2026-12-01")
    (row,) = found["data"]
    assert (row["ends_on"], row["days_left"], row["supposed"]) == ("2027-02-28", 89, True)  # the last of a shorter month
    assert found["meta"]["after_the_end"] == "what was shared stays protected"
    short = ask(filled, *words, "--asking-for", "2027-01-31")["data"][0]
    assert (short["ends_on"], short["short_days"]) == ("2027-01-31", 28)  # one should give three months, and need not
    assert ask(filled, "ending", MOC)["data"] == []
    assert "its parties: meti" in refused(filled, "ending", MOC, "--if-given-by", "posco")


HANDS = {"meti": "JPN", "mofa-jp": "JPN", "ised": "CAN", "nrcan": "CAN", "gac": "CAN"}


@pytest.mark.parametrize(
    ("turned", "words"),
    [
        ((), "waits for meti, mofa-jp, ised, nrcan, gac"),
        (("meti", "ised", "nrcan", "gac"), "waits for mofa-jp"),
        (tuple(HANDS), "waits to be carried out, as every key is turned"),
    ],
)
def test_the_page_of_an_instrument_waits_for_the_keys_that_are_not_turned(
    ask, record, own: Path, turned: tuple[str, ...], words: str
) -> None:
    people = "".join(f"- {{kind: person, id: p-{name}, title: P}}\n" for name in turned)
    keys = ", ".join(
        f"{{side: {HANDS[name]}, organisation: {name}, person: p-{name}, verdict: approve, reason: yes it is, "
        "given_at: '2026-03-03T00:00Z'}"
        for name in turned
    )
    record(
        own,
        f"{people}- {{kind: amendment, id: wider, title: Wider, instrument: {MOC}, proposed: 2026-03-01,\n"
        f"   changes: [{{new: {{id: '{MOC}:x', ref: x, chapter: area, text: More}}}}]}}\n"
        f"- {{kind: decision, id: d, title: D, instrument: {MOC}, subject: {{what: amendment, amendment: wider}},\n"
        f"   asked_by: meti, asked_at: '2026-03-02T00:00Z', quorum: all_participants, keys: [{keys}],\n"
        "   holders: [{side: JPN, organisations: [meti, mofa-jp]}, {side: CAN, organisations: [ised, nrcan, gac]}]}\n",
    )
    rows = ask(own, "instrument", MOC, "--on", "2026-03-20")["data"]
    assert [(row["what"], row["words"]) for row in rows if row["section"] == "amendment"] == [("open", words)]


def test_what_was_shared_survives_the_end(ask, record, own: Path) -> None:
    record(
        own,
        f"- {{kind: sharing, id: list, title: List of stocks, instrument: {MOC}, given_by: meti, given_to: [nrcan],\n"
        "   shared_on: 2026-01-05, label: TLP:AMBER/METI}\n"
        f"- {{kind: end_notice, id: stop, title: Notice, instrument: {MOC}, organisation: gac, given_on: 2026-01-31}}\n"
        f"- {{kind: instrument, id: nda, title: NDA, instrument_kind: non_disclosure, parent: {MOC}, datasets: [recipe],\n"
        "   parties: [{organisation: meti, side: JPN}, {organisation: nrcan, side: CAN}],\n"
        "   signatures: [{organisation: meti, day: 2026-01-10}, {organisation: nrcan, day: 2026-01-10}]}\n",
    )
    found = ask(own, "ending", MOC, "--on", "2026-06-01")
    (row,) = found["data"]
    assert (row["organisation"], row["ends_on"], row["days_left"]) == ("gac", "2026-04-30", 0)
    (left,) = [row["notices_to_end"] for row in ask(own, "instruments", "--on", "2026-04-29")["data"] if row["instrument"] == MOC]
    assert left == ["gac: 1 day left"]
    (shared,) = found["meta"]["survives"]
    assert (shared["label"], shared["protected"]) == ("TLP:AMBER/METI", "yes")
    opened = {
        (who, on): ask(own, "gate", "recipe", who, "--on", on)["data"][0]["open"]
        for who, on in (("meti", "2026-02-01"), ("meti", "2026-01-09"), ("gac", "2026-02-01"))
    }
    assert opened == {("meti", "2026-02-01"): True, ("meti", "2026-01-09"): False, ("gac", "2026-02-01"): False}
    rows = ask(own, "instrument", MOC, "--on", "2026-02-01")["data"]
    assert [row["who"] for row in rows if row["section"] == "child"] == ["nda"]


def test_follow_through_counts_each_record_once(ask, filled: Path) -> None:
    found = ask(filled, "follow-through", "ca-kr-mou-minerals-2023", "--on", "2026-11-22")
    summed = sum(row["projects"] for row in found["data"])
    once = found["meta"]["each_once"]
    assert once["projects"] < summed  # projects serve several articles
    assert once["under_way"] + once["working"] + once["ended"] == once["projects"]
    assert all(row["delivered"] == [] for row in found["data"])  # the seed has no delivery


# activities, standards, measures, engagement --------------------------------------------------------


def test_outcomes_are_asked_for_after_6_12_and_24_months(ask, filled: Path) -> None:
    rows = ask(filled, "outcomes", "mission-jp-2023-03", "--on", "2024-04-01")["data"]
    assert [(row["months"], row["due"], row["state"]) for row in rows] == [
        (6, "2023-09-30", "answered"), (12, "2024-03-31", "overdue"), (24, "2025-03-31", "to come"),
    ]  # fmt: skip
    late = ask(filled, "outcomes", "mission-jp-2023-03", "--overdue", "--on", "2024-04-01")["data"]
    assert [row["months"] for row in late] == [12]
    assert ask(filled, "outcomes", "--on", "2023-01-01")["meta"]["title"].startswith("no review of outcomes is on record")


def test_a_silent_side_neither_agrees_nor_differs(ask, filled: Path) -> None:
    found = ask(filled, "positions", "battery-carbon-footprint", "--on", "2026-01-01")
    assert {row["side"]: row["stance"] for row in found["data"]} == {"CAN": "not stated", "JPN": "has_own", "KOR": "has_own"}
    assert found["meta"]["differ"] == []
    before = ask(filled, "positions", "battery-carbon-footprint", "--on", "2023-06-01")["data"]
    assert {row["stance"] for row in before} == {"not stated"}


def test_measures_name_the_events_that_play_them_and_run_out(ask, refused, filled: Path) -> None:
    from orepact.shock.events.event import Event

    found = ask(filled, "third-states", "--on", "2026-09-01")["meta"]
    (ending,) = [one for one in found["running_out"] if one["measure"] == "cn-october-2025-package"]
    assert ending["days"] == 70  # 29 of September, 31 of October, 10 of November
    assert set(ending["events"]) <= set(found["scenarios"])
    assert all(Event.load(name).id == name for name in found["scenarios"])
    after = ask(filled, "third-states", "--country", "CHN", "--on", "2026-11-11")["data"]
    assert next(row["state"] for row in after if row["measure"] == "cn-october-2025-package") == "unknown"
    assert "0 days or more" in refused(filled, "third-states", "--within", "-1")


def test_engagement_that_a_nation_hides_leaves_no_sign_for_others(  # noqa: PLR0917  fixtures
    ask, refused, own: Path, filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.yaml"
    nation = ("--for", "mattagami-first-nation")
    assert len(ask(own, "engaged", "crawford")["data"]) == 3
    ask(own, "show", "engagement", "crawford-mattagami", "--output", str(file), *nation)
    file.write_text(file.read_text("utf-8") + "  showing: [{since: 2026-01-01, hidden: true, by: the council}]\n", "utf-8")
    ask(own, "record", str(file), "--reason", "ours", "--as", "the council", *nation)
    capsys.readouterr()
    others = ask(own, "engaged", "crawford", "--on", "2026-06-01")
    assert others["meta"]["title"] == "2 engagements that you may see, as of 2026-06-01"
    assert others["meta"]["awaiting"] == [row["engagement"] for row in others["data"]]  # none is approved for publication
    said = [others, ask(own, "engagement"), ask(own, "bodies"), ask(own, "compare-sites")]
    for words in (["db", "status"], ["db", "seed"], ["audit", "log", "--limit", "1000"]):
        assert run([*words, "--db", str(own), "--format", "json"]) == 0
        said.append(json.loads(capsys.readouterr().out))
    assert "crawford-mattagami" not in json.dumps(said)
    assert "the council" not in json.dumps(said)
    assert {type(row["version"]) for row in said[6]["data"]} == {int, type(None)}
    assert next(row["records"] for row in said[4]["data"] if row["kind"] == "engagement") == 8
    assert said[5]["meta"]["kept"] == 0
    for name in ("crawford-mattagami", "crawford-matagami"):  # the name itself, and one near to it
        for words in ("show", "history"):
            assert "crawford-mattagami'" not in refused(own, words, "engagement", name).replace(f"'{name}'", "")
    pages, mark = [], ()
    for _ in range(8):
        page = ask(own, "engagement", "--limit", "1", *mark)
        pages += [row["id"] for row in page["data"]]
        mark = ("--after", page["meta"].get("after", ""))
    assert pages == [row["id"] for row in said[1]["data"]]
    assert "after" not in page["meta"]
    theirs = ask(own, "engaged", "crawford", "--on", "2026-06-01", *nation)
    assert {row["consent"] for row in theirs["data"]} == {"not_stated"}
    assert len(theirs["data"]) == 3
    assert run(["audit", "log", "--limit", "1000", *nation, "--db", str(own), "--format", "json"]) == 0
    assert "crawford-mattagami" in capsys.readouterr().out


def test_an_association_names_its_members(ask, filled: Path) -> None:
    found = ask(filled, "members", "BASC", "--on", "2026-01-01")
    assert {row["member"] for row in found["data"]} >= {"panasonic-energy", "toyota", "honda"}
    assert {row["country"] for row in found["data"]} == {"JPN"}
    assert ask(filled, "members", "meti")["meta"]["title"].startswith("no member is on record")


def test_the_way_of_a_mission_a_pilot_and_research(ask, record, own: Path) -> None:
    record(
        own,
        "- {kind: activity, id: tour, title: Tour, activity_kind: mission, begins: 2026-05-11, ends: 2026-05-15,\n"
        "   host: {name: METI, organisation: meti}, parties: [{name: BASC, organisation: basc}],\n"
        "   route: [{date: 2026-05-12, place: Becancour, project: ultium-cam-1, asked: The plant manager}, {place: Ottawa}]}\n"
        "- {kind: activity, id: trial, title: Trial, activity_kind: pilot, begins: 2026-01-01,\n"
        "   trial: {hypothesis: Less water, metric: water, unit: m3/t, baseline: 10, target: 8, result: 8,\n"
        "     higher_is_better: false}}\n"
        "- {kind: activity, id: study, title: Study, activity_kind: research, begins: 2025-01-01,\n"
        "   research: {readiness: [{date: 2025-01-01, level: 3}, {date: 2026-01-01, level: 4}], parameters: [recovery]}}\n",
    )
    found = ask(own, "itinerary", "tour", "--on", "2025-11-01")
    assert [(row["place"], row["project"], row["asked"]) for row in found["data"]] == [
        ("Becancour", "ultium-cam-1", "The plant manager"), ("Ottawa", None, ""),
    ]  # fmt: skip
    assert found["data"][0]["state"] != "unknown"
    assert found["meta"]["delegation"] == ["basc"]
    meta = ask(own, "outcomes", "trial", "study", "--on", "2025-12-31")["meta"]
    assert [(one["succeeded"], one["target"]) for one in meta["pilots"]] == [("yes", 8.0)]  # reached is enough
    assert [(one["readiness"], one["parameters"]) for one in meta["research"]] == [(3, ["recovery"])]


def test_a_match_names_sites_that_have_promised_more_than_they_make(ask, record, own: Path) -> None:
    words = ("match", "lithium_hydroxide", "--quantity", "1000", "--year", "2028", "--on", "2026-11-22")
    assert not any("has promised" in text for text in ask(own, *words)["meta"]["warnings"])
    record(
        own,
        "- {kind: contract, id: another, title: Another buyer, contract_kind: offtake, site: nemaska_becancour,\n"
        "   commodity: lithium_hydroxide, versions: [{valid_from: 2025, quantity: {basis: per_year, amount: 25000, unit: t}}]}\n",
    )
    said = "nemaska_becancour has promised 38,000 t of lithium_hydroxide in 2028, and can make 32,000 t a year"
    assert said in ask(own, *words)["meta"]["warnings"]


def test_what_one_knows_of_sites_refuses_and_ranks(ask, refused, filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "known.yaml"
    words = ("match", "nickel_sulphate", "--quantity", "20000", "--year", "2028", "--carbon", "5", "--rule", "clean")
    file.write_text(
        "terrafame_sotkamo: {carbon: 1.8, rules: {clean: true}}\nusgs_kor091_nickel: {carbon: 6, rules: {clean: true}}\n", "utf-8"
    )
    rows = ask(filled, *words, "--known", str(file), "--on", "2026-11-22")["data"]
    assert rows[0]["site"] == "terrafame_sotkamo"
    (silent,) = rows[0]["unknowns"]  # rule and footprint are known now; what it has sold is not
    assert "on record" in silent
    (dirty,) = [row for row in rows if row["site"] == "usgs_kor091_nickel"]
    assert "6" in dirty["refused"][0]
    assert dirty["covers"] is None
    file.write_text("terrafame_sotkamoo: {carbon: 1.8}\nterrafame_sotkamo: {carbon: -1, grade: battery}\n", "utf-8")
    message = refused(filled, *words, "--known", str(file))
    assert "terrafame_sotkamo" in message
    assert message.count("known.yaml, ") == 3
