"""A plan that is submitted twice, over HTTP."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.registry import Measures, spec

NETWORKS = Path(__file__).parents[2] / "tests" / "networks"


@spec(
    "plan_again",
    title="seconds until a plan is answered that was answered before, over HTTP; target 0.1 s",
    sweep=[{"network": name, "again": 100} for name in ("toy", "chips", "magnets")],
    smoke={"network": "toy", "again": 2},
)
def plan_again(*, network: str, again: int) -> Measures:
    """On a register as it comes with the package."""
    from benchmarks.plan_again import measure
    from orepact.service import pact

    with tempfile.TemporaryDirectory() as folder:
        db = str(Path(folder) / "register.db")
        pact.init_register(db)
        pact.seed_register(db)
        return dict(measure(db, NETWORKS / network, again=again))
