"""Use cases of pools over records of the register: the only sums over what a reader may not see.

Counted are all records whose owners put them into the pool, whoever asks, as the register stood at the begin of the day (UTC):
so no change of today moves a sum today, and two readings a change apart differ by nothing. What is told of a day is kept and
told again.

An amount counts for the owner of its record's label, who alone can put it there. Owners of one house (by ``parent``, or by who
controls them) count as one, as they know each other's amounts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem, StoreUnavailable
from orepact.facts.labels import Label
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.organisations.ownership import control
from orepact.pact.supply.stocks import Stock
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.service.sharing.pools import pool_marks, pool_named, wide
from orepact.store import told_sums

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.measure.disclosure.pools import Pool
    from orepact.measure.disclosure.table import Contribution
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

Cell = tuple[str, str]
Told = dict[Cell, float | None]


@dataclass(frozen=True, slots=True)
class Share:
    """What one record gives into a pool; ``why`` it does not count, "" when it does. ``amount`` in the unit of the pool."""

    record: str
    owner: str
    row: str = ""
    column: str = ""
    amount: float = math.nan
    why: str = ""


def pool_today(pool: str, db: Where = None) -> Result:
    """What may be told of a pool today: ``row, column, amount, hidden`` of every sum, the same for all who ask.

    Raises ``NotFound`` for a pool that does not ship, or that counts no records.
    """
    found = _counting(pool)
    with opened(db, filled=False) as store:
        day = store.clock().astimezone(UTC).date()
        told = _told(replace(store, reader=None), found, day)
    last = month_end(day)
    rows = [
        {"row": row, "column": column, "amount": math.nan if value is None else value, "hidden": value is None}
        for (row, column), value in told.items()
    ]
    number = sum(value is not None for value in told.values())
    meta = {
        "title": f"{found.title} ({found.unit}) on {last}: {number} of {len(told)} sums are told",
        "units": {"amount": found.unit},
        "manifest": {**pool_marks(found), "day": day.isoformat(), "level": last.isoformat()},
        "warnings": [f"as the register stood at the begin of {day} (UTC): what is changed today counts from tomorrow on"],
    }
    return Result(pd.DataFrame(rows), meta, shown=lambda _: wide(found, told))


def pool_share(pool: str, db: Where = None, *, organisation: str = "") -> Result:
    """What of one's organisation counts in a pool from tomorrow on, record by record, and why not: for its members alone.

    ``record, row, column, amount, counts, why``. ``organisation``: whose, for the holder of the database. Raises ``NotFound``.
    """
    found = _counting(pool)
    with opened(db, filled=False) as store:
        whose = organisation if store.reader is None else store.reader.organisation
        if not whose:
            raise BadInput([Problem("organisation", "an organisation for which the account acts", "none", "act for one")])
        tomorrow = store.clock().astimezone(UTC).date() + timedelta(days=1)
        shares = [
            one for one in _shares(found, store.register([Stock.kind]).all(Stock), tomorrow) if one.owner == whose.casefold()
        ]
    names = ["record", "row", "column", "amount", "counts", "why"]
    rows = [(one.record, one.row, one.column, one.amount, not one.why, one.why) for one in shares]
    number = sum(not one.why for one in shares)
    meta = {
        "title": f"{found.title}: {number} of {len(rows)} records of {whose} count from {tomorrow} on",
        "units": {"amount": found.unit},
        "label": f"TLP:AMBER+STRICT/{whose}",
        "manifest": pool_marks(found),
    }
    return Result(pd.DataFrame(rows, columns=names), meta)


def month_end(day: date) -> date:
    """The last day of the last whole month before a day.

    >>> month_end(date(2026, 3, 31)), month_end(date(2026, 4, 1))
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    return day.replace(day=1) - timedelta(days=1)


def _counting(name: str) -> Pool:
    found = pool_named(name)
    if found.counts is None:
        raise NotFound("pool that counts records", name)
    return found


def _told(store: Store, pool: Pool, day: date) -> Told:
    """What is told of a day: as it was told first on that day, by the same rules."""
    marks = json.dumps(pool_marks(pool), sort_keys=True)
    with store.database.reading() as connection:
        kept = told_sums.of(connection, pool.id, day.isoformat())
    if kept is None or kept.marks != marks:
        kept = told_sums.Kept(marks, _as_text(_worked_out(store, pool, day)))
        try:
            with store.database.writing() as connection:
                kept = told_sums.keep(connection, pool.id, day.isoformat(), kept)
        except StoreUnavailable:  # it is worked out again: of the same begin of the day
            pass
    return {(row, column): value for row, column, value in json.loads(kept.told)}


def _as_text(told: Mapping[Cell, float | None]) -> str:
    return json.dumps([[row, column, value] for (row, column), value in told.items()], allow_nan=False)


def _worked_out(store: Store, pool: Pool, day: date) -> Told:
    from orepact.measure.disclosure.protect import protect
    from orepact.measure.disclosure.table import Contribution, Table

    begin = datetime.combine(day, time(), UTC)
    register = store.register([Stock.kind, Organisation.kind], recorded_before=begin)
    houses = _houses({one.id: one for one in register.all(Organisation)}, day)
    given: list[Contribution] = [
        Contribution(houses.get(one.owner, one.owner), one.row, one.column, one.amount)
        for one in _shares(pool, register.all(Stock), day)
        if not one.why
    ]
    return dict(protect(Table.of(pool.rows.axis, pool.columns.axis, given)).told)


def _houses(every: Mapping[str, Organisation], day: date) -> dict[str, str]:
    """Who stands at the top of each organisation's house: its last parent, and who controls that."""
    tree = {one.id: one.owners for one in every.values()}
    found = {}
    for name in every:
        top, met = name, {name}
        while (above := every[top].parent if top in every else None) and above not in met:
            met.add(above)
            top = above
        try:
            top = control(tree, top, day).holder or top
        except BadInput:  # holdings that come back to themselves: nobody is at the top
            top = min(met)
        found[name.casefold()] = top.casefold()
    return found


def _shares(pool: Pool, stocks: Iterable[Stock], day: date) -> Iterator[Share]:
    """What each record that was put into a pool gives on a day: the level of the last whole month before."""
    from orepact.facts import Codes

    codes = Codes.shipped()
    for stock in stocks:
        if pool.id in stock.pools:
            label = Label.parse(stock.label)
            assert label is not None, "a record with pools has a label that names its owner"
            yield _share(pool, stock, label.owner.casefold(), month_end(day), codes)


def _share(pool: Pool, stock: Stock, owner: str, last: date, codes: Codes) -> Share:
    assert pool.counts is not None, "the pool counts records"
    row, column = pool.rows.taking(stock.country), pool.columns.taking(stock.commodity)
    content = (
        codes.commodities[stock.commodity].contents.get(pool.counts.element) if stock.commodity in codes.commodities else None
    )
    level = stock.level_on(last)
    if row is None or column is None or content is None:
        return Share(stock.id, owner, why=f"{stock.commodity} in {stock.country} is of no row and column of this pool")
    if level is None:
        return Share(stock.id, owner, row, column, why=f"no level of the three months up to {last}")
    unit = codes.commodities[stock.commodity].unit
    if codes.units.problem(stock.unit, unit, column="unit", file="") is not None:
        return Share(
            stock.id, owner, row, column, why=f"the unit {stock.unit!r} is none of {stock.commodity}: write it in {unit}"
        )
    return Share(stock.id, owner, row, column, codes.units.convert(level.quantity, stock.unit, unit) * content)
