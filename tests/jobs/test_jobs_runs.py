"""Runs asked for, computed by a worker, answered again without one; whose they are."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from time import monotonic, process_time, sleep
from typing import Any

import pytest
from jobs_world import HEAD, OWN_PRICE, OWN_SOURCE, QUICK, TOY, desk_of, environment

from orepact.errors import BadInput, Forbidden, NotFound, OrepactError, TooMany
from orepact.pact.records.readers import PUBLIC
from orepact.service.access import end_role
from orepact.service.jobs import (
    Worker,
    cancel_run,
    follow_run,
    list_run_kinds,
    list_runs,
    marks,
    run_table,
    runs,
    show_run,
    submit_run,
)
from orepact.service.pact.desk import Desk
from orepact.service.planning import plan_package
from orepact.service.sharing import end_overlay, put_overlay
from orepact.store import answers, queue
from orepact.store.store import Store

ASKED = {"network": TOY}
TOY_FOLDER = Path(__file__).parent.parent / "networks" / "toy"


def run_of(desk: Desk, use_case: str = "plan", asked: Any = None, **options: Any) -> str:
    """The id of a run that was asked for."""
    return str(submit_run(use_case, ASKED if asked is None else asked, desk, **options).top["run"])


def state_of(desk: Desk, name: str) -> str:
    """How a run stands."""
    return str(show_run(name, desk).top["run"]["state"])


def parts(store: Store, organisation: str) -> dict[str, bytes | None]:
    """Every part of the one answer of an organisation."""
    with store.database.reading() as connection:
        (one,) = {job.request_hash for job in queue.page(connection, queue.Whose(organisation)) if job.state == "done"}
        names = ["answer", *answers.names(connection, organisation, one)]
        return {name: answers.read(connection, organisation, one, name) for name in names}


def test_a_plan_is_computed_once_and_read_after(store: Store) -> None:
    """The answer is that of the use case itself; asked again by a colleague it takes less than 0.1 s; others are told nothing."""
    ana, eve, ben = (desk_of(store, *who) for who in (("ana", "nrcan"), ("eve", "nrcan", "reader"), ("ben", "meti")))
    first = submit_run("plan", ASKED, ana)
    name = str(first.top["run"])
    assert first.top["state"] == "queued"
    assert run_of(ana) == name
    before = show_run(name, ana)
    assert (len(before.data), before.top["run"]["tables"]) == (0, [])
    with pytest.raises(NotFound, match="table of this run 'flows' is not known"):
        run_table(name, "flows", ana)
    assert Worker(store, QUICK).run(once=True) == 1
    found, direct = show_run(name, eve).envelope(), plan_package(TOY_FOLDER).envelope()
    run = found.pop("run")
    assert json.dumps(found, sort_keys=True) == json.dumps(direct, sort_keys=True)
    assert run["tables"] == ["capacities", "flows", "limits", "prices", "summary"]
    flows = run_table(name, "flows", ana)
    assert flows.envelope()["data"] == plan_package(TOY_FOLDER, rows="flows").envelope()["data"]
    begun = process_time()
    again = submit_run("plan", ASKED, eve)
    shown = show_run(str(again.top["run"]), eve)
    assert process_time() - begun < 0.1
    assert (again.top["run"], again.top["state"], len(shown.data)) == (name, "done", len(found["data"]))
    for ask in (show_run, cancel_run, lambda one, desk: run_table(one, "flows", desk)):
        with pytest.raises(NotFound) as hidden:
            ask(name, ben)
        assert str(hidden.value) == f"run {name!r} is not known"
    assert not len(list_runs(ben).data)
    assert submit_run("plan", ASKED, ben).top["state"] == "queued", "a fast answer would tell that somebody asked before"


#: Asks for a plan and reads its answer; tells how it stands, and what of the program was loaded for it.
ASKS = """
import json, sys
from orepact.service.jobs import show_run, submit_run
from orepact.service.pact.desk import Desk
from orepact.store.store import open_store
desk = Desk(open_store(sys.argv[1]))
asked = submit_run("plan", {"network": json.load(sys.stdin)}, desk).top
rows = len(show_run(asked["run"], desk).data)
print(json.dumps([asked["state"], rows, sorted(sys.modules)]))
"""
#: What builds networks and plans, and solves them.
BUILDS = ("orepact.chain.network", "orepact.plan", "orepact.service.planning", "linopy", "highspy")


def test_the_second_answer_builds_no_network_and_takes_no_solver(small: Store) -> None:
    """It is a read: nothing that could compute it is even loaded, whatever the time of the machine."""
    assert all(find_spec(name) for name in BUILDS)
    holder = Desk(small)
    assert run_of(holder)
    assert Worker(small, QUICK).run(once=True) == 1
    words = [sys.executable, "-c", ASKS, str(small.database.address)]
    told = subprocess.run(words, input=json.dumps(TOY), capture_output=True, text=True, check=True, env=environment())
    state, rows, loaded = json.loads(told.stdout)
    assert (state, rows) == ("done", len(plan_package(TOY_FOLDER).data))
    assert not [name for name in loaded if name.startswith(BUILDS)]


def test_an_overlay_changes_the_runs_of_its_owner_alone(small: Store) -> None:
    """What others are given stays the same to the byte; the owner is told which overlay, never where it lay."""
    ana, ben = desk_of(small, "ana", "nrcan"), desk_of(small, "ben", "meti")
    asked = {"place": "CAN", "commodity": "nickel_class1", "as_of": "2026-11-01"}
    theirs = run_of(ben, "watch", asked)
    assert Worker(small, QUICK).run(once=True) == 1
    before = parts(small, "meti")
    both = OWN_PRICE + OWN_PRICE.removeprefix(HEAD).replace("30000", "20000").replace(",2026,,", ",2025,,")
    mark = put_overlay("prices", both, ana, sources=OWN_SOURCE).top["sha256"]
    for ref in ("prices", "prices@1"):
        with pytest.raises(NotFound):
            submit_run("watch", {**asked, "overlay": ref}, ben)
    mine = run_of(ana, "watch", {**asked, "overlay": "prices"})
    assert run_of(ana, "watch", {**asked, "overlay": "prices@1"}) == mine
    end_overlay("prices", ana)  # it was asked for before
    with small.database.writing() as connection:
        answers.forget(connection, "9999")
    assert run_of(ben, "watch", asked) != theirs
    assert Worker(small, QUICK).run(once=True) == 2
    assert parts(small, "meti") == before
    told = run_table(mine, "all", ana)
    change = told.data.set_index("indicator")["value"]["price_change"]
    assert change == pytest.approx(30000 / 20000 - 1), "what nrcan pays, on what it paid the year before"
    answer = show_run(mine, ana)
    assert answer.meta["manifest"]["overlay"] == "prices@1"
    assert answer.meta["manifest"]["overlay_sha256"] == mark
    assert answer.meta["label"] == told.meta["label"] == "TLP:AMBER+STRICT/nrcan"
    assert answer.top["run"]["overlay"] == "prices@1"
    words = json.dumps([answer.envelope(), told.envelope()])
    assert "orepact-runs" not in words
    assert "/run-" not in words
    with pytest.raises(NotFound):
        submit_run("watch", {**asked, "overlay": "prices"}, ana)


def test_a_run_that_cannot_be_answered_says_why(small: Store) -> None:
    """In the words of the use case, without folders of the worker; it can be asked again."""
    ana = desk_of(small, "ana", "nrcan")
    broken = {**TOY, "sites.csv": "site,process\nmine,digging\n"}
    name = run_of(ana, asked={"network": broken})
    assert Worker(small, QUICK).run(once=True) == 1
    error = show_run(name, ana).top["run"]["error"]
    assert error["code"] == "bad_input"
    assert {problem["file"] for problem in error["problems"]} == {"sites.csv"}
    assert "orepact-runs" not in json.dumps(error)
    assert run_of(ana, asked={"network": broken}) != name


@pytest.mark.usefixtures("stand_in")
def test_who_no_longer_acts_for_an_organisation_gets_no_answer(small: Store) -> None:
    """Neither he, after his role ended while the run waited, nor the organisation through him."""
    ana = desk_of(small, "ana", "nrcan")
    name = run_of(ana)
    end_role("ana", "nrcan", Desk(small))
    assert Worker(small, QUICK).run(once=True) == 1
    assert show_run(name, Desk(small)).top["run"]["error"]["code"] == "unauthorised"


def test_every_problem_of_a_question_is_told_at_once(small: Store) -> None:
    """Names of files are none of scenarios and events; nothing is put in line."""
    ana = desk_of(small, "ana", "nrcan")
    wrong: list[tuple[str, dict[str, Any], list[str]]] = [
        ("plan", {"scenario": "/etc/passwd", "ye": 2030, "year": 1500}, ["scenario", "ye", "year"]),
        ("shock", {"events": ["../secret.yaml"]}, ["events"]),
        ("shock", {}, ["events"]),
        ("plan", {"network": {"../x.csv": ""}}, ["network"]),
        ("plan", {"network": {"network.yaml": "\0"}}, ["network"]),
        ("plan", {"network": TOY, "overlay": "mine"}, ["overlay"]),
        ("plan", {"flows": "/etc/passwd"}, ["flows"]),
    ]
    for use_case, asked, columns in wrong:
        with pytest.raises(BadInput) as refused:
            submit_run(use_case, asked, ana)
        found = [problem.column for problem in refused.value.problems]
        assert len(found) == len(columns), found
        assert all(any(name in column for column in found) for name in columns), found
    for options in ({"priority": "at once"}, {"time_limit_s": 0}, {"time_limit_s": 10**9}):
        with pytest.raises(BadInput):
            submit_run("plan", ASKED, ana, **options)
    with pytest.raises(NotFound, match="run 'plans' is not known; did you mean plan"):
        submit_run("plans", {}, ana)
    assert not len(list_runs(ana).data)


def test_runs_are_of_who_may_make_them(small: Store) -> None:
    """With an account, for its organisation, with a token for runs; the first place is the registrar's, ends are the editors'."""
    ana, eve = desk_of(small, "ana", "nrcan"), desk_of(small, "eve", "nrcan", "reader")
    refused: list[OrepactError] = []
    for desk, options in ((Desk(small, PUBLIC), {}), (ana, {"organisation": "meti"}), (ana, {"priority": "first"})):
        with pytest.raises(Forbidden) as error:
            submit_run("plan", ASKED, desk, **options)
        refused.append(error.value)
    assert [str(one).partition(":")[0] for one in refused] == [
        "to run takes an account",
        "runs are made for the organisation for which the account acts",
        "to be first in line is the registrar's to give",
    ]
    name = run_of(ana)
    with pytest.raises(Forbidden, match="takes the role editor"):
        cancel_run(name, eve)
    assert cancel_run(name, ana).top["state"] == "cancelled"
    own = run_of(eve)
    assert cancel_run(own, eve).top["state"] == "cancelled"


def test_the_holder_asks_for_an_organisation_or_for_himself(small: Store) -> None:
    """What he asks for himself no organisation sees; the answer that it has, it sees too."""
    ana, holder = desk_of(small, "ana", "nrcan"), Desk(small)
    own, theirs = run_of(holder), run_of(holder, organisation="nrcan")
    assert own != theirs
    assert [*list_runs(ana).data["run"]] == [theirs]
    assert {*list_runs(holder).data["run"]} == {own, theirs}
    with pytest.raises(NotFound):
        run_of(holder, organisation="nobody")


def test_lists_go_page_by_page_and_the_line_has_an_end(small: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last first, without gaps; more than an organisation may have in line is refused."""
    ana = desk_of(small, "ana", "nrcan")
    monkeypatch.setattr(runs, "MOST_WAITING", 5)
    names = [run_of(ana, "ensemble", {"seed": seed}) for seed in range(5)]
    with pytest.raises(TooMany, match="5 runs of nrcan have not ended"):
        run_of(ana)
    found: list[str] = []
    after = None
    while True:
        page = list_runs(ana, state="open", limit=2, after=after)
        found += [*page.data["run"]]
        after = page.meta.get("after")
        if after is None:
            break
    assert found == names[::-1]
    assert not len(list_runs(ana, state="done").data)
    assert not len(list_runs(ana, use_case="plan").data)
    for options in ({"limit": 0}, {"limit": 501}, {"state": "lost"}, {"after": "[[[["}, {"after": "W" * 9000}):
        with pytest.raises(BadInput):
            list_runs(ana, **options)


def test_an_answer_hangs_on_program_facts_and_day(small: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With another program or other facts of the operator it is another question; the same facts elsewhere are the same."""
    ana = desk_of(small, "ana", "nrcan")
    plain_ = run_of(ana)
    for place in ("here", "there"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "claims.csv").write_text(OWN_PRICE)
        (tmp_path / place / "sources.csv").write_text(OWN_SOURCE)
    monkeypatch.setenv(marks.VARIABLE, str(tmp_path / "here"))
    with_facts = run_of(ana)
    monkeypatch.setenv(marks.VARIABLE, str(tmp_path / "there"))
    assert run_of(ana) == with_facts != plain_
    monkeypatch.setattr(marks, "program_mark", lambda: "another")
    assert run_of(ana) not in {plain_, with_facts}


@pytest.mark.usefixtures("stand_in")
def test_who_waits_is_told_how_far_it_is(small: Store, tmp_path: Path) -> None:
    """From the process by way of the worker and the database."""
    ana = desk_of(small, "ana", "nrcan")
    head = f"title: tell\nplace: {tmp_path}"
    name = run_of(ana, asked={"network": {"network.yaml": head}})
    worker = Worker(small, QUICK)
    thread = Thread(target=worker.run, kwargs={"once": True})
    thread.start()
    heard: list[tuple[str, float]] = []

    def hear(step: str, share: float) -> None:
        heard.append((step, share))
        if share == 0.5:
            (tmp_path / "go").touch()

    until = monotonic() + 120
    try:
        found = follow_run(name, ana, report=hear, wait=lambda _: sleep(0.05) if monotonic() < until else worker.stopping.set())
    finally:
        worker.stopping.set()
        thread.join()
    assert found.top["run"]["state"] == "done"
    assert ("half of it", 0.5) in heard


def test_what_can_be_asked_is_listed() -> None:
    """Every kind with its arguments, and what all have."""
    found = list_run_kinds().data.set_index("use_case")
    assert {"plan", "shock", "ensemble", "exposure"} <= {*found.index}
    assert all("as_of, include_unverified, overlay, network, " in text and "year" in text for text in found["arguments"])
