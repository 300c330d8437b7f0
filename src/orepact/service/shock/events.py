"""Use cases about events: list the library, show one in words, lay some on a usual week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orepact.service.opening import iso_day
from orepact.service.result import Result
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.events.event import Event

SEA_TARGETS = frozenset({"port", "chokepoint"})
LIST_COLUMNS = ("event", "title", "start", "until", "known_from", "breaks")
SHOWN = ("breaks", "happens", "scope", "start", "until", "confidence", "title")


def list_events() -> Result:
    """Every event of the library: ``event, title, start, until, known_from, breaks``, the oldest first."""
    from orepact.shock.events.reading import load_events, shipped_events
    from orepact.shock.events.words import event_row

    rows = [event_row(event) for event in load_events(list(shipped_events()))]
    data = pd.DataFrame(rows, columns=list(LIST_COLUMNS)).sort_values(["start", "event"], ignore_index=True)
    warnings = [f"the size of many breaks is estimated: {deed('shock.show_event')} says which and why"]
    return Result(data, {"title": f"{len(data)} events", "warnings": warnings})


def show_event(name: str | Path, *, ledger: Ledger | None = None, network: Path | None = None) -> Result:
    """One event of the library, or of a YAML file, in words: a row for each thing that breaks.

    The names in it are looked up in the network package ``network``, or in the reference network of the facts ``ledger`` (see
    ``check_event``); without either they are not.

    ``start`` is that of the first break, with which week 0 of a shock begins.
    Raises ``BadInput`` with every problem of the file, ``NotFound`` with near ids.
    """
    from orepact.shock.events.event import Event
    from orepact.shock.events.timing import end_of, first_day
    from orepact.shock.events.words import break_row, day_words, end_words

    event = Event.load(name)
    asked = network is not None or ledger is not None
    idle = check_event(event, ledger, network) if asked else ()
    data = pd.DataFrame([break_row(event, item) for item in event.breaks])
    meta = {
        "title": f"{event.id}: {event.title}",
        "description": event.description,
        "start": first_day([event]).isoformat(),
        "until": day_words(end_of(event)),
        "known_from": (event.known_from or event.start).isoformat(),
        "end": end_words(event),
        "sources": sources_of([event]),
        "manifest": {"event": event.id, "hash": event.hash},
        "warnings": [*idle, *estimated_words([event])],
    }
    return Result(data, meta, shown=data[list(SHOWN)])


def check_event(event: Event, ledger: Ledger | None, folder: Path | None = None) -> tuple[str, ...]:
    """Raise ``BadInput`` with every name of an event that a network does not know, with the nearest ones.

    Returns what to say of breaks that fit nothing in the network.

    The network is the package in ``folder``, else that of the usual year of the facts ``ledger``. Nothing is solved.
    """
    from orepact.chain import Network, Scenario
    from orepact.service.flowing import REFERENCE, USUAL_YEAR
    from orepact.service.shock.seaways import seaways_of
    from orepact.shock.events.naming import check_names

    if folder is not None:
        return check_names(Network.from_package(folder), [event])
    assert ledger is not None, "the reference network needs facts"
    network = Network.baseline_case(ledger, USUAL_YEAR, Scenario.load(REFERENCE))
    targets = {item.target for item in event.breaks}
    ways = seaways_of(ledger, network) if targets & SEA_TARGETS else None
    return check_names(network, [event], ways=ways, also_known=known_sites(ledger))


def disruption_for(
    case: ShockCase,
    events: Sequence[Event | str | Path],
    *,
    ledger: Ledger | None = None,
    weeks: int = 52,
    start: date | None = None,
) -> Disruption:
    """What events (of the library, of files, or ready made) do to a case over so many weeks.

    ``ledger`` gives the sea ways for passages and ports, and the sites that are known elsewhere; without one, a break of a
    passage or a port is a problem. Raises ``BadInput`` with every problem of every event.
    """
    from dataclasses import replace

    from orepact.service.shock.seaways import seaways_of
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.events.event import Event
    from orepact.shock.events.reading import load_events

    ready = [event for event in events if isinstance(event, Event)]
    loaded = [*ready, *load_events([name for name in events if not isinstance(name, Event)])]
    targets = {item.target for event in loaded for item in event.breaks}
    ways = seaways_of(ledger, case.network) if ledger is not None and targets & SEA_TARGETS else None
    known = known_sites(ledger) if ledger is not None and "site" in targets else frozenset()
    found = Disruption.of(case, loaded, weeks=weeks, start=start, ways=ways, also_known=known)
    return replace(found, warnings=(*found.warnings, *not_yet_known(loaded, ledger), *estimated_words(loaded)))


def known_sites(ledger: Ledger) -> frozenset[str]:
    """Ids of every site that the facts know, whether or not it stands in a network."""
    subjects = ledger.select(attribute="runs_process")["subject"]
    return frozenset(str(subject).removeprefix("site:") for subject in subjects if str(subject).startswith("site:"))


def not_yet_known(events: Sequence[Event], ledger: Ledger | None) -> list[str]:
    """A warning for each event that was not known on the day on which the facts are asked."""
    day = iso_day(ledger.view.day) if ledger is not None else ""
    known = {event.id: event.known_from or event.start for event in events}
    return [f"{name} became known on {when}, after {day}" for name, when in known.items() if day and when.isoformat() > day]


def estimated_words(events: Sequence[Event]) -> list[str]:
    """A warning for each event with breaks whose size no source states, and for sources that were not read."""
    out = []
    for event in events:
        for confidence in ("derived", "estimated", "unverified"):
            count = sum(item.confidence == confidence for item in event.breaks)
            if count and confidence != "derived":
                out.append(f"{event.id}: the size of {count} of {len(event.breaks)} breaks is {confidence}")
        recalled = [source.title for source in event.sources if not source.verified]
        if recalled:
            out.append(f"{event.id}: recalled, not read: {'; '.join(recalled)}")
    return out


def sources_of(events: Sequence[Event]) -> list[dict[str, object]]:
    """The sources behind some events, as other replies list them; those that are rules of law say which."""
    from orepact.facts.rules import RuleBook

    rules = RuleBook.shipped().rules
    rows: dict[str, dict[str, object]] = {}
    for source in (source for event in events for source in event.sources):
        rule = rules.get(source.title)
        title = f"{rule.instrument}, {rule.provision}" if rule is not None else source.title
        rows[source.title] = {
            "source": source.title if rule is not None else source.address or source.title,
            "title": title,
            "address": source.address or (rule.source if rule is not None else ""),
            "edition": source.date,
            "confidence": ["reported" if source.verified else "unverified"],
        }
    return list(rows.values())
