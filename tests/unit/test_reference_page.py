"""The page on the base year shows the tables of the shipped facts."""

from __future__ import annotations

import pytest
from tools.base_year_table import BEGIN, END, PAGE, main, page


def test_the_tables_are_current() -> None:
    """Otherwise: python -m tools.base_year_table."""
    assert main(["--check"]) == 0


def test_only_what_stands_between_the_markers_is_written() -> None:
    text = PAGE.read_text(encoding="utf-8")
    stale = text[: text.index(BEGIN)] + BEGIN + "old" + END + text[text.index(END) + len(END) :]
    assert page(stale) == text


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        page("no markers")
