"""A table of power contracts that a person gives, read from CSV with every problem reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.csv_table import read_csv_table
from orepact.chain.tables import Column, Table
from orepact.errors import BadInput, Problem
from orepact.measure.emissions.power_contracts import COLUMNS, SCOPE, contract_problems

if TYPE_CHECKING:
    from orepact.chain import Network

TYPES = {"kg_co2e_per_kwh": "number", "share": "number", "year": "year"}
REQUIRED = ("kg_co2e_per_kwh", "share")


def contract_table() -> Table:
    """The columns of a file of power contracts, in the shape in which packages declare theirs."""
    columns = {name: Column(name, TYPES.get(name, "text"), "", required=name in REQUIRED) for name in COLUMNS}
    return Table("contracts", "Power contracts", "", REQUIRED, indexed=False, required=True, columns=columns)


def read_contracts(path: Path, network: Network) -> pd.DataFrame:
    """The contracts of a file; raises ``BadInput`` with every broken cell, unknown name and impossible share."""
    read = read_csv_table(contract_table(), path)
    problems = [Problem(p.column, p.expected, p.found, p.mend, path.name, p.row) for p in read.problems]
    if read.frame is None:
        raise BadInput(problems)
    rows = pd.DataFrame(index=read.frame.index)
    for name in COLUMNS:
        empty = "" if name in SCOPE else np.nan
        rows[name] = read.frame[name] if name in read.frame else pd.Series([empty] * len(rows), index=rows.index)
    rows = rows.reset_index(drop=True)
    problems += contract_problems(rows, network, path.name, read.rows.tolist())
    if not len(rows) and not problems:
        problems = [Problem("", "at least one contract", "a header without rows", "add a row", path.name)]
    if problems:
        raise BadInput(problems)
    return rows
