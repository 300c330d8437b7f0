"""``Unindexed``: a column by which no database is to look for rows.

SQLite, which keeps no statistics here, takes any index that fits a condition, however few rows it takes away.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from orepact.store.tables import TEXT


class Unindexed(FunctionElement[str]):
    """The same value as a column of text; on SQLite no index serves it, PostgreSQL knows by itself.

    >>> from orepact.store.tables import record
    >>> print(Unindexed(record.c.kind) == "body")
    record.kind = :param_1
    """

    inherit_cache = True
    name = "unindexed"
    type = TEXT


@compiles(Unindexed)
def _plain(column: Unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(column.clauses, **options))


@compiles(Unindexed, "sqlite")
def _signed(column: Unindexed, compiler: Any, **options: Any) -> str:
    """A plus before a column takes it from the planner and changes nothing else, not even a text."""
    return f"+{compiler.process(column.clauses, **options)}"
