"""Years of the customs tables of which the reports of some buyers are not all in, for views that show trade of that year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.service.view.kept import kept
from orepact.shock.watch.reports import late_reporters
from orepact.shock.watch.rules import WatchRules

if TYPE_CHECKING:
    from orepact.facts import Ledger


def provisional_in(ledger: Ledger, year: int) -> tuple[str, ...]:
    """Buyers whose figures of a year are provisional, by id; none of a year without tables."""

    def read() -> tuple[str, ...]:
        return tuple(sorted(late_reporters(ledger, year, WatchRules.shipped().reading.reports_in)))

    return kept(ledger, ("provisional", year), read)
