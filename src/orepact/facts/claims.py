"""The claim: one statement of one source about one subject, and the columns of claim tables."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

CLAIM_COLUMNS = (
    "subject",
    "attribute",
    "value",
    "unit",
    "year",
    "valid_from",
    "valid_to",
    "source",
    "as_of",
    "confidence",
    "label",
    "note",
)
"""The columns of every claim table, in this order; all cells are text."""

CONFIDENCES = ("reported", "derived", "estimated", "unverified")
"""How well a claim is founded, from strong to weak; unverified claims stay out unless asked for."""

CONFIDENCE_RANK: Mapping[str, int] = {name: rank for rank, name in enumerate(CONFIDENCES)}
SORT_ORDER = ("subject", "attribute", "year", "valid_from", "source", "value")
KEY = ("subject", "attribute", "year", "valid_from")
"""What rival claims share: resolution picks one claim per key."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of a claim table, as text; ``number`` is the value as a number (NaN for text)."""

    subject: str
    attribute: str
    value: str
    unit: str
    year: str = ""
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""
    as_of: str = ""
    confidence: str = "reported"
    label: str = "TLP:CLEAR"
    note: str = ""

    @classmethod
    def from_row(cls, row: Mapping[Hashable, Any]) -> Claim:
        """The claim of one row of a claim frame; further columns are left out."""
        return cls(**{column: str(row[column]) for column in CLAIM_COLUMNS})

    @property
    def number(self) -> float:
        """The value as a number, NaN when it is text."""
        try:
            return float(self.value)
        except ValueError:
            return float("nan")

    def as_dict(self) -> dict[str, str]:
        """The claim as plain values, for JSON replies."""
        return asdict(self)


def claim_frame(claims: list[Claim]) -> pd.DataFrame:
    """Claims as a frame in the claim columns, all text."""
    rows = [claim.as_dict() for claim in claims]
    return pd.DataFrame(rows, columns=list(CLAIM_COLUMNS)).astype("str")


def sort_claims(frame: pd.DataFrame) -> pd.DataFrame:
    """The claims in the order of the claim tables: numbers by size within a source, all else by letter."""
    number = pd.to_numeric(frame["value"], errors="coerce")
    keys = frame.assign(value=number, text=frame["value"])
    order = keys.sort_values(
        [*SORT_ORDER, "text", "as_of", "confidence", "unit", "valid_to", "label", "note"], kind="stable"
    ).index
    return frame.loc[order].reset_index(drop=True)


def numbers(values: pd.Series) -> pd.Series:
    """Values as numbers; NaN for text and for what is not finite."""
    found: pd.Series = pd.to_numeric(values, errors="coerce").astype("float64")
    return found.where(found.abs() != float("inf"))
