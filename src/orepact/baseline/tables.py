"""The answer as tables: flows with how sure each is, and every observation with its residual."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.baseline.terms import rows_of
from orepact.baseline.words import Names
from orepact.chain.flow_rows import node_rows, route_rows, site_rows
from orepact.chain.flows import QUALITY, Flows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.case import Case
    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns
    from orepact.chain.manifest import Manifest

#: From best to worst, for an unknown that several observations see.
CONFIDENCES = ("reported", "derived", "estimated")


def flows_of(case: Case, values: NDArray[np.float64], variance: NDArray[np.float64] | None, manifest: Manifest) -> Flows:
    """The year as ``Flows``; what is left over of a co-product is ``stock_in``; no quality without ``variance``."""
    unknowns = case.unknowns
    network, year, at = unknowns.network, unknowns.year, unknowns.blocks
    quality = _quality(case, np.zeros(len(values)) if variance is None else variance)
    x, f, d = (values[at[name]] for name in ("activity", "route", "demand"))
    change, into = _stocks(unknowns, values)
    parts = [
        (site_rows(network, year, "activity", x, cost_usd=x * network.site_cost_usd), quality[at["activity"]][x != 0]),
        (route_rows(network, year, f), quality[at["route"]][f != 0]),
        (node_rows(network, year, "demand", unknowns.demand_nodes, d), quality[at["demand"]][d != 0]),
    ]
    held = _held_quality(unknowns, quality)
    every = np.arange(len(network.nodes))
    for kind, quantity in (("stock_in", into), ("stock_out", np.maximum(change, 0.0))):
        parts.append((node_rows(network, year, kind, every, quantity), held[quantity != 0]))
    sure = pd.concat([pd.DataFrame(part, columns=list(QUALITY)) for _, part in parts], ignore_index=True)
    sure = sure.astype({"standard_deviation": float, "information": float, "confidence": "str"})
    joined = Flows.of(network, [rows for rows, _ in parts], manifest)
    return Flows(joined.frame, network, manifest, None if variance is None else sure)


def _stocks(unknowns: Unknowns, values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Change of the stock of each node (positive: released), and what goes into stock there, surplus included."""
    change = values[unknowns.blocks["stock"]] if unknowns.stocks else np.zeros(len(unknowns.network.nodes))
    into = np.maximum(-change, 0.0)
    into[unknowns.surplus_nodes] += values[unknowns.blocks["surplus"]]
    return change, into


def _quality(case: Case, variance: NDArray[np.float64]) -> NDArray[np.object_]:
    """Columns of ``QUALITY`` for every unknown.

    ``information`` is what the fit adds to the prior. The word is that of the best observation that sees the unknown alone;
    where there is none, or an estimate, it is ``derived`` when the balance with all other observations takes away most
    of the variance that the unknown has by itself (``derived_from``), else ``estimated``.
    """
    information = 1.0 - _part(variance, case.prior.variance)
    alone = np.array(case.prior.variance)
    alone[case.program.kept] = case.program.tau**2
    fixed = _part(variance, alone) <= 1.0 - case.options.derived_from
    rank = np.minimum(_direct_rank(case.seen, len(variance)), np.where(fixed, 1, 2))
    word = np.array(CONFIDENCES, dtype=object)[rank]
    return np.column_stack([np.sqrt(variance).astype(object), np.clip(information, 0.0, 1.0).astype(object), word])


def _part(some: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(some, whole, out=np.zeros(len(some)), where=whole > 0)


def _direct_rank(seen: Observed, size: int) -> NDArray[np.int64]:
    """Best confidence of the observations that see an unknown alone, as a position in ``CONFIDENCES``; the last for none."""
    best = np.full(size, len(CONFIDENCES) - 1)
    own = (seen.table["row"] >= 0).to_numpy()
    words = seen.table["confidence"].where(seen.table["confidence"] != "", np.where(own, "reported", "derived"))
    known = {name: number for number, name in enumerate(CONFIDENCES)}
    ranks = [known.get(word, len(CONFIDENCES) - 1) for word in words]
    for (columns, _), rank, alone in zip(rows_of(seen.matrix), ranks, seen.direct, strict=True):
        if alone:
            best[columns[0]] = min(best[columns[0]], rank)
    return best


def _held_quality(unknowns: Unknowns, quality: NDArray[np.object_]) -> NDArray[np.object_]:
    """Quality of the stock of each node, with its surplus where it has one."""
    nodes = len(unknowns.network.nodes)
    out = np.column_stack([np.zeros((nodes, 2)).astype(object), np.full(nodes, "estimated", dtype=object)])
    if unknowns.stocks:
        out = quality[unknowns.blocks["stock"]].copy()
    left, at = quality[unknowns.blocks["surplus"]], unknowns.surplus_nodes
    out[at, 0] = np.hypot(out[at, 0].astype(float), left[:, 0].astype(float))
    out[at, 1] = np.minimum(out[at, 1].astype(float), left[:, 1].astype(float))
    out[at, 2] = np.where(left[:, 2] == "derived", out[at, 2], left[:, 2])
    return out


def observation_table(case: Case, values: NDArray[np.float64]) -> tuple[pd.DataFrame, pd.Series]:
    """Every observation with its residual, and a number for what it measures (the same for the same sum of unknowns)."""
    unknowns, seen = case.unknowns, case.seen
    names, network = Names(unknowns.network), unknowns.network
    fitted = seen.matrix @ values
    fitted[np.abs(fitted) < 1e-12 * np.abs(seen.quantity)] = 0.0
    residual, spread = fitted - seen.quantity, seen.spread
    standardised = np.divide(residual, spread, out=np.full(len(residual), np.nan), where=spread > 0)
    rows = network.observations[network.observations["year"] == unknowns.year]
    groups: dict[str, list[Any]] = {}
    for row in rows.itertuples():
        groups.setdefault(str(row.observation), []).append(row)
    own = seen.table["row"] >= 0
    told = list(zip(seen.table["observation"], own, seen.table["unit"], strict=True))
    words = [names.subject(groups[name]) if mine else _demand_words(names, name) for name, mine, _ in told]
    unit = [names.unit(groups[name]) if mine else known for name, mine, known in told]
    table = pd.DataFrame(
        {
            "observation": seen.table["observation"].array,
            "words": words,
            "quantity": seen.quantity,
            "unit": unit,
            "fitted": fitted,
            "residual": residual,
            "standard_deviation": spread,
            "standardised": np.where(spread == 0, 0.0, standardised),
            "counts": seen.table["counts"].array,
            "source": seen.table["source"].array,
            "confidence": seen.table["confidence"].array,
            "note": seen.table["note"].array,
        }
    )
    return table, pd.Series(_alike(seen))


def _demand_words(names: Names, observation: str) -> str:
    commodity, _, place = observation.removeprefix("demand:").rpartition("@")
    whose = names.place(place)
    return f"{whose}'{'' if whose.endswith('s') else 's'} use of {names.thing(commodity)}"


def _alike(seen: Observed) -> NDArray[np.int64]:
    """The same number for observations with the same terms."""
    keys = [columns.tobytes() + weights.tobytes() for columns, weights in rows_of(seen.matrix)]
    keys = [key or str(at).encode() for at, key in enumerate(keys)]
    return np.asarray(pd.factorize(np.array(keys, dtype=object))[0])
