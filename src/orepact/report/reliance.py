"""Answer (a), second half: how much of each element Korea, Japan and Canada buy abroad, and from whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from orepact.measure.reliance import contained, reliance_of
from orepact.report.brief import Basis, Column, Row, Table
from orepact.report.provenance import basis_of_claims
from orepact.report.scope import CORRIDOR, ELEMENTS, title_of
from orepact.report.words import uncapped

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger


@dataclass(frozen=True, eq=False)
class Dependence:
    """What one country buys, sells and mines of one element in a year, in contained tonnes."""

    place: str
    element: str
    imports_t: float
    exports_t: float
    mined_t: float
    mine_known: bool
    largest: str
    largest_share: float
    net_import_reliance: float
    traded: tuple[str, ...]
    basis: Basis


def dependences(ledger: Ledger, year: int) -> list[Dependence]:
    """Every element of every country of the corridor that trade statistics show."""
    forms = sorted({name for element in ELEMENTS for name in ledger.codes.commodities_of(element)})
    trade = ledger.trade(forms, year, attribute="trade_quantity", resolved=True)
    mined = ledger.resolve("mine_production", year=year, place=list(CORRIDOR))
    found = [_dependence(ledger.codes, trade, mined, place, element) for place in CORRIDOR for element in ELEMENTS]
    return [item for item in found if item is not None]


def _dependence(codes: Codes, trade: pd.DataFrame, mined: pd.DataFrame, place: str, element: str) -> Dependence | None:
    names = [name for name in codes.commodities_of(element) if codes.commodities[name].element == element]
    held = {name: codes.commodities[name].contents[element] for name in names}
    inside = [place, *codes.members(place)]
    crosses = trade["place"].isin(inside) != trade["partner"].isin(inside)
    claims = trade[crosses & trade["thing"].isin(list(held))]
    if claims.empty:
        return None
    mined = mined[(mined["thing"] == element) & (mined["place"] == place)]
    flows = contained(claims.assign(commodity=claims["thing"], quantity=claims["number"]), held)
    arriving = flows[flows["partner"].isin(inside)]
    by_seller = _by_country(codes, arriving["place"], arriving["contained_t"])
    imports, exports = float(by_seller.sum()), float(flows.loc[flows["place"].isin(inside), "contained_t"].sum())
    production = float(mined["number"].sum()) if len(mined) else 0.0
    reliance = reliance_of(imports=imports, exports=exports, production=production)
    return Dependence(
        place=place,
        element=element,
        imports_t=imports,
        exports_t=exports,
        mined_t=production,
        mine_known=len(mined) > 0,
        largest=str(by_seller.index[0]) if imports > 0 else "",
        largest_share=float(by_seller.iloc[0]) / imports if imports > 0 else float("nan"),
        net_import_reliance=reliance.net_import_reliance,
        traded=tuple(sorted(set(flows["commodity"]))),
        basis=_basis(claims, mined),
    )


def _by_country(codes: Codes, places: pd.Series, tonnes: pd.Series) -> pd.Series:
    country = places.map({name: codes.country(name) if name in codes.places else name for name in places.unique()})
    return tonnes.groupby(country.to_numpy()).sum().sort_values(ascending=False, kind="stable")


def _basis(claims: pd.DataFrame, mined: pd.DataFrame) -> Basis:
    used = pd.concat([frame[["source", "as_of", "confidence"]] for frame in (claims, mined) if len(frame)])
    return basis_of_claims(used, "trade by customs code times the content of each form")


def reliance_table(ledger: Ledger, found: list[Dependence], year: int) -> Table:
    """One row for each country and element."""
    codes = ledger.codes
    rows = tuple(Row(_cells(codes, item), item.basis) for item in found)
    columns = (
        Column("place", "Country"),
        Column("element", "Element"),
        Column("imports_t", "Imports", "t", "number"),
        Column("exports_t", "Exports", "t", "number"),
        Column("mined_t", "Mined at home", "t", "number"),
        Column("net_import_reliance", "Net import reliance", "", "reliance"),
        Column("largest", "Largest seller"),
        Column("largest_share", "Its part of imports", "", "share"),
        Column("traded", "Forms counted"),
    )
    note = (
        "Contained tonnes. Net import reliance = (imports − exports) / (mined + imports − exports). "
        "Only forms with a customs code in the shipped trade table count: spodumene, sulphates, mixed "
        "hydroxide and everything inside cathodes, "
        "cells and cars are missing, so true reliance is higher. Forms that hold the element as a by-product "
        "do not count. Where no mine statistic exists, none is taken."
    )
    return Table("reliance", f"What the three countries buy abroad, {year}", columns, rows, note)


def _cells(codes: Codes, item: Dependence) -> dict[str, object]:
    net = item.net_import_reliance
    return {
        "place": title_of(codes, item.place),
        "element": codes.elements[item.element].title,
        "imports_t": item.imports_t,
        "exports_t": item.exports_t,
        "mined_t": item.mined_t if item.mine_known else None,
        "net_import_reliance": net,
        "largest": title_of(codes, item.largest),
        "largest_share": item.largest_share,
        "traded": ", ".join(uncapped(codes.commodities[name].title) for name in item.traded),
    }
