"""How much of a supply comes from how few: shares, HHI, the largest suppliers, governance, N-1.

A *supplier* is a place or an owner. Two rows are not one supplier: ``ROW`` (all places without an entry of their own)
and ``unknown`` (output whose owner no claim names). They count in the total, never as the largest supplier, and
the HHI is given between two bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from orepact.errors import BadInput, Problem

#: Places without an entry of their own, summed: many suppliers, not one.
REST = "ROW"
#: Output whose owner no claim names.
UNKNOWN = "unknown"
#: Rows that stand for several suppliers.
AGGREGATES = (REST, UNKNOWN)

By = Literal["place", "owner"]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Concentration:
    """The suppliers of one stage in one year and the figures that follow from their shares.

    ``rows`` has the columns ``place`` or ``owner``, ``quantity``, ``unit``, ``share``, largest first, aggregates last.
    Shares sum to 1. ``hhi`` is 0 to 10000; ``top1``, ``top3``, ``n_minus_1``, ``unknown_share`` and ``rest_share`` are
    fractions of the total; ``governance_hhi`` is 0 (best) to 10 (worst), NaN without governance estimates.
    """

    rows: pd.DataFrame
    by: By
    total: float
    unit: str
    largest: str
    hhi: float
    hhi_upper: float
    top1: float
    top3: float
    n_minus_1: float
    unknown_share: float
    rest_share: float
    coverage: float
    governance_hhi: float
    governance_missing: tuple[str, ...]

    @property
    def figures(self) -> dict[str, Any]:
        """Every figure without the rows, NaN as None, for tables and JSON."""
        names = (
            "total", "unit", "largest", "hhi", "hhi_upper", "top1", "top3", "n_minus_1", "unknown_share", "rest_share",
            "coverage", "governance_hhi",
        )  # fmt: skip
        return {name: _plain(getattr(self, name)) for name in names} | {"governance_missing": list(self.governance_missing)}


def concentration_of(
    amounts: pd.Series,
    *,
    by: By = "place",
    unit: str = "t",
    world_total: float | None = None,
    governance: Mapping[str, float] | None = None,
) -> Concentration:
    """Shares and concentration of ``amounts`` (supplier -> quantity in ``unit``).

    - HHI = 10^4 * sum_i s_i^2 over the named suppliers (Herfindahl 1950). The aggregates enter with 0, as if
      spread over infinitely many suppliers: ``hhi`` is a lower bound. ``hhi_upper`` takes ``ROW`` for one supplier and gives
      everything ``unknown`` to the largest owner.
    - top1, top3 = the largest share and the three largest shares of named suppliers.
    - n_minus_1 = 1 - top1: the part of supply that is left when the largest supplier stops.
    - governance_hhi = sum_i s_i^2 g_i with g from ``governance_risk`` (0 best to 10 worst), shares as fractions: the supply
      risk term HHI_WGI of the European Commission's 2017 criticality guidelines (doi:10.2873/769526), trade factor 1.
      Suppliers without an estimate are left out and listed in ``governance_missing``.
    - coverage = total of the rows / ``world_total`` (NaN when no world total is given).

    Raises ``BadInput`` for negative or missing quantities, a supplier named twice, or a total of nothing.

    >>> result = concentration_of(pd.Series({"COD": 60.0, "IDN": 30.0, "ROW": 10.0}))
    >>> round(result.hhi), round(result.hhi_upper), result.largest, round(result.n_minus_1, 2)
    (4500, 4600, 'COD', 0.4)
    """
    _demand_sound(amounts)
    ordered = _ordered(amounts[amounts > 0])
    total = float(ordered.sum())
    share = ordered / total
    named = share[~share.index.isin(AGGREGATES)]
    rest, unknown = float(share.get(REST, 0.0)), float(share.get(UNKNOWN, 0.0))
    risk = named.index.map(dict(governance or {})).to_numpy(dtype=float)
    rows = pd.DataFrame({by: ordered.index, "quantity": ordered.to_numpy(), "unit": unit, "share": share.to_numpy()})
    top1 = float(named.iloc[0]) if len(named) else 0.0
    return Concentration(
        rows=rows,
        by=by,
        total=total,
        unit=unit,
        largest=str(named.index[0]) if len(named) else "",
        hhi=hhi(named.to_numpy()),
        hhi_upper=_hhi_upper(named.to_numpy(), rest, unknown),
        top1=top1,
        top3=float(named.iloc[:3].sum()),
        n_minus_1=1.0 - top1,
        unknown_share=unknown,
        rest_share=rest,
        coverage=total / world_total if world_total else float("nan"),
        governance_hhi=_weighted(named.to_numpy(), risk),
        governance_missing=tuple(str(name) for name in named.index[np.isnan(risk)]) if governance else (),
    )


def hhi(shares: Shares) -> float:
    """Herfindahl-Hirschman index, 10^4 * sum s_i^2, of shares given as fractions of the whole.

    >>> hhi(np.array([0.5, 0.5])), hhi(np.array([1.0]))
    (5000.0, 10000.0)
    """
    return 1e4 * float(np.square(shares).sum())


def _hhi_upper(named: Shares, rest: float, unknown: float) -> float:
    """``hhi`` with the rest of the world as one supplier and everything unknown given to the largest."""
    held = named.copy() if len(named) else np.zeros(1)
    held[0] += unknown
    return hhi(np.append(held, rest))


def _weighted(shares: Shares, risk: Shares) -> float:
    known = ~np.isnan(risk)
    return float((np.square(shares[known]) * risk[known]).sum()) if known.any() else float("nan")


def governance_risk(estimates: pd.DataFrame) -> dict[str, float]:
    """Risk of each place, 0 (best governed) to 10 (worst), from World Bank governance estimates.

    ``estimates`` has one row per place and one column per indicator (about -2.5 worst to 2.5 best, up to six). The
    mean of the known indicators is turned round and scaled: risk = (2.5 - mean) * 2, held within 0 and 10 (scaling of the
    European Commission's 2017 criticality guidelines, doi:10.2873/769526). Places without any estimate are left out.

    >>> governance_risk(pd.DataFrame({"a": [2.5, 0.0], "b": [2.5, -1.0]}, index=["NOR", "XXX"]))
    {'NOR': 0.0, 'XXX': 6.0}
    """
    mean = estimates.mean(axis=1, skipna=True).dropna()
    return {str(place): float(risk) for place, risk in ((2.5 - mean) * 2).clip(0, 10).items()}


def _ordered(amounts: pd.Series) -> pd.Series:
    """Largest first, equal ones by name; aggregates at the end."""
    frame = pd.DataFrame({"quantity": amounts.astype(float)})
    frame["last"] = frame.index.isin(AGGREGATES)
    frame["name"] = frame.index.astype(str)
    return frame.sort_values(["last", "quantity", "name"], ascending=[True, False, True])["quantity"]


def _demand_sound(amounts: pd.Series) -> None:
    problems = [
        Problem("quantity", "a number of at least 0", f"{value!r} for {name}", "mend or drop the supplier")
        for name, value in amounts[~(amounts >= 0)].items()
    ]
    problems += [
        Problem(str(amounts.index.name or "supplier"), "each supplier once", repr(name), "sum its quantities")
        for name in amounts.index[amounts.index.duplicated()].unique()
    ]
    if not problems and not float(amounts.sum()) > 0:
        problems = [Problem("quantity", "a total above 0", "nothing", "ask for a year and stage with supply")]
    if problems:
        raise BadInput(problems)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
