"""``contracts``: each buyer keeps its usual sellers and shares, sellers ration all buyers alike, own warehouses bridge.

A run forward in time, week by week, without an optimum: nobody reroutes, nobody makes more than usual, nobody releases public
stocks. Within a week the rations are the greatest ones that supply allows:

    ration(n) = min(1, (supply(n) + warehouse(n)) / wanted(n))
    activity(j) = wanted activity(j) x the smallest ration among its inputs;  dispatch(r) = wanted dispatch(r) x ration(origin)

They are found from above: all rations 1, then lowered until none changes. What is made and not taken stays in the warehouse
of its node; so does an input whose user waits for another one. The result keeps the laws of ``Outcome``, so every other response
may do the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.outcome.costing import by_kind
from orepact.shock.outcome.outcome import Outcome
from orepact.shock.response.bounds import working_capacity
from orepact.shock.response.contract_costs import contract_costs
from orepact.shock.response.wiring import Wiring

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.outcome.costing import Rates

#: Rations closer than this are the same.
SAME = 1e-12
#: Rounds within a week; a chain needs about as many as it has stages, loops through recycling some more.
MOST_ROUNDS = 1000


@dataclass(frozen=True, eq=False)
class Wanted:
    """What everybody would do in each week if nothing lacked: sites, lanes and wants by week."""

    activity: NDArray[np.float64]
    sent: NDArray[np.float64]
    demand: NDArray[np.float64]

    @classmethod
    def of(cls, case: ShockCase, disruption: Disruption, wiring: Wiring) -> Wanted:
        """The usual, as far as the event leaves sites, ways and quotas."""
        working = working_capacity(case.capacity, case.activity, disruption.site_share)
        usual = case.flow[:, None] * np.minimum(disruption.route_share, 1.0)
        sent = np.concatenate([usual, _detoured(case, disruption)])
        return cls(
            np.minimum(case.activity[:, None], working),
            _under_quotas(sent, disruption, wiring),
            case.demand[:, None] * disruption.demand_share,
        )


def _detoured(case: ShockCase, disruption: Disruption) -> NDArray[np.float64]:
    """What a closed way keeps back takes the second way in the weeks in which there is one."""
    ways = disruption.detours
    route = ways["route"].to_numpy(dtype=np.int64)
    first, last = (ways[name].to_numpy(dtype=float)[:, None] for name in ("first_week", "last_week"))
    weeks = np.arange(disruption.weeks)
    kept_back = case.flow[route, None] * (1.0 - np.minimum(disruption.route_share[route], 1.0))
    open_: NDArray[np.bool_] = (weeks >= first) & (weeks <= last)
    return np.where(open_, kept_back, 0.0)


def _under_quotas(sent: NDArray[np.float64], disruption: Disruption, wiring: Wiring) -> NDArray[np.float64]:
    """All lanes of a quota that is too small are cut alike, quota after quota."""
    for quota in disruption.quotas:
        factor = np.zeros(len(disruption.route_share))
        factor[quota.routes] = quota.factor
        on_lane = factor[wiring.lane_route]
        counted = on_lane @ sent
        share = np.ones_like(counted)
        np.divide(quota.most_per_week, counted, out=share, where=counted > quota.most_per_week)
        sent = np.where((on_lane > 0)[:, None], sent * share, sent)
    return sent


@dataclass(eq=False)
class _Run:
    """The state of a run: stocks now, and the records of every week so far."""

    case: ShockCase
    wiring: Wiring
    wanted: Wanted
    start: NDArray[np.float64]
    floor: NDArray[np.float64]
    release: NDArray[np.float64]
    stock_now: NDArray[np.float64]
    records: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    most_rounds: int = 0

    def week(self, t: int) -> None:
        """Settle one week and record it."""
        wiring, want = self.wiring, self.wanted
        arrived = self._arrivals(t)
        own = wiring.sum_at(wiring.lane_end, arrived) + np.maximum(self.case.other, 0.0)
        usable = self._usable()
        at_node = wiring.sum_at(wiring.store_node, usable)
        ration = self._rations(t, own + at_node)
        activity = want.activity[:, t] * wiring.scarcest(ration)
        sent = want.sent[:, t] * ration[wiring.lane_start]
        served = want.demand[:, t] * ration[wiring.want_node]
        at_once = np.where(wiring.lane_lag == 0, sent * wiring.lane_left, 0.0)
        supply = own + wiring.gives @ activity + wiring.sum_at(wiring.lane_end, at_once)
        uses = wiring.takes @ activity + wiring.sum_at(wiring.lane_start, sent) + wiring.sum_at(wiring.want_node, served)
        released, surplus = self._settle(supply - uses, usable, at_node)
        self.stock_now = self.stock_now - released
        self._note(
            t,
            activity=activity,
            sent=sent,
            arrived=arrived + at_once,
            stock=self.stock_now,
            released=released,
            unmet=want.demand[:, t] - served,
            surplus=surplus,
        )

    def _arrivals(self, t: int) -> NDArray[np.float64]:
        """What reaches the end of each lane from earlier weeks; before the first week the usual was sent."""
        wiring = self.wiring
        usual = np.concatenate([self.case.flow, np.zeros(len(wiring.lane_route) - len(self.case.flow))])
        before = t - wiring.lane_lag
        past = usual.copy()
        known = np.flatnonzero((before >= 0) & (wiring.lane_lag > 0))
        past[known] = self.records["sent"][known, before[known]]
        past[wiring.lane_lag == 0] = 0.0
        return past * wiring.lane_left

    def _usable(self) -> NDArray[np.float64]:
        """What each store may give this week."""
        above = np.minimum(np.maximum(self.stock_now - self.floor, 0.0), self.release)
        return np.where(self.wiring.drawn, above, 0.0)

    def _rations(self, t: int, own: NDArray[np.float64]) -> NDArray[np.float64]:
        """The greatest rations of the nodes that supply allows, from above."""
        wiring, want = self.wiring, self.wanted
        lanes = np.flatnonzero(wiring.lane_lag == 0)
        start, end = wiring.lane_start[lanes], wiring.lane_end[lanes]
        at_once = want.sent[lanes, t] * wiring.lane_left[lanes]
        wanted = (
            wiring.takes @ want.activity[:, t]
            + wiring.sum_at(wiring.lane_start, want.sent[:, t])
            + wiring.sum_at(wiring.want_node, want.demand[:, t])
        )
        ration = np.ones(wiring.nodes)
        for rounds in range(1, MOST_ROUNDS + 1):
            made = wiring.gives @ (want.activity[:, t] * wiring.scarcest(ration))
            supply = own + made + wiring.sum_at(end, at_once * ration[start])
            lowered = np.ones(wiring.nodes)
            np.divide(supply, wanted, out=lowered, where=supply < wanted * (1.0 - SAME))
            lowered = np.minimum(lowered, ration)
            if np.abs(lowered - ration).max(initial=0.0) <= SAME:
                break
            ration = lowered
            self.most_rounds = max(self.most_rounds, rounds)
        return ration

    def _settle(
        self, left: NDArray[np.float64], usable: NDArray[np.float64], at_node: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Draw on warehouses where supply lacks; where it is left over fill them to their start, then let go what usually leaves
        the node otherwise, then keep the rest; returns what each store releases (negative: is filled) and ``surplus``.
        """
        wiring = self.wiring
        drawn = usable * np.minimum(_share(np.maximum(-left, 0.0), at_node), 1.0)[wiring.store_node]
        over = np.maximum(left, 0.0)
        room = np.where(wiring.filled, np.maximum(self.start - self.stock_now, 0.0), 0.0)
        all_room = wiring.sum_at(wiring.store_node, room)
        refilled = np.minimum(over, all_room)
        kept_out = np.minimum(over - refilled, np.maximum(-self.case.other, 0.0))
        rest = over - refilled - kept_out
        count = wiring.sum_at(wiring.store_node, wiring.filled.astype(float))
        kept = np.where(count > 0, rest, 0.0)
        filled = room * _share(refilled, all_room)[wiring.store_node]
        filled += np.where(wiring.filled, _share(kept, count)[wiring.store_node], 0.0)
        return drawn - filled, rest - kept + kept_out + np.minimum(self.case.other, 0.0)

    def _note(self, t: int, **values: NDArray[np.float64]) -> None:
        for name, value in values.items():
            self.records[name][:, t] = value


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Part of a whole, 0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros_like(whole), where=whole > 0)


def keep_contracts(
    case: ShockCase,
    disruption: Disruption,
    rates: Rates,
    *,
    report: Callable[[str, float], None] | None = None,
) -> Outcome:
    """What becomes of an event when everybody keeps to the usual contracts; ``rates``: what it costs to stand idle."""
    began = perf_counter()
    wiring = Wiring.of(case, disruption)
    wanted = Wanted.of(case, disruption, wiring)
    quantity = case.stores["quantity"].to_numpy(dtype=float)
    run = _Run(
        case,
        wiring,
        wanted,
        start=quantity,
        floor=case.stores["floor"].to_numpy(dtype=float),
        release=case.stores["release_per_week"].fillna(np.inf).to_numpy(dtype=float),
        stock_now=quantity * (1.0 - disruption.stores_lost),
    )
    sizes = {"activity": len(case.activity), "sent": len(wiring.lane_route), "arrived": len(wiring.lane_route)}
    sizes |= {"stock": len(quantity), "released": len(quantity), "unmet": len(case.demand), "surplus": wiring.nodes}
    run.records = {name: np.zeros((size, disruption.weeks)) for name, size in sizes.items()}
    for t in range(disruption.weeks):
        if report is not None:
            report("contracts, week by week", t / disruption.weeks)
        run.week(t)
    borne = contract_costs(case, disruption, wiring, run.records, rates)
    return _outcome(run, disruption, borne, perf_counter() - began)


def _outcome(run: _Run, disruption: Disruption, borne: pd.DataFrame, seconds: float) -> Outcome:
    case, found = run.case, run.records
    lanes = run.wiring.lane_route
    by_route = {name: _by_route(lanes, found[name], len(case.flow)) for name in ("sent", "arrived")}
    notes = ["nobody reroutes, makes more than usual or releases public stocks; what is made and not taken stays in stock"]
    if run.most_rounds >= MOST_ROUNDS:
        notes.append(f"the rations of some week were still moving by more than {SAME:g} after {MOST_ROUNDS} rounds")
    return Outcome(
        case=case,
        disruption=disruption,
        response="contracts",
        activity=found["activity"],
        sent=by_route["sent"],
        arrived=by_route["arrived"],
        stock=found["stock"],
        released=found["released"],
        unmet=found["unmet"],
        substituted=np.zeros((len(case.substitutions), disruption.weeks)),
        surplus=found["surplus"],
        costs_usd=by_kind(borne),
        costs_by_place=borne,
        notes=tuple(notes),
        seconds={"run": seconds},
    )


def _by_route(lanes: NDArray[np.int64], quantity: NDArray[np.float64], routes: int) -> NDArray[np.float64]:
    """Routes and their detours together."""
    total = quantity[:routes].copy()
    np.add.at(total, lanes[routes:], quantity[routes:])
    return total
