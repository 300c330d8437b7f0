"""The same answers in process and over HTTP, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from faces import Face, InProcess, OverHttp

from orepact.pact.records.readers import PUBLIC, Reader
from orepact.web.api.routes import Does
from orepact.web.api.table import ROUTES
from orepact.web.edge.house import House

NRCAN = Reader.holding("nrcan", account="ada", person="ada", community=True)
ON = "2026-03-02"
#: What to ask where something must be named; the rest is asked as it is.
ASKED: dict[str, dict[str, Any]] = {
    "pact.list_records": {"kinds": ["body", "commitment"], "limit": 5},
    "pact.show_record": {"kind": "body", "name": "ca-jp-battery-dialogue"},
    "pact.record_history": {"kind": "body", "name": "ca-jp-battery-dialogue"},
    "pact.search_records": {"words": "dialogue", "limit": 4},
    "pact.count_records": {"by": ["kind", "state"], "on": ON},
    "pact.draft_agenda": {"body": "ca-jp-battery-dialogue", "on": ON},
    "pact.list_chairs": {"body": "ca-jp-battery-dialogue", "on": ON},
    "pact.list_guests": {"body": "ca-jp-battery-dialogue", "on": ON},
    "pact.list_queues": {"body": "ca-jp-battery-dialogue", "on": ON},
    "pact.show_instrument": {"name": "ca-jp-moc-battery-2023", "on": ON},
    "pact.list_articles": {"instrument": "ca-jp-moc-battery-2023", "on": ON},
    "pact.show_scoreboard": {"instrument": "ca-jp-moc-battery-2023", "on": ON},
    "pact.show_ending": {"name": "ca-jp-moc-battery-2023", "on": ON},
    "pact.follow_through": {"instrument": "ca-jp-moc-battery-2023", "on": ON},
    "pact.form_of": {"instrument": "ca-jp-moc-battery-2023"},
    "pact.list_owners": {"name": "nrcan", "on": ON},
    "pact.list_members": {"name": "nrcan", "on": ON},
    "pact.names_of": {"name": "nrcan", "on": ON},
    "pact.audit_log": {"limit": 3},
    "list_facts": {"attribute": "mine_production", "year": 2022, "limit": 5},
    "explain_fact": {"subject": "CAN/lithium", "attribute": "mine_production", "year": 2022},
    "list_sources": {},
    "list_rule_sets": {},
    "show_rules": {"name": "cn-controls-lapsed"},
    "shock.list_events": {},
    "shock.show_event": {"name": "bc_ports_strike_2023"},
    "measure_concentration": {"thing": "nickel", "stage": "mine", "year": 2024},
    "measure_criticality": {"commodity": "nickel"},
    "view_tower": {"party": "KOR", "on": ON},
    "view_states": {"on": ON},
    "view_projects": {"place": "CA-QC", "on": ON},
    "view_cascade": {"place": "CA-ON", "on": ON},
    "view_calendar": {"first": "2026-01-01", "last": "2026-12-31", "on": ON},
    "view_documents": {"on": ON},
    "view_sources": {"fresh": "green", "on": ON},
    "jobs.list_run_kinds": {},
    "list_pools": {},
    "pact.list_kinds": {},
    "pact.show_form": {"kind": "meeting"},
    "list_rules": {"day": ON},
}
#: Asked elsewhere: they need records that do not come with the package, or compute for long; or answer with bytes.
ELSEWHERE = {
    "pact.calendar_bytes", "pact.show_incident", "pact.list_options", "pact.show_decision", "pact.show_notice",
    "pact.show_drill", "pact.show_contract", "pact.show_itinerary", "pact.find_cascade", "pact.compare_sites",
    "pact.show_permit_path", "pact.verify_audit", "measure_reliance", "pact.list_problems", "jobs.list_runs", "jobs.show_run",
    "jobs.run_table", "sharing.run_files", "sharing.list_overlays", "sharing.show_overlay", "sharing.export_records",
    "sharing.export_claims_file", "sharing.export_sdmx_file", "sharing.pack_page",
    "sharing.alert_feed", "sharing.list_links", "sharing.list_webhooks", "sharing.pool_share",
    "sharing.pool_today", "sharing.private_alerts", "sharing.private_calendar",
    "sharing.list_networks", "sharing.show_network", "sharing.network_package",
}  # fmt: skip
READ = [route.use_case for route in ROUTES if route.does is Does.reads and not route.use_case.startswith("access.")]


def test_every_reading_of_the_register_is_asked_here_or_elsewhere() -> None:
    assert set(READ) >= ELSEWHERE | set(ASKED)


@pytest.fixture
def both(make_house: Callable[..., House], client_of: Callable[..., Any]) -> tuple[Face, Face]:
    """The same register, both ways."""
    house = make_house()
    return InProcess(house), OverHttp(client_of(house), house.accounts)  # type: ignore[arg-type]


def test_both_ways_tell_the_same(both: tuple[Face, Face]) -> None:
    inside, outside = both
    for name in sorted(set(READ) - ELSEWHERE):
        for reader in (PUBLIC, NRCAN):
            asked = ASKED.get(name, {} if name == "pact.list_permit_paths" else {"on": ON})
            found = outside.ask(name, reader, **asked)
            assert found == inside.ask(name, reader, **asked), name
            assert "error" not in found, (name, found)


def test_rows_that_are_told_quickly_are_those_of_the_table(make_house: Callable[..., House]) -> None:
    from dataclasses import replace

    from orepact.service import pact

    address = make_house().settings.database
    found = pact.list_records(["commitment", "project", "body"], address, limit=500, on=ON)
    assert len(found.told()) > 50
    others = [
        pact.show_record("body", "ca-jp-battery-dialogue", address),
        pact.record_history("body", "ca-jp-battery-dialogue", address),
        pact.count_records(["kind", "state"], address, on=ON),
        pact.draft_agenda("ca-jp-battery-dialogue", address, on=ON),
        pact.show_scoreboard("ca-jp-moc-battery-2023", address, on=ON),
        pact.list_chairs("ca-jp-battery-dialogue", address, on=ON),
    ]
    for one in (found, *others):
        assert one.told()
        assert replace(one, table=one.data).envelope() == one.envelope()


def test_mistakes_are_told_alike(both: tuple[Face, Face]) -> None:
    inside, outside = both
    wrong = {
        "pact.show_record": {"kind": "body", "name": "ca-jp-battery-dialog"},
        "pact.show_instrument": {"name": "none"},
        "pact.draft_agenda": {"body": "none"},
        "pact.list_owners": {"name": "none"},
    }
    for name, asked in wrong.items():
        found = outside.ask(name, PUBLIC, **asked)
        assert found["error"]["code"] == "not_found"
        assert found == inside.ask(name, PUBLIC, **asked)


def test_a_list_is_read_page_by_page(face: Face) -> None:
    asked: dict[str, Any] = {"kinds": ["instrument", "body"], "limit": 7}
    names: list[str] = []
    after = None
    while True:
        found = face.ask("pact.list_records", PUBLIC, **asked, **({"after": after} if after else {}))
        names += [f"{row['kind']}/{row['id']}" for row in found["data"]]
        after = found["meta"].get("after")
        if after is None:
            break
    whole = face.ask("pact.list_records", PUBLIC, **{**asked, "limit": 500})
    assert names == [f"{row['kind']}/{row['id']}" for row in whole["data"]]
    assert len(names) == len(set(names)) > 14
