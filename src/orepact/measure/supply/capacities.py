"""Standing capacity of a stage in the reference network, by place or by owner: what downstream stages are measured by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.tables import site_statuses
from orepact.errors import BadInput, Problem
from orepact.measure.concentration import UNKNOWN

if TYPE_CHECKING:
    from orepact.chain import Network
    from orepact.facts import Codes, Ledger


def reference_network(ledger: Ledger) -> Network:
    """The reference network of these facts."""
    from orepact.chain import Network

    return Network.from_facts(ledger)


def standing_capacity(network: Network, year: int) -> pd.DataFrame:
    """Sites at work in ``year`` with a known capacity: ``site, commodity, place, owner, owner_country, capacity, confidence``.

    At work means a working status and ``start_year <= year <= end_year``; announced sites do not count. Capacity is in units
    of main output per year; unlimited sites are left out.
    """
    sites = network.sites.assign(commodity=network.site_output, capacity=network.values("sites", "capacity_per_year"))
    start, end = sites["start_year"].to_numpy(dtype=float), sites["end_year"].to_numpy(dtype=float)
    working = ["", *(name for name, entry in site_statuses().items() if entry["operates"])]
    stands = ~(year < start) & ~(year > end) & sites["status"].isin(working).to_numpy()
    sites = sites[stands & np.isfinite(sites["capacity"].to_numpy())]
    kept = ["site", "commodity", "place", "owner", "owner_country", "capacity", "confidence"]
    table: pd.DataFrame = sites.reset_index()[kept]
    return table


def chosen_commodities(network: Network, thing: str | None, stage: str | None, codes: Codes) -> list[str]:
    """Commodities that a name (commodity or element; None for any) and a stage stand for; raises ``BadInput`` for none."""
    table = network.commodities
    if thing in table.index:
        names = [str(thing)]
    else:
        names = table.index[table["stage"] == stage].astype(str).tolist()
        if thing is not None:
            holds = network.contents.loc[network.contents["element"] == thing, "commodity"]
            names = [name for name in names if name in set(holds)]
    if not names:
        stages = sorted(set(table["stage"]), key=lambda name: codes.stages[name].order if name in codes.stages else 0)
        expected = f"a stage where {thing or 'something'} is made ({', '.join(stages)})"
        raise BadInput([Problem("stage", expected, str(stage), "ask for another stage or commodity")])
    return names


def capacity_amounts(
    network: Network, sites: pd.DataFrame, names: Sequence[str], *, thing: str | None, by: str, codes: Codes
) -> tuple[pd.Series, str]:
    """Capacity of some commodities by country or by owner country, and its unit.

    An element counts by contained tonnes; commodities by their own unit, which they must share (``BadInput``).
    """
    rows = sites[sites["commodity"].isin(names)]
    units = sorted(set(network.commodities.loc[list(names), "unit"]))
    if thing is not None and thing not in network.commodities.index:
        held = network.contents[network.contents["element"] == thing].set_index("commodity")["t_per_unit"]
        quantity, units = rows["capacity"] * rows["commodity"].map(held).fillna(0.0), ["t"]
    else:
        quantity = rows["capacity"]
    if len(units) > 1:
        raise BadInput([Problem("commodity", "commodities of one unit", ", ".join(units), "name one commodity of the stage")])
    country = rows["place"].map({name: codes.country(name) if name in codes.places else name for name in rows["place"].unique()})
    key = country if by == "place" else rows["owner_country"].replace("", UNKNOWN)
    return quantity.groupby(key.to_numpy()).sum(), f"{units[0]}_per_year"
