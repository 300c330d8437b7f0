"""The same question asked of PyPSA: nodes become buses, recipes become links with several ports.

Written from the contract of the plan (its formulas), not from its code: weights, annuities and policy limits are
stated again here. One snapshot is one model year, weighted by its discounted years.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orepact.chain.network import Network
from orepact.chain.policy import CapacityTarget, LargestSupplierShare
from orepact.chain.scenario import Scenario

#: Stands for "unlimited": PyPSA needs a number.
PLENTY = 1e12


class Twin:
    """A PyPSA network that asks what the plan asks; ``solve`` returns the discounted cost in USD."""

    def __init__(self, network: Network, scenario: Scenario | None = None, rate: float = 0.05) -> None:
        import pypsa

        pypsa.options.api.legacy_string_dtype = False
        self.network, self.scenario = network, scenario
        self.rate = scenario.discount_rate if scenario else rate
        self.n = pypsa.Network()
        self.years = np.asarray(network.years)
        self.spans = np.append(np.diff(self.years), 1)
        since = self.years - self.years[0]
        self.weights = np.array(
            [sum((1 + self.rate) ** -(s + k) for k in range(n)) for s, n in zip(since, self.spans, strict=True)]
        )
        self.n.set_snapshots(pd.Index(self.years, name="snapshot"))
        self.n.snapshot_weightings["objective"] = self.weights.astype(float)
        self.n.snapshot_weightings["generators"] = self.spans.astype(float)
        self.constant = 0.0
        self.site_links: dict[str, list[str]] = {}
        self.vintages: dict[str, tuple[str, np.ndarray]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {"Bus": [], "Generator": [], "Load": [], "Link": []}
        self._buses()
        self._demand()
        self._stocks()
        self._routes()
        self._sites()
        for component, rows in self._rows.items():
            self._add_all(component, rows)

    def add(self, component: str, name: str, **values: Any) -> None:
        """Note one component; all of a kind are added together, which is much faster."""
        self._rows[component].append({"name": name, **values})

    def _add_all(self, component: str, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        table = pd.DataFrame(rows).set_index("name")
        values: dict[str, Any] = {}
        for column in table.columns:
            given = table[column].dropna()
            if any(isinstance(value, pd.Series) for value in given):
                values[column] = pd.DataFrame({name: given.get(name, self.profile(1.0)) for name in table.index})
            elif column.startswith("bus"):
                values[column] = table[column].fillna("")
            else:
                default = {"e_sum_max": np.inf, "p_nom_extendable": False, "p_nom_max": np.inf, "p_nom": 0.0, "sign": 1.0}
                values[column] = table[column].astype(object).fillna(default.get(column, 0.0)).infer_objects()
        self.n.add(component, table.index, **values)

    @staticmethod
    def node(commodity: str, place: str) -> str:
        """Name of the bus of a node."""
        return f"{commodity} {place}"

    def profile(self, values: Any) -> pd.Series:
        """Numbers by snapshot."""
        full = np.broadcast_to(np.asarray(values, dtype=float), (len(self.years),))
        return pd.Series(full, index=self.n.snapshots)

    # Translation -----------------------------------------------------------------------------------

    def _buses(self) -> None:
        for (commodity, place), surplus in zip(self.network.nodes, self.network.co_product_nodes, strict=True):
            self.add("Bus", self.node(commodity, place))
            if surplus:
                self.add("Generator", f"surplus {commodity} {place}", bus=self.node(commodity, place), sign=-1, p_nom=PLENTY)

    def _demand(self) -> None:
        demand = self.network.demand.groupby(["commodity", "place", "year"])["quantity"].sum()
        for (commodity, place), part in demand.groupby(level=[0, 1]):
            wanted = part.droplevel([0, 1]).reindex(self.years).fillna(0.0)
            self.add("Load", f"demand {commodity} {place}", bus=self.node(commodity, place), p_set=self.profile(wanted))
        for row, line in self.network.demand.iterrows():
            if np.isfinite(line["shortage_cost_usd"]) and line["year"] in self.network.years:
                self.add(
                    "Generator",
                    f"shortage {row}",
                    bus=self.node(line["commodity"], line["place"]),
                    p_nom=1.0,
                    p_max_pu=self.profile(np.where(self.years == line["year"], line["quantity"], 0.0)),
                    marginal_cost=line["shortage_cost_usd"],
                )

    def _stocks(self) -> None:
        for row, line in self.network.stockpiles.iterrows():
            rate = line["release_per_year"]
            self.add(
                "Generator",
                f"stock {row}",
                bus=self.node(line["commodity"], line["place"]),
                p_nom=rate if np.isfinite(rate) else PLENTY,
                e_sum_max=line["quantity"],
            )

    def _routes(self) -> None:
        price = self.network.commodities["price_usd_per_unit"].fillna(0.0)
        for i, line in self.network.routes.iterrows():
            tariff = np.nan_to_num(line["tariff_rate"]) * price[line["commodity"]]
            capacity = line["capacity_per_year"]
            self.add(
                "Link",
                f"route {i}",
                bus0=self.node(line["commodity"], line["origin"]),
                bus1=self.node(line["commodity"], line["destination"]),
                efficiency=1 - np.nan_to_num(line["loss"]),
                marginal_cost=np.nan_to_num(line["cost_usd"]) + tariff,
                p_nom=capacity if np.isfinite(capacity) else PLENTY,
            )

    def _sites(self) -> None:
        for i, (site, line) in enumerate(self.network.sites.iterrows()):
            ports = self._ports(str(site), line)
            existing = self.network.capacity.iloc[i].to_numpy(dtype=float)
            fixed = line["fixed_cost_usd"] if np.isfinite(line["fixed_cost_usd"]) else 0.0
            finite = np.where(np.isfinite(existing), existing, 0.0)
            self.constant += float((self.weights * finite).sum() * fixed)
            full = np.where(np.isfinite(existing), existing, PLENTY)
            most = full.max()
            self.site_links[str(site)] = [f"site {site}"]
            self.add("Link", f"site {site}", p_nom=most, p_max_pu=self.profile(full / most if most else full), **ports)
            if self.network.expandable[i] and np.isfinite(existing).all():
                self._vintages(str(site), line, fixed, ports)

    def _ports(self, site: str, line: pd.Series) -> dict[str, Any]:
        """Bus 0 is a private source that may run dry (reserves); every recipe line is a further port."""
        source = f"source {site}"
        self.add("Bus", source)
        reserves = line["reserves"]
        self.add("Generator", source, bus=source, p_nom=PLENTY, **({"e_sum_max": reserves} if np.isfinite(reserves) else {}))
        power = self.network.places["electricity_usd_per_kwh"].fillna(0.0).get(line["place"], 0.0)
        cost = np.nan_to_num(line["variable_cost_usd"]) + np.nan_to_num(line["electricity_kwh"]) * power
        ports: dict[str, Any] = {"bus0": source, "marginal_cost": float(cost)}
        recipe = self.network.recipes[self.network.recipes["process"] == line["process"]]
        for k, (commodity, amount) in enumerate(zip(recipe["commodity"], recipe["amount"], strict=True), start=1):
            ports[f"bus{k}"] = self.node(commodity, line["place"])
            ports["efficiency" if k == 1 else f"efficiency{k}"] = float(amount)
        return ports

    def _vintages(self, site: str, line: pd.Series, fixed: float, ports: dict[str, Any]) -> None:
        """One extendable link for each decision year, whose profile says when it stands."""
        life = line["lifetime_years"] if np.isfinite(line["lifetime_years"]) else 20.0
        yearly = 1 / life if self.rate == 0 else self.rate / (1 - (1 + self.rate) ** -life)
        rate = line["max_build_per_year"] if np.isfinite(line["max_build_per_year"]) else np.inf
        for year, span in zip(self.years, self.spans, strict=True):
            ready = year + np.nan_to_num(line["lead_time_years"])
            stands = (self.years >= ready) & (self.years < ready + life)
            if not stands.any():
                continue
            name = f"site {site} of {year}"
            charge = float((self.weights * stands).sum() * (yearly * line["capex_usd"] + fixed))
            self.add(
                "Link",
                name,
                p_nom_extendable=True,
                p_nom_max=rate * span,
                capital_cost=charge,
                p_max_pu=self.profile(stands),
                **ports,
            )
            self.site_links[site].append(name)
            self.vintages[name] = (site, stands)

    # Policy limits ---------------------------------------------------------------------------------

    def _limits(self, n: Any, snapshots: Any) -> None:
        for number, limit in enumerate(self.scenario.active_limits if self.scenario else ()):
            first, last = limit.from_year or self.years[0], limit.to_year or self.years[-1]
            for t, year in enumerate(self.years):
                if first <= year <= last and isinstance(limit, LargestSupplierShare):
                    self._share(n, limit, int(year), number)
                elif first <= year <= last:
                    self._target(n, limit, t, number)

    def _share(self, n: Any, limit: LargestSupplierShare, year: int, number: int) -> None:
        supply: dict[str, list[Any]] = {}
        inside = set(self.network.members(limit.places))
        flow = n.model["Link-p"]
        recipes = self.network.recipes[
            self.network.recipes["commodity"].isin(limit.commodities) & (self.network.recipes["amount"] > 0)
        ]
        for site, line in self.network.sites.iterrows():
            if line["place"] in inside:
                made = recipes.loc[recipes["process"] == line["process"], "amount"].sum()
                who = line["place"] if limit.by == "place" else line["owner_country"]
                for link in self.site_links[str(site)] if made else []:
                    supply.setdefault(who, []).append(made * flow.loc[year, link])
        if limit.by == "place":
            for i, line in self.network.routes.iterrows():
                if line["commodity"] in limit.commodities and line["destination"] in inside and line["origin"] not in inside:
                    arriving = 1 - np.nan_to_num(line["loss"])
                    supply.setdefault(line["origin"], []).append(arriving * flow.loc[year, f"route {i}"])
        total = [term for terms in supply.values() for term in terms]
        if limit.by == "place":
            for i, line in self.network.routes.iterrows():
                if line["commodity"] in limit.commodities and line["origin"] in inside and line["destination"] not in inside:
                    total.append(-1.0 * flow.loc[year, f"route {i}"])
        for who, terms in supply.items():
            if who not in {"", "unknown", "ROW", *limit.exempt}:
                lhs = sum(terms) - limit.max_share * sum(total)
                n.model.add_constraints(lhs <= 0, name=f"share-{number}-{who}-{year}".replace(" ", "_"))

    def _target(self, n: Any, limit: CapacityTarget, t: int, number: int) -> None:
        sites = self.network.sites
        counted = (sites["owner_country"] == limit.owner_country) & self.network.site_output.isin(limit.commodities)
        existing = float(self.network.capacity.to_numpy()[counted.to_numpy(), t].sum())
        if existing >= limit.minimum:
            return
        chosen = [name for name, (site, stands) in self.vintages.items() if counted[site] and stands[t]]
        terms = [1.0 * n.model["Link-p_nom"].loc[name] for name in chosen]
        if limit.shortfall_cost_usd is not None:
            missing = n.model.add_variables(lower=0, name=f"missing-{number}-{t}")
            n.model.objective += float(self.weights[t] * limit.shortfall_cost_usd) * missing
            terms.append(1.0 * missing)
        n.model.add_constraints(sum(terms) >= limit.minimum - existing, name=f"target-{number}-{t}")

    def solve(self) -> float:
        """Discounted cost, the fixed cost of existing capacity included."""
        status, condition = self.n.optimize(
            solver_name="highs",
            include_objective_constant=False,
            extra_functionality=self._limits,
            assign_all_duals=False,
            log_to_console=False,
        )
        assert (status, condition) == ("ok", "optimal"), (status, condition)
        return float(self.n.model.objective.value) + self.constant
