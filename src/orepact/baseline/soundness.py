"""What makes a year impossible to fit before any number is weighed; every problem at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem

if TYPE_CHECKING:
    from orepact.baseline.terms import Observed
    from orepact.baseline.unknowns import Unknowns
    from orepact.chain.network import Network


def demand_sound(network: Network, year: int | None, *, unknowns: Unknowns | None = None, seen: Observed | None = None) -> int:
    """The year to fit; raises ``BadInput`` when it has no observations."""
    years = sorted({int(known) for known in network.observations["year"]})
    if unknowns is None and (not years or (year is not None and year not in years)):
        expected = f"a year with observations ({', '.join(map(str, years)) or 'there are none'})"
        raise BadInput([Problem("year", expected, str(year), "ask for such a year", "observations.csv")])
    return years[0] if year is None else year
