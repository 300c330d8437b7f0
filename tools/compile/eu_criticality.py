"""EU study on critical raw materials 2023: who supplies the world and the EU, and what else supply risk is made of.

Three tables go in. Shares of world supply and of EU sourcing with the trade parameter of every supplier (appendix 7 of the
study, averages of 2016-2020). The results of the assessment (import reliance, end-of-life recycling input rate, substitution
indices, published supply risk), which stand in ``hand/eu_criticality_2023.csv`` as CritMAT transcribed them; columns that had
slipped there are put back, with a note. World Bank governance estimates, averaged over the six indicators and 2016-2020.

Every supplier keeps its own row: to fold small ones into a rest of the world would change the concentration. A trade
parameter of 1 is not claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from orepact.facts.codes import Codes
from tools.compile._statistics import Edition, Row, claim, joined
from tools.compile.claims_writer import DATA, place_of, read_raw, shared_folder, write_claims, write_sources

SHARES = Edition("eu_crm_2023", "2023-03")
RESULTS = Edition("eu_crm_2023_results", "2023-03")
GOVERNANCE = Edition("worldbank_wgi_2024", "2024")
MIDDLE_YEAR = 2018
YEARS = range(2016, 2021)
PERIOD = "average of 2016-2020, dated in the middle"
FOLDER = "crm_eu_2023_supply_shares"
HAND = Path(__file__).parent / "hand" / "eu_criticality_2023.csv"
STAGES = {"E": "extraction", "P": "processing"}
SPELLINGS = {
    "barytes": "baryte",
    "borate": "boron",
    "phosphorous": "phosphorus",
    "titanium_ores": "titanium",
    "heavy_rare_earths_elements": "heavy_rare_earths",
}
"""Materials whose name in the appendix differs from their id."""
PLACES = {"Brasilia": "BRA"}
"""Countries whose printed name no list of spellings knows."""
TAKEN = "absent in the transcription"
"""How a note says of a stage that its value follows from another one."""
NUMBERS = {
    "published_supply_risk": ("supply_risk", "index", 1.0),
    "published_supply_risk_extraction": ("supply_risk_extraction", "index", 1.0),
    "published_supply_risk_processing": ("supply_risk_processing", "index", 1.0),
    "published_economic_importance": ("economic_importance", "index", 1.0),
    "eu_import_reliance_extraction": ("import_reliance_extraction_pct", "1", 100.0),
    "eu_import_reliance_processing": ("import_reliance_processing_pct", "1", 100.0),
    "end_of_life_recycling_input_rate": ("recycling_input_rate_pct", "1", 100.0),
    "substitution_index_supply_risk": ("substitution_supply_risk", "1", 1.0),
    "substitution_index_economic_importance": ("substitution_economic_importance", "1", 1.0),
}
"""Attribute: column of the hand table, unit, divisor."""
STUDY = {
    "producer": "European Commission",
    "edition": "2023",
    "published": SHARES.as_of,
    "attribution": "European Commission, Study on the critical raw materials for the EU 2023",
    "grade": "B",
    "ships": "yes",
}
SOURCES: list[Row] = [
    {
        **STUDY,
        "source": SHARES.source,
        "title": "Study on the critical raw materials for the EU 2023, final report, appendices 6 and 7",
        "licence": "CC BY 4.0",
        "address": "doi:10.2873/725585",
    },
    {
        **STUDY,
        "source": RESULTS.source,
        "title": "Study on the critical raw materials for the EU 2023, results, as transcribed in CritMAT (Meyer, Pehlken)",
        "licence": "CC BY 4.0 (study), MIT (transcription)",
        "attribution": "European Commission, Study on the critical raw materials for the EU 2023; CritMAT (OFFIS, DFKI)",
        "address": "doi:10.2873/725585; doi:10.5281/zenodo.20489684",
    },
]


def material_of(name: str, codes: Codes) -> str:
    """The id of a material of the study; raises ``ValueError`` for one that no code list knows."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    found = SPELLINGS.get(plain, plain)
    if found not in codes.subject_things:
        raise ValueError(f"{name!r} is in no code list: add it to materials.yaml")
    return found


def supplier_of(name: str, codes: Codes) -> str:
    """The country of a supplier; raises ``ValueError`` for one that no code list knows."""
    found = PLACES.get(name) or place_of(name)
    if found not in codes.subject_places:
        raise ValueError(f"{name!r} is in no code list: add it to economies.yaml")
    return str(found)


def share_claims(table: pd.DataFrame, scope: str, codes: Codes) -> Iterator[Row]:
    """Shares (fractions) and trade parameters other than 1; ``scope`` is "" for the world and "eu" for EU sourcing."""
    for row in table.to_dict("records"):
        stage, place = STAGES[row["Stage"]], supplier_of(row["Country"], codes)
        subject = f"{place}/{material_of(row['Material'], codes)}"
        small = "printed as less than 0.1 %, taken as 0.05 %" if row["Share"].startswith("<") else ""
        odd = f"printed as {row['Country']}" if row["Country"] in PLACES else ""
        attribute = f"eu_{stage}_sourcing_share" if scope else f"{stage}_share"
        share, confidence = round(float(row["share_pct_numeric"]) / 100, 6), "estimated" if small else "reported"
        note = joined(PERIOD, small, odd)
        yield claim(subject, attribute, share, "1", MIDDLE_YEAR, edition=SHARES, confidence=confidence, note=note)
        if float(row["t"]) != 1:
            prefix = "eu_" if scope else ""
            yield claim(
                subject, f"{prefix}trade_parameter_{stage}", float(row["t"]), "1", MIDDLE_YEAR,
                edition=SHARES, confidence="reported",
            )  # fmt: skip


def result_claims(table: pd.DataFrame, codes: Codes) -> Iterator[Row]:
    """Inputs and results of the assessment for each material; empty cells claim nothing."""
    for row in table.to_dict("records"):
        material = material_of(row["material"], codes)
        for attribute, (column, unit, divisor) in NUMBERS.items():
            if row[column]:
                value = round(float(row[column]) / divisor, 6)
                note = row["note"] if attribute.startswith("published_supply_risk_") else ""
                said = "derived" if f"{attribute.rpartition('_')[2]}: {TAKEN}" in note else "reported"
                yield claim(material, attribute, value, unit, MIDDLE_YEAR, edition=RESULTS, confidence=said, note=note)
        for stage in STAGES.values():
            if row[f"supply_{stage}"]:
                considered = claim(
                    material, f"supply_considered_{stage}", 0.0, "text", MIDDLE_YEAR, edition=RESULTS, confidence="reported"
                )  # fmt: skip
                yield considered | {"value": row[f"supply_{stage}"]}


def governance_claims(table: pd.DataFrame, places: Iterable[str]) -> Iterator[Row]:
    """Mean of the six estimates and the years 2016-2020 for each supplier that has them."""
    chosen = table[table["year"].astype(int).isin(YEARS) & (table["estimate"] != "") & table["iso3"].isin(set(places))]
    estimates = chosen.assign(estimate=chosen["estimate"].astype(float)).groupby("iso3")["estimate"].agg(["mean", "count"])
    for place, mean, count in estimates.itertuples():
        note = f"mean of {count} estimates: six indicators, 2016-2020"
        yield claim(
            str(place), "governance_mean", round(float(mean), 5), "index", MIDDLE_YEAR,
            edition=GOVERNANCE, confidence="derived", note=note,
        )  # fmt: skip


def claims(shared: Path) -> list[Row]:
    """All claims of ``criticality.csv``."""
    codes = Codes.load(DATA / "codes")
    world = read_raw(shared / FOLDER / "global_supply_shares_2023.csv")
    sourcing = read_raw(shared / FOLDER / "eu_sourcing_shares_2023.csv")
    six = read_raw(shared / "gov_worldbank_wgi_1996_2024" / "wgi_six_indicators_1996_2023.csv")
    rows = [*share_claims(world, "", codes), *share_claims(sourcing, "eu", codes)]
    suppliers = {supplier_of(name, codes) for name in (*world["Country"], *sourcing["Country"])}
    return [*rows, *result_claims(read_raw(HAND), codes), *governance_claims(six, suppliers)]


def main(shared: Path) -> None:
    """Write ``criticality.csv`` and its sources."""
    write_sources(SOURCES, Path(__file__).parent / "sources" / "eu_criticality.csv")
    write_claims(claims(shared), DATA / "facts" / "criticality.csv")


if __name__ == "__main__":
    main(shared_folder())
