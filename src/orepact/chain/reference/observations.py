"""Statements about a past year in the shape of the ``observations`` table of a network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

#: Source of the loose words that come from closing the base year: nobody says so.
CLOSURE = ""
#: Columns of the table, in its order.
COLUMNS = (
    "observation", "kind", "commodity", "place", "origin", "destination", "process", "site", "factor",
    "year", "quantity", "standard_deviation", "confidence", "source", "counts", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One part of what was observed: ``factor`` x the activity, output, flow or demand that it names."""

    kind: str
    commodity: str = ""
    place: str = ""
    origin: str = ""
    destination: str = ""
    process: str = ""
    site: str = ""
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Observation:
    """The sum of ``terms`` was ``quantity``, give or take ``standard_deviation`` (same unit). ``counts``: moves the fit."""

    id: str
    terms: tuple[Term, ...]
    quantity: float
    standard_deviation: float
    confidence: str = "reported"
    source: str = ""
    counts: bool = True
    note: str = ""

    def widened(self, factor: float) -> Observation:
        """The same with a larger standard deviation."""
        return replace(self, standard_deviation=self.standard_deviation * factor)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A statement that is not observed, and why; ``quantity`` in its own unit."""

    what: str
    reason: str
    quantity: float = 0.0


def observations_frame(observations: Iterable[Observation], year: int) -> pd.DataFrame:
    """The table: one row a term, with the figures on the first row of each observation."""
    rows = []
    for item in observations:
        said = [item.quantity, item.standard_deviation, item.confidence, item.source, "yes" if item.counts else "no", item.note]
        for number, term in enumerate(item.terms):
            named = [term.kind, term.commodity, term.place, term.origin, term.destination, term.process, term.site, term.factor]
            rows.append([item.id, *named, year, *(said if number == 0 else [None, None, "", "", said[4], ""])])
    return pd.DataFrame(rows, columns=list(COLUMNS))
