"""``Shelf``: things of one kind that organisations keep under names for their own runs, overlays or networks.

Nobody else is told that there is one. A version stays as it was; ending a thing lets no new run use it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic

from orepact.errors import NotFound
from orepact.service.access.may import may
from orepact.service.access.noting import note
from orepact.service.pact.desk import opened
from orepact.service.sharing.owned import demand_apart, demand_name, is_steward, label_of, owner_of, parted, sees
from orepact.store.people import changing
from orepact.store.queue import now_of
from orepact.store.versions import Kept, Versions

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where
    from orepact.store.store import Store


@dataclass(frozen=True)
class Shelf(Generic[Kept]):
    """``what``: how a thing is called; ``versions``: its rows."""

    what: str
    versions: Versions[Kept]

    def claim(self, store: Store, name: str, label: str, organisation: str) -> tuple[str, str]:
        """Whose a version is that somebody is about to put, and its label; raises ``BadInput``, ``Forbidden``."""
        owner = owner_of(store, organisation)
        may(store.reader, "put_overlay", organisation=owner)
        mark = label_of(label, owner, steward=is_steward(store))
        demand_name(self.what, name)
        demand_apart(self.what, name, mark)
        return owner, mark

    def put(self, store: Store, new: Kept) -> Kept:
        """Keep a version as the next one; the same again is the version that there is."""
        with changing(store.database) as connection:
            before = self.versions.last(connection, new.owner, new.name)
            if before is not None and not before.ended_at and (before.sha256, before.label) == (new.sha256, new.label):
                return before
            number, who = before.version + 1 if before else 1, store.reader.account if store.reader is not None else ""
            found = replace(new, version=number, created_at=now_of(connection), created_by=who)
            self.versions.add(connection, found)
            note(connection, store, f"put_{self.what}", f"{found.owner}/{found.ref}", label=found.label)
        return found

    def listed(self, db: Where, organisation: str) -> list[Kept]:
        """Every version of one's organisation (of all for the holder of the database), without what is heavy."""
        with opened(db, filled=False) as store:
            may(store.reader, "run")
            owner = organisation if store.reader is None else owner_of(store, organisation)
            with store.database.reading() as connection:
                return [one for one in self.versions.of(connection, owner) if sees(store, one)]

    def found(self, db: Where, ref: str, organisation: str) -> Kept:
        """One of one's organisation (``NAME@VERSION``, else the last); raises ``NotFound``."""
        with opened(db, filled=False) as store:
            may(store.reader, "run")
            owner = owner_of(store, organisation)
            with store.database.reading() as connection:
                return self._named(store, connection, owner, ref)

    def end(self, db: Where, ref: str, organisation: str) -> Kept:
        """Let no new run use it; it as it is then. Raises ``NotFound``, ``Forbidden``."""
        with opened(db, filled=False) as store:
            owner = owner_of(store, organisation)
            may(store.reader, "put_overlay", organisation=owner)
            with changing(store.database) as connection:
                found = self._named(store, connection, owner, ref)
                moment = now_of(connection)
                self.versions.end(connection, owner, found.name, moment)
                note(connection, store, f"end_{self.what}", f"{owner}/{found.name}", label=found.label)
            return replace(found, ended_at=found.ended_at or moment)

    def _named(self, store: Store, connection: Connection, owner: str, ref: str) -> Kept:
        """It by its name; not there also where somebody may not see it."""
        name, number = parted(ref)
        last, version_of = self.versions.last, self.versions.version_of
        found = last(connection, owner, name) if number is None else version_of(connection, owner, name, number)
        if found is None or not sees(store, found):
            raise NotFound(self.what, ref)
        return found
