"""Sites that the facts name: one row a site from its claims, with the state it has on the ledger's date."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from orepact.chain.reference.evidence import Evidence

TEXTS = ("name", "located_in", "runs_process", "status", "owner_country", "company")
NUMBERS = ("capacity", "max_capacity", "max_build_per_year", "start_year", "end_year", "site_variable_cost",
           "site_capital_cost", "site_reserves", "delay", "latitude", "longitude")  # fmt: skip


def named_sites(evidence: Evidence) -> pd.DataFrame:
    """Frame indexed by site id: texts and numbers of ``TEXTS`` and ``NUMBERS`` plus ``confidence``, ``status_date``.

    Of a status history the last state counts; of yearly figures the one of the year after the base year, or the last
    before it. Text that is missing is "", numbers NaN.
    """
    claims = evidence.ledger.resolve([*TEXTS, *NUMBERS], kind="site")
    year = pd.to_numeric(claims["year"], errors="coerce")
    claims = claims[~(year > evidence.base_year + 1)]
    when = claims["valid_from"].where(claims["valid_from"] != "", claims["year"].where(claims["year"] != "", claims["as_of"]))
    last = claims.assign(when=when).sort_values("when", kind="stable").groupby(["entity", "attribute"]).last()
    factor = last["unit"].map(evidence.factors).fillna(1.0)
    words, numbers = last["value"].unstack(), (last["number"] * factor).unstack()
    table = pd.DataFrame(index=words.index.rename("site"))
    for column in TEXTS:
        table[column] = words[column].fillna("").astype("str") if column in words else ""
    for column in NUMBERS:
        table[column] = numbers[column].astype(float) if column in numbers else np.nan
    table["status_date"] = _part(last, "status", "when").reindex(table.index).fillna("").astype("str")
    table["confidence"] = _part(last, "capacity", "confidence").reindex(table.index).fillna("reported").astype("str")
    return table


def _part(last: pd.DataFrame, attribute: str, column: str) -> pd.Series:
    if attribute not in last.index.get_level_values("attribute"):
        return pd.Series(dtype="str")
    found: pd.Series = last.xs(attribute, level="attribute")[column]
    return found


def in_chain(sites: pd.DataFrame, evidence: Evidence, processes: set[str]) -> pd.DataFrame:
    """Named sites that the network can hold: a known process, a leaf place, a size, and a life that has not ended."""
    places = set(evidence.codes.places)
    over = {name for name, status in evidence.codes.statuses.items() if status.ends}
    sized = sites["capacity"].gt(0) | sites["max_capacity"].gt(0)
    alive = ~sites["status"].isin(over) & ~sites["end_year"].le(evidence.base_year + 1)
    return sites[sites["runs_process"].isin(processes) & sites["located_in"].isin(places) & sized & alive]


def operating(sites: pd.DataFrame, evidence: Evidence) -> pd.Series:
    """Whether each site counts as capacity today."""
    working = [name for name, status in evidence.codes.statuses.items() if status.operates]
    return sites["status"].isin(working) & sites["capacity"].gt(0)


def expected_start(sites: pd.DataFrame, rules: dict[str, Any], today: int) -> pd.Series:
    """First year of output of sites that do not operate: as stated if still ahead, else the usual wait of their status."""
    wait = sites["status"].map(rules["usual_years_to_start"]).fillna(8)
    known = pd.to_numeric(sites["status_date"].str[:4], errors="coerce").fillna(today)
    usual = np.maximum(known + wait, today + 1)
    stated = sites["start_year"]
    return stated.where(stated >= today, usual)
