"""The dated register of corridor projects and contracts as claims: ``sites_projects.csv`` and ``contracts.csv``.

Each record of the raw table becomes a site (facility, mine, infrastructure) or a contract (offtake, investment, transaction,
agreement, policy event, proposal) with its status history. What the raw table does not say (process, owner, how a capacity
converts, older states) stands in ``hand/project_*.csv``. See ``docs/why/sites.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tools.compile._sites import (
    FACTS,
    HAND,
    LITHIUM_IN_CARBONATE,
    POUND_T,
    Converted,
    SiteClaims,
    by_element,
    hand_table,
    joined_notes,
    rate_unit,
    records,
)
from tools.compile.claims_writer import read_raw, shared_folder, write_claims, write_sources

SOURCE = "projects_2026"
MADE = "2026-11-22"
"""Day on which the raw table was written: when a record without a date was known."""
SITE_KINDS = {"facility", "mine", "infrastructure"}
CONFIDENCE = {"yes": "reported", "partial": "estimated", "unverified": "unverified"}
STATUS = {"under_construction": "construction", "early_stage": "early"}
SITE_STATUS = {"mou": "early"}
STAGES = {
    "mine": "mine", "exploration": "mine", "refining": "refine", "precursor": "precursor", "cathode": "active_material",
    "anode": "active_material", "separator": "component", "foil": "component", "cell": "cell", "pack": "pack",
    "vehicle": "vehicle", "recycling": "recycle",
}  # fmt: skip
SEPARATOR_T_PER_MILLION_M2 = 14.0
CATHODE_T_PER_MWH = 1.2591
"""NMC811 cathode per MWh of cells: nickel per kWh of a BatPaC 5.2 pack over the nickel content of the cathode."""
RAMPUP_YEARS = 2
"""A site that ramps up longer after its first output ramps up an expansion."""
PLANNED_BASIS = ("planned", "phase", "stage", "option", "initial", "target", "final")
"""Bases of a capacity that was part of the announcement; any other capacity is dated by the last look."""
SOURCES = [
    {
        "source": SOURCE,
        "producer": "The orepact developers",
        "title": "Canada-Korea and Canada-Japan battery and critical mineral projects, compiled from public pages",
        "edition": MADE,
        "published": MADE,
        "licence": "single facts; coordinates CC BY 4.0",
        "attribution": "Coordinates of towns: GeoNames (CC BY 4.0). The pages read stand in the note of each status claim.",
        "address": "page addresses in the notes of the status claims",
        "grade": "C",
    }
]


@dataclass(frozen=True)
class Record:
    """One row of the raw table with what the hand tables add."""

    row: dict[str, str]
    hand: dict[str, str]

    @property
    def is_site(self) -> bool:
        """A thing that stands somewhere, as against a deal."""
        return self.row["record_kind"] in SITE_KINDS

    @property
    def subject(self) -> str:
        """``site:ID`` or ``contract:ID``."""
        return f"{'site' if self.is_site else 'contract'}:{self.row['id'].replace('-', '_')}"

    @property
    def seen(self) -> str:
        """When the present state was last seen."""
        return self.row["status_as_of"] or MADE

    @property
    def known(self) -> str:
        """Since when the thing itself is known: its announcement when dated."""
        return self.row["announced"] or self.row["actual_start"] or self.seen

    @property
    def confidence(self) -> str:
        """Confidence of the record as a whole."""
        return CONFIDENCE[self.row["verified"]]

    def stamp(self, as_of: str, *, confidence: str = "", note: str = "") -> dict[str, Any]:
        """Source, date, confidence and note of a claim from this record."""
        partly = "partly verified" if self.row["verified"] == "partial" else ""
        return {
            "source": SOURCE,
            "as_of": as_of,
            "confidence": confidence or self.confidence,
            "note": joined_notes([note, partly]),
        }


def main(shared: Path) -> None:
    """Write the sites and contracts of the register, and their source."""
    hand = {**hand_table("project_sites", "id"), **hand_table("project_contracts", "id")}
    rows = records(read_raw(shared / "projects" / "corridor_projects.csv"))
    known = [Record({key: str(cell) for key, cell in row.items()}, hand[str(row["id"])]) for row in rows]
    claims = SiteClaims()
    for record in known:
        _identity(claims, record)
        _history(claims, record)
        _schedule(claims, record)
        (_site if record.is_site else _contract)(claims, record)
    _more(claims)
    for prefix, table in (("site:", "sites_projects"), ("contract:", "contracts")):
        write_claims([row for row in claims.rows if row["subject"].startswith(prefix)], FACTS / f"{table}.csv")
    write_sources(SOURCES, Path(__file__).with_name("sources") / "projects.csv")


def _identity(claims: SiteClaims, record: Record) -> None:
    row = record.row
    place = f"CA-{row['province']}" if row["country"] == "CAN" and row["province"] else row["country"]
    values = {
        "name": row["name"],
        "record_kind": row["record_kind"],
        "located_in": place,
        "town": row["place"],
        "stage": STAGES.get(row["stage"], ""),
        "company": row["parties"],
        "corridor": row["corridor"],
        "partners": row["partner_countries"],
        "announced": row["announced"],
        "investment": row["capex"],
        "public_support": row["public_support"],
    }
    late = {"company", "investment", "public_support"}
    for attribute, value in values.items():
        claims.add(record.subject, attribute, value, **record.stamp(record.seen if attribute in late else record.known))


def _site(claims: SiteClaims, record: Record) -> None:
    row, hand = record.row, record.hand
    stamp = record.stamp(record.known, note=hand["note"])
    claims.add(record.subject, "runs_process", hand["process"], **stamp)
    claims.add(record.subject, "makes", row["product"], **record.stamp(record.seen))
    claims.add(record.subject, "owner_country", hand["owner_country"], **record.stamp(record.seen, note=hand["note"]))
    claims.add(record.subject, "owner_share", hand["owner_share"], **record.stamp(record.seen))
    where = {"town": "point of the municipality", "approx": "good to 10-30 km"}.get(row["coord_precision"], "")
    confidence = "unverified" if row["coord_precision"] == "approx" else ""
    for attribute, column in (("latitude", "lat"), ("longitude", "lon")):
        if row[column]:
            stamp = record.stamp(record.known, confidence=confidence, note=where)
            claims.add(record.subject, attribute, float(row[column]), "degree", **stamp)
    _capacity(claims, record)


def _capacity(claims: SiteClaims, record: Record) -> None:
    row = record.row
    if not row["capacity"]:
        return
    planned = row["capacity_basis"].startswith(PLANNED_BASIS)
    as_of = record.known if planned else record.seen
    said = f"{row['capacity']} {row['capacity_unit']}"
    note = f"{row['capacity_basis']}; " if row["capacity_basis"] else ""
    if not record.hand["conversion"]:
        claims.add(record.subject, "contract_quantity_text", said, **record.stamp(as_of, note=f"{note}not in units of the chain"))
        return
    found = converted(record.hand["conversion"], record.hand["process"], float(row["capacity"]))
    confidence = "derived" if record.confidence == "reported" and not found.exact else ""
    stamp = record.stamp(as_of, confidence=confidence, note=joined_notes([note.rstrip("; "), found.how]))
    claims.add(record.subject, "capacity", found.value, found.unit, **stamp)


def converted(rule: str, process: str, amount: float) -> Converted:
    """A reported capacity in units of the main output of ``process``; ``rule`` names the reported unit.

    >>> converted("GWh", "cell_nmc811_assembly", 49.5)
    Converted(value=49500.0, unit='MWh_per_year', exact=True, how='')
    >>> round(converted("mlb_life:nickel:41", "nickel_sulphide_mining", 3540).value)
    326365
    """
    name, *rest = rule.split(":")
    return CONVERSIONS[name](process, amount, *rest)


def _same(factor: float) -> Callable[..., Converted]:
    return lambda process, amount: Converted(amount * factor, rate_unit(process), exact=True, how="")


def _separator(process: str, amount: float) -> Converted:
    how = f"{amount:g} million m2 x 14 g per m2"
    return Converted(amount * SEPARATOR_T_PER_MILLION_M2, rate_unit(process), exact=False, how=how)


def _cathode(process: str, amount: float) -> Converted:
    how = f"{amount:g} GWh of cells x 1.2591 kg cathode per kWh"
    return Converted(amount * 1000 * CATHODE_T_PER_MWH, rate_unit(process), exact=False, how=how)


def _carbonate(process: str, amount: float) -> Converted:
    said = f"{amount:,.10g} t lithium carbonate equivalent x {LITHIUM_IN_CARBONATE} t lithium"
    return by_element(process, "lithium", amount * LITHIUM_IN_CARBONATE, said)


def _salts(process: str, amount: float) -> Converted:
    return Converted(amount, rate_unit(process), exact=False, how="tonnes of salts read as tonnes of the main output")


def _pounds(process: str, amount: float, element: str, years: str = "1") -> Converted:
    over = f" over {years} years" if years != "1" else ""
    said = f"{amount:,.10g} million lb {element}{over} x {POUND_T * 1000:.8f} kg per lb"
    return by_element(process, element, amount * 1e6 * POUND_T / float(years), said)


CONVERSIONS: dict[str, Callable[..., Converted]] = {
    "t": _same(1.0),
    "vehicle": _same(1.0),
    "GWh": _same(1000.0),
    "m2": _separator,
    "cam_gwh": _cathode,
    "lce": _carbonate,
    "salts": _salts,
    "element": lambda process, amount, element: by_element(process, element, amount),
    "mlb": _pounds,
    "mlb_life": _pounds,
}


def _contract(claims: SiteClaims, record: Record) -> None:
    row, hand = record.row, record.hand
    site = f"site:{hand['site']}" if hand["site"] else ""
    claims.add(record.subject, "contract_site", site, **record.stamp(record.known))
    claims.add(record.subject, "makes", hand["makes"] or row["product"], **record.stamp(record.known))
    claims.add_all(record.subject, {"term": row["term"], "binding": row["binding"]}, **record.stamp(record.seen))
    said = f"{row['capacity']} {row['capacity_unit']}".strip()
    text = "; ".join(part for part in (said, row["product"] if hand["makes"] else "") if part)
    claims.add(record.subject, "contract_quantity_text", text, **record.stamp(record.known, note=row["capacity_basis"]))
    if hand["quantity"]:
        note = joined_notes([row["capacity_basis"], hand["note"]])
        stamp = record.stamp(record.known, note=note)
        claims.add(record.subject, "contract_quantity", float(hand["quantity"]), hand["unit"], **stamp)


def _history(claims: SiteClaims, record: Record) -> None:
    """Every known state with its date; the last one carries the pages that were read."""
    for (since, status), (as_of, confidence, note) in states(record).items():
        stamp = record.stamp(as_of, confidence=confidence, note=note)
        claims.add(record.subject, "status", status, **stamp, valid_from=since)
    detail = record.row["status_detail"]
    claims.add(record.subject, "status_detail", detail, **record.stamp(record.seen), valid_from=_since(record))


def states(record: Record) -> dict[tuple[str, str], tuple[str, str, str]]:
    """States of a record by (since, status): as_of, confidence ("" as the record) and note, in order of time."""
    row, now = record.row, _status(record)
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    first = _first_status(record)
    if row["announced"] and first and not _started_before_announced(row):
        found[row["announced"], first] = (row["announced"], "", "announced")
    for event in (event for event in _events() if event["id"] == row["id"]):
        found[event["date"], event["status"]] = (event["as_of"], event["confidence"], event["note"])
    start = row["actual_start"]
    if start and start != _since(record):
        ramping = now == "rampup" and int(record.seen[:4]) - int(start[:4]) <= RAMPUP_YEARS
        found[start, "rampup" if ramping else "operating"] = (start, "", "first output")
    found = {key: value for key, value in found.items() if not _same_time(key[0], _since(record))}
    found[_since(record), now] = (record.seen, "", _last_note(record))
    return found


@cache
def _events() -> tuple[dict[str, str], ...]:
    """Older states from the hand table."""
    return tuple(records(read_raw(HAND / "project_history.csv")))


def _same_time(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}-")


def _started_before_announced(row: dict[str, str]) -> bool:
    return bool(row["actual_start"]) and row["actual_start"][:4] <= row["announced"][:4]


def _status(record: Record) -> str:
    status = record.row["status"]
    mapped = STATUS.get(status, status)
    return SITE_STATUS.get(mapped, mapped) if record.is_site else mapped


def _first_status(record: Record) -> str:
    """The state at announcement: planned for a site; in force, understanding or open for a deal."""
    row, now = record.row, _status(record)
    if record.is_site:
        return "planned"
    if now in {"mou", "proposal", "pending", "conditional", "in_force"}:
        return now
    return {"yes": "in_force", "no": "mou"}.get(row["binding"], "")


def _since(record: Record) -> str:
    """Since when (at the latest) the present state holds; a state lost from sight is dated by the search that lost it."""
    row, now = record.row, _status(record)
    if row["ended"]:
        return row["ended"]
    if now == "unknown" and record.row["status_as_of"] == row["announced"]:
        return MADE
    if row["announced"].startswith(f"{record.seen}-"):
        return row["announced"]
    return record.seen


def _last_note(record: Record) -> str:
    row = record.row
    notes = hand_table("project_notes", "id")
    said = notes[row["id"]]["note"] if row["id"] in notes else row["notes"]
    said = re.sub(r"\(memory\)", "(general knowledge)", said).replace("from memory", "from general knowledge")
    said = said.replace("stored snippet", "page read").replace("stored pages", "pages read")
    term = f"term: {row['term']}" if record.is_site and row["term"] else ""
    pages = "general knowledge, no page found" if row["sources"].startswith("memory") else row["sources"].replace(" | ", " ")
    return joined_notes([said, term, pages])


def _schedule(claims: SiteClaims, record: Record) -> None:
    row = record.row
    told = record.seen if row["schedule_note"] else record.known
    claims.add(record.subject, "planned_start", row["planned_start"], **record.stamp(told), valid_from=told)
    claims.add(record.subject, "actual_start", row["actual_start"], **record.stamp(row["actual_start"] or record.seen))
    claims.add(record.subject, "schedule_note", row["schedule_note"], **record.stamp(record.seen))
    actual, planned, ended = (row[column][:4] for column in ("actual_start", "planned_start", "ended"))
    if actual or planned:
        stamp = record.stamp(row["actual_start"] or told, note="actual" if actual else "planned")
        claims.add(record.subject, "start_year", float(actual or planned), "year", **stamp)
    if ended:
        claims.add(record.subject, "end_year", float(ended), "year", **record.stamp(record.seen, note="ended"))


def _more(claims: SiteClaims) -> None:
    for row in records(read_raw(HAND / "project_more.csv")):
        number = row["unit"] != "text"
        value = float(row["value"]) if number else row["value"]
        claims.rows.append({**row, "value": value, "source": SOURCE})


if __name__ == "__main__":
    main(shared_folder())
