"""Traced origin: the reference network, and a synthetic chain against the bare factorisation and the dense Leontief route."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from benchmarks.registry import Measures, spec, timed

PLACES, LAYERS, INPUTS, ROUTES, ORIGINS, SCRAPPED = 50, 20, 2, 4, 200, 4
#: The largest chain that the dense route is run on; beyond it grows with the square (memory) and the cube (time).
DENSE_NODES = 5_000
#: The largest chain that SuperLU is run on in its usual order; it did not finish 100,000 pools in three minutes and 2 GiB.
BARE_NODES = 20_000
#: Bytes of one entry of a sparse factor: the number and its row.
ENTRY_BYTES = 12


@spec(
    "origin_reference",
    title="seconds to trace an element from every pool of the reference network to all of its origins; target: 1 s",
    sweep=[{"element": name} for name in ("cobalt", "nickel", "lithium", "graphite")],
    smoke={"element": "cobalt"},
)
def origin_reference(element: str) -> Measures:
    """Transfers and mixing, then factors and solutions for all pools, by mine and owner; of the base year of the plan."""
    from orepact.chain.network import Network
    from orepact.chain.scenario import Scenario
    from orepact.facts.ledger import Ledger
    from orepact.measure.origin import Tracing
    from orepact.plan import solve

    scenario = Scenario.load("reference").model_copy(update={"years": ()})
    flows = solve(Network.from_facts(Ledger.shipped(), scenario, years=(2024,)), scenario).flows
    Tracing.of(flows, 2024, element).everywhere()  # imports are not what we measure
    measures: dict[str, float | str] = {}
    with timed(measures, "total"):
        with timed(measures, "mixing"):
            tracing = Tracing.of(flows, 2024, element)
        with timed(measures, "solve"):
            table = tracing.everywhere(by="owner")
    measures |= {"pools": float(len(table.nodes)), "origins": float(len(table.origins)), "shares": float(table.shares.nnz)}
    return measures


@spec(
    "origin_scaling",
    title="seconds for all shares of 200 origins; ratios to bare SuperLU and to the dense inverse",
    sweep=[{"nodes": nodes} for nodes in (5_000, 20_000, 100_000)],
    smoke={"nodes": 1_000},
)
def origin_scaling(nodes: int) -> Measures:
    """Ours (order, factors, solutions), SuperLU as it comes, and the inverse; the inverse beyond 5,000 pools by extrapolation."""
    from orepact.measure.tracing.propagation import Propagation

    matrix, direct, groups = synthetic_mixing(nodes)
    measures: dict[str, float | str] = {"entries": float(matrix.nnz)}
    with timed(measures, "total"):
        system = Propagation(matrix, groups)
        with timed(measures, "factor"):
            fill = system.fill
        with timed(measures, "solve"):
            ours = system.solve(direct)
    measures |= {"fill": float(fill), "gib": (fill * ENTRY_BYTES + ours.nbytes) / 2**30}
    worst = float(np.abs(ours.sum(axis=1) - 1.0).max())
    measures |= {"worst_sum": worst} | _bare(matrix, direct, ours, float(measures["total_cpu_s"]))
    del ours
    return measures | _dense(nodes, measures)


def _bare(matrix: sparse.csc_array, direct: sparse.csc_array, ours: np.ndarray, seconds: float) -> dict[str, float | str]:
    """SuperLU with its usual column order, all right-hand sides at once."""
    if matrix.shape[0] > BARE_NODES:
        return {"bare": f"not run beyond {BARE_NODES:,} pools"}
    gc.collect()
    found: dict[str, float | str] = {}
    system = sparse.csc_matrix(sparse.eye_array(matrix.shape[0], format="csc") - matrix)
    with timed(found, "bare"):
        with timed(found, "bare_factor"):
            factors = splu(system)
        theirs = factors.solve(direct.toarray())
    found |= {"bare_fill": float(factors.nnz), "bare_difference": float(np.abs(theirs - ours).max())}
    return found | {"bare_cpu_ratio": float(found["bare_cpu_s"]) / seconds}


def _dense(nodes: int, ours: dict[str, float | str]) -> dict[str, float | str]:
    """The inverse as input-output tools form it, at no more than ``DENSE_NODES``, scaled to ``nodes``."""
    size = min(nodes, DENSE_NODES)
    matrix, direct, _ = synthetic_mixing(size)
    found: dict[str, float | str] = {"dense_nodes": float(size)}
    tracemalloc.start()
    with timed(found, "dense"):
        inverse = np.linalg.inv(np.eye(size) - matrix.toarray())
        shares = inverse @ direct.toarray()
    found["dense_gib"] = tracemalloc.get_traced_memory()[1] / 2**30
    tracemalloc.stop()
    assert abs(float(shares.sum()) - size) < 1e-6 * size
    growth = nodes / size
    found["dense_scaled_cpu_s"], found["dense_scaled_gib"] = (
        float(found["dense_cpu_s"]) * growth**3,
        float(found["dense_gib"]) * growth**2,
    )
    found["dense_cpu_ratio"] = float(found["dense_scaled_cpu_s"]) / float(ours["total_cpu_s"])
    return found | {"dense_memory_ratio": float(found["dense_scaled_gib"]) / float(ours["gib"])}


def synthetic_mixing(nodes: int, seed: int = 0) -> tuple[sparse.csc_array, sparse.csc_array, np.ndarray]:
    """Shares of pools from pools and from origins, and the commodity of each pool; rows of both sum to 1.

    Commodities in 20 layers from ore to product; a pool gets from two commodities of the layer below and from four other places;
    four commodities of the third layer get scrap of the last in every place. Ore comes from one of 200 origins. Names are
    shuffled: no order is given away.
    """
    rng = np.random.default_rng(seed)
    things = max(nodes // PLACES, LAYERS)
    layer = np.arange(things) * LAYERS // things
    place = np.arange(PLACES)
    arcs = [arc for thing in range(things) for arc in _arcs(rng, thing, layer, place)]
    target, source, weight = (np.concatenate(parts) for parts in zip(*arcs, strict=True))
    size = things * PLACES
    mined = np.flatnonzero(np.repeat(layer, PLACES) == 0)
    entered = np.bincount(target, weight, minlength=size)
    entered[mined] += 1.0
    mixed = rng.permutation(things)
    name = (mixed[:, None] * PLACES + place).ravel()
    matrix = sparse.coo_array((weight / entered[target], (name[target], name[source])), shape=(size, size)).tocsc()
    origin = rng.integers(0, ORIGINS, len(mined))
    direct = sparse.coo_array((1.0 / entered[mined], (name[mined], origin)), shape=(size, ORIGINS)).tocsc()
    return matrix, direct, np.arange(size) // PLACES


def _arcs(rng: np.random.Generator, thing: int, layer: np.ndarray, place: np.ndarray) -> list[tuple[np.ndarray, ...]]:
    """Target, source and quantity of what enters the pools of one commodity."""
    own = thing * PLACES + place
    below = np.flatnonzero(layer == layer[thing] - 1)
    arcs = [
        (own, made_from * PLACES + place, rng.random(PLACES) + 0.1)
        for made_from in rng.choice(below, size=min(INPUTS, len(below)), replace=False)
    ]
    for _ in range(ROUTES):
        other = (place + rng.integers(1, PLACES, PLACES)) % PLACES
        arcs.append((own, thing * PLACES + other, 0.3 * rng.random(PLACES)))
    if thing in np.flatnonzero(layer == 2)[:SCRAPPED]:
        last = rng.choice(np.flatnonzero(layer == LAYERS - 1))
        arcs.append((own, last * PLACES + place, 0.05 * rng.random(PLACES)))
    return arcs
