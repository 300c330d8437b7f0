"""What a request asks of a page: the row of ``PAGES``, the names in its path, its query and its form, each checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from orepact.errors import BadInput, Problem
from orepact.web.edge.refusals import Refused, problems_of_request
from orepact.web.pages.page import Asked, Filled, Page

Ending = Literal["html", "json", "csv"]
ENDINGS: tuple[Ending, ...] = ("json", "csv")
#: So many values of one name are read.
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: a page, the names in its path, and in which form it is told."""

    page: Page
    in_path: Mapping[str, str]
    ending: Ending = "html"


@cache
def _known() -> tuple[dict[str, Page], tuple[tuple[re.Pattern[str], Page], ...]]:
    from orepact.web.pages.table import PAGES

    plain = {page.path: page for page in PAGES if not page.in_path}
    return plain, tuple((page.pattern, page) for page in PAGES if page.in_path)


def place_of(path: str) -> Place | None:
    """Where a path (without language) leads; None where there is nothing."""
    for ending in ENDINGS:
        if path.endswith(f".{ending}") and (found := _page(path[: -len(ending) - 1])) is not None:
            return Place(*found, ending)
    found = _page(path)
    return None if found is None else Place(*found)


def _page(path: str) -> tuple[Page, dict[str, str]] | None:
    plain, others = _known()
    if path in plain:
        return plain[path], {}
    for pattern, page in others:
        if (match := pattern.fullmatch(path)) is not None:
            return page, match.groupdict()
    return None


def asked_of(place: Place, query: Sequence[tuple[str, str]]) -> tuple[Asked, tuple[tuple[str, str], ...], tuple[str, ...]]:
    """What is asked: as the page reads it, as it was given, and the names that the page does not know.

    Raises ``BadInput`` with every value that does not fit, ``Refused`` (404) for a path that cannot be one of the page.
    """
    model = place.page.asked
    given = [(name, value.strip()) for name, value in query if value.strip()]
    known = tuple((name, value) for name, value in given if name in model.model_fields and name not in place.in_path)
    unknown = sorted({name for name, _ in given} - {*model.model_fields, *place.in_path})
    found, problems = fitted(model, [*known, *place.in_path.items()])
    if any(problem.column.partition(".")[0] in place.in_path for problem in problems):
        raise Refused(404, "not_found", "there is no such page")
    if problems:
        raise BadInput(problems)
    assert isinstance(found, Asked)
    return found, known, tuple(unknown)


def filled(
    model: type[Filled], form: Sequence[tuple[str, str]], besides: Iterable[str]
) -> tuple[Filled | None, tuple[Problem, ...]]:
    """A form as its fields read it, and every problem; ``besides``: names that are not fields of it."""
    apart = {*besides}
    given = [(name, value.replace("\r\n", "\n")) for name, value in form if name not in apart and value.strip()]
    found, problems = fitted(model, given)
    return (found if isinstance(found, Filled) else None), problems


def fitted(model: type[BaseModel], given: Iterable[tuple[str, str]]) -> tuple[BaseModel | None, tuple[Problem, ...]]:
    """Names and values as a model reads them, and every problem; of a name that stands once, its last value counts."""
    values: dict[str, Any] = {}
    many = many_of(model)
    for name, value in given:
        if name in many:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    crowded = [name for name in many if len(values.get(name, ())) > MOST_NAMED]
    if crowded:
        return None, tuple(
            Problem(name, f"at most {MOST_NAMED} values", str(len(values[name])), "name fewer") for name in crowded
        )
    try:
        return model.model_validate(values), ()
    except ValidationError as error:
        return None, problems_of_request([{**each, "loc": each["loc"] or ("form",)} for each in error.errors()]).problems


@cache
def many_of(model: type[BaseModel]) -> frozenset[str]:
    """The names that may stand several times."""
    return frozenset(name for name, field in model.model_fields.items() if _is_many(field))


def _is_many(field: FieldInfo) -> bool:
    kinds = {get_origin(field.annotation), *map(get_origin, get_args(field.annotation))}
    return bool(kinds & {list, tuple, set, frozenset})
