"""The replays of real events: the page prints what comes out, and what it says of it in words holds."""

from __future__ import annotations

import numpy as np
import pytest

from orepact.shock import Event
from replays import NOVEMBER, PAGE, REPLAYS, SHOWN, Replay, replay, usual_week, with_lean_stocks, with_november, written

pytestmark = pytest.mark.slow
#: Columns of which several answers cost the same: their losses are tested, not who makes less.
OPTIMA = frozenset(title for response, title in SHOWN.items() if response != "contracts")
AGAIN = "run `python tests/replays.py`"


@pytest.fixture(scope="module")
def graphite() -> Replay:
    return replay("graphite_licence_2023")


@pytest.fixture(scope="module")
def cobalt() -> Replay:
    return replay("drc_cobalt_ban_2025")


def test_the_page_prints_what_comes_out() -> None:
    page = PAGE.read_text(encoding="utf-8")
    now, then = cells_of(written(page)), cells_of(page)
    assert now.keys() == then.keys()
    assert {key: now[key] for key in now if key[1] not in OPTIMA} == {key: then[key] for key in then if key[1] not in OPTIMA}, (
        AGAIN
    )


def cells_of(page: str) -> dict[tuple[str, str], str]:
    """What the tables of a page print, by row and column."""
    found: dict[tuple[str, str], str] = {}
    for event in REPLAYS:
        table = page.partition(f"<!-- {event} -->\n")[2].partition("<!-- end -->")[0].strip().splitlines()
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
        found |= {(f"{event}: {row[0]}", name): cell for row in rows[2:] for name, cell in zip(rows[0][1:], row[1:], strict=True)}
    return found


@pytest.mark.parametrize("event", REPLAYS)
def test_each_replay_is_one_command_of_the_page_on_a_day_when_the_event_was_known(event: str) -> None:
    day, year = REPLAYS[event]
    known = Event.load(event)
    assert (known.known_from or known.start).isoformat() <= day
    line = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"orepact shock {event} "))
    assert line.split()[3:] == f"--year {year} --as-of {day} --hindsight".split()


def test_november_s_cargoes_are_stock_where_they_usually_go() -> None:
    case = usual_week("graphite_licence_2023")
    added = with_november(case).stores["quantity"] - case.stores["quantity"]
    by_good = added.groupby(case.stores["commodity"]).sum()
    assert by_good[by_good > 0].to_dict() == pytest.approx(NOVEMBER)
    assert (added >= 0).all()


def test_japan_s_anodes_fall_first_and_not_at_all_with_november_s_cargoes(graphite: Replay) -> None:
    fall = graphite.made("coated_spherical_graphite", "JPN")
    korea = graphite.made("cell_nmc811", "KOR")
    assert np.argmax(fall < 0.5) == 3
    assert 4 <= np.argmax(korea < 0.5) <= 6
    stocked = replay("graphite_licence_2023", with_november(graphite.case))
    assert stocked.made("coated_spherical_graphite", "JPN").min() > 0.99
    assert stocked.total("loss_usd") < graphite.total("loss_usd")
    market = replay("graphite_licence_2023", response="market")
    assert market.total("lost_vehicles") == 0
    assert market.total("loss_usd") < 0.1 * graphite.total("loss_usd")
    assert market.cells_gwh("KOR") > 0.8 * graphite.cells_gwh("KOR")  # far too many, as the page says


def test_cobalt_stops_arriving_in_june_and_refineries_fall_in_september(cobalt: Replay) -> None:
    arrivals, sulphate = cobalt.arrived("cobalt_hydroxide", "CHN"), cobalt.made("cobalt_sulphate", "CHN")
    assert 15 <= np.argmax(arrivals < 0.5) <= 18  # customs: June and July 2025 at 38 and 28 % of a year before
    assert 26 <= np.argmax(sulphate < 0.5) <= 29
    market = replay("drc_cobalt_ban_2025", response="market")
    slowed = market.made("cobalt_sulphate", "CHN")
    assert 11 <= np.argmax(slowed < 0.9) <= 18  # from early May to late June; it was in June
    assert 15 <= np.argmax(slowed < 0.5) <= 21
    assert slowed[12:22].mean() < 0.5  # far too much: it was a tenth
    assert market.total("lost_vehicles") == 0
    assert market.total("loss_usd") < 0.25 * cobalt.total("loss_usd")
    assert market.arrived("cobalt_hydroxide", "CHN").max() > 5  # all at once when the ban is over, as the page says
    lean = replay("drc_cobalt_ban_2025", with_lean_stocks(cobalt.case))
    assert lean.total("loss_usd") > 5 * cobalt.total("loss_usd")


def test_moa_costs_nickel_and_no_cells() -> None:
    moa = replay("moa_stop_2026")
    assert moa.total("not_made_gwh_cells") == 0.0
    market = replay("moa_stop_2026", response="market")
    assert market.total("loss_usd") < 3e6
    assert market.total("not_made_gwh_cells") < 0.5
    assert 5 <= np.argmax(market.made("nickel_class1", "CA-AB") < 0.5) <= 7  # in April, not at once
    assert moa.outcome.stops.set_index("site")["not_made"]["sherritt_fort_sask"] > 5_000
    assert moa.part_of("mixed_hydroxide_precipitate", "CUB", "CA-AB") < 0.2
