"""Use case of one contract: its versions with term, price and conditions on a day, and what it promised and delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.projects.contracts import Condition, Price, Quantity, Term, Version
    from orepact.service.pact.desk import Where

VERSIONS = ("valid_from", "holds", "quantity", "term", "price", "conditions", "rivals", "text", "confidence")
DELIVERED = ("period", "quantity", "unit", "source", "confidence")


SILENCE = "no delivery is on record: that nothing was delivered is not said by that"
UNTOLD = "what is promised by now cannot be told: the version that holds states no begin, or no amount a year"


def show_contract(name: str, db: Where = None, *, on: str | None = None, makes: float | None = None) -> Result:
    """A contract on a day: a row for each version known by then, the last one holding; what was delivered in ``meta``.

    ``makes``: what the seller's site makes in a year (in t), which turns a share of output into an amount; without it a share
    stays a share, and ``promised`` is None.
    """
    from orepact.pact.dates.days import happened
    from orepact.pact.projects.contracts import Contract, binds, open_conditions
    from orepact.pact.projects.fulfilment import fulfilled

    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Contract, name)
        manifest = manifest_of(store, day)
    stand, now, done = found.standing(day), found.version(day), fulfilled(found, day, output=makes)
    rows = [_version(one, day, holds=one is now) for one in found.versions if happened(one.valid_from, day)]
    known = [one for one in found.deliveries if happened(one.period, day)]
    meta = {
        "title": f"{found.title} ({name}) on {day}: {stand.status.replace('_', ' ')}",
        "state": stand.status,
        "since": stand.since,
        "sellers": [one.organisation or one.name for one in found.sellers],
        "buyers": [one.organisation or one.name for one in found.buyers],
        "commodity": found.commodity or "not stated",
        "binding": {True: "yes", False: "no", None: "not stated"}[found.binding],
        "holds_goods": binds(found, day),
        "open_conditions": [one.text for one in open_conditions(found, day)],
        "promised": done.promised if now and _can_tell(now, makes) else None,
        "delivered": done.delivered if known else None,
        "delivery_unit": done.unit,
        "deliveries": [dict(zip(DELIVERED, (one.period, one.quantity, one.unit, one.source, one.confidence), strict=True))
                       for one in known],
        "note": found.note,
        "manifest": manifest,
        "warnings": [
            *([] if now and _can_tell(now, makes) else [UNTOLD]),
            *([] if known else [SILENCE]),
        ],
    }  # fmt: skip
    data = table(rows, VERSIONS)
    return Result(data, meta, shown=lambda data: data.drop(columns=["confidence"]))


def _can_tell(version: Version, makes: float | None) -> bool:
    """Whether the version that holds says from when on how much is due."""
    from orepact.pact.projects.contracts import yearly

    return version.term.begins is not None and yearly(version, makes)[0] is not None


def _version(one: Version, on: date, *, holds: bool) -> dict[str, Any]:
    return {
        "valid_from": one.valid_from, "holds": holds, "quantity": quantity_words(one.quantity), "term": _term(one.term),
        "price": _price(one.price), "conditions": [_condition(each, on) for each in one.conditions],
        "rivals": [f"{quantity_words(each.quantity)}: {each.reason}" for each in one.rivals], "text": one.text,
        "confidence": one.confidence,
    }  # fmt: skip


def quantity_words(quantity: Quantity | None) -> str:
    """A quantity in words.

    >>> from orepact.pact.projects.contracts import Quantity
    >>> quantity_words(Quantity(basis="share_of_output", amount=0.8)), quantity_words(None)
    ('80% of output', 'not stated')
    """
    if quantity is None:
        return "not stated"
    most = "up to " if quantity.up_to else ""
    if quantity.basis == "share_of_output":
        return f"{most}{quantity.amount:.0%} of output"
    return f"{most}{quantity.amount:,g} {quantity.unit} {'a year' if quantity.basis == 'per_year' else 'in all'}"


def _term(term: Term) -> str:
    parts = [f"from {term.begins}" if term.begins else "", f"to {term.ends}" if term.ends else ""]
    parts += [f"{term.years:g} years" if term.years else "", term.text]
    return ", ".join(part for part in parts if part) or "not stated"


def _price(price: Price | None) -> str:
    if price is None:
        return "not stated"
    named = [("fixed", price.fixed), ("floor", price.floor), ("ceiling", price.ceiling), ("upside", price.upside)]
    parts = [price.index, *(f"{name} {value:g}" for name, value in named if value is not None)]
    unit = "/".join(part for part in (price.currency, price.unit) if part)
    return ", ".join(part for part in (*parts, unit, price.text) if part) or "not public"


def _condition(one: Condition, on: date) -> str:
    from orepact.pact.dates.days import happened

    if one.met_on and happened(one.met_on, on):
        return f"{one.text} (met {one.met_on})"
    if one.failed_on and happened(one.failed_on, on):
        return f"{one.text} (failed {one.failed_on})"
    return f"{one.text} (open{f', due {one.due}' if one.due else ''})"
