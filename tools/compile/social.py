"""Compile social indicators by country: child labour, modern slavery, fatal injuries at work.

No open table of all countries was at hand. ``hand/social_indicators.csv`` holds single facts read on public pages (each with its
survey or edition), and figures that are only recalled, which are ``unverified`` and stay out of answers unless asked for.
"""

from __future__ import annotations

from pathlib import Path

from tools.compile.claims_writer import DATA, read_raw, shared_folder, write_claims, write_sources

UNITS = {
    "child_labour_rate": "percent",
    "modern_slavery_prevalence": "per_thousand",
    "fatal_injury_rate": "per_100000",
}
AS_OF = "2023-12-31"
SOURCES = {
    "unicef_child_labour": (
        "UNICEF and ILO", "Child labour, surveys of 2015 to 2023 (SDG 8.7.1), as copied by World Population Review",
        "2023", "single facts (data: open with attribution)", "UNICEF, ILO", "data.unicef.org; worldpopulationreview.com", "B",
    ),
    "ilo_child_work_list": (
        "ILO", "Children at work, as copied in a list of countries by child labour rate", "2023", "single facts", "ILO",
        "wikimili.com, List of countries by child labour rate", "C",
    ),
    "usdol_worst_forms": (
        "United States Department of Labor", "Findings on the worst forms of child labor: DR Congo", "2015", "public domain",
        "United States Department of Labor", "dol.gov, bureau of international labor affairs", "B",
    ),
    "walk_free_2023": (
        "Walk Free", "Global Slavery Index 2023, as quoted in the press", "5", "single facts", "Walk Free (2023)",
        "walkfree.org; databoks.katadata.co.id; statista.com; kompasiana.com; sarkaripariksha.com", "C",
    ),
    "ilostat_881": (
        "ILO", "Fatal occupational injuries per 100,000 workers (SDG 8.8.1), ILOSTAT, as copied by JISHA", "2020-10",
        "CC BY 4.0", "ILO, ILOSTAT", "ilostat.ilo.org; jisha.or.jp", "B",
    ),
    "ilo_list_of_rates": (
        "ILO", "Fatal occupational injuries, as copied in a list of countries by rate of fatal workplace accidents", "2022",
        "CC BY 4.0", "ILO, ILOSTAT", "ilostat.ilo.org; wikimili.com", "C",
    ),
    "orepact_recalled": (
        "The orepact developers", "Figures recalled without a page at hand", "1", "single facts", "", "docs/why/social.md", "D",
    ),
}  # fmt: skip
NAMES = ("producer", "title", "edition", "licence", "attribution", "address", "grade")


def main(shared: Path) -> None:
    """Write ``facts/social.csv`` and its sources; nothing is read from ``shared``."""
    del shared
    rows = read_raw(Path(__file__).with_name("hand") / "social_indicators.csv").to_dict("records")
    claims = [
        {
            "subject": row["place"], "attribute": row["attribute"], "value": float(row["value"]), "unit": UNITS[row["attribute"]],
            "year": row["year"], "source": row["source"], "as_of": AS_OF, "confidence": row["confidence"], "note": row["note"],
        }
        for row in rows
    ]  # fmt: skip
    write_claims(claims, DATA / "facts" / "social.csv")
    sources = [
        {"source": name, "published": AS_OF, "ships": "yes"} | dict(zip(NAMES, entry, strict=True))
        for name, entry in SOURCES.items()
    ]
    write_sources(sources, Path(__file__).parent / "sources" / "social.csv")


if __name__ == "__main__":
    main(shared_folder())
