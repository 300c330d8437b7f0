"""Distances and ways between places, on paper and against the shipped claims."""

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from orepact.chain.distance import Distances, great_circle_km, sea_attribute
from orepact.chain.routing import Freight, Way, cheapest_ways, priced_ways, route_km
from orepact.errors import NotFound

CLAIMS = pd.DataFrame(
    [
        ("AAA>BBB", "sea_distance_km", 10_000.0),
        ("AAA>BBB", "sea_distance_km_without_suez", 15_000.0),
        ("AAA>BBB", "land_distance_km", 2_000.0),
        ("BBB>CCC", "sea_distance_km", 500.0),
        ("AAA", "port_leg_km", 300.0),
    ],
    columns=["subject", "attribute", "number"],
)


def shipped() -> Distances:
    path = files("orepact.data").joinpath("facts/distances.csv")
    return Distances.from_claims(pd.read_csv(str(path), keep_default_na=False))


def test_a_quarter_of_the_equator():
    assert great_circle_km(0, 0, 0, 90) == pytest.approx(np.pi / 2 * 6371.0088)
    across = great_circle_km([0, -10], [170, 0], [0, -10], [-170, 0])
    assert across.tolist() == pytest.approx([np.pi / 9 * 6371.0088, 0.0])


def test_names_of_closed_canals():
    assert sea_attribute() == "sea_distance_km"
    assert sea_attribute(("suez",)) == "sea_distance_km_without_suez"
    with pytest.raises(NotFound, match="did you mean suez"):
        sea_attribute(["suex"])


def test_ways_on_paper():
    distances = Distances.from_claims(CLAIMS)
    assert route_km(distances, "AAA", "BBB") == (Way("AAA", "BBB", "sea", 10_000, 300), Way("AAA", "BBB", "land", 0, 2_000))
    assert route_km(distances, "AAA", "BBB", ["suez"])[0].sea_km == 15_000
    assert route_km(distances, "AAA", "BBB", ["panama"])[0].total_km == 10_300
    assert route_km(distances, "BBB", "CCC") == (Way("BBB", "CCC", "sea", 500, 0),)
    with pytest.raises(NotFound, match="way 'AAA>CCC'"):
        route_km(distances, "AAA", "CCC")
    with pytest.raises(NotFound, match="place"):
        route_km(distances, "AAA", "XXX")


def test_the_cheapest_way_on_paper():
    distances = Distances.from_claims(CLAIMS)
    dear_land = Freight(sea_usd_per_t_km=0.004, land_usd_per_t_km=0.05, handling_usd_per_t=5)
    priced = priced_ways(distances, dear_land).set_index(["origin", "destination", "mode"])["usd_per_t"]
    assert priced.to_dict() == pytest.approx(
        {("AAA", "BBB", "sea"): 10_000 * 0.004 + 300 * 0.05 + 10, ("AAA", "BBB", "land"): 100.0, ("BBB", "CCC", "sea"): 12.0}
    )
    assert cheapest_ways(distances, dear_land)["mode"].tolist() == ["sea", "sea"]
    assert cheapest_ways(distances, dear_land, ["suez"])["usd_per_t"].tolist() == pytest.approx([85.0, 12.0])
    assert cheapest_ways(distances, Freight(0.004, 0.01))["mode"].tolist() == ["land", "sea"]


def test_shipped_distances_are_plausible():
    """Against published port-to-port tables (nautical miles x 1.852), within 10 %."""
    distances = shipped()
    for origin, destination, closed, published in (
        ("CHN", "DEU", (), 10_800 * 1.852),  # Shanghai to Hamburg through Suez
        ("CHN", "DEU", ("suez",), 14_200 * 1.852),  # round the Cape
        ("KOR", "CA-BC", (), 4_600 * 1.852),  # Busan to Vancouver
        ("CHL", "CHN", (), 10_000 * 1.852),  # Antofagasta to Shanghai
    ):
        assert route_km(distances, origin, destination, closed)[0].sea_km == pytest.approx(published, rel=0.1)


def test_shipped_distances_are_symmetric_and_grow_when_canals_close():
    distances = shipped()
    for closed in ((), ("suez",), ("panama",), ("suez", "panama")):
        sea = distances.sea_km(closed)
        other = sea.swaplevel().rename_axis(sea.index.names).reindex(sea.index)
        assert sea.equals(other)
        assert (sea >= distances.sea_km()).all()
    assert (distances.table["land_distance_km"].dropna() > 0).all()


def test_land_ways_are_where_they_should_be():
    distances = shipped()
    modes = {
        pair: {way.mode for way in route_km(distances, *pair)}
        for pair in [("CA-QC", "CA-ON"), ("DEU", "POL"), ("KOR", "CHN"), ("MEX", "USA"), ("CHN", "KAZ"), ("MAR", "ZAF")]
    }
    assert modes == {
        ("CA-QC", "CA-ON"): {"sea", "land"},
        ("DEU", "POL"): {"sea", "land"},
        ("KOR", "CHN"): {"sea"},
        ("MEX", "USA"): {"sea", "land"},
        ("CHN", "KAZ"): {"sea", "land"},
        ("MAR", "ZAF"): {"sea"},
    }
