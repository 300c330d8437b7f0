"""Notices through contact points: what was sent and who has it; send one, acknowledge one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Id, Line, Text
from orepact.service.view import agreements
from orepact.service.view.agreements import word
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Badge, Column, Link, Shown
from orepact.web.pages.tables import rows_of, shown_of, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.web.pages.visit import Visit

MOST = 200


class Under(Asked):
    """Notices under an instrument."""

    instrument: Id | None = None


class Notice(Filled):
    """A notice to other contact points; the page is that of their instrument."""

    instrument: Id
    to: Annotated[list[Id], Field(min_length=1, max_length=20)]
    title: Line
    text: Text
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    reason: Line


class Receipt(Filled):
    """That one's organisation has a notice."""

    notice: Id
    reason: Line


NOTICES = (
    Column("notice", sentence("Notice")),
    Column("state", sentence("State"), how="words"),
    Column("owner", sentence("From")),
    Column("answers", sentence("To")),
    Column("instrument", sentence("Instrument")),
    Column("due", sentence("Acknowledge by"), how="day"),
    Column("label", sentence("Label")),
)


def notices(visit: Visit) -> Shown:
    """Notices that the reader sees, with who has acknowledged them."""
    asked: Under = visit.asked
    found = pact.list_records(["notice"], visit.desk, instrument=asked.instrument or "", limit=MOST, on=asked.as_of)
    rows = rows_of(found)
    told = {row["id"]: rows_of(pact.show_notice(row["id"], visit.desk, on=asked.as_of)) for row in rows[:50]}
    contacts = _contacts(visit)
    keys = {("organisation", row["owner"]) for row in rows} | {("instrument", row["instrument"]) for row in rows}
    keys |= {("organisation", one["organisation"]) for each in told.values() for one in each}
    keys |= {("organisation", name) for each in contacts.values() for name in each} | {("instrument", name) for name in contacts}
    called = agreements.names(visit.desk, keys)
    table = table_of(
        found,
        "notices",
        sentence("Notices"),
        NOTICES,
        empty=sentence("No notice is on record that you may see."),
        cells=lambda row: _line(visit, row, told.get(row["id"], []), called),
    )
    own = visit.reader.organisation
    mine = [
        row
        for row in rows
        if any((one["organisation"], one["state"]) in {(own, "waiting"), (own, "late")} for one in told.get(row["id"], []))
    ]
    context = {
        "mine": [(row["id"], row["title"]) for row in mine],
        "instruments": [(name, _name(visit, called, "instrument", name)) for name, who in contacts.items() if own in who],
        "contacts": sorted(
            {
                (name, _name(visit, called, "organisation", name))
                for who in contacts.values()
                if own in who
                for name in who
                if name != own
            }
        ),
    }
    return shown_of(
        found,
        table,
        context=context,
        command="orepact pact list notice",
        api="/api/v1/records?kind=notice",
        warnings=[],
        lead=sentence("What was sent through contact points, and who has said that it arrived."),
    )


def _name(visit: Visit, called: Mapping[tuple[str, str], Any], kind: str, name: str) -> str:
    found = called.get((kind, name))
    return name if found is None else str(found.in_voice(visit.voice))


def _contacts(visit: Visit) -> dict[str, tuple[str, ...]]:
    """The contact points of instruments, who may send and be sent notices."""
    if not visit.known:
        return {}
    return agreements.contacts(visit.desk)


def _line(visit: Visit, row: Any, answers: list[dict[str, Any]], called: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    said = [
        f"{_name(visit, called, 'organisation', one['organisation'])}: {visit.voice.translated(word(one['state']))}"
        for one in answers
    ]
    return {
        "notice": Link(row["title"], f"/records/notice/{row['id']}"),
        "state": word(row["state"]),
        "answers": said or None,
        "owner": _name(visit, called, "organisation", row["owner"]),
        "label": Badge(row["label"]),
        "instrument": Link(_name(visit, called, "instrument", row["instrument"]), f"/pact/{row['instrument']}"),
    }


def send(visit: Visit, content: Notice) -> Sent:
    """A notice from one's organisation, from now on; raises ``BadInput``, ``Forbidden``."""
    own = visit.reader.organisation
    name = re.sub(r"[^a-z0-9]+", "-", f"{own}-{visit.now.date()}-{content.title}".casefold()).strip("-")[:100].rstrip("-")
    pact.send_notice(
        name,
        visit.desk,
        instrument=content.instrument,
        sender=own,
        to=content.to,
        title=content.title,
        reason=content.reason,
        text=content.text,
        days=content.days,
    )
    return Sent(to="/pact/notices")


def acknowledge(visit: Visit, content: Receipt) -> Sent:
    """That one's organisation has it; raises ``BadInput``, ``NotFound``, ``Forbidden``."""
    pact.acknowledge_notice(
        content.notice,
        visit.desk,
        organisation=visit.reader.organisation,
        reason=content.reason,
        person=visit.reader.person or None,
    )
    return Sent(to="/pact/notices")


PAGES = (
    Page(
        path="/pact/notices",
        name="notices",
        title=sentence("Notices"),
        use=notices,
        template="pact/notices.html.j2",
        asked=Under,
        tab="pact",
        forms=(
            Form(name="send", fields=Notice, send=send, done=sentence("The notice is on record."), once=True),
            Form(
                name="receipt",
                fields=Receipt,
                send=acknowledge,
                deed="acknowledge",
                done=sentence("It is on record that you have it."),
                once=True,
            ),
        ),
    ),
)
