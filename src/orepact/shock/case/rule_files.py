"""Reading the files of data/shock that say what a usual week assumes, or a person's own in their place."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from orepact.errors import BadInput, Problem
from orepact.facts.typed_yaml import read_model

AnyFile = TypeVar("AnyFile", bound=BaseModel)
#: Files that a folder of rules may hold.
NAMES = ("thinning", "capacities", "inventories", "substitutions", "stockpiles", "ways", "prices")


class RuleFiles:
    """Reads rule files, a person's own where ``folder`` has one, and gathers everything wrong with them in ``problems``.

    A YAML file of another name is a problem: most often it is misspelt, and what it says would not count.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        if folder is not None and not folder.is_dir():
            self.problems.append(Problem("rules", "a folder of YAML files", f"no folder {folder}", "check the path"))
        elif folder is not None:
            strangers = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".yaml", ".yml"})
            self.problems += [_stranger(path) for path in strangers if path.name not in {f"{name}.yaml" for name in NAMES}]

    def __call__(self, name: str, kind: type[AnyFile]) -> AnyFile | None:
        """The file ``name`` in typed form, the shipped one where the folder has none; None when something is wrong with it."""
        if not self.has(name):
            shipped: AnyFile = _shipped(name, kind)
            return shipped
        return self.own(name, kind)

    def has(self, name: str) -> bool:
        """Whether the folder has the file."""
        return self.folder is not None and (self.folder / f"{name}.yaml").is_file()

    def own(self, name: str, kind: type[AnyFile]) -> AnyFile | None:
        """The file of the folder; None when there is none or something is wrong with it."""
        if self.folder is None or not self.has(name):
            return None
        try:
            return read_model(self.folder / f"{name}.yaml", kind)
        except BadInput as error:
            self.problems += error.problems
        return None


@cache
def _shipped(name: str, kind: type[AnyFile]) -> AnyFile:
    return read_model(Path(str(files("orepact"))) / "data" / "shock" / f"{name}.yaml", kind)


def _stranger(path: Path) -> Problem:
    known = [f"{name}.yaml" for name in NAMES]
    close = get_close_matches(path.name, known, n=1, cutoff=0.5)
    mend = f"did you mean {close[0]}?" if close else f"rename or remove it; known are: {', '.join(known)}"
    return Problem("file", "a file of rules", f"unknown file {path.name}", mend, path.name)
