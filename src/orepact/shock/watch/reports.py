"""Whose customs reports of a year are not all in: in the newest years some have not reported yet, and what is left of their trade
is what others say that they sold them. It looks like a fall, and is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orepact.shock.watch.customs import QUANTITY

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger
    from orepact.shock.watch.rules import Setting


def late_reporters(ledger: Ledger, year: int, least: Setting) -> frozenset[str]:
    """Buyers of which a table holds less than a share of as many flows (good and seller) in a year as in the year before.

    A country that reports names all its sellers, small ones too; of one that does not, only what others report is there. Those
    with fewer flows than ``least.count`` in the year before are not judged: of few, some always go.
    """
    claims = ledger.trade(year=[year - 1, year], attribute=QUANTITY)
    claims = claims[claims["number"] > 0]
    found: set[str] = set()
    for _, rows in claims.groupby("source", sort=True):
        now, before = (_flows(ledger, rows[rows["year"] == str(each)]) for each in (year, year - 1))
        judged = {buyer: number for buyer, number in before.items() if now and number >= least.count}
        found |= {buyer for buyer, number in judged.items() if now.get(buyer, 0) < least.value * number}
    return frozenset(found)


def _flows(ledger: Ledger, rows: pd.DataFrame) -> dict[str, int]:
    """Number of flows by buyer, provinces as their country."""
    codes = ledger.codes
    countries = {name: codes.country(name) if name in codes.places else name for name in rows["partner"].unique()}
    return {str(name): int(number) for name, number in rows.groupby(rows["partner"].map(countries)).size().items()}


def late_in(ledger: Ledger, years: Iterable[int], least: Setting) -> dict[int, frozenset[str]]:
    """The same for several years."""
    return {year: late_reporters(ledger, year, least) for year in sorted(set(years))}
