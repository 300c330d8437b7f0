"""The tests of the register from the command line, which run on SQLite, once more on PostgreSQL: the same, word for word."""

# ruff: noqa: F401  tests are run where they are imported

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from copies import Copies, Fill, seeded
from orepact.store.store import open_store

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from test_cli_pact import (
    ask,
    refused,
    test_a_search_in_korean_finds_the_english_record,
    test_all_problems_of_a_file_at_once_and_nothing_kept,
    test_articles_with_what_serves_them,
    test_due_dates_follow_from_the_last_meeting,
    test_instruments_before_and_after_their_start,
    test_nobody_changes_unseen_what_somebody_else_changed,
    test_overdue_commitments,
    test_pages_follow_each_other,
    test_seeding_twice_changes_nothing,
    test_show_in_a_language_and_an_earlier_version,
    test_the_agenda_ends_with_the_next_meeting,
    test_the_audit_log_is_read_and_checked,
    test_the_calendar_is_read_by_others,
    test_the_next_chair_of_canada_is_derived,
    test_what_a_nation_hides_is_shown_to_the_nation_alone,
    test_what_somebody_changed_is_never_written_over,
)
from test_cli_pact_pack import test_the_board_names_what_has_no_evidence_first
from test_view_tower import (
    desk,
    ledger,
    test_a_company_sees_its_projects_and_contracts,
    test_duties_and_meetings_are_those_of_the_register,
    test_the_worst_alarm_comes_first_and_leads_to_who_agreed_to_act,
    test_what_is_hidden_changes_no_byte,
    towers,
)


@pytest.fixture(autouse=True)
def thing_kinds() -> None:
    """The register's own kinds."""


@pytest.fixture(scope="module")
def filled(copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a register with the seed; tests that change it take a copy."""
    return copies.of("postgresql", seeded, tmp_path_factory.mktemp("filled"))


@pytest.fixture
def own(copy_of: Callable[[str, Fill], str]) -> str:
    """A copy of the filled register that a test may change."""
    return copy_of("postgresql", seeded)


@pytest.fixture
def register(filled: str) -> str:
    """The same by the name that the tests of the board have for it."""
    return filled


def test_it_is_postgresql_that_these_tests_ask(filled: str) -> None:
    """All of them would pass on SQLite as well."""
    store = open_store(filled)
    assert store.database.engine.dialect.name == "postgresql"
    store.close()
