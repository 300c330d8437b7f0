"""Landed cost by hand, its parts, and two answers side by side; the command lines that pages show."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from cost_answers import costs_found, verdicts_found
from orepact.errors import BadInput
from orepact.facts import Ledger
from orepact.service.result import Result
from orepact.service.view import costs, verdicts
from orepact.service.view.sides import Answer

LEDGER = Ledger.shipped()


def kept(commodity: str = "lithium_hydroxide", buyer: str = "KOR") -> Answer:
    return costs.kept_costs(costs.question(commodity, buyer), LEDGER)


def way(answer: Answer, origin: str, rules: str) -> dict[str, float]:
    rows = answer.rows.set_index(["origin", "rules"])
    return dict(rows.loc[(origin, rules)])


def part(answer: Answer, origin: str, component: str, stage: str) -> float:
    return float(costs.detail(answer, origin)[component, stage])


def done(found: Result) -> Result:
    """As a run tells it."""
    return replace(found, top={**found.top, "run": {"run": "run-1"}})


# By hand -----------------------------------------------------------------------------------------------------------------------


def test_hydroxide_from_australia_in_the_united_states_by_hand() -> None:
    """production + transport + 3.7 % of the production cost: no price is known, and the United States leave freight out."""
    found = way(kept(buyer="USA"), "AUS", "mfn")
    assert found["tariff_usd"] == pytest.approx(0.037 * found["production_usd"], rel=1e-4)
    assert found["total_usd"] == pytest.approx(found["production_usd"] + found["transport_usd"] + found["tariff_usd"], rel=1e-4)
    best = kept(buyer="USA").rows["total_usd"].min()
    assert found["difference_usd"] == pytest.approx(found["total_usd"] - best, abs=0.5)


def test_hydroxide_from_quebec_by_hand_from_the_claims() -> None:
    """Nobody makes it there: conversion as elsewhere, at the cost level of Quebec (1), and 6.98 t of its own concentrate.

    Running cost 3103 (the median of five studies, the same everywhere); capital 12500 x annuity(5 %, 25 years) / 0.85; fixed cost
    375 / 0.85; concentrate 17.74 / 0.9 fixed and 591.4 x annuity(5 %, 20 years) / 0.9 of capital a tonne.
    """
    answer, claims = kept(), LEDGER.resolve(["variable_cost", "fixed_cost", "capital_cost", "utilisation", "lifetime"])
    value = {(row["attribute"], row["subject"]): float(row["value"]) for row in claims.to_dict("records")}

    def yearly(process: str) -> tuple[float, float]:
        years, use = value["lifetime", process], value["utilisation", process]
        annuity = 0.05 / (1 - 1.05**-years)
        return value["fixed_cost", process] / use, value["capital_cost", process] * annuity / use

    fixed, capital = yearly("hydroxide_from_spodumene")
    assert part(answer, "CA-QC", "variable", "refine") == pytest.approx(
        value["variable_cost", "hydroxide_from_spodumene"], rel=1e-3
    )
    assert part(answer, "CA-QC", "fixed", "refine") == pytest.approx(fixed, rel=1e-3)
    assert part(answer, "CA-QC", "capital", "refine") == pytest.approx(capital, rel=1e-3)
    ore = LEDGER.resolve("recipe_amount")
    tonnes = -float(ore.loc[ore["subject"] == "hydroxide_from_spodumene/spodumene_concentrate", "value"].iloc[0])
    mine_fixed, mine_capital = yearly("spodumene_mining")
    assert part(answer, "CA-QC", "fixed", "concentrate") == pytest.approx(tonnes * mine_fixed, rel=2e-3)
    assert part(answer, "CA-QC", "capital", "concentrate") == pytest.approx(tonnes * mine_capital, rel=2e-3)


@pytest.mark.parametrize("buyer", ["KOR", "JPN", "USA"])
def test_the_parts_of_every_source_add_up_to_its_total(buyer: str) -> None:
    """Also where small ones are one row."""
    answer = kept(buyer=buyer)
    for origin in answer.rows["origin"].unique():
        rows = costs.in_detail(answer, None, str(origin))
        total = rows.loc[rows["component"] == costs.TOTAL, "usd"].item()
        assert rows.loc[rows["component"] != costs.TOTAL, "usd"].sum() == pytest.approx(total, rel=1e-3), origin
        assert total == pytest.approx(answer.rows.loc[answer.rows["origin"] == origin, "total_usd"].min())


# Side by side ------------------------------------------------------------------------------------------------------------------


def test_what_an_overlay_changes_is_told_and_nothing_else() -> None:
    """One source is cheaper; the others cost the same to the digits that are kept; the parts of the change add up."""
    shared, asked = kept(), costs.question("lithium_hydroxide", "KOR")
    own = costs.costs_of_run(done(costs_found(asked, {"CA-QC": 0.9})))
    both = costs.beside(shared, own).set_index("origin")
    assert both.index[both["changed"]].tolist() == ["CA-QC"]
    assert both.loc["CA-QC", "change_usd"] == pytest.approx(-0.1 * both.loc["CA-QC", "production_usd"])
    assert both["own_total_usd"].is_monotonic_increasing
    rows = costs.in_detail(shared, own, "CA-QC")
    parts = rows[rows["component"] != costs.TOTAL]
    assert parts["change_usd"].sum() == pytest.approx(both.loc["CA-QC", "change_usd"], rel=1e-3)
    assert not costs.in_detail(shared, own, "CHN")["change_usd"].any()


def test_a_way_of_one_side_alone_has_no_numbers_of_the_other() -> None:
    """Rounding is no change; a way that is gone is one."""
    shared = kept()
    rows = shared.rows[shared.rows["origin"] != "CHN"]
    both = costs.beside(shared, replace(shared, rows=rows.assign(total_usd=rows["total_usd"] * 1.00001))).set_index("origin")
    assert both.index[both["changed"]].tolist() == ["CHN"]
    assert pd.isna(both.loc["CHN", "own_total_usd"])


def test_a_verdict_that_turns_is_told() -> None:
    """By place and rule set, in the order of the shared answer."""
    asked = verdicts.question("lithium_hydroxide", "CA-QC")
    shared = verdicts.kept_verdicts(asked, LEDGER)
    own = verdicts.verdicts_of_run(done(verdicts_found(asked, {"concern-25": "pass"})))
    both = verdicts.beside(shared, own)
    assert both.loc[both["turned"], "rules"].tolist() == ["concern-25"]
    assert both["rules"].tolist() == shared.rows["rules"].tolist()
    assert not verdicts.beside(shared, shared)["changed"].any()


# Questions ---------------------------------------------------------------------------------------------------------------------


def test_command_lines_keep_every_filter() -> None:
    """Of the shared facts as a measure, with an overlay as a run."""
    asked = costs.question("lithium_hydroxide", "usa", as_of="2026-06-30", include_unverified=True)
    first = "orepact measure landed-cost --commodity lithium_hydroxide --place USA --also CA-QC,CA-ON --tests"
    assert asked.command_line() == f"{first} --as-of 2026-06-30 --include-unverified"
    assert asked.command_line("own@1", "nrcan") == (
        "orepact jobs submit landed_cost commodity=lithium_hydroxide place=USA also=CA-QC,CA-ON tests=true as_of=2026-06-30 "
        "include_unverified=true --overlay own@1 --for nrcan --wait"
    )
    day = verdicts.kept(verdicts.TABLE).manifest["rules_day"]
    every = verdicts.question("cell_nmc811").command_line()
    assert every == f"orepact measure eligibility --product cell_nmc811 --place KOR,JPN,CA-ON,CA-QC,USA --rules all --date {day}"


def test_what_is_not_kept_is_refused_with_what_is() -> None:
    """By the name of the field."""
    with pytest.raises(BadInput, match="lithium_hydroxide"):
        costs.question("unobtainium", "KOR")
    with pytest.raises(BadInput, match="CA-QC"):
        verdicts.question("cell_nmc811", "MARS")
