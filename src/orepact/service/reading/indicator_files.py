"""A table of social indicators that a person gives, read from CSV with every problem reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.csv_table import CsvTable, read_csv_table
from orepact.chain.tables import Column, Table, near
from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.measure.social import COLUMNS, KNOWN

if TYPE_CHECKING:
    from orepact.chain import Network

TYPES = {"place": "id", "indicator": "id", "value": "number", "unit": "text", "year": "year"}
REQUIRED = ("place", "indicator", "value", "unit")
KEY = ["place", "indicator", "year"]


def indicator_table() -> Table:
    """The columns of a file of indicators, in the shape in which packages declare theirs."""
    columns = {name: Column(name, kind, "", required=name in REQUIRED) for name, kind in TYPES.items()}
    return Table("indicators", "Social indicators", "", REQUIRED, indexed=False, required=True, columns=columns)


def read_indicators(path: Path, network: Network, year: int) -> pd.DataFrame:
    """The indicators of a file (``COLUMNS``), of each place the year nearest to ``year``.

    Raises ``BadInput`` with every broken cell, unknown place, repeated row, negative value of a known indicator and
    indicator in two units.
    """
    read = read_csv_table(indicator_table(), path)
    problems = [Problem(p.column, p.expected, p.found, p.mend, path.name, p.row) for p in read.problems]
    if read.frame is None or problems:
        raise BadInput(problems)
    rows = read.frame.reset_index(drop=True)
    rows = rows if "year" in rows else rows.assign(year=np.nan)
    problems = _problems(read, rows, network, path.name)
    if not len(rows):
        problems = [Problem("", "at least one indicator", "a header without rows", "add a row", path.name)]
    if problems:
        raise BadInput(problems)
    away = (rows["year"] - year).abs().fillna(0.0)
    nearest = rows.assign(away=away).sort_values(["indicator", "place", "away"], kind="stable")
    nearest = nearest.drop_duplicates(["indicator", "place"]).drop(columns="away")
    return nearest.assign(confidence="reported", source=path.name)[list(COLUMNS)].reset_index(drop=True)


def _problems(read: CsvTable, rows: pd.DataFrame, network: Network, file: str) -> list[Problem]:
    found = ProblemCollector(file)
    numbers = read.rows.tolist()
    units: dict[str, str] = dict(KNOWN)
    for number, row in zip(numbers, rows.to_dict("records"), strict=True):
        place, name, unit = (str(row[key]) for key in ("place", "indicator", "unit"))
        if place not in network.groups:
            found.add(
                "place", "a place of the network or a group of places", repr(place), near(place, network.groups), row=number
            )
        expected = units.setdefault(name, unit)
        if unit != expected:
            mend = "convert the value, or give the indicator another name"
            found.add("unit", f"{expected}, as every value of {name}", repr(unit), mend, row=number)
        if name in KNOWN and float(row["value"]) < 0:
            found.add("value", "a number of at least 0", f"{row['value']:g}", "write 0 or more", row=number)
    for at in np.flatnonzero(rows.duplicated(KEY, keep="first")):
        words = f"{rows['indicator'][at]} of {rows['place'][at]} again"
        found.add("indicator", "each indicator, place and year once", words, "keep one of the rows", row=numbers[int(at)])
    return found.problems
