"""A register of real kinds, and whoever asks it: the same asked of a register that holds only what he may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from leak_people import let_in

from orepact.errors import OrepactError
from orepact.pact.organisations.engagement import Engagement
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.organisations.people import Person
from orepact.pact.projects.project import Project
from orepact.pact.records.codes import Code
from orepact.pact.records.readers import Reader
from orepact.pact.records.record import Record
from orepact.service.pact.desk import Desk
from orepact.store.store import Store, open_store, upgrade_store

ORGANISATIONS = ("nrcan", "meti", "first")
#: Organisations of those who ask, besides.
OTHERS = ("buyer", "seller", "host")
MADE = datetime(2026, 11, 1, tzinfo=UTC)
NUMBERS = count()


def ready(url: str) -> None:
    """Make a register without records, with the accounts of those who ask."""
    store = upgrade_store(url, create=True)
    let_in(store)
    store.close()


@cache
def empty() -> bytes:
    """The file of one."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        ready(str(file))
        return file.read_bytes()


def ground() -> list[Record]:
    """What every world stands on, open to all."""
    found: list[Record] = [
        Code(id="organisation_kind:authority", title="Authority", list="organisation_kind"),
        Code(id="project_kind:mine", title="Mine", list="project_kind"),
        Code(id="contact_kind:meeting", title="Meeting", list="contact_kind"),
    ]
    found += [
        Organisation.model_validate({"id": name, "title": name, "organisation_kind": "authority"})
        for name in (*ORGANISATIONS, *OTHERS)
    ]
    found += [
        *(Person.model_validate({"id": name, "title": name.title()}) for name in ("ana", "ben", "cho", "emi")),
        Project.model_validate({"id": "pit", "title": "Pit", "project_kind": "mine"}),
    ]
    return found


def plain(result: Any) -> bytes:
    """An answer as bytes: data, what is above it, all of its meta; a file as it is."""
    if isinstance(result, bytes):
        return result
    content = result if isinstance(result, list) else result.envelope()
    return json.dumps(content, default=str, ensure_ascii=False).encode()


def said(ask: Callable[[], Any]) -> bytes:
    """An answer, or the words of its error."""
    try:
        return plain(ask())
    except OrepactError as error:
        return f"{type(error).__name__}: {error}".encode()


@contextmanager
def opened_world(folder: Path, records: Iterable[Record], url: str | None = None) -> Iterator[Store]:
    """A register of the ground and some records, each written at the same moment whatever else is; in a file of the folder, or
    in a database made ready by ``ready``.
    """
    file = folder / f"{next(NUMBERS)}.db"
    if url is None:
        file.write_bytes(empty())
    store = open_store(url or str(file), clock=lambda: MADE)
    with store.write("ana", "begin", seeding=True) as unit:
        for record in [*ground(), *records]:
            unit.put(record)
    yield store
    store.close()
    file.unlink(missing_ok=True)


def asks(store: Store, reader: Reader) -> Desk:
    """The desk of a reader."""
    return Desk(store, reader)


def hidden_engagement(since: str = "2026-11-01") -> Engagement:
    """A Nation's record that it hides."""
    return Engagement.model_validate({
        "id": "first.secret", "title": "Secret talks", "nation": "first", "project": "pit",
        "showing": [{"since": since, "hidden": True}],
    })  # fmt: skip
