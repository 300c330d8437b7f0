"""``Route``: one way to ask the service, as data; the application, its documentation and its tests are made of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from inspect import Parameter as Argument
from inspect import signature
from typing import Any

from pydantic import BaseModel

from orepact.web.edge import wording

#: Where the service asks from on.
PREFIX = wording.PREFIX
#: What any reading can end with, any question with a body, and any change.
READING = frozenset({304, 401, 403, 404, 414, 422, 429, 503})
ASKING = frozenset({401, 403, 404, 413, 414, 415, 422, 429, 503})
CHANGING = ASKING | {409}
#: Arguments that say how the facts are opened, not what is asked of them.
VIEW = READ_FACTS = ("as_of", "include_unverified")
#: Names in a path that use cases know by another one.
IN_PATH_AS = {
    "known_event": "name", "overlay": "name", "own_network": "name", "part_of": "organisation", "rule_set": "name", "run": "name",
    "secret": "shown",
}  # fmt: skip
JSON = "application/json"
_IN_PATH = re.compile(r"\{([a-z_]+)\}")


class Asks(Enum):
    """What a use case is asked on: the register, the facts, both, or nothing."""

    register = "register"
    facts = "facts"
    both = "both"
    nothing = "nothing"


class Does(Enum):
    """What a route does: reads, asks with a body and changes nothing, changes the register, or what stands beside it and may be
    asked for again: who gets in, runs, overlays.
    """

    reads = "reads"
    asks = "asks"
    changes = "changes"
    manages = "manages"


@dataclass(frozen=True, slots=True)
class Route:
    """One way to ask: a method and a path, the use case (a name of ``orepact.service``), what may be given, and how it can end.

    ``query`` and the names in the path are those of ``parameters.vocabulary``; ``argument=name`` gives an argument of the use
    case under another name of it. ``mine``: arguments that are filled from who asks (an attribute of the reader, his ``session``
    or ``address``, the ``home`` of the service), whatever was sent; ``fixed``: those that the row itself gives. ``whole``: the
    argument that takes a body as it is; without a model, its bytes in the form ``takes``. ``large``: the body is an upload.
    ``kept``: whether an answer holds for as long as the register does not change. ``noted``: what is told leaves the register,
    and is asked and written down as such. ``deed``: what it is in the table of deeds (``access.may``).
    """

    method: str
    path: str
    use_case: str
    says: str
    query: tuple[str, ...] = ()
    body: type[BaseModel] | None = None
    asks: Asks = Asks.register
    does: Does = Does.reads
    deed: str = "read"
    done: int = 200
    mine: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    whole: str = ""
    takes: str = JSON
    large: bool = False
    kept: bool = True
    noted: bool = False
    media: str = JSON

    @property
    def id(self) -> str:
        """A name of its own."""
        return f"{self.method.lower()}{self.path.replace('/', '_').replace('{', '').replace('}', '').replace('.', '_')}"

    @property
    def tag(self) -> str:
        """The group in which it stands."""
        return self.path.split("/")[1]

    @property
    def in_path(self) -> tuple[str, ...]:
        """The names in its path."""
        return tuple(_IN_PATH.findall(self.path))

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that an answer can have, in order."""
        usual = {Does.reads: READING, Does.asks: ASKING}.get(self.does, CHANGING)
        versions = {412, 428, 201} if self.method == "PUT" else set()
        checked = {409} if self.deed == "write" else set()
        known = {200} if self.done == 202 else set()
        return tuple(sorted({self.done, *usual, *versions, *checked, *known}))

    @property
    def tabular(self) -> bool:
        """Whether its answer can be asked as a table (CSV)."""
        told = signature(self.call()).return_annotation
        return self.does in {Does.reads, Does.asks} and self.media == JSON and told == "Result"

    @property
    def versioned(self) -> bool:
        """Whether who asks says which version he changes."""
        return self.method == "PUT"

    def call(self) -> Callable[..., Any]:
        """The use case."""
        return use_case(self.use_case)

    def given(self) -> dict[str, tuple[str, bool]]:
        """Argument of the use case to the name of it in the vocabulary, and whether it must be given; of query and path."""
        arguments = signature(self.call()).parameters
        pairs = [(word.partition("=")[0], word.partition("=")[2] or word) for word in self.query]
        pairs += [(IN_PATH_AS.get(name, name), name) for name in self.in_path]
        return {name: (word, name not in VIEW and arguments[name].default is Argument.empty) for name, word in pairs}


def use_case(name: str) -> Callable[..., Any]:
    """A use case by its name in ``orepact.service``, such as ``pact.list_records``.

    >>> use_case("pact.list_records").__name__
    'list_records'
    """
    package, _, function = name.rpartition(".")
    module = import_module(f"orepact.service.{package}" if package else "orepact.service")
    found: Callable[..., Any] = getattr(module, function)
    return found
