"""Plans that meet all demand without any stock: what one of them does not use, nobody misses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from orepact.linear import LinearProgram, minimise
from orepact.shock.exposure.program import SETTINGS, Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.exposure.aggregate import Aggregate

#: After so many plans hardly anything more is spared on the reference network.
ROUNDS = 24


def sparing_plans(aggregate: Aggregate, rounds: int = ROUNDS) -> list[NDArray[np.bool_]]:
    """Which sites and routes each plan uses; empty when demand cannot be met without stocks.

    Each plan makes dear what every plan before it needed (in turn all alike and by drawn lots, seed 0). A plan proves for every
    time to recover that what it does not use can stop without any loss, and for as long as one likes.
    """
    columns = Columns.of(aggregate)
    matrix, needed = sparse.csr_array(columns.matrix()), columns.needed()
    rows, moving = len(needed), columns.moving
    lots = np.random.default_rng(0)
    plans: list[NDArray[np.bool_]] = []
    dear = np.zeros(moving)
    for number in range(rounds):
        program = LinearProgram(dear, np.zeros(moving), columns.capacity, matrix, needed, np.full(rows, np.inf))
        found = minimise(program, {"threads": 1, **SETTINGS})
        if found.status != "optimal":
            break
        plans.append(found.values > 0)
        always = np.logical_and.reduce(plans)
        dear = np.where(always, lots.random(moving) if number % 2 else 1.0, 0.0)
    return plans
