"""Compile national totals from public pages, which close gaps of open data: cells, materials, electric cars, storage, targets.

Each row of ``assumptions/national_totals.csv`` names its page in ``assumptions/national_sources.csv`` (or ``source_list.csv``);
nothing is read from the raw folder. A figure that a page only implies is ``derived`` and its note says how.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.compile._coefficients import Row, assumption_table, claim, source_dates, write_used_sources
from tools.compile.claims_writer import DATA, shared_folder, write_claims

TARGET = DATA / "facts" / "national.csv"


def national_rows() -> Iterator[Row]:
    """All claims of national totals, dated by their pages."""
    dates = source_dates() | {row["source"]: row["as_of"] for row in assumption_table("national_sources")}
    for row in assumption_table("national_totals"):
        yield claim(
            (row["subject"], row["attribute"]),
            (row["value"], row["unit"]),
            (row["source"], row["confidence"]),
            row["note"],
            year=row["year"],
            as_of=dates[row["source"]],
        )


def main(shared: Path) -> None:
    """Write ``facts/national.csv`` and its sources; nothing is read from ``shared``."""
    del shared
    rows = list(national_rows())
    write_claims(rows, TARGET)
    write_used_sources(rows, "national", assumption_table("national_sources"))


if __name__ == "__main__":
    main(shared_folder())
