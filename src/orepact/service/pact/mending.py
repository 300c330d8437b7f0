"""Use case: what is wrong in the register, told to those whose it is to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.service.access.may import may
from orepact.service.access.whose import keeper_of
from orepact.service.pact.desk import manifest_of, opened
from orepact.service.pact.telling import table, titled
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.pact.records.readers import Reader
    from orepact.pact.records.record import Record
    from orepact.service.pact.desk import Where

COLUMNS = ("kind", "id", "where", "expected", "found", "mend")


def list_problems(db: Where = None, *, limit: int = 500) -> Result:
    """What is wrong with the records that are whoever asks to keep (all for the holder of the database): references that lead
    nowhere, as he sees it, and what each kind forbids. A row for each of ``COLUMNS``, at most ``limit``.

    A change is refused when it makes such a problem in what its writer sees; in what he may not see it stays, until its keeper
    reads of it here.
    """
    with opened(db) as store:
        may(store.reader, "write")
        register = store.register()
        manifest = manifest_of(store)
        reader = store.reader
    rows = []
    for one in register.records.values():
        if _keeps(reader, one):
            rows += [{"kind": one.kind, "id": one.id, **problem.as_dict()} for problem in register.problems([one])]
    rows.sort(key=lambda row: (str(row["kind"]), str(row["id"]), str(row["where"])))
    more = [f"{len(rows) - limit} more are not listed"] if len(rows) > limit else []
    title = titled(len(rows), "problem", "problems", "in what you keep" if reader is not None else "in the register")
    return Result(table(rows[:limit], COLUMNS), {"title": title, "manifest": manifest, "warnings": more})


def _keeps(reader: Reader | None, record: Record) -> bool:
    """Whether a record is his organisation's; what is nobody's is the registrar's."""
    if reader is None:
        return True
    keeper = keeper_of(record).casefold()
    return keeper == reader.organisation.casefold() if keeper else "registrar" in reader.roles
