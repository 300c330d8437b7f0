"""Use case: would a product made at a place qualify under a set of rules, why not, and what is the cheapest change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.measure.eligibility.assess import asked_of, assess
from orepact.service.naming import country_in
from orepact.service.opening import manifest_of
from orepact.service.result import Result
from orepact.service.rules import NOT_ADVICE, begun_later, day_of

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger
    from orepact.facts.rule_sets import RuleSet
    from orepact.facts.rules import RuleBook
    from orepact.measure.eligibility.assess import Eligibility
    from orepact.measure.eligibility.bill import Bill, Offer
    from orepact.measure.eligibility.cheapest import CheapestChange
    from orepact.service.flowing import Report
    from orepact.service.law.eligibility_case import Shop

    Case = tuple[Bill, Mapping[str, Sequence[Offer]]]

LEAST_ESTIMATED = 0.05
SHOWN = ("product", "test", "verdict", "low", "high", "threshold", "why", "rule", "status")
UNITS = {
    "low": "unit of the row",
    "high": "unit of the row",
    "threshold": "unit of the row",
    "cost_usd": "USD per unit of product",
}


@dataclass(frozen=True)
class Answer:
    """One product: its bill, the tests, the cheapest change."""

    bill: Bill
    eligibility: Eligibility
    change: CheapestChange


@dataclass(frozen=True)
class Law:
    """What is asked: the rule set, the rules, the day, what was declared, and whether unverified rules decide."""

    chosen: RuleSet
    book: RuleBook
    day: date
    declared: Mapping[str, str]
    include_unverified: bool


def measure_eligibility(
    ledger: Ledger,
    product: str,
    place: str,
    rules: str,
    *,
    day: str | None = None,
    year: int | None = None,
    scenario: str | Path | None = None,
    network: Path | None = None,
    flows: Path | None = None,
    bill: Path | None = None,
    owners: Path | None = None,
    rules_folders: Sequence[Path] = (),
    declared: Mapping[str, str] | None = None,
    report: Report | None = None,
) -> Result:
    """Every test of a rule set on a product (a commodity, or each one of a stage) made at a place, with the cheapest change.

    The bill of materials comes from ``bill`` (CSV), else from the flows of a year. ``day`` (YYYY-MM-DD) defaults to the day
    of the rule set, else to today. ``data``: one row a product and test. Raises ``BadInput`` with every problem, ``NotFound``
    for unknown names.
    """
    from orepact.facts.rules import RuleBook

    book = RuleBook.shipped(rules_folders)
    chosen = book.rule_set(rules)
    law = Law(chosen, book, day_of(day, chosen.date), dict(declared or {}), include_unverified=ledger.view.include_unverified)
    manifest = {"rules": chosen.id, "date": law.day.isoformat()}
    if bill is not None:
        case = _written(ledger, product, place, bill, owners)
        alone = [answered(*case, law)]
        told = _result(alone, law, {**manifest_of(ledger), **manifest}, [])
        told.meta["warnings"].extend(_later(alone, law, ledger))
        return told
    shop = _shop(ledger, year=year, scenario=scenario, network=network, flows=flows, owners=owners, law=law, report=report)
    cases = shop.bills(product, place, chosen.products, with_carbon=any(q.kind == "carbon" for q in chosen.tests))
    made, sources = shop.provenance([found for found, _ in cases])
    answers = [answered(found, offers, law) for found, offers in cases]
    found = _result(answers, law, {**made, **manifest, "year": shop.year}, sources)
    found.meta["warnings"].extend(_later(answers, law, ledger))
    found.meta["warnings"].extend(_weak([(bill, shop.estimated(bill)) for bill, _ in cases]))
    return found


def _written(ledger: Ledger, product: str, place: str, path: Path, owners: Path | None) -> Case:
    """The bill in a person's file."""
    from orepact.service.law.makers import makers_of
    from orepact.service.reading.bill_files import read_bill

    codes = ledger.codes
    codes.place(place)
    return read_bill(path, _asking(codes, product, place), makers_of(ledger, country_in(codes), owners), codes)


def _shop(
    ledger: Ledger,
    *,
    year: int | None,
    scenario: str | Path | None,
    network: Path | None,
    flows: Path | None,
    owners: Path | None,
    law: Law,
    report: Report | None,
) -> Shop:
    """The flows that are asked for, ready to make bills of."""
    from orepact.service.flowing import flows_for, flows_of_package
    from orepact.service.law.eligibility_case import shop_of_facts, shop_of_package

    if network is not None:
        found = flows_of_package(network, year=year, flows=flows, report=report)
        return shop_of_package(found, year if year is not None else found.years[0], owners=owners)
    found = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=report)
    at = year if year is not None else found.years[0]
    return shop_of_facts(ledger, found, at, law.day, owners=owners, scenario=scenario)


def _asking(codes: Codes, product: str, place: str) -> Any:
    from orepact.service.reading.bill_files import Asking

    lower = product.lower()
    found = codes.commodities.get(lower)
    stage = found.stage if found is not None else lower if lower in codes.stages else ""
    energy = found.unit == "MWh" if found is not None else stage in {"cell", "pack"}
    return Asking(
        lower if found or stage else product,
        stage,
        place,
        1000.0 if energy else None,
        found.unit if found else "MWh" if energy else "unit",
    )


def answered(bill: Bill, offers: Mapping[str, Sequence[Offer]], law: Law) -> Answer:
    """Every test of the law on a bill, and the cheapest change."""
    from orepact.measure.eligibility.cheapest import cheapest_change

    found = assess(bill, law.chosen, law.book, law.day, declared=law.declared, include_unverified=law.include_unverified)
    asked = asked_of(bill, law.chosen, law.book, law.day, declared=law.declared)
    return Answer(bill, found, cheapest_change(asked, offers, include_unverified=law.include_unverified))


def _result(answers: Sequence[Answer], law: Law, manifest: Mapping[str, Any], sources: Sequence[dict[str, Any]]) -> Result:
    frames = [answer.eligibility.frame.assign(product=answer.bill.product, place=answer.bill.place) for answer in answers]
    data = pd.concat(frames, ignore_index=True)
    data = data[["product", "place", *(name for name in data.columns if name not in {"product", "place"})]]
    products = ", ".join(answer.bill.product for answer in answers)
    meta: dict[str, Any] = {
        "title": f"{law.chosen.title}: {products} made in {answers[0].bill.place}, on {law.day}",
        "verdict": {answer.bill.product: str(answer.eligibility.verdict) for answer in answers},
        "cheapest_change": [_change(answer) for answer in answers],
        "bill": [row for answer in answers for row in _bill_rows(answer.bill)],
        "manifest": manifest,
        "units": UNITS,
        "sources": [*_sources(answers, law.book), *sources],
        "warnings": _warnings(answers, law.chosen),
    }
    return Result(data, meta, {"verdict": meta["verdict"]}, shown=data[list(SHOWN)])


def _change(answer: Answer) -> dict[str, Any]:
    change = answer.change
    return {
        "product": answer.bill.product,
        "status": change.status,
        "words": change.words,
        "extra_cost_usd_per_unit": change.extra_cost_usd_per_unit,
        "extra_cost_usd_per_kwh": change.extra_cost_usd_per_kwh,
        "unit": answer.bill.unit,
        "blocking": [{"test": test, "why": why} for test, why in change.blocking],
        "open": list(change.open),
        "shifts": [{name: getattr(shift, name) for name in shift.__dataclass_fields__} for shift in change.shifts],
    }


def _bill_rows(bill: Bill) -> list[dict[str, Any]]:
    """Direct materials by material, place of the maker and home of its controlling owner, the dearest first."""
    rows: dict[tuple[str, str, str], list[float]] = {}
    for part in bill.parts:
        key = (part.material, part.maker.place or "unknown", part.maker.proportional.control)
        entry = rows.setdefault(key, [0.0, 0.0])
        entry[0] += part.quantity
        entry[1] += part.cost_usd
    ordered = sorted(rows.items(), key=lambda item: (-item[1][1], item[0]))
    total = bill.material_cost_usd or 1.0
    return [
        {
            "product": bill.product, "material": material, "place": place, "owner_country": owner, "quantity": quantity,
            "cost_usd": cost, "cost_share": cost / total,
        }
        for (material, place, owner), (quantity, cost) in ordered
    ]  # fmt: skip


def _sources(answers: Sequence[Answer], book: RuleBook) -> list[dict[str, Any]]:
    """The rules that were used, each with where it was read."""
    used = sorted({outcome.rule for answer in answers for outcome in answer.eligibility.outcomes if outcome.rule})
    return [
        {"source": name, "title": f"{book.rule(name).instrument}, {book.rule(name).provision}", "address": book.rule(name).source,
         "edition": book.rule(name).state_words, "confidence": [book.rule(name).status]}
        for name in used
    ]  # fmt: skip


def _later(answers: Sequence[Answer], law: Law, ledger: Ledger) -> list[str]:
    """The rules used that begin after the day of ``--as-of``."""
    used = {outcome.rule for answer in answers for outcome in answer.eligibility.outcomes if outcome.rule}
    return begun_later([law.book.rule(name) for name in used], ledger.view.day)


def _weak(estimated: Sequence[tuple[Bill, float]]) -> list[str]:
    """How much of each bill rests on flows that nobody measured."""
    return [
        f"{bill.product}: {share:.0%} of the direct materials that arrive in {bill.place}, by cost, are estimated flows"
        for bill, share in estimated
        if share >= LEAST_ESTIMATED
    ]


def _warnings(answers: Sequence[Answer], chosen: RuleSet) -> list[str]:
    out = [NOT_ADVICE, *chosen.unverified]
    unverified = sorted(
        {o.rule for answer in answers for o in answer.eligibility.outcomes if o.rule and o.status == "unverified"}
    )
    if unverified:
        out.append(f"unverified rules (no source was read): {', '.join(unverified)}")
    for answer in answers:
        if answer.bill.hypothetical:
            out.append(answer.bill.hypothetical)
        if answer.bill.notes:
            out.append(f"{answer.bill.product}: {'; '.join(answer.bill.notes)}")
    return list(dict.fromkeys(out))
