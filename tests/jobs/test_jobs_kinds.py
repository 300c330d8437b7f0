"""Every kind of run, computed in a process of its own, gives what its use case gives when it is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jobs_world import HERE, QUICK, TOY

from orepact import service
from orepact.facts import Ledger
from orepact.service import shock
from orepact.service.jobs import Worker, run_table, show_run, submit_run
from orepact.service.jobs.catalogue import KINDS
from orepact.service.pact.desk import Desk
from orepact.service.result import Result
from orepact.store.store import Store

#: The toy with a mine that an event of the library stops.
_NAMES = {"AAA": "ZWE", "BBB": "CAN", "ore": "spodumene_concentrate"}
SMALL = {name: re.sub(r"\b(AAA|BBB|ore)\b", lambda found: _NAMES[found[0]], text) for name, text in TOY.items()}
SPLITTER = {file.name: file.read_text() for file in (HERE.parent / "networks" / "splitter").iterdir()}
BAN, YEAR = "zimbabwe_lithium_ban_2026", 2030


@dataclass(frozen=True)
class Case:
    """What is asked, of which network (None: of the facts), and the use case itself: its answer, and some tables of it."""

    asked: Mapping[str, Any]
    direct: Callable[[Any, Path], Result]
    network: Mapping[str, str] | None = field(default_factory=lambda: SMALL)
    tables: Mapping[str, Callable[[Any, Path], Result]] = field(default_factory=dict)


@cache
def ledger() -> Ledger:
    """The facts of the package."""
    return Ledger.shipped().at(None)


def balanced(rows: str) -> Callable[[Any, Path], Result]:
    """A table of the balanced year."""
    return lambda _, folder: service.baseline_package(folder, rows=rows)


def shocked(rows: str) -> Callable[[Any, Path], Result]:
    """A table of the shock."""
    return lambda _, folder: shock.respond_to(None, [BAN], network=folder, year=YEAR, weeks=4, rows=rows)


def sampled(rows: str) -> Callable[[Any, Path], Result]:
    """A table of the ensemble."""
    return lambda _, folder: shock.ensemble(None, network=folder, year=YEAR, members=3, seed=5, rows=rows)


CASES = {
    "baseline": Case({}, balanced("flows"), SPLITTER, {"summary": balanced("summary")}),
    "shock": Case(
        {"events": [BAN], "year": YEAR, "weeks": 4}, shocked("summary"),
        tables={rows: shocked(rows) for rows in ("lost", "stocks")},
    ),
    "ensemble": Case(
        {"year": YEAR, "members": 3, "seed": 5}, sampled("summary"), tables={"members": sampled("members")}
    ),
    "exposure": Case(
        {"year": YEAR, "kinds": ["site"], "time": 12},
        lambda _, f: shock.exposure(None, network=f, year=YEAR, kinds=["site"], time=12)
    ),
    "watch": Case(
        {"place": "CAN", "commodity": "nickel_class1", "level": "calm"},
        lambda facts, _: shock.watch(facts, place="CAN", commodity="nickel_class1", level="calm"), None,
        {"all": lambda facts, _: shock.watch(facts, place="CAN", commodity="nickel_class1", level="calm", rows="all")},
    ),
    "carbon": Case(
        {"commodity": "metal", "place": "CAN", "year": YEAR},
        lambda _, f: service.measure_carbon_of_package(f, "metal", place="CAN", year=YEAR, rows="stages"),
    ),
    "origin": Case(
        {"commodity": "metal", "place": "CAN", "year": YEAR},
        lambda facts, f: service.measure_origin(facts, "metal", network=f, place="CAN", year=YEAR),
    ),
    "social": Case(
        {"commodity": "metal", "place": "CAN", "year": YEAR},
        lambda _, f: service.measure_social_of_package(f, "metal", place="CAN", year=YEAR),
    ),
    "eligibility": Case(
        {"product": "metal", "place": "CAN", "rules": "concern-control", "year": YEAR},
        lambda facts, f: service.measure_eligibility(facts, "metal", "CAN", "concern-control", network=f, year=YEAR),
    ),
    "landed_cost": Case(
        {"commodity": "metal", "place": "CAN", "year": YEAR},
        lambda facts, f: service.measure_landed_cost(facts, "metal", "CAN", network=f, year=YEAR),
    ),
}  # fmt: skip


def test_every_kind_is_tried() -> None:
    """Plans, assessments and exports have tests of their own."""
    assert {*CASES} == {*KINDS} - {"plan", "assessment", "export"}


@pytest.mark.parametrize("use_case", [*CASES])
def test_a_run_gives_what_its_use_case_gives(use_case: str, small: Store, tmp_path: Path) -> None:
    """The same rows, and of what is said about them all but the folders of facts, which are the machine's; its tables too."""
    case, folder = CASES[use_case], tmp_path / "package"
    folder.mkdir()
    for name, text in (case.network or {}).items():
        (folder / name).write_text(text)
    holder = Desk(small)
    asked = {**case.asked, **({"network": case.network} if case.network else {})}
    name = str(submit_run(use_case, asked, holder).top["run"])
    assert Worker(small, QUICK).run(once=True) == 1
    found = show_run(name, holder).envelope()
    run = found.pop("run")
    assert run["state"] == "done", run["error"]
    direct = case.direct(ledger(), folder).envelope()
    direct["meta"]["manifest"].pop("overlays", None)
    assert found["data"], "an answer without rows proves nothing"
    assert found == direct
    for table, ask in case.tables.items():
        assert table in run["tables"]
        kept, known = run_table(name, table, holder).envelope(), ask(ledger(), folder).envelope()
        assert kept["data"] == known["data"]
        assert kept["meta"]["units"] == known["meta"]["units"]
