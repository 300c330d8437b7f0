"""How much carbon a kilowatt-hour of battery cell carries, by chemistry and by the country that makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.chain.palette import REST as GREY
from orepact.measure.carbon import ON_THE_WAY, OUT_OF_STOCK, OUTSIDE
from orepact.report import figures
from orepact.report.brief import Basis, Column, Picture, Row, Table
from orepact.report.scope import BUYERS, REST, title_of
from orepact.report.traced import COLOURS
from orepact.report.words import listed, number, share, uncapped

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.measure.carbon import Basket, Carbon

CELL = "cell"
#: Countries whose cells are compared, in order; those that make none of a chemistry are left out of it.
MAKERS = ("CHN", "KOR", "JPN", "USA", "CAN", "POL", "HUN", "DEU")
#: Steps of the chain as the pictures stack them, first the earliest.
STEPS = {
    "Mines": ("mine", "concentrate"),
    "Refineries": ("refine", "recycle"),
    "Cathode and anode": ("precursor", "active_material"),
    "Other parts": ("component",),
    "Cell plant": ("cell",),
    "Transport": ("transport",),
    "Out of stocks": ("stock",),
}
STEP_COLOURS = dict(
    zip(STEPS, (figures.BROWN, figures.ORANGE, figures.GREEN, figures.SKY, figures.BLUE, GREY, figures.PALE), strict=True)
)
#: Countries of emission with a colour of their own.
EMITTERS = ("KOR", "JPN", "CHN", "IDN", "COD", "AUS", "CHL")
#: Chemistries drawn; the others stand in the table.
DRAWN = ("cell_nmc811", "cell_nmc622", "cell_nca", "cell_lfp")
LOWEST = "D"
#: The cell whose parts weigh most beside the rest, and the stages of these parts.
LOOSE, LOOSE_STAGES = "cell_lfp", ("active_material", "component")
#: Between the light grey of inputs from outside and the dark one of ships.
STOCKS = "#B5A68F"
GRADES = (
    "Data quality goes from A (mostly reported factors) to D (less than two fifths of the kilograms rest on reported or "
    "derived factors)"
)


@dataclass(frozen=True, eq=False)
class CellCarbon:
    """Footprints of the cells made in each country in the balanced year, kg CO2e per kWh of cell."""

    carbon: Carbon
    codes: Codes
    basis: Basis

    @property
    def year(self) -> int:
        """The year of the flows."""
        return self.carbon.transfers.year

    @cached_property
    def chemistries(self) -> tuple[str, ...]:
        """Cells that any of the countries makes, the one made most first."""
        made = {cell: sum(b.units for (c, _), b in self._baskets.items() if c == cell) for cell in self._cells}
        return tuple(cell for cell in sorted(made, key=lambda name: -made[name]) if made[cell] > 0)

    @property
    def known(self) -> bool:
        """Whether any factor is known at all."""
        return any(basket.kg_per_unit > 0 for basket in self._baskets.values())

    @property
    def _cells(self) -> list[str]:
        stages = self.carbon.transfers.network.commodities["stage"]
        return [str(name) for name in stages.index[stages == CELL]]

    @cached_property
    def _baskets(self) -> dict[tuple[str, str], Basket]:
        made = self._made
        return {(cell, place): self._basket([cell], place) for cell in self._cells for place in MAKERS if (cell, place) in made}

    @cached_property
    def _made(self) -> frozenset[tuple[str, str]]:
        """Cells and countries that made them."""
        transfers = self.carbon.transfers
        at = transfers.amount("made") > 0
        pairs = zip(transfers.commodity[at].astype(str), transfers.place[at].astype(str), strict=True)
        return frozenset((cell, self.codes.country(place) if place in self.codes.places else place) for cell, place in pairs)

    def _basket(self, cells: Iterable[str], place: str) -> Basket:
        network = self.carbon.transfers.network
        known = place in network.places.index or place in network.groups
        return self.carbon.basket(list(cells), network.members(place) if known else (), basis="production")

    def of(self, cell: str, place: str) -> Basket | None:
        """What the cells of one chemistry made in a country caused; None where it makes none."""
        return self._baskets.get((cell, place))

    @cached_property
    def all_of(self) -> dict[str, Basket]:
        """What all cells made in a country caused, by country."""
        made = {place for cell, place in self._baskets}
        return {place: self._basket(self._cells, place) for place in MAKERS if place in made}

    def abroad(self, place: str) -> float:
        """Part of the footprint of a country's cells that is emitted outside the country."""
        by = self._by_place(place)
        return 1.0 - float(by.get(place, 0.0)) / float(by.sum())

    def _by_place(self, place: str) -> pd.Series:
        """Kg per kWh of a country's cells by country of emission, largest first."""
        basket = self.all_of[place]
        country = basket.rows["place"].map(lambda name: self.codes.country(name) if name in self.codes.places else name)
        kg = basket.rows["kg"].groupby(country.to_numpy()).sum() / basket.units / basket.kwh_per_unit
        return kg.sort_values(ascending=False, kind="stable")

    def sentences(self) -> tuple[str, ...]:
        """What a kilowatt-hour carries by country, and where that is emitted."""
        made = {place: self.all_of[place] for place in (*BUYERS, "CHN") if place in self.all_of}
        if not made or not self.known:
            return (f"No emission factor is known for cells made in {self.year}.",)
        each = ", ".join(f"{number(basket.kg_per_kwh)} kg CO2e in {title_of(self.codes, p)}" for p, basket in made.items())
        words = [f"A kilowatt-hour of the cells made in {self.year} carries on average {each}.", *self._where()]
        absent = [title_of(self.codes, place) for place in MAKERS if place not in self.all_of]
        if absent:
            words.append(f"{' and '.join(absent)} made no cells in {self.year} and stand{'s' * (len(absent) == 1)} in no chart.")
        return tuple(words)

    def _where(self) -> list[str]:
        words = []
        for place in (place for place in BUYERS if place in self.all_of):
            by, name = self._by_place(place), title_of(self.codes, place)
            total, plant = float(by.sum()), self._steps(self.all_of[place]).get("Cell plant", 0.0)
            others = [
                f"{share(float(part) / total)} in {title_of(self.codes, str(at))}"
                for at, part in by.items()
                if at in self.codes.places and at != place
            ][:2]
            words.append(
                f"Of the carbon in {name}'s cells {share(float(by.get(place, 0.0)) / total)} is emitted in {name}, "
                f"{' and '.join(others)}; the cell plant itself causes {share(plant / total)}."
            )
        return words

    def _steps(self, basket: Basket) -> dict[str, float]:
        """Kg per kWh by step."""
        by = basket.rows["kg"].groupby(basket.rows["stage"]).sum() / basket.units / basket.kwh_per_unit
        return {step: float(by.reindex(list(stages)).sum()) for step, stages in STEPS.items()}

    # Tables and pictures -------------------------------------------------------------------------

    def matrix(self) -> Table:
        """Chemistry by country: kg CO2e per kWh and the grade."""
        places = [place for place in MAKERS if place in self.all_of]
        columns = (Column("chemistry", "Cell"), *(Column(place.lower(), title_of(self.codes, place)) for place in places))
        most = max((basket.kg_per_kwh for basket in self._baskets.values()), default=1.0) or 1.0
        rows = []
        for cell in self.chemistries:
            found = {place.lower(): self.of(cell, place) for place in places}
            cells = {key: f"{basket.kg_per_kwh:.0f} ({basket.grade or 'no grade'})" for key, basket in found.items() if basket}
            shade = {key: (basket.kg_per_kwh / most) ** 3 for key, basket in found.items() if basket}
            rows.append(Row({"chemistry": self._title(cell), **cells}, self.basis, {}, shade))
        note = (
            f"Cradle to the gate of the cell plant, kg CO2e per kWh of cell, by the power grid of each place. {GRADES}. "
            "Empty: not made there. Darker is more."
        )
        note += self._loose_words()
        return Table(
            "carbon_by_place", f"Carbon per kilowatt-hour by chemistry and place, {self.year}", columns, tuple(rows), note
        )

    def _loose_words(self, top: int = 3) -> str:
        """For a cell of the lowest grade that rests on loose factors of its parts: those parts; "" where none is that loose."""
        found = {b.units: b for (cell, _), b in self._baskets.items() if cell == LOOSE and b.grade == LOWEST}
        if not found:
            return ""
        basket = found[max(found)]
        told = basket.rows[(basket.rows["confidence"] == "estimated") & basket.rows["stage"].isin(LOOSE_STAGES)]
        told = told[told["process"].isin(list(self.codes.processes))]
        kg = told.groupby("process")["kg"].sum().nlargest(top) / basket.units / basket.kwh_per_unit
        steps = listed(
            f"{uncapped(self.codes.processes[str(name)].title)} ({number(float(part))} kg)" for name, part in kg.items()
        )
        cell = self._title(LOOSE)
        return (
            f" The {cell}'s factors of {steps} are estimates: its footprint may be overstated (grade {LOWEST})."
            if len(kg)
            else ""
        )

    def _title(self, cell: str) -> str:
        return self.codes.commodities[cell].title if cell in self.codes.commodities else cell

    def steps_picture(self) -> Picture:
        """Bars by country, stacked by step: one chart for each of the chemistries that are made most."""
        drawn, reach = {}, max((basket.kg_per_kwh for basket in self._baskets.values()), default=1.0)
        places = [title_of(self.codes, place) for place in MAKERS if place in self.all_of]
        for cell in (name for name in DRAWN if name in self.chemistries):
            made = {title_of(self.codes, p): self._steps(b) for p in MAKERS if (b := self.of(cell, p)) is not None}
            table = pd.DataFrame(made).T.reindex(index=places, columns=list(STEPS)).fillna(0.0)
            drawn[self._title(cell)] = figures.amount_bars(
                table, STEP_COLOURS, self._title(cell), "kg CO2e per kWh", 1.05 * reach
            )
        return Picture(
            id="carbon_steps",
            title=f"Where along the chain the carbon arises, {self.year}",
            alt="Stacked bars of kg CO2e per kWh of cell by country and step of the chain; the table has every number.",
            figures=drawn,
            basis=self.basis,
            caption=(
                "The same scale in every chart. Out of stocks: carried by goods that earlier years made. Cells for consumer "
                "electronics stand in the table."
            ),
            table=self.steps_table(),
            legend=tuple((step, colour, False) for step, colour in STEP_COLOURS.items()),
            height=300,
        )

    def steps_table(self) -> Table:
        """One row for each chemistry and country: output, footprint by step, grade."""
        rows = []
        for (cell, place), basket in self._baskets.items():
            steps = {_key(step): kg for step, kg in self._steps(basket).items()}
            cells = {"chemistry": self._title(cell), "place": title_of(self.codes, place), "made": basket.units / 1000}
            rows.append(Row({**cells, "total": basket.kg_per_kwh, **steps, "grade": basket.grade or "none"}, self.basis))
        columns = (
            Column("chemistry", "Cell"),
            Column("place", "Made in"),
            Column("made", "Output", "GWh", "number"),
            Column("total", "Footprint", "kg CO2e per kWh", "number"),
            *(Column(_key(step), step, "kg CO2e per kWh", "number") for step in STEPS),
            Column("grade", "Data quality"),
        )
        title = f"Carbon per kilowatt-hour by step, {self.year}"
        return Table("carbon_by_step", title, columns, tuple(rows), folded=True, long=True)

    def where_picture(self) -> Picture | None:
        """Where the carbon of each country's cells was emitted; None where no factor is known."""
        made = [place for place in (*BUYERS, "CHN", "USA") if place in self.all_of]
        if not self.known or not made:
            return None
        shown = {place: self._by_place(place) for place in made}
        labels = {**{name: title_of(self.codes, name) for name in EMITTERS}, REST: "Other countries"}
        labels |= {OUTSIDE: "Inputs from outside the chain", ON_THE_WAY: "On the way", OUT_OF_STOCK: "Out of stocks"}
        rest = (GREY, figures.PALE, "#5F6368", STOCKS)
        colours = dict(zip(labels.values(), (*(COLOURS[name] for name in EMITTERS), *rest), strict=True))
        rows = {
            title_of(self.codes, place): by.groupby([labels.get(str(name), labels[REST]) for name in by.index]).sum()
            for place, by in shown.items()
        }
        table = pd.DataFrame(rows).T.reindex(columns=list(colours)).fillna(0.0)
        figure = figures.amount_bars(table, colours, "", "kg CO2e per kWh", 1.05 * float(table.sum(axis=1).max()))
        return Picture(
            id="carbon_where",
            title=f"Where the carbon of a cell was emitted, {self.year}",
            alt="Stacked bars of kg CO2e per kWh of cell by country of emission; the table has every number.",
            figures={"": figure},
            basis=self.basis,
            caption=(
                "All cells made in the country on the left. Inputs from outside the chain are reagents, gas and other goods "
                "that are not followed to a place; out of stocks comes what was emitted in earlier years."
            ),
            table=self.where_table(shown),
            legend=tuple((label, colour, False) for label, colour in colours.items()),
            height=60 + 48 * len(made),
        )

    def where_table(self, shown: dict[str, pd.Series]) -> Table:
        """Kilograms and share by country of the cells and country of emission."""
        rows = []
        for place, by in shown.items():
            for at, kg in by[by > 0.005 * by.sum()].items():
                name = title_of(self.codes, str(at)) if at in self.codes.places else str(at).capitalize()
                cells = {"place": title_of(self.codes, place), "emitted": name, "kg": float(kg), "share": float(kg / by.sum())}
                rows.append(Row(cells, self.basis))
        columns = (
            Column("place", "Cells made in"),
            Column("emitted", "Emitted in"),
            Column("kg", "Footprint", "kg CO2e per kWh", "number"),
            Column("share", "Share", "", "share"),
        )
        title = f"Where the carbon of a cell was emitted, {self.year}"
        return Table("carbon_by_emitter", title, columns, tuple(rows), folded=True, long=True)


def _key(step: str) -> str:
    return step.lower().replace(" ", "_")
