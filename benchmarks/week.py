"""A week of use with faults: ``python -m benchmarks.week [postgresql|sqlite] [SEED]`` lives through it and prints its figures.

Some minutes of two cores; servers on 127.0.0.1. What it does stands in ``tests/faults``.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tools.postgresql import Cluster, programs


def main(backend: str = "postgresql", seed: str = "1") -> int:
    """The whole week; how many wrongs there were."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "faults"))
    from week import SQLITE, Plan, on

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what it started ends with it
    cluster = None
    if backend == "postgresql":
        found = programs()
        if found is None:
            print("no PostgreSQL on this machine")
            return 1
        cluster = Cluster.new(found)
    plan = Plan(seed=int(seed)) if cluster else Plan(**{**SQLITE, "seed": int(seed), "server_kills": 11})
    try:
        with on(backend, plan, cluster) as week:
            figures = week.run()
    finally:
        if cluster is not None:
            cluster.stop()
    for name, value in figures.items():
        print(f"{name:<28} {value}")
    return len(figures["wrongs"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
