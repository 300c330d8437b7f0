"""Names that nobody knows: one in the path of a request is not there (404); one in its query or body is a problem of it (422).

Use cases raise ``NotFound`` for either: here it is told where the name stood.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem
from orepact.web.api.parameters import vocabulary
from orepact.web.api.routes import IN_PATH_AS

if TYPE_CHECKING:
    from orepact.web.api.serving import Asked


def told(asked: Asked, error: NotFound) -> NotFound | BadInput:
    """The error as it is answered; one of a name that was not sent at all stays as it is."""
    in_path = {str(asked.arguments.get(IN_PATH_AS.get(name, name), "")) for name in asked.route.in_path}
    if error.name in in_path:
        return error
    given = [*_in_query(asked), *_in_body(asked)]
    parts = error.name.split() if not in_path else ()  # a claim is named by its subject, its attribute and its year
    places = [place for place, value in given if value == error.name] or [place for place, value in given if value in parts]
    if not places:
        return error
    place = next((one for one in places if one.rpartition(".")[2] in error.kind), places[0])
    return BadInput([Problem(place, f"a known {error.kind}", repr(error.name), error.meant or "name one that there is")])


def _in_query(asked: Asked) -> Iterator[tuple[str, str]]:
    """What was given in the address after the question mark, by its name there."""
    words = vocabulary()
    for argument, (key, _) in asked.route.given().items():
        if key in asked.route.in_path or argument not in asked.arguments:
            continue
        value = asked.arguments[argument]
        for one in value if isinstance(value, list) else [value]:
            yield f"query.{words[key].name}", str(one)


def _in_body(asked: Asked) -> Iterator[tuple[str, str]]:
    """Every text of the body, by the place where it stands."""
    if asked.route.body is not None and asked.body:
        yield from _texts("body", json.loads(asked.body))


def _texts(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(f"{place}.{name}", one)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(f"{place}.{number}", one)
