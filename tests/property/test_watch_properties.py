"""Laws of the watch: louder values never ring lower, names and units of quantity do not matter, silence never calms."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from orepact.shock.watch.imports import Imports, import_signals
from orepact.shock.watch.levels import Level, level_on
from orepact.shock.watch.rules import WatchRules
from orepact.shock.watch.signals import Signal, alarm_of

RULES = WatchRules.shipped()
LEVELS = st.sampled_from([None, *Level])
SETS = st.fixed_dictionaries(dict.fromkeys(RULES.indicators, LEVELS))
AMOUNTS = st.dictionaries(st.sampled_from(["AUS", "CHN", "COD", "ROW"]), st.floats(0.1, 1e6), min_size=1)


def loudness(levels: dict[str, Level | None]) -> int:
    signals = [Signal("KOR", "ore", name, math.nan, level, "") for name, level in levels.items()]
    return int(alarm_of(signals, RULES).level or 0)


@given(SETS, st.sampled_from(list(RULES.indicators)))
def test_a_worse_signal_never_lowers_the_alarm(levels: dict[str, Level | None], name: str) -> None:
    level = levels[name]
    if level is None or level is Level.severe:
        return
    assert loudness({**levels, name: Level(level + 1)}) >= loudness(levels)


@given(SETS)
def test_losing_all_that_stands_never_lowers_the_alarm_below_what_moving_ones_make_on_calm_ground(
    levels: dict[str, Level | None],
) -> None:
    calm = {name: Level.calm if RULES.kinds[name] == "standing" else level for name, level in levels.items()}
    blind = {name: None if RULES.kinds[name] == "standing" else level for name, level in levels.items()}
    assert loudness(blind) >= loudness(calm)


@given(st.floats(-2, 2), st.floats(0, 2))
def test_thresholds_are_monotone(value: float, further: float) -> None:
    entry = RULES.indicators["import_volume_change"]
    near, far = (level_on(at, entry.above, entry.below) for at in (value, value - further))
    assert near is not None
    assert far is not None
    assert far >= near


@given(AMOUNTS, AMOUNTS, st.floats(0.01, 100))
def test_the_unit_of_quantity_does_not_matter(now: dict[str, float], before: dict[str, float], factor: float) -> None:
    def read(scale: float) -> list[Signal]:
        amounts = [{seller: scale * quantity for seller, quantity in part.items()} for part in (now, before)]
        world = [2 * sum(part.values()) for part in amounts]
        imports = Imports("KOR", "ore", 2024, *amounts, world=world[0], world_before=world[1])
        return import_signals(imports, RULES, {"CHN": 5.5, "AUS": 1.0, "COD": 8.0})

    for one, other in zip(read(1.0), read(factor), strict=True):
        assert math.isclose(one.value, other.value, rel_tol=1e-9, abs_tol=1e-9) or (
            math.isnan(one.value) and math.isnan(other.value)
        )


@given(AMOUNTS, AMOUNTS)
def test_shares_stay_shares(now: dict[str, float], before: dict[str, float]) -> None:
    imports = Imports("KOR", "ore", 2024, now, before, world=1e7, world_before=1e7)
    assert math.isclose(sum(imports.share(seller) for seller in now), 1.0)
    assert 0 <= imports.most_lost[1] <= 1
    assert imports.largest == "" or imports.share(imports.largest) == max(v for k, v in now.items() if k != "ROW") / imports.total
