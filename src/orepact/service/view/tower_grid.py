"""The grid of a country: stage by element, each cell red, amber or green, with the reason, the figure behind it and its trend."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from orepact.service.view.said import Day, Said, Share, say
from orepact.service.view.tower_claims import Claimed, claim_of, claims_of
from orepact.service.view.tower_reasons import because, chosen, place
from orepact.service.view.tower_rules import ORDER, Light, TowerRules
from orepact.service.view.tower_supply import Maker, largest_maker

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger
    from orepact.service.view.tower_watch import Heard
    from orepact.shock.watch.signals import Alarm, Signal

#: The row of goods that hold no element that is tracked: cells, separators.
BATTERIES = "batteries"
Direction = Literal["worse", "better", "steady", ""]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with all that belongs to it; ``measure`` is the indicator or attribute, ``about`` what it speaks of.

    ``value`` is NaN where only a rule of law stands behind it. ``sources`` are ids of sources and rules.
    """

    measure: str
    about: str
    value: float
    unit: str
    year: int | None
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Which way the largest seller's share went: its value and that of the year before; "" and NaN where nobody knows."""

    direction: Direction
    value: float = math.nan
    before: float = math.nan
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A stage of an element for a party. ``goods``: those it speaks of, the worst first; ``claims``: what its numbers rest on."""

    stage: str
    element: str
    light: Light
    reason: Said
    figure: Figure | None
    trend: Trend
    goods: tuple[str, ...]
    claims: tuple[Claimed, ...] = ()


def grid(heard: Heard, rules: TowerRules) -> tuple[Cell, ...]:
    """The cells of a country, by element in the order of the code list and stage; pairs without any good are left out."""
    codes = heard.desk.ledger.codes
    rows = [*codes.elements, BATTERIES]
    cells = ((row, stage, goods_of(codes, rules, row, stage)) for row in rows for stage in rules.stages)
    return tuple(_cell(heard, rules, row, stage, goods) for row, stage, goods in cells if goods)


def goods_of(codes: Codes, rules: TowerRules, row: str, stage: str) -> tuple[str, ...]:
    """The goods of a cell."""
    return tuple(name for name, entry in codes.commodities.items() if entry.stage == stage and row in rows_of(codes, rules, name))


def rows_of(codes: Codes, rules: TowerRules, good: str) -> tuple[str, ...]:
    """The rows in which a good stands: its element, later in the chain each that it holds enough of, or ``batteries``."""
    entry = codes.commodities[good]
    late = codes.stages[entry.stage].order >= codes.stages[rules.contents.from_stage].order
    held = [name for name, content in entry.contents.items() if late and content >= rules.contents.least]
    return tuple(dict.fromkeys([*([entry.element] if entry.element else []), *held])) or (BATTERIES,)


def _cell(heard: Heard, rules: TowerRules, row: str, stage: str, goods: tuple[str, ...]) -> Cell:
    known = [alarm for name in goods if (alarm := heard.alarms.get(name)) and alarm.level is not None]
    if not known:
        return _by_supply(heard, rules, row, stage, goods)
    known.sort(
        key=lambda alarm: (
            ORDER.index(rules.light(alarm)),
            -(alarm.level or 0),
            -_loudest(alarm),
            goods.index(alarm.commodity),
        )
    )
    worst = known[0]
    told = because(heard, worst) or say("Nothing that is watched is out of the ordinary.")
    names = tuple(alarm.commodity for alarm in known)
    moved = trend(heard, worst.commodity, rules)
    return Cell(stage, row, rules.light(worst), told, figure_of(heard, worst), moved, names, claims_of(heard, worst))


def _loudest(alarm: Alarm) -> float:
    """Of alarms of one level: how much the party leans on one place."""
    value = next((signal.value for signal in alarm.signals if signal.indicator == "dependence"), math.nan)
    return 0.0 if math.isnan(value) else value


def figure_of(heard: Heard, alarm: Alarm) -> Figure | None:
    """The number behind an alarm: of the indicators that made it the loudest, of equal ones a share of imports first."""
    told = chosen(heard, alarm) or tuple(signal for signal in alarm.signals if not math.isnan(signal.value))
    ranked = sorted(told, key=lambda signal: (-(signal.level or 0), signal.indicator != "dependence"))
    return _figure(heard, ranked[0]) if ranked else None


def _figure(heard: Heard, signal: Signal) -> Figure:
    unit = heard.desk.rules.indicators[signal.indicator].unit
    return Figure(
        signal.indicator, signal.commodity, signal.value, unit, signal.year or None, signal.sources, signal.confidence
    )  # fmt: skip


def trend(heard: Heard, good: str, rules: TowerRules) -> Trend:
    """Whether the share of the largest seller in imports of a good rose or fell against the year before."""
    bought = heard.imports(good)
    if not (bought.counted and bought.before and bought.largest):
        return Trend("")
    now = bought.share(bought.largest)
    before = max(bought.share(seller, before=True) for seller in bought.before)
    return Trend(direction(now - before, rules), now, before, bought.year - 1) if not math.isnan(before) else Trend("")


def direction(change: float, rules: TowerRules) -> Direction:
    """What a change of a share means."""
    if abs(change) < rules.trend.steady:
        return "steady"
    return "worse" if change > 0 else "better"


def _by_supply(heard: Heard, rules: TowerRules, row: str, stage: str, goods: tuple[str, ...]) -> Cell:
    """Where the early warning hears nothing: who makes most of it in the world."""
    ledger = heard.desk.ledger
    found = next(_makers(ledger, row, stage, goods), None)
    if found is None:
        return Cell(stage, row, "no data", say("The facts do not tell who sells it or who makes it."), None, Trend(""), goods)
    abroad = found.maker != heard.place
    light: Light = "amber" if abroad and found.share >= rules.supply.amber else "green"
    told = say(
        "{share} of the world's supply was made in {place} in {year}.", share=Share(found.share),
        place=place(ledger.codes, found.maker), year=Day(str(found.year)),
    )  # fmt: skip
    figure = Figure("supply_share", found.thing, found.share, "1", found.year, found.sources, found.confidence)
    moved = Trend("")
    if not math.isnan(found.before):
        moved = Trend(direction(found.share - found.before, rules), found.share, found.before, found.year - 1)
    return Cell(stage, row, light, told, figure, moved if abroad else Trend(""), goods, claim_of(ledger.codes, found))


def _makers(ledger: Ledger, row: str, stage: str, goods: tuple[str, ...]) -> Iterator[Maker]:
    for name in (*goods, *([row] if row != BATTERIES else [])):
        found = largest_maker(ledger, name, stage)
        if found is not None:
            yield found
