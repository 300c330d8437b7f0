"""Assessments of incidents as runs: what the use case itself gives, kept once, by who may keep it when it is done."""

from __future__ import annotations

import json
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jobs_world import OWN_PRICE, OWN_SOURCE, QUICK, desk_of, pids, until, worker_on

from orepact.errors import BadInput, Conflict, Forbidden, NotFound
from orepact.pact.incidents.assessments import Assessment
from orepact.pact.incidents.incident import Incident
from orepact.service.access import change_community, end_role, give_role
from orepact.service.jobs import Worker, assessments, run_table, show_run, submit_assessment, submit_run
from orepact.service.jobs.questions import Assessment as Asked
from orepact.service.pact import assess_incident, list_options
from orepact.service.pact.desk import Desk
from orepact.service.sharing import put_overlay
from orepact.service.shock.question import Question
from orepact.shock.events.event import Event
from orepact.store.store import Store, open_store
from pact_incidents import PEOPLE, assessment, incident
from shock_networks import chain_network

WHY = "for the meeting"
STOP = {
    "id": "mine_stop", "title": "A mine stops", "start": "2026-02-23", "known_from": "2026-02-17", "weeks": 8,
    "breaks": [{"site": "mine_near", "share_left": 0.0, "confidence": "reported"}],
}  # fmt: skip


def stopped(**changes: Any) -> Incident:
    """An incident whose event stands in it."""
    event = Event.from_mapping(STOP, "the event")
    frozen = {"id": event.id, "title": event.title, "known_from": event.known_from, "text": event.text, "hash": event.hash}
    return incident(**{"event": frozen, **changes})


def filled_with(store: Store, *incidents: Incident) -> Desk:
    """A register with people and incidents; the desk of an editor of nrcan."""
    with store.write("ana", "begin", seeding=True) as unit:
        for one in (*PEOPLE, *incidents):
            unit.put(one)
    desk = desk_of(store, "ana-e", "nrcan")
    change_community("nrcan", Desk(store))
    return Desk(store, replaced(store, desk))


def replaced(store: Store, desk: Desk) -> Any:
    """The reader of a desk as he stands now."""
    from orepact.service.access import reader_as

    assert desk.reader is not None
    return reader_as(desk.reader.account, desk.reader.organisation, Desk(store))


@pytest.fixture
def whole(whole_url: str) -> Iterator[Store]:
    """A register of each backend with the records of the package."""
    store = open_store(whole_url)
    yield store
    store.close()


@pytest.fixture
def own_store(own: Path) -> Iterator[Store]:
    """A register of SQLite with the records of the package."""
    store = open_store(str(own))
    yield store
    store.close()


@pytest.fixture
def figures(tmp_path: Path) -> dict[str, dict[str, str]]:
    """A network that stands for plain figures, left when the file ``go`` is there."""
    names = ("manifest", "manifest_hash", "events", "losses", "aid", "cooperation", "units", "warnings")
    content = assessment().content()
    (tmp_path / "figures.json").write_text(json.dumps({name: content[name] for name in names if name in content}))
    return {"network": {"network.yaml": f"title: tell\nplace: {tmp_path}"}}


def kept(store: Store) -> list[str]:
    """The ids of the assessments that there are, each with how many versions."""
    with store.reading() as register:
        found = [one.id for one in register.all(Assessment)]
    return [f"{name} {len(store.history('assessment', name))}" for name in sorted(found)]


def standing(desk: Desk, name: str) -> dict[str, Any]:
    """A run as it stands."""
    return dict(show_run(name, desk).top["run"])


def test_an_assessment_is_that_of_the_use_case(own: Path, own_store: Store, tmp_path: Path) -> None:
    """The same figures from the same event, sealed; asked again it is made anew, in place of the first."""
    chain_network().to_package(tmp_path / "chain")
    texts = {file.name: file.read_text() for file in (tmp_path / "chain").iterdir()}
    ana = filled_with(own_store, stopped())
    with closing(sqlite3.connect(own)) as source, closing(sqlite3.connect(tmp_path / "other.db")) as target:
        source.backup(target)
    name = str(submit_assessment("moa", ana, reason=WHY, network=texts, weeks=4).top["run"])
    assert submit_assessment("moa", ana, reason=WHY, network=texts, weeks=4).top["run"] == name
    assert Worker(own_store, QUICK).run(once=True) == 1
    run = standing(ana, name)
    assert (run["state"], run["error"]) == ("done", None)
    other = str(tmp_path / "other.db")
    direct = assess_incident(Question(None, tmp_path / "chain"), "moa", other, by="nrcan", reason=WHY, weeks=4)
    answer = show_run(name, ana)
    assert len(answer.data) > 1
    assert answer.envelope()["data"] == direct.envelope()["data"]
    said, known = answer.envelope()["meta"], direct.envelope()["meta"]
    assert said["manifest"] == {"assessment": known["manifest"]["assessment"]}
    for own_word in ("manifest", "made_at", "seal"):
        said.pop(own_word), known.pop(own_word)
    assert said == known
    assert list_options("moa", ana).envelope()["data"] == answer.envelope()["data"]
    assert {"summary", "aid", "lost"} <= {*run["tables"]}
    assert len(run_table(name, "summary", ana).data)
    made = own_store.get("assessment", "moa-assessment-1")[0]
    assert (made.made_by, [event.id for event in made.events]) == ("nrcan", ["mine_stop"])
    (change,) = own_store.history("assessment", made.id)
    assert (change.actor, change.reason) == ("ana-e", WHY)
    again = submit_assessment("moa", ana, reason=WHY, network=texts, weeks=4).top
    assert (again["state"], again["run"] != name) == ("queued", True)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process that ends with its parent: Linux")
def test_a_killed_worker_keeps_it_neither_twice_nor_never(
    whole: Store, whole_url: str, tmp_path: Path, figures: dict[str, Any]
) -> None:
    """The next worker computes it anew and keeps it, once."""
    ana = filled_with(whole, stopped())
    name = str(submit_assessment("moa", ana, reason=WHY, **figures).top["run"])
    with worker_on(whole_url) as first:
        until(lambda: standing(ana, name)["progress"] == 0.5)
        first.send_signal(signal.SIGKILL)
        first.wait()
    (tmp_path / "go").touch()
    until(lambda: Worker(whole, QUICK).run(once=True))
    assert standing(ana, name)["state"] == "done"
    assert len(pids(tmp_path)) == 2
    assert kept(whole) == ["moa-assessment-1 1"]
    assert [*show_run(name, ana).data["option"]] == ["pact", "stockpiles"]


@pytest.mark.usefixtures("stand_in")
def test_who_lost_the_run_keeps_nothing(own_store: Store, tmp_path: Path, figures: dict[str, Any]) -> None:
    """Neither the assessment nor an entry of the log; nor does what fails beside it."""
    ana = filled_with(own_store, stopped())
    before = own_store.head()
    said = json.loads((tmp_path / "figures.json").read_text())
    asked = Asked(incident="moa", reason=WHY)

    def lost(_: object, answer: Any) -> bool:
        assert answer.meta["assessment"] == "moa-assessment-1"
        return False

    assert assessments.keep(own_store, ana.reader, asked, said, lost, by="nrcan") is False

    def broken(_: object, __: Any) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        assessments.keep(own_store, ana.reader, asked, said, broken, by="nrcan")
    assert (kept(own_store), own_store.head()) == ([], before)


@pytest.mark.usefixtures("stand_in")
def test_who_may_write_no_more_when_it_is_done_writes_nothing(own_store: Store, tmp_path: Path, figures: dict[str, Any]) -> None:
    """He is asked again at the end, and not only when he asks for it."""
    ana = filled_with(own_store, stopped())
    holder = Desk(own_store)
    name = str(submit_assessment("moa", ana, reason=WHY, **figures).top["run"])
    worker = Worker(own_store, QUICK)

    def ends(word: str) -> None:
        if "attempt" in word:
            give_role("ana-e", "nrcan", "reader", holder)
            end_role("ana-e", "nrcan", holder, role="editor")
            (tmp_path / "go").touch()

    before = own_store.head()
    worker.tell = ends
    assert worker.run(once=True) == 1
    run = standing(holder, name)
    assert (run["state"], run["error"]["code"]) == ("failed", "forbidden")
    assert (kept(own_store), own_store.head()) == ([], before)


@pytest.mark.usefixtures("stand_in")
def test_an_id_that_somebody_takes_meanwhile(own_store: Store, tmp_path: Path, figures: dict[str, Any]) -> None:
    """The next number is taken; one that was chosen is refused."""
    ana = filled_with(own_store, stopped())
    holder = Desk(own_store)
    (tmp_path / "go").touch()
    chosen = str(submit_assessment("moa", ana, reason=WHY, name="moa-first", **figures).top["run"])
    free = str(submit_assessment("moa", ana, reason=WHY, **figures).top["run"])
    with own_store.write("ben", "meanwhile") as unit:
        unit.put(assessment(id="moa-first"))
    assert Worker(own_store, QUICK).run(once=True) == 2
    assert (standing(holder, chosen)["error"]["code"], standing(holder, free)["state"]) == ("conflict", "done")
    assert kept(own_store) == ["moa-assessment-2 1", "moa-first 1"]
    with pytest.raises(Conflict):
        submit_assessment("moa", ana, reason=WHY, name="moa-first", **figures)


@pytest.mark.usefixtures("stand_in")
def test_an_assessment_is_for_those_who_see_the_incident(own_store: Store, tmp_path: Path, figures: dict[str, Any]) -> None:
    """With its label; what is an organisation's own goes into none that others read."""
    closed = stopped(id="nrcan.moa", label="TLP:AMBER+STRICT/nrcan")
    ana = filled_with(own_store, stopped(), closed)
    ben = Desk(own_store, replaced(own_store, desk_of(own_store, "ben-e", "meti")))
    put_overlay("prices", OWN_PRICE, ana, sources=OWN_SOURCE)
    with pytest.raises(BadInput, match="those who read the assessment"):
        submit_assessment("moa", ana, reason=WHY, overlay="prices")
    assert submit_assessment("nrcan.moa", ana, reason=WHY, overlay="prices").top["state"] == "queued"
    with pytest.raises(NotFound):
        submit_assessment("nrcan.moa", ben, reason=WHY)
    (tmp_path / "go").touch()
    submit_assessment("nrcan.moa", ana, reason=WHY, priority="usual", name="nrcan.moa-1", **figures)
    whose = assessments.begun(ana.facing(), Asked(incident="moa", reason=WHY), "nrcan")
    assert whose.audience("nrcan", ana.reader.audience if ana.reader else None).organisation == ""  # type: ignore[union-attr]
    own = assessments.begun(ana.facing(), Asked(incident="nrcan.moa", reason=WHY), "nrcan")
    assert own.audience("nrcan", ana.reader.audience if ana.reader else None).organisation == "nrcan"  # type: ignore[union-attr]
    said = json.loads((tmp_path / "figures.json").read_text())
    asked = Asked(incident="nrcan.moa", reason=WHY, name="nrcan.moa-1")
    assert assessments.keep(own_store, ana.reader, asked, said, lambda *_: True, by="nrcan")
    assert own_store.get("assessment", "nrcan.moa-1")[0].label == "TLP:AMBER+STRICT/nrcan"


def test_what_cannot_be_assessed_is_said_at_once(own_store: Store) -> None:
    """Nobody waits for it."""
    path = {"id": "/etc/passwd", "title": "A file", "known_from": "2026-02-17"}
    ana = filled_with(own_store, stopped(), stopped(id="file", event=path, request=None))
    eve = desk_of(own_store, "eve", "nrcan", "reader")
    holder = Desk(own_store)
    refusals: list[tuple[type[Exception], Callable[[], object]]] = [
        (BadInput, lambda: submit_assessment("file", ana, reason=WHY)),
        (NotFound, lambda: submit_assessment("nothing", ana, reason=WHY)),
        (Forbidden, lambda: submit_assessment("moa", eve, reason=WHY)),
        (Forbidden, lambda: submit_assessment("moa", ana, reason=WHY, by="meti")),
        (BadInput, lambda: submit_assessment("moa", holder, reason=WHY)),
        (BadInput, lambda: submit_run("assessment", {"incident": "moa"}, ana)),
        (BadInput, lambda: submit_assessment("moa", ana, reason=WHY, weeks=0)),
    ]
    for expected, ask in refusals:
        with pytest.raises(expected):
            ask()
    assert submit_assessment("moa", holder, reason=WHY, by="nrcan").top["state"] == "queued"
