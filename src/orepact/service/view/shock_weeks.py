"""Week by week of a shock: how many GWh and plants are hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

KEYS = ["response", "week", "party"]
#: Below this part of its usual output a plant counts as hit.
HALF = 0.5
#: Less than this is left of arithmetic.
LEAST_GWH = 1e-9


def hit_by_week(sites: pd.DataFrame) -> pd.DataFrame:
    """By response, week and party: ``not_made_gwh`` (cells and packs, gross: of each plant alone) and ``plants_hit``, how many
    make less than half of the usual. ``sites``: the table of plants by week of a shock.
    """
    hit = (sites["made"] < HALF * sites["usual"]).astype(int)
    told = sites.assign(plants_hit=hit, not_made_gwh=sites["not_made_gwh"].fillna(0.0))
    found = told.groupby(KEYS, as_index=False, observed=True)[["not_made_gwh", "plants_hit"]].sum()
    some = (found["not_made_gwh"].abs() > LEAST_GWH) | (found["plants_hit"] > 0)
    return found[some].sort_values(KEYS, ignore_index=True)
