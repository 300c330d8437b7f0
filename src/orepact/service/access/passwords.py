"""Passwords: which are taken, and how they are kept and asked (argon2id).

The costs are the least that OWASP names for argon2id (2 passes over 19 MiB, one lane): 0.04 s of CPU here, where those of
the library take 0.27 s and 64 MiB, of which eight logins a second fill two cores. At most two are worked out at a time; who comes
then waits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from orepact.errors import BadInput, Problem, TooMany

if TYPE_CHECKING:
    from argon2 import PasswordHasher

PASSES, MEMORY_KIB, LANES = 2, 19_456, 1
SHORTEST, LONGEST = 12, 256
#: So many different characters at least: not aaaaaaaaaaaa.
VARIED = 5
AT_ONCE = 2
#: Seconds that somebody waits for his turn.
TURN_S = 5.0
_turns = BoundedSemaphore(AT_ONCE)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)


@cache
def _of_nobody() -> str:
    """A hash to work through for names that are not there, so that they take as long as others."""
    return _hasher().hash("nobody's password")


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=TURN_S):
        raise TooMany("many log in at this moment", retry_after=TURN_S)
    try:
        yield
    finally:
        _turns.release()


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def kept(password: str) -> str:
    """What the database keeps of a password."""
    with _turn():
        return _hasher().hash(_composed(password))


def fits(password: str, stored: str) -> bool:
    """Whether it is the password; takes as long when none is kept."""
    from argon2.exceptions import InvalidHashError, VerificationError

    composed = _composed(password)
    with _turn():
        try:
            there = _hasher().verify(stored or _of_nobody(), composed[:LONGEST])
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
    return there and bool(stored) and len(composed) <= LONGEST


def outdated(stored: str) -> bool:
    """Whether it was kept at other costs than today's."""
    return _hasher().check_needs_rehash(stored)


def check(password: str, *names: str) -> str:
    """The password itself; raises ``BadInput`` for one that is easily guessed. The password is not in the words of the error."""
    composed, folded = _composed(password), password.casefold()
    near = any(len(name) > 3 and name.casefold() in folded for name in (*names, "orepact", "password"))
    found = ""
    if not SHORTEST <= len(composed) <= LONGEST:
        found = f"one of {len(composed)}"
    elif any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in composed):
        found = "one with half a character"
    elif len(set(composed)) < VARIED:
        found = f"{len(set(composed))} different ones"
    elif near:
        found = "one with a name in it that all know"
    if found:
        expected = f"{SHORTEST} to {LONGEST} characters, {VARIED} different ones at least, without your name in it"
        raise BadInput([Problem("password", expected, found, "take a few words that nobody else would put together")])
    return composed
