"""The page on events: its file loads, its table and its figures are what the code gives."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from orepact.chain.distance import Distances
from orepact.chain.routing import route_km
from orepact.facts import Ledger
from orepact.shock.events.disruption import Disruption
from orepact.shock.events.event import TARGETS, Event
from orepact.shock.events.reading import shipped_events
from shock_networks import chain_case

PAGE = (Path(__file__).parents[2] / "docs/why/events.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example() -> Disruption:
    block = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    return Disruption.of(chain_case(), [Event.from_mapping(yaml.safe_load(block.group(1)))], weeks=6)


def test_the_table_is_what_the_example_gives(example: Disruption) -> None:
    table = PAGE.partition("## By hand")[2].partition("## What is decided")[0]
    rows = re.findall(r"^\| (\d) \| ([\d.]+) \| ([\d.]+) \| (.+) \|$", table, re.MULTILINE)
    assert [int(row[0]) for row in rows] == [0, 1, 2, 3, 4]
    np.testing.assert_allclose([float(row[1]) for row in rows], example.site_share[0, :5], atol=5e-4)
    np.testing.assert_allclose([float(row[2]) for row in rows], example.route_share[1, :5], atol=5e-4)
    limit = [np.inf if row[3] == "no limit" else float(row[3]) for row in rows]
    np.testing.assert_allclose(limit, example.quotas[0].most_per_week[:5])
    assert (example.end_week, example.end_known_week) == (4, 4)
    assert example.start.isoformat() == "2025-01-06"


def test_the_page_names_every_kind_of_break() -> None:
    table = PAGE.partition("| thing |")[2].partition("\n\n")[0]
    assert all(f"`{target}`" in table for target in TARGETS)


def test_the_distances_of_the_page_are_those_of_the_facts() -> None:
    distances = Distances.from_ledger(Ledger.shipped())

    def km(closed: tuple[str, ...]) -> str:
        return f"{next(way.sea_km for way in route_km(distances, 'CHN', 'DEU', closed) if way.mode == 'sea'):,.0f} km"

    usual, cape, panama = km(()), km(("suez", "panama")), km(("suez",))
    assert f"{usual}\nthrough Suez" in PAGE or f"{usual} through Suez" in " ".join(PAGE.split())
    words = " ".join(PAGE.split())
    assert f"{cape} round the Cape" in words
    assert f"through Panama ({panama})" in words
    more = float(cape[:-3].replace(",", "")) - float(usual[:-3].replace(",", ""))
    assert f"{more:,.0f} km or {more / 600:.1f} days more" in words


def test_the_figures_of_the_library_are_those_of_its_files() -> None:
    words = " ".join(PAGE.split())
    assert "1,853 t a week of 365 / 7 weeks" in words
    assert round(96_600 / (365 / 7)) == 1853
    ore = Event.load("indonesia_ore_quota_2026").breaks[0]
    assert "265 / 325" in words
    assert ore.share_left == pytest.approx(265 / 325, abs=1e-3)
    assert all(name in shipped_events() for name in re.findall(r"`orepact shock events (\w+_\w+)`", PAGE))
