"""What all tests share: who runs which, the browser, and a closing note of everything that did not run."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One worker runs all tests of a module; see ``spreading``."""
    from spreading import GroupScheduling

    config.option.loadscopereorder = False
    return GroupScheduling(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With several workers, the longest first."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        from spreading import longest_first

        longest_first(items)


@pytest.fixture(autouse=True, scope="session")
def own_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes what the user imported."""
    os.environ["OREPACT_HOME"] = str(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def filled(own_home: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with the records of the package; tests that change it take ``own``."""
    from orepact.service.pact import init_register, seed_register

    file = tmp_path_factory.mktemp("register") / "register.db"
    init_register(str(file))
    seed_register(str(file))
    return file


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A copy of the filled register that a test may change."""
    copy = tmp_path / "own.db"
    with closing(sqlite3.connect(filled)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's chromium; the test is reported as not run where there is none."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip("no chromium on this machine (as root, `make test` installs it)")
    return found


@pytest.hookimpl(hookwrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say loudly, in one block, which tests did not run and why."""
    yield
    skipped = terminalreporter.getreports("skipped")
    if skipped:
        terminalreporter.section(f"NOT RUN: {len(skipped)}")
        for report in skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            terminalreporter.write_line(f"{report.nodeid}: {reason}")
