"""Laws of canonical text: one text for one content, whatever the order, and nothing lost."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orepact.store.canonical import canonical, instant

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
CONTENTS = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=20)


def turned(value: Any) -> Any:
    """The same content with every mapping the other way round."""
    if isinstance(value, dict):
        return {key: turned(inner) for key, inner in reversed(value.items())}
    return [turned(inner) for inner in value] if isinstance(value, list) else value


@given(CONTENTS)
def test_a_content_reads_back_the_same(value: Any) -> None:
    """Whole numbers, fractions and texts to the last digit and letter."""
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(CONTENTS)
def test_the_order_of_keys_does_not_matter(value: Any) -> None:
    """One text."""
    assert canonical(turned(value)) == canonical(value)


@given(TEXTS)
def test_letters_put_together_in_two_ways_are_one(text: str) -> None:
    """As composed and as letters with marks."""
    assert canonical([unicodedata.normalize("NFD", text)]) == canonical([text])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_json_has_not_is_refused(value: float) -> None:
    """A number that is none."""
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": [value]})


@given(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9998, 12, 30)), st.integers(-14, 14), st.integers(-14, 14))  # noqa: DTZ001
def test_moments_sort_as_time_does(moment: datetime, east: int, further: int) -> None:
    """Whatever their time zones."""
    first = moment.replace(tzinfo=timezone(timedelta(hours=east)))
    second = (first + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=further)))
    assert instant(first) < instant(second)
    assert instant(first.astimezone(UTC)) == instant(first)
    assert len(instant(first)) == 27
