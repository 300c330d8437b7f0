"""What is sent with each change, with places for the ids that it names: ``<kind>``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leak_register import register

from orepact.web.api.routes import Does, Route
from pact_incidents import ANSWERS
from pact_real import MOC
from route_questions import NONE, paths

WHY = {"reason": "a test"}
DUE = {"due": "2026-12-31", **WHY}
ABOUT = {"kind": "commitment", "id": "meti.new", "title": "New", "owner": "meti", "made": "2026-01", "label": "TLP:AMBER/meti"}
NAMING: tuple[dict[str, Any], ...] = (
    {**ABOUT, "projects": ["<project>"]},
    {**ABOUT, "instrument": "<instrument>"},
    {**ABOUT, "projects": ["<project>"], "readers": [{"organisation": "<organisation>"}]},
    {**ABOUT, "projects": ["<project>"], "readers": [{"person": "<person>"}]},
    {**ABOUT, "projects": ["<project>"], "readers": [{"body": "<body>"}]},
    {"kind": "delivery", "id": "meti.given", "title": "Given", "decision": "<decision>", "by": "meti", "to": "nrcan", "what": "x",
     "due": "2026-12", "label": "TLP:AMBER/meti"},
    {**ABOUT, "id": "<commitment>"},
    {**ABOUT, "id": "<commitment>", "label": "TLP:CLEAR"},
    {"kind": "project", "id": "<project>", "title": "Mine", "project_kind": "mine"},
)  # fmt: skip
#: By the id of a route. What has several forms is sent in each.
BODIES: Mapping[str, Sequence[dict[str, Any]]] = {
    "post_records": [{"records": [one], **WHY} for one in NAMING]
    + [{"records": [NAMING[6]], "versions": {"commitment/<commitment>": 1}, **WHY}],
    "post_records_check": [{"records": [one], **WHY} for one in NAMING],
    "put_records_kind_name": [],  # each kind with what a record of it holds
    "put_records_kind_name_sharing": [{"label": "TLP:CLEAR", **WHY}, {"readers": [{"organisation": "meti"}], **WHY}],
    "post_gate": [{"dataset": "stocks", "organisation": "<organisation>"}, {"dataset": "<instrument>", "organisation": "nrcan"}],
    "post_matches": [{"gaps": [{"buyer": "<organisation>", "commodity": "lithium_hydroxide", "quantity": 1000, "year": 2027}]}],
    "post_programmes_ask": [{"facts": {"place": "CAN"}, "programmes": ["<programme>"]},
                            {"facts": {"place": "CAN"}, "claimed": ["<programme>"]}, {"facts": {"place": "CAN"}}],
    "post_programmes_stack": [{"programmes": ["<programme>"], "year": 2026}],
    "post_incidents": [{"id": "meti.i", "instrument": "<instrument>", "title": "T", **WHY},
                       {"id": "<incident>", "instrument": MOC, "title": "T", **WHY}],
    "post_incidents_name_request": [{"request": {"by": "meti", "asked": ["nrcan"], "sent_at": "2026-03-02T16:00-05:00",
                                                 "received_at": "2026-03-03T00:30Z", "answers": ANSWERS}, **WHY}],
    "post_incidents_name_meeting": [{"on": "2026-03-10", "mode": "virtual", **WHY}],
    "post_incidents_name_close": [{"on": "2026-06-01", **WHY}],
    "post_incidents_incident_review": [{"id": "meti.r", "title": "T", "held_on": "2026-06-15", "by": ["meti"], **WHY}],
    "post_decisions": [
        {"id": "meti.d", "title": "T", "instrument": "<instrument>", "subject": {"what": "amendment", "amendment": "x"}, **WHY},
        {"id": "meti.d", "title": "T", "subject": {"what": "amendment", "amendment": "<amendment>"}, **WHY},
        {"id": "meti.d", "title": "T", "supersedes": "<decision>", **WHY,
         "subject": {"what": "aid", "incident": "<incident>", "assessment": "<assessment>", "option": "none"}},
    ],
    "post_decisions_aid": [{"id": "meti.d", "incident": "<incident>", "option": "none", **WHY},
                           {"id": "<decision>", "incident": "moa", "option": "none", **WHY}],
    "post_decisions_name_keys": [{"side": "JPN", "verdict": "approve", **WHY}],
    "post_decisions_name_carry-out": [WHY],
    "post_deliveries": [{"id": "meti.x", "decision": "<decision>", "to": "nrcan", "what": "Cobalt", **DUE},
                        {"id": "meti.x", "decision": "moa-stocks", "to": "<organisation>", "what": "C", **DUE},
                        {"id": "<delivery>", "decision": "moa-stocks", "to": "nrcan", "what": "C", **DUE}],
    "post_deliveries_name_arrivals": [{"on": "2026-04-20", "quantity": 1, **WHY}],
    "post_notices": [{"id": "meti.n", "instrument": "<instrument>", "to": ["nrcan"], "title": "T", **WHY},
                     {"id": "meti.n", "instrument": MOC, "to": ["<organisation>"], "title": "T", **WHY},
                     {"id": "<notice>", "instrument": MOC, "to": ["nrcan"], "title": "T", **WHY}],
    "post_notices_name_acknowledgements": [WHY],
    "post_drills_name_start": [WHY],
    "post_drills_name_end": [WHY],
    "post_drills_name_actions": [{"inject": "stop", "text": "Told them"}],
    "post_drills_name_findings": [{"text": "Tell sooner", **WHY}],
}  # fmt: skip
KIND = re.compile(r"<([a-z_]+)>")
#: What a path names, where its first word is not the name of a list of one kind.
IN_PATH = {"incidents": "incident", "decisions": "decision", "deliveries": "delivery", "notices": "notice", "drills": "drill"}
VERSIONS = ({"if-match": '"1-0000000000000000"'}, {"if-match": '"2-0000000000000000"'}, {"if-none-match": "*"}, {})


@dataclass(frozen=True)
class Sending:
    """A change as it is sent; ``changes``: whether it is one, not a question."""

    path: str
    body: Any
    changes: bool
    fields: Mapping[str, str] = field(default_factory=dict)


def sendings(route: Route, ids: Mapping[str, Sequence[str]]) -> Iterator[Sending]:
    """A row asked with what is hidden, in its path or in one place of what is sent, and with everything else open to all."""
    changes = route.does is Does.changes
    if route.path.startswith("/records/{kind}/{name}"):
        yield from _of_records(route, ids)
        return
    place = IN_PATH.get(route.path.split("/")[1]) if route.in_path else None
    assert place or not route.in_path, f"say in tests/leaks/leak_sending.py, IN_PATH, of which kind the id in {route.path} is"
    for body in BODIES[route.id]:
        for name in ids[place][1:] if place else ():
            path = next(paths_named(route, name))
            yield Sending(path, _filled(body, ids, None), changes)
        for kind in sorted(set(KIND.findall(json.dumps(body)))):
            path = next(paths_named(route, ids[place][0])) if place else route.path
            if len(ids.get(kind, ())) > 2:
                yield Sending(path, _filled(body, ids, kind), changes)
        if not changes:
            yield Sending(route.path, _filled(body, ids, None), changes)


def paths_named(route: Route, name: str) -> Iterator[str]:
    """The path of a row with one id in it."""
    yield route.path.format(**dict.fromkeys(route.in_path, name))


def _filled(body: Any, ids: Mapping[str, Sequence[str]], hidden: str | None) -> Any:
    """A body in which the places of one kind name what is hidden, the others what all see."""
    known = KIND.sub(lambda found: ids.get(found[1], (NONE,))[1 if found[1] == hidden else 0], json.dumps(body))
    return json.loads(known)


def _of_records(route: Route, ids: Mapping[str, Sequence[str]]) -> Iterator[Sending]:
    """Records of every kind put in the place of a hidden one, or shared."""
    bodies = BODIES[route.id]
    for kind, names in ids.items():
        if len(names) < 3:
            continue
        own = {key: value for key, value in register()[kind, names[0]].content().items() if key != "id"}
        for path in paths(route, {kind: [names[1]]}):
            for body in bodies or [{"record": own, **WHY}]:
                for fields in VERSIONS if kind == "project" else VERSIONS[:3:2]:
                    yield Sending(path, body, True, fields)
