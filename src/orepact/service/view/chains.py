"""The plants of a day with what ties them, read once for all who see the same facts and the same register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.pact.supply.plants import chain_on
from orepact.service.view.kept import kept

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts import Ledger
    from orepact.pact.records.register import Register
    from orepact.pact.supply.cascade import Chain
    from orepact.store.store import Store


def chain_of(ledger: Ledger, store: Store, register: Register, on: date) -> Chain:
    """The chain of a day as who asks may see it; kept for as long as the register stands, and this minute lasts.

    What opens at a moment opens with the minute that follows, as with whole pages.
    """
    reader = store.reader
    seen = (reader.tokens, reader.now.replace(second=0, microsecond=0) if reader.now else None) if reader else None
    what = ("chain", on, store.head().hash, seen)
    return kept(ledger, what, lambda: chain_on(ledger, register, on))
