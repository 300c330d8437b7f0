"""Use case: how much of what a place uses comes from abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.measure.reliance import Reliance, as_row
from orepact.measure.supply.dependence import dependence_of, latest_year
from orepact.service.naming import demand_known
from orepact.service.opening import manifest_of, sources_used, weak_claims
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.facts import Ledger

#: Reported consumption may differ from the computed one by this much before a warning.
AGREEMENT = 0.10


def measure_reliance(ledger: Ledger, place: str, thing: str, *, year: int | None = None) -> Result:
    """Apparent consumption, import reliance and net import reliance of a place for an element or a commodity.

    ``data`` is one row: ``place, commodity, year, unit, production, imports, exports, stock_decrease, apparent_consumption,
    import_reliance, net_import_reliance, net_import_reliance_low, net_import_reliance_high``; ``meta`` repeats the figures,
    says on what they rest (``basis``), and lists trade by commodity (``trade``).

    An element counts by contained tonnes in every traded form. Reported totals of imports and exports win over the sum of
    product trade. Withheld production follows from reported consumption, else it is bounded by the capacity at work.
    Raises ``NotFound`` for unknown names, ``BadInput`` for a year without any figure.
    """
    codes = ledger.codes
    demand_known(place=lambda: codes.place(place), thing=lambda: codes.thing(thing))
    year = year if year is not None else latest_year(ledger, place, thing)
    dependence = dependence_of(ledger, place, thing, year)
    if dependence is None:
        raise BadInput([Problem("year", f"a year with figures for {thing} in {place}", str(year), "ask for another year")])
    found, figures, used = dependence.reliance, dependence.figures, dependence.claims
    row = {"place": place, "commodity": thing, "year": year, "unit": figures.unit} | as_row(found)
    reported = figures.numbers.get("apparent_consumption")
    meta: dict[str, Any] = {
        "title": f"{thing} in {place}, {year}: reliance on imports",
        **{
            name: row[name]
            for name in ("net_import_reliance", "import_reliance", "apparent_consumption", "net_import_reliance_low")
        },
        "net_import_reliance_high": row["net_import_reliance_high"],
        "net_exporter": found.net_exporter,
        "reported_apparent_consumption": reported,
        "basis": found.basis,
        "trade": dependence.trade.by("commodity", "direction").to_dict("records"),
        "manifest": manifest_of(ledger),
        "units": dict.fromkeys(("production", "imports", "exports", "apparent_consumption"), figures.unit)
        | {"net_import_reliance": "1"},
        "sources": sources_used(ledger, *used),
        "warnings": [*dependence.notes, *found.warnings, *_disagreement(found, reported), *weak_claims(used)],
    }
    return Result(pd.DataFrame([row]), meta)


def _disagreement(found: Reliance, reported: float | None) -> list[str]:
    computed = found.apparent_consumption
    if reported is None or abs(computed - reported) <= AGREEMENT * abs(reported):
        return []
    words = f"apparent consumption is {computed:,.0f} here and {reported:,.0f} as reported"
    return [f"{words} (other definitions of stocks, scrap or forms)"]
