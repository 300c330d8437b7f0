"""An event in words: what breaks, how much of it, within which scope, from when and until when."""

from __future__ import annotations

from datetime import date

from orepact.shock.events.coherence import NARROWING, describe, effect_words
from orepact.shock.events.event import Break, Event
from orepact.shock.events.timing import days_of, end_of

SCOPE_WORDS = {
    "commodities": "of",
    "places": "at",
    "origins": "from",
    "destinations": "to",
    "around": "also avoiding",
}


def happens(item: Break) -> str:
    """What happens to the target, in short words; of a rule without an effect of its own, what the rule says."""
    return "as the rule says" if item.target == "rule" and not item.named_effects else effect_words(item)


def scope_words(item: Break) -> str:
    """How a break is narrowed, in words; "" for everything.

    >>> scope_words(Break(commodity=("ore",), exports=True, origins=("AAA", "BBB"), share_left=0))
    'exports, from AAA, BBB'
    """
    parts = ["exports"] if item.exports and item.target != "rule" else []
    parts += [
        f"{SCOPE_WORDS[key]} {', '.join(getattr(item, key))}" for key in NARROWING if key != "exports" and getattr(item, key)
    ]
    if item.target == "rule":
        parts += [f"suspension {item.branch}"] if item.branch != "extended" else []
        parts += ["with what it covers in part"] if item.also_maybe else []
    return ", ".join(parts)


def break_row(event: Event, item: Break) -> dict[str, str]:
    """One row of a table: ``breaks, happens, scope, start, until, confidence, title, note``."""
    start, end = days_of(event, item)
    return {
        "breaks": describe(item),
        "happens": happens(item),
        "scope": scope_words(item),
        "start": start.isoformat(),
        "until": day_words(end),
        "confidence": item.confidence,
        "title": item.title,
        "note": item.note,
    }


def event_row(event: Event) -> dict[str, str]:
    """One row of the list of events: ``event, title, start, until, known_from, breaks``."""
    targets = dict.fromkeys(describe(item) for item in event.breaks)
    return {
        "event": event.id,
        "title": event.title,
        "start": event.start.isoformat(),
        "until": day_words(end_of(event)),
        "known_from": (event.known_from or event.start).isoformat(),
        "breaks": "; ".join(targets),
    }


def day_words(day: date | None) -> str:
    """A day in ISO form, or ``not known``."""
    return "not known" if day is None else day.isoformat()


def end_words(event: Event) -> str:
    """What those who are hit know of the end."""
    if event.end_announced:
        return "the end is announced from the start"
    if event.end_known_from is not None:
        return f"the end is known from {event.end_known_from}"
    return "nobody knows the end before it comes"
