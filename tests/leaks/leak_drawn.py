"""Records with any sharing, drawn at random, and a plain filter over them: who may see which, and what of it.

The filter is worked out from the words of the labels, apart from ``orepact.pact.records.readers``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from leak_people import NOW
from leak_worlds import ORGANISATIONS

from orepact.pact.instruments.commitments import Commitment
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.organisations.engagement import Engagement
from orepact.pact.records.codes import Code
from orepact.pact.records.record import Record

#: An instrument, so that there is a board.
BOARD: list[Record] = [
    Code(id="chapter:x", title="X", list="chapter"), Code(id="instrument_kind:x", title="X", list="instrument_kind"),
    Instrument.model_validate({
        "id": "pact", "title": "P", "instrument_kind": "x",
        "articles": [{"id": f"pact:{number}", "ref": str(number), "chapter": "x", "text": "They work."} for number in (1, 2)],
    }),
]  # fmt: skip
DAY = timedelta(days=1)
CLOSED = ("TLP:AMBER/{}", "TLP:AMBER+STRICT/{}", "TLP:RED/{}", "TLP:CLEAR/{}", "TLP:GREEN/{}")
owners = st.sampled_from(ORGANISATIONS)
closed = st.builds(lambda text, owner: text.format(owner), st.sampled_from(CLOSED), owners)
named = st.builds(
    lambda who, until, export: {**who, "until": until, "export": export},
    st.sampled_from([{"organisation": "meti"}, {"organisation": "nrcan"}, {"person": "ana"}, {"person": "cho"}]),
    st.sampled_from([None, NOW.date(), NOW.date() - DAY]),
    st.booleans(),
)
words = st.sampled_from(["alpha", "beta", "gamma delta"])


@st.composite
def commitments(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A commitment with any sharing."""
    values: dict[str, Any] = {
        "id": f"c{number}", "title": draw(words), "owner": draw(owners), "made": "2026-01", "projects": ["pit"],
        "due": draw(st.sampled_from([None, "2026-10-01", "2027-01-31"])), "note": draw(words),
        "instrument": "pact", "articles": draw(st.lists(st.sampled_from(["pact:1", "pact:2"]), max_size=2, unique=True)),
        "label": draw(st.one_of(st.sampled_from(["TLP:CLEAR", "TLP:GREEN"]), closed)),
    }  # fmt: skip
    if "/" in values["label"]:
        values["readers"] = draw(st.lists(named, max_size=2))
        values["opens"] = draw(st.sampled_from([None, NOW, NOW - DAY, NOW + DAY]))
        values["labels"] = draw(st.dictionaries(st.sampled_from(["note", "due", "projects", "articles"]), closed, max_size=2))
        if "articles" in values["labels"]:  # they name it too
            values["labels"]["instrument"] = values["labels"]["articles"]
    return values


@st.composite
def engagements(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """A Nation's record, hidden or shown since some day."""
    turns = draw(st.lists(st.tuples(st.sampled_from([-30, -1, 0, 1]), st.booleans()), max_size=2))
    return {
        "id": f"e{number}", "title": draw(words), "nation": "first", "project": "pit",
        "label": draw(st.sampled_from(["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER/first"])),
        "showing": [{"since": NOW.date() + DAY * days, "hidden": hidden} for days, hidden in turns],
    }  # fmt: skip


def sees(label: str, who: dict[str, Any], mine: bool) -> bool:
    """Whether a label by itself is for somebody."""
    level, owner = label.removeprefix("TLP:").partition("/")[::2]
    if level == "CLEAR":
        return True
    if level == "GREEN":
        return mine or bool(who["community"])
    if level == "RED":
        return mine and "steward" in who["roles"]
    return mine or (level == "AMBER" and owner in who["client_of"])


def is_of(label: str, who: dict[str, Any]) -> bool:
    """Whether somebody is of the owner of a label."""
    return bool(who["organisation"]) and label.endswith(f"/{who['organisation']}")


def shows(values: dict[str, Any], who: dict[str, Any], now: datetime = NOW) -> bool:
    """The oracle: whether a record is there for somebody at a moment; of what is asked over HTTP, at the begin of the minute."""
    label, mine = values["label"], is_of(values["label"], who)
    hidden = False
    for one in sorted(values.get("showing", ()), key=lambda one: one["since"]):
        if one["since"] <= now.date():
            hidden = one["hidden"]
    if hidden:
        return who["organisation"] == values["nation"] and ("RED" not in label or "steward" in who["roles"])
    before = values.get("opens") is not None and values["opens"] > now
    own = ("RED" not in label or "steward" in who["roles"]) if mine else (sees(label, who, mine=False) and not before)
    return own or (bool(names_of(values, who, now)) and not before)


def names_of(values: dict[str, Any], who: dict[str, Any], now: datetime) -> list[dict[str, Any]]:
    """By what somebody is named in a record on the day; in what is red only persons can be."""
    lasting = [one for one in values.get("readers", ()) if one["until"] is None or one["until"] >= now.date()]
    fields = ("person",) if "RED" in values["label"] else ("organisation", "person")
    return [one for one in lasting if any(who[field] and one.get(field) == who[field] for field in fields)]


def takes(values: dict[str, Any], who: dict[str, Any], now: datetime = NOW) -> bool:
    """Whether somebody may take a record out of the register: what is open or his own, or what its owner lets him take."""
    if not shows(values, {**who, "client_of": []}, now):
        return False
    label = values["label"]
    return (
        ("AMBER" not in label and "RED" not in label)
        or is_of(label, who)
        or any(one["export"] for one in names_of(values, who, now))
    )


def shown(values: dict[str, Any], who: dict[str, Any]) -> dict[str, Any]:
    """A record without the fields that are labelled against somebody."""
    usual = {"note": "", "due": None, "projects": (), "articles": (), "instrument": None}
    against = [path for path, label in values.get("labels", {}).items() if not sees(label, who, is_of(label, who))]
    return {**values, **{path: usual[path] for path in against}}


def made(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[Record]:
    """The records themselves."""
    return [*map(Commitment.model_validate, first), *map(Engagement.model_validate, second)]
