"""The plain data of a brief: bases that join, tables that become records and CSV."""

from __future__ import annotations

import csv
import io

import pytest

from orepact.report.brief import CONFIDENCES, MARKS, MEANINGS, Basis, Column, Row, Table, joined
from orepact.report.views import Notes, csv_text
from orepact.report.words import THIN, number, shown

REPORTED, ESTIMATED = Basis(("a",), "2024-01", "reported"), Basis(("b",), "2025", "estimated", "guess")
TABLE = Table(
    "supply",
    "Supply",
    (Column("place", "Place"), Column("tonnes", "Tonnes", "t", "number"), Column("part", "Part", "", "share")),
    (
        Row({"place": "Here, there", "tonnes": 1234.5678, "part": 0.25}, REPORTED, {"part": ESTIMATED}),
        Row({"place": "Nowhere", "tonnes": float("nan"), "part": float("inf")}, REPORTED),
    ),
)


def test_every_confidence_has_a_mark_and_a_meaning() -> None:
    assert set(CONFIDENCES) == set(MARKS) == set(MEANINGS)
    assert all(MARKS[name] for name in ("estimated", "modelled", "unverified"))
    assert not MARKS["reported"]


def test_a_joined_basis_is_as_weak_as_its_weakest_part() -> None:
    found = joined([REPORTED, ESTIMATED])
    assert found == Basis(("a", "b"), "2025", "estimated", "guess")
    assert joined([]) == Basis()


def test_records_carry_units_in_names_and_say_where_they_come_from() -> None:
    first = TABLE.records()[0]
    assert list(first) == TABLE.names == ["place", "tonnes_t", "part", "confidence", "as_of", "sources", "method"]
    assert (first["confidence"], first["as_of"], first["sources"]) == ("estimated", "2025", "a b")


def test_csv_is_read_back_whole_and_holds_no_nan() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(TABLE))))
    assert rows[0]["place"] == "Here, there"
    assert float(rows[0]["tonnes_t"]) == pytest.approx(1234.5678)
    assert (rows[1]["tonnes_t"], rows[1]["part"]) == ("", "")


def test_cells_are_shown_as_people_read_them() -> None:
    assert shown(0.5, Column("x", "X", "", "share")) == f"50{THIN}%"
    assert shown(-0.5, Column("x", "X", "", "reliance")) == "net exporter"
    assert shown(1234.5, Column("x", "X", "", "number", 1)) == f"1{THIN}234.5"
    assert shown(None, Column("x", "X")) == ""
    assert shown(None, Column("x", "X", "", "number")) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [(999.6, "1,000"), (0.0, "0"), (-12345.0, "-12,300"), (1e-4, "0.000100"), (float("inf"), "unlimited"), (9.999, "10.0")],
)
def test_numbers_keep_three_digits_that_count(value: float, text: str) -> None:
    assert number(value).replace(THIN, ",") == text


def test_notes_number_sources_by_first_mention_and_words_name_them() -> None:
    notes = Notes({"a": {"producer": "Office", "title": "Yearbook"}})
    assert notes.of(ESTIMATED) == [1]
    assert notes.of(joined([REPORTED, ESTIMATED])) == [1, 2]
    assert notes.words(REPORTED) == "Reported: a source says so. | as of 2024-01 | Office, Yearbook"
    assert [notes.hover(REPORTED), notes.hover(ESTIMATED), notes.hover(REPORTED)] == [0, 1, 0]
