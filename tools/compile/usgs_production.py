"""USGS Mineral Commodity Summaries 2024, 2025 and 2026: production and reserves of the world, trade and use of the United States.

Rival editions stay side by side; a later edition wins by its date. See docs/why/statistics.md for the folding of countries.
"""

from __future__ import annotations

from pathlib import Path

from tools.compile._statistics import Edition, Row, claim
from tools.compile._usgs_fold import world_claims
from tools.compile._usgs_salient import salient_claims
from tools.compile._usgs_world import observations
from tools.compile.claims_writer import DATA, shared_folder, write_claims, write_sources

PUBLIC_DOMAIN = "U.S. public domain"
OWN = Edition("orepact_usa_lithium", "2025-12-31")
SILVER_PEAK_T_CARBONATE = 5_000
LITHIUM_IN_CARBONATE = 0.18785


def _survey(year: int, published: str, edition: str) -> Row:
    return {
        "source": f"usgs_mcs{year}",
        "producer": "United States Geological Survey",
        "title": f"Mineral Commodity Summaries {year}",
        "edition": edition,
        "published": published,
        "licence": PUBLIC_DOMAIN,
        "attribution": f"U.S. Geological Survey, Mineral Commodity Summaries {year}",
        "address": "usgs.gov, National Minerals Information Center",
        "grade": "A",
        "ships": "yes",
    }


def sources() -> list[Row]:
    """The three editions, and the one own estimate that fills a withheld figure."""
    own: Row = {
        "source": OWN.source, "producer": "The orepact developers",
        "title": "United States lithium output behind withheld figures",
        "edition": "1", "published": OWN.as_of, "licence": "MIT", "attribution": "", "address": "docs/why/statistics.md",
        "grade": "D", "ships": "yes",
    }  # fmt: skip
    return [
        _survey(2024, "2024-01", "2024 (lithium table only)"),
        _survey(2025, "2025-01", "2025, world data release 2.0 (doi:10.5066/P13XCP3R)"),
        _survey(2026, "2026-02", "2026, data release"),
        own,
    ]


def withheld_lithium() -> list[Row]:
    """Lithium mined in the United States, which the survey withholds: one brine, Silver Peak, at its nameplate output."""
    value = SILVER_PEAK_T_CARBONATE * LITHIUM_IN_CARBONATE
    note = (
        "withheld by the survey and outside its world total; Silver Peak is the one mine, about 5000 t of lithium carbonate "
        "a year (company figure from memory), 0.18785 t Li each"
    )
    subject, founded = "USA/lithium", "estimated"
    return [
        claim(subject, "mine_production", value, "t", year, edition=OWN, confidence=founded, note=note)
        for year in range(2021, 2026)
    ]


def main(shared: Path) -> None:
    """Write ``production.csv`` and its sources."""
    write_sources(sources(), Path(__file__).parent / "sources" / "usgs_production.csv")
    rows = world_claims(observations(shared)) + salient_claims(shared) + withheld_lithium()
    write_claims(rows, DATA / "facts" / "production.csv")


if __name__ == "__main__":
    main(shared_folder())
