"""What guards the register within the database itself: triggers that refuse to change what was written, and the indexes that
lists go by. They guard against mistakes; who may drop them can also alter rows, which ``verify`` finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text
from sqlalchemy.schema import CreateIndex

from orepact import wording
from orepact.store.columns import metadata

#: What is refused, by table.
REFUSED = {
    "audit": ("UPDATE", "DELETE"), "revision": ("UPDATE", "DELETE"), "access_log": ("UPDATE", "DELETE"),
    "record": ("DELETE",), "audit_head": ("DELETE",),
}  # fmt: skip
#: What PostgreSQL runs in place of what is refused.
_BODY = " BEGIN RAISE EXCEPTION 'the register only grows: % of % is refused', TG_OP, TG_TABLE_NAME; END "
_FUNCTION = f"CREATE OR REPLACE FUNCTION orepact_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$"
_SQLITE_TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
_POSTGRESQL_TRIGGERS = text(
    "SELECT trigger.tgname, pg_get_triggerdef(trigger.oid), trigger.tgenabled::text, deed.prosrc FROM pg_trigger AS trigger "
    "JOIN pg_class AS owner ON owner.oid = trigger.tgrelid JOIN pg_proc AS deed ON deed.oid = trigger.tgfoid "
    "WHERE NOT trigger.tgisinternal AND owner.relnamespace = current_schema()::regnamespace"
)


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger or an index that is not there as it was made: which, and what makes it anew."""

    what: str
    name: str
    statements: tuple[str, ...]

    def __str__(self) -> str:
        mend = f"{wording.deed('pact.upgrade_register')} makes it anew where all else closes"
        return f"the {self.what} {self.name} is not there as it was made: {mend}"


def tables_gone(connection: Connection) -> list[str]:
    """Names of the tables that the database should have and has not."""
    return sorted(metadata.tables.keys() - set(inspect(connection).get_table_names()))


def absent(connection: Connection) -> list[Guard]:
    """Every trigger and index that is missing or another than it should be."""
    triggers = _of_sqlite(connection) if connection.dialect.name == "sqlite" else _of_postgresql(connection)
    return [*triggers, *_indexes(connection)]


def put_back(connection: Connection, guards: list[Guard]) -> None:
    """Make these anew; the caller commits."""
    for guard in guards:
        for statement in guard.statements:
            connection.execute(text(statement))


def _of_sqlite(connection: Connection) -> Iterator[Guard]:
    there = {row.name: row.sql for row in connection.execute(_SQLITE_TRIGGERS)}
    for table, deeds in REFUSED.items():
        for deed in deeds:
            name = f"{table}_refuses_{deed.lower()}"
            made = (
                f"CREATE TRIGGER {name} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the register only grows: {deed} of {table} is refused'); END"
            )
            if there.get(name) != made:
                yield Guard("trigger", name, (f"DROP TRIGGER IF EXISTS {name}", made))


def _of_postgresql(connection: Connection) -> Iterator[Guard]:
    there = {name: rest for name, *rest in connection.execute(_POSTGRESQL_TRIGGERS)}
    for table, deeds in REFUSED.items():
        for deed in (*deeds, "TRUNCATE"):
            name, each = f"{table}_refuses_{deed.lower()}", "STATEMENT" if deed == "TRUNCATE" else "ROW"
            made, enabled, body = there.get(name, ("", "", ""))
            # "D": switched off; "R": for replicas alone
            if not (made.startswith(f"CREATE TRIGGER {name} BEFORE {deed} ON ") and " WHEN " not in made and body == _BODY
                    and enabled in {"O", "A"}):  # fmt: skip
                anew = f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH {each} EXECUTE FUNCTION orepact_refuse()"
                yield Guard("trigger", name, (_FUNCTION, f"DROP TRIGGER IF EXISTS {name} ON {table}", anew))


def _indexes(connection: Connection) -> Iterator[Guard]:
    for table in metadata.tables.values():
        there = {index["name"]: index["column_names"] for index in inspect(connection).get_indexes(table.name)}
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            if there.get(str(index.name)) != [column.name for column in index.columns]:
                made = str(CreateIndex(index).compile(dialect=connection.dialect))
                yield Guard("index", str(index.name), (f"DROP INDEX IF EXISTS {index.name}", made))
