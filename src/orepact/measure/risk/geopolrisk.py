"""The GeoPolRisk method: how exposed a buyer is to the politics of its suppliers.

Formula (Gemechu et al. 2016, Journal of Industrial Ecology 20(1), 154; domestic production by Helbig et al. 2016, Journal
of Cleaner Production 137, 1170; Koyamparambath et al. 2022, Resources Policy 75, 102465, and 2024,
doi:10.1016/j.resconrec.2024.107801), of one material for one buyer in one year::

    score       = HHI * import_risk
    HHI         = sum_i s_i^2                      world production, 0 to 1
    import_risk = sum_i g_i * f_i / (p + F)        f_i imports from i, F their sum, p domestic production
    midpoint    = score * price
    factor      = midpoint / midpoint of copper    kg copper equivalent per kg, same buyer and year

g_i is the instability of supplier i from 0 (stable) to 1: (2.5 - political stability estimate) / 5. A supplier without an
estimate counts 0.5. Domestic production carries no risk and dilutes that of imports.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

#: Instability of a supplier whose estimate is not known (Koyamparambath et al. 2024).
UNKNOWN_INSTABILITY = 0.5


@dataclass(frozen=True, slots=True)
class GeopoliticalRisk:
    """The score and its two factors; ``hhi`` and ``score`` 0 to 1 where the weights are.

    ``imports`` and ``domestic`` are quantities in one unit.
    """

    hhi: float
    import_risk: float
    imports: float
    domestic: float

    @property
    def score(self) -> float:
        """Concentration of world production times the risk of imports."""
        return self.hhi * self.import_risk

    @property
    def import_share(self) -> float:
        """Part of supply that is imported; NaN without any supply."""
        supply = self.imports + self.domestic
        return self.imports / supply if supply > 0 else float("nan")

    def midpoint(self, price: float) -> float:
        """Score times price, in the unit of the price."""
        return self.score * price


def instability(estimate: float) -> float:
    """Instability from 0 (stable) to 1 of a political stability estimate (about 2.5 to -2.5): (2.5 - estimate) / 5.

    >>> instability(2.5), instability(0.0), instability(-3.0), instability(float("nan"))
    (0.0, 0.5, 1.0, 0.5)
    """
    if np.isnan(estimate):
        return UNKNOWN_INSTABILITY
    return min(max((2.5 - estimate) / 5.0, 0.0), 1.0)


def production_hhi(quantities: Numbers) -> float:
    """HHI = sum of squared shares, 0 to 1, of quantities by producer; NaN without production.

    >>> production_hhi(np.array([70.0, 30.0]))
    0.58
    """
    total = float(quantities.sum())
    return float(np.square(quantities / total).sum()) if total > 0 else float("nan")


def geopolitical_risk(hhi: float, imports: Numbers, weights: Numbers, domestic: float = 0.0) -> GeopoliticalRisk:
    """The risk of imports from suppliers with ``weights``, beside ``domestic`` production that carries none.

    >>> found = geopolitical_risk(0.5, np.array([60.0, 20.0]), np.array([0.8, 0.2]), domestic=20.0)
    >>> round(found.import_risk, 2), round(found.score, 2)
    (0.52, 0.26)
    """
    total = float(imports.sum())
    supply = total + domestic
    risk = float((imports * weights).sum()) / supply if supply > 0 else float("nan")
    return GeopoliticalRisk(hhi, risk, total, domestic)
