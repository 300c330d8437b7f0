"""Ownership through a tree, and when a maker is of concern: worked on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eligibility_bills import maker
from orepact.errors import BadInput
from orepact.facts.rule_sets import Concern
from orepact.facts.rules import RuleBook
from orepact.measure.eligibility.concern import Screen, Standing
from orepact.measure.eligibility.ownership import Holding, OwnershipTree, shared_by
from orepact.service.law.makers import Makers, home_of, makers_of, owners_in, read_owners, shares_in

BOOK, DAY = RuleBook.shipped(), date(2026, 7, 1)
LAW = Concern(
    "us_sfe_countries", "us_1260h_2026", "us_fie_single_sfe_ownership", "us_fie_aggregate_sfe_ownership", True, True, "majority"
)
ONLY_25 = Concern("us_sfe_countries", single="us_fie_single_sfe_ownership")
ONLY_40 = Concern("us_sfe_countries", aggregate="us_fie_aggregate_sfe_ownership")
CONTROL = Concern("us_sfe_countries", "us_1260h_2026", control=True, located=True)


def standing(who, profile: Concern) -> Standing:
    return Screen.of(profile, BOOK, DAY).standing(who)[0]


# The tree --------------------------------------------------------------------------------------


def test_shares_multiply_along_the_tree() -> None:
    """Plant: 60 % Mid (30 % Dragon CHN, 70 % Seoul KOR), 40 % Maple CAN: 18 % CHN, 42 % KOR, 40 % CAN."""
    tree = OwnershipTree.of(
        [
            Holding("plant", "mid", 0.6), Holding("plant", "maple", 0.4, "CAN"),
            Holding("mid", "dragon", 0.3, "CHN"), Holding("mid", "seoul", 0.7, "KOR"),
        ]
    )  # fmt: skip
    stakes = tree.stakes("plant")
    assert stakes.by_country == pytest.approx({"CHN": 0.18, "KOR": 0.42, "CAN": 0.40})
    assert stakes.control == "KOR"


def test_a_majority_owner_counts_with_the_whole_of_what_it_controls() -> None:
    """The same tree: Seoul controls Mid, so all 60 % count for it; Dragon's 60 % of Mid would make it 60 % of the plant."""
    tree = OwnershipTree.of(
        [Holding("plant", "mid", 0.3), Holding("plant", "maple", 0.7, "CAN"), Holding("mid", "dragon", 0.6, "CHN"),
         Holding("mid", "seoul", 0.4, "KOR")]
    )  # fmt: skip
    assert tree.stakes("plant").by_country["CHN"] == pytest.approx(0.18)
    assert tree.stakes("plant", attribution="majority").by_country == pytest.approx({"CAN": 0.7, "CHN": 0.3})


def test_what_nobody_names_stays_unknown() -> None:
    tree = OwnershipTree.of([Holding("plant", "fund", 0.5), Holding("plant", "maple", 0.3, "CAN")])
    assert tree.stakes("plant").by_country == pytest.approx({"CAN": 0.3, "unknown": 0.7})
    assert tree.stakes("plant").control == "unknown"


def test_the_sum_of_a_country_is_no_single_holder() -> None:
    china = frozenset({"CHN"})
    held = shared_by({"CHN": 0.45, "KOR": 0.55}, "", ["A", "B", "C"])
    assert held.bounds(china, single=True) == (0.0, 0.45)
    assert held.bounds(china, single=False) == (0.45, 0.45)
    partly = shared_by({"CHN": 0.3, "KOR": 0.5}, "")
    assert partly.bounds(china, single=True) == pytest.approx((0.0, 0.5))
    assert partly.bounds(china, single=False) == pytest.approx((0.3, 0.5))
    assert shared_by({"CHN": 0.6}, "", ["one owner"]).bounds(china, single=True) == pytest.approx((0.6, 1.0))


def test_two_paths_to_one_holder_add_up() -> None:
    tree = OwnershipTree.of(
        [
            Holding("plant", "a", 0.5),
            Holding("plant", "b", 0.5),
            Holding("a", "dragon", 0.3, "CHN"),
            Holding("b", "dragon", 0.3, "CHN"),
        ]
    )
    assert tree.stakes("plant").bounds(frozenset({"CHN"}), single=True)[0] == pytest.approx(0.3)


def test_a_ring_of_owners_is_named_with_every_other_problem() -> None:
    with pytest.raises(BadInput) as caught:
        OwnershipTree.of(
            [Holding("a", "b", 0.4, "", 2), Holding("b", "c", 0.5, "", 3), Holding("c", "a", 0.3, "", 4),
             Holding("x", "x", 0.1, "", 5),
             Holding("d", "e", 1.4, "", 6), Holding("f", "g", 0.7, "KOR", 7), Holding("f", "h", 0.7, "KOR", 8),
             Holding("i", "g", 0.1, "CHN", 9)],
            file="owners.csv",
        )  # fmt: skip
    told = str(caught.value)
    assert caught.value.exit_code == 3
    assert "a ring: a > b > c > a" in told
    assert "a ring: x > x" in told
    assert "1.4" in told
    assert "shares of f that sum to at most 1" in told
    assert "one home of g" in told


# Standing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "single", "aggregate"),
    [
        ({"KOR": 0.75, "CHN": 0.25}, Standing.concern, Standing.clean),
        ({"KOR": 0.7501, "CHN": 0.2499}, Standing.clean, Standing.clean),
        ({"KOR": 0.6, "CHN": 0.2, "RUS": 0.2}, Standing.clean, Standing.concern),
        ({"KOR": 0.6001, "CHN": 0.2, "RUS": 0.1999}, Standing.clean, Standing.clean),
        ({"KOR": 0.8}, Standing.clean, Standing.clean),
        ({"KOR": 0.7}, Standing.unknown, Standing.clean),
        ({"KOR": 0.5, "CHN": 0.2}, Standing.unknown, Standing.unknown),
    ],
)
def test_25_and_40_percent(shares: dict[str, float], single: Standing, aggregate: Standing) -> None:
    who = maker("KOR", shares=shares)
    assert standing(who, ONLY_25) is single
    assert standing(who, ONLY_40) is aggregate


def test_control_seat_and_name() -> None:
    assert standing(maker("IDN", "QMB", "CHN"), CONTROL) is Standing.concern
    assert standing(maker("CHN", "LG", "KOR"), CONTROL) is Standing.concern
    assert standing(maker("CHN", "LG", "KOR"), ONLY_25) is Standing.clean
    assert standing(maker("HUN", "CATL", "HUN"), CONTROL) is Standing.concern
    assert standing(maker("KOR", "L&F", "KOR"), CONTROL) is Standing.clean
    assert standing(maker("POL"), CONTROL) is Standing.unknown
    assert standing(maker("POL"), LAW) is Standing.unknown


def test_names_are_whole_words_and_dated() -> None:
    assert standing(maker("USA", "Evergreen", "USA"), CONTROL) is Standing.clean
    assert standing(maker("USA", "EVE Energy; Daimler", "USA"), CONTROL) is Standing.concern
    before = Screen.of(CONTROL, BOOK, date(2026, 5, 1))
    assert before.standing(maker("USA", "EVE Energy", "USA"))[0] is Standing.clean


def test_a_joint_venture_without_shares_is_clean_when_all_its_owners_homes_are() -> None:
    makers = Makers(lambda place: place)
    assert standing(makers.at("USA", "Samsung SDI; A Fund", "KOR"), ONLY_25) is Standing.unknown
    assert standing(makers.at("USA", "LG; Panasonic", "KOR"), LAW) is Standing.clean
    assert standing(makers.at("USA", "LG; CATL", "KOR"), ONLY_25) is Standing.unknown


# Facts and files -------------------------------------------------------------------------------------


def test_owners_of_the_facts() -> None:
    assert owners_in("LG Energy Solution (100% since 2026; Stellantis sold 49%)") == ("LG Energy Solution",)
    assert owners_in("Wesfarmers 50 %; Covalent 50 %") == ("Wesfarmers", "Covalent")
    assert shares_in("KOR:0.51; NLD:0.49") == {"KOR": 0.51, "NLD": 0.49}
    assert shares_in("half of it") == {}
    assert home_of("LG Energy Solution") == "KOR"
    assert shared_by({"KOR": 0.51, "NLD": 0.49}, "").control == "KOR"


def test_an_ownership_file_goes_before_the_facts(tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("company,holder,share,holder_country\nNorthern Anode,Dragon,0.3,CHN\nNorthern Anode,Maple,0.7,CAN\n")
    makers = makers_of(None, lambda place: place, path)
    who = makers.at("CAN", "Northern Anode", "CAN")
    assert who.proportional.by_country == {"CAN": 0.7, "CHN": 0.3}
    assert standing(who, ONLY_25) is Standing.concern


def test_a_ring_in_an_ownership_file_is_told_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "owners.csv"
    path.write_text("company,holder,share,holder_country\nA,B,0.5,\nB,A,0.5,\nC,D,much,KOR\n")
    with pytest.raises(BadInput) as caught:
        read_owners(path)
    told = str(caught.value)
    assert "a ring: A > B > A" in told
    assert "much" in told
    assert all(problem.file == "owners.csv" for problem in caught.value.problems)
