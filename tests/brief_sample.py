"""A small chain from Quebec to Korea with a Japanese plant, solved on a small ledger: what the tests of the brief stand on.

Cells need 2 t of cathode a MWh, cathode 0.5 t of hydroxide a tonne, hydroxide 0.1 t of lithium a tonne: 0.1 t of lithium a MWh.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd

from orepact.chain import Flows, Network, Scenario
from orepact.facts import Ledger
from orepact.plan import solve
from orepact.report.assemble import Material, assemble
from orepact.report.brief import Basis, Brief
from orepact.report.eligibility import Assessed, Move
from orepact.report.target import Goal
from orepact.service.brief import measure_stages

HEADER = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
SOURCES = (
    "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
    "survey,Survey Office,World Minerals <2025>,2025,2025-01,public domain,,survey office,A,yes\n"
    "press,Paper,Company news,2026,2026-02,facts,,pages,C,yes\n"
)
CLAIMS = (
    "CHN/lithium,refinery_production,70,t,2024,,,survey,2025-01,estimated,TLP:CLEAR,\n"
    "CHL/lithium,refinery_production,30,t,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "CAN/lithium,mine_production,50,t,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "site:north_mine,name,North <Mine>,text,,,,press,2026-02,reported,TLP:CLEAR,\n"
    "site:north_mine,located_in,CA-QC,text,,,,press,2026-02,reported,TLP:CLEAR,\n"
    "site:north_mine,runs_process,spodumene_mining,text,,,,press,2026-02,reported,TLP:CLEAR,\n"
    "site:north_mine,corridor,CA-KR,text,,,,press,2026-02,reported,TLP:CLEAR,\n"
    "site:north_mine,owner_country,CAN,text,,,,press,2026-02,reported,TLP:CLEAR,\n"
    "site:north_mine,status,study,text,,2024-03,,press,2024-03,reported,TLP:CLEAR,\n"
    "site:north_mine,status,construction,text,,2026-02-13,,press,2026-02-13,reported,TLP:CLEAR,\n"
    "site:north_mine,planned_start,2026,text,,2024-03,,press,2024-03,reported,TLP:CLEAR,\n"
    "site:north_mine,planned_start,2028,text,,2026-02-13,,press,2026-02-13,reported,TLP:CLEAR,\n"
    "spodumene_mining,electricity_use,50,kWh_per_unit,,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "cell_nmc811_assembly,electricity_use,40000,kWh_per_unit,,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "KOR,grid_intensity,0.4,kg_co2e_per_kWh,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "JPN,grid_intensity,0.5,kg_co2e_per_kWh,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "CHN,grid_intensity,0.6,kg_co2e_per_kWh,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
)
TRADE = (
    "CHN>KOR/lithium_hydroxide,trade_quantity,400,t,2015,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "CHN>KOR/lithium_hydroxide,trade_quantity,900,t,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "CHN>JPN/lithium_hydroxide,trade_quantity,500,t,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "CHL>KOR/lithium_hydroxide,trade_quantity,600,t,2015,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "CHL>KOR/lithium_hydroxide,trade_quantity,100,t,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
    "CHL>JPN/lithium_hydroxide,trade_quantity,500.5,t,2024,,,survey,2025-01,reported,TLP:CLEAR,\n"
)
YEARS = (2025, 2030, 2035)


@cache
def sample_ledger(folder: Path) -> Ledger:
    """The small ledger, written to ``folder`` and loaded with all checks."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
    lines = sorted(CLAIMS.splitlines(keepends=True), key=lambda line: [line.split(",")[at] for at in (0, 1, 4, 5)])
    (folder / "claims.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    sold = sorted(TRADE.splitlines(keepends=True), key=lambda line: [line.split(",")[at] for at in (0, 1, 4, 5)])
    (folder / "trade.csv").write_text(HEADER + "".join(sold), encoding="utf-8")
    return Ledger.load(folder)


def sample_network(years: tuple[int, ...] = YEARS) -> Network:
    """Mine and refinery in Quebec and China, cathode in China and Korea, cells in Korea and (Japanese-owned) in Japan."""
    commodities = pd.DataFrame(
        [
            ("spodumene_concentrate", "t", "concentrate", "lithium", 0.05, 800.0),
            ("lithium_hydroxide", "t", "refine", "lithium", 0.1, 12000.0),
            ("cam_nmc811", "t", "active_material", "lithium", 0.05, 25000.0),
            ("cell_nmc811", "MWh", "cell", "lithium", 0.1, 90000.0),
        ],
        columns=["commodity", "unit", "stage", "element", "element_t_per_unit", "price_usd_per_unit"],
    ).set_index("commodity")
    places = pd.DataFrame(
        [
            ("CA-QC", "Quebec", 46.8, -71.2),
            ("CHN", "China", 31.2, 121.5),
            ("KOR", "Korea", 35.1, 129.0),
            ("JPN", "Japan", 34.7, 135.5),
        ],
        columns=["place", "name", "latitude", "longitude"],
    ).set_index("place")
    recipes = pd.DataFrame(
        [
            ("spodumene_mining", "spodumene_concentrate", 1.0),
            ("hydroxide_from_spodumene", "lithium_hydroxide", 1.0),
            ("hydroxide_from_spodumene", "spodumene_concentrate", -2.0),
            ("cam_nmc811_calcination", "cam_nmc811", 1.0),
            ("cam_nmc811_calcination", "lithium_hydroxide", -0.5),
            ("cell_nmc811_assembly", "cell_nmc811", 1.0),
            ("cell_nmc811_assembly", "cam_nmc811", -2.0),
        ],
        columns=["process", "commodity", "amount"],
    )
    names = [str(name) for name in commodities.index]
    pairs = [(name, a, b) for name in names for a in places.index for b in places.index if a != b]
    routes = pd.DataFrame(pairs, columns=["commodity", "origin", "destination"]).assign(cost_usd=10.0)
    demand = pd.DataFrame(
        [("cell_nmc811", place, year, 1000.0 * (at + 1), 500000.0) for place in ("KOR", "JPN") for at, year in enumerate(years)],
        columns=["commodity", "place", "year", "quantity", "shortage_cost_usd"],
    )
    return Network("Sample", years, "USD", "A sample.", commodities, places, recipes, _sites(), routes, demand)


def _sites() -> pd.DataFrame:
    rows = [
        # site, process, place, owner, capacity, status, start, probability, capex, most a year
        ("north_mine", "spodumene_mining", "CA-QC", "CAN", 2000.0, "construction", 2028.0, 0.5, None, None),
        ("rest_chn__spodumene_mining", "spodumene_mining", "CHN", "CHN", 5000.0, "operating", None, 1.0, None, None),
        ("rest_chn__hydroxide", "hydroxide_from_spodumene", "CHN", "CHN", 4000.0, "operating", None, 1.0, 20000.0, 500.0),
        ("new_ca_qc__hydroxide", "hydroxide_from_spodumene", "CA-QC", "unknown", 0.0, "", None, 1.0, 1000.0, 200.0),
        ("rest_chn__cathode", "cam_nmc811_calcination", "CHN", "CHN", 5000.0, "operating", None, 1.0, None, None),
        ("korea_cathode", "cam_nmc811_calcination", "KOR", "KOR", 1000.0, "operating", None, 1.0, 15000.0, 300.0),
        ("korea_cells", "cell_nmc811_assembly", "KOR", "KOR", 1000.0, "operating", None, 1.0, None, None),
        ("osaka_cells", "cell_nmc811_assembly", "JPN", "JPN", 1500.0, "operating", None, 1.0, None, None),
        ("rest_jpn__cells", "cell_nmc811_assembly", "JPN", "JPN", 500.0, "operating", None, 1.0, None, None),
        ("nagoya_cells", "cell_nmc811_assembly", "JPN", "JPN", 2000.0, "planned", 2029.0, 0.4, None, None),
    ]  # fmt: skip
    columns = ["site", "process", "place", "owner_country", "capacity_per_year", "status", "start_year", "realisation_probability", "capex_usd", "max_build_per_year"]  # fmt: skip  # noqa: E501
    sites = pd.DataFrame(rows, columns=columns).set_index("site")
    more = {
        "name": sites.index,
        "owner": "",
        "variable_cost_usd": 100.0,
        "fixed_cost_usd": 1.0,
        "lead_time_years": 2.0,
        "lifetime_years": 20.0,
    }
    power = sites["process"].map({"cell_nmc811_assembly": 40_000.0, "spodumene_mining": 50.0})
    return sites.assign(**more, electricity_kwh=power, confidence="estimated")


@cache
def sample_material(folder: Path) -> Material:
    """The material of the sample brief: goal of 10 GWh a year of Japanese-owned cells by 2030."""
    ledger = sample_ledger(folder)
    scenario = Scenario.from_mapping({"id": "sample", "title": "Sample", "description": "A sample of a scenario."})
    standing = sample_network((2024,))
    base = solve(standing.with_tables(sites=standing.sites.assign(capex_usd=float("nan")))).flows
    plan = solve(sample_network(), scenario)
    goal = Goal(10_000.0, 2030, Basis(("press",), "2026-02", "reported"))
    manifest = {**plan.manifest.as_dict(), "as_of": "2026-02-13", "created": "2026-02-14T00:00:00+00:00"}
    measured = measure_stages(ledger, 2024)
    return Material(ledger, scenario, standing, base, plan, measured, goal, manifest, earlier_year(), assessed(), "2026-02-13")


def earlier_year() -> Flows:
    """The year before: half of the cells in Korea, everything else alike."""
    network = sample_network((2023,))
    halved = network.demand["quantity"].where(network.demand["place"] != "KOR", 500.0)
    sites = network.sites.assign(capex_usd=float("nan"))
    return solve(network.with_tables(sites=sites, demand=network.demand.assign(quantity=halved))).flows


def assessed() -> tuple[Assessed, ...]:
    """Three answers: a pass, a failure that other cathode would mend, and one that stays open for a plant on paper."""
    move = (Move("cam_nmc811", "CHN", "CHN", 0.6, 0.0), Move("cam_nmc811", "KOR", "KOR", 0.4, 1.0))
    share = {"measured": "of cost", "unit": "1", "rule": "law_1"}
    why = "40 % of cost; against it: cam_nmc811 of CHN-owned makers"
    first = Assessed("cell_nmc811", "KOR", "ckfta", "Trade <agreement>", "pass", "every test passes", change="passes already")
    fail = Assessed(
        "cell_nmc811", "KOR", "concern-25", "Makers of concern", "fail", why, "Inputs", low=0.4, high=0.4, threshold=1.0,
        change="change", moves=move, extra_usd_per_kwh=1.25, **share,
    )  # fmt: skip
    paper = Assessed(
        "cell_nmc811", "CA-QC", "concern-25", "Makers of concern", "undetermined", "not known", "Inputs", low=0.2, high=1.0,
        threshold=1.0, hypothetical=True, unverified=("law_2",), unread=("An annex was not read.",), **share,
    )  # fmt: skip
    return (first, fail, paper)


def sample_brief(folder: Path) -> Brief:
    """The sample brief; titles hold characters that HTML must escape."""
    brief = assemble(sample_material(folder))
    return replace(brief, title="Sample & <brief>")
