"""Social-risk profile: what is known of the places that a product's matter came from.

An indicator says something of a place (children at work, people in forced labour, deaths at work, how it is governed), not of a
mine or a plant. Weighted by traced origin it says which part of a product comes from places where the risk is high; it is a
prompt to ask, never a finding about a supplier.

``risk = sum over origins with a value (share x value) / sum of their shares``; the share of origin without a value is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

#: Indicators that the facts know, with the unit of their values.
KNOWN = {
    "child_labour": "percent",
    "forced_labour": "per_thousand",
    "injury": "per_100000",
    "governance": "risk_0_10",
}
WORDS = {
    "child_labour": "children of 5 to 17 in child labour, per cent (SDG 8.7.1)",
    "forced_labour": "people in modern slavery, per thousand",
    "injury": "deaths at work a year, per 100,000 workers (SDG 8.8.1)",
    "governance": "mean of the World Bank estimates, turned round: 0 best, 10 worst",
}
COLUMNS = ("indicator", "place", "value", "unit", "year", "confidence", "source")
#: In the place of a confidence: nothing is known of the place.
UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class SocialProfile:
    """Risk of what was traced.

    ``rows``: ``element, stage, indicator, origin, share, risk, contribution, unit, confidence``; ``contribution`` = share x risk,
    NaN where nothing is known of the origin. ``headline``: one row for each element, stage and indicator with ``risk`` (weighted
    mean over what is known), ``at_least`` (the sum of contributions: what is unknown counts 0), ``known_share``,
    ``unknown_share``, ``largest`` (the origin that contributes most), ``unit``.
    """

    rows: pd.DataFrame
    headline: pd.DataFrame


def profile(origins: Mapping[tuple[str, str], pd.DataFrame], indicators: pd.DataFrame) -> SocialProfile:
    """The profile of origins, by (element, stage) a frame with ``origin`` and ``share`` (sums to 1), and indicators by place.

    ``indicators``: ``indicator, place, value, unit, confidence``; one row for each indicator and place.

    >>> origins = {("cobalt", "mine"): pd.DataFrame({"origin": ["COD", "AUS", "ROW"], "share": [0.6, 0.2, 0.2]})}
    >>> table = pd.DataFrame({"indicator": "injury", "place": ["COD", "AUS"], "value": [10.0, 2.0], "unit": "per_100000"})
    >>> found = profile(origins, table.assign(confidence="reported")).headline.iloc[0]
    >>> round(float(found["risk"]), 3), round(float(found["unknown_share"]), 3), found["largest"]
    (8.0, 0.2, 'COD')
    """
    units = indicators.drop_duplicates("indicator").set_index("indicator")["unit"]
    rows = [
        _rated(frame, table, units.get(name, "")).assign(element=element, stage=stage, indicator=name)
        for (element, stage), frame in origins.items()
        for name, table in _by_indicator(indicators)
    ]
    columns = ["element", "stage", "indicator", "origin", "share", "risk", "contribution", "unit", "confidence"]
    joined = pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)
    return SocialProfile(joined, _headline(joined))


def _by_indicator(indicators: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    for name in dict.fromkeys(indicators["indicator"]):
        yield str(name), indicators[indicators["indicator"] == name].set_index("place")


def _rated(origins: pd.DataFrame, table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Origins with the value of their place."""
    found = origins[["origin", "share"]].copy()
    found["risk"] = found["origin"].map(table["value"]).astype(float)
    found["contribution"] = found["share"] * found["risk"]
    found["confidence"] = found["origin"].map(table["confidence"]).astype("str").where(found["risk"].notna(), UNKNOWN)
    return found.assign(unit=unit)


def _headline(rows: pd.DataFrame) -> pd.DataFrame:
    out: list[dict[str, Any]] = []
    for key, group in rows.groupby(["element", "stage", "indicator"], sort=False):
        element, stage, indicator = (str(part) for part in key)
        known = group[group["risk"].notna()]
        part = float(known["share"].sum())
        row: dict[str, Any] = {"element": element, "stage": stage, "indicator": indicator}
        row["risk"] = float(known["contribution"].sum()) / part if part > 0 else float("nan")
        row["at_least"] = float(known["contribution"].sum()) if part > 0 else float("nan")
        row |= {"known_share": part, "unknown_share": max(float(group["share"].sum()) - part, 0.0)}
        largest = str(known["origin"].iloc[int(known["contribution"].to_numpy().argmax())]) if part > 0 else ""
        out.append(row | {"largest": largest, "unit": str(group["unit"].iloc[0])})
    names = ["element", "stage", "indicator", "risk", "at_least", "known_share", "unknown_share", "largest", "unit"]
    return pd.DataFrame(out, columns=names)


def spread_over_members(indicators: pd.DataFrame, groups: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Indicators in which a value of a group (a country with provinces) holds for each member without a value of its own."""
    own = set(zip(indicators["indicator"], indicators["place"], strict=True))
    more = []
    for row in indicators.to_dict("records"):
        members = [name for name in groups.get(str(row["place"]), ()) if name != row["place"]]
        more += [row | {"place": name} for name in members if (row["indicator"], name) not in own]
    extra = pd.DataFrame(more, columns=list(indicators.columns)).drop_duplicates(["indicator", "place"])
    return pd.concat([indicators, extra], ignore_index=True) if len(extra) else indicators
