"""Replies as a table for people, the JSON envelope for programs, CSV for spreadsheets."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orepact.cli.options import OutputFormat
from orepact.cli.wording import FACE

if TYPE_CHECKING:
    from rich.console import Console

    from orepact.service.result import Result

#: What a terminal shows of a long answer; the other formats give every row.
MOST_ROWS = 60
#: Rows of a list that is read page by page.
PAGE = 100
#: Entries of a list beside the table, such as the limits that bind.
MOST_ENTRIES = 8
MOST_SOURCES = 20
#: A single row of more columns is shown upright, one figure a line.
WIDEST = 10
#: Units of time as the heading of a column says them.
TIMES = {"year": "years", "week": "weeks", "as in the package": "unit of the package"}
#: What pandas calls a value that is not there, beside NaN: named, so that help need not import pandas.
NO_VALUE = ("NAType", "NaTType")
#: Entries of meta that have a place of their own under a table, or are only for programs.
OWN_PLACE = (
    "title",
    "warnings",
    "sources",
    "manifest",
    "units",
    "scale",
    "provenance",
    "trade",
    "winner",
    "losers",
    "headline",
    "size",
    "disagreements",
    "assumptions",
    "costs_usd",
    "value_of_cooperation",
    "parties_of_the_pact",
)


def page_of(limit: int | None, form: OutputFormat) -> int | None:
    """How many rows to ask for: as many as the user said, else a page for a screen, and all (None) for a file or a program.

    >>> page_of(None, OutputFormat.table), page_of(None, OutputFormat.csv), page_of(5, OutputFormat.csv)
    (100, None, 5)
    """
    return PAGE if limit is None and form is OutputFormat.table else limit


def _cell(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def emit(result: Result, form: OutputFormat) -> None:
    """Print a result on stdout; with ``table`` and ``csv`` the warnings go to stderr."""
    result = result.in_words(FACE)
    if form is OutputFormat.json:
        sys.stdout.write(json.dumps(result.envelope(), ensure_ascii=False, allow_nan=False, indent=2) + "\n")
        return
    if form is OutputFormat.csv:
        sys.stdout.write(result.data.map(_cell).to_csv(index=False, lineterminator="\n"))
    elif result.text:
        sys.stdout.write(result.text)
    else:
        _print_table(result)
    for warning in result.meta.get("warnings", []):
        sys.stderr.write(f"note: {warning}\n")


def _print_table(result: Result) -> None:
    console = make_console()
    data = result.for_people()
    # a page is shown whole: the mark in its meta is where the next one begins
    rows = data if "after" in result.meta else data.head(MOST_ROWS)
    console.print(str(result.meta.get("title", "")), style="bold", markup=False, highlight=False)
    units = result.meta.get("units", {})
    console.print(_upright(rows) if len(rows) == 1 and len(rows.columns) > WIDEST else _rich_table(rows, units))
    if len(data) > len(rows):
        console.print(f"... {len(data) - len(rows)} more rows: --format csv or json gives them all")
    for name, value in result.meta.items():
        if name in OWN_PLACE or not _has_value(value):
            continue
        if isinstance(value, list) and isinstance(value[0], Mapping):
            _print_entries(console, name, value)
        else:
            console.print(f"{name}: {words(name, value)}", markup=False, highlight=False)
    _print_sources(console, result.meta.get("sources", []))


def _print_entries(console: Console, name: str, entries: list[Mapping[str, Any]]) -> None:
    """The first entries of a list, one line each."""
    console.print(f"{name}: {len(entries)}")
    for entry in entries[:MOST_ENTRIES]:
        console.print(f"  {words(name, entry)}", markup=False, highlight=False)
    if len(entries) > MOST_ENTRIES:
        console.print(f"  ... {len(entries) - MOST_ENTRIES} more: --format json gives them all")


def _print_sources(console: Console, sources: list[Mapping[str, Any]]) -> None:
    if sources:
        console.print("sources:")
    for source in sources[:MOST_SOURCES]:
        words = [*(source.get(key, "") for key in ("title", "producer", "edition")), "/".join(source.get("confidence", []))]
        text = ", ".join(str(word) for word in words if word)
        console.print(f"  [{source['source']}] {text}", markup=False, highlight=False)
    if len(sources) > MOST_SOURCES:
        console.print(f"  ... {len(sources) - MOST_SOURCES} more: --format json gives them all")


def _upright(rows: Any) -> Any:
    from rich.table import Table

    table = Table("figure", "value")
    for name in rows.columns:
        table.add_row(str(name), words(str(name), rows[name].iloc[0]))
    return table


def head(name: str, units: Mapping[str, str]) -> str:
    """A column's heading: its name, and the unit of time where the name does not say it.

    >>> head("time_to_recover", {"time_to_recover": "week"}), head("loss_usd", {"loss_usd": "USD"})
    ('time_to_recover (weeks)', 'loss_usd')
    """
    unit = str(units.get(name, "")).partition(";")[0].strip()
    return f"{name} ({TIMES[unit]})" if unit in TIMES else name


def _rich_table(rows: Any, units: Mapping[str, str]) -> Any:
    from rich.markup import escape
    from rich.table import Table

    table = Table()
    for name in rows.columns:
        table.add_column(head(str(name), units), justify="right" if rows[name].dtype.kind in "if" else "left", overflow="fold")
    for row in rows.itertuples(index=False):
        table.add_row(*(escape(words(str(name), value)) for name, value in zip(rows.columns, row, strict=True)))
    return table


def make_console() -> Console:
    """A console on stdout: as wide as the terminal, or wide enough for a pipe; no colour in a pipe."""
    from rich.console import Console

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 180)


def _has_value(value: Any) -> bool:
    return isinstance(value, (int, float)) or (value is not None and len(value) > 0)


def words(name: str, value: Any) -> str:
    """A cell in words: shares as percentages, years as they are, other numbers with three or more digits that count."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={words(str(key), item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    value = plain_number(value)
    if value is None or type(value).__name__ in NO_VALUE or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and is_fraction(name):
        return f"{100 * value:.1f} %"
    return _number(name, value) if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def plain_number(value: Any) -> Any:
    """A NumPy number as Python's own; anything else as it is."""
    return value.item() if hasattr(value, "item") and not isinstance(value, str) else value


def is_fraction(name: str) -> bool:
    """Whether a figure of that name is a fraction that people read in per cent."""
    return name.endswith("share") or "reliance" in name or name in {"top1", "top3", "n_minus_1", "coverage"}


def _number(name: str, value: float) -> str:
    if "year" in name and float(value).is_integer():
        return str(int(value))
    if value in {float("inf"), float("-inf")}:
        return "unlimited"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.4g}"
