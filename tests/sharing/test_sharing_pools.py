"""Pools over records: all that were put there, whoever asks, a day at a time; no sum of two is told or can be worked out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from sharing_world import START, Clock, account, put

from orepact.errors import BadInput, NotFound
from orepact.measure.disclosure.pools import Pool
from orepact.measure.disclosure.table import Table
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.records.readers import PUBLIC
from orepact.pact.supply.stocks import Stock
from orepact.service.pact.desk import Desk
from orepact.service.sharing import pool_share, pool_today
from orepact.service.sharing.pools import pool_named
from orepact.store.store import Store

POOL = "lithium_stocks"
#: Tonnes of lithium in a tonne, by the list of commodities.
IN_CARBONATE = 0.18785


def stock(owner: str, tonnes: float, country: str = "CAN", commodity: str = "lithium_carbonate", **values: object) -> Stock:
    """What an owner holds at the end of October, put into the pool and shown to nobody."""
    fields = {
        "id": f"{owner}.{commodity}-{country.lower()}", "title": "Stock", "organisation": owner, "commodity": commodity,
        "country": country, "unit": "t", "levels": [{"on": "2026-10-31", "quantity": tonnes}],
        "label": f"TLP:AMBER+STRICT/{owner}", "pools": [POOL],
    }  # fmt: skip
    return Stock.model_validate(fields | values)


def told(store: Store) -> dict[tuple[str, str], float | None]:
    """What anybody is told."""
    data = pool_today(POOL, Desk(store, PUBLIC)).data
    return {(row.row, row.column): None if row.hidden else row.amount for row in data.itertuples()}


def three() -> list[Stock]:
    """Three owners in one cell."""
    return [stock("nrcan", 1000), stock("meti", 900), stock("metis", 800)]


def test_three_owners_are_told_together_the_day_after(store: Store, clock: Clock) -> None:
    """Contained lithium: 2,700 t of carbonate hold 507.195 t. Before, nothing is there to be told."""
    put(store, *three())
    assert set(told(store).values()) == {0.0}
    clock.turn(days=1)
    found = told(store)
    expected = 2700 * IN_CARBONATE
    assert expected == pytest.approx(507.195)
    for row, column in product(("CAN", "north_america", "total"), ("chemicals", "total")):
        assert found[row, column] == pytest.approx(expected)
    assert found["JPN", "raw"] == 0.0


def test_what_one_owner_writes_changes_nothing_before_the_next_day(make_small: Callable[[], Store], clock: Clock) -> None:
    """Whether somebody asked before on that day or not; nor does what he takes back. The bytes are the same."""
    asked, silent = make_small(), make_small()
    for store in (asked, silent):
        put(store, *three())
    clock.turn(days=1)
    before = pool_today(POOL, Desk(asked, PUBLIC)).envelope()
    for store in (asked, silent):
        put(store, stock("first", 5000), stock("korea", 4000, "KOR"))
        put(store, stock("nrcan", 10), version=1)
        put(store, stock("meti", 900, pools=[]), version=1)
        assert str(pool_today(POOL, Desk(store, PUBLIC)).envelope()) == str(before)
    clock.turn(hours=11, minutes=59)
    assert str(pool_today(POOL, Desk(asked, PUBLIC)).envelope()) == str(before), "until the day ends"
    clock.turn(minutes=1)
    after = [told(store) for store in (asked, silent)]
    assert after[0] == after[1] != {}
    assert set(after[0].values()) != set(before)


def test_it_is_the_same_for_all_who_ask(small: Store, clock: Clock) -> None:
    """Who gave something, the public, and the holder of the database."""
    put(small, *three())
    desk = account(small, "mara", "nrcan", "steward")
    clock.turn(days=1)
    found = [str(pool_today(POOL, who).envelope()) for who in (Desk(small), Desk(small, PUBLIC), Desk(small, desk.reader))]
    assert len(set(found)) == 1


def test_a_sum_of_two_owners_is_not_told(small: Store, clock: Clock) -> None:
    put(small, *three()[:2])
    clock.turn(days=1)
    assert {value for value in told(small).values() if value} == set()
    assert told(small)["CAN", "chemicals"] is None


def room(pool: Pool, found: dict[tuple[str, str], float | None], cell: tuple[str, str]) -> tuple[float, float]:
    """Least and most that a sum can be, given what is told: a linear program of its own, over the amounts in the cells."""
    axes = (pool.rows.axis, pool.columns.axis)
    leaves = [*product(axes[0].leaves, axes[1].leaves)]

    def within(one: tuple[str, str]) -> list[float]:
        return [float(one[0] in axes[0].above(row) and one[1] in axes[1].above(column)) for row, column in leaves]

    known = [(within(one), value) for one, value in found.items() if value is not None]
    matrix, side = np.array([row for row, _ in known]), np.array([value for _, value in known])
    ends = []
    for sign in (1, -1):
        answer = linprog(sign * np.array(within(cell)), A_eq=matrix, b_eq=side, bounds=(0, None), method="highs")
        ends.append(float("inf") if answer.status == 3 else sign * answer.fun)
    return ends[0], ends[1]


def test_a_sum_of_two_owners_cannot_be_worked_out(small: Store, clock: Clock) -> None:
    """Where rows and columns around it are told: what is hidden beside it leaves it a tenth of room on each side."""
    amounts: dict[tuple[str, str], list[float]] = {
        ("CAN", "lithium_carbonate"): [1000, 900, 800], ("CAN", "spodumene_concentrate"): [9000, 8000, 7000, 6500],
        ("USA", "lithium_carbonate"): [700, 650], ("USA", "spodumene_concentrate"): [5000, 4500, 4000, 3900],
        ("JPN", "lithium_carbonate"): [800, 780, 760, 700], ("JPN", "spodumene_concentrate"): [6000, 5900, 5800, 5000],
    }  # fmt: skip
    owners = ("nrcan", "meti", "metis", "first")
    records = [
        stock(owners[at], tonnes, country, commodity)
        for (country, commodity), each in amounts.items()
        for at, tonnes in enumerate(each)
    ]
    put(small, *records)
    clock.turn(days=1)
    pool, found = pool_named(POOL), told(small)
    assert found["USA", "chemicals"] is None
    assert sum(value is not None and value > 0 for value in found.values()) >= 5, "most of it is told"
    for cell, value in found.items():
        if value is None:
            least, most = room(pool, found, cell)
            truth = true_sum(pool, records, cell)
            assert least <= truth * 0.9 + 1e-6, cell
            assert most >= truth * 1.1 - 1e-6, cell


def true_sum(pool: Pool, records: list[Stock], cell: tuple[str, str]) -> float:
    """What a sum is, counted by hand."""
    contents = {"lithium_carbonate": 0.18785, "spodumene_concentrate": 0.02787}
    forms = {"lithium_carbonate": "chemicals", "spodumene_concentrate": "raw"}
    return sum(
        one.levels[0].quantity * contents[one.commodity]
        for one in records
        if cell[0] in pool.rows.axis.above(one.country) and cell[1] in pool.columns.axis.above(forms[one.commodity])
    )


def test_the_houses_of_owners_count_once(small: Store, clock: Clock) -> None:
    """A company and its daughter are one owner, as are a ministry and what is below it."""
    daughter = {"id": "korea", "title": "korea", "organisation_kind": "authority",
                "owners": [{"organisation": "nrcan", "share": 0.8}]}  # fmt: skip
    put(small, Organisation.model_validate(daughter), version=1)
    put(small, stock("nrcan", 1000), stock("korea", 900), stock("meti", 800))
    clock.turn(days=1)
    assert told(small)["CAN", "chemicals"] is None
    put(small, stock("metis", 700))
    clock.turn(days=1)
    assert told(small)["CAN", "chemicals"] == pytest.approx(3400 * IN_CARBONATE)
    below = {"id": "metis", "title": "metis", "organisation_kind": "authority", "parent": "meti"}
    put(small, Organisation.model_validate(below), version=1)
    clock.turn(days=1)
    assert told(small)["CAN", "chemicals"] is None


def test_nobody_counts_for_others(small: Store, clock: Clock) -> None:
    """Three records of one owner about three organisations are one owner's."""
    for at, about in enumerate(("nrcan", "meti", "metis")):
        put(small, stock("nrcan", 1000 - at, id=f"nrcan.about-{about}", organisation=about))
    clock.turn(days=1)
    assert told(small)["CAN", "chemicals"] is None


def test_an_owner_sees_what_of_his_counts_and_why_not(small: Store, clock: Clock) -> None:
    put(
        small,
        stock("nrcan", 10),
        stock("nrcan", 5, "AUS", "spodumene_concentrate", unit="kt"),
        stock("nrcan", 1, "USA", levels=[{"on": "2026-07-01", "quantity": 1}]),
        stock("nrcan", 1, "CAN", "copper_cathode"),
        stock("nrcan", 1, "JPN", unit="MWh"),
        stock("meti", 7),
        stock("nrcan", 3, "GBR", pools=[]),
    )
    desk = account(small, "mara", "nrcan", "steward")
    found = pool_share(POOL, desk)
    rows: dict[str, Any] = {row.record: row for row in found.data.itertuples()}
    assert set(rows) == {f"nrcan.{name}" for name in (
        "lithium_carbonate-can", "spodumene_concentrate-aus", "lithium_carbonate-usa", "copper_cathode-can",
        "lithium_carbonate-jpn",
    )}  # fmt: skip
    assert (rows["nrcan.lithium_carbonate-can"].amount, rows["nrcan.lithium_carbonate-can"].counts) == (
        pytest.approx(1.8785),
        True,
    )
    far = rows["nrcan.spodumene_concentrate-aus"]
    assert (far.row, far.column, far.amount) == ("elsewhere", "raw", pytest.approx(139.35))
    reasons = {
        name: rows[f"nrcan.{name}"].why for name in ("lithium_carbonate-usa", "copper_cathode-can", "lithium_carbonate-jpn")
    }
    assert "three months up to 2026-10-31" in reasons["lithium_carbonate-usa"]
    assert "no row and column" in reasons["copper_cathode-can"]
    assert "write it in t" in reasons["lithium_carbonate-jpn"]
    assert found.meta["label"] == "TLP:AMBER+STRICT/nrcan"
    with pytest.raises(BadInput):
        pool_share(POOL, Desk(small, PUBLIC))
    with pytest.raises(NotFound):
        pool_share("nothing", desk)


def test_a_stock_says_how_it_stood_for_three_months() -> None:
    found = stock("nrcan", 1, levels=[{"on": "2026-10-31", "quantity": 2}, {"on": "2026-09-30", "quantity": 1}])
    days = {date(2026, 9, 29): None, date(2026, 9, 30): 1, date(2026, 10, 30): 1, date(2026, 10, 31): 2, date(2027, 1, 31): 2,
            date(2027, 2, 1): None}  # fmt: skip
    assert {day: level.quantity if (level := found.level_on(day)) else None for day in days} == days
    assert START.date() > date(2026, 10, 31)


def test_two_levels_of_one_day_are_refused(small: Store) -> None:
    level = {"on": "2026-10-31", "quantity": 1}
    with pytest.raises(BadInput, match="one level of 2026-10-31"):
        put(small, stock("nrcan", 1, levels=[level, level]))


def test_the_tables_take_each_code_once() -> None:
    pool = pool_named(POOL)
    assert [pool.rows.taking(code) for code in ("CAN", "DEU", "AUS", "CHN")] == ["CAN", "DEU", "elsewhere", "elsewhere"]
    assert pool.columns.taking("copper_cathode") is None
    assert Table.of(pool.rows.axis, pool.columns.axis, []).held == {}
