"""An event of one's own as a form asks for it: one thing that breaks, how much of it, when, for how long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.report.sentences import sentence

if TYPE_CHECKING:
    from orepact.shock.events.event import Event

#: What may break, and what is done to it.
TARGETS = {
    "commodity": sentence("A good: what is made or sent of it"),
    "place": sentence("All plants at a place"),
    "site": sentence("Plants by id"),
    "owner": sentence("Plants of an owner"),
    "route": sentence("Routes, ORIGIN>DESTINATION/good"),
    "port": sentence("A port"),
    "chokepoint": sentence("A sea passage"),
    "rule": sentence("A rule of law comes into force"),
    "demand": sentence("Demand for a good"),
    "price": sentence("Price of a good"),
    "stock": sentence("Stocks of a good"),
}
EFFECTS = {
    "share_left": sentence("Share of the usual that is left (0 to 1)"),
    "lost_share": sentence("Share of the usual that is lost (0 to 1)"),
    "factor": sentence("Multiple of the usual (demand and price)"),
    "tariff": sentence("Duty goes up by (0.25 is 25 points)"),
    "quota": sentence("Quota: so much in each period"),
}
PERIODS = {
    "week": sentence("a week"),
    "month": sentence("a month"),
    "quarter": sentence("a quarter"),
    "year": sentence("a year"),
    "duration": sentence("in all"),
}
#: Names in a row, apart by commas or lines.
LISTS = ("names", "origins", "destinations", "commodities", "places")
#: Effects that are shares.
SHARES = ("share_left", "lost_share")
#: Where a problem of an event stands in the form.
FIELDS = {**dict.fromkeys(TARGETS, "names"), **dict.fromkeys(EFFECTS, "amount"), "quantity": "amount", "rate_change": "amount"}


def listed(text: str) -> list[str]:
    """Names that were typed, apart by commas, semicolons or lines.

    >>> listed("KOR, JPN; CAN")
    ['KOR', 'JPN', 'CAN']
    """
    return [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]


def content_of(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The content of an event file that a form makes; what was left empty is left out."""
    effect = typed.get("effect") or ""
    amount = typed.get("amount")
    item: dict[str, Any] = {str(typed.get("target")): listed(str(typed.get("names") or ""))}
    if amount is not None and effect == "quota":
        item["quota"] = {"quantity": amount, "unit": typed.get("unit") or "", "per": typed.get("per") or "year"}
    elif amount is not None and effect == "tariff":
        item["tariff"] = {"rate_change": amount}
    elif amount is not None and effect:
        item[effect] = amount
    item |= {name: found for name in LISTS[1:] if (found := listed(str(typed.get(name) or "")))}
    if typed.get("exports"):
        item["exports"] = True
    title = str(typed.get("title") or "")
    event = {
        "id": own_id(title),
        "title": title,
        "description": typed.get("description") or "",
        "start": typed.get("start"),
        "breaks": [item],
    }
    event |= {"weeks": typed["weeks"] if typed.get("weeks") else "unknown", "end_announced": bool(typed.get("end_announced"))}
    return event


def own_id(title: str) -> str:
    """An id made of a title.

    >>> own_id("Nickel: no ore for 8 weeks!"), own_id("黒鉛")
    ('own_nickel_no_ore_for_8_weeks', 'own_event')
    """
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:60]
    return f"own_{words or 'event'}"


def event_of(typed: Mapping[str, Any]) -> Event:
    """The event that a form describes; raises ``BadInput`` with every problem at the field of the form where it is mended."""
    from orepact.shock.events.event import Event

    try:
        return Event.from_mapping(content_of(typed), "event")
    except BadInput as error:
        raise BadInput(at_fields(error.problems, typed)) from error


def at_fields(problems: Iterable[Problem], known: Iterable[str]) -> list[Problem]:
    """Problems of an event, each with the field of the form."""
    names = {*known, *LISTS, "amount", "effect", "target", "weeks", "start", "title"}
    return [replace(_in_words(one), column=_field(one.column, names)) for one in problems]


def _in_words(problem: Problem) -> Problem:
    """A problem of a share in the words of the form, which knows no names of an event file."""
    if problem.column.rpartition(".")[2] not in SHARES:
        return problem
    return replace(
        problem, expected="a share from 0 to 1, such as 0.5 for half", mend="write the share, or choose another effect"
    )


def _field(place: str, names: set[str]) -> str:
    parts = [part for part in re.split(r"[.\s\[\],]", place) if part and not part.isdigit()]
    for part in reversed(parts):
        if part in FIELDS or part in names:
            return FIELDS.get(part, part)
    return "effect" if "breaks" in parts else "form"
