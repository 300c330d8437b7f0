"""A server of the week, in a process of its own: ``week_server.py URL PORT CLOCK``; its clock is a file that the week turns."""

from __future__ import annotations

import sys

import uvicorn
from week_clock import Clock

from orepact.store.store import open_store
from orepact.web.app import application
from orepact.web.edge.callers import Registered
from orepact.web.edge.house import House
from orepact.web.edge.protocol import PatientProtocol
from orepact.web.settings import Settings


def main(url: str, port: int, clock: Clock) -> None:
    """Serve until killed."""
    store = open_store(url, clock=clock)
    settings = Settings(database=url, anonymous_rate=10_000, account_rate=10_000)
    house = House(settings, store, Registered(store), clock=clock)
    uvicorn.run(
        application(house), host="127.0.0.1", port=port, http=PatientProtocol, ws="none", log_level="error", access_log=False,
        server_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Clock(sys.argv[3]))
