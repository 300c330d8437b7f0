"""Sums over several owners: the rules, what is hidden beside, and what can be worked out; every number here was found by hand."""

import pytest

from orepact.errors import BadInput
from orepact.measure.disclosure.axis import Axis
from orepact.measure.disclosure.hiding import closed
from orepact.measure.disclosure.protect import protect
from orepact.measure.disclosure.reach import Reach, Weak
from orepact.measure.disclosure.rules import Rules
from orepact.measure.disclosure.table import Contribution, Table

RULES = Rules.shipped()


def axis(*codes: str, total: bool = True) -> Axis:
    return Axis({"total": "", **dict.fromkeys(codes, "total")} if total else dict.fromkeys(codes, ""))


def table(rows: Axis, columns: Axis, amounts: dict[tuple[str, str], dict[str, float]]) -> Table:
    given = [Contribution(owner, *cell, amount) for cell, owners in amounts.items() for owner, amount in owners.items()]
    return Table.of(rows, columns, given)


#: The worked example of docs/why/disclosure.md.
AMOUNTS = {
    ("north", "raw"): {"ada": 90, "bo": 20, "cy": 5},
    ("north", "salt"): {"ada": 30, "bo": 30, "cy": 30},
    ("south", "raw"): {"bo": 40, "cy": 40, "di": 40},
    ("south", "salt"): {"ada": 20, "cy": 20, "di": 25},
    ("west", "raw"): {"ada": 50, "bo": 50, "di": 60},
    ("west", "salt"): {"bo": 70, "cy": 70, "di": 60},
}
SQUARE = {("north", "raw"), ("north", "salt"), ("south", "raw"), ("south", "salt")}


def example(**changed: dict[str, float]) -> Table:
    amounts = AMOUNTS | {tuple(name.split("_")): owners for name, owners in changed.items()}
    return table(axis("north", "south", "west"), axis("raw", "salt"), amounts)


def row(**cells: dict[str, float]) -> Table:
    return table(axis("all", total=False), axis(*cells), {("all", name): owners for name, owners in cells.items()})


# -- rules --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "why"),
    [
        ([], ""),
        ([0, 0], ""),  # nobody has anything
        ([7], "few_owners"),
        ([7, 7], "few_owners"),  # each knows the other (Handbook, example 1b)
        ([7, 7, 0, 0], "few_owners"),  # noughts are no owners
        ([50_000, 49_000, 1_000], "p_percent"),  # Handbook, example 1: 51,000 is 2 % off 50,000
        ([52_000, 50_000, 8_000], ""),  # Handbook, example 2: 60,000 is 15.4 % off 52,000
        ([8_000, 52_000, 50_000], ""),  # whatever the order
        ([100, 50, 10], ""),  # 10 is not less than a tenth of 100
        ([100, 50, 9.999], "p_percent"),
    ],
)
def test_the_rules_on_cases_of_the_handbook(amounts, why):
    assert RULES.unsafe(amounts) == why


def test_dominance_is_asked_where_given(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text("dominance: {value: {largest: 2, share: 0.909}}\n")
    stricter = Rules.load(file)
    assert stricter.unsafe([52_000, 50_000, 8_000]) == "dominance"  # Handbook, example 2: 102,000 of 110,000 is 92.7 %
    assert stricter.unsafe([50, 49, 51, 60]) == ""


def test_rules_that_protect_nobody_are_refused(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text("least_owners: {value: 2}\nmargin: {value: 0}\nwidth: {value: 1.5}\nsecret: 1\n")
    with pytest.raises(BadInput) as raised:
        Rules.load(file)
    assert {problem.column for problem in raised.value.problems} == {
        "least_owners.value",
        "margin.value",
        "width.value",
        "secret",
    }


def test_every_number_of_the_shipped_rules_has_its_source():
    for name in ("least_owners", "margin", "dominance", "width"):
        assert len(getattr(RULES, name).source) > 20, name


# -- table --------------------------------------------------------------------------------------------------------------------


def test_a_table_has_groups_and_totals():
    places = Axis({"total": "", "america": "total", "CAN": "america", "USA": "america", "JPN": "total"})
    made = table(places, axis("raw", total=False), {("CAN", "raw"): {"ada": 1}, ("USA", "raw"): {"ada": 2, "bo": 4}})
    assert [made.values[code, "raw"] for code in places.codes] == [7, 7, 1, 6, 0]
    assert made.held["total", "raw"] == {"ada": 3, "bo": 4}


def test_mistakes_in_contributions_are_told_at_once():
    given = [Contribution("", "total", "raw", -1), Contribution("ada", "north", "salz", float("nan"))]
    with pytest.raises(BadInput) as raised:
        Table.of(axis("north", "south"), axis("raw", "salt"), given)
    assert [(problem.row, problem.column) for problem in raised.value.problems] == [
        (1, "owner"),
        (1, "row"),
        (1, "amount"),
        (2, "column"),
        (2, "amount"),
    ]
    assert "north, south" in str(raised.value)


# -- what can be worked out ---------------------------------------------------------------------------------------------------


def test_intervals_of_the_example_of_geurts():
    """Handbook, chapter 4, example 3 (Geurts 1992): 3 <= X11 <= 6, from the sums 7, 3, 6 and 4 alone."""
    made = table(
        axis("1", "2", "3"),
        axis("1", "2"),
        {
            (r, c): {"ada": v}
            for r, c, v in [("1", "1", 4), ("1", "2", 3), ("2", "1", 2), ("2", "2", 1), ("3", "1", 3), ("3", "2", 3)]
        },
    )
    reach = Reach(made, {("1", "1"), ("1", "2"), ("2", "1"), ("2", "2")})
    found = [reach.interval(cell) for cell in reach.cells]
    assert found == [pytest.approx(pair) for pair in [(3, 6), (1, 4), (0, 3), (0, 3)]]


def test_a_hidden_total_of_hidden_parts_has_no_upper_end():
    reach = Reach(row(a={"ada": 3}, b={"bo": 5}), {("all", "a"), ("all", "total")})
    assert reach.interval(("all", "a")) == (0, float("inf"))
    assert reach.interval(("all", "total")) == (5, float("inf"))


def test_two_who_are_alone_know_each_other_although_no_reader_does():
    made = row(a={"ada": 100}, b={"bo": 100}, c={"cy": 50, "di": 50, "ed": 50})
    reach = Reach(made, {("all", "a"), ("all", "b")})
    assert reach.interval(("all", "b")) == pytest.approx((0, 200))
    assert reach.interval(("all", "b"), by="ada") == pytest.approx((100, 100))
    assert [*reach.weak(RULES)] == [
        Weak(("all", "b"), "ada"),
        Weak(("all", "a"), "bo"),
    ]


def test_a_hidden_cell_that_is_a_difference_is_weak_on_both_sides():
    made = row(a={"ada": 50, "bo": 25, "cy": 25}, b={"ada": 1, "bo": 1, "cy": 1})
    assert [*Reach(made, {("all", "a")}).weak(RULES)] == [Weak(("all", "a"), "")] * 2


# -- what is hidden -----------------------------------------------------------------------------------------------------------


def test_nothing_is_hidden_where_everything_is_safe():
    found = protect(example(north_raw={"ada": 40, "bo": 40, "cy": 35}))
    assert not found.hidden
    assert not found.primary
    assert found.told["total", "total"] == 750
    assert found.programs == 0


def test_the_worked_example():
    found = protect(example())
    assert found.primary == {("north", "raw"): "p_percent"}  # 5 is less than a tenth of 90
    assert found.hidden == SQUARE
    assert [found.told["north", "total"], found.told["total", "raw"], found.told["west", "salt"]] == [205, 395, 200]
    assert found.rounds == 1
    reach = Reach(example(), found.hidden)
    assert reach.interval(("north", "raw")) == pytest.approx((50, 205))
    assert reach.interval(("north", "raw"), by="bo") == pytest.approx((50, 175))  # he has 30 of the salt and 40 in the south


def test_the_audit_hides_more_where_the_square_leaves_too_little_room():
    """South salt holds 12 alone: north raw (125) could go down to 113 at least, 112.5 is wanted. So west raw goes too."""
    made = example(north_raw={"ada": 100, "bo": 20, "cy": 5}, south_salt={"ada": 4, "cy": 4, "di": 4})
    assert closed(made, {("north", "raw")}, RULES) == SQUARE
    assert Reach(made, SQUARE).interval(("north", "raw")) == pytest.approx((113, 215))
    found = protect(made)
    assert found.hidden == SQUARE | {("west", "raw"), ("west", "salt")}
    assert found.rounds == 2


def test_hidden_parts_of_a_told_whole_are_safe_together():
    """Hidden a and b are 200 together, of two owners: each would know the other. So c goes too, and 350 is all that is told."""
    found = protect(row(a={"ada": 100}, b={"bo": 100}, c={"cy": 50, "di": 50, "ed": 50}))
    assert {cell: value for cell, value in found.told.items() if value is not None} == {("all", "total"): 350}


def test_one_owner_behind_all_that_is_hidden_is_not_told_by_the_difference():
    """Ada is alone in both: 400 - 150 would be hers, to the last tonne, though neither cell could be known."""
    found = protect(row(a={"ada": 100}, b={"ada": 150}, c={"cy": 50, "di": 50, "ed": 50}))
    assert {cell: value for cell, value in found.told.items() if value is not None} == {("all", "total"): 400}


def test_ties_go_by_code():
    """Of b and c, both 30, b goes; written in any order."""
    cells = {"a": {"ada": 29, "bo": 1, "cy": 1}, "c": {"ada": 10, "bo": 10, "cy": 10}, "b": {"ada": 10, "bo": 10, "cy": 10}}
    assert protect(row(**cells)).hidden == {("all", "a"), ("all", "b")}


def test_a_neighbour_too_small_to_give_room_is_not_enough():
    """The smallest, 1, goes first: safe with a (2.8 + 1 is more than 2.9), but a reaches 36 at most and 38.5 is wanted."""
    small = {"di": 0.4, "ed": 0.3, "fy": 0.3}
    made = row(a={"ada": 29, "bo": 3.2, "cy": 2.8}, b=small, c={"ada": 10, "bo": 10, "cy": 10})
    assert closed(made, {("all", "a")}, RULES) == {("all", "a"), ("all", "b")}
    found = protect(made)
    assert found.hidden == {("all", "a"), ("all", "b"), ("all", "c")}
    assert found.rounds == 2


def test_a_table_of_two_owners_tells_its_empty_cells_alone():
    found = protect(
        table(axis("north", "south"), axis("raw", "salt"), {("north", "raw"): {"ada": 5}, ("south", "raw"): {"bo": 5}})
    )
    assert {cell for cell, value in found.told.items() if value is not None} == {(r, "salt") for r in ("north", "south", "total")}


def test_a_table_without_amounts_is_told():
    assert set(protect(table(axis("north"), axis("raw"), {})).told.values()) == {0}
