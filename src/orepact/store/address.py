"""Where the register is kept: a file of SQLite, or a database of PostgreSQL, by address."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from orepact.errors import BadInput, Problem
from orepact.facts.importing import user_folder
from orepact.wording import field

VARIABLE = "OREPACT_DATABASE_URL"
#: In place of it a file that holds the address, so that its password stands in no environment.
FILE_VARIABLE = f"{VARIABLE}_FILE"
_FORMS = "a file name, sqlite:///FILE or postgresql://USER@HOST:PORT/DATABASE"


@dataclass(frozen=True)
class Address:
    """A database by its address, whose words never show a password."""

    url: URL

    @classmethod
    def of(cls, text: str | None = None) -> Address:
        """Read an address; without one that in the file ``$OREPACT_DATABASE_URL_FILE``, or ``$OREPACT_DATABASE_URL``, else a
        file in the user's data folder.

        Raises:
            BadInput: an address of another kind of database, or of none; a file of an address that cannot be read.
        """
        text = text or _in_file() or os.environ.get(VARIABLE) or str(user_folder().parent / "register.db")
        if "://" not in text:
            return cls(URL.create("sqlite", database=text))
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            raise _bad(text) from None
        return cls(_sqlite(url, text) if url.get_backend_name() == "sqlite" else _postgresql(url, text))

    @property
    def file(self) -> Path | None:
        """The file of SQLite, if it is one."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    def __str__(self) -> str:
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


def _in_file() -> str:
    file = os.environ.get(FILE_VARIABLE)
    if not file:
        return ""
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput([Problem(FILE_VARIABLE, "a file with the address of the database", str(error), "mend the path")]) from None


def _sqlite(url: URL, text: str) -> URL:
    if not url.database or ":memory:" in url.database or url.query:
        raise _bad(text)
    return URL.create("sqlite", database=url.database)


def _postgresql(url: URL, text: str) -> URL:
    if url.get_backend_name() not in {"postgresql", "postgres"} or not url.database:
        raise _bad(text)
    return url.set(drivername="postgresql+psycopg")


def _bad(text: str) -> BadInput:
    shown = text.rpartition("@")[2] if "@" in text else text
    return BadInput([Problem("address of the database", _FORMS, repr(shown), f"mend {field('db')} or ${VARIABLE}")])
