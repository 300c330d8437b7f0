"""``Network.check()``: everything wrong with a network, gathered in one list.

Cell by cell (empty, infinite, out of range), key by key (duplicates, unknown names), then what only shows when
tables are read together (``consistency``), and last what only shows in the graph (``reach``).
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.tables import Column, Table, near, shortened, tables
from orepact.errors import Problem, ProblemCollector

if TYPE_CHECKING:
    from orepact.chain.network import Network


def check_network(
    network: Network, *, graph: bool = True, missing_cells: bool = True, partial: Container[str] = ()
) -> list[Problem]:
    """Every problem of the network; file, row (the header is row 1) and column as they stand in its package.

    The graph is only searched for unreachable demand when every name and key is sound, since one wrong name makes
    whole chains unreachable. ``graph=False`` leaves the search out; ``missing_cells=False`` skips required cells that are
    empty (a reader has reported them), and names are not looked up in the ``partial`` tables, of which rows could not be read.
    """
    from orepact.chain.consistency import consistency_problems
    from orepact.chain.observations import observation_problems
    from orepact.chain.reach import unreachable_demand

    found = _head_problems(network)
    for name, table in tables().items():
        frame = getattr(network, name)
        plain = frame.reset_index() if table.indexed else frame
        found += _cell_problems(table, plain, missing_cells=missing_cells)
        found += _duplicate_problems(table, plain)
        found += _reference_problems(network, table, plain, partial)
    sound = not found
    found += consistency_problems(network)
    found += observation_problems(network, partial)
    if graph and sound:
        found += unreachable_demand(network)
    return found


def _head_problems(network: Network) -> list[Problem]:
    found = ProblemCollector("network.yaml")
    years = network.years
    if not years:
        found.add("years", "at least one model year", "none", "write `years: [2025, 2030]`")
    if list(years) != sorted(set(years)):
        found.add("years", "years that increase", ", ".join(map(str, years)), "sort them and name each once")
    return found.problems


def _cell_problems(table: Table, frame: pd.DataFrame, *, missing_cells: bool) -> list[Problem]:
    out: list[Problem] = []
    for column in table.columns.values():
        values = frame[column.name]
        if missing_cells and column.required:
            empty = values.isna() if column.is_number else values == ""
            out += _cells(table, column.name, values, empty.to_numpy(), expected="a value", mend="fill the cell")
        if column.is_number:
            out += _number_problems(table, column, values)
        elif column.type == "id":
            padded = (values.str.strip() != values).to_numpy() & missing_cells
            out += _cells(table, column.name, values, padded, expected="an id", mend="take the spaces around it away")
    return out


def _number_problems(table: Table, column: Column, values: pd.Series) -> list[Problem]:
    numbers = values.to_numpy(dtype=float)
    endless = np.isinf(numbers)
    out = _cells(
        table, column.name, values, endless, expected="a finite number", mend="leave the cell empty where there is no limit"
    )
    outside = np.zeros(len(numbers), dtype=bool)
    for limit, sign in ((column.minimum, -1), (column.maximum, 1)):
        if limit is not None:
            outside |= sign * numbers > sign * limit
    for limit, sign in ((column.exclusive_minimum, -1), (column.exclusive_maximum, 1)):
        if limit is not None:
            outside |= sign * numbers >= sign * limit
    mend = f"write a number {column.range_text}"
    return out + _cells(table, column.name, values, outside & ~endless, expected=f"a number {column.range_text}", mend=mend)


def _cells(table: Table, column: str, values: pd.Series, bad: object, *, expected: str, mend: str) -> list[Problem]:
    """One problem for each True in ``bad``, shortened when there are very many."""
    rows = np.flatnonzero(np.asarray(bad))
    texts = (f"{values.iloc[at]:g}" if isinstance(values.iloc[at], float) else repr(str(values.iloc[at])) for at in rows)
    return shortened(Problem(column, expected, text, mend, table.file, int(at) + 2) for at, text in zip(rows, texts, strict=True))


def _duplicate_problems(table: Table, frame: pd.DataFrame) -> list[Problem]:
    again = frame.duplicated(list(table.key))
    if not again.any():
        return []
    first = frame.loc[frame.duplicated(list(table.key), keep=False), list(table.key)].drop_duplicates()
    place = {tuple(key): int(at) + 2 for at, key in zip(first.index, first.itertuples(index=False), strict=True)}
    name = " + ".join(table.key)
    repeated = zip(np.flatnonzero(again).tolist(), frame.loc[again, list(table.key)].itertuples(index=False), strict=True)
    return shortened(
        Problem(
            name, f"each {name} once", " + ".join(map(str, key)), f"merge it with row {place[tuple(key)]}", table.file, at + 2
        )
        for at, key in repeated
    )


def _reference_problems(network: Network, table: Table, frame: pd.DataFrame, partial: Container[str]) -> list[Problem]:
    out: list[Problem] = []
    for column in table.columns.values():
        target, _, key = column.refers_to.partition(".")
        if not target or target in partial:
            continue
        known = pd.Index(network.recipes[key].unique()) if key else getattr(network, target).index
        values = frame[column.name]
        unknown = (~values.isin(known) & (values != "")).to_numpy()
        expected = f"a {column.name} of {target}.csv" if key else f"a {tables()[target].key[0]} of {target}.csv"
        hints = {value: near(value, known) for value in values[unknown].unique()[:100]}
        for problem in _cells(table, column.name, values, unknown, expected=expected, mend=""):
            hint = hints.get(values.iloc[(problem.row or 2) - 2], "")
            out.append(Problem(column.name, expected, problem.found, hint or f"add it to {target}.csv", table.file, problem.row))
    return out
