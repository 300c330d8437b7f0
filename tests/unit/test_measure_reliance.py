"""Reliance against figures worked out on paper."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orepact.facts import Ledger
from orepact.measure.reliance import as_row, contained, reliance_of
from orepact.service.relying import measure_reliance


def test_known_production() -> None:
    found = reliance_of(production=900.0, imports=3020.0, exports=1690.0)
    assert found.apparent_consumption == pytest.approx(2230)
    assert found.import_reliance == pytest.approx(3020 / 2230)
    assert found.net_import_reliance == pytest.approx(1330 / 2230)
    assert found.low == found.high == found.net_import_reliance


def test_stock_decrease_counts_as_supply() -> None:
    found = reliance_of(production=50.0, imports=40.0, exports=0.0, stock_decrease=10.0)
    assert found.net_import_reliance == pytest.approx(0.5)


def test_withheld_production_follows_from_reported_consumption() -> None:
    found = reliance_of(imports=80.0, exports=30.0, reported_consumption=200.0)
    assert found.production == pytest.approx(150)
    assert "reported" in found.basis


def test_bounded_production_bounds_the_answer() -> None:
    found = reliance_of(imports=3020.0, exports=1690.0, production_range=(0.0, 1330.0))
    assert (found.low, found.high) == (pytest.approx(0.5), pytest.approx(1.0))
    assert found.low <= found.net_import_reliance <= found.high


def test_unknown_production_gives_no_number() -> None:
    found = reliance_of(imports=10.0, exports=1.0)
    assert math.isnan(found.net_import_reliance)
    assert as_row(found)["net_import_reliance"] is None
    assert as_row(found)["imports"] == 10.0


def test_net_exporter_is_negative() -> None:
    found = reliance_of(production=100.0, imports=5.0, exports=60.0)
    assert found.net_exporter
    assert found.net_import_reliance == pytest.approx(-55 / 45)


def test_consumption_of_nothing_warns() -> None:
    found = reliance_of(production=10.0, imports=0.0, exports=30.0)
    assert math.isnan(found.net_import_reliance)
    assert "reliance has no meaning" in found.warnings[0]


def test_more_imports_than_use_are_explained() -> None:
    found = reliance_of(production=10.0, imports=100.0, exports=80.0)
    assert found.import_reliance > 1
    assert "leaves again" in found.warnings[0]
    assert reliance_of(production=10.0, imports=100.0, exports=5.0).warnings == ()


def test_withheld_production_says_what_was_taken() -> None:
    told = measure_reliance(Ledger.shipped(), "USA", "lithium").warnings
    assert any("withheld by the survey" in words and "Silver Peak" in words for words in told)
    assert any("above 100 %" in words for words in told)


def test_sources_that_disagree_warn() -> None:
    assert "disagree" in reliance_of(imports=100.0, exports=0.0, reported_consumption=80.0).warnings[0]


def test_contained_element_of_product_trade() -> None:
    flows = pd.DataFrame({"commodity": ["carbonate", "foil", "hydroxide"], "quantity": [10.0, 7.0, 20.0]})
    found = contained(flows, {"carbonate": 0.2, "hydroxide": 0.1, "foil": 0.0})
    assert found["commodity"].tolist() == ["carbonate", "hydroxide"]
    assert found["contained_t"].tolist() == [2.0, 2.0]


positive = st.floats(0, 1e6)


@given(positive, positive, positive)
def test_consumption_closes(production: float, imports: float, exports: float) -> None:
    found = reliance_of(production=production, imports=imports, exports=exports)
    total = production + imports + exports
    assert found.apparent_consumption == pytest.approx(production + imports - exports, abs=1e-12 * total)
    # What is left of two great numbers that are almost the same has few digits.
    if found.apparent_consumption > 1e-6 * total:
        own = production / found.apparent_consumption
        assert found.net_import_reliance + own == pytest.approx(1, rel=1e-6, abs=1e-6)
