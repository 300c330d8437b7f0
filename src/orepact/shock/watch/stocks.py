"""How many days the stocks of a party last: reported stocks over reported use, else what is published of public stocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.shock.watch.imports import NAN
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Signal, rung, weakest

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.facts.rules import RuleBook

INDICATOR = "stock_days"
DAYS_A_YEAR = 365


@dataclass(frozen=True, slots=True)
class Cover:
    """Days of use that stocks last, what they are in words, who says so, since when it is known (None: always)."""

    days: float
    words: str
    year: int
    sources: tuple[str, ...]
    confidence: str


def stock_signal(place: str, commodity: str, covers: Sequence[Cover], rules: WatchRules, silence: str = "") -> Signal:
    """The days of stock of one party: the first of ``covers`` counts; ``silence`` says why there is none."""
    if not covers:
        return Signal(place, commodity, INDICATOR, NAN, None, silence or "no source tells the stocks")
    best = covers[0]
    level = rung(rules, INDICATOR, best.days)
    return Signal(place, commodity, INDICATOR, best.days, level, best.words, best.year, best.sources, best.confidence)


def reported_stocks(ledger: Ledger, places: Sequence[str], year: int | None = None) -> dict[str, Cover]:
    """Days by element or commodity: stock at the end of the year x 365 / apparent consumption of the year (the latest, or asked).

    Both figures must be of one year and one place; sums over several places are not made.
    """
    claims = ledger.resolve(["stock_total", "apparent_consumption"], place=list(places), unit="t")
    claims = claims[claims["number"].notna() & (claims["year"] != "")]
    claims = claims.assign(year=claims["year"].astype(int))
    if year is not None:
        claims = claims[claims["year"] <= year]
    found: dict[str, Cover] = {}
    for _, rows in claims.groupby(["place", "thing", "year"], sort=True):
        by_name = {str(row["attribute"]): row for _, row in rows.iterrows()}
        if len(by_name) == 2 and by_name["apparent_consumption"]["number"] > 0:
            found[str(rows["thing"].iloc[0])] = _reported(by_name)  # later years come later
    return found


def _reported(rows: Mapping[str, pd.Series]) -> Cover:
    stock, use = rows["stock_total"], rows["apparent_consumption"]
    days = DAYS_A_YEAR * float(stock["number"]) / float(use["number"])
    words = f"{stock['number']:,.0f} t of {stock['thing']} at the end of {stock['year']} cover {days:.0f} days of use"
    sources = tuple(dict.fromkeys([str(stock["source"]), str(use["source"])]))
    return Cover(days, words, int(stock["year"]), sources, weakest([str(stock["confidence"]), str(use["confidence"])]))


@cache
def _stockpiles() -> tuple[dict[str, Any], ...]:
    import yaml

    text = files("orepact.data").joinpath("shock/stockpiles.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text)["stockpiles"])


def published_stocks(
    party: str, commodity: str, book: RuleBook, day: date, *, include_unverified: bool = False
) -> tuple[list[Cover], str]:
    """What is published of the public stock of a party, and why there is none of it.

    An entry counts once the rule that it rests on is in force; an unverified one only when asked for.
    """
    found, silence = [], ""
    for entry in _stockpiles():
        if entry["party"] != party:
            continue
        if not entry.get("known", True):
            silence = f"{entry['title']}: {entry['source']}"
        elif commodity in entry.get("commodities", ()):
            why = _withheld(entry, book, day, include_unverified=include_unverified)
            if why:
                silence = f"{entry['title']}: {why}"
            else:
                words = f"{entry['title']} holds about {entry['days']:g} days of use ({entry['rule']})"
                found.append(Cover(float(entry["days"]), words, 0, (str(entry["rule"]),), str(entry["confidence"])))
    return found, silence


def stocks_held(
    party: str, commodity: str, book: RuleBook, day: date, *, include_unverified: bool = False
) -> list[Mapping[str, Any]]:
    """The entries of public stocks of a party that hold a commodity, of those that count on a day."""
    mine = [one for one in _stockpiles() if one["party"] == party and commodity in one.get("commodities", ())]
    return [one for one in mine if not _withheld(one, book, day, include_unverified=include_unverified)]


def _withheld(entry: Mapping[str, Any], book: RuleBook, day: date, *, include_unverified: bool) -> str:
    rule = book.rules.get(str(entry.get("rule", "")))
    if rule is not None and rule.date_from > day:
        return f"known since {rule.date_from} only"
    if entry["confidence"] == "unverified" and not include_unverified:
        return f"{entry['days']:g} days are unverified, and such claims were not asked for"
    return ""
