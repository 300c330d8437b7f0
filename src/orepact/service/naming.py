"""What a person means by a commodity: an id in any case, a stage, or an element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.errors import BadInput, NotFound, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from orepact.chain import Network
    from orepact.facts import Codes

#: Where a thing enters the chain, in the place of a stage.
ENTRY = "mine"


def demand_known(**asked: Callable[[], object]) -> None:
    """Look names up, each by the name of what it was given for: of several that nobody knows all are told.

    Raises the ``NotFound`` of the only unknown one, or ``BadInput`` with a problem for each.
    """
    unknown: dict[str, NotFound] = {}
    for name, look in asked.items():
        try:
            look()
        except NotFound as error:
            unknown[name] = error
    if len(unknown) == 1:
        raise next(iter(unknown.values()))
    if unknown:
        raise BadInput(
            Problem(name, f"a known {error.kind}", repr(error.name), error.meant or "name one that there is")
            for name, error in unknown.items()
        )


def country_in(codes: Codes) -> Callable[[str], str]:
    """A function from a place to its country; a name that no code list knows stays itself."""
    return lambda place: codes.country(place) if place in codes.places or place in codes.groups else place


def commodities_named(network: Network, name: str) -> tuple[str, ...]:
    """Commodities of the network that ``name`` stands for, in the order of ``network.commodities``.

    In this order: the commodity of that id; one whose id differs in case only; all commodities of that stage
    (``cell``, ``pack``); all that hold that element. Raises ``NotFound`` with near names, or ``BadInput`` where two ids
    differ in case only and neither is written exactly so.
    """
    table = network.commodities
    if name in table.index:
        return (name,)
    wanted = name.strip().casefold()
    same = tuple(str(item) for item in table.index if str(item).casefold() == wanted)
    if len(same) > 1:
        raise BadInput([Problem("commodity", f"one of {', '.join(same)}", name, "write it exactly so")])
    if same:
        return same
    stage = _folded(table["stage"]) == wanted
    if stage.any():
        return tuple(table.index[stage].astype(str))
    holds = network.contents.loc[_folded(network.contents["element"]) == wanted, "commodity"]
    found = tuple(str(item) for item in table.index if item in set(holds))
    if not found:
        raise NotFound("commodity, stage or element", name, names_of(network))
    return found


def element_named(network: Network, name: str) -> str:
    """The element of the network that ``name`` stands for, in any case; raises ``NotFound`` with near names."""
    known = elements_of(network)
    for element in known:
        if element == name or element.casefold() == name.strip().casefold():
            return element
    raise NotFound("element", name, known)


def stage_named(network: Network, name: str) -> str:
    """The stage of the network that ``name`` stands for, in any case; raises ``NotFound`` with near names.

    ``mine`` is where a thing enters the chain, whether or not the network has a stage of that name.
    """
    stages = [str(stage) for stage in network.commodities["stage"].unique() if stage]
    wanted = name.strip().casefold()
    if wanted == ENTRY:
        return ENTRY
    if name in stages:
        return name
    known = [ENTRY, *(stage for stage in stages if stage.casefold() != ENTRY)]
    same = [stage for stage in stages if stage.casefold() == wanted]
    if not same:
        raise NotFound("stage", name, known)
    return same[0]


def elements_of(network: Network, commodities: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Elements that the network tracks, or those that some commodities hold, in order of their first mention."""
    held = network.contents[network.contents["t_per_unit"] > 0]
    if commodities is not None:
        held = held[held["commodity"].isin(commodities)]
    return tuple(str(element) for element in held["element"].unique())


def names_of(network: Network) -> list[str]:
    """Every name that ``commodities_named`` knows: commodities, stages, elements."""
    table = network.commodities
    names = [*table.index, *table["stage"].unique(), *elements_of(network)]
    return [str(name) for name in dict.fromkeys(names) if name]


def _folded(values: pd.Series) -> pd.Series:
    return values.str.casefold()
