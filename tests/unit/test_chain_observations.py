"""The table of observations: its columns, what is wrong with it, and how it survives a package and a reduction."""

from pathlib import Path

import pandas as pd
import pytest

from orepact.chain import Flows, Network
from orepact.chain.flow_rows import site_rows
from orepact.errors import BadInput

TOY = Path(__file__).parents[1] / "networks" / "toy"


@pytest.fixture(scope="module")
def toy():
    return Network.from_package(TOY)


def with_rows(network, *rows):
    return network.with_tables(observations=pd.DataFrame(list(rows)))


def row(**columns):
    year = {"observation": "one", "year": 2030, "quantity": 5.0, "standard_deviation": 1.0}
    return year | columns


def found(network):
    return [str(problem) for problem in network.check()]


def test_a_network_without_observations_has_an_empty_table(toy):
    assert not len(toy.observations)
    assert "quantity" in toy.observations
    assert toy.check() == []


def test_a_package_keeps_observations(toy, tmp_path):
    network = with_rows(
        toy,
        row(kind="production", commodity="metal", place="BBB", source="a", note="x, y", counts="no"),
        row(observation="two", kind="flow", commodity="ore", origin="AAA", destination="BBB", factor=0.5),
    )
    again = Network.from_package(network.to_package(tmp_path / "p"))
    assert again.equals(network)
    assert (tmp_path / "p" / "observations.csv").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "output"}, "row 2, kind: expected one of activity, production"),
        ({"year": 1999}, "row 2, year: expected a model year (2030"),
        ({"commodity": ""}, "row 2, commodity: expected a commodity for a term of production, found an empty cell"),
        ({"origin": "AAA"}, "row 2, origin: expected nothing: production has no origin"),
        ({"place": "CCC"}, "row 2, place: expected a place of places.csv or a group, found 'CCC'"),
        ({"quantity": None}, "row 2, quantity: expected a number on the first row of an observation, found an empty cell"),
        ({"standard_deviation": None}, "row 2, standard_deviation: expected a number on the first row"),
        ({"standard_deviation": -1.0}, "row 2, standard_deviation: expected a number at least 0, found -1"),
        ({"quantity": float("inf")}, "row 2, quantity: expected a finite number, found inf"),
        ({"counts": "maybe"}, "row 2, counts: expected one of yes, no, found 'maybe'"),
        ({"confidence": "sure"}, "row 2, confidence: expected one of reported"),
        ({"process": "magic"}, "row 2, process: expected a process of recipes.csv, found 'magic'"),
        ({"kind": "activity", "commodity": "", "place": ""}, "row 2, site: expected a site or a process for a term of activity"),
    ],
)
def test_each_mistake_is_named(toy, change, message):
    network = with_rows(toy, row(kind="production", commodity="metal", place="BBB") | change)
    assert any(f"observations.csv, {message}" in text for text in found(network)), found(network)


def test_rows_of_one_observation_agree(toy):
    one = row(kind="production", commodity="metal", place="BBB", source="a")
    other = row(kind="production", commodity="ore", place="AAA", quantity=7.0, standard_deviation=None, source="")
    told = "observations.csv, row 3, quantity: expected the quantity of row 2 (5), found 7; state quantity once"
    assert found(with_rows(toy, one, other)) == [f"{told}, on the first row of one"]
    assert found(with_rows(toy, one, other | {"quantity": None})) == []


def test_what_does_not_count_needs_no_standard_deviation(toy):
    network = with_rows(toy, row(kind="production", commodity="metal", place="BBB", counts="no", standard_deviation=None))
    assert found(network) == []


def test_a_reduced_network_keeps_what_still_means_the_same(toy):
    network = with_rows(
        toy,
        row(observation="a", kind="production", commodity="ore", place="AAA"),
        row(observation="b", kind="production", commodity="metal", place="BBB"),
        row(observation="c", kind="flow", commodity="ore", origin="AAA", destination="BBB"),
    )
    assert set(network.restrict(places=["AAA"]).observations["observation"]) == {"a"}
    assert set(network.restrict(commodities=["metal"]).observations["observation"]) == {"b"}
    assert set(network.restrict().observations["observation"]) == {"a", "b", "c"}
    assert set(network.restrict(routes=[0]).observations["observation"]) == {"a", "b"}


def test_quality_has_a_row_for_each_flow(toy):
    rows = site_rows(toy, 2030, "activity", 1.0)
    quality = pd.DataFrame({"standard_deviation": 1.0, "information": 0.5, "confidence": "derived"}, index=rows.index)
    flows = Flows(rows, toy, quality=quality)
    assert len(flows.quality) == len(flows)
    with pytest.raises(BadInput, match="give one row for each flow"):
        Flows(rows, toy, quality=quality.iloc[1:])
