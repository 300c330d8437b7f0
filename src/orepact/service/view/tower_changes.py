"""What changed for a party: records of the register since a day, rules of law that began or ended, figures that came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

from orepact.facts.rules import NEVER_APPLIES, RuleBook
from orepact.service.pact.desk import SEED_ACTOR, hidden_from
from orepact.service.view.said import Amount, Day, Named, Said, say
from orepact.store.canonical import instant
from orepact.store.listing import Filter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.facts import Ledger
    from orepact.facts.rules import Rule
    from orepact.service.view.said import Value
    from orepact.service.view.tower_party import Party
    from orepact.store.listing import Line
    from orepact.store.store import Store

Sort = Literal["record", "rule", "figures"]
#: So many lines of the register are looked through for those of a party.
LOOKED_THROUGH = 500


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is new, when and in words: a record (``kind``, ``id``), a rule of law or figures of a source (its id)."""

    sort: Sort
    kind: str
    id: str
    when: str
    said: Said
    own: bool


def records(
    store: Store, party: Party, own_instruments: frozenset[str], span: tuple[date, date], most: int
) -> tuple[Change, ...]:
    """Records that somebody wrote from one day to another, the last first; ``own``: of the party or under its instruments.

    What came with the package is no change.
    """
    since, on = span
    start, end = instant(_midnight(since)), instant(_midnight(on + timedelta(days=1)))
    hidden = hidden_from(store, (), on)
    found: list[Change] = []
    mark, looked = None, 0
    while looked < LOOKED_THROUGH and len(found) < most:
        page = store.list(Filter(), order="changed", descending=True, after=mark, limit=100)
        recent = [line for line in page.lines if line.changed_at >= start]
        told = (line for line in recent if line.changed_at < end and line.changed_by != SEED_ACTOR)
        found += [_of(line, party, own_instruments) for line in told if (line.kind, line.id) not in hidden]
        looked, mark = looked + len(page.lines), page.after
        if len(recent) < len(page.lines) or mark is None:
            break
    return tuple(sorted(found, key=lambda change: not change.own)[:most])


def _of(line: Line, party: Party, own_instruments: frozenset[str]) -> Change:
    own = line.owner in party.organisations or (bool(line.instrument) and line.instrument in own_instruments)
    title = Named(line.title)
    said = say("{title} was put on record.", title=title) if line.version == 1 else say("{title} was changed.", title=title)
    return Change("record", line.kind, line.id, line.changed_at, said, own)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def rules(party: Party, since: date, on: date) -> tuple[Change, ...]:
    """Rules of law that began, ended, or whose suspension ended after one day and by another, the last first."""
    found = []
    for rule in RuleBook.shipped().rules.values():
        if rule.state in NEVER_APPLIES or not rule.verified:
            continue
        for day, said in _turns(rule):
            if since < day <= on:
                found.append(Change("rule", "rule", rule.id, day.isoformat(), said, bool(set(rule.jurisdiction) & party.sides)))
    return tuple(sorted(found, key=lambda change: (change.when, change.id), reverse=True))


def _turns(rule: Rule) -> list[tuple[date, Said]]:
    name = Named(f"{rule.instrument}, {rule.provision}" if rule.provision else rule.instrument)
    about = {"rule": Named(rule.id), "name": name}
    found = [(rule.date_from, say("{rule} began to apply: {name}.", **about))]
    if rule.date_to is not None:
        found.append((rule.date_to + timedelta(days=1), say("{rule} has run out: {name}.", **about)))
    if rule.suspended_from is not None:
        found.append((rule.suspended_from, say("{rule} was suspended: {name}.", **about)))
    if rule.suspended_to is not None:
        words = say("The suspension of {rule} has ended; what followed is not in the facts: {name}.", **about)
        found.append((rule.suspended_to + timedelta(days=1), words))
    return found


def figures(ledger: Ledger, places: frozenset[str], since: date, on: date) -> tuple[Change, ...]:
    """Figures about some places that came out after one day and by another: a row for each source and attribute."""
    first, last = int(since.strftime("%Y%m%d")), int(on.strftime("%Y%m%d"))
    days = ledger.claims["as_of_day"].to_numpy()
    new = ledger.claims[(days > first) & (days <= last)]
    new = new[new["place"].isin(places)]
    found = []
    for (source, attribute, day), rows in new.groupby(["source", "attribute", "as_of"], sort=True):
        what = Named(ledger.codes.attribute(str(attribute)).title)
        about: Mapping[str, Value] = {"what": what, "source": Named(str(source)), "day": Day(str(day))}
        said = (
            say("One figure on {what} came out ({source}, {day}).", **about)
            if len(rows) == 1
            else say("{count} figures on {what} came out ({source}, {day}).", count=Amount(len(rows)), **about)
        )
        found.append(Change("figures", str(attribute), str(source), str(day), said, True))
    return tuple(sorted(found, key=lambda change: change.when, reverse=True))
