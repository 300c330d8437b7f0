"""Each kind of record has a form: every field of its type, told in words, around an example that the register takes."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from orepact.cli.entry import run
from orepact.cli.wording import FACE
from orepact.errors import BadInput, NotFound
from orepact.pact.records.form import examples, form
from orepact.pact.records.kinds import kind_of, kinds
from orepact.pact.records.reading import read_records, read_values, seed
from orepact.pact.records.slots import gist, meaning, meanings, parts_of, slots
from orepact.service.pact import form_of, list_kinds, record_file, show_form
from orepact.wording import worded

#: What an example cannot bring with it: a decision that the sides have taken.
TO_BE_DECIDED = {
    "code": "code area:seabed_minerals, decision: expected the id of a known decision",
    "delivery": "delivery example-delivery, decision: expected the id of a known decision",
}
#: Records of a Nation are kept for it.
NATION = "taykwa-tagamou-nation"
EVERY_PART = {part: None for kind in kinds().values() for part in (kind, *parts_of(kind))}


@pytest.mark.parametrize("kind", kinds())
def test_a_form_is_a_file_of_one_record_that_is_its_example(kind: str) -> None:
    (record,) = read_records(form(kind, seed()))
    assert record == kind_of(kind).model_validate(examples()[kind])


def test_the_register_takes_every_form_as_it_is_printed(own: Path, tmp_path: Path) -> None:
    db, told = str(own), {}
    for kind in kinds():
        path = tmp_path / f"{kind}.yaml"
        path.write_text(show_form(kind, db).text, encoding="utf-8")
        try:
            kept = record_file(path, db, reason="as the form has it", organisations=[NATION])
        except BadInput as error:
            told[kind] = [str(problem) for problem in error.problems]
        else:
            assert kept.data["id"].tolist() == [examples()[kind]["id"]]
    assert {kind: len(problems) for kind, problems in told.items()} == dict.fromkeys(TO_BE_DECIDED, 1)
    assert all(told[kind][0].startswith(start) for kind, start in TO_BE_DECIDED.items())


@pytest.mark.parametrize("kind", kinds())
def test_a_form_names_every_field_of_its_type_and_of_its_parts(kind: str) -> None:
    text = form(kind, seed())
    for part in (kind_of(kind), *parts_of(kind_of(kind))):
        for slot in slots(part):
            must = "required" if slot.required else "optional"
            assert re.search(rf"^ +# +{slot.name}, {must}: ", text, flags=re.MULTILINE), slot.name
    assert max(map(len, text.splitlines())) <= 130


@pytest.mark.parametrize("part", EVERY_PART, ids=lambda part: f"{part.__module__.rpartition('.')[2]}.{part.__name__}")
def test_every_field_has_a_meaning(part: Any) -> None:
    assert [slot.name for slot in slots(part) if not meaning(part, slot.name)] == []


def test_no_meaning_is_left_of_a_field_that_is_gone() -> None:
    homes = {f"{part.__module__.rpartition('.')[2]}.{part.__name__}": set(part.model_fields) for part in EVERY_PART}
    written = {home: set(fields) for home, fields in meanings().items() if home != "everywhere"}
    assert {home: gone for home, fields in written.items() if (gone := fields - homes.get(home, set()))} == {}
    assert set(meanings()["everywhere"]) <= {name for fields in homes.values() for name in fields}


def test_a_form_says_which_codes_and_ids_a_field_takes() -> None:
    text = " ".join(form("body", seed()).replace("#", "").split())
    assert "body_kind, required: an entry of the list body_kind (committee, dialogue, working_group). " in text
    assert "look_first, optional: a list, each the id of a body. " in text
    assert "every_months, required: a whole number at least 1, at most 1200. " in text
    assert "decision, optional: the id of a decision. The decision that made it, where one did" in text


@pytest.mark.parametrize("kind", kinds())
def test_what_a_form_calls_an_entry_of_a_list_is_checked_against_that_list(kind: str) -> None:
    for where, listed in _coded(kind_of(kind), examples()[kind]):
        wrong: Any = deepcopy(examples()[kind])
        _put(wrong, where)
        record = kind_of(kind).model_validate(wrong)
        told = [problem.expected for problem in seed().plus([record]).problems([record])]
        assert f"an entry of the list {listed}" in told, where


def _coded(part: Any, filled: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], str]]:
    """The places of an example that hold entries of lists."""
    found = []
    for slot in slots(part):
        value, at = filled.get(slot.name), (*path, slot.name)
        if value is None:
            continue
        if slot.codes:
            found.append(((*at, 0) if isinstance(value, list) else at, slot.codes))
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            inner = [each for each in slot.parts if isinstance(one, dict) and set(one) <= set(each.model_fields)]
            found += _coded(inner[0], one, (*at, number) if isinstance(value, list) else at) if inner else []
    return found


def _put(filled: Any, where: tuple[Any, ...]) -> None:
    for step in where[:-1]:
        filled = filled[step]
    filled[where[-1]] = "nobody_knows_it"


def test_the_kinds_are_listed_with_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    listed = dict(list_kinds().data.itertuples(index=False))
    assert set(listed) == set(kinds())
    assert listed["body"] == gist(kind_of("body")) == "A dialogue, a committee or a working group"
    assert all(len(words) > len(kind) + 4 for kind, words in listed.items())
    assert run(["pact", "form"]) == 0
    assert "A dialogue, a committee or a working group" in capsys.readouterr().out


def test_what_the_command_prints_is_the_form_and_no_more(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pact", "form", "item", "--db", str(filled)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (worded(form("item", seed()), FACE), "")


def test_without_a_register_the_lists_are_those_of_the_package(tmp_path: Path) -> None:
    found = show_form("body", str(tmp_path / "none.db"))
    assert found.text == form("body", seed())
    assert "no register yet" in found.warnings[0]
    assert ["sides.chair.rule", True, "rotation", "The chair goes round"] in found.data.to_numpy().tolist()


def test_an_unknown_kind_gets_the_nearest() -> None:
    with pytest.raises(NotFound, match="did you mean body"):
        show_form("bdy")


@pytest.mark.parametrize("language", ["en", "fr", "ja", "ko"])
def test_the_form_of_a_request_can_be_pasted_and_filled_in(filled: Path, tmp_path: Path, language: str) -> None:
    from orepact.pact.incidents.incident import Request
    from orepact.pact.incidents.patterns import way_to_ask

    path = tmp_path / "request.yaml"
    path.write_text(form_of("ca-jp-moc-battery-2023", str(filled), language=language).text, encoding="utf-8")
    empty = read_values(path)
    asked = [one.id for one in way_to_ask(seed(), "ca-jp-moc-battery-2023").form]
    assert list(empty["answers"]) == asked
    answered = {**empty, "by": "nrcan", "asked": ["meti"], "answers": dict.fromkeys(asked, "Nobody knows")}
    assert Request.model_validate(answered).by == "nrcan"
