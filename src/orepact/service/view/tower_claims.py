"""The claims behind what a cell or an alarm of the tower says, so that each of its numbers leads to where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.measure.supply.amounts import places_under
from orepact.service.view.kept import kept
from orepact.service.view.said import Day, Said, Value, say
from orepact.service.view.tower_reasons import chosen, good, place

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.service.view.tower_supply import Maker
    from orepact.service.view.tower_watch import Heard
    from orepact.shock.watch.imports import Imports
    from orepact.shock.watch.signals import Alarm, Signal

TRADE, PRICE = "trade_quantity", "price"
#: What days of stock are computed from.
STOCKS = ("stock_total", "apparent_consumption")
#: So many claims are named of one alarm, and so many sellers of one total.
MOST, SELLERS = 8, 3


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim: what it says in words, and by what it is looked up."""

    words: Said
    subject: str
    attribute: str
    year: int


def claims_of(heard: Heard, alarm: Alarm) -> tuple[Claimed, ...]:
    """The claims behind the indicators that an alarm is told by, the loudest first, each once."""
    every = (claim for signal in chosen(heard, alarm) for claim in _claims(heard, signal))
    return tuple({(one.subject, one.attribute, one.year): one for one in every}.values())[:MOST]


def _claims(heard: Heard, signal: Signal) -> Iterator[Claimed]:
    if signal.indicator == "price_change":
        yield from _prices(heard, signal)
        return
    if signal.indicator == "stock_days":
        yield from _stocks(heard, signal)
        return
    bought = heard.imports(signal.commodity)
    if not bought.counted:
        return
    largest = [bought.largest] if bought.largest else []
    sellers = {
        "import_volume_change": _most(bought), "dependence_change": largest, "dependence": largest, "export_control": largest,
        "seller_lost": [bought.most_lost[0]] if bought.most_lost[0] else [],
    }  # fmt: skip
    years = [bought.year] if signal.indicator in {"dependence", "export_control"} else [bought.year, bought.year - 1]
    for seller in sellers.get(signal.indicator, []):
        yield from (_trade(heard, bought, seller, year) for year in years if _told(heard, bought, seller, year))


def _most(bought: Imports) -> list[str]:
    """The sellers of most in both years."""
    before = bought.before or {}
    return sorted({**before, **bought.now}, key=lambda name: (-before.get(name, 0.0) - bought.now.get(name, 0.0), name))[:SELLERS]


def _told(heard: Heard, bought: Imports, seller: str, year: int) -> bool:
    """Whether one claim says it: of one buyer, and something was sold."""
    amounts = bought.now if year == bought.year else bought.before or {}
    return amounts.get(seller, 0.0) > 0 and places_under(heard.desk.ledger.codes, bought.place)[:1] == [bought.place]


def _trade(heard: Heard, bought: Imports, seller: str, year: int) -> Claimed:
    held = heard.desk.rules.customs_of.get(bought.commodity, bought.commodity)
    codes = heard.desk.ledger.codes
    words = say("{seller} to {buyer}, {year}", seller=place(codes, seller), buyer=place(codes, bought.place), year=Day(str(year)))
    return Claimed(words, f"{seller}>{bought.place}/{held}", TRADE, year)


def _prices(heard: Heard, signal: Signal) -> Iterator[Claimed]:
    known = signal.commodity in set(heard.desk.prices["thing"])
    thing = signal.commodity if known else heard.desk.rules.price_of.get(signal.commodity, signal.commodity)
    for year in (signal.year, signal.year - 1):
        words = say("price of {good}, {year}", good=good(heard.desk.ledger.codes, thing), year=Day(str(year)))
        yield Claimed(words, thing, PRICE, year)


def _stocks(heard: Heard, signal: Signal) -> Iterator[Claimed]:
    """The stock and the use of a year behind reported days of stock; public stocks rest on a rule, which is no claim."""
    if not signal.year:
        return
    ledger, entry = heard.desk.ledger, heard.desk.ledger.codes.commodities[signal.commodity]
    held = kept(ledger, STOCKS, lambda: ledger.resolve([*STOCKS]), of_claims=True)
    mine = held[(held["place"] == signal.place) & (held["year"] == str(signal.year))]
    for thing in (signal.commodity, entry.element):
        if thing and set(mine.loc[mine["thing"] == thing, "attribute"]) == set(STOCKS):
            about: dict[str, Value] = {"good": good(ledger.codes, thing), "year": Day(str(signal.year))}
            yield Claimed(say("stock of {good}, {year}", **about), f"{signal.place}/{thing}", STOCKS[0], signal.year)
            yield Claimed(say("use of {good}, {year}", **about), f"{signal.place}/{thing}", STOCKS[1], signal.year)
            return


def claim_of(codes: Codes, maker: Maker) -> tuple[Claimed, ...]:
    """The claim that says what the largest maker makes."""
    words = say("{place}, {year}", place=place(codes, maker.maker), year=Day(str(maker.year)))
    return (Claimed(words, f"{maker.maker}/{maker.thing}", maker.attribute, maker.year),)
