"""Folders of the operator's facts that differ by what is closed alone, and what is asked about them."""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from orepact.facts import Ledger
from orepact.facts.claims import CLAIM_COLUMNS
from orepact.web.api.routes import Asks, Route
from orepact.web.api.table import ROUTES
from route_questions import questions

LONG = os.environ.get("OREPACT_LONG") == "1"
#: What totals, shares, measures, matches and exports read, each with the things and places that are asked about.
ATTRIBUTES = (
    "apparent_consumption", "capacity", "company", "end_of_life_recycling_input_rate", "eu_import_reliance_extraction",
    "export_total", "extraction_share", "governance_mean", "governance_rule_of_law", "import_total", "located_in", "makes",
    "mine_owner_share", "mine_production", "name", "owner_country", "owner_share", "price", "production",
    "published_supply_risk", "refinery_production", "reserves", "runs_process", "status", "stock_total",
    "substitution_index_supply_risk", "supply_share", "trade_quantity",
)  # fmt: skip
#: Of others, whoever asks but their own; the second is shown to clients too.
CLOSED = ("TLP:RED/nrcan", "TLP:AMBER/nrcan", "TLP:AMBER+STRICT/nrcan")
SOURCES = "source,producer,title,edition,published,licence,attribution,address,grade,ships\n"
SOURCE = "{0},{0},{0},1,2026,own,{0},{0}.example,A,no\n"
#: So many claims of each attribute are closed: those that the questions are about, first.
MANY = 4
ABOUT = ("CAN", "nickel", "lithium_hydroxide")
LATE = "2026-10-31"


@dataclass(frozen=True)
class Asking:
    """A question about facts: method, path, body."""

    method: str
    path: str
    body: Any = None


def claims_of(attribute: str, facts: Ledger, *, many: int = MANY) -> list[dict[str, str]]:
    """Claims like those of the package, that would count instead of them: of the same key, from later, with other values."""
    found = facts.trade("nickel_class1", 2024, attribute=attribute) if attribute.startswith("trade_") else facts.select(attribute)
    rows = found[[*CLAIM_COLUMNS]].astype(str).to_dict("records")
    assert rows, f"the package has no {attribute} any more: close something else"
    rows.sort(key=lambda row: (-sum(word in row["subject"] for word in ABOUT), row["year"] != "2024", row["subject"]))
    return [
        {**row, "value": _other(row["value"], attribute, facts), "source": "closed", "as_of": LATE, "confidence": "reported",
         "label": CLOSED[at % len(CLOSED)], "note": ""}
        for at, row in enumerate(rows[:many])
    ]  # fmt: skip


def _other(value: str, attribute: str, facts: Ledger) -> str:
    """Another value of an attribute: of numbers one that is sound wherever a share may stand."""
    if facts.codes.attributes[attribute].is_text:
        known = {"owner_country": "NOR", "status": "closed", "located_in": "NOR", "runs_process": "mine_lithium"}
        return known.get(attribute, value)
    return str(float(value) * 0.61)


def folder_of(folder: Path, claims: Sequence[dict[str, str]], sources: Sequence[str]) -> Path:
    """A folder of the operator with some claims and their sources."""
    folder.mkdir()
    trade = [row for row in claims if row["attribute"].startswith("trade_")]
    for name, rows in (("claims.csv", [row for row in claims if row not in trade]), ("trade.csv", trade)):
        if rows or name == "claims.csv":
            with (folder / name).open("w", newline="", encoding="utf-8") as file:
                table = csv.DictWriter(file, CLAIM_COLUMNS, lineterminator="\n")
                table.writeheader()
                table.writerows(rows)
    (folder / "sources.csv").write_text(SOURCES + "".join(map(SOURCE.format, sources)), "utf-8")
    return folder


def of_facts() -> tuple[Route, ...]:
    """Every row that asks facts."""
    return tuple(route for route in ROUTES if route.asks in {Asks.facts, Asks.both})


def askings(route: Route, claims: Sequence[dict[str, str]]) -> tuple[list[Asking], list[Asking]]:
    """What a row of facts is asked: all that can be asked, and about what each closed claim is about."""
    if route.method != "GET":
        gap = {"buyer": "nrcan", "commodity": "lithium_hydroxide", "quantity": 1000, "year": 2027}
        return [Asking(route.method, route.path, {"gaps": [gap]})], []
    plain = [Asking("GET", path) for path in questions(route, {})]
    if route.path == "/facts" and not LONG:  # all claims there are take seconds
        plain = [one for one in plain if "?attribute" in one.path]
    names = {key for key, _ in route.given().values()}
    if "attribute" not in names:
        return plain, [Asking("GET", "/sources?source=closed")] if "source" in names else []
    return plain, [Asking("GET", f"{route.path}?{_about(row, names)}") for row in claims]


def _about(row: dict[str, str], names: Collection[str]) -> str:
    asked = {"attribute": row["attribute"]} | ({"subject": row["subject"]} if "subject" in names else {"year": row["year"]})
    return urlencode({name: value for name, value in asked.items() if value})
