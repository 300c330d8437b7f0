"""What import statistics say beside what tracing says: China's part as last seller, as refiner, and by control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.report import figures
from orepact.report.brief import Basis, Column, Picture, Row, Table, joined
from orepact.report.reliance import basis_of
from orepact.report.scope import CORRIDOR, title_of
from orepact.report.words import share, uncapped

if TYPE_CHECKING:
    from orepact.measure.supply.dependence import Dependence
    from orepact.report.traced import Traced

LEADER = "CHN"
#: A part of imports below this is next to nothing.
LITTLE = 0.005
#: Elements whose trade goes to batteries for a large part; most manganese and copper is bought for other uses.
OF_BATTERIES = ("lithium", "nickel", "cobalt", "graphite")
#: What is compared, with the colour of its bars.
SIGHTS = {
    "Sold by China (import statistics)": figures.PALE,
    "Refined in China (traced)": figures.ORANGE,
    "Refined by Chinese-controlled companies (traced)": figures.RED,
}


@dataclass(frozen=True, slots=True)
class Compared:
    """China's part in one element of a country: of its imports, and of what is in its cells by place and by owner."""

    place: str
    element: str
    sold: float
    refined: float
    owned: float


@dataclass(frozen=True, eq=False)
class LastSeller:
    """Import statistics and tracing side by side; ``bought`` by country and element."""

    traced: Traced
    bought: Mapping[tuple[str, str], Dependence]

    @cached_property
    def compared(self) -> list[Compared]:
        """Every element of every country that makes cells, where imports are known."""
        found = []
        for place, element in self.traced.lines():
            by_place, by_owner = (self.traced.found(place, element, "refine", by) for by in ("place", "owner"))
            item = self.bought.get((place, element))
            if item is None or by_place is None or by_owner is None or not item.largest:
                continue
            sold = float(item.trade.sellers.get(LEADER, 0.0)) / item.trade.total("imports")
            found.append(Compared(place, element, sold, by_place.of(LEADER), by_owner.of(LEADER)))
        return found

    def widest(self) -> Compared | None:
        """Where control is furthest above what import statistics show."""
        known = [item for item in self.compared if item.element in OF_BATTERIES]
        return max(known, key=lambda item: item.owned - item.sold, default=None)

    def words(self, item: Compared) -> str:
        """One comparison in a sentence."""
        codes = self.traced.codes
        name, country = uncapped(codes.elements[item.element].title), title_of(codes, item.place)
        sold = share(item.sold) if item.sold >= LITTLE else "next to none"
        return (
            f"China sold {sold} of the {name} that {country} imported in raw and refined forms, but by the balanced year "
            f"{share(item.refined)} of the {name} in {country}'s cells was refined in China and {share(item.owned)} by companies "
            "controlled from there."
        )

    def sentences(self) -> tuple[str, ...]:
        """The widest gap."""
        item = self.widest()
        return () if item is None else (self.words(item),)

    def picture(self) -> Picture | None:
        """Bars by element, one chart for each country; None where nothing can be compared."""
        codes, drawn = self.traced.codes, {}
        for place in CORRIDOR:
            rows = {
                codes.elements[item.element].title: dict(zip(SIGHTS, (item.sold, item.refined, item.owned), strict=True))
                for item in self.compared
                if item.place == place
            }
            if rows:
                table = pd.DataFrame(rows).T.reindex(columns=list(SIGHTS))
                drawn[title_of(codes, place)] = figures.compared_bars(
                    table, SIGHTS, f"{title_of(codes, place)}'s imports and cells"
                )
        if not drawn:
            return None
        return Picture(
            id="last_seller",
            title=f"What import statistics show, and what stands behind, {self.traced.year}",
            alt="Bars of China's part by element: of imports, of refining by place and by owner; the table has every number.",
            figures=drawn,
            basis=self.basis,
            caption=(
                "China's part. Imports are the forms with a customs code in the shipped trade table, for all uses; what comes "
                "inside cathodes is not in them, which is why tracing can show more."
            ),
            table=self.table(),
            legend=tuple((name, colour, False) for name, colour in SIGHTS.items()),
            height=340,
        )

    @property
    def basis(self) -> Basis:
        """Trade and the balanced year together."""
        return joined([self.traced.basis, *(basis_of(item) for item in self.bought.values())], self.traced.basis.method)

    def table(self) -> Table:
        """The same as numbers, with the largest seller."""
        codes, rows = self.traced.codes, []
        for item in self.compared:
            bought = self.bought[item.place, item.element]
            cells = {
                "place": title_of(codes, item.place),
                "element": codes.elements[item.element].title,
                "seller": title_of(codes, bought.largest),
                "seller_share": bought.largest_share,
                "sold": item.sold,
                "refined": item.refined,
                "owned": item.owned,
            }
            own = dict.fromkeys(("seller", "seller_share", "sold"), basis_of(bought))
            rows.append(Row(cells, self.traced.basis, own))
        columns = (
            Column("place", "Cells made in"),
            Column("element", "Element"),
            Column("seller", "Largest seller"),
            Column("seller_share", "Its part of imports", "", "share"),
            Column("sold", "China's part of imports", "", "share"),
            Column("refined", "Refined in China", "", "share"),
            Column("owned", "By Chinese-controlled companies", "", "share"),
        )
        title = f"China's part, import statistics against tracing, {self.traced.year}"
        return Table("last_sellers", title, columns, tuple(rows), folded=True)
