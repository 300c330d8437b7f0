"""What the checker of types complains of is said in our words, whatever it is, once for each place."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from orepact.facts.typed_problems import known_keys, problems_of


class Inner(BaseModel):
    """A part of a list."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, Field(pattern="^[a-z]+$")] = "a"
    kind: Literal["one", "two"] = "one"
    weeks: Annotated[float, Field(gt=0, allow_inf_nan=False)] | Literal["unknown"] = 1.0


class Book(BaseModel):
    """A file with one of everything."""

    model_config = ConfigDict(extra="forbid")

    title: str
    day: date = date(2024, 1, 1)
    above: Annotated[float, Field(gt=2.5)] = 3
    least: Annotated[int, Field(ge=1)] = 1
    below: Annotated[float, Field(lt=1)] = 0
    most: Annotated[float, Field(le=1)] = 0
    finite: Annotated[float, Field(allow_inf_nan=False)] = 0
    sure: bool = True
    text: Annotated[str, Field(min_length=1)] = "x"
    some: Annotated[tuple[str, ...], Field(min_length=2)] = ("a", "b")
    many: list[Inner] = []
    named: dict[str, Inner] = {}
    whole: int = 0
    checked: dict[str, Any] = {}

    @field_validator("checked")
    @classmethod
    def _as_inner(cls, checked: dict[str, Any]) -> dict[str, Any]:
        Inner.model_validate(checked)
        return checked

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.title == "wrong":
            raise ValueError("another title")
        return self


def told(**content: Any) -> list[str]:
    whole = {"title": "t", **content}
    with pytest.raises(ValidationError) as caught:
        Book.model_validate(whole)
    return [str(problem) for problem in problems_of(caught.value, "a.yaml", whole, Book)]


@pytest.mark.parametrize(
    ("key", "value", "expected", "found"),
    [
        ("title", 7, "text", "7"),
        ("day", "soon", "a date as YYYY-MM-DD", "'soon'"),
        ("above", 2.5, "a number above 2.5", "2.5"),
        ("above", "many", "a number", "'many'"),
        ("above", None, "a number", "nothing"),
        ("least", 0, "a number of at least 1", "0"),
        ("whole", 1.5, "a whole number", "1.5"),
        ("whole", "x", "a whole number", "'x'"),
        ("below", 1, "a number below 1", "1"),
        ("most", 1.5, "a number of at most 1", "1.5"),
        ("finite", float("inf"), "a finite number", "inf"),
        ("sure", "perhaps", "true or false", "'perhaps'"),
        ("sure", [], "true or false", "[]"),
        ("text", "", "some text", "''"),
        ("some", ["a"], "a list of 2 or more", "['a']"),
        ("some", True, "a list, or a name (in quotes where YAML reads it otherwise)", "true"),
        ("many", 3, "a list, or a name (in quotes where YAML reads it otherwise)", "3"),
        ("named", 3, "keys with values", "3"),
    ],
)
def test_each_kind_of_complaint_in_our_words(key, value, expected, found):
    assert told(**{key: value}) == [f"a.yaml, {key}: expected {expected}, found {found}; change {key}"]


def test_parts_are_named_by_their_id_and_alternatives_joined():
    said = told(many=[{"id": "first", "kind": "three"}, {"weeks": -1}, 5], named={"x": {"weeks": "soon"}})
    assert said == [
        "a.yaml, many.first.kind: expected 'one' or 'two', found 'three'; change many.first.kind",
        "a.yaml, many.1.weeks: expected a number above 0 or 'unknown', found -1; change many.1.weeks",
        "a.yaml, many.2: expected keys with values, found 5; change many.2",
        "a.yaml, named.x.weeks: expected a number or 'unknown', found 'soon'; change named.x.weeks",
    ]


def test_unknown_keys_get_the_nearest_that_may_stand_there():
    said = told(titles="t", many=[{"wekes": 1}, {"colour": "red"}])
    assert said == [
        "a.yaml, many.0.wekes: expected a known key, found unknown key 'wekes'; did you mean weeks?",
        "a.yaml, many.1.colour: expected a known key, found unknown key 'colour'; known are: id, kind, weeks",
        "a.yaml, titles: expected a known key, found unknown key 'titles'; did you mean title?",
    ]


def test_what_is_wrong_with_a_part_that_is_checked_by_itself_is_told_of_its_keys():
    assert told(checked={"kind": "three"}) == [
        "a.yaml, checked.kind: expected 'one' or 'two', found 'three'; change checked.kind"
    ]


def test_checks_of_a_whole_and_what_is_missing():
    assert told(title="wrong")[0].startswith("a.yaml, content: expected another title, found {'title': 'wrong'}")
    with pytest.raises(ValidationError) as caught:
        Book.model_validate({})
    assert [str(one) for one in problems_of(caught.value, "", {}, Book, ("books", 0))] == [
        "books.0.title: expected a value for title, found nothing; add title"
    ]


def test_keys_of_a_place_that_is_none():
    schema = Book.model_json_schema()
    assert known_keys(schema, ["many", 0]) == known_keys(schema, ["named", "any"]) == ["id", "kind", "weeks"]
    assert known_keys(schema, ["title", "x"]) == known_keys({}, ["a"]) == []
