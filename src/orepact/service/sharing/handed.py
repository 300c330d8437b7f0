"""``Handed``: a file that leaves the register, with the strictest label of what is in it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from orepact.errors import BadInput, Problem
from orepact.interchange.made import CLEAR
from orepact.service.sharing.zips import zipped

ZIP = "application/zip"
MEDIA = {".csv": "text/csv", ".json": "application/json", ".geojson": "application/geo+json", ".html": "text/html"}


@dataclass(frozen=True, slots=True)
class Handed:
    """``label``: for whom it is; ``warnings``: what the format could not carry; ``after``: the mark of the part that follows."""

    name: str
    content: bytes
    media: str
    label: str = CLEAR
    warnings: Sequence[str] = ()
    after: str | None = None

    @classmethod
    def of(cls, name: str, files: Mapping[str, bytes], label: str = CLEAR, warnings: Sequence[str] = ()) -> Handed:
        """Files under one name: one as it is, several as a zip."""
        if len(files) == 1:
            ((own, content),) = files.items()
            ending = Path(own).suffix
            return cls(f"{name}{ending}", content, MEDIA[ending], label, warnings)
        return cls(f"{name}.zip", zipped(files), ZIP, label, warnings)


def files_below(folder: Path) -> dict[str, bytes]:
    """The files of a folder by name."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards; no problem that is found in it names it."""
    with tempfile.TemporaryDirectory(prefix="orepact-") as draft:
        folder = Path(draft).resolve()
        try:
            yield folder
        except BadInput as error:
            raise BadInput([_without(problem, str(folder)) for problem in error.problems]) from None


def _without(problem: Problem, folder: str) -> Problem:
    texts = {one.name: getattr(problem, one.name) for one in fields(problem)}
    said: dict[str, Any] = {name: _bare(text, folder) for name, text in texts.items() if isinstance(text, str)}
    return replace(problem, **said)


def _bare(text: str, folder: str) -> str:
    return text.replace(f"{folder}/", "").replace(folder, "")
