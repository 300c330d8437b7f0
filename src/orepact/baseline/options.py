"""What a fit takes for granted: every number that an expert may want to change, with its meaning and default."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any

from orepact.errors import BadInput, Problem


@dataclass(frozen=True)
class BaselineOptions:
    """Settings of one fit. Shares are relative standard deviations; 0 makes the thing exact or leaves it out.

    - ``demand_share``: of the demand in the network, as an observation (0: exact).
    - ``stock_share``: of the throughput of a node, for the change of its stock (0: no stock may change).
    - ``stock_limit``: largest change of a stock, in its standard deviations.
    - ``surplus_share``: of what passes a node that a co-product feeds, for what is left over there.
    - ``activity_spread``: of the output of a place, prior to any observation.
    - ``flow_spread``: of all that a place sends or receives, prior to any observation; see ``baseline.prior``.
    - ``friction_power``: how fast a flow falls with cost, days or distance in the gravity formula.
    - ``home_preference``: how many times more a place takes from itself than from an equally near other place.
    - ``derived_from``: part of the variance that the balance must take away from what nobody reported to call it ``derived``.
    - ``tolerance``: of the solver; the result is polished to the balance afterwards.
    """

    demand_share: float = 0.05
    stock_share: float = 0.03
    stock_limit: float = 5.0
    surplus_share: float = 0.5
    activity_spread: float = 0.5
    flow_spread: float = 0.5
    friction_power: float = 1.0
    home_preference: float = 5.0
    derived_from: float = 0.9
    tolerance: float = 1e-8

    def __post_init__(self) -> None:
        positive = ("activity_spread", "flow_spread", "home_preference", "tolerance")
        problems = []
        for item in fields(self):
            value = float(getattr(self, item.name))
            if not isfinite(value) or value < 0 or (value == 0 and item.name in positive):
                expected = "a finite number " + ("above 0" if item.name in positive else "of at least 0")
                problems.append(Problem(item.name, expected, f"{value:g}", "write such a number", "options"))
        if problems:
            raise BadInput(problems)

    def as_dict(self) -> dict[str, Any]:
        """All settings as plain values, for manifests."""
        return asdict(self)
