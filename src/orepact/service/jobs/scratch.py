"""Folders in which a process finds what is private to it: for this user alone, gone when it is done, and where it was killed,
gone when the next one begins. A run has one, and a server for what its processes keep together.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK = "lock"


def home(root: Path | None = None) -> Path:
    """Where the folders stand (among temporary files, or in ``root``): one for each user of the machine, refused when somebody
    else made it.
    """
    place = (root or Path(tempfile.gettempdir())) / f"orepact-runs-{os.getuid() if hasattr(os, 'getuid') else 0}"
    place.mkdir(mode=0o700, exist_ok=True)
    told = place.lstat()
    if hasattr(os, "getuid") and (told.st_uid != os.getuid() or told.st_mode & 0o077 or place.is_symlink()):
        raise PermissionError(13, "the folder of runs is not this user's alone", str(place))
    return place


@contextmanager
def folder(kind: str = "run", root: Path | None = None) -> Iterator[Path]:
    """A folder for one run, or for what else a process does."""
    made = Path(tempfile.mkdtemp(prefix=f"{kind}-", dir=home(root)))  # mode 0700
    held, draft = tempfile.mkstemp(prefix="lock-", dir=home(root))  # children do not get it
    try:
        _hold(held)
        Path(draft).rename(made / LOCK)  # held from the moment that it is there
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def sweep(kind: str = "run", root: Path | None = None) -> int:
    """Take away the folders of processes that are gone; how many. Where files cannot be locked, none are."""
    return sum(map(_swept, home(root).glob(f"{kind}-*")))


def _swept(left: Path) -> bool:
    try:
        held = os.open(left / LOCK, os.O_RDWR)
    except OSError:
        return False  # another one has just swept it, or it is not held yet
    try:
        if _hold(held):
            shutil.rmtree(left, ignore_errors=True)
            return True
    except OSError:
        pass  # its worker lives
    finally:
        os.close(held)
    return False


def _hold(held: int) -> bool:
    """Hold a lock for as long as this process lives: whether there are locks; raises ``OSError`` when another one holds it."""
    try:
        import fcntl
    except ImportError:
        return False
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
