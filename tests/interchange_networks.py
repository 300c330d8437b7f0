"""Networks and claims that hold what a format may lose: odd names, several years, stocks, co-products, closed labels."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from orepact.chain import Network
from orepact.facts import Codes
from orepact.facts.claims import Claim, claim_frame, numbers
from orepact.facts.subjects import parse_subjects
from plan_networks import small_network, wanted

PACKAGES = Path(__file__).parent / "networks"


def toy(name: str = "toy") -> Network:
    """A shipped test package."""
    return Network.from_package(PACKAGES / name)


def growing() -> Network:
    """A mine that grows over uneven years, a refinery with a co-product, a stock, a lossy route under tariff."""
    sites = [
        {
            "site": "mine",
            "process": "mining",
            "place": "AAA",
            "owner": "=Owner, Inc",
            "capacity_per_year": 40.0,
            "capex_usd": 90.0,
            "lifetime_years": 3.0,
            "lead_time_years": 1.0,
            "fixed_cost_usd": 2.0,
            "max_build_per_year": 50.0,
            "reserves": 2000.0,
        },
        {"site": "refinery", "process": "refining", "place": "BBB", "variable_cost_usd": 7.0},
    ]
    route = {"commodity": "ore", "origin": "AAA", "destination": "BBB", "cost_usd": 1.5, "loss": 0.1, "tariff_rate": 0.2}
    years = {2025: 30.0, 2026: 60.0, 2028: 80.0, 2030: 90.0}
    return small_network(
        years=list(years),
        recipes={"mining": {"ore": 1.0}, "refining": {"ore": -1.2, "metal": 1.0, "slag": 0.3}},
        sites=sites,
        routes=[route],
        demand=wanted("metal", "BBB", years, 500.0),
        stockpiles=[{"commodity": "metal", "place": "BBB", "quantity": 25.0, "owner": "BBB", "release_per_year": 10.0}],
        prices={"ore": 10.0},
    )


CLAIMS = [
    Claim("COD/cobalt", "mine_production", "222000.5", "t", "2024", source="usgs", as_of="2026-01", note="=cmd|' /C calc'!A0"),
    Claim("COD>CHN/cobalt_hydroxide", "trade_quantity", "0.1", "t", "2023", source="baci", as_of="2025-01", confidence="derived"),
    Claim("CHN", "grid_intensity", "0.58", "kg/kWh", "2023", source="ember", as_of="2025-01", confidence="estimated"),
    Claim("nickel", "price", "16800", "USD/t", "2024", source="wb", as_of="2025-01", confidence="unverified"),
    Claim(
        "site:mine_x", "capacity", "12", "kt/a", "", "2027-01-01", "2030-12-31", "acme", "2026-01", "reported", "TLP:AMBER/acme"
    ),
    Claim("hpal@IDN", "utilisation", "0.9", "1", "2024", source="acme", as_of="2026-01", label="TLP:AMBER+STRICT/nrcan"),
    Claim("site:mine_x", "status", "operating", "", "", "2024-01-01", source="acme", as_of="2026-01"),
    Claim("hpal/cobalt_sulphate", "recipe_amount", "0.07", "t/t", source="acme", as_of="2026-01"),
]


def claims() -> pd.DataFrame:
    """Resolved claims of every kind of subject; the last two are no observations: one is text, one has no date."""
    frame = claim_frame(CLAIMS)
    parts = parse_subjects(frame["subject"], Codes.shipped())
    return frame.assign(number=numbers(frame["value"])).join(parts)
