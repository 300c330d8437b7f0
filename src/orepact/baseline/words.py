"""What an observation is about, and where observations disagree, in words that people read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from orepact.chain.network import Network

#: Disagreements that a result lists, and terms that one sentence names.
LISTED = 20
NAMED = 3
#: How near a factor must be to a content to be read as it.
SAME = 1e-3


class Names:
    """Names for people of the places and commodities of a network."""

    def __init__(self, network: Network) -> None:
        self._places = network.places["name"].to_dict()
        self._things = network.commodities["title"].to_dict()
        self._units = network.commodities["unit"].to_dict()
        self._sites = network.sites["name"].to_dict()
        self._made = network.main_output.to_dict()
        self._process = network.sites["process"].to_dict()
        self._contents = {
            str(name): dict(zip(rows["element"], rows["t_per_unit"], strict=True))
            for name, rows in network.contents.groupby("commodity")
        }

    def place(self, place: str) -> str:
        """Name of a place or group."""
        return str(self._places.get(place) or place)

    def thing(self, commodity: str) -> str:
        """Name of a commodity in running text."""
        title = str(self._things.get(commodity) or commodity.replace("_", " "))
        return title[0].lower() + title[1:] if title[1:2].islower() else title

    def made(self, row: Any) -> str:
        """Commodity that a term counts: its own, or the main output of its site or process."""
        return str(row.commodity or self._made.get(row.process or self._process.get(row.site, ""), ""))

    def term(self, row: Any) -> str:
        """One term in words.

        ``Korea's imports of lithium hydroxide from China``, ``Chile's output of lithium carbonate``.
        """
        thing = self.thing(self.made(row)) if self.made(row) else str(row.process)
        how = f" by {row.process}" if row.process else ""
        if row.kind == "activity":
            where = (
                str(self._sites.get(row.site) or row.site) if row.site else self.place(row.place) if row.place else "the world"
            )
            return f"{_owned(where)} output of {thing}{how}"
        if row.kind == "flow":
            return f"{_owned(self.place(row.destination))} imports of {thing} from {self.place(row.origin)}"
        what = {
            "production": "output", "export": "exports", "import": "imports", "demand": "use", "stock_change": "stock change",
        }[row.kind]  # fmt: skip
        return f"{_owned(self.place(row.place))} {what} of {thing}{how}"

    def subject(self, rows: Sequence[Any]) -> str:
        """All terms of one observation in words; of very many, the first ones."""
        terms = list(dict.fromkeys(self.term(row) for row in rows))
        named = " plus ".join(terms[:NAMED])
        return named + (f" and {len(terms) - NAMED} more" if len(terms) > NAMED else "")

    def unit(self, rows: Sequence[Any]) -> str:
        """Unit of one observation: that of its commodity, or tonnes of the element that its factors stand for."""
        factors = np.array([1.0 if np.isnan(row.factor) else row.factor for row in rows])
        things = [self.made(row) for row in rows]
        units = {str(self._units.get(thing, "")) for thing in things}
        if (factors == 1.0).all():
            return units.pop() if len(units) == 1 else ""
        common = set.intersection(*(set(self._contents.get(thing, {})) for thing in things))
        for element in sorted(common):
            held = np.array([self._contents[thing][element] for thing in things])
            if np.allclose(np.abs(factors), held, rtol=SAME):
                return f"t of {element}"
        return ""


def _owned(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def amount(number: float) -> str:
    """A quantity for people: four digits, thousands apart.

    >>> amount(61234.5), amount(0.01234)
    ('61,230', '0.01234')
    """
    if number == 0 or not np.isfinite(number):
        return f"{number:g}"
    digits = 3 - int(np.floor(np.log10(abs(number))))
    rounded = round(number, digits)
    return f"{rounded:,.0f}" if digits <= 0 else f"{rounded:,.{min(digits, 8)}f}".rstrip("0").rstrip(".")


def says(row: Any) -> str:
    """Who says how much, and how sure: ``usgs says 61,200 t (±5 %)``."""
    sure = ""
    if row.standard_deviation == 0:
        sure = " (exact)"
    elif np.isfinite(row.standard_deviation) and row.quantity != 0:
        sure = f" (±{100 * row.standard_deviation / abs(row.quantity):.2g} %)"
    doubt = "" if row.counts else ", which does not count"
    who = row.source or ("the demand table" if row.observation.startswith("demand:") else row.observation)
    return f"{who} says {_with_unit(row.quantity, row.unit)}{sure}{doubt}"


def _with_unit(number: float, unit: str) -> str:
    return f"{amount(number)} {unit}".rstrip()


def disagreements(table: pd.DataFrame, alike: pd.Series, listed: int = LISTED) -> pd.DataFrame:
    """The largest standardised residuals of ``table`` (the observations of a result), with a sentence for each.

    ``alike`` numbers what each observation measures: observations of the same quantity, such as what both sides of a
    trade report, come in one sentence.
    """
    table, alike = table[~_nobody_says(table)], alike[~_nobody_says(table).to_numpy()]
    size = table["standardised"].abs().where(table["counts"])
    worst = size.groupby(alike.to_numpy()).max().dropna()
    worst = worst[worst > 0].sort_values(ascending=False, kind="stable").head(listed)
    rows = list(_sentences(table, alike, worst))
    columns = ["words", "standardised", "fitted", "unit", "observations", "sources"]
    return pd.DataFrame(rows, columns=columns)


def _nobody_says(table: pd.DataFrame) -> pd.Series:
    """Estimates that stand under no source."""
    return (table["source"] == "") & (table["confidence"] == "estimated")


def _sentences(table: pd.DataFrame, alike: pd.Series, worst: pd.Series) -> Iterator[list[Any]]:
    for number, size in worst.items():
        rows = table[(alike == number).to_numpy()].sort_values(["counts", "observation"], ascending=[False, True])
        first = rows.iloc[0]
        told = ", ".join(says(row) for row in rows.itertuples())
        notes = "; ".join(dict.fromkeys(note for note in rows["note"] if note and not note.startswith("demand of")))
        words = (
            f"{max(rows['words'], key=len)}: {told}; the balance needs {_with_unit(first['fitted'], first['unit'])}"
            f" ({amount(round(float(size), 1))} standard deviations)" + (f". {notes}" if notes else "")
        )
        named = [", ".join(rows["observation"]), ", ".join(dict.fromkeys(s for s in rows["source"] if s))]
        yield [words, float(size), float(first["fitted"]), first["unit"], *named]
