"""``Rules``: when a sum over the amounts of several owners is unsafe to tell.

Formulas, with the amounts of one sum in falling order x1 >= x2 >= ... and X their sum::

    few owners:  number of owners < least_owners
    p%-rule:     X - x1 - x2 < margin * x1        (the second could else estimate the first too well)
    dominance:   x1 + ... + xn > share * X        (asked only where given)

Source: Handbook on Statistical Disclosure Control (ESSNet SDC), chapter 4. The numbers are in ``data/disclosure/rules.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import fsum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Confidence = Literal["reported", "derived", "estimated", "unverified"]
Unsafe = Literal["", "few_owners", "p_percent", "dominance"]


class Part(BaseModel):
    """Every part of the file is frozen and knows no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Said(Part):
    """What stands beside each number."""

    title: str
    description: str
    unit: str
    source: str
    confidence: Confidence


class Count(Said):
    """A number of owners; below 3 each of two owners would know the other."""

    value: int = Field(ge=3)


class Share(Said):
    """A part of something, above 0 (at 0 only what is exact would count) and at most 1."""

    value: float = Field(gt=0, le=1)


class Largest(Part):
    """The ``largest`` owners, and the most of the sum (``share``, below 1) that they may hold together."""

    largest: int = Field(ge=1)
    share: float = Field(gt=0, lt=1)


class Dominance(Said):
    """The dominance rule, or nothing where it is not asked."""

    value: Largest | None


class Rules(Part):
    """The numbers of the rules; amounts are at least 0 in any one unit."""

    version: Literal[1]
    least_owners: Count
    margin: Share
    dominance: Dominance
    width: Share

    @classmethod
    def shipped(cls) -> Rules:
        """The rules that come with the package."""
        return _shipped()

    @classmethod
    def load(cls, over: Path | None = None) -> Rules:
        """The shipped rules with those of a YAML file laid over them; raises ``BadInput`` with every problem."""
        from orepact.facts.typed_yaml import read_model

        return read_model(Path(str(files("orepact"))) / "data" / "disclosure" / "rules.yaml", cls, over)

    def unsafe(self, amounts: Iterable[float]) -> Unsafe:
        """Why a sum over these amounts (one for each owner, at least 0) may not be told; "" when it may, or where all are 0.

        An owner with 0 counts as none: with two such beside him the only holder would pass as one of three.

        >>> Rules.shipped().unsafe([50, 50]), Rules.shipped().unsafe([90, 20, 8]), Rules.shipped().unsafe([90, 20, 9])
        ('few_owners', 'p_percent', '')
        """
        falling = sorted((amount for amount in amounts if amount > 0), reverse=True)
        if not falling:
            return ""
        if len(falling) < self.least_owners.value:
            return "few_owners"
        if fsum(falling[2:]) < self.margin.value * falling[0]:
            return "p_percent"
        limit = self.dominance.value
        if limit is not None and fsum(falling[: limit.largest]) > limit.share * fsum(falling):
            return "dominance"
        return ""


@cache
def _shipped() -> Rules:
    return Rules.load()
