"""Use cases about the kinds of records: which there are, and the form of one, to be filled in and kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import StoreOutdated
from orepact.service.pact.desk import manifest_of, opened
from orepact.service.result import Result
from orepact.wording import deed

if TYPE_CHECKING:
    from pydantic import BaseModel

    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

COLUMNS = ("field", "required", "takes", "meaning")
#: What is said where there is no register whose lists could be asked.
SHIPPED = "there is no register yet: the lists of codes are those that come with the package"


def list_kinds() -> Result:
    """The kinds of records: ``kind, what``."""
    from orepact.pact.records.kinds import kinds
    from orepact.pact.records.slots import gist

    data = pd.DataFrame([(name, gist(kind)) for name, kind in kinds().items()], columns=["kind", "what"])
    return Result(data, {"title": f"{len(data)} kinds of records: {deed('pact.show_form')} gives a form of one"})


def show_form(kind: str, db: Where = None) -> Result:
    """The fields of a kind, with those of its parts: ``field, required, takes, meaning``; ``text`` is the form as YAML.

    Lists of codes are those of the register, or those of the package where there is none. Raises ``NotFound`` with near names.
    """
    from orepact.pact.records.form import form
    from orepact.pact.records.kinds import kind_of

    record = kind_of(kind)
    register, meta = _lists(db)
    text = form(kind, register)
    data = pd.DataFrame(list(_rows(record, register, "")), columns=list(COLUMNS))
    return Result(data, {"title": f"form of a record of the kind {kind}", "form": text, **meta}, text=text)


def _lists(db: Where) -> tuple[Register, dict[str, Any]]:
    """A register with the lists of codes, and what to say of it."""
    from orepact.pact.records.codes import Code
    from orepact.pact.records.reading import shipped

    try:
        with opened(db) as store:
            return store.register([Code.kind]), {"manifest": manifest_of(store)}
    except StoreOutdated:
        return shipped(), {"warnings": [SHIPPED]}


def _rows(part: type[BaseModel], register: Register, path: str) -> Iterator[tuple[str, bool, str, str]]:
    """The fields of a part and of the parts in them, each with its path."""
    from orepact.pact.records.form import takes
    from orepact.pact.records.slots import meaning, slots

    for slot in slots(part):
        yield f"{path}{slot.name}", slot.required, takes(slot, register), meaning(part, slot.name)
        for inner in slot.parts:
            yield from _rows(inner, register, f"{path}{slot.name}.")
