"""A break that a rule of law makes: its commodities, its jurisdiction and the days on which it applies, taken from the facts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from orepact.errors import NotFound, Problem
from orepact.facts.rules import NEVER_APPLIES, Rule, RuleBook, Suspensions
from orepact.shock.events.event import Break, Event, Limit
from orepact.shock.events.timing import Span, days_of, week_of
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.chain.network import Network

BANNED = ("banned", "ban", "prohibited")
DAY = timedelta(days=1)


@dataclass
class Laws:
    """Breaks with their spans in weeks, and what was wrong or worth saying."""

    breaks: list[tuple[Break, Span]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def breaks_of_rule(event: Event, item: Break, book: RuleBook, start: date, where: str, *, here: Network) -> Laws:
    """What a break of kind ``rule`` means: exports of what the rule covers, on the days on which it applies.

    A ban leaves nothing, a quota of the rule is taken as it stands; for a licence the break says which share passes. Of what the
    rule covers, only what the network ``here`` knows counts.
    """
    laws = Laws()
    for name in item.rule:
        try:
            rule = book.rule(name)
        except NotFound as error:
            mend = f"did you mean {' or '.join(error.close)}?" if error.close else f"see {deed('list_rules')}"
            laws.problems.append(Problem(f"{where}.rule", "a known rule", repr(name), mend))
            continue
        _add(laws, event, item, rule=rule, start=start, where=where, here=here)
    return laws


def applying(rule: Rule, branch: str) -> list[tuple[date, date]]:
    """Times in which a rule applies under a branch: first day, and first day on which it no longer does."""
    if rule.state in NEVER_APPLIES:
        return []
    end = rule.date_to + DAY if rule.date_to is not None else date.max
    if rule.state != "suspended" or branch == Suspensions.ignored:
        return [(rule.date_from, end)]
    times = [(rule.date_from, rule.suspended_from or rule.date_from)]
    if branch == Suspensions.lapsed and rule.suspended_to is not None:
        times.append((rule.suspended_to + DAY, end))
    return [(first, last) for first, last in times if first < last]


def _add(laws: Laws, event: Event, item: Break, *, rule: Rule, start: date, where: str, here: Network) -> None:
    goods = item.commodities or _covered(rule, item)
    effect = _effect(rule, item)
    if not goods:
        mend = f"add `commodities:` to say what {rule.id} is about ({rule.applies_to})"
        laws.problems.append(Problem(f"{where}.commodities", "commodities that the rule covers", "none in the facts", mend))
    if effect is None:
        found = f"{rule.measures} {rule.word}".strip()
        mend = f"add share_left: the share that {rule.id} lets through"
        laws.problems.append(Problem(where, "what the rule does to exports", found, mend))
    if not goods or effect is None:
        return
    if not item.commodities:
        goods = tuple(name for name in goods if name in here.commodities.index)
    origins = item.origins or tuple(name for name in rule.jurisdiction if name in here.groups)
    if not goods or not origins:
        laws.warnings.append(f"{where}: rule {rule.id} covers nothing of this network")
        return
    base = {"commodity": goods, "origins": origins, "destinations": item.destinations, "exports": True}
    kept = {"title": item.title, "confidence": item.confidence, "note": item.note}
    made = Break(**base, **effect, **kept)  # type: ignore[arg-type]  # pydantic checks them
    spans = _spans(event, item, rule, start)
    laws.breaks.extend((made, span) for span in spans)
    if not spans:
        state = f" ({rule.state_words})" if rule.state_words else ""
        laws.warnings.append(f"{where}: rule {rule.id} does not apply in the time of the event, branch {item.branch}{state}")


def _covered(rule: Rule, item: Break) -> tuple[str, ...]:
    return tuple(name for name, how in rule.covers.items() if how == "yes" or item.also_maybe)


def _effect(rule: Rule, item: Break) -> dict[str, object] | None:
    if item.named_effects:
        return {name: getattr(item, name) for name in item.named_effects}
    if rule.word in BANNED:
        return {"share_left": 0.0}
    if rule.measures == "quota" and rule.value is not None:
        weeks = (rule.date_to + DAY - rule.date_from).days / 7.0 if rule.date_to is not None else 52.0
        quantity = rule.value / weeks
        return {"quota": Limit(quantity=quantity, unit=rule.unit, per="week", element=_element(rule))}
    return None


def _element(rule: Rule) -> str:
    """The element of a quota on contained metal: `cobalt contained`."""
    first, _, rest = rule.applies_to.partition(" ")
    return first if rest.startswith("contained") else ""


def _spans(event: Event, item: Break, rule: Rule, start: date) -> list[Span]:
    first, last = days_of(event, item)
    out = []
    for begins, ends in applying(rule, item.branch):
        low, high = max(first, begins), ends if last is None else min(last, ends)
        if low < high:
            out.append(Span(week_of(low, start), math.inf if high == date.max else week_of(high, start)))
    return out
