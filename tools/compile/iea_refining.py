"""IEA Critical Minerals Dataset, May 2025 edition: mining and refining by country, base year 2024 (CC BY 4.0).

Refining is the only open statistic by country for cobalt, lithium, nickel, battery graphite and magnet rare earths. Mining is
a rival of the USGS figures. The row "Rest of world" means all countries that *this* source does not name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.compile._statistics import Edition, Row, claim, joined
from tools.compile.claims_writer import DATA, Places, read_raw, shared_folder, write_claims, write_sources

IEA = Edition("iea_critical_minerals_2025", "2025-05-21")
YEAR, REST, WORLD = 2024, "Rest of world", "WORLD TOTAL"
ELEMENTS = {
    "Copper": "copper", "Cobalt": "cobalt", "Lithium": "lithium", "Nickel": "nickel", "Graphite": "graphite",
    "Rare Earth Elements": "rare_earths",
}  # fmt: skip
ATTRIBUTES = {"mining": "mine_production", "refining": "refinery_production"}
NOTES = {
    ("nickel", "refining"): "class 1, sulphate, nickel pig iron and ferronickel together",
    ("lithium", "refining"): "lithium content of chemicals",
    ("graphite", "refining"): "battery-grade: spherical natural and synthetic anode graphite",
    ("graphite", "mining"): "natural flake",
    ("rare_earths", "mining"): "magnet rare earths contained; the USGS figures on this key are oxides of all rare earths",
    ("rare_earths", "refining"): "magnet rare earths contained",
}
SOURCE: Row = {
    "source": IEA.source,
    "producer": "International Energy Agency",
    "title": "Critical Minerals Dataset: total supply for key minerals, base year 2024",
    "edition": "May 2025",
    "published": IEA.as_of,
    "licence": "CC BY 4.0 (as stated by the repository the extract came from)",
    "attribution": "IEA Critical Minerals Dataset, May 2025, CC BY 4.0",
    "address": "iea.org, data product Critical Minerals Dataset",
    "grade": "B",
    "ships": "yes",
}


def claims(shared: Path) -> list[Row]:
    """One claim per mineral, stage and named country, the rest of the source and its world total, in tonnes."""
    table = read_raw(shared / "refine_iea_supply_base_year_2024" / "iea_supply_by_country_2024.csv")
    table["t"] = (table["supply_kt"].astype(float) * 1000).round(3)
    rows: list[Row] = []
    for (mineral, stage), group in table.groupby(["mineral", "stage"]):
        rows += _stage_claims(ELEMENTS[str(mineral)], str(stage), dict(zip(group["country"], group["t"], strict=True)))
    return rows


def _stage_claims(element: str, stage: str, tonnes: dict[str, float]) -> Iterator[Row]:
    places = Places.shipped()
    inside = counted_in_rest(tonnes)
    for country, value in tonnes.items():
        place = "world" if country == WORLD else places.fold(country)
        less = tonnes[inside] if country == REST and inside else 0.0
        rest = "rest_of_world_of_source: every country the source does not name" if country == REST else ""
        why = (
            f"printed {value:.10g} less {inside} {less:.10g}, which it holds too: only so the rows add up to the total"
            if less
            else ""
        )
        note = joined(NOTES.get((element, stage), ""), rest, why)
        subject, attribute = f"{place}/{element}", ATTRIBUTES[stage]
        yield claim(subject, attribute, round(value - less, 3), "t", YEAR, edition=IEA, confidence="estimated", note=note)


def counted_in_rest(tonnes: Mapping[str, float]) -> str:
    """The named country that the rest holds too: the one by whose tonnes the rows exceed the world total; "" when they add up.

    >>> counted_in_rest({"Finland": 60.0, "Canada": 10.0, "Rest of world": 40.0, "WORLD TOTAL": 100.0})
    'Canada'
    """
    excess = sum(tonnes.values()) - 2 * tonnes[WORLD]
    if abs(excess) < 1:
        return ""
    found = [country for country, value in tonnes.items() if abs(value - excess) < 1]
    if len(found) != 1:
        raise ValueError(f"rows exceed the world total by {excess:g}, which is no single country")
    return found[0]


def main(shared: Path) -> None:
    """Write ``refining.csv`` and its source."""
    write_sources([SOURCE], Path(__file__).parent / "sources" / "iea_refining.csv")
    write_claims(claims(shared), DATA / "facts" / "refining.csv")


if __name__ == "__main__":
    main(shared_folder())
