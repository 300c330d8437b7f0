"""What makes a year impossible to fit before any number is weighed; every problem at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.checking import check_network
from orepact.chain.consistency import known_units
from orepact.chain.reach import missing_links
from orepact.chain.tables import shortened
from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns
    from orepact.chain.network import Network

FILE = "observations.csv"
#: How many times the element of the inputs the outputs may hold: goods by weight, and goods by piece or energy,
#: of which the contents are averages over designs.
BY_WEIGHT, BY_PIECE = 1.02, 2.5


def demand_readable(network: Network, year: int | None) -> int:
    """The year to fit; raises ``BadInput`` when it has no observations or the network itself is not sound."""
    years = sorted({int(known) for known in network.observations["year"].dropna()})
    found = check_network(network, graph=False)
    if not years or (year is not None and year not in years) or (year is None and len(years) > 1):
        listed = ", ".join(map(str, years)) or "there are none"
        mend = "name one of them" if years else "add observations.csv with what sources say about the year"
        found.append(
            Problem("year", f"a year with observations ({listed})", "none named" if year is None else str(year), mend, FILE)
        )
    if found:
        raise BadInput([*found, *mass_from_nowhere(network)])
    return years[0] if year is None else year


def unsound(unknowns: Unknowns, seen: Observed) -> list[Problem]:
    """Processes that make mass, observations of nothing, and outflow that nothing can feed."""
    return shortened([*mass_from_nowhere(unknowns.network), *_of_nothing(seen), *_unfed(unknowns, seen)])


def mass_from_nowhere(network: Network) -> list[Problem]:
    """Processes that put out more of an element than their inputs hold, by the contents of the commodities.

    Elements that no input of the process carries are taken to come from outside the network, as iron does into iron phosphate.
    """
    if network.recipes.duplicated(["process", "commodity"]).any():
        return []
    lines = network.recipes.merge(network.contents.drop_duplicates(["commodity", "element"]), on="commodity")
    held = lines["amount"] * lines["t_per_unit"]
    keys = [lines["process"], lines["element"]]
    given, taken = held.clip(lower=0).groupby(keys).sum(), (-held).clip(lower=0).groupby(keys).sum()
    allowed = given.index.get_level_values(0).map(_allowance(network).to_dict()).to_numpy(dtype=float)
    bad = ((taken > 0) & (given > allowed * taken)).to_numpy()
    first = network.recipes["process"].drop_duplicates()
    row = dict(zip(first, first.index + 2, strict=True))
    return [
        Problem(
            "amount",
            "no more of an element in the outputs than in the inputs",
            f"{process} gives {given[process, element]:g} t of {element} from {taken[process, element]:g} t",
            "correct the amounts, or the contents of the commodities",
            "recipes.csv",
            int(row[process]),
        )
        for process, element in given.index[bad]
    ]


def _allowance(network: Network) -> pd.Series:
    """How many times the input each process may put out: by the units of all that it moves."""
    mass = {name for name, unit in known_units().items() if unit.dimension == "mass"}
    weighed = network.recipes["commodity"].map(network.commodities["unit"].isin(mass))
    return weighed.astype(bool).groupby(network.recipes["process"]).all().map({True: BY_WEIGHT, False: BY_PIECE})


def _of_nothing(seen: Observed) -> Iterator[Problem]:
    """Terms of observations that no site, route or node of the network stands for; a quantity of 0 is true of nothing."""
    for row, lacking in seen.empty:
        yield Problem("place", "something in the network that was observed", lacking, "add it, or remove the row", FILE, row + 2)


def _unfed(unknowns: Unknowns, seen: Observed) -> Iterator[Problem]:
    """Observed outflow of nodes that nothing can ever feed."""
    network, fed = unknowns.network, unknowns.fed
    if fed.all():
        return
    starved = _starved(unknowns)
    reach = np.diff(seen.matrix.indptr) > 0
    possible = seen.matrix @ np.where(starved, 0.0, 1.0)
    bad = np.flatnonzero(seen.fitted & (seen.quantity > 0) & reach & (possible == 0))
    nodes = {int(line): _dry_node(unknowns, seen.matrix[[line]].indices) for line in bad}
    why = missing_links(network, nodes.values())
    for line, node in nodes.items():
        commodity, place = network.nodes[node]
        text = f"{seen.table['observation'].iloc[line]} of {seen.quantity[line]:g} while {why.get(node, 'nothing feeds it')}"
        row = int(seen.table["row"].iloc[line])
        file, number = (FILE, row + 2) if row >= 0 else ("demand.csv", None)
        expected = f"a way for {commodity} to reach {place}, which sends or uses it"
        yield Problem("quantity", expected, text, "add the site, route or stockpile, or remove the row", file, number)


def _starved(unknowns: Unknowns) -> NDArray[np.bool_]:
    """Unknowns that can only be 0 because nothing can ever reach where they start."""
    out = np.zeros(len(unknowns), dtype=bool)
    out[unknowns.blocks["activity"]] = ~unknowns.fed_sites
    out[unknowns.blocks["route"]] = ~unknowns.fed_routes
    out[unknowns.blocks["demand"]] = ~unknowns.fed[unknowns.demand_nodes]
    return out


def _dry_node(unknowns: Unknowns, columns: NDArray[np.integer]) -> int:
    """The node without inflow behind the first of these unknowns."""
    balance = unknowns.balance[:, [int(columns[0])]].tocoo()
    taken = balance.coords[0][balance.data < 0]
    return int(taken[~unknowns.fed[taken]][0])
