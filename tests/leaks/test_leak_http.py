"""Over HTTP, the package's register with hidden records of every kind: each row of the table answers as if there were none.

Body and all header fields are compared, of every question that a row can be asked, and of every change that names what is hidden.
The register is served by two processes, which keep answers together; one that sees all asks before the others do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from leak_asking import Said, Service
from leak_people import AUDIENCES, NOW
from leak_register import first, register, seen_kinds
from leak_sending import BODIES, sendings

from orepact.store.store import Store
from orepact.web.api.routes import Route
from route_questions import NONE, changes, of_register, questions, read_routes

LONG = os.environ.get("OREPACT_LONG") == "1"
#: Who is shown as much as a member; others none of the hidden records. The auditor is told of all entries of the log.
SEES_MEMBERS = ("member",)
BARRED = tuple(one.name for one in AUDIENCES.values() if one.gone)


@pytest.fixture(scope="module")
def services(registers: dict[str, Store], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Service]]:
    """The service on each of the registers, and a second process of that on the whole of it (``again``)."""
    shared = tmp_path_factory.mktemp("shared")
    found = {
        name: Service.on(replace(store, clock=lambda: NOW), shared=shared / f"{name}.db") for name, store in registers.items()
    }
    facts = found["all"].house.facts
    for each in found.values():
        each.house.__dict__["facts"] = facts
    found["again"] = found["all"].beside()
    yield found
    for each in found.values():
        each.close()


@pytest.fixture(scope="module")
def ids(registers: dict[str, Store]) -> Mapping[str, tuple[str, ...]]:
    """By kind an id that all see, one that is hidden, and one of nothing."""
    names = [*registers["all"].register().records]
    told = {*registers["none"].register().records}
    hidden = {kind: name for kind, name in sorted(names, reverse=True) if (kind, name) not in told}
    return {kind: (first(kind), *([hidden[kind]] if kind in hidden else []), NONE) for kind in seen_kinds()}


def paired(services: dict[str, Service], who: str) -> tuple[Service, Service]:
    """The service with what is hidden, and without what he does not see."""
    return services["all"], services["member's" if who in SEES_MEMBERS else "none"]


@pytest.mark.parametrize("route", read_routes(), ids=lambda route: route.id)
def test_what_is_hidden_changes_no_byte_of_any_row(
    route: Route, services: dict[str, Service], ids: Mapping[str, tuple[str, ...]]
) -> None:
    """For the public with all that can be asked, for a member with less. A new row is asked too."""
    every = [*questions(route, ids)]
    if not of_register(route):  # no record is asked for it
        assert not LONG or services["all"].ask(every[0]) == services["none"].ask(every[0])
        return
    services["all"].ask(every[0], "steward")  # what he is told is kept for nobody else
    for who, paths in (("public", every), ("member", every[:1])):
        one, other = paired(services, who)
        for path in paths:
            found = one.ask(path, who)
            assert found == other.ask(path, who), (who, path)
            assert found == services["again"].ask(path, who), (who, path)  # worked out by the other process, or by this one
            assert found.status < 500, (path, found)


@pytest.mark.parametrize("who", BARRED)
def test_whose_time_is_over_is_told_nothing(who: str, services: dict[str, Service]) -> None:
    """Not even what all may know: he is told that he is not let in."""
    assert services["all"].ask("/records?kind=project", who).status == 401


def test_a_hidden_id_is_as_one_of_nothing(services: dict[str, Service], ids: Mapping[str, tuple[str, ...]]) -> None:
    """The same status and the same words about another name, whatever is sent along."""
    hidden = 0
    for kind, (_, *names) in ids.items():
        if len(names) < 2:
            continue
        there, nothing = (name for name in names)
        hidden += 1
        for more, fields in (("", {}), ("", {"if-none-match": "*"}), ("/history", {}), ("?revision=1", {})):
            found, other = (
                services["all"].ask(f"/records/{kind}/{name}{more}", "public", fields=fields) for name in (there, nothing)
            )
            assert found.status == other.status == 404
            assert unnamed(found, there) == unnamed(other, nothing)
        mark, none = (services["all"].ask(f"/audit?limit=1&after={kind}/{name}=1") for name in (there, nothing))
        assert unnamed(mark, there) == unnamed(none, nothing)
    assert hidden > 20


def unnamed(said: Said, name: str) -> Said:
    """An answer without a name that it says back, and without names near to it, which are those that he sees."""
    fields = tuple(pair for pair in said.fields if pair[0] != "content-length")
    body = said.body.replace(name.encode(), b"NAME")
    return replace(said, fields=fields, body=re.sub(rb"; did you mean [^?]*[?]", b"", body))


@pytest.mark.parametrize("route", changes(), ids=lambda route: route.id)
def test_a_change_that_names_what_is_hidden_is_answered_as_if_it_were_not_there(
    route: Route, services: dict[str, Service], ids: Mapping[str, tuple[str, ...]]
) -> None:
    """In the path, and in what is sent; nothing is kept, and each answer is that of a register without it."""
    if route.body is not None:
        assert route.id in BODIES, f"say in tests/leaks/leak_sending.py what is sent to {route.id}, and what in it names records"
    one, other = paired(services, "member")
    number = 0
    for sending in sendings(route, ids):
        found = one.ask(sending.path, "member", method=route.method, body=sending.body, fields=sending.fields)
        expected = other.ask(sending.path, "member", method=route.method, body=sending.body, fields=sending.fields)
        assert found == expected, sending
        assert found.status in route.statuses, (sending, found)
        assert found.status >= 400 or not sending.changes, (sending, found)
        number += 1
    assert number


def test_the_processes_kept_answers_together(services: dict[str, Service]) -> None:
    """So that the tests can fail: one is told by the second what the first worked out, and what a steward was told is another."""
    path = "/counts?by=kind"
    told = {who: services["all"].ask(path, who) for who in ("steward", "public")}
    before = services["again"].house.answers.hits
    assert services["again"].ask(path) == told["public"] != told["steward"]
    assert services["again"].house.answers.hits == before + 1
    assert services["again"].house.store.texts is not None


def test_the_hidden_records_are_there_over_http(services: dict[str, Service], ids: Mapping[str, tuple[str, ...]]) -> None:
    """So that the tests can fail: their owner is shown those that others are told nothing of."""
    shown = {
        services["all"].ask(f"/records/{kind}/{names[1]}", "steward").status for kind, names in ids.items() if len(names) > 2
    }
    assert shown - {404} == {200}  # a Nation's own is for the Nation
    seen = {who: services["all"].ask("/counts?by=kind", who).json["data"] for who in ("public", "member", "steward")}
    numbers = {who: sum(row["number"] for row in rows) for who, rows in seen.items()}
    assert numbers["steward"] - 20 > numbers["member"] > numbers["public"] + 20
    assert numbers["public"] >= len(register())
