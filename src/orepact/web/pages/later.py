"""``Later``: rows that are made when somebody asks for them: a page names tables that only a download holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, overload

Row = Mapping[str, Any]


class Later(Sequence[Row]):
    """Rows that ``make`` gives, once.

    >>> rows = Later(lambda: [{"a": 1}])
    >>> len(rows), rows[0]
    (1, {'a': 1})
    """

    def __init__(self, make: Callable[[], Sequence[Row]]) -> None:
        self._make = make

    @cached_property
    def _rows(self) -> Sequence[Row]:
        return self._make()

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)
