"""Dates as sources give them: a day, a month or a year, read as the period they stand for.

A period is two whole numbers ``yyyymmdd``, its first and its last day. What a source said "in 2024" is surely known only
at the end of 2024, so a ledger as of a day admits a claim when the *last* day of its ``as_of`` has come.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Days: TypeAlias = npt.NDArray[np.int64]

EMPTY, BAD = 0, -1
_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def today() -> int:
    """Today, by the clock of this machine, as ``yyyymmdd``."""
    now = datetime.now().astimezone()
    return now.year * 10_000 + now.month * 100 + now.day


def period(text: str) -> tuple[int, int] | None:
    """First and last day of ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; None for anything else.

    >>> period("2024-02"), period("2024-06-30"), period("2023-02-29")
    ((20240201, 20240229), (20240630, 20240630), None)
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if year < 1000 or (found[2] and not 1 <= month <= 12):
        return None
    last = monthrange(year, month or 12)[1]
    if found[3] and not 1 <= day <= last:
        return None
    first = year * 10_000 + (month or 1) * 100 + (day or 1)
    return first, year * 10_000 + (month or 12) * 100 + (day or last)


def last_day(text: str, column: str = "as_of") -> int:
    """Last day of a period as ``yyyymmdd``; raises ``BadInput`` when ``text`` is no date."""
    found = period(text)
    if found is None:
        raise BadInput([Problem(column, "a date as YYYY-MM-DD, YYYY-MM or YYYY", repr(text), "write an ISO date")])
    return found[1]


def periods(texts: pd.Series) -> tuple[Days, Days]:
    """First and last days of a column of dates; 0 (``EMPTY``) for an empty cell, -1 (``BAD``) for no date."""
    import numpy as np
    import pandas as pd

    codes, unique = pd.factorize(texts)
    read = [(EMPTY, EMPTY) if text == "" else period(str(text)) or (BAD, BAD) for text in unique]
    table = np.array(read, dtype=np.int64).reshape(-1, 2)
    return (table[codes, 0], table[codes, 1]) if len(table) else (np.empty(0, np.int64), np.empty(0, np.int64))
