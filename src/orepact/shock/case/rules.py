"""``CaseRules``: what a usual week assumes beyond the flows, read from data/shock/*.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from orepact.errors import BadInput
from orepact.shock.case.rule_files import RuleFiles

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


class Price(BaseModel):
    """An estimated price of a good without a list price; ``unit`` is USD per unit of the good."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Positive
    unit: str
    source: str
    confidence: Confidence


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
    stock_building_told: Setting | None = None

    def of(self, good: str, stage: str) -> Inventory:
        """What is assumed of one good."""
        return self.goods.get(good) or self.stages.get(stage) or self.default


class Prices(File):
    """data/shock/prices.yaml."""

    prices: dict[str, Price]


class Substitutions(File):
    """data/shock/substitutions.yaml."""

    substitutions: tuple[Substitution, ...]


class Stockpiles(File):
    """data/shock/stockpiles.yaml."""

    stockpiles: tuple[Stockpile, ...]


class Ways(File):
    """data/shock/ways.yaml."""

    ways: tuple[Way, ...]


FILES: dict[str, type[File]] = {
    "thinning": Thinning,
    "capacities": Capacities,
    "inventories": Inventories,
    "substitutions": Substitutions,
    "stockpiles": Stockpiles,
    "ways": Ways,
    "prices": Prices,
}


class CaseRules(BaseModel):
    """Everything that a usual week assumes beyond the flows.

    ``capacities`` and ``inventories`` are None for a network that must speak for itself: an empty capacity then means no limit
    and no commercial stock is assumed. ``thinning`` is None where every route is kept. ``prices`` is None for it too: its goods
    are worth their list price, else what their recipes take in.
    """

    model_config = ConfigDict(frozen=True)

    thinning: Thinning | None = None
    capacities: Capacities | None = None
    inventories: Inventories | None = None
    substitutions: tuple[Substitution, ...] = ()
    stockpiles: tuple[Stockpile, ...] = ()
    ways: tuple[Way, ...] = ()
    prices: Prices | None = None

    @property
    def names(self) -> dict[str, set[str]]:
        """Every good, stage, process and party that an assumption is about."""
        capacities, inventories = self.capacities, self.inventories
        goods = {good for rule in self.substitutions for good in (rule.wanted, rule.instead)}
        goods |= {good for entry in self.stockpiles for good in entry.commodities}
        goods |= {good for way in self.ways for good in way.commodities}
        goods |= set(inventories.goods) if inventories else set()
        goods |= set(self.prices.prices) if self.prices else set()
        stages = (set(capacities.stages) if capacities else set()) | (set(inventories.stages) if inventories else set())
        families = capacities.flexible if capacities else ()
        return {
            "good": goods,
            "stage": stages,
            "process": {name for family in families for name in family.processes},
            "party": {entry.party for entry in self.stockpiles},
        }

    @classmethod
    def reference(cls, folder: Path | None = None) -> CaseRules:
        """The shipped assumptions for the reference network; a file of the same name in ``folder`` stands in for a shipped one.

        Raises ``BadInput`` with every problem of the files in ``folder``.
        """
        read = RuleFiles(folder)
        rules: dict[str, Any] = {name: read(name, kind) for name, kind in FILES.items()}
        if read.problems:
            raise BadInput(read.problems)
        listed = {name: getattr(rules[name], name) for name in ("substitutions", "stockpiles", "ways")}
        return cls(**(rules | listed))

    @classmethod
    def package(cls, folder: Path | None = None) -> CaseRules:
        """The assumptions for a network package: only what it states, and what the files in ``folder`` say beside it.

        Without a file of its own no route is left out and nothing may be taken instead of what is wanted. Raises
        ``BadInput`` with every problem of the files in ``folder``.
        """
        read = RuleFiles(folder)
        rules: dict[str, Any] = {name: read.own(name, kind) for name, kind in FILES.items()}
        if read.problems:
            raise BadInput(read.problems)
        listed = {name: getattr(rules[name], name, ()) for name in ("substitutions", "stockpiles", "ways")}
        return cls(**(rules | listed))
