"""Use case: the run that a question would be told of, found without asking for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orepact.service.access.may import refused
from orepact.service.jobs.requests import request_of
from orepact.service.jobs.runs import row_of, standing
from orepact.service.pact.desk import opened
from orepact.store import queue

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where


def find_run(use_case: str, arguments: Mapping[str, Any], db: Where = None) -> dict[str, Any] | None:
    """The run of one's organisation that answers a question, or works on it, or else ended last without an answer, as a list of
    runs tells it.

    None where there is none, and for who makes no runs. Nothing is written. Raises ``BadInput`` with every problem of the
    question, ``NotFound`` for an overlay that the organisation has not; one that has ended is found, for what rests on it.
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        if reader is None or refused(reader, "run") or not reader.organisation:
            return None
        mark = request_of(store, use_case, arguments, reader.organisation, again=True).hash(store.clock())
        with store.database.reading() as connection:
            found = standing(connection, reader.organisation, mark)
            failed = (queue.FAILED, queue.CANCELLED, queue.TIMED_OUT)
            found = found or queue.last_asked(connection, reader.organisation, mark, failed)
    return None if found is None else row_of(found)
