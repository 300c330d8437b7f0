"""Kept results: what the shipped facts give and takes too long to compute while a reader waits.

``python -m tools.compile.kept`` makes them into ``data/kept``: a Parquet file for each table, its manifest beside it. It is
opened when it is first asked for. Where the facts of the reader are of another edition, or seen as of another day, a
warning says so: the numbers are still those of the manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import NotFound
from orepact.report.sentences import Said, said
from orepact.service.opening import iso_day

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger

#: Parts of a plan and what each holds; the first has no name of its own.
PLAN_PARTS: Mapping[str, str] = {
    "": "by year and good: demand, made, short, built, cost",
    "capacity": "capacity by year, good and place",
    "scarce": "capacities that hold it up most",
    "limits": "limits that bind, and targets of capacity, also those that are met",
    "routes": "what moves between places by year and good",
    "sites": "plants that may count towards a target, by year",
}
#: Scenarios of which the plan is kept, and its parts: what the reference plan moves stands in ``moves``.
PLANS: Mapping[str, tuple[str, ...]] = {
    "reference": ("", "capacity", "scarce", "limits"),
    "diversified": ("", "capacity", "scarce", "limits", "routes"),
    "japan_600": ("", "capacity", "scarce", "limits", "routes", "sites"),
}


def plan_table(scenario: str, part: str = "") -> str:
    """What the table of a part of a kept plan is called.

    >>> plan_table("reference"), plan_table("japan_600", "limits")
    ('plan', 'plan_japan_600_limits')
    """
    return "_".join(name for name in ("plan", scenario if scenario != "reference" else "", part) if name)


#: Every kept table and what it holds.
TABLES: Mapping[str, str] = {
    "moves": "Flows of the balanced years and of the reference plan: who made a good, where it went, what it became there",
    "goods": "What one unit of each good is worth, weighs, holds of each element, and stores",
    "origins": "Traced origin of the elements in what the parties make and use, by place and by owner",
    "plants": "Plants of the parties: what each makes and who controls it",
    "carbon": "Carbon footprint of cells and packs by stage and place",
    "eligibility": "Which goods made where would qualify under which rules, why not, and the cheapest change",
    "costs": "Landed cost of goods at the parties' borders, by source and rule set",
    "cost_parts": "Components of every landed cost",
    "graphite_stop": "What a six-month stop of Chinese graphite costs each party under three responses",
    "graphite_stop_weeks": "The same stop week by week: what is lost, made and left in stock",
    "graphite_stop_aid": "Options of aid in that stop, ranked by what they save",
    "graphite_stop_cover": "Days of cover in that stop, by party and good",
    "graphite_stop_plants": "Plants that fall below half of their output in that stop",
    "graphite_stop_gwh": "Cells and packs not made in that stop, and plants hit, week by week",
    **{plan_table(name, part): f"Plan {name}, {PLAN_PARTS[part]}" for name, parts in PLANS.items() for part in parts},
    "target_steps": "Where Japan's target of cell capacity stands: plants that operate, announced ones, the plan, the gap",
    "target_plants": "Named cell plants controlled from Japan, with owner, size and standing",
    "target_minerals": "What the target needs of each element, and what mines of Canada are expected to give",
}
#: Folders and files under ``data`` that the numbers depend on besides the facts.
SETTINGS = (
    "reference",
    "rules",
    "tariffs",
    "scenarios/reference.yaml",
    "shock/capacities.yaml",
    "shock/inventories.yaml",
    "shock/prices.yaml",
    "shock/responses.yaml",
    "shock/stockpiles.yaml",
    "shock/substitutions.yaml",
    "shock/thinning.yaml",
    "shock/ways.yaml",
    "shock/events/graphite_stop.yaml",
)
REMAKE = "python -m tools.compile.kept"


@dataclass(frozen=True, eq=False)
class Kept:
    """One kept table: its manifest, and its rows, read when they are first asked for."""

    name: str
    manifest: Mapping[str, Any]
    path: Path

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows."""
        import pandas as pd

        return pd.read_parquet(self.path)

    @property
    def units(self) -> dict[str, str]:
        """Column to unit."""
        return dict(self.manifest["units"])


def folder() -> Path:
    """Where kept tables lie."""
    return Path(str(files("orepact"))) / "data" / "kept"


@cache
def kept(name: str) -> Kept:
    """A kept table; raises ``NotFound`` for a name that is none of ``TABLES``."""
    if name not in TABLES:
        raise NotFound("kept table", name, TABLES)
    manifest = json.loads((folder() / f"{name}.json").read_text(encoding="utf-8"))
    return Kept(name, manifest, folder() / f"{name}.parquet")


def stale(ledger: Ledger, names: Iterable[str]) -> list[Said]:
    """What a reader must know where kept tables are not what these facts would give now; empty where they are.

    >>> from orepact.facts import Ledger
    >>> stale(Ledger.shipped(), [])
    []
    """
    asked, told = [*names], []
    if any(kept(name).manifest["data_edition"] != ledger.edition for name in asked):
        told.append(
            said("These figures were computed from the facts as shipped; yours differ: run the command below for your own.")
        )
    if ledger.view.day is not None and asked and not told:
        day = iso_day(ledger.view.day)
        told.append(
            said("These figures were computed from all facts, not from what was known on {day}: run the command below.", day=day)
        )
    if ledger.view.include_unverified and asked:
        told.append(said("These figures leave unverified claims out: run the command below to have them in."))
    return told


def settings_hash() -> str:
    """SHA-256 over the assumptions that the kept numbers rest on besides the facts."""
    data = Path(str(files("orepact"))) / "data"
    paths = [path for name in SETTINGS for path in _files(data / name)]
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(data).as_posix()}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
