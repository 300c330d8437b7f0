"""The brief in a terminal: the findings, then the answers as short tables, then where the page was written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from orepact.report.brief import Brief, Column, Row, Table

#: Tables of each section that a terminal shows, and how many rows of each (0 for all).
SHOWN: Mapping[str, int] = {
    "largest_by_place": 0,
    "largest_by_owner": 0,
    "reliance": 0,
    "last_sellers": 0,
    "traced": 0,
    "output_changes": 8,
    "china_changes": 0,
    "carbon_by_place": 0,
    "eligibility_matrix": 0,
    "eligibility_costs": 0,
    "largest_builds": 8,
    "shortages": 8,
    "target_steps": 0,
    "target_minerals": 0,
    "cover": 0,
}
#: Columns that only the page and the files show.
LEFT_OUT = {"reliance": ("exports_t", "traded")}


def print_brief(brief: Brief, page: Path, console: Console | None = None) -> None:
    """Print the brief on ``console`` (stdout unless given); ``page`` is the file that was written."""
    from orepact.cli.output import make_console

    out = console or make_console()
    out.print(f"\n[bold]{_safe(brief.title)}[/bold]\n{_safe(brief.subtitle)}\n", highlight=False)
    for number, finding in enumerate(brief.findings, start=1):
        out.print(f"[bold]{number}. {_safe(finding.title)}[/bold] {finding.basis.mark}", highlight=False)
        out.print(f"   {_safe(finding.words)}", highlight=False)
    for number, section in enumerate(brief.sections, start=1):
        out.print(f"\n[bold cyan]{number}. {_safe(section.title)}[/bold cyan]: {_safe(section.question)}", highlight=False)
        for table in section.tables:
            if table.id in SHOWN:
                out.print(rich_table(table, SHOWN[table.id]))
    out.print(f"\n{marks_line()}\nsources, dates, pictures and every table: [bold]{_safe(str(page))}[/bold]", highlight=False)


def rich_table(table: Table, rows: int = 0) -> RichTable:
    """A table of the brief as a rich table, cut to ``rows`` rows (0 for all)."""
    from rich.table import Table as RichTable

    columns = [column for column in table.columns if column.key not in LEFT_OUT.get(table.id, ())]
    kept = table.rows[:rows] if rows else table.rows
    left = len(table.rows) - len(kept)
    caption = f"{left} more in data/{table.id}.csv" if left else None
    drawn = RichTable(title=_safe(table.title), title_justify="left", caption=caption, caption_justify="left")
    for column in columns:
        heading = f"{column.title} ({column.unit})" if column.unit else column.title
        drawn.add_column(_safe(heading), justify="right" if column.numeric else "left", overflow="fold")
    for row in kept:
        drawn.add_row(*(_cell(row, column) for column in columns), style="bold" if row.total else None)
    return drawn


def marks_line() -> str:
    """What the signs before numbers mean, in one line."""
    from orepact.report.brief import MARKS

    return ", ".join(f"{sign} {name}" for name, sign in MARKS.items() if sign)


def _cell(row: Row, column: Column) -> str:
    from orepact.report.words import DASH, THIN, shown

    text = shown(row.cells.get(column.key), column).replace(THIN, " ")
    known = column.numeric or column.key in row.shade
    mark = row.basis_of(column.key).mark if known and text not in {"", DASH} else ""
    return _safe(f"{mark}{text}")


def _safe(text: Any) -> str:
    from rich.markup import escape

    return escape(str(text))
