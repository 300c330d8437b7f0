"""``known_since``: the first day on which an instrument is known of: lists leave it out before that."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.dates.days import Span

if TYPE_CHECKING:
    from orepact.pact.instruments.instrument import Instrument


def own_days(instrument: Instrument) -> list[date]:
    """The days on record of what made it, first to last: announced, signed, in effect; a month or a year counts with its last."""
    told = [instrument.announced, instrument.effect.day, *(one.day for one in instrument.signatures)]
    return sorted(Span.of(day).last for day in told if day)


def known_since(instrument: Instrument) -> date | None:
    """The first of those days; None where nothing is dated, so that nobody can say when it was not there."""
    return min(own_days(instrument), default=None)


def known_on(instrument: Instrument, on: date) -> bool:
    """Whether an instrument is known of on a day; one of which nothing is dated always is."""
    since = known_since(instrument)
    return since is None or since <= on
