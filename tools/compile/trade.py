"""Trade between places 2015-2024 by commodity, from two editions of CEPII BACI (Etalab 2.0): value and product mass.

``baci_hs92`` has value and quantity of every year, ``baci_v202601`` values (quantities in 2024 only, smaller flows missing but in
2022 and 2024). Both stay as rivals. Missing quantities are value over the median unit value (by value) of the code and year.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.compile._statistics import Row
from tools.compile._trade_rules import commodity_of, doubts, scope_notes
from tools.compile.claims_writer import CLAIM_COLUMNS, DATA, fold_to_places, read_raw, shared_folder, write_claims, write_sources

YEARS = range(2015, 2025)
SMALLEST_KUSD = 1.0
MEDIAN_FROM_KUSD = 100.0
MOSTLY_IMPUTED = 0.05
HS92, V202601 = "baci_hs92", "baci_v202601"
UNITS = {"trade_value": "kUSD", "trade_quantity": "t"}
KEY = ["year", "origin", "destination", "commodity", "hs", "scope"]
FLOW_COLUMNS = ["year", "exporter", "importer", "hs", "value_kusd", "quantity_t"]


@dataclass(frozen=True, slots=True)
class Extract:
    """Flows of one file: ``flows`` in FLOW_COLUMNS, its source, HS edition, and what its file leaves out."""

    flows: pd.DataFrame
    source: str
    hs_edition: str
    gap: str = ""


def _baci(source: str, title: str, edition: str, published: str) -> Row:
    return {
        "source": source, "producer": "CEPII", "title": title, "edition": edition, "published": published,
        "licence": "Etalab Open Licence 2.0",
        "attribution": "CEPII, BACI (Gaulier and Zignago 2010), from United Nations Comtrade", "address": "cepii.fr, BACI",
        "grade": "B", "ships": "yes",
    }  # fmt: skip


SOURCES = [
    _baci(
        HS92, "BACI bilateral trade, HS 1992, raw materials", "labelled V202401b, 2023 and 2024 from later releases", "2026-01"
    ),
    _baci(V202601, "BACI bilateral trade, HS 2002 to 2016 and HS 2017 from 2017", "V202601", "2026-01"),
]


def main(shared: Path) -> None:
    """Write ``trade.parquet`` and its sources."""
    write_sources(SOURCES, Path(__file__).parent / "sources" / "trade.csv")
    frames = [claims_of(extract) for extract in (_hs92(shared), *_v202601(shared))]
    write_claims(pd.concat(frames, ignore_index=True), DATA / "facts" / "trade.parquet")


def _hs92(shared: Path) -> Extract:
    table = read_raw(shared / "trade_baci_hs92_raw_materials_1995_2024" / "baci_hs92_battery_raw_materials.parquet")
    flows = table.rename(columns={"hs92": "hs"})[FLOW_COLUMNS]
    return Extract(
        flows.astype({"exporter": str, "importer": str, "hs": str, "value_kusd": float, "quantity_t": float}), HS92, "HS1992"
    )


def _v202601(shared: Path) -> list[Extract]:
    """2022 and 2024 from the full files, other years from the file of larger flows (values only)."""
    folder = shared / "trade_baci_hs17_flows_2002_2024"
    large = read_raw(folder / "baci_major_flows_2002_2024.parquet")
    large = large[~large["year"].isin([2022, 2024])].rename(
        columns={"exporter_iso2": "exporter", "importer_iso2": "importer", "hs6": "hs"}
    )
    large = large.drop_duplicates(["year", "exporter", "importer", "hs"])
    large = large.assign(value_kusd=large["value_usd"] / 1000, quantity_t=np.nan)
    # The full file of 2022 says thousand dollars but holds dollars: it equals the file of larger flows to the dollar.
    full_2022 = read_raw(folder / "baci_hs17_2022_full_value.parquet").rename(columns={"hs6": "hs"})
    full_2022 = full_2022.assign(value_kusd=full_2022["value_kusd"] / 1000, quantity_t=np.nan)
    full_2024 = read_raw(folder / "baci_hs17_2024_full_value_quantity.parquet").rename(
        columns={"hs6": "hs", "qty_t": "quantity_t"}
    )
    return [
        Extract(large[FLOW_COLUMNS], V202601, "HS2017", "larger flows only"),
        Extract(full_2022[FLOW_COLUMNS], V202601, "HS2017"),
        Extract(full_2024[FLOW_COLUMNS], V202601, "HS2017"),
    ]


def claims_of(extract: Extract) -> pd.DataFrame:
    """The trade claims of one extract as a frame in the claim columns."""
    flows = by_place(extract)
    note = flows["scope"] + ("; " + flows["doubt"]).where(flows["doubt"] != "", "")
    note += f"; {extract.gap}" if extract.gap else ""
    partial = (flows["origin"].eq("ROW") | flows["destination"].eq("ROW")) & bool(extract.gap)
    value = _claims(flows, extract.source, "trade_value").assign(
        value=_short(flows["value_kusd"]), confidence=_unless_doubted(flows, np.where(partial, "derived", "reported")), note=note
    )
    share = flows["imputed_kusd"] / flows["value_kusd"]
    founded = np.select([share > MOSTLY_IMPUTED, share > 0], ["estimated", "derived"], "reported")
    text = (share * 100).map("{:.2g}".format)
    imputed = ("; quantity of " + text + " % of the value by median unit value").where(share > 0, "")
    mass = _claims(flows, extract.source, "trade_quantity").assign(
        value=_short(flows["quantity_t"]), confidence=_unless_doubted(flows, founded), note=note + imputed
    )
    frame = pd.concat([value, mass[flows["quantity_t"] > 0]], ignore_index=True)
    return frame[list(CLAIM_COLUMNS)]


def by_place(extract: Extract) -> pd.DataFrame:
    """Flows added up by modelled place with columns KEY, ``value_kusd``, ``quantity_t``, ``imputed_kusd`` and ``doubt``.

    Canada is ``CAN``; other countries fold to ``ROW``; flows inside ROW and below 1 kUSD are dropped.
    """
    flows = extract.flows[extract.flows["year"].isin(YEARS)].reset_index(drop=True)
    flows = flows.assign(origin=fold_to_places(flows["exporter"]), destination=fold_to_places(flows["importer"]))
    flows = flows.assign(commodity=commodity_of(flows, extract.hs_edition))
    flows = impute(flows[flows["commodity"].notna()])
    flows = flows[flows["origin"] != flows["destination"]]
    flows = flows.assign(scope=scope_notes(flows))
    sums = flows.groupby(KEY, as_index=False, sort=True)[["value_kusd", "quantity_t", "imputed_kusd"]].sum()
    sums = sums[sums["value_kusd"] >= SMALLEST_KUSD].reset_index(drop=True)
    return sums.assign(doubt=doubts(sums))


def impute(flows: pd.DataFrame) -> pd.DataFrame:
    """Fill missing quantities with value / unit value of the commodity, code and year; ``imputed_kusd`` is the value so treated.

    The unit value is the median by value over flows of at least 100 kUSD: half of the traded value costs less a tonne. The plain
    median over flows follows small parcels and is ten times too high for ores. A year without any quantity stays without.
    """
    flows = flows.join(unit_values(flows), on=["commodity", "hs", "year"])
    missing = ~(flows["quantity_t"] > 0)
    filled = flows["quantity_t"].mask(missing, flows["value_kusd"] / flows["unit_kusd_per_t"])
    imputed = flows["value_kusd"].where(missing & filled.notna(), 0.0)
    return flows.assign(quantity_t=filled, imputed_kusd=imputed).drop(columns="unit_kusd_per_t")


def unit_values(flows: pd.DataFrame) -> pd.Series:
    """Median by value of value / quantity (kUSD a tonne) by ``commodity``, ``hs`` and ``year``.

    >>> flows = pd.DataFrame({"value_kusd": [100, 150, 900.0], "quantity_t": [5.0, 10.0, 9e3]})
    >>> flows = flows.assign(commodity="nickel_ore", hs="260400", year=2024)
    >>> unit_values(flows).tolist()
    [0.1]
    """
    measured = flows[(flows["quantity_t"] > 0) & (flows["value_kusd"] >= MEDIAN_FROM_KUSD)]
    measured = measured.assign(unit_kusd_per_t=measured["value_kusd"] / measured["quantity_t"]).sort_values("unit_kusd_per_t")
    by_code = measured.groupby(["commodity", "hs", "year"])["value_kusd"]
    reached = by_code.cumsum() >= by_code.transform("sum") / 2
    first: pd.Series = measured[reached].groupby(["commodity", "hs", "year"])["unit_kusd_per_t"].first()
    return first


def _claims(flows: pd.DataFrame, source: str, attribute: str) -> pd.DataFrame:
    """Subject, year, unit and dates of the claims of one attribute; value, confidence and note are still to come."""
    subject = flows["origin"] + ">" + flows["destination"] + "/" + flows["commodity"]
    frame = pd.DataFrame(
        {"subject": subject, "attribute": attribute, "unit": UNITS[attribute], "year": flows["year"].astype(str)}
    )
    return frame.assign(source=source, as_of=_as_of(flows["year"], source), valid_from="", valid_to="", label="TLP:CLEAR")


def _short(values: pd.Series) -> pd.Series:
    """Six significant digits: customs data are no finer, and one of the raw files holds single precision."""
    return values.map("{:.6g}".format).astype(float)


def _unless_doubted(flows: pd.DataFrame, confidence: npt.NDArray[np.str_]) -> pd.Series:
    return pd.Series(confidence, index=flows.index, dtype="str").mask(flows["doubt"] != "", "unverified")


def _as_of(year: pd.Series, source: str) -> pd.Series:
    """When the source said so: January of the second year after, for the years that its labelled vintage cannot hold."""
    if source == V202601:
        return pd.Series("2026-01", index=year.index)
    later = (year + 2).astype(str) + "-01"
    return later.mask(year <= 2022, "2024-01")


if __name__ == "__main__":
    main(shared_folder())
