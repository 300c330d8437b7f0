"""``Result``: what every use case returns, and the envelope it becomes in JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

#: Every ``meta`` has these; further figures stand beside them.
META_KEYS = ("manifest", "units", "sources", "warnings")


@dataclass(frozen=True, eq=False)
class Result:
    """Rows and what to know about them.

    ``data`` holds the rows. ``meta`` holds at least ``manifest`` (what the numbers depend on), ``units`` (column to unit),
    ``sources`` (those really used, with id, title, confidence) and ``warnings`` (texts). ``top`` are values that programs find
    beside ``data`` and ``meta``. ``shown`` are the rows for a person when they are not ``data``; ``text`` is what a person gets
    in place of a table, such as a form to paste.
    """

    data: pd.DataFrame
    meta: Mapping[str, Any]
    top: Mapping[str, Any] = field(default_factory=dict)
    shown: pd.DataFrame | None = None
    text: str = ""

    def __post_init__(self) -> None:
        defaults: dict[str, Any] = {"manifest": {}, "units": {}, "sources": [], "warnings": []}
        object.__setattr__(self, "meta", defaults | dict(self.meta))

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before using the numbers."""
        return list(self.meta["warnings"])

    def envelope(self) -> dict[str, Any]:
        """``{"data": [...], "meta": {...}}`` with plain values: NaN and infinities become None."""
        rows = [dict(zip(map(str, self.data.columns), map(plain, row), strict=True)) for row in self.data.itertuples(index=False)]
        return {**plain(dict(self.top)), "data": rows, "meta": plain(self.meta)}


def plain(value: Any) -> Any:
    """A value as JSON knows it.

    >>> plain({"a": float("nan"), "b": (1, float("inf")), "c": {"d"}})
    {'a': None, 'b': [1, None], 'c': ['d']}
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    return None if type(value).__name__ in {"NaTType", "NAType"} else str(value)
