"""Whether the service is well: ``/healthz`` for the process, ``/readyz`` for the register behind it.

The second is told within seconds, also when the database takes what it is asked and does not answer. It looks from one thread of
its own, which then waits alone: those that answer requests are not used up by it.
"""

from __future__ import annotations

from anyio import CapacityLimiter, fail_after
from anyio.to_thread import run_sync
from fastapi import FastAPI, Response

from orepact.errors import OrepactError, StoreOutdated, StoreUnavailable
from orepact.web.edge.answers import as_json
from orepact.web.edge.house import House

#: Seconds in which the database has to answer.
PATIENCE_S = 3.0
AWAY = "the database does not answer"
MOVED = "the file of the register was moved away or replaced: put it back, or start the service again"
ANOTHER = "the register is of another form than this program: it is being upgraded, or one of the two has to be"


def add_health(app: FastAPI, house: House) -> None:
    """Add both to an application."""
    looking = CapacityLimiter(1)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> Response:
        return Response(as_json({"status": "ok"}), media_type="application/json")

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> Response:
        try:
            with fail_after(PATIENCE_S):
                await run_sync(_look, house, limiter=looking, abandon_on_cancel=True)
        except (OrepactError, TimeoutError) as error:
            moved = isinstance(error, StoreUnavailable) and error.moved
            why = ANOTHER if isinstance(error, StoreOutdated) else MOVED if moved else AWAY
            found = {"status": "not ready", "why": why}
            return Response(as_json(found), 503, {"Retry-After": "2"}, "application/json")
        return Response(as_json({"status": "ready"}), media_type="application/json")


def _look(house: House) -> None:
    from orepact.store import schema

    with house.store.database.reading() as connection:
        schema.check_form(connection, "")
