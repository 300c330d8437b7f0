"""Write DATA-LICENCES.md from the shipped table of sources: ``python -m tools.data_licences``."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "orepact" / "data" / "facts" / "sources.csv"
TARGET = ROOT / "DATA-LICENCES.md"
HEAD = """# Licences of the shipped facts

The code is under the MIT licence (LICENSE). The facts in `src/orepact/data/facts` are compiled from the sources below; every
row names its source. Each source keeps its own licence, and whoever passes the facts on must keep the attributions.
This page is written by `python -m tools.data_licences` from `sources.csv`.
"""


def page(sources: pd.DataFrame) -> str:
    """The page as Markdown: one section a licence, one line a source."""
    parts = [HEAD]
    for licence, group in sources.sort_values(["licence", "source"]).groupby("licence", sort=True):
        lines = [_line({str(key): str(cell) for key, cell in row.items()}) for row in group.to_dict("records")]
        parts.append(f"## {licence}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _line(row: dict[str, str]) -> str:
    edition = f", {row['edition']}" if row["edition"] else ""
    attribution = f" Attribution: {row['attribution']}." if row["attribution"] else ""
    return f"- `{row['source']}`: {row['producer']}, *{row['title']}*{edition} ({row['published'] or 'no date'}).{attribution}"


def main() -> None:
    """Write the page."""
    sources = pd.read_csv(SOURCES, dtype=str, keep_default_na=False)
    TARGET.write_text(page(sources), encoding="utf-8")


if __name__ == "__main__":
    main()
