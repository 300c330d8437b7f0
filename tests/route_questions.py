"""Every question of the table of routes, with arguments: a new row is asked too, or a test says how to tell what it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from orepact.web.api.parameters import vocabulary
from orepact.web.api.routes import Asks, Does, Route
from orepact.web.api.table import ROUTES

#: An id that no record has.
NONE = "nothing-of-that-name"
#: What is asked about besides what must be named, by the name in the vocabulary of parameters. A test says which one lacks.
VALUES: dict[str, Sequence[Any]] = {
    "account": ["member"],
    "activities": [NONE],
    "after": ["x", "cHJvamVjdC9waXQ9MQ=="],
    "article": ["pact:1"],
    "as_of": ["2026-06-30"],
    "asked_for": ["2027-06-01"],
    "at_least": [1],
    "attribute": ["mine_production"],
    "basis": ["owner"],
    "body": ["ca-jp-battery-dialogue"],
    "bodies": ["ca-jp-battery-dialogue"],
    "by": ["kind", "label", "owner", "state", "instrument", "article"],
    "chapter": ["area"],
    "commodity": ["nickel"],
    "country": ["CHN"],
    "days": [30],
    "depth": [2],
    "due_before": ["2026-11-23", "2027-12-31"],
    "entry": [0, 3],
    "fresh": ["amber"],
    "from_day": ["2026-01-01"],
    "given_by": ["meti"],
    "given_on": ["2026-12-01"],
    "giver": ["nrcan"],
    "include_unverified": ["true"],
    "instrument": ["pact"],
    "kind": ["commitment"],
    "kinds": ["commitment"],
    "known_event": ["bc_ports_strike_2023"],
    "pool": ["lithium_stocks"],
    "language": ["ja"],
    "least": [0.5],
    "licence": ["CC-BY-4.0"],
    "limit": [1, 3],
    "locations": ["pit"],
    "method": ["geopolrisk"],
    "milestone": ["opened"],
    "months": [6],
    "on": ["2026-10-01", "1900-01-01", "2027-12-01"],
    "order": ["title", "due", "changed"],
    "organisation": ["nrcan", "first"],
    "overdue": ["true"],
    "overlay": ["prices"],
    "own_network": ["chips"],
    "owner": ["nrcan", "first"],
    "party": ["KOR", "CA-QC", "nrcan"],
    "part_of": ["nrcan", "meti"],
    "place": ["CAN"],
    "place_text": ["CA-QC"],
    "programme": [NONE],
    "project": ["pit"],
    "project_kind": ["mine"],
    "project_rows": ["places"],
    "projects": ["pit"],
    "revision": [1, 2, 3],
    "role": ["editor"],
    "run": [f"run-{0:016x}"],
    "run_kind": ["watch"],
    "run_state": ["done"],
    "rule_set": ["cn-controls-lapsed"],
    "search": ["alpha", "gamma delta", "zirconium"],
    "secret": ["a" * 43],
    "show": ["without"],
    "sides": ["CAN"],
    "since": ["2024-01-01"],
    "sites": ["pit"],
    "source": ["usgs_mcs_2026"],
    "stage": ["mine"],
    "standards": [NONE],
    "standing": ["in_operation"],
    "states": ["open", "overdue"],
    "status": ["construction"],
    "subject": ["CAN/lithium"],
    "table": ["summary"],
    "taking_part": ["nrcan", "first"],
    "thing": ["nickel"],
    "token": ["member"],
    "tower_table": ["steps", "sites", "changes"],
    "until": ["2027-12-31"],
    "link": ["member"],
    "webhook": ["member"],
    "within": [90],
    "year": [2024],
}
#: What a path names, by its first word.
KINDS = {
    "bodies": "body", "contracts": "contract", "decisions": "decision", "drills": "drill", "incidents": "incident",
    "instruments": "instrument", "itineraries": "visit", "notices": "notice", "organisations": "organisation",
    "permit-paths": "permit_path",
}  # fmt: skip
#: Of which kind the ids are that may be given: hidden ones are given too.
NAMED = {
    "activities": "activity", "bodies": "body", "given_by": "organisation", "giver": "organisation", "instrument": "instrument",
    "locations": "location", "organisation": "organisation", "owner": "organisation", "party": "organisation",
    "programme": "programme", "project": "project", "taking_part": "organisation",
    "projects": "project", "sites": "project", "standards": "standard",
}  # fmt: skip
#: Files of all facts: a part of them is asked for.
PARTS = dict.fromkeys(("/exports/claims", "/exports/sdmx-csv"), (("attribute", "mine_production"), ("year", 2022)))
HOW = (
    "tests/route_questions.py does not know how {route} is asked: say in KINDS of which kind the id in its path is, or in "
    "VALUES what is given for {name!r}"
)
Ids = Mapping[str, Sequence[str]]


def read_routes() -> tuple[Route, ...]:
    """Every row of the table that reads."""
    return tuple(route for route in ROUTES if route.method == "GET")


def of_register(route: Route) -> bool:
    """Whether its answer could hang on records at all."""
    return route.asks in {Asks.register, Asks.both}


def questions(route: Route, ids: Ids, *, many: bool = False) -> Iterator[str]:
    """Paths with queries that ask a row: with nothing but what must be given, of each id; and with each thing that may be given.

    ``ids``: by kind the ids to ask about, also hidden ones and ``NONE``; ``many``: with several values of what may be given.
    """
    given = route.given()
    words = vocabulary()
    in_query = {key: words[key].name for key, _ in given.values() if key not in route.in_path}
    lacking = [name for name in (*in_query, *route.in_path) if name not in VALUES and not _of_kind(route, name)]
    assert not lacking, HOW.format(route=f"{route.method} {route.path}", name=lacking[0])
    needed = [(words[key].name, VALUES[key][0]) for key, must in given.values() if must and key not in route.in_path]
    needed += PARTS.get(route.path, ())
    for number, path in enumerate(paths(route, ids)):
        yield _with(path, needed)
        if number:
            continue
        if getattr(route, "tabular", False):
            yield _with(path, [*needed, ("format", "csv")])
        for key, name in in_query.items():
            for value in [*(VALUES[key] if many else VALUES[key][:1]), *ids.get(NAMED.get(key, ""), ())[1:2]]:
                yield _with(path, [*(pair for pair in needed if pair[0] != name), (name, value)])


def _of_kind(route: Route, name: str) -> bool:
    return route.path.startswith("/records/") or (name in {"name", *KINDS.values()} and route.path.split("/")[1] in KINDS)


def paths(route: Route, ids: Ids) -> Iterator[str]:
    """The path of a row for each id that it could name."""
    first = route.path.split("/")[1]
    if route.path.startswith("/records/{kind}/{name}"):
        for kind, names in ids.items():
            yield from (_filled(route, {"kind": kind, "name": name}) for name in names)
    elif first in KINDS and route.in_path:
        (name,) = route.in_path
        yield from (_filled(route, {name: one}) for one in ids.get(KINDS[first], (NONE,)))
    else:
        yield _filled(route, {name: VALUES[name][0] for name in route.in_path})


def _filled(route: Route, names: Mapping[str, str]) -> str:
    return route.path.format(**{key: quote(value, safe=":") for key, value in names.items()})


def _with(path: str, pairs: Sequence[tuple[str, Any]]) -> str:
    return f"{path}?{urlencode(pairs)}" if pairs else path


def changes() -> tuple[Route, ...]:
    """Every row that changes the register or asks it with a body."""
    return tuple(route for route in ROUTES if route.does in {Does.changes, Does.asks} and of_register(route))
