"""The network package: every mistake has a folder and its whole report; writing is all or nothing."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from orepact.chain import Network
from orepact.chain.tables import tables
from orepact.errors import BadInput

HERE = Path(__file__).parents[1]
TOY = HERE / "networks" / "toy"
CASES = sorted((HERE / "cases").glob("package_*"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_mistake_is_reported_whole(case):
    with pytest.raises(BadInput) as caught:
        Network.from_package(case)
    assert str(caught.value) + "\n" == (case / "expected.txt").read_text(encoding="utf-8")
    for problem in caught.value.problems:
        assert problem.file
        assert problem.mend


def test_there_are_cases():
    assert len(CASES) > 20


def test_a_folder_that_is_none(tmp_path):
    (tmp_path / "file").write_text("x")
    for folder, found in ((tmp_path / "gone", "nothing"), (tmp_path / "file", "a file")):
        with pytest.raises(BadInput, match=f"network.yaml.*found {found}"):
            Network.from_package(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="an empty folder"):
        Network.from_package(tmp_path / "empty")


def test_problems_of_all_files_come_together(tmp_path):
    shutil.copytree(TOY, tmp_path / "p")
    for file, old, new in (
        ("routes.csv", "20", "x"),
        ("places.csv", "0.05", "y"),
        ("demand.csv", "2031", "z"),
        ("network.yaml", "title", "tit"),
    ):
        path = tmp_path / "p" / file
        path.write_text(path.read_text().replace(old, new, 1))
    (tmp_path / "p" / "sites.csv").unlink()
    with pytest.raises(BadInput) as caught:
        Network.from_package(tmp_path / "p")
    assert {problem.file for problem in caught.value.problems} == {
        "network.yaml",
        "places.csv",
        "sites.csv",
        "routes.csv",
        "demand.csv",
    }


def test_rows_are_counted_as_in_the_file(tmp_path):
    """Blank lines and a byte order mark do not move the row that a problem names."""
    shutil.copytree(TOY, tmp_path / "p")
    text = "commodity,place,year,quantity\r\n\r\nmetal,BBB,2030,80\r\n\r\nmetal,BBB,2099,110\r\n"
    (tmp_path / "p" / "demand.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    with pytest.raises(BadInput, match=r"demand.csv, row 5, year: .* found 2099"):
        Network.from_package(tmp_path / "p")


def test_texts_such_as_na_stay_text(tmp_path):
    shutil.copytree(TOY, tmp_path / "p")
    (tmp_path / "p" / "places.csv").write_text("place,name,group\nAAA,NA,null\nBBB,None,N/A\n")
    network = Network.from_package(tmp_path / "p")
    assert network.places["name"].tolist() == ["NA", "None"]
    assert network.places["group"].tolist() == ["null", "N/A"]


def test_very_many_problems_are_counted(tmp_path):
    shutil.copytree(TOY, tmp_path / "p")
    lines = "".join(f"metal,AAA,BBB,x{number}\n" for number in range(1000))
    (tmp_path / "p" / "routes.csv").write_text("commodity,origin,destination,cost_usd\n" + lines)
    with pytest.raises(BadInput) as caught:
        Network.from_package(tmp_path / "p")
    assert len(caught.value.problems) < 80
    assert "routes.csv, row 27, cost_usd: expected a number, found the same in 975 more rows" in str(caught.value)


def test_one_broken_row_among_very_many(tmp_path):
    shutil.copytree(TOY, tmp_path / "p")
    size = 100_000
    places = "".join(f"P{number},\n" for number in range(size))
    (tmp_path / "p" / "places.csv").write_text("place,name\nAAA,\nBBB,\n" + places)
    rows = [f"metal,AAA,P{number},1.5\n" for number in range(size)]
    rows[76_543] = "metal,AAA,P76543,1.5,\n"
    head = "commodity,origin,destination,cost_usd\nore,AAA,BBB,1\nmetal,AAA,BBB,1\n"
    (tmp_path / "p" / "routes.csv").write_text(head + "".join(rows))
    with pytest.raises(BadInput) as caught:
        Network.from_package(tmp_path / "p")
    assert [str(p.where) for p in caught.value.problems] == ["routes.csv, row 76547"]


@pytest.mark.parametrize("name", ["toy", "magnets", "chips"])
def test_round_trip_and_stable_bytes(name, tmp_path):
    network = Network.from_package(HERE / "networks" / name)
    again = Network.from_package(network.to_package(tmp_path / "one"))
    assert again.equals(network)
    again.to_package(tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_nothing_is_written_over(tmp_path):
    network = Network.from_package(TOY)
    folder = tmp_path / "out"
    network.to_package(folder)
    with pytest.raises(BadInput, match="empty or new folder"):
        network.to_package(folder)
    network.with_tables(stockpiles=pd.DataFrame({"commodity": ["ore"], "place": ["AAA"], "quantity": [1]})).to_package(
        folder, overwrite=True
    )
    network.to_package(folder, overwrite=True)
    assert not (folder / "stockpiles.csv").exists()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(BadInput, match="other files"):
        network.to_package(folder, overwrite=True)
    assert (folder / "notes.txt").read_text() == "mine"
    with pytest.raises(BadInput, match="a file"):
        network.to_package(folder / "notes.txt", overwrite=True)


def test_a_failed_write_leaves_everything_as_it_was(tmp_path, monkeypatch):
    network = Network.from_package(TOY)
    folder = network.to_package(tmp_path / "out")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def fail(*_args, **_keywords):
        raise OSError("disk full")

    monkeypatch.setattr("orepact.chain.descriptor.descriptor", fail)
    with pytest.raises(OSError, match="disk full"):
        network.to_package(folder, overwrite=True)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_descriptor_is_a_valid_data_package(tmp_path):
    network = Network.from_package(HERE / "networks" / "magnets")
    raw = json.loads((network.to_package(tmp_path / "out") / "datapackage.json").read_text(encoding="utf-8"))
    sites = next(resource for resource in raw["resources"] if resource["name"] == "sites")
    assert sites["schema"]["primaryKey"] == ["site"]
    assert {"fields": ["place"], "reference": {"resource": "places", "fields": ["place"]}} in sites["schema"]["foreignKeys"]
    assert [field["name"] for field in sites["schema"]["fields"]] == (tmp_path / "out" / "sites.csv").read_text().split("\n")[
        0
    ].split(",")


@pytest.mark.peers
def test_frictionless_accepts_the_package(tmp_path):
    frictionless = pytest.importorskip("frictionless")
    for name in ("toy", "magnets", "chips"):
        folder = Network.from_package(HERE / "networks" / name).to_package(tmp_path / name)
        report = frictionless.validate(str(folder / "datapackage.json"))
        assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_the_reference_page_names_every_column():
    page = (HERE.parent / "docs" / "reference" / "network-package.md").read_text(encoding="utf-8")
    for table in tables().values():
        assert f"`{table.file}`" in page
        for column in table.columns.values():
            assert f"`{column.name}`" in page
            assert column.description in page
