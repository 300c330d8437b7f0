"""Code lists: what they hold, what they answer, and that the shipped ones are sound."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest

from orepact.errors import NotFound
from orepact.facts import Codes
from orepact.facts.entries import Group, Place

SMALL = Path(__file__).parents[1] / "cases" / "facts_no_mistake" / "codes"


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes.load(SMALL)


def test_a_group_unfolds_to_its_leaf_places_in_order(codes: Codes) -> None:
    assert codes.members("CAN") == ("CA-ON", "CA-QC")
    assert codes.members("world") == ("CA-ON", "CA-QC", "CHN", "COD", "NAM", "ROW")
    assert codes.members("CHN") == ("CHN",)


def test_several_names_unfold_together_each_place_once(codes: Codes) -> None:
    assert codes.members_of(["CA-QC", "CAN", "africa"]) == ("CA-QC", "CA-ON", "COD", "NAM")
    assert codes.members_of("africa") == ("COD", "NAM")


def test_a_province_knows_its_country_and_groups(codes: Codes) -> None:
    assert [codes.country(name) for name in ("CA-QC", "CHN", "CAN")] == ["CAN", "CHN", "CAN"]
    assert codes.groups_of("CA-QC") == ("CAN", "world")


def test_a_place_is_a_leaf_or_a_group(codes: Codes) -> None:
    assert isinstance(codes.place("CHN"), Place)
    assert isinstance(codes.place("CAN"), Group)
    assert codes.place("NAM").iso2 == "NA"


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda codes: codes.place("CHM"), "place 'CHM' is not known; did you mean CHN"),
        (lambda codes: codes.members("CANN"), "place 'CANN' is not known; did you mean"),
        (lambda codes: codes.commodity("cobalt_sulfate"), "did you mean cobalt_sulphate"),
        (lambda codes: codes.element("cobolt"), "did you mean cobalt"),
        (lambda codes: codes.thing("nikkel"), "did you mean nickel"),
        (lambda codes: codes.process("cell_makin"), "did you mean cell_making"),
        (lambda codes: codes.stage("refining"), "did you mean refine"),
        (lambda codes: codes.status("operate"), "did you mean operating"),
        (lambda codes: codes.attribute("mine_prod"), "did you mean mine_production"),
        (lambda codes: codes.commodities_of("cobolt"), "did you mean cobalt"),
    ],
)
def test_an_unknown_name_comes_with_close_ones(codes: Codes, ask: object, words: str) -> None:
    with pytest.raises(NotFound) as caught:
        ask(codes)  # type: ignore[operator]
    assert words in str(caught.value)


def test_commodities_are_found_by_element_and_customs_code(codes: Codes) -> None:
    assert codes.commodities_of("cobalt") == ("cobalt_hydroxide", "cobalt_sulphate", "cell")
    assert codes.commodities_of_hs("HS2017", "282200") == ("cobalt_hydroxide",)
    assert codes.commodities_of_hs("HS1992", "282200") == ()


def test_the_primary_element_is_the_first_one(codes: Codes) -> None:
    cell = codes.commodity("cell")
    assert (cell.element, cell.element_t_per_unit) == ("cobalt", 0.1)
    assert codes.thing("cobalt").title == "Cobalt"


def test_keys_that_the_core_does_not_read_are_kept(tmp_path: Path) -> None:
    for path in SMALL.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "modes.yaml").write_text("sea: {title: Sea, fuel_t_per_day: 40}\n")
    assert Codes.load(tmp_path).modes["sea"].extra == {"fuel_t_per_day": 40}


def test_codes_can_be_copied_and_sent_to_another_process(codes: Codes) -> None:
    assert pickle.loads(pickle.dumps(codes)).members("CAN") == copy.deepcopy(codes).members("CAN")


def test_the_shipped_lists_are_sound_and_read_once() -> None:
    shipped = Codes.shipped()
    assert shipped is Codes.shipped()
    assert len(shipped.members("CAN")) == 13
    assert len(shipped.places) >= 45
    assert len(shipped.commodities) >= 45
    assert set(shipped.members("world")) == set(shipped.places)


def test_attributes_say_whether_they_are_text(codes: Codes) -> None:
    assert codes.attribute("name").is_text
    assert not codes.attribute("capacity").is_text
    assert codes.attribute("production").dimension == ("mass", "energy")
