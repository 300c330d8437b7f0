"""Write claim tables and sources, byte for byte the same at every run.

A compiler calls ``write_claims(rows, path)`` with rows as mappings (or a frame) in the claim columns, and
``write_sources(rows, path)`` for the sources it owns. Every problem of the rows is raised at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from orepact.errors import ProblemCollector
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

CLAIM_COLUMNS = (
    "subject", "attribute", "value", "unit", "year", "valid_from", "valid_to", "source", "as_of", "confidence", "label", "note",
)  # fmt: skip
SOURCE_COLUMNS = ("source", "producer", "title", "edition", "published", "licence", "attribution", "address", "grade", "ships")
SORT_ORDER = ["subject", "attribute", "year", "valid_from", "source", "value"]
CONFIDENCES = ("reported", "derived", "estimated", "unverified")
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

    Missing columns get defaults (``label`` TLP:CLEAR, others empty). Exact duplicate rows are written once.
    """
    target = Path(path)
    frame = _as_text(rows, CLAIM_COLUMNS, {"label": "TLP:CLEAR"}, target.name)
    _check_claims(frame, target.name)
    frame = _sorted(frame)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".parquet":
        _write_parquet(frame, target)
    else:
        frame.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
    return frame


def write_sources(rows: Rows, path: Path | str) -> pd.DataFrame:
    """Write one compiler's rows of sources (usually ``tools/compile/sources/<compiler>.csv``), sorted by id."""
    target = Path(path)
    frame = _as_text(rows, SOURCE_COLUMNS, {"ships": "yes"}, target.name)
    collector = ProblemCollector(target.name)
    for row, grade in enumerate(frame["grade"], start=2):
        if grade not in {"A", "B", "C", "D"}:
            collector.add("grade", "A, B, C or D", repr(grade), "grade the source", row=row)
    for name in frame["source"][frame["source"].duplicated()]:
        collector.add("source", "each id once", repr(name), "merge the two rows")
    collector.raise_if_any()
    frame = frame.sort_values("source", ignore_index=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(target, index=False, lineterminator="\n", encoding="utf-8")
    return frame


def _as_text(rows: Rows, columns: tuple[str, ...], defaults: dict[str, str], file: str) -> pd.DataFrame:
    frame = rows.reset_index(drop=True) if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    collector = ProblemCollector(file)
    for column in sorted(set(map(str, frame.columns)) - set(columns)):
        collector.add(column, f"one of {', '.join(columns)}", column, "drop or rename the column")
    collector.raise_if_any()
    for column in columns:
        cells = frame[column] if column in frame else pd.Series([defaults.get(column, "")] * len(frame), index=frame.index)
        text = pd.Series([number_text(cell) for cell in cells], index=frame.index, dtype=object)
        frame[column] = text.where(text != "", defaults.get(column, ""))
    return frame.loc[:, list(columns)]


def _check_claims(frame: pd.DataFrame, file: str) -> None:
    collector = ProblemCollector(file)
    subjects = frame["subject"].tolist()
    for column in ("subject", "attribute", "value", "unit", "source", "as_of", "confidence"):
        for row, cell in enumerate(frame[column].tolist()):
            if cell == "":
                collector.add(column, "a value", "nothing", f"fill it (subject {subjects[row]})", row=row + 2)
    for row, cell in enumerate(frame["confidence"].tolist()):
        if cell not in CONFIDENCES:
            collector.add("confidence", " | ".join(CONFIDENCES), repr(cell), "use one of them", row=row + 2)
    collector.raise_if_any()


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    keys = frame.assign(value=pd.to_numeric(frame["value"], errors="coerce"), text=frame["value"])
    order = keys.sort_values([*SORT_ORDER, "text", "as_of", "confidence", "note"], kind="stable").index
    return frame.loc[order].drop_duplicates(ignore_index=True)


def _write_parquet(frame: pd.DataFrame, target: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({column: pa.array(frame[column].astype(object), type=pa.string()) for column in frame.columns})
    pq.write_table(table, target, compression="zstd", compression_level=9, row_group_size=1_000_000, store_schema=False)
