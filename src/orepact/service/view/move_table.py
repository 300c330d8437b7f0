"""``MoveTable``: moves as arrays of numbers and codes, so that a selection of 200,000 rows takes a few milliseconds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: What an amount can be counted in, and the unit in words.
MEASURES: Mapping[str, str] = {
    "contained": "tonnes of the element contained, a year",
    "mass": "tonnes a year",
    "value": "US dollars a year",
    "gwh": "GWh of cells a year",
}
#: Columns that are kept as codes.
CODED = ("commodity", "way", "from_place", "from_owner", "to_place", "to_owner", "to_stage", "confidence")
WEAK = ("estimated", "unverified")


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of names: ``names`` once each, ``codes`` row by row."""

    names: tuple[str, ...]
    codes: Codes

    @classmethod
    def of(cls, values: pd.Series) -> Coded:
        """The codes of a column of texts."""
        codes, names = pd.factorize(values.astype("str"), sort=True)
        return cls(tuple(map(str, names)), codes.astype(np.int64))

    def where(self, holds: Callable[[str], bool]) -> Mask:
        """Which rows have a name for which something holds."""
        found = np.fromiter((holds(name) for name in self.names), dtype=bool, count=len(self.names))
        return found[self.codes] if len(self.names) else np.zeros(len(self.codes), dtype=bool)

    def among(self, wanted: Sequence[str] | frozenset[str]) -> Mask:
        """Which rows have one of some names."""
        known = set(wanted)
        return self.where(lambda name: name in known)

    def renamed(self, new: Callable[[str], str]) -> Coded:
        """The same rows under other names; rows that get the same name are alike."""
        told = [new(name) for name in self.names]
        names = tuple(sorted(set(told)))
        at = {name: number for number, name in enumerate(names)}
        lookup = np.array([at[name] for name in told], dtype=np.int64)
        return Coded(names, lookup[self.codes] if told else self.codes)


@dataclass(frozen=True, eq=False)
class Good:
    """What one unit of a good is worth, weighs, stores and holds; NaN where nothing is known."""

    stage: str
    unit: str
    usd: float
    mass_t: float
    gwh: float
    contents: Mapping[str, float]


class MoveTable:
    """Moves (``chain.moves.COLUMNS`` and ``state``) with the goods that they are about; nothing in it is changed."""

    def __init__(self, frame: pd.DataFrame, goods: pd.DataFrame, country: Callable[[str], str]) -> None:
        self.size = len(frame)
        self.quantity: NDArray[np.float64] = frame["quantity"].to_numpy(dtype=float)
        self.year: NDArray[np.int64] = frame["year"].to_numpy(dtype=np.int64)
        self.columns = {name: Coded.of(frame[name]) for name in CODED}
        self.goods = {str(row["commodity"]): _good(row) for row in goods.to_dict("records")}
        self.states = dict(zip(self.year.tolist(), frame["state"].astype("str"), strict=True))
        self._country = country

    @property
    def years(self) -> tuple[int, ...]:
        """Years that the moves are of."""
        return tuple(sorted(self.states))

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """Elements that any good holds."""
        return tuple(sorted({element for good in self.goods.values() for element in good.contents}))

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """Stages of the goods."""
        return tuple(dict.fromkeys(good.stage for good in self.goods.values() if good.stage))

    @cached_property
    def weak(self) -> Mask:
        """Rows that rest on an estimate."""
        return self.columns["confidence"].among(WEAK)

    @cached_property
    def _ends(self) -> dict[tuple[str, str, bool], Coded]:
        return {}

    def ends(self, side: str, by: str, *, provinces: bool) -> Coded:
        """The names of one side (``from`` or ``to``) by place or owner; provinces are their country unless they are asked for."""
        key = (side, by, provinces)
        if key not in self._ends:
            column = self.columns[f"{side}_{by}"]
            self._ends[key] = column if provinces else column.renamed(self._country)
        return self._ends[key]

    @cached_property
    def stage_of_good(self) -> Coded:
        """The stage of the good of each row."""
        return self.columns["commodity"].renamed(lambda name: self.goods[name].stage)

    def factor(self, measure: str, element: str) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        """Amount per unit of each row's good, and the goods of which it is not known (they count 0)."""
        names = self.columns["commodity"].names
        values = np.array([_factor(self.goods[name], measure, element) for name in names])
        bare = tuple(name for name, value in zip(names, values, strict=True) if np.isnan(value))
        return np.nan_to_num(values), bare


def _factor(good: Good, measure: str, element: str) -> float:
    if measure == "contained":
        return good.contents.get(element, 0.0)
    return {"mass": good.mass_t, "value": good.usd, "gwh": good.gwh}[measure]


def _good(row: Mapping[Any, Any]) -> Good:
    return Good(
        str(row["stage"]),
        str(row["unit"]),
        float(row["usd_per_unit"]),
        float(row["t_per_unit"]),
        float(row["gwh_per_unit"]),
        json.loads(row["contents"]),
    )
