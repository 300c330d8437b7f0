"""Moves: who made a good, where it went, what it became; against the routes and against the links of the Sankey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Flows, Network
from orepact.chain.moves import COLUMNS, WAYS, moves
from orepact.chain.stage_links import STOCK, stage_links
from orepact.plan import solve
from plan_networks import small_network, wanted

NETWORKS = Path(__file__).parents[1] / "networks"
LINK = ["from_stage", "from_place", "to_stage", "to_place"]


@pytest.fixture(scope="module", params=["toy", "magnets", "recovery"])
def flows(request: pytest.FixtureRequest) -> Flows:
    return solve(Network.from_package(NETWORKS / request.param), None).flows


def test_what_a_route_brings_is_in_the_moves(flows: Flows) -> None:
    """By good, origin and destination; the quantity is what arrives."""
    for year in flows.years:
        found = moves(flows, year, least=0.0)
        assert tuple(found.columns) == COLUMNS
        assert set(found["way"]) <= set(WAYS)
        routes = flows.select(kind="route", year=year)
        keys = ["commodity", "origin", "destination"]
        loss = flows.network.routes.set_index(keys)["loss"].fillna(0.0)
        arrives = routes["quantity"].to_numpy() * (1 - loss.reindex(pd.MultiIndex.from_frame(routes[keys])).to_numpy())
        brought = routes.assign(arrives=arrives).groupby(keys)["arrives"].sum()
        told = found[found["way"] == "route"].groupby(["commodity", "from_place", "to_place"])["quantity"].sum()
        both = pd.concat([brought.rename_axis(told.index.names), told], axis=1).fillna(0.0)
        assert np.allclose(both.iloc[:, 0], both.iloc[:, 1])


def test_moves_of_an_element_are_the_links_of_the_sankey(flows: Flows) -> None:
    """Two ways to the same figures: pool by pool in ``stage_links``, row by row here."""
    network, year = flows.network, flows.years[0]
    stage = network.commodities["stage"]
    for element in network.contents["element"].unique():
        held = network.contents[network.contents["element"] == element].set_index("commodity")["t_per_unit"]
        found = moves(flows, year, least=0.0)
        found = found[found["commodity"].isin(held.index) & (found["to_stage"] != STOCK) & (found["way"] != STOCK)]
        found = found.assign(tonnes=found["quantity"] * found["commodity"].map(held), from_stage=found["commodity"].map(stage))
        told = found.groupby(LINK)["tonnes"].sum()
        same = [a == c and b == d for a, b, c, d in told.index]
        links = stage_links(flows, element, year)
        links = links[links["from_place"] != STOCK].set_index(LINK)["contained_t"]
        both = pd.concat([told[~np.array(same, dtype=bool)], links], axis=1).fillna(0.0)
        assert np.allclose(both.iloc[:, 0], both.iloc[:, 1], rtol=1e-6, atol=1e-6)


def test_owners_of_what_is_sent_on_are_its_makers() -> None:
    """B sells on what A made and what it made itself: a buyer in C has both makers, in proportion."""
    network = small_network(
        years=(2024,),
        recipes={"dig": {"ore": 1.0}},
        sites=[
            {"site": "a", "process": "dig", "place": "A", "capacity_per_year": 30.0, "owner_country": "X"},
            {"site": "b", "process": "dig", "place": "B", "capacity_per_year": 10.0, "owner_country": "Y"},
        ],
        routes=[{"commodity": "ore", "origin": "A", "destination": "B"}, {"commodity": "ore", "origin": "B", "destination": "C"}],
        demand=wanted("ore", "C", {2024: 40.0}),
    )
    found = moves(solve(network, None).flows, 2024, least=0.0)
    to_c = found[found["to_place"] == "C"].groupby("from_owner")["quantity"].sum()
    assert to_c.to_dict() == pytest.approx({"X": 30.0, "Y": 10.0})
    legs = found.groupby(["from_place", "to_place"])["quantity"].sum()
    assert legs.to_dict() == pytest.approx({("A", "B"): 30.0, ("B", "C"): 40.0})
