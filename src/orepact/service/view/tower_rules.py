"""``TowerRules``: from which level on a light is red or amber, and which articles bear on what (``data/shock/tower.yaml``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from orepact.shock.watch.rules import Confidence, Part, Rung
from orepact.shock.watch.signals import Alarm

#: From the worst to what nobody knows.
Light = Literal["red", "amber", "green", "no data"]
ORDER: tuple[Light, ...] = ("red", "amber", "green", "no data")


class Standing(Part):
    """Which indicators make a light by themselves, from which level on."""

    title: str
    description: str
    indicators: tuple[str, ...]
    level: Rung
    light: Light
    source: str
    confidence: Confidence


class Contents(Part):
    """From which content on a good stands in the row of an element."""

    title: str
    description: str
    from_stage: str
    least: float = Field(ge=0)
    unit: str
    source: str
    confidence: Confidence


class Supply(Part):
    """From which share of the largest maker abroad on a cell is amber."""

    title: str
    description: str
    amber: float = Field(gt=0, le=1)
    unit: str
    source: str
    confidence: Confidence


class Trend(Part):
    """Which change is none."""

    title: str
    description: str
    steady: float = Field(ge=0, le=1)
    unit: str
    source: str
    confidence: Confidence


class Months(Part):
    """Months from which on a light is amber, and red."""

    amber: float = Field(ge=0)
    red: float = Field(ge=0)


class Sites(Part):
    """What the state of a site, a date that passed and a date that moved make of it."""

    title: str
    red: tuple[str, ...]
    amber: tuple[str, ...]
    over_months: float = Field(ge=0)
    late_months: Months
    slip_months: Months
    unit: str
    source: str
    confidence: Confidence


class Bearing(Part):
    """Which article bears on which alarms, and why in words; of ``area`` and ``article`` one is given."""

    area: str = ""
    article: str = ""
    lights: tuple[Light, ...] = ()
    indicators: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    because: str


class Most(Part):
    """How much is told of each thing."""

    steps: int = Field(ge=1)
    articles: int = Field(ge=1)
    bodies: int = Field(ge=0)
    contracts: int = Field(ge=0)
    alarms: int = Field(ge=1)
    duties: int = Field(ge=1)
    changes: int = Field(ge=1)


class TowerRules(Part):
    """The whole file."""

    lights: dict[Literal["severe", "alert", "caution", "attention", "calm"], Light]
    standing: Standing
    stages: tuple[str, ...]
    contents: Contents
    supply: Supply
    trend: Trend
    sites: Sites
    states: tuple[str, ...]
    bears: tuple[Bearing, ...]
    most: Most

    @classmethod
    def shipped(cls) -> TowerRules:
        """The rules that come with the package."""
        return _shipped()

    def light(self, alarm: Alarm) -> Light:
        """The light of an alarm of the early warning; ``no data`` where it has no level."""
        if alarm.level is None:
            return "no data"
        own = self.lights[alarm.level.name]  # type: ignore[index]  # the names of the levels
        leans = any(
            signal.indicator in self.standing.indicators and (signal.level or 0) >= self.standing.level
            for signal in alarm.signals
        )
        return worst([own, self.standing.light]) if leans else own


@cache
def _shipped() -> TowerRules:
    import yaml

    text = files("orepact.data").joinpath("shock/tower.yaml").read_text(encoding="utf-8")
    return TowerRules.model_validate(yaml.safe_load(text))


def worst(lights: list[Light]) -> Light:
    """The worst of some lights; ``no data`` for none.

    >>> worst(["green", "no data", "amber"])
    'amber'
    """
    return min(lights, key=ORDER.index, default="no data")
