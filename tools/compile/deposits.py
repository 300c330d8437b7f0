"""World lithium deposits as sites that can grow: place, reserves, cost, present and largest capacity (``sites_deposits.csv``).

Raw: the deposit table of Busch et al. 2025 and its source database (Data S2). Money is in 2022 dollars. The paper's cost of a
tonne of lithium is the cost of lithium carbonate: for hard rock it adds 2,500 dollars a tonne of carbonate for conversion,
which is taken off again here; for brine and clay half of the cost is taken to belong to the carbonate plant. Owners, and the
deposits that are also in another register, stand in ``hand/deposit_sites.csv``. See ``docs/why/sites.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tools.compile._sites import (
    FACTS,
    LITHIUM_IN_CARBONATE,
    SiteClaims,
    content_of,
    hand_table,
    joined_notes,
    province_at,
    rate_unit,
    records,
    slug,
)
from tools.compile.claims_writer import Places, read_raw, shared_folder, write_claims, write_sources

SOURCE, OWNERS = "lithium_deposits_busch2025", "lithium_deposit_owners"
PUBLISHED, SURVEYED, LOOKED = "2025", "2024", "2026-11-22"
CONVERSION_USD_PER_T = 2500.0
"""Cost of turning concentrate into a tonne of carbonate that the paper adds to hard-rock costs."""
BRINE_SHARE = 0.5
"""Own split: part of the cost and investment of a brine or clay project that stands before the carbonate plant."""
STATUS = {"Producing": "operating", "Construction": "construction", "Evaluation": "study", "No info": "unknown"}
DETAIL = {
    "Suspended": "suspended",
    "Producing & suspended": "suspended",
    "Permitting": "permitting",
    "Restarting": "construction",
}
SOURCES = [
    {
        "source": SOURCE,
        "producer": "Busch et al.",
        "title": "World lithium deposits with resources, costs and production rates",
        "edition": "Nature Sustainability, Data S2 and model parameters",
        "published": PUBLISHED,
        "licence": "MIT",
        "attribution": "Busch et al. 2025, Nature Sustainability, doi 10.1038/s41893-025-01561-5; MIT licence of the repository",
        "address": "doi.org/10.1038/s41893-025-01561-5",
        "grade": "B",
    },
    {
        "source": OWNERS,
        "producer": "The orepact developers",
        "title": "Controlling owners of lithium deposits",
        "edition": LOOKED,
        "published": LOOKED,
        "licence": "MIT",
        "attribution": "",
        "address": "docs/why/sites.md",
        "grade": "D",
    },
]


@dataclass(frozen=True)
class Deposit:
    """One deposit with its row of the source database and what is kept by hand."""

    row: dict[str, str]
    detail: str
    inflation: float
    hand: dict[str, str]

    @property
    def subject(self) -> str:
        """The site id: that of the other register when the deposit is in one."""
        return f"site:{self.hand.get('site') or slug(self.row['Deposit_Name'])}"

    @property
    def in_register(self) -> bool:
        """Whether the register of projects names and places the site already (the better word on who and where)."""
        return bool(self.hand.get("site")) and not self.hand["company"]

    @property
    def is_rock(self) -> bool:
        """Mined as concentrate, as against brine, clay and other leached deposits."""
        return self.row["Resource_Type_orig"] == "Hard Rock"

    @property
    def process(self) -> str:
        """The process whose output stands for the deposit's."""
        return "spodumene_mining" if self.is_rock else "lithium_brine_extraction"

    @property
    def lithium(self) -> float:
        """Tonnes of lithium in a tonne of output."""
        return content_of(self.process, "lithium")

    def number(self, column: str) -> float:
        """A cell as a number, 0 when empty."""
        return float(self.row[column] or 0)

    def output(self, kilotonnes_lithium: float) -> float:
        """Tonnes of output that hold so many thousand tonnes of lithium."""
        return kilotonnes_lithium * 1000 / self.lithium


def main(shared: Path) -> None:
    """Write the deposits as site claims, and their sources."""
    claims = SiteClaims()
    places = Places.shipped()
    for deposit in deposits(shared / "fac_lithium_deposits_busch2025"):
        _identity(claims, deposit, places)
        _amounts(claims, deposit)
        _money(claims, deposit)
    write_claims(claims.rows, FACTS / "sites_deposits.csv")
    write_sources(SOURCES, Path(__file__).with_name("sources") / "deposits.csv")


def deposits(folder: Path) -> list[Deposit]:
    """The deposits in the order of the table; raises ``ValueError`` when the two raw files differ."""
    hand = hand_table("deposit_sites", "d")
    details = pd.read_excel(folder / "lithium_deposit_database_S2.xlsx", sheet_name="Deposits", header=4, nrows=160)
    table = read_raw(folder / "deposits.csv")
    if [str(name).strip() for name in details["Deposit Name"]] != list(table["Deposit_Name"]):
        raise ValueError("deposits.csv and Data S2 list different deposits")
    found = []
    for row, detail, inflation in zip(records(table), details["Status Detail"], details["Inflation Adjusment 2022"], strict=True):
        reported = row["cost_source"] == "Report" and pd.notna(inflation)
        said = "" if pd.isna(detail) else str(detail)
        found.append(Deposit(row, said, float(inflation) if reported else 1.0, hand.get(row["d"], {})))
    return found


def _stamp(confidence: str, note: str = "") -> dict[str, Any]:
    return {"source": SOURCE, "as_of": PUBLISHED, "confidence": confidence, "note": note}


def place_at(deposit: Deposit, places: Places) -> str:
    """The place of a deposit: the province of its point in Canada, the country elsewhere."""
    if deposit.row["Country"] == "Canada":
        return province_at(deposit.number("Latitude"), deposit.number("Longitude"))
    return places.fold(deposit.row["Country"])


def _identity(claims: SiteClaims, deposit: Deposit, places: Places) -> None:
    row = deposit.row
    latitude, longitude = round(deposit.number("Latitude"), 5), round(deposit.number("Longitude"), 5)
    place = place_at(deposit, places)
    land = row["Country"] if place == "ROW" else ""
    what = "" if deposit.is_rock else f"{row['Resource_Type_orig'].lower()}: leached, counted as brine at 6 % lithium"
    name = row["Deposit_Name"].replace("( ", "(")
    if not deposit.in_register:
        claims.add_all(deposit.subject, {"name": name, "stage": "mine", "record_kind": "deposit"}, **_stamp("reported"))
        for attribute, value in (("latitude", latitude), ("longitude", longitude)):
            claims.add(deposit.subject, attribute, value, "degree", **_stamp("reported"))
    else:
        land = joined_notes([land, f"as deposit: {name}"])
    claims.add(deposit.subject, "located_in", place, **_stamp("reported", land))
    claims.add(
        deposit.subject, "runs_process", deposit.process, **_stamp("reported", "" if row["Resource_Type"] == "Brine" else what)
    )
    claims.add(deposit.subject, "status", status_of(row["Status"], deposit.detail), **_stamp("reported"), valid_from=SURVEYED)
    claims.add(deposit.subject, "status_detail", deposit.detail.lower(), **_stamp("reported"), valid_from=SURVEYED)
    known = {"source": OWNERS, "as_of": LOOKED, "confidence": "estimated", "note": "general knowledge, no page kept"}
    claims.add(deposit.subject, "company", deposit.hand.get("company"), **known)
    claims.add(deposit.subject, "owner_country", deposit.hand.get("owner_country"), **known)
    claims.add(deposit.subject, "offtake_share", deposit.hand.get("offtake_share"), **known)


def status_of(status: str, detail: str) -> str:
    """The status code of a deposit.

    >>> status_of("Producing", "Producing & suspended"), status_of("Evaluation", "Permitting"), status_of("No info", "")
    ('suspended', 'permitting', 'unknown')
    """
    return DETAIL.get(detail, STATUS[status])


def _amounts(claims: SiteClaims, deposit: Deposit) -> None:
    unit = rate_unit(deposit.process)
    for attribute, column, confidence in (
        ("site_reserves", "reserve", "reported"),
        ("site_resources", "all_resource", "derived"),
    ):
        if deposit.number(column) > 0:
            claims.add(deposit.subject, attribute, deposit.number(column) * 1000, "t", **_stamp(confidence, "lithium"))
    notes = {
        "2023": ("estimated", "output of 2023: national output shared by the capacity of 2025"),
        "2025": ("derived", "forecast capacity of open and committed mines"),
        "2030": ("derived", "forecast capacity of open and committed mines"),
    }
    for year, (confidence, note) in notes.items():
        amount = deposit.number(f"prod_rate{year}")
        if amount > 0 or (year == "2025" and deposit.row["Status"] == "Producing"):
            how = f"{note}; {amount:.4g} kt lithium / {deposit.lithium:g}"
            claims.add(deposit.subject, "capacity", deposit.output(amount), unit, **_stamp(confidence, how), year=year)
    most = (
        "a year's output of 5 % (hard rock), 3 % (clay, direct extraction) or 1 % (ponds) of all resources, at least the forecast"
    )
    for attribute, column, note in (
        ("max_capacity", "max_prod_rate", most),
        ("max_build_per_year", "max_ramp_up", "a quarter of the largest capacity"),
    ):
        claims.add(deposit.subject, attribute, deposit.output(deposit.number(column)), unit, **_stamp("estimated", note))
    claims.add(
        deposit.subject,
        "delay",
        deposit.number("delay_years"),
        "year",
        **_stamp("estimated", "no expansion before, counted from 2022"),
    )


def _money(claims: SiteClaims, deposit: Deposit) -> None:
    cost, confidence, note = variable_cost(deposit)
    claims.add(deposit.subject, "site_variable_cost", cost, "USD_per_t", **_stamp(confidence, note))
    most = deposit.number("max_prod_rate") * 1000
    per_lithium = deposit.number("cost_expansion") + (deposit.number("cost_opening") / most if most else 0.0)
    share = 1.0 if deposit.is_rock else BRINE_SHARE
    parts = f"{deposit.number('cost_expansion'):,.0f} USD per t lithium a year by regression"
    opening = f"opening {deposit.number('cost_opening') / 1e6:,.0f} million USD spread over the largest capacity"
    split = "" if deposit.is_rock else f"{BRINE_SHARE:.0%} of it before the carbonate plant"
    note = joined_notes([parts, opening if deposit.number("cost_opening") else "", split, "2022 dollars"])
    capital = per_lithium * deposit.lithium * share
    claims.add(deposit.subject, "site_capital_cost", capital, "USD_per_t_per_year", **_stamp("estimated", note))


def variable_cost(deposit: Deposit) -> tuple[float, str, str]:
    """Cost of a tonne of output before tax and royalty in 2022 dollars, its confidence, and how it was found.

    Hard rock: (c / 5.323 - 2500 i) x carbonate per tonne of concentrate, with c the paper's cost of a tonne of lithium and i its
    inflator; this gives back the reported cost of concentrate. Brine and clay: half of the cost of carbonate.
    """
    carbonate = deposit.number("cost1_noTax") / 5.323
    per_output = deposit.lithium / LITHIUM_IN_CARBONATE
    told = {
        "Report": "reported by the project",
        "Regression": "regression on grade",
        "Quantile": "imputed from the spread of its type",
    }
    how = told[deposit.row["cost_source"]]
    later = " and ".join(f"{deposit.number(column) / 5.323:,.0f}" for column in ("cost2_noTax", "cost3_noTax"))
    rest = f"carbonate {carbonate:,.0f} USD a tonne from reserves, {later} from further resources; 2022 dollars, before tax"
    if not deposit.is_rock:
        return (
            carbonate * BRINE_SHARE * per_output,
            "estimated",
            f"{how}; {BRINE_SHARE:.0%} taken before the carbonate plant; {rest}",
        )
    confidence = "derived" if deposit.row["cost_source"] == "Report" else "estimated"
    cost = (carbonate - CONVERSION_USD_PER_T * deposit.inflation) * per_output
    return cost, confidence, f"{how}; conversion to carbonate taken off; {rest}"


if __name__ == "__main__":
    main(shared_folder())
