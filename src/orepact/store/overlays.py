"""Claims that organisations lay over the facts, as rows of the database: each version stays as it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from orepact.store.versions import Version, Versions
from orepact.store.work import overlay


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay(Version):
    """A version of an overlay; both texts are left out where many are listed."""

    claims: str = field(repr=False)
    sources: str = field(repr=False)
    rows: int


#: Their rows.
versions = Versions(overlay, Overlay, ("claims", "sources"))
