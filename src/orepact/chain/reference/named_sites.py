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

    Of a status history the last state counts. Text that is missing is "", numbers NaN.
    """
    claims = evidence.ledger.resolve(kind="site")
    claims = claims.assign(when=claims["valid_from"].where(claims["valid_from"] != "", claims["as_of"]))
    last = claims.sort_values("when", kind="stable").groupby(["entity", "attribute"]).last()
    wide = last.reset_index().pivot_table(index="entity", columns="attribute", values="value", aggfunc="last")
    factor = last.reset_index().assign(factor=lambda f: f["unit"].map(evidence._factors).fillna(1.0))  # noqa: SLF001
    factors = factor.pivot_table(index="entity", columns="attribute", values="factor", aggfunc="last")
    table = pd.DataFrame(index=wide.index.rename("site"))
    for column in TEXTS:
        table[column] = wide[column].fillna("").astype("str") if column in wide else ""
    for column in NUMBERS:
        table[column] = _numbers(wide, factors, column)
    table["status_date"] = _part(last, "status", "when").reindex(table.index).fillna("").astype("str")
    table["confidence"] = _part(last, "capacity", "confidence").reindex(table.index).fillna("reported").astype("str")
    return table


def _numbers(wide: pd.DataFrame, factors: pd.DataFrame, column: str) -> pd.Series:
    if column not in wide:
        return pd.Series(np.nan, index=wide.index)
    return pd.to_numeric(wide[column], errors="coerce") * factors[column]


def _part(last: pd.DataFrame, attribute: str, column: str) -> pd.Series:
    try:
        found: pd.Series = last.xs(attribute, level="attribute")[column]
    except KeyError:
        return pd.Series(dtype="str")
    return found


def in_chain(sites: pd.DataFrame, evidence: Evidence, processes: set[str]) -> pd.DataFrame:
    """Named sites that the network can hold: a known process, a leaf place, and a capacity or a deposit to open."""
    places = set(evidence.codes.places)
    sized = sites["capacity"].gt(0) | sites["max_capacity"].gt(0)
    return sites[sites["runs_process"].isin(processes) & sites["located_in"].isin(places) & sized]


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
