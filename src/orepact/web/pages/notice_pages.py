"""Notices through contact points: what was sent and who has it; send one, acknowledge one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.report.sentences import sentence
from orepact.service import pact
from orepact.service.asked import Id, Line, Text
from orepact.service.slugs import new_id
from orepact.service.view import notices as view
from orepact.service.view.agreements import word
from orepact.web.pages import calling
from orepact.web.pages.commands import command
from orepact.web.pages.page import Filled, Form, Page, Sent
from orepact.web.pages.shown import Badge, Column, Link, Shown
from orepact.web.pages.tables import rows_of, shown_of, table_of
from orepact.web.pages.turning import Paged, most_of, turned
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orepact.service.view.notices import Receipts
    from orepact.web.pages.calling import Called
    from orepact.web.pages.visit import Visit


class Under(Paged):
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
    Column("owner", sentence("Sent by")),
    Column("answers", sentence("Sent to, and whether it has arrived")),
    Column("instrument", sentence("Instrument")),
    Column("due", sentence("Acknowledge by"), how="day"),
    Column("label", sentence("Label")),
)


def notices(visit: Visit) -> Shown:
    """Notices that the reader sees, with who has acknowledged them."""
    asked: Under = visit.asked
    wanted = asked.model_dump(include={"instrument"}, exclude_none=True)
    found = pact.list_records(["notice"], visit.desk, limit=most_of(visit), after=asked.after, on=asked.as_of, **wanted)
    rows, receipts = rows_of(found), view.receipts(visit.desk, on=asked.as_of)
    contacts = view.contacts(visit.desk) if visit.known else {}
    called = _called(visit, rows, receipts, contacts)
    table = table_of(
        found, "notices", sentence("Notices"), NOTICES, empty=sentence("No notice is on record that you may see."),
        cells=lambda row: _line(visit, row, receipts.states.get(row["id"], ()), called),
    )  # fmt: skip
    total = calling.number(visit, "notice", **wanted)
    context = {
        "mine": [(name, receipts.titles[name]) for name in receipts.waiting(visit.reader.organisation)],
        "choices": calling.choices(visit, "notice", "instrument"), **_writing(visit, contacts, called),
        "turn": turned(visit, len(rows), found.meta.get("after"), total),
    }  # fmt: skip
    return shown_of(
        found, table, context=context, warnings=[], command=command("pact notices", **wanted, on=asked.as_of),
        api=address("/api/v1/records", {"kind": "notice", **wanted, "on": asked.as_of}),
        lead=sentence("What was sent through contact points, and who has said that it arrived."),
    )  # fmt: skip


def _called(visit: Visit, rows: Sequence[Mapping[str, Any]], receipts: Receipts, contacts: Mapping[str, Sequence[str]]) -> Called:
    """The names of all who sent, were sent, and may be sent notices, and of the instruments."""
    asked = {who for row in rows for who, _ in receipts.states.get(row["id"], ())}
    people = {("organisation", who) for who in (*asked, *(each for names in contacts.values() for each in names))}
    return calling.called(visit, rows, people | {("instrument", name) for name in contacts})


def _writing(visit: Visit, contacts: Mapping[str, Sequence[str]], called: Called) -> dict[str, Any]:
    """Under which instruments the reader's organisation may send notices, and to whom."""
    own = visit.reader.organisation
    ours = {name: who for name, who in contacts.items() if own in who}
    others = {each for who in ours.values() for each in who} - {own}
    return {
        "instruments": [(name, calling.spoken(visit, called, "instrument", name)) for name in ours],
        "contacts": sorted((each, calling.spoken(visit, called, "organisation", each)) for each in others),
    }


def _line(visit: Visit, row: Mapping[str, Any], answers: Sequence[tuple[str, str]], called: Called) -> dict[str, Any]:
    said = [
        f"{calling.spoken(visit, called, 'organisation', who)}: {visit.voice.translated(word(state))}" for who, state in answers
    ]
    return {
        "notice": Link(row["title"], f"/records/notice/{row['id']}"),
        "state": word(row["state"]),
        "answers": said or None,
        "owner": calling.spoken(visit, called, "organisation", row["owner"]),
        "label": Badge(row["label"]),
        "instrument": calling.to_instrument(called, row["instrument"]),
    }


def send(visit: Visit, content: Notice) -> Sent:
    """A notice from one's organisation, from now on; raises ``BadInput``, ``Forbidden``."""
    own = visit.reader.organisation
    name = new_id(own, str(visit.now.date()), content.title, salt=(visit.reader.account, visit.now.isoformat()))
    pact.send_notice(
        name, visit.desk, instrument=content.instrument, sender=own, to=content.to, title=content.title, reason=content.reason,
        text=content.text, days=content.days,
    )  # fmt: skip
    return Sent(to="/pact/notices")


def acknowledge(visit: Visit, content: Receipt) -> Sent:
    """That one's organisation has it; raises ``BadInput``, ``NotFound``, ``Forbidden``."""
    pact.acknowledge_notice(
        content.notice, visit.desk, organisation=visit.reader.organisation, reason=content.reason,
        person=visit.reader.person or None,
    )  # fmt: skip
    return Sent(to="/pact/notices")


PAGES = (
    Page(
        path="/pact/notices", name="notices", title=sentence("Notices"), use=notices, template="pact/notices.html.j2",
        asked=Under, tab="pact",
        forms=(
            Form(name="send", fields=Notice, send=send, done=sentence("The notice is on record."), once=True),
            Form(
                name="receipt", fields=Receipt, send=acknowledge, deed="acknowledge", once=True,
                done=sentence("It is on record that you have it."),
            ),
        ),
    ),
)  # fmt: skip
