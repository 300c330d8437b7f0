"""Sources: who said it, where, under which licence, and how far it is trusted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

SOURCE_COLUMNS = ("source", "producer", "title", "edition", "published", "licence", "attribution", "address", "grade", "ships")
REQUIRED = ("source", "producer", "title", "licence", "grade")
GRADES: Mapping[str, str] = {
    "A": "official statistics or the primary document",
    "B": "peer-reviewed or curated data set",
    "C": "press and company pages",
    "D": "own estimate",
}
GRADE_RANK: Mapping[str, int] = {grade: rank for rank, grade in enumerate(GRADES)}
SHIPS = ("yes", "no")


def grades_of(sources: pd.Series, table: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Rank of the grade of each source (0 for A); sources that the table lacks rank last."""
    known = {str(name): GRADE_RANK.get(str(grade), len(GRADES)) for name, grade in zip(table.index, table["grade"], strict=True)}
    codes, unique = pd.factorize(sources)
    ranks = np.array([known.get(str(name), len(GRADES)) for name in unique], dtype=np.int64)
    return ranks[codes] if len(ranks) else np.empty(0, dtype=np.int64)
