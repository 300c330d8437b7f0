"""Hindsight: what a ledger of a past day may take from editions that came out later, and nothing about later years.

Statistics of a year come out one or two years after it, so that almost nothing of 2023 was known in 2023. A replay asks what the
engine would have said with good figures of the years that lay behind, and with none of what lay ahead.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
import pandas as pd

from orepact.facts.dates import periods

Mask = npt.NDArray[np.bool_]
KEY = ["subject", "attribute", "year", "valid_from"]


@cache
def standing() -> frozenset[str]:
    """Attributes that hardly move, of which a later edition tells nothing about what happened."""
    import yaml

    text = files("orepact").joinpath("data/reference/hindsight.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)["standing"]["attributes"])


def in_hindsight(claims: pd.DataFrame, day: int, admitted: Mask) -> Mask:
    """Which claims came out after ``day`` (``yyyymmdd``) and may be used for a replay of it.

    A claim may be used when it is about a year that had ended by the day, about a state that had begun (``valid_from``), or a
    parameter that hardly moves (``standing``); and only the first edition that says so, where none was out on the day.
    ``admitted``: what the rest of the view lets through, whatever its date.
    """
    late = admitted & (claims["as_of_day"].to_numpy() > day) & _about_before(claims, day)
    if not late.any():
        return late
    candidates = claims.loc[late, [*KEY, "as_of_day"]]
    attributes = candidates["attribute"].unique()
    known = claims.loc[
        admitted & (claims["as_of_day"].to_numpy() <= day) & claims["attribute"].isin(attributes).to_numpy(), KEY
    ].drop_duplicates()
    first = candidates.groupby(KEY, sort=False)["as_of_day"].transform("min").to_numpy()
    told = pd.MultiIndex.from_frame(candidates[KEY]).isin(pd.MultiIndex.from_frame(known))
    late[late] = (candidates["as_of_day"].to_numpy() == first) & ~told
    return late


def _about_before(claims: pd.DataFrame, day: int) -> Mask:
    """Claims about a year that had ended, a state that had begun, or a standing parameter."""
    _, ended = periods(claims["year"])
    begun, _ = periods(claims["valid_from"])
    past_year = (ended > 0) & (ended <= day)
    past_state = (ended == 0) & (begun > 0) & (begun <= day)
    result: Mask = past_year | past_state | claims["attribute"].isin(standing()).to_numpy()
    return result


def ahead(claims: pd.DataFrame, day: int) -> pd.DataFrame:
    """Of claims used in hindsight, those that state a year that had not ended by the day: attribute and year, once each."""
    _, ended = periods(claims["year"])
    return claims.loc[ended > day, ["attribute", "year"]].drop_duplicates().sort_values(["attribute", "year"])
