"""Which of rival claims counts: one written rule, the same for every key, and a reason for each loser.

Rivals share subject, attribute, year and valid_from. Of two rivals the stronger is the one with, in this order,

1. the stronger confidence: reported, derived, estimated, unverified;
2. the better grade of its source: A, B, C, D;
3. the later ``as_of`` (by its last day, then its first);
4. the source id that comes first in the alphabet;
5. the smaller value, then unit, valid_to, label and note in alphabetical order, so that the answer never depends on row order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orepact.facts.claims import CONFIDENCE_RANK, KEY, Claim
from orepact.facts.dates import periods
from orepact.facts.sources import GRADES, grades_of

LEVELS = ("confidence", "grade", "as_of", "source", "value", "unit", "valid_to", "label", "note")
Ranks = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Why:
    """The winner of one key and its losers, each with the reason in words; ``keys`` are all (year, valid_from) of the subject."""

    winner: Claim | None
    losers: tuple[tuple[Claim, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()


def resolve(claims: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The winning claim of each key, with ``rivals`` (how many it beat), sorted by key. ``sources`` is indexed by id."""
    ordered = claims.iloc[_order(claims, sources)]
    key = list(KEY)
    first = ~ordered.duplicated(key, keep="first").to_numpy()
    starts = np.flatnonzero(first)
    counts = np.diff(np.append(starts, len(ordered)))
    return ordered[first].assign(rivals=counts - 1).reset_index(drop=True)


def explain(claims: pd.DataFrame, sources: pd.DataFrame) -> tuple[tuple[Claim, str], ...]:
    """The rivals of *one* key from strongest to weakest, each with the reason why the strongest beat it ("" for itself)."""
    ordered = claims.iloc[_order(claims, sources)].reset_index(drop=True)
    ranks = _ranks(ordered, sources)
    rows = [Claim.from_row(row) for row in ordered.to_dict("records")]
    grades = [str(sources["grade"].get(claim.source, "?")) for claim in rows]
    return tuple(
        (claim, "" if place == 0 else _reason(rows[0], claim, (grades[0], grades[place]), _first_difference(ranks, place)))
        for place, claim in enumerate(rows)
    )


def _order(claims: pd.DataFrame, sources: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Positions of the claims, by key and then from the strongest to the weakest."""
    keys = [_letters(claims[column]) for column in KEY]
    levels = [level for _, level in _levels(_ranks(claims, sources))]
    return np.lexsort([*reversed(levels), *reversed(keys)])


def _ranks(claims: pd.DataFrame, sources: pd.DataFrame) -> Ranks:
    confidence = claims["confidence"].map(CONFIDENCE_RANK).fillna(len(CONFIDENCE_RANK)).to_numpy(dtype=np.int64)
    start, end = periods(claims["as_of"])
    number = pd.to_numeric(claims["value"], errors="coerce").to_numpy(dtype=np.float64)
    return {
        "confidence": confidence,
        "grade": grades_of(claims["source"], sources),
        "as_of": -end,
        "as_of_start": -start,
        "source": _letters(claims["source"]),
        "value": np.where(np.isnan(number), np.inf, number),
        "value_text": _letters(claims["value"]),
        **{column: _letters(claims[column]) for column in ("unit", "valid_to", "label", "note")},
    }


def _levels(ranks: Ranks) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for name, rank in ranks.items():
        yield name.removesuffix("_start").removesuffix("_text"), rank


def _letters(cells: pd.Series) -> npt.NDArray[np.int64]:
    """Rank of each cell in alphabetical order."""
    positions, unique = pd.factorize(cells)
    order = np.argsort(np.asarray(unique, dtype=object))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[positions] if len(rank) else np.empty(0, dtype=np.int64)


def _first_difference(ranks: Ranks, place: int) -> str:
    return next((level for level, rank in _levels(ranks) if rank[place] != rank[0]), "")


def _reason(winner: Claim, loser: Claim, grades: tuple[str, str], level: str) -> str:
    """Why the winner beat the loser, in words."""
    same = "says the same; " if (winner.value, winner.unit) == (loser.value, loser.unit) else ""
    words = {
        "confidence": f"{loser.confidence} is weaker than {winner.confidence}",
        "grade": f"source grade {grades[1]} ({GRADES.get(grades[1], 'unknown')}) is below {grades[0]}",
        "as_of": f"said {loser.as_of}, before {winner.as_of}",
        "source": f"equal standing; {winner.source} comes before {loser.source} in the alphabet",
        "value": f"equal standing, same source; the smaller value {winner.value} is taken",
        "": "the same claim again",
    }
    return same + words.get(level, f"equal standing, same source; {level} comes later in the alphabet")
