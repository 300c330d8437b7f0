"""The form of the database: made and brought up to date by steps, each whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import Connection, inspect, select, text, update

from orepact.errors import BadInput, Problem, StoreOutdated, StoreUnavailable
from orepact.store import derived
from orepact.store.faults import named_faults
from orepact.store.inventory import EVERY
from orepact.store.tables import audit_head, setting
from orepact.wording import deed

if TYPE_CHECKING:
    from orepact.store.engine import Database


@dataclass(frozen=True, slots=True)
class Form:
    """What form a database is in: its step (none when it holds no register) and how its lines were made."""

    step: str | None
    lines: str = ""


@cache
def steps() -> tuple[str, ...]:
    """Every step that this program knows, first to last: by the names of their modules, as alembic takes long to load."""
    folder = Path(__file__).parent / "migrations" / "versions"
    return tuple(sorted(module.name.partition("_")[0] for module in iter_modules([str(folder)])))


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "orepact.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def form_of(connection: Connection) -> Form:
    """The form that a database is in."""
    if not inspect(connection).has_table("alembic_version"):
        return Form(None)
    step = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if step is None or not inspect(connection).has_table(setting.name):
        return Form(step)
    return Form(step, connection.execute(select(setting.c.value).where(setting.c.name == "lines")).scalar() or "")


def no_register(where: str) -> NoReturn:
    """Say how to make one."""
    raise StoreOutdated(f"there is no register in {where} yet: make one with {deed('pact.init_register')}")


def check_form(connection: Connection, where: str, *, lines: bool = True) -> None:
    """Raise ``StoreOutdated`` unless the database is in the form of this program; ``lines``: its lines too."""
    form = check_known(connection, where)
    if form.step != steps()[-1]:
        raise StoreOutdated(f"the register in {where} is of an earlier form ({form.step}): run {deed('pact.upgrade_register')}")
    if lines and form.lines != derived.FORM:
        found = f"says that its lines are of form {form.lines!r}" if form.lines else "does not say of which form its lines are"
        looked = f"{deed('pact.verify_audit')} says before whether more was changed"
        mend = f"run {deed('pact.upgrade_register')}, which makes them anew; {looked}"
        raise StoreOutdated(f"the register in {where} {found}, and this program reads {derived.FORM!r}: {mend}")


def check_known(connection: Connection, where: str) -> Form:
    """The form of a database; raises ``StoreOutdated`` when it holds no register, or one of a later form."""
    form = form_of(connection)
    if form.step is None:
        no_register(where)
    if form.step not in steps():
        raise StoreOutdated(f"the register in {where} is of a later form ({form.step}) than this program knows: update orepact")
    return form


def take_steps(connection: Connection, to: str | None = None) -> None:
    """Bring the tables of a database, empty ones included, to a step, the last when none is named.

    All within the transaction of the connection: the caller commits.
    """
    from alembic import command

    command.upgrade(_config(connection), to or "head")


def upgrade(connection: Connection) -> None:
    """Take every step that is left, and make lines and references anew if they are of another form; the caller commits."""
    take_steps(connection)
    if form_of(connection).lines != derived.FORM:
        derived.rebuild(connection)
        note(connection, "lines", derived.FORM)


def note(connection: Connection, name: str, value: str) -> None:
    """Keep a setting."""
    if not connection.execute(update(setting).where(setting.c.name == name).values(value=value)).rowcount:
        connection.execute(setting.insert(), {"name": name, "value": value})


def drop_empty(connection: Connection) -> None:
    """Take the tables away from a database whose register holds nothing."""
    assert connection.execute(select(audit_head.c.seq)).scalar() == 0, "a register that holds records is never dropped"
    for table in reversed(EVERY):
        connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))
    connection.execute(text("DROP TABLE alembic_version"))
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP FUNCTION IF EXISTS orepact_refuse"))


def check_empty(connection: Connection, where: str) -> None:
    """Raise ``BadInput`` when a database holds tables of others: a register has a database of its own."""
    found = inspect(connection).get_table_names()
    if found:
        expected, there = "an empty database", f"one with {', '.join(sorted(found)[:5])} in {where}"
        raise BadInput([Problem("address of the database", expected, there, "give the register a database of its own")])


def prepare(database: Database) -> None:
    """What must be so before the first table stands: the write-ahead log of SQLite, UTF-8 in PostgreSQL.

    Raises:
        StoreUnavailable: a disk that cannot keep the log, or a database of another encoding.
    """
    if database.sqlite:
        with named_faults(str(database.address)):
            _prepare_sqlite(database)
    else:
        with database.reading() as connection:
            encoding = connection.execute(text("SHOW server_encoding")).scalar()
        if encoding != "UTF8":
            raise StoreUnavailable(f"the database is in {encoding}: create one in UTF8", where=str(database.address))


def _prepare_sqlite(database: Database) -> None:
    connection = database.engine.raw_connection()
    try:
        mode = connection.cursor().execute("PRAGMA journal_mode=WAL").fetchone()[0]  # kept in the file
    finally:
        connection.close()
    if mode != "wal":
        why = "the disk cannot keep a write-ahead log (a network drive?): choose another"
        raise StoreUnavailable(why, where=str(database.address))


def make_folder(file: Path) -> None:
    """The folder of a register to come."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreUnavailable(f"the folder of the register cannot be made: {fault.strerror}", where=str(file)) from fault
