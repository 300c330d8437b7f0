"""Risk measures of a sample of losses: mean, value at risk, conditional value at risk, each with its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The levels that tables show.
LEVELS = (0.95, 0.99)
#: Years that must lie in the tail before anything is said of how sure a figure of the tail is.
LEAST_YEARS = 10
#: A figure whose standard error is a larger part of it than this is no headline, and what that part should come down to.
MOST_ERROR, GOOD_ERROR = 0.2, 0.1


@dataclass(frozen=True)
class Measure:
    """A figure of the distribution and its standard error, in the unit of the losses; NaN where the sample is too small."""

    value: float
    standard_error: float

    @property
    def unsure(self) -> bool:
        """Whether the standard error is more than a fifth of the figure; False where none can be told."""
        return self.standard_error > MOST_ERROR * abs(self.value)

    def years_for(self, years: int, part: float = GOOD_ERROR) -> float:
        """Sampled years, to two digits and upwards, that bring the standard error of ``years`` years to a part of the figure.

        The error falls with the square root of the years; infinite for a figure of nothing.

        >>> Measure(50.0, 20.0).years_for(200)
        3200.0
        """
        if not self.value:
            return float("inf")
        wanted = years * (self.standard_error / (part * self.value)) ** 2
        step = 10.0 ** max(np.floor(np.log10(wanted)) - 1, 0) if wanted > 0 else 1.0
        return float(np.ceil(round(wanted / step, 9)) * step)


def median(losses: NDArray[np.float64]) -> Measure:
    """The loss that half of the years do not exceed; see ``value_at_risk``."""
    return value_at_risk(losses, 0.5)


def mean(losses: NDArray[np.float64]) -> Measure:
    """Mean; its standard error is s / sqrt(n)."""
    count = len(losses)
    if not count:
        return Measure(float("nan"), float("nan"))
    spread = float(losses.std(ddof=1)) / np.sqrt(count) if count > 1 else float("nan")
    return Measure(float(losses.mean()), float(spread))


def value_at_risk(losses: NDArray[np.float64], level: float) -> Measure:
    """The smallest loss that a share ``level`` of years does not exceed: the ceil(level x n)-th smallest.

    The standard error is half the distance between the order statistics one binomial standard deviation sqrt(n a (1 - a))
    below and above (free of any distribution); NaN where fewer than ``LEAST_YEARS`` years are expected beyond.

    >>> value_at_risk(np.arange(1.0, 101.0), 0.95).value
    95.0
    """
    count = len(losses)
    if not count:
        return Measure(float("nan"), float("nan"))
    ordered = np.sort(losses)
    rank, step = level * count, np.sqrt(count * level * (1 - level))
    at, low, high = (int(min(max(np.ceil(round(r, 9)), 1), count)) for r in (rank, rank - step, rank + step))
    enough = rank + step <= count and round(count - rank, 9) >= LEAST_YEARS
    error = float(ordered[high - 1] - ordered[low - 1]) / 2 if enough else float("nan")
    return Measure(float(ordered[at - 1]), error)


def conditional_value_at_risk(losses: NDArray[np.float64], level: float) -> Measure:
    """Mean loss of the worst share 1 - ``level`` of years: VaR + mean((loss - VaR)+) / (1 - level).

    Rockafellar and Uryasev (2000), Journal of Risk 2(3), 21-41. Its standard
    error: that of the mean of (loss - VaR)+, divided by 1 - level; NaN where fewer than ``LEAST_YEARS`` years lie beyond the VaR.

    >>> conditional_value_at_risk(np.arange(1.0, 101.0), 0.95).value
    98.0
    """
    count = len(losses)
    if not count:
        return Measure(float("nan"), float("nan"))
    threshold = value_at_risk(losses, level).value
    beyond = mean(np.maximum(losses - threshold, 0.0))
    enough = int((losses > threshold).sum()) >= LEAST_YEARS
    error = beyond.standard_error / (1 - level) if enough else float("nan")
    return Measure(threshold + beyond.value / (1 - level), error)


def tail_weights(losses: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Weight of each year in the conditional value at risk: sum of weight x loss is the CVaR, the weights sum to one.

    Years beyond the VaR weigh 1 / ((1 - level) n); those equal to it share what is left.
    """
    count = len(losses)
    threshold = value_at_risk(losses, level).value
    weights = np.where(losses > threshold, 1.0 / ((1 - level) * count), 0.0)
    equal = losses == threshold
    weights[equal] = max(1.0 - weights.sum(), 0.0) / equal.sum()
    return np.asarray(weights)
