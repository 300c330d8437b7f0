"""Use cases of one instrument: what it says of itself on a day, how it ends, what outlives the end, what it opens to whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import asked, manifest_of
from orepact.service.pact.telling import table, titled
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.instruments.ending import NoticePeriod
    from orepact.pact.instruments.instrument import Instrument
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

LINES = ("section", "what", "who", "day", "words", "confidence")
CLOCKS = ("organisation", "given_on", "asked", "ends_on", "days_left", "short_days", "words", "supposed")
SHARED = ("sharing", "title", "given_by", "given_to", "shared_on", "label", "protected", "because")
BINDING = {True: "legally binding", False: "not legally binding", None: "whether it binds is not stated"}


def show_instrument(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """An instrument on a day: parties, signatures and witnesses, its start with rival dates, changes, ties, children.

    Every line says its ``section``; articles stand in ``list_articles``. Raises ``NotFound`` for an instrument not there.
    """
    from orepact.pact.instruments.ending import standing
    from orepact.pact.instruments.instrument import Instrument

    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Instrument, name)
        stand = standing(found, register, day)
        rows = [*_parties(found, day), *_signed(found, day), *_start(found, day), *_changed(found, register, day),
                *_tied(found, register, day)]  # fmt: skip
        manifest = manifest_of(store, day)
    meta = {
        "title": f"{found.title} ({name}) on {day}: {stand.stage.replace('_', ' ')}",
        "state": stand.stage,
        "since": stand.since,
        "until": stand.until.isoformat() if stand.until else "",
        "because": stand.because,
        "binding": BINDING[found.binding] + (f" ({found.binding_confidence})" if found.binding is not None else ""),
        "texts": [f"{one.language}: {one.url}" for one in found.versions],
        "not_known": list(found.unknowns),
        "sources": [],
        "manifest": manifest,
    }
    return Result(table(rows, LINES), meta)


def _line(*values: str | None) -> dict[str, Any]:
    """A line of these values in the order of the columns; what is left out is empty."""
    return dict(zip(LINES, (value or "" for value in (*values, *[""] * (len(LINES) - len(values)))), strict=True))


def _parties(found: Instrument, on: date) -> Iterator[dict[str, Any]]:
    for party in found.parties:
        if party.holds_on(on):
            contact = "notices go to it" if party.contact else ""
            yield _line("party", f"{party.role} for {party.side}", party.organisation, party.valid_from, contact)


def _signed(found: Instrument, on: date) -> Iterator[dict[str, Any]]:
    from orepact.pact.dates.days import happened

    for one in found.signatures:
        if happened(one.day, on):
            who = f"{one.person} ({one.organisation})" if one.person else one.organisation
            yield _line("signature", one.capacity, who, one.day, "; ".join(filter(None, (one.place, one.note))), one.confidence)


def _start(found: Instrument, on: date) -> Iterator[dict[str, Any]]:
    from orepact.pact.instruments.operation import start

    begun = start(found, on)
    yield _line("start", "starts to work", ", ".join(begun.waiting), begun.day, begun.because, "derived")
    for claim in begun.rivals:
        yield _line("start", f"rival date of {claim.of}", "", claim.day, claim.why, "not taken")


def _changed(found: Instrument, register: Register, on: date) -> Iterator[dict[str, Any]]:
    from orepact.pact.decisions.proposals import waits
    from orepact.pact.instruments.amendments import Amendment, approvals
    from orepact.pact.instruments.ending import clocks

    for one in sorted(register.all(Amendment), key=lambda one: one.id):
        if one.instrument == found.id:
            stand = approvals(one, register, on)
            words = waits(one, register, on) if stand.state == "open" else one.title
            day = stand.effect.isoformat() if stand.effect else one.proposed
            yield _line("amendment", stand.state.replace("_", " "), one.id, day, words, one.confidence)
    for clock in clocks(found, register, on):
        ends = clock.ends_on.isoformat() if clock.ends_on else ""
        yield _line("notice to end", "given", clock.notice.organisation, ends, clock.words, clock.notice.confidence)


def _tied(found: Instrument, register: Register, on: date) -> Iterator[dict[str, Any]]:
    from orepact.pact.instruments.children import children
    from orepact.pact.instruments.instrument import Instrument
    from orepact.pact.instruments.known import known_on

    for one in found.relations:
        tied = register.get(Instrument, one.instrument)
        if known_on(tied, on):
            yield _line("tie", one.relation.replace("_", " "), one.instrument, "", one.note or tied.title, "")
    for other in sorted(register.all(Instrument), key=lambda other: other.id):
        for one in other.relations:
            if one.instrument == found.id and known_on(other, on):
                yield _line("tied to it", f"{one.relation.replace('_', ' ')} this", other.id, "", one.note or other.title, "")
    if found.parent:
        yield _line("child of", "parent", found.parent, "", register.get(Instrument, found.parent).title, "")
    for child in children(found.id, register):
        if known_on(child, on):
            covered = ", ".join((*child.projects, *child.datasets))
            yield _line("child", child.instrument_kind, child.id, "", covered or child.title, child.confidence)


def show_ending(
    name: str,
    db: Where = None,
    *,
    on: str | None = None,
    given_by: str | None = None,
    given_on: str | None = None,
    asked_for: str | None = None,
) -> Result:
    """The clocks of notices to end an instrument, and in ``meta["survives"]`` what was shared and stays protected on the day.

    ``given_by`` and ``given_on`` suppose a notice that nobody gave (``asked_for``: the end it asks for): nothing is kept. Raises
    ``BadInput`` for a supposed giver that is no party.
    """
    from orepact.pact.instruments.ending import clocks, end_of
    from orepact.pact.instruments.instrument import Instrument

    day = day_of(on)
    with asked(db) as (store, register):
        found = register.get(Instrument, name)
        rows = [_clock(one, day, supposed=False) for one in clocks(found, register, day)]
        if given_by is not None:
            rows.append(_supposed(found, register, day, (given_by, given_on, asked_for)))
        end = end_of(found, register, day)
        shared = _shared(found, register, day)
        manifest = manifest_of(store, day)
    rule = found.end
    months = "not stated" if rule is None or rule.months is None else f"{rule.months} months, which one {rule.strength} give"
    given = sum(not row["supposed"] for row in rows)
    supposed = "; one is supposed" if given_by is not None else ""
    held = {True: "stays protected", False: "is no longer protected", None: "not stated: treated as protected"}
    meta = {
        "title": titled(given, "notice to end it", "notices to end it", f"by {day} ({name}){supposed}"),
        "ends_on": end.isoformat() if end else "",
        "notice": months,
        "ends_for": {"all": "all parties", "giver": "who gives the notice"}.get(str(rule and rule.ends_for), "not stated"),
        "after_the_end": f"what was shared {held[rule.survival if rule else None]}",
        "said": rule.survival_text if rule else "",
        "survives": shared,
        "manifest": manifest,
        "units": {"days_left": "day", "short_days": "day"},
        "warnings": [] if shared else [f"no information shared under {name} is on record"],
    }
    return Result(table(rows, CLOCKS), meta)


def _clock(one: NoticePeriod, on: date, *, supposed: bool) -> dict[str, Any]:
    notice = one.notice
    return {
        "organisation": notice.organisation, "given_on": notice.given_on.isoformat(),
        "asked": notice.asked.isoformat() if notice.asked else "", "ends_on": one.ends_on.isoformat() if one.ends_on else "",
        "days_left": one.remaining_days(on), "short_days": one.short_days, "words": one.words, "supposed": supposed,
    }  # fmt: skip


def _supposed(found: Instrument, register: Register, on: date, said: tuple[str, str | None, str | None]) -> dict[str, Any]:
    """The clock of a notice that nobody gave: by whom, on which day, asking for which."""
    from orepact.pact.instruments.ending import EndNotice, clock_of
    from orepact.pact.instruments.terms import EndRule
    from orepact.pact.organisations.organisation import organisation

    by, given_on, asked_for = said
    giver = organisation(register, by).id
    if giver not in found.participants:
        known = ", ".join(found.participants) or "none is known"
        raise BadInput([Problem("given_by", f"a party of {found.id}", by, f"its parties: {known}")])
    notice = EndNotice(
        id="supposed", title="Supposed", instrument=found.id, organisation=giver, given_on=day_of(given_on, on),
        asked=day_of(asked_for) if asked_for else None,
    )  # fmt: skip
    problems = [*notice.problems(register)]
    if problems:
        raise BadInput(problems)
    return _clock(clock_of(notice, found.end or EndRule()), on, supposed=True)


def _shared(found: Instrument, register: Register, on: date) -> list[dict[str, Any]]:
    from orepact.pact.instruments.sharing import Sharing, protection

    rows = []
    for one in sorted(register.all(Sharing), key=lambda one: one.id):
        if one.instrument == found.id and one.shared_on <= on:
            kept = protection(found, register, one.shared_on, on)
            state = "not stated: treated as protected" if kept.holds is None else "yes" if kept.holds else "no"
            values = (
                one.id,
                one.title,
                one.given_by,
                list(one.given_to),
                one.shared_on.isoformat(),
                one.label,
                state,
                kept.because,
            )
            rows.append(dict(zip(SHARED, values, strict=True)))
    return rows


def ask_gate(dataset: str, name: str, db: Where = None, *, on: str | None = None) -> Result:
    """Whether an organisation may see a data set on a day, by which instrument: one row, ``open, instrument, because``."""
    from orepact.pact.instruments.children import gate
    from orepact.pact.organisations.organisation import organisation

    day = day_of(on)
    with asked(db) as (store, register):
        who = organisation(register, name)
        found = gate(dataset, who.id, register, day)
        manifest = manifest_of(store, day)
    row = {
        "dataset": dataset,
        "organisation": who.id,
        "open": found.open,
        "instrument": found.instrument,
        "because": found.because,
    }
    title = f"{dataset} is {'open' if found.open else 'closed'} to {who.name_on(day)} on {day}"
    return Result(table([row], list(row)), {"title": title, "manifest": manifest})
