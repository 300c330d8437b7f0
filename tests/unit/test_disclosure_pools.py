"""The files of pools: what ships can be used, and every mistake is told with its place."""

import pytest

from orepact.errors import BadInput, NotFound
from orepact.facts.codes import Codes
from orepact.measure.disclosure.pools import Pool, pool_of, read_pool, read_pools, shipped_folder
from orepact.measure.disclosure.table import Table

UNITS = Codes.shipped().units
GOOD = """
id: stocks
title: Stocks
quantity: stock
unit: t
rows:
  title: Place
  total: All places
  entries:
    - {id: america, title: America}
    - {id: CAN, title: Canada, within: america}
    - {id: JPN, title: Japan}
columns:
  title: Form
  entries:
    - {id: raw, title: Raw}
    - {id: salt, title: Salt}
"""


def pool(tmp_path, text, name="stocks.yaml") -> Pool:
    (tmp_path / name).write_text(text)
    return read_pool(tmp_path / name, UNITS)


def test_every_pool_that_ships_makes_a_table():
    pools = read_pools(shipped_folder(), UNITS)
    assert "lithium_stocks" in pools
    for one in pools.values():
        empty = Table.of(one.rows.axis, one.columns.axis, [])
        assert set(empty.values) == {(row, column) for row in one.rows.titles for column in one.columns.titles}


def test_a_total_stands_above_groups_and_only_where_it_is_asked(tmp_path):
    made = pool(tmp_path, GOOD)
    assert dict(made.rows.axis.within) == {"total": "", "america": "total", "CAN": "america", "JPN": "total"}
    assert made.rows.axis.leaves == ("CAN", "JPN")
    assert dict(made.columns.axis.within) == {"raw": "", "salt": ""}
    assert made.rows.titles["total"] == "All places"


@pytest.mark.parametrize(
    ("old", "new", "column", "words"),
    [
        ("unit: t\n", "unit: tt\n", "unit", "did you mean"),
        ("unit: t\n", "", "unit", "add unit"),
        ("quantity:", "quantities:", "quantities", "did you mean quantity?"),
        ("within: america", "within: amerika", "rows.entries.CAN.within", "add an entry amerika"),
        ("{id: america, title: America}", "{id: america, title: America, within: CAN}", "rows.entries.america.within", "ring"),
        ("{id: salt,", "{id: raw,", "columns.entries.raw", "keep one"),
        ("{id: JPN,", "{id: total,", "rows.entries.total", "total: TITLE"),
        ("{id: JPN, title: Japan}", "{id: JPN}", "rows.entries.JPN.title", "add title"),
    ],
)
def test_each_mistake_is_told_with_its_place(tmp_path, old, new, column, words):
    assert old in GOOD
    with pytest.raises(BadInput) as raised:
        pool(tmp_path, GOOD.replace(old, new))
    told = {problem.column: problem for problem in raised.value.problems}
    assert column in told
    assert words in str(told[column])
    assert told[column].file == "stocks.yaml"


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path):
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text(GOOD)
    (tmp_path / "c.yaml").write_text(GOOD.replace("unit: t\n", "unit: nothing\n").replace("id: stocks", "id: others"))
    with pytest.raises(BadInput) as raised:
        read_pools(tmp_path, UNITS)
    assert {(problem.file, problem.column) for problem in raised.value.problems} == {("b.yaml", "id"), ("c.yaml", "unit")}


def test_a_table_that_is_too_large_to_audit_is_refused(tmp_path):
    many = "".join(f"    - {{id: r{number}, title: Row}}\n" for number in range(1300))
    with pytest.raises(BadInput, match="at most 2500 cells"):
        pool(tmp_path, GOOD.replace("    - {id: JPN, title: Japan}\n", many))


def test_an_unknown_pool_has_near_ones(tmp_path):
    with pytest.raises(NotFound, match="did you mean stocks"):
        pool_of("stock", {"stocks": pool(tmp_path, GOOD)})
