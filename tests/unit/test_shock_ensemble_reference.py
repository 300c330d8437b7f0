"""The shipped hazards on the reference network: what of the world's output they can strike."""

from __future__ import annotations

import pytest

from orepact.shock.ensemble.book import hazard_book
from orepact.shock.ensemble.coverage import coverage_table
from orepact.shock.ensemble.study import Study
from reference_networks import usual_week

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chosen() -> Study:
    return Study.of(usual_week()[0], hazard_book(), 1)


def test_nearly_all_of_what_the_world_makes_can_be_struck(chosen):
    table = coverage_table(hazard_book(), chosen).set_index("stage")
    assert (table["struck_share"] > 0.94).all(), table
    assert (table.loc[["mine", "concentrate", "refine", "active_material", "cell"], "struck_share"] > 0.98).all(), table
    assert (table["own_share"] < table["struck_share"]).all()


def test_china_and_the_lumps_are_in_it(chosen):
    elements = {(threat.hazard, threat.element) for threat in chosen.threats}
    lumps = {element for _, element in elements if element.startswith("rest_")}
    assert len(lumps) > 300
    assert {hazard for hazard, element in elements if element.startswith("rest_chn__")} == {
        "mine_stop", "plant_stop", "factory_stop",
    }  # fmt: skip


def test_a_lump_is_struck_as_often_as_its_plants_and_loses_one(chosen):
    book = {hazard.id: hazard for hazard in hazard_book().hazards}
    for threat in chosen.threats:
        if threat.kind == "site":
            hazard = book[threat.hazard]
            plants = threat.rate_per_year / hazard.rate_per_year
            assert plants == pytest.approx(round(plants))
            # what a year of stops takes from the site is that of one plant that is all of it
            assert plants * (1 - threat.share[0]) == pytest.approx(1 - hazard.share_left)


def test_one_mine_is_one_threat(chosen):
    named = [threat.element for threat in chosen.threats if threat.kind == "site"]
    assert "greenbushes" in named
    assert not [name for name in named if "__" in name and not name.startswith("rest_")]
    (mine,) = [threat for threat in chosen.threats if threat.element == "greenbushes"]
    assert len(mine.columns) == 2
