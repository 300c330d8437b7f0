"""What sources state of a country's output in a balanced year, beside what the balance makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.report.scope import Product, factors
from orepact.report.words import number

if TYPE_CHECKING:
    from orepact.chain import Flows
    from orepact.facts import Codes

#: Above this many standard deviations the balance overrules a source.
FAR = 3.0
#: A statement is about a product when the goods it counts make up this part of the country's output of the product.
NEARLY_ALL = 0.95


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a source on output: of which goods, where; ``fitted`` is the balance, in the same ``unit``.

    ``deviations`` are standard deviations by which the balance is off; ``counts``: whether it moves the balance.
    """

    country: str
    goods: frozenset[str]
    words: str
    quantity: float
    fitted: float
    unit: str
    deviations: float
    source: str
    counts: bool
    spread: float
    confidence: str = "reported"


@dataclass(frozen=True, eq=False)
class Stated:
    """All statements on output of a balanced year.

    ``observations`` as ``orepact.baseline`` returns them; its terms are those of the network of the ``flows``.
    """

    flows: Flows
    observations: pd.DataFrame
    codes: Codes

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Statements whose every part is output of goods in one country, the firmest first."""
        if self.observations.empty:
            return ()
        terms = self.flows.network.observations
        parts = {str(name): rows for name, rows in terms[terms["year"] == self.flows.years[0]].groupby("observation")}
        told = self.observations[self.observations["source"].astype("str") != ""]
        rows = (self._statement(row, parts.get(str(row["observation"]))) for row in told.to_dict("records"))
        found = [item for item in rows if item is not None]
        return tuple(sorted(found, key=lambda item: (not item.counts, item.spread, item.source)))

    def _statement(self, row: Mapping[object, object], terms: pd.DataFrame | None) -> Statement | None:
        if terms is None or not (terms["kind"] == "production").all() or (terms["process"].astype("str") != "").any():
            return None
        countries = {self.codes.country(name) if name in self.codes.places else name for name in terms["place"].astype("str")}
        quantity = float(str(row["quantity"]))
        if len(countries) != 1 or quantity <= 0:
            return None
        return Statement(
            country=countries.pop(),
            goods=frozenset(terms["commodity"].astype("str")),
            words=str(row["words"]),
            quantity=quantity,
            fitted=float(str(row["fitted"])),
            unit=str(row["unit"]),
            deviations=float(str(row["standardised"])),
            source=str(row["source"]),
            counts=bool(row["counts"]),
            spread=float(str(row["standard_deviation"])) / quantity,
            confidence=str(row.get("confidence") or "reported"),
        )

    def of(self, product: Product, country: str) -> tuple[float, Statement] | None:
        """What the firmest source states of a country's output of a product, in its unit; None where none states all of it.

        The goods of the statement weigh as they do in the balance: ``stated x balanced output of the product / fitted``.
        """
        known = factors(self.flows.network, product)
        for item in self.statements:
            if item.country != country or not item.goods <= set(known) or item.fitted <= 0:
                continue
            made = self._made.get(country, {})
            counted = sum(made.get(name, 0.0) * known[name] for name in item.goods)
            every = sum(made.get(name, 0.0) * factor for name, factor in known.items())
            if every > 0 and counted >= NEARLY_ALL * every:
                return item.quantity * counted / item.fitted, item
        return None

    @cached_property
    def _made(self) -> dict[str, dict[str, float]]:
        """Output of the year in units by country and commodity."""
        rows = self.flows.production
        country = [self.codes.country(name) if name in self.codes.places else name for name in rows["place"].astype("str")]
        found: dict[str, dict[str, float]] = {}
        for place, name, quantity in zip(country, rows["commodity"].astype("str"), rows["quantity"], strict=True):
            goods = found.setdefault(str(place), {})
            goods[name] = goods.get(name, 0.0) + float(quantity)
        return found

    def overruled(self, element: str, stage: str, country: str) -> Statement | None:
        """The statement on goods of a stage that hold an element, made in a country, that the balance contradicts most."""
        network = self.flows.network
        held = set(network.contents.loc[network.contents["element"] == element, "commodity"])
        goods = {str(name) for name in network.commodities.index[network.commodities["stage"] == stage] if name in held}
        far = [s for s in self.statements if s.counts and s.country == country and s.goods <= goods and abs(s.deviations) > FAR]
        return max(far, key=lambda item: abs(item.deviations), default=None)

    def overruled_words(self, item: Statement, producer: str) -> str:
        """One such contradiction in words: who states how much of what, and what the balance has."""
        unit = f" {item.unit}" if item.unit else ""
        return (
            f"{producer} states {number(item.quantity)}{unit} for {item.words} in {self.flows.years[0]}, the balanced year has "
            f"{number(item.fitted)}{unit} ({abs(item.deviations):.1f} standard deviations away)"
        )


def made_by_country(flows: Flows, product: Product, codes: Codes) -> dict[str, float]:
    """Output of a product by country in the one year of the flows, in its unit."""
    factor, made = factors(flows.network, product), flows.production
    rows = made[made["commodity"].isin(list(factor))]
    quantity = rows["quantity"] * rows["commodity"].map(factor).astype(float)
    country = rows["place"].map({name: codes.country(name) for name in rows["place"].unique() if name in codes.places})
    return {str(name): float(total) for name, total in quantity.groupby(country.fillna(rows["place"])).sum().items()}
