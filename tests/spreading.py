"""Which worker runs which tests: all of a module in one, so that what they share is made once; the costly modules first.

The groups of ``--dist loadgroup`` are not used: pytest 9 does not read the name that pytest-xdist 3.8 gives a test for its group,
so that every test went to the next free worker and each worker made everything that a module shares once more.
"""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadScopeScheduling

#: Modules that share what takes long to make, by the name of their group.
TOGETHER: dict[str, tuple[str, ...]] = {
    "usual_week": (
        "test_shock_exposure_reference",
        "test_shock_events_reference",
        "test_service_shock_cases",
        "test_shock_ensemble_reference",
    ),
    "hidden_records": ("test_leak_uses", "test_leak_http"),
    "reference_answers": ("test_report_shipped", "test_reference_scenarios"),
    "base_plan": ("test_reference_shipped", "test_eligibility_shipped", "test_origin_world", "test_service_landed_cost"),
}
#: Groups in the order in which they start, the longest first: nobody is left alone with a long one at the end. These are all that
#: take half a minute or more, as the times of a whole run say (``make test ARGS=--junit-xml=suite.xml``).
FIRST = (
    "test_wheel", "test_web_pages_browser", "reference_answers", "test_store_backup", "usual_week", "base_plan",
    "test_plan_benchmarks",
    "test_moa_over_http", "test_week", "test_store_audit", "test_web_limits", "test_watch_shipped", "test_cli_pact_incident",
    "test_service_writing", "test_leak_pages", "test_journeys_pact", "test_journeys_reading", "test_journeys_emergency",
    "test_journeys_projects", "test_web_pages", "test_web_rooms_browser", "test_web_atlas_browser",
    "test_jobs_kinds", "test_fuzz_schema", "hidden_records", "test_jobs_kills", "test_web_accounts", "test_store_listing",
    "test_web_exchange", "test_store_readers", "test_service_baseline", "test_cli_commands", "test_service_groups",
    "test_peers_pypsa", "test_jobs_faults", "test_web_runs", "test_eligibility_command", "test_shock_ensemble_running",
    "test_replays", "test_cli_pact_moa", "test_measure_social", "test_jobs_runs", "test_brief_browser", "test_facts_loading",
    "test_leak_worlds", "test_peers_reference", "test_cli_pact_examples", "test_interchange_pypsa",
)  # fmt: skip


def group_of(nodeid: str) -> str:
    """The group of a test: its module, or what several modules form together; the doctests of a package are one.

    >>> group_of("tests/unit/test_rules.py::test_a[a::b]"), group_of("src/orepact/facts/codes.py::orepact.facts.codes.Codes")
    ('test_rules', 'src/orepact/facts')
    """
    path = PurePosixPath(nodeid.partition("::")[0])
    if not path.name.startswith("test_"):
        return str(path.parent)
    return next((name for name, modules in TOGETHER.items() if path.stem in modules), path.stem)


def longest_first(items: list[pytest.Item]) -> None:
    """Sort tests by group: those of ``FIRST``, then those with a test that is marked slow, then the rest as collected."""
    slow = {group_of(item.nodeid) for item in items if item.get_closest_marker("slow")}
    rank = {name: at for at, name in enumerate(FIRST)}
    items.sort(key=lambda item: _place(group_of(item.nodeid), rank, slow))


def _place(group: str, rank: dict[str, int], slow: set[str]) -> tuple[int, bool]:
    return rank.get(group, len(rank)), group not in slow


class GroupScheduling(LoadScopeScheduling):
    """Hands out whole groups in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
