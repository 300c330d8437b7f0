"""Use cases about the audit log of the register: check it, read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import hidden_from, manifest_of, opened
from orepact.service.result import Result, Rows
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: What is said in place of an entry about a record that is hidden.
UNSAID = dict.fromkeys(("actor", "action", "kind", "id"), "") | {"version": None}
#: What readers are not told of an entry: it would tell of those between.
UNTOLD = ("seq", "hash")
#: So many entries of the log make the longest page of a reader.
MOST_ENTRIES = 10_000
MORE = f"this is one page, and more follow: {field('after')} with its mark begins the next"
COLUMNS = ("seq", "at", "actor", "action", "kind", "id", "version", "hash")


def verify_audit(db: Where = None, known: str | None = None) -> Result:
    """Check the whole audit log and the register against it, and against a head noted earlier (``SEQ:HASH``); for the holder of
    the database, and for readers who are its auditors.

    ``data``: ``records, entries, head, at``. Raises ``ChainBroken`` with the places where it does not close.
    """
    from orepact.store import Head

    noted = None
    if known is not None:
        match = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", known)
        if match is None:
            raise BadInput([Problem("known", "a head as SEQ:HASH", repr(known), "copy the `known` of an earlier check")])
        noted = Head(int(match[1]), match[2])
    with opened(db, filled=False, to_verify=True) as store:
        found = store.verify(noted)
        manifest = manifest_of(store)
    head = found.head
    row = {"records": found.records, "entries": head.seq, "head": head.hash, "at": head.at}
    meta = {
        "title": f"the audit log closes: {head.seq} entries, {found.records} records",
        "known": f"{head.seq}:{head.hash}",
        "manifest": manifest,
        "warnings": ["note `known` somewhere else: a later check with it tells whether the log still holds all of this"],
    }
    return Result(pd.DataFrame([row]), meta)


def audit_log(db: Where = None, *, after: int | str = 0, limit: int | None = 100, organisations: Sequence[str] = ()) -> Result:
    """Entries of the log in their order, after one of them (all with ``limit`` None): who did what to which record and when.

    Of a record that a Nation hides from who asks for these organisations an entry says when, and no more. A reader is told the
    entries of what he sees, without their numbers; ``meta["after"]`` is then the mark with which the next page begins. An auditor
    is told numbers and hashes of all, and of what he may not see no more than that.
    """
    from orepact.store.store import AUDITOR

    with opened(db, filled=False) as store:
        if store.reader is not None and AUDITOR not in store.reader.roles:
            return _for_reader(store, str(after) if after else None, limit)
        found = store.audit(_number(after), None if limit is None else limit + 1)
        entries, more = found[:limit], limit is not None and 0 < limit < len(found)
        last = store.head().seq
        hidden = hidden_from(store, organisations)
        manifest = manifest_of(store)
    unsaid = {entry.seq for entry in entries if not entry.kind or (entry.kind, entry.id) in hidden}
    rows = [{**asdict(entry), **(UNSAID if entry.seq in unsaid else {})} for entry in entries]
    data = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)  # a version that is not told leaves the others whole numbers
    meta: dict[str, Any] = {"title": f"{len(data)} entries of the audit log", "manifest": manifest}
    if more:
        meta["after"] = entries[-1].seq
        left = f"{last - entries[-1].seq} of {last} entries follow"
        mend = f"{field('after', entries[-1].seq)} begins the next"
        meta["warnings"] = [f"this is one page, and {left}: {mend}"]
    return Result(data, meta, shown=data.drop(columns=["hash"]))


def _for_reader(store: Store, after: str | None, limit: int | None) -> Result:
    if limit is not None and not 1 <= limit <= MOST_ENTRIES:
        raise BadInput([Problem("limit", f"a number from 1 to {MOST_ENTRIES}", str(limit), "ask for fewer, page by page")])
    page = store.log(after, limit)
    columns = [name for name in COLUMNS if name not in UNTOLD]
    rows = [[getattr(entry, name) for name in columns] for entry in page.entries]
    meta: dict[str, Any] = {"title": f"{len(rows)} entries of the audit log", "manifest": manifest_of(store)}
    return Result(Rows(columns, rows), meta | ({"after": page.after, "warnings": [MORE]} if page.after else {}))


def _number(after: int | str) -> int:
    try:
        return int(after)
    except ValueError:
        raise BadInput([Problem("after", "the number of an entry", repr(after)[:60], "begin with 0")]) from None
