"""Read tables of text: CSV or Parquet to frames in known columns, with every problem of the file noted.

No cell is guessed: "NA" is Namibia, "2024" is text, an empty cell is "". Row 1 is the header, as spreadsheets count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orepact.errors import ProblemCollector

UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Table:
    """The rows of one file, all text, and where each row stands in the file (the header is row 1)."""

    file: str
    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]

    @classmethod
    def empty(cls, file: str, columns: Sequence[str]) -> Table:
        """A table without rows."""
        return cls(file, pd.DataFrame({column: pd.Series(dtype="str") for column in columns}), np.empty(0, dtype=np.int64))


def read_table(path: Path, columns: Sequence[str], problems: ProblemCollector, *, required: Sequence[str] | None = None) -> Table:
    """The rows of a CSV or Parquet file in ``columns``; what is wrong goes to ``problems``, readable rows come back.

    Blank lines are no rows.
    Columns outside ``required`` (default: all) may be missing and are then empty.
    """
    noted = ProblemCollector(path.name)
    content = _content(path, noted)
    rows = np.empty(0, dtype=np.int64)
    if content is not None:
        content, rows = _parquet(path, noted) if path.suffix == ".parquet" else _csv(content, noted)
    fits = content is not None and _columns_fit(content.column_names, columns, required or columns, noted)
    problems.extend(noted)
    if not fits:
        return Table.empty(path.name, columns)
    frame = _as_frame(content, columns)
    filled = (frame != "").any(axis=1).to_numpy() if len(frame) and (frame.iloc[:, 0] == "").any() else None
    return (
        Table(path.name, frame, rows) if filled is None else Table(path.name, frame[filled].reset_index(drop=True), rows[filled])
    )


def tables_in(folder: Path, problems: ProblemCollector) -> list[Path]:
    """The CSV and Parquet files of a folder by name; a missing or empty folder is a problem."""
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        problems.add("folder", "a folder of claim tables", found, "check the path", file=str(folder))
        return []
    files = sorted(path for path in folder.iterdir() if path.suffix in {".csv", ".parquet"})
    if not files:
        problems.add("folder", "claim tables (*.csv or *.parquet)", "none", "add a table or check the path", file=str(folder))
    return files


def _content(path: Path, noted: ProblemCollector) -> Any:
    """The bytes of a file, or None with a problem when it is missing, empty, or no text where text is due."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        noted.add("file", f"the file {path.name}", "nothing there", "check the path")
        return None
    except OSError as error:
        noted.add("file", "a readable file", str(error.strerror or error), "check the path and its permissions")
        return None
    if not content.strip():
        noted.add("file", "a header and rows", "an empty file", "write the header row at least")
        return None
    return content if path.suffix == ".parquet" else _decoded(content, noted)


def _decoded(content: bytes, noted: ProblemCollector) -> bytes | None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16").encode()
        except UnicodeDecodeError:
            noted.add("file", "UTF-8 text", "broken UTF-16", "save it as CSV UTF-8")
            return None
    if b"\x00" in content:
        row = content[: content.index(b"\x00")].count(b"\n") + 1
        noted.add("file", "UTF-8 text", "binary content (a NUL byte)", "give a CSV or Parquet file", row=row)
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        noted.add("file", "UTF-8 text", f"the byte 0x{content[error.start]:02x}", "save it as CSV UTF-8", row=row)
        return None
    text = content.removeprefix(UTF8_BOM)
    text = text if b"\n" in text else text.replace(b"\r", b"\n")
    return text if text.endswith(b"\n") else text + b"\n"


def _csv(content: bytes, noted: ProblemCollector) -> tuple[Any, npt.NDArray[np.int64]]:
    """The rows as an Arrow table of text, and their row numbers; rows with a wrong number of cells are noted and left out."""
    import pyarrow as pa
    from pyarrow import csv

    left_out: list[int] = []

    def handle(row: Any) -> str:
        left_out.append(int(row.number))
        if row.text.strip():
            expected, found = f"{row.expected_columns} cells", f"{row.actual_columns} cells"
            noted.add("row", expected, found, "quote cells that hold commas; check for a missing cell", row=int(row.number))
        return "skip"

    names = _header(content, noted)
    if names is None:
        return None, np.empty(0, dtype=np.int64)
    try:
        table = csv.read_csv(
            pa.BufferReader(content),
            read_options=csv.ReadOptions(use_threads=False, block_size=1 << 24, column_names=names, skip_rows=1),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=handle),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        noted.add("file", "a well-formed CSV file", str(error).splitlines()[0][:120], "check quotes and line ends")
        return None, np.empty(0, dtype=np.int64)
    return table, _row_numbers(table.num_rows, left_out)


def _row_numbers(count: int, left_out: list[int]) -> npt.NDArray[np.int64]:
    """Row numbers in the file of the ``count`` rows read, given the numbers of those left out."""
    numbers = np.arange(2, count + len(left_out) + 2, dtype=np.int64)
    return numbers[~np.isin(numbers, np.array(left_out, dtype=np.int64))][:count] if left_out else numbers


def _header(content: bytes, noted: ProblemCollector) -> list[str] | None:
    import csv

    line = content.split(b"\n", 1)[0].decode("utf-8").rstrip("\r")
    names = next(csv.reader([line]), [])
    if len(names) == 1 and any(mark in line for mark in ";\t|"):
        noted.add("header", "columns separated by commas", line[:60], "save the file with commas", row=1)
        return None
    twice = sorted({name for name in names if names.count(name) > 1})
    for name in twice:
        noted.add(name or "header", "each column once", f"{name!r} twice", "remove or rename one", row=1)
    return None if twice else names


def _parquet(path: Path, noted: ProblemCollector) -> tuple[Any, npt.NDArray[np.int64]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        noted.add("file", "a readable Parquet file", str(error).splitlines()[0][:120], "write it again or give a CSV file")
        return None, np.empty(0, dtype=np.int64)
    return table, np.arange(2, table.num_rows + 2, dtype=np.int64)


def _columns_fit(names: Sequence[str], columns: Sequence[str], required: Sequence[str], noted: ProblemCollector) -> bool:
    before = len(noted)
    unknown = [name for name in names if name not in columns]
    missing = [name for name in required if name not in names]
    for name in missing:
        near = get_close_matches(name, unknown, n=1, cutoff=0.6)
        found = repr(near[0]) if near else "no such column"
        noted.add(name, f"the column {name}", found, "rename it" if near else "add the column", row=1)
        unknown = [other for other in unknown if other not in near]
    for name in unknown:
        noted.add(name or "header", f"only the columns {', '.join(columns)}", repr(name), "remove or rename the column", row=1)
    return len(noted) == before


def _as_frame(table: Any, columns: Sequence[str]) -> pd.DataFrame:
    """The Arrow table as text columns in order; numbers by their shortest text, nothing as ""."""
    import pyarrow as pa
    import pyarrow.compute as pc

    frame = {}
    for column in columns:
        if column not in table.column_names:
            frame[column] = pd.Series([""] * table.num_rows, dtype="str")
            continue
        cells = table.column(column)
        if pa.types.is_dictionary(cells.type):
            cells = pc.cast(cells, cells.type.value_type)
        text = pc.fill_null(pc.cast(cells, pa.string()), "")
        frame[column] = text.to_pandas().astype("str")
    return pd.DataFrame(frame, columns=list(columns))
