"""Tax credits for making a thing in a place: amount, what is left of it in a year, and the test that it hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from orepact.facts.rules import Rule, RuleBook, amount

OF_COST = "of production cost"


@dataclass(frozen=True, slots=True)
class TaxCredit:
    """One credit on a day. ``per_unit`` in USD per ``unit``, or ``of_cost`` as a share of the production cost; ``share`` is left.

    ``condition`` says what must hold, in words, and ``test`` names the rule set that asks for it; ``confidence`` is
    ``unverified`` where the amount was not read in a source. ``rules`` are those of the amount, the share and the ratio.
    """

    id: str
    unit: str
    per_unit: float
    of_cost: float
    share: float
    condition: str
    confidence: str
    source: str
    test: str = ""
    rules: tuple[Rule, ...] = ()

    def usd(self, production_usd: float) -> float:
        """USD per unit of product that costs ``production_usd`` to make."""
        return self.share * (self.per_unit + self.of_cost * production_usd)


def credits_for(
    listed: Mapping[str, Mapping[str, Any]],
    rules: RuleBook,
    *,
    commodity: str,
    stage: str,
    unit: str,
    names: Iterable[str],
    day: date,
    include_unverified: bool = False,
) -> tuple[TaxCredit, ...]:
    """Credits for making the commodity in a place (``names``: those under which it stands) on a day.

    ``listed`` is the section ``credits`` of the tariff file: the rule of the amount, the rule of the share that is left, the rule
    of the ratio that must be kept, what else must hold in words (``condition``), and for which places, stages and commodities.
    A credit in USD per MWh counts for things counted in MWh only.
    """
    within = set(names)
    out = []
    for name, entry in listed.items():
        meant = stage in entry.get("stages", ()) or commodity in entry.get("commodities", ())
        if not meant or not within & set(entry["places"]):
            continue
        rule = rules.on(entry["rule"], day)
        shares = (rules.on(entry["share"], day), rules.on(entry["ratio"], day))
        credit = None if rule is None else _credit(str(name), unit, rule, *shares)
        if credit is not None and shares[1] is not None and entry.get("test"):
            credit = replace(credit, test=f"{entry['test']}-{day.year}")
        if credit is not None and rule is not None:
            credit = replace(credit, rules=(rule, *(each for each in shares if each is not None)))
        if credit is not None and entry.get("condition"):
            credit = replace(credit, condition="; ".join(filter(None, [str(entry["condition"]), credit.condition])))
        if credit is not None and (include_unverified or credit.confidence != "unverified"):
            out.append(credit)
    return tuple(out)


def _credit(name: str, unit: str, rule: Rule, left: Rule | None, ratio: Rule | None) -> TaxCredit | None:
    share = 1.0 if left is None or left.value is None else left.value
    of_cost = rule.basis == OF_COST
    fits = of_cost or rule.unit == f"USD_per_{unit}"
    if rule.value is None or share == 0 or not fits:
        return None
    condition = "" if ratio is None else f"material assistance ratio of at least {amount(ratio.value or 0.0, '1')}"
    checked = rule.verified and (left is None or left.verified)
    return TaxCredit(
        name,
        unit,
        0.0 if of_cost else rule.value,
        rule.value if of_cost else 0.0,
        share,
        condition,
        "reported" if checked else "unverified",
        rule.source,
    )
