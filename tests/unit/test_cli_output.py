"""Replies: one envelope, plain values, tables that a pipe can carry."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from orepact.cli.options import OutputFormat
from orepact.cli.output import emit, words
from orepact.service.result import META_KEYS, Result, plain


@pytest.fixture
def result() -> Result:
    data = pd.DataFrame({"place": ["COD", "[x]"], "share": [0.75, np.nan], "capacity": [np.inf, 1234567.0], "year": [2024, 2025]})
    meta = {"title": "a title", "hhi": np.float64(5766.3), "warnings": ["mind the gap"], "sources": [{"source": "usgs"}]}
    return Result(data, meta, {"status": "optimal"})


def test_envelope_is_plain_json(result: Result, capsys: pytest.CaptureFixture[str]) -> None:
    emit(result, OutputFormat.json)
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert list(found) == ["status", "data", "meta"]
    assert found["data"][0] == {"place": "COD", "share": 0.75, "capacity": None, "year": 2024}
    assert found["data"][1]["share"] is None
    assert set(META_KEYS) <= set(found["meta"])
    assert not said.err


def test_csv_holds_the_rows_and_warnings_go_aside(result: Result, capsys: pytest.CaptureFixture[str]) -> None:
    emit(result, OutputFormat.csv)
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "place,share,capacity,year"
    assert said.err == "note: mind the gap\n"


def test_table_reads_like_prose(result: Result, capsys: pytest.CaptureFixture[str]) -> None:
    emit(result, OutputFormat.table)
    said = capsys.readouterr().out
    for part in ("a title", "75.0 %", "unlimited", "1,234,567", "[x]", "2025", "hhi: 5,766", "[usgs]"):
        assert part in said
    assert "\x1b" not in said


def test_one_wide_row_stands_upright(capsys: pytest.CaptureFixture[str]) -> None:
    emit(Result(pd.DataFrame([{f"figure_{i}": float(i) for i in range(12)}]), {}), OutputFormat.table)
    assert len(capsys.readouterr().out.splitlines()) > 12


def test_long_answers_say_what_they_leave_out(capsys: pytest.CaptureFixture[str]) -> None:
    emit(Result(pd.DataFrame({"a": range(100)}), {}), OutputFormat.table)
    assert "40 more rows" in capsys.readouterr().out


def test_a_page_is_shown_whole_for_its_mark_is_where_the_next_begins(capsys: pytest.CaptureFixture[str]) -> None:
    emit(Result(pd.DataFrame({"seq": range(1, 101)}), {"after": 100}), OutputFormat.table)
    said = capsys.readouterr().out
    assert "│ 100 │" in said
    assert "more rows" not in said


def test_a_form_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    found = Result(pd.DataFrame({"field": ["id"]}), {"title": "a form"}, text="id: a  # [x]\n")
    emit(found, OutputFormat.table)
    assert capsys.readouterr().out == "id: a  # [x]\n"
    emit(found, OutputFormat.csv)
    assert capsys.readouterr().out == "field\nid\n"


def test_plain_values_survive() -> None:
    assert plain({"a": np.int64(3), "b": pd.NaT, "c": pd.NA, "d": np.bool_(True)}) == {"a": 3, "b": None, "c": None, "d": True}


@pytest.mark.parametrize("nothing", [None, np.nan, float("nan"), np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT")])
def test_a_value_that_is_not_there_is_an_empty_cell(nothing: object) -> None:
    assert words("share", nothing) == ""
