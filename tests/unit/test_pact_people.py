"""Terms and what sources leave open of them, and whether a rank suffices for a chair."""

from __future__ import annotations

from datetime import date

import pytest

from orepact.errors import BadInput
from orepact.pact.bodies.meetings import Meeting
from orepact.pact.dates.days import Span
from orepact.pact.organisations.people import Person, Term, holders, rank_check
from orepact.pact.records.codes import known
from orepact.pact.records.reading import read_records, seed
from orepact.pact.records.register import Register
from pact_people import people


@pytest.mark.parametrize(
    ("term", "day", "held"),
    [
        ({"valid_from": "2025-05-13"}, date(2025, 5, 12), False),
        ({"valid_from": "2025-05-13"}, date(2025, 5, 13), True),
        ({"valid_from": "2025-05-13", "valid_to": "2025-06"}, date(2025, 6, 1), True),  # its last day is this one or a later one
        ({"valid_from": "2025-05-13", "valid_to": "2025-06"}, date(2025, 6, 30), None),
        ({"valid_from": "2025-05-13", "valid_to": "2025-06", "seen": ["2025-06-29"]}, date(2025, 6, 29), True),
        ({"valid_from": "2025-05", "seen": ["2025-05-03"]}, date(2025, 5, 3), True),
        ({"valid_from": "2025-05-13", "valid_to": "2025-06-29"}, date(2025, 6, 30), False),
        ({"valid_from": "2025-05"}, date(2025, 5, 12), None),  # some day of that month
        ({"valid_from": "2025-05"}, date(2025, 5, 1), None),
        ({"valid_from": "2025-05"}, date(2025, 5, 31), True),
        ({"valid_from": "2025-05"}, date(2025, 4, 30), False),
        ({"valid_to": "2025-05"}, date(2025, 5, 31), None),  # nobody said since when
        ({"valid_to": "2025-05"}, date(2025, 6, 1), False),
        ({"seen": ["2025-08-26"]}, date(2025, 8, 26), True),
        ({"seen": ["2025-08-26"]}, date(2025, 8, 27), None),
        ({}, date(2025, 8, 27), None),
        ({"valid_from": "2024-02-29", "valid_to": "2024-02-29"}, date(2024, 2, 29), True),
    ],
)
def test_what_is_not_stated_of_a_term_stays_open(term: dict[str, object], day: date, held: bool | None) -> None:
    assert Term.model_validate({"role": "Director", "organisation": "meti", **term}).held_on(day) is held


@pytest.mark.parametrize(
    ("rank", "needed", "enough"),
    [
        ("senior_assistant_deputy_minister", "assistant_deputy_minister", True),
        ("assistant_deputy_minister", "assistant_deputy_minister", True),
        ("director_general", "assistant_deputy_minister", False),
        ("bureau_director_general", "bureau_director_general", True),
        ("deputy_director_general", "bureau_director_general", False),
        ("minister", "assistant_deputy_minister", True),
        (None, "assistant_deputy_minister", None),
        (None, None, True),
    ],
)
def test_a_rank_suffices_when_it_is_at_least_the_one_asked_for(rank: str | None, needed: str | None, enough: bool | None) -> None:
    assert rank_check(people(), rank, needed).enough is enough


def test_the_check_says_why() -> None:
    higher = rank_check(people(), "senior_assistant_deputy_minister", "assistant_deputy_minister")
    assert higher.because == "Senior Assistant Deputy Minister is at least Assistant Deputy Minister"
    lower = rank_check(people(), "director", "assistant_deputy_minister")
    assert lower.because == "Director ranks below Assistant Deputy Minister"
    assert rank_check(people(), None, "director").because == "the rank is not stated; Director is asked for"


def test_ranks_that_no_list_knows_are_bad_input() -> None:
    with pytest.raises(BadInput) as caught:
        rank_check(people(), "grand_vizier", "boss")
    assert [problem.found for problem in caught.value.problems] == ["'grand_vizier'", "'boss'"]


def test_every_rank_has_an_order() -> None:
    assert all(code.order > 0 for code in known(people(), "rank").values())


def test_a_rank_added_as_a_record_counts_at_once() -> None:
    text = 'records: [{kind: code, id: "rank:chief_scientist", list: rank, order: 61, title: Chief Scientist}]'
    more = people().plus(read_records(text))
    assert rank_check(more, "chief_scientist", "assistant_deputy_minister").enough


def test_the_chairs_of_both_dialogues_had_the_rank_that_the_memorandum_asks_for() -> None:
    """Sources: an Assistant Deputy Minister in July 2024, a senior one on 26 August 2025, a Director-General on both."""
    for name, organisation, day, needed in (
        ("mary-gregory", "ised", date(2024, 7, 9), "assistant_deputy_minister"),
        ("isabella-chan", "nrcan", date(2025, 8, 26), "assistant_deputy_minister"),
        ("nohara", "meti", date(2025, 8, 26), "bureau_director_general"),
    ):
        term = people().get(Person, name).term_on(day, organisation)
        assert term is not None
        assert rank_check(people(), term.rank, needed).enough


def test_who_held_what_on_a_day() -> None:
    joly = people().get(Person, "melanie-joly")
    terms = [joly.term_on(day) for day in (date(2020, 1, 1), date(2025, 5, 12), date(2026, 1, 27))]
    assert [term and term.role for term in terms] == [None, "Minister of Foreign Affairs", "Minister of Industry"]
    assert joly.term_on(date(2026, 1, 27), "gac") is None
    assert [person.id for person, _ in holders(people(), "ised", date(2026, 1, 27))] == ["melanie-joly"]
    assert [person.id for person, _ in holders(people(), "meti", date(2023, 9, 21))] == ["nishimura-yasutoshi"]


def test_of_two_roles_at_once_the_last_on_record_counts() -> None:
    terms = "[{role: A, organisation: meti, valid_from: 2020-01-01}, {role: B, organisation: meti, valid_from: 2019-01-01}]"
    (person,) = read_records(f"records: [{{kind: person, id: p, title: P, terms: {terms}}}]")
    assert isinstance(person, Person)
    roles = [
        term.role if (term := person.term_on(day)) else None for day in (date(2018, 1, 1), date(2019, 1, 1), date(2020, 1, 1))
    ]
    assert roles == [None, "B", "B"]


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("rank: boss", "person p, terms.0.rank: expected an entry of the list rank, found 'boss'"),
        ("valid_to: 2024-05, seen: [2024-06]", "person p, terms.0.seen: expected a date within the term, found 2024-06"),
        ("valid_from: 2024-05, seen: [2024-04-30]", "person p, terms.0.seen: expected a date within the term, found 2024-04-30"),
        ("body: nowhere", "person p, terms.body: expected the id of a known body, found 'nowhere'"),
    ],
)
def test_terms_that_contradict_are_named(term: str, told: str) -> None:
    text = f"records: [{{kind: person, id: p, title: P, terms: [{{role: R, organisation: meti, {term}}}]}}]"
    found = [str(problem) for problem in people().plus(read_records(text)).problems()]
    assert len(found) == 1
    assert found[0].startswith(told)


def test_a_month_may_hold_the_day() -> None:
    term = "{role: R, organisation: meti, valid_from: 2024-05-20, seen: [2024-05]}"
    text = f"records: [{{kind: person, id: p, title: P, terms: [{term}]}}]"
    assert not [*people().plus(read_records(text)).problems()]


def test_a_person_without_a_role_has_a_line_too() -> None:
    (person,) = read_records("records: [{kind: person, id: p, title: P}]")
    assert (person.entry().title, person.entry().owner) == ("P", "")
    assert Register.of([person]).check()
    assert people().get(Person, "nohara").entry().owner == "meti"


def test_the_chairs_of_shipped_meetings_held_a_role_in_their_organisation_on_that_day() -> None:
    chairs = [
        (meeting.held, chair)
        for meeting in seed().all(Meeting)
        for chair in meeting.chairs
        if meeting.held and chair.person and Span.of(meeting.held).exact
    ]
    assert len(chairs) >= 4
    for held, chair in chairs:
        term = seed().get(Person, str(chair.person)).term_on(Span.of(held).first, chair.organisation)
        assert term is not None, chair
        assert term.rank == chair.rank


@pytest.mark.parametrize(
    ("term", "day", "known_of"),
    [
        ({"valid_from": "2025-05-13", "seen": ["2026-01"]}, date(2024, 7, 9), False),
        ({"valid_from": "2025-05-13", "seen": ["2026-01"]}, date(2025, 5, 13), True),
        ({"seen": ["2025-08-26"]}, date(2025, 8, 25), False),
        ({"seen": ["2024-07", "2025-08-26"]}, date(2024, 7, 1), True),
        ({}, date(1990, 1, 1), True),
    ],
)
def test_a_role_is_known_of_from_its_start_or_its_first_sighting(term: dict[str, object], day: date, *, known_of: bool) -> None:
    found = Term.model_validate({"role": "Minister", "organisation": "ised", **term})
    assert found.known_on(day) is known_of
