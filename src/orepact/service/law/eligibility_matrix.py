"""Many products, places and rule sets at once, on flows that are at hand: the matrix of a brief."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput
from orepact.service.eligibility import Law, answered
from orepact.service.law.eligibility_case import shop_of_facts
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.chain import Flows
    from orepact.facts import Ledger
    from orepact.service.eligibility import Answer

#: The questions of a usual matrix.
USUAL = (
    "us-45x-2026",
    "us-45x-2030",
    "cusma-core",
    "ckfta",
    "eu-battery-2031",
    "cn-controls-lapsed",
    "concern-25",
    "concern-control",
)
COLUMNS = (
    "product", "place", "rules", "title", "verdict", "decided_by", "why", "change", "extra_cost_usd_per_kwh", "hypothetical",
    "unverified",
)  # fmt: skip


def eligibility_matrix(
    ledger: Ledger,
    flows: Flows,
    asked: Iterable[tuple[str, str]],
    rules: Sequence[str] = USUAL,
    *,
    year: int | None = None,
    day: date | None = None,
) -> pd.DataFrame:
    """One row for each product made at a place (``asked``: product or stage, place) and rule set.

    - ``verdict``; ``decided_by``: the first test that fails, or is open; ``why``: its reason
    - ``change``: the cheapest change in words, and its extra cost
    - ``hypothetical``: nobody makes it there in these flows; ``unverified``: such rules that were used

    A rule set that does not speak of a product is left out. Each is asked for its own day unless ``day`` is given.
    """
    from orepact.facts.rules import RuleBook

    book = RuleBook.shipped()
    sets = [book.rule_set(name) for name in rules]
    shop = shop_of_facts(ledger, flows, year if year is not None else flows.years[0], day or day_of(None))
    rows: list[dict[str, Any]] = []
    for product, place in asked:
        for chosen in sets:
            law = Law(chosen, book, day or day_of(None, chosen.date), {}, include_unverified=ledger.view.include_unverified)
            try:
                cases = shop.bills(product, place, chosen.products, with_carbon=any(q.kind == "carbon" for q in chosen.tests))
            except BadInput:  # the rule set does not speak of it, or no process makes it
                continue
            rows += [_row(answered(bill, offers, law), law) for bill, offers in cases]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(answer: Answer, law: Law) -> dict[str, Any]:
    verdict = answer.eligibility.verdict
    decisive = [outcome for outcome in answer.eligibility.outcomes if outcome.verdict == verdict and verdict != "pass"]
    return {
        "product": answer.bill.product,
        "place": answer.bill.place,
        "rules": law.chosen.id,
        "title": law.chosen.title,
        "verdict": str(verdict),
        "decided_by": decisive[0].test if decisive else "",
        "why": decisive[0].why if decisive else "every test passes",
        "change": answer.change.words,
        "extra_cost_usd_per_kwh": answer.change.extra_cost_usd_per_kwh,
        "hypothetical": bool(answer.bill.hypothetical),
        "unverified": ", ".join(sorted({o.rule for o in answer.eligibility.outcomes if o.status == "unverified" and o.rule})),
    }
