"""Rules of responses: they inherit, a file lays its own over them, and every mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput, NotFound
from orepact.shock.response.rules import ResponseRules

CASES = Path(__file__).parents[1] / "cases"


def problems(folder: str) -> list[str]:
    with pytest.raises(BadInput) as raised:
        ResponseRules.load(CASES / folder / "rules.yaml")
    return [f"{one.where}: {one.expected}" for one in raised.value.problems]


def test_each_response_may_what_the_one_before_may() -> None:
    rules = ResponseRules.shipped()
    contracts, market, pact = (rules.allowed(name) for name in ("contracts", "market", "pact"))
    assert contracts.model_dump(exclude_defaults=True) == {}
    assert contracts.opens == float("inf")
    assert market.reallocation
    assert pact.reallocation
    assert pact.stockpiles > market.stockpiles
    assert pact.opens == market.opens
    assert pact.party_opens < market.party_opens
    assert pact.party_ramp_factor <= market.party_ramp_factor
    assert pact.party_surge_share >= market.party_surge_share
    assert pact.party_priority == market.party_priority == 1.0


def test_one_more_option_is_added_to_what_is_inherited() -> None:
    rules = ResponseRules.shipped().plus("market and stocks", "market", stockpiles=True)
    assert rules.allowed("market and stocks").model_dump() == {**rules.allowed("market").model_dump(), "stockpiles": True}


def test_a_file_states_only_what_differs(tmp_path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("responses: {pact: {may: {party_surge_share: {value: 0.2}}}}\nparties: {value: [KOR]}\n", encoding="utf-8")
    found, shipped = ResponseRules.load(path), ResponseRules.shipped()
    assert found.allowed("pact").party_surge_share == 0.2
    assert found.parties.value == ("KOR",)
    assert found.allowed("market") == shipped.allowed("market")
    assert found.parties.source == shipped.parties.source


def test_a_response_that_is_none_is_named_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="market"):
        ResponseRules.shipped().allowed("markt")


def test_every_mistake_of_a_file_is_told() -> None:
    said = problems("response_many_mistakes")
    assert len(said) >= 3
    for key in ("decide_every_weeks", "impatience_per_week", "least_expected_weeks", "reallocaton"):
        assert any(key in line for line in said), key


def test_an_option_that_is_none() -> None:
    assert any("reallocaton" in line for line in problems("response_unknown_option"))


def test_a_response_that_inherits_from_none() -> None:
    assert any("markt" in line for line in problems("response_inherits_nothing"))


def test_too_few_single_weeks_for_the_decisions() -> None:
    assert any("decide_every_weeks" in line for line in problems("response_short_weeks"))


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [", ""])
def test_what_is_no_file_of_rules(tmp_path, text) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        ResponseRules.load(path)


def test_a_file_that_does_not_exist(tmp_path) -> None:
    with pytest.raises(BadInput):
        ResponseRules.load(tmp_path / "none.yaml")
