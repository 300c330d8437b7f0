"""One CSV file of a network package: read with every broken row and cell reported, written byte-stable."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain.tables import Column, Table, header_problems, shortened
from orepact.errors import Problem, ProblemCollector

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"


@dataclass
class CsvTable:
    """What one file held: the frame (all columns, plain index), the row of each record in the file, the problems."""

    table: Table
    header: list[str] = field(default_factory=list)
    frame: pd.DataFrame | None = None
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    problems: list[Problem] = field(default_factory=list)


def read_csv_table(table: Table, path: Path) -> CsvTable:
    """Read one file; ``frame`` is None when the file or its header cannot be used.

    Broken number cells become NaN, so that the other checks can go on; ``problems`` names each of them.
    """
    out = CsvTable(table)
    data = _bytes(path, out.problems)
    if data is None:
        return out
    out.header = _header(data)
    found = header_problems(table, out.header)
    out.problems += found
    if len(set(out.header)) < len(out.header) or not set(out.header) & set(table.columns):
        return out
    texts = _records(data, out)
    columns = {name: column for name, column in table.columns.items() if name in out.header}
    frame = pd.DataFrame({name: _cells(out, column, texts[name]) for name, column in columns.items()})
    if not any(problem.found == "no such column" for problem in found):
        out.frame = frame
    return out


def _bytes(path: Path, problems: list[Problem]) -> bytes | None:
    collector = ProblemCollector(path.name)
    try:
        data = path.read_bytes()
    except OSError as error:
        collector.add("", "a readable file", str(error.strerror or error), "give a file that can be read")
        problems += collector.problems
        return None
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        collector.add("", "UTF-8 text", f"byte 0x{data[error.start]:02x}", "save the file as CSV in UTF-8", row=row)
    if b"\0" in data:
        row = data.count(b"\n", 0, data.index(b"\0")) + 1
        collector.add("", "CSV text", "binary data", "save the file as CSV in UTF-8", row=row)
    elif not data.strip():
        collector.add("", "a header and rows", "an empty file", "write the header at least")
    problems += collector.problems
    return None if collector.problems else data


def _header(data: bytes) -> list[str]:
    start = data[: 1 << 20].decode("utf-8", errors="ignore")
    return next(csv.reader(io.StringIO(start, newline="")), [])


def _records(data: bytes, out: CsvTable) -> pd.DataFrame:
    """All records as text; records with too few or too many fields are reported and left out, blank lines skipped."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    broken: list[int] = []

    def note(row: Any) -> str:
        expected, found = f"{row.expected_columns} fields", f"{row.actual_columns}"
        problem = Problem("", expected, found, "add or remove commas, or quote text that holds one", out.table.file, row.number)
        out.problems.append(problem)
        broken.append(row.number)
        return "skip"

    read: Any = arrow_csv.read_csv(
        io.BytesIO(data),
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=max(len(data) + 1, 1 << 20)),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in out.header}, strings_can_be_null=False, quoted_strings_can_be_null=False
        ),
    )
    texts = read.to_pandas()
    assert isinstance(texts, pd.DataFrame)
    numbers = np.arange(2, 2 + len(texts) + len(broken))
    numbers = np.setdiff1d(numbers, broken, assume_unique=True)
    blank: NDArray[np.bool_] = np.logical_and.reduce([(texts[name] == "").to_numpy() for name in texts.columns])
    out.rows = numbers[~blank]
    out.problems[:] = shortened(out.problems)
    return texts[~blank].reset_index(drop=True)


def _cells(out: CsvTable, column: Column, texts: pd.Series) -> Any:
    """Cells of one column with their type; problems go to ``out``."""
    collector = ProblemCollector(out.table.file)
    empty = (texts == "").to_numpy()
    if column.required:
        for at in np.flatnonzero(empty):
            collector.add(column.name, "a value", "an empty cell", "fill the cell", row=int(out.rows[at]))
    result: Any = texts.array
    if column.is_number:
        result, bad = _numbers(column, texts)
        expected = "a whole number" if column.type == "year" else "a number"
        for at in np.flatnonzero(bad & ~empty):
            mend = "write digits with a decimal point, no unit, no separators; or leave it empty"
            collector.add(column.name, expected, repr(texts.iloc[at]), mend, row=int(out.rows[at]))
    elif column.type == "id":
        for at in np.flatnonzero((texts.str.strip() != texts).to_numpy()):
            collector.add(column.name, "an id", repr(texts.iloc[at]), "take the spaces around it away", row=int(out.rows[at]))
    out.problems += shortened(collector.problems)
    return result


def _numbers(column: Column, texts: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Numbers (NaN where there is none) and a mask of the cells that hold none; exact for 17-digit decimals."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = pc.utf8_trim_whitespace(pa.array(texts, type=pa.large_string()))
    good = pc.match_substring_regex(array, _NUMBER)
    numbers = pc.cast(pc.if_else(good, array, None), pa.float64()).to_numpy(zero_copy_only=False)
    bad = ~np.isfinite(numbers)
    if column.type == "year":
        bad |= np.where(bad, False, numbers != np.floor(numbers)) | (np.abs(numbers) > 1e6)
    return np.where(bad, np.nan, numbers), bad


def write_csv_table(table: Table, frame: pd.DataFrame, path: Path) -> list[str]:
    """Write one table and return its columns: required ones, and optional ones that hold anything.

    Numbers are written so that reading gives the same bits back; whole numbers without a decimal point.
    """
    plain = frame.reset_index() if table.indexed else frame
    data: dict[str, Any] = {}
    for column in table.columns.values():
        values = plain[column.name]
        used = bool(values.notna().any()) if column.is_number else bool((values != "").any())
        if used or column.required or column.name == "capacity_per_year":
            data[column.name] = _texts(values) if column.is_number else values.array
    pd.DataFrame(data).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    return list(data)


def _texts(values: pd.Series) -> list[str]:
    return ["" if math.isnan(number) else repr(float(number)).removesuffix(".0") for number in values.tolist()]
