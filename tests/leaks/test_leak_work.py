"""Runs and overlays of an organisation, over HTTP: everybody else is told what he is told of a register in which there are none.

What is asked again is computed again for another organisation, and looks the same as if nobody had asked before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from leak_asking import Said, Service
from leak_people import NOW, SECRET
from leak_worlds import opened_world

from orepact.service.access import reader_of
from orepact.service.jobs import submit_run
from orepact.service.jobs.working import packed
from orepact.service.pact.desk import Desk
from orepact.service.sharing import put_overlay
from orepact.store import answers, queue
from orepact.store.store import Store
from orepact.web.api.table import ROUTES

HEAD = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
PAID = HEAD + "nickel_class1,price,30000,USD_per_t,2026,,,own_desk,2026-06-30,reported,TLP:{}/nrcan,what we pay\n"
DESK = (
    "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
    "own_desk,Our desk,What we pay,2026,2026-06,own,Our desk,nowhere.example,A,no\n"
)
ASKED: dict[str, Any] = {"place": "CAN", "commodity": "nickel_class1", "as_of": "2026-11-01"}
NO_RUN = f"run-{0:016x}"
OTHERS = ("public", "member", "client", "nation", "auditor", "guest")
#: What is of the moment at which it was asked for.
MOMENT = re.compile(rb"run-[0-9a-f]{16}|\d{4}-\d\d-\d\dT[0-9:.]+Z")


@dataclass
class Worked:
    """The service with runs and overlays of nrcan (by what they are), and without."""

    whole: Service
    none: Service
    runs: dict[str, str]


def desk(store: Store, who: str) -> Desk:
    """The desk of an audience."""
    return Desk(store, reader_of(Desk(store), token=f"ore_{who}_{SECRET}"))


def work(store: Store) -> dict[str, str]:
    """Overlays and runs of nrcan: one for stewards alone, one that is done, one that waits, one that failed."""
    steward = desk(store, "steward")
    put_overlay("prices", PAID.format("AMBER+STRICT"), steward, sources=DESK)
    put_overlay("red-secret", PAID.format("RED"), steward, sources=DESK, label="TLP:RED/nrcan")

    def ask(**more: Any) -> str:
        return str(submit_run("watch", {**ASKED, **more}, steward).top["run"])

    def end(state: str, **values: Any) -> None:
        with store.database.writing() as connection:
            job = queue.take(connection, "a worker", 60)
            assert job is not None
            queue.end(connection, job, state, **values)
            table = {"columns": ["level"], "rows": [["calm"]]}
            answer = {"rows": table, "meta": {"manifest": {}}, "top": {}, "shown": None, "text": ""}
            parts = {answers.ANSWER: packed(answer), "all": packed(table)}
            if state == queue.DONE:
                answers.keep(connection, job.organisation, job.request_hash, answers.Found(parts, "{}", "x", 1))

    found = {"done": ask()}
    end(queue.DONE)
    found["failed"] = ask(overlay="prices")
    end(queue.FAILED, error=json.dumps({"code": "bad_input", "message": "no"}))
    return found | {"waits": ask(commodity="cobalt_metal"), "red": ask(overlay="red-secret")}


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worked]:
    """Both, on files."""
    folder: Path = tmp_path_factory.mktemp("work")
    with opened_world(folder, []) as one, opened_world(folder, []) as other:
        stores = [replace(store, clock=lambda: NOW) for store in (one, other)]
        runs = work(stores[0])
        found = Worked(Service.on(stores[0]), Service.on(stores[1]), runs)
        yield found
        found.whole.close()
        found.none.close()


def paths(runs: dict[str, str]) -> list[str]:
    """Every row about runs and overlays that reads, of each of them."""
    rows = [route for route in ROUTES if route.method == "GET" and route.path.split("/")[1] in {"runs", "overlays"}]
    assert len(rows) >= 6
    found = [
        route.path.format(run=run, overlay=overlay, table="all")
        for route in rows
        for run in (*runs.values(), NO_RUN)
        for overlay in ("prices", "prices@1", "red-secret", "nothing")
    ]
    found += [f"/runs?{asked}" for asked in ("limit=1", "state=done", "state=open", "kind=watch", "format=csv")]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("who", OTHERS)
def test_others_are_told_of_none(who: str, worked: Worked) -> None:
    """By list, id, table, file, or with a tag."""
    for path in paths(worked.runs):
        for fields in ({}, {"if-none-match": "*"}):
            found = worked.whole.ask(path, who, fields=fields)
            assert found == worked.none.ask(path, who, fields=fields), path
            assert found.status in {200, 304, 401, 403, 404, 422}, found


def test_who_is_of_it_is_told(worked: Worked) -> None:
    """So that the tests can fail; of what is for stewards alone, stewards."""
    for who, number, names in (("steward", 4, {"prices", "red-secret"}), ("reader", 3, {"prices"})):
        rows = worked.whole.ask("/runs", who).json["data"]
        assert len(rows) == number
        assert {row["overlay"] for row in worked.whole.ask("/overlays", who).json["data"]} == names
        assert worked.whole.ask(f"/runs/{worked.runs['done']}", who).status == 200
    hidden, nothing = (worked.whole.ask(f"/runs/{run}", "reader") for run in (worked.runs["red"], NO_RUN))
    assert still(hidden) == still(nothing)
    assert hidden.status == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/runs/{done}/cancel", None), ("POST", "/runs/{waits}/cancel", None), ("POST", "/runs/{red}/cancel", None),
        ("DELETE", "/overlays/prices", None), ("DELETE", "/overlays/secret", None),
        ("POST", "/watches", {**ASKED, "overlay": "prices"}), ("POST", "/watches", {**ASKED, "overlay": "prices@1"}),
        ("POST", "/watches", {**ASKED, "overlay": "red-secret"}), ("POST", "/watches", ASKED),
        ("POST", "/watches", {**ASKED, "commodity": "cobalt_metal"}),
        ("POST", "/overlays", {"id": "prices", "claims": PAID.format("CLEAR").replace("/nrcan", ""), "sources": DESK}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["member", "client"])
def test_what_another_one_did_changes_no_answer_to_who_does_the_same(
    who: str, method: str, path: str, body: Any, worked: Worked
) -> None:
    """But for the id of what he made, and when."""
    path = path.format(**worked.runs)
    found, expected = (each.ask(path, who, method=method, body=body) for each in (worked.whole, worked.none))
    assert still(found) == still(expected)
    assert found.status in {200, 201, 202, 403, 404} or "a known overlay" in str(found), found
    assert body in (None, ASKED) or found.status != 404 or "overlay" in body


def still(said: Said) -> Said:
    """An answer without ids of runs, moments, and what is counted of both."""
    fields = tuple((name, MOMENT.sub(b"X", value.encode()).decode()) for name, value in said.fields if name != "etag")
    return Said(said.status, fields, MOMENT.sub(b"X", said.body))
