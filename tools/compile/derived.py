"""Cathode output of Korea and Japan, derived from the lithium chemicals that they take in.

Neither publishes it. Their cathode plants are almost the only users of lithium hydroxide there, and the main users of
carbonate, so ``output = (imports - exports) x battery part / chemical per tonne of cathode``. What their own converters make
comes on top and is left out, so the figures are lower bounds.

Refinery output of 2023 is published nowhere for nickel, rare earths and graphite: each place has its output of 2024 times the
world's mine output of 2023 over that of 2024 (USGS), ``estimated``. So are the metals of new grid storage, by the growth of
what went into operation (Rho Motion: 53 % in 2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pandas as pd

from tools.compile.claims_writer import DATA, read_raw, write_claims, write_sources

YEARS = ("2023", "2024")
FACTS = DATA / "facts"
#: place, chemical, cathode, process, part of the chemical that goes into it
CASES = (
    ("KOR", "lithium_hydroxide", "cam_nmc811", "cam_nmc811_calcination", 1.0, "all high-nickel cathodes"),
    ("KOR", "lithium_carbonate", "cam_nmc622", "cam_nmc622_calcination", 0.9, "a tenth for glass, ceramics and other uses"),
    ("JPN", "lithium_hydroxide", "cam_nca", "cam_nca_calcination", 0.9, "a tenth for greases and other uses; NCA stands for all"),
)


#: What the agency gives for one year only.
REFINED = ("nickel", "rare_earths", "graphite")
STORED, STORAGE_GROWTH = ("lithium", "nickel"), 1.53


def mined(production: pd.DataFrame, element: str, year: str) -> float:
    """Mine output of the world in tonnes, by the latest edition."""
    wanted = (production["subject"] == f"world/{element}") & (production["attribute"] == "mine_production")
    rows = production[wanted & (production["year"] == year)].sort_values("as_of")
    return float(rows["value"].iloc[-1])


def earlier_refining() -> Iterator[dict[str, object]]:
    """Refinery output by place in the year before that of the agency."""
    production, refining = read_raw(FACTS / "production.csv"), read_raw(FACTS / "refining.csv")
    before, told = YEARS
    wanted = (refining["attribute"] == "refinery_production") & (refining["year"] == told)
    for element in REFINED:
        ratio = mined(production, element, before) / mined(production, element, told)
        for row in refining[wanted & refining["subject"].str.endswith(f"/{element}")].to_dict("records"):
            yield {
                "subject": row["subject"], "attribute": "refinery_production", "value": float(row["value"]) * ratio, "unit": "t",
                "year": before, "source": "orepact_derived", "as_of": "2026-01-31", "confidence": "estimated",
                "note": f"{float(row['value']):,.0f} t of {told} x {ratio:.3f}, the world's mine output of {before} over {told}",
            }  # fmt: skip


def earlier_storage() -> Iterator[dict[str, object]]:
    """Lithium and nickel of new grid storage in the year before that of the agency."""
    demand = read_raw(FACTS / "demand.csv")
    before, told = YEARS
    wanted = demand[(demand["attribute"] == "use_grid_storage") & (demand["year"] == told)].set_index("subject")
    for element in STORED:
        row = wanted.loc[f"world/{element}"].to_dict()
        yield {
            "subject": f"world/{element}", "attribute": "use_grid_storage", "value": float(row["value"]) / STORAGE_GROWTH,
            "unit": row["unit"], "year": before, "source": "orepact_derived", "as_of": "2026-01-31", "confidence": "estimated",
            "note": f"{row['value']} {row['unit']} of {told} / {STORAGE_GROWTH:g}, the growth of what went into operation",
        }  # fmt: skip


def net_imports(trade: pd.DataFrame, place: str, thing: str, year: str) -> float:
    """Imports less exports of a commodity in a year in tonnes, by the later of two editions for each flow."""
    wanted = trade["subject"].str.endswith(f"/{thing}") & (trade["attribute"] == "trade_quantity") & (trade["year"] == year)
    flows = trade[wanted]
    flows = flows[flows["confidence"] != "unverified"].sort_values("as_of").drop_duplicates("subject", keep="last")
    pair = flows["subject"].str.extract(r"^(?P<origin>[^>]+)>(?P<destination>[^/]+)/")
    tonnes = flows["value"].astype(float).to_numpy()
    return float(tonnes[(pair["destination"] == place).to_numpy()].sum() - tonnes[(pair["origin"] == place).to_numpy()].sum())


def rows() -> Iterator[dict[str, object]]:
    """One production claim for each case and year."""
    trade = pd.read_parquet(FACTS / "trade.parquet").astype(str)
    recipes = read_raw(FACTS / "recipes.csv").set_index("subject")["value"].astype(float)
    for year, (place, chemical, cathode, process, part, note) in product(YEARS, CASES):
        net = net_imports(trade, place, chemical, year)
        per_tonne = -float(recipes[f"{process}/{chemical}"])
        yield {
            "subject": f"{place}/{cathode}", "attribute": "production", "value": net * part / per_tonne, "unit": "t",
            "year": year, "source": "orepact_derived", "as_of": "2026-01-31", "confidence": "derived",
            "note": f"{net:,.0f} t net imports of {chemical} x {part:g} / {per_tonne:.3f}; {note}; a lower bound",
        }  # fmt: skip


def main(shared: Path) -> None:
    """Write ``derived.csv`` from the shipped trade, recipes, mines and refineries; nothing is read from ``shared``."""
    del shared
    source = {
        "source": "orepact_derived", "producer": "The orepact developers", "title": "Output derived from the trade in its inputs",
        "edition": "1", "published": "2026-01-31", "licence": "MIT", "attribution": "", "address": "docs/why/base-year.md",
        "grade": "B", "ships": "yes",
    }  # fmt: skip
    write_sources([source], Path(__file__).parent / "sources" / "derived.csv")
    write_claims([*rows(), *earlier_refining(), *earlier_storage()], FACTS / "derived.csv")
