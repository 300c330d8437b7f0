"""The map of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.chain.plot_map import draw_map
from orepact.service.view import atlas_names

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from orepact.facts import Codes

#: So many lines are drawn, and so many points have their name beside them.
LINES, LABELS = 40, 8


def drawn(routes: pd.DataFrame, codes: Codes, named: Callable[[str], str], unit: str) -> dict[str, Any] | None:
    """Routes ``origin, destination, quantity`` between places that have a position, the largest; None where none has."""
    moved = routes.rename(columns={"quantity": "amount"})[["origin", "destination", "amount"]]
    names = {str(each): named(str(each)) for each in {*moved["origin"], *moved["destination"]}}
    points = atlas_names.points(codes, names)
    if not (moved["origin"].isin(points.index) & moved["destination"].isin(points.index)).any():
        return None
    plot = draw_map(moved, points, unit=unit, top=LINES, labels=LABELS)
    plot.update_layout(margin={"l": 4, "r": 4, "t": 8, "b": 8})
    found: dict[str, Any] = plot.to_plotly_json()
    for name in ("template", "title"):
        found["layout"].pop(name, None)
    return found
