"""What an instrument says of itself: when it starts, how it is changed, how it ends, and what outlives the end."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from orepact.pact.dates.days import DateText
from orepact.pact.records.record import Identifier, Part, Text


class Effect(Part):
    """The start of operation: with the last signature, on a stated day, or not stated in what was seen of the text."""

    rule: Literal["last_signature", "stated", "not_stated"] = "not_stated"
    day: DateText | None = None
    article: Identifier | None = None
    note: Text = ""


class ChangeRule(Part):
    """How the instrument is changed: by a decision of every participant, written or not (null: not stated)."""

    by: Literal["all_participants"] = "all_participants"
    written: bool | None = None
    through_contacts: bool | None = None
    article: Identifier | None = None


class EndRule(Part):
    """How a participant ends the instrument: notice of so many months, which it *should* or *shall* give.

    ``ends_for``: whether the notice of one ends it for all or for the giver alone; null where the text seen does not say: it is
    read as an end for all. ``survival``: whether what was shared before stays protected after the end; null where not stated.
    """

    months: int | None = Field(default=None, ge=0, le=1200)
    strength: Literal["should", "shall"] | None = None
    written: bool | None = None
    ends_for: Literal["all", "giver"] | None = None
    survival: bool | None = None
    article: Identifier | None = None
    survival_text: Text = ""
