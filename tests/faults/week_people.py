"""Who takes part in the week: organisations and their users, what each writes, and who may see it: worked out here from the words
of the labels, without the code that the service uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from orepact.pact.organisations.organisation import Organisation
from orepact.pact.projects.project import Project
from orepact.pact.records.codes import Code
from orepact.pact.records.record import Record
from orepact.service.access import New, add_account, change_community, make_token, share_with_client
from orepact.service.pact.desk import Desk
from orepact.store.store import Store

ORGANISATIONS = ("nrcan", "meti", "moe", "motie", "doe")
#: An organisation that sees what is amber of another.
CLIENTS = {"nrcan": "meti", "motie": "doe"}
LABELS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
#: What gives a record of the week away, wherever it stands.
MARK = re.compile(r"week-[0-9]+")


@dataclass(frozen=True)
class Person:
    """A user; of no organisation: anybody."""

    name: str = ""
    organisation: str = ""
    steward: bool = False
    token: str = ""


@dataclass
class Written:
    """A record of the week as its writer knows it. ``opens``: in seconds of the week (0: at once), for others than its owner."""

    number: int
    owner: str
    label: str
    opens: float = 0.0
    readers: tuple[str, ...] = ()
    version: int = 0
    #: Words of each version that was acknowledged.
    acknowledged: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        """What stands in its id and its title."""
        return f"week-{self.number}"

    @property
    def id(self) -> str:
        """Its id, as the rules for closed records want it."""
        return f"{self.owner}.red.{self.mark}" if self.label == "TLP:RED" else f"{self.owner}.{self.mark}"

    def seen_by(self, who: Person, seconds: float) -> bool:
        """Whether somebody may see it at a moment of the week."""
        if self.label == "TLP:RED":
            return who.steward and who.organisation == self.owner
        if who.organisation == self.owner:
            return True
        if seconds < self.opens:
            return False
        admitted = {
            "TLP:CLEAR": True,
            "TLP:GREEN": bool(who.organisation),
            "TLP:AMBER": CLIENTS.get(self.owner) == who.organisation,
            "TLP:AMBER+STRICT": False,
        }
        return admitted[self.label] or (bool(who.organisation) and who.organisation in self.readers)


def ground() -> list[Record]:
    """What the records of the week refer to."""
    codes = {"organisation_kind": "authority", "project_kind": "mine"}
    found: list[Record] = [Code(id=f"{name}:{code}", title=code.title(), list=name) for name, code in codes.items()]
    found += [
        Organisation.model_validate({"id": name, "title": name.upper(), "organisation_kind": "authority"})
        for name in ORGANISATIONS
    ]
    return [*found, Project.model_validate({"id": "pit", "title": "Pit", "project_kind": "mine"})]


def settle(store: Store, users: int) -> list[Person]:
    """Let so many users in, organisation by organisation; the first of each is its steward too."""
    with store.write("ana", "begin", seeding=True) as unit:
        for record in ground():
            unit.put(record)
    desk = Desk(store)
    found = []
    for organisation in ORGANISATIONS:
        change_community(organisation, desk)
    for owner, client in CLIENTS.items():
        share_with_client(owner, client, desk)
    for number in range(users):
        organisation = ORGANISATIONS[number % len(ORGANISATIONS)]
        steward = number < len(ORGANISATIONS)
        name = f"user{number}"
        roles = ("editor", "steward") if steward else ("editor",)
        add_account(New(name, name.title(), organisation=organisation, roles=roles), desk)
        made = make_token(name, desk, name="week", organisation=organisation, scopes=("read", "write", "runs"))
        found.append(Person(name, organisation, steward, made.text))
    return found
