"""``CaseRules``: what a usual week assumes beyond the flows, read from data/shock/*.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from orepact.errors import BadInput, Problem, ProblemCollector

if TYPE_CHECKING:
    from pydantic import ValidationError

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Confidence = Annotated[str, Field(pattern="^(reported|derived|estimated|unverified)$")]


class Entry(BaseModel):
    """One assumption: what it is called, who says so and how sure that is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    source: str
    confidence: Confidence


class Setting(Entry):
    """One number of a file, with its unit."""

    value: NotNegative
    unit: str
    description: str = ""


class Capacity(Entry):
    """What works of one stage can do beyond the usual; see data/shock/capacities.yaml."""

    headroom: NotNegative
    usable_share: Share
    ramp_weeks: NotNegative


class Flexible(Entry):
    """Processes at one place that may take over a share of each other's usual output."""

    processes: tuple[str, ...]
    share: Share


class Inventory(Entry):
    """Commercial stock of the goods of one stage, in days; see data/shock/inventories.yaml."""

    used_days: NotNegative
    made_days: NotNegative
    floor_share: Share


class Substitution(Entry):
    """What buyers may take instead; see data/shock/substitutions.yaml."""

    wanted: str
    instead: str
    units_per_unit: Positive
    most_share: Share
    delay_weeks: NotNegative
    cost_usd_per_unit: float


class Stockpile(Entry):
    """A public stock of one party; ``known: false`` where nothing usable is published."""

    party: str
    rule: str = ""
    known: bool = True
    days: NotNegative = 0.0
    commodities: tuple[str, ...] = ()
    floor_share: Share = 0.0
    release_weeks: Positive = 1.0


class Way(Entry):
    """A way that takes longer than its distance says; see data/shock/ways.yaml."""

    origin: str
    commodities: tuple[str, ...]
    destinations: tuple[str, ...] = ()
    weeks: NotNegative


class File(BaseModel):
    """One file of data/shock."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int = 1


class Thinning(File):
    """data/shock/thinning.yaml."""

    above_routes: Setting
    least_share: Setting
    spare_suppliers: Setting
    supplier_share: Setting
    buyer_share: Setting


class Capacities(File):
    """data/shock/capacities.yaml."""

    stages: dict[str, Capacity]
    default: Capacity
    flexible: tuple[Flexible, ...] = ()


class Inventories(File):
    """data/shock/inventories.yaml: by good where it has figures of its own, else by stage."""

    stages: dict[str, Inventory]
    default: Inventory
    goods: dict[str, Inventory] = {}

    def of(self, good: str, stage: str) -> Inventory:
        """What is assumed of one good."""
        return self.goods.get(good) or self.stages.get(stage) or self.default


class Substitutions(File):
    """data/shock/substitutions.yaml."""

    substitutions: tuple[Substitution, ...]


class Stockpiles(File):
    """data/shock/stockpiles.yaml."""

    stockpiles: tuple[Stockpile, ...]


class Ways(File):
    """data/shock/ways.yaml."""

    ways: tuple[Way, ...]


AnyFile = TypeVar("AnyFile", bound=File)


class CaseRules(BaseModel):
    """Everything that a usual week assumes beyond the flows.

    ``capacities`` and ``inventories`` are None for a network that must speak for itself: an empty capacity then means no limit
    and no commercial stock is assumed.
    """

    model_config = ConfigDict(frozen=True)

    thinning: Thinning
    capacities: Capacities | None = None
    inventories: Inventories | None = None
    substitutions: tuple[Substitution, ...] = ()
    stockpiles: tuple[Stockpile, ...] = ()
    ways: tuple[Way, ...] = ()

    @classmethod
    def reference(cls, folder: Path | None = None) -> CaseRules:
        """The shipped assumptions for the reference network; a file of the same name in ``folder`` stands in for a shipped one.

        Raises ``BadInput`` with every problem of the files in ``folder``.
        """
        read = _Reader(folder)
        rules = {
            "thinning": read("thinning", Thinning),
            "capacities": read("capacities", Capacities),
            "inventories": read("inventories", Inventories),
            "substitutions": read("substitutions", Substitutions),
            "stockpiles": read("stockpiles", Stockpiles),
            "ways": read("ways", Ways),
        }
        if read.problems:
            raise BadInput(read.problems)
        listed = {name: getattr(rules[name], name) for name in ("substitutions", "stockpiles", "ways")}
        return cls(**(rules | listed))

    @classmethod
    def package(cls) -> CaseRules:
        """The assumptions for a network package: only what it states, and what buyers of its goods may take instead."""
        shipped = cls.reference()
        return cls(thinning=shipped.thinning, substitutions=shipped.substitutions)


class _Reader:
    """Reads rule files and gathers what is wrong with them."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def __call__(self, name: str, kind: type[AnyFile]) -> AnyFile | None:
        from pydantic import ValidationError

        own = None if self.folder is None else self.folder / f"{name}.yaml"
        try:
            if own is None or not own.is_file():
                shipped: AnyFile = _shipped(name, kind)
                return shipped
            return kind.model_validate(_content(own))
        except ValidationError as error:
            self.problems += _problems(error, f"{name}.yaml")
        except BadInput as error:
            self.problems += error.problems
        return None


@cache
def _shipped(name: str, kind: type[AnyFile]) -> AnyFile:
    import yaml

    text = files("orepact.data").joinpath(f"shock/{name}.yaml").read_text(encoding="utf-8")
    read: AnyFile = kind.model_validate(yaml.safe_load(text))
    return read


def _content(path: Path) -> Mapping[str, Any]:
    """One YAML file as a mapping; raises ``BadInput`` when it is not one."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput([Problem("content", "YAML in UTF-8", str(error).splitlines()[0], "mend the file", path.name)]) from error
    if not isinstance(content, dict):
        raise BadInput([Problem("content", "keys with values", type(content).__name__, "see the shipped file", path.name)])
    return content


def _problems(error: ValidationError, file: str) -> list[Problem]:
    found = ProblemCollector(file)
    for one in error.errors():
        where = ".".join(map(str, one["loc"])) or "content"
        given = one["input"] if isinstance(one["input"], (str, int, float)) else type(one["input"]).__name__
        found.add(where, one["msg"], repr(given), "see the shipped file of this name")
    return found.problems
