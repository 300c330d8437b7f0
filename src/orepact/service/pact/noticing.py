"""Use cases of notices through contact points: send one, acknowledge it, see who has not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from orepact.service.pact.changing import add_to, keep_new
from orepact.service.pact.desk import asked, manifest_of, moment_of
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where


def send_notice(
    name: str, db: Where = None, *, instrument: str, sender: str, to: Sequence[str], title: str, reason: str, text: str = "",
    days: int | None = None, zone: str = "UTC", at: str | None = None, actor: str | None = None,
) -> Result:  # fmt: skip
    """Put a notice on record, with the days within which it is to be acknowledged where any are set."""
    from orepact.pact.instruments.notices import Notice

    fields = {
        "id": name, "title": title, "instrument": instrument, "sender": sender, "to": list(to), "sent_at": moment_of(at),
        "zone": zone, "days": days, "text": text,
    }  # fmt: skip
    keep_new(Notice, fields, db, reason=reason, actor=actor)
    return show_notice(name, db)


def acknowledge_notice(
    name: str, db: Where = None, *, organisation: str, reason: str, of: str | None = None, person: str | None = None,
    at: str | None = None, actor: str | None = None,
) -> Result:  # fmt: skip
    """Note that a contact point, or its delegate (``of``: for whom), has the notice."""
    from orepact.pact.instruments.notices import Notice

    entry = {"organisation": organisation, "of": of, "person": person, "at": moment_of(at), "words": reason}
    add_to(Notice, name, "acknowledgements", entry, db, reason=reason, actor=actor)
    return show_notice(name, db)


def show_notice(name: str, db: Where = None, *, on: str | None = None) -> Result:
    """How a notice stands on a day: ``organisation, state, at, late_days, ask``."""
    from orepact.pact.instruments.notices import Notice, answers

    day = day_of(on)
    with asked(db) as (store, register):
        notice = register.get(Notice, name)
        manifest = manifest_of(store, day)
    names = ["organisation", "state", "at", "late_days", "ask"]
    rows = [
        (one.organisation, one.state, one.at.isoformat() if one.at else "", one.late_days, one.ask)
        for one in answers(notice, day)
    ]
    until = f", to be acknowledged by {notice.deadline}" if notice.deadline else ""
    meta = {
        "title": f"{notice.title} ({name}), sent {notice.sent_on}{until}",
        "manifest": manifest,
        "units": {"late_days": "day"},
    }
    return Result(pd.DataFrame(rows, columns=names), meta)
