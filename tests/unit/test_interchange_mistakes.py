"""Broken files of other formats: every problem at once with its place, nothing half written, losses said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from interchange_networks import PACKAGES, claims, toy
from orepact import service
from orepact.errors import BadInput, Problem
from orepact.facts import Codes
from orepact.interchange import datapackage, geojson, iamc, passport, pypsa, pypsa_reading, sdmx_csv
from orepact.interchange.cells import csv_rows, guarded

HEADER = "model,scenario,region,variable,unit,year,value\n"
TOY = PACKAGES / "toy"


def problems(work: Callable[[], object]) -> tuple[Problem, ...]:
    """What is wrong with an input."""
    with pytest.raises(BadInput) as caught:
        work()
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "nothing"),
        ("a,b\n", "only a header"),
        ("a;b\n1;2\n", "'a;b'"),
        ("a\tb\n1\t2\n", r"'a\tb'"),
        ("a,b\n1,\0\n", "a character of number 0"),
        ('a,b\n1,"2\n', "unexpected end of data"),
    ],
)
def test_no_table_is_told_as_what_it_is(text: str, found: str) -> None:
    assert [problem.found for problem in problems(lambda: csv_rows(text, "x.csv"))] == [found]


def test_a_place_in_the_file_counts_blank_lines() -> None:
    repeated = problems(lambda: iamc.read(f"\n{HEADER}\na,b,KOR,X,t,2024,1\n\na,b,KOR,X,t,2024,1\n"))
    assert [(p.row, p.found) for p in repeated] == [(6, "the same as row 4")]


def test_a_negative_number_is_no_formula() -> None:
    assert [guarded(text) for text in ("-1.60646", "-2e-5", "-1+1", "+1", "-", "-1\n=1")] == [
        "-1.60646",
        "-2e-5",
        "'-1+1",
        "'+1",
        "'-",
        "'-1\n=1",
    ]


# IAMC -------------------------------------------------------------------------------------------


def test_units_that_contradict_the_commodity(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    rows = ["KOR,Activity|refine|nickel_sulphate,kg/yr", "KOR,Cost|refine|nickel_sulphate,EUR/yr", "KOR,GDP,furlong"]
    source.write_text(HEADER + "".join(f"a,b,{row},2024,1\n" for row in rows), encoding="utf-8")
    told = problems(lambda: service.import_iamc(source, tmp_path / "out.csv"))
    assert [(p.row, p.column, p.expected) for p in told] == [
        (2, "unit", "t/yr, as nickel_sulphate is counted"),
        (3, "unit", "USD/yr, as nickel_sulphate is counted"),
    ]
    assert not (tmp_path / "out.csv").exists()


def test_names_of_a_network_are_demanded_and_others_told(tmp_path: Path) -> None:
    source = tmp_path / "rows.csv"
    rows = ["AAA,Demand|metal,t/yr", "CCC,Demand|metal,t/yr", "AAA>DDD,Trade|gold,t/yr"]
    source.write_text(HEADER + "".join(f"a,b,{row},2030,1\n" for row in rows), encoding="utf-8")
    told = problems(lambda: service.import_iamc(source, network=TOY))
    assert [(p.row, p.column, p.found) for p in told] == [
        (3, "region", "'CCC'"),
        (4, "variable", "gold"),
        (4, "region", "'DDD'"),
    ]
    assert service.import_iamc(source).warnings == [
        "3 regions are not known here: AAA, CCC, DDD",
        "2 commodities are not known here: gold, metal",
    ]


def test_long_and_wide_at_once_is_neither() -> None:
    told = problems(lambda: iamc.read(HEADER.strip() + ",2030\na,b,KOR,X,t,2024,1,2\n"))
    assert sorted((p.row, p.column) for p in told) == [(1, "value"), (1, "year")]


def test_labels_are_labels_and_go_along(tmp_path: Path) -> None:
    text = HEADER.strip() + ",label\na,b,KOR,=X,t,2024,1,{}\n"
    assert [p.column for p in problems(lambda: iamc.read(text.format("secret")))] == ["label"]
    (tmp_path / "rows.csv").write_text(text.format("TLP:AMBER/acme"), encoding="utf-8")
    done = service.import_iamc(tmp_path / "rows.csv", tmp_path / "out.csv")
    assert done.meta["label"] == "TLP:AMBER/acme"
    kept = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert kept["label"].tolist() == ["TLP:AMBER/acme"]
    assert kept["variable"].tolist() == ["'=X"]


def test_expected_capacity_is_called_so() -> None:
    _, lost = iamc.of_network(toy())
    assert "capacity is what is expected: 1 sites count with the chance that they are there" in lost


# SDMX-CSV ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        (",A,F,derived", ",U,F,derived", "OBS_STATUS"),
        (",222000.5,t,", ",222000.5,furlong,", "UNIT_MEASURE"),
        (",2024,usgs", ",2023-02-31,usgs", "TIME_PERIOD"),
        ("I,COD,_Z,cobalt,", "I,XYZ,_Z,cobalt,", "ITEM"),
        ("mine_production", "mine_output", "INDICATOR"),
        ("2026-01,,'=cmd", "yesterday,,'=cmd", "AS_OF"),
    ],
)
def test_a_code_that_is_not_known_is_told_by_its_column(old: str, new: str, column: str) -> None:
    text = sdmx_csv.of_claims(claims().iloc[:2]).text
    assert old in text
    told = problems(lambda: sdmx_csv.read(text.replace(old, new, 1), codes=Codes.shipped()))
    assert [p.column for p in told] == [column]


def test_one_key_has_one_value() -> None:
    lines = sdmx_csv.of_claims(claims().iloc[:2]).text.splitlines()
    text = "\n".join([*lines, lines[1].replace("222000.5", "5")])
    told = problems(lambda: sdmx_csv.read(text, codes=Codes.shipped()))
    assert [(p.row, p.found) for p in told] == [(4, "the dimensions of row 2")]


def test_nothing_is_no_file_of_claims() -> None:
    header = sdmx_csv.of_claims(claims()).text.splitlines()[0]
    assert [p.found for p in problems(lambda: sdmx_csv.read(header))] == ["only a header"]


# PyPSA ------------------------------------------------------------------------------------------


def broken(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """The folder of the toy network with other text in one file."""
    for file, text in pypsa.of_network(toy()).files.items():
        (tmp_path / file).write_text(text.replace(old, new) if file == name else text, encoding="utf-8")
    assert old in pypsa.of_network(toy()).files[name]
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "wanted"),
    [
        ("links.csv", "ore/AAA,-4", "ore/AAA,four", [("efficiency2", 5)]),
        ("loads-p_set.csv", ",80", ",many", [("demand metal/BBB", 2)]),
        ("loads-p_set.csv", "2031,", "2041,", [("snapshot", None)]),
        ("loads-p_set.csv", "demand metal/BBB", "demand", [("demand metal/BBB", 1)]),
        ("meta.json", "2031", "1e99", [("years", None)]),
    ],
)
def test_a_broken_folder_of_pypsa(tmp_path: Path, name: str, old: str, new: str, wanted: list[tuple[str, int | None]]) -> None:
    folder = broken(tmp_path, name, old, new)
    assert [(p.column, p.row) for p in problems(lambda: pypsa_reading.read_folder(folder))] == wanted


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    folder = broken(tmp_path, "buses.csv", "AAA", "AAA")
    (folder / "buses.csv").write_bytes((folder / "buses.csv").read_bytes().replace(b"AAA", b"\xff"))
    assert [p.found for p in problems(lambda: pypsa_reading.read_folder(folder))] == ["byte 0xff"]


def test_what_pypsa_changed_is_named_and_the_label_stays(tmp_path: Path) -> None:
    folder = broken(tmp_path, "links.csv", "115,90,routes", "120,80,routes")
    (folder / "meta.json").write_text((folder / "meta.json").read_text().replace("TLP:CLEAR", "TLP:AMBER/acme"), encoding="utf-8")
    done = service.import_pypsa(folder, tmp_path / "back")
    assert done.warnings == [
        "p_nom of 1 links differs from orepact's own columns, which count: route AAA>BBB/metal",
        "marginal_cost of 1 links differs from orepact's own columns, which count: route AAA>BBB/metal",
    ]
    assert done.meta["label"] == "TLP:AMBER/acme"


# Read in Python ---------------------------------------------------------------------------------


def test_every_broken_cell_of_a_data_package() -> None:
    frame = pd.DataFrame({"n": [1, 2], "x": [0.5, 1.5], "on": [True, False]})
    files = dict(datapackage.of_tables({"rows": frame}, title="Rows").files)
    files["rows.csv"] = "n,x,on\n1.5,0.5,true\n2,lots,yes\n"
    told = problems(lambda: datapackage.read(files))
    assert [(p.file, p.row, p.column) for p in told] == [("rows.csv", 2, "n"), ("rows.csv", 3, "x"), ("rows.csv", 3, "on")]
    files["rows.csv"] = "n,x\n1,0.5\n"
    assert [p.column for p in problems(lambda: datapackage.read(files))] == ["on"]


BATTERY = passport.Battery("cell_lfp", "Cell", {"cell": 20.0, "stock": 1.0}, {"iron": 0.001}, 60.0, 1000.0, "", "KOR", 2024)


def test_a_passport_says_what_it_is_about() -> None:
    raw = json.loads(passport.of_battery(BATTERY).text)
    assert raw["about"] == {"commodity": "cell_lfp", "place": "KOR", "year": 2024, "energy_kwh": 60.0, "service_kwh": 1000.0}
    assert raw["carbonFootprintForBatteries"]["absoluteCarbonFootprint"] == 21.0 * 60


@pytest.mark.parametrize("value", ['"much"', "-1", "1e999", "true", "null", "{}"])
def test_a_figure_of_a_passport_is_a_number(value: str) -> None:
    text = passport.of_battery(BATTERY).text.replace("1260.0", value)
    assert [p.column for p in problems(lambda: passport.read(text))] == ["carbonFootprintForBatteries.absoluteCarbonFootprint"]


def test_a_figure_in_a_row_of_a_passport_is_a_number() -> None:
    text = passport.of_battery(BATTERY).text.replace("60000.0", '"heavy"')
    assert [p.column for p in problems(lambda: passport.read(text))] == [
        "materialComposition.batteryMaterials[0].batteryMaterialMass"
    ]


@pytest.mark.parametrize("spot", ["[200, 0]", "[0]", '["a", "b"]', "[NaN, 0]", "null"])
def test_a_position_is_longitude_and_latitude(spot: str) -> None:
    feature = '{"type": "Feature", "id": "x", "properties": {}, "geometry": {"type": "Point", "coordinates": %s}}'
    text = '{"type": "FeatureCollection", "features": [%s]}' % (feature % spot)
    assert [(p.row, p.column) for p in problems(lambda: geojson.read(text))] == [(1, "coordinates")]
