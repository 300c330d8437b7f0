"""The rule that picks one of rival claims, step by step, and the words for each loser."""

from __future__ import annotations

import pandas as pd
import pytest

from orepact.facts import Claim
from orepact.facts.claims import claim_frame
from orepact.facts.resolution import explain, resolve

SOURCES = pd.DataFrame({"source": ["a", "b", "c", "d"], "grade": ["A", "B", "C", "A"]}).set_index("source", drop=False)


def claim(value: str, source: str, as_of: str, confidence: str = "reported", **more: str) -> Claim:
    return Claim("CHN/cobalt", "mine_production", value, "t", "2024", source=source, as_of=as_of, confidence=confidence, **more)


RIVALS = {
    "confidence comes first": (
        claim("1", "c", "2020"),
        claim("2", "a", "2025", "derived"),
        "derived is weaker than reported",
    ),
    "then the grade of the source": (
        claim("1", "b", "2020"),
        claim("2", "c", "2025"),
        "source grade C (press and company pages) is below B",
    ),
    "then the later date": (claim("1", "a", "2025-03"), claim("2", "d", "2025-02-28"), "said 2025-02-28, before 2025-03"),
    "then the later first day": (claim("1", "a", "2025-12"), claim("2", "a", "2025"), "said 2025, before 2025-12"),
    "then the source id": (
        claim("9", "a", "2025"),
        claim("2", "d", "2025"),
        "equal standing; a comes before d in the alphabet",
    ),
    "then the smaller value": (
        claim("9", "a", "2025"),
        claim("10", "a", "2025"),
        "equal standing, same source; the smaller value 9 is taken",
    ),
    "then the other columns": (
        claim("9", "a", "2025", note="one"),
        claim("9", "a", "2025", note="two"),
        "says the same; equal standing, same source; note comes later in the alphabet",
    ),
    "the same claim again is no other": (claim("9", "a", "2025"), claim("9", "a", "2025"), "says the same; the same claim again"),
    "an unknown source ranks last": (claim("1", "c", "2020"), claim("2", "x", "2025"), "source grade ? (unknown) is below C"),
    "who says the same is told so": (
        claim("1", "a", "2025"),
        claim("1", "a", "2025", "estimated"),
        "says the same; estimated is weaker than reported",
    ),
}


@pytest.mark.parametrize("rule", RIVALS)
def test_the_stronger_claim_wins_in_any_order(rule: str) -> None:
    winner, loser, reason = RIVALS[rule]
    for rows in ([winner, loser], [loser, winner]):
        frame = claim_frame(rows)
        won = resolve(frame, SOURCES)
        assert [Claim.from_row(row) for row in won.to_dict("records")] == [winner]
        assert won["rivals"].tolist() == [1]
        assert explain(frame, SOURCES) == ((winner, ""), (loser, reason))


def test_other_years_and_states_are_no_rivals() -> None:
    rows = [claim("1", "a", "2025"), Claim("CHN/cobalt", "mine_production", "2", "t", "2023", source="a", as_of="2025")]
    assert len(resolve(claim_frame(rows), SOURCES)) == 2


def test_nothing_resolves_to_nothing() -> None:
    won = resolve(claim_frame([]), SOURCES)
    assert won.empty
    assert "rivals" in won.columns
