"""``WatchRules``: what is watched, from which value on it rings, and how several rings make one level; from YAML.

The shipped file is ``data/shock/watch.yaml``; a user's file is laid over it key by key.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from orepact.shock.watch.levels import Level

Kind = Literal["moving", "standing"]
Timing = Literal["begins_soon", "new", "standing", "ends_soon", "suspended", "suspension_ends", "suspension_over"]
Confidence = Literal["reported", "derived", "estimated", "unverified"]

#: Indicators that the program can compute; a file may leave some out, and may not name others.
INDICATORS = (
    "import_volume_change",
    "price_change",
    "dependence_change",
    "seller_lost",
    "export_control",
    "dependence",
    "stock_days",
    "supplier_governance",
)


def _level(value: Any) -> Any:
    if isinstance(value, str):
        if value not in Level.__members__ or value == "calm":
            raise ValueError("one of attention, caution, alert, severe")
        return Level[value]
    return value


Rung = Annotated[Level, BeforeValidator(_level)]


class Part(BaseModel):
    """Every part of the file is frozen and knows no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LevelWords(Part):
    """What people call a level and what it asks them to do."""

    title: str
    action: str
    korean: str = ""
    colour: str = ""


class Indicator(Part):
    """One indicator: its kind, unit and thresholds, and who says so."""

    title: str
    description: str
    kind: Kind
    unit: str
    source: str
    confidence: Confidence
    above: dict[Rung, float] = Field(default_factory=dict)
    below: dict[Rung, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """A worse level lies further out."""
        for name, sign in (("above", 1), ("below", -1)):
            values = [sign * value for _, value in sorted(getattr(self, name).items())]
            if values != sorted(values):
                raise ValueError(f"thresholds {name} that get {'larger' if sign > 0 else 'smaller'} with the level")
        return self


class Need(Part):
    """So many indicators of a kind at a level or a worse one."""

    kind: Kind
    level: Rung
    count: int = Field(ge=1)


class Way(Part):
    """One way to reach a level: all of its needs are met."""

    level: Rung
    needs: tuple[Need, ...] = Field(min_length=1)


class Combination(Part):
    """How the indicators of one commodity and party make its level."""

    title: str
    source: str
    confidence: Confidence
    unknown_standing: Literal["met", "not_met"]
    calm_needs: int = Field(ge=1)
    ways: tuple[Way, ...] = Field(min_length=1)


class Setting(Part):
    """One number of the reading, or one level."""

    title: str
    description: str
    source: str
    confidence: Confidence
    value: float = Field(default=0.0, ge=0, le=1)
    unit: str = "1"
    count: int = Field(default=0, ge=0)
    level: Rung = Level.severe


class Reading(Part):
    """What is too small or too one-sided to ring."""

    least_share_of_world_trade: Setting
    net_exporter_most: Setting
    reports_in: Setting
    governance_known_share: Setting


class ControlKind(Part):
    """Which rules are a control of this kind: what they measure -> the words or operators that make them one.

    ``counts``: whether the share of the party's imports counts alone, or that of the world's supply where it is larger.
    """

    title: str
    counts: Literal["imports", "world"]
    measures: dict[str, tuple[str, ...]]


class Controls(Part):
    """Which rules of law are export controls, and how loud each is by where it stands in time."""

    title: str
    source: str
    confidence: Confidence
    horizon_days: int = Field(ge=0)
    new_days: int = Field(ge=0)
    kinds: dict[str, ControlKind]
    covers: dict[str, dict[str, Literal["yes", "maybe"]]] = Field(default_factory=dict)
    levels: dict[str, dict[Timing, Rung]]
    share_needed: dict[Rung, float]
    unknown_share: Rung
    maybe_steps: int = Field(ge=0)

    @model_validator(mode="after")
    def _every_kind_has_levels(self) -> Self:
        missing = sorted(set(self.kinds) - set(self.levels))
        if missing:
            raise ValueError(f"levels for every kind of control; none for {', '.join(missing)}")
        for kind, levels in self.levels.items():
            absent = [timing for timing in get_args(Timing) if timing not in levels]
            if absent:
                raise ValueError(f"a level of {kind} for every timing; none for {', '.join(absent)}")
        return self

    def capped(self, level: Level, share: float) -> Level:
        """The level that a control rings at when ``share`` of imports comes from there (NaN: not known)."""
        if math.isnan(share):
            return min(level, self.unknown_share)
        return max((rung for rung, needed in self.share_needed.items() if rung <= level and share >= needed), default=Level.calm)


class WatchRules(Part):
    """The whole of a rules file."""

    parties: tuple[str, ...] = Field(min_length=1)
    levels: dict[Rung, LevelWords]
    indicators: dict[str, Indicator]
    combination: Combination
    reading: Reading
    controls: Controls
    not_traded: tuple[str, ...] = ()
    price_of: dict[str, str] = Field(default_factory=dict)
    customs_of: dict[str, str] = Field(default_factory=dict)
    supply_of: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _computable(self) -> Self:
        unknown = sorted(set(self.indicators) - set(INDICATORS))
        if unknown:
            raise ValueError(f"indicators among {', '.join(INDICATORS)}; not {', '.join(unknown)}")
        return self

    @classmethod
    def shipped(cls) -> WatchRules:
        """The rules that come with the package."""
        return cls.load()

    @classmethod
    def load(cls, over: Path | None = None) -> WatchRules:
        """The shipped rules with those of a YAML file laid over them; raises ``BadInput`` with every problem."""
        from orepact.shock.watch.rule_file import load_rules

        return load_rules(Path(str(files("orepact"))) / "data" / "shock" / "watch.yaml", over)

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Indicator -> its kind."""
        return {name: entry.kind for name, entry in self.indicators.items()}
