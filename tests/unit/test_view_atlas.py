"""The atlas: one selection, four views that tell of the same; every wrong choice at once."""

from __future__ import annotations

import json

import pytest

from orepact.cli.entry import run
from orepact.errors import BadInput, NotFound
from orepact.facts import Ledger
from orepact.service.view.atlas import REST, ROWS, atlas, kept_moves, view_atlas
from orepact.service.view.kept_results import kept
from orepact.service.view.selection import Selection

LEDGER = Ledger.shipped()
SELECTIONS = [
    {},
    {"element": "graphite", "destination": "KOR", "by": "owner"},
    {"element": "cobalt", "origin": "COD", "year": "2023", "show": "share"},
    {"element": "all", "stage": "cell", "measure": "gwh", "year": "2030", "place": "corridor"},
    {"element": "nickel", "commodity": "nickel_class1", "measure": "value", "top": "3"},
    {"element": "lithium", "origin": "CA-QC", "provinces": "true", "measure": "mass"},
]


@pytest.mark.parametrize("asked", SELECTIONS, ids=str)
def test_the_four_views_tell_of_the_same(asked: dict[str, str]) -> None:
    """The table adds up to the total, the year in the time chart too; map and Sankey leave out only what stays in one place."""
    found = atlas(LEDGER, **asked)
    rows, year = found.rows, found.time[found.time["year"] == found.selection.year]
    assert found.total > 0
    assert rows["amount"].sum() == pytest.approx(found.total)
    assert rows["share"].sum() == pytest.approx(1.0)
    assert year["amount"].sum() == pytest.approx(found.total)
    assert year["share"].sum() == pytest.approx(1.0)
    apart = rows[rows["from"] != rows["to"]]
    assert found.map["amount"].sum() == pytest.approx(apart["amount"].sum())
    assert found.sankey["amount"].sum() <= found.total * (1 + 1e-9)
    assert len(set(found.sankey["from"]) | set(found.sankey["to"])) <= found.selection.top + 3


def test_a_selection_leaves_out_what_was_not_asked_for() -> None:
    """By hand, from the kept rows."""
    frame = kept("moves").frame
    wanted = frame[(frame["commodity"] == "lithium_hydroxide") & (frame["year"] == 2024) & (frame["to_owner"] == "KOR")]
    found = atlas(LEDGER, commodity="lithium_hydroxide", destination="KOR", by="owner", measure="mass")
    assert found.total == pytest.approx(wanted["quantity"].sum())
    contained = atlas(LEDGER, commodity="lithium_hydroxide", destination="KOR", by="owner")
    assert contained.total == pytest.approx(0.16539 * found.total)


def test_canada_is_one_end_unless_its_provinces_are_asked_for() -> None:
    """The same total either way; a province as an end shows provinces."""
    whole, single = (atlas(LEDGER, element="nickel", origin="CAN", provinces=each) for each in ("", "true"))
    assert whole.total == pytest.approx(single.total)
    assert set(whole.rows["from"]) == {"CAN"}
    assert {"CA-ON", "CA-QC"} <= set(single.rows["from"])
    assert set(atlas(LEDGER, element="nickel", origin="CA-ON").rows["from"]) == {"CA-ON"}


def test_every_wrong_choice_is_told_at_once() -> None:
    """With where, expected, found and mend; names near by are offered."""
    with pytest.raises(BadInput) as caught:
        atlas(LEDGER, element="graphit", stage="celll", origin="Koreaa", year="1066", by="colour", top="99", colour="red")
    problems = {problem.column: problem for problem in caught.value.problems}
    assert set(problems) == {"element", "stage", "origin", "year", "by", "top", "colour"}
    assert problems["element"].mend == "write graphite"
    with pytest.raises(BadInput) as caught:
        atlas(LEDGER, element="cobalt", commodity="lithium_hydroxide", stage="cell", measure="gwh")
    assert {problem.column for problem in caught.value.problems} == {"element", "stage", "measure"}
    with pytest.raises(BadInput, match="every element"):
        atlas(LEDGER, element="all", measure="contained")


def test_a_place_may_be_named_in_words_and_in_any_case() -> None:
    """As people type it."""
    assert atlas(LEDGER, origin="Korea").selection.origin == "KOR"
    assert atlas(LEDGER, element="GRAPHITE", destination="jpn").selection == Selection(element="graphite", destination="JPN")


def test_a_selection_says_its_own_command() -> None:
    """And the command gives it back."""
    asked = {"element": "graphite", "destination": "KOR", "by": "owner", "year": "2030", "provinces": "true"}
    selection = atlas(LEDGER, **asked).selection
    assert selection.asked == asked
    assert atlas(LEDGER, **selection.asked).selection == selection
    assert selection.command == "orepact view atlas --element graphite --destination KOR --by owner --year 2030 --provinces"
    assert Selection(element="all", measure="value").asked == {"element": "all"}


def test_nothing_selected_is_an_empty_answer() -> None:
    """No error: Greenland sends no cobalt to Peru."""
    found = atlas(LEDGER, element="cobalt", origin="PER", destination="UKR", stage="mine")
    assert found.total == 0.0
    assert not len(found.rows)
    assert not len(found.map)
    assert not len(found.sankey)
    assert not len(found.time)


def test_small_ends_are_folded_into_the_rest() -> None:
    """In the Sankey and over time, never in the table."""
    found = atlas(LEDGER, element="lithium", top="2")
    assert REST in set(found.sankey["from"])
    assert set(found.time["from"]) <= {*found.largest_from, REST, "unknown", "stock"}
    assert REST not in set(found.rows["from"])


@pytest.mark.parametrize("rows", ROWS)
def test_the_command_gives_each_view(rows: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With units, sources and the manifest of what was kept."""
    assert run(["view", "atlas", "--element", "graphite", "--destination", "KOR", "--rows", rows, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["data"]
    assert answer["meta"]["manifest"]["sha256"] == kept("moves").manifest["sha256"]
    assert answer["meta"]["units"]["amount"].startswith("tonnes")
    assert answer["meta"]["sources"]


def test_the_command_reports_wrong_choices(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, each one named."""
    assert run(["view", "atlas", "--element", "gold", "--origin", "Narnia"]) == 3
    told = capsys.readouterr().err
    assert "gold" in told
    assert "Narnia" in told


def test_shares_stand_for_amounts_where_they_are_asked_for() -> None:
    """And other rows than the four are none."""
    assert "amount" not in view_atlas(LEDGER, show="share").data.columns
    with pytest.raises(NotFound):
        view_atlas(LEDGER, "pie")


def test_years_to_the_last_balanced_one_are_balanced_and_later_ones_planned() -> None:
    """And the table holds every kept move."""
    table = kept_moves()
    frame = kept("moves").frame
    assert table.size == len(frame)
    assert table.states[2024] == "balanced"
    assert table.states[2030] == "planned"
