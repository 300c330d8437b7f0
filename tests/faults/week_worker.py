"""A worker of the week with short leases, in a process of its own: ``week_worker.py URL``. Its runs do ``week_run``."""

from __future__ import annotations

import sys

from orepact.service.jobs import Times, Worker, process
from orepact.store.store import open_store

#: Leases so short that the week sees many of them end.
QUICK = Times(lease_s=4.0, renew_s=1.0, note_s=0.2, look_s=0.2, listen_s=0.05)

if __name__ == "__main__":
    process.MODULE = "week_run"
    Worker(open_store(sys.argv[1]), QUICK, tell=lambda _: None).run()
