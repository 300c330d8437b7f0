"""Battery plants and refineries outside Canada, compiled from public pages, as site claims (``sites_plants.csv``).

Not a census: never sum these into a country total. Process, owner, state and unit of each plant stand in ``hand/plants.csv``;
a maker of both LFP and nickel cells whose plants do not say which is split 65 to 35. Plants found later stand whole in
``hand/plants_more.csv``. See ``docs/why/sites.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.compile._sites import FACTS, HAND, SiteClaims, joined_notes, records, slug
from tools.compile.claims_writer import place_of, read_raw, shared_folder, write_claims, write_sources
from tools.compile.projects import converted

SOURCE = "plants_press_2026"
CONFIDENCE = {"high": "reported", "medium": "estimated", "low": "estimated"}
STAGES = {
    "cathode": "active_material", "anode": "active_material", "precursor": "precursor", "lithium_refining": "refine",
    "nickel_refining": "refine", "cobalt_refining": "refine", "recycling": "recycle", "cell": "cell",
}  # fmt: skip
SPLIT = "65 % LFP and 35 % nickel-based: the maker's rough mix, since the page does not say"
SOURCES = [
    {
        "source": SOURCE,
        "producer": "The orepact developers",
        "title": "Battery plants and refineries outside Canada, compiled from public pages",
        "edition": "2026-11-22",
        "published": "2026-11-22",
        "licence": "single facts; coordinates CC BY 4.0",
        "attribution": "Coordinates of cities: GeoNames (CC BY 4.0). The page read stands in the note of each status claim.",
        "address": "page addresses in the notes of the status claims",
        "grade": "C",
    }
]


def main(shared: Path) -> None:
    """Write the plants as site claims, and their source."""
    raw = {row["facility_id"]: row for row in records(read_raw(shared / "fac_battery_plants_press_curated" / "plants.csv"))}
    hand = records(read_raw(HAND / "plants.csv"))
    missing = set(raw) ^ {row["plant"] for row in hand}
    if missing:
        raise ValueError(f"hand/plants.csv and plants.csv differ in {', '.join(sorted(missing))}")
    claims = SiteClaims()
    for row in hand:
        _plant(claims, raw[row["plant"]], row)
    for row in records(read_raw(HAND / "plants_more.csv")):
        _plant(claims, row, row | {"status": row["state"]})
    write_claims(claims.rows, FACTS / "sites_plants.csv")
    write_sources(SOURCES, Path(__file__).with_name("sources") / "plants.csv")


def _plant(claims: SiteClaims, row: dict[str, Any], hand: dict[str, Any]) -> None:
    subject = f"site:{slug(row['name'])}" + (f"_{hand['part']}" if hand["part"] else "")
    weak = {"high": "", "medium": "page of medium trust", "low": "weak page"}[row["confidence"]]
    chosen = SPLIT if hand["note"] == "split" else hand["note"]

    def stamp(note: str = "", confidence: str = "") -> dict[str, Any]:
        sure = confidence or CONFIDENCE[row["confidence"]]
        return {"source": SOURCE, "as_of": row["status_as_of"], "confidence": sure, "note": joined_notes([note, weak])}

    claims.add_all(
        subject,
        {
            "name": row["name"] + (f" ({hand['part'].replace('lfp', 'LFP')} part)" if hand["part"] else ""),
            "record_kind": "facility",
            "located_in": place_of(row["country_iso2"]),
            "town": row["city"],
            "stage": STAGES[row["stage"]],
            "company": row["owners"],
            "makes": row["product"],
        },
        **stamp(),
    )
    claims.add(subject, "runs_process", hand["process"], **stamp(chosen))
    claims.add(subject, "owner_country", hand["owner_country"], **stamp(chosen))
    claims.add(subject, "status", hand["status"], **stamp(_seen(row)), valid_from=row["status_as_of"])
    claims.add(subject, "status_detail", row["status"], **stamp(), valid_from=row["status_as_of"])
    _capacity(claims, subject, row, hand, stamp)
    if row["start_year"]:
        claims.add(subject, "start_year", float(row["start_year"]), "year", **stamp())
    for attribute in ("latitude", "longitude"):
        if row[attribute]:
            claims.add(subject, attribute, float(row[attribute]), "degree", **stamp("city centre"))


def _seen(row: dict[str, Any]) -> str:
    return joined_notes(
        [row["evidence"], row["source"].replace("code excerpt GEOAI_SITES (repository not named by search)", "public data file")]
    )


def _capacity(claims: SiteClaims, subject: str, row: dict[str, Any], hand: dict[str, Any], stamp: Any) -> None:
    if not row["capacity"]:
        return
    said = f"{float(row['capacity']):,.10g} {row['capacity_unit']}"
    if not hand["conversion"]:
        claims.add(subject, "contract_quantity_text", said, **stamp(row["capacity_basis"]))
        return
    found = converted(hand["conversion"], hand["process"], float(row["capacity"]))
    share = float(hand["share"])
    guess = row["capacity_basis"].startswith("estimate")
    split = f"{share:.0%} of {said}: {SPLIT}" if share < 1 else ""
    sure = "estimated" if share < 1 or guess or row["confidence"] != "high" else "reported" if found.exact else "derived"
    note = joined_notes([row["capacity_basis"], found.how, split])
    claims.add(subject, "capacity", found.value * share, found.unit, **stamp(note, sure))
    if row.get("max_capacity"):
        most = converted(hand["conversion"], hand["process"], float(row["max_capacity"]))
        claims.add(subject, "max_capacity", most.value, most.unit, **stamp("all lines as announced"))


if __name__ == "__main__":
    main(shared_folder())
