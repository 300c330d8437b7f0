"""``flows.plot``: pictures of a result with Plotly, which is only imported when a picture is asked for.

No picture needs the network: the map draws its own outlines instead of fetching them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.errors import NotFound

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from orepact.chain.flows import Flows


@dataclass(frozen=True)
class FlowsPlot:
    """Pictures of one ``Flows``; each method returns a ``plotly.graph_objects.Figure``."""

    flows: Flows

    def sankey(self, *, element: str, year: int | None = None, top: int = 8) -> Figure:
        """An element from ore to use: places at stages, left to right, in contained tonnes a year.

        The ``top`` places have their name, the others are folded. ``year`` is the first one unless given.
        """
        from orepact.chain.plot_sankey import sankey_figure

        return sankey_figure(self.flows, element, self._year(year), top)

    def map(
        self,
        *,
        year: int | None = None,
        commodity: str | None = None,
        element: str | None = None,
        top: int = 80,
        centre_longitude: float = 150.0,
    ) -> Figure:
        """The largest flows between places on a world map (Equal Earth), of a commodity, an element, or all by value.

        The map is centred on the Pacific, where the first corridor lies; ``centre_longitude`` moves it.
        """
        from orepact.chain.plot_map import map_figure

        return map_figure(self.flows, self._year(year), commodity=commodity, element=element, top=top, centre=centre_longitude)

    def capacity(self, *, commodity: str, by: str = "status", top: int = 8) -> Figure:
        """Standing capacity by year for one main output, stacked by status, owner_country, owner or place."""
        from orepact.chain.plot_capacity import capacity_figure

        return capacity_figure(self.flows, commodity, by, top)

    def time(self, *, element: str, by: str = "place", top: int = 8) -> Figure:
        """What is mined or made of an element in every year, stacked by place or owner_country, in contained tonnes."""
        from orepact.chain.plot_time import time_figure

        return time_figure(self.flows, element, by=by, top=top)

    def _year(self, year: int | None) -> int:
        years = self.flows.years
        if year is None and years:
            return years[0]
        if year is None or year not in years:
            raise NotFound("year of these flows", str(year), map(str, years))
        return year
