"""Whatever somebody sends as a table is read, or told what is wrong with it; nothing else happens."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orepact.errors import BadInput
from orepact.service.sharing import intake

MARK = "TLP:AMBER+STRICT/nrcan"
CELLS = st.text(st.sampled_from('abc019-+.eE_ \t"\n,;٣²年\0é'), max_size=6) | st.sampled_from(
    ["2024", "CAN", "124", "750210", "1_000", "nan"]
)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=6).map(",".join), min_size=1, max_size=5).map("\n".join)
HEADS = st.sampled_from(
    ["Year,Reporter,Partner,HS6,Value,Tonnes", "subject,attribute,value,unit,year,source", "a,b", "a;b;c", ""]
)
TEXTS = st.tuples(HEADS, ROWS).map("\n".join) | st.text(max_size=60)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(st.binary(max_size=200), st.sampled_from(["", *intake.ENCODINGS]))
def test_any_bytes_are_a_text_or_told(content: bytes, encoding: str) -> None:
    with suppress(BadInput):
        assert "\0" not in intake.text_of(content, encoding)


@QUICK
@given(TEXTS, st.sampled_from(["", "claims", "trade"]))
def test_any_text_is_a_table_or_told(text: str, layout: str) -> None:
    fixed = {
        "attribute": "mine_production",
        "unit": "t",
        "source": "usgs_mcs_2026",
        "as_of": "2026-01-01",
        "confidence": "reported",
    }
    with suppress(BadInput):
        found = intake.guessed(intake.grid_of(text), layout)
        looked = intake.look(text, intake.Matched(found.layout, found.columns, fixed), MARK)
        assert looked.problems or looked.claims > 0


@pytest.mark.parametrize(
    "text", [",\n,\n", ",,\n,,\n,,\n", "a,b\n,\n", 'a,b\n"1,2\n', "\n\n\n", 'a,b\n1,"2\n3\n', "a,b\n1\n", "a,a\n1,2\n"]
)
def test_a_table_of_nothing_is_told(text: str) -> None:
    with pytest.raises(BadInput):
        intake.grid_of(text)
