"""A bill of materials that a person gives: read from CSV with every problem reported, so that tests run without any facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain.csv_table import CsvTable, read_csv_table
from orepact.chain.tables import Column, Table
from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.measure.eligibility.bill import Bill, Offer, Part
from orepact.service.law.makers import Makers, shares_in

if TYPE_CHECKING:
    from orepact.facts import Codes

#: Rows of a bill that are no material: the cost of making the product, and its price.
MAKING, PRICE = "making", "price"
RECYCLED = {"recycled_cobalt": "cobalt", "recycled_lithium": "lithium", "recycled_nickel": "nickel"}
CONTENT = {"cobalt_t": "cobalt", "lithium_t": "lithium", "nickel_t": "nickel"}
TEXTS = ("place", "owner", "owner_country", "owner_share", "today")
NUMBERS = ("quantity", *RECYCLED, *CONTENT)
YES, NO = ("", "yes"), ("no",)


@dataclass(frozen=True)
class Asking:
    """The product that a bill is of."""

    product: str
    stage: str
    place: str
    kwh: float | None
    unit: str = "unit"


def bill_table() -> Table:
    """The columns of a file with a bill of materials."""
    columns = {
        "material": Column("material", "id", "", required=True),
        "cost_usd": Column("cost_usd", "number", "", required=True, minimum=0),
        **{name: Column(name, "number", "", minimum=0) for name in NUMBERS},
        **{name: Column(name, "text", "") for name in TEXTS},
    }
    return Table("bill", "Bill of materials", "", ("material", "cost_usd"), indexed=False, required=True, columns=columns)


def read_bill(path: Path, asking: Asking, makers: Makers, codes: Codes) -> tuple[Bill, dict[str, list[Offer]]]:
    """The bill, and the sources of its materials that are not bought today (rows with ``today`` no).

    Raises ``BadInput`` with every broken cell, unknown place and impossible share.
    """
    read = read_csv_table(bill_table(), path)
    found = ProblemCollector(path.name)
    found.extend(Problem(p.column, p.expected, p.found, p.mend, path.name, p.row) for p in read.problems)
    if read.frame is None:
        raise BadInput(found.problems)
    _check(read, codes, found)
    found.raise_if_any()
    rows = _full(read.frame)
    special = rows["material"].isin([MAKING, PRICE])
    made = rows[~special & rows["today"].isin(YES)]
    amounts = _quantities(made)
    parts = tuple(_part(row, amounts[at], makers, codes) for at, row in zip(made.index, made.to_dict("records"), strict=True))
    bill = Bill(
        asking.product, asking.stage, asking.place, codes.country(asking.place), asking.unit, parts,
        other_cost_usd=float(rows.loc[rows["material"] == MAKING, "cost_usd"].sum()),
        price_usd=_price(rows),
        kwh=asking.kwh, makers=_makers(rows[rows["material"] == MAKING], asking.place, makers),
    )  # fmt: skip
    return bill, _offers(rows[~special & rows["today"].isin(NO)], bill, makers, codes)


def _price(rows: pd.DataFrame) -> float:
    """The price of the product, NaN where no row gives it."""
    priced = rows["material"] == PRICE
    return float(rows.loc[priced, "cost_usd"].sum()) if priced.any() else float("nan")


def _makers(rows: pd.DataFrame, place: str, makers: Makers) -> tuple[Any, ...]:
    """Who makes the product: the owners named on the rows ``making``."""
    named = rows[(rows["owner"] != "") | (rows["owner_country"] != "")]
    return tuple((_maker(row, makers, row["place"] or place), 1.0) for row in named.to_dict("records"))


def _check(read: CsvTable, codes: Codes, found: ProblemCollector) -> None:
    frame = _full(read.frame)  # type: ignore[arg-type]  # checked by the caller
    known = {*codes.places, *codes.groups, ""}
    for row, record in zip(read.rows.tolist(), frame.to_dict("records"), strict=True):
        for name in ("place", "owner_country"):
            if record[name] not in known and not (name == "owner_country" and record[name].isalpha() and len(record[name]) == 3):
                found.add(name, "a place of the code list (KOR, CA-QC), or nothing", repr(record[name]), "correct it", row=row)
        if record["today"] not in (*YES, *NO):
            found.add("today", "yes or no", repr(record["today"]), "write no for a source that is not bought today", row=row)
        for name in RECYCLED:
            if record[name] > 1:
                found.add(name, "a fraction from 0 to 1", f"{record[name]:g}", "write 0.06 for 6 %", row=row)
        _check_shares(str(record["owner_share"]), found, row)
    if not (~frame["material"].isin([MAKING, PRICE]) & frame["today"].isin(YES)).any():
        found.add("material", "at least one material that is bought today", "none", "add a row")


def _check_shares(text: str, found: ProblemCollector, row: int) -> None:
    pairs = shares_in(text)
    total = sum(pairs.values()) if pairs else _fraction(text)
    if text and (total is None or not 0 <= total <= 1 + 1e-9):
        mend = "write 0.3, or KOR:0.7; CHN:0.3"
        found.add("owner_share", "a fraction, or COUNTRY:fraction pairs that sum to at most 1", repr(text), mend, row=row)


def _fraction(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _full(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every column of a bill."""
    columns: dict[str, Any] = {"material": frame["material"].astype("str"), "cost_usd": frame["cost_usd"]}
    for name in TEXTS:
        columns[name] = (
            frame[name].astype("str").fillna("").str.strip() if name in frame else pd.Series("", index=frame.index, dtype="str")
        )
    for name in NUMBERS:
        columns[name] = frame[name] if name in frame else pd.Series(np.nan, index=frame.index)
    out = pd.DataFrame(columns)
    out["today"] = out["today"].str.lower()
    return out


def _quantities(rows: pd.DataFrame) -> dict[Any, float]:
    """Units of material in one unit of product. Without quantities, one unit in all, split by cost (one price for all makers)."""
    out: dict[Any, float] = {}
    for _, same in rows.groupby("material"):
        whole = float(same["cost_usd"].sum())
        known = same["quantity"].notna().all()
        for at, quantity, cost in zip(same.index, same["quantity"], same["cost_usd"], strict=True):
            out[at] = float(quantity) if known else (float(cost) / whole if whole > 0 else 1.0 / len(same))
    return out


def _maker(row: Mapping[Any, Any], makers: Makers, place: str) -> Any:
    pairs = row["owner_share"] if shares_in(row["owner_share"]) else ""
    if not pairs and row["owner_share"] and row["owner_country"]:
        pairs = f"{row['owner_country']}:{row['owner_share']}"
    return makers.at(place, row["owner"], row["owner_country"], shares=pairs)


def _part(row: Mapping[Any, Any], quantity: float, makers: Makers, codes: Codes) -> Part:
    """A row as a part. ``*_t`` are tonnes in one unit of product; without them the contents of the code list count."""
    material = str(row["material"])
    contents: dict[str, float] | None = {e: float(row[name]) for name, e in CONTENT.items() if row[name] == row[name]}
    if contents and quantity > 0:
        contents = {element: tonnes / quantity for element, tonnes in contents.items()}
    elif material in codes.commodities and row["quantity"] == row["quantity"]:
        contents = dict(codes.commodities[material].contents)
    else:
        contents = None
    recycled = {e: (float(row[name]), float(row[name])) for name, e in RECYCLED.items() if row[name] == row[name]}
    stage = codes.commodities[material].stage if material in codes.commodities else ""
    return Part(material, _maker(row, makers, row["place"]), quantity, float(row["cost_usd"]), stage, contents, recycled)


def _offers(rows: pd.DataFrame, bill: Bill, makers: Makers, codes: Codes) -> dict[str, list[Offer]]:
    """Sources not bought today: ``cost_usd`` is what the whole need would cost there, ``quantity`` the most of it."""
    needed: dict[str, float] = {}
    for part in bill.parts:
        needed[part.material] = needed.get(part.material, 0.0) + part.quantity
    out: dict[str, list[Offer]] = {}
    for row in rows.to_dict("records"):
        need = needed.get(str(row["material"]), 0.0)
        most = float(row["quantity"]) if row["quantity"] == row["quantity"] else float("inf")
        if need > 0:
            part = _part({**row, "quantity": need}, need, makers, codes)
            out.setdefault(part.material, []).append(Offer(part, part.price_usd, most))
    return out
