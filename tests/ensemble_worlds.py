"""Small worlds for the tests of ensembles: hazards that can be checked on paper, on the chain of ``shock_networks``."""

from __future__ import annotations

from typing import Any

import pandas as pd

from orepact.shock.case.case import STORES, ShockCase
from orepact.shock.ensemble.book import HazardBook
from orepact.shock.ensemble.study import Study
from shock_networks import chain_case


def entry(**more: Any) -> dict[str, Any]:
    """Title, source and confidence, and whatever else."""
    return {"title": "t", "source": "test", "confidence": "estimated", **more}


def hazard(name: str, kind: str = "site", **more: Any) -> dict[str, Any]:
    """A hazard that stops everything for exactly ten weeks, twice a year."""
    usual = {"rate_per_year": 2.0, "weeks": {"median": 10, "spread": 1, "most": 10}, "share_left": 0.0}
    return entry(id=name, kind=kind, **{**usual, **more})


def book(*hazards: dict[str, Any], block_weeks: float = 8, catch_up: float = 1.0, least: float = 0.05) -> HazardBook:
    """A book of these hazards."""
    values = {
        "largest_plant": 0.04,
        "smallest_plant": 0.05,
        "least_plant": least,
        "block_weeks": block_weeks,
        "catch_up": catch_up,
    }
    assumed = {name: entry(unit="1", value=value) for name, value in values.items()}
    return HazardBook.model_validate({"title": "t", "assumptions": assumed, "hazards": list(hazards)})


def bare_case(**changes: Any) -> ShockCase:
    """The chain without any stock and with nothing under way: what is not made is missing."""
    import numpy as np

    return chain_case(stores=pd.DataFrame(columns=list(STORES)), lag_weeks=np.zeros(3, dtype=np.int64), **changes)


def study(*hazards: dict[str, Any], case: ShockCase | None = None, seed: int = 3, **more: Any) -> Study:
    """A study of the chain under these hazards."""
    return Study.of(case or bare_case(), book(*hazards, **more), seed)


#: Mines, smelter and plant stop; exports of FAR stop; all of HOME shakes.
MANY = (
    hazard("stop", rate_per_year=0.8, weeks={"median": 6, "spread": 2, "most": 30}, share_left=0.3),
    hazard("ban", "exports", places=["FAR"], things={"ore": ["ore"]}, rate_per_year=0.5, weeks={"median": 12, "spread": 1.5}),
    hazard("quake", "place", places=["HOME"], rate_per_year=0.3, weeks={"median": 3, "spread": 1.5}, share_left=0.5),
    hazard("port", "borders", places=["HOME"], rate_per_year=0.6, weeks={"median": 1, "spread": 1.5}, share_left=0.5),
)
