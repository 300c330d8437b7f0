"""Reading tables: nothing is guessed, every broken row is named, and a million rows are no obstacle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.errors import ProblemCollector
from orepact.facts import CLAIM_COLUMNS, Codes
from orepact.facts.checking import check_claims
from orepact.facts.findings import MOST_ROWS_NAMED
from orepact.facts.loading import Table, read_table, tables_in

COLUMNS = ("place", "value", "note")
CODES = Path(__file__).parents[1] / "cases" / "facts_no_mistake" / "codes"


def read(path: Path, content: bytes) -> tuple[Table, list[str]]:
    path.write_bytes(content)
    problems = ProblemCollector()
    table = read_table(path, COLUMNS, problems)
    return table, [str(problem) for problem in problems]


@pytest.mark.parametrize(
    "content",
    [
        b"place,value,note\nNA,1,\xc3\xa9\n",
        b"\xef\xbb\xbfplace,value,note\r\nNA,1,\xc3\xa9\r\n",
        b"place,value,note\rNA,1,\xc3\xa9\r",
        "place,value,note\nNA,1,é".encode("utf-16"),
        b'note,"place",value\n\xc3\xa9,NA,1',
        b"place,value,note\n\nNA,1,\xc3\xa9\n\n\n",
    ],
    ids=["plain", "windows", "old mac", "utf-16", "other order", "blank lines"],
)
def test_the_same_table_in_many_encodings(content: bytes, tmp_path: Path) -> None:
    table, problems = read(tmp_path / "t.csv", content)
    assert problems == []
    assert table.frame.to_numpy().tolist() == [["NA", "1", "é"]]


@pytest.mark.parametrize("word", ["NA", "N/A", "null", "NaN", "None", "", "#N/A", "1e5", "007", "true", "2024-01-01"])
def test_no_word_is_guessed_to_be_something_else(word: str, tmp_path: Path) -> None:
    table, problems = read(tmp_path / "t.csv", f"place,value,note\nCHN,{word},x\n".encode())
    assert problems == []
    assert table.frame["value"].tolist() == [word]


def test_rows_keep_their_numbers_around_blank_and_broken_ones(tmp_path: Path) -> None:
    table, problems = read(tmp_path / "t.csv", b'place,value,note\nA,1,x\n\nB,2\nC,3,"two\nlines"\nD,4,x,y\nE,5,x\n')
    assert table.frame["place"].tolist() == ["A", "C", "E"]
    assert table.rows.tolist() == [2, 5, 7]
    assert [problem.split(":")[0] for problem in problems] == ["t.csv, row 4, row", "t.csv, row 6, row"]


def test_a_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    table, problems = read(tmp_path / "t.csv", b"place,value,note")
    assert problems == []
    assert len(table.frame) == 0


def test_optional_columns_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("place\nCHN\n")
    problems = ProblemCollector()
    table = read_table(path, COLUMNS, problems, required=["place"])
    assert (len(problems), table.frame.to_numpy().tolist()) == (0, [["CHN", "", ""]])


def test_parquet_of_any_types_reads_as_text(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"place": pd.Categorical(["NA", None]), "value": [1.5, np.nan], "note": [1, 2]}).to_parquet(path)
    problems = ProblemCollector()
    table = read_table(path, COLUMNS, problems)
    assert (len(problems), table.frame.to_numpy().tolist()) == (0, [["NA", "1.5", "1"], ["", "", "2"]])


def test_a_missing_file_and_a_folder_of_other_files_are_named(tmp_path: Path) -> None:
    problems = ProblemCollector()
    read_table(tmp_path / "none.csv", COLUMNS, problems)
    (tmp_path / "readme.txt").write_text("x")
    tables_in(tmp_path, problems)
    tables_in(tmp_path / "readme.txt", problems)
    read_table(tmp_path, COLUMNS, problems)
    assert [problem.found for problem in problems] == ["nothing there", "none", "a file", "Is a directory"]


def test_one_broken_row_in_a_million_is_named(tmp_path: Path) -> None:
    count, broken = 1_000_000, 777_775
    codes = Codes.load(CODES)
    cells = {column: pd.Series([""], dtype="str").repeat(count) for column in CLAIM_COLUMNS}
    frame = pd.DataFrame(cells).reset_index(drop=True)
    places = np.array(["CHN", "COD", "NAM", "CA-QC"])[np.arange(count) % 4]
    frame["subject"] = pd.Series(places, dtype="str") + "/cobalt"
    frame = frame.assign(attribute="mine_production", unit="t", year="2024", source="own", as_of="2025-01")
    frame = frame.assign(confidence="reported", label="TLP:CLEAR", value=pd.Series(np.arange(count)).astype("str"))
    frame.loc[broken, "unit"] = "MWh"
    frame.to_csv(tmp_path / "big.csv", index=False)
    problems = ProblemCollector()
    table = read_table(tmp_path / "big.csv", CLAIM_COLUMNS, problems)
    problems.extend(check_claims(table, codes, {"own"}))
    assert [problem.where for problem in problems] == [f"big.csv, row {broken + 2}, unit"]


def test_a_rule_that_every_row_breaks_names_many_and_counts_the_rest() -> None:
    count = MOST_ROWS_NAMED + 5
    row = {"subject": "site:a", "attribute": "name", "unit": "text", "source": "own", "as_of": "2025", "confidence": "sure"}
    frame = pd.DataFrame(
        [{**dict.fromkeys(CLAIM_COLUMNS, ""), **row, "label": "TLP:CLEAR", "value": str(n)} for n in range(count)]
    )
    table = Table("t.csv", frame.astype("str"), np.arange(2, count + 2))
    problems = check_claims(table, Codes.load(CODES), None)
    assert len(problems) == MOST_ROWS_NAMED + 1
    assert problems[-1].found == "5 more such rows"
