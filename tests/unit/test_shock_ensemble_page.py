"""The numbers of docs/why/ensembles.md that can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ensemble_worlds import bare_case, hazard, study
from orepact.shock.ensemble import risk
from orepact.shock.ensemble.book import hazard_book
from orepact.shock.ensemble.member import MemberSolver
from orepact.shock.ensemble.sampling import Occurrence

PAGE = (Path(__file__).parents[2] / "docs" / "why" / "ensembles.md").read_text(encoding="utf-8")


def test_the_two_stops_of_the_example():
    solver = MemberSolver(study(hazard("stop"), case=bare_case()))
    plant = 3
    long, short = (solver.lost([Occurrence(plant, start, weeks)]) for start, weeks in ((5.0, 10.0), (30.0, 2.0)))
    assert long.sum() == pytest.approx(500)
    assert short.sum() == pytest.approx(100)
    for lost in (solver.usd(long), solver.usd(short), solver.usd(long + short)):
        assert f"{lost:,.0f}" in PAGE


def test_the_ten_years_of_the_example():
    losses = np.array([0, 0, 0, 0, 0, 0, 10, 20, 40, 130.0])
    assert "The mean is 20." in PAGE
    assert risk.mean(losses).value == 20
    assert f"80 % is **{risk.value_at_risk(losses, 0.8).value:g}**" in PAGE
    assert f"/ 2 = **{risk.conditional_value_at_risk(losses, 0.8).value:g}**" in PAGE


def test_the_span_that_the_page_defends_is_the_one_that_ships():
    block = hazard_book().assumptions.block_weeks
    assert f"spans are {block.value:g} weeks" in PAGE
    assert f"about {block.understated:.0%}".replace("%", " %") in PAGE
    for weeks, mean in block.mean_seen.items():
        assert f"{mean:.3f}" in PAGE
        assert f"{weeks:g}" in PAGE
