"""Reading the files of data/shock that say what a usual week assumes, or a person's own in their place."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from orepact.errors import BadInput, Problem

AnyFile = TypeVar("AnyFile", bound=BaseModel)


class RuleFiles:
    """Reads rule files, a person's own where ``folder`` has one, and gathers everything wrong with them in ``problems``."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        if folder is not None and not folder.is_dir():
            self.problems.append(Problem("rules", "a folder of YAML files", f"no folder {folder}", "check the path"))

    def __call__(self, name: str, kind: type[AnyFile]) -> AnyFile | None:
        """The file ``name`` in typed form; None when something is wrong with it."""
        own = None if self.folder is None else self.folder / f"{name}.yaml"
        try:
            if own is None or not own.is_file():
                shipped: AnyFile = _shipped(name, kind)
                return shipped
            return kind.model_validate(_content(own))
        except ValidationError as error:
            self.problems += [_problem(entry, kind, f"{name}.yaml") for entry in error.errors()]
        except BadInput as error:
            self.problems += error.problems
        return None


@cache
def _shipped(name: str, kind: type[AnyFile]) -> AnyFile:
    import yaml

    text = files("orepact.data").joinpath(f"shock/{name}.yaml").read_text(encoding="utf-8")
    read: AnyFile = kind.model_validate(yaml.safe_load(text))
    return read


def _content(path: Path) -> Mapping[str, Any]:
    """One YAML file as a mapping; raises ``BadInput`` when it is not one."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        found = f"bytes that are not text at position {error.start}"
        raise BadInput([Problem("content", "UTF-8 text", found, "save as UTF-8", path.name)]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        said = getattr(error, "problem", None) or str(error)
        raise BadInput([Problem("content", "YAML", said, "mend the YAML", path.name, row)]) from error
    if not isinstance(content, dict):
        found = f"a {type(content).__name__}"
        raise BadInput([Problem("content", "keys with values", found, "begin with the keys of the shipped file", path.name)])
    return content


def _problem(entry: Any, kind: type[BaseModel], file: str) -> Problem:
    """What pydantic found, in the words of this project."""
    key = str(entry["loc"][-1]) if entry["loc"] else "content"
    where = ".".join(map(str, entry["loc"])) or "content"
    if entry["type"] == "extra_forbidden":
        near = get_close_matches(key, _keys(kind), n=1, cutoff=0.6)
        return Problem(where, "a known key", f"unknown key {key!r}", f"did you mean {near[0]}?" if near else "leave it out", file)
    if entry["type"] == "missing":
        return Problem(where, f"a value for {key}", "nothing", f"add {key}", file)
    if key == "confidence":
        expected = "reported, derived, estimated or unverified"
    else:
        expected = str(entry["msg"]).removeprefix("Input should be ").split(", unable")[0]
    return Problem(where, expected, repr(entry["input"]), f"change {key}", file)


def _keys(kind: type[BaseModel]) -> list[str]:
    """Every key that may stand anywhere in a file of this kind."""
    schema = kind.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return [name for part in parts for name in part.get("properties", {})]
