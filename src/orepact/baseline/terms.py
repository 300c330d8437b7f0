"""Observations as linear functions of the unknowns: one sparse row ``a`` each, with what was seen and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from orepact.chain import incidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.unknowns import Unknowns

#: Columns of ``Observed.table``; ``row`` is the first row of the observation in its table (-1: demand of the network).
COLUMNS = ("observation", "row", "kind", "quantity", "standard_deviation", "counts", "source", "confidence", "note", "unit")
Terms = tuple[np.ndarray, np.ndarray]
_NOTHING: Terms = (np.zeros(0, dtype=np.int64), np.zeros(0))


@dataclass(frozen=True, eq=False)
class Observed:
    """What was observed in a year: ``matrix @ v`` should be ``quantity``, one row for each line of ``table``.

    ``empty`` are terms that no unknown stands for: (row of the table of observations, what was not found).
    """

    matrix: sparse.csr_array
    table: pd.DataFrame
    empty: tuple[tuple[int, str], ...] = ()

    @property
    def quantity(self) -> NDArray[np.float64]:
        """What was seen, in the unit of each observation."""
        return self.table["quantity"].to_numpy(dtype=float)

    @property
    def spread(self) -> NDArray[np.float64]:
        """Standard deviation of each observation."""
        return self.table["standard_deviation"].to_numpy(dtype=float)

    @property
    def fitted(self) -> NDArray[np.bool_]:
        """Observations that move the result: those that count and that some unknown stands for."""
        return np.asarray(self.table["counts"].to_numpy(dtype=bool) & (np.diff(self.matrix.indptr) > 0))

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Observations that must be met to the digit."""
        return np.asarray(self.fitted & (self.spread == 0))

    @property
    def direct(self) -> NDArray[np.bool_]:
        """Observations that see one unknown alone."""
        return np.asarray(self.fitted & (np.diff(self.matrix.indptr) == 1))

    def only(self, rows: NDArray[np.bool_]) -> Observed:
        """These observations alone."""
        return Observed(sparse.csr_array(self.matrix[rows]), self.table[rows].reset_index(drop=True), self.empty)

    def within(self, block: slice) -> tuple[Observed, sparse.csr_array]:
        """The fitted observations that add up unknowns of one block alone, all with weights above 0, and their part there."""
        part = sparse.csr_array(self.matrix[:, block])
        size = np.diff(self.matrix.indptr)
        alone = (size > 0) & (np.diff(part.indptr) == size) & self.fitted
        alone[np.repeat(np.arange(len(size)), size)[self.matrix.data <= 0]] = False
        return self.only(alone), sparse.csr_array(part[alone])


def observed(unknowns: Unknowns, *, demand_share: float) -> Observed:
    """All observations of the year, then the demand of the network with ``demand_share`` of it as standard deviation.

    Demand that an observation speaks of is left to the observation.
    """
    network = unknowns.network
    rows = network.observations[network.observations["year"] == unknowns.year]
    finder = _Finder(unknowns)
    numbers = pd.factorize(rows["observation"])[0]
    entries: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]] = []
    empty = []
    factor = rows["factor"].fillna(1.0).to_numpy()
    for at, (number, row) in enumerate(zip(numbers, rows.itertuples(), strict=True)):
        columns, weights = finder.terms(row)
        if not len(columns):
            empty.append((int(str(row.Index)), finder.lacking(row)))
        entries.append((np.full(len(columns), number), columns, weights * factor[at]))
    table = _table(unknowns, rows)
    demand, demand_entries = _network_demand(unknowns, rows, demand_share, len(table))
    joined = pd.concat([table, demand], ignore_index=True) if len(demand) else table
    lines, columns, data = _stacked([*entries, *demand_entries])
    matrix = sparse.coo_array((data, (lines, columns)), shape=(len(joined), len(unknowns))).tocsr()
    matrix.sum_duplicates()
    return Observed(sparse.csr_array(matrix), joined, tuple(empty))


def _stacked(entries: list[tuple[Any, Any, Any]]) -> tuple[Any, Any, Any]:
    if not entries:
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0)
    lines, columns, data = (np.concatenate(part) for part in zip(*entries, strict=True))
    return lines, columns, data


def _table(unknowns: Unknowns, rows: pd.DataFrame) -> pd.DataFrame:
    """One line for each observation, from its first row."""
    first = rows[~rows["observation"].duplicated()]
    unit = first["commodity"].map(unknowns.network.commodities["unit"]).astype("str").fillna("")
    activity = (first["kind"] == "activity").to_numpy()
    made = _made(unknowns, first)
    scaled = first["factor"].fillna(1.0) != 1.0
    data = {
        "observation": first["observation"].array,
        "row": first.index.to_numpy(),
        "kind": first["kind"].array,
        "quantity": first["quantity"].to_numpy(),
        "standard_deviation": first["standard_deviation"].to_numpy(),
        "counts": (first["counts"] != "no").to_numpy(),
        "source": first["source"].array,
        "confidence": first["confidence"].array,
        "note": first["note"].array,
        "unit": np.where(scaled, "", np.where(activity, made.map(unknowns.network.commodities["unit"]).fillna(""), unit)),
    }
    return pd.DataFrame(data, columns=list(COLUMNS))


def _made(unknowns: Unknowns, rows: pd.DataFrame) -> pd.Series:
    """Main output of the site or process of each row; "" where it has none."""
    process = rows["site"].map(unknowns.network.sites["process"]).astype("str").fillna("")
    process = process.where(rows["site"] != "", rows["process"])
    return process.map(unknowns.network.main_output).astype("str").fillna("")


def _network_demand(
    unknowns: Unknowns, rows: pd.DataFrame, share: float, start: int
) -> tuple[pd.DataFrame, list[tuple[Any, Any, Any]]]:
    network, at = unknowns.network, unknowns.demand_nodes
    quantity = network_demand(unknowns)
    seen = rows[(rows["kind"] == "demand") & (rows["counts"] != "no")]
    told = {(row.commodity, place) for row in seen.itertuples() for place in network.groups.get(str(row.place), ())}
    nodes = network.nodes[at]
    own = np.fromiter((node not in told for node in nodes), dtype=bool, count=len(at))
    chosen = np.flatnonzero(own & (quantity > 0))
    names = nodes[chosen]
    data = {
        "observation": [f"demand:{commodity}@{place}" for commodity, place in names],
        "row": -1,
        "kind": "demand",
        "quantity": quantity[chosen],
        "standard_deviation": share * quantity[chosen],
        "counts": True,
        "source": "",
        "confidence": "",
        "note": "demand of the network",
        "unit": pd.Series(names.get_level_values(0), dtype="str").map(network.commodities["unit"]).array,
    }
    columns = unknowns.blocks["demand"].start + chosen
    return pd.DataFrame(data, columns=list(COLUMNS)), [(start + np.arange(len(chosen)), columns, np.ones(len(chosen)))]


def network_demand(unknowns: Unknowns) -> NDArray[np.float64]:
    """Demand of the network at each demand node, 0 where only observations speak of it."""
    network = unknowns.network
    rows = network.demand[network.demand["year"] == unknowns.year]
    at = network.positions(rows["commodity"], rows["place"])
    keep = at >= 0
    total = np.bincount(at[keep], rows["quantity"].to_numpy()[keep], minlength=len(network.nodes))
    return np.asarray(total[unknowns.demand_nodes])


class _Finder:
    """Finds the unknowns that a term adds up."""

    def __init__(self, unknowns: Unknowns) -> None:
        network = unknowns.network
        self.unknowns = unknowns
        lines = incidence.recipe_lines(network)
        lines = lines[lines["amount"] > 0]
        lines = lines.assign(at=incidence.codes(network.places.index, lines["place"]))
        self.output = {
            str(name): (rows["site"].to_numpy(), rows["amount"].to_numpy(), rows["at"].to_numpy(), rows["process"].to_numpy())
            for name, rows in lines.groupby("commodity")
        }
        self.site_place = incidence.codes(network.places.index, network.sites["place"])
        self.sites = pd.Series(np.arange(len(network.sites)), index=network.sites.index)
        self.arriving = 1.0 - network.values("routes", "loss")
        start, end = (incidence.codes(network.places.index, network.routes[side]) for side in ("origin", "destination"))
        numbers = network.routes.groupby("commodity").indices
        self.routes = {str(name): (at, start[at], end[at]) for name, at in numbers.items()}
        nodes = network.nodes
        self.demand = {nodes[at]: column for column, at in enumerate(unknowns.demand_nodes)}
        self.surplus = {nodes[at]: column for column, at in enumerate(unknowns.surplus_nodes)}
        self.stock = dict(zip(nodes, range(len(nodes)), strict=True)) if unknowns.stocks else {}
        self.masks: dict[str, NDArray[np.bool_]] = {}

    def within(self, name: str) -> NDArray[np.bool_]:
        """Mask over the places of the network: those that a place or group stands for."""
        if name not in self.masks:
            network = self.unknowns.network
            self.masks[name] = network.places.index.isin(network.groups[name])
        return self.masks[name]

    def terms(self, row: Any) -> Terms:
        """Columns of the unknowns and their weights, without the factor of the row."""
        found: Terms = getattr(self, f"_{row.kind}")(row)
        return found

    def _activity(self, row: Any) -> Terms:
        sites = self.unknowns.network.sites
        if row.site:
            columns = np.array([self.sites[row.site]])
        else:
            chosen = (sites["process"] == row.process).to_numpy()
            if row.place:
                chosen = chosen & self.within(row.place)[self.site_place]
            columns = np.flatnonzero(chosen)
        return columns, np.ones(len(columns))

    def _production(self, row: Any) -> Terms:
        if row.commodity not in self.output:
            return _NOTHING
        sites, amounts, places, processes = self.output[row.commodity]
        chosen = self.within(row.place)[places]
        if row.process:
            chosen = chosen & (processes == row.process)
        return sites[chosen], amounts[chosen]

    def _flow(self, row: Any) -> Terms:
        return self._between(row.commodity, self.within(row.origin), self.within(row.destination))

    def _export(self, row: Any) -> Terms:
        here = self.within(row.place)
        return self._between(row.commodity, here, ~here)

    def _import(self, row: Any) -> Terms:
        here = self.within(row.place)
        columns, _ = self._between(row.commodity, ~here, here)
        return columns, self.arriving[columns - self.unknowns.blocks["route"].start]

    def _between(self, commodity: str, origin: NDArray[np.bool_], destination: NDArray[np.bool_]) -> Terms:
        """Routes from one set of places to another."""
        if commodity not in self.routes:
            return _NOTHING
        numbers, start, end = self.routes[commodity]
        chosen = numbers[origin[start] & destination[end]] + self.unknowns.blocks["route"].start
        return chosen, np.ones(len(chosen))

    def _demand(self, row: Any) -> Terms:
        return self._at_nodes(row, self.demand, "demand", 1.0)

    def _stock_change(self, row: Any) -> Terms:
        held, held_weight = self._at_nodes(row, self.stock, "stock", -1.0)
        left, left_weight = self._at_nodes(row, self.surplus, "surplus", 1.0)
        return np.concatenate([held, left]), np.concatenate([held_weight, left_weight])

    def _at_nodes(self, row: Any, known: dict[tuple[str, str], int], block: str, weight: float) -> Terms:
        start = self.unknowns.blocks[block].start
        nodes = ((row.commodity, place) for place in self.unknowns.network.groups[row.place])
        columns = np.array([start + known[node] for node in nodes if node in known], dtype=np.int64)
        return columns, np.full(len(columns), weight)

    def lacking(self, row: Any) -> str:
        """What the network does not have, in words."""
        words = {
            "activity": f"no site of {row.process} in {row.place}",
            "production": f"no site that makes {row.commodity} in {row.place}" + (f" by {row.process}" if row.process else ""),
            "flow": f"no route of {row.commodity} from {row.origin} to {row.destination}",
            "export": f"no route of {row.commodity} out of {row.place}",
            "import": f"no route of {row.commodity} into {row.place}",
            "demand": f"nothing that makes, moves or wants {row.commodity} in {row.place}",
            "stock_change": f"no stock of {row.commodity} in {row.place}",
        }
        return words[row.kind]


def rows_of(matrix: sparse.csr_array) -> Iterator[Terms]:
    """Columns and values of each row of a matrix."""
    for start, end in zip(matrix.indptr[:-1], matrix.indptr[1:], strict=True):
        yield matrix.indices[start:end], matrix.data[start:end]
