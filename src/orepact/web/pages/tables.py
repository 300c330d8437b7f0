"""Results of use cases as tables of pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orepact.web.pages.shown import Column, Shown, Table, Words

if TYPE_CHECKING:
    from orepact.service.result import Result

Row = Mapping[str, Any]


def rows_of(result: Result) -> list[dict[str, Any]]:
    """The rows of a result with plain values: what is not there is None."""
    found: list[dict[str, Any]] = result.envelope()["data"]
    return found


def table_of(
    result: Result,
    name: str,
    title: Words,
    columns: Sequence[Column],
    *,
    cells: Callable[[Row], Row] | None = None,
    empty: Words = "",
    note: Words = "",
) -> Table:
    """Some columns of a result as a table; ``cells``: what takes the place of values of a row (links, numbers that lead on)."""
    rows = [{**row, **(cells(row) if cells else {})} for row in rows_of(result)]
    return Table(name, title, columns, rows, note=note, empty=empty)


def dated(row: Row) -> Row:
    """The moments of a row, with None for those that never were."""
    return {name: row[name] or None for name in row if name.endswith("_at")}


def shown_of(result: Result, *tables: Table, **more: Any) -> Shown:
    """A page about one result: its sources, manifest and warnings with it."""
    manifest = {name: value for name, value in result.meta["manifest"].items() if name not in {"register", "overlays"}}
    given: dict[str, Any] = {"sources": result.meta["sources"], "warnings": result.warnings, "manifest": manifest}
    return Shown(tables=tables, **{**given, **more})
