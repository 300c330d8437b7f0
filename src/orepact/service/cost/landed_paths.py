"""Who buys, from whom, and the path between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    from orepact.measure.costing.tariffs import TariffOption
    from orepact.measure.costing.tax_credits import TaxCredit
    from orepact.measure.costing.unit_cost import UnitCosts
    from orepact.measure.landed_cost import LandedPath
    from orepact.service.cost.landed_cost_case import Case

#: Part of the world's output below which a source is left out, unless it was asked for.
LEAST_SOURCE = 0.005
Tests = Callable[[str, str, str], str]


def nothing_asked(_rules: str, _commodity: str, _origin: str) -> str:
    """No verdict: nobody asked for tests."""
    return ""


def tests_of(case: Case, scenario: str | Path | None) -> Tests:
    """Verdict of a rule set on a product made at a place; "" where there is no such set or it does not speak of the product."""
    from orepact.facts.rules import RuleBook
    from orepact.measure.eligibility.assess import assess
    from orepact.service.law.eligibility_case import shop_of_facts

    assert case.ledger is not None
    day = date(case.day // 10_000, case.day // 100 % 100, case.day % 100)
    unverified, stage = case.ledger.view.include_unverified, case.network.commodities["stage"]
    shop, book = shop_of_facts(case.ledger, case.flows, case.year, day, scenario=scenario), RuleBook.shipped()

    def verdict(rules: str, commodity: str, origin: str) -> str:
        chosen = book.sets.get(rules)
        if chosen is None or stage[commodity] not in chosen.products:
            return ""
        bills = shop.bills(commodity, origin, chosen.products)
        return str(assess(bills[0][0], chosen, book, day, include_unverified=unverified).verdict) if bills else ""

    return verdict


class Asking:
    """Who buys, from whom, and the path between them."""

    def __init__(
        self, case: Case, costs: UnitCosts, sources: Sequence[str], rules: Sequence[str], inputs: str, *, also: Sequence[str] = ()
    ) -> None:
        from orepact.measure.costing.unit_cost import site_costs

        self.case, self.costs, self.rules = case, costs, tuple(dict.fromkeys(rules))
        self.sites = site_costs(case.network, case.basis)
        self.sources, self.also = tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(also))
        self.prices = case.prices if inputs == "price" else {}
        self.warnings: list[str] = []
        self.tests: Tests = nothing_asked

    def buyers(self, names: tuple[str, ...], place: str) -> tuple[str, ...]:
        """The place, or the member of a group that has most of the good; raises ``BadInput`` where none has or may have it."""
        members = self.case.network.members(place)
        transfers = self.costs.transfers
        has = {str(at) for name, at in transfers.nodes[transfers.supply > 0] if name in names}
        if len(members) == 1:
            return members
        held = pd.Series(transfers.supply, index=transfers.nodes)
        served = {member: sum(float(held.get((name, member), 0.0)) for name in names) for member in members if member in has}
        if served:
            most = max(served, key=lambda member: served[member])
            self.warnings.append(f"{place} is a group: the buyer is {most}, which has most of it; name another place for others")
            return (most,)
        likely = self._likely(names[0], members)
        if len(likely) < len(members):
            self.warnings.append(
                f"{place} is a group: the buyer is {likely[0]}, where it may be used; name another place for others"
            )
            return likely[:1]
        text = f"{place}, where none of {len(members)} places has it"
        raise BadInput(
            [
                Problem(
                    "place", "one place, or a group in which some place uses the good", text, f"name one of {', '.join(members)}"
                )
            ]
        )

    def paths(self, commodity: str, buyer: str) -> list[LandedPath]:
        """Paths of one commodity to one buyer."""
        found = [self._path(commodity, origin, buyer) for origin in self._origins(commodity)]
        return [path for path in found if path is not None]

    def _origins(self, commodity: str) -> tuple[str, ...]:
        made = self._made(commodity)
        usual = made.index[made >= LEAST_SOURCE * made.sum()] if not self.sources else ()
        out: list[str] = [str(place) for place in usual]
        for source in (*self.sources, *self.also):
            members = self.case.network.members(source)
            out += [place for place in members if place in made.index] or list(self._likely(commodity, members))
        return tuple(dict.fromkeys(out))

    def _made(self, commodity: str) -> pd.Series:
        """Output by place, the places that make some only."""
        transfers = self.costs.transfers
        amount = pd.Series(transfers.amount("made"), index=transfers.nodes)
        rows: pd.Series = amount[transfers.commodity == commodity].droplevel(0)
        return rows[rows > 0]

    def _likely(self, commodity: str, members: tuple[str, ...]) -> tuple[str, ...]:
        """Where in a group the thing might be made: where the reference lets plants be built, else anywhere in it."""
        if len(members) == 1 or self.case.ledger is None:
            return members
        from orepact.chain.reference.rules import site_rules

        stage = str(self.case.network.commodities.loc[commodity, "stage"])
        likely = tuple(place for place in members if place in site_rules().newcomers.get(stage, ()))
        return likely or members

    def _path(self, commodity: str, origin: str, buyer: str) -> LandedPath | None:
        from orepact.measure.landed_cost import LandedPath

        made, elsewhere = self._production(commodity, origin)
        ride = self.case.ride(commodity, origin, buyer)
        if made is None or ride is None:
            missing = "nobody makes it in this year" if made is None else f"no way leads from {origin} to {buyer}"
            self.warnings.append(f"{commodity} from {origin}: {missing}")
            return None
        options = self.case.options(commodity, origin, buyer)
        chosen = tuple(option for option in options if not self.rules or option.rules in {*self.rules, "domestic"})
        if not chosen:
            self.warnings.append(f"{commodity} from {origin} to {buyer}: none of {', '.join(self.rules)} is in force")
            return None
        granted = self.case.credits(commodity, origin)
        return LandedPath(
            commodity,
            str(self.case.network.commodities.loc[commodity, "unit"]),
            origin,
            buyer,
            made,
            ride,
            chosen,
            adds_freight=self.case.tariffs is not None and self.case.tariffs.adds_freight(buyer),
            price=self.case.prices.get(commodity, float("nan")),
            credits=granted,
            hypothetical=elsewhere,
            confidence="estimated" if elsewhere else self.case.confidence,
            verdicts=self._verdicts(commodity, origin, chosen, granted),
        )

    def _verdicts(
        self, commodity: str, origin: str, options: tuple[TariffOption, ...], granted: tuple[TaxCredit, ...]
    ) -> dict[str, str]:
        """What the tests behind rule sets and credits say, where they say anything."""
        regimes = self.case.tariffs.regimes if self.case.tariffs is not None else {}
        asked = {option.rules: regimes[option.rules].test for option in options if option.rules in regimes}
        asked |= {credit.id: credit.test for credit in granted}
        found = {name: self.tests(test, commodity, origin) for name, test in asked.items() if test}
        return {name: verdict for name, verdict in found.items() if verdict}

    def _production(self, commodity: str, origin: str) -> tuple[pd.Series | None, bool]:
        from orepact.measure.costing.process_elsewhere import process_elsewhere

        row = self.costs.row(commodity, origin)
        if origin in self._made(commodity).index and row.notna().all():
            return row, False
        found = process_elsewhere(
            self.costs, self.sites, commodity, origin,
            levels=self.case.levels, running_level=self.case.basis.running_level, prices=self.prices,
        )  # fmt: skip
        return found, True
