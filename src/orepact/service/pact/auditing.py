"""Use cases about the audit log of the register: check it, read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import hidden_from, manifest_of, opened
from orepact.service.result import Result

#: What is said in place of an entry about a record that is hidden.
UNSAID = dict.fromkeys(("actor", "action", "kind", "id"), "") | {"version": None}
COLUMNS = ("seq", "at", "actor", "action", "kind", "id", "version", "hash")


def verify_audit(db: str | None = None, known: str | None = None) -> Result:
    """Check the whole audit log and the register against it, and against a head noted earlier (``SEQ:HASH``).

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


def audit_log(db: str | None = None, *, after: int = 0, limit: int | None = 100, organisations: Sequence[str] = ()) -> Result:
    """Entries of the log in their order, after one of them (all with ``limit`` None): who did what to which record and when.

    Of a record that a Nation hides from who asks for these organisations an entry says when, and no more.
    """
    with opened(db, filled=False) as store:
        entries = store.audit(after, limit)
        hidden = hidden_from(store, organisations)
        manifest = manifest_of(store)
    rows = [{**asdict(entry), **(UNSAID if (entry.kind, entry.id) in hidden else {})} for entry in entries]
    data = pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)  # a version that is not told leaves the others whole numbers
    meta: dict[str, Any] = {"title": f"{len(data)} entries of the audit log", "manifest": manifest}
    if entries and entries[-1].seq < manifest["entries"]:
        meta["after"] = entries[-1].seq
        left = f"{manifest['entries'] - entries[-1].seq} of {manifest['entries']} entries follow"
        mend = f"--after {entries[-1].seq} begins the next, and without a limit csv and json give all"
        meta["warnings"] = [f"this is one page, and {left}: {mend}"]
    return Result(data, meta, shown=data.drop(columns=["hash"]))
