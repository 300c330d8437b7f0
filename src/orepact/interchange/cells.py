"""Cells of the CSV formats: numbers that come back bit for bit, text that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from orepact.errors import BadInput, Problem, ProblemCollector

#: Text that a spreadsheet would run, with the marks of protection that it may have already; a plain number is none.
_FORMULA = re.compile(r"(?!-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\Z)'*[=+\-@\t\r]")
#: Largest file that is read (bytes).
MOST_BYTES = 256 * 2**20
#: Rows of a table that are read; more is another tool's work.
MOST_ROWS = 2_000_000
#: Years that a cell may name.
YEARS = range(1900, 2200)


def text_of(source: Path) -> str:
    """The text of a file; raises ``BadInput`` for none, too much of it, or bytes that are no UTF-8."""
    mend = "name a text file in UTF-8"
    try:
        if source.stat().st_size > MOST_BYTES:
            found = f"{source.stat().st_size} bytes"
            raise BadInput([Problem("", f"at most {MOST_BYTES} bytes", found, "cut it into several files", source.name)])
        return source.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput([Problem("", "a readable file", error.strerror or "none", mend, str(source))]) from error
    except UnicodeDecodeError as error:
        raise BadInput([Problem("", "text in UTF-8", f"byte {error.object[error.start]:#04x}", mend, source.name)]) from error


def number_text(value: float) -> str:
    """A finite number so that reading gives the same one; whole numbers without a point.

    >>> number_text(12.0), number_text(0.1), number_text(1e22)
    ('12', '0.1', '1e+22')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 2**53 else repr(float(value))


def guarded(text: str) -> str:
    """Text as it may stand in a cell: one that looks like a formula gets a ``'`` in front; ``unguarded`` takes it off.

    >>> guarded("=1+1"), unguarded(guarded("=1+1")), guarded("nickel"), guarded("-1.6"), unguarded(guarded("'-1.6"))
    ("'=1+1", '=1+1', 'nickel', '-1.6', "'-1.6")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` protected."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]], *, newline: str = "\n") -> str:
    """A CSV table in UTF-8; the cells are written as they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def csv_rows(text: str, file: str, *, filled: bool = True) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header of a CSV table and its rows, each with its place in the file (blank lines count, but are no rows).

    Raises ``BadInput`` for no CSV, no header, other separators, repeated columns, rows of another length, and where ``filled``
    for no row.
    """
    try:
        read = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
        lines = [(number, row) for number, row in enumerate(read, start=1) if row]
    except csv.Error as error:
        raise BadInput([Problem("", "a CSV table", str(error), "save it as CSV in UTF-8", file)]) from error
    if not lines or (filled and len(lines) == 1):
        raise BadInput([Problem("", "a header and rows", "only a header" if lines else "nothing", "give a table", file)])
    (top, names), rows = lines[0], lines[1:]
    header, found = [name.strip() for name in names], ProblemCollector(file)
    if "\0" in text:
        found.add("", "text", "a character of number 0", "save it as CSV in UTF-8")
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        found.add("", "commas between cells", repr(header[0][:40]), "save it with commas, and points in numbers", row=top)
        found.raise_if_any()
    for name in sorted({name for name in header if header.count(name) > 1}):
        found.add(name, "each column once", f"{header.count(name)} times", "keep one of them", row=top)
    for number, row in rows[:MOST_ROWS]:
        if len(row) != len(header):
            found.add("", f"{len(header)} cells", str(len(row)), "add or remove commas, quote text that holds one", row=number)
    if len(rows) > MOST_ROWS:
        found.add("", f"at most {MOST_ROWS} rows", str(len(rows)), "cut the table into several files")
    found.raise_if_any()
    return header, rows


def demand_columns(header: Sequence[str], needed: Iterable[str], found: ProblemCollector) -> None:
    """Note every needed column that is not there."""
    for name in needed:
        if name not in header:
            found.add(name, f"a column {name}", "no such column", f"add the column {name}", row=1)


def number_of(cell: str, column: str, row: int, found: ProblemCollector, *, file: str = "") -> float:
    """The finite number of a cell; NaN and a problem when it is none."""
    try:
        value = float(cell) if "_" not in cell else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        found.add(column, "a number", repr(cell[:40]), "write digits with a decimal point", row=row, file=file)
        return math.nan
    return value


def year_of(cell: str, column: str, row: int, found: ProblemCollector) -> int:
    """The year of a cell; 0 and a problem when it is none."""
    text = cell.strip()
    if text.isascii() and text.isdigit() and int(text[:6]) in YEARS and len(text) == 4:
        return int(text)
    found.add(column, f"a year from {YEARS.start} to {YEARS.stop - 1}", repr(cell[:40]), "write a calendar year", row=row)
    return 0


def json_text(value: Mapping[str, Any]) -> str:
    """JSON that any reader takes: UTF-8, no NaN, indented, one newline at the end."""
    import json

    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
