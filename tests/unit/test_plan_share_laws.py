"""What a ceiling on suppliers must not let pass, on chains small enough for paper."""

from __future__ import annotations

import pandas as pd
import pytest

from orepact import plan
from orepact.chain.network import Network
from orepact.chain.policy import LargestSupplierShare
from orepact.chain.scenario import Scenario
from orepact.errors import NoFeasibleAnswer


def network(owners: tuple[str, str] = ("AAA", "BBB"), *, back: bool = True) -> Network:
    """AAA and BBB mine ore for 1 and 100 USD a tonne; CCC needs 100 t; every route costs 1 USD a tonne."""
    sites = pd.DataFrame({
        "site": ["mine_a", "mine_b"], "process": "mining", "place": ["AAA", "BBB"], "capacity_per_year": [200.0, 200.0],
        "owner_country": owners, "variable_cost_usd": [1.0, 100.0],
    })  # fmt: skip
    pairs = [("AAA", "CCC"), ("BBB", "CCC"), *([("CCC", "BBB")] if back else [])]
    return Network(
        title="Share", years=(2030,), currency="USD", description="",
        commodities=pd.DataFrame({"commodity": ["ore"], "unit": ["t"]}), places=pd.DataFrame({"place": ["AAA", "BBB", "CCC"]}),
        recipes=pd.DataFrame({"process": ["mining"], "commodity": ["ore"], "amount": [1.0]}), sites=sites,
        routes=pd.DataFrame([{"commodity": "ore", "origin": o, "destination": d, "cost_usd": 1.0} for o, d in pairs]),
        demand=pd.DataFrame({"commodity": ["ore"], "place": ["CCC"], "year": [2030], "quantity": [100.0]}),
    )  # fmt: skip


def solved(chain: Network, limit: LargestSupplierShare) -> pd.Series:
    """Mined tonnes by site under one limit."""
    frame = plan.solve(chain, Scenario(id="share", limits=(limit,))).flows.frame
    return frame[frame["kind"] == "activity"].groupby("site")["quantity"].sum()


def test_shipping_out_and_back_does_not_dilute_a_share() -> None:
    """Half of the 100 t that CCC keeps must come from BBB's mine: 50 x 101 + 50 x 2 USD, however cheap the round trip."""
    made = solved(network(), LargestSupplierShare(commodities=("ore",), places=("CCC",), max_share=0.5))
    assert made["mine_a"] == pytest.approx(50.0)
    assert made["mine_b"] == pytest.approx(50.0)


@pytest.mark.parametrize("owner", ["", "unknown"])
def test_what_nobody_is_known_to_own_is_not_one_supplier(owner: str) -> None:
    """Both mines without a known owner: nothing binds, and the cheap mine serves all."""
    limit = LargestSupplierShare(commodities=("ore",), places=("AAA", "BBB"), by="owner", max_share=0.5)
    assert solved(network((owner, owner)), limit)["mine_a"] == pytest.approx(100.0)


def test_one_known_owner_of_everything_is_bound() -> None:
    limit = LargestSupplierShare(commodities=("ore",), places=("AAA", "BBB"), by="owner", max_share=0.5)
    with pytest.raises(NoFeasibleAnswer):
        solved(network(("AAA", "AAA")), limit)
