"""Eligibility on the shipped facts: the question of the first corridor, every rule set, and what is known of the world."""

from __future__ import annotations

from datetime import date

import pytest

from orepact import service
from orepact.facts.rules import RuleBook
from orepact.measure.eligibility.assess import asked_of, assess
from orepact.measure.eligibility.cheapest import cheapest_change
from orepact.service.law import eligibility_case
from orepact.service.law.eligibility_case import Shop, shop_of_facts
from orepact.service.law.eligibility_matrix import eligibility_matrix
from reference_networks import base_plan, reference, shipped

BOOK = RuleBook.shipped()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The flows of the base year as planned: the same shape as the balanced year, in less time."""
    monkeypatch.setattr("orepact.service.flowing.flows_for", lambda *_, **__: base_plan().flows)
    monkeypatch.setattr(eligibility_case, "_plants", lambda *_: reference())


@pytest.fixture(scope="module")
def shop() -> Shop:
    return shop_of_facts(shipped(), base_plan().flows, 2024, date(2026, 7, 1))


def test_would_a_cell_made_in_ontario_qualify() -> None:
    found = service.measure_eligibility(shipped(), "CELL", "CA-ON", "us-45x-2026")
    tests = found.data.set_index(["product", "test"])
    assert set(found.data["product"]) == {"cell_nmc811"}
    assert tests.loc[("cell_nmc811", "made_in_us_cell"), "verdict"] == "fail"
    ratio = tests.loc[("cell_nmc811", "cost_ratio")]
    assert 0.3 < ratio["low"] <= ratio["high"] <= 1
    assert "LG Energy Solution in CA-ON" in tests.loc[("cell_nmc811", "maker"), "why"]
    (change,) = found.meta["cheapest_change"]
    assert change["status"] == "no such change"
    assert any("a plant there on paper" in text for text in found.warnings)
    assert any("no price is known" in text for text in found.warnings)
    assert {"US-45X-MACR-BATT-2026", "premise_cells"} <= {entry["source"] for entry in found.meta["sources"]}


def test_chinese_cells_are_of_concern_in_every_way(shop: Shop) -> None:
    bills = [bill for bill, _ in shop.bills("CELL", "CHN")]
    assert "cell_lfp" in {bill.product for bill in bills}
    found = service.measure_eligibility(shipped(), "cell_lfp", "CHN", "concern-control").data.set_index("test")
    assert found.loc["maker", "verdict"] == "fail"
    assert found.loc["inputs", "high"] < 0.2


def test_the_parts_of_a_bill_add_up_to_its_recipe(shop: Shop) -> None:
    for product, place in (("cell_nmc811", "KOR"), ("cell_nmc622", "USA"), ("cell_lfp", "CHN"), ("cell_nmc811", "CA-ON")):
        ((bill, offers),) = shop.bills(product, place)
        recipes = shop.network.recipes
        lines = recipes[(recipes["process"] == f"{product}_assembly") & (recipes["amount"] < 0)]
        for material, amount in zip(lines["commodity"], lines["amount"], strict=True):
            bought = sum(part.quantity for part in bill.parts if part.material == material)
            assert bought == pytest.approx(-amount, rel=1e-6)
        assert set(offers) <= set(bill.materials)


def test_materials_of_a_cell_cost_what_the_world_pays(shop: Shop) -> None:
    """Packs sold at about 115 USD a kWh in 2024 and materials are about half of it; ours are costs of making, without margins."""
    for product, place in (("cell_nmc811", "KOR"), ("cell_lfp", "CHN")):
        ((bill, _),) = shop.bills(product, place)
        assert 20 < bill.material_cost_usd / bill.kwh < 80


@pytest.mark.parametrize("rules", sorted(BOOK.sets))
def test_every_rule_set_answers(rules: str, shop: Shop) -> None:
    chosen = BOOK.rule_set(rules)
    ((bill, offers),) = shop.bills("cell_nmc811", "KOR", chosen.products)
    day = chosen.date or date(2026, 11, 22)
    found = assess(bill, chosen, BOOK, day).frame
    assert set(found["verdict"]) <= {"pass", "fail", "undetermined"}
    assert (found["why"] != "").all()
    measured = found.dropna(subset=["low"])
    assert (measured["low"] <= measured["high"] + 1e-12).all()
    assert cheapest_change(asked_of(bill, chosen, BOOK, day), offers).words


def test_the_matrix_says_what_decides(shop: Shop) -> None:
    table = eligibility_matrix(shipped(), base_plan().flows, [("cell_nmc811", "KOR")], ["us-45x-2026", "ckfta"], year=2024)
    assert list(table["rules"]) == ["us-45x-2026", "ckfta"]
    assert table.loc[0, "decided_by"] == "made_in_us_cell"
    assert not table["hypothetical"].any()
    assert (table["change"] != "").all()
