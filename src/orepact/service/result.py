"""``Result``: what every use case returns, and the envelope it becomes in JSON."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orepact.wording import worded, worded_in

if TYPE_CHECKING:
    import pandas as pd

    from orepact.wording import Face

_PLAIN = frozenset({str, int, bool, type(None)})
#: Every ``meta`` has these; further figures stand beside them.
META_KEYS = ("manifest", "units", "sources", "warnings")
#: Parts of ``meta`` that hold what people and machines wrote, no messages.
NO_WORDS = ("manifest", "units", "sources")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that become a table when somebody asks for one, as making it takes longer than telling them.

    Each of ``rows`` is a mapping with the ``columns`` in their order, or a sequence of their cells. ``plainly``: cells stay what
    they are, so that a cell that is None turns no whole number of its column into a fraction.
    """

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any] | Sequence[Any]]
    plainly: bool = False

    def frame(self) -> pd.DataFrame:
        """As a table."""
        import pandas as pd

        return pd.DataFrame([*self.rows], columns=[*self.columns], dtype=object if self.plainly else None)

    def told(self) -> list[Mapping[str, Any]]:
        """Each as a mapping.

        >>> Rows(("a", "b"), [(1, 2), {"a": 3, "b": 4}]).told()
        [{'a': 1, 'b': 2}, {'a': 3, 'b': 4}]
        """
        return [row if isinstance(row, Mapping) else dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, eq=False)
class Result:
    """Rows and what to know about them.

    ``table`` holds the rows, and ``data`` is the table of them. ``meta`` holds at least ``manifest`` (what the numbers depend
    on), ``units`` (column to unit), ``sources`` (those really used, with id, title, confidence) and ``warnings`` (texts). ``top``
    are values that programs find beside ``data`` and ``meta``. ``shown`` are the rows for a person when they are not ``data``, or
    what makes them of it; ``text`` is what a person gets in place of a table, such as a form to paste.
    """

    table: pd.DataFrame | Rows
    meta: Mapping[str, Any]
    top: Mapping[str, Any] = field(default_factory=dict)
    shown: pd.DataFrame | Callable[[pd.DataFrame], pd.DataFrame] | None = None
    text: str = ""

    def __post_init__(self) -> None:
        defaults: dict[str, Any] = {"manifest": {}, "units": {}, "sources": [], "warnings": []}
        object.__setattr__(self, "meta", defaults | dict(self.meta))

    @cached_property
    def data(self) -> pd.DataFrame:
        """The rows as a table."""
        return self.table.frame() if isinstance(self.table, Rows) else self.table

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before using the numbers."""
        return list(self.meta["warnings"])

    def in_words(self, face: Face) -> Result:
        """The same in the words of a face: what ``meta`` and ``text`` say, and what a run tells of an error."""
        said = {name: value if name in NO_WORDS else worded_in(value, face) for name, value in self.meta.items()}
        run = self.top.get("run")
        wrong = {"run": {**run, "error": worded_in(run["error"], face)}} if isinstance(run, Mapping) and run.get("error") else {}
        return replace(self, meta=said, text=worded(self.text, face), top={**self.top, **wrong})

    def envelope(self) -> dict[str, Any]:
        """``{"data": [...], "meta": {...}}`` with plain values: NaN and infinities become None."""
        found: dict[str, Any] = plain(self.bare())
        return found

    def bare(self) -> dict[str, Any]:
        """The same with values as the use case has them, for who writes them as ``plain`` would."""
        return {**self.top, "data": self.told(), "meta": self.meta}

    def told(self) -> list[Mapping[str, Any]]:
        """Each row as a mapping, as programs are told it."""
        if isinstance(self.table, Rows):
            return self.table.told()
        names = [str(name) for name in self.data.columns]
        return [dict(zip(names, row, strict=True)) for row in self.data.itertuples(index=False, name=None)]

    def for_people(self) -> pd.DataFrame:
        """The rows for a person."""
        if self.shown is None:
            return self.data
        return self.shown(self.data) if callable(self.shown) else self.shown


def plain(value: Any) -> Any:
    """A value as JSON knows it.

    >>> import numpy as np
    >>> plain({"a": float("nan"), "b": (1, float("inf")), "c": {"d"}, "e": np.array([]), "f": np.array([1.0, np.nan])})
    {'a': None, 'b': [1, None], 'c': ['d'], 'e': [], 'f': [1.0, None]}
    """
    if type(value) in _PLAIN:  # nearly all of a large answer: what follows takes ten times as long
        return value
    if getattr(value, "ndim", 0):  # many numbers, or none
        value = value.tolist()
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
