"""DATA-LICENCES.md says what sources.csv says."""

from __future__ import annotations

import pandas as pd
from tools.data_licences import SOURCES, TARGET, page


def test_the_page_is_current() -> None:
    sources = pd.read_csv(SOURCES, dtype=str, keep_default_na=False)
    assert TARGET.read_text(encoding="utf-8") == page(sources), "run python -m tools.data_licences"


def test_every_source_has_a_licence_that_may_ship() -> None:
    sources = pd.read_csv(SOURCES, dtype=str, keep_default_na=False)
    assert (sources["licence"] != "").all()
    assert not sources["licence"].str.contains("ODbL|GPL|NC|ND", regex=True).any()
