"""``Fitting``: which instruments somebody asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fitting:
    """Instruments of a party (a country or an organisation), in a state, that ran at some day between two; "" is any."""

    party: str = ""
    state: str = ""
    since: str = ""
    until: str = ""

    def fits(self, parties: Collection[str], state: str, since: str, until: str) -> bool:
        """Whether one is asked for, by its parties and their countries, its state, and its days ("" where none is known).

        >>> Fitting(party="CAN", since="2024-01-01").fits({"CAN", "nrcan"}, "in_operation", "2023-09-21", "")
        True
        >>> Fitting(until="2023-01-01").fits({"CAN"}, "in_operation", "2023-09-21", "")
        False
        """
        begins_late = bool(self.until) and (not since or since > self.until)
        ends_early = bool(self.since) and bool(until) and until < self.since
        of_party = not self.party or self.party in parties
        return of_party and self.state in {"", state} and not begins_late and not ends_early
