"""A register with some organisations, closed records of each label, and a clock that one can turn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from orepact.pact.instruments.commitments import Commitment
from orepact.pact.organisations.organisation import Organisation
from orepact.pact.organisations.people import Person
from orepact.pact.projects.project import Project
from orepact.pact.records.codes import Code
from orepact.pact.records.readers import PUBLIC
from orepact.pact.records.record import Record
from orepact.service.access import New, add_account, make_token, reader_of
from orepact.service.pact.desk import Desk
from orepact.store.store import Store

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: A password that is taken.
GOOD = "four words and 1 number"


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **span: float) -> None:
        """So much later."""
        self.now += timedelta(**span)


def closed(name: str, label: str, **values: object) -> Commitment:
    """A commitment of nrcan with a label."""
    fields = {"id": name, "title": name, "owner": "nrcan", "made": "2026-01", "projects": ["pit"], "label": label}
    return Commitment.model_validate(fields | values)


def ground() -> list[Record]:
    """Organisations, people and one record of each label."""
    people = {"ana": "nrcan", "ben": "meti", "cho": "metis"}
    found: list[Record] = [
        Code(id="organisation_kind:authority", title="Authority", list="organisation_kind"),
        Code(id="project_kind:mine", title="Mine", list="project_kind"),
        Code(id="body_kind:committee", title="Committee", list="body_kind"),
        Project.model_validate({"id": "pit", "title": "Pit", "project_kind": "mine"}),
    ]
    found += [
        Organisation.model_validate({"id": name, "title": name, "organisation_kind": "authority"})
        for name in ("nrcan", "meti", "metis", "first")
    ]
    found += [
        Person.model_validate({
            "id": name, "title": name.title(), "terms": [{"role": "Head", "organisation": of, "valid_from": "2020-01-01"}],
        })
        for name, of in people.items()
    ]  # fmt: skip
    found += [
        closed("open", "TLP:CLEAR"),
        closed("of-all", "TLP:GREEN"),
        closed("nrcan.amber", "TLP:AMBER/nrcan"),
        closed("nrcan.strict", "TLP:AMBER+STRICT/nrcan"),
        closed("nrcan.red.stock", "TLP:RED/nrcan"),
        closed("nrcan.red.named", "TLP:RED/nrcan", readers=[{"person": "ben"}]),
    ]
    return found


class House:
    """What tests do with a register: let accounts in as its holder, and ask as one of them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.holder = Desk(store, None)
        self.door = Desk(store, PUBLIC)

    def add(self, name: str, organisation: str = "", *roles: str, **values: Any) -> str:
        """An account."""
        fields: dict[str, Any] = {"id": name, "name": name.title(), "organisation": organisation, "roles": roles}
        add_account(New(**(fields | values)), self.holder)
        return name

    def desk(self, name: str, organisation: str = "", *scopes: str) -> Desk:
        """The desk of an account by a token of its own."""
        made = make_token(name, self.holder, name="test", organisation=organisation, scopes=scopes or ("read", "write", "keys"))
        return Desk(self.store, reader_of(self.door, token=made.text))
