"""Use case: which goods made in which places would qualify under which rules, each rule set of the matrix at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.eligibility import Law, answered
from orepact.service.law.eligibility_case import shop_of_facts
from orepact.service.result import Result
from orepact.service.rules import NOT_ADVICE, begun_later, day_of

if TYPE_CHECKING:
    import pandas as pd

    from orepact.chain import Flows
    from orepact.facts import Ledger
    from orepact.facts.rules import RuleBook
    from orepact.measure.eligibility.bill import Bill
    from orepact.measure.eligibility.verdict import Outcome
    from orepact.report.eligibility import Assessed
    from orepact.service.eligibility import Answer
    from orepact.service.flowing import Report
    from orepact.service.law.eligibility_case import Shop

PRODUCTS = ("cell_nmc811", "cell_nmc622", "cell_lfp")
PLACES = ("KOR", "JPN", "CA-ON", "CA-QC", "USA")
PASSES = "every test passes"
#: Units of the columns of the matrix.
UNITS = {
    "low": "unit of the row",
    "high": "unit of the row",
    "threshold": "unit of the row",
    "extra_usd_per_kwh": "USD per kWh",
}
SHOWN = ("product", "place", "rules", "verdict", "why", "change", "extra_usd_per_kwh")


def qualify(
    ledger: Ledger,
    flows: Flows,
    day: str,
    *,
    products: Sequence[str] = PRODUCTS,
    places: Sequence[str] = PLACES,
) -> tuple[Assessed, ...]:
    """Every product made at every place against every rule set of the matrix, on the flows of their one year.

    ``day`` (YYYY-MM-DD) is that of duties, and of rule sets without a day of their own. A product that no process makes, or
    of which a rule set does not speak, is left out; so are places that the network does not know.
    """
    network = flows.network
    asked = [(name, at) for name in products for at in places if name in network.commodities.index and at in network.places.index]
    if not asked:
        return ()
    when = day_of(day)
    shop = shop_of_facts(ledger, flows, flows.years[0], when)
    return tuple(item for _, items in _judged(shop, asked, _laws(ledger, when)) for item in items)


def measure_every_rule(
    ledger: Ledger,
    products: Sequence[str],
    places: Sequence[str],
    *,
    day: str | None = None,
    year: int | None = None,
    scenario: str | Path | None = None,
    flows: Path | None = None,
    report: Report | None = None,
) -> Result:
    """Products made at places against every rule set of the matrix, on the flows of a year (default 2024).

    One row each: ``verdict``, ``why`` with the deciding ``test``, what was measured (``low, high, threshold`` in ``unit``), the
    cheapest ``change`` with its ``moves`` (JSON) and ``extra_usd_per_kwh``. ``day`` is that of duties and of rule sets without a
    day of their own (default today). Raises ``NotFound`` for unknown names, ``BadInput`` where no process makes any of it.
    """
    from orepact.service.flowing import flows_for

    when = day_of(day)
    found = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=report, spread=False)
    at = year if year is not None else found.years[0]
    for what, names, known in (("product", products, found.network.commodities), ("place", places, found.network.places)):
        if unknown := [name for name in names if name not in known.index]:
            raise NotFound(what, unknown[0], known.index)
    shop, laws = shop_of_facts(ledger, found, at, when, scenario=scenario), _laws(ledger, when)
    judged = [*_judged(shop, [(product, place) for product in products for place in places], laws)]
    if not judged:
        mend = "ask for something that a process makes"
        raise BadInput([Problem("product", "a good that a process makes", ", ".join(products), mend)])
    made, sources = shop.provenance([bill for bill, _ in judged])
    meta: dict[str, Any] = {
        "title": f"{', '.join(products)} made in {', '.join(places)} under every rule set, on {when}",
        "manifest": {**made, "rules": "all", "date": when.isoformat(), "year": at},
        "units": UNITS,
        "sources": sources,
        "warnings": [NOT_ADVICE, *_later(judged, laws, ledger)],
    }
    data = matrix_rows(item for _, items in judged for item in items)
    return Result(data, meta, shown=data[list(SHOWN)])


def matrix_rows(found: Iterable[Assessed]) -> pd.DataFrame:
    """Answers as rows of plain values: several names joined by ``;``, moves as JSON with five digits."""
    import pandas as pd

    rows = []
    for item in found:
        told = asdict(item)
        shares = ("share_from", "share_to")
        told["moves"] = json.dumps([{**move, **{n: float(f"{move[n]:.5g}") for n in shares}} for move in told["moves"]])
        rows.append({name: "; ".join(value) if isinstance(value, tuple) else value for name, value in told.items()})
    return pd.DataFrame(rows)


def _laws(ledger: Ledger, when: date) -> list[Law]:
    """The rule sets of the matrix, each on its own day, else on ``when``."""
    from orepact.facts.rules import RuleBook
    from orepact.report.eligibility import HEADINGS

    book: RuleBook = RuleBook.shipped()
    return [_law(book.rule_set(name), book, when, ledger) for name in HEADINGS if name in book.sets]


def _judged(shop: Shop, asked: Iterable[tuple[str, str]], laws: Sequence[Law]) -> Iterable[tuple[Bill, list[Assessed]]]:
    """The bill of each product and place that some process can make, and what each rule set that speaks of it says."""
    for product, place in asked:
        try:
            ((bill, offers),) = shop.bills(product, place)
        except BadInput:  # no process makes it
            continue
        yield bill, [_assessed(answered(bill, offers, law), law) for law in laws if _speaks(law, bill.stage)]


def _later(judged: Iterable[tuple[Bill, list[Assessed]]], laws: Sequence[Law], ledger: Ledger) -> list[str]:
    """The deciding rules that begin after the day on which the facts are asked."""
    used = {item.rule for _, items in judged for item in items if item.rule}
    return begun_later([laws[0].book.rule(name) for name in used], ledger.view.day) if laws else []


def _law(chosen: object, book: object, when: date, ledger: Ledger) -> Law:
    own = getattr(chosen, "date", None)
    return Law(chosen, book, own or when, {}, include_unverified=ledger.view.include_unverified)  # type: ignore[arg-type]


def _speaks(law: Law, stage: str) -> bool:
    return not law.chosen.products or stage in law.chosen.products


def _assessed(answer: Answer, law: Law) -> Assessed:
    from orepact.report.eligibility import Assessed, Move

    outcome = _deciding(answer)
    change, bill = answer.change, answer.bill
    moves = tuple(Move(s.material, s.place, s.owner_country, s.share_from, s.share_to) for s in change.shifts)
    unverified = tuple(sorted({o.rule for o in answer.eligibility.outcomes if o.status == "unverified" and o.rule}))
    told = {} if outcome is None else {key: value for key, value in asdict(outcome).items() if key in _TOLD}
    return Assessed(
        bill.product,
        bill.place,
        law.chosen.id,
        law.chosen.title,
        str(answer.eligibility.verdict),
        PASSES if outcome is None else outcome.why,
        "" if outcome is None else outcome.title,
        **told,
        change=change.status,
        moves=moves,
        extra_usd_per_kwh=change.extra_cost_usd_per_kwh,
        hypothetical=bool(bill.hypothetical),
        unverified=unverified,
        unread=tuple(law.chosen.unverified),
    )


_TOLD = ("measured", "low", "high", "unit", "threshold", "rule", "provision")


def _deciding(answer: Answer) -> Outcome | None:
    """The first test that fails, or else that is open; None where all pass."""
    verdict = answer.eligibility.verdict
    decisive = (outcome for outcome in answer.eligibility.outcomes if outcome.verdict == verdict and str(verdict) != "pass")
    return next(decisive, None)
