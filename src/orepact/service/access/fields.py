"""What use cases of accounts are told in words: ids, addresses, days and moments, organisations and persons of the register."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem
from orepact.pact.records.record import BROKEN

if TYPE_CHECKING:
    from orepact.store.store import Store

EMAIL = re.compile(r"[^@\s\0\ud800-\udfff]{1,64}@[^@\s\0\ud800-\udfff]{1,190}")
#: Days ahead at most: whoever means for good says nothing.
FARTHEST = timedelta(days=366 * 20)


def demand(store: Store, kind: str, name: str) -> None:
    """Raise ``NotFound`` unless the register has such a record that who asks may see."""
    store.get(kind, name)


def identifier(text: str) -> str:
    """An id of an account: as ids of records, without ``.`` and ``:``."""
    from pydantic import TypeAdapter, ValidationError

    from orepact.pact.records.record import Identifier

    try:
        found: str = TypeAdapter(Identifier).validate_python(text)
    except ValidationError:
        found = ""
    if not found or "." in found or ":" in found or len(found) > 60:
        expected = "lower-case letters and digits, joined by - or _, at most 60"
        raise BadInput([Problem("id", expected, repr(text)[:80], "write another")])
    return found


def plain(text: str, where: str, expected: str, most: int, *, least: int = 1) -> str:
    """A text without blanks around it, of some characters, all of which a database keeps."""
    found = text.strip()
    if BROKEN.search(found) or not least <= len(found) <= most:
        kind = "one with broken characters" if BROKEN.search(found) else f"{len(found)} characters"
        raise BadInput([Problem(where, f"{expected}, at most {most} characters", kind, "write another")])
    return found


def email(text: str) -> str:
    """An address, as it is compared; "" for none."""
    if text and not EMAIL.fullmatch(text):
        raise BadInput([Problem("email", "an address such as name@example.org", repr(text)[:80], "write it so, or leave it out")])
    return text.casefold()


def until(text: str | None, today: date, where: str = "until") -> str:
    """The last day of something that does not last for good; "" for none."""
    if not text:
        return ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput([Problem(where, "a day, YYYY-MM-DD", repr(text)[:40], "write it as in 2026-06-30")]) from None
    if not today <= day <= today + FARTHEST:
        raise BadInput([Problem(where, "a day from today on, within 20 years", text, "name another day")])
    return day.isoformat()


def end_of(day: str) -> str:
    """The moment at which a day is over, in UTC; "" for none."""
    from orepact.store.canonical import instant

    return instant(datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC)) if day else ""


def refuse(*wrong: tuple[bool, str, str, str, str]) -> None:
    """Raise ``BadInput`` with the problems (column, expected, found, mend) of all that are so."""
    problems = [Problem(column, expected, found, mend) for there, column, expected, found, mend in wrong if there]
    if problems:
        raise BadInput(problems)


def together(*checks: Callable[[], Any]) -> list[Any]:
    """What each check gives; raises ``BadInput`` with the problems of all of them."""
    found: list[Any] = []
    problems: list[Problem] = []
    for check in checks:
        try:
            found.append(check())
        except BadInput as error:
            problems += error.problems
        except NotFound as error:
            mend = "record it first, or mend the name"
            problems.append(Problem(error.kind, "one of the register", repr(error.name)[:80], mend))
    if problems:
        raise BadInput(problems)
    return found
