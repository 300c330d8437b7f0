"""A worker with short leases on a register, in a process that tests kill: ``worker_process.py URL``."""

from __future__ import annotations

import sys

from jobs_world import QUICK

from orepact.service.jobs import Worker, process
from orepact.store.store import open_store

if __name__ == "__main__":
    process.MODULE = "stand_in"
    Worker(open_store(sys.argv[1]), QUICK).run()
