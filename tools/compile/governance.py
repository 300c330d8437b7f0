"""World Bank governance indicators: six estimates 2015-2023, and political stability 2024 of a later, revised release.

The releases differ in method (Canada, political stability 2023: 0.82 and 0.63), so the later one has a source of its own and
gives only the year that the first lacks. No trend may be drawn across 2023 and 2024.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tools.compile._statistics import Edition, Row, claim
from tools.compile.claims_writer import DATA, Places, read_raw, shared_folder, write_claims, write_sources

FOLDER = "gov_worldbank_wgi_1996_2024"
UPDATE_2024 = Edition("worldbank_wgi_2024", "2024")
REVISED_2025 = Edition("worldbank_wgi_2025_revised", "2025")
FIRST_YEAR = 2015
INDICATORS = {
    "va": "governance_voice_accountability",
    "pv": "governance_political_stability",
    "ge": "governance_effectiveness",
    "rq": "governance_regulatory_quality",
    "rl": "governance_rule_of_law",
    "cc": "governance_control_of_corruption",
}
#: Territories that the six indicators leave out, and the country that governs them.
SOVEREIGNS = {"NCL": "FRA"}
REVISED_NOTE = "revised method: not comparable with the years to 2023"


def claims(shared: Path) -> list[Row]:
    """Estimates (about -2.5 to 2.5) of the modelled countries; no value for provinces and the rest of the world."""
    places = Places.shipped().modelled
    six = _kept(read_raw(shared / FOLDER / "wgi_six_indicators_1996_2023.csv"), places, FIRST_YEAR)
    later = _kept(read_raw(shared / FOLDER / "wgi_political_stability_1996_2024.csv"), places, 2024)
    rows = [_claim(row, INDICATORS[row["indicator"]], UPDATE_2024, f"standard error {float(row['stddev']):.2g}") for row in six]
    rows += [_of_sovereign(row, place) for row in six for place, country in SOVEREIGNS.items() if row["iso3"] == country]
    for row in later:
        note = f"{REVISED_NOTE}; standard error {float(row['stderr']):.2g}"
        rows.append(_claim(row, INDICATORS["pv"], REVISED_2025, note))
    return rows


def _kept(table: pd.DataFrame, places: frozenset[str], first: int) -> list[dict[str, str]]:
    """Rows of modelled places with an estimate, from the year ``first``; economies are matched by ISO code only."""
    chosen = table[table["iso3"].isin(places) & (table["year"].astype(int) >= first) & (table["estimate"] != "")]
    return [{str(key): str(cell) for key, cell in row.items()} for row in chosen.to_dict("records")]


def _claim(row: dict[str, str], attribute: str, edition: Edition, note: str) -> Row:
    value, year = round(float(row["estimate"]), 5), int(row["year"])
    return claim(row["iso3"], attribute, value, "index", year, edition=edition, confidence="estimated", note=note)


def _of_sovereign(row: dict[str, str], place: str) -> Row:
    """The estimate of a country as that of a territory it governs, which has none of its own."""
    note = f"that of {row['iso3']}, which governs it: it has no estimate of its own"
    return _claim({**row, "iso3": place}, INDICATORS[row["indicator"]], UPDATE_2024, note)


def _source(edition: Edition, title: str, published: str) -> Row:
    return {
        "source": edition.source, "producer": "World Bank", "title": title, "edition": published, "published": edition.as_of,
        "licence": "CC BY 4.0", "attribution": "World Bank, Worldwide Governance Indicators (Kaufmann and Kraay)",
        "address": "worldbank.org, Worldwide Governance Indicators", "grade": "B", "ships": "yes",
    }  # fmt: skip


def main(shared: Path) -> None:
    """Write ``governance.csv`` and its sources."""
    sources = [
        _source(UPDATE_2024, "Worldwide Governance Indicators, six dimensions", "2024 update"),
        _source(REVISED_2025, "Worldwide Governance Indicators, political stability of the revised release", "2025 revision"),
    ]
    write_sources(sources, Path(__file__).parent / "sources" / "governance.csv")
    write_claims(claims(shared), DATA / "facts" / "governance.csv")


if __name__ == "__main__":
    main(shared_folder())
