"""The observations of a network: which columns each kind needs, what is wrong with them, which survive a reduction."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.chain.consistency import CONFIDENCES
from orepact.chain.tables import near, shortened
from orepact.errors import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from orepact.chain.network import Network

FILE = "observations.csv"
#: Columns that say what a term is about.
NAMES = ("commodity", "place", "origin", "destination", "process", "site")
#: Columns that belong to the observation as a whole: on its first row, and the same or empty on the others.
SHARED = ("quantity", "standard_deviation", "confidence", "source", "counts", "note")
COUNTS = ("yes", "no")
#: Columns that hold a place or a group of places.
PLACES = ("place", "origin", "destination")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of term: the columns it cannot do without and those it may have."""

    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


#: ``activity`` needs a site or a process; see ``_missing_names``.
KINDS = {
    "activity": Kind((), ("site", "process", "place")),
    "production": Kind(("commodity", "place"), ("process",)),
    "flow": Kind(("commodity", "origin", "destination")),
    "export": Kind(("commodity", "place")),
    "import": Kind(("commodity", "place")),
    "demand": Kind(("commodity", "place")),
    "stock_change": Kind(("commodity", "place")),
}
#: Kinds that add up routes, so that a network with fewer routes would tell another sum.
TRADE = ("flow", "export", "import")


def observation_problems(network: Network, partial: Container[str] = ()) -> list[Problem]:
    """Problems of the table of observations that single cells do not show; [] for a network without it."""
    if not len(network.observations):
        return []
    found = [*_words(network), *_years(network), *_names(network), *_rows_that_differ(network), *_unstated(network)]
    return shortened(found if "places" in partial else [*found, *_places(network)])


def _problems(bad: pd.Series | NDArray[np.bool_], column: str, expected: str, found: str, mend: str) -> Iterator[Problem]:
    for at in np.flatnonzero(np.asarray(bad, dtype=bool)):
        yield Problem(column, expected, found, mend, FILE, int(at) + 2)


def _words(network: Network) -> Iterator[Problem]:
    """Kinds, confidences and ``counts`` that are not in their lists."""
    for column, known in (("kind", tuple(KINDS)), ("confidence", CONFIDENCES), ("counts", COUNTS)):
        values = network.observations[column]
        for value in values[~values.isin(known) & (values != "")].unique():
            yield from _problems(values == value, column, f"one of {', '.join(known)}", repr(value), near(value, known))


def _years(network: Network) -> Iterator[Problem]:
    """Observations of years that are not model years."""
    values, years = network.observations["year"], ", ".join(map(str, network.years))
    for year in sorted(set(values.dropna()) - set(network.years)):
        mend = "remove it or add the year to network.yaml"
        yield from _problems(values == year, "year", f"a model year ({years})", f"{year:.0f}", mend)


def _names(network: Network) -> Iterator[Problem]:
    """Columns that a kind cannot do without and that are empty, and names that mean nothing to the kind."""
    table = network.observations
    for name, kind in KINDS.items():
        of_kind = table["kind"] == name
        for column in NAMES:
            empty = table[column] == ""
            if column in kind.needs:
                mend = f"name the {column}"
                yield from _problems(of_kind & empty, column, f"a {column} for a term of {name}", "an empty cell", mend)
            elif column not in kind.may:
                mend = f"take it away or use another kind than {name}"
                yield from _problems(of_kind & ~empty, column, f"nothing: {name} has no {column}", "a name", mend)
    activity = table["kind"] == "activity"
    nobody = activity & (table["site"] == "") & (table["process"] == "")
    yield from _problems(nobody, "site", "a site or a process for a term of activity", "neither", "name one of them")
    twice = activity & (table["site"] != "") & ((table["process"] != "") | (table["place"] != ""))
    mend = "name the site alone, or the process and its place"
    yield from _problems(twice, "site", "either a site or a process", "both", mend)


def _places(network: Network) -> Iterator[Problem]:
    """Places that are neither a place nor a group."""
    for column in PLACES:
        values = network.observations[column]
        for value in values[~values.isin(list(network.groups)) & (values != "")].unique():
            mend = near(value, network.groups)
            yield from _problems(values == value, column, "a place of places.csv or a group", repr(value), mend)


def _rows_that_differ(network: Network) -> Iterator[Problem]:
    """Rows of one observation that state other values than its first row."""
    table = network.observations
    keys, first = table["observation"], ~table["observation"].duplicated()
    for column in ("year", *SHARED):
        values = table[column]
        stated = values.notna() if column in {"year", "quantity", "standard_deviation"} else values != ""
        lead = keys.map(values[first].set_axis(keys[first]))
        for at in np.flatnonzero(stated & ~first & ~(values == lead)):
            row = int(np.flatnonzero(keys == keys.iloc[at])[0]) + 2
            expected = f"the {column} of row {row} ({_shown(lead.iloc[at]) or 'empty'})"
            mend = f"state {column} once, on the first row of {keys.iloc[at]}"
            yield Problem(column, expected, _shown(values.iloc[at]), mend, FILE, int(at) + 2)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:g}"
    return str(value)


def _unstated(network: Network) -> Iterator[Problem]:
    """Observations without a quantity, and those that count without a standard deviation."""
    table = network.observations
    first = ~table["observation"].duplicated()
    expected = "a number on the first row of an observation"
    yield from _problems(first & table["quantity"].isna(), "quantity", expected, "an empty cell", "write what was observed")
    silent = first & table["standard_deviation"].isna() & (table["counts"] != "no")
    mend = "write how far it may be off, 0 if it is exact, or set counts to no"
    yield from _problems(silent, "standard_deviation", expected, "an empty cell", mend)


def kept_observations(
    network: Network,
    *,
    commodities: Container[str],
    places: Container[str],
    sites: Container[str],
    years: Container[int],
    trade: bool,
) -> pd.DataFrame:
    """The observations that still mean the same in a reduced network: all terms of them name only what stays.

    ``trade`` tells whether every route between the places stays; otherwise sums of routes are left out too.
    """
    table = network.observations
    if not len(table):
        return table
    processes = {str(process) for site, process in network.sites["process"].items() if site in sites}
    groups = {name for name, members in network.groups.items() if all(place in places for place in members)}
    stays = np.fromiter((year in years for year in table["year"]), dtype=bool, count=len(table))
    known: tuple[tuple[str, Container[str]], ...] = (
        ("commodity", commodities),
        ("site", sites),
        ("process", processes),
        *((column, groups) for column in PLACES),
    )
    for column, names in known:
        stays &= np.fromiter((name == "" or name in names for name in table[column]), dtype=bool, count=len(table))
    if not trade:
        stays &= ~table["kind"].isin(TRADE).to_numpy()
    broken = set(table.loc[~stays, "observation"])
    return table[~table["observation"].isin(broken)]
