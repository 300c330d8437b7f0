"""Keys, a new code and notices from the command line on PostgreSQL: the tests that run on SQLite, word for word.

The replay from the event to the review runs on both databases without the engines (``test_store_incidents``).
"""

# ruff: noqa: F401  tests are run where they are imported

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from copies import Copies, seeded
from orepact.cli.entry import run
from orepact.service.pact import record_file

sys.path.append(str(Path(__file__).parents[1] / "unit"))

from test_cli_pact_incident import (
    PEOPLE,
    test_a_new_area_is_added_by_two_keys,
    test_a_notice_waits_for_each_contact_point,
)


@pytest.fixture(autouse=True)
def thing_kinds() -> None:
    """The register's own kinds."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with records to be kept."""
    folder = tmp_path_factory.mktemp("incident")
    (folder / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def url(copies: Copies, place: Path) -> str:
    """The address of a filled register."""
    found = copies.of("postgresql", seeded, place)
    record_file(place / "people.yaml", found, reason="people for the test")
    return found


@pytest.fixture
def ask(url: str, capsys: pytest.CaptureFixture[str]):
    """The reply of a command of ``orepact pact``."""

    def asked(*words: str) -> dict[str, Any]:
        code = run(["pact", *words, "--db", url, "--format", "json"])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return asked


@pytest.fixture
def refused(url: str, capsys: pytest.CaptureFixture[str]):
    """The problems, as text, of a command that must be refused."""

    def asked(*words: str) -> str:
        assert run(["pact", *words, "--db", url, "--format", "json"]) == 3
        error = json.loads(capsys.readouterr().err)["error"]
        told = ("{where}: expected {expected}, found {found}; {mend}".format(**problem) for problem in error["problems"])
        return "\n".join(told)

    return asked
