"""Canadian mines, projects and processing of the NRCan list as site claims, joined to the register of projects by hand.

A record that the register or the deposits hold already adds its company and, where it says more, its state; any other becomes a
site of its own without capacity. Records outside the chain (gold, zinc, potash, uranium, helium...) are left out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tools.compile._homes import home_of
from tools.compile._sites import HAND, SiteClaims, code_list, hand_table, records
from tools.compile.claims_writer import province_of, read_raw

SOURCE, QUERIED = "nrcan_critical_minerals_2026", "2026-06-24"
STATUS = {
    "Producing Mine": "operating",
    "Processing Facility": "operating",
    "Advanced Project": "study",
    "Advanced Processing Project": "planned",
}
FIRM = {"operating", "suspended"}
"""States in which the list says more than that a project goes on."""


def add_nrcan(claims: SiteClaims, shared: Path) -> None:
    """Add the claims of every listed record of the hand table."""
    known = _register(shared)
    rows = records(read_raw(shared / "fac_nrcan_critical_minerals_2026" / "facilities.csv"))
    for row in rows:
        hand = _hand(row)
        if hand:
            _add(claims, row, hand, known.get(hand["site"], {}))


def _hand(row: dict[str, Any]) -> dict[str, Any]:
    for hand in records(read_raw(HAND / "nrcan_sites.csv")):
        if hand["id"] == row["id"] and hand["operator"] in {"", row["operator"]}:
            return hand
    return {}


def _register(shared: Path) -> dict[str, dict[str, str]]:
    """Records of the register by site id, with the process chosen there."""
    chosen = hand_table("project_sites", "id")
    rows = records(read_raw(shared / "projects" / "corridor_projects.csv"))
    return {
        str(row["id"]).replace("-", "_"): {**row, "process": chosen[row["id"]]["process"]} for row in rows if row["id"] in chosen
    }


def _add(claims: SiteClaims, row: dict[str, Any], hand: dict[str, Any], register: dict[str, str]) -> None:
    subject, status = f"site:{hand['site']}", status_of(row["stage"], row["status"])
    told = {"source": SOURCE, "as_of": QUERIED, "confidence": "reported"}
    here = {**told, "note": f"listed as {row['name']}: {row['minerals']}"}
    weak = register.get("verified") == "unverified"
    claims.add(subject, "company", row["operator"], **here)
    claims.add(subject, "located_in", province_of(row["province"]), **told)
    if not register or weak:
        _identity(claims, subject, row, hand["process"] or register.get("process", ""), told)
    if register.get("status") != "at_risk" and (not register or weak or status in FIRM):
        claims.add(subject, "status", status, **told, valid_from=QUERIED)
        claims.add(subject, "status_detail", f"{row['developmentStage']}, {row['status']}".lower(), **told, valid_from=QUERIED)


def _identity(claims: SiteClaims, subject: str, row: dict[str, Any], process: str, told: dict[str, Any]) -> None:
    mine = row["stage"] in {"Producing Mine", "Advanced Project"}
    stage = str(code_list("processes")[process]["stage"]) if process else "mine" if mine else "refine"
    values = {"name": row["name"], "record_kind": "mine" if mine else "facility", "runs_process": process, "stage": stage}
    claims.add_all(subject, values, **told)
    home = home_of(row["operator"])
    if home != "unknown":
        how = {**told, "confidence": "derived", "note": "home of the operator by the list of companies"}
        claims.add(subject, "owner_country", home, **how)
    for attribute in ("latitude", "longitude"):
        claims.add(subject, attribute, round(float(row[attribute]), 5), "degree", **told)


def status_of(stage: str, status: str) -> str:
    """The status code of a record.

    >>> status_of("Producing Mine", "Active"), status_of("Advanced Project", "On hold / suspended")
    ('operating', 'suspended')
    """
    return "suspended" if status.startswith("On hold") else STATUS[stage]
