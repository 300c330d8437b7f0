"""IAMC long format: model, scenario, region, variable, unit, year, value; the tables of the integrated assessment models.

Names of variables have a first word of this list, the stage of the commodity and the commodity, as in
``Production|refine|nickel_sulphate``; trade stands in the directional region ``ORIGIN>DESTINATION`` that pyam knows. What sites,
owners and processes do is added up by place: the format has no room for them.
Source: https://pyam-iamc.readthedocs.io/en/stable/data.html (columns and rules of the common data model).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.errors import ProblemCollector
from orepact.facts.labels import Label
from orepact.interchange.cells import csv_rows, csv_text, demand_columns, guarded, number_of, number_text, unguarded, year_of
from orepact.interchange.made import CLEAR, Made, filled, left_out

if TYPE_CHECKING:
    from orepact.chain import Flows, Network

MODEL = "orepact"
#: Columns of the format in its order; the reader takes any case.
COLUMNS = ("model", "scenario", "region", "variable", "unit", "year", "value")
KEY = COLUMNS[:-1]
#: Kind of a flow: first word of its variable, and what a year's amount is counted in behind the unit of the commodity.
KINDS = {
    "activity": ("Activity", "/yr"),
    "demand": ("Demand", "/yr"),
    "shortage": ("Shortage", "/yr"),
    "stock_in": ("Stock Intake", "/yr"),
    "stock_out": ("Stock Release", "/yr"),
    "recovered": ("Recovered", "/yr"),
    "build": ("Capacity Additions", "/yr"),
    "capacity": ("Capacity", "/yr"),
    "retire": ("Capacity Retirements", "/yr"),
}
TRADE = "Trade"
#: First words of amounts of money, and their kinds.
MONEY = {"Cost": "cost", "Tariff": "tariff"}
#: Kind of a row by the first word of its variable.
_BACK = {first: kind for kind, (first, _) in KINDS.items()} | {TRADE: "route", "Production": "production"} | MONEY


def of_flows(flows: Flows, *, scenario: str = "") -> tuple[pd.DataFrame, list[str]]:
    """Rows of the format from a plan or baseline, and what they do not say.

    Amounts are per year in ``UNIT/yr``; ``Production`` counts what sites make, co-products too, ``Activity`` their main output.
    ``Cost`` and ``Tariff`` are totals of the year in USD/yr, not discounted. ``scenario`` stands where the rows name none.
    """
    frame = flows.frame.assign(scenario=flows.frame["scenario"].replace("", scenario or "reference"))
    stage = _stages(flows.network)
    parts = [_of_kind(frame, kind, stage) for kind in KINDS]
    parts += [_trade(frame, stage), _production(frame, flows.network, stage), *_costs(frame, stage)]
    rows = _added_up(pd.concat(parts, ignore_index=True))
    lost = filled(frame, ("site", "process", "owner"))
    warnings = [f"added up by place, without {', '.join(lost)}: the format has no such columns"] if lost else []
    infinite = ~np.isfinite(rows["value"])
    warnings += left_out(int(infinite.sum()), "rows without limit", "a value is a finite number")
    return rows[~infinite].reset_index(drop=True), warnings


def of_network(network: Network, *, scenario: str = "reference") -> tuple[pd.DataFrame, list[str]]:
    """Rows of the format that a network states itself: capacity that stands and demand, by place and model year."""
    wide = network.capacity.assign(place=network.sites["place"], commodity=network.site_output)
    long = wide.melt(id_vars=["place", "commodity"], var_name="year", value_name="value")
    unlimited = int(np.isinf(long["value"]).sum())
    long = long[np.isfinite(long["value"]) & (long["value"] > 0) & (long["commodity"] != "")]
    wanted = network.demand.rename(columns={"quantity": "value"})
    parts = [_stated(long, "Capacity", network), _stated(wanted, "Demand", network)]
    rows = pd.concat(parts, ignore_index=True).assign(scenario=scenario)
    warnings = left_out(unlimited, "capacities without limit", "a value is a finite number")
    unsure = int((network.sites["realisation_probability"] < 1).sum())
    if unsure:
        warnings.append(f"capacity is what is expected: {unsure} sites count with the chance that they are there")
    warnings.append("recipes, routes, costs, stockpiles and single sites are left out: the format has no columns for them")
    return _added_up(rows), warnings


def _stages(network: Network) -> pd.Series:
    return network.commodities["stage"].fillna("").astype("str")


def _variable(first: str, commodity: pd.Series, stage: pd.Series) -> pd.Series:
    at = commodity.map(stage).fillna("").astype("str")
    middle = ("|" + at).where(at != "", "")
    return first + middle + "|" + commodity.astype("str")


def _stated(table: pd.DataFrame, first: str, network: Network) -> pd.DataFrame:
    """Rows of one variable from ``place, commodity, year, value``."""
    unit = table["commodity"].map(network.commodities["unit"]).astype("str") + "/yr"
    variable = _variable(first, table["commodity"], _stages(network))
    return pd.DataFrame(
        {"region": table["place"], "variable": variable, "unit": unit, "year": table["year"], "value": table["value"]}
    )


def _of_kind(frame: pd.DataFrame, kind: str, stage: pd.Series) -> pd.DataFrame:
    first, per = KINDS[kind]
    part = frame[frame["kind"] == kind]
    region = part["origin"].where(part["origin"] != "", part["destination"])
    return pd.DataFrame(
        {
            "scenario": part["scenario"],
            "region": region,
            "variable": _variable(first, part["commodity"], stage),
            "unit": part["unit"].astype("str") + per,
            "year": part["year"],
            "value": part["quantity"],
        }
    )


def _trade(frame: pd.DataFrame, stage: pd.Series) -> pd.DataFrame:
    part = frame[frame["kind"] == "route"]
    region = part["origin"].astype("str") + ">" + part["destination"].astype("str")
    variable = _variable(TRADE, part["commodity"], stage)
    unit = part["unit"].astype("str") + "/yr"
    columns = {"scenario": part["scenario"], "region": region, "variable": variable, "unit": unit}
    return pd.DataFrame({**columns, "year": part["year"], "value": part["quantity"]})


def _production(frame: pd.DataFrame, network: Network, stage: pd.Series) -> pd.DataFrame:
    outputs = network.recipes.loc[network.recipes["amount"] > 0, ["process", "commodity", "amount"]]
    rows = frame.loc[frame["kind"] == "activity", ["scenario", "year", "process", "origin", "quantity"]]
    made = rows.merge(outputs, on="process")
    unit = made["commodity"].map(network.commodities["unit"]).astype("str") + "/yr"
    columns = {
        "scenario": made["scenario"],
        "region": made["origin"],
        "variable": _variable("Production", made["commodity"], stage),
    }
    return pd.DataFrame({**columns, "unit": unit, "year": made["year"], "value": made["quantity"] * made["amount"]})


def _costs(frame: pd.DataFrame, stage: pd.Series) -> list[pd.DataFrame]:
    out = []
    for first, column in (("Cost", "cost_usd"), ("Tariff", "tariff_usd")):
        part = frame[frame[column].notna() & (frame[column] != 0)]
        region = part["destination"].where(part["destination"] != "", part["origin"])
        variable = _variable(first, part["commodity"], stage)
        columns = {"scenario": part["scenario"], "region": region, "variable": variable, "unit": "USD/yr"}
        out.append(pd.DataFrame({**columns, "year": part["year"], "value": part[column]}))
    return out


def _added_up(rows: pd.DataFrame) -> pd.DataFrame:
    keys = ["scenario", "region", "variable", "unit", "year"]
    summed = rows.astype({"value": float, "year": int}).groupby(keys, sort=True)["value"].sum().reset_index()
    return summed.assign(model=MODEL)[list(COLUMNS)]


def write(rows: pd.DataFrame, *, label: str = CLEAR, name: str = "iamc.csv", warnings: tuple[str, ...] = ()) -> Made:
    """The file of the format. A label stricter than ``TLP:CLEAR`` stands in an extra column that pyam takes as ``extra_cols``."""
    header = [column.capitalize() for column in COLUMNS]
    closed = label != CLEAR
    lines = []
    for row in rows[list(COLUMNS)].itertuples(index=False):
        *texts, year, value = row
        line = [*(guarded(str(text)) for text in texts), str(int(year)), number_text(value)]
        lines.append([*line, label] if closed else line)
    return Made({name: csv_text([*header, "Label"] if closed else header, lines)}, warnings)


@dataclass(frozen=True, slots=True)
class Words:
    """What the rows that orepact understands may say: the unit of each commodity, and the places.

    ``whole``: there are no others, so that an unknown commodity or region is a problem.
    """

    units: Mapping[str, str]
    places: Collection[str]
    whole: bool = False


def read(text: str, *, file: str = "iamc.csv", words: Words | None = None) -> pd.DataFrame:
    """Rows of the format, from the long or the wide form (years as columns); a column ``label`` is kept.

    Raises ``BadInput`` with every problem: missing columns, empty names, variables with empty parts, years and values that are
    none, labels that are none, two values for one row and, with ``words``, units and names that contradict them.
    """
    header, lines = csv_rows(text, file)
    lower = [name.lower() for name in header]
    found = ProblemCollector(file)
    years = [name for name in lower if name.isdigit()]
    demand_columns(lower, COLUMNS[:5] if years else COLUMNS, found)
    for name in {"year", "value"} & set(lower) if years else ():
        found.add(name, "year and value, or years as columns", "both", "keep one of the two forms", row=1)
    known = {*COLUMNS, "label", *years}
    for name in lower:
        if name not in known:
            found.add(name, "only the columns of the format", f"unknown column {name!r}", "remove or rename it", row=1)
    found.raise_if_any()
    records = []
    for number, line in lines:
        cells = dict(zip(lower, line, strict=True))
        records += _records(cells, years, number, found)
        if words is not None:
            _check_words(cells, words, number, found)
    _demand_once(records, found)
    found.raise_if_any()
    columns = [*COLUMNS, *(["label"] if "label" in lower else [])]
    return pd.DataFrame([record for _, record in records], columns=columns).astype({"year": int, "value": float})


def _records(cells: dict[str, str], years: list[str], row: int, found: ProblemCollector) -> list[tuple[int, dict[str, object]]]:
    named: dict[str, object] = {name: unguarded(cells[name].strip()) for name in COLUMNS[:5]}
    if "label" in cells:
        named["label"] = cells["label"].strip() or CLEAR
        if Label.parse(str(named["label"])) is None:
            found.add("label", "a label such as TLP:AMBER/OWNER", cells["label"][:40], "write who may see it", row=row)
    for name in ("model", "scenario", "region", "variable"):
        if not named[name]:
            found.add(name, "a name", "an empty cell", "fill it", row=row)
    parts = str(named["variable"]).split("|")
    if any(part != part.strip() or not part for part in parts) and named["variable"]:
        found.add("variable", "parts with | between them, none empty", str(named["variable"])[:60], "mend the name", row=row)
    if not years:
        year = year_of(cells["year"], "year", row, found)
        return [(row, {**named, "year": year, "value": number_of(cells["value"], "value", row, found)})]
    out = []
    for name in years:
        if cells[name].strip():
            year = year_of(name, name, 1, found)
            out.append((row, {**named, "year": year, "value": number_of(cells[name], name, row, found)}))
    return out


def _check_words(cells: dict[str, str], words: Words, row: int, found: ProblemCollector) -> None:
    """A row whose first word is one of ours: its unit is that of the commodity, its names are known where there are no others."""
    first, commodity = cells["variable"].partition("|")[0], cells["variable"].rpartition("|")[2]
    if first not in _BACK:
        return
    wanted = "USD/yr" if first in MONEY else f"{words.units[commodity]}/yr" if commodity in words.units else ""
    if wanted and cells["unit"].strip() != wanted:
        found.add("unit", f"{wanted}, as {commodity} is counted", repr(cells["unit"][:40]), "convert the values", row=row)
    if words.whole and commodity not in words.units:
        found.add("variable", "a commodity of the network", commodity[:60], "name one of commodities.csv", row=row)
    for place in cells["region"].split(">") if words.whole else ():
        if place.strip() not in words.places:
            found.add("region", "a place of the network", repr(place[:40]), "name one of places.csv", row=row)


def strangers(rows: pd.DataFrame, words: Words) -> list[str]:
    """Warnings that name the regions and commodities of understood rows which the words do not have."""
    ours = rows[rows["variable"].str.partition("|")[0].isin(list(_BACK))]
    regions = sorted({place for region in ours["region"].unique() for place in region.split(">")} - set(words.places))
    goods = sorted({variable.rpartition("|")[2] for variable in ours["variable"].unique()} - set(words.units))
    return [
        f"{len(names)} {what} are not known here: {', '.join(names[:5])}{' ...' if len(names) > 5 else ''}"
        for what, names in (("regions", regions), ("commodities", goods))
        if names
    ]


def _demand_once(records: list[tuple[int, dict[str, object]]], found: ProblemCollector) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row, record in records:
        key = tuple(record[name] for name in KEY)
        if key in seen:
            found.add("variable", "each row once", f"the same as row {seen[key]}", "keep one of them", row=row)
        seen.setdefault(key, row)


def amounts(rows: pd.DataFrame) -> pd.DataFrame:
    """What rows of the format say in our words: ``kind, commodity, origin, destination, unit, year, value``.

    The way back of ``of_flows``: the kind by the first word, the commodity by the last part, the unit without ``/yr``.
    Variables of other models, whose first word we do not use, have the kind "".
    """
    first = rows["variable"].str.partition("|")[0]
    route = rows["region"].str.partition(">")
    return pd.DataFrame(
        {
            "scenario": rows["scenario"],
            "kind": first.map(_BACK).fillna("").astype("str"),
            "commodity": rows["variable"].str.rpartition("|")[2],
            "origin": route[0],
            "destination": route[2],
            "unit": rows["unit"].str.removesuffix("/yr"),
            "year": rows["year"],
            "value": rows["value"],
        }
    )
