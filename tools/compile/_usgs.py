"""Mines and refineries of the USGS mineral facilities that the chain knows: process, capacity by output and by element.

One facility and one element is one site. A capacity shared by several facilities (flags c, C) stands at the first of them.
By-product cobalt of a nickel site is left to the nickel site; smelters are left to the refineries behind them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.compile._homes import Owner, owners_of
from tools.compile._sites import content_of, joined_notes, records
from tools.compile.claims_writer import Places, read_raw

T_PER_UNIT = {"Metric tons": 1.0, "mt": 1.0, "Thousand metric tons": 1000.0, "kmt": 1000.0}
ELEMENTS = {
    "Cobalt": "cobalt", "Nickel": "nickel", "Ferroalloys": "nickel", "Lithium": "lithium", "Graphite": "graphite",
    "Manganese": "manganese", "Copper": "copper", "Rare Earths": "rare_earths", "Rare Earth elements (REE)": "rare_earths",
}  # fmt: skip
LATERITE = {"Philippines", "New Caledonia", "Papua New Guinea", "Madagascar", "Burma", "Solomon Islands"}
COPPER_PLACES = {"COD", "ZMB"}
MISREAD = {("ZMB042", "Cobalt"), ("TWN038", "Nickel"), ("ZWE005", "Cobalt")}
"""Rows whose capacity is that of another product."""
ELSEWHERE = {"NAM007", "NAM028", "ZWE004", "MMR053", "VNM086", "BDI003", "MDG016"}
"""Lithium mines that the deposits hold, and rows in ore or mineral whose grade is not stated."""
CORRECTED = {"MOZ002": (350_000.0, "the source reads 350 t; 350,000 t is meant")}


@dataclass(frozen=True)
class Facility:
    """One site of the selection; ``element_t`` is contained element a year, NaN when another facility carries it."""

    uid: str
    name: str
    place: str
    element: str
    process: str
    stage: str
    capacity: float
    element_t: float
    status: str
    year: str
    estimated: bool
    operator: str
    owners: list[Owner]
    latitude: float
    longitude: float
    source: str
    note: str

    @property
    def subject(self) -> str:
        """The site id."""
        return f"site:usgs_{self.uid.lower()}_{self.element}"


def facilities(folder: Path) -> list[Facility]:
    """The selected facilities in order of their ids."""
    rows = [row for row in records(read_raw(folder / "facilities.csv")) if row["commodity"] in ELEMENTS]
    nickel = {(row["feature_uid"], row["facility_type"]) for row in rows if row["commodity"] == "Nickel" and row["capacity"]}
    places = Places.shipped()
    found: dict[str, Facility] = {}
    taken: set[tuple[str, str]] = set()
    for row in sorted(rows, key=lambda row: (row["feature_uid"], row["commodity"], row["name"])):
        place = places.fold(row["country"])
        beside = row["commodity"] == "Cobalt" and (row["feature_uid"], row["facility_type"]) in nickel
        process = process_of(row, place)
        if beside or not process or not row["capacity"] or row["capacity_unit"] not in T_PER_UNIT:
            continue
        facility = _facility(row, place, process, taken)
        found.setdefault(facility.subject, facility)
    return list(found.values())


def process_of(row: dict[str, str], place: str) -> str:
    """The process of a row, or "" when it is left out."""
    element, uid = ELEMENTS[row["commodity"]], row["feature_uid"]
    if (uid, row["commodity"]) in MISREAD or uid in ELSEWHERE:
        return ""
    if row["facility_type"] == "Mines and Quarries":
        return _mine(element, row)
    return _plant(element, row, place)


def _mine(element: str, row: dict[str, str]) -> str:
    gross = "g" in row["capacity_flag"].lower()
    if element == "nickel":
        laterite = row["country"] in LATERITE
        return "laterite_mining" if laterite else "" if gross else "nickel_sulphide_mining"
    if element == "cobalt":
        return "" if gross else "cobalt_mining"
    return {"graphite": "graphite_mining", "manganese": "manganese_mining", "rare_earths": "rare_earth_mining"}.get(element, "")


def _plant(element: str, row: dict[str, str], place: str) -> str:
    product, name = row["product"].lower(), row["name"].lower()
    if element == "copper":
        smelter = "smelter" in name or product == "smelter"
        return "copper_refining" if place in COPPER_PLACES and not smelter else ""
    if element == "nickel":
        return _nickel_plant(row["commodity"], product, row["country"])
    if element == "cobalt":
        return _cobalt_plant(product)
    if element == "rare_earths":
        return {"kor030": "rare_earth_metal_making", "mys108": "rare_earth_separation"}.get(row["feature_uid"].lower(), "")
    return "carbonate_from_spodumene" if element == "lithium" and "carbonate" in product else ""


def _nickel_plant(commodity: str, product: str, country: str) -> str:
    if commodity == "Ferroalloys":
        return "nickel_pig_iron_smelting" if "nickel" in product else ""
    if "intermediate" in product:
        return "high_pressure_acid_leaching"
    if "chemical" in product:
        return "sulphate_from_mhp" if "nickel sulfate" in product else ""
    return "class1_from_mhp" if country == "Madagascar" else "class1_from_matte"


def _cobalt_plant(product: str) -> str:
    if "intermediate" in product:
        return ""
    if "chemical" in product:
        return "cobalt_sulphate_from_hydroxide" if "co content" in product else ""
    return "cobalt_hydroxide_leaching" if product in {"mine", "hydroxide"} else "cobalt_metal_from_hydroxide"


def _facility(row: dict[str, str], place: str, process: str, taken: set[tuple[str, str]]) -> Facility:
    element, uid = ELEMENTS[row["commodity"]], row["feature_uid"]
    amount, notes = float(row["capacity"]) * T_PER_UNIT[row["capacity_unit"]], []
    if uid in CORRECTED:
        amount, said = CORRECTED[uid]
        notes.append(said)
    others = [other.strip() for other in row["combined_with"].split(",") if other.strip()]
    if others:
        notes.append(f"capacity combined with {', '.join(others)}, counted at the first")
    if any((other, row["commodity"]) in taken for other in others):
        amount = float("nan")
    taken.add((uid, row["commodity"]))
    capacity, element_t, how = _converted(row, element, process, amount)
    flags = row["capacity_flag"].lower()
    return Facility(
        uid=uid, name=row["name"], place=place, element=element, process=process,
        stage="mine" if row["facility_type"].startswith("Mines") else "refine",
        capacity=capacity, element_t=element_t,
        status={"C&M": "suspended", "Suspended": "suspended", "Closed": "closed"}.get(row["status"], "operating"),
        year=(row["capacity_year"] or "2021")[:4], estimated="e" in flags or "c" in flags or uid in CORRECTED,
        operator=" ".join(row["operator"].split()), owners=owners_of(row["owners"]),
        latitude=float(row["latitude"]), longitude=float(row["longitude"]),
        source="usgs_facilities_africa" if row["region"] == "Africa" else "usgs_facilities_indopacific",
        note=joined_notes([*notes, how]),
    )  # fmt: skip


def _converted(row: dict[str, str], element: str, process: str, amount: float) -> tuple[float, float, str]:
    """Capacity in main output, in contained element, and how; a mass of product is kept, a mass of element is divided."""
    content = content_of(process, element)
    gross = "g" in row["capacity_flag"].lower() or "wet" in row["product"].lower()
    product = process in {
        "manganese_mining",
        "graphite_mining",
        "rare_earth_mining",
        "sulphate_from_mhp",
        "carbonate_from_spodumene",
    }
    metal = process in {"copper_refining", "rare_earth_metal_making"}
    if process == "manganese_mining" and "Mn content" in row["product"]:
        product = False
    if process == "nickel_pig_iron_smelting" and "Ni content" not in row["product"]:
        product = True
    if gross or product or metal:
        return amount, amount * content, "ore as mined" if gross else "mass of product"
    if process == "rare_earth_separation":
        share = content_of("rare_earth_mining", element)
        return amount * share / content, amount * share, f"{share:.0%} magnet rare earths in the oxides taken"
    return amount / content, amount, f"contained {element} / {content:g}"
