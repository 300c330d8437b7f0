"""Use cases about pools: which tables of sums there are, what of one may be told, and how well the rest is hidden."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.measure.disclosure.audit import Hidden
    from orepact.measure.disclosure.pools import Pool
    from orepact.measure.disclosure.protect import Protected
    from orepact.measure.disclosure.rules import Rules
    from orepact.measure.disclosure.table import Table

#: What of a run is ``data``.
ROWS = ("told", "audit")
#: Endings of a file that holds a pool, in place of the id of one that ships.
FILES = {".yaml", ".yml"}
KEEPER = "for the keeper of the amounts alone: reasons, owners and intervals tell more than the table may"


def list_pools() -> Result:
    """Every pool that ships: ``pool, title, quantity, unit, counts, sums``; ``counts``: which kind of records, "" for none."""
    from orepact.facts import Codes
    from orepact.measure.disclosure.pools import read_pools, shipped_folder

    pools = read_pools(shipped_folder(), Codes.shipped().units)
    rows = [
        {
            "pool": pool.id,
            "title": pool.title,
            "quantity": pool.quantity,
            "unit": pool.unit,
            "counts": pool.counts.kind if pool.counts else "",
            "sums": len(pool.rows.titles) * len(pool.columns.titles),
        }
        for pool in pools.values()
    ]
    return Result(pd.DataFrame(rows), {"title": f"{len(rows)} pools"})


def show_pool(pool: str | Path) -> Result:
    """The rows and columns of a pool: ``side, id, title, within, takes_amounts``. Raises ``NotFound``, ``BadInput``."""
    found = _pool(pool)
    rows = [
        {"side": name, "id": code, "title": side.titles[code], "within": group, "takes_amounts": code in side.axis.leaves}
        for name, side in (("row", found.rows), ("column", found.columns))
        for code, group in side.axis.within.items()
    ]
    meta = {"title": f"{found.title} ({found.unit})", "description": found.description, "manifest": _manifest(found)}
    return Result(pd.DataFrame(rows), meta)


def run_pool(
    pool: str | Path, amounts: Path, *, rows: str = "told", within: float | None = None, rules: Path | None = None
) -> Result:
    """What of a pool may be told of the amounts of a file (``owner,row,column,amount[,unit]``).

    ``rows="told"``: ``row, column, amount, hidden`` of every sum, safe to hand on: nothing in the answer depends on more than
    what is told. ``rows="audit"``: each hidden sum for the keeper alone, with why it is hidden, what it is, and how near a
    reader or an owner can come; ``within`` (1, default: the width of the rules) is the part that nobody may come within.
    ``rules`` is a YAML file laid over the shipped rules. Raises ``BadInput``, ``NotFound``, ``SolverFailed``.
    """
    from orepact.facts import Codes
    from orepact.measure.disclosure.giving import read_contributions
    from orepact.measure.disclosure.protect import protect
    from orepact.measure.disclosure.rules import Rules
    from orepact.measure.disclosure.table import Table

    if rows not in ROWS:
        raise NotFound("table of a pool", rows, ROWS)
    if within is not None and not 0 < within <= 1:
        raise BadInput([Problem("within", "a part above 0 and at most 1", str(within), "write 0.1 for 10 %")])
    found, known = _pool(pool), Rules.load(rules)
    given = read_contributions(amounts, found, Codes.shipped().units)
    table = Table.of(found.rows.axis, found.columns.axis, given)
    answer = protect(table, known)
    if rows == "audit":
        return _audited(found, table, answer, known, within)
    return _told(found, answer, known)


def _told(pool: Pool, answer: Protected, rules: Rules) -> Result:
    data = pd.DataFrame(
        [
            {"row": row, "column": column, "amount": math.nan if value is None else value, "hidden": value is None}
            for (row, column), value in answer.told.items()
        ]
    )
    told = len(answer.told) - len(answer.hidden)
    meta = {
        "title": f"{pool.title} ({pool.unit}): {told} of {len(answer.told)} sums are told",
        "units": {"amount": pool.unit},
        "manifest": _manifest(pool, rules),
    }
    return Result(data, meta, shown=wide(pool, answer.told))


def wide(pool: Pool, told: Mapping[tuple[str, str], float | None]) -> pd.DataFrame:
    """The table as people read it."""
    rows = []
    for row, title in pool.rows.titles.items():
        sums = {name: told[row, column] for column, name in pool.columns.titles.items()}
        rows.append({pool.rows.title: title} | {name: _words(x) for name, x in sums.items()})
    return pd.DataFrame(rows)


def _words(amount: float | None) -> str:
    if amount is None:
        return "hidden"
    return f"{amount:,.0f}" if amount >= 1000 else f"{amount:.4g}"


def _audited(pool: Pool, table: Table, answer: Protected, rules: Rules, within: float | None) -> Result:
    from orepact.measure.disclosure.audit import audit
    from orepact.measure.disclosure.reach import SLACK

    asked = rules.width.value if within is None else within
    found = audit(table, answer.hidden)
    why = {hidden.cell: answer.primary.get(hidden.cell) or "beside" for hidden in found}
    rows = [_row(hidden, why[hidden.cell], hidden.room < asked - SLACK) for hidden in found]
    columns = ("row", "column", "why", "owners", "amount", "lowest", "highest", "room", "narrowed", "estimate", "by")
    near = [row for row in rows if row["narrowed"]]
    verdict = f"{len(near)} of {len(rows)} hidden sums can be narrowed to within {asked:.3g} of themselves"
    meta: dict[str, Any] = {
        "title": f"{pool.title} ({pool.unit}): {verdict}",
        "label": "TLP:RED",
        "units": dict.fromkeys(("amount", "lowest", "highest"), pool.unit) | {"room": "1", "estimate": "1"},
        "within": asked,
        "least_room": min((hidden.room for hidden in found), default=None),
        "least_estimate": min((hidden.estimate for hidden in found), default=None),
        "manifest": _manifest(pool, rules),
        "warnings": [KEEPER],
    }
    return Result(pd.DataFrame(rows, columns=list(columns)), meta)


def _row(hidden: Hidden, why: str, narrowed: bool) -> dict[str, Any]:
    row, column = hidden.cell
    said = {"row": row, "column": column, "why": why, "owners": hidden.owners, "amount": hidden.amount}
    said |= {"lowest": hidden.lowest, "highest": hidden.highest, "room": hidden.room, "narrowed": narrowed}
    return said | {"estimate": hidden.estimate, "by": hidden.by}


def _pool(name: str | Path) -> Pool:
    """A pool of a file, or one that ships by its id."""
    from orepact.facts import Codes
    from orepact.measure.disclosure.pools import pool_of, read_pool, read_pools, shipped_folder

    units = Codes.shipped().units
    if Path(name).suffix in FILES:
        return read_pool(Path(name), units)
    return pool_of(str(name), read_pools(shipped_folder(), units))


def pool_named(name: str) -> Pool:
    """A pool that ships; raises ``NotFound``."""
    from orepact.facts import Codes
    from orepact.measure.disclosure.pools import pool_of, read_pools, shipped_folder

    return pool_of(name, read_pools(shipped_folder(), Codes.shipped().units))


def pool_marks(pool: Pool) -> dict[str, Any]:
    """What the table and the rules are that ship."""
    from orepact.measure.disclosure.rules import Rules

    return _manifest(pool, Rules.shipped())


def _manifest(pool: Pool, rules: Rules | None = None) -> dict[str, Any]:
    """What the table rests on; nothing of the amounts, for a hash of them would tell who guesses them that he is right."""
    import hashlib

    from orepact._version import __version__

    parts = {"pool": pool} | ({} if rules is None else {"rules": rules})
    hashes = {f"{name}_hash": hashlib.sha256(part.model_dump_json().encode()).hexdigest() for name, part in parts.items()}
    return {"code_version": __version__, **hashes}
