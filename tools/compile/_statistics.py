"""Helpers shared by the compilers of public statistics: claim rows, cells of printed tables, weakest confidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tools.compile.claims_writer import CLAIM_COLUMNS

RANK = {"reported": 0, "derived": 1, "estimated": 2, "unverified": 3}
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a source: its id in the sources table and the date on which it said so."""

    source: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed number: ``value`` in the unit of the table, ``bound`` "", "more than" or "less than"."""

    value: float
    bound: str = ""


def read_cell(text: str) -> Cell | None:
    """A printed number, or None for withheld (W), not available (NA), included elsewhere (s), "Small" and empty cells.

    A dash is a true zero in these tables.

    >>> read_cell("2,310,000"), read_cell(">140,000,000"), read_cell("—"), read_cell("W")
    (Cell(value=2310000.0, bound=''), Cell(value=140000000.0, bound='more than'), Cell(value=0.0, bound=''), None)
    """
    plain = text.strip().replace(",", "")
    if plain in {"—", "–"}:
        return Cell(0.0)
    bound = {">": "more than", "<": "less than"}.get(plain[:1], "")
    try:
        return Cell(float(plain.lstrip("<>")), bound)
    except ValueError:
        return None


def claim(
    subject: str, attribute: str, value: float, unit: str, year: int | str, *, edition: Edition, confidence: str, note: str = ""
) -> Row:
    """One claim of a yearly statistic as a row of the claim tables."""
    cells = (subject, attribute, value, unit, year, "", "", edition.source, edition.as_of, confidence, "TLP:CLEAR", note)
    return dict(zip(CLAIM_COLUMNS, cells, strict=True))


def weakest(confidences: Iterable[str]) -> str:
    """The weakest of some confidences: a sum is no better founded than its worst part.

    >>> weakest(["reported", "estimated", "derived"])
    'estimated'
    """
    return max(confidences, key=RANK.__getitem__)


def joined(*parts: str) -> str:
    """Notes as one text, empty and repeated ones left out.

    >>> joined("gross weight", "", "gross weight", "rounded")
    'gross weight; rounded'
    """
    return "; ".join(dict.fromkeys(part.strip().rstrip(".") for part in parts if part.strip()))
