"""Supply risk by the method of the European Commission's study of 2023.

Formula (methodology guidelines of 2017, doi:10.2873/769526; study of 2023, doi:10.2873/725585), for one stage::

    SR = [ HHI_global * IR/2 + HHI_sourcing * (1 - IR/2) ] * (1 - RIR) * SI
    HHI = sum_i s_i^2 * g_i * t_i

- s_i: share of supplier i in world supply (global) or in what the buyer uses, its own production included (sourcing);
- g_i: governance of supplier i, 0 (best) to 10 (worst): (2.5 - mean of the six World Bank estimates) * 2;
- t_i: trade parameter of supplier i: above 1 for export restrictions, 0.8 for members of the EU, else 1;
- IR: import reliance, net imports over apparent consumption; RIR: end-of-life recycling input rate; SI: substitution index.

Where a study counts only one of the two mixes, that mix stands alone. The supply risk of a material is the higher one of
its stages (extraction, processing). 1 and more is critical when economic importance reaches 2.8.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Considered = Literal["global and EU", "global", "EU"]

#: A material is critical from this supply risk and this economic importance on (study of 2023).
CRITICAL_SUPPLY_RISK = 1.0
CRITICAL_IMPORTANCE = 2.8
NAN = float("nan")


@dataclass(frozen=True, eq=False)
class Mix:
    """Who supplies: ``shares`` as fractions, ``governance`` 0 (best) to 10 (worst), ``trade`` parameters, one entry each.

    ``half_width`` is half the step to which the shares are rounded, for ``hhi_range``; ``places`` name the suppliers.
    """

    shares: Numbers
    governance: Numbers
    trade: Numbers
    half_width: float = 0.0
    places: tuple[str, ...] = ()

    @property
    def adds(self) -> Numbers:
        """What each supplier adds to the concentration."""
        return self.shares**2 * self.governance * self.trade

    @classmethod
    def empty(cls) -> Mix:
        """A mix of which nothing is known."""
        return cls(np.empty(0), np.empty(0), np.empty(0))

    @property
    def covered(self) -> float:
        """Sum of the shares: 1 when every supplier is named."""
        return float(self.shares.sum())

    @property
    def hhi(self) -> float:
        """HHI = sum s^2 g t, 0 to 10 (above with trade parameters above 1); NaN without suppliers.

        >>> Mix(np.array([0.6, 0.4]), np.array([8.0, 2.0]), np.array([1.0, 1.1])).hhi
        3.232
        """
        return float(self.adds.sum()) if len(self.shares) else NAN

    @property
    def hhi_range(self) -> tuple[float, float]:
        """The lowest and highest ``hhi`` that the rounding of the shares allows, each share on its own."""
        low, high = np.maximum(self.shares - self.half_width, 0.0), self.shares + self.half_width
        return replace(self, shares=low).hhi, replace(self, shares=high).hhi

    @property
    def completed_range(self) -> tuple[float, float]:
        """``hhi_range`` with the part that no row names given, at most, to the supplier where it weighs heaviest."""
        low, high = self.hhi_range
        gap = max(0.0, 1.0 - self.covered)
        added = ((2 * self.shares + gap) * gap * self.governance * self.trade).max() if len(self.shares) else 0.0
        return low, high + float(added)


def governance_weight(estimate: float) -> float:
    """Governance from 0 (best) to 10 (worst) of a mean World Bank estimate (about 2.5 to -2.5): (2.5 - estimate) * 2.

    >>> governance_weight(2.5), governance_weight(0.0), governance_weight(-2.5)
    (0.0, 5.0, 10.0)
    """
    return min(max((2.5 - estimate) * 2.0, 0.0), 10.0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What supply risk is made of at one stage; NaN where it is not known.

    ``hhi_global`` and ``hhi_sourcing``: 0 to 10; ``import_reliance``, ``recycling_input_rate``: fractions; ``considered``:
    the mixes that count.
    """

    hhi_global: float
    hhi_sourcing: float
    import_reliance: float
    recycling_input_rate: float
    substitution_index: float
    considered: Considered = "global and EU"

    @property
    def global_weight(self) -> float:
        """Weight of the global mix: half the import reliance, or all or nothing where one mix stands alone."""
        return {"global": 1.0, "EU": 0.0}.get(self.considered, self.import_reliance / 2)

    @property
    def mixed_hhi(self) -> float:
        """The concentration that counts, of one mix or both; a mix without weight need not be known."""
        weight = self.global_weight
        parts = ((weight, self.hhi_global), (1 - weight, self.hhi_sourcing))
        return NAN if math.isnan(weight) else sum(part * hhi for part, hhi in parts if part)

    @property
    def supply_risk(self) -> float:
        """The supply risk; NaN when an input that counts is missing.

        >>> round(Terms(2.0, 4.0, 0.5, 0.2, 0.9).supply_risk, 3)
        2.52
        """
        return self.mixed_hhi * (1 - self.recycling_input_rate) * self.substitution_index

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the inputs that count and are not known."""
        weight = self.global_weight
        needed = {
            "import_reliance": self.considered == "global and EU",
            "recycling_input_rate": True,
            "substitution_index": True,
            "hhi_global": weight != 0,
            "hhi_sourcing": weight != 1,
        }
        return tuple(name for name, counts in needed.items() if counts and np.isnan(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Rounding:
    """Half the step to which printed inputs are rounded."""

    import_reliance: float = 0.005
    recycling_input_rate: float = 0.005
    substitution_index: float = 0.005


def supply_risk_range(
    terms: Terms, world: tuple[float, float], sourcing: tuple[float, float], rounding: Rounding | None = None
) -> tuple[float, float]:
    """The lowest and highest supply risk that the rounding of the printed inputs allows.

    ``world`` and ``sourcing`` are the ranges of the two concentrations (``Mix.hhi_range``). Supply risk rises with both and
    with the substitution index, falls with the recycling input rate, and is linear in import reliance: the ends are at ends.
    """
    steps = rounding or Rounding()
    reliances = [min(max(terms.import_reliance + sign * steps.import_reliance, 0.0), 1.0) for sign in (-1, 1)]
    ends = [
        replace(
            terms,
            hhi_global=world[end],
            hhi_sourcing=sourcing[end],
            import_reliance=reliance,
            recycling_input_rate=min(max(terms.recycling_input_rate - sign * steps.recycling_input_rate, 0.0), 1.0),
            substitution_index=max(terms.substitution_index + sign * steps.substitution_index, 0.0),
        ).supply_risk
        for end, sign in ((0, -1), (1, 1))
        for reliance in reliances
    ]
    return min(ends), max(ends)


def is_critical(supply_risk: float, economic_importance: float) -> bool:
    """Whether both thresholds of the study are reached, each at the one decimal it prints.

    >>> is_critical(0.97, 2.8), is_critical(2.0, 2.7)
    (True, False)
    """
    half = 0.05 + 1e-9
    return supply_risk + half >= CRITICAL_SUPPLY_RISK and economic_importance + half >= CRITICAL_IMPORTANCE
