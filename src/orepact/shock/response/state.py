"""``State``: stocks and goods under way as a response goes on, and everything that it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orepact.shock.outcome.closing import at_nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.response.columns import Families
    from orepact.shock.response.program import ResponseProgram


class State:
    """Where things stand at the start of ``week``, and the record of the weeks before; it moves on with ``advance``.

    ``arrived`` (routes x weeks and beyond) holds what is under way too; ``stock`` is what freely used warehouses hold at each
    node; ``store`` what each store holds that is drawn on by release. ``done`` is what was carried out, family by family
    (members x weeks).
    """

    def __init__(self, model: ResponseProgram, disruption: Disruption) -> None:
        case, families = model.case, model.families
        self.case, self.families, self.stored = case, families, model.stored
        self.week, self.weeks = 0, disruption.weeks
        self.demand_share = disruption.demand_share
        self.start, self.end = case.network.route_nodes
        self.left = 1.0 - case.network.values("routes", "loss")
        self._open_stores(case, families, disruption)
        lags = max(case.lag_weeks.max(initial=0), families.detour.lag.max(initial=0))
        beyond = self.weeks + model.grid.weeks + int(lags)
        self.usual_arrived = case.flow * self.left
        before = np.arange(beyond) < case.lag_weeks[:, None]
        self.arrived = np.where(before, self.usual_arrived[:, None], 0.0)
        self.done = {name: np.zeros((families.sizes[name], self.weeks)) for name in families.moves}
        self.node_stock = np.zeros((len(self.stock), self.weeks))
        self.surplus = np.zeros((len(self.stock), self.weeks))

    def _open_stores(self, case: ShockCase, families: Families, disruption: Disruption) -> None:
        stores, nodes = case.stores, len(case.network.nodes)
        self.first = stores["quantity"].to_numpy(dtype=float) * (1.0 - disruption.stores_lost)
        self.floors = np.minimum(stores["floor"].to_numpy(dtype=float), self.first)
        self.at = stores["node"].to_numpy(dtype=np.int64)
        self.free = np.ones(len(stores), dtype=bool)
        self.free[families.release] = False
        self.stock = np.bincount(self.at[self.free], self.first[self.free], minlength=nodes).astype(float)
        self.floor = np.bincount(self.at[self.free], self.floors[self.free], minlength=nodes).astype(float)
        usual = stores["quantity"].to_numpy(dtype=float)
        self.usual_stock = np.bincount(self.at[self.free], usual[self.free], minlength=nodes).astype(float)
        self.store = self.first.copy()

    # What the bounds need ----------------------------------------------------------------------

    @property
    def lacking(self) -> NDArray[np.float64]:
        """Stock at each node less the stock of the usual week: what the event destroyed lacks from the first week on."""
        change: NDArray[np.float64] = self.stock - self.usual_stock
        return change

    @property
    def releasable(self) -> NDArray[np.float64]:
        """What each released store may still give."""
        above: NDArray[np.float64] = np.maximum(self.store - self.floors, 0.0)
        return above

    def known(self) -> NDArray[np.float64]:
        """Arrivals of what is already sent, less what would arrive of it usually (nodes x weeks ahead)."""
        under_way = self.arrived[:, self.week :]
        usual = np.arange(under_way.shape[1]) < self.case.lag_weeks[:, None]
        change = under_way - np.where(usual, self.usual_arrived[:, None], 0.0)
        rows = np.flatnonzero((change != 0).any(axis=1))
        return at_nodes(len(self.stock), self.end[rows], change[rows])

    # Moving on ---------------------------------------------------------------------------------

    def advance(self, plan: Mapping[str, NDArray[np.float64]], weeks: int, worth: NDArray[np.float64]) -> None:
        """Carry out the first weeks of a plan (family to members x weeks).

        What usually leaves a node otherwise is kept back at first, then let go where it is worth nothing (``worth``: what one
        more unit in stock is worth at each node at the end of these weeks) and the stock is not below the usual one.
        """
        first = self.week
        for step in range(weeks):
            for name, record in self.done.items():
                record[:, self.week] = plan[name][:, step]
            self._send()
            self._settle()
            self.week += 1
        self._let_go(slice(first, self.week), worth)

    def _let_go(self, done: slice, worth: NDArray[np.float64]) -> None:
        """As early as no later week of the plan needs it: min of the stocks from there on, less the usual stock."""
        nodes = np.flatnonzero(self.stored & (self.case.other < 0) & (worth <= 0))
        above = self.node_stock[nodes, done] - self.usual_stock[nodes, None]
        spare = np.minimum.accumulate(above[:, ::-1], axis=1)[:, ::-1]
        usual, gone = -self.case.other[nodes], np.zeros(len(nodes))
        for step in range(spare.shape[1]):
            let = np.clip(spare[:, step] - gone, 0.0, usual)
            gone += let
            self.surplus[nodes, done.start + step] += let
            self.node_stock[nodes, done.start + step] -= gone
        self.stock[nodes] -= gone

    def _send(self) -> None:
        """What leaves now arrives after its lag."""
        now, families, flow = self.week, self.families, self.usual_sent(self.week)
        every = np.arange(len(flow))
        self.arrived[every, now + self.case.lag_weeks] += flow * self.left
        turned = families.detour
        np.add.at(self.arrived, (turned.route, now + turned.lag), self.done["detour"][:, now] * self.left[turned.route])

    def _settle(self) -> None:
        """Close every node: into the warehouse where one stands, with what usually leaves otherwise; else it is surplus."""
        now, left = self.week, self.inflow()
        kept_back = np.maximum(-self.case.other, 0.0)
        self.stock = self.stock + np.where(self.stored, left + kept_back, 0.0)
        self.surplus[:, now] = np.where(self.stored, -kept_back, left)
        self.store[self.families.release] -= self.done["release"][:, now]
        self.node_stock[:, now] = self.stock

    def inflow(self) -> NDArray[np.float64]:
        """What comes into each node this week less what is used and sent: S x + N f + other + released - (demand - unmet)."""
        now, case = self.week, self.case
        wants, swaps = case.wants["node"].to_numpy(dtype=np.int64), case.substitutions
        unmet = np.zeros(len(case.demand))
        unmet[self.families.unmet] = self.done["unmet"][:, now]
        swapped = self.done["replace"][:, now]
        instead = swaps["units_per_unit"].to_numpy(dtype=float) * swapped
        own, other = (wants[swaps[name].to_numpy(dtype=np.int64)] for name in ("wanted", "instead"))
        left: NDArray[np.float64] = case.network.S @ self.activity(now) + case.other
        for nodes, quantity in (
            (self.end, self.arrived[:, now]),
            (self.start, -self.sent(now)),
            (self.at[self.families.release], self.done["release"][:, now]),
            (wants, unmet - case.demand * self.demand_share[:, now]),
            (own, swapped),
            (other, -instead),
        ):
            left += np.bincount(nodes, quantity, minlength=len(left))
        return left

    def activity(self, week: int | slice) -> NDArray[np.float64]:
        """Activity of the sites in a week, or in several (sites x weeks)."""
        return self._away(
            self.case.activity, week, ("make_less", self.families.make_less), ("make_more", self.families.make_more)
        )

    def usual_sent(self, week: int | slice) -> NDArray[np.float64]:
        """Dispatch on the usual ways of the routes."""
        families = self.families
        return self._away(self.case.flow, week, ("send_less", families.send_less.route), ("send_more", families.send_more.route))

    def sent(self, week: int | slice) -> NDArray[np.float64]:
        """Dispatch on all ways of the routes."""
        total = self.usual_sent(week)
        np.add.at(total, self.families.detour.route, self.done["detour"][:, week])
        return total

    def _away(
        self,
        usual: NDArray[np.float64],
        week: int | slice,
        less: tuple[str, NDArray[np.int64]],
        more: tuple[str, NDArray[np.int64]],
    ) -> NDArray[np.float64]:
        fallen, risen = self.done[less[0]][:, week], self.done[more[0]][:, week]
        total = np.repeat(usual[:, None], fallen.shape[1], axis=1) if fallen.ndim == 2 else usual.copy()
        total[less[1]] -= fallen
        total[more[1]] += risen
        return np.maximum(total, 0.0)
