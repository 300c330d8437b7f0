"""Records for tests of incidents: the shipped instruments, invented people, and an assessment of plain values."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from orepact.chain.manifest import hash_value
from orepact.pact.decisions.decision import AidChoice, Decision, Key, NewCode, holders_of
from orepact.pact.decisions.keys import turned
from orepact.pact.incidents.assessments import Assessment
from orepact.pact.incidents.incident import Incident
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.organisations.people import Person, Term
from orepact.pact.records.reading import seed
from orepact.pact.records.register import Register

MOC, KOREA_2023 = "ca-jp-moc-battery-2023", "ca-kr-mou-minerals-2023"
EVENT = json.dumps({"id": "moa_stop_2026", "title": "Moa stops", "start": "2026-02-24"}, sort_keys=True)
EVENT_HASH = hashlib.sha256(EVENT.encode()).hexdigest()
MANIFEST = {"network_hash": "n1", "as_of": "2026-02-28", "weeks": 52, "events": {"moa_stop_2026": EVENT_HASH}}
#: Options as the shock engine ranks them: most save nothing, one saves what cannot be told from nothing.
AID = [
    {"option": "pact", "title": "All of it together", "net_saving_usd": 0.4, "saved_usd": 0.4, "cost_usd": 0.0},
    {"option": "stockpiles", "title": "Public stocks are released", "net_saving_usd": 0.0, "saved_usd": 0.0, "cost_usd": 0.0},
]
ANSWERS = {
    "impact": "Nickel and cobalt of the refinery in Alberta, if feed ends in mid-April",
    "cause": "No deliveries of fuel to Moa",
    "duration": "Nobody knows",
    "sectors": "Refining of nickel and cobalt",
    "measures": "Feed in stock is stretched",
    "help": "Other feed of mixed sulphides, and cobalt from stocks",
}
EVERY_FIELD = sorted(ANSWERS)


def person(name: str, organisation: str, **term: Any) -> Person:
    """Somebody invented who works somewhere, from 2020 on unless said otherwise."""
    held = {"valid_from": "2020-01-01", **term}
    return Person(id=name, title=name.title(), terms=(Term(role="Officer", organisation=organisation, **held),))


PEOPLE = [
    *(person("ana", "nrcan"), person("ben", "ised"), person("emi", "meti"), person("fumi", "mofa-jp"), person("cho", "gac")),
    person("han", "motir"),
]


def world(*more: Any) -> Register:
    """The shipped register, with invented people and these records."""
    return seed().plus([*PEOPLE, *more])


def key(side: str, organisation: str, hand: str, at: str, verdict: str = "approve", *, reason: str = "it helps") -> Key:
    """A key turned."""
    return Key.model_validate(
        {"side": side, "organisation": organisation, "person": hand, "verdict": verdict, "reason": reason, "given_at": at}
    )


def incident(**changes: Any) -> Incident:
    """The stop of Moa with an alert and a request of Canada, received on 3 March 2026."""
    fields: dict[str, Any] = {
        "id": "moa",
        "title": "Moa stops",
        "instrument": MOC,
        "article": f"{MOC}:area-2-c-ii",
        "event": {"id": "moa_stop_2026", "title": "Moa stops", "known_from": "2026-02-17"},
        "alert": {"place": "CAN", "commodity": "mixed_hydroxide_precipitate", "level": "caution", "on": "2026-02-28"},
        "request": request(),
    }
    return Incident.opened(world(), **{**fields, **changes})


def request(**changes: Any) -> dict[str, Any]:
    """What Canada asks of Japan."""
    return {
        "by": "nrcan",
        "asked": ["meti", "mofa-jp"],
        "sent_at": "2026-03-02T16:00-05:00",
        "received_at": "2026-03-03T00:30Z",
        "answers": ANSWERS,
        **changes,
    }


def assessment(**changes: Any) -> Assessment:
    """An assessment of the incident, of plain values."""
    fields: dict[str, Any] = {
        "id": "moa-1",
        "title": "First assessment",
        "incident": "moa",
        "made_at": "2026-03-05T12:00Z",
        "made_by": "nrcan",
        "manifest": MANIFEST,
        "events": [{"id": "moa_stop_2026", "title": "Moa stops", "text": EVENT, "hash": EVENT_HASH}],
        "losses": [
            {"party": "all", "response": "market", "loss_usd": 0.0},
            {"party": "all", "response": "contracts", "loss_usd": 3e6},
        ],
        "aid": AID,
        "warnings": ["contracts: nobody lives like that"],
        **changes,
    }
    return Assessment.sealed(**{"manifest_hash": hash_value(fields["manifest"]), **fields})


def decision(subject: Any = None, **changes: Any) -> Decision:
    """A decision that Canada asks of both sides of the memorandum with Japan: public stocks, unless said otherwise."""
    instrument = str(changes.get("instrument", MOC))
    quorum = changes.get("quorum", "each_side")
    chosen = subject or AidChoice(what="aid", incident="moa", assessment="moa-1", option="stockpiles")
    fields: dict[str, Any] = {
        "id": "moa-stocks",
        "title": "Release stocks",
        "instrument": instrument,
        "subject": chosen,
        "asked_at": "2026-03-06T00:00Z",
        "asked_by": "nrcan",
        **changes,
    }
    asked = Decision.model_validate({**fields, "holders": fields.get("holders", ())})
    held = holders_of(seed().get(Instrument, instrument), seed(), quorum, asked.day_of(asked.asked_at))
    return asked if "holders" in fields else asked.model_copy(update={"holders": held})


def with_keys(asked: Decision, register: Register, *keys: Key) -> Decision:
    """The decision with these keys turned one after the other."""
    for each in keys:
        asked = turned(asked, each, register)
    return asked


def proposal(**code: Any) -> NewCode:
    """A proposal of a new entry of a list."""
    return NewCode.model_validate({"what": "code", "code": code})
