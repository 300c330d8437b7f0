"""Market and pact: the response as a plan of least loss and cost, decided again and again; and its ``Outcome``."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.shock.case.worth import node_price, output_worth, want_worth
from orepact.shock.outcome.costing import Costs, by_kind
from orepact.shock.outcome.outcome import Outcome
from orepact.shock.response.columns import Families
from orepact.shock.response.grid import Grid
from orepact.shock.response.permits import Permits
from orepact.shock.response.program import ResponseProgram
from orepact.shock.response.rolling import Horizon, Rolled, roll
from orepact.shock.response.rules import ResponseRules

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from orepact.shock.case.case import ShockCase
    from orepact.shock.events.disruption import Disruption
    from orepact.shock.outcome.costing import Rates
    from orepact.shock.response.state import State


def plan_response(
    case: ShockCase,
    disruption: Disruption,
    response: str,
    *,
    rules: Any = None,
    foresight: str = "rolling",
    report: Callable[[str, float], None] | None = None,
) -> Outcome:
    """What becomes of an event under a response of ``rules`` that plans (all but ``contracts``)."""
    given = ResponseRules.of(rules)
    parties = acting_parties(case, given)
    permits = Permits.of(case, given.allowed(response), parties)
    began = perf_counter()
    grid, horizon = view(case, disruption, given, foresight)
    model = ResponseProgram.of(case, disruption, grid, given.rates)
    built = perf_counter() - began
    told = None if report is None else lambda share: report(response, share)
    rolled = roll(model, disruption, permits, horizon, told)
    seconds = {"build": built, **rolled.seconds}
    said = notes(given, parties, rolled, horizon, grid, known=disruption.end_known_week <= 0)
    borne = costs(rolled.state, disruption, given.rates)
    return outcome_of(rolled, disruption, response, borne, said=said, seconds=seconds)


def acting_parties(case: ShockCase, rules: ResponseRules) -> tuple[str, ...]:
    """The parties of the pact that the case knows; all parties when it knows none of them."""
    known = tuple(party for party in rules.parties.value if party in case.parties)
    return known or tuple(case.parties)


def view(case: ShockCase, disruption: Disruption, rules: ResponseRules, foresight: str) -> tuple[Grid, Horizon]:
    """The blocks of the view and how far actors see."""
    perfect = foresight == "perfect"
    patience = 1.0 if perfect else 1.0 - rules.impatience_per_week.value
    horizon = Horizon(rules.decide_every_weeks.value, rules.least_expected_weeks.value, perfect, patience)
    columns = Families.of(case, disruption).each_block * disruption.weeks
    if perfect and columns <= rules.foreseen_columns.value:
        return Grid.of([1] * disruption.weeks), horizon
    lengths = list(rules.view_weeks.value)
    return Grid.of(_lengthened(lengths, disruption.weeks) if perfect else lengths), horizon


def _lengthened(lengths: list[int], weeks: int) -> list[int]:
    """Who knows everything looks to the end: one more block for the rest."""
    rest = weeks - sum(lengths)
    return [*lengths, rest] if rest > 0 else lengths


def notes(
    rules: ResponseRules, parties: tuple[str, ...], rolled: Rolled, horizon: Horizon, grid: Grid, *, known: bool
) -> tuple[str, ...]:
    """What a reader must know of how it was decided; ``known``: the end of the event is, from the first day."""
    said = [f"{rolled.decisions} decisions, each with {grid.weeks} weeks in view in {grid.blocks} blocks"]
    if horizon.perfect and rolled.decisions > 1:
        said.append(
            "full foresight: the network is too large to decide all weeks at once, so decisions are renewed with the end known; "
            "this is no optimum, and a response that may do more can still cost more"
        )
    elif known and not horizon.perfect:
        said.append(
            "the end is known from the first day, but each decision looks only so many weeks ahead; "
            "a response that may do more can lose more after that"
        )
    elif not horizon.perfect:
        said.append(
            f"nobody knows the end before it is known: an event is expected to last as long again as it has lasted, at least "
            f"{rules.least_expected_weeks.value} weeks; a response that may do more can lose more when that proves wrong"
        )
    if not set(parties) & set(rules.parties.value):
        said.append("none of the parties of the pact stands in this network: all of its parties count as such")
    return tuple(said)


def outcome_of(
    rolled: Rolled,
    disruption: Disruption,
    response: str,
    borne: pd.DataFrame,
    *,
    said: tuple[str, ...],
    seconds: dict[str, float],
) -> Outcome:
    """The record of a run as an ``Outcome``; ``borne``: what it cost, by place and kind."""
    state, every = rolled.state, slice(None)
    case = state.case
    unmet = np.zeros((len(case.demand), disruption.weeks))
    unmet[state.families.unmet] = state.done["unmet"]
    stock = by_store(state)
    before = np.column_stack([state.first, stock[:, :-1]])
    return Outcome(
        case=case,
        disruption=disruption,
        response=response,
        activity=state.activity(every),
        sent=state.sent(every),
        arrived=state.arrived[:, : disruption.weeks],
        stock=stock,
        released=before - stock,
        unmet=unmet,
        substituted=state.done["replace"],
        surplus=state.surplus,
        costs_usd=by_kind(borne),
        costs_by_place=borne,
        notes=said,
        seconds=seconds,
    )


def by_store(state: State) -> NDArray[np.float64]:
    """Stock of each store at the end of each week; warehouses at one node share what is above their floors by size."""
    spare = np.where(state.free, state.first - state.floors, 0.0)
    nodes = len(state.stock)
    whole, count = (np.bincount(state.at, weight, minlength=nodes)[state.at] for weight in (spare, state.free.astype(float)))
    share = np.where(whole > 0, spare / np.where(whole > 0, whole, 1.0), 1.0 / np.maximum(count, 1.0))
    above = state.node_stock - state.floor[:, None]
    stock: NDArray[np.float64] = state.floors[:, None] + share[:, None] * above[state.at]
    limited = state.families.release
    stock[limited] = state.first[limited, None] - np.cumsum(state.done["release"], axis=1)
    return stock


def costs(state: State, disruption: Disruption, rates: Rates) -> pd.DataFrame:
    """USD by place and kind: what the objective counts of all that was carried out, and what is missing at the end."""
    case, families, done = state.case, state.families, state.done
    total = {name: moved.sum(axis=1) for name, moved in done.items()}
    found, price = Costs(case), node_price(case)
    more, detour = families.send_more, families.detour
    made, idle = families.make_more, families.make_less
    found.add("loss", found.want_place[families.unmet], want_worth(case)[families.unmet] * total["unmet"])
    found.add("idle", found.site_place[idle], rates.idle_output * output_worth(case)[idle] * total["make_less"])
    extra = case.network.values("sites", "variable_cost_usd")[made] * total["make_more"]
    found.add("production", found.site_place[made], extra)
    for lanes, name in ((more, "send_more"), (detour, "detour")):
        found.add("transport", found.route_place[lanes.route], lanes.cost * total[name])
    found.add("tariff", found.route_place, (disruption.route_cost_usd * state.sent(slice(None))).sum(axis=1))
    swaps = case.substitutions
    swapped = found.want_place[swaps["wanted"].to_numpy(dtype=np.int64)]
    found.add("substitution", swapped, swaps["cost_usd_per_unit"].to_numpy(dtype=float) * total["replace"])
    released = state.at[families.release]  # noqa: PD008  no frame
    found.add("release", found.node_place[released], price[released] * total["release"])
    less = np.maximum(state.usual_stock[:, None] - state.node_stock, 0.0).sum(axis=1)
    found.add("shelf", found.node_place, rates.empty_shelf * price * less)
    found.add_destroyed(price, disruption)
    found.add_missing(price, -state.lacking, -(state.lacking + state.known().sum(axis=1)))
    return found.table()
