"""What keeping to contracts costs above the usual week, kind by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.response.columns import node_price, released_only, want_worth
from orepact.shock.response.costing import Costs

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.response.wiring import Wiring


def contract_costs(
    case: ShockCase, disruption: Disruption, wiring: Wiring, found: Mapping[str, NDArray[np.float64]]
) -> pd.DataFrame:
    """USD by place and kind from the records of a run (``sent`` by lane).

    Usual flow costs nothing more; a detour costs its extra, a tariff step what it takes of everything sent, and what stocks and
    ways lack at the end counts at the price of the good.
    """
    borne, price = Costs(case), node_price(case)
    detours = disruption.detours
    borne.add("loss", borne.want_place, want_worth(case) * found["unmet"].sum(axis=1))
    extra = detours["extra_cost_usd"].to_numpy(dtype=float) * found["sent"][len(case.flow) :].sum(axis=1)
    borne.add("transport", borne.route_place[detours["route"].to_numpy(dtype=np.int64)], extra)
    taxed = disruption.route_cost_usd[wiring.lane_route] * found["sent"]
    borne.add("tariff", borne.route_place[wiring.lane_route], taxed.sum(axis=1))
    limited = released_only(case)
    at = wiring.store_node[limited]
    borne.add("release", borne.node_place[at], price[at] * found["released"][limited].sum(axis=1))
    borne.add("stock", borne.node_place, price * missing_at_end(case, disruption, wiring, found))
    return borne.table()


def missing_at_end(
    case: ShockCase, disruption: Disruption, wiring: Wiring, found: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """What each node lacks after the last week: freely used stock less than at the start, and less under way than usual."""
    free = ~released_only(case)
    first = case.stores["quantity"].to_numpy(dtype=float) * (1.0 - disruption.stores_lost)
    lacking = wiring.sum_at(wiring.store_node[free], (first - found["stock"][:, -1])[free])
    usual = np.concatenate([case.flow, np.zeros(len(wiring.lane_route) - len(case.flow))])
    not_sent = usual[:, None] - found["sent"]
    weeks = np.arange(not_sent.shape[1])
    under_way = weeks >= not_sent.shape[1] - wiring.lane_lag[:, None]
    lacking += wiring.sum_at(wiring.lane_end, np.where(under_way, not_sent, 0.0).sum(axis=1) * wiring.lane_left)
    return np.maximum(lacking, 0.0)
