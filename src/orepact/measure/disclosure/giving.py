"""What owners give into a pool, as a file: ``owner,row,column,amount`` and, where it is not that of the pool, ``unit``."""

from __future__ import annotations

from pathlib import Path

from orepact.errors import ProblemCollector
from orepact.facts.claims import numbers
from orepact.facts.loading import read_table
from orepact.measure.disclosure.pools import Pool
from orepact.measure.disclosure.table import MOST, Contribution
from orepact.units import Units

COLUMNS = ("owner", "row", "column", "amount", "unit")


def read_contributions(path: Path, pool: Pool, units: Units) -> list[Contribution]:
    """The amounts of a CSV or Parquet file in the unit of the pool; raises ``BadInput`` with every problem.

    Rows and columns are ids of the pool without parts. An owner may have several amounts in one cell: they are added.
    """
    problems = ProblemCollector(path.name)
    table = read_table(path, COLUMNS, problems, required=COLUMNS[:4])
    if not problems and table.frame.empty:
        problems.add("", "an amount in each row", "only a header", "give what each owner has")
    leaves = {"row": pool.rows.axis.leaves, "column": pool.columns.axis.leaves}
    found = []
    for number, cells, amount in zip(table.rows, table.frame.to_dict("records"), numbers(table.frame["amount"]), strict=True):
        row = int(number)
        if not cells["owner"].strip():
            problems.add("owner", "who holds the amount", "nothing", "name the owner", row=row)
        for name, known in leaves.items():
            if cells[name] not in known:
                mend = f"use one of {', '.join(known[:12])}{' ...' if len(known) > 12 else ''}"
                problems.add(name, f"a {name} of the pool without parts", repr(cells[name][:40]), mend, row=row)
        unit = cells["unit"] or pool.unit
        odd = units.problem(unit, pool.unit, column="unit", file=path.name, row=row)
        problems.extend([] if odd is None else [odd])
        given = float("nan") if odd else units.convert(float(amount), unit, pool.unit)
        if odd is None and not 0 <= given <= MOST:
            mend = "write digits with a decimal point; what is below 0 cannot be pooled"
            problems.add("amount", f"a number from 0 to {MOST:g} {pool.unit}", repr(cells["amount"][:40]), mend, row=row)
        found.append(Contribution(cells["owner"].strip(), cells["row"], cells["column"], given))
    problems.raise_if_any()
    return found
