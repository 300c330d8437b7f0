"""The brief in the terminal: findings first, then each section with its open tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.cli.output import make_console, words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from orepact.report.brief import Brief, Section, Table

#: Rows of a table that the terminal shows; the page and its CSV files hold all.
MOST_ROWS = 15


def print_brief(brief: Brief, page: str) -> None:
    """Print the findings and the open tables of each section, then where the page stands."""
    console = make_console()
    console.rule(brief.title)
    console.print(brief.subtitle, markup=False)
    for finding in brief.findings:
        console.print(f"\n{finding.figure}  {finding.title}", style="bold", markup=False, highlight=False)
        console.print(f"{finding.basis.mark} {finding.words}".strip(), markup=False, highlight=False)
    for section in brief.sections:
        _print_section(console, section)
    console.print("\nWhat to know before using the numbers:", style="bold")
    for caveat in brief.caveats:
        console.print(f"- {caveat}", markup=False, highlight=False)
    console.print(f"\nThe whole brief: {page}", style="bold", markup=False)


def _print_section(console: Console, section: Section) -> None:
    console.print()
    console.rule(section.title)
    console.print(section.question, style="italic", markup=False)
    for sentence in section.answer:
        console.print(sentence, markup=False, highlight=False)
    for table in section.tables:
        if not table.folded and not table.long:
            _print_table(console, table)


def _print_table(console: Console, table: Table) -> None:
    console.print(f"\n{table.title}", style="bold", markup=False)
    console.print(_drawn(table))
    if len(table.rows) > MOST_ROWS:
        console.print(f"... {len(table.rows) - MOST_ROWS} more rows in data/{table.id}.csv", markup=False)
    if table.note:
        console.print(table.note, style="dim", markup=False, highlight=False)


def _drawn(table: Table) -> RichTable:
    from rich.markup import escape
    from rich.table import Table as RichTable

    drawn = RichTable()
    for column in table.columns:
        head = f"{column.title} ({column.unit})" if column.unit else column.title
        drawn.add_column(escape(head), justify="right" if column.numeric else "left", overflow="fold")
    for row in table.rows[:MOST_ROWS]:
        cells = [
            row.basis_of(column.key).mark * column.numeric + words(_name(column.kind, column.key), row.cells.get(column.key))
            for column in table.columns
        ]
        drawn.add_row(*map(escape, cells), style="bold" if row.total else None)
    return drawn


def _name(kind: str, key: str) -> str:
    """A name by which ``words`` knows how to write the value: shares in per cent, years as they are."""
    return {"share": "share", "year": "year"}.get(kind, f"{key}_")
