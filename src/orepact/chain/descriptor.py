"""``datapackage.json``: the Frictionless description of a network package, written and checked.

Follows the Data Package specification v1 (profile ``tabular-data-package``): every table with its schema, keys and the
foreign keys that point at a whole key. A process is not a key of ``recipes.csv`` (it has one row for each
commodity), so that reference is stated in the description and checked by ``Network.check``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.chain.tables import Column, Table, tables
from orepact.errors import Problem, ProblemCollector

if TYPE_CHECKING:
    from orepact.chain.network import Network

FILE = "datapackage.json"
_TYPES = {"id": "string", "text": "string", "number": "number", "year": "integer"}


def descriptor(network: Network, written: Mapping[str, list[str]]) -> dict[str, Any]:
    """The content of ``datapackage.json`` for the tables and columns that were written."""
    return {
        "profile": "tabular-data-package",
        "name": "network-package",
        "title": network.title,
        "description": network.description,
        "years": list(network.years),
        "currency": network.currency,
        "resources": [_resource(tables()[name], columns, written) for name, columns in written.items()],
    }


def _resource(table: Table, columns: list[str], written: Mapping[str, list[str]]) -> dict[str, Any]:
    chosen = [table.columns[name] for name in columns]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in chosen],
        "primaryKey": [name for name in table.key if name in columns],
        "missingValues": [""],
    }
    foreign = [_foreign_key(column) for column in chosen if column.refers_to in written]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file,
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    out: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.description}
    if column.unit:
        out["unit"] = column.unit
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if column.minimum is not None:
        limits["minimum"] = column.minimum
    if column.maximum is not None:
        limits["maximum"] = column.maximum
    return out | ({"constraints": limits} if limits else {})


def _foreign_key(column: Column) -> dict[str, Any]:
    key = tables()[column.refers_to].key[0]
    return {"fields": [column.name], "reference": {"resource": column.refers_to, "fields": [key]}}


def descriptor_problems(folder: Path, headers: Mapping[str, list[str]]) -> list[Problem]:
    """What is wrong with ``datapackage.json``: no JSON, resources that are not there, columns that disagree."""
    found = ProblemCollector(FILE)
    try:
        raw = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        found.add("", "JSON", f"{error.msg} in column {error.colno}", "mend it or remove the file", row=error.lineno)
        return found.problems
    except (UnicodeDecodeError, OSError, RecursionError) as error:
        found.add("", "JSON in UTF-8", str(error)[:80], "mend it or remove the file")
        return found.problems
    resources = raw.get("resources") if isinstance(raw, dict) else None
    if not isinstance(resources, list) or not all(isinstance(r, dict) for r in resources):
        found.add("resources", "a list of resources", type(resources).__name__, "mend it or remove the file")
        return found.problems
    for resource in resources:
        _check_resource(folder, resource, headers, found)
    listed = {str(resource.get("path")) for resource in resources}
    for file in sorted(set(headers) - listed):
        found.add("resources", f"a resource for {file}", "none", "list the file or remove datapackage.json")
    return found.problems


def _check_resource(folder: Path, resource: dict[str, Any], headers: Mapping[str, list[str]], found: ProblemCollector) -> None:
    path = str(resource.get("path"))
    inside = (folder / path).resolve().is_relative_to(folder.resolve())
    if not inside or not (folder / path).is_file():
        found.add("path", "a file of the package", path, "add the file or remove the resource")
        return
    schema = resource.get("schema")
    listed = schema.get("fields") if isinstance(schema, dict) else None
    if path not in headers or not isinstance(listed, list):
        return
    names = [str(entry.get("name")) if isinstance(entry, dict) else str(entry) for entry in listed]
    if headers[path] and names != headers[path]:
        expected = f"the columns of the file ({', '.join(headers[path])})"
        found.add(f"{path} fields", expected, ", ".join(names) or "none", "make both the same")
