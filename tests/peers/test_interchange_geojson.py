"""GeoJSON: geometries that shapely and geojson find sound, tables that come back."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from interchange_networks import growing, toy
from orepact.errors import BadInput
from orepact.interchange import geojson
from orepact.plan import solve


def collection(**given: Any) -> dict[str, Any]:
    """The collection of the toy network."""
    out: dict[str, Any] = json.loads(geojson.of_network(toy(), **given).text)
    return out


def test_longitude_comes_first_and_own_coordinates_win() -> None:
    features = {f["id"]: f for f in collection(at={"mine_a": (10.0, -70.5)})["features"]}
    assert features["places:AAA"]["geometry"] == {"type": "Point", "coordinates": [20, -20]}
    assert features["sites:mine_a"]["geometry"]["coordinates"] == [-70.5, 10.0]
    assert features["sites:mine_a"]["properties"]["position"] == "site"
    assert features["sites:smelter_b"]["properties"]["position"] == "place"


def test_tables_come_back_with_values_units_and_years() -> None:
    network, text = toy(), geojson.of_network(toy(), label="TLP:GREEN").text
    back = geojson.read(text)
    for name in ("places", "sites"):
        truth = getattr(network, name).dropna(axis=1, how="all")
        read = back[name].set_index(truth.index.name)
        held = [column for column in truth.columns if column in read.columns]
        pd.testing.assert_frame_equal(
            read[held].astype(object).fillna(""), truth[held].astype(object).fillna(""), check_dtype=False
        )
        assert not [c for c in truth.columns if c not in held and (truth[c].astype(str) != "").any()]
    raw = json.loads(text)
    assert raw["label"] == "TLP:GREEN"
    assert raw["years"] == [2030, 2031]
    assert raw["units"]["sites"]["electricity_kwh"] == "kWh per unit"


def test_flows_lie_on_their_routes() -> None:
    flows = solve(toy()).flows
    features = {f["id"]: f for f in json.loads(geojson.of_network(toy(), flows=flows).text)["features"]}
    routes = flows.frame[flows.frame["kind"] == "route"]
    assert len(routes)
    for row in routes.itertuples():
        moved = features[f"routes:{row.origin}>{row.destination}/{row.commodity}"]["properties"]["quantity_by_year"]
        assert moved[str(row.year)] == row.quantity


def test_a_line_is_cut_at_the_date_line() -> None:
    network = toy()
    places = network.places.assign(longitude=[170.0, -170.0], latitude=[0.0, 10.0])
    features = json.loads(geojson.of_network(network.with_tables(places=places)).text)["features"]
    line = next(f for f in features if f["properties"]["layer"] == "routes")["geometry"]
    assert line["type"] == "MultiLineString"
    assert line["coordinates"] == [[[170, 0], [180, 5]], [[-180, 5], [-170, 10]]]


def test_what_has_no_coordinates_is_counted() -> None:
    lost = geojson.of_network(growing()).warnings
    assert "2 places are left out: they have no latitude and longitude" in lost
    assert "2 sites are left out: neither they nor their places have coordinates" in lost
    assert "1 routes are left out: a place at an end has no coordinates" in lost


@pytest.mark.parametrize("text", ["{", "[]", '{"type": "Feature"}', '{"type": "FeatureCollection", "features": [1]}', "[" * 5000])
def test_no_geojson_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        geojson.read(text)


@pytest.mark.peers
def test_geojson_and_shapely_read_it() -> None:
    peer, shapely = pytest.importorskip("geojson"), pytest.importorskip("shapely.geometry")
    text = geojson.of_network(toy()).text
    read = peer.loads(text)
    assert read.is_valid, read.errors()
    shapes = [shapely.shape(feature["geometry"]) for feature in read["features"]]
    assert all(shape.is_valid for shape in shapes)
    assert {(shape.x, shape.y) for shape in shapes if shape.geom_type == "Point"} == {(20.0, -20.0), (10.0, 50.0)}
