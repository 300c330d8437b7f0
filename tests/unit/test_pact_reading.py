"""Reading records from YAML: every problem with file and row, encodings named, and nothing read twice or half."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orepact.errors import BadInput
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.records.reading import read_all, read_records, seed, shipped

SOUND = """\
records:
- {kind: organisation, id: meti, title: METI, organisation_kind: ministry, country: JPN}
- kind: organisation
  id: motir
  title: MOTIR
  organisation_kind: ministry
  began: 2013
  names:
  - {text: 산업통상부, language: ko, valid_from: 2025-10}
"""


def told(source: Path | str | bytes, name: str = "own.yaml") -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_records(source, name)
    return [str(problem) for problem in caught.value.problems]


def test_a_file_a_text_and_bytes_give_the_same_records(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(SOUND, encoding="utf-8")
    from_text = read_records(SOUND)
    assert [record.id for record in from_text] == ["meti", "motir"]
    assert from_text == read_records(path) == read_records(SOUND.encode()) == read_records(b"\xef\xbb\xbf" + SOUND.encode())


def test_dates_need_no_quotes() -> None:
    motir = read_records(SOUND)[1]
    assert isinstance(motir, Organisation)
    assert (motir.began, motir.names[0].valid_from) == ("2013", "2025-10")


@pytest.mark.parametrize(
    ("plain", "read"),
    [("no", "no"), ("on", "on"), ("NO", "NO"), ("12:30", "12:30"), ("2023-09-21", "2023-09-21"), ("1e3x", "1e3x")],
)
def test_words_that_older_yaml_takes_for_values_stay_words(plain: str, read: str) -> None:
    text = f"records:\n- {{kind: organisation, id: a, title: {plain}, organisation_kind: company}}\n"
    assert read_records(text)[0].title == read


@pytest.mark.parametrize(("plain", "read"), [("0.5", 0.5), ("1", 1.0), ("1e-1", 0.1), ("~", None), ("null", None), (".25", 0.25)])
def test_numbers_and_nothing_are_read_as_such(plain: str, read: float | None) -> None:
    owner = f"owners: [{{name: Somebody, share: {plain}}}]"
    (record,) = read_records(f"records:\n- {{kind: organisation, id: a, title: A, organisation_kind: company, {owner}}}\n")
    assert isinstance(record, Organisation)
    assert record.owners[0].share == read


def test_every_mistake_is_told_at_once_with_its_row() -> None:
    text = """\
records:
- {kind: organisation, id: Meti, title: METI, organisation_kind: ministry}
- kind: organisation
  id: motir
  title: ""
  organisation_kind: ministry
  names:
  - {text: 산업통상부, language: ko}
  - {text: 산업통상자원부, language: kr, valid_from: 2025-10, valid_to: 2025-09}
  countri: KOR
- kind: xyzzyq
  id: x
- just words
- {kind: organisation, id: y, title: Y, organisation_kind: company, began: 2023-02-29}
"""
    assert told(text) == [
        (
            "own.yaml, row 2, Meti.id: expected an id: lower-case letters and digits, joined by - _ . or :, at most 120 of them, "
            "found 'Meti'; change Meti.id"
        ),
        "own.yaml, row 5, motir.title: expected some text, found ''; change motir.title",
        (
            "own.yaml, row 9, motir.names.1.valid_to: expected a date not before valid_from (2025-10), found '2025-09'; "
            "change motir.names.1.valid_to"
        ),
        "own.yaml, row 9, motir.names.1.language: expected 'en', 'fr', 'ja' or 'ko', found 'kr'; change motir.names.1.language",
        "own.yaml, row 10, motir.countri: expected a known key, found unknown key 'countri'; did you mean country?",
        ("own.yaml, row 11, x.kind: expected a known kind of record, found 'xyzzyq'; kind of record 'xyzzyq' is not known"),
        "own.yaml, row 13, records: expected keys with values, found 'just words'; write `kind: ...`, `id: ...` and so on",
        "own.yaml, row 14, y.began: expected a date as YYYY-MM-DD, YYYY-MM, YYYY-H1 or YYYY, found '2023-02-29'; change y.began",
    ]


A_LIST = "content: expected records: and a list of them, found "
MEND = "; write `records:` and below it `- kind: ...`"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", f"own.yaml, {A_LIST}nothing{MEND}"),
        ("- a\n", f"own.yaml, {A_LIST}a list{MEND}"),
        ("records: {a: 1}\n", f"own.yaml, {A_LIST}keys a below records{MEND}"),
        ("records: []\nmore: 1\n", f"own.yaml, {A_LIST}keys records, more{MEND}"),
        ("records: [a\n", "own.yaml, row 2, content: expected YAML, found "),
        ("records:\n- &a {kind: x}\n- *a\n", "own.yaml, row 3, content: expected values written out, found *a; "),
        ("records: []\nrecords: []\n", "own.yaml, row 2, records: expected each key once, found records twice; keep one of them"),
        ("records: [!!python/name:os.system {}]\n", "own.yaml, row 1, content: expected YAML, found could not determine"),
    ],
)
def test_what_is_no_list_of_records(content: str, message: str) -> None:
    found = told(content)
    assert len(found) == 1
    assert found[0].startswith(message)


KOREAN = "records:\n- {kind: organisation, id: motir, organisation_kind: ministry,\n   title: 대한민국 산업통상부 핵심광물}\n"
JAPANESE = "records:\n- {kind: organisation, id: meti, organisation_kind: ministry, title: エネルギー・経済産業省のバッテリー}\n"


@pytest.mark.parametrize(
    ("content", "row", "seems"),
    [
        (KOREAN.encode("cp949"), 3, ", it seems Korean in cp949"),
        (KOREAN.encode("euc-kr"), 3, ", it seems Korean in cp949"),
        (JAPANESE.encode("shift_jis"), 2, ", it seems Japanese in shift_jis"),
        (JAPANESE.encode("utf-16"), 1, ", it seems UTF-16"),
        (b"records:\n- \xff\xff\xff\n", 2, ""),
    ],
)
def test_another_encoding_is_named(content: bytes, row: int, seems: str) -> None:
    (found,) = told(content)
    assert found.startswith(f"own.yaml, row {row}, content: expected UTF-8 text, found bytes that are not UTF-8 at position ")
    assert f"{seems}; save the file as UTF-8" in found
    assert seems or "seems" not in found


MINE = "records:\n- {kind: organisation, id: a, title: A, organisation_kind: company"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "records:\n- " + "[" * 5000 + "]" * 5000,
            "own.yaml, row 2, content: expected at most 40 parts in each other, found more",
        ),
        ("records:\n- " + "[" * 60_000 + "]" * 60_000, "own.yaml, row 2, content: expected at most 40 parts in each other"),
        ("records:\n- " + "{a: " * 60_000, "own.yaml, row 2, content: expected at most 40 parts in each other"),
        (MINE + ", note: \ud800}", "own.yaml, content: expected values that exist, found 'utf-8' codec can't encode"),
        (MINE + ', note: "\\uD800"}', "own.yaml, row 2, content: expected YAML, found invalid Unicode character escape code"),
        (MINE + ", began: " + "9" * 5000 + "}", "own.yaml, content: expected values that exist, found Exceeds the limit"),
        (MINE + ", note: !!binary abc}", "own.yaml, row 2, content: expected YAML, found failed to decode base64 data"),
        (MINE + ", ? [x] : b}", "own.yaml, row 2, content: expected YAML, found unhashable key"),
        (MINE + ", <<: {b: c}}", "own.yaml, row 2, a.<<: expected a known key, found unknown key '<<'; leave it out"),
        (MINE + ", owners: [{name: b, share: .inf}]}", "own.yaml, row 2, a.owners.0.share: expected a number, found '.inf'"),
        (MINE + "}\n---\nrecords: []\n", "own.yaml, row 3, content: expected YAML, found another document; mend the YAML"),
        ("records: [{id: x}]", "own.yaml, row 1, x.kind: expected a known kind of record, found nothing; "),
        ("\x00", "own.yaml, content: expected YAML, found unacceptable character #x0000: control characters are not allowed"),
    ],
)
def test_hostile_files_are_bad_input(content: str, message: str) -> None:
    found = told(content)
    assert len(found) == 1
    assert found[0].startswith(message)


@given(st.text(st.sampled_from("records:-{}[]&*!? \n\t'\"|>#%,a1é가\x00\ud800")))
def test_whatever_a_text_holds_it_is_read_or_refused(text: str) -> None:
    for content in (text, "records:\n- " + text, "records:\n- {kind: person, id: a, title: " + text):
        with suppress(BadInput):
            assert isinstance(read_records(content), list)


@given(st.binary())
def test_whatever_the_bytes_are_they_are_read_or_refused(content: bytes) -> None:
    with suppress(BadInput):
        assert read_records(b"records: [] #" + content) == []


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ('"a\\0b"', "text without NUL and without half of a pair of characters"),
        ('"Bank \\u202Eknab"', "text without marks that turn the direction of reading"),
    ],
)
def test_letters_that_deceive_or_break_are_refused(title: str, message: str) -> None:
    (found,) = told(f"records:\n- {{kind: organisation, id: a, organisation_kind: company, title: {title}}}\n")
    assert message in found


def test_a_text_without_end_is_refused() -> None:
    longer = f"records:\n- {{kind: organisation, id: a, title: {'x' * 100_001}, country: CAN}}"
    assert "text of at most 100000 characters" in told(longer)[0]


def test_right_to_left_names_are_kept() -> None:
    (record,) = read_records("records:\n- {kind: organisation, id: a, organisation_kind: company, title: شركة البطاريات}\n")
    assert record.title == "شركة البطاريات"


def test_syllables_put_together_from_their_letters_are_the_same_name() -> None:
    apart = "\u1109\u1161\u11ab\u110b\u1165\u11b8"
    (record,) = read_records(f"records:\n- {{kind: organisation, id: a, organisation_kind: company, title: {apart}}}\n")
    assert record.title == "산업"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert told(tmp_path / "none.yaml", "") == [
        f"{tmp_path / 'none.yaml'}, file: expected the file none.yaml, found No such file or directory; check the path"
    ]


def test_several_files_tell_all_problems_and_ids_given_twice() -> None:
    one = "records:\n- {kind: organisation, id: a, title: A, organisation_kind: company}\n"
    twice = one + "- {kind: organisation, id: a, title: B, organisation_kind: company}\n"
    with pytest.raises(BadInput) as caught:
        read_all([("one.yaml", one), ("bad.yaml", "records: 1\n"), ("two.yaml", one), ("three.yaml", twice)])
    assert [str(problem) for problem in caught.value.problems] == [
        f"bad.yaml, {A_LIST}1 below records{MEND}",
        "two.yaml, a.id: expected one organisation of each id, found in one.yaml as well; rename one of them",
        "three.yaml, a.id: expected one organisation of each id, found in one.yaml as well; rename one of them",
        "three.yaml, a.id: expected one organisation of each id, found in one.yaml as well; rename one of them",
    ]


def test_records_written_as_content_read_the_same_again() -> None:
    from orepact.pact.records.kinds import kind_of

    for record in shipped().records.values():
        assert kind_of(record.kind).model_validate(record.content()) == record


def test_the_shipped_records_hold_together_and_come_in_one_order() -> None:
    assert seed() is seed()
    first = [*shipped().records]
    shipped.cache_clear()
    assert [*shipped().records] == first


def test_forty_parts_in_each_other_are_read_and_one_more_is_not() -> None:
    for depth, message in ((38, "expected keys with values, found a list"), (39, "expected at most 40 parts in each other")):
        (found,) = told("records:\n- " + "[" * depth + "]" * depth)  # records: and its list are two
        assert message in found


def body(more: str) -> str:
    """A body with one more line."""
    return f"records:\n- kind: body\n  id: a\n  title: A\n  body_kind: dialogue\n  {more}\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "sides: [{side: CAN, chair: {organisation: meti}}]",
            "a.sides.0.chair.rule: expected fixed or rotation, found nothing; add rule: it says what the other keys mean",
        ),
        (
            "sides: [{side: CAN, chair: {rule: always, organisation: meti}}]",
            "a.sides.0.chair.rule: expected fixed or rotation, found 'always'; change rule: it says what the other keys mean",
        ),
        (
            "sides: [{side: CAN, chair: {rule: fixed, organization: meti}}]",
            "a.sides.0.chair.organization: expected a known key, found unknown key 'organization'; did you mean organisation?",
        ),
        (
            "chaired_by: meti",
            "a.chaired_by: expected a known key, found unknown key 'chaired_by'; leave it out, or see pact.show_form(kind='body')",  # noqa: E501
        ),
    ],
)
def test_a_part_of_several_forms_and_unknown_keys_are_told_in_our_words(line: str, problem: str) -> None:
    assert told(body(line)) == [f"own.yaml, row 6, {problem}"]


def test_a_misspelt_key_is_one_problem_and_not_a_missing_one_too() -> None:
    text = body("").replace("body_kind", "bodykind").replace("title: A", "titles: {}")
    assert told(text) == [
        "own.yaml, row 2, a.title: expected a value for title, found nothing; add title",
        "own.yaml, row 5, a.bodykind: expected a known key, found unknown key 'bodykind'; did you mean body_kind?",
    ]


def test_a_list_whose_part_is_wrong_is_not_told_to_be_empty_too() -> None:
    text = """\
records:
- kind: drill
  id: a
  title: A
  incident: drill-moa-2026
  injects:
  - {id: notice, at_hours: 0, text: Feed lasts., expected: Tell., within_hours: soon}
"""
    assert told(text) == [
        "own.yaml, row 7, a.injects.notice.within_hours: expected a number, found 'soon'; change a.injects.notice.within_hours"
    ]
    text = "records:\n- {kind: review, id: a, title: A, incident: drill-moa-2026, held_on: 2026-06-01,\n   by: []}\n"
    assert told(text) == ["own.yaml, row 3, a.by: expected a list of 1 or more, found []; change a.by"]
