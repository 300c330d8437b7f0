"""Policy limits: what a scenario may demand of a plan, as frozen data.

Each kind of limit is one dataclass here (what it says) and one module in ``plan/constraints``
(its formula). ``LIMIT_KINDS`` lists them by the ``kind`` that stands in scenario files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema


def as_names(value: Any) -> Any:
    """A single name as a tuple of one; anything else unchanged.

    >>> as_names("KOR")
    ('KOR',)
    """
    return (value,) if isinstance(value, str) else value


#: Names that stand for many suppliers, or for none known; no limit binds them as if they were one.
NOT_ONE_SUPPLIER = frozenset({"", "unknown", "ROW"})

_NAME_OR_NAMES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
#: One name or a list of names; always a tuple once read.
Names = Annotated[tuple[str, ...], BeforeValidator(as_names), Field(min_length=1), WithJsonSchema(_NAME_OR_NAMES)]
Year = Annotated[int, Field(ge=1900, le=2200)]


@dataclass(frozen=True, kw_only=True)
class LargestSupplierShare:
    """No supplier gives more than ``max_share`` of what a group of nodes receives in a year.

    The node group is every listed commodity in every listed place (a place, a group or a list of them).
    ``by: place``: for each supplier place, what arrives on routes from it, or is made there when it lies inside the
    group, is at most ``max_share`` of what the group keeps: all arrivals from outside plus all production inside, less
    what it sends out again, so that shipping back and forth dilutes nobody's share.
    ``by: owner``: production of those commodities in those places by sites of one owner country is at most
    ``max_share`` of all such production. Releases from stockpiles are on neither side.
    Suppliers in ``exempt`` are not bound but count in the total, and so do ``NOT_ONE_SUPPLIER``: what nobody is known to
    own, and the rest of the world, are many suppliers. Goods that pass through a third place count as that place's.
    """

    kind: Annotated[Literal["largest_supplier_share"], Field(description="Largest share that one supplier may have.")] = (
        "largest_supplier_share"
    )
    commodities: Annotated[Names, Field(description="Commodities of the node group; all in the same unit.")]
    places: Annotated[Names, Field(description="Places of the node group: places, groups or a list of them.")]
    by: Annotated[Literal["place", "owner"], Field(description="Whose share: the supplying place or the owner's country.")] = (
        "place"
    )
    max_share: Annotated[float, Field(ge=0, le=1, description="Largest share of one supplier, 0 to 1.")]
    from_year: Annotated[Year | None, Field(description="First year that is bound; empty means from the start.")] = None
    to_year: Annotated[Year | None, Field(description="Last year that is bound; empty means to the end.")] = None
    exempt: Annotated[tuple[str, ...], BeforeValidator(as_names), Field(description="Suppliers that are not bound.")] = ()
    name: Annotated[
        str, Field(description="Name of the limit in results; children of a scenario replace a limit by its name.")
    ] = ""
    enabled: Annotated[bool, Field(description="False switches an inherited limit off.")] = True

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        _tuples(self, "commodities", "places", "exempt")

    @property
    def label(self) -> str:
        """The name, or words that say the same."""
        words = f"largest {self.by} share of {', '.join(self.commodities)} in {', '.join(self.places)}"
        return self.name or words


@dataclass(frozen=True, kw_only=True)
class CapacityTarget:
    """Sites owned from one country hold at least ``minimum`` of yearly capacity, wherever they stand.

    Capacity is that of the sites whose main output is one of ``commodities``, existing (weighted by probability)
    plus built, in units of those commodities per year. With ``shortfall_cost_usd`` the target may be missed at that
    cost per missing unit and year, and the shortfall is reported; without it the target is hard.
    """

    kind: Annotated[Literal["capacity_target"], Field(description="Least capacity of one owner country.")] = "capacity_target"
    owner_country: Annotated[str, Field(min_length=1, description="Home country of the controlling owner.")]
    commodities: Annotated[Names, Field(description="Main outputs that count; all in the same unit.")]
    minimum: Annotated[float, Field(ge=0, description="Least capacity, in units of the commodities per year.")]
    from_year: Annotated[Year | None, Field(description="First year that is bound; empty means from the start.")] = None
    to_year: Annotated[Year | None, Field(description="Last year that is bound; empty means to the end.")] = None
    shortfall_cost_usd: Annotated[
        float | None, Field(gt=0, description="Cost of one missing unit of capacity in a year; empty makes the target hard.")
    ] = None
    name: Annotated[
        str, Field(description="Name of the limit in results; children of a scenario replace a limit by its name.")
    ] = ""
    enabled: Annotated[bool, Field(description="False switches an inherited limit off.")] = True

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        _tuples(self, "commodities")

    @property
    def label(self) -> str:
        """The name, or words that say the same."""
        return self.name or f"capacity of {', '.join(self.commodities)} owned by {self.owner_country}"


#: Any limit of a scenario, told apart by ``kind``. A new limit joins here and in ``plan/constraints``.
AnyLimit = Annotated[LargestSupplierShare | CapacityTarget, Field(discriminator="kind")]

LIMIT_KINDS: dict[str, type[LargestSupplierShare | CapacityTarget]] = {
    "largest_supplier_share": LargestSupplierShare,
    "capacity_target": CapacityTarget,
}


def _tuples(limit: Any, *names: str) -> None:
    for name in names:
        object.__setattr__(limit, name, tuple(as_names(getattr(limit, name))))


def bound_years(limit: LargestSupplierShare | CapacityTarget, years: tuple[int, ...]) -> list[int]:
    """Positions in ``years`` of the model years that the limit binds.

    >>> target = CapacityTarget(owner_country="JPN", commodities=("cell",), minimum=600, from_year=2030)
    >>> bound_years(target, (2025, 2030, 2035))
    [1, 2]
    """
    first = limit.from_year if limit.from_year is not None else years[0]
    last = limit.to_year if limit.to_year is not None else years[-1]
    return [i for i, year in enumerate(years) if first <= year <= last]
