"""From alarms to the rows that people and programs read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.facts.rules import RuleBook
from orepact.service.result import Result
from orepact.shock.watch.levels import NO_DATA, Level, name_of
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Alarm

if TYPE_CHECKING:
    from orepact.facts import Ledger

USUAL_LEVEL = "caution"
ALARMS = ("place", "commodity", "level", "reasons", "because", "no_data")
SIGNALS = ("place", "commodity", "indicator", "value", "unit", "year", "level", "reason", "sources", "confidence", "kind")


def answer(alarms: Sequence[Alarm], rules: WatchRules, rows: str, level: str | None, meta: Mapping[str, Any]) -> Result:
    """The reply: alarms or signals as rows, the worst alarms first; what is silent is told in the warnings."""
    least = Level[level or USUAL_LEVEL]
    ringing = [alarm for alarm in alarms if alarm.level is not None and alarm.level >= least]
    if rows == "all":
        data = pd.DataFrame(_signal_rows(alarms, rules, least if level is not None else None), columns=list(SIGNALS))
        data["year"] = data["year"].astype("Int64")
        shown = data.drop(columns=["kind", "sources", "unit"])
    else:
        ordered = sorted(ringing, key=lambda alarm: -(alarm.level or 0))
        data = pd.DataFrame([_alarm_row(alarm) for alarm in ordered], columns=list(ALARMS))
        shown = data.drop(columns=["because"])
    counts = Counter(name_of(alarm.level) for alarm in alarms)
    told = {
        "title": f"{len(ringing)} of {len(alarms)} pairs of party and commodity at {least.name} or worse",
        "levels": {name: counts[name] for name in [*(level.name for level in sorted(Level, reverse=True)), NO_DATA]},
        "asks_for": {rung.name: words.action for rung, words in rules.levels.items() if counts[rung.name]},
        "units": {name: entry.unit for name, entry in rules.indicators.items()},
        "warnings": [*meta.get("warnings", ()), *_silences(alarms)],
    }
    return Result(data, {**meta, **told}, shown=shown)


def _alarm_row(alarm: Alarm) -> dict[str, Any]:
    return {
        "place": alarm.place,
        "commodity": alarm.commodity,
        "level": name_of(alarm.level),
        "reasons": "; ".join(f"{name_of(signal.level)}: {signal.reason}" for signal in alarm.ringing),
        "because": alarm.way,
        "no_data": ", ".join(signal.indicator for signal in alarm.silent),
    }


def _signal_rows(alarms: Iterable[Alarm], rules: WatchRules, least: Level | None) -> list[dict[str, Any]]:
    return [
        {
            "place": signal.place, "commodity": signal.commodity, "indicator": signal.indicator, "value": signal.value,
            "unit": rules.indicators[signal.indicator].unit, "year": signal.year or None, "level": name_of(signal.level),
            "reason": signal.reason, "sources": " ".join(signal.sources), "confidence": signal.confidence,
            "kind": rules.kinds[signal.indicator],
        }
        for alarm in alarms
        for signal in alarm.signals
        if least is None or (signal.level is not None and signal.level >= least)
    ]  # fmt: skip


def _silences(alarms: Sequence[Alarm]) -> list[str]:
    """For each indicator, how many pairs it has no data of."""
    silent = Counter(signal.indicator for alarm in alarms for signal in alarm.silent)
    return [f"no data on {name} for {count} of {len(alarms)} pairs: not read as calm" for name, count in sorted(silent.items())]


def sources_named(ledger: Ledger, alarms: Iterable[Alarm]) -> list[dict[str, Any]]:
    """Sources and rules of law behind the signals, by id, with how sure what they said is."""
    heard: dict[str, set[str]] = {}
    for signal in (signal for alarm in alarms for signal in alarm.signals):
        for name in signal.sources:
            heard.setdefault(name, set()).add(signal.confidence)
    known, book, out = ledger.sources, RuleBook.shipped(), []
    for name, confidence in sorted(heard.items()):
        entry: dict[str, Any] = {"source": name}
        if name in book.rules:
            rule = book.rules[name]
            entry |= {"title": rule.provision, "producer": rule.instrument, "address": rule.source}
        elif name in known.index:
            row = known.loc[name]
            entry |= {key: str(row[key]) for key in ("title", "producer", "edition", "published", "licence", "address", "grade")}
        out.append(entry | {"confidence": sorted(confidence)})
    return out
