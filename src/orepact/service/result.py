"""``Result``: what every use case returns, and the envelope it becomes in JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_PLAIN = frozenset({str, int, bool, type(None)})
#: Every ``meta`` has these; further figures stand beside them.
META_KEYS = ("manifest", "units", "sources", "warnings")


@dataclass(frozen=True, eq=False)
class Result:
    """Rows and what to know about them.

    ``data`` holds the rows. ``meta`` holds at least ``manifest`` (what the numbers depend on), ``units`` (column to unit),
    ``sources`` (those really used, with id, title, confidence) and ``warnings`` (texts). ``top`` are values that programs find
    beside ``data`` and ``meta``. ``shown`` are the rows for a person when they are not ``data``, or what makes them; ``text`` is
    what a person gets in place of a table, such as a form to paste. ``rows``: those of ``data`` as they were before they became a
    table, where programs are to be told them quickly.
    """

    data: pd.DataFrame
    meta: Mapping[str, Any]
    top: Mapping[str, Any] = field(default_factory=dict)
    shown: pd.DataFrame | Callable[[], pd.DataFrame] | None = None
    text: str = ""
    rows: Sequence[Mapping[str, Any]] | None = None

    def __post_init__(self) -> None:
        defaults: dict[str, Any] = {"manifest": {}, "units": {}, "sources": [], "warnings": []}
        object.__setattr__(self, "meta", defaults | dict(self.meta))

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before using the numbers."""
        return list(self.meta["warnings"])

    def envelope(self) -> dict[str, Any]:
        """``{"data": [...], "meta": {...}}`` with plain values: NaN and infinities become None."""
        found: dict[str, Any] = plain(self.bare())
        return found

    def bare(self) -> dict[str, Any]:
        """The same with values as the use case has them, for who writes them as ``plain`` would."""
        return {**self.top, "data": self._rows(), "meta": self.meta}

    def _rows(self) -> list[Mapping[str, Any]]:
        if self.rows is not None:
            return [*self.rows]
        names = [str(name) for name in self.data.columns]
        return [dict(zip(names, row, strict=True)) for row in self.data.itertuples(index=False, name=None)]

    def for_people(self) -> pd.DataFrame:
        """The rows for a person."""
        if self.shown is None:
            return self.data
        return self.shown() if callable(self.shown) else self.shown


def plain(value: Any) -> Any:
    """A value as JSON knows it.

    >>> plain({"a": float("nan"), "b": (1, float("inf")), "c": {"d"}})
    {'a': None, 'b': [1, None], 'c': ['d']}
    """
    if type(value) in _PLAIN:  # nearly all of a large answer: what follows takes ten times as long
        return value
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
