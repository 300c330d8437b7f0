"""Tests that another sourcing can mend, as one linear form: a share of something that must reach a threshold.

With ``x_i`` units of part i in one unit of product: ``(sum a_i x_i + base) / (sum b_i x_i + base_of) >= threshold``. The same
form measures a bill (with least and most for ``a_i``) and bounds the choice of sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from orepact.measure.eligibility.bill import Part

#: Least and most of something in one unit of a part.
Bounds: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Share:
    """``counted`` gives (least, most) per unit of a part, ``of`` the whole per unit; ``words`` say what is measured.

    ``base`` counts whatever is bought, ``base_of`` is in the whole, and of ``base_open`` nobody knows whether it counts.
    """

    words: str
    threshold: float
    counted: Callable[[Part], Bounds]
    of: Callable[[Part], float]
    base: float = 0.0
    base_of: float = 0.0
    base_open: float = 0.0

    def measure(self, parts: Iterable[Part]) -> Bounds:
        """Least and most of the share in a bill; 1 where there is nothing to share (nothing can break the test)."""
        low, high = self.base, self.base + self.base_open
        whole = self.base_of
        for part in parts:
            least, most = self.counted(part)
            low += least * part.quantity
            high += most * part.quantity
            whole += self.of(part) * part.quantity
        return (low / whole, high / whole) if whole > 0 else (1.0, 1.0)

    def slack(self, part: Part) -> float:
        """Coefficient of one unit of a part in ``sum slack_i x_i + margin >= 0``, the sure side of the test."""
        return self.counted(part)[0] - self.threshold * self.of(part)

    @property
    def margin(self) -> float:
        """The constant of that inequality."""
        return self.base - self.threshold * self.base_of


def by_price(weight: Callable[[Part], Bounds]) -> Callable[[Part], Bounds]:
    """A weight from 0 to 1 of each part, in dollars a unit."""

    def counted(part: Part) -> Bounds:
        least, most = weight(part)
        return least * part.price_usd, most * part.price_usd

    return counted


def price_of(part: Part) -> float:
    """The whole of a part in dollars a unit."""
    return part.price_usd
