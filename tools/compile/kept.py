"""Compute what pages show at once and keep it: ``python -m tools.compile.kept``.

Everything comes from the shipped facts: the balanced years, the reference plan, and what the measures and the shock engine say of
them. Each table of ``orepact.service.view.kept_results.TABLES`` becomes a Parquet file in ``data/kept``, its manifest beside it.
Numbers are kept to ``DIGITS`` digits and rows stand in a fixed order, so that the same facts give the same bytes.

The whole takes about four minutes on two idle cores; ``--only NAME`` computes some tables alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from orepact.service.result import plain
from orepact.service.view.kept_results import REMAKE, TABLES, folder, settings_hash
from tools.compile._kept_tables import Table, World

#: Digits that count of every kept number.
DIGITS = 5
#: All kept files together must stay below this.
MOST_BYTES = 6 * 2**20


def main(only: Iterable[str] = (), target: Path | None = None) -> dict[str, float]:
    """Compute and write the tables (all unless some are named); returns the seconds that each took."""
    place = target or folder()
    place.mkdir(parents=True, exist_ok=True)
    world, seconds = World(), {}
    for name in only or TABLES:
        began = time.perf_counter()
        write(name, world.table(name), world, place)
        seconds[name] = time.perf_counter() - began
        print(f"{name}: {seconds[name]:.1f} s, {(place / f'{name}.parquet').stat().st_size / 1024:.0f} kB", flush=True)
    used = sum(path.stat().st_size for path in place.iterdir())
    print(f"all kept files: {used / 1024:.0f} kB")
    if used > MOST_BYTES:
        raise SystemExit(f"kept results take {used} bytes, more than {MOST_BYTES}")
    return seconds


def write(name: str, table: Table, world: World, place: Path) -> None:
    """One table and its manifest."""
    frame = rounded(table.frame)
    path = place / f"{name}.parquet"
    write_parquet(frame, path)
    manifest: dict[str, Any] = {
        "name": name,
        "title": TABLES[name],
        "made_by": REMAKE,
        "command": list(table.commands),
        "data_edition": world.ledger.edition,
        "scenario": world.scenario.id,
        "scenario_hash": world.scenario.hash,
        "settings_hash": settings_hash(),
        "rows": len(frame),
        "columns": list(frame.columns),
        "units": dict(table.units),
        "sources": list(table.sources),
        "warnings": list(table.warnings),
        **table.more,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    text = json.dumps(plain(manifest), indent=1, ensure_ascii=False, allow_nan=False)
    (place / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every number to ``DIGITS`` digits, so that the last bits of a solver do not show."""
    found = frame.reset_index(drop=True)
    for name in [each for each in found.columns if found[each].dtype.kind == "f"]:
        found[name] = to_digits(found[name].to_numpy(dtype=float))
    return found


def to_digits(values: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Numbers to ``DIGITS`` digits that count.

    >>> to_digits(np.array([123456.7, 0.0, -0.00123456])).tolist()
    [123460.0, 0.0, -0.0012346]
    """
    return np.array([float(f"{value:.{DIGITS - 1}e}") for value in values.tolist()])


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """The frame as Parquet without anything that tells of the day or of the library that made the frame."""
    columns: dict[str, pa.Array] = {}
    for name in frame.columns:
        values = frame[name]
        if pd.api.types.is_numeric_dtype(values.dtype) or values.dtype == bool:
            columns[str(name)] = pa.array(values.to_numpy(), from_pandas=False)
        else:
            columns[str(name)] = pa.array(values.astype("str").to_numpy(dtype=object), type=pa.string())
    pq.write_table(pa.table(columns), path, compression="zstd", compression_level=19, version="2.6")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compute what pages show at once and keep it.")
    parser.add_argument("--only", action="append", default=[], choices=list(TABLES), help="compute this table alone (repeat)")
    return parser.parse_args()


if __name__ == "__main__":
    main(_asked().only)
