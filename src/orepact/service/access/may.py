"""Which deed is whose: the roles that do it, and the scope that a token needs for it. One table, asked beside every deed.

A role counts in the organisation for which an account acts, and for what is that organisation's. ``registrar`` and ``auditor``
are of the register as a whole: the holder of the database gives them, nobody else. What somebody may do never depends on
whether a thing is there: the answer is the same for what he may not know of.

Who may change which record follows from the record itself (``whose``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.errors import Forbidden

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader

#: What a role of an organisation is for.
ROLES = {
    "reader": "reads what the organisation may read",
    "editor": "writes the organisation's records",
    "steward": "reads and writes what is TLP:RED of it, and shares its records",
    "key_holder": "turns the organisation's key of a decision, in person",
    "admin": "lets people in for the organisation and says with whom it shares",
    "registrar": "keeps the open records of the register that are nobody else's (the secretariat)",
    "auditor": "sees the audit log with its hashes",
}
#: Roles that the holder of the database alone gives.
OF_THE_REGISTER = frozenset({"registrar", "auditor"})
SCOPES = ("read", "write", "keys", "runs", "export", "admin")


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it: ``scope`` what a token must be for, ``roles`` one of which he has (any when empty); ``anybody``: without an
    account too; ``own``: for the organisation for which he acts alone.
    """

    scope: str
    roles: tuple[str, ...] = ()
    anybody: bool = False
    own: bool = False


_WRITERS = ("editor", "steward", "registrar")
DEEDS = {
    "read": Deed("read", anybody=True),
    "audit": Deed("read", ("auditor",)),
    "see_me": Deed("read"),
    "write": Deed("write", _WRITERS),
    "share": Deed("write", ("editor", "steward", "registrar"), own=True),
    "turn_key": Deed("keys", ("key_holder",), own=True),
    "acknowledge": Deed("write", ("editor", "steward", "key_holder"), own=True),
    "act": Deed("write", ("editor", "steward"), own=True),
    "run": Deed("runs"),
    "put_overlay": Deed("write", ("editor", "steward"), own=True),
    "export": Deed("export"),
    "import": Deed("write", _WRITERS),
    "subscribe": Deed("admin"),
    "make_feed_link": Deed("admin"),
    "end_feed_link": Deed("admin"),
    "make_token": Deed("admin"),
    "revoke_token": Deed("admin"),
    "change_password": Deed("admin"),
    "see_accounts": Deed("admin", ("admin",), own=True),
    "add_account": Deed("admin", ("admin",), own=True),
    "give_role": Deed("admin", ("admin",), own=True),
    "close_account": Deed("admin", ("admin",), own=True),
    "share_with_client": Deed("admin", ("admin",), own=True),
    "add_guest": Deed("admin", ("registrar",)),
    "change_community": Deed("admin", ("registrar",)),
}


def may(reader: Reader | None, deed: str, *, organisation: str | None = None) -> None:
    """Let a deed pass, or raise ``Forbidden``; ``organisation``: whose it is. The holder of the database (None) does all."""
    refusal = refused(reader, deed, organisation=organisation)
    if refusal:
        raise Forbidden(refusal)


def refused(reader: Reader | None, deed: str, *, organisation: str | None = None) -> str:
    """Why somebody may not do it, in words for him; "" when he may."""
    if reader is None:
        return ""
    asked = DEEDS[deed]
    words = deed.replace("_", " ")
    if not (asked.anybody or reader.account):
        return f"to {words} takes an account: log in"
    if reader.scopes is not None and asked.scope not in reader.scopes:
        return f"to {words} takes a token with the scope {asked.scope}"
    if asked.roles and not reader.roles.intersection(asked.roles):
        return f"to {words} takes the role {' or '.join(asked.roles)}"
    if asked.own and organisation is not None and organisation.casefold() != reader.organisation.casefold():
        return f"to {words} is for those who act for the organisation whose it is"
    return ""


def deeds_of(reader: Reader | None) -> list[str]:
    """The deeds that somebody may do for the organisation for which he acts, in order: what a page offers him."""
    return [deed for deed in DEEDS if not refused(reader, deed)]
