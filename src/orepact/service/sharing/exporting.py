"""Use cases of what leaves the register: records and facts as data packages, facts as SDMX-CSV, the pack of a meeting as a page.

Who takes something out takes what is open, his organisation's own, and what its owner lets him take; the strictest label of it
goes along.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.facts.labels import Label, Tlp
from orepact.interchange import datapackage
from orepact.interchange.made import strictest
from orepact.pact.records.readers import may_take, taking
from orepact.service.pact.desk import opened
from orepact.service.sharing.handed import Handed, files_below, scratch

if TYPE_CHECKING:
    from pathlib import Path

    from orepact.facts import Ledger
    from orepact.pact.records.record import Record
    from orepact.service.pact.desk import Where
    from orepact.service.result import Result
    from orepact.store.store import Store

#: So many records go into one file.
MOST = 500
HELD_BACK = "what others have shared for reading alone is not in it"


def export_records(
    kinds: Sequence[str],
    db: Where = None,
    *,
    states: Sequence[str] = (),
    owner: str = "",
    instrument: str = "",
    search: str = "",
    limit: int = MOST,
    after: str | None = None,
) -> Handed:
    """A page of the records of some kinds as a data package: a line each, and in ``content`` all that it says (JSON)."""
    from orepact.service.pact.listing import list_records

    with opened(db) as store:
        theirs = _taken_out(store)
        page = list_records(
            kinds, _on(theirs), states=states, owner=owner, instrument=instrument, search=search, limit=limit, after=after
        )
        listed = page.told()
        keys = [(str(row["kind"]), str(row["id"])) for row in listed]
        with theirs.reading() as register:
            found = {key: register.records[key] for key in keys}
        found = {(one.kind, one.id): one for one in allowed(store, found.values())}
    rows = [{**row, "content": _content(found[key])} for key, row in zip(keys, listed, strict=True) if key in found]
    label = strictest(text for one in found.values() for text in (one.label, *one.labels.values()))
    columns = [*page.data.columns, "content"]
    tables = {"records": pd.DataFrame(rows, columns=columns)}
    made = datapackage.of_tables(tables, title=str(page.meta["title"]), units={"overdue_days": "day"}, label=label)
    files = {name: text.encode() for name, text in made.files.items()}
    notes = [HELD_BACK] if len(found) < len(keys) else []
    return replace(Handed.of("records", files, label, notes), after=page.meta.get("after"))


def allowed(store: Store, records: Iterable[Record]) -> list[Record]:
    """Those of the records that whoever asks may take out of the register."""
    reader = store.reader
    listed = [*records]
    if reader is None:
        return listed
    whole = replace(store, reader=None)
    return [one for one in listed if _is_open(one) or may_take(whole.get(one.kind, one.id)[0], reader)]


def _is_open(record: Record) -> bool:
    label = Label.parse(record.label)
    return label is not None and label.level < Tlp.AMBER


def _taken_out(store: Store) -> Store:
    return store if store.reader is None else replace(store, reader=taking(store.reader))


def _on(store: Store) -> Where:
    from orepact.service.pact.desk import Desk

    return Desk(replace(store, reader=None), store.reader)


def _content(record: Record) -> str:
    return json.dumps({"kind": record.kind, **record.content()}, ensure_ascii=False, sort_keys=True)


def pack_page(body: str, db: Where = None, *, on: str | None = None, language: str = "en") -> Handed:
    """The pack of the next meeting of a body as one page, without what others have shared for reading alone.

    Raises ``NotFound`` for a body that is not there.
    """
    from orepact.service.pact.scoreboard import page_of_pack

    with opened(db) as store:
        theirs = _taken_out(store)

        def only(records: Iterable[Record]) -> Iterable[Record]:
            return allowed(store, records)

        text, label = page_of_pack(body, _on(theirs), on=on, language=language, only=only)
    return Handed(f"pack.{body}.{language}.html", text.encode(), "text/html", label)


def export_claims_file(
    ledger: Ledger,
    *,
    attribute: str | None = None,
    place: str | None = None,
    thing: str | None = None,
    year: int | None = None,
) -> Handed:
    """The claims that count and fit, whole, as a data package."""
    from orepact.service.interchange import export_claims

    def write(folder: Path) -> Result:
        return export_claims(ledger, folder / "claims", attribute=attribute, place=place, thing=thing, year=year)

    return _handed("claims", write)


def export_sdmx_file(
    ledger: Ledger,
    *,
    attribute: str | None = None,
    place: str | None = None,
    thing: str | None = None,
    year: int | None = None,
) -> Handed:
    """The claims that count and fit, as SDMX-CSV 2.0."""
    from orepact.service.interchange import export_sdmx_csv

    def write(folder: Path) -> Result:
        return export_sdmx_csv(ledger, folder / "claims.csv", attribute=attribute, place=place, thing=thing, year=year)

    return _handed("claims", write)


def _handed(name: str, write: Callable[[Path], Result]) -> Handed:
    with scratch() as folder:
        meta: dict[str, Any] = dict(write(folder).meta)
        files = {path.rpartition("/")[2]: content for path, content in files_below(folder).items()}
    return Handed.of(name, files, str(meta["label"]), meta["warnings"])
