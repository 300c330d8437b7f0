"""Write a folder whole or not at all: everything goes beside it first and is moved in place together."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from orepact.errors import BadInput, Problem


def demand_target(folder: Path, ours: Collection[str], *, overwrite: bool) -> None:
    """Raise ``BadInput`` when ``folder`` is a file or holds something, unless ``overwrite`` and only files named in ``ours``."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise BadInput([Problem("output", "a folder to write to", "a file", "name another folder", str(folder))])
    names = {path.name for path in folder.iterdir()}
    if names and not overwrite:
        mend = "name another folder or add --overwrite"
        raise BadInput([Problem("output", "an empty or new folder", f"{len(names)} files", mend, str(folder))])
    foreign = sorted(names - set(ours))
    if foreign:
        found = f"other files ({', '.join(foreign[:3])})"
        raise BadInput(
            [Problem("output", "only files of an earlier run to overwrite", found, "name another folder", str(folder))]
        )


@contextmanager
def folder_in_place(folder: Path, ours: Collection[str], *, overwrite: bool = False) -> Iterator[Path]:
    """A draft folder to write into; it becomes ``folder`` when the block ends well, and vanishes when it does not."""
    folder = folder.resolve()
    demand_target(folder, ours, overwrite=overwrite)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        draft.replace(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
