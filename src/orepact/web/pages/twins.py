"""The tables of a page for programs: ``.json`` with all of them, ``.csv`` with one."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

from orepact.errors import NotFound
from orepact.web.edge.answers import as_json
from orepact.web.pages.shown import Shown, Table, in_english

MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
#: With these a spreadsheet begins a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_twin(shown: Shown, ending: str, name: str) -> bytes:
    """The tables of a page in one of both forms; raises ``NotFound`` for a table that it does not have."""
    wanted = shown.table(name)
    if name and wanted is None:
        raise NotFound("table", name, [table.name for table in shown.tables])
    if ending == "csv":
        return as_csv(wanted)
    tables = {table.name: table.records() for table in shown.tables}
    meta: dict[str, Any] = {
        "title": in_english(shown.title),
        "manifest": shown.manifest, "units": {table.name: table.units for table in shown.tables},
        "sources": list(shown.sources), "warnings": [in_english(each) for each in shown.warnings], "command": shown.command,
        "api": shown.api,
    }  # fmt: skip
    return as_json({"data": wanted.records() if wanted else [], "tables": tables, "meta": meta})


def as_csv(table: Table | None) -> bytes:
    """One table, with the names of its columns for programs; texts that a spreadsheet would compute begin with an apostrophe."""
    out = StringIO()
    if table is not None:
        names = [column.key for column in table.columns]
        writer = csv.DictWriter(out, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in table.records())
    return out.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
