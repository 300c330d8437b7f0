"""EU study on critical raw materials 2023: shares of world extraction and processing, averages of 2016-2020 (CC BY 4.0)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tools.compile._statistics import Edition, Row, claim, joined
from tools.compile.claims_writer import DATA, Places, read_raw, shared_folder, write_claims, write_sources

STUDY = Edition("eu_crm_2023", "2023-03")
MIDDLE_YEAR = 2018
PERIOD = "average of 2016-2020, dated in the middle"
ATTRIBUTES = {"E": "extraction_share", "P": "processing_share"}
THINGS: dict[tuple[str, str], tuple[str, str]] = {
    ("Aluminium", "E"): ("aluminium", "bauxite"),
    ("Aluminium", "P"): ("aluminium", "primary aluminium"),
    ("Cobalt", "E"): ("cobalt", ""),
    ("Cobalt", "P"): ("cobalt", ""),
    ("Copper", "E"): ("copper", ""),
    ("Copper", "P"): ("copper", ""),
    ("Fluorspar", "E"): ("fluorspar", ""),
    ("Iron ore", "E"): ("iron", ""),
    ("Lithium", "E"): ("lithium", ""),
    ("Lithium", "P"): ("lithium", ""),
    ("Manganese", "E"): ("manganese", ""),
    ("Manganese", "P"): ("manganese", ""),
    ("Natural Graphite", "E"): ("graphite", "natural graphite"),
    ("Neodymium", "E"): ("rare_earths", "neodymium, the largest magnet rare earth"),
    ("Neodymium", "P"): ("rare_earths", "neodymium, the largest magnet rare earth"),
    ("Nickel", "E"): ("nickel", "the printed shares add up to 91 %"),
    ("Nickel", "P"): ("nickel", "the printed shares add up to 96 %"),
    ("Phosphate Rock", "E"): ("phosphate_rock", ""),
    ("Phosphorous", "P"): ("phosphorus", "elemental phosphorus, not phosphoric acid"),
}
SOURCE: Row = {
    "source": STUDY.source,
    "producer": "European Commission",
    "title": "Study on the critical raw materials for the EU 2023, final report, appendices 6 and 7",
    "edition": "2023",
    "published": STUDY.as_of,
    "licence": "CC BY 4.0",
    "attribution": "European Commission, Study on the critical raw materials for the EU 2023",
    "address": "doi:10.2873/725585",
    "grade": "B",
    "ships": "yes",
}


def claims(shared: Path) -> list[Row]:
    """Shares (fractions) by place; countries outside the code list add up in ``ROW``."""
    table = read_raw(shared / "crm_eu_2023_supply_shares" / "global_supply_shares_2023.csv")
    places = Places.shipped()
    cells: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in table.to_dict("records"):
        if (row["Material"], row["Stage"]) in THINGS:
            cells[(row["Material"], row["Stage"], places.fold(row["Country"]))].append({str(k): str(v) for k, v in row.items()})
    return [_claim(material, stage, place, parts) for (material, stage, place), parts in cells.items()]


def _claim(material: str, stage: str, place: str, parts: list[dict[str, str]]) -> Row:
    thing, meaning = THINGS[(material, stage)]
    value = round(sum(float(part["share_pct_numeric"]) for part in parts) / 100, 6)
    rest = (
        f"{len(parts)} countries without an entry of their own"
        if place == "ROW"
        else f"trade restriction parameter {parts[0]['t']}"
    )
    small = "printed as less than 0.1 %, taken as 0.05 %" if len(parts) == 1 and parts[0]["Share"].startswith("<") else ""
    confidence = "estimated" if small else "reported"
    note = joined(PERIOD, meaning, rest, small)
    return claim(f"{place}/{thing}", ATTRIBUTES[stage], value, "1", MIDDLE_YEAR, edition=STUDY, confidence=confidence, note=note)


def main(shared: Path) -> None:
    """Write ``supply_shares.csv`` and its source."""
    write_sources([SOURCE], Path(__file__).parent / "sources" / "eu_crm_shares.csv")
    write_claims(claims(shared), DATA / "facts" / "supply_shares.csv")


if __name__ == "__main__":
    main(shared_folder())
