"""The board of articles: what is empty comes first, who chairs is derived, numbers have a baseline and a trend."""

from __future__ import annotations

from datetime import date

import pytest

from orepact.errors import NotFound
from orepact.pact.briefing.readings import Measured, Reading, reading_of
from orepact.pact.briefing.scoreboard import ArticleLine, Scoreboard, scoreboard
from orepact.pact.instruments.commitments import Commitment
from orepact.pact.records.readers import Reader, admitted
from orepact.pact.records.register import Register
from pact_real import DIALOGUE, MINERALS, MOC, made, real

TODAY = date(2026, 11, 22)
RESEARCH = f"{MOC}:area-2-c-vii"


def _seen(register: Register, organisations: tuple[str, ...], on: date) -> Register:
    """What of a register may be shown to organisations on a day."""
    reader = Reader.on_behalf(organisations, on)
    return Register({key: record for key, record in register.records.items() if admitted(record, reader)})


def _commitment(**fields: object) -> Commitment:
    given = {"id": "ten-projects", "owner": "nrcan", "partners": ["meti"], "instrument": MOC, "articles": [RESEARCH],
             "made": "2025-08-26", "due": "2026-06-30", **fields}  # fmt: skip
    record = made("commitment", **given)
    assert isinstance(record, Commitment)
    return record


def _counting(*values: tuple[str, float], baseline: float | None = 2, target: float | None = 10) -> Commitment:
    indicator = {"name": "joint projects", "unit": "projects", "baseline": baseline, "baseline_year": 2024, "target": target}
    return _commitment(indicator=indicator, evidence=[{"what": "list", "day": day, "value": value} for day, value in values])


def _of(board: Scoreboard, article: str) -> ArticleLine:
    return next(line for line in board.lines if line.article.id == article)


def _read(commitment: Commitment, on: date = TODAY) -> Reading:
    found = reading_of(commitment, on)
    assert found is not None
    return found


def test_operative_articles_without_evidence_come_first_and_those_that_ask_for_something_before_them_all() -> None:
    """Last those of which no evidence is asked."""
    board = scoreboard(MOC, real(), TODAY)
    assert (len(board.lines), len(board.counted), len(board.without)) == (44, 28, 18)
    order = [0 if line.lacking else 2 if line.empty else 1 for line in board.lines]
    assert order == sorted(order)
    asks = [line.asks for line in board.without]
    assert asks == sorted(asks, reverse=True)
    assert [line.article.ref for line in board.without][:3] == ["1(a)", "1(b)", "2(a)"]
    assert [line.article.ref for line in board.lines][-1] == "9(c)"


def test_what_is_late_stands_before_the_rest_with_evidence() -> None:
    late = real().plus([_commitment()])
    board = scoreboard(MOC, late, TODAY)
    first = next(line for line in board.lines if not line.empty)
    assert (first.article.id, first.overdue, first.next_due) == (RESEARCH, ("ten-projects",), date(2026, 6, 30))
    assert scoreboard(MOC, late, date(2026, 6, 30)).lines[-1].overdue == ()
    assert _of(scoreboard(MOC, late, date(2026, 6, 30)), RESEARCH).overdue == ()


@pytest.mark.parametrize(
    ("on", "chairs", "due"),
    [
        ("2024-07-10", [("ised", None), ("meti", "meti")], "2025-07-09"),
        ("2025-08-27", [("nrcan", "gac"), ("meti", "meti")], "2026-08-26"),
    ],
)
def test_an_article_shows_who_chairs_the_body_that_deals_with_it(on: str, chairs: list[tuple[str, str]], due: str) -> None:
    line = _of(scoreboard(MOC, real(), date.fromisoformat(on)), RESEARCH)
    assert [body.body.id for body in line.bodies] == [DIALOGUE]
    assert [(side.chair, side.following.organisation) for side in line.bodies[0].sides] == chairs
    assert line.meets_by == date.fromisoformat(due)


def test_an_article_that_names_bodies_is_dealt_with_by_these_alone() -> None:
    line = _of(scoreboard(MOC, real(), TODAY), f"{MOC}:form-3-b")
    assert [body.body.id for body in line.bodies] == ["ca-jp-jec", "ca-jp-jcepd"]
    assert line.meets_by is None


def test_commitments_of_no_article_are_told_beside_the_board() -> None:
    assert [duty.id for duty in scoreboard(MINERALS, real(), TODAY).unplaced] == ["ca-kr-minerals-action-plan"]
    assert scoreboard(MINERALS, real(), date(2023, 5, 16)).unplaced == ()


def test_an_aim_of_the_text_is_an_indicator_until_a_commitment_takes_it_up() -> None:
    board = scoreboard(MOC, real(), TODAY)
    (aim,) = _of(board, f"{MOC}:recital-9").readings
    assert (aim.target, aim.unit, aim.by, aim.commitment) == (600, "GWh/y", "2030", "")
    taken = [reading.commitment for reading in _of(board, f"{MOC}:recital-2").readings]
    assert taken == ["ca-net-zero-2050", "jp-net-zero-2050"]


def test_an_unknown_instrument_is_named() -> None:
    with pytest.raises(NotFound, match="moc-batery"):
        scoreboard("ca-jp-moc-batery-2023", real(), TODAY)


@pytest.mark.parametrize(
    ("values", "way", "trend"),
    [
        ([], None, "unknown"),
        ([("2025-12", 4)], 0.25, "towards"),
        ([("2025-12", 6), ("2026-03", 4)], 0.25, "away"),
        ([("2026-03", 4), ("2025-12", 6)], 0.25, "away"),
        ([("2025-12", 4), ("2026-03", 4)], 0.25, "still"),
        ([("2025-12", 0)], -0.25, "away"),
        ([("2025-12", 12)], 1.25, "towards"),
        ([("2025-12", 4), ("2026-12", 10)], 0.25, "towards"),  # the last value is of after the day
    ],
)
def test_the_way_done_and_the_trend(values: list[tuple[str, float]], way: float | None, trend: str) -> None:
    found = _read(_counting(*values))
    assert (found.way, found.trend) == (way, trend)


@pytest.mark.parametrize(("baseline", "target"), [(None, 10), (2, None), (5, 5)])
def test_no_way_is_told_where_an_end_is_unknown_or_both_are_one(baseline: float | None, target: float | None) -> None:
    assert _read(_counting(("2025-12", 4), baseline=baseline, target=target)).way is None


def test_one_value_without_a_baseline_has_no_trend() -> None:
    assert _read(_counting(("2025-12", 4), baseline=None)).trend == "unknown"


def test_values_of_an_engine_join_those_of_people_and_say_where_they_are_from() -> None:
    commitment = _counting(("2026-03", 6))
    computed = [
        Measured("ten-projects", "2026-01", 3, "reliance", "abc123"),
        Measured("another", "2026-05", 9, "reliance"),
        Measured("ten-projects", "2026-12", 9, "reliance"),
    ]
    found = reading_of(commitment, TODAY, computed)
    assert found is not None
    assert [(point.value, point.source) for point in found.points] == [(3, "reliance, abc123"), (6, "list")]
    board = scoreboard(MOC, real().plus([commitment]), TODAY, computed)
    assert _of(board, RESEARCH).readings == (found,)


@pytest.mark.parametrize(
    ("label", "readers", "there"),
    [
        ("TLP:CLEAR", (), True),
        ("TLP:GREEN", (), False),
        ("TLP:GREEN", ("motir",), True),
        ("TLP:AMBER/nrcan", ("meti",), False),
        ("TLP:AMBER/nrcan", ("meti", "nrcan"), True),
        ("TLP:RED/nrcan", (), False),
    ],
)
def test_the_board_counts_nothing_that_the_reader_may_not_see(label: str, readers: tuple[str, ...], there: bool) -> None:
    register = real().plus([_commitment(label=label)])
    line = _of(scoreboard(MOC, _seen(register, readers, TODAY), TODAY), RESEARCH)
    assert [duty.id for duty in line.duties] == (["ten-projects"] if there else [])
    assert bool(line.overdue) is there


def test_engagement_that_its_nation_hides_is_seen_by_the_nation_alone() -> None:
    nation, project = _first(real(), "organisation", "nation"), _first(real(), "project", "")
    hidden = made("engagement", id="e-1", nation=nation, project=project, showing=[{"since": "2026-01-01", "hidden": True}])
    register = real().plus([hidden])
    assert ("engagement", "e-1") not in _seen(register, ("nrcan",), TODAY)
    assert ("engagement", "e-1") in _seen(register, (nation,), TODAY)
    assert ("engagement", "e-1") in _seen(register, (), date(2025, 12, 31))


def _first(register: Register, kind: str, state: str) -> str:
    return next(name for (what, name), record in register.records.items() if what == kind and state in record.entry().state)
