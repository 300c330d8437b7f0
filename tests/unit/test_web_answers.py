"""Answers that are kept: whole when they come back, within their memory, the longest unasked gone first."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from orepact.web.edge.answers import BESIDES, LONG, Answer, Kept, Packed


@given(st.binary(max_size=64), st.sampled_from((0, 1, LONG // 64, LONG)))
def test_an_answer_comes_back_as_it_was(body: bytes, times: int) -> None:
    kept = Kept(10**9)
    answer = Answer(body * times, '"a"', 200, after="x", file="a.csv", label="TLP:GREEN", left_out=("b",))
    kept.keep("question", answer)
    assert kept.get("question") == answer


def test_a_long_answer_takes_little_of_the_memory() -> None:
    """So that the boards of all who ask stay there."""
    rows = [{"article": f"area-{number}", "commitments": number * 7, "title": "Critical minerals"} for number in range(5_000)]
    body = str(rows).encode()
    assert Packed.of(Answer(body, "")).size < len(body) / 5 + BESIDES


def test_the_memory_is_held_and_the_longest_unasked_goes_first() -> None:
    drawn = random.Random(1)
    kept = Kept(100 * (BESIDES + 1_000))
    for number in range(200):
        kept.keep(number, Answer(drawn.randbytes(1_000), ""))
        kept.get(0)
    assert kept.get(0) is not None
    assert kept.get(1) is None
    assert sum(kept.get(number) is not None for number in range(200)) == 100


def test_what_would_take_an_eighth_of_the_memory_is_not_kept() -> None:
    kept = Kept(8 * BESIDES)
    kept.keep("large", Answer(random.Random(1).randbytes(100), ""))
    assert kept.get("large") is None
    kept = Kept(8 * (BESIDES + 100))
    kept.keep("large", Answer(random.Random(1).randbytes(100), ""))
    assert kept.get("large") is not None
