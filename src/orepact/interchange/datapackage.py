"""Frictionless data packages of any tables: CSV files with ``datapackage.json`` (types, units, label, sources).

A network has its own package (``Network.to_package``); this is for the rows of an answer.
Source: https://specs.frictionlessdata.io (Tabular Data Package, version 1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.interchange.cells import csv_rows, csv_text, demand_columns, guarded, json_text, number_text, unguarded
from orepact.interchange.made import CLEAR, Made

DESCRIPTOR = "datapackage.json"
#: What a cell of a type looks like.
_FORMS = {
    "number": re.compile(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|-?INF|NaN"),
    "integer": re.compile(r"-?\d{1,18}"),
    "boolean": re.compile(r"true|false"),
}


def of_tables(
    tables: Mapping[str, pd.DataFrame],
    *,
    title: str,
    units: Mapping[str, str] | None = None,
    sources: Sequence[Mapping[str, Any]] = (),
    manifest: Mapping[str, Any] | None = None,
    label: str = CLEAR,
) -> Made:
    """A package of tables by name; ``units`` by column, ``sources`` as ``meta`` has them, the label as ``x-label``."""
    files, resources = dict[str, str](), []
    for name, frame in tables.items():
        kinds = {str(column): _kind(frame[column]) for column in frame.columns}
        cells = [
            [_cell(value, kind) for value, kind in zip(row, kinds.values(), strict=True)] for row in frame.itertuples(index=False)
        ]
        files[f"{name}.csv"] = csv_text(list(kinds), cells)
        resources.append(_resource(name, kinds, dict(units or {})))
    listed = [{"title": str(s.get("title") or s.get("source", "")), "path": str(s.get("address", ""))} for s in sources]
    head: dict[str, Any] = {"profile": "tabular-data-package", "name": "orepact", "title": title, "x-label": label}
    if listed:
        head["sources"] = [source if source["path"] else {"title": source["title"]} for source in listed]
    if manifest:
        head["x-manifest"] = dict(manifest)
    files[DESCRIPTOR] = json_text(head | {"resources": resources})
    return Made(files)


def _resource(name: str, kinds: Mapping[str, str], units: Mapping[str, str]) -> dict[str, Any]:
    fields = [{"name": c, "type": kind} | ({"unit": units[c]} if units.get(c) else {}) for c, kind in kinds.items()]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _kind(column: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(column) else "string"


def _cell(value: Any, kind: str) -> str:
    if value is None or (not isinstance(value, (str, list, dict, tuple)) and pd.isna(value)):
        return ""
    if kind == "number":
        return {float("inf"): "INF", float("-inf"): "-INF"}.get(float(value)) or number_text(float(value))
    if kind == "boolean":
        return "true" if value else "false"
    return str(int(value)) if kind == "integer" else guarded(str(value))


def read(files: Mapping[str, str]) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Tables by name and the descriptor of a package that ``of_tables`` wrote; paths outside it are refused (``BadInput``)."""
    try:
        head = json.loads(files.get(DESCRIPTOR, ""))
        resources = [
            (str(r["name"]), str(r["path"]), {str(f["name"]): str(f.get("type", "string")) for f in r["schema"]["fields"]})
            for r in head["resources"]
        ]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        expected = "a tabular data package with resources"
        raise BadInput([Problem("", expected, str(error)[:80], "give a data package", DESCRIPTOR)]) from error
    out, found = {}, ProblemCollector()
    for name, path, kinds in resources:
        if path not in files:
            found.add("path", "a file of the package", path[:80], "add the file", file=DESCRIPTOR)
            continue
        header, lines = csv_rows(files[path], path, filled=False)
        _check_cells(header, lines, kinds, path, found)
        if not found:
            columns = {c: [line[i] for _, line in lines] for i, c in enumerate(header)}
            out[name] = pd.DataFrame({c: _column(cells, kinds.get(c, "string")) for c, cells in columns.items()})
    found.raise_if_any()
    return out, head


def _check_cells(
    header: list[str], lines: list[tuple[int, list[str]]], kinds: Mapping[str, str], file: str, found: ProblemCollector
) -> None:
    """Every column of the schema is there, and every cell is what its column says."""
    demand_columns(header, kinds, found)
    for number, line in lines:
        for column, cell in zip(header, line, strict=True):
            form = _FORMS.get(kinds.get(column, "string"))
            if cell and form and not form.fullmatch(cell):
                found.add(column, f"a cell of type {kinds[column]}", repr(cell[:40]), "mend the cell", row=number, file=file)


def _column(cells: list[str], kind: str) -> Any:
    if kind == "number":
        return pd.Series([float(cell) if cell else float("nan") for cell in cells], dtype=float)
    if kind == "boolean" and all(cells):
        return pd.Series([cell == "true" for cell in cells], dtype=bool)
    if kind == "integer" and all(cells):
        return pd.Series([int(cell) for cell in cells], dtype="int64")
    return pd.Series([unguarded(cell) for cell in cells], dtype="str")
