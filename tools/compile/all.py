"""Run every compiler in a fixed order and join their sources: ``python -m tools.compile.all --shared ../shared/data``.

A compiler is a module of this folder with a function ``main(shared: Path)``. Each owns its rows in
``tools/compile/sources/<compiler>.csv``; this module joins them into ``data/facts/sources.csv``, sorted by id.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from pathlib import Path

import pandas as pd

from orepact.errors import ProblemCollector
from orepact.facts.codes import Codes
from orepact.facts.ledger import Ledger
from tools.compile.claims_writer import DATA, SOURCE_COLUMNS, read_raw, shared_folder

SOURCES = Path(__file__).with_name("sources")
HELPERS = {"all", "claims_writer", "place_names"}
LAST = ("derived",)
"""Compilers that read tables which others write."""


def compilers() -> list[str]:
    """Names of all compilers, in the order in which they run (alphabetic, those of ``LAST`` at the end)."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    wanted = [name for name in names if name not in HELPERS and not name.startswith("_")]
    return [*(name for name in wanted if name not in LAST), *LAST]


def join_sources(folder: Path = SOURCES, target: Path = DATA / "facts" / "sources.csv") -> pd.DataFrame:
    """Join the sources of all compilers; two compilers may repeat a source only word for word."""
    tables = [read_raw(path).assign(file=path.name) for path in sorted(folder.glob("*.csv"))]
    columns = list(SOURCE_COLUMNS)
    joined = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=[*columns, "file"])
    joined = joined.drop_duplicates(columns).sort_values(["source", "file"])
    collector = ProblemCollector(str(folder))
    for name, rows in joined[joined["source"].duplicated(keep=False)].groupby("source"):
        collector.add("source", "one description of each source", f"{name} in {', '.join(rows['file'])}", "make the rows equal")
    collector.raise_if_any()
    target.parent.mkdir(parents=True, exist_ok=True)
    joined[columns].to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
    return joined[columns]


def main(shared: Path) -> None:
    """Run all compilers on the raw data in ``shared``, then join the sources."""
    for name in compilers():
        module = importlib.import_module(f"tools.compile.{name}")
        if hasattr(module, "main"):
            began = time.perf_counter()
            module.main(shared)
            print(f"{name}: {time.perf_counter() - began:.1f} s")
    print(f"sources: {len(join_sources())}")
    Ledger.load(DATA / "facts", Codes.load(DATA / "codes"))
    print("every shipped claim holds against the code lists and the sources")


if __name__ == "__main__":
    main(shared_folder())
