"""Network packages that organisations keep under a name, as rows of the database: each version stays as it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from orepact.store.versions import Version, Versions
from orepact.store.work import network


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept(Version):
    """A version of a network. ``content``: a zip of its files in base64, left out where many are listed; ``bytes``: unpacked."""

    content: str = field(repr=False)
    title: str
    files: int
    bytes: int


#: Their rows.
versions = Versions(network, Kept, ("content",))
