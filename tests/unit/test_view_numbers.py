"""Numbers of pages: targets beside demand, what is not known is not ranked, stages that do not add up, dust, units, colours."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from orepact.chain.palette import COLOURS, NAMED, REST, colours_of
from orepact.errors import Problem
from orepact.facts import Ledger
from orepact.pact.briefing.scoreboard import scoreboard
from orepact.pact.records.register import Register
from orepact.report.voice import Voice
from orepact.service import explain_fact
from orepact.service.asked import DAY, SHAPES
from orepact.service.pact.computing import OWNED, owned_capacity
from orepact.service.view import costs, followed, japan_target, tower_claims
from orepact.service.view.atlas import atlas
from orepact.service.view.planned import Owned, Planned
from orepact.service.view.tower_watch import heard
from orepact.web.edge.refusals import BOUNDS, SORTS, problems_of_request
from orepact.web.pages import failures, plan_targets, shock_verdicts
from pact_real import MOC, real

LEDGER = Ledger.shipped()
ENGLISH = Voice("en")
TARGET = {
    "name": "japan", "kind": "capacity_target", "subject": "JPN", "year": 2030, "bound": 600_000.0, "value": 250_000.0,
    "unit": "MWh", "dual_usd_per_unit": 1e6, "binding": True, "shortfall": 350_000.0, "commodities": ("cell_lfp",),
}  # fmt: skip
SITES = pd.DataFrame(
    [
        ("a", "JPN", "cell_lfp", 2029, 100_000.0, 0.0, 50_000.0),
        ("a", "JPN", "cell_lfp", 2030, 100_000.0, 50_000.0, 0.0),
        ("b", "JPN", "cell_lfp", 2030, 100_000.0, 0.0, 0.0),
        ("c", "KOR", "cell_lfp", 2030, 400_000.0, 0.0, 90_000.0),
        ("d", "JPN", "cam_lfp", 2030, 400_000.0, 0.0, 90_000.0),
    ],
    columns=["site", "owner_country", "commodity", "year", "existing", "built", "decided"],
)


def planned(*targets: dict[str, Any], rates: tuple[str, ...] = ("a",)) -> Planned:
    """A plan that serves every demand, with targets beside it."""
    summary = pd.DataFrame({"year": [2030], "commodity": ["cell_lfp"], "unit": ["MWh"], "demand": [5.0], "shortage": [0.0]})
    rate = [{"kind": "build_rate", "name": "build_rate", "subject": name, "year": 2029} for name in rates]
    tables = {"summary": lambda: summary, "sites": lambda: SITES}
    return Planned(
        name="run-1", tables=tables, limits=rate, objective_usd=1e9, charged_usd=0.0, meta={}, command="orepact plan", sources=(),
        warnings=(), targets=targets,
    )  # fmt: skip


def test_a_target_is_missed_while_every_demand_is_served() -> None:
    plan = planned(TARGET)
    assert plan.served() == 1.0
    assert plan.owned(TARGET) == Owned(200_000.0, 50_000.0, plants=1, held=1)
    row = plan_targets.table(plan, LEDGER.codes).rows[0]
    assert (row["asked"].value, row["reached"].value, row["missing"].value, row["asked"].unit) == (600, 250, 350, "GWh/y")
    assert (row["year"], row["state"].level) == ("2030", "red")
    why = row["why"].in_voice(ENGLISH)
    assert "200" in why
    assert "1 grow as fast as plants at one place" in why
    ((words, value, _),) = plan_targets.headline(plan)
    assert "missed" in words
    assert value.in_voice(ENGLISH) == "250 of 600\N{NO-BREAK SPACE}GWh/y"


def test_a_target_that_is_missed_for_its_cost_says_so_and_one_that_is_met_is_green() -> None:
    dear = plan_targets.table(planned(TARGET, rates=()), LEDGER.codes).rows[0]
    assert "would cost more than the shortfall" in dear["why"].in_voice(ENGLISH)
    met = {**TARGET, "value": 600_000.0, "shortfall": 0.0}
    row = plan_targets.table(planned(met), LEDGER.codes).rows[0]
    assert (row["state"].level, row["why"]) == ("green", None)
    assert "met" in plan_targets.headline(planned(met))[0][0]
    assert plan_targets.headline(planned()) == []


def test_the_scoreboard_tells_what_stands_of_the_target_as_its_page_does() -> None:
    """R9 of the memorandum: 600 GWh a year; the value is known from the day of its last source on."""
    found, values = japan_target.japan_target(), owned_capacity(real())
    assert found.standing == pytest.approx(found.gwh["operating"] + found.gwh["residual"])
    late, early = (scoreboard(MOC, real(), day, values) for day in (date(2026, 11, 22), date(2024, 1, 1)))

    def told(board: object) -> list[float]:
        line = next(one for one in board.lines if one.article.ref == "R9")  # type: ignore[attr-defined]  # a board
        return [point.value for reading in line.readings for point in reading.points]

    assert told(late) == [round(found.standing, 1)]
    assert told(early) == []
    assert {one.engine for one in values} == {OWNED}
    assert owned_capacity(Register({})) == ()


def test_the_target_at_home_is_that_of_the_claim() -> None:
    home = japan_target.at_home(LEDGER, japan_target.japan_target())
    assert home is not None
    assert (home.target, home.year) == (150.0, 2030)
    assert 0 < home.named < home.target
    assert japan_target.since_of(LEDGER, ["honda_alliston_cells"]) == {"honda_alliston_cells": "2026-05"}


@pytest.mark.parametrize("buyer", ["KOR", "JPN", "USA", "CA-ON"])
def test_a_way_with_an_unknown_duty_is_never_ranked_before_one_that_is_known(buyer: str) -> None:
    rows = costs.ranked(costs.kept_costs(costs.question("lithium_hydroxide", buyer), LEDGER).rows)
    assert rows["rank"].is_monotonic_increasing
    assert (rows["complete"].astype(bool) == (rows["rank"] != costs.UNKNOWN)).all()
    assert rows.loc[rows["rank"] == costs.UNKNOWN, "above_usd"].isna().all()
    for _, part in rows.groupby(["rank", "hypothetical"]):
        assert part["total_usd"].is_monotonic_increasing


def test_amounts_of_stages_count_nothing_twice() -> None:
    """What is mined in a year is what leaves the mine; all steps together are far more."""
    found = atlas(LEDGER, element="lithium", year="2024")
    stages = dict(found.stages)
    assert next(iter(stages)) == "mine"
    rows = found.rows
    left = rows[(rows["stage"] == "refine") & (rows["to_stage"] != "refine") & (rows["from"] != "stock")]
    assert stages["refine"] == pytest.approx(float(left["amount"].sum()), rel=0.02)
    assert max(stages.values()) < found.total / 2
    alone = atlas(LEDGER, element="lithium", stage="mine", year="2024")
    assert [name for name, _ in alone.stages] == ["mine"]


def test_what_arithmetic_leaves_over_is_zero() -> None:
    frame = pd.DataFrame(
        {
            "party": ["all", "JPN", "CHL"],
            "response": ["market"] * 3,
            "loss_usd": [2e10, 4e6, 0.6],
            "not_made_gwh_cells": [90, 4, 3e-9],
        }
    )
    found = followed.Followed({"summary": frame}.get, {}, "", (), ())
    assert (found.of("CHL", "market"), found.of("CHL", "market", "not_made_gwh_cells")) == (0.0, 0.0)
    assert found.of("JPN", "market") == 4e6


def test_where_acting_together_does_worse_is_told() -> None:
    """Japan lends more than it needed: in the kept stop it is worse off at the end, and in some weeks makes less."""
    found = followed.kept_shock("graphite_stop", LEDGER)
    assert found is not None
    told = [one.in_voice(ENGLISH) for one in shock_verdicts.worse(found, LEDGER.codes)]
    assert any(one.startswith("Japan: in 3 of 52 weeks") for one in told)
    assert any(one.startswith("Japan:") and "worse off at the end" in one for one in told)


def test_a_name_has_one_colour_in_every_picture() -> None:
    first, second = colours_of(["CHN", "KOR", "Rest"]), colours_of(["JPN", "mine", "CHN"])
    assert first["CHN"] == second["CHN"] == NAMED["CHN"]
    assert first["Rest"] == REST
    others = colours_of([*map(str, range(6)), "CHN"])
    assert len(set(others.values())) == 7
    assert colours_of(["contracts", "market", "pact"]) == {"contracts": COLOURS[3], "market": COLOURS[0], "pact": COLOURS[2]}


def test_money_is_said_as_each_language_counts_it() -> None:
    said = {name: Voice(name).amount(19.3, "bn USD").replace("\N{NO-BREAK SPACE}", " ") for name in ("en", "fr", "ja", "ko")}
    assert said == {"en": "19.3 bn USD", "fr": "19,3 Md USD", "ja": "193億米ドル", "ko": "193억 달러"}
    assert Voice("ja").amount(4.29, "m USD") == "429万米ドル"
    assert Voice("fr").unit("days") == "jours"


def test_a_shape_that_does_not_fit_is_told_in_words() -> None:
    loc = ("query", "as_of")
    wrong = {"loc": loc, "type": "string_pattern_mismatch", "input": "soon", "msg": "no", "ctx": {"pattern": DAY}}
    far = {"loc": ("query", "days"), "type": "less_than_equal", "input": 9999, "msg": "no", "ctx": {"le": 366}}
    problems = problems_of_request([wrong, far]).problems
    assert problems[0] == Problem("query.as_of", SHAPES[DAY], "'soon'", "give it in that form")
    assert problems[1].expected == "a number of 366 or less"
    assert "^" not in str(problems)


def test_catalogues_have_the_words_of_shapes() -> None:
    assert {*SHAPES.values(), *SORTS.values()} <= {*failures.EXPECTED}
    assert all("{" in each for each in BOUNDS.values())


def test_reported_days_of_stock_lead_to_the_stock_and_the_use_behind_them() -> None:
    """365 x stock / use gives the days that are told."""
    found = heard(LEDGER, "USA", date(2026, 11, 22))
    signals = [one for alarm in found.alarms.values() for one in alarm.signals if one.indicator == "stock_days" and one.year]
    assert signals
    for signal in signals:
        stock, use = tower_claims._claims(found, signal)
        values = [
            float(explain_fact(LEDGER, one.subject, one.attribute, year=one.year).meta["winner"]["value"]) for one in (stock, use)
        ]
        assert signal.value == pytest.approx(365 * values[0] / values[1])
