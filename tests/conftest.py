"""What all tests share: who runs which, the browser, and a closing note of everything that did not run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copies import Copies, Fill, copied, seeded

if TYPE_CHECKING:
    from tools.postgresql import Cluster

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
def filled(own_home: None, copies: Copies, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with the records of the package; tests that change it take ``own``."""
    return Path(copies.of("sqlite", seeded, tmp_path_factory.mktemp("register")))


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A copy of the filled register that a test may change."""
    return copied(filled, tmp_path / "own.db")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Debian's chromium; the test is reported as not run where there is none."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip("no chromium on this machine (as root, `make test` installs it)")
    return found


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own; they are reported as not run where there is none."""
    from tools.postgresql import HASTY, Cluster, programs

    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL on this machine (as root, `make test` installs it)")
    cluster = Cluster.new(found, *HASTY)
    yield cluster
    cluster.stop()


@pytest.fixture
def make_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Addresses of new, empty databases of a backend."""

    def make(backend: str) -> str:
        if backend == "postgresql":
            cluster: Cluster = request.getfixturevalue("cluster")
            return cluster.schema()
        used = len([*tmp_path.glob("*.db")])
        file = tmp_path / f"register{used}.db"
        file.touch()
        return str(file)

    return make


@pytest.fixture(scope="session")
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """Registers that are filled once for all tests."""
    return Copies(tmp_path_factory.mktemp("originals"), lambda: request.getfixturevalue("cluster"))


@pytest.fixture
def copy_of(copies: Copies, tmp_path: Path) -> Iterator[Callable[[str, Fill], str]]:
    """Addresses of copies of a register that a function fills, on a backend; gone with the test."""
    made: list[str] = []

    def copy(backend: str, fill: Fill) -> str:
        made.append(copies.of(backend, fill, tmp_path))
        return made[-1]

    yield copy
    for address in made:
        copies.drop(address)


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
