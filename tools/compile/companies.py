"""Shares of a country's mine and refinery output by home country of the controlling owner: ``owner_shares.csv``.

Three makers: capacities of the USGS facilities by the list of companies (2018-2021), lithium capacities of 2025 by the owners
kept with the deposits, and figures from pages in ``hand/owner_shares.csv``. What no owner is known for is left out, so that the
shares of a place sum to less than one; the rest is unknown. See ``docs/why/sites.md``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tools.compile._homes import controlling_home
from tools.compile._sites import FACTS, HAND, SiteClaims, hand_table, records
from tools.compile._usgs import facilities
from tools.compile.claims_writer import Places, read_raw, shared_folder, write_claims, write_sources
from tools.compile.deposits import SOURCE as DEPOSITS
from tools.compile.deposits import deposits, place_at

Key = tuple[str, str, str, str, str]
"""Attribute, place, element, year, source."""
INCOMPLETE = {("COD", "cobalt", "refine"), ("ZAF", "cobalt", "refine")}
"""Where the list holds too few of the plants for a share to mean anything."""
SOURCES = [
    {
        "source": "owner_shares_press",
        "producer": "The orepact developers",
        "title": "Control of mines and refineries, compiled from public pages",
        "edition": "2026-11-22",
        "published": "2026-11-22",
        "licence": "single facts",
        "attribution": "The page read stands in the note of each claim.",
        "address": "page addresses in the notes",
        "grade": "C",
    },
    {
        "source": "owner_shares_judgement",
        "producer": "The orepact developers",
        "title": "Control of mines and refineries, by judgement",
        "edition": "2026-11-22",
        "published": "2026-11-22",
        "licence": "MIT",
        "attribution": "",
        "address": "docs/why/sites.md",
        "grade": "D",
    },
]


def main(shared: Path) -> None:
    """Write the owner shares and their sources."""
    claims = SiteClaims()
    _add(claims, _from_facilities(shared), "derived", "capacity of {known:.0%} of {sites} sites with known owner; data of {year}")
    _add(
        claims, _from_deposits(shared), "estimated", "lithium capacity of 2025 of {sites} deposits, {known:.0%} with known owner"
    )
    for row in records(read_raw(HAND / "owner_shares.csv")):
        value = fraction(row.pop("value"))
        subject = f"{row.pop('owner')}>{row.pop('place')}/{row.pop('element')}"
        claims.add(subject, row.pop("attribute"), value, "1", **row)
    write_claims(claims.rows, FACTS / "owner_shares.csv")
    write_sources(SOURCES, Path(__file__).with_name("sources") / "companies.csv")


def fraction(text: str) -> float:
    """A number, or a quotient of two.

    >>> fraction("1/4"), fraction("0.75")
    (0.25, 0.75)
    """
    over, _, under = text.partition("/")
    return float(over) / float(under or 1)


def parts_of(text: str) -> list[tuple[str, float]]:
    """Homes and parts of a text such as ``CHN:0.51; USA:0.49``.

    >>> parts_of("CHN:0.51; USA:0.49")
    [('CHN', 0.51), ('USA', 0.49)]
    """
    pairs = (part.split(":") for part in text.split(";"))
    return [(home.strip(), float(share)) for home, share in pairs]


def _from_facilities(shared: Path) -> list[tuple[Key, str, float]]:
    """Contained element of each operating facility with its home, by place, element and stage."""
    found = []
    for site in facilities(shared / "fac_usgs_africa_indopacific"):
        listed = site.place != "ROW" and (site.place, site.element, site.stage) not in INCOMPLETE
        if listed and site.status == "operating" and site.element_t == site.element_t:
            attribute = "mine_owner_share" if site.stage == "mine" else "refinery_owner_share"
            year = "2018" if site.source.endswith("africa") else "2021"
            key = (attribute, site.place, site.element, year, site.source)
            found.append((key, controlling_home(site.owners, site.operator), site.element_t))
    return found


def _from_deposits(shared: Path) -> list[tuple[Key, str, float]]:
    register = {name.replace("-", "_"): row["owner_country"] for name, row in hand_table("project_sites", "id").items()}
    places, found = Places.shipped(), []
    for deposit in deposits(shared / "fac_lithium_deposits_busch2025"):
        amount, place = deposit.number("prod_rate2025"), place_at(deposit, places)
        if amount > 0 and place != "ROW":
            home = deposit.hand.get("owner_country") or register.get(deposit.hand.get("site", ""), "unknown")
            for lifter, part in parts_of(deposit.hand.get("offtake_share") or f"{home}:1"):
                found.append((("mine_owner_share", place, "lithium", "2025", DEPOSITS), lifter, amount * part))
    return found


def _add(claims: SiteClaims, parts: Iterable[tuple[Key, str, float]], confidence: str, told: str) -> None:
    totals: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counts: dict[Key, int] = defaultdict(int)
    for key, home, amount in parts:
        totals[key][home] += amount
        counts[key] += 1
    for key, homes in totals.items():
        attribute, place, element, year, source = key
        whole = sum(homes.values())
        known = 1 - homes.get("unknown", 0.0) / whole
        note = told.format(known=known, sites=counts[key], year=year)
        for home, amount in homes.items():
            if home != "unknown":
                stamp = {"year": year, "source": source, "as_of": year, "confidence": confidence, "note": note}
                claims.add(f"{home}>{place}/{element}", attribute, amount / whole, "1", **stamp)


if __name__ == "__main__":
    main(shared_folder())
