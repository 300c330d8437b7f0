"""What events do to a case: every break laid on the arrays of a ``Disruption``.

Several breaks on the same thing: the smallest share that is left counts (the tightest limit binds, whatever else is wrong);
duties add up; factors of demand and price multiply; a passage is avoided together with every other one that is closed then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.facts.rules import RuleBook
from orepact.shock.events.coherence import contradictions, describe, effect_words
from orepact.shock.events.disruption import DETOURS, Disruption, Quota
from orepact.shock.events.event import MOST_WEEKS, PERIODS, Break, Event, Limit
from orepact.shock.events.laws import breaks_of_rule
from orepact.shock.events.seaways import PASSAGES, SeaWays, joined_detours
from orepact.shock.events.targets import Targets
from orepact.shock.events.timing import Span, end_week, first_day, known_week, span_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase

#: Part of all that is usual of some goods, below which what a break hits is nothing to speak of.
LEAST = 1e-4
FITS_NOTHING = "fits nothing in this network"
SITE_TARGETS = ("site", "owner", "place")


@dataclass(frozen=True, slots=True)
class Piece:
    """One break of one event in weeks from the first day; ``where`` names it in messages."""

    event: Event
    item: Break
    span: Span
    where: str


@dataclass(eq=False)
class Composer:
    """Gathers arrays, problems and warnings; ``disruption()`` is the result."""

    case: ShockCase
    events: tuple[Event, ...]
    weeks: int
    start: date
    targets: Targets
    ways: SeaWays | None = None
    rules: RuleBook | None = None
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        case, weeks = self.case, self.weeks
        self.site_share = np.ones((len(case.activity), weeks))
        self.route_share = np.ones((len(case.flow), weeks))
        self.sea_share = np.ones((len(case.flow), weeks))
        self.demand_share = np.ones((len(case.demand), weeks))
        self.route_cost_usd = np.zeros((len(case.flow), weeks))
        self.price_factor = np.ones((len(case.network.commodities), weeks))
        self.stores_lost = np.zeros(len(case.stores))
        self.quotas: list[Quota] = []
        self.detours: list[pd.DataFrame] = []
        self.pieces = list(self._pieces())

    def _pieces(self) -> Iterator[Piece]:
        for event in self.events:
            for number, item in enumerate(event.breaks):
                where = f"{event.id}.breaks.{number}"
                if item.target != "rule":
                    yield Piece(event, item, span_of(event, item, self.start), where)
                    continue
                self.targets.where = where
                self.targets.commodities(item.commodities, "commodities")
                laws = breaks_of_rule(event, item, self.rules or RuleBook.shipped(), self.start, where, here=self.case.network)
                self.targets.problems.extend(laws.problems)
                self.warnings.extend(laws.warnings)
                for law, span in laws.breaks:
                    yield Piece(event, law, span, where)

    def disruption(self) -> Disruption:
        """The arrays; raises ``BadInput`` with every problem of every event."""
        for piece in self.pieces:
            self._lay(piece)
        if len(self.targets.problems):
            raise BadInput(dict.fromkeys(in_files(self.targets.problems, self.events)))
        for name in dict.fromkeys(self.targets.absent):
            self.warnings.append(
                f"site {name} is known but does not stand in this network in {self.case.year}: nothing of it breaks"
            )
        self._bound_duties()
        detours = self._kept_detours()
        spans = [piece.span for piece in self.pieces]
        by_event = [(event, [piece.span for piece in self.pieces if piece.event is event]) for event in self.events]
        return Disruption(
            events=tuple(event.id for event in self.events), start=self.start, weeks=self.weeks,
            site_share=self.site_share, route_share=np.minimum(self.route_share, self.sea_share), demand_share=self.demand_share,
            route_cost_usd=self.route_cost_usd, price_factor=self.price_factor, stores_lost=self.stores_lost,
            quotas=tuple(self.quotas), detours=detours, end_week=end_week(spans, self.weeks),
            end_known_week=max((known_week(event, its, self.start, self.weeks) for event, its in by_event), default=0),
            warnings=tuple(dict.fromkeys(self.warnings)),
        )  # fmt: skip

    def _lay(self, piece: Piece) -> None:
        item, self.targets.where = piece.item, piece.where
        if piece.span.last <= 0 or piece.span.first >= self.weeks:
            self.warnings.append(f"{piece.where}: {describe(item)} lies outside the {self.weeks} weeks from {self.start}")
        if item.target in SITE_TARGETS or (item.target == "commodity" and not item.exports):
            self._lay_on_sites(piece, self.targets.sites_of(item))
        elif item.target in {"route", "commodity"}:
            self._lay_on_routes(piece, self.targets.routes_of(item))
        elif item.target == "port":
            self._lay_on_routes(piece, self._through_port(item))
        elif item.target == "chokepoint":
            self._close(piece)
        elif item.target == "demand":
            self._lay_on_demand(piece)
        elif item.target == "price":
            self._lay_on_prices(piece)
        elif item.target == "stock":
            self._lay_on_stocks(piece)

    # Sites and routes ----------------------------------------------------------------------------

    def _lay_on_sites(self, piece: Piece, mask: NDArray[np.bool_]) -> None:
        self._say_if_idle(piece, mask, self.case.activity, self.case.network.site_output)
        left = piece.item.left
        if piece.item.quota is not None:
            left = self._share_under(piece, mask, piece.item.quota)
        if left is not None:
            self.site_share[mask] = np.minimum(self.site_share[mask], piece.span.mean(left, self.weeks))

    def _share_under(self, piece: Piece, mask: NDArray[np.bool_], limit: Limit) -> float:
        """Share of capacity under a limit on output, handed out pro rata to capacity (to usual output where it has no limit)."""
        case = self.case
        factor = self._factor(case.network.site_output[mask], limit, piece)
        room = np.where(np.isfinite(case.capacity), case.capacity, case.activity)[mask]
        able = float(factor @ room)
        return min(1.0, _per_week(limit, piece.span) / able) if able > 0 else 1.0

    def _lay_on_routes(self, piece: Piece, mask: NDArray[np.bool_]) -> None:
        self._say_if_idle(piece, mask, self.case.flow, self.case.network.routes["commodity"])
        item = piece.item
        if item.left is not None:
            self.route_share[mask] = np.minimum(self.route_share[mask], piece.span.mean(item.left, self.weeks))
        if item.quota is not None and piece.span.touched(self.weeks).any():
            most = np.where(piece.span.touched(self.weeks), _per_week(item.quota, piece.span), np.inf)
            factor = self._factor(self.case.network.routes.loc[mask, "commodity"], item.quota, piece)
            self.quotas.append(Quota(piece.where, np.flatnonzero(mask), factor, most))
        if item.tariff is not None:
            self._raise_duty(piece, mask, item.tariff.rate_change, item.tariff.value_usd_per_unit)

    def _raise_duty(self, piece: Piece, mask: NDArray[np.bool_], rate: float, value: float | None) -> None:
        goods = self.case.network.routes.loc[mask, "commodity"]
        price = goods.map(self.case.network.commodities["price_usd_per_unit"]).to_numpy(dtype=float)
        price = np.where(np.isnan(price), np.nan if value is None else value, price)
        bare = sorted(set(goods[np.isnan(price)]))
        if bare:
            words = f"no price for {', '.join(bare)}: no duty is charged on it; give value_usd_per_unit"
            self.warnings.append(f"{piece.where}: {words}")
        self.route_cost_usd[mask] += np.outer(rate * np.nan_to_num(price), piece.span.parts(self.weeks))

    def _bound_duties(self) -> None:
        """No duty falls below nothing: ``extra >= -usual duty``."""
        least = -self.case.network.route_tariff_usd[:, None]
        if (self.route_cost_usd < least).any():
            self.warnings.append("a duty that falls by more than the network charges is taken as nothing")
        self.route_cost_usd = np.maximum(self.route_cost_usd, least)

    def _factor(self, goods: pd.Series, limit: Limit, piece: Piece) -> NDArray[np.float64]:
        """What a unit of each commodity counts under a limit: its content of the element, or 1."""
        network = self.case.network
        if limit.element:
            held = network.contents[network.contents["element"] == limit.element].set_index("commodity")["t_per_unit"]
            if held.empty:
                self.targets.unknown("quota.element", "element", limit.element, network.contents["element"].unique())
            if limit.unit != "t":
                self._problem(piece, "quota.unit", "t of the element", limit.unit, "write t")
            return goods.map(held).fillna(0.0).to_numpy(dtype=float)
        units = sorted(set(goods.map(network.commodities["unit"])))
        if units and units != [limit.unit]:
            self._problem(piece, "quota.unit", f"the unit of what it limits: {', '.join(units)}", limit.unit, "mend the unit")
        return np.ones(len(goods))

    # Sea -----------------------------------------------------------------------------------------

    def _through_port(self, item: Break) -> NDArray[np.bool_]:
        none = np.zeros(len(self.case.flow), dtype=bool)
        if self.ways is None:
            self._problem(None, "port", "a network whose places have sea ways", "none", "break its routes instead")
            return none
        known = {name.casefold(): name for name in self.ways.ports}
        for name in item.names:
            if name.casefold() not in known:
                self.targets.unknown("port", "port", name, known.values())
        wanted = [known[name.casefold()] for name in item.names if name.casefold() in known]
        ends = np.isin(self.ways.origin_port, wanted) | np.isin(self.ways.destination_port, wanted)
        mask: NDArray[np.bool_] = ends & self.ways.by_sea & self.targets.scope_of(item)
        return mask

    def _close(self, piece: Piece) -> None:
        """Cut the routes through a passage; what is left may take the longer way."""
        item = piece.item
        if self.ways is None:
            self._problem(None, "chokepoint", "a network whose places have sea ways", "none", "break its routes instead")
            return
        for name in (*item.names, *item.around):
            if name not in PASSAGES:
                self.targets.unknown("chokepoint", "sea passage", name, PASSAGES)
        closing = tuple(name for name in PASSAGES if name in item.names)
        if not closing:
            return
        usual, without = self.ways.closed(()), self.ways.closed(closing)
        longer = ~np.isclose(usual["days"], without["days"], equal_nan=True)
        mask = longer & self.ways.by_sea & self.targets.scope_of(item)
        self._say_if_idle(piece, mask, self.case.flow, self.case.network.routes["commodity"])
        left = 1.0 if item.left is None else item.left
        self.sea_share[mask] = np.minimum(self.sea_share[mask], piece.span.mean(left, self.weeks))
        self._offer_detours(piece, mask, usual)

    def _offer_detours(self, piece: Piece, mask: NDArray[np.bool_], usual: pd.DataFrame) -> None:
        shut = {name for other in self.pieces if other.span.overlaps(piece.span) for name in other.item.chokepoint}
        avoided = tuple(name for name in PASSAGES if name in shut | set(piece.item.around))
        assert self.ways is not None
        other = self.ways.closed(avoided)
        rows = np.flatnonzero(mask & other["days"].notna().to_numpy())
        weeks = np.flatnonzero(piece.span.parts(self.weeks) > 0)
        if not len(weeks):
            return
        days = self.case.network.values("routes", "days") + (other["days"] - usual["days"]).to_numpy()
        lag = np.maximum(self.case.lag_weeks[rows], np.rint(days[rows] / 7.0).astype(np.int64))
        extra = np.maximum(other["cost_usd"].to_numpy()[rows] - usual["cost_usd"].to_numpy()[rows], 0.0)
        columns = (rows, lag, extra, int(weeks[0]), int(weeks[-1]), "+".join(avoided))
        self.detours.append(pd.DataFrame(dict(zip(DETOURS, columns, strict=True))))

    def _kept_detours(self) -> pd.DataFrame:
        """Detours of routes that no other break cuts at the same time: going round must not get round a ban."""
        detours = joined_detours(self.detours)
        cut = [
            bool((self.route_share[row, first : last + 1] < 1).any())
            for row, first, last in detours[["route", "first_week", "last_week"]].itertuples(index=False)
        ]
        if any(cut):
            self.warnings.append(f"{sum(cut)} routes through closed passages are also cut for another reason: they get no detour")
        return detours[~np.array(cut, dtype=bool)].reset_index(drop=True)

    # Demand, prices, stocks ----------------------------------------------------------------------

    def _lay_on_demand(self, piece: Piece) -> None:
        mask = self.targets.wants_of(piece.item)
        self._say_if_idle(piece, mask, self.case.demand, self.case.wants["commodity"])
        factor = piece.item.factor if piece.item.left is None else piece.item.left
        self.demand_share[mask] *= piece.span.mean(factor or 0.0, self.weeks)

    def _lay_on_prices(self, piece: Piece) -> None:
        goods = self.targets.commodities(piece.item.names, "price")
        rows = self.case.network.commodities.index.get_indexer(pd.Index(goods))
        dearer = max((piece.item.factor or 0.0) - 1.0, 0.0)
        self._raise_duty(piece, self.targets.crossing & self.targets.moving(goods), dearer, None)
        self.price_factor[rows] *= piece.span.mean(piece.item.factor or 0.0, self.weeks)

    def _lay_on_stocks(self, piece: Piece) -> None:
        mask, stores = self.targets.stores_of(piece.item), self.case.stores
        self._say_if_idle(piece, mask, stores["quantity"].to_numpy(dtype=float), stores["commodity"])
        if piece.span.first >= 1:
            found = f"week {piece.span.first:.3g} from {self.start}"
            mend = "begin with the day on which it is lost, and follow what broke before from there as an event of its own"
            self._problem(piece, "start", "the first week: stocks are lost at the start", found, mend)
        self.stores_lost[mask] = np.maximum(self.stores_lost[mask], 1.0 - (piece.item.left or 0.0))

    # Words ---------------------------------------------------------------------------------------

    def _say_if_idle(self, piece: Piece, mask: NDArray[np.bool_], usual: NDArray[np.float64], goods: pd.Series) -> None:
        """Say so when a break hits nothing, or less than ``LEAST`` of what is usual of its goods."""
        if mask.any():
            alike = goods.isin(set(goods[mask])).to_numpy()
            if float(usual[mask].sum()) > LEAST * float(usual[alike].sum()):
                return
        what = "touches no flow to speak of: hardly any of it is used" if mask.any() else FITS_NOTHING
        self.warnings.append(f"{piece.where}: {describe(piece.item)} ({effect_words(piece.item)}) {what}")

    def _problem(self, piece: Piece | None, key: str, expected: str, found: str, mend: str) -> None:
        where = piece.where if piece is not None else self.targets.where
        self.targets.problems.add(f"{where}.{key}", expected, found, mend)


def compose(
    case: ShockCase,
    events: Sequence[Event],
    *,
    weeks: int = 52,
    start: date | None = None,
    ways: SeaWays | None = None,
    rules: RuleBook | None = None,
    also_known: frozenset[str] = frozenset(),
) -> Disruption:
    """What the events do to the case; see ``Disruption.of``."""
    problems = [*_wrong_frame(events, weeks), *contradictions(events)]
    if problems:
        raise BadInput(problems)
    day = start or first_day(events)
    composer = Composer(case, tuple(events), weeks, day, Targets(case, also_known), ways, rules)
    return composer.disruption()


def _wrong_frame(events: Sequence[Event], weeks: object) -> Iterator[Problem]:
    if not events:
        yield Problem("event", "at least one event", "none", "name a shipped event or a file")
    if not isinstance(weeks, (int, np.integer)) or not 1 <= weeks <= MOST_WEEKS:
        expected = f"a whole number of weeks from 1 to {MOST_WEEKS:,.0f}"
        yield Problem("weeks", expected, str(weeks), "write 52 for a year")


def in_files(problems: Iterable[Problem], events: Sequence[Event]) -> Iterator[Problem]:
    """The problems with the file of the event that each is about; of an event of no file its id says which."""
    of_files = {f"{event.id}.": event.file for event in events if event.file}
    for problem in problems:
        start = next((start for start in of_files if problem.column.startswith(f"{start}breaks.") and not problem.file), "")
        column = problem.column.removeprefix(start)
        yield replace(problem, column=column, file=of_files[start]) if start else problem


def _per_week(limit: Limit, span: Span) -> float:
    """A limit as a quantity per week: that of its period spread evenly."""
    weeks = PERIODS.get(limit.per)
    if weeks is None:
        weeks = max(span.last - span.first, 1.0 / 7.0)
    return limit.quantity / weeks
