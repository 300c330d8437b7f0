"""Scenarios: YAML that states only what differs from its parent, checked as a whole.

Reading is in ``chain/scenario_files.py``; here stands what a scenario may say.
"""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from orepact.chain.policy import AnyLimit, as_names
from orepact.chain.reference_settings import ReferenceSettings

#: Yearly rate at which later costs count less, where a scenario says nothing.
DEFAULT_DISCOUNT_RATE = 0.05

Share = Annotated[float, Field(ge=0, le=1)]
#: Sea passages that a scenario may close.
Passage = Literal[
    "babalmandab",
    "bering",
    "bosporus",
    "chili",
    "gibraltar",
    "malacca",
    "northwest",
    "ormuz",
    "panama",
    "south_africa",
    "suez",
    "sunda",
]


#: Model years lie between these and not further apart: beyond that a cost of the last one counts for nothing beside the first.
FIRST_YEAR, LAST_YEAR, LONGEST_HORIZON = 1900, 2199, 100


class Scenario(BaseModel):
    """One set of assumptions; frozen, and the same content always has the same ``hash``."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="orepact scenario")

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="Stable snake_case name.")
    title: str = Field(default="", description="One line for people.")
    description: str = Field(default="", description="What it assumes and why.")
    parent: str | None = Field(
        default=None, description="Scenario that this one starts from: a shipped id, or a YAML file beside this one."
    )
    years: tuple[int, ...] = Field(
        default=(),
        description="Model years, rising. Each stands for itself and the years before the next one. Empty: those of the network.",
    )
    discount_rate: float = Field(
        default=DEFAULT_DISCOUNT_RATE,
        ge=0,
        lt=1,
        description="Yearly rate at which later costs count less; the first model year has factor 1.",
    )
    status_probability: dict[str, Share] = Field(
        default_factory=dict,
        description="Probability that announced capacity comes, by status, where the site states none itself.",
    )
    restrictions: Annotated[tuple[Passage, ...], BeforeValidator(as_names)] = Field(
        default=(), description="Sea passages that are closed to routes."
    )
    limits: tuple[AnyLimit, ...] = Field(
        default=(),
        description="Policy limits. Named limits of a child join those of the parent and replace the ones with the same name.",
    )
    reference: ReferenceSettings = Field(
        default_factory=ReferenceSettings, description="Settings for the builder of the reference network."
    )

    @field_validator("years")
    @classmethod
    def _rising(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(later <= earlier for earlier, later in pairwise(years)):
            raise ValueError("model years that rise, each once")
        if years and (years[0] < FIRST_YEAR or years[-1] > LAST_YEAR or years[-1] - years[0] > LONGEST_HORIZON):
            between = f"from {FIRST_YEAR} to {LAST_YEAR}"
            raise ValueError(f"model years {between}, at most {LONGEST_HORIZON} from the first to the last")
        return years

    @property
    def active_limits(self) -> tuple[AnyLimit, ...]:
        """The limits that are switched on."""
        return tuple(limit for limit in self.limits if limit.enabled)

    @property
    def hash(self) -> str:
        """SHA-256 of the content (parent already merged in, its name left out), for manifests."""
        content = self.model_dump(mode="json", exclude={"parent"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @classmethod
    def load(cls, name: str | Path) -> Scenario:
        """The scenario with a shipped id or in a YAML file, its parents merged in.

        Raises ``BadInput`` with every problem of every file, ``NotFound`` for an unknown id.
        """
        from orepact.chain.scenario_files import load_scenario

        return load_scenario(name)

    @classmethod
    def from_mapping(cls, content: dict[str, Any], file: str = "scenario") -> Scenario:
        """The scenario that plain values describe; raises ``BadInput`` with every problem."""
        from orepact.chain.scenario_files import validated

        return validated(content, lambda _: file)


def scenario_schema() -> dict[str, Any]:
    """JSON Schema of a scenario file, so that editors complete and check it."""
    schema = Scenario.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
