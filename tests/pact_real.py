"""The register that comes with the package, and what tests change in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orepact.errors import Problem
from orepact.pact.records.kinds import kind_of
from orepact.pact.records.reading import seed
from orepact.pact.records.record import Record
from orepact.pact.records.register import Register

DIALOGUE, MOC = "ca-jp-battery-dialogue", "ca-jp-moc-battery-2023"
MINERALS, MOBILITY = "ca-kr-mou-minerals-2023", "ca-kr-mou-future-mobility-2026"


def real() -> Register:
    """The real instruments, bodies and meetings, checked."""
    return seed()


def made(kind: str, **fields: Any) -> Record:
    """A record of a kind; its title is its id unless one is given."""
    return kind_of(kind).model_validate({"title": fields["id"], **fields})


def changed(register: Register, kind: str, name: str, **fields: Any) -> Register:
    """The register with fields of one record replaced, None given back to its default."""
    content = {**register.get(kind_of(kind), name).content(), **fields}
    return register.plus([kind_of(kind).model_validate({key: value for key, value in content.items() if value is not None})])


def without(register: Register, *keys: tuple[str, str]) -> Register:
    """The register without some records."""
    return Register({key: record for key, record in register.records.items() if key not in keys})


def told(register: Register, kind: str, name: str) -> list[str]:
    """What is wrong with one record, in words."""
    return [str(problem) for problem in register.get(kind_of(kind), name).problems(register)]


def places(problems: Iterable[Problem]) -> list[str]:
    """Where the problems are."""
    return [problem.column for problem in problems]
