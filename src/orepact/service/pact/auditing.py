"""Use cases about the audit log of the register: check it, read it."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import manifest_of, opened
from orepact.service.result import Result

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
    with opened(db, filled=False) as store:
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


def audit_log(db: str | None = None, *, after: int = 0, limit: int = 100) -> Result:
    """Entries of the log in their order, after one of them: who did what to which record and when."""
    with opened(db, filled=False) as store:
        entries = store.audit(after, limit)
        manifest = manifest_of(store)
    data = pd.DataFrame([asdict(entry) for entry in entries], columns=list(COLUMNS))
    meta: dict[str, Any] = {"title": f"{len(data)} entries of the audit log", "manifest": manifest}
    if entries and entries[-1].seq < manifest["entries"]:
        meta["after"] = entries[-1].seq
    return Result(data, meta, shown=data.drop(columns=["hash"]))
