"""Model years: what each stands for, what it weighs, and how capital is spread over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Horizon:
    """The model years and the yearly discount rate.

    A model year stands for itself and the calendar years before the next one; the last stands for one year.
    """

    years: tuple[int, ...]
    discount_rate: float

    def __len__(self) -> int:
        return len(self.years)

    @cached_property
    def spans(self) -> NDArray[np.float64]:
        """Calendar years that each model year stands for.

        >>> Horizon((2025, 2027, 2030), 0.05).spans.tolist()
        [2.0, 3.0, 1.0]
        """
        return np.append(np.diff(np.asarray(self.years, dtype=float)), 1.0)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """Discounted calendar years that each model year stands for; the first year alone has factor 1.

        Formula: w_t = sum over y in [t, t + span_t) of (1 + r)^-(y - t0), with t0 the first model year.

        >>> Horizon((2025, 2027), 0.1).weights.round(6).tolist()
        [1.909091, 0.826446]
        """
        start = np.asarray(self.years, dtype=float) - self.years[0]
        factor = [
            sum((1 + self.discount_rate) ** -(first + k) for k in range(int(n)))
            for first, n in zip(start, self.spans, strict=True)
        ]
        return np.asarray(factor)

    def stands(self, lead_time_years: ArrayLike, lifetime_years: ArrayLike) -> NDArray[np.bool_]:
        """Whether capacity decided in year s stands in year t: shape (items, s, t).

        Formula: s + lead <= t < s + lead + lifetime.

        >>> Horizon((2025, 2026, 2030), 0.05).stands([1], [4])[0].astype(int).tolist()
        [[0, 1, 0], [0, 0, 1], [0, 0, 0]]
        """
        year = np.asarray(self.years, dtype=float)
        ready = year[None, :, None] + np.asarray(lead_time_years, dtype=float)[:, None, None]
        over = ready + np.asarray(lifetime_years, dtype=float)[:, None, None]
        now: NDArray[np.bool_] = (ready <= year[None, None, :]) & (year[None, None, :] < over)
        return now


def annuity(discount_rate: float, lifetime_years: ArrayLike) -> NDArray[np.float64]:
    """Yearly payment per unit of capital over a lifetime.

    Formula: r / (1 - (1 + r)^-n); 1 / n when r is 0 (the standard capital recovery factor).

    >>> annuity(0.05, [20, 10]).round(6).tolist()
    [0.080243, 0.129505]
    >>> annuity(0.0, [20]).tolist()
    [0.05]
    """
    life = np.asarray(lifetime_years, dtype=float)
    if discount_rate == 0:
        return 1.0 / life
    return np.asarray(discount_rate / (1.0 - (1.0 + discount_rate) ** -life))
