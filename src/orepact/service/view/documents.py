"""The texts that are on record: of instruments, minutes of meetings, and standards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from orepact.report.sentences import sentence
from orepact.service.pact.desk import asked, manifest_of, opened
from orepact.service.result import Result, Rows
from orepact.service.rules import day_of
from orepact.service.view.said import Named
from orepact.service.view.tower_steps import titles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from orepact.pact.records.register import Register
    from orepact.service.pact.desk import Where

COLUMNS = ("title", "what", "language", "day", "source", "page")


@dataclass(frozen=True, slots=True)
class Document:
    """A text of an instrument, minutes of a meeting, or a standard: the page that shows it, and where it stands outside."""

    title: Named
    what: str
    page: str
    language: str = ""
    day: str = ""
    source: str = ""


def documents(db: Where, *, on: str | None = None) -> tuple[Document, ...]:
    """Every text that is on record for who asks on a day, the youngest minutes first."""
    day = day_of(on)
    with asked(db) as (_, register):
        return (*_minutes(register, day), *_texts(register, day), *_standards(register))


def view_documents(db: Where = None, *, on: str | None = None) -> Result:
    """The same as rows."""
    rows = [_row(one) for one in documents(db, on=on)]
    day = day_of(on)
    with opened(db) as store:
        manifest = manifest_of(store, day)
    return Result(Rows(COLUMNS, rows), {"title": f"{len(rows)} documents on {day}", "manifest": manifest})


def _row(one: Document) -> dict[str, Any]:
    return {name: one.title.title if name == "title" else getattr(one, name) for name in COLUMNS}


def _minutes(register: Register, on: date) -> Iterator[Document]:
    from orepact.pact.bodies.meetings import Meeting, held_by

    bodies = sorted({one.body for one in register.all(Meeting)})
    held = [one for body in bodies for one in held_by(body, register, on) if one.minutes or one.outcomes]
    for one in sorted(held, key=lambda one: one.held or "", reverse=True):
        page = f"/pact/bodies/{one.body}#{one.id}"
        yield Document(Named(one.title, titles(one.titles)), sentence("minutes"), page, day=one.held or "")


def _texts(register: Register, on: date) -> Iterator[Document]:
    from orepact.pact.instruments.instrument import Instrument
    from orepact.pact.instruments.known import known_on

    for one in sorted((one for one in register.all(Instrument) if known_on(one, on)), key=lambda one: one.id):
        called = Named(one.title, titles(one.titles))
        for text in one.versions:
            yield Document(called, sentence("text"), f"/pact/{one.id}", text.language, source=text.url)
        if one.articles and not one.versions:
            yield Document(called, sentence("articles in our words"), f"/pact/{one.id}")


def _standards(register: Register) -> Iterator[Document]:
    from orepact.pact.projects.standards import Standard

    for one in sorted(register.all(Standard), key=lambda one: one.id):
        yield Document(Named(one.title, titles(one.titles)), sentence("standard"), f"/records/standard/{one.id}")
