"""The European Commission's criticality study of 2023 on the facts: every material and stage, ours beside the published.

The facts hold what the study prints: shares of world supply and of EU sourcing with trade parameters, import reliance,
recycling input rate, substitution index, which mixes count, and the result. Governance is ours (World Bank).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from orepact.measure.criticality import (
    NAN,
    Considered,
    Mix,
    Terms,
    governance_weight,
    is_critical,
    supply_risk_range,
)
from orepact.measure.risk.agreement import Agreement, Spans, compare

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

STAGES = ("extraction", "processing")
#: Half the steps to which the study prints shares: world supply to 0.1 %, EU sourcing to 1 %.
WORLD_STEP, SOURCING_STEP = 0.0005, 0.005
#: Attributes of one place and material, by stage.
SHARES = {"world": ("{}_share", "trade_parameter_{}"), "sourcing": ("eu_{}_sourcing_share", "eu_trade_parameter_{}")}
#: Attributes of a material.
FACTORS = (
    "eu_import_reliance_extraction", "eu_import_reliance_processing", "end_of_life_recycling_input_rate",
    "substitution_index_supply_risk", "published_supply_risk", "published_supply_risk_extraction",
    "published_supply_risk_processing", "published_economic_importance",
    "supply_considered_extraction", "supply_considered_processing",
)  # fmt: skip
GOVERNANCE = "governance_mean"


@dataclass(frozen=True, eq=False)
class StageRisk:
    """One stage of one material: the two mixes, the terms, what the study printed, and how far apart we are."""

    material: str
    stage: str
    world: Mix
    sourcing: Mix
    terms: Terms
    published: float

    @property
    def supply_risk(self) -> float:
        """Our value; NaN when an input that counts is missing."""
        return self.terms.supply_risk

    @cached_property
    def span(self) -> tuple[float, float]:
        """The lowest and highest value that the rounding of the printed inputs allows."""
        return supply_risk_range(self.terms, self.world.hhi_range, self.sourcing.hhi_range)

    @cached_property
    def completed_span(self) -> tuple[float, float]:
        """``span`` with the parts of the mixes that no printed row names given to one supplier."""
        return supply_risk_range(self.terms, self.world.completed_range, self.sourcing.completed_range)

    @property
    def gaps(self) -> dict[str, float]:
        """The part of each mix that counts and that no printed row names."""
        weights = {"world supply": self.terms.global_weight, "EU sourcing": 1 - self.terms.global_weight}
        mixes = {"world supply": self.world, "EU sourcing": self.sourcing}
        return {name: max(0.0, 1 - mix.covered) for name, mix in mixes.items() if weights[name] > 0}

    @cached_property
    def agreement(self) -> Agreement:
        """Our value against the published one, with the reason of any difference."""
        return compare(self.terms, self.published, Spans(self.span, self.completed_span, self.gaps))


@dataclass(frozen=True, eq=False)
class Assessment:
    """A material with its stages, highest supply risk first; a group of materials has members in place of stages."""

    material: str
    title: str
    stages: tuple[StageRisk, ...]
    members: tuple[Assessment, ...]
    published: float
    economic_importance: float

    @property
    def supply_risk(self) -> float:
        """The higher value of the stages, or the mean of the members of a group; NaN when it cannot be known."""
        if self.members:
            return float(np.mean([member.supply_risk for member in self.members]))
        return self.decisive.supply_risk if self.decisive else NAN

    @property
    def decisive(self) -> StageRisk | None:
        """The stage with the highest supply risk; None when no stage can be computed."""
        known = [stage for stage in self.stages if not np.isnan(stage.supply_risk)]
        return known[0] if known else None

    @property
    def at_least(self) -> tuple[str, ...]:
        """Stages (of members too) that cannot be computed though another one can: the supply risk may be higher."""
        if self.members:
            return tuple(dict.fromkeys(f"{member.title}: {name}" for member in self.members for name in member.at_least))
        return tuple(stage.stage for stage in self.stages if np.isnan(stage.supply_risk)) if self.decisive else ()

    @property
    def critical(self) -> bool | None:
        """Whether our supply risk and the published importance reach the thresholds; None when that is not known."""
        if np.isnan(self.supply_risk) or np.isnan(self.economic_importance):
            return None
        found = is_critical(self.supply_risk, self.economic_importance)
        important = is_critical(np.inf, self.economic_importance)
        return None if not found and important and self.at_least else found


@dataclass(frozen=True, eq=False)
class Study:
    """The claims of the study, winners only, and what is read from them."""

    codes: Codes
    claims: pd.DataFrame

    @classmethod
    def of(cls, ledger: Ledger) -> Study:
        """The study as the ledger knows it."""
        named = [pattern.format(stage) for patterns in SHARES.values() for pattern in patterns for stage in STAGES]
        return cls(ledger.codes, ledger.resolve([*named, *FACTORS, GOVERNANCE]))

    @cached_property
    def governance(self) -> Mapping[str, float]:
        """Governance from 0 (best) to 10 (worst) by place."""
        rows = self.claims[self.claims["attribute"] == GOVERNANCE]
        return {str(place): governance_weight(value) for place, value in zip(rows["place"], rows["number"], strict=True)}

    @cached_property
    def materials(self) -> tuple[str, ...]:
        """Every material with a published supply risk, by id."""
        rows = self.claims[self.claims["attribute"] == "published_supply_risk"]
        return tuple(sorted(rows["thing"].unique()))

    @cached_property
    def _suppliers(self) -> dict[tuple[str, str], dict[str, float]]:
        """Number by place, for each material and attribute."""
        found: dict[tuple[str, str], dict[str, float]] = {}
        rows = self.claims[(self.claims["place"] != "") & (self.claims["thing"] != "")]
        for thing, name, place, value in zip(rows["thing"], rows["attribute"], rows["place"], rows["number"], strict=True):
            found.setdefault((str(thing), str(name)), {})[str(place)] = float(value)
        return found

    @cached_property
    def _factors(self) -> dict[tuple[str, str], Any]:
        rows = self.claims[self.claims["attribute"].isin(FACTORS)]
        cells = rows["number"].astype(object).where(rows["number"].notna(), rows["text"])
        return {(str(thing), str(name)): cell for thing, name, cell in zip(rows["thing"], rows["attribute"], cells, strict=True)}

    def factor(self, material: str, attribute: str) -> float:
        """A number of a material; NaN when the study does not print it."""
        return float(self._factors.get((material, attribute), NAN))

    def claims_of(self, material: str) -> pd.DataFrame:
        """The claims of a material, of its group where that lends its sourcing, and the governance of its suppliers."""
        names = [material, *self._groups(material), *self._members(material)]
        own = self.claims[self.claims["thing"].isin(names)]
        places = set(own["place"]) - {""}
        return pd.concat([own, self.claims[(self.claims["attribute"] == GOVERNANCE) & self.claims["place"].isin(places)]])

    def trade_parameters(self, material: str, stage: str) -> dict[str, float]:
        """Trade parameters of world suppliers at a stage, where they are not 1."""
        return dict(self._suppliers.get((material, SHARES["world"][1].format(stage)), {}))

    def title(self, material: str) -> str:
        """The name of a material for people."""
        codes = self.codes
        for listed in (codes.materials, codes.elements, codes.commodities):
            if material in listed:
                return listed[material].title
        return material

    def mix(self, material: str, scope: str, stage: str) -> Mix:
        """The suppliers of a stage; of a group, where the study prints the mix only for the group."""
        for name in (material, *self._groups(material)):
            found = self._mix(name, scope, stage)
            if len(found.shares):
                return found
        return Mix.empty()

    def _mix(self, material: str, scope: str, stage: str) -> Mix:
        share, trade = (pattern.format(stage) for pattern in SHARES[scope])
        shares = self._suppliers.get((material, share), {})
        parameters = self._suppliers.get((material, trade), {})
        columns = (
            list(shares.values()),
            [self.governance.get(place, NAN) for place in shares],
            [parameters.get(place, 1.0) for place in shares],
        )
        step = WORLD_STEP if scope == "world" else SOURCING_STEP
        values, governance, weights = (np.array(column, dtype=float) for column in columns)
        return Mix(values, governance, weights, step, tuple(shares))

    def _groups(self, material: str) -> list[str]:
        return [name for name, group in self.codes.materials.items() if material in group.members]

    def _members(self, material: str) -> tuple[str, ...]:
        return self.codes.materials[material].members if material in self.codes.materials else ()

    def stage(self, material: str, stage: str) -> StageRisk:
        """One stage of a material."""
        world, sourcing = self.mix(material, "world", stage), self.mix(material, "sourcing", stage)
        considered = self._factors.get((material, f"supply_considered_{stage}"), "global and EU")
        terms = Terms(
            hhi_global=world.hhi,
            hhi_sourcing=sourcing.hhi,
            import_reliance=self.factor(material, f"eu_import_reliance_{stage}"),
            recycling_input_rate=self.factor(material, "end_of_life_recycling_input_rate"),
            substitution_index=self.factor(material, "substitution_index_supply_risk"),
            considered=cast("Considered", considered),
        )
        return StageRisk(material, stage, world, sourcing, terms, self.factor(material, f"published_supply_risk_{stage}"))

    def assess(self, material: str) -> Assessment:
        """A material with the stages that the study speaks of, or a group with its members."""
        members = tuple(self.assess(name) for name in self._members(material))
        stages = () if members else tuple(self.stage(material, name) for name in STAGES if self._speaks_of(material, name))
        ranked = sorted(stages, key=lambda found: -np.nan_to_num(found.supply_risk))
        return Assessment(
            material=material,
            title=self.title(material),
            stages=tuple(ranked),
            members=members,
            published=self.factor(material, "published_supply_risk"),
            economic_importance=self.factor(material, "published_economic_importance"),
        )

    def _speaks_of(self, material: str, stage: str) -> bool:
        names = (f"published_supply_risk_{stage}", f"eu_import_reliance_{stage}", f"supply_considered_{stage}")
        return any((material, name) in self._factors for name in names)
