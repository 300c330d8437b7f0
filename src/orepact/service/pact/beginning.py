"""Use case: a register to begin with, for who names none: made and filled with what comes with the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orepact.store.store import Store


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the usual register lies, and whether it was filled just now."""

    address: str
    filled: bool


def begin_register() -> Begun:
    """The usual register, made where there is none and filled where nothing was ever written; any other stays as it is.

    Raises ``StoreOutdated`` for one of an earlier form, ``StoreUnavailable``.
    """
    from orepact.service.pact.keeping import init_register
    from orepact.service.pact.seeding import seed_register
    from orepact.store import open_store
    from orepact.store.address import Address

    file = Address.of().file
    if file is not None and not file.exists():
        init_register()
    empty = _is_empty(open_store())
    if empty:
        seed_register()
    return Begun(str(Address.of()), filled=empty)


def _is_empty(store: Store) -> bool:
    try:
        return not store.head().seq
    finally:
        store.close()
