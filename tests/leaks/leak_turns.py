"""A record that its holder hides and shows again, wholly or in part, step after step; and what of these steps somebody is told.

Which steps there are for him is worked out from the words of the labels, apart from ``orepact.store.told``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from leak_drawn import is_of, shown, shows
from leak_people import NOW

from orepact.pact.instruments.commitments import Commitment
from orepact.pact.organisations.engagement import Engagement
from orepact.pact.projects.project import Project
from orepact.pact.records.record import Record
from orepact.store.store import Store

ID, TALKS = "nrcan.red.stock", "first.talks"
BEGIN = datetime(2026, 11, 10, 9, tzinfo=NOW.tzinfo)
#: Fields of sharing, that owners alone are told.
SHARED = ("readers", "opens", "labels", "pools")
LABELS = ("TLP:CLEAR/nrcan", "TLP:GREEN/nrcan", "TLP:AMBER/nrcan", "TLP:AMBER+STRICT/nrcan", "TLP:RED/nrcan")
FIELD_LABELS = ("TLP:AMBER+STRICT/nrcan", "TLP:RED/nrcan")


@dataclass(frozen=True)
class Step:
    """What a record says from a moment on, by whom it was written and why."""

    kind: str
    values: dict[str, Any]
    at: datetime
    why: str

    @property
    def record(self) -> Record:
        """The record."""
        return (Commitment if self.kind == "commitment" else Engagement).model_validate(self.values)


@st.composite
def stocks(draw: st.DrawFn) -> dict[str, Any]:
    """A commitment as it may stand after a step."""
    words = st.sampled_from(["alpha", "beta"])
    readers = st.sampled_from([[], [{"organisation": "meti", "until": None}], [{"person": "ana", "until": None}]])
    return {
        "id": ID, "title": draw(words), "owner": "nrcan", "made": "2026-01", "note": draw(words),
        "due": draw(st.sampled_from([None, "2027-01-31"])), "label": draw(st.sampled_from(LABELS)), "readers": draw(readers),
        "labels": draw(st.dictionaries(st.sampled_from(["note", "due"]), st.sampled_from(FIELD_LABELS), max_size=2)),
        "opens": draw(st.sampled_from([None, None, NOW + timedelta(days=1)])),
    }  # fmt: skip


@st.composite
def talks(draw: st.DrawFn) -> dict[str, Any]:
    """A record of a Nation, hidden or shown."""
    hidden = draw(st.lists(st.booleans(), max_size=3))
    turns = [{"since": NOW.date() - timedelta(days=9 - day), "hidden": one} for day, one in enumerate(hidden)]
    title = draw(st.sampled_from(["alpha", "beta"]))
    return {"id": TALKS, "title": title, "nation": "first", "project": "pit", "label": "TLP:CLEAR", "showing": turns}


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    """Steps of two records, each a minute after the one before and with a reason of its own."""
    drawn = draw(st.lists(st.one_of(stocks(), talks()), min_size=2, max_size=9))
    kinds = ["engagement" if one["id"] == TALKS else "commitment" for one in drawn]
    return [
        Step(kind, one, BEGIN + timedelta(minutes=number), f"step {number}")
        for number, (kind, one) in enumerate(zip(kinds, drawn, strict=True))
    ]  # fmt: skip


def write(store: Store, some: Sequence[Step], last: int) -> None:
    """Write steps at their moments, each as if it were the only one; and after all, up to ``last``, a change of what all see."""
    versions: dict[str, int] = {}
    for step in some:
        with replace(store, clock=lambda step=step: step.at).write(f"by {step.why}", step.why, seeding=True) as unit:  # type: ignore[misc]
            unit.put(step.record, versions.get(step.kind, 0))
        versions.update({kind: number for (kind, _), number in unit.versions.items()})
    pit = Project.model_validate({"id": "pit", "title": "Pit, wider", "project_kind": "mine"})
    with replace(store, clock=lambda: BEGIN + timedelta(minutes=last)).write("ana", "wider", seeding=True) as unit:
        unit.put(pit, 1)


def told(some: Sequence[Step], who: dict[str, Any], now: datetime = NOW) -> list[Step]:
    """The steps that somebody is told, each with what of it is for him: none of a record that is not there for him."""
    found: list[Step] = []
    for kind in ("commitment", "engagement"):
        mine = [step for step in some if step.kind == kind]
        if mine and shows(mine[-1].values, who, now):
            found += _told(mine, who, now)
    return sorted(found, key=lambda step: step.at)


def _told(mine: Sequence[Step], who: dict[str, Any], now: datetime) -> list[Step]:
    today = mine[-1].values.get("labels", {})
    found: list[Step] = []
    for step in mine:
        if not shows(step.values, who, now):
            continue
        seen = shown({**shown(step.values, who), "labels": today}, who) | {"labels": step.values.get("labels", {})}
        said = _said(seen, who)
        if found and said == _said(_without(found[-1].values, step.values.get("labels", {}), who), who):
            continue
        found.append(replace(step, values=seen))
    return found


def _without(values: dict[str, Any], labels: dict[str, str], who: dict[str, Any]) -> dict[str, Any]:
    """What was told before, without what is closed of the next."""
    return {**shown({**values, "labels": labels}, who), "labels": values.get("labels", {})} if labels else values


def _said(values: dict[str, Any], who: dict[str, Any]) -> dict[str, Any]:
    """What somebody is told of a record: with whom it is shared, if he is of its owner; when it was hidden, its Nation."""
    own = is_of(values["label"], who)
    found = {name: value for name, value in values.items() if own or name not in SHARED}
    return found if who["organisation"] == values.get("nation", "") else {k: v for k, v in found.items() if k != "showing"}
