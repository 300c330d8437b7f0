"""The same answers from other people's equations: the published form over a bill of materials, and the largest flow."""

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from orepact.chain import Network
from orepact.shock.exposure.aggregate import Aggregate
from orepact.shock.exposure.hit import Hit
from orepact.shock.exposure.program import Losing, Surviving


class Tiers:
    """A random chain of three tiers: node i makes one part of its own kind from parts of each kind that it is sent."""

    def __init__(self, seed):
        draw = np.random.default_rng(seed)
        low, middle, top = 8, 5, 3
        self.nodes = [*(f"s{i}" for i in range(low)), *(f"m{i}" for i in range(middle)), *(f"p{i}" for i in range(top))]
        self.kind = {f"s{i}": f"raw{i // 2}" for i in range(low)} | {f"m{i}": f"half{i // 2}" for i in range(middle)}
        self.kind |= {f"p{i}": f"good{i}" for i in range(top)}
        self.edges = []
        for tier, below in (("m", "s"), ("p", "m")):
            for to in (node for node in self.nodes if node[0] == tier):
                senders = [node for node in self.nodes if node[0] == below]
                self.edges += [(str(node), to) for node in draw.choice(senders, size=draw.integers(1, 4), replace=False)]
        kinds = {(self.kind[a], b) for a, b in self.edges}
        self.needs = {(kind, b): float(draw.integers(1, 4)) for kind, b in sorted(kinds)}
        self.capacity = {node: float(draw.integers(50, 400)) for node in self.nodes}
        self.stock = {node: float(draw.choice([0, draw.integers(1, 900)])) for node in self.nodes}
        self.demand = {node: float(draw.integers(10, 60)) for node in self.nodes if node[0] == "p"}
        self.worth = {node: float(draw.integers(1, 9)) for node in self.demand}

    def network(self):
        goods = sorted(set(self.kind.values()))
        recipes = [(f"make_{node}", self.kind[node], 1.0) for node in self.nodes]
        recipes += [(f"make_{node}", kind, -amount) for (kind, node), amount in self.needs.items()]
        return Network(
            title="tiers",
            years=(2025,),
            currency="USD",
            description="",
            commodities=pd.DataFrame({"commodity": goods, "unit": "piece"}),
            places=pd.DataFrame({"place": self.nodes}),
            recipes=pd.DataFrame(recipes, columns=["process", "commodity", "amount"]),
            sites=pd.DataFrame(
                {
                    "site": self.nodes,
                    "process": [f"make_{n}" for n in self.nodes],
                    "place": self.nodes,
                    "capacity_per_year": [self.capacity[n] for n in self.nodes],
                }
            ),
            routes=pd.DataFrame([(self.kind[a], a, b) for a, b in self.edges], columns=["commodity", "origin", "destination"]),
            demand=pd.DataFrame(
                [(self.kind[n], n, 2025, q, self.worth[n]) for n, q in self.demand.items()],
                columns=["commodity", "place", "year", "quantity", "shortage_cost_usd"],
            ),
            stockpiles=pd.DataFrame(
                [(self.kind[n], n, q, "own") for n, q in self.stock.items()], columns=["commodity", "place", "quantity", "owner"]
            ),
        )

    def published(self, stopped, time):
        """Simchi-Levi et al. (2015), with u made, y sent, l lost in all of ``time`` (None: the longest time without loss).

        min sum f l:  u_j r_kj <= sum of y_ij over senders of k;  sum_j y_ij <= s_i + u_i;  u = 0 where stopped;
        l_j + u_j + s_j >= d_j t;  u_j <= c_j t.
        """
        made = {node: at for at, node in enumerate(self.nodes)}
        sent = {edge: len(made) + at for at, edge in enumerate(self.edges)}
        lost = {node: len(made) + len(sent) + at for at, node in enumerate(self.demand)}
        width = len(made) + len(sent) + len(lost) + 1
        rows, right = [], []

        def at_most(bound, *terms):
            row = np.zeros(width)
            for at, factor in terms:
                row[at] += factor
            rows.append(row)
            right.append(bound)

        for (kind, node), amount in self.needs.items():
            senders = [(sent[a, b], -1.0) for a, b in self.edges if b == node and self.kind[a] == kind]
            at_most(0.0, (made[node], amount), *senders)
        for node in self.nodes:
            out = [(sent[a, b], 1.0) for a, b in self.edges if a == node]
            if node in self.demand:
                at_most(self.stock[node], (lost[node], -1.0), (made[node], -1.0), (width - 1, self.demand[node]))
            else:
                at_most(self.stock[node], *out, (made[node], -1.0))
            at_most(0.0, (made[node], 1.0), (width - 1, 0.0 if node in stopped else -self.capacity[node]))
        bounds = [(0.0, None)] * width
        cost = np.zeros(width)
        if time is None:
            for at in lost.values():
                bounds[at] = (0.0, 0.0)
            cost[-1] = -1.0
        else:
            bounds[-1] = (time, time)
            for node, at in lost.items():
                cost[at] = self.worth[node]
        found = linprog(cost, np.array(rows), right, bounds=bounds)
        if time is None:
            return math.inf if found.status == 3 else -found.fun
        return found.fun


@pytest.mark.parametrize("seed", range(12))
def test_the_published_form_on_random_tiers(seed):
    tiers = Tiers(seed)
    aggregate = Aggregate.of_network(tiers.network())
    losing, surviving = Losing(aggregate), Surviving(aggregate)
    draw = np.random.default_rng(seed)
    for _ in range(12):
        stopped = draw.choice(len(tiers.nodes), size=draw.integers(1, 4), replace=False)
        names = {tiers.nodes[at] for at in stopped}
        time, hit = float(draw.integers(1, 20)), Hit.of(stopped)
        assert losing.solve(time, hit).usd == pytest.approx(tiers.published(names, time), rel=1e-7, abs=1e-7)
        found, expected = surviving.solve(hit)[0], tiers.published(names, None)
        assert found == expected if math.isinf(expected) else found == pytest.approx(expected, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("seed", range(12))
def test_one_good_is_a_largest_flow(seed):
    """Where nothing is transformed, what reaches demand in a time is the largest flow from mines and stocks."""
    draw = np.random.default_rng(seed)
    places = [f"n{i}" for i in range(7)]
    capacity = dict(zip(places[:3], draw.integers(5, 30, 3).astype(float), strict=True))
    stock = dict(zip(places, draw.integers(0, 40, 7).astype(float), strict=True))
    demand = dict(zip(places[4:], draw.integers(5, 30, 3).astype(float), strict=True))
    ways = [(a, b, float(draw.integers(1, 20))) for a in places for b in places if a != b and draw.random() < 0.4]
    network = Network(
        title="flow",
        years=(2025,),
        currency="USD",
        description="",
        commodities=pd.DataFrame({"commodity": ["ore"], "unit": ["t"], "price_usd_per_unit": [3.0]}),
        places=pd.DataFrame({"place": places}),
        recipes=pd.DataFrame({"process": ["mining"], "commodity": ["ore"], "amount": [1.0]}),
        sites=pd.DataFrame(
            {"site": [*capacity], "process": "mining", "place": [*capacity], "capacity_per_year": list(capacity.values())}
        ),
        routes=pd.DataFrame(
            [("ore", a, b, limit) for a, b, limit in ways], columns=["commodity", "origin", "destination", "capacity_per_year"]
        ),
        demand=pd.DataFrame([("ore", p, 2025, q) for p, q in demand.items()], columns=["commodity", "place", "year", "quantity"]),
        stockpiles=pd.DataFrame(
            [("ore", p, q, "own") for p, q in stock.items()], columns=["commodity", "place", "quantity", "owner"]
        ),
    )
    losing = Losing(Aggregate.of_network(network))
    for mine, time in ((0, 2.0), (1, 5.0), (2, 0.5)):
        graph = nx.DiGraph()
        for at, (place, most) in enumerate(capacity.items()):
            graph.add_edge("mines", place, capacity=0.0 if at == mine else most * time)
        for place, quantity in stock.items():
            graph.add_edge(("stock", place), place, capacity=quantity)
            graph.add_edge("stocks", ("stock", place), capacity=quantity)
        graph.add_edges_from([("all", "mines"), ("all", "stocks")])
        graph.add_edges_from((a, b, {"capacity": limit * time}) for a, b, limit in ways)
        graph.add_edges_from((place, "demand", {"capacity": quantity * time}) for place, quantity in demand.items())
        reached = nx.maximum_flow_value(graph, "all", "demand")
        lost = sum(demand.values()) * time - reached
        assert losing.solve(time, Hit.of([mine])).quantity == pytest.approx(lost, rel=1e-8, abs=1e-8)
