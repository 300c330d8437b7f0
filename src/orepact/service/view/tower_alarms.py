"""The alarms of a place, worst first: goods of one stage that ring for the same reason stand together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.service.view.said import Said
from orepact.service.view.tower_claims import Claimed, claims_of
from orepact.service.view.tower_grid import Figure, Trend, figure_of, rows_of, trend
from orepact.service.view.tower_reasons import because, chosen
from orepact.service.view.tower_rules import ORDER, Light, TowerRules

if TYPE_CHECKING:
    from orepact.service.view.tower_watch import Heard
    from orepact.shock.watch.signals import Alarm

RINGING: tuple[Light, ...] = ("red", "amber")


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm: goods of a stage, the level of the early warning, why, the figure behind it and its trend; ``indicators``: those
    that made it, the loudest first; ``claims``: what its numbers rest on.
    """

    stage: str
    elements: tuple[str, ...]
    goods: tuple[str, ...]
    light: Light
    level: str
    reason: Said
    figure: Figure | None
    trend: Trend
    indicators: tuple[str, ...]
    claims: tuple[Claimed, ...] = ()

    @property
    def id(self) -> str:
        """What it is called in an address."""
        return self.goods[0]


def ringing(heard: Heard, rules: TowerRules) -> tuple[Ringing, ...]:
    """The red and amber alarms of a place, the worst first."""
    loud = [(alarm, light) for alarm in heard.alarms.values() if (light := rules.light(alarm)) in RINGING]
    together: dict[tuple[object, ...], list[tuple[Alarm, Light]]] = {}
    for alarm, light in loud:
        together.setdefault(_same(heard, alarm, light), []).append((alarm, light))
    found = [_ringing(heard, rules, [alarm for alarm, _ in group], group[0][1]) for group in together.values()]
    return tuple(sorted(found, key=lambda one: _rank(heard, one)))


def _same(heard: Heard, alarm: Alarm, light: Light) -> tuple[object, ...]:
    """What alarms have in common that are told as one: stage, level and the same words but for the good."""
    stage = heard.desk.ledger.codes.commodities[alarm.commodity].stage
    counted = heard.imports(alarm.commodity).counted
    told = tuple(
        (signal.indicator, signal.sources, None if math.isnan(signal.value) else signal.value) for signal in chosen(heard, alarm)
    )
    return (stage, light, alarm.level, told, alarm.commodity if counted else "")


def _ringing(heard: Heard, rules: TowerRules, group: list[Alarm], light: Light) -> Ringing:
    codes, first = heard.desk.ledger.codes, group[0]
    goods = tuple(alarm.commodity for alarm in group)
    rows = tuple(dict.fromkeys(row for name in goods for row in rows_of(codes, rules, name)))
    level = first.level.name if first.level is not None else ""
    indicators = tuple(signal.indicator for signal in chosen(heard, first))
    stage = codes.commodities[first.commodity].stage
    told, figure, moved = because(heard, first), figure_of(heard, first), trend(heard, first.commodity, rules)
    return Ringing(stage, rows, goods, light, level, told, figure, moved, indicators, claims_of(heard, first))


def _rank(heard: Heard, one: Ringing) -> tuple[float, ...]:
    """Worst first: by light, by level, what customs tell before what only law tells, by the larger share, by stage."""
    alarm = heard.alarms[one.goods[0]]
    value = one.figure.value if one.figure is not None and one.figure.unit == "1" else 0.0
    order = heard.desk.ledger.codes.stages[one.stage].order
    counted = heard.imports(one.goods[0]).counted
    return (ORDER.index(one.light), -(alarm.level or 0), not counted, -abs(value) if not math.isnan(value) else 0.0, order)
