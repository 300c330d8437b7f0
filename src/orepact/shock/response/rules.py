"""``ResponseRules``: what each response may do and how far actors look ahead, read from data/shock/responses.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from orepact.errors import BadInput, NotFound
from orepact.facts.typed_problems import problems_of
from orepact.facts.typed_yaml import laid_over, yaml_content
from orepact.shock.case.rules import Confidence, NotNegative, Positive
from orepact.shock.outcome.costing import Rates

NEVER = float("inf")


class Allowed(BaseModel):
    """What one response may do; see the head of data/shock/responses.yaml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reallocation: bool = False
    spare_capacity: bool = False
    substitution: bool = False
    new_route_weeks: NotNegative | None = None
    stockpiles: bool = False
    party_new_route_weeks: NotNegative | None = None
    party_surge_share: NotNegative = 0.0
    party_ramp_factor: Positive = 1.0
    party_priority: Positive = 1.0

    @property
    def opens(self) -> float:
        """Weeks until a new route opens; ``inf`` for never."""
        return NEVER if self.new_route_weeks is None else self.new_route_weeks

    @property
    def party_opens(self) -> float:
        """The same between two parties, never later than for everybody."""
        return self.opens if self.party_new_route_weeks is None else min(self.opens, self.party_new_route_weeks)


class Known(BaseModel):
    """One value with where it comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Any
    unit: str
    source: str
    confidence: Confidence
    title: str = ""
    description: str = ""


class Parties(Known):
    """The parties of the pact."""

    value: tuple[str, ...]


class Weeks(Known):
    """A number of weeks or of columns."""

    value: int = Field(ge=1)


class Share(Known):
    """A share."""

    value: float = Field(ge=0, lt=1)


class Blocks(Known):
    """Lengths of blocks in weeks."""

    value: tuple[int, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if min(self.value) < 1:
            raise ValueError("every block lasts at least one week")
        return self


class Response(BaseModel):
    """One response: what it adds to the one that it inherits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    description: str = ""
    inherits: str | None = None
    may: Mapping[str, Known] = {}

    @field_validator("may")
    @classmethod
    def _options(cls, may: Mapping[str, Known]) -> Mapping[str, Known]:
        Allowed.model_validate({key: known.value for key, known in may.items()})
        return may


class ResponseRules(BaseModel):
    """All responses and the horizon of decisions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 1
    parties: Parties
    decide_every_weeks: Weeks
    view_weeks: Blocks
    least_expected_weeks: Weeks
    impatience_per_week: Share
    empty_shelf_per_week: Share
    idle_output: Share
    foreseen_columns: Weeks
    responses: Mapping[str, Response]

    @model_validator(mode="after")
    def _sound(self) -> Self:
        weekly = next((at for at, weeks in enumerate(self.view_weeks.value) if weeks != 1), len(self.view_weeks.value))
        if weekly < self.decide_every_weeks.value:
            raise ValueError(f"view_weeks starts with {weekly} single weeks, fewer than decide_every_weeks")
        for name in self.responses:
            try:
                self._line(name)
            except NotFound as error:
                raise ValueError(f"{name} inherits from none: {error}") from error
        return self

    @classmethod
    def shipped(cls) -> ResponseRules:
        """The rules of data/shock/responses.yaml."""
        return _shipped()

    @classmethod
    def load(cls, path: Path) -> ResponseRules:
        """A file that states only what differs from the shipped rules; raises ``BadInput`` with every problem."""
        laid = laid_over(_raw(), yaml_content(path))
        try:
            return cls.model_validate(laid)
        except ValidationError as error:
            raise BadInput(problems_of(error, path.name, laid, cls)) from error

    @classmethod
    def of(cls, rules: ResponseRules | Path | str | None) -> ResponseRules:
        """Rules as they are given: ready, as a file, or the shipped ones."""
        if isinstance(rules, ResponseRules):
            return rules
        return cls.shipped() if rules is None else cls.load(Path(rules))

    @property
    def rates(self) -> Rates:
        """What goes on costing while nobody has the use of it."""
        return Rates(self.empty_shelf_per_week.value, self.idle_output.value)

    def allowed(self, name: str) -> Allowed:
        """What a response may do with everything that it inherits; raises ``NotFound`` for a response that is none."""
        may: dict[str, Any] = {}
        for one in self._line(name):
            may |= {key: known.value for key, known in one.may.items()}
        return Allowed(**may)

    def plus(self, name: str, inherits: str, **may: Any) -> ResponseRules:
        """The same rules with one more response that adds ``may`` to the one it inherits."""
        known = {key: Known(value=value, unit="1", source="asked for", confidence="estimated") for key, value in may.items()}
        one = Response(title=name, inherits=inherits, may=known)
        return self.model_copy(update={"responses": {**self.responses, name: one}})

    def _line(self, name: str) -> list[Response]:
        """The response and those that it inherits, the first of them first."""
        line: list[Response] = []
        at: str | None = name
        while at is not None:
            if at not in self.responses:
                raise NotFound("response", at, self.responses)
            if len(line) > len(self.responses):
                raise ValueError(f"{name} inherits itself")
            line.append(self.responses[at])
            at = line[-1].inherits
        return line[::-1]


def _raw() -> dict[str, Any]:
    import yaml

    text = files("orepact.data").joinpath("shock/responses.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


@cache
def _shipped() -> ResponseRules:
    return ResponseRules.model_validate(_raw())
