"""Take a user's own claims in: check everything, then write everything, or nothing.

Imported claims stand as Parquet in a user folder (``OREPACT_HOME``, else ``~/.local/share/orepact``) beside the sources
they name. ``Ledger.shipped(overlays=[user_folder()])`` lays them over the shipped facts.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from orepact.errors import ProblemCollector
from orepact.facts.checking import check_claims
from orepact.facts.claims import CLAIM_COLUMNS, sort_claims
from orepact.facts.codes import Codes
from orepact.facts.loading import Table, read_table
from orepact.facts.sources import SOURCE_COLUMNS
from orepact.facts.storage import CHECKED, SOURCES_FILE, read_sources


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote: the folder, the files, and how many claims and sources."""

    folder: Path
    files: tuple[Path, ...]
    claims: int
    sources: int


def user_folder() -> Path:
    """The folder of imported facts: ``$OREPACT_HOME/facts``, else ``~/.local/share/orepact/facts``."""
    home = os.environ.get("OREPACT_HOME", "")
    return (Path(home) if home else Path.home() / ".local" / "share" / "orepact") / "facts"


def import_claims(
    paths: Iterable[Path | str],
    destination: Path | str | None = None,
    *,
    codes: Codes | None = None,
    known_sources: pd.DataFrame | None = None,
) -> Imported:
    """Check claim tables (CSV or Parquet) and their ``sources.csv``, and write them to a folder of imported facts.

    ``paths`` are files or folders; a file named ``sources.csv`` holds sources. Claims may name those, sources imported
    before, and ``known_sources`` (default: the shipped ones). A table imported again under its name replaces the old one.
    Raises ``BadInput`` with every problem of every file, and then writes nothing.
    """
    folder = Path(destination) if destination is not None else user_folder()
    lists = codes or Codes.shipped()
    problems = ProblemCollector()
    source_files, claim_files = _sorted_out(paths, problems)
    sources = [read_sources(path, problems) for path in source_files]
    before = _earlier_sources(folder, problems)
    shipped = _shipped_sources() if known_sources is None else known_sources
    merged = _merged(before, sources, shipped, problems)
    known = {*shipped["source"], *merged["source"]}
    tables = {}
    for path in claim_files:
        table = read_table(path, CLAIM_COLUMNS, problems)
        problems.extend(check_claims(table, lists, known))
        tables[_stem(path, table.frame)] = table.frame
    problems.raise_if_any()
    files = _write(folder, tables, merged)
    return Imported(folder, files, sum(map(len, tables.values())), len(merged) - len(before))


def _sorted_out(paths: Iterable[Path | str], problems: ProblemCollector) -> tuple[list[Path], list[Path]]:
    from orepact.facts.loading import tables_in

    listed: list[Path] = []
    for given in map(Path, paths):
        listed += tables_in(given, problems) if given.is_dir() else [given]
    names = [path.stem for path in listed if path.name != SOURCES_FILE]
    for name in sorted({name for name in names if names.count(name) > 1}):
        problems.add("file", "each table name once", f"{name} more than once", "rename one of the files", file=name)
    return [path for path in listed if path.name == SOURCES_FILE], [path for path in listed if path.name != SOURCES_FILE]


def _shipped_sources() -> pd.DataFrame:
    from orepact.facts.ledger import Ledger

    return Ledger.shipped().sources


def _earlier_sources(folder: Path, problems: ProblemCollector) -> pd.DataFrame:
    path = folder / SOURCES_FILE
    return read_sources(path, problems).frame if path.exists() else Table.empty(SOURCES_FILE, SOURCE_COLUMNS).frame


def _merged(before: pd.DataFrame, tables: Sequence[Table], shipped: pd.DataFrame, problems: ProblemCollector) -> pd.DataFrame:
    """Earlier and new sources together; a new row may repeat a known id only word for word (then it is kept once)."""
    columns = list(SOURCE_COLUMNS)
    taken = {str(row["source"]): tuple(row[columns]) for frame in (shipped, before) for _, row in frame.iterrows()}
    new = []
    for table in tables:
        for number, (_, row) in zip(table.rows, table.frame.iterrows(), strict=True):
            words, name = tuple(row[columns]), str(row["source"])
            if taken.setdefault(name, words) != words:
                expected = "a new source id, or the known source word for word"
                problems.add("source", expected, repr(name), "give your source another id", file=table.file, row=int(number))
            elif name not in set(shipped["source"]):
                new.append(row)
    joined = pd.concat([before, pd.DataFrame(new, columns=columns)], ignore_index=True).astype("str")
    return joined.drop_duplicates("source").sort_values("source", ignore_index=True)


def _stem(path: Path, frame: pd.DataFrame) -> str:
    """The name under which a table is kept; tables of trade claims are named so, and are then read only when asked for."""
    trade = len(frame) > 0 and bool(frame["attribute"].str.startswith("trade_").all())
    return f"trade_{path.stem}" if trade and not path.stem.startswith("trade") else path.stem


def _write(folder: Path, tables: dict[str, pd.DataFrame], sources: pd.DataFrame) -> tuple[Path, ...]:
    """Write all files beside their places, then move them there one after another."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = Path(tempfile.mkdtemp(prefix=".import_", dir=folder))
    try:
        for name, frame in tables.items():
            write_parquet(sort_claims(frame), waiting / f"{name}.parquet", checked=True)
        sources.to_csv(waiting / SOURCES_FILE, index=False, lineterminator="\n", encoding="utf-8")
        names = [SOURCES_FILE, *(f"{name}.parquet" for name in tables)]
        for name in names:
            (waiting / name).replace(folder / name)
        return tuple(folder / name for name in names)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def write_parquet(frame: pd.DataFrame, path: Path, *, checked: bool = False) -> None:
    """Claims as Parquet: text columns, zstd, row groups of a fixed size, so that the same claims give the same bytes."""
    import pyarrow as pa
    from pyarrow import parquet

    table: Any = pa.table({column: pa.array(frame[column].to_numpy(dtype=object), type=pa.string()) for column in CLAIM_COLUMNS})
    table = table.replace_schema_metadata({CHECKED: b"yes"} if checked else None)
    parquet.write_table(table, path, compression="zstd", compression_level=9, row_group_size=100_000)
