"""Pictures: links that conserve mass, traces without any map server, tables behind the bars."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.chain import Flows, Network
from orepact.chain.flow_rows import node_rows, route_rows, site_rows
from orepact.chain.palette import colours_of, short
from orepact.chain.plot_capacity import capacity_table
from orepact.chain.plot_map import draw_map
from orepact.chain.plot_time import draw_time
from orepact.chain.projection import cut_ring, equal_earth, great_circle_path, outlines
from orepact.chain.stage_links import fold_places, stage_links, stage_order
from orepact.errors import NotFound

NETWORKS = Path(__file__).parents[1] / "networks"
SHIPPED = 4 * 60 / 0.98


@pytest.fixture(scope="module")
def flows() -> Flows:
    toy = Network.from_package(NETWORKS / "toy")
    metal, slag = toy.positions(["metal"], ["BBB"]), toy.positions(["slag", "slag"], ["AAA", "BBB"])
    rows = [
        site_rows(toy, 2031, "activity", [200 + SHIPPED, 50, 60]),
        site_rows(toy, 2031, "capacity", [1000, 100, 75]),
        route_rows(toy, 2031, [SHIPPED, 50]),
        node_rows(toy, 2031, "demand", metal, [115]),
        node_rows(toy, 2031, "shortage", metal, [5]),
        node_rows(toy, 2031, "stock_in", slag, [100, 120]),
    ]
    return Flows.of(toy, rows)


def test_links_on_paper(flows):
    links = stage_links(flows, "copper", 2031).set_index(["from_stage", "from_place", "to_stage", "to_place"])["contained_t"]
    assert links.to_dict() == pytest.approx(
        {
            ("mine", "AAA", "refine", "AAA"): 200 * 0.3,
            ("mine", "AAA", "refine", "BBB"): 240 * 0.3,
            ("refine", "AAA", "final use", "BBB"): 50,
            ("refine", "BBB", "final use", "BBB"): 60,
        }
    )


def test_folding_keeps_the_sum(flows):
    links = stage_links(flows, "copper", 2031)
    folded, named = fold_places(links, top=1)
    assert named == ["AAA"]
    assert folded["contained_t"].sum() == pytest.approx(links["contained_t"].sum())
    assert set(folded["from_place"]) == {"AAA", "Rest"}


def test_stages_of_another_sector_keep_their_order():
    chips = Network.from_package(NETWORKS / "chips")
    assert stage_order(chips) == ["smelting", "purification", "wafer", "front_end", "back_end", "final use"]


def test_sankey(flows):
    figure = flows.plot.sankey(element="copper")
    (trace,) = figure.data
    assert figure.layout.title.text == "Copper in 2031, contained tonnes a year"
    assert list(trace.node.label) == ["Oreland", "Oreland", "Buyland", "Buyland"]
    assert sum(trace.link.value) == pytest.approx(60 + 72 + 110)
    assert "Oreland, Mine → Buyland, Refine<br>72 t" in trace.link.customdata
    with pytest.raises(NotFound, match="year"):
        flows.plot.sankey(element="copper", year=1999)


def test_map_asks_no_server(flows):
    for figure in (flows.plot.map(element="copper"), flows.plot.map(commodity="ore"), flows.plot.map()):
        assert {trace.type for trace in figure.data} == {"scatter"}
        assert "geo" not in figure.to_plotly_json()["layout"]
        assert "year" in figure.layout.title.text
    texts = [text for trace in flows.plot.map(commodity="ore").data if trace.text is not None for text in trace.text]
    assert "Oreland → Buyland<br>245 t a year" in texts


def test_capacity(flows):
    assert capacity_table(flows, "metal", "status")[2031].to_dict() == {"operating": 100, "planned": 60, "new build": 15}
    assert capacity_table(flows, "metal", "owner_country")[2031].to_dict() == {"BBB": 175}
    figure = flows.plot.capacity(commodity="metal")
    assert figure.layout.barmode == "stack"
    assert {bar.name for bar in figure.data} == {"operating", "planned", "new build"}
    with pytest.raises(NotFound):
        flows.plot.capacity(commodity="metal", by="colour")


def test_outlines_fit_the_map_whatever_its_centre():
    assert {"CAN", "KOR", "JPN", "CHN", "COD"} <= set(outlines())
    for centre in (0.0, 150.0, -73.0):
        pieces = [piece for rings in outlines().values() for ring in rings for piece in cut_ring(ring, centre)]
        for piece in pieces:
            assert np.abs(piece[:, 0]).max() <= 180.0 + 1e-9
            assert np.abs(np.diff(piece[:, 0])).max() <= 180.0


def test_projection_keeps_areas():
    """One cell at the equator and one at 60 degrees north: equal areas on the globe, equal areas on the map."""

    def area(south: float, north: float) -> float:
        x, y = equal_earth([0, 1, 1, 0], [south, south, north, north])
        return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)

    def globe(south: float, north: float) -> float:
        return float(np.radians(1) * (np.sin(np.radians(north)) - np.sin(np.radians(south))))

    assert area(0, 0.5) / globe(0, 0.5) == pytest.approx(area(60, 60.5) / globe(60, 60.5), rel=1e-4)


def test_a_great_circle_starts_and_ends_where_it_should():
    longitude, latitude = great_circle_path((129.0, 35.1), (-123.1, 49.3))
    assert (longitude[0], latitude[0]) == pytest.approx((129.0, 35.1))
    assert (longitude[-1], latitude[-1]) == pytest.approx((-123.1, 49.3))
    assert latitude.max() > 50


def test_words_and_colours():
    assert colours_of([str(n) for n in range(9)])["8"] == "#9AA0A6"
    assert [short(v) for v in (0.0, 12.345, 12_345.0, 4.5e9)] == ["0", "12.3", "12.3 thousand", "4.5 billion"]


def test_time_stacks_what_is_made_by_year(flows):
    """One bar a place and year, from zero; every bar says which year and end it is."""
    figure = flows.plot.time(element="copper")
    assert figure.layout.barmode == "stack"
    assert figure.layout.yaxis.rangemode == "tozero"
    data = [each for trace in figure.data for each in trace.customdata]
    assert {int(each.partition(">")[0]) for each in data} <= set(flows.years)


def test_time_tells_planned_years_from_balanced_ones():
    """A line before the first planned year, paler bars behind it, and a frame around the year that is looked at."""
    rows = pd.DataFrame({"year": [2023, 2024, 2030], "from": ["A", "A", "A"], "amount": [0.4, 0.5, 0.6]})
    figure = draw_time(rows, ["A", "Rest"], unit="t", planned_from=2030, shares=True, marked=2024)
    assert list(figure.data[0].marker.opacity)[:2] == [1.0, 1.0]
    assert figure.data[0].marker.opacity[2] < 1.0
    assert [shape.type for shape in figure.layout.shapes] == ["rect", "line"]
    assert figure.data[0].text[0] == "A, 2023<br>40.0%"


def test_points_and_lines_of_a_map_say_what_they_are():
    """So that a page can select what is clicked; ends without a position are left out."""
    points = pd.DataFrame({"name": ["Here", "There"], "longitude": [0.0, 90.0], "latitude": [10.0, 20.0]}, index=["A", "B"])
    moved = pd.DataFrame({"origin": ["A", "A"], "destination": ["B", "nowhere"], "amount": [5.0, 9.0]})
    figure = draw_map(moved, points, unit="t", labels=2)
    told = {each for trace in figure.data if trace.customdata is not None for each in trace.customdata}
    assert told == {"A>B", "A", "B"}
    assert list(figure.data[-1].text) == ["Here", "There"]
