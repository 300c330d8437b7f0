"""Marks in messages: what somebody is to give or to ask for, named once, and said by each face in words of its own.

What stands below the faces (command line, HTTP, pages) knows no options, no addresses and no labels. Where one of its messages
tells somebody to give something or to ask for something else, it writes a mark: ``field("year")`` for what can be given, by the
name that use cases give it, and ``deed("pact.show_record", kind="body")`` for a use case. A mark is text, so that a message stays
text on its way through files, databases and other messages; ``worded`` reads it at the face. Three faces say the same:

===========================  =====================================  =========================================
command line                 HTTP                                   pages
===========================  =====================================  =========================================
``--year``                   ```year```                             “Year”
```orepact pact show body``` ```GET /api/v1/records/body/{name}```  “Records” (/records/body)
===========================  =====================================  =========================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote, unquote

#: What marks stand in: signs that nobody's name or id has.
OPENS, CLOSES = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
_MARK = re.compile(rf"{OPENS}(field|deed):([a-z0-9_.]+)((?: [a-z_]*=[^ {OPENS}{CLOSES}]*)*){CLOSES}")


class Face(Protocol):
    """Words of one way to reach the use cases."""

    def field(self, name: str, value: str) -> str:
        """What can be given under a name, with a value where one is meant."""

    def deed(self, name: str, given: Mapping[str, str]) -> str:
        """A use case, and what is given to it."""


def field(name: str, value: object = "") -> str:
    """A mark of what can be given; ``value``: the one that is meant.

    >>> worded(f"give {field('basis', 'owner')} too", InPython())
    "give basis='owner' too"
    """
    return _mark("field", name, {"": value} if value != "" else {})


def deed(name: str, /, **given: object) -> str:
    """A mark of a use case (a name of ``orepact.service``) and of what is given to it.

    >>> worded(f"see {deed('pact.show_record', kind='body', name='a b')}", InPython())
    "see pact.show_record(kind='body', name='a b')"
    """
    return _mark("deed", name, given)


def _mark(what: str, name: str, given: Mapping[str, object]) -> str:
    values = "".join(f" {key}={quote(str(value), safe='/:@,-.')}" for key, value in given.items())
    return f"{OPENS}{what}:{name}{values}{CLOSES}"


def worded(text: str, face: Face) -> str:
    """A message in the words of a face."""
    return _MARK.sub(partial(_said, face), text) if OPENS in text else text


def parted(text: str) -> list[tuple[str, str, dict[str, str]] | str]:
    """A message in parts: texts, and for each mark what it is (``field`` or ``deed``), its name and what is given.

    >>> parted(f"ask {deed('jobs.show_run', run='run-1')}.")
    ['ask ', ('deed', 'jobs.show_run', {'run': 'run-1'}), '.']
    """
    found: list[tuple[str, str, dict[str, str]] | str] = []
    place = 0
    for match in _MARK.finditer(text):
        found += [text[place : match.start()], (match[1], match[2], _given(match))]
        place = match.end()
    return [part for part in (*found, text[place:]) if part]


def worded_in(value: Any, face: Face) -> Any:
    """Values with every text among them in the words of a face."""
    if isinstance(value, str):
        return worded(value, face)
    if isinstance(value, Mapping):
        return {key: worded_in(item, face) for key, item in value.items()}
    if isinstance(value, list):
        return [worded_in(item, face) for item in value]
    return tuple(worded_in(item, face) for item in value) if isinstance(value, tuple) else value


def _said(face: Face, match: re.Match[str]) -> str:
    given = _given(match)
    return face.field(match[2], given.get("", "")) if match[1] == "field" else face.deed(match[2], given)


def _given(match: re.Match[str]) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in match[3].split())
    return {key: unquote(value) for key, _, value in pairs}


class InPython:
    """The words of who calls the use cases himself."""

    def field(self, name: str, value: str) -> str:
        """The name of an argument."""
        return f"{name}={value!r}" if value else name

    def deed(self, name: str, given: Mapping[str, str]) -> str:
        """The call."""
        return f"{name}({', '.join(f'{key}={value!r}' for key, value in given.items())})"


PYTHON = InPython()
