"""Groups of places: who belongs to whom, followed through groups of groups."""

from __future__ import annotations

import pandas as pd


def direct_groups(group: pd.Series) -> dict[str, tuple[str, ...]]:
    """Groups that each place names in its ``group`` cell (semicolons between them), itself left out."""
    return {
        str(place): tuple(g for g in (part.strip() for part in str(cell).split(";")) if g and g != place)
        for place, cell in group.items()
    }


def group_members(group: pd.Series) -> dict[str, tuple[str, ...]]:
    """Places under each group or place, itself included when it is a place; cycles do no harm here.

    >>> group_members(pd.Series({"CA-QC": "CAN", "CAN": "G7", "JPN": "G7"}))["G7"]
    ('CA-QC', 'CAN', 'JPN')
    """
    direct = direct_groups(group)
    members: dict[str, list[str]] = {place: [] for place in direct}
    for place in direct:
        for name in ancestors(place, direct):
            members.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in members.items()}


def ancestors(place: str, direct: dict[str, tuple[str, ...]]) -> list[str]:
    """The place and every group above it."""
    seen, todo = {place: None}, [place]
    while todo:
        for above in direct.get(todo.pop(), ()):
            if above not in seen:
                seen[above] = None
                todo.append(above)
    return list(seen)


def cycles(group: pd.Series) -> list[tuple[str, ...]]:
    """Rings of places that name each other as groups, each once, starting with its first place.

    >>> cycles(pd.Series({"A": "B", "B": "C;D", "C": "A"}))
    [('A', 'B', 'C')]
    """
    import networkx as nx

    direct = direct_groups(group)
    graph = nx.DiGraph([(place, above) for place, groups in direct.items() for above in groups])
    rings = (component for component in nx.strongly_connected_components(graph) if len(component) > 1)
    return sorted(tuple(place for place in direct if place in ring) for ring in rings)
