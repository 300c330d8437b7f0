"""Exposure of the reference network: what every row must obey, and what the world of 2024 says of it."""

import numpy as np
import pytest

from orepact.service import open_ledger
from orepact.service.shock import exposure
from orepact.shock.exposure.aggregate import Aggregate
from orepact.shock.exposure.elements import KINDS
from orepact.shock.exposure.program import Losing, Surviving
from orepact.shock.exposure.recovery_times import every_break, without_twins
from reference_networks import usual_week

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def found():
    return exposure(open_ledger())


@pytest.fixture(scope="module")
def rows(found):
    return found.data.set_index("event")


def named(rows, name):
    """The row of an element, which may stand under the name of the one site that it is (``site:A = node:B/C``)."""
    (row,) = [event for event in rows.index if name in event.split(" = ")]
    return rows.loc[row]


def test_every_element_has_a_row_that_obeys_the_laws(found, rows):
    assert set(rows["kind"]) == set(KINDS)
    assert rows.index.is_unique
    assert (rows["lost_without_event"] == 0).all(), "the usual week meets its demand"
    assert rows["risk_exposure_index"].between(0, 1).all()
    assert rows["risk_exposure_index"].iloc[0] == 1.0
    clear = (rows["time_to_survive"] / rows["time_to_recover"] - 1).abs() > 1e-6
    outlasts = rows["time_to_survive"] > rows["time_to_recover"]
    assert ((rows["loss_usd"] == 0) == outlasts)[clear].all()
    assert found.meta["answers_proved_without_solving"] > 10 * found.meta["programs_solved"]


def test_a_whole_place_loses_no_less_than_its_sites(rows):
    places = rows[rows["kind"] == "place"]
    assert rows.loc["place:CHN", "time_to_survive"] <= named(rows, "node:cell_lfp/CHN")["time_to_survive"] * (1 + 1e-6)
    assert places["loss_usd"].idxmax() == "place:CHN"


def test_the_world_of_2024(rows):
    """China makes most LFP cells and graphite; Congo's ban of 34 weeks in 2025 emptied stocks, but no cell plant stopped."""
    assert named(rows, "node:cell_lfp/CHN")["risk_exposure_index"] > 0.01
    assert rows.loc["place:COD", "time_to_survive"] > 34
    assert 4 < named(rows, "node:spherical_graphite/CHN")["time_to_survive"] < 52


def test_answers_proved_or_warm_are_those_of_a_program_of_their_own(rows):
    aggregate = Aggregate.of_case(usual_week()[0])
    events = {event.event: event for event in without_twins(every_break(aggregate.network))}
    lossy = rows.index[rows["loss_usd"] > 0]
    proved = rows.index[rows["survives_unlimited"]]
    draw = np.random.default_rng(3)
    for name in [*lossy[:3], *draw.choice(lossy, 4), *draw.choice(proved, 6)]:
        event = events[name]
        assert Losing(aggregate).solve(event.time, event.hit).usd == pytest.approx(rows.loc[name, "loss_usd"], rel=1e-7, abs=1.0)
        survives = Surviving(aggregate).solve(event.stopped)[0]
        assert survives == pytest.approx(rows.loc[name, "time_to_survive"], rel=1e-6)
