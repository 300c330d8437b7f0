"""A week of use with faults, small enough for every day: nothing acknowledged is lost, nothing is shown to whom it is not for.

``OREPACT_LONG=1`` lives through the whole week, with 20 kills of workers and 5 restarts of the database.
"""

from __future__ import annotations

import os
import sys

import pytest

from week import SQLITE, Plan, on

LONG = os.environ.get("OREPACT_LONG") == "1"
SMALL = {} if LONG else {"users": 6, "deeds": 10, "worker_kills": 2, "server_kills": 1}

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes that end with their parent: Linux")


def lived(backend: str, plan: Plan, cluster: object = None) -> dict[str, object]:
    """A week whose figures say that it was one."""
    with on(backend, plan, cluster) as week:  # type: ignore[arg-type]
        figures = week.run()
    assert figures["wrongs"] == []
    assert figures["workers killed"] == plan.worker_kills
    assert figures["servers killed"] == plan.server_kills
    assert figures["writes"] == figures["writes found"] > plan.users
    assert figures["runs"] == sum(figures.get(f"runs {state}", 0) for state in ("done", "failed")) > 0
    assert figures["lists compared"] == plan.users + 1
    return figures


def test_a_week_on_postgresql_with_two_servers_and_workers(request: pytest.FixtureRequest) -> None:
    figures = lived("postgresql", Plan(**SMALL, **({} if LONG else {"restarts": 1})), request.getfixturevalue("cluster"))
    assert figures["database restarts"] == (5 if LONG else 1)


def test_a_week_on_sqlite_with_servers_killed(request: pytest.FixtureRequest) -> None:
    kills = {"server_kills": 11} if LONG else {}
    lived("sqlite", Plan(**{**SMALL, **SQLITE, **kills}))
