"""Read the many spellings of a place: names, ISO codes, statistical codes, old names.

The spellings stand in ``place_spellings.csv`` beside this module, one place a row.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

SPELLINGS = Path(__file__).with_name("place_spellings.csv")
CODES = Path(__file__).parents[2] / "src" / "orepact" / "data" / "codes"
PROVINCE_CODES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")
REST = "ROW"


def place_of(name: object) -> str | None:
    """The place that a name or code means (ISO alpha-3, ``CA-QC`` for a province, ``ROW`` for "other countries"), or None.

    Totals such as "World" and regions such as "Europe" are no place. Province codes: see ``province_of``.

    >>> place_of("Congo (Kinshasa)"), place_of("Korea, Republic of"), place_of("S19"), place_of(842), place_of("Türkiye")
    ('COD', 'KOR', 'TWN', 'USA', 'TUR')
    >>> place_of("Brazil (beneficiated)"), place_of("NA"), place_of("Québec"), place_of("World")
    ('BRA', 'NAM', 'CA-QC', None)
    """
    table = _spellings()
    for text in (str(name), re.sub(r"\(.*?\)|\d+$", "", str(name))):
        found = table.get(folded(text))
        if found:
            return found
    return None


def province_of(name: object) -> str | None:
    """The Canadian province or territory that a name or postal code means.

    >>> province_of("ON"), province_of("Newfoundland and Labrador"), province_of("CA-QC"), province_of("Korea")
    ('CA-ON', 'CA-NL', 'CA-QC', None)
    """
    text = str(name).strip().upper().removeprefix("CA-")
    if text in PROVINCE_CODES:
        return f"CA-{text}"
    found = place_of(name)
    return found if found and found.startswith("CA-") else None


def folded(text: str) -> str:
    """A spelling without case, accents, punctuation and leading zeros or article.

    >>> folded("  The Côte d'Ivoire "), folded("056")
    ('cote d ivoire', '56')
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in plain if not unicodedata.combining(char)).lower().replace("&", " and ")
    plain = re.sub(r"[^a-z0-9]+", " ", plain).strip().removeprefix("the ")
    return plain.lstrip("0") if plain.isdigit() else plain


@cache
def _spellings() -> dict[str, str]:
    table: dict[str, str] = {}
    with SPELLINGS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for spelling in (row["place"], *row["spellings"].split("|")):
                known = table.setdefault(folded(spelling), row["place"])
                if known != row["place"]:
                    raise ValueError(f"{spelling!r} is listed for {known} and for {row['place']}")
    return table


@dataclass(frozen=True)
class Places:
    """The places that the model knows; any other place folds to the rest of the world."""

    modelled: frozenset[str]

    @classmethod
    def shipped(cls) -> Places:
        """Places of the code list ``places.yaml``, and countries given there as groups of provinces (``CAN``)."""
        content = yaml.safe_load((CODES / "places.yaml").read_text(encoding="utf-8"))
        countries = (name for name, entry in content.get("groups", {}).items() if entry.get("kind") == "country")
        return cls(frozenset([*content["places"], *countries]))

    def fold(self, name: object) -> str:
        """The modelled place of a name or code; its parent country for an unmodelled province; else ``ROW``."""
        found = place_of(name)
        if found in self.modelled:
            return str(found)
        country = {"CA": "CAN"}.get(str(found).split("-")[0], "")
        return country if country in self.modelled else REST


def fold_to_places(names: Iterable[object], places: Places | None = None) -> list[str]:
    """Each name or code as a modelled place (``ROW`` where the model knows none), in the same order."""
    known = places or Places.shipped()
    memory: dict[object, str] = {}
    return [memory.setdefault(name, known.fold(name)) if name not in memory else memory[name] for name in names]
