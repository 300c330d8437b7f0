"""Who owns and controls a company on a day: shares along chains, what nobody stated, cycles, and shares above one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orepact.errors import BadInput
from orepact.pact.organisations.organisation import Organisation, homes, tree
from orepact.pact.organisations.ownership import Owner, Tree, control, ultimate
from orepact.pact.records.reading import read_records
from orepact.pact.records.register import Register
from pact_people import people

DAY = date(2025, 1, 1)


def grown(**owners: str) -> Tree:
    """A tree from texts such as ``"a 0.6, b ?, c >, !d 0.1"``: ``?`` not stated, ``>`` a majority, ``!`` many holders."""
    return {company: [_owner(part) for part in text.split(", ")] for company, text in owners.items()}


def _owner(text: str) -> Owner:
    name, share = text.split()
    stated = float(share) if share not in "?>" else None
    if name.startswith("!"):
        return Owner(name=name[1:], share=stated, dispersed=True)
    return Owner(organisation=name, share=stated, majority=share == ">")


@pytest.mark.parametrize(
    ("owners", "shares", "unknown", "unstated"),
    [
        ({"x": "a 0.75, b 0.25"}, {"a": 0.75, "b": 0.25}, 0.0, ()),
        ({"x": "a 0.6"}, {"a": 0.6}, 0.4, ()),
        ({"x": "a 0.5, b 0.5", "a": "c 0.4, d 0.6", "b": "c 1"}, {"c": 0.7, "d": 0.3}, 0.0, ()),
        ({"x": "a 0.51, b 0.49", "a": "c 0.8"}, {"b": 0.49, "c": 0.408}, 0.102, ()),
        ({"x": "a ?, b 0.2"}, {"b": 0.2}, 0.8, ("a",)),
        ({"x": "a 0.5, b 0.5", "a": "c ?"}, {"b": 0.5}, 0.5, ("c",)),
        ({"x": "a ?", "a": "b 1"}, {}, 1.0, ("a",)),
        ({}, {}, 1.0, ()),
    ],
)
def test_shares_multiply_along_a_chain_and_chains_add_up(
    owners: dict[str, str], shares: dict[str, float], unknown: float, unstated: tuple[str, ...]
) -> None:
    found = ultimate(grown(**owners), "x", DAY)
    assert {stake.holder: stake.share for stake in found.stakes} == pytest.approx(shares)
    assert found.unknown == pytest.approx(unknown)
    assert found.unstated == unstated


def test_a_name_is_not_an_id() -> None:
    holdings = {"x": [Owner(name="a", share=1)], "a": [Owner(organisation="b", share=1)]}
    assert [stake.holder for stake in ultimate(holdings, "x", DAY).stakes] == ["a"]
    assert control(holdings, "x", DAY).holder == "a"


def test_the_largest_comes_first_with_its_paths_and_its_weakest_source() -> None:
    holdings = {
        "x": [Owner(organisation="a", share=0.5), Owner(organisation="b", share=0.3, confidence="derived")],
        "a": [Owner(organisation="c", share=0.2, confidence="unverified")],
        "b": [Owner(organisation="c", share=1)],
    }
    (stake,) = ultimate(holdings, "x", DAY).stakes
    assert (stake.holder, stake.share, stake.confidence) == ("c", pytest.approx(0.4), "unverified")
    assert stake.paths == (("x", "a", "c"), ("x", "b", "c"))
    assert ultimate(holdings, "x", DAY).share_of("c") == stake.share
    assert ultimate(holdings, "x", DAY).share_of("b") == 0


@pytest.mark.parametrize(
    ("owners", "holder", "certain"),
    [
        ({"x": "a 0.51, b 0.49"}, "a", True),
        ({"x": "a 0.5, b 0.5"}, None, True),
        ({"x": "a 0.5"}, None, False),  # the other half may be a's, or of one other
        ({"x": "a 0.5, !public 0.5"}, None, True),  # many holders control nothing
        ({"x": "a 0.4, !public 0.6"}, None, True),
        ({"x": "a 0.3, b 0.3, c 0.4"}, None, True),
        ({"x": "a 0.3, b 0.3, c 0.4", "b": "a 1"}, "a", True),  # a and what it controls together
        ({"x": "a 0.51, b 0.49", "a": "c 0.6, b 0.4"}, "c", True),
        ({"x": "a 0.51, b 0.49", "a": "c 0.5, b 0.5"}, "a", True),  # nobody controls a
        ({"x": "a 0.51, b 0.49", "a": "c 0.3"}, "a", False),  # somebody may control a
        ({"x": "a >, b ?"}, "a", True),
        ({"x": "a >", "a": "c 0.9, !public 0.1"}, "c", True),
        ({"x": "a ?, b ?"}, None, False),
        ({"x": "a 0.4, b 0.2, !public 0.4", "b": "c 0.2"}, None, False),  # a may stand behind b
        ({}, None, False),
    ],
)
def test_control_is_more_than_half_up_to_the_top(owners: dict[str, str], holder: str | None, certain: bool) -> None:
    found = control(grown(**owners), "x", DAY)
    assert (found.holder, found.certain) == (holder, certain)
    assert bool(found.gaps) == (not certain and bool(owners))


def test_control_says_why_and_what_is_missing() -> None:
    known = control(grown(x="a 0.51, b 0.49"), "x", DAY)
    assert (known.because, known.gaps) == ("a stands behind 0.51 of x", ())
    open_ = control(grown(x="a 0.51, b 0.49", a="c 0.3"), "x", DAY)
    assert (open_.because, open_.gaps) == ("a stands behind 0.51 of x", ("of a a share of 0.7 is not stated",))
    assert control(grown(x="a >"), "x", DAY).because == "a stands behind more than half of x"


def test_holdings_count_from_their_first_to_their_last_day() -> None:
    sold = {
        "x": [
            Owner(organisation="a", share=1, valid_to="2025-03"),
            Owner(organisation="b", share=1, valid_from="2025-04"),
        ]
    }
    holders = [ultimate(sold, "x", day).stakes[0].holder for day in (date(2025, 3, 31), date(2025, 4, 1))]
    assert holders == ["a", "b"]


def register(text: str) -> Register:
    kind = 'kind: code, id: "organisation_kind:company", list: organisation_kind, title: Company'
    return Register.of(read_records(f"records:\n- {{{kind}}}\n{text}"))


def company(name: str, more: str = "") -> str:
    return f"- {{kind: organisation, id: {name}, title: {name.upper()}, organisation_kind: company{more}}}\n"


def problems(text: str) -> list[str]:
    return [str(problem) for problem in register(text).problems()]


def test_a_cycle_of_owners_is_named_once_with_its_path() -> None:
    text = company("b", ", owners: [{organisation: c, share: 0.2}]") + company("c", ", owners: [{organisation: a, share: 0.1}]")
    text += company("a", ", owners: [{organisation: b, share: 0.3}]") + company("d", ", owners: [{organisation: a, share: 0.3}]")
    assert problems(text) == [
        "organisation a, owners: expected owners without a cycle, found a -> b -> c -> a; end or correct one of these holdings"
    ]
    for rule in (ultimate, control):
        with pytest.raises(BadInput, match="found d -> a -> b -> c -> a; end or correct"):
            rule(tree(register(text)), "d", DAY)


def test_a_company_that_owns_itself() -> None:
    assert len(problems(company("a", ", owners: [{organisation: a, share: 0.1}]"))) == 1


def test_holdings_that_never_meet_are_no_cycle() -> None:
    text = company("a", ", owners: [{organisation: b, share: 0.3, valid_to: 2019}]")
    apart = company("b", ", owners: [{organisation: a, share: 0.3, valid_from: 2020}]")
    meeting = company("b", ", owners: [{organisation: a, share: 0.3, valid_from: 2019-12-31}]")
    assert not problems(text + apart)
    assert len(problems(text + meeting)) == 1


def test_shares_above_one_are_named_with_the_day_from_which() -> None:
    owners = (
        "{organisation: b, share: 0.6}, {organisation: c, share: 0.5, valid_from: 2024-02}, {name: D, share: 0.1, valid_to: 2020}"
    )
    assert problems(company("a", f", owners: [{owners}]") + company("b") + company("c")) == [
        "organisation a, owners: expected shares that sum to at most 1, found 1.1 from 2024-02-01; mend shares or dates"
    ]


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ("{share: 0.5}", "either organisation (an id) or name, not both"),
        ("{organisation: b, name: B}", "either organisation (an id) or name, not both"),
        ("{name: B, share: 1.2}", "a number of at most 1"),
        ("{name: B, share: 0}", "a number above 0"),
        ("{name: B, share: .nan}", "a number"),
        ("{name: B, share: 0.4, majority: true}", "a majority above 0.5, or a share without it"),
    ],
)
def test_an_owner_that_makes_no_sense(owner: str, expected: str) -> None:
    with pytest.raises(BadInput, match="row 3") as caught:
        register(company("a", f", owners: [{owner}]"))
    assert caught.value.problems[0].expected == expected


def test_homes_of_the_shipped_joint_ventures() -> None:
    """Shares as sources state them: E-Materials Canada 75/25, Nemaska 53.9/46.1, the nickel of Moa half and half."""
    on = date(2026, 6, 1)
    assert homes(people(), "e-materials-canada", on) == pytest.approx({"JPN": 1.0})
    assert homes(people(), "nemaska-lithium", on) == pytest.approx({"GBR": 0.539, "CAN": 0.461})
    assert homes(people(), "moa-joint-venture", on) == pytest.approx({"CAN": 0.5, "CUB": 0.5})
    fpx = homes(people(), "fpx-nickel", on)
    assert fpx == pytest.approx({"FIN": 0.099, "JPN": 0.099, "": 0.802})
    assert [*fpx] == ["FIN", "JPN", ""]  # what is not known comes last, however large
    assert homes(people(), "honda", on) == {"JPN": 1.0}


def test_the_sale_of_the_windsor_plant_changes_its_owners() -> None:
    holdings = tree(people())
    before, after = (ultimate(holdings, "nextstar-energy", day) for day in (date(2026, 2, 5), date(2026, 2, 6)))
    assert before.share_of("stellantis") == pytest.approx(0.49)
    assert after.share_of("stellantis") == 0
    assert control(holdings, "ultium-cam", DAY).holder == "posco"
    assert control(holdings, "moa-joint-venture", DAY) == control(holdings, "moa-joint-venture", date(2026, 1, 1))
    assert control(holdings, "moa-joint-venture", DAY).certain


NAMES = "abcdefgh"


@st.composite
def acyclic(draw: st.DrawFn) -> dict[str, dict[str, float]]:
    """Holdings of earlier letters by later ones, at most all of each company."""
    found = {}
    for at, name in enumerate(NAMES[:-1]):
        holders = draw(st.lists(st.sampled_from(NAMES[at + 1 :]), unique=True, max_size=4))
        parts = [draw(st.floats(0.01, 1)) for _ in holders]
        scale = draw(st.sampled_from([1.0, 0.7, 0.3])) / max(sum(parts), 1e-9)
        if holders:
            found[name] = {holder: part * scale for holder, part in zip(holders, parts, strict=True)}
    return found


@given(acyclic())
def test_shares_agree_with_the_inverse_of_the_holdings_and_sum_to_one(shares: dict[str, dict[str, float]]) -> None:
    """Independent way: with A the matrix of holdings, all direct and indirect shares are (I - A)^-1 - I."""
    size = len(NAMES)
    A = np.zeros((size, size))
    for name, holders in shares.items():
        for holder, share in holders.items():
            A[NAMES.index(name), NAMES.index(holder)] = share
    total = np.linalg.inv(np.eye(size) - A)[0]
    holdings = {n: [Owner(organisation=h, share=min(s, 1.0)) for h, s in held.items()] for n, held in shares.items()}
    found = ultimate(holdings, "a", DAY)
    expected = {name: total[at] for at, name in enumerate(NAMES) if at and name not in shares and total[at] > 0}
    assert {stake.holder: stake.share for stake in found.stakes} == pytest.approx(expected)
    assert sum(stake.share for stake in found.stakes) + found.unknown == pytest.approx(1, abs=1e-5)


@given(acyclic())
def test_who_certainly_controls_never_changes_when_the_rest_becomes_known(shares: dict[str, dict[str, float]]) -> None:
    """What is not stated is given to one newcomer: a certain answer must stand."""
    holdings = {n: [Owner(organisation=h, share=min(s, 1.0)) for h, s in held.items()] for n, held in shares.items()}
    found = control(holdings, "a", DAY)
    completed = {
        name: [*owners, *([Owner(name="Newcomer", share=rest)] if (rest := 1 - sum(o.share or 0 for o in owners)) > 1e-6 else [])]
        for name, owners in holdings.items()
    }
    later = control(completed, "a", DAY)
    if found.certain and shares.get("a"):
        assert (later.holder, later.certain) == (found.holder, True)


def test_organisations_without_owners_are_not_in_the_tree() -> None:
    assert set(tree(people())) == {found.id for found in people().all(Organisation) if found.owners}
