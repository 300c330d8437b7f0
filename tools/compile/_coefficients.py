"""The raw coefficient tables and the project's own assumptions beside them, as small lookups for the compilers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from orepact.errors import ProblemCollector
from tools.compile.claims_writer import DATA, SOURCE_COLUMNS, read_raw, write_sources

ASSUMPTIONS = Path(__file__).with_name("assumptions")
SOURCES = Path(__file__).with_name("sources")
KG_PER_T = 1000.0
Row = dict[str, Any]


def assumption_table(name: str) -> list[dict[str, str]]:
    """The rows of ``assumptions/NAME.csv`` as mappings of text."""
    rows = read_raw(ASSUMPTIONS / f"{name}.csv").to_dict("records")
    return [{str(key): str(value) for key, value in row.items()} for row in rows]


def code_list(name: str) -> dict[str, dict[str, Any]]:
    """One code list as a mapping of ids to entries."""
    entries: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "codes" / f"{name}.yaml").read_text(encoding="utf-8"))
    return entries


@cache
def contents() -> dict[str, dict[str, float]]:
    """Tonnes of each element in a unit of each commodity."""
    return {name: dict(entry.get("contents") or {}) for name, entry in code_list("commodities").items()}


@cache
def source_dates() -> dict[str, str]:
    """The ``as_of`` of each source of the coefficient and demand compilers."""
    return {row["source"]: row["as_of"] for row in assumption_table("source_list")}


def write_used_sources(claims: Iterable[Mapping[str, Any]], compiler: str, more: Iterable[Mapping[str, str]] = ()) -> None:
    """Write ``sources/COMPILER.csv`` with the sources that the claims name; unknown ones are a problem."""
    known = {row["source"]: row for row in [*assumption_table("source_list"), *more]}
    used = sorted({str(claim["source"]) for claim in claims})
    collector = ProblemCollector(f"{compiler}.csv")
    for name in used:
        if name not in known:
            collector.add("source", "a source of assumptions/source_list.csv", repr(name), "describe it there")
    collector.raise_if_any()
    rows = [{column: known[name][column] for column in SOURCE_COLUMNS} for name in used]
    write_sources(rows, SOURCES / f"{compiler}.csv")


def claim(
    key: tuple[str, str], value: tuple[object, str], basis: tuple[str, str], note: str = "", *, year: object = "", as_of: str = ""
) -> Row:
    """One claim row from (subject, attribute), (value, unit), (source, confidence); dated by its source unless given."""
    row: Row = {"subject": key[0], "attribute": key[1], "value": value[0], "unit": value[1], "year": year, "note": note}
    return row | {"source": basis[0], "confidence": basis[1], "as_of": as_of or source_dates()[basis[0]]}


@dataclass(frozen=True)
class Coefficients:
    """The folder of raw coefficients, read once and asked by key; a missing key raises ``KeyError`` with the key."""

    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        """One raw table as text."""
        return read_raw(self.folder / f"{name}.csv")

    @cached_property
    def recipes(self) -> pd.DataFrame:
        """All raw recipe rows with a numeric ``amount``."""
        table = self.table("recipes")
        return table.assign(number=pd.to_numeric(table["amount"]))

    @cached_property
    def _intensity(self) -> dict[tuple[str, str], float]:
        table = self.table("material_intensity")
        table = table[table["anode"] == "Graphite"]
        keys = zip(table["chemistry"], table["material"], strict=True)
        return dict(zip(keys, pd.to_numeric(table["amount"]), strict=True))

    @cached_property
    def _fractions(self) -> dict[tuple[str, str], float]:
        table = self.table("conversion_factors")
        keys = zip(table["compound"], table["element"], strict=True)
        return dict(zip(keys, pd.to_numeric(table["mass_fraction"]), strict=True))

    def intensity(self, chemistry: str, material: str) -> float:
        """Kilograms of a material in a kilowatt-hour with a graphite anode."""
        return self._intensity[(chemistry, material)]

    def fraction(self, compound: str, element: str) -> float:
        """Mass fraction of an element in a compound."""
        return self._fractions[(compound, element)]

    def recipe_row(self, process: str, flow: str) -> float:
        """The sourced or derived amount of one raw recipe line."""
        rows = self.recipes
        found = rows[(rows["process_id"] == process) & (rows["flow"] == flow) & (rows["status"] != "unverified")]["number"]
        if len(found) != 1:
            raise KeyError(f"recipes.csv: {len(found)} rows of {process} / {flow}")
        return float(found.iloc[0])

    def product(self, formula: str) -> float:
        """A product of raw recipe lines ``process:flow`` and compound ratios ``LiOH/LiOH.H2O:Li``, joined by ``*``."""
        result = 1.0
        for term in formula.split("*"):
            name, _, rest = term.partition(":")
            if "/" in name:
                above, below = name.split("/")
                result *= self.fraction(above, rest) / self.fraction(below, rest)
            else:
                result *= self.recipe_row(name, rest)
        return result

    def energy_density(self, chemistry: str, year: int = 2020, level: str = "cell") -> float:
        """Kilowatt-hours in a kilogram, interpolated between the years of the table."""
        table = self.table("energy_density")
        table = table[(table["chemistry"] == chemistry) & (table["level"] == level)]
        points = sorted(zip(pd.to_numeric(table["year"]), pd.to_numeric(table["value"]), strict=True))
        (first, low), (last, high) = points[0], points[-1]
        return float(low + (high - low) * (year - first) / max(last - first, 1))
