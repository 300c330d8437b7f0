"""The secrets of webhooks as the database keeps them: sealed, opened where a message is signed, sealed anew with another key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import Forbidden, StoreUnavailable
from orepact.service.access import sealing
from orepact.service.access.noting import note
from orepact.service.access.sealing import key_gone, keys_of, resealed, sealed_with
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.store import outbox
from orepact.store.people import changing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.service.pact.desk import Where
    from orepact.store.outbox import Subscription
    from orepact.store.store import Store

COLUMNS = ("key", "seals", "webhooks")


def purpose_of(webhook: str) -> str:
    """What the secret of a webhook is sealed for."""
    return f"webhook {webhook}"


def sealed(store: Store, connection: Connection, webhook: str, secret: str) -> str:
    """A new secret as the database keeps it. Raises ``StoreUnavailable``: no key is made where others need one that is not
    here.
    """
    return keys_of(store, outbox.secrets_of(connection).values()).seal(secret, purpose_of(webhook))


def secret_of(store: Store, one: Subscription) -> str:
    """What signs the messages of a webhook; raises ``StoreUnavailable`` where it cannot be opened."""
    return keys_of(store, [one.secret]).opened(one.secret, purpose_of(one.id)) if sealed_with(one.secret) else one.secret


def seal_again(db: Where = None, *, new: bool = False) -> Result:
    """Seal every secret with the first key of the file, ``new``: with a new one that is put there before: ``COLUMNS``.

    For the holder of the database. Raises ``StoreUnavailable`` when a key is not there, and changes nothing then.
    """
    with opened(db, filled=False) as store:
        if store.reader is not None:
            raise Forbidden("the keys of the register are for who holds it")
        with changing(store.database) as connection:
            there = outbox.secrets_of(connection)
            keys = keys_of(store, there.values())
            _demand_all(keys, there)
            keys = sealing.add_key(store) if new else keys
            changed = resealed(keys, there, purpose_of)
            outbox.keep_secrets(connection, changed)
            if changed:
                note(connection, store, "seal_again", f"{len(changed)} webhooks")
            used = [sealed_with(text) for text in (there | changed).values()]
    rows = [(name, number == 0, used.count(name)) for number, name in enumerate(keys.by_name)]
    left = [name for name, seals, _ in rows if not seals]
    warnings = [f"{', '.join(left)}: no secret needs {'it' if len(left) == 1 else 'them'} now; older backups do"] if left else []
    data = pd.DataFrame(rows, columns=list(COLUMNS))
    return Result(data, {"title": f"{len(changed)} sealed anew; the keys are in {keys.where}", "warnings": warnings})


def seal_open(store: Store) -> None:
    """Seal what an earlier program kept in clear."""
    from orepact.service.pact.desk import Desk

    with store.database.reading() as connection:
        there = outbox.secrets_of(connection).values()
    if any(text and not sealed_with(text) for text in there) and not unopened(store):
        seal_again(Desk(store))


def _demand_all(keys: sealing.Keys, there: dict[str, str]) -> None:
    gone = {sealed_with(text) for text in there.values()} - {"", *keys.by_name}
    if gone:
        raise key_gone(", ".join(sorted(gone)), keys.where)


def unopened(store: Store) -> list[str]:
    """What to say of secrets that cannot be opened here, as after restoring a backup without its key."""
    with store.database.reading() as connection:
        there = {name: text for name, text in outbox.secrets_of(connection).items() if sealed_with(text)}
    try:
        if there:
            _demand_all(keys_of(store, there.values()), there)
    except StoreUnavailable as gone:
        return [f"webhooks send nothing: {gone}"]
    return []
