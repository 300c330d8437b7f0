"""The register that comes with the package, with what it has no records of, and with hidden records of every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from leak_people import NOW

from orepact.errors import BadInput
from orepact.pact.decisions.decision import AidChoice
from orepact.pact.records.kinds import kinds
from orepact.pact.records.readers import Reader
from orepact.pact.records.reading import seed
from orepact.pact.records.record import Record
from orepact.store.store import Store
from pact_incidents import KOREA_2023, PEOPLE, assessment, decision, incident, key
from pact_real import MOC

ON = NOW.date().isoformat()
MADE = datetime(2026, 11, 1, tzinfo=UTC)
#: Of so many kinds no record like another can be made by changing its id alone.
FEW = 3
ANYBODY = Reader(now=NOW)
MEMBER = Reader.holding("meti", community=True, now=NOW)
STEWARD = Reader.holding("nrcan", roles=["steward"], community=True, now=NOW)


def played() -> list[Record]:
    """An incident with all that followed, a drill, a notice: the package has none of these."""
    choice = {"what": "aid", "incident": "moa", "assessment": "moa-1", "option": "stockpiles"}
    keys = [
        key("CAN", "nrcan", "ana", "2026-03-07T00:00Z"), key("JPN", "meti", "emi", "2026-03-09T00:00Z")
    ]  # fmt: skip
    inject = {"id": "stop", "at_hours": 0, "text": "Mining stops", "expected": "Tell", "of": ["nrcan"], "within_hours": 4}
    values: list[tuple[str, dict[str, Any]]] = [
        ("delivery", {"id": "cobalt", "title": "Cobalt", "decision": "moa-stocks", "by": "meti", "to": "nrcan",
                      "what": "cobalt", "quantity": 40, "unit": "t", "due": "2026-04-30"}),
        ("review", {"id": "moa-back", "title": "Looking back", "incident": "moa", "held_on": "2026-06-01", "by": ["nrcan"],
                    "interim": True}),
        ("drill", {"id": "drill", "title": "A drill", "incident": "practice", "started_at": "2026-10-01T12:00Z",
                   "injects": [inject]}),
        ("notice", {"id": "change-of-seat", "title": "A change", "instrument": MOC, "sender": "meti", "to": ["nrcan", "gac"],
                    "sent_at": "2026-03-02T09:00+09:00", "days": 15}),
        ("end_notice", {"id": "end-later", "title": "The end", "instrument": KOREA_2023, "organisation": "motir",
                        "given_on": "2026-10-01"}),
    ]  # fmt: skip
    asked = decision(subject=AidChoice.model_validate(choice)).model_copy(update={"keys": tuple(keys)})
    found: list[Record] = [
        *PEOPLE, incident(), assessment(), asked, incident(id="practice", drill=True, request=None)
    ]  # fmt: skip
    return found + [kinds()[kind].model_validate(fields) for kind, fields in values]


@cache
def register() -> Mapping[tuple[str, str], Record]:
    """The records of the package, and those of which it has no kind."""
    return {**seed().records, **{(item.kind, item.id): item for item in played()}}


def first(kind: str) -> str:
    """The first id of a kind in the register."""
    return next((name for what, name in sorted(register()) if what == kind), "nothing")


def seen_kinds() -> list[str]:
    """Kinds of which the register has records."""
    return sorted({kind for kind, _ in register()})


def hidden(records: Mapping[tuple[str, str], Record]) -> Iterator[Record]:
    """Of every kind a record like one that is there, closed in one of four ways."""
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    ways: list[dict[str, Any]] = [
        {"label": "TLP:RED/nrcan"}, {"label": "TLP:AMBER/nrcan", "readers": [{"organisation": "meti"}]}, {"label": "TLP:GREEN"},
        {"label": "TLP:CLEAR/nrcan", "opens": tomorrow},
    ]  # fmt: skip
    done: dict[str, int] = {}
    for (kind, name), item in sorted(records.items()):
        number = done.get(kind, 0)
        if number < len(ways):
            listed, code, rest = name.rpartition(":")
            text = json.dumps(item.content()).replace(f'"{name}:', f'"nrcan.{name}:')  # its articles have its name in theirs
            closed = ways[number] if kind != "engagement" else {"label": "TLP:CLEAR", "showing": [{"since": ON, "hidden": True}]}
            content = {**json.loads(text), "id": f"{listed}{code}nrcan.{rest}", **closed}
            done[kind] = number + 1
            yield type(item).model_validate(content)


def put(store: Store, item: Record) -> bool:
    """Keep a record, if the register takes it."""
    try:
        with store.write("ana", "hidden", seeding=True) as unit:
            unit.put(item)
    except BadInput:
        return False
    return True
