"""When an instrument starts to work: derived from its signatures or its own words, with the dates that other sources claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.dates.days import Span, happened

if TYPE_CHECKING:
    from orepact.pact.instruments.instrument import DateClaim, Instrument, Signature


@dataclass(frozen=True, slots=True)
class Start:
    """The start of operation as known on a day: None where it has none yet or none is stated; ``because`` says which.

    ``waiting``: parties that have not signed; ``rivals``: dates that other sources give, each with why it was not taken.
    """

    day: str | None
    because: str
    waiting: tuple[str, ...] = ()
    rivals: tuple[DateClaim, ...] = ()

    def begun(self, on: date) -> bool:
        """Whether it works on a day, as far as the start goes."""
        return self.day is not None and happened(self.day, on)


def signatures_by(instrument: Instrument, on: date) -> tuple[Signature, ...]:
    """The signatures known on a day, first to last; witnesses are left out."""
    found = (mark for mark in instrument.signatures if mark.capacity == "signed" and happened(mark.day, on))
    return tuple(sorted(found, key=lambda mark: (Span.of(mark.day).last, Span.of(mark.day).first)))


def unsigned(instrument: Instrument, on: date) -> tuple[str, ...]:
    """Parties without a signature on a day."""
    signed = {mark.organisation for mark in signatures_by(instrument, on)}
    return tuple(party.organisation for party in instrument.parties if party.organisation not in signed and party.holds_on(on))


def start(instrument: Instrument, on: date) -> Start:
    """When the instrument starts, by its own rule.

    With ``last_signature`` it is the day of the last one, once every party has signed; a stated day is that day; where nothing is
    stated there is none, whatever day it was signed.
    """
    rivals = tuple(claim for claim in instrument.date_claims if not claim.taken)
    waiting, signed = unsigned(instrument, on), signatures_by(instrument, on)
    rule = instrument.effect.rule
    if rule == "stated":
        return Start(instrument.effect.day, f"stated: {instrument.effect.day}", waiting, rivals)
    if rule == "not_stated":
        known = f"; signed {signed[-1].day}" if signed else ""
        return Start(None, f"no start is stated in what was seen of the text{known}", waiting, rivals)
    if waiting or not signed:
        names = ", ".join(waiting) or "its parties"
        return Start(None, f"starts with the last signature; not signed by {names}", waiting, rivals)
    last = [mark for mark in signed if mark.day == signed[-1].day]
    who = ", ".join(mark.organisation for mark in last)
    return Start(signed[-1].day, f"the last of {len(signed)} signatures, {signed[-1].day}: {who}", (), rivals)
