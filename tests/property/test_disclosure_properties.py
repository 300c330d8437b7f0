"""Laws of what is told, on random tables, against a second solver in fractions that knows the inner cells alone."""

from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawing import draws
from exact_simplex import Exact
from orepact.measure.disclosure.axis import Axis
from orepact.measure.disclosure.protect import Protected, protect
from orepact.measure.disclosure.rules import Rules
from orepact.measure.disclosure.table import Cell, Contribution, Table

TENTH = Fraction(1, 10)
#: What the solver in floats may take for reached.
SLACK = Fraction(1, 10**6)
SLOW = settings(max_examples=draws(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
OWNERS = "abcdef"
AMOUNT = st.one_of(st.integers(0, 9), st.sampled_from([10, 100, 1000]), st.integers(1, 3000))


def flat(name: str, count: int) -> Axis:
    return Axis({"total": "", **{f"{name}{number}": "total" for number in range(count)}})


@st.composite
def axes(draw: st.DrawFn, name: str) -> Axis:
    """One to three rows under a total, without one, or with the last two in a group."""
    axis = flat(name, draw(st.integers(1, 3)))
    shape = draw(st.sampled_from(["total", "none", "group"]))
    if shape == "none":
        return Axis({code: "" for code in axis.codes if code != "total"})
    if shape == "group" and len(axis.codes) == 4:
        return Axis({"total": "", f"{name}0": "total", "group": "total", f"{name}1": "group", f"{name}2": "group"})
    return axis


@st.composite
def given_to(draw: st.DrawFn, rows: Axis, columns: Axis) -> list[Contribution]:
    one = st.builds(
        Contribution, st.sampled_from(OWNERS), st.sampled_from(rows.leaves), st.sampled_from(columns.leaves), AMOUNT.map(float)
    )
    return draw(st.lists(one, max_size=30))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows, columns = draw(axes("r")), draw(axes("c"))
    return Table.of(rows, columns, draw(given_to(rows, columns)))


class Oracle:
    """What is told, seen by one owner (or by a reader, ""): unknowns are the inner cells, equations the cells that are told."""

    def __init__(self, table: Table, found: Protected, by: str = ""):
        self.table, self.by = table, by
        self.inner = [(row, column) for row in table.rows.leaves for column in table.columns.leaves]
        rows, side = [], []
        for cell, value in found.told.items():
            under = self.under(cell)
            if value is not None:
                rows.append([int(at in under) for at in range(len(self.inner))])
                side.append(Fraction(value) - self.own(under))
        for at, cell in enumerate(self.inner):
            if by and set(table.held.get(cell, {})) == {by}:
                rows.append([int(at == other) for other in range(len(self.inner))])
                side.append(Fraction(0))
        self.exact = Exact(rows or [[0] * len(self.inner)], side or [Fraction(0)])

    def under(self, cell: Cell) -> list[int]:
        rows, columns = self.table.rows, self.table.columns
        return [at for at, (r, c) in enumerate(self.inner) if cell[0] in rows.above(r) and cell[1] in columns.above(c)]

    def own(self, under: list[int]) -> Fraction:
        return sum((Fraction(self.table.held.get(self.inner[at], {}).get(self.by, 0)) for at in under), Fraction(0))

    def most_of_others(self, cell: Cell) -> Fraction | None:
        return self.exact.most(self.under(cell))

    def least_of_others(self, cell: Cell) -> Fraction:
        return self.exact.least(self.under(cell))


@SLOW
@given(tables())
def test_no_hidden_sum_can_be_computed_from_what_is_told(table):
    found = protect(table)
    oracle = Oracle(table, found)
    for cell in found.hidden:
        truth, most = Fraction(table.values[cell]), oracle.most_of_others(cell)
        assert most is None or most >= (1 + TENTH - SLACK) * truth, cell
        assert oracle.least_of_others(cell) <= (1 - TENTH + SLACK) * truth, cell


@SLOW
@given(tables())
def test_no_owner_can_estimate_another_closer_than_the_margin(table):
    found = protect(table)
    for by in ("", *OWNERS):
        oracle = Oracle(table, found, by)
        for cell, held in table.held.items():
            others = [Fraction(amount) for owner, amount in held.items() if owner != by]
            most = oracle.most_of_others(cell)
            assert most is None or most >= (1 + TENTH - SLACK) * max(others, default=Fraction(0)), (by, cell)


@SLOW
@given(tables())
def test_hidden_parts_of_a_told_whole_are_safe_together(table):
    found, rules = protect(table), Rules.shipped()
    for relation in table.relations:
        hidden = [cell for cell in relation.parts if cell in found.hidden]
        if relation.whole not in found.hidden:
            assert not rules.unsafe(table.together(hidden).values()), relation


@settings(max_examples=draws(150), deadline=None)
@given(tables())
def test_what_is_told_is_true_and_what_a_rule_hides_is_hidden(table):
    found = protect(table)
    for cell, value in found.told.items():
        assert value is None or value == table.values[cell]
        assert value is None or not Rules.shipped().unsafe(table.held.get(cell, {}).values())
    assert found.primary.keys() <= found.hidden
    assert all(table.values[cell] > 0 for cell in found.hidden)


@settings(max_examples=draws(100), deadline=None)
@given(st.data())
def test_no_order_of_the_contributions_changes_anything(data):
    rows, columns = data.draw(axes("r")), data.draw(axes("c"))
    contributions = data.draw(given_to(rows, columns))
    first = protect(Table.of(rows, columns, contributions))
    again = protect(Table.of(rows, columns, data.draw(st.permutations(contributions))))
    assert first == again
    assert list(first.told) == list(again.told)


@SLOW
@given(st.data())
def test_a_bigger_table_tells_no_more_of_one_owner(data):
    """One row split into two: what a rule hid in the small table is hidden in the big one, and estimates keep the margin."""
    columns = data.draw(axes("c"))
    small_rows, big_rows = flat("r", 2), Axis({**flat("r", 2).within, "r1a": "r1", "r1b": "r1"})
    big = data.draw(given_to(big_rows, columns))
    small = [Contribution(one.owner, one.row[:2], one.column, one.amount) for one in big]
    before, table = protect(Table.of(small_rows, columns, small)), Table.of(big_rows, columns, big)
    after = protect(table)
    assert before.primary.items() <= after.primary.items()
    for by in ("", *OWNERS):
        oracle = Oracle(table, after, by)
        for cell in before.primary:
            others = [Fraction(amount) for owner, amount in table.held[cell].items() if owner != by]
            most = oracle.most_of_others(cell)
            assert most is None or most >= (1 + TENTH - SLACK) * max(others, default=Fraction(0)), (by, cell)


@settings(max_examples=draws(60), deadline=None)
@given(tables(), st.floats(0.11, 0.9), st.integers(4, 6))
def test_stricter_rules_hide_by_rule_all_that_the_milder_ones_do(table, margin, owners):
    rules = Rules.shipped()
    strict = rules.model_copy(
        update={
            "margin": rules.margin.model_copy(update={"value": margin}),
            "least_owners": rules.least_owners.model_copy(update={"value": owners}),
        }
    )
    assert protect(table, rules).primary.keys() <= protect(table, strict).primary.keys()
