"""Who may see a claim: Traffic Light Protocol 2.0 labels and the audience that reads.

Grammar: ``TLP:CLEAR``, ``TLP:GREEN``, ``TLP:AMBER/OWNER``, ``TLP:AMBER+STRICT/OWNER``, ``TLP:RED/OWNER``.
CLEAR is for everyone, GREEN for the community, AMBER for the owner and its clients, the others for the owner only.
Source: FIRST, Traffic Light Protocol 2.0 (2022).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd


class Tlp(IntEnum):
    """The labels, from open to closed; a higher one is stricter."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4


_LABEL = re.compile(r"TLP:(CLEAR|GREEN|AMBER\+STRICT|AMBER|RED)(?:/([A-Za-z0-9][A-Za-z0-9_.-]*))?")


@dataclass(frozen=True, slots=True)
class Label:
    """A level and the organisation that owns the claim ("" for open levels)."""

    level: Tlp
    owner: str = ""

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, text: str) -> Label | None:
        """The label that ``text`` writes, or None when it breaks the grammar (a closed level needs an owner).

        >>> Label.parse("TLP:AMBER+STRICT/nrcan")
        Label(level=<Tlp.AMBER_STRICT: 3>, owner='nrcan')
        >>> Label.parse("TLP:RED") is None
        True
        """
        found = _LABEL.fullmatch(text)
        if found is None:
            return None
        level = Tlp[found[1].replace("+", "_")]
        if level >= Tlp.AMBER and not found[2]:
            return None
        return cls(level, found[2] or "")

    def __str__(self) -> str:
        level = self.level.name.replace("_", "+")
        return f"TLP:{level}/{self.owner}" if self.owner else f"TLP:{level}"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads: an organisation (or nobody in particular), member of the community or not, client of some owners; ``steward``:
    whether what is for named persons alone (RED) is for this one.

    >>> Audience().admits(Label(Tlp.GREEN)), Audience("meti", community=True).admits(Label(Tlp.GREEN))
    (False, True)
    """

    organisation: str = ""
    community: bool = False
    client_of: frozenset[str] = frozenset()
    steward: bool = True

    def admits(self, label: Label) -> bool:
        """True when this audience may see a claim with that label."""
        if label.level is Tlp.CLEAR:
            return True
        owns = bool(self.organisation) and self.organisation == label.owner
        if label.level is Tlp.GREEN:
            return owns or self.community
        if label.level is Tlp.RED:
            return owns and self.steward
        return owns or (label.level is Tlp.AMBER and label.owner in self.client_of)

    def mask(self, labels: pd.Series) -> npt.NDArray[np.bool_]:
        """Which claims this audience may see; a label that breaks the grammar is seen by nobody."""
        import numpy as np
        import pandas as pd

        codes, unique = pd.factorize(labels)
        parsed = [Label.parse(str(text)) for text in unique]
        seen = np.array([label is not None and self.admits(label) for label in parsed], dtype=bool)
        return seen[codes] if len(seen) else np.empty(0, dtype=bool)
