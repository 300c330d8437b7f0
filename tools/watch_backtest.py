"""How often imports fell in the year after each level of the watch: the table of docs/why/early-warning.md.

``python -m tools.watch_backtest`` writes it between its markers; ``--check`` says whether it is current (a slow test does).
Every importer of some size and every commodity whose customs tables hold three years in a row. Export controls and stocks are
left out, since the facts hold them for few years. The thresholds were set on the same years for three of the importers, so this
is no test on unseen data.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from orepact.facts import Ledger
from orepact.service.concentrating import governance_of
from orepact.shock.watch import Level, WatchRules
from orepact.shock.watch.customs import customs_of
from orepact.shock.watch.imports import import_signals
from orepact.shock.watch.prices import price_signal, prices_of
from orepact.shock.watch.signals import alarm_of

FALL = -0.35
YEARS = range(2016, 2024)
PAGE = Path(__file__).parents[1] / "docs" / "why" / "early-warning.md"
BEGIN, END = "<!-- table: written by tools/watch_backtest.py -->", "<!-- end of table -->"


def years_after(ledger: Ledger, rules: WatchRules, years: Iterable[int]) -> pd.DataFrame:
    """``place, commodity, year, level`` (0 calm to 4 severe), ``next`` (change of imports a year later), larger net importers."""
    codes, prices, rows = ledger.codes, prices_of(ledger), []
    places = sorted({codes.country(name) for name in codes.places})
    for year in years:
        tables, later = (customs_of(ledger, codes.commodities, when) for when in (year, year + 1))
        risk, _ = governance_of(ledger, year)
        for name in sorted(set(tables) & set(later)):
            if not (tables[name].before and later[name].before):
                continue
            for place in places:
                bought, then = (found[name].imports_of(place, frozenset({place}), {}) for found in (tables, later))
                if bought.weight >= rules.reading.least_share_of_world_trade.value and bought.total > bought.exports:
                    signals = [*import_signals(bought, rules, risk), price_signal(prices, place, name, rules, year)]
                    rows.append((place, name, year, int(alarm_of(signals, rules).level or 0), then.change))
    return pd.DataFrame(rows, columns=["place", "commodity", "year", "level", "next"])


def table(found: pd.DataFrame) -> pd.DataFrame:
    """By level: how many years, and in which part of them imports fell by 35 % or more in the next."""
    fell = found.assign(fell=found["next"] <= FALL)
    by_level = fell.groupby("level")["fell"]
    return pd.DataFrame({"years": by_level.size(), "fell": by_level.mean()})


def page(text: str, found: pd.DataFrame) -> str:
    """The page with the table written anew between its markers."""
    before, rest = text.split(BEGIN)
    cells = zip(found.index, found["years"], found["fell"], strict=True)
    rows = [f"| {Level(int(level)).name} | {years} | {fell:.0%} |".replace("%", " %") for level, years, fell in cells]
    lines = ["", "| level in a year | years | imports fell by 35 % or more in the next |", "|---|---|---|", *rows, ""]
    return before + BEGIN + "\n".join(lines) + END + rest.split(END)[1]


def main(arguments: list[str]) -> int:
    """Write the table, or say with ``--check`` whether it is current (1: it is not)."""
    text = PAGE.read_text(encoding="utf-8")
    written = page(text, table(years_after(Ledger.shipped(), WatchRules.shipped(), YEARS)))
    if "--check" in arguments:
        return int(written != text)
    PAGE.write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
