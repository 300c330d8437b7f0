"""What prices signal: the change of a yearly price against the year before, within one source."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.shock.watch.imports import NAN, moved
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Signal, rung, weakest

if TYPE_CHECKING:
    from orepact.facts import Ledger

INDICATOR = "price_change"


def prices_of(ledger: Ledger) -> pd.DataFrame:
    """The winning prices of the world market: ``thing, year, number, unit, source, confidence, note``."""
    claims = ledger.resolve("price")
    claims = claims[(claims["place"] == "") & claims["number"].notna() & (claims["year"] != "")]
    return claims.assign(year=claims["year"].astype(int))[["thing", "year", "number", "unit", "source", "confidence", "note"]]


def price_signal(prices: pd.DataFrame, place: str, commodity: str, rules: WatchRules, year: int | None = None) -> Signal:
    """The change of the price in ``year``, or in the latest year that has one; a price may stand for that of another good."""
    stands = commodity if commodity in set(prices["thing"]) else rules.price_of.get(commodity, commodity)
    own = {int(row["year"]): row for row in prices[prices["thing"] == stands].to_dict("records")}
    wanted = year if year is not None else max(own, default=0)
    about = (place, commodity, INDICATOR)
    if wanted not in own or wanted - 1 not in own:
        when = f" of {wanted - 1} and {wanted}" if wanted else ""
        return Signal(*about, NAN, None, f"no prices{when} are in these facts")
    now, then = own[wanted], own[wanted - 1]
    if (now["source"], now["unit"]) != (then["source"], then["unit"]) or not then["number"] > 0:
        return Signal(*about, NAN, None, f"the prices of {wanted - 1} and {wanted} are not of one source", wanted)
    change = float(now["number"] / then["number"] - 1)
    of = f"the price of {stands}" + (f" (which stands for {commodity})" if stands != commodity else "")
    confidence = weakest([str(now["confidence"]), str(then["confidence"])])
    words = f"{of} {_words(change, then, now)}"
    return Signal(*about, change, rung(rules, INDICATOR, change), words, wanted, (str(now["source"]),), confidence)


def _words(change: float, then: Mapping[Hashable, Any], now: Mapping[Hashable, Any]) -> str:
    unit = str(now["unit"]).replace("_per_", " a ").replace("_", " ")
    part = str(now["note"]).rpartition("; ")[2]
    so_far = f" ({part})" if part.startswith("average of") and "12 months" not in part else ""
    did = moved(change).replace("stayed as they were", "stayed as it was")
    return f"{did} in {now['year']}{so_far}, from {then['number']:,.0f} to {now['number']:,.0f} {unit}"
