"""Traced origin: not who sold it, but where it came from.

With proportional mixing the shares of origin of all pools solve one sparse system ``(I - M) O = D``: ``M[n, m]`` is the part
of pool n that came from pool m, ``D[n, o]`` the part that entered pool n straight from origin o. Each row of ``[M D]`` sums to
1, and so does each row of ``O``. Cycles (scrap, re-export) are part of ``M``. One basket of pools needs one transposed solve,
which gives the quantity from every single entry; the label (place, owner, company) is only a way to add these up.

Source: proportional mixing is the common assumption of material flow and of multi-regional input-output accounting
(Miller and Blair, Input-Output Analysis, chapter 3; the Leontief inverse read by rows).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.errors import BadInput, NotFound, Problem
from orepact.measure.tracing.certainty import CLASSES, UNSAID, Certainty
from orepact.measure.tracing.company_names import company_names
from orepact.measure.tracing.first_visit import first_visit
from orepact.measure.tracing.mixing import ENTRY, UNKNOWN, Mixing
from orepact.measure.tracing.propagation import Propagation, unfed
from orepact.measure.tracing.transfers import Transfers
from orepact.measure.tracing.value import VALUE, mixing_of_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain import Flows

#: What origins can be named by.
LABELS = ("place", "owner", "company")
BASES = ("supply", "production")
VISITS = ("last", "first")
#: A row is as well known as the worst class of evidence that carries at least this part of it.
CARRIES = 0.10
#: Unknown parts below this are rounding, and no note.
LEAST_SAID = 1e-4
COLUMNS = ("origin", "share", "quantity", "unit", "confidence", "source_confidence", "estimated_share")


@dataclass(frozen=True, eq=False)
class Origin:
    """Where the content of some pools came from.

    ``rows``: ``origin, share, quantity, unit, confidence, source_confidence, estimated_share``, largest first and ``unknown``
    always last; shares sum to 1. ``confidence``: the worst class of evidence that carries at least a tenth of the row's
    quantity, where a path is as well known as its worst step; ``source_confidence``: the same of the first step alone, where
    the path begins. ``estimated_share``: part of the quantity whose path has a step that is estimated or unverified.
    ``total`` is the traced quantity.
    """

    rows: pd.DataFrame
    total: float
    estimated_share: float
    unit: str
    by: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class OriginTable:
    """Origin of every pool: ``shares`` (nodes x origins, sparse; rows sum to 1, or 0 where a pool holds nothing)."""

    nodes: pd.MultiIndex
    origins: tuple[str, ...]
    shares: sparse.csr_array
    held: NDArray[np.float64]
    unit: str

    def rows(self) -> pd.DataFrame:
        """The shares as rows ``commodity, place, origin, share, quantity``."""
        entries = sparse.coo_array(self.shares)
        node, origin = entries.coords
        table = self.nodes[node].to_frame(index=False)
        return table.assign(
            origin=np.asarray(self.origins, dtype=object)[origin], share=entries.data, quantity=entries.data * self.held[node]
        )


@dataclass(frozen=True, eq=False)
class Tracing:
    """One tracked thing in one year: the mixing of every pool, factorised once for all baskets and all labels."""

    mixing: Mixing
    closed: NDArray[np.int64]

    @classmethod
    def of(cls, flows: Flows, year: int, element: str, *, stage: str = ENTRY, visit: str = "last") -> Tracing:
        """Tonnes of an element (or dollars, when ``element`` is ``value``) in one year; see ``of_transfers``."""
        transfers = Transfers.of(flows, year)
        return cls.of_transfers(transfers, Certainty.of(flows, transfers), element, stage=stage, visit=visit)

    @classmethod
    def of_transfers(
        cls, transfers: Transfers, certainty: Certainty, element: str, *, stage: str = ENTRY, visit: str = "last"
    ) -> Tracing:
        """As ``of``, for many elements of one year.

        Traced to where it entered the chain (``mine``), else to the ``last`` or the ``first`` site of ``stage`` on its way.
        Raises ``NotFound`` for an unknown element, stage or visit.
        """
        _demand_known("visit", visit, VISITS)
        last = ENTRY if visit == "first" else stage
        if element == VALUE:
            mixing = mixing_of_value(transfers, certainty, last)
        else:
            mixing = Mixing.of_element(transfers, element, certainty, last)
        return cls.of_mixing(first_visit(mixing, stage) if visit == "first" and stage != ENTRY else mixing)

    @classmethod
    def of_mixing(cls, mixing: Mixing) -> Tracing:
        """Pools that no entry leads to are rings without a source: their content is of unknown origin, and they are named."""
        mixing, closed = _opened(mixing)
        return cls(mixing, closed)

    @cached_property
    def system(self) -> Propagation:
        """(I - M), factorised."""
        return self._propagation(CLASSES.index("unverified"))

    @cached_property
    def _levels(self) -> dict[int, Propagation]:
        """The system by worst grade admitted; the last is the whole."""
        grades = np.unique(np.concatenate([self.mixing.edges["grade"], self.mixing.entries["grade"]]))
        return {int(g): self.system if g == grades[-1] else self._propagation(int(g)) for g in grades}

    def _propagation(self, grade: int) -> Propagation:
        """The system of the edges of a grade or better."""
        edges, held = self.mixing.edges, self.mixing.held
        kept = edges[edges["grade"].to_numpy() <= grade]
        target, source = kept["target"].to_numpy(), kept["source"].to_numpy()
        part = kept["amount"].to_numpy() / held[target]
        matrix = sparse.coo_array((part, (target, source)), shape=(len(held), len(held))).tocsc()
        codes = np.asarray(self.mixing.transfers.nodes.codes[0], dtype=np.int64)
        return Propagation(matrix, codes[self.mixing.node(np.arange(len(held)))])

    # One basket of pools ------------------------------------------------------------------------

    def entries_of(self, nodes: Iterable[int], basis: str = "supply", grade: int | None = None) -> NDArray[np.float64]:
        """Quantity in the basket from each row of ``mixing.entries``, over paths whose steps are all of ``grade`` or better."""
        entries = self.mixing.entries
        admitted = entries["grade"].to_numpy() <= max(self._levels, default=0) if grade is None else entries["grade"] <= grade
        basket = self._basket(nodes)
        direct = basket[entries["target"]] & ((entries["kind"] == "made").to_numpy() | (basis == "supply"))
        part = self.fraction(nodes, basis, grade)[entries["target"]] + direct
        return np.where(admitted, entries["amount"].to_numpy() * part, 0.0)

    def fraction(self, nodes: Iterable[int], basis: str = "supply", grade: int | None = None) -> NDArray[np.float64]:
        """For each pool, the part of what it holds that goes on and ends up in the basket from outside of it."""
        admitted = max(self._levels, default=0) if grade is None else grade
        if not self._levels:
            return np.zeros(len(self.mixing.held))
        drawn = np.bincount(
            self.mixing.edges["source"], self.direct_edges(nodes, basis, admitted), minlength=len(self.mixing.held)
        ).astype(float)
        held = self.mixing.held
        passing = self._levels[admitted].solve_transposed(drawn)
        fraction: NDArray[np.float64] = np.divide(passing, held, out=np.zeros(len(held)), where=held > 0)
        return fraction

    def direct_edges(self, nodes: Iterable[int], basis: str = "supply", grade: int | None = None) -> NDArray[np.float64]:
        """What comes into the basket from outside of it on each row of ``mixing.edges``."""
        _demand_known("basis", basis, BASES)
        edges, basket = self.mixing.edges, self._basket(nodes)
        into = basket[edges["target"]] & ~basket[edges["source"]]
        if grade is not None:
            into &= edges["grade"].to_numpy() <= grade
        if basis == "production":
            into &= (edges["kind"] == "made").to_numpy()
        return np.where(into, edges["amount"].to_numpy(), 0.0)

    def _basket(self, nodes: Iterable[int]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.mixing.held), dtype=bool)
        mask[self.mixing.pools(np.asarray(list(nodes), dtype=np.int64))] = True
        return mask

    def origin(self, nodes: Iterable[int], *, by: str = "place", basis: str = "supply") -> Origin:
        """Where the content of these pools together came from.

        Movements and uses inside the group do not count twice: it is what entered the group. ``basis`` supply counts all that
        was made in the pools or arrived, production only what was made there. Raises ``NotFound`` for an unknown ``by`` or
        ``basis`` and ``BadInput`` when the pools hold nothing of the tracked thing.
        """
        chosen = sorted(set(nodes))
        labels = self.labels(by)
        levels = {grade: self.entries_of(chosen, basis, grade) for grade in self._levels}
        amount = next(reversed(levels.values()), np.zeros(0))
        if not amount.sum() > 0:
            words = "; ".join(self.mixing.transfers.named(np.asarray(chosen[:3], dtype=np.int64))) or "no pool"
            raise BadInput([Problem("commodity", "a pool that holds the tracked thing", words, "ask for another one or year")])
        grades = self.mixing.entries["grade"].to_numpy()
        begun = {grade: np.where(grades <= grade, amount, 0.0) for grade in levels}
        sums, begins = (_by_label(labels, parts) for parts in (levels, begun))
        return Origin(_origin_rows(sums, begins, self.mixing.unit), *_whole(sums), self.mixing.unit, by, self.notes(amount))

    def labels(self, by: str) -> NDArray[np.object_]:
        """The origin of each entry, in words."""
        _demand_known("kind of origin", by, LABELS)
        entries, sites = self.mixing.entries, self.mixing.transfers.network.sites
        if by == "company":
            names = company_names(sites["owner"])
        else:
            names = sites["place" if by == "place" else "owner_country"].to_numpy(dtype=object)
        named = np.append(names, UNKNOWN)[entries["site"].to_numpy(dtype=np.int64)]
        word = entries["word"].to_numpy(dtype=object)
        return np.where(word != "", word, np.where(named == "", UNKNOWN, named))

    def notes(self, amount: NDArray[np.float64]) -> tuple[str, ...]:
        """What a reader must know about the entries of one basket."""
        out = [*self.mixing.notes]
        if len(self.closed):
            named = "; ".join(self.mixing.transfers.named(self.mixing.node(self.closed))[:5])
            out.append(f"{len(self.closed)} pools form rings that nothing enters, their origin is unknown: {named}")
        missing = amount[(self.mixing.entries["word"] == UNKNOWN).to_numpy()].sum() / amount.sum()
        if missing >= LEAST_SAID:
            out.append(f"{missing:.2%} is of unknown origin: {self.mixing.why_unknown}")
        return tuple(out)

    # All pools ------------------------------------------------------------------------------------

    def everywhere(self, *, by: str = "place") -> OriginTable:
        """Origin of every pool at once (basis supply)."""
        entries, held = self.mixing.entries, self.mixing.held
        origins, label = np.unique(self.labels(by).astype(str), return_inverse=True)
        target = entries["target"].to_numpy()
        part = entries["amount"].to_numpy() / held[target]
        direct = sparse.coo_array((part, (target, label)), shape=(len(held), len(origins))).tocsc()
        shares, held = self._folded(sparse.csr_array(self.system.solve_sparse(direct)))
        return OriginTable(self.mixing.transfers.nodes, tuple(map(str, origins)), shares, held, self.mixing.unit)

    def _folded(self, shares: sparse.csr_array) -> tuple[sparse.csr_array, NDArray[np.float64]]:
        """Shares and content of nodes from those of their pools."""
        held, size = self.mixing.held, len(self.mixing.transfers.nodes)
        if self.mixing.copies == 1:
            return shares, held
        sums = held.reshape(self.mixing.copies, size).sum(axis=0)
        at = self.mixing.node(np.arange(len(held)))
        part = np.divide(held, sums[at], out=np.zeros(len(held)), where=held > 0)
        fold = sparse.csr_array((part, (at, np.arange(len(held)))), shape=(size, len(held)))
        return sparse.csr_array(fold @ shares), sums


def trace(
    flows: Flows,
    element: str,
    year: int,
    nodes: Iterable[int],
    *,
    by: str = "place",
    stage: str = ENTRY,
    visit: str = "last",
    basis: str = "supply",
) -> Origin:
    """Where the element (or the ``value``) in some pools (positions in ``network.nodes``) came from; see ``Tracing.origin``."""
    return Tracing.of(flows, year, element, stage=stage, visit=visit).origin(nodes, by=by, basis=basis)


def trace_all(
    flows: Flows, element: str, year: int, *, by: str = "place", stage: str = ENTRY, visit: str = "last"
) -> OriginTable:
    """Where the element (or the ``value``) in every pool came from."""
    return Tracing.of(flows, year, element, stage=stage, visit=visit).everywhere(by=by)


def _by_label(labels: NDArray[np.object_], parts: dict[int, NDArray[np.float64]]) -> pd.DataFrame:
    """Quantity by origin (rows, ``unknown`` always among them) over paths of each grade or better (columns, rising)."""
    sums = pd.DataFrame({grade: pd.Series(values).groupby(labels).sum() for grade, values in parts.items()})
    return sums.reindex(sums.index.union([UNKNOWN]), fill_value=0.0)


def _origin_rows(sums: pd.DataFrame, begins: pd.DataFrame, unit: str) -> pd.DataFrame:
    quantity = sums.to_numpy()[:, -1]
    rows = pd.DataFrame(
        {
            "origin": sums.index.astype("str"),
            "share": quantity / quantity.sum(),
            "quantity": quantity,
            "unit": unit,
            "confidence": _class_of(sums),
            "source_confidence": _class_of(begins),
            "estimated_share": _part_above(_firm(sums), quantity),
            "last": sums.index == UNKNOWN,
        }
    )
    rows = rows[(rows["quantity"] > 0) | rows["last"]]
    rows = rows.sort_values(["last", "quantity", "origin"], ascending=[True, False, True])
    return rows[list(COLUMNS)].reset_index(drop=True)


def _class_of(sums: pd.DataFrame) -> NDArray[np.object_]:
    """The worst class of evidence that carries at least ``CARRIES`` of each row; of an empty row, the worst of all."""
    known, grades = sums.to_numpy(), np.asarray(sums.columns, dtype=np.int64)
    enough = (known > 0) & (known >= (1.0 - CARRIES) * known[:, -1:])
    at = np.where(enough.any(axis=1), grades[enough.argmax(axis=1)], grades[-1])
    return np.asarray([CLASSES[grade] for grade in at], dtype=object)


def _firm(sums: pd.DataFrame) -> NDArray[np.float64]:
    """Quantity by origin over paths without an estimated or worse step."""
    return np.asarray(sums.to_numpy()[:, np.asarray(sums.columns, dtype=np.int64) < UNSAID][:, -1:].sum(axis=1))


def _whole(sums: pd.DataFrame) -> tuple[float, float]:
    """The traced quantity and the part of it that passed an estimated step."""
    total = float(sums.to_numpy()[:, -1].sum())
    return total, float(_part_above(_firm(sums).sum(), np.asarray(total)))


def _part_above(firm: Any, quantity: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of a quantity that is not ``firm``, between 0 and 1; 0 of nothing."""
    part: NDArray[np.float64] = np.divide(quantity - firm, quantity, out=np.zeros_like(quantity), where=quantity > 0)
    return part.clip(0.0, 1.0)


def _opened(mixing: Mixing) -> tuple[Mixing, NDArray[np.int64]]:
    """The mixing in which pools that no entry leads to hold unknown matter, and these pools."""
    edges, entries, size = mixing.edges, mixing.entries, len(mixing.held)
    start = np.zeros(size, dtype=bool)
    start[entries["target"]] = True
    closed = np.flatnonzero(unfed(size, edges["target"], edges["source"], edges["amount"], start) & (mixing.held > 0))
    if not len(closed):
        return mixing, closed
    found = {"target": closed, "amount": mixing.held[closed], "kind": "drawn", "site": -1, "word": UNKNOWN, "grade": UNSAID}
    kept = edges[~np.isin(edges["target"], closed)]
    return replace(mixing, edges=kept, entries=pd.concat([entries, pd.DataFrame(found)], ignore_index=True)), closed


def _demand_known(kind: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise NotFound(kind, name, known)
