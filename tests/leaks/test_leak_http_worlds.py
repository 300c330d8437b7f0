"""Random registers asked over HTTP by all sorts of people, at moments around the begin of an embargo and the end of a day.

Every answer, with its header fields and its tag, is byte for byte that of a register without what is hidden; lists, counts,
searches and the log tell what a plain filter gives (``leak_drawn``). What was told to others before changes nothing, neither by
this process nor by another of the same server.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from leak_asking import Said, Service
from leak_drawn import BOARD, commitments, engagements, made, shown, shows, takes
from leak_people import AUDIENCES, NOW, TOLD_OF_ALL
from leak_worlds import opened_world, ready

from copies import Fill
from orepact.store.store import Store
from route_questions import NONE, of_register, questions, read_routes

LONG = os.environ.get("OREPACT_LONG") == "1"
#: Worlds are small as they are drawn; to look for smaller ones takes minutes.
USUAL: Any = {
    "deadline": None, "phases": (Phase.explicit, Phase.reuse, Phase.generate),
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}  # fmt: skip
HOURS = timedelta(hours=12)
MOMENTS = (
    NOW, NOW - timedelta(seconds=1), NOW + timedelta(seconds=59), NOW + HOURS - timedelta(seconds=1), NOW + HOURS, NOW - HOURS,
)  # fmt: skip
KINDS = "kind=commitment&kind=engagement&kind=project"
#: Asked in each world, beside what is drawn from all that can be asked.
ALWAYS = (
    f"/records?{KINDS}&limit=2", f"/records?{KINDS}&limit=2&order=due", "/search?search=alpha",
    "/search?search=gamma+delta&limit=1",
    f"/records?{KINDS}&on=2026-10-01", "/records?kind=commitment&on=2026-10-15&overdue=true", f"/records?{KINDS}&owner=nrcan",
    "/counts?by=kind&by=label&by=owner", "/counts?by=article&by=state&on=2026-12-31", "/instruments/pact/scoreboard",
    "/instruments/pact/articles", "/projects/engagement", "/audit?limit=4",
)  # fmt: skip
EXPORT = "/exports/records?kind=commitment&kind=engagement&limit=2"
#: A service on a whole register, one on what is seen of it, and a second process of the first.
Services = tuple[Service, Service, Service]
#: Rows that tell an auditor of entries that are not his to read: that there are some, and their hashes; and who took what out of
#: the register, which is what somebody else did there.
OF_ALL = ("/audit", "/audit/verify", "/access-log")


@dataclass(frozen=True)
class World:
    """Records, records of Nations, who asks one after the other, when; ``picks``: which of all questions are asked too."""

    first: list[dict[str, Any]]
    second: list[dict[str, Any]]
    who: list[str]
    now: datetime
    picks: list[int]

    @property
    def minute(self) -> datetime:
        """The moment as the service asks with it."""
        return self.now.replace(second=0, microsecond=0)

    @property
    def names(self) -> dict[str, tuple[str, ...]]:
        """By kind what can be asked about."""
        first, second = (tuple(one["id"] for one in part) for part in (self.first, self.second))
        found = {"commitment": (*first, NONE), "engagement": (*second, NONE), "project": ("pit", NONE)}
        return found | {"instrument": ("pact", NONE), "organisation": ("nrcan", "first")}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A world."""
    first = [draw(commitments(number)) for number in range(draw(st.integers(1, 5)))]
    second = [draw(engagements(number)) for number in range(draw(st.integers(0, 2)))]
    who = draw(st.lists(st.sampled_from([*AUDIENCES]), min_size=2, max_size=3, unique=True))
    picks = draw(st.lists(st.integers(0, 10_000), min_size=8, max_size=8))
    return World(first, second, who, draw(st.sampled_from(MOMENTS)), picks)


def asked(world: World) -> list[str]:
    """The questions of a world."""
    every = [path for route in read_routes() if of_register(route) for path in questions(route, world.names, many=True)]
    about = [
        f"/records/{kind}/{name}{more}"
        for kind in ("commitment", "engagement")
        for name in world.names[kind]
        for more in ("", "/history")
    ]
    return list(dict.fromkeys([*ALWAYS, *about, *(every[pick % len(every)] for pick in world.picks)]))


def pages(service: Service, path: str, who: str) -> Iterator[Said]:
    """An answer and the pages that follow it, by the address that its header gives."""
    for _ in range(20):
        found = service.ask(path, who)
        yield found
        link = dict(found.fields).get("link", "")
        if not link:
            break
        path = link.partition(">")[0].removeprefix("</api/v1")


def compare(folder: Path, world: World, services: Services, new: Callable[[], str | None]) -> None:
    """Each of those who ask is told of the whole register what he is told of one that holds only what he may see."""
    whole, part, again = services
    told: dict[str, str] = {}
    with opened_world(folder, [*BOARD, *made(world.first, world.second)], new()) as everything:
        whole.turn(at(everything, world), world.now)
        again.turn(at(everything, world), world.now)
        for who in world.who:
            if AUDIENCES[who].gone:
                assert {whole.ask(path, who).status for path in ALWAYS[:2]} == {401}
                continue
            seen = [seen_by(who, some, world) for some in (world.first, world.second)]
            with opened_world(folder, [*BOARD, *made(*seen)], new()) as less:
                part.turn(at(less, world), world.now)
                for path in [*asked(world), f"/feeds/{AUDIENCES[who].link}/alerts.atom"]:
                    if who == TOLD_OF_ALL and path.startswith(OF_ALL):
                        continue
                    same(whole, part, path, who, told)
                    assert again.ask(path, who) == whole.ask(path, who), (who, path)
                part.turn(whole.house.store, world.now)  # the register that is closed now is asked no more
            is_told(whole, seen, who, world)


def seen_by(who: str, records: list[dict[str, Any]], world: World) -> list[dict[str, Any]]:
    """What there is for somebody in the minute in which he asks, as he is shown it."""
    own = AUDIENCES[who].who
    return [shown(one, own) for one in records if shows(one, own, world.minute)]


def at(store: Store, world: World) -> Store:
    """The register with the clock of a world."""
    return replace(store, clock=lambda: world.now)


def same(whole: Service, part: Service, path: str, who: str, told: dict[str, str]) -> None:
    """An answer and the pages that follow it; also to who shows the tag of what another one was told."""
    for number, (found, expected) in enumerate(zip(pages(whole, path, who), pages(part, path, who), strict=True)):
        assert found == expected, (who, path)
        assert found.status < (500 if not number else 300), (who, path, found)
        before = told.setdefault(path, found.tag)
        if before and not number:
            again = whole.ask(path, who, fields={"if-none-match": before})
            assert (again.status, again.body) == ((304, b"") if before == found.tag else (found.status, found.body)), (who, path)
        if "limit" not in path:
            break


def is_told(service: Service, seen: list[list[dict[str, Any]]], who: str, world: World) -> None:
    """Lists, counts, searches, the log and what can be taken out are those of a plain filter, no less."""
    kinds = ("commitment", "engagement")
    every = {(kind, one["id"]): one for kind, some in zip(kinds, seen, strict=True) for one in some}

    def listed(path: str) -> list[tuple[str, str]]:
        return [(row["kind"], row["id"]) for page in pages(service, path, who) for row in page.json["data"]]

    lines = listed("/records?kind=commitment&kind=engagement&limit=2")
    assert lines == sorted(lines)
    assert sorted(every) == lines
    for word in ("alpha", "gamma delta"):
        found = set(listed(f"/search?search={word.replace(' ', '+')}&kind=commitment&limit=1"))
        assert found == {key for key, one in every.items() if key[0] == "commitment" and holds(one, word)}
    counted = {row["kind"]: row["number"] for row in service.ask("/counts?by=kind", who).json["data"] if row["kind"] in kinds}
    assert counted == {kind: number for kind, number in zip(kinds, map(len, seen), strict=True) if number}
    if who != TOLD_OF_ALL:
        assert {key for key in listed("/audit?limit=3") if key[0] in kinds} == set(every)

    if who != "public":
        exported = {key for page in pages(service, EXPORT, who) for key in in_package(page.body)}
        own = AUDIENCES[who].who
        parts = zip(kinds, (world.first, world.second), strict=True)
        assert exported == {(kind, one["id"]) for kind, some in parts for one in some if takes(one, own, world.minute)}


def in_package(content: bytes) -> Iterator[tuple[str, str]]:
    """Kind and id of the records of a data package."""
    with ZipFile(BytesIO(content)) as package:
        (name,) = (name for name in package.namelist() if name.endswith("records.csv"))
        rows = csv.DictReader(line for line in package.read(name).decode("utf-8-sig").splitlines() if not line.startswith("#"))
        yield from ((row["kind"], row["id"]) for row in rows)


def holds(values: dict[str, Any], words: str) -> bool:
    """Whether the texts of a record as everybody who sees it is shown it hold each word."""
    open_ = values["title"] + " " + ("" if "note" in values.get("labels", {}) else values["note"])
    return all(word in open_ for word in words.split())


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services, to be turned to registers; two of them keep answers together."""
    folder = tmp_path_factory.mktemp("services")
    with opened_world(folder, []) as store:
        whole, part = Service.on(store, shared=folder / "answers.db"), Service.on(store)
        part.house.__dict__["facts"] = whole.house.facts
        found = whole, part, whole.beside()
        yield found
        for each in found:
            each.close()


@settings(max_examples=200 if LONG else 4, **USUAL)
@given(world=worlds())
def test_what_is_hidden_changes_no_byte_over_http(tmp_path: Path, services: Services, world: World) -> None:
    """In files; ``OREPACT_LONG=1`` draws 200 worlds."""
    compare(tmp_path, world, services, lambda: None)


@settings(max_examples=30 if LONG else 1, **USUAL)
@given(world=worlds())
def test_what_is_hidden_changes_no_byte_over_http_on_postgresql(
    tmp_path: Path, services: Services, copy_of: Callable[[str, Fill], str], world: World
) -> None:
    """Each register in a database of its own."""
    compare(tmp_path, world, services, lambda: copy_of("postgresql", ready))


def test_moments_lie_on_both_sides_of_what_begins_and_ends() -> None:
    """So that the tests can fail: an embargo that begins at noon, a name until today."""
    early, late = (
        [shows({"label": "TLP:CLEAR/nrcan", "opens": NOW, "readers": []}, AUDIENCES["public"].who, moment) for moment in pair]
        for pair in pairwise([MOMENTS[1].replace(second=0), NOW, MOMENTS[4]])
    )
    assert (early, late) == ([False, True], [True, True])
