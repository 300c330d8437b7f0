"""Mines, refineries and projects of official lists as site claims: USGS (Africa, Indo-Pacific) and NRCan (Canada).

Writes ``sites_facilities.csv``. The two lists of investments in the United States are left out: they state no capacity and
split plants by phase. See ``docs/why/sites.md``.
"""

from __future__ import annotations

from pathlib import Path

from tools.compile._homes import controlling_home, shares_by_home
from tools.compile._nrcan import add_nrcan
from tools.compile._sites import FACTS, SiteClaims, rate_unit
from tools.compile._usgs import Facility, facilities
from tools.compile.claims_writer import shared_folder, write_claims, write_sources

USGS = {
    "producer": "U.S. Geological Survey",
    "licence": "U.S. public domain",
    "attribution": "U.S. Geological Survey",
    "grade": "A",
}
SOURCES = [
    {
        **USGS,
        "source": "usgs_facilities_africa",
        "title": "Mineral industries of Africa: facilities",
        "edition": "data year 2018",
        "published": "2021",
        "address": "doi.org/10.5066/P97EQWXP",
    },
    {
        **USGS,
        "source": "usgs_facilities_indopacific",
        "title": "Mineral industries of the Indo-Pacific: facilities",
        "edition": "data of 2018-2021",
        "published": "",
        "address": "U.S. Geological Survey data release",
    },
    {
        "source": "nrcan_critical_minerals_2026",
        "producer": "Natural Resources Canada",
        "title": "Critical minerals advanced projects, mines and processing facilities in Canada",
        "edition": "queried 2026-06-24",
        "published": "2026-06-24",
        "licence": "Open Government Licence - Canada",
        "attribution": "Contains information licensed under the Open Government Licence - Canada.",
        "address": "open.canada.ca, data set 22b2db8a-dc12-47f2-9737-99d3da921751",
        "grade": "A",
    },
]


def main(shared: Path) -> None:
    """Write the facilities of both lists, and their sources."""
    claims = SiteClaims()
    for facility in facilities(shared / "fac_usgs_africa_indopacific"):
        _add(claims, facility)
    add_nrcan(claims, shared)
    write_claims(claims.rows, FACTS / "sites_facilities.csv")
    write_sources(SOURCES, Path(__file__).with_name("sources") / "facilities.csv")


def _add(claims: SiteClaims, facility: Facility) -> None:
    told = {"source": facility.source, "as_of": facility.year, "confidence": "reported"}
    subject, owners = facility.subject, "; ".join(name for name, _ in facility.owners)
    values = {
        "name": facility.name,
        "record_kind": "mine" if facility.stage == "mine" else "facility",
        "located_in": facility.place,
        "runs_process": facility.process,
        "stage": facility.stage,
        "company": owners or facility.operator,
    }
    claims.add_all(subject, values, **told)
    claims.add(subject, "status", facility.status, **told, valid_from=facility.year)
    home = controlling_home(facility.owners, facility.operator)
    how = {**told, "confidence": "derived", "note": "home of the controlling owner by the list of companies"}
    claims.add(subject, "owner_country", home, **how)
    claims.add(subject, "owner_share", shares_by_home(facility.owners), **how)
    sure = "estimated" if facility.estimated else "derived"
    more = {**told, "confidence": sure, "note": facility.note}
    counted = facility.capacity if facility.capacity == facility.capacity else 0.0
    claims.add(subject, "capacity", counted, rate_unit(facility.process), **more)
    for attribute, value in (("latitude", facility.latitude), ("longitude", facility.longitude)):
        claims.add(subject, attribute, round(value, 5), "degree", **told)


if __name__ == "__main__":
    main(shared_folder())
