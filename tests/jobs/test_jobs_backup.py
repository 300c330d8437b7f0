"""A backup carries jobs and overlays, and no answers: those are computed again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from jobs_world import OWN_PRICE, OWN_SOURCE, QUICK, TOY, desk_of

from orepact.service.jobs import Worker, list_runs, show_run, submit_run
from orepact.service.pact.desk import Desk
from orepact.service.sharing import list_overlays, put_overlay, show_overlay
from orepact.store import queue
from orepact.store.store import Store, open_store, restore_store


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_what_was_in_line_is_done_elsewhere(small: Store, tmp_path: Path, make_url: Callable[[str], str], other: str) -> None:
    """What a worker was at when the backup was made goes on too; what was answered is asked again."""
    ana = desk_of(small, "ana", "nrcan")
    put_overlay("prices", OWN_PRICE, ana, sources=OWN_SOURCE)
    place = tmp_path / "place"
    place.mkdir()
    (place / "go").touch()
    told = {"network": {"network.yaml": f"title: tell\nplace: {place}"}}
    done = submit_run("plan", told, ana).top["run"]
    assert Worker(small, QUICK).run(once=True) == 1
    waits = submit_run("baseline", told, ana).top["run"]
    with small.database.writing() as connection:
        held = queue.take(connection, "gone with its machine", lease_s=-1)
    assert held is not None
    assert held.id == waits
    small.backup(tmp_path / "register.zip")
    target = make_url(other)
    restore_store(tmp_path / "register.zip", target)
    store = open_store(target)
    holder = Desk(store)
    assert [*list_runs(holder).data["run"]] == [waits, done]
    assert show_overlay("prices", holder, organisation="nrcan").data.equals(show_overlay("prices", ana).data)
    assert list_overlays(holder).data.equals(list_overlays(Desk(small)).data)
    lost = show_run(done, holder)
    assert (len(lost.data), lost.warnings) == (0, ["its answer is not kept any more: ask again"])
    assert Worker(store, QUICK).run(once=True) == 1
    assert show_run(waits, holder).top["run"]["state"] == "done"
    theirs = Desk(store, ana.reader)
    again = submit_run("plan", told, theirs)
    assert (again.top["state"], again.top["run"] != done) == ("queued", True)
    store.close()


def test_files_in_another_order_are_the_same_question(small: Store) -> None:
    """What counts is what is in them."""
    ana = desk_of(small, "ana", "nrcan")
    name = submit_run("plan", {"network": TOY}, ana).top["run"]
    assert submit_run("plan", {"network": dict(reversed(TOY.items()))}, ana).top["run"] == name
