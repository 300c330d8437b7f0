"""Every page and form of the table, asked with arguments: one that is new is asked too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from types import NoneType
from typing import Any, Literal, get_args, get_origin
from urllib.parse import quote, urlencode

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from orepact.web.pages.page import Asked, Form, Page
from route_questions import NAMED, NONE, VALUES

Ids = Mapping[str, Sequence[str]]
#: What names of paths stand for where no kind of record is called so.
PARTIES = ("KOR", "CA-QC")
#: By name of a field, a text that most that are called so take.
TEXTS = {
    "due": "2027-01-31", "made": "2026-11", "day": "2026-12-01", "date": "2026-12-01", "since": "2026-01-01",
    "until": "2027-12-31",
    "label": "TLP:CLEAR", "language": "ja", "back": "/tower", "password": "four words and 1 number", "after": "x",
}  # fmt: skip
KINDS_LIKE = ("organisation", "project", "instrument", "incident", "commitment")


def paths(page: Page, ids: Ids) -> Iterator[str]:
    """The paths of a page with each id that it could name: one that is there, one that is hidden, one of nothing."""
    if {"kind", "record"} <= {*page.in_path}:
        for kind, names in ids.items():
            yield from (_path(page, {"kind": kind, "record": name}) for name in names)
        return
    each = [_names(page, name, ids) for name in page.in_path]
    yield from (_path(page, dict(zip(page.in_path, values, strict=True))) for values in product(*each))


def _names(page: Page, name: str, ids: Ids) -> Sequence[str]:
    if name == "kind":
        return (*list(ids)[:3], NONE)
    if name == "party":
        return (*PARTIES, *ids.get("organisation", ()))
    before = page.path.partition(f"/{{{name}}}")[0].rpartition("/")[2]
    kind = next((one for one in (name, NAMED.get(name, ""), before.removesuffix("s"), before) if one in ids), None)
    if kind is not None:
        return ids[kind]
    if name in VALUES:
        return [str(value) for value in VALUES[name][:1]]
    return [NONE, *(ids[kind][1] for kind in KINDS_LIKE if len(ids.get(kind, ())) > 1)]


def _path(page: Page, names: Mapping[str, str]) -> str:
    return page.path.format(**{name: quote(value, safe=":") for name, value in names.items()})


def questions(page: Page, ids: Ids) -> Iterator[str]:
    """Addresses of a page: each path, and the first with each thing that may be asked, one after the other."""
    for number, path in enumerate(paths(page, ids)):
        yield path
        if not number:
            for name, field in page.asked.model_fields.items():
                if name not in Asked.model_fields and name not in page.in_path:
                    yield from (f"{path}?{urlencode([(name, value)])}" for value in values_of(name, field, ids)[:2])


def forms(form: Form, ids: Ids) -> Iterator[list[tuple[str, str]]]:
    """What is sent as a form: all that it takes, and in turn each field with an id that is hidden."""
    fields = form.fields.model_fields
    filled = {name: values_of(name, field, ids) for name, field in fields.items()}
    usual = {name: values[0] for name, values in filled.items()}
    yield [("form", form.name), *usual.items()]
    for name, values in filled.items():
        if len(values) > 1:
            yield [("form", form.name), *{**usual, name: values[1]}.items()]


def values_of(name: str, field: FieldInfo, ids: Ids) -> list[str]:
    """Texts that a field may take, an id that is hidden the second."""
    kind = next((one for one in (name, NAMED.get(name, ""), name.removesuffix("s")) if one in ids), None)
    if kind is not None:
        return [*ids[kind]]
    if name in {"party", "by", "to", "of", "sender"}:
        return [*ids.get("organisation", (NONE,))]
    return [str(value) for value in (_by_type(field.annotation) or VALUES.get(name) or [TEXTS.get(name, NONE)])]


def _by_type(annotation: Any) -> list[Any]:
    """Values of a type; none for a text, of which its name says more."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return [*parts]
    if annotation is bool:
        return ["1"]
    if annotation is int or annotation is float:
        return [1]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return ["{}"]
    return next((found for part in parts if part is not NoneType and (found := _by_type(part))), [])
