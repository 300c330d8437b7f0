"""What the compilers of sites share: rows of claims about one site, conversions to the main output, provinces.

Capacities are in the unit of the main output a year. Contents, outputs and units come from the code lists, so that a change of
a nominal grade there changes the compiled capacities too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from tools.compile.claims_writer import DATA, read_raw

HAND = Path(__file__).with_name("hand")
"""Tables kept by hand: process, owner and identity of sites that the raw tables do not give."""
CODES = DATA / "codes"
FACTS = DATA / "facts"
LITHIUM_IN_CARBONATE = 0.18785
POUND_T = 0.00045359237
RATE_UNITS = {"t": "t_per_year", "MWh": "MWh_per_year", "vehicle": "vehicle_per_year", "piece": "piece_per_year"}


@dataclass
class SiteClaims:
    """Claims gathered for one table; ``add`` skips empty values so that a missing cell makes no claim."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, subject: str, attribute: str, value: object, unit: str = "text", **more: Any) -> None:
        """Add a claim; ``more`` holds ``source, as_of, confidence`` and optional columns."""
        if value in (None, "") or value != value:  # noqa: PLR0124 - NaN is the one value unequal to itself
            return
        self.rows.append({"subject": subject, "attribute": attribute, "value": value, "unit": unit, **more})

    def add_all(self, subject: str, values: Mapping[str, object], **more: Any) -> None:
        """Add one text claim for each attribute."""
        for attribute, value in values.items():
            self.add(subject, attribute, value, **more)


@dataclass(frozen=True)
class Converted:
    """A capacity in the unit of the main output; ``exact`` when nothing but the unit changed; ``how`` tells the rest."""

    value: float
    unit: str
    exact: bool
    how: str


@cache
def code_list(name: str) -> dict[str, Any]:
    """A code list by name (``commodities``, ``processes``...)."""
    content: dict[str, Any] = yaml.safe_load((CODES / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def output_of(process: str) -> str:
    """The commodity that a process makes.

    >>> output_of("hydroxide_from_spodumene")
    'lithium_hydroxide'
    """
    return str(code_list("processes")[process]["output"])


def rate_unit(process: str) -> str:
    """The unit of the yearly output of a process.

    >>> rate_unit("cell_lfp_assembly"), rate_unit("copper_mining")
    ('MWh_per_year', 't_per_year')
    """
    return RATE_UNITS[code_list("commodities")[output_of(process)]["unit"]]


def content_of(process: str, element: str) -> float:
    """Tonnes of an element in a unit of the main output of a process.

    >>> content_of("spodumene_mining", "lithium")
    0.02787
    """
    return float(code_list("commodities")[output_of(process)]["contents"][element])


def by_element(process: str, element: str, tonnes: float, said: str = "") -> Converted:
    """A capacity in tonnes of contained element as tonnes of the main output.

    >>> by_element("copper_mining", "copper", 44_000).value
    176000.0
    """
    content = content_of(process, element)
    told = said or f"{tonnes:,.10g} t {element} a year"
    how = f"{told} / {content:g} t {element} per t of {output_of(process)}"
    return Converted(tonnes / content, rate_unit(process), exact=False, how=how)


def slug(text: str) -> str:
    """A snake_case id from a name.

    >>> slug("Côte d'Or (Nº 2)"), slug("C 57 Portugal")
    ('cote_d_or_no_2', 'c_57_portugal')
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def province_at(latitude: float, longitude: float) -> str:
    """The Canadian province or territory of a point, by the straight parts of the borders.

    Right for the mining districts west of 64° W; not meant for the Atlantic provinces, the Ottawa valley or the Yukon.

    >>> province_at(48.41, -77.81), province_at(50.43, -95.44), province_at(54.86, -94.19), province_at(52.59, -93.38)
    ('CA-QC', 'CA-MB', 'CA-MB', 'CA-ON')
    """
    if latitude > 60:
        return "CA-NT" if longitude < -102 else "CA-NU"
    for border, province in ((-120, "CA-BC"), (-110, "CA-AB"), (-101.5, "CA-SK")):
        if longitude < border:
            return province
    slope = (95.15 - 88.99) / (56.87 - 52.84)
    manitoba = -95.15 + max(0.0, latitude - 52.84) * slope
    if longitude < manitoba:
        return "CA-MB"
    return "CA-ON" if longitude < -79.52 else "CA-QC"


def hand_table(name: str, key: str) -> dict[str, dict[str, str]]:
    """A table kept by hand as mappings by its key column; a key stands once."""
    frame = read_raw(HAND / f"{name}.csv")
    if frame[key].duplicated().any():
        twice = sorted(frame.loc[frame[key].duplicated(), key])
        raise ValueError(f"{name}.csv: {', '.join(twice)} more than once")
    return {str(row[key]): {str(column): str(cell) for column, cell in row.items()} for row in records(frame)}


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as mappings with text keys."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def joined_notes(parts: Iterable[str]) -> str:
    """Notes in one text, each once, separated by semicolons.

    >>> joined_notes(["a", "", "b", "a"])
    'a; b'
    """
    return "; ".join(dict.fromkeys(part.strip() for part in parts if part.strip()))
