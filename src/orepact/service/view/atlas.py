"""The atlas: one selection of flows as rows of a map, of a Sankey, of a time chart and of a table.

All four come from the same mask over the same table, so that they always tell of the same thing; amounts are added up by
numpy over category codes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.errors import NotFound
from orepact.service.result import Result
from orepact.service.view.kept_results import kept, stale
from orepact.service.view.move_table import MEASURES, Coded, MoveTable
from orepact.service.view.selection import ALL, Selection, members, select

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.facts import Codes, Ledger

ROWS = ("table", "map", "sankey", "time")
REST = "Rest"
STOCK = "stock"
#: Rows of the table that a page shows at once.
PAGE = 30
#: Amounts below this are none.
DUST = 1e-9
SHARE_UNIT = "1"


@cache
def kept_moves() -> MoveTable:
    """The kept flows of the balanced years and the reference plan, as arrays; read once."""
    from orepact.facts import Codes

    codes = Codes.shipped()
    return MoveTable(kept("moves").frame, kept("goods").frame, _country_in(codes))


def _country_in(codes: Codes) -> Callable[[str], str]:
    return lambda name: codes.country(name) if name in codes.places or name in codes.groups else name


@dataclass(frozen=True, eq=False)
class Atlas:
    """What one selection shows; every table is made when it is first asked for. Amounts are in ``unit``."""

    table: MoveTable
    codes: Codes
    selection: Selection

    @property
    def unit(self) -> str:
        """The unit of every amount, in words."""
        return MEASURES[self.selection.measure]

    @cached_property
    def _amounts(self) -> tuple[NDArray[np.float64], tuple[str, ...]]:
        factor, bare = self.table.factor(self.selection.measure, self.selection.element)
        return self.table.quantity * factor[self.table.columns["commodity"].codes], bare

    @cached_property
    def _fits(self) -> NDArray[np.bool_]:
        """Rows about the goods that are selected, whatever they amount to."""
        asked, goods = self.selection, self.table.goods

        def holds(name: str) -> bool:
            good = goods[name]
            fits = asked.element == ALL or asked.element in good.contents
            return fits and (not asked.commodity or name == asked.commodity) and (not asked.stage or good.stage == asked.stage)

        return self.table.columns["commodity"].where(holds)

    @cached_property
    def _goods(self) -> NDArray[np.bool_]:
        """Those that amount to something."""
        return self._fits & (self._amounts[0] > DUST)

    @cached_property
    def _ends(self) -> NDArray[np.bool_]:
        """Rows whose ends are selected."""
        asked, found = self.selection, np.ones(self.table.size, dtype=bool)
        for side, name in (("from", asked.origin), ("to", asked.destination)):
            if name:
                found &= self._at(side, name)
        if asked.place:
            found &= self._at("from", asked.place) | self._at("to", asked.place)
        return found

    def _at(self, side: str, name: str) -> NDArray[np.bool_]:
        return self.table.columns[f"{side}_{self.selection.by}"].among(members(self.codes, name))

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        """Numbers of the rows that are selected, in the year."""
        return np.flatnonzero(self._goods & self._ends & (self.table.year == self.selection.year))

    @cached_property
    def total(self) -> float:
        """All that is selected in the year."""
        return float(self._amounts[0][self._rows].sum())

    @cached_property
    def estimated_share(self) -> float:
        """Part of it that rests on estimates; 0 where nothing is selected."""
        weak = float(self._amounts[0][self._rows][self.table.weak[self._rows]].sum())
        return weak / self.total if self.total else 0.0

    @property
    def state(self) -> str:
        """Whether the year is ``balanced`` from observations or ``planned``."""
        return self.table.states.get(self.selection.year, "")

    @property
    def without(self) -> tuple[str, ...]:
        """Selected goods of which the measure is not known: they count nothing."""
        column = self.table.columns["commodity"]
        about = self._fits & self._ends & (self.table.year == self.selection.year)
        used = {column.names[code] for code in np.unique(column.codes[about])}
        return tuple(name for name in self._amounts[1] if name in used)

    def ends(self, side: str) -> Coded:
        """The names of one side as the selection names them."""
        asked = self.selection
        single = asked.provinces or any(name.startswith("CA-") for name in (asked.origin, asked.destination, asked.place))
        return self.table.ends(side, asked.by, provinces=single)

    @cached_property
    def stages(self) -> list[tuple[str, float]]:
        """What leaves each stage in the year, from the first stage on: what is made into another good of the same stage counts
        once, and what comes from stocks is left out.
        """
        stage, into, rows = self.table.stage_of_good, self.table.columns["to_stage"], self._rows
        same = np.array([[name == other for other in into.names] for name in stage.names]).reshape(
            len(stage.names), len(into.names)
        )
        stays = same[stage.codes[rows], into.codes[rows]]
        counted = ~stays & ~self.table.columns["way"].among([STOCK])[rows]
        sums = np.bincount(stage.codes[rows], weights=self._amounts[0][rows] * counted, minlength=len(stage.names))
        order = {name: entry.order for name, entry in self.codes.stages.items()}
        found = [(name, float(amount)) for name, amount in zip(stage.names, sums, strict=True) if amount > 0]
        return sorted(found, key=lambda pair: order.get(pair[0], 99))

    # The four views ------------------------------------------------------------------------------------------------------------

    @cached_property
    def map(self) -> pd.DataFrame:
        """What goes from one place (or owner) to another: ``from, to, amount, share, estimated_share``, the largest first."""
        keys = {"from": self.ends("from"), "to": self.ends("to")}
        found = self._summed(self._rows, keys)
        return found[found["from"] != found["to"]].reset_index(drop=True)

    @cached_property
    def sankey(self) -> pd.DataFrame:
        """Links ``from_stage, from, to_stage, to, amount, share``; all but the ``top`` largest ends are Rest."""
        named = self.largest
        stage = self.table.stage_of_good
        stock = self.table.columns["way"].among([STOCK])
        keys = {"from_stage": _with(stage, stock, STOCK), "from": _folded(self.ends("from"), named)}
        keys |= {"to_stage": self.table.columns["to_stage"], "to": _folded(self.ends("to"), named)}
        found = self._summed(self._rows, keys)
        same = (found["from_stage"] == found["to_stage"]) & (found["from"] == found["to"])
        return found[~same].reset_index(drop=True)

    @cached_property
    def time(self) -> pd.DataFrame:
        """What is selected in every year by where it comes from: ``year, state, from, amount, share``; largest ends and Rest."""
        rows = np.flatnonzero(self._goods & self._ends)
        years = Coded(tuple(map(str, self.table.years)), np.searchsorted(np.array(self.table.years), self.table.year))
        ends = self.ends("from")
        found = self._summed(rows, {"year": years, "from": _folded(ends, self.largest_from)}, share=False)
        found["year"] = found["year"].astype(int)
        whole = found.groupby("year")["amount"].transform("sum")
        found = found.assign(share=found["amount"] / whole, state=found["year"].map(self.table.states))
        order = {name: at for at, name in enumerate([*self.largest_from, REST])}
        found = found.assign(order=found["from"].map(order)).sort_values(["year", "order"], ignore_index=True)
        return found[["year", "state", "from", "amount", "share", "estimated_share"]]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every flow: ``commodity, stage, from, to, to_stage, amount, share, estimated_share``, the largest first."""
        keys = {"commodity": self.table.columns["commodity"], "stage": self.table.stage_of_good, "from": self.ends("from")}
        keys |= {"to": self.ends("to"), "to_stage": self.table.columns["to_stage"]}
        return self._summed(self._rows, keys)

    @cached_property
    def largest(self) -> tuple[str, ...]:
        """The ends with the most, sent and received, that have their own name."""
        return self._largest(("from", "to"), self._rows)

    @cached_property
    def largest_from(self) -> tuple[str, ...]:
        """The ends that send most over all years."""
        return self._largest(("from",), np.flatnonzero(self._goods & self._ends))

    def _largest(self, sides: Sequence[str], rows: NDArray[np.int64]) -> tuple[str, ...]:
        sums: dict[str, float] = {}
        for side in sides:
            ends = self.ends(side)
            each = np.bincount(ends.codes[rows], weights=self._amounts[0][rows], minlength=len(ends.names))
            for name, amount in zip(ends.names, each.tolist(), strict=True):
                sums[name] = sums.get(name, 0.0) + amount
        ordered = sorted((name for name, amount in sums.items() if amount > 0), key=lambda name: (-sums[name], name))
        return tuple(name for name in ordered if name not in (STOCK, "unknown"))[: self.selection.top]

    def _summed(self, rows: NDArray[np.int64], keys: Mapping[str, Coded], *, share: bool = True) -> pd.DataFrame:
        """Amounts of some rows by several columns, the largest first; a column is named as in ``keys``."""
        amounts, weak = self._amounts[0][rows], self.table.weak[rows]
        combined = np.zeros(len(rows), dtype=np.int64)
        for coded in keys.values():
            combined = combined * max(len(coded.names), 1) + coded.codes[rows]
        groups, at = np.unique(combined, return_inverse=True)
        sums = np.bincount(at, weights=amounts, minlength=len(groups)).astype(float)
        estimated = np.bincount(at, weights=amounts * weak, minlength=len(groups)).astype(float)
        columns: dict[str, Any] = {}
        rest = groups
        for name, coded in reversed([*keys.items()]):
            size = max(len(coded.names), 1)
            columns[name] = np.array(coded.names, dtype=object)[rest % size] if len(coded.names) else []
            rest = rest // size
        ordered = {name: columns[name] for name in keys}
        found = pd.DataFrame({**ordered, "amount": sums})
        if share:
            found["share"] = sums / self.total if self.total else 0.0
        found["estimated_share"] = np.divide(estimated, sums, out=np.zeros_like(sums), where=sums > 0)
        return found.sort_values(["amount", *keys], ascending=[False, *[True] * len(keys)], ignore_index=True, kind="stable")


def _folded(ends: Coded, named: Sequence[str]) -> Coded:
    kept_names = {*named, STOCK, "unknown"}
    return ends.renamed(lambda name: name if name in kept_names else REST)


def _with(coded: Coded, mask: NDArray[np.bool_], name: str) -> Coded:
    """The column with another name where a mask holds."""
    names = (*coded.names, name)
    return Coded(names, np.where(mask, len(coded.names), coded.codes))


def atlas(ledger: Ledger, table: MoveTable | None = None, **asked: Any) -> Atlas:
    """The atlas of a selection given as texts (see ``Selection``), over the kept flows or a table of one's own.

    Raises ``BadInput`` with every problem of the selection.
    """
    chosen = kept_moves() if table is None else table
    return Atlas(chosen, ledger.codes, select(chosen, ledger.codes, asked))


def view_atlas(ledger: Ledger, rows: str = "table", **asked: Any) -> Result:
    """One of ``ROWS`` of the atlas of a selection, for the command line and programs.

    ``total`` stands beside the rows. Raises ``NotFound`` for other rows and ``BadInput`` with every problem of the selection.
    """
    if rows not in ROWS:
        raise NotFound("rows of the atlas", rows, ROWS)
    found = atlas(ledger, **asked)
    data = found.rows if rows == "table" else getattr(found, rows)
    if found.selection.show == "share":
        data = data.drop(columns="amount")
    manifest = kept("moves").manifest
    meta = {
        "title": title_of(found),
        "selection": {**found.selection.asked, "year": found.selection.year},
        "total": found.total,
        "estimated_share": found.estimated_share,
        "state": found.state,
        "units": {"amount": found.unit, "share": SHARE_UNIT, "estimated_share": SHARE_UNIT},
        "manifest": {
            name: manifest[name] for name in ("name", "data_edition", "scenario", "scenario_hash", "settings_hash", "sha256")
        },
        "sources": manifest["sources"],
        "warnings": [*map(str, stale(ledger, ["moves", "goods"])), *said_of(found), *manifest["warnings"]],
    }
    return Result(data, meta, {"total": found.total})


def title_of(found: Atlas) -> str:
    """The selection in words, in English."""
    asked = found.selection
    what = asked.commodity or (f"{asked.element} at stage {asked.stage}" if asked.stage else asked.element)
    ends = [f"{word} {name}" for word, name in (("from", asked.origin), ("to", asked.destination), ("at", asked.place)) if name]
    return " ".join([what.replace("_", " "), *ends, f"in {asked.year}, by {asked.by}: {found.unit}"])


def said_of(found: Atlas) -> list[str]:
    """What a reader of any of the four must know."""
    said = []
    if found.without:
        said.append(f"no {found.selection.measure} is known of {', '.join(found.without)}: they count nothing")
    if found.estimated_share >= 0.01:
        said.append(f"{found.estimated_share:.0%} of what is selected rests on estimated flows")
    return said
