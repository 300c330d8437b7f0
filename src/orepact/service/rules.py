"""Use cases about the rules of law: list them, show one, list the sets of tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.facts.rule_sets import Question
from orepact.facts.rules import Rule
from orepact.service.result import Result

#: Years that a person can ask about.
YEARS = (1900, 2199)
NOT_ADVICE = "This is a computation on public data and summaries of law, not legal advice."


def day_of(text: str | None, usual: date | None = None) -> date:
    """The day that a person names (YYYY-MM-DD), else the usual one, else today; raises ``BadInput`` for no date of our time."""
    if text is None:
        return usual or date.today()  # noqa: DTZ011  a person's own today
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput([Problem("date", "a date as YYYY-MM-DD", repr(text), "write an ISO date")]) from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise BadInput([Problem("date", f"a day of the years {YEARS[0]} to {YEARS[1]}", repr(text), "name a nearer one")])
    return day


def begun_later(rules: Iterable[Rule], day: int | None) -> list[str]:
    """A warning for each rule that begins after the day on which the facts are asked (``yyyymmdd``; None for no such day)."""
    if day is None:
        return []
    known = date(day // 10_000, day // 100 % 100, day % 100)
    later = {rule.id: rule.date_from for rule in rules if rule.date_from > known}
    words = "whether it was known then is not in the facts"
    return [f"{name} begins on {begins}, after {known}: {words}" for name, begins in sorted(later.items())]


def list_rule_sets(rules_folders: Sequence[Path] = ()) -> Result:
    """Every rule set: ``rules, title, products, tests, date``."""
    from orepact.facts.rules import RuleBook

    book = RuleBook.shipped(rules_folders)
    rows = [
        {"rules": name, "title": found.title, "products": ", ".join(found.products) or "any", "tests": len(found.tests),
         "date": found.date.isoformat() if found.date else "today"}
        for name, found in sorted(book.sets.items())
    ]  # fmt: skip
    return Result(pd.DataFrame(rows), {"title": f"{len(rows)} rule sets", "warnings": [NOT_ADVICE]})


def list_rules(*, day: str | None = None, rules_folders: Sequence[Path] = (), jurisdiction: str | None = None) -> Result:
    """Every rule, or those that apply on a day: what each measures and demands, its dates, state, status and source."""
    from orepact.facts.rules import RuleBook

    book = RuleBook.shipped(rules_folders)
    when = None if day is None else day_of(day)
    rules = [rule for rule in book.rules.values() if when is None or rule.applies(when)]
    rules = [rule for rule in rules if jurisdiction is None or jurisdiction in rule.jurisdiction]
    rows = [
        {"rule": rule.id, "jurisdiction": " ".join(rule.jurisdiction), "instrument": rule.instrument, "provision": rule.provision,
         "measures": rule.measures, "demand": f"{rule.operator} {rule.threshold}", "date_from": rule.date_from.isoformat(),
         "date_to": rule.date_to.isoformat() if rule.date_to else "", "state": rule.state, "status": rule.status,
         "source": rule.source}
        for rule in rules
    ]  # fmt: skip
    names = [
        "rule",
        "jurisdiction",
        "instrument",
        "provision",
        "measures",
        "demand",
        "date_from",
        "date_to",
        "state",
        "status",
        "source",
    ]
    data = pd.DataFrame(rows, columns=names)
    count = int((data["status"] == "unverified").sum())
    warnings = [NOT_ADVICE, *([f"{count} rules are unverified: no source was read for what they demand"] if count else [])]
    return Result(data, {"title": f"{len(data)} rules", "warnings": warnings}, shown=data.drop(columns=["source", "measures"]))


def show_rules(name: str, rules_folders: Sequence[Path] = ()) -> Result:
    """One rule set (a row for each test) or one rule (a row for each thing it says)."""
    from orepact.facts.rules import RuleBook

    book = RuleBook.shipped(rules_folders)
    if name in book.rules:
        rule = book.rule(name)
        said = rule.as_dict()
        data = pd.DataFrame({"key": list(said), "value": [str(value) for value in said.values()]})
        return Result(data, {"title": name, "warnings": [NOT_ADVICE]})
    chosen = book.rule_set(name)
    when = day_of(None, chosen.date)
    rows = []
    for question in chosen.tests:
        rule_now = book.on(question.rule, when, chosen.suspensions) if question.rule else None
        rows.append(
            {"test": question.test, "title": question.title, "kind": question.kind,
             "asked_of": ", ".join(question.stages or chosen.products),
             "rule": rule_now.id if rule_now else "", "demand": _demand(question, rule_now),
             "status": rule_now.status if rule_now else ""}
        )  # fmt: skip
    meta = {
        "title": f"{chosen.title}, on {when}",
        "description": chosen.description,
        "warnings": [NOT_ADVICE, *chosen.unverified],
    }
    return Result(pd.DataFrame(rows), meta)


def _demand(question: Question, rule: Rule | None) -> str:
    """What a test asks for, in short words."""
    if question.rule and rule is None:
        return "no rule on that day"
    if question.kind in {"place_of_production", "tariff_shift"}:
        return f"{'made' if question.kind == 'place_of_production' else 'all'} in {' or '.join(question.places)}"
    return rule.threshold if rule is not None else "declared"
