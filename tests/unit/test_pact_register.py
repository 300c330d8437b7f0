"""Records and the register: links found by the types of fields, what is missing, and answers worked out once."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pytest
from pydantic import ValidationError

from orepact.errors import BadInput, NotFound
from orepact.pact.dates.days import Span, happened, months_after
from orepact.pact.dates.lasting import Lasting, at_once, holding, shared
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.organisations.people import Person
from orepact.pact.records.codes import Code, known, unknown
from orepact.pact.records.fields import Link
from orepact.pact.records.kinds import kind_of, kinds
from orepact.pact.records.record import Part, Record
from orepact.pact.records.references import OrganisationId, PersonId
from orepact.pact.records.register import Register
from pact_people import people


class Seat(Part):
    """A part with references of its own."""

    holder: PersonId | None = None
    of: tuple[OrganisationId, ...] = ()


class Table(Record):
    """A kind of record that only these tests know."""

    kind: ClassVar[str] = "table"

    host: OrganisationId
    guests: tuple[OrganisationId, ...] = ()
    seats: tuple[Seat, ...] = ()
    first: Seat | None = None
    words: tuple[str, ...] = ()


def code(name: str, **more: object) -> Code:
    return Code.model_validate({"id": f"colour:{name}", "list": "colour", "title": name, **more})


def test_links_are_found_in_parts_tuples_and_optional_fields() -> None:
    table = Table(
        id="t",
        title="T",
        host="meti",
        guests=("gac", "ised"),
        seats=(Seat(holder="nohara", of=("meti",)), Seat()),
        first=Seat(holder="kim"),
        words=("gac",),
    )
    assert [*table.links()] == [
        Link("host", ("organisation",), "meti"),
        Link("guests", ("organisation",), "gac"),
        Link("guests", ("organisation",), "ised"),
        Link("seats.holder", ("person",), "nohara"),
        Link("seats.of", ("organisation",), "meti"),
        Link("first.holder", ("person",), "kim"),
    ]


def test_links_to_nothing_are_told_with_the_nearest_and_a_person_is_no_organisation() -> None:
    found = people().plus([Table(id="t", title="T", host="government-of-japn", guests=("nohara",))])
    near, wrong = (str(problem) for problem in found.problems())
    assert near.startswith("table t, host: expected the id of a known organisation, found 'government-of-japn'; did you mean ")
    assert "did you mean government-of-japan" in near
    assert wrong == "table t, guests: expected the id of a known organisation, found 'nohara'; add the record or mend the id"
    with pytest.raises(BadInput) as caught:
        found.check()
    assert len(caught.value.problems) == 2


def test_who_points_to_a_record() -> None:
    pointing = people().pointing["komir"]
    assert [(record.id, link.relation) for record, link in pointing] == [("kores", "changes.into"), ("mireco", "changes.into")]


@pytest.mark.parametrize("name", ["a", "a-b", "a.b_c:d", "ca-jp-moc-battery-2023:2-c-ii", "0"])
def test_ids_that_are_some(name: str) -> None:
    assert Person(id=name, title="X").id == name


@pytest.mark.parametrize("name", ["", "A", "a b", "-a", "a-", "a--b", "é", "a/b", "a" * 121, "a\n"])
def test_ids_that_are_none(name: str) -> None:
    with pytest.raises(ValidationError, match="an id: lower-case letters and digits"):
        Person(id=name, title="X")


def test_records_never_change_and_know_their_keys() -> None:
    person = Person(id="a", title="A")
    with pytest.raises(ValidationError):
        person.title = "B"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Person.model_validate({"id": "a", "title": "A", "colour": "red"})


def test_what_is_as_usual_is_left_out_of_the_content() -> None:
    assert Person(id="a", title="A").content() == {"id": "a", "title": "A"}
    assert Person(id="a", title="A", label="TLP:RED/METI").content()["label"] == "TLP:RED/METI"


def test_a_title_in_a_language_or_in_english() -> None:
    minister = people().get(Code, "rank:minister")
    assert [minister.title_in(language) for language in ("ko", "ja", "de")] == ["장관", "大臣", "Minister"]


def test_a_register_does_not_change_when_records_are_added() -> None:
    one = Register.of([code("red"), code("blue")])
    two = one.plus([code("red", title="Crimson"), code("green")])
    assert [found.title for found in one.all(Code)] == ["red", "blue"]
    assert [found.title for found in two.all(Code)] == ["Crimson", "blue", "green"]
    assert (len(one), len(two)) == (2, 3)
    assert ("code", "colour:green") in two
    assert ("code", "colour:green") not in one


def test_two_of_one_kind_with_one_id() -> None:
    with pytest.raises(BadInput, match=r"expected one code of each id, found colour:red twice"):
        Register.of([code("red"), code("red")])
    assert len(Register.of([Person(id="a", title="A"), Organisation(id="a", title="A", organisation_kind="company")])) == 2


def test_an_unknown_record_gets_the_nearest() -> None:
    with pytest.raises(NotFound, match=r"organisation 'nrcn' is not known; did you mean nrcan"):
        people().get(Organisation, "nrcn")
    with pytest.raises(NotFound):
        people().get(Person, "meti")


def test_a_rule_over_the_whole_register_is_asked_once() -> None:
    asked = []

    def rule(register: Register) -> int:
        asked.append(register)
        return len(register)

    one = Register.of([code("red")])
    two = one.plus([code("blue")])
    assert [one.once(rule), one.once(rule), two.once(rule)] == [1, 1, 2]
    assert asked == [one, two]


def test_entries_of_a_list_and_names_it_does_not_know() -> None:
    register = Register.of([code("red"), code("blue"), Code(id="size:big", list="size", title="Big")])
    assert [*known(register, "colour")] == ["red", "blue"]
    assert not [*unknown(register, "x", "colour", "red")]
    stray = register.plus([Code(id="colour:wide", list="size", title="Wide")])
    assert [*unknown(stray, "x", "colour", "wide")]
    (problem,) = unknown(register, "thing t, colour", "colour", "big")
    assert str(problem) == (
        "thing t, colour: expected an entry of the list colour, found 'big'; "
        "take one of blue, red, or add colour:big by a decision of both sides"
    )


def test_a_code_says_its_list() -> None:
    stray = Code(id="size:red", list="colour", title="Red")
    assert [str(problem) for problem in stray.problems(Register.of([stray]))] == [
        "code size:red, id: expected colour:NAME, found 'size:red'; start the id with its list and a colon"
    ]


def test_kinds_by_name() -> None:
    assert {"code", "organisation", "person"} <= set(kinds())
    assert kind_of("organisation") is Organisation
    assert all(name == kind.kind for name, kind in kinds().items())
    with pytest.raises(NotFound, match="did you mean organisation"):
        kind_of("organization")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_the_days_of_a_date(text: str, first: date, last: date) -> None:
    assert Span.of(text) == Span(first, last)
    assert Span.of(text).exact is (first == last)


NO_DATES = ["", "24", "2024-13", "2023-02-29", "2024-H3", "2024-1", "soon", "2024-02-30", "2024/02", "2024-02-01T00"]


@pytest.mark.parametrize("text", NO_DATES)
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="is no date"):
        Span.of(text)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 12, 31), 2, date(2025, 2, 28)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
    ],
)
def test_months_are_cut_to_the_last_day(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_a_month_has_happened_once_it_is_over() -> None:
    assert [happened("2024-02", day) for day in (date(2024, 2, 28), date(2024, 2, 29))] == [False, True]


def test_parts_that_hold_on_a_day_and_at_once() -> None:
    old, new, always = Lasting(valid_to="2024-05"), Lasting(valid_from="2024-06"), Lasting()
    late = Lasting(valid_from="2024-05-31")
    assert holding([old, new, always], date(2024, 6, 1)) == [new, always]
    assert holding([old, new, always], date(2024, 5, 31)) == [old, always]
    assert [*at_once([old, new])] == []
    assert [*at_once([old, late])] == [(old, late)]
    assert shared(old.span, late.span) == Span(date(2024, 5, 31), date(2024, 5, 31))
    assert shared(old.span, new.span) is None


def test_a_name_that_nobody_knows_is_told_once_and_not_for_what_follows_from_it() -> None:
    from orepact.pact.instruments.ending import EndNotice
    from orepact.pact.records.reading import seed

    notice = EndNotice(id="end", title="End", instrument="ca-jp-moc-battery-2023", organisation="metti", given_on="2026-01-15")
    assert [str(problem) for problem in seed().plus([notice]).problems([notice])] == [
        "end_notice end, organisation: expected the id of a known organisation, found 'metti'; did you mean meti, pmet, motir?"
    ]
    stranger = notice.model_copy(update={"organisation": "motir"})
    assert [problem.expected for problem in seed().plus([stranger]).problems([stranger])] == ["a party of ca-jp-moc-battery-2023"]
