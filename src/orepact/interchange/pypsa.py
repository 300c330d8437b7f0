"""PyPSA: a network as the CSV folder that ``pypsa.Network.import_from_csv_folder`` reads and solves.

| of orepact | in PyPSA |
|---|---|
| commodity | carrier |
| commodity in a place | bus (``x`` longitude, ``y`` latitude, ``unit``) |
| site | link from a source bus of its own (a generator that holds the reserves) to one port for each line of its recipe |
| capacity to be built | one extendable link for each decision year, with a profile that says when it stands |
| route | link; ``efficiency`` is what arrives, ``marginal_cost`` transport and tariff (USD per unit) |
| demand | load; a missing unit is a generator at the cost of a shortage |
| stockpile | generator with ``e_sum_max`` |
| co-product too many | generator that takes it away |
| model year | snapshot, weighted by its discounted years |

Further columns hold the cells of our tables under their own names, so that ``pypsa_reading`` gives the network back.
Source: https://docs.pypsa.org (import and export, CSV folders; components).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain import Network
from orepact.chain.tables import tables
from orepact.interchange.cells import csv_text, guarded, json_text, number_text
from orepact.interchange.made import CLEAR, Made

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Stands for "no limit": PyPSA wants a number.
PLENTY = 1e12
COMPONENTS = ("carriers", "buses", "generators", "loads", "links")
SERIES = {"loads": "p_set", "links": "p_max_pu", "generators": "p_max_pu"}
_PROFILES = tuple(f"{name}-{attribute}.csv" for name, attribute in SERIES.items())
FILES = ("network.csv", "meta.json", "snapshots.csv", *(f"{name}.csv" for name in COMPONENTS), *_PROFILES)
#: Column that says which of our tables a row comes from.
TABLE = "orepact_table"
#: In front of the columns of our tables, so that none is taken for an attribute of PyPSA.
OURS = "orepact_"
#: Version of PyPSA whose folder this is.
FORM = "1.0.0"
LIFETIME_YEARS = 20.0
#: What of a network stands in ``meta.json``, beside its years.
HEAD = ("title", "currency", "description", "time_unit")


class _Draft:
    """The components and profiles of one folder while it is put together."""

    def __init__(self, network: Network, rate: float) -> None:
        self.network, self.rate = network, rate
        self.years = np.asarray(network.years)
        self.weights = discounted_years(network.years, rate)
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in COMPONENTS}
        self.profiles: dict[str, dict[str, NDArray[np.float64]]] = {name: {} for name in SERIES}
        self.standing_usd = 0.0
        self.cells = {name: _own_cells(name, getattr(network, name)) for name in tables()}
        self._buses()
        self._demand()
        self._stocks()
        self._routes()
        self._sites()

    def add(self, component: str, name: str, profile: Any = None, /, **values: Any) -> None:
        self.rows[component].append({"name": name, **values})
        if profile is not None:
            full = np.broadcast_to(np.asarray(profile, dtype=float), self.years.shape)
            if component == "loads" or not np.all(full == 1.0):
                self.profiles[component][name] = full

    def _buses(self) -> None:
        places = self.network.places
        for commodity in self.network.commodities.index:
            self.add("carriers", str(commodity), **self.cells["commodities"][commodity])
        for (commodity, place), surplus in zip(self.network.nodes, self.network.co_product_nodes, strict=True):
            at = {"x": places["longitude"].get(place), "y": places["latitude"].get(place)}
            unit = self.network.commodities["unit"].get(commodity, "")
            self.add("buses", bus(commodity, place), carrier=commodity, unit=unit, **at, **self.cells["places"].get(place, {}))
            if surplus:
                self.add("generators", f"surplus {bus(commodity, place)}", bus=bus(commodity, place), sign=-1, p_nom=PLENTY)

    def _demand(self) -> None:
        demand = self.network.demand
        for key, part in demand.groupby(["commodity", "place"], sort=True):
            commodity, place = map(str, key)
            wanted = part.groupby("year")["quantity"].sum().reindex(self.years).fillna(0.0)
            at = {OURS + "commodity": commodity, OURS + "place": place}
            self.add("loads", f"demand {bus(commodity, place)}", wanted, bus=bus(commodity, place), **{TABLE: "demand"}, **at)
        for row, line in demand.iterrows():
            if np.isfinite(line["shortage_cost_usd"]) and line["year"] in self.network.years:
                node = bus(line["commodity"], line["place"])
                only = np.where(self.years == line["year"], line["quantity"], 0.0)
                cost = {"p_nom": 1.0, "marginal_cost": line["shortage_cost_usd"]}
                self.add("generators", f"shortage {row}", only, bus=node, **cost, **self.cells["demand"][row])

    def _stocks(self) -> None:
        rate = self.network.values("stockpiles", "release_per_year")
        for number, (row, line) in enumerate(self.network.stockpiles.iterrows()):
            node = bus(line["commodity"], line["place"])
            limit = {"p_nom": min(rate[number], PLENTY), "e_sum_max": line["quantity"]}
            self.add("generators", f"stock {row}", bus=node, **limit, **self.cells["stockpiles"][row])

    def _routes(self) -> None:
        network = self.network
        loss, most = network.values("routes", "loss"), network.values("routes", "capacity_per_year")
        goods, start, end = (network.routes[name].astype(str) for name in ("commodity", "origin", "destination"))
        for i, (commodity, origin, destination) in enumerate(zip(goods, start, end, strict=True)):
            ends = {"bus0": bus(commodity, origin), "bus1": bus(commodity, destination), "carrier": commodity}
            numbers = {
                "efficiency": 1.0 - loss[i],
                "marginal_cost": network.route_cost_usd[i],
                "p_nom": min(most[i], PLENTY),
            }
            self.add("links", f"route {origin}>{destination}/{commodity}", **ends, **numbers, **self.cells["routes"][i])

    def _sites(self) -> None:
        network, recipes = self.network, dict(list(self.network.recipes.groupby("process", sort=False)))
        reserves = network.values("sites", "reserves")
        fixed = network.values("sites", "fixed_cost_usd")
        for i, (site, line) in enumerate(network.sites.iterrows()):
            source = f"source {site}"
            self.add("buses", source)
            self.add("generators", source, bus=source, p_nom=PLENTY, e_sum_max=reserves[i])
            ports = self._ports(line, recipes.get(line["process"], network.recipes.iloc[:0]), float(network.site_cost_usd[i]))
            ports["bus0"] = source
            existing = network.capacity.iloc[i].to_numpy(dtype=float)
            finite = np.isfinite(existing)
            self.standing_usd += float((self.weights * np.where(finite, existing, 0.0)).sum() * fixed[i])
            full = np.where(finite, existing, PLENTY)
            most = float(full.max())
            shape = full / most if most else np.ones_like(full)
            self.add("links", f"site {site}", shape, p_nom=most, **ports, **self.cells["sites"][site])
            if network.expandable[i] and finite.all():
                self._vintages(str(site), line, float(fixed[i]), ports)

    @staticmethod
    def _ports(line: pd.Series, recipe: pd.DataFrame, cost: float) -> dict[str, Any]:
        ports: dict[str, Any] = {"marginal_cost": cost}
        ordered = recipe.sort_values("amount", key=lambda amount: amount != 1.0, kind="stable")
        for k, (commodity, amount) in enumerate(zip(ordered["commodity"], ordered["amount"], strict=True), start=1):
            ports[f"bus{k}"] = bus(commodity, line["place"])
            ports["efficiency" if k == 1 else f"efficiency{k}"] = float(amount)
        return ports

    def _vintages(self, site: str, line: pd.Series, fixed: float, ports: Mapping[str, Any]) -> None:
        """One extendable link for each decision year: lead time, life and the annuity of its cost while it stands."""
        life = float(line["lifetime_years"]) if np.isfinite(line["lifetime_years"]) else LIFETIME_YEARS
        annuity = 1 / life if self.rate == 0 else self.rate / (1 - (1 + self.rate) ** -life)
        most = float(line["max_build_per_year"]) if np.isfinite(line["max_build_per_year"]) else np.inf
        lead = float(line["lead_time_years"]) if np.isfinite(line["lead_time_years"]) else 0.0
        for year, span in zip(self.years, self.network.year_spans, strict=True):
            stands = (self.years >= year + lead) & (self.years < year + lead + life)
            if stands.any():
                charge = float((self.weights * stands).sum()) * (annuity * float(line["capex_usd"]) + fixed)
                build = {"p_nom_extendable": True, "p_nom_max": most * span, "capital_cost": charge}
                self.add("links", f"site {site} of {year}", stands, p_nom=0.0, **build, **ports)


def discounted_years(years: Iterable[int], rate: float) -> NDArray[np.float64]:
    """Weight of each model year: its calendar years, discounted to the first.

    >>> discounted_years([2025, 2027], 0.0).tolist()
    [2.0, 1.0]
    """
    at = np.asarray(list(years))
    spans = np.append(np.diff(at), 1)
    return np.array([sum((1 + rate) ** -(s + k) for k in range(n)) for s, n in zip(at - at[0], spans, strict=True)], dtype=float)


def bus(commodity: str, place: str) -> str:
    """Name of the bus of a node.

    >>> bus("nickel_sulphate", "KOR")
    'nickel_sulphate/KOR'
    """
    return f"{commodity}/{place}"


def _own_cells(name: str, frame: pd.DataFrame) -> dict[Any, dict[str, Any]]:
    """The cells of our table that hold something, by row, under names that PyPSA leaves alone."""
    table = tables()[name]
    rows = frame.reset_index() if table.indexed else frame
    keys = frame.index if table.indexed else range(len(frame))
    out = {}
    for key, row in zip(keys, rows.to_dict("records"), strict=True):
        kept = {OURS + str(c): value for c, value in row.items() if c in table.columns and value != "" and not pd.isna(value)}
        out[key] = {TABLE: name, **kept}
    return out


def of_network(network: Network, *, rate: float = 0.05, label: str = CLEAR) -> Made:
    """The CSV folder of a network; ``rate`` discounts to the first model year (1).

    PyPSA finds the cost of the plan without policy limits, less the fixed cost of the capacity that stands (in ``meta.json``).
    """
    draft = _Draft(network.with_tables(routes=network.routes.reset_index(drop=True)), rate)
    files = {f"{name}.csv": _component(draft.rows[name]) for name in COMPONENTS if draft.rows[name]}
    years = [str(year) for year in network.years]
    for name, profiles in draft.profiles.items():
        if profiles:
            lines = [[year, *(number_text(values[t]) for values in profiles.values())] for t, year in enumerate(years)]
            files[f"{name}-{SERIES[name]}.csv"] = csv_text(["snapshot", *profiles], lines)
    spans = network.year_spans
    weights = [[year, number_text(w), "1", str(int(n))] for year, w, n in zip(years, draft.weights, spans, strict=True)]
    files["snapshots.csv"] = csv_text(["snapshot", "objective", "stores", "generators"], weights)
    files["network.csv"] = csv_text(["name", "pypsa_version"], [[guarded(network.title), FORM]])
    head = {name: getattr(network, name) for name in HEAD} | {"years": list(network.years)}
    files["meta.json"] = json_text(
        {"orepact": head, "label": label, "discount_rate": rate, "fixed_cost_of_standing_capacity_usd": draft.standing_usd}
    )
    return Made({name: files[name] for name in FILES if name in files}, tuple(_lost(network, draft)))


def _lost(network: Network, draft: _Draft) -> list[str]:
    out = []
    if draft.standing_usd:
        out.append(
            f"{draft.standing_usd:,.0f} USD of fixed cost of capacity that stands are in meta.json, not in PyPSA's objective"
        )
    bare = set(network.recipes["process"]) - set(network.sites["process"])
    if bare:
        out.append(f"{len(bare)} processes without a site are left out: a recipe is the ports of a link")
    empty = set(network.places.index) - {place for _, place in network.nodes}
    if empty:
        out.append(f"{len(empty)} places that nothing touches are left out: a bus is a commodity in a place")
    idle = int(((network.demand["quantity"] == 0) & network.demand["shortage_cost_usd"].isna()).sum())
    if idle:
        out.append(f"{idle} demands of 0 are left out: a load without power is none")
    held = [name for name in ("contents", "observations") if len(getattr(network, name))]
    if held:
        out.append(f"{', '.join(held)} are left out: PyPSA has no component for them")
    out.append("emissions, days under way and limits of a policy are columns beside, no constraint in PyPSA")
    return out


def components(network: Network, rate: float) -> dict[str, list[dict[str, Any]]]:
    """The rows of each component of a network, as values."""
    return _Draft(network.with_tables(routes=network.routes.reset_index(drop=True)), rate).rows


def _component(rows: list[dict[str, Any]]) -> str:
    header = list(dict.fromkeys(key for row in rows for key in row))
    defaults = {"e_sum_max": np.inf, "p_nom_max": np.inf, "p_nom_extendable": False, "sign": 1.0}
    numbers = {key for row in rows for key, value in row.items() if isinstance(value, (int, float, np.number))}
    lines = []
    for row in rows:
        blank = {key: "" if key.startswith((OURS, "bus", "x", "y")) or key not in numbers else 0.0 for key in header}
        filled = blank | {key: value for key, value in defaults.items() if key in header} | row
        lines.append([guarded(_cell(filled[key])) if key.startswith(OURS) else _cell(filled[key]) for key in header])
    return csv_text(header, lines)


def _cell(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, (float, np.floating)) and np.isnan(value)):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, float, np.number)):
        return "inf" if np.isinf(value) else number_text(float(value))
    return str(value)
