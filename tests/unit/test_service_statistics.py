"""Published tables of production come in whole or not at all; small invented files of the same layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput
from orepact.facts import Codes, Ledger
from orepact.service.importing import import_facts
from orepact.service.importing_statistics import layouts

SOURCES = "source,producer,title,licence,grade\nours,Us,Tables,own,A\n"
WMD = "commodity,country,m49_baci_code,iso3,unit,data_source_flag,year,production\n"
BGS = (
    "commodity,sub_commodity,iso3,country,year,quantity,units,statistic,yearbook_table,table_notes,figure_notes,erml_commodity\n"
)
LI = "Lithium minerals (Li content)"


@pytest.fixture
def bring(tmp_path: Path):
    (tmp_path / "sources.csv").write_text(SOURCES)

    def brought(layout: str, text: str, source: str | None = "ours") -> tuple[Ledger, list[str]]:
        file = tmp_path / f"{layout}_table.csv"
        file.write_text(text)
        done = import_facts([file], tmp_path / "into", layout=layout, sources=tmp_path / "sources.csv", source=source)
        return Ledger.shipped([tmp_path / "into"]), list(done.meta["warnings"])

    return brought


def value(ledger: Ledger, subject: str, attribute: str, year: int) -> tuple[float, str]:
    rows = ledger.at(include_unverified=True).select(attribute, subject=subject, year=year)
    rows = rows[rows["source"] == "ours"]
    assert len(rows) == 1
    return float(rows["number"].iloc[0]), str(rows["confidence"].iloc[0])


def test_world_mining_data_speaks_of_oxides(bring) -> None:
    rows = [
        "Lithium (Li2O),Chile,152,CHL,metr. t,r,2021,1000",
        "Phosphate Rock (P2O5),Morocco,504,MAR,metr. t,e,2021,30",
        "Cobalt,Albania,8,ALB,metr. t,r,2021,3",
        "Cobalt,Serbia,688,SRB,metr. t,r,2021,4",
        "Cobalt,Chile,152,CHL,metr. t,r,2021,",
        "Gold,Chile,152,CHL,kg,r,2021,7",
    ]
    ledger, notes = bring("wmd", WMD + "\n".join(rows) + "\n")
    assert value(ledger, "CHL/lithium", "mine_production", 2021) == (pytest.approx(464.5), "reported")
    assert value(ledger, "MAR/phosphate_rock", "production", 2021) == (pytest.approx(100.0), "estimated")
    assert value(ledger, "ROW/cobalt", "mine_production", 2021) == (7.0, "reported")
    assert any("not of the chain" in note for note in notes)


def test_bgs_lithium_counts_content_once(bring) -> None:
    rows = [
        "lithium minerals,Spodumene,AUS,Australia,2021,50000,tonnes (metric),Production,,,,",
        "lithium minerals,Spodumene (Li content),AUS,Australia,2021,1400,tonnes (metric),Production,,,,",
        f"lithium minerals,{LI},AUS,Australia,2021,90,tonnes (metric),Production,,,Hydroxide.,",
        f"lithium minerals,{LI},CHL,Chile,2021,200,tonnes (metric),Production,,,Hydroxide.,",
        "lithium minerals,Lithium minerals (Carbonate -Li content),CHL,Chile,2021,3000,tonnes (metric),Production,,,,",
        f"lithium minerals,{LI},USA,United States,2021,6000,tonnes (metric),Production,,,Estimates.,",
        '"copper, smelter",,CHL,Chile,2021,9,tonnes (metric),Production,,,,',
    ]
    ledger, notes = bring("bgs", BGS + "\n".join(rows) + "\n")
    assert value(ledger, "AUS/lithium", "mine_production", 2021) == (1400.0, "reported")
    assert value(ledger, "CHL/lithium", "mine_production", 2021) == (3200.0, "reported")
    assert value(ledger, "USA/lithium", "mine_production", 2021) == (6000.0, "unverified")
    assert any("gross tonnes" in note for note in notes)
    assert any("an earlier stage" in note for note in notes)


def test_every_broken_row_is_named_and_nothing_is_written(bring, tmp_path: Path) -> None:
    rows = ["Cobalt,Chile,152,CHL,metr. t,r,2021,many", "Cobalt,Chile,152,CHL,pounds,r,21,-5"]
    with pytest.raises(BadInput) as caught:
        bring("wmd", WMD + "\n".join(rows) + "\n", source=None)
    told = {(problem.row, problem.column) for problem in caught.value.problems}
    assert told == {(None, "source"), (2, "production"), (3, "production"), (3, "unit"), (3, "year")}
    assert not (tmp_path / "into").exists()


def test_a_table_of_another_kind_is_refused(bring) -> None:
    with pytest.raises(BadInput) as caught:
        bring("bgs", WMD)
    assert {problem.column for problem in caught.value.problems} >= {"sub_commodity", "quantity", "units"}


def test_layouts_speak_the_language_of_the_code_lists() -> None:
    codes = Codes.shipped()
    for layout in layouts().values():
        for rule in layout.series.values():
            assert rule["attribute"] in codes.attributes
            assert rule["thing"] in codes.elements or rule["thing"] in codes.commodities


def test_trade_of_a_shared_code_keeps_its_code(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(SOURCES)
    flows = tmp_path / "flows.csv"
    flows.write_text("t,i,j,k,v,q\n2021,156,410,283329,10,5\n")
    done = import_facts([flows], tmp_path / "into", layout="baci", sources=tmp_path / "sources.csv", source="ours", hs="HS2007")
    assert any("cobalt_sulphate, manganese_sulphate" in note for note in done.meta["warnings"])
    row = Ledger.shipped([tmp_path / "into"]).trade("cobalt_sulphate", 2021, attribute="trade_quantity")
    assert row[row["source"] == "ours"]["note"].iloc[0].startswith("HS2007 283329")


def test_an_edition_that_never_was_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(SOURCES)
    flows = tmp_path / "flows.csv"
    flows.write_text("t,i,j,k,v,q\n2021,156,410,283329,10,5\n")
    with pytest.raises(BadInput, match="HS2018"):
        import_facts([flows], tmp_path / "into", layout="baci", sources=tmp_path / "sources.csv", source="ours", hs="HS2018")
    assert not (tmp_path / "into").exists()
