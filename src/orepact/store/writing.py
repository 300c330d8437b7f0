"""``Unit``: changes that are kept together or not at all, with who made them and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, insert

from orepact.errors import BadInput, Conflict, Problem
from orepact.pact.records.readers import Reader, admitted, carried
from orepact.pact.records.record import Text
from orepact.store.canonical import instant
from orepact.store.chain import Head, append, locked_head
from orepact.store.checking import problems_of
from orepact.store.derived import content_of, read_content, write_lines
from orepact.store.loading import Stored, StoredRegister, stored
from orepact.store.outbox import put_out
from orepact.store.tables import revision
from orepact.store.told import Standing, standing_for

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key
    from orepact.store.engine import Database

_TEXT = TypeAdapter(Text)
#: What stands where there is no record yet.
NEW = Stored(0, "", "", "", 0)
#: What is written in one with a change.
Beside = Callable[[Connection, "Unit"], None]


@dataclass(frozen=True, slots=True)
class Put:
    """A record to be kept, as its content, in place of a version (0: it is new); ``mark``: what stood for it where it was read,
    "" where that was not said.
    """

    item: Record
    content: str
    expected: int
    mark: str = ""


@dataclass
class Unit:
    """Changes by one actor for one reason. ``versions`` and ``head`` are known once they were kept.

    ``reader``: who writes, None for the holder of the database; references and rules are checked with what he may see, and what
    he may not see of a record stays as it is. Versions have the numbers under which he is told them. ``seeding``: the records
    come with the package; everybody else's are asked whether they change what stands for good.
    """

    actor: str
    reason: str
    seeding: bool = False
    reader: Reader | None = None
    puts: dict[Key, Put] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)
    head: Head | None = None

    def put(self, item: Record, expected_version: int | None = None, mark: str = "") -> None:
        """Keep a record: a new one, or in place of the version that the caller has read (with the ``mark`` of how it stood for
        him, if he has it: ``store.told``).

        Raises:
            BadInput: the record is put twice, or cannot be read back (it was made past its checks).
        """
        key, content = (item.kind, item.id), content_of(item)
        if key in self.puts:
            mend = "put it once, as it shall be"
            raise BadInput([Problem(f"{item.kind} {item.id}", "each record once in a change", "it twice", mend)])
        read_content(*key, content)
        self.puts[key] = Put(item, content, expected_version or 0, mark)

    def checked(self) -> Unit:
        """The unit itself; raises ``BadInput`` when it does not say who or why."""
        problems = []
        for name, said in (("actor", self.actor), ("reason", self.reason)):
            try:
                _TEXT.validate_python(said)
            except ValidationError as error:
                problems.append(Problem(name, "plain text", repr(said)[:60], error.errors()[0]["msg"]))
            if not said.strip():
                problems.append(Problem(name, "who changes the register, and why", "nothing", f"give the {name}"))
        if problems:
            raise BadInput(problems)
        return self

    def commit(
        self, database: Database, clock: Callable[[], datetime], salt: Callable[[], str], beside: Beside | None = None
    ) -> None:
        """Keep every change, or none; and with them what ``beside`` writes.

        Raises:
            Conflict: a record is not at the version that the caller read.
            BadInput: the changes leave something wrong in the register; every problem at once.
            StoreUnavailable: the database failed.
        """
        with database.writing() as connection:
            head = locked_head(connection, database)  # from here on, nobody else writes
            changes = self._changes(connection)
            if changes:
                items = [self.puts[change["kind"], change["id"]].item for change in changes]
                problems = problems_of(StoredRegister.on(connection), items, seeding=self.seeding, reader=self.reader)
                if problems:
                    raise BadInput(problems)
                moment = max(instant(clock()), head.at)  # the log never runs backwards, whatever the clock does
                head = self._keep(connection, head, [{**change, "at": moment, "salt": salt()} for change in changes])
            self.head = head
            self.versions = self._numbers(connection, changes)
            if beside is not None:
                beside(connection, self)

    def _changes(self, connection: Connection) -> list[dict[str, Any]]:
        """What differs from what is there, as rows of ``revision`` without moment and salt."""
        there = stored(connection, self.puts)
        told = standing_for(connection, self.puts, self.reader) if self.reader is not None else {}
        stale, changes = [], []
        for key, asked in [*self.puts.items()]:
            stands, what = there.get(key, NEW), f"{key[0]} {key[1]}"
            put = self._completed(asked, stands.content) if self.reader is not None and stands.version else asked
            if put is None:
                stale.append(_not_his(what, asked.expected))
            elif moved := _moved(what, put, told.get(key, stands)):
                stale.append(moved)
            elif stands.content != put.content:
                action = "change" if stands.version else "add"
                own = {"version": stands.version + 1, "action": action, "content": put.content}
                changes.append({"kind": key[0], "id": key[1], "actor": self.actor, "reason": self.reason, **own})
        if stale:
            raise Conflict(stale)
        return changes

    def _completed(self, put: Put, content: str) -> Put | None:
        """A change with what the writer was not shown of the record as it stands; None when he may not know of it."""
        before = read_content(put.item.kind, put.item.id, content)
        if not admitted(before, self.reader):
            return None
        item = carried(put.item, before, self.reader)
        self.puts[item.kind, item.id] = found = replace(put, item=item, content=content_of(item))
        return found

    def _numbers(self, connection: Connection, changes: list[dict[str, Any]]) -> dict[Key, int]:
        """The version of each record that was changed, as the writer is told it (what he closed to himself as well)."""
        found = {(change["kind"], change["id"]): change["version"] for change in changes}
        if self.reader is None:
            return found
        told = standing_for(connection, found, self.reader)
        return {key: told[key].number if key in told else self.puts[key].expected + 1 for key in found}

    def _keep(self, connection: Connection, head: Head, changes: list[dict[str, Any]]) -> Head:
        head = append(connection, head, changes)
        connection.execute(insert(revision), [{key: value for key, value in each.items() if key != "action"} for each in changes])
        write_lines(connection, changes, [self.puts[change["kind"], change["id"]].item for change in changes])
        put_out(connection, changes)
        return head


def _not_his(what: str, expected: int) -> str:
    """Of a record that the writer may not know of: as if there were none, as far as two records of one id can be kept apart."""
    return _moved_on(what, expected, 0, "") if expected else f"{what}: this id cannot be taken; choose another"


def _moved(what: str, put: Put, stands: Stored | Standing) -> str:
    """Why a record is not as its writer read it; "" where it is."""
    version, mark = (stands.number, stands.mark) if isinstance(stands, Standing) else (stands.version, "")
    if version == put.expected and mark in ("", put.mark or mark):
        return ""
    return _moved_on(what, put.expected, version, f"{stands.at} by {stands.actor}")


def _moved_on(what: str, expected: int, found: int, when: str) -> str:
    if not found:
        return f"{what}: version {expected} was to be replaced, and there is no such record"
    if not expected:
        return f"{what}: there is one already, version {found} of {when}; read it, and change that"
    return f"{what}: you changed version {expected}, and version {found} of {when} stands; read it again, and change that"
