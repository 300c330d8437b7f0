"""Write a folder whole or not at all: everything goes aside first and moves in place together; if not, the old comes back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from orepact.errors import BadInput, Problem
from orepact.wording import field

EARLIER = "an earlier run"


def demand_target(folder: Path, ours: Collection[str], *, overwrite: bool, what: str = EARLIER) -> None:
    """Raise ``BadInput`` when ``folder`` is a file or holds something, unless ``overwrite`` and only names in ``ours``.

    And when nothing can be written there: to be asked before long work.
    """
    _demand_writable(folder)
    if not folder.exists():
        return
    if not folder.is_dir():
        raise BadInput([Problem("output", "a folder to write to", "a file", "name another folder", str(folder))])
    names = {path.name for path in folder.iterdir()}
    if names and not overwrite:
        mend = f"name another folder, or ask to overwrite: {field('overwrite')}"
        raise BadInput([Problem("output", "an empty or new folder", f"{len(names)} files", mend, str(folder))])
    foreign = sorted(names - set(ours))
    if foreign:
        found, expected = f"other files ({', '.join(foreign[:3])})", f"only files of {what} to overwrite"
        raise BadInput([Problem("output", expected, found, "name another folder", str(folder))])


@contextmanager
def folder_in_place(folder: Path, ours: Collection[str], *, overwrite: bool = False, what: str = EARLIER) -> Iterator[Path]:
    """A draft folder to write into; it becomes ``folder`` when the block ends well, and vanishes when it does not.

    An old folder is set aside first and put back if the move fails. Raises ``BadInput`` (see ``demand_target``).
    """
    folder = folder.resolve()
    demand_target(folder, ours, overwrite=overwrite, what=what)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft_for(folder, folder.parent)
    try:
        yield draft
        draft.chmod(0o755)
        _replace([(draft, folder)], draft.with_name(draft.name + ".old"))
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


@contextmanager
def files_in_place(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """A draft folder to write ``names`` (files or folders) into; they replace those of ``folder`` together or not at all.

    Whatever else ``folder`` holds stays; it is made when it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".writing_") as name:
        draft = Path(name)
        yield draft
        _replace([(draft / one, folder / one) for one in names], draft / ".old")


def _demand_writable(folder: Path) -> None:
    """Make a draft folder where that of ``folder`` will be, or in the nearest folder above it that is there; and remove it."""
    target = folder.resolve()
    above = next(path for path in target.parents if path.exists())
    _draft_for(target, above).rmdir()


def _draft_for(folder: Path, above: Path) -> Path:
    """A new hidden folder in ``above``; ``BadInput`` that names ``folder`` where there can be none."""
    try:
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=above))
    except OSError as error:
        found = f"{error.strerror or error} in {above}"
        mend = "name another folder, or allow writing there"
        raise BadInput([Problem("output", "a folder that can be written to", found, mend, str(folder))]) from error


def _replace(moves: Sequence[tuple[Path, Path]], aside: Path) -> None:
    """Move each new path to its target; what stood there waits in ``aside`` and comes back when any move fails."""
    aside.mkdir()
    done: list[tuple[Path, Path]] = []
    try:
        for number, (new, target) in enumerate(moves):
            old = aside / str(number)
            if target.exists():
                target.replace(old)
            done.append((old, target))
            new.replace(target)
    except BaseException:
        for old, target in reversed(done):
            _remove(target)
            if old.exists():
                old.replace(target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
