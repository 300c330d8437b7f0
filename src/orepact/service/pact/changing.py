"""Small changes of the register: one new record, or one more entry in a list of a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.service.pact.desk import keep, kept_rows, made, manifest_of, opened
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where


def keep_new(kind: type[Any], fields: dict[str, Any], db: Where, *, reason: str, actor: str | None) -> Result:
    """Keep a new record of these fields; raises ``BadInput`` with every problem."""
    record = made(kind, fields)
    with opened(db) as store:
        kept = keep(store, [record], {}, actor=actor, reason=reason)
        manifest = manifest_of(store)
    meta = {"title": f"{kind.kind} {record.id} is on record", "manifest": manifest}
    return Result(pd.DataFrame(kept_rows(kept), columns=["kind", "id", "version"]), meta)


def add_to(kind: type[Any], name: str, field: str, entry: dict[str, Any], db: Where, *, reason: str, actor: str | None) -> Result:
    """A record with one more entry in a list of it, kept in place of the version that stands."""
    with opened(db) as store:
        before, version = store.get(kind.kind, name)
        content = before.content()
        record = made(kind, {**content, field: [*content.get(field, ()), entry]})
        kept = keep(store, [record], {(kind.kind, name): version}, actor=actor, reason=reason)
        manifest = manifest_of(store)
    meta = {"title": f"{kind.kind} {name}: {field} {len(getattr(record, field))}", "manifest": manifest}
    return Result(pd.DataFrame(kept_rows(kept), columns=["kind", "id", "version"]), meta)
