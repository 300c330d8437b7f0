"""Use case of engagement with rights-holders: what the Nation whose record it is lets who asks see, on a day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orepact.service.pact.desk import keep, made, manifest_of, opened, seeing
from orepact.service.pact.telling import table, titled
from orepact.service.result import Result
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from datetime import date

    from orepact.pact.organisations.engagement import Engagement
    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

COLUMNS = (
    "engagement", "nation", "project", "consent", "contacts", "last_contact", "agreements", "equity_share", "approved_on",
    "label", "confidence",
)  # fmt: skip
THEIRS = (
    "each record is the Nation's: it may correct or hide it; what is hidden leaves no sign, and a Nation not named has rights too"
)
NOT_APPROVED = "no Nation has approved these lines for publication yet: they repeat what public pages say"


def show_engagement(
    projects: Sequence[str] = (), db: Where = None, *, on: str | None = None, organisations: Sequence[str] = ()
) -> Result:
    """Engagement about projects (all) on a day, as far as its Nations show it to who asks for these organisations.

    ``consent``: what the Nation has said, "not_stated" where it has said nothing. ``meta["contacts"]``: what happened when;
    ``meta["awaiting"]``: records that their Nation has not approved for publication.
    """
    from orepact.pact.organisations.engagement import Engagement, awaiting
    from orepact.pact.projects.project import Project

    day = day_of(on)
    with opened(db) as store, seeing(store, organisations, day).reading() as register:
        names = {register.get(Project, name).id for name in projects}
        found = [one for one in register.all(Engagement) if not names or one.project in names]
        rows = [_row(one, register, day) for one in sorted(found, key=lambda one: (one.project, one.id))]
        manifest = manifest_of(store, day)
    approved = [one for one in found if one.approved_for_publication_on and one.approved_for_publication_on <= day]
    meta = {
        "title": titled(len(rows), "engagement", "engagements", f"that you may see, as of {day}"),
        "awaiting": [one.id for one in awaiting(found, day)],
        "contacts": [contact for one in found for contact in _contacts(one, day)],
        "manifest": manifest,
        "units": {"equity_share": "1"},
        "warnings": [THEIRS, *([] if approved or not rows else [NOT_APPROVED])],
    }
    data = table(rows, COLUMNS)
    return Result(data, meta, shown=lambda data: data.drop(columns=["label", "approved_on"]))


def set_showing(
    name: str, db: Where = None, *, hidden: bool, reason: str, by: str = "", approve: bool = False,
    organisations: Sequence[str] = (), actor: str | None = None,
) -> Result:  # fmt: skip
    """Hide an engagement from all but its Nation from today on, or show it again; ``approve``: the Nation has it published.

    ``by``: who says so for the Nation. Raises ``Forbidden`` or ``BadInput`` for anybody but the Nation, ``NotFound``.
    """
    from orepact.pact.organisations.engagement import Engagement

    today = day_of(None).isoformat()
    with opened(db) as store:
        before, version = store.get(Engagement.kind, name)
        content = before.content()
        content |= {"showing": [*content.get("showing", ()), {"since": today, "hidden": hidden, "by": by}]}
        content |= {"approved_for_publication_on": today} if approve and not hidden else {}
        record = made(Engagement, content)
        keep(store, [record], {(Engagement.kind, name): version}, actor=actor, reason=reason, organisations=organisations)
        manifest = manifest_of(store)
    rows = [
        {"engagement": name, "hidden": record.hidden(day_of(None)), "approved_on": content.get("approved_for_publication_on")}
    ]
    words = "is hidden from others" if hidden else "is shown"
    return Result(table(rows, ("engagement", "hidden", "approved_on")), {"title": f"{name} {words}", "manifest": manifest})


def _row(one: Engagement, register: Register, on: date) -> dict[str, Any]:
    from orepact.pact.organisations.organisation import Organisation

    approved = one.approved_for_publication_on
    contacts = _contacts(one, on)
    shares = [each.share for each in one.in_force(on) if each.share]
    return {
        "engagement": one.id, "nation": register.get(Organisation, one.nation).name_on(on), "project": one.project,
        "consent": one.consent_on(on), "contacts": len(contacts), "last_contact": contacts[-1]["date"] if contacts else "",
        "agreements": _agreements(one, on),
        "equity_share": sum(shares) if shares else None,
        "approved_on": approved.isoformat() if approved and approved <= on else "", "label": one.label,
        "confidence": one.confidence,
    }  # fmt: skip


def _agreements(one: Engagement, on: date) -> list[str]:
    """Agreements in force, and those that are named without a date: nobody knows whether they are."""
    undated = (f"{each.title} (date not stated)" for each in one.agreements if not each.signed and not each.ended)
    return [*(f"{each.title} ({each.signed})" for each in one.in_force(on)), *undated]


def _contacts(one: Engagement, on: date) -> list[dict[str, str]]:
    from orepact.pact.dates.days import Span, happened

    known = [each for each in one.contacts if happened(each.date, on)]
    return [
        {"date": each.date, "nation": one.nation, "project": one.project, "kind": each.contact_kind, "text": each.text}
        for each in sorted(known, key=lambda each: Span.of(each.date))
    ]
