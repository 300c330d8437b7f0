"""How much of what a place uses comes from abroad: apparent consumption, import reliance, net import reliance.

Definitions of the United States Geological Survey (Mineral Commodity Summaries, Appendix B):

- apparent consumption = production + imports - exports + stock decrease
- import reliance = imports / apparent consumption
- net import reliance = (imports - exports + stock decrease) / apparent consumption

A net exporter has a negative net import reliance (USGS prints ``E``). Where production is withheld and consumption is
reported, production follows from it; where production is only bounded, so is the answer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Reliance:
    """Supply and use of one thing in one place and year, all in one unit; reliances are fractions.

    Unknown figures are NaN. ``low`` and ``high`` bound ``net_import_reliance`` where production is only bounded;
    they are equal to it where production is known. ``basis`` says in words where consumption comes from.
    """

    production: float
    imports: float
    exports: float
    stock_decrease: float
    apparent_consumption: float
    import_reliance: float
    net_import_reliance: float
    low: float
    high: float
    basis: str
    warnings: tuple[str, ...] = ()

    @property
    def net_exporter(self) -> bool:
        """Whether more leaves than arrives."""
        return self.imports - self.exports + self.stock_decrease < 0


def reliance_of(
    *,
    imports: float,
    exports: float,
    production: float | None = None,
    production_range: tuple[float, float] | None = None,
    reported_consumption: float | None = None,
    stock_decrease: float = 0.0,
) -> Reliance:
    """Reliance from quantities in one unit and one year.

    ``production`` wins over ``reported_consumption``, which wins over ``production_range`` (low, high; the middle is
    taken and the bounds are reported). With none of them only imports and exports come back.

    >>> result = reliance_of(production=50.0, imports=80.0, exports=30.0)
    >>> result.apparent_consumption, result.import_reliance, result.net_import_reliance
    (100.0, 0.8, 0.5)
    >>> reliance_of(imports=80.0, exports=30.0, reported_consumption=200.0).production
    150.0
    """
    net = imports - exports + stock_decrease
    low, high = (production, production) if production is not None else (NAN, NAN)
    basis = "production + imports - exports + stock decrease"
    if production is None and reported_consumption is not None:
        production = reported_consumption - net
        low = high = production
        basis = "reported apparent consumption; production follows from it"
    elif production is None and production_range is not None:
        low, high = production_range
        production = (low + high) / 2
        basis = f"production between {low:g} and {high:g}: the middle is taken"
    elif production is None:
        production, basis = NAN, "production is not known"
    trade = {"imports": imports, "exports": exports, "stock_decrease": stock_decrease}
    return _closed(trade, production, (low, high), basis)


def _closed(trade: Mapping[str, float], production: float, bounds: tuple[float, float], basis: str) -> Reliance:
    net = trade["imports"] - trade["exports"] + trade["stock_decrease"]
    consumption = production + net
    warnings = []
    if consumption <= 0:
        warnings.append("apparent consumption is not above 0 (stocks or re-exports): reliance has no meaning")
    if production < 0:
        warnings.append("reported consumption is below net imports: sources disagree")
    elif 0 < consumption < trade["imports"]:
        warnings.append("import reliance is above 100 %: a part of the imports leaves again (re-exports) or goes into stock")
    ends = sorted((_ratio(net, bound + net) for bound in bounds), key=lambda value: (math.isnan(value), value))
    return Reliance(
        production=production,
        **trade,
        apparent_consumption=consumption,
        import_reliance=_ratio(trade["imports"], consumption),
        net_import_reliance=_ratio(net, consumption),
        low=ends[0],
        high=ends[1],
        basis=basis,
        warnings=tuple(warnings),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else NAN


def contained(flows: pd.DataFrame, t_per_unit: Mapping[str, float]) -> pd.DataFrame:
    """Flows of products as tonnes of one element: ``flows`` with the column ``contained_t``.

    ``flows`` has the columns ``commodity`` and ``quantity`` (in the unit of the commodity); ``t_per_unit`` holds tonnes of the
    element in one unit. contained_t = quantity * t_per_unit; commodities without content are left out.

    >>> flows = pd.DataFrame({"commodity": ["lithium_carbonate", "copper_cathode"], "quantity": [100.0, 5.0]})
    >>> contained(flows, {"lithium_carbonate": 0.18785})["contained_t"].round(3).tolist()
    [18.785]
    """
    factor = flows["commodity"].map(dict(t_per_unit)).astype("float64")
    kept = flows[factor > 0]
    return kept.assign(contained_t=kept["quantity"] * factor[factor > 0])


def as_row(result: Reliance) -> dict[str, Any]:
    """The figures of a reliance as plain values, NaN as None."""
    names = (
        "production", "imports", "exports", "stock_decrease", "apparent_consumption", "import_reliance", "net_import_reliance",
        "low", "high",
    )  # fmt: skip
    renamed = {"low": "net_import_reliance_low", "high": "net_import_reliance_high"}
    values = {renamed.get(name, name): getattr(result, name) for name in names}
    return {name: None if value != value else value for name, value in values.items()}  # noqa: PLR0124  NaN
