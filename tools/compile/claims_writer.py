"""Write claim tables and sources, byte for byte the same at every run.

A compiler calls ``write_claims(rows, path)`` with rows as mappings (or a frame) in the claim columns, and
``write_sources(rows, path)`` for the sources it owns. Every problem of the rows is raised at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from orepact.errors import ProblemCollector
from orepact.facts.checking import check_claims, check_sources
from orepact.facts.claims import CLAIM_COLUMNS, sort_claims
from orepact.facts.codes import Codes
from orepact.facts.importing import write_parquet
from orepact.facts.loading import Table
from orepact.facts.sources import SOURCE_COLUMNS
from tools.compile.place_names import Places, fold_to_places, place_of, province_of

__all__ = [
    "CLAIM_COLUMNS",
    "DATA",
    "SOURCE_COLUMNS",
    "Places",
    "fold_to_places",
    "number_text",
    "place_of",
    "province_of",
    "read_raw",
    "shared_folder",
    "write_claims",
    "write_sources",
]

DATA = Path(__file__).parents[2] / "src" / "orepact" / "data"
"""Folder of the shipped data: ``DATA / "facts"`` takes claim tables, ``DATA / "codes"`` holds the code lists."""

Rows = Iterable[Mapping[str, Any]] | pd.DataFrame


def number_text(value: object) -> str:
    """A value as it stands in a claim table: numbers as ``%.10g``, nothing as an empty string.

    >>> number_text(1 / 3), number_text(2024.0), number_text(None), number_text("operating")
    ('0.3333333333', '2024', '', 'operating')
    """
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN is the one value unequal to itself
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return " ".join(value.split())
    try:
        return format(float(value), ".10g")  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return str(value)


def read_raw(path: Path, **options: Any) -> pd.DataFrame:
    """A raw CSV or Parquet table with every CSV cell as text; "NA" (Namibia) stays text, empty cells are ""."""
    if Path(path).suffix == ".parquet":
        table: pd.DataFrame = pd.read_parquet(path, **options)
        return table
    settings: dict[str, Any] = {"dtype": str, "keep_default_na": False, "na_values": [], **options}
    text: pd.DataFrame = pd.read_csv(path, **settings)
    return text


def shared_folder(arguments: list[str] | None = None) -> Path:
    """The folder of raw data named by ``--shared`` (default ``../shared/data``)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    return Path(parser.parse_args(arguments).shared)


def write_claims(rows: Rows, path: Path | str) -> pd.DataFrame:
    """Check, sort and write claims as CSV, or as Parquet when ``path`` ends so; returns the written frame (text).

    Missing columns get defaults (``label`` TLP:CLEAR, others empty). Exact duplicate rows are written once. Every cell is
    checked against the code lists; that the sources exist is checked when all compilers have run.
    """
    target = Path(path)
    frame = _as_text(rows, CLAIM_COLUMNS, {"label": "TLP:CLEAR"}, target.name)
    frame = sort_claims(frame).drop_duplicates(ignore_index=True)
    problems = ProblemCollector(target.name)
    problems.extend(check_claims(_table(frame, target.name), Codes.load(DATA / "codes"), set(frame["source"])))
    problems.raise_if_any()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".parquet":
        write_parquet(frame, target, checked=True)
    else:
        frame.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
    return frame


def write_sources(rows: Rows, path: Path | str) -> pd.DataFrame:
    """Write one compiler's rows of sources (usually ``tools/compile/sources/<compiler>.csv``), sorted by id."""
    target = Path(path)
    frame = _as_text(rows, SOURCE_COLUMNS, {"ships": "yes"}, target.name).sort_values("source", ignore_index=True)
    problems = ProblemCollector(target.name)
    problems.extend(check_sources(_table(frame, target.name)))
    problems.raise_if_any()
    target.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
    return frame


def _table(frame: pd.DataFrame, file: str) -> Table:
    return Table(file, frame, np.arange(2, len(frame) + 2, dtype=np.int64))


def _as_text(rows: Rows, columns: tuple[str, ...], defaults: dict[str, str], file: str) -> pd.DataFrame:
    given = rows.reset_index(drop=True) if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    problems = ProblemCollector(file)
    for column in sorted(set(map(str, given.columns)) - set(columns)):
        problems.add(column, f"one of {', '.join(columns)}", column, "drop or rename the column")
    problems.raise_if_any()
    texts = {}
    for column in columns:
        default = defaults.get(column, "")
        cells = given[column] if column in given else [""] * len(given)
        texts[column] = pd.Series([number_text(cell) or default for cell in cells], dtype="str")
    return pd.DataFrame(texts, columns=list(columns))
