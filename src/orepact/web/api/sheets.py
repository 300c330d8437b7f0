"""Answers as tables (CSV in UTF-8): the rows alone, and no cell that a spreadsheet would run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from orepact.interchange.cells import csv_text, guarded
from orepact.interchange.made import strictest
from orepact.web.edge.faces import share_of

if TYPE_CHECKING:
    from orepact.service.result import Result

CSV = "text/csv"
#: What can be asked for in an address.
FORMS = ("json", "csv")


def as_csv(result: Result) -> bytes:
    """The rows of a result: "" for nothing, lists and objects as JSON."""
    rows = result.envelope()["data"]
    names = list(dict.fromkeys([*map(str, result.data.columns), *(name for row in rows for name in row)]))
    return csv_text([*map(guarded, names)], ([_cell(row.get(name)) for name in names] for row in rows)).encode()


def label_of(result: Result) -> str:
    """For whom a table is: as the result says, else the strictest label of its rows; "" where they have none."""
    if result.meta.get("label"):
        return str(result.meta["label"])
    return strictest(map(str, result.data["label"])) if "label" in result.data.columns and len(result.data) else ""


def _cell(value: Any) -> str:
    """A plain value as a cell.

    >>> [_cell(value) for value in ("=1+1", -1.5, None, True, ["a", "b"], {"a": 1})]
    ["'=1+1", '-1.5', '', 'true', '["a", "b"]', '{"a": 1}']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, float) else repr(value)


def wanted(form: str | None, accept: str) -> str:
    """In which form an answer is asked for: as the address says, else as ``Accept`` does; JSON when neither does.

    >>> wanted(None, "text/csv"), wanted(None, "text/csv;q=0.5, application/json"), wanted("csv", "*/*"), wanted(None, "*/*")
    ('csv', 'json', 'csv', 'json')
    """
    if form is not None:
        return form
    shares = dict(map(share_of, accept.split(",")))
    return "csv" if shares.get(CSV, 0) > shares.get("application/json", 0) else "json"
