"""What keeping to contracts costs above the usual week, kind by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.case.stores import released_only
from orepact.shock.case.worth import node_price, output_worth, want_worth
from orepact.shock.outcome.closing import at_nodes
from orepact.shock.outcome.costing import Costs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.outcome.costing import Rates
    from orepact.shock.response.wiring import Wiring


def contract_costs(
    case: ShockCase, disruption: Disruption, wiring: Wiring, found: Mapping[str, NDArray[np.float64]], rates: Rates
) -> pd.DataFrame:
    """USD by place and kind from the records of a run (``sent`` by lane).

    Usual flow costs nothing more; a detour costs its extra, a tariff step what it takes of everything sent, idle output and
    what lacks in a warehouse their ``rates``, and what stocks and ways lack at the end counts at the price of the good.
    """
    borne, price = Costs(case), node_price(case)
    idle = np.maximum(case.activity[:, None] - found["activity"], 0.0).sum(axis=1)
    borne.add("idle", borne.site_place, rates.idle_output * output_worth(case) * idle)
    detours = disruption.detours
    borne.add("loss", borne.want_place, want_worth(case) * found["unmet"].sum(axis=1))
    extra = detours["extra_cost_usd"].to_numpy(dtype=float) * found["sent"][len(case.flow) :].sum(axis=1)
    borne.add("transport", borne.route_place[detours["route"].to_numpy(dtype=np.int64)], extra)
    taxed = disruption.route_cost_usd[wiring.lane_route] * found["sent"]
    borne.add("tariff", borne.route_place[wiring.lane_route], taxed.sum(axis=1))
    limited = released_only(case)
    at = wiring.store_node[limited]
    borne.add("release", borne.node_place[at], price[at] * found["released"][limited].sum(axis=1))
    in_stock = _less_in_stock(case, wiring, found["stock"])
    borne.add("shelf", borne.node_place, rates.empty_shelf * price * np.maximum(in_stock, 0.0).sum(axis=1))
    borne.add_destroyed(price, disruption)
    borne.add_missing(price, in_stock[:, -1], in_stock[:, -1] + _less_under_way(case, wiring, found["sent"]))
    return borne.table()


def _less_in_stock(case: ShockCase, wiring: Wiring, stock: NDArray[np.float64]) -> NDArray[np.float64]:
    """What freely used warehouses hold less than in the usual week (nodes x weeks)."""
    free = ~released_only(case)
    usual = case.stores["quantity"].to_numpy(dtype=float)
    return at_nodes(wiring.nodes, wiring.store_node[free], (usual[:, None] - stock)[free])


def _less_under_way(case: ShockCase, wiring: Wiring, sent: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is less on its way to each node than usual after the last week."""
    usual = np.concatenate([case.flow, np.zeros(len(wiring.lane_route) - len(case.flow))])
    not_sent = usual[:, None] - sent
    under_way = np.arange(not_sent.shape[1]) >= not_sent.shape[1] - wiring.lane_lag[:, None]
    return wiring.sum_at(wiring.lane_end, np.where(under_way, not_sent, 0.0).sum(axis=1) * wiring.lane_left)
