"""The numbers printed in docs/why/mixing.md are those that the program computes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from orepact.measure.origin import trace
from origin_networks import YEAR, at, cobalt_flows

PAGE = Path(__file__).parents[2] / "docs" / "why" / "mixing.md"


@pytest.mark.parametrize(
    ("column", "how"),
    [(2, {}), (3, {"by": "owner"}), (4, {"stage": "refine"})],
)
def test_the_table_of_the_example(column, how):
    made = cobalt_flows()
    rows = trace(made, "cobalt", YEAR, at(made.network, ("cell", "Korea")), **how).rows
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(("| largest", "| second"))]
    for line, row in zip(lines, rows.itertuples(), strict=False):
        assert line.strip("|").split("|")[column].strip() == f"{row.origin} {row.share:.1%}".replace("%", " %")


def test_the_dollars_and_the_first_refinery_of_the_example():
    made = cobalt_flows()
    cells = at(made.network, ("cell", "Korea"))
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    worth = trace(made, "value", YEAR, cells).rows.set_index("origin")["quantity"]
    for place in ("Korea", "Congo", "China", "Cuba"):
        assert f"{worth[place]:,.0f}" in text
    first = trace(made, "cobalt", YEAR, cells, stage="refine", visit="first").rows
    assert first["share"].iloc[:2].to_list() == pytest.approx([0.5, 0.5])
    assert "half and half" in text
