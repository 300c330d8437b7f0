"""An order of the pools in which matter flows forward, so that the factors of a sparse system stay sparse.

Goods flow from ore to product: with the pools of one commodity side by side and the commodities in the order of the chain,
(I - M) is block triangular but for the few arcs that lead back (scrap). Elimination in that order fills little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: More groups than this are not ordered: the graph of the groups is held as a square of numbers.
MOST_GROUPS = 4000


def flow_order(matrix: Any, groups: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Rows of ``matrix`` by group, the groups in an order that few arcs lead against; None for too many groups.

    ``matrix[i, j] > 0`` leads from j to i. The greedy rule is that of Eades, Lin and Smyth (1993): what nothing leads to goes
    first, what leads nowhere goes last, else the group that gives most in excess of what it gets goes next.
    """
    entries = sparse.coo_array(matrix)
    row, column = entries.coords
    count = int(groups.max(initial=-1)) + 1
    if count > MOST_GROUPS:
        return None
    source, target = groups[column], groups[row]
    apart = source != target
    weight = np.bincount(source[apart] * count + target[apart], entries.data[apart], minlength=count * count).astype(float)
    rank = np.empty(count, dtype=np.int64)
    rank[_greedy(weight.reshape(count, count))] = np.arange(count)
    return np.argsort(rank[groups], kind="stable")


def _greedy(weight: NDArray[np.float64]) -> list[int]:
    """Order of groups from the arcs ``weight[from, to]``."""
    given, got = weight.sum(axis=1), weight.sum(axis=0)
    arcs_out, arcs_in = (weight > 0).sum(axis=1), (weight > 0).sum(axis=0)
    left = np.ones(len(weight), dtype=bool)
    first: list[int] = []
    last: list[int] = []
    while left.any():
        sources, sinks = np.flatnonzero(left & (arcs_in == 0)), np.flatnonzero(left & (arcs_out == 0))
        if len(sources):
            taken, ends = int(sources[0]), first
        elif len(sinks):
            taken, ends = int(sinks[0]), last
        else:
            taken, ends = int(np.argmax(np.where(left, given - got, -np.inf))), first
        ends.append(taken)
        left[taken] = False
        given, got = given - weight[:, taken], got - weight[taken]
        arcs_out, arcs_in = arcs_out - (weight[:, taken] > 0), arcs_in - (weight[taken] > 0)
    return first + last[::-1]
