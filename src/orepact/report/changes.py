"""What changed: output and traced dependence from one balanced year to the next, and sellers since 2015 as trade shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.report import figures
from orepact.report.brief import Basis, Column, Picture, Row, Table
from orepact.report.provenance import basis_of_claims
from orepact.report.scope import BUYERS, CORRIDOR, PRODUCTS, Product, thing_title, title_of
from orepact.report.stated import made_by_country
from orepact.report.traced import REFINED_AT
from orepact.report.words import number, share, signed_points, uncapped

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger
    from orepact.report.stated import Stated
    from orepact.report.traced import Traced

#: Goods whose trade is followed over the years.
TRADED = ("lithium_hydroxide", "lithium_carbonate", "natural_graphite_flake", "cobalt_metal")
#: Imports below this, in tonnes, have no largest seller worth a line.
LEAST_IMPORTS = 10.0
LARGEST = 12
#: Output that grows by more than this factor in a year is doubted unless sources state both years.
JUMP = 2.0
#: A source is named beside the balance when they differ by more than this part.
APART = 0.1
DOUBT = "data of one year may be missing"
COUNTRY_COLOURS = {place: figures.PARTY_COLOURS[place] for place in CORRIDOR}
LEANS_ON = "CHN"


@dataclass(frozen=True, slots=True)
class Moved:
    """Output of a product in a country in two years, in the unit of the product; ``part``: the change over the world's.

    ``said_before`` and ``said_after`` are what a source states of it, where one does.
    """

    product: Product
    country: str
    before: float
    after: float
    part: float
    said_before: float | None = None
    said_after: float | None = None

    @property
    def doubtful(self) -> bool:
        """Whether data of one year may be missing: from or to nothing or more than doubled, and no source for both years."""
        if self.said_before and self.said_after:
            return False
        return self.before <= 0 or self.after <= 0 or self.after / self.before > JUMP


@dataclass(frozen=True, eq=False)
class Changes:
    """Two balanced years side by side, and the trade of all years. ``earlier`` is None where that year cannot be balanced.

    ``stated`` are the statements of sources on output, by year.
    """

    ledger: Ledger
    now: Traced
    earlier: Traced | None
    basis: Basis
    stated: Mapping[int, Stated] = field(default_factory=dict)

    @property
    def codes(self) -> Codes:
        """The code lists of the facts."""
        return self.ledger.codes

    @property
    def year(self) -> int:
        """The later year."""
        return self.now.year

    @cached_property
    def output(self) -> list[Moved]:
        """Changes of output by product and country, the largest part of the world's output first."""
        if self.earlier is None:
            return []
        found = [moved for product in PRODUCTS for moved in self._moved(product)]
        return sorted(found, key=lambda moved: -abs(moved.part))

    def _moved(self, product: Product) -> Iterator[Moved]:
        assert self.earlier is not None
        after = made_by_country(self.now.flows, product, self.codes)
        before = made_by_country(self.earlier.flows, product, self.codes)
        world = max(sum(after.values()), sum(before.values()))
        for country in sorted(set(after) | set(before)) if world > 0 else ():
            first, last = before.get(country, 0.0), after.get(country, 0.0)
            said = (self._said(product, country, year) for year in (self.year - 1, self.year))
            yield Moved(product, country, first, last, (last - first) / world, *said)

    def _said(self, product: Product, country: str, year: int) -> float | None:
        """What a source states of the output, None where none does."""
        found = self.stated[year].of(product, country) if year in self.stated else None
        return None if found is None else found[0]

    @cached_property
    def leaning(self) -> list[tuple[str, str, str, float, float]]:
        """Country, element and owner or place: the traced share of China in refining in both years."""
        found = []
        for place, element in self.now.lines() if self.earlier is not None else ():
            for by in ("place", "owner"):
                pair = [traced.found(place, element, "refine", by) for traced in (self.earlier, self.now) if traced]
                if len(pair) == 2 and pair[0] is not None and pair[1] is not None:
                    found.append((place, element, by, pair[0].of(LEANS_ON), pair[1].of(LEANS_ON)))
        return found

    @cached_property
    def trade(self) -> pd.DataFrame:
        """Largest seller of each good to each country by year: ``commodity, place, year, seller, share, imports``."""
        codes = self.codes
        members = {leaf: place for place in CORRIDOR for leaf in (place, *codes.members(place))}
        claims = self.ledger.trade(
            list(TRADED),
            attribute="trade_quantity",
            partner=[name for name in members if name in codes.subject_places],
            resolved=True,
        )
        frame = pd.DataFrame(
            {
                "commodity": claims["thing"],
                "place": claims["partner"].map(members),
                "seller": claims["place"].map(lambda name: codes.country(name) if name in codes.places else name),
                "year": pd.to_numeric(claims["year"], errors="coerce"),
                "tonnes": claims["number"].astype(float),
            }
        ).dropna(subset=["year"])
        sold = (
            frame[frame["seller"] != frame["place"]]
            .groupby(["commodity", "place", "year", "seller"])["tonnes"]
            .sum()
            .reset_index()
        )
        if sold.empty:
            return pd.DataFrame(columns=["commodity", "place", "year", "seller", "share", "imports"])
        sold["imports"] = sold.groupby(["commodity", "place", "year"])["tonnes"].transform("sum")
        sold["share"] = sold["tonnes"] / sold["imports"]
        top = sold.sort_values("tonnes", ascending=False).drop_duplicates(["commodity", "place", "year"])
        kept = top[top["imports"] >= LEAST_IMPORTS].sort_values(["commodity", "place", "year"], ignore_index=True)
        return kept[["commodity", "place", "year", "seller", "share", "imports"]].astype({"year": int})

    @cached_property
    def trade_basis(self) -> Basis:
        """The basis of the trade of all years."""
        claims = self.ledger.trade(list(TRADED), attribute="trade_quantity")
        return basis_of_claims(claims, "share of the largest seller in the tonnes that arrived")

    def swing(self) -> tuple[str, str, float, float] | None:
        """Country, element and China's share of refining by owner in both years, where it moved most."""
        found = [(place, element, before, after) for place, element, by, before, after in self.leaning if by == "owner"]
        return max(found, key=lambda row: abs(row[3] - row[2]), default=None)

    def sentences(self) -> tuple[str, ...]:
        """The largest changes in words."""
        words = [self.output_sentence()] if self.output_sentence() else []
        found = self.swing()
        if found is not None:
            words += [self.swing_words(*found), *filter(None, [self.overruled_words(found[1])])]
        return (*words, *self._since())

    def output_sentence(self) -> str:
        """Where output moved most, of what is not in doubt; "" where nothing did."""
        top = [self._output_words(moved) for moved in self.output if moved.part and not moved.doubtful][:3]
        return f"From {self.year - 1} to {self.year} output moved most in {'; '.join(top)}." if top else ""

    def _output_words(self, moved: Moved) -> str:
        before, after = number(moved.before), number(moved.after)
        product, country = uncapped(moved.product.title), title_of(self.codes, moved.country)
        change = f"{before} to {after} {moved.product.unit}, {signed_points(moved.part)} of the world{self._stated_words(moved)}"
        return f"{product} in {country} ({change})"

    def _stated_words(self, moved: Moved) -> str:
        """What sources state, where the balance is clearly away from it."""
        pairs = ((self.year - 1, moved.before, moved.said_before), (self.year, moved.after, moved.said_after))
        far = [f"{number(said)} for {year}" for year, made, said in pairs if said and abs(made - said) > APART * said]
        return f"; sources state {' and '.join(far)}" if far else ""

    def overruled_words(self, element: str) -> str:
        """Where the balance contradicts a source on what China refines of an element in one of the years, "" where not."""
        stage, words = REFINED_AT.get(element, "refine"), []
        for _, stated in sorted(self.stated.items()):
            item = stated.overruled(element, stage, LEANS_ON)
            if item is not None:
                words.append(stated.overruled_words(item, self._producer(item.source)))
        return f"With care, for behind this a source is overruled: {'; '.join(words)}." if words else ""

    def _producer(self, source: str) -> str:
        """Who speaks, without who passed it on."""
        table = self.ledger.sources
        return str(table.loc[source, "producer"]).partition(", as ")[0] if source in table.index else source

    def swing_words(self, place: str, element: str, before: float, after: float) -> str:
        """How China's part in the refining of an element in a country's cells moved."""
        name, country = uncapped(self.codes.elements[element].title), title_of(self.codes, place)
        moved = f"went from {share(before)} to {share(after)}"
        return f"Traced by owner, China's part in refining the {name} in {country}'s cells {moved} in a year."

    def _since(self) -> list[str]:
        """For each buyer the good whose largest seller gained most since the first year."""
        words = []
        for place in BUYERS:
            rows = self.trade[self.trade["place"] == place]
            ends = [(name, part.iloc[0], part.iloc[-1]) for name, part in rows.groupby("commodity") if len(part) > 1]
            if not ends:
                continue
            name, first, last = max(ends, key=lambda end: float(end[2]["share"]) - float(end[1]["share"]))
            words.append(
                f"The largest seller of {uncapped(thing_title(self.codes, str(name)))} to {title_of(self.codes, place)} had "
                f"{share(float(first['share']))} in {first['year']} ({title_of(self.codes, first['seller'])}) and "
                f"{share(float(last['share']))} in {last['year']} ({title_of(self.codes, last['seller'])})."
            )
        return words

    # Tables and pictures -------------------------------------------------------------------------

    def output_table(self) -> Table:
        """The largest changes of output."""
        rows = []
        for moved in (moved for moved in self.output[:LARGEST] if moved.part):
            cells = {
                "product": moved.product.title,
                "country": title_of(self.codes, moved.country),
                "before": moved.before,
                "said_before": moved.said_before,
                "after": moved.after,
                "said_after": moved.said_after,
                "unit": moved.product.unit,
                "change": moved.after / moved.before - 1 if moved.before > 0 else None,
                "part": moved.part,
                "doubt": DOUBT if moved.doubtful else "",
            }
            rows.append(Row(cells, self.basis, self._said_basis(moved)))
        columns = (
            Column("product", "Product"),
            Column("country", "Country"),
            Column("before", f"{self.year - 1}, balanced", "", "number"),
            Column("said_before", "A source states", "", "number"),
            Column("after", f"{self.year}, balanced", "", "number"),
            Column("said_after", "A source states", "", "number"),
            Column("unit", "Unit a year"),
            Column("change", "Change", "", "share"),
            Column("part", "Of the world", "", "share"),
            Column("doubt", "Care"),
        )
        note = (
            "Output of plants in both balanced years; mined metal is what ore and concentrate hold (cobalt of laterites once "
            "leached). The balance weighs all sources together and can overrule one: what the firmest source on the whole of a "
            "row states stands beside it. From or to nothing, or more than doubled without such a source in both years: "
            f"{DOUBT}."
        )
        return Table("output_changes", f"Where output moved most, {self.year - 1} to {self.year}", columns, tuple(rows), note)

    def _said_basis(self, moved: Moved) -> dict[str, Basis]:
        """The basis of what sources state, by column."""
        own = {}
        for key, year in (("said_before", self.year - 1), ("said_after", self.year)):
            found = self.stated[year].of(moved.product, moved.country) if year in self.stated else None
            if found is not None:
                own[key] = Basis((found[1].source,), str(year), found[1].confidence, f"stated for {found[1].words}")
        return own

    def leaning_table(self) -> Table:
        """Traced share of China in the refining of each element, both years, by place and by owner."""
        by_key = {(place, element, by): (before, after) for place, element, by, before, after in self.leaning}
        rows = []
        for place, element in dict.fromkeys((place, element) for place, element, _, _, _ in self.leaning):
            cells: dict[str, object] = {"place": title_of(self.codes, place), "element": self.codes.elements[element].title}
            for by in ("place", "owner"):
                before, after = by_key.get((place, element, by), (None, None))
                cells |= {f"{by}_before": before, f"{by}_after": after}
                cells[f"{by}_change"] = None if before is None or after is None else 100 * (after - before)
            rows.append(Row(cells, self.basis))
        columns = [Column("place", "Cells made in"), Column("element", "Element")]
        for by, words in (("place", "Refined in China"), ("owner", "By Chinese owners")):
            columns += [Column(f"{by}_before", f"{words}, {self.year - 1}", "", "share")]
            columns += [Column(f"{by}_after", f"{words}, {self.year}", "", "share")]
            columns += [Column(f"{by}_change", "Change", "points", "number", 1)]
        title = f"Traced dependence on China, {self.year - 1} to {self.year}"
        note = "Part of each element in the cells that was refined in China, or by companies controlled from China anywhere."
        return Table("china_changes", title, tuple(columns), tuple(rows), note)

    def trade_picture(self) -> Picture | None:
        """Share of the largest seller by year, one chart for each good; None without any trade."""
        if self.trade.empty:
            return None
        drawn = {}
        for name in (name for name in TRADED if name in set(self.trade["commodity"])):
            rows = self.trade[self.trade["commodity"] == name]
            lines = {title_of(self.codes, p): part for p in CORRIDOR if len(part := rows[rows["place"] == p])}
            said = {label: [title_of(self.codes, str(seller)) for seller in part["seller"]] for label, part in lines.items()}
            series = {
                label: (part["year"].tolist(), part["share"].tolist(), said[label], COUNTRY_COLOURS[_place(self.codes, label)])
                for label, part in lines.items()
            }
            drawn[thing_title(self.codes, name)] = figures.share_lines(series, thing_title(self.codes, name))
        years = f"{self.trade['year'].min()} to {self.trade['year'].max()}"
        return Picture(
            id="largest_sellers",
            title=f"Share of the largest seller in imports, {years}",
            alt="Lines of the share of the largest seller in imports by year and country; the table has every number.",
            figures=drawn,
            basis=self.trade_basis,
            caption="As customs count it: the last seller, by tonnes that arrived. At the right that of the last year.",
            table=self.trade_table(),
            legend=tuple((title_of(self.codes, place), colour, False) for place, colour in COUNTRY_COLOURS.items()),
            height=290,
        )

    def trade_table(self) -> Table:
        """Largest seller of each good to each country by year."""
        rows = tuple(
            Row(
                {
                    "good": thing_title(self.codes, str(row.commodity)),
                    "place": title_of(self.codes, str(row.place)),
                    "year": str(row.year),
                    "seller": title_of(self.codes, str(row.seller)),
                    "share": float(str(row.share)),
                    "imports": float(str(row.imports)),
                },
                self.trade_basis,
            )
            for row in self.trade.itertuples(index=False)
        )
        columns = (
            Column("good", "Good"),
            Column("place", "Imports of"),
            Column("year", "Year"),
            Column("seller", "Largest seller"),
            Column("share", "Its share", "", "share"),
            Column("imports", "Imports", "t", "number"),
        )
        return Table("largest_sellers_by_year", "Largest sellers by year", columns, rows, folded=True, long=True)


def _place(codes: Codes, title: str) -> str:
    return next(place for place in CORRIDOR if title_of(codes, place) == title)
