"""The tables of an outcome: what was lost, by whom, in which week; which plants stopped; how long stocks last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.shock.case.worth import want_worth
from orepact.shock.outcome.costing import NOT_REFILLED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network
    from orepact.shock.case.case import ShockCase
    from orepact.shock.outcome.outcome import Outcome

LOST = ("week", "party", "place", "commodity", "unit", "quantity", "loss_usd")
SITES = ("week", "site", "party", "place", "owner", "commodity", "unit", "usual", "made", "not_made", "not_made_gwh")
COVER = ("week", "party", "commodity", "unit", "stock", "use_per_day", "cover_days")
STOPS = (
    "site",
    "party",
    "place",
    "owner",
    "commodity",
    "below_half_week",
    "below_half_weeks",
    "stop_week",
    "stop_weeks",
    "unit",
    "not_made",
    "not_made_gwh",
)
STOCKS = ("week", "party", "place", "commodity", "kind", "owner", "unit", "stock", "floor", "released")
PARTIES = (
    "party",
    "response",
    "loss_usd",
    "stock_not_refilled_usd",
    "less_under_way_usd",
    "total_usd",
    "lost_vehicles",
    "lost_gwh_storage",
    "not_made_gwh_cells",
    "not_made_gwh_packs",
    "vehicles_not_made",
)
#: Stages whose goods count in GWh.
BATTERIES = ("cell", "pack")
VEHICLE = "vehicle"

#: A quantity below this share of the usual is an artefact of arithmetic, not a loss.
LEAST_SHARE = 1e-6
#: Costs below this are none.
LEAST_USD = 1.0
#: A plant makes less than this share of the usual: it has stopped.
STOPPED = 0.01
DAYS = 7.0


def party_of(case: ShockCase) -> dict[str, str]:
    """Party of each place; a place of no party is its own."""
    return {place: party for party, places in case.parties.items() for place in places}


def lost(outcome: Outcome) -> pd.DataFrame:
    """Final demand not met, ``LOST``: quantity in ``unit``, ``loss_usd`` of the week (unknown worth: 1 USD a unit)."""
    wants = outcome.case.wants
    usual = outcome.case.demand[:, None]
    rows, weeks = np.nonzero(outcome.unmet > LEAST_SHARE * usual)
    quantity = outcome.unmet[rows, weeks]
    table = wants[["party", "place", "commodity", "unit"]].iloc[rows].reset_index(drop=True)
    worth = want_worth(outcome.case)[rows]
    table = table.assign(week=weeks, quantity=quantity, loss_usd=quantity * worth)
    return _sorted(table, LOST, ["week", "party", "place", "commodity"])


def sites(outcome: Outcome) -> pd.DataFrame:
    """Output below the usual, ``SITES``: usual, made and not made in ``unit``; ``not_made_gwh`` for cells and packs.

    Of the plant alone: what another plant makes more is not set against it.
    """
    usual, made = outcome.case.activity, outcome.activity
    rows, weeks = np.nonzero(usual[:, None] - made > LEAST_SHARE * usual[:, None])
    table = site_names(outcome.case).iloc[rows].reset_index(drop=True)
    table = table.assign(week=weeks, usual=usual[rows], made=made[rows, weeks])
    table = table.assign(not_made=table["usual"] - table["made"])
    table["not_made_gwh"] = table["not_made"] * table["gwh_per_unit"]
    return _sorted(table, SITES, ["week", "commodity", "site"])


def stops(outcome: Outcome) -> pd.DataFrame:
    """Plants that fall below half of their usual output, ``STOPS``: the first week and the number of weeks below half, and below
    ``STOPPED`` (empty when it never stops); ``not_made`` over all weeks. Weeks count from 0, the week of the first event.
    """
    usual = outcome.case.activity
    share = outcome.activity / np.where(usual > 0, usual, np.inf)[:, None]
    half, stopped = ((share < level) & (usual > 0)[:, None] for level in (0.5, STOPPED))
    rows = np.flatnonzero(half.any(axis=1))
    table = site_names(outcome.case).iloc[rows].reset_index(drop=True)
    table = table.assign(
        below_half_week=_first(half[rows]),
        below_half_weeks=half[rows].sum(axis=1),
        stop_week=_first(stopped[rows]),
        stop_weeks=stopped[rows].sum(axis=1),
        not_made=np.maximum(usual[rows, None] - outcome.activity[rows], 0.0).sum(axis=1),
    )
    table["not_made_gwh"] = table["not_made"] * table["gwh_per_unit"]
    return _sorted(table, STOPS, ["below_half_week", "stop_week", "commodity", "site"])


def cover(outcome: Outcome) -> pd.DataFrame:
    """Days that stocks above their floors last at the usual use of the party, ``COVER``; 0 where it holds no stock.

    Use is what plants of the party take in and its final demand takes, in a usual week; what is under way does not count.
    """
    case = outcome.case
    per_day = usual_use(case) / DAYS
    stock = usable_stock(outcome)
    goods = case.network.nodes.get_level_values(0)
    place = pd.Series(case.network.nodes.get_level_values(1))
    party = place.map(party_of(case)).fillna(place)
    keys = pd.MultiIndex.from_arrays([party, goods], names=["party", "commodity"])
    used = pd.Series(per_day, index=keys).groupby(level=[0, 1]).sum()
    held = pd.DataFrame(stock, index=keys).groupby(level=[0, 1]).sum()
    used = used[used > 0]
    held = held.loc[used.index]
    weeks = held.shape[1]
    table = held.index.repeat(weeks).to_frame(index=False)
    table = table.assign(week=np.tile(np.arange(weeks), len(held)), stock=held.to_numpy().ravel())
    table["use_per_day"] = np.repeat(used.to_numpy(), weeks)
    table["cover_days"] = table["stock"] / table["use_per_day"]
    table["unit"] = table["commodity"].map(case.network.commodities["unit"])
    return _sorted(table, COVER, ["party", "commodity", "week"])


def stocks(outcome: Outcome) -> pd.DataFrame:
    """Each store at the end of each week, ``STOCKS``; ``released`` is negative when it was filled."""
    count, weeks = outcome.stock.shape
    names = outcome.case.stores[["party", "place", "commodity", "kind", "owner", "floor"]]
    table = names.iloc[np.repeat(np.arange(count), weeks)].reset_index(drop=True)
    table = table.assign(week=np.tile(np.arange(weeks), count), stock=outcome.stock.ravel(), released=outcome.released.ravel())
    table["unit"] = table["commodity"].map(outcome.case.network.commodities["unit"])
    return _sorted(table, STOCKS, ["party", "commodity", "place", "kind", "owner", "week"])


def parties(outcome: Outcome) -> pd.DataFrame:
    """What each party loses over all weeks, ``PARTIES``, largest loss first; parties that lose nothing are left out.

    ``not_made_gwh_cells``, ``not_made_gwh_packs`` and ``vehicles_not_made`` are what its plants make below the usual, less what
    other plants of the party make above it; ``lost_vehicles``, ``lost_gwh_storage`` and ``loss_usd`` what its buyers go without.
    ``stock_not_refilled_usd`` is what its stocks lack after the last week at their price, public stock that was released
    included; ``less_under_way_usd`` what is less on its way to it than usual; ``total_usd`` all other costs above the usual week,
    loss and stock among them (``Outcome.costs_usd``).
    """
    made, unmet, costs = _not_made(outcome), _unmet(outcome), _costs(outcome)
    table = pd.concat([made, unmet, costs], axis=1).fillna(0.0)
    table["total_usd"] = table["loss_usd"] + table.pop("other_usd")
    kept = (table[[*made, *unmet]] > 0).any(axis=1) | (table["total_usd"].abs() >= LEAST_USD)
    table = table[kept].rename_axis("party").reset_index()
    table = table.assign(response=outcome.response)
    return table.sort_values(["loss_usd", "party"], ascending=[False, True], ignore_index=True)[list(PARTIES)]


# Parts -----------------------------------------------------------------------------------------


def site_names(case: ShockCase) -> pd.DataFrame:
    """What a row about a site says of it: ``site, party, place, owner, commodity, unit, gwh_per_unit``, in the order of sites."""
    network = case.network
    place = network.sites["place"].reset_index(drop=True)
    commodity = network.site_output.reset_index(drop=True)
    return pd.DataFrame(
        {
            "site": network.site_index.to_numpy(),
            "party": place.map(party_of(case)).fillna(place),
            "place": place,
            "owner": network.sites["owner"].to_numpy(),
            "commodity": commodity,
            "unit": commodity.map(network.commodities["unit"]).fillna(""),
            "gwh_per_unit": commodity.map(gwh_per_unit(network, BATTERIES)).astype(float),
        }
    )


def gwh_per_unit(network: Network, stages: tuple[str, ...]) -> pd.Series:
    """GWh in a unit of each commodity of these stages that is counted in energy; NaN for the others."""
    from orepact.facts import Codes

    units = Codes.shipped().units
    known = network.commodities["unit"]
    energy = known.map(lambda unit: units.convert(1.0, unit, "GWh") if unit in units.of_dimension("energy") else np.nan)
    return energy.astype(float).where(network.commodities["stage"].isin(stages))


def vehicles_of(network: Network) -> pd.Index:
    """Goods of which a unit is a vehicle: those of that stage, however people spell their unit, but for GWh and tonnes."""
    from orepact.facts import Codes

    units = Codes.shipped().units
    measured = {*units.of_dimension("energy"), *units.of_dimension("mass")}
    goods = network.commodities
    return goods.index[(goods["stage"] == VEHICLE) & ~goods["unit"].isin(measured)]


def usual_use(case: ShockCase) -> NDArray[np.float64]:
    """What sites take in and final demand takes at each node in a usual week."""
    use: NDArray[np.float64] = -(case.network.S.minimum(0) @ case.activity)
    np.add.at(use, case.wants["node"].to_numpy(dtype=np.int64), case.demand)
    return use


def usable_stock(outcome: Outcome) -> NDArray[np.float64]:
    """Stock above the floors at each node (nodes x weeks)."""
    stores = outcome.case.stores
    above = np.maximum(outcome.stock - stores["floor"].to_numpy(dtype=float)[:, None], 0.0)
    total = np.zeros((len(outcome.case.network.nodes), outcome.stock.shape[1]))
    np.add.at(total, stores["node"].to_numpy(dtype=np.int64), above)
    return total


def _not_made(outcome: Outcome) -> pd.DataFrame:
    """By party: GWh of cells and of packs and vehicles made below the usual over all weeks, net within the party."""
    case = outcome.case
    names = site_names(case)
    stage = names["commodity"].map(case.network.commodities["stage"])
    gap = (case.activity[:, None] - outcome.activity).sum(axis=1)
    cars = vehicles_of(case.network)
    gap = np.where(np.abs(gap) > LEAST_SHARE * case.activity, gap, 0.0)
    columns = {
        "not_made_gwh_cells": gap * np.where(stage == "cell", names["gwh_per_unit"], np.nan),
        "not_made_gwh_packs": gap * np.where(stage == "pack", names["gwh_per_unit"], np.nan),
        "vehicles_not_made": np.where(names["commodity"].isin(cars), gap, np.nan),
    }
    return pd.DataFrame(columns).fillna(0.0).groupby(names["party"]).sum().clip(lower=0.0)


def _unmet(outcome: Outcome) -> pd.DataFrame:
    """By party: vehicles and GWh of storage that buyers go without, and the worth of all that they go without."""
    case, wants = outcome.case, outcome.case.wants
    quantity = np.where(outcome.unmet > LEAST_SHARE * case.demand[:, None], outcome.unmet, 0.0).sum(axis=1)
    gwh = wants["commodity"].map(gwh_per_unit(case.network, (*BATTERIES, "vehicle"))).to_numpy(dtype=float)
    columns = {
        "lost_vehicles": np.where(wants["commodity"].isin(vehicles_of(case.network)), quantity, 0.0),
        "lost_gwh_storage": np.nan_to_num(quantity * gwh),
        "loss_usd": quantity * want_worth(case),
    }
    return pd.DataFrame(columns).groupby(wants["party"].to_numpy()).sum()


def _costs(outcome: Outcome) -> pd.DataFrame:
    """By party: worth of what stocks lack at the end, public stock released included, and of what is less under way; and all
    costs but the loss and that: a way that a nearer seller replaces needs no goods on it.
    """
    borne = outcome.costs_by_place
    if borne is None:
        return pd.DataFrame({"stock_not_refilled_usd": [], "less_under_way_usd": [], "other_usd": []}, dtype=float)
    party = party_of(outcome.case)
    lacking = borne[list(NOT_REFILLED)].sum(axis=1)
    table = pd.DataFrame(
        {
            "stock_not_refilled_usd": lacking,
            "less_under_way_usd": borne["under_way"],
            "other_usd": borne.drop(columns=["loss", "under_way"]).sum(axis=1),
        }
    )
    return table.groupby([party.get(str(place), str(place)) for place in borne.index]).sum()


def _first(flags: NDArray[np.bool_]) -> pd.Series:
    """First week in which a row is true, empty where none is."""
    week = flags.argmax(axis=1) if flags.shape[1] else np.zeros(len(flags), dtype=int)
    return pd.Series(week, dtype="Int64").where(pd.Series(flags.any(axis=1)))


def _sorted(table: pd.DataFrame, columns: tuple[str, ...], by: list[str]) -> pd.DataFrame:
    return table.sort_values(by, ignore_index=True)[list(columns)]
