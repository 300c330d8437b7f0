"""Who asks: what a request shows of it, whom that stands for, and whether he may ask for this."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Protocol

from orepact.errors import Forbidden, Unauthorised
from orepact.service.access.callers import NOBODY, Caller, caller_of
from orepact.service.access.may import DEEDS, may
from orepact.service.pact.desk import Desk
from orepact.store.store import Store

#: Cookies of a session: on https, and on plain http of this machine.
COOKIE, PLAIN_COOKIE = "__Host-orepact", "orepact"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_SECRET = 200


class Accounts(Protocol):
    """What the edge asks of accounts."""

    def caller_of(self, *, session: str | None = None, token: str | None = None) -> Caller:
        """Whom a session or a token stands for; raises ``Unauthorised`` for what is wrong, ended or not known."""


@dataclass(frozen=True, slots=True)
class Registered:
    """The accounts of a register."""

    store: Store

    def caller_of(self, *, session: str | None = None, token: str | None = None) -> Caller:
        """Whom a session or a token stands for; raises ``Unauthorised``."""
        return caller_of(Desk(self.store, None), session=session, token=token)


def demand(caller: Caller, deed: str) -> None:
    """Let a deed pass; raises ``Unauthorised`` for who shows nothing where one must, ``Forbidden`` for whose it is not."""
    if not (caller.reader.account or DEEDS[deed].anybody):
        raise Unauthorised("log in, or send a token: Authorization: Bearer ...")
    may(caller.reader, deed)


def at(caller: Caller, moment: datetime, *, whole_minute: bool) -> Caller:
    """The caller at the moment of asking; for reading to the minute, so that what is kept of a minute is one answer.

    Rounding down opens an embargo later, never earlier; all that closes closes at the begin of a day.
    """
    found = moment.astimezone(UTC)
    found = found.replace(second=0, microsecond=0) if whole_minute else found
    return replace(caller, reader=caller.reader.asking(found))


def shown_by(headers: Mapping[str, str], *, https: bool) -> dict[str, str]:
    """What a request shows of who asks: a ``token`` or a ``session``; nothing is empty.

    Raises ``Unauthorised`` for an ``Authorization`` that is no bearer token: it is not passed over in silence.
    """
    given = headers.get("authorization")
    if given is not None:
        word, _, secret = given.partition(" ")
        if word.casefold() != "bearer" or not secret.strip() or len(secret) > LONGEST_SECRET:
            raise Unauthorised("what was shown lets nobody in, or no longer: log in again")
        return {"token": secret.strip()}
    session = cookies_of(headers.get("cookie", "")).get(COOKIE if https else PLAIN_COOKIE, "")
    return {"session": session} if session and len(session) <= LONGEST_SECRET else {}


def cookies_of(header: str) -> dict[str, str]:
    """The cookies of a request; of two of one name the first, as browsers send the most specific first.

    >>> cookies_of("a=1; b=2; a=3")
    {'a': '1', 'b': '2'}
    """
    found: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        found.setdefault(name, value)
    return found


def cookie(secret: str, *, https: bool, of: str = "", seconds: int | None = None) -> str:
    """The field that gives a browser its session (or what else it is ``of``), or with "" takes it away.

    >>> cookie("abc", https=True)
    '__Host-orepact=abc; Path=/; HttpOnly; SameSite=Lax; Secure'
    """
    name = f"{COOKIE if https else PLAIN_COOKIE}{f'-{of}' if of else ''}"
    ends = "; Max-Age=0" if not secret else "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={secret}; Path=/; HttpOnly; SameSite=Lax{'; Secure' if https else ''}{ends}"


def check_private(scheme: str, client: tuple[str, int] | None) -> None:
    """Raise ``Forbidden`` for a password or a session that others on the way could read: it comes by https, or stays here."""
    if scheme != "https" and not (client is not None and _is_here(client[0])):
        raise Forbidden("sessions are for https: ask there")


def _is_here(address: str) -> bool:
    """Whether it is an address of this machine; what a proxy says of a client may be no address at all."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def check_origin(headers: Mapping[str, str], host: str) -> None:
    """Raise ``Forbidden`` for a change that a page of another site sends with the cookies of this one."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise Forbidden("a change must come from a page of this service")
    if origin is not None and origin.partition("://")[2].casefold() != host.casefold():
        raise Forbidden("a change must come from a page of this service")


def check_form(caller: Caller, headers: Mapping[str, str], field: str = "") -> None:
    """Raise ``Forbidden`` for a change with a session that does not carry the token of its forms, in its head or as ``field``."""
    given = headers.get("x-csrf-token", "") or field
    if caller.session and not hmac.compare_digest(given.encode(), caller.csrf.encode()):
        raise Forbidden("a change with a session carries X-CSRF-Token")


__all__ = [
    "COOKIE", "NOBODY", "PLAIN_COOKIE", "SAFE", "Accounts", "Caller", "Registered", "at", "check_form", "check_origin",
    "check_private", "cookie", "cookies_of", "demand", "shown_by",
]  # fmt: skip
