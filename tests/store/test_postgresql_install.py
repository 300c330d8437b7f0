"""Where the programs of PostgreSQL are looked for, and what is tried where there are none: with made-up folders, no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tools import postgresql
from tools.postgresql import programs
from tools.postgresql_install import Way, install, no_cluster, ways


def put(folder: Path, *names: str) -> Path:
    """A folder with programs that do nothing."""
    folder.mkdir(parents=True)
    for name in names or ("initdb", "postgres"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path | None]:
    """A machine without PostgreSQL, and how to look again: its Debian folder is ``debian``, its path ``bin``."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(postgresql, "WHEELS", ("made_up_wheel",))
    return lambda: programs(tmp_path / "debian")


def test_a_machine_without_it_has_none(bare: Callable[[], Path | None]) -> None:
    """And the test would see one."""
    assert bare() is None


def test_the_newest_of_debian_comes_first(bare: Callable[[], Path | None], tmp_path: Path) -> None:
    """By number, not by letter; what is no version, or has no server, is passed over."""
    put(tmp_path / "bin")
    for version in ("9", "15", "9.6", "common"):
        put(tmp_path / "debian" / version / "bin")
    put(tmp_path / "debian" / "17" / "bin", "initdb")
    assert bare() == tmp_path / "debian" / "15" / "bin"


def test_then_comes_the_path(bare: Callable[[], Path | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before a wheel; a link to the programs is followed."""
    put(tmp_path / "site" / "made_up_wheel" / "pginstall" / "bin")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    real = put(tmp_path / "real")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "initdb").symlink_to(real / "initdb")
    assert bare() == real


def test_then_a_wheel(bare: Callable[[], Path | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installed while the program runs."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert bare() is None
    found = put(tmp_path / "site" / "made_up_wheel" / "pginstall" / "bin")
    (tmp_path / "site" / "made_up_wheel" / "__init__.py").write_text("")
    assert bare() == found


@pytest.mark.parametrize(
    ("root", "apt", "names"),
    [
        (True, True, ["Debian's package", "a wheel"]),
        (True, False, ["a wheel"]),
        (False, True, ["a wheel"]),
        (False, False, ["a wheel"]),
    ],
)
def test_debian_is_asked_only_as_root_where_it_is(root: bool, apt: bool, names: list[str]) -> None:
    """A wheel goes everywhere."""
    assert [way.name for way in ways(root=root, apt=apt)] == names


def test_the_version_that_is_wanted_is_asked_for_before_any_other() -> None:
    """PostgreSQL 15, and on a Debian of another year whatever it has."""
    debian = next(ways(root=True, apt=True))
    assert [command[-1] for command in debian.commands] == ["postgresql-15", "postgresql"]
    assert all("--no-install-recommends" in command for command in debian.commands)


@pytest.mark.parametrize(
    ("works", "worked", "asked"),
    [
        ({"a1"}, "a", ["a1"]),
        ({"a2"}, "a", ["a1", "a2"]),
        ({"b"}, "b", ["a1", "a2", "b"]),
        (set(), None, ["a1", "a2", "b"]),
    ],
)
def test_what_fails_is_followed_by_the_next(works: set[str], worked: str | None, asked: list[str]) -> None:
    """Until the programs are there."""
    done: list[str] = []

    def run(command: Sequence[str]) -> bool:
        done.append(command[0])
        return command[0] in works

    found = lambda: Path("/found") if works & {*done} else None  # noqa: E731
    assert install(found, [Way("a", (("a1",), ("a2",))), Way("b", (("b",),))], run) == worked
    assert done == asked


def test_a_package_that_brings_no_programs_is_no_success() -> None:
    """The command worked, and they are not there: on to the next."""
    assert install(lambda: None, [Way("a", (("a",),)), Way("b", (("b",),))], lambda _: True) is None


def test_debian_is_told_to_make_no_cluster_and_its_settings_are_left_as_they_were(tmp_path: Path) -> None:
    """Folders that the package has filled meanwhile stay."""
    folder = tmp_path / "etc" / "createcluster.d"
    with no_cluster(folder):
        assert [path.read_text() for path in folder.iterdir()] == ["create_main_cluster = false\n"]
    assert not (tmp_path / "etc").exists()
    with no_cluster(folder):
        (tmp_path / "etc" / "of-the-package").write_text("")
    assert [path.name for path in (tmp_path / "etc").iterdir()] == ["of-the-package"]
