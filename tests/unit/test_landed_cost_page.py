"""The page on landed cost says what the program says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from landed_cost_network import paper_chain
from orepact.facts import Ledger
from orepact.service import measure_landed_cost

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "landed-cost.md").read_text(encoding="utf-8")


def test_the_chain_on_paper_is_what_the_program_finds(tmp_path: Path) -> None:
    package = paper_chain().to_package(tmp_path / "chain")
    found = measure_landed_cost(Ledger.shipped(), "metal", "CCC", network=package, rate=0.0)
    printed = re.findall(r"^\| (BBB|CCC) \| (\d+) \| (\d+) \| (\d+) \| \*\*(\d+)\*\* \| (\d+) \|$", PAGE, re.MULTILINE)
    columns = ("production_usd", "transport_usd", "tariff_usd", "total_usd", "difference_usd")
    rows = [(row["origin"], *(row[name] for name in columns)) for row in found.top["paths"]]
    assert len(rows) == len(printed) == 2
    for row, said in zip(rows, printed, strict=True):
        assert row[0] == said[0]
        assert row[1:] == pytest.approx([float(number) for number in said[1:]])
    assert "60 x 96 + 40 x 97 = 9,640" in PAGE
    assert 60 * 96 + 40 * 97 == 9_640
