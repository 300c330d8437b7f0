"""Names over time and in four languages, search whatever the letters look like, mergers and splits, and what contradicts."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from orepact.errors import BadInput, NotFound
from orepact.facts.codes import Codes
from orepact.pact.organisations.organisation import Change, Organisation, heirs, organisation, search
from orepact.pact.records.codes import known
from orepact.pact.records.folding import folded
from orepact.pact.records.reading import read_records
from orepact.pact.records.register import Register
from pact_people import people

MOU, MOBILITY = date(2023, 5, 17), date(2026, 1, 27)


@pytest.mark.parametrize(
    ("name", "day", "language", "form", "expected"),
    [
        ("motir", MOU, "en", "applied", "Ministry of Trade, Industry and Energy"),
        ("motir", MOBILITY, "en", "applied", "Ministry of Trade, Industry and Resources"),
        ("motir", date(2025, 9, 30), "en", "short", "MOTIE"),
        ("motir", date(2025, 10, 1), "en", "short", "MOTIR"),
        ("motir", MOU, "ko", "applied", "산업통상자원부"),
        ("motir", MOBILITY, "ko", "applied", "산업통상부"),
        ("motir", MOU, "ja", "applied", "産業通商資源部"),
        ("motir", MOBILITY, "fr", "short", "Ministère du Commerce, de l'Industrie et des Ressources"),  # no French short form
        ("motir", date(2000, 1, 1), "ko", "applied", "Ministry of Trade, Industry and Resources"),  # no name of that time
        ("ised", MOU, "en", "legal", "Department of Industry"),
        ("ised", MOU, "en", "applied", "Innovation, Science and Economic Development Canada"),
        ("ised", MOU, "fr", "legal", "ministère de l'Industrie"),
        ("ised", date(2014, 1, 1), "fr", "applied", "Industrie Canada"),
        ("gac", MOU, "en", "legal", "Department of Foreign Affairs, Trade and Development"),
        ("nrcan", MOU, "fr", "applied", "Ressources naturelles Canada"),
        ("nrcan", MOU, "en", "short", "NRCan"),
        ("nrcan", MOU, "en", "applied", "Natural Resources Canada"),  # the title, as no other name is called applied
        ("nrcan", MOU, "en", "legal", "Department of Natural Resources"),
        ("g7", MOU, "en", "alias", "Group of Seven"),
        ("meti", MOU, "ja", "short", "経産省"),
        ("meti", MOU, "ko", "short", "경제산업성"),
        ("meti", date(1999, 1, 1), "ja", "applied", "通商産業省"),
        ("jogmec", date(2022, 11, 13), "en", "applied", "Japan Oil, Gas and Metals National Corporation"),
        ("jogmec", date(2022, 11, 14), "en", "applied", "Japan Organization for Metals and Energy Security"),
        ("honda", MOU, "en", "applied", "Honda Motor"),
        ("honda", MOU, "fr", "applied", "Honda Motor"),
    ],
)
def test_the_name_on_a_day(name: str, day: date, language: str, form: str, expected: str) -> None:
    assert people().get(Organisation, name).name_on(day, language, form) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("MOTIE", "motir"),
        ("motir", "motir"),
        ("산업통상자원부", "motir"),
        (unicodedata.normalize("NFD", "산업통상부"), "motir"),
        ("ＭＥＴＩ", "meti"),
        ("経済産業省", "meti"),
        ("ministere de l'economie, du commerce et de l'industrie", "meti"),
        ("Department of Industry", "ised"),
        ("NRCAN", "nrcan"),
        ("  natural   resources canada ", "nrcan"),
        ("Patriot Battery Metals", "pmet"),
        ("lg_energy_solution", "lg-energy-solution"),
        ("ﾊﾟﾅｿﾆｯｸ ｴﾅｼﾞｰ", "panasonic-energy"),
    ],
)
def test_any_name_finds_the_one_organisation(words: str, expected: str) -> None:
    assert organisation(people(), words).id == expected


def test_a_name_that_two_have_is_not_guessed() -> None:
    with pytest.raises(BadInput, match=r"found 'MOFA' of mofa-jp, mofa-kr; write one of these ids"):
        organisation(people(), "MOFA")


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(NotFound, match=r"organisation 'Panasonic Enrgy' is not known; did you mean Panasonic Energy"):
        organisation(people(), "Panasonic Enrgy")
    with pytest.raises(NotFound):
        organisation(people(), "...")


def test_search_finds_parts_of_names_and_puts_exact_ones_first() -> None:
    assert [found.id for found in search(people(), "posco")] == ["posco", "posco-future-m", "posco-international"]
    assert [found.id for found in search(people(), "포스코")] == ["posco", "posco-future-m", "posco-international"]
    assert [found.id for found in search(people(), "LG")][:2] == ["lg", "algoma-steel"]
    assert "pmet" in [found.id for found in search(people(), "battery metals")]
    assert search(people(), " - ") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("が", "か", False),  # the mark makes another letter
        ("ガ", "ｶﾞ", True),
        ("É", "e", True),
        ("STRASSE", "straße", True),
        ("İ", "i", True),
        ("가", "\u1100\u1161", True),
        ("가", "까", False),
        ("Ｅ\u0301", "e", True),
        ("a-b_c", "A B  C", True),
        ("й", "и", False),
    ],
)
def test_what_counts_as_the_same_letters(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same


def test_a_merger_and_a_split_keep_their_heirs() -> None:
    """The corporation of 2021 came from two; the cell maker split off and both go on; one forum followed another."""
    assert heirs(people(), "kores", date(2021, 9, 9)) == ("kores",)
    assert heirs(people(), "kores", date(2021, 9, 10)) == heirs(people(), "mireco", date(2026, 1, 1)) == ("komir",)
    assert heirs(people(), "lg-chem", date(2026, 1, 1)) == ("lg-chem",)
    assert heirs(people(), "msp", date(2026, 2, 4)) == ("forge",)
    assert heirs(people(), "northvolt", date(2026, 1, 1)) == ()


def org(name: str, more: str = "") -> str:
    return f"- {{kind: organisation, id: {name}, title: {name.upper()}, organisation_kind: company{more}}}\n"


def register(text: str) -> Register:
    kind = 'kind: code, id: "organisation_kind:company", list: organisation_kind, title: Company'
    return Register.of(read_records(f"records:\n- {{{kind}}}\n{text}"))


def problems(text: str) -> list[str]:
    return [str(problem) for problem in register(text).problems()]


def test_heirs_of_heirs_and_of_several() -> None:
    text = org("a", ", ended: 2020, ended_reason: s, changes: [{how: split, on: 2020, into: [b, c]}]")
    text += org("b", ", ended: 2022-06, ended_reason: m, changes: [{how: merger, on: 2022-06, into: [d]}]") + org("c") + org("d")
    found = register(text)
    assert not [*found.problems()]
    days = (date(2020, 12, 30), date(2020, 12, 31), date(2022, 6, 29), date(2022, 6, 30))
    assert [heirs(found, "a", day) for day in days] == [("a",), ("b", "c"), ("b", "c"), ("c", "d")]


def test_what_has_ended_passed_on_even_where_the_merger_is_dated_by_its_year() -> None:
    one = Organisation(
        id="old", title="Old", organisation_kind="agency", ended="2021-09-10", ended_reason="merged",
        changes=[Change(how="merger", on="2021", into=("new",))],
    )  # fmt: skip
    both = Register.of([one, Organisation(id="new", title="New", organisation_kind="agency")])
    found = [heirs(both, "old", day) for day in (date(2021, 9, 9), date(2021, 9, 10), date(2022, 1, 1))]
    assert found == [("old",), ("new",), ("new",)]


def test_heirs_that_come_back_end() -> None:
    text = org("a", ", ended: 2020, ended_reason: m, changes: [{how: merger, on: 2020, into: [b]}]")
    text += org("b", ", ended: 2021, ended_reason: m, changes: [{how: merger, on: 2021, into: [a]}]")
    assert heirs(register(text), "a", date(2022, 1, 1)) == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            org("a", ", began: 2021-02, ended: 2021-01-31, ended_reason: closed"),
            "organisation a, ended: expected a date not before began (2021-02), found 2021-01-31; mend one of the dates",
        ),
        (org("a", ", ended: 2021"), "organisation a, ended_reason: expected why it ended, found nothing; add ended_reason"),
        (
            org("a", ", changes: [{how: merger, on: 2021, into: [b]}]") + org("b"),
            "organisation a, ended: expected the end that a merger is, 2021, found nothing; write ended: 2021",
        ),
        (
            org("a", ", ended: 2022, ended_reason: m, changes: [{how: takeover, on: 2021-12, into: [b]}]") + org("b"),
            "organisation a, ended: expected the end that a takeover is, 2021-12, found 2022; write ended: 2021-12",
        ),
        (
            org("a", ", ended: 2021, ended_reason: x, changes: [{how: merger, on: 2021, into: [a]}]"),
            "organisation a, changes: expected others that it passed to, found a; leave its own id out",
        ),
        (
            org("a", ", parent: b") + org("b", ", parent: a"),
            "organisation a, parent: expected a parent above it, found a -> b -> a; correct one of these parents",
        ),
        (
            org("a", ", parent: a"),
            "organisation a, parent: expected a parent above it, found a -> a; correct one of these parents",
        ),
        (
            org("a", ", names: [{text: A1, valid_to: 2021-05}, {text: A2, valid_from: 2021-05-31}]"),
            "organisation a, names: expected one applied name in en at a time, found 'A1' and 'A2'; end one, or call it an alias",
        ),
        (
            org("ab1", ", parent: ab2"),
            "organisation ab1, parent: expected the id of a known organisation, found 'ab2'; did you mean ab1?",
        ),
        (
            "- {kind: organisation, id: a, title: A, organisation_kind: guild}\n",
            (
                "organisation a, organisation_kind: expected an entry of the list organisation_kind, found 'guild'; "
                "take one of company, or add organisation_kind:guild by a decision of both sides"
            ),
        ),
    ],
)
def test_what_contradicts_is_named(text: str, told: str) -> None:
    assert told in problems(text)


def test_dates_that_may_agree_are_no_contradiction() -> None:
    assert not problems(org("a", ", began: 2021-06, ended: 2021, ended_reason: closed"))
    assert not problems(
        org("a", ", names: [{text: A1, valid_to: 2021-05}, {text: A2, valid_from: 2021-06}, {text: B, form: alias}]")
    )


def test_a_circle_of_parents_below_one_is_told_of_those_in_it() -> None:
    text = org("a", ", parent: b") + org("b", ", parent: c") + org("c", ", parent: b")
    assert [found.partition(",")[0] for found in problems(text)] == ["organisation b", "organisation c"]


@pytest.mark.parametrize(("field", "value"), [("country", "Canada"), ("country", "CA"), ("place", "Ontario"), ("side", "jp")])
def test_countries_and_places_have_codes(field: str, value: str) -> None:
    with pytest.raises(BadInput, match=f"a.{field}: expected a "):
        register(org("a", f", {field}: {value}"))


def test_shipped_organisations_name_what_the_code_lists_know() -> None:
    codes, found = Codes.shipped(), people().all(Organisation)
    assert len(found) > 150
    assert {org.country for org in found} - {""} <= codes.subject_places
    assert {org.place for org in found} - {""} <= codes.subject_places
    assert {good for org in found for good in (*org.products, *org.needs)} <= codes.subject_things


def test_shipped_companies_are_those_of_the_facts() -> None:
    import yaml

    from orepact.facts import codes as home

    text = (home.files("orepact") / "data" / "codes" / "companies.yaml").read_text(encoding="utf-8")
    assert {org.company for org in people().all(Organisation)} - {""} <= set(yaml.safe_load(text))


def test_the_kinds_of_organisations_speak_four_languages() -> None:
    for code in known(people(), "organisation_kind").values():
        assert set(code.titles) == {"fr", "ja", "ko"}


def test_the_members_of_an_association_on_a_day() -> None:
    assert "panasonic-energy" in people().get(Organisation, "basc").members_on(MOU)
    text = org("a", ", members: [{organisation: b, valid_to: 2023}, {organisation: c, valid_from: 2024-02-29}]")
    found = register(text + org("b") + org("c")).get(Organisation, "a")
    assert [found.members_on(day) for day in (date(2023, 12, 31), date(2024, 2, 28), date(2024, 2, 29))] == [("b",), (), ("c",)]


@pytest.mark.parametrize(
    ("name", "label", "refused"),
    [
        ("a.b", "TLP:CLEAR", True),
        ("a.b", "TLP:AMBER/c", True),
        ("a.b", "TLP:AMBER/a", False),
        ("a-b", "TLP:CLEAR", False),
        ("a:b", "TLP:CLEAR", False),
    ],
)
def test_the_id_of_a_new_organisation_claims_no_name_of_another(name: str, label: str, refused: bool) -> None:
    """What stands before a dot keeps the record closed; an organisation that is there already keeps its id."""
    found = Organisation.model_validate({"id": name, "title": "A", "organisation_kind": "authority", "label": label})
    assert bool([*found.forbidden(None)]) is refused
    assert [*found.forbidden(found)] == []
    assert not any("." in one.id for one in people().all(Organisation))
