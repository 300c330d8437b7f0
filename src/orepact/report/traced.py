"""Where the battery metals in the cells of Korea, Japan and Canada come from, traced through the whole chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.chain.palette import REST as GREY
from orepact.errors import BadInput
from orepact.measure.origin import Tracing
from orepact.measure.tracing.certainty import Certainty
from orepact.measure.tracing.transfers import Transfers
from orepact.report import figures
from orepact.report.brief import Basis, Column, Picture, Row, Table
from orepact.report.scope import BUYERS, CORRIDOR, ELEMENTS, REST, thing_title, title_of
from orepact.report.words import listed, share, uncapped

if TYPE_CHECKING:
    from orepact.chain import Flows
    from orepact.facts import Codes

CELL = "cell"
#: What is asked of every element: the stage traced to, whether by place or by owner, and the words for it.
QUESTIONS = (
    ("mine", "place", "Mined or made in"),
    ("mine", "owner", "Mines or works controlled from"),
    ("refine", "place", "Refined in"),
    ("refine", "owner", "Refineries controlled from"),
)
#: Elements without a refining step of their own: the stage that stands for it.
REFINED_AT = {"graphite": "active_material"}
#: The element of which cells for consumer electronics hold much: the kinds of cell that hold it are named.
ELECTRONICS = "cobalt"
#: An element counts for a country's cells when they hold at least this much of it, in tonnes.
LEAST_TONNES = 1.0
UNKNOWN = ("unknown", "stock", "recycled")
#: Origins of their own in the picture; the others are one colour.
SHOWN = ("CHN", "COD", "IDN", "AUS", "CHL", "KOR", "JPN", "CAN")
COLOURS = dict(zip((*SHOWN, REST, "unknown"), (*figures.SERIES, GREY, figures.PALE), strict=True))


@dataclass(frozen=True, eq=False)
class TracedShare:
    """Origins of one element in the cells made in one country: ``shares`` by country (fractions, largest first)."""

    place: str
    element: str
    stage: str
    by: str
    shares: pd.Series
    tonnes: float
    estimated_share: float

    @property
    def named(self) -> pd.Series:
        """Shares of origins that are countries."""
        return self.shares[~self.shares.index.isin(UNKNOWN)]

    def of(self, country: str) -> float:
        """The share of one country."""
        return float(self.shares.get(country, 0.0))


@dataclass(frozen=True, eq=False)
class Traced:
    """Traced dependence of the cells made in each country of the corridor, in the balanced year."""

    flows: Flows
    codes: Codes
    basis: Basis

    @property
    def year(self) -> int:
        """The year of the flows."""
        return self.flows.years[0]

    def found(self, place: str, element: str, stage: str, by: str) -> TracedShare | None:
        """Origins of an element in a country's cells; None where it makes no cells that hold it."""
        key = (element, stage)
        if key not in self._known:
            self._known[key] = {(part.place, part.by): part for part in self._of_element(element, stage)}
        return self._known[key].get((place, by))

    @cached_property
    def _known(self) -> dict[tuple[str, str], dict[tuple[str, str], TracedShare]]:
        """What was asked for so far, by element and stage, then by country and place or owner."""
        return {}

    @cached_property
    def _transfers(self) -> tuple[Transfers, Certainty]:
        transfers = Transfers.of(self.flows, self.year)
        return transfers, Certainty.of(self.flows, transfers)

    def _of_element(self, element: str, stage: str) -> Iterator[TracedShare]:
        if element not in set(self.flows.network.contents["element"]):
            return
        at = REFINED_AT.get(element, stage) if stage == "refine" else stage
        tracing = Tracing.of_transfers(*self._transfers, element, stage=at)
        for place in CORRIDOR:
            nodes = self._cells(place)
            for by in (by for known, by, _ in QUESTIONS if known == stage and nodes):
                traced = self._traced(tracing, nodes, (place, element, stage, by))
                if traced is not None:
                    yield traced

    def _traced(self, tracing: Tracing, nodes: list[int], key: tuple[str, str, str, str]) -> TracedShare | None:
        try:
            origin = tracing.origin(nodes, by=key[3], basis="production")
        except BadInput:  # no cells made there hold the element
            return None
        if origin.total < LEAST_TONNES:
            return None
        country = origin.rows["origin"].map(lambda name: self.codes.country(name) if name in self.codes.places else name)
        shares = origin.rows["share"].groupby(country.to_numpy()).sum().sort_values(ascending=False, kind="stable")
        return TracedShare(*key, shares, origin.total, origin.estimated_share)

    def _cells(self, place: str) -> list[int]:
        network = self.flows.network
        cells = set(network.commodities.index[network.commodities["stage"] == CELL])
        inside = set(network.members(place)) if place in network.groups else {place}
        made = self._transfers[0].amount("made")
        return [at for at, (name, where) in enumerate(network.nodes) if name in cells and where in inside and made[at] > 0]

    def lines(self) -> list[tuple[str, str]]:
        """Country and element of each line of the tables, where anything is known."""
        return [(p, e) for p in CORRIDOR for e in ELEMENTS if self.found(p, e, "refine", "place") is not None]

    def sentences(self) -> tuple[str, ...]:
        """Who refined most of each metal in each country's cells, and countries without cells."""
        words = []
        for place in CORRIDOR:
            asked = [(e, self.found(place, e, "refine", "place")) for e in ELEMENTS]
            known = [(e, found) for e, found in asked if found is not None and len(found.named)]
            if not known:
                words.append(f"{title_of(self.codes, place)} made no cells to speak of in {self.year}.")
                continue
            words.append(f"Of what is in cells made in {title_of(self.codes, place)}, {listed(self._refiners(known))}.")
        return (*words, *filter(None, [self.holders_words(ELECTRONICS)]))

    def holders_words(self, element: str, places: tuple[str, ...] = BUYERS) -> str:
        """Which cells hold most of an element in each country's cells, "" where none does."""
        words = []
        for place in places:
            held = self.holders(place, element)
            if len(held):
                parts = [
                    f"{share(float(part))} is in the {thing_title(self.codes, str(name))}" for name, part in held.head(2).items()
                ]
                words.append(f"in {title_of(self.codes, place)} {' and '.join(parts)}")
        name = uncapped(self.codes.elements[element].title)
        return f"Of the {name} in the cells made {'; '.join(words)}." if words else ""

    def holders(self, place: str, element: str) -> pd.Series:
        """Part of an element in the cells made in a country that each kind of cell holds, largest first."""
        network = self.flows.network
        inside = set(network.members(place)) if place in network.groups else {place}
        stage, made = network.commodities["stage"], self.flows.production
        content = network.contents[network.contents["element"] == element].set_index("commodity")["t_per_unit"]
        cells = [str(name) for name in content.index if stage[name] == CELL]
        rows = made[made["commodity"].isin(cells) & made["place"].isin(inside)]
        tonnes = (rows["quantity"] * rows["commodity"].map(content).astype(float)).groupby(rows["commodity"].astype(str)).sum()
        held = tonnes[tonnes > 0].sort_values(ascending=False, kind="stable")
        return held / float(held.sum()) if len(held) else held

    def _refiners(self, known: list[tuple[str, TracedShare]]) -> list[str]:
        """The largest refiner of each element, elements with the same one together."""
        by: dict[str, list[str]] = {}
        for element, found in sorted(known, key=lambda item: -float(item[1].named.iloc[0])):
            words = f"{share(float(found.named.iloc[0]))} of the {uncapped(self.codes.elements[element].title)}"
            by.setdefault(str(found.named.index[0]), []).append(words)
        return [f"{title_of(self.codes, name)} refined {', '.join(parts)}" for name, parts in by.items()]

    # Tables --------------------------------------------------------------------------------------

    def table(self) -> Table:
        """Country and element by question: the two largest origins of each."""
        columns = [Column("place", "Cells made in"), Column("element", "Element")]
        columns += [Column("tonnes", "In the cells", "t", "number")]
        columns += [Column(f"{stage}_{by}", words) for stage, by, words in QUESTIONS]
        rows = tuple(self._row(place, element) for place, element in self.lines())
        note = (
            "Not who sold it last, but where it came from: shares of the tonnes inside the cells, mixed in proportion at every "
            "step. Darker is a larger share of one country. Synthetic graphite comes from no mine: it is made from coke, and "
            "counts where it is made. These are the cells made in the country (basis production; the command's default is "
            "supply, what was made there or arrived): orepact measure origin --commodity CELL --place KOR --element cobalt "
            f"--basis production --year {self.year} gives the same figures."
        )
        return Table("traced", f"Where the metals in the cells came from, {self.year}", tuple(columns), rows, note)

    def _row(self, place: str, element: str) -> Row:
        cells: dict[str, object] = {"place": title_of(self.codes, place), "element": self.codes.elements[element].title}
        shade = {}
        for stage, by, _ in QUESTIONS:
            found = self.found(place, element, stage, by)
            if found is not None:
                cells.setdefault("tonnes", found.tonnes)
                cells[f"{stage}_{by}"] = self.words(found)
                shade[f"{stage}_{by}"] = float(found.named.iloc[0]) if len(found.named) else 0.0
        return Row(cells, self.basis, {}, shade)

    def words(self, found: TracedShare, top: int = 2, least: float = 0.05) -> str:
        """The largest origins with their shares; unknown parts where they are large."""
        largest = found.named[found.named >= least].head(top)
        named = [f"{title_of(self.codes, str(name))} {share(part)}" for name, part in largest.items()]
        named += [f"{name} {share(found.of(name))}" for name in UNKNOWN if found.of(name) >= least]
        return ", ".join(named)

    def picture(self) -> Picture:
        """Shares of origin of each element, place against owner, mine against refinery."""
        drawn = {}
        for element in dict.fromkeys(element for _, element in self.lines()):
            bars = self._bars(element)
            drawn[self.codes.elements[element].title] = figures.share_bars(bars, {self._origin(n): c for n, c in COLOURS.items()})
        return Picture(
            id="traced_origins",
            title=f"Who stands behind the cells, {self.year}",
            alt="Stacked bars of the origin of each metal in Korean, Japanese and Canadian cells; the table lists the shares.",
            figures=drawn,
            basis=self.basis,
            caption="Each bar is all of the metal in the cells made in the country. By owner: home of the controlling company.",
            table=self.shares_table(),
            chooser="Element",
            legend=tuple((self._origin(name), colour, False) for name, colour in COLOURS.items()),
            height=360,
            wide=True,
        )

    def _bars(self, element: str) -> pd.DataFrame:
        """Shares of the shown origins (columns) by country and question (rows)."""
        rows = {}
        for place in CORRIDOR:
            for stage, by, words in QUESTIONS:
                found = self.found(place, element, stage, by)
                if found is not None:
                    known = found.shares.groupby([_shown(str(name)) for name in found.shares.index]).sum()
                    rows[f"{title_of(self.codes, place)}: {words[:1].lower()}{words[1:]}"] = known
        return pd.DataFrame(rows).T.reindex(columns=list(COLOURS)).fillna(0.0).rename(columns=self._origin)

    def _origin(self, name: str) -> str:
        return "Unknown, from stock or recycled" if name in UNKNOWN else title_of(self.codes, name)

    def shares_table(self, top: int = 6) -> Table:
        """Every larger origin of every element and country as a number, one row each."""
        rows = []
        asked = [(place, element, stage, by) for place, element in self.lines() for stage, by, _ in QUESTIONS]
        for place, element, stage, by in asked:
            found = self.found(place, element, stage, by)
            if found is None:
                continue
            for origin, part in found.shares.head(top).items():
                cells = {
                    "place": title_of(self.codes, place),
                    "element": self.codes.elements[element].title,
                    "stage": self.codes.stages[stage].title,
                    "by": by,
                    "origin": title_of(self.codes, str(origin)) if origin not in UNKNOWN else str(origin).capitalize(),
                    "share": float(part),
                    "tonnes": float(part) * found.tonnes,
                }
                rows.append(Row(cells, self.basis))
        columns = (
            Column("place", "Cells made in"),
            Column("element", "Element"),
            Column("stage", "Traced to"),
            Column("by", "By"),
            Column("origin", "Origin"),
            Column("share", "Share", "", "share"),
            Column("tonnes", "Quantity", "t", "number"),
        )
        return Table("traced_shares", f"Traced origins, {self.year}", columns, tuple(rows), folded=True, long=True)


def _shown(origin: str) -> str:
    """The origin as the picture shows it."""
    return origin if origin in SHOWN else "unknown" if origin in UNKNOWN else REST
