"""What an audience is shown of facts that were laid over those of the package: its claims, their sources, a hash of just these.

A hash over whole files would change with what is closed to the audience, and would tell whoever guesses at it that he is right.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from orepact.facts.claims import CLAIM_COLUMNS
from orepact.facts.sources import SOURCE_COLUMNS


@dataclass(frozen=True, eq=False)
class Shown:
    """``claims``: those laid over that are shown (trade too), in the order of their files; ``known``: all sources, by id;
    ``shipped``: ids of those of the package, which are for all; ``base``: the edition of the package.
    """

    claims: pd.DataFrame
    known: pd.DataFrame
    shipped: frozenset[str]
    base: str

    @cached_property
    def sources(self) -> pd.DataFrame:
        """The sources of the package, and those on which a claim stands that is shown."""
        told: pd.DataFrame = self.known[self.known["source"].isin(self.shipped | frozenset(self.claims["source"]))]
        return told

    @cached_property
    def edition(self) -> str:
        """SHA-256 of the package's edition and what is shown besides, in hexadecimal; that of the package where nothing is."""
        if self.claims.empty:
            return self.base
        besides = self.sources[~self.sources["source"].isin(self.shipped)]
        digest = hashlib.sha256(self.base.encode())
        for frame, columns in ((self.claims, CLAIM_COLUMNS), (besides, SOURCE_COLUMNS)):
            digest.update(frame[list(columns)].to_csv(index=False, lineterminator="\n").encode() + b"\0")
        return digest.hexdigest()
