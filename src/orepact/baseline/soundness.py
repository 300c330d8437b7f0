"""What makes a year impossible to fit before any number is weighed; every problem at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from orepact.chain.checking import check_network
from orepact.chain.reach import missing_links
from orepact.chain.tables import shortened
from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns
    from orepact.chain.network import Network

FILE = "observations.csv"


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
        raise BadInput(found)
    return years[0] if year is None else year


def unsound(unknowns: Unknowns, seen: Observed) -> list[Problem]:
    """Observations of nothing, and outflow that nothing can feed."""
    return shortened([*_of_nothing(seen), *_unfed(unknowns, seen)])


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
