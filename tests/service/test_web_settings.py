"""How a server is told to run: by its environment, every problem at once; and what `orepact serve` names is there."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from orepact.cli.serve import RUNNING
from orepact.errors import BadInput
from orepact.web.edge.running import APPLICATION, PROTOCOL
from orepact.web.settings import LOCAL, Settings


def test_what_the_command_names_is_there() -> None:
    for place in (APPLICATION, PROTOCOL):
        module, _, name = place.partition(":")
        assert callable(getattr(import_module(module), name))
    assert callable(import_module(RUNNING).run)


def test_without_a_word_it_serves_this_machine() -> None:
    found = Settings.from_environment({})
    assert (found.database, found.hosts, found.public) == (None, LOCAL, True)


def test_every_variable_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://user:word@host/pact\n")
    found = Settings.from_environment(
        {
            "OREPACT_DATABASE_URL_FILE": str(secret),
            "OREPACT_DATABASE_URL": "ignored",
            "OREPACT_SERVE_HOSTS": "a.example, b.example",
            "OREPACT_SERVE_ADDRESS": "https://a.example",
            "OREPACT_SERVE_PUBLIC": "0",
            "OREPACT_SERVE_FACTS": str(tmp_path),
            "OREPACT_SERVE_BUSY": "7",
        }
    )
    assert found == Settings(
        database="postgresql://user:word@host/pact", hosts=("a.example", "b.example"), address="https://a.example", public=False,
        facts=tmp_path, busy=7,
    )  # fmt: skip


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "OREPACT_DATABASE_URL_FILE": str(tmp_path / "none"),
        "OREPACT_SERVE_PUBLIC": "yes",
        "OREPACT_SERVE_BUSY": "-1",
        "OREPACT_SERVE_FACTS": str(tmp_path / "none"),
        "OREPACT_SERVE_ADDRESS": "http://elsewhere.example/path",
    }
    with pytest.raises(BadInput) as error:
        Settings.from_environment(wrong)
    assert {problem.column for problem in error.value.problems} == set(wrong)


def test_the_page_for_operators_names_every_setting() -> None:
    """Each field of the settings, and each variable that the program reads, is in its table; and none that there is not."""
    root = Path(__file__).parents[2]
    read = {
        name
        for file in (root / "src").rglob("*.py")
        for name in re.findall(r"OREPACT_[A-Z_]*[A-Z]", file.read_text("utf-8"))
        if name != "OREPACT_SERVE"
    }
    fields = {f"OREPACT_SERVE_{name.upper()}" for name in Settings.__slots__ if name != "database"}
    page = (root / "docs" / "operate.md").read_text("utf-8").partition("| setting |")[2].partition("## ")[0]
    assert set(re.findall(r"`(OREPACT_[A-Z_]+)`", page)) == read | fields
