"""Use case: which cells made in which places would qualify under which rules, for the matrix of the brief."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from orepact.errors import BadInput
from orepact.service.eligibility import Law, answered
from orepact.service.law.eligibility_case import shop_of_facts
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.chain import Flows
    from orepact.facts import Ledger
    from orepact.measure.eligibility.verdict import Outcome
    from orepact.report.eligibility import Assessed
    from orepact.service.eligibility import Answer

PRODUCTS = ("cell_nmc811", "cell_nmc622", "cell_lfp")
PLACES = ("KOR", "JPN", "CA-ON", "CA-QC", "USA")
PASSES = "every test passes"


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
    from orepact.facts.rules import RuleBook
    from orepact.report.eligibility import HEADINGS

    book, when = RuleBook.shipped(), day_of(day)
    laws = [_law(book.rule_set(name), book, when, ledger) for name in HEADINGS if name in book.sets]
    network = flows.network
    asked = [(name, at) for name in products for at in places if name in network.commodities.index and at in network.places.index]
    if not asked:
        return ()
    shop = shop_of_facts(ledger, flows, flows.years[0], when)
    found: list[Assessed] = []
    for product, place in asked:
        try:
            ((bill, offers),) = shop.bills(product, place)
        except BadInput:  # no process makes it
            continue
        found += [_assessed(answered(bill, offers, law), law) for law in laws if _speaks(law, bill.stage)]
    return tuple(found)


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
