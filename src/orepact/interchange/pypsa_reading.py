"""The way back from PyPSA: the network of a CSV folder that ``pypsa.of_network`` wrote, also when PyPSA has written it again.

PyPSA numbers the rows of its profiles where it was given years: both are taken.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from orepact.chain import Network
from orepact.chain.tables import tables
from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.interchange.cells import YEARS, csv_rows, number_of, text_of, unguarded
from orepact.interchange.made import CLEAR, strictest
from orepact.interchange.pypsa import COMPONENTS, FILES, HEAD, OURS, TABLE, components

#: Place of a row in its file, while it is read.
_ROW = "row of the file"


def read(files: Mapping[str, str]) -> tuple[Network, list[str], str]:
    """The network of a folder that ``of_network`` wrote (PyPSA may have written it again), what is not in it, and its label.

    Takes what our own columns hold; links, generators and loads that somebody else added, and numbers of PyPSA's columns that
    differ from what ours give, are counted in the warnings.
    Raises ``BadInput`` when ``meta.json`` does not say that the folder comes from here, or when the network is not sound.
    """
    head, (label, rate) = _head(files), _label_and_rate(files)
    parts = {name: _table(files, name) for name in COMPONENTS}
    found = ProblemCollector()
    frames = _frames(parts, files, head["years"], found)
    found.raise_if_any()
    used = {row["name"] for part in parts.values() for row in part if row.get(TABLE) or _helper(row["name"])}
    foreign = sum(row["name"] not in used for name in ("links", "generators", "loads") for row in parts[name])
    warnings = [f"{foreign} links, generators or loads that orepact did not write are left out"] if foreign else []
    network = Network(years=tuple(head["years"]), **{name: head[name] for name in HEAD}, **frames)  # type: ignore[arg-type]  # text by name, then frames
    problems = network.check()
    if problems:
        raise BadInput(problems)
    return network, [*warnings, *_changed(parts, components(network, rate))], label


def _changed(parts: Mapping[str, list[dict[str, str]]], ours: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """Warnings for numbers that somebody changed in PyPSA's own columns: they do not come back, for ours count."""
    out = []
    for name, columns in (("links", ("p_nom", "efficiency", "marginal_cost")), ("generators", ("marginal_cost", "e_sum_max"))):
        stated = {row["name"]: row for row in ours[name]}
        for column in columns:
            pairs = ((row["name"], row.get(column), stated.get(row["name"], {}).get(column)) for row in parts[name])
            other = [what for what, given, own in pairs if given and own is not None and not _alike(given, own)]
            if other:
                more = " ..." if len(other) > 3 else ""
                named = ", ".join(other[:3]) + more
                out.append(f"{column} of {len(other)} {name} differs from orepact's own columns, which count: {named}")
    return out


def _alike(given: str, own: float) -> bool:
    try:
        return math.isclose(float(given), own, rel_tol=1e-9)
    except ValueError:
        return False


def _label_and_rate(files: Mapping[str, str]) -> tuple[str, float]:
    """The label of the folder (as strict as can be where it is none) and the rate (1) of its weights."""
    raw = json.loads(files["meta.json"])
    rate = raw.get("discount_rate", 0.05)
    return strictest([str(raw.get("label", CLEAR))]), float(rate) if isinstance(rate, (int, float)) and 0 <= rate < 1 else 0.05


def read_folder(folder: Path) -> tuple[Network, list[str], str]:
    """``read`` of a folder on disk."""
    if not folder.is_dir():
        raise BadInput([Problem("", "a CSV folder of PyPSA", "no such folder", "name the folder", str(folder))])
    return read({name: text_of(folder / name) for name in FILES if (folder / name).is_file()})


def _helper(name: str) -> bool:
    return name.startswith(("surplus ", "source ")) or (name.startswith("site ") and " of " in name)


def _head(files: Mapping[str, str]) -> dict[str, Any]:
    try:
        head = json.loads(files.get("meta.json", "{}")).get("orepact", {})
        found = {name: str(head[name]) for name in HEAD} | {"years": [int(year) for year in head["years"]]}
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError) as error:
        expected = "what an export of orepact says about the network"
        mend = "give a folder that orepact wrote: buses of other networks do not say which commodity they hold"
        raise BadInput([Problem("orepact", expected, "nothing of it", mend, "meta.json")]) from error
    odd = [str(year)[:20] for year in found["years"] if year not in YEARS]
    if odd:
        raise BadInput([Problem("years", "calendar years", ", ".join(odd), "write years such as 2030", "meta.json")])
    return found


def _table(files: Mapping[str, str], name: str) -> list[dict[str, str]]:
    if f"{name}.csv" not in files:
        return []
    header, lines = csv_rows(files[f"{name}.csv"], f"{name}.csv", filled=False)
    return [dict(zip(["name", *header[1:]], line, strict=True)) | {_ROW: str(number)} for number, line in lines]


def _frames(
    parts: Mapping[str, list[dict[str, str]]], files: Mapping[str, str], years: list[int], found: ProblemCollector
) -> dict[str, pd.DataFrame]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in tables() if name not in {"contents", "observations"}}
    for component in parts.values():
        for row in component:
            table = row.get(TABLE, "")
            if table in rows and table not in {"demand", "recipes"}:
                known = tables()[table].columns
                rows[table].append({key: unguarded(row.get(OURS + key, "")) or None for key in known if OURS + key in row})
    rows["recipes"] = _recipes(parts["links"], found)
    rows["demand"] = _demand(parts, files, years, found)
    return {name: _frame(name, entries) for name, entries in rows.items()}


def _frame(name: str, entries: list[dict[str, Any]]) -> pd.DataFrame:
    columns = tables()[name].columns
    frame = pd.DataFrame(entries, columns=list(columns)).drop_duplicates(list(tables()[name].key), ignore_index=True)
    return frame.dropna(axis=1, how="all") if len(frame) and name != "sites" else frame


def _recipes(links: list[dict[str, str]], found: ProblemCollector) -> list[dict[str, Any]]:
    out: dict[tuple[str, str], dict[str, Any]] = {}
    for row in links:
        if row.get(TABLE) != "sites":
            continue
        for k in range(1, len(row)):
            node = row.get(f"bus{k}", "")
            if node:
                column = "efficiency" if k == 1 else f"efficiency{k}"
                amount = number_of(row.get(column, "") or "0", column, int(row[_ROW]), found, file="links.csv")
                key = (row.get(OURS + "process", ""), node.rpartition("/")[0])
                out.setdefault(key, {"process": key[0], "commodity": key[1], "amount": amount})
    return list(out.values())


def _demand(
    parts: Mapping[str, list[dict[str, str]]], files: Mapping[str, str], years: list[int], found: ProblemCollector
) -> list[dict[str, Any]]:
    """Rows with a shortage cost stand in their generators whole, the others in the profiles of the loads, year by year."""
    columns, file = tables()["demand"].columns, "loads-p_set.csv"
    stated = [row for row in parts["generators"] if row.get(TABLE) == "demand"]
    out: list[dict[str, Any]] = [{key: row.get(OURS + key) or None for key in columns} for row in stated]
    told = {(row["commodity"], row["place"], str(row["year"]).removesuffix(".0")) for row in out}
    header, lines = csv_rows(files[file], file, filled=False) if file in files else (["snapshot"], [])
    loads = [load for load in parts["loads"] if load.get(TABLE) == "demand"]
    named = [line[0].removesuffix(".0") for _, line in lines]
    if loads and named not in ([str(year) for year in years], [str(number) for number in range(len(years))]):
        given = ", ".join(name[:20] for name in named[:12]) or "nothing"
        found.add("snapshot", f"the years {', '.join(map(str, years))}", given, "give a row for each year", file=file)
        return out
    for load in loads:
        if load["name"] not in header:
            found.add(load["name"], "a column of each load", "no such column", "add it", file=file, row=1)
            continue
        column, node = header.index(load["name"]), (load.get(OURS + "commodity", ""), load.get(OURS + "place", ""))
        for year, (number, line) in zip(years, lines, strict=True):
            quantity = number_of(line[column], load["name"], number, found, file=file)
            if quantity and (*node, str(year)) not in told:
                out.append({"commodity": node[0], "place": node[1], "year": year, "quantity": quantity})
    return out
