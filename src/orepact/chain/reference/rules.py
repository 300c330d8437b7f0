"""The rules of the reference network: data/reference/*.yaml in typed form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Statistic:
    """Output that follows a published statistic of a place.

    ``scale``: part of the statistic that is this process. ``part_attribute`` and ``less_attribute``: a share by place that
    is taken, or taken off. ``by_mass``: the statistic counts the commodity's own mass, not an element in it.
    """

    attribute: str
    thing: str
    places: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    scale: float = 1.0
    by_mass: bool = False
    part_attribute: str = ""
    less_attribute: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A statistic of several chemistries together, split by need (``members``) or by the LFP share of cars (``split``)."""

    thing: str
    attribute: str = "production"
    members: tuple[str, ...] = ()
    split: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one process is closed in the base year; the words are told at the top of ``base_year.yaml``."""

    process: str
    statistic: Statistic | None = None
    family: Family | None = None
    close: str = ""
    part: float | str | None = None
    moves: bool = True

    @property
    def covers_the_world(self) -> bool:
        """Whether a statistic alone says all output."""
        return self.statistic is not None and not self.close


@dataclass(frozen=True, slots=True)
class Draw:
    """Where the uses of an element outside batteries draw: ``part`` of them at ``commodity``.

    The statistic counts the element at ``counted_at``, so losses from there to ``commodity`` are part of it.
    """

    commodity: str
    part: float
    counted_at: str


@dataclass(frozen=True, slots=True)
class FinalUses:
    """What the chain serves at its end (``final_uses.yaml``)."""

    outside_batteries: dict[str, tuple[Draw, ...]]
    remainder: tuple[str, ...]
    spread_by: str
    storage_spread_by: str
    heavy_vehicles: tuple[str, ...]
    heavy_lfp_share: dict[str, float]
    price_usd: dict[str, float]

    def heavy_lfp(self, place: str) -> float:
        """Part of the battery energy of vans, buses and trucks in a place that is LFP."""
        return self.heavy_lfp_share.get(place, self.heavy_lfp_share["elsewhere"])


@dataclass(frozen=True, slots=True)
class SiteRules:
    """Where things may be built and what is taken for granted about owners and waits (``sites.yaml``)."""

    domestic_residual_owner: tuple[str, ...]
    newcomers: dict[str, tuple[str, ...]]
    usual_years_to_start: dict[str, int]
    status_probability: dict[str, float]
    residual_lead_time_years: float
    battery_worth_usd: dict[str, float]
    expansion_multiple: dict[str, float]


@cache
def base_year_rules() -> dict[str, Rule]:
    """Rules by process, in the order of the file: downstream first."""
    return {process: _rule(process, dict(given)) for process, given in read_rules("base_year").items()}


@cache
def final_uses() -> FinalUses:
    """The rules of final demand."""
    given = read_rules("final_uses")
    draws = {element: tuple(_draw(**draw) for draw in listed) for element, listed in given.pop("outside_batteries").items()}
    return FinalUses(outside_batteries=draws, **_tuples(given))


@cache
def site_rules() -> SiteRules:
    """The rules of sites."""
    given = read_rules("sites")
    newcomers = {stage: tuple(places) for stage, places in given.pop("newcomers").items()}
    return SiteRules(newcomers=newcomers, **_tuples(given))


def _rule(process: str, given: dict[str, Any]) -> Rule:
    statistic, family = given.pop("statistic", None), given.pop("family", None)
    if statistic is not None:
        statistic = Statistic(**_tuples({"except_" if name == "except" else name: value for name, value in statistic.items()}))
    return Rule(process, statistic, Family(**_tuples(family)) if family else None, **given)


def _draw(commodity: str, part: float, counted_at: str = "") -> Draw:
    return Draw(commodity, part, counted_at or commodity)


def _tuples(given: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}


def read_rules(name: str) -> dict[str, Any]:
    """One file of data/reference as plain values."""
    import yaml

    text = files("orepact.data").joinpath(f"reference/{name}.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    read: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506  both loaders are the safe one
    return read
