"""Reading scenario files: parents, merging, and every problem at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from orepact.chain.policy import LIMIT_KINDS
from orepact.chain.scenario import Scenario
from orepact.errors import BadInput, NotFound, Problem, ProblemCollector
from orepact.facts.yaml_bounds import demand_bounds

Key = tuple[str | int, ...]


def shipped_scenarios() -> dict[str, Path]:
    """Shipped scenarios by id, in order of id."""
    folder = Path(str(files("orepact"))) / "data" / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_scenario(name: str | Path) -> Scenario:
    """The scenario with this shipped id or in this YAML file, merged with its parents and checked."""
    origin: dict[Key, str] = {}
    content: dict[str, Any] = {}
    for path in reversed(_ancestry(find_scenario(str(name)))):
        content = merged(content, _read(path), origin, path.name)
    return validated(content, lambda key: _file_of(key, origin))


def child_of(parent: str, content: Mapping[str, Any]) -> Scenario:
    """A scenario that starts from a shipped one and states only ``content`` differently.

    Raises ``BadInput`` with every problem (file ``scenario``), ``NotFound`` for a parent that is not shipped.
    """
    shipped = shipped_scenarios()
    if parent not in shipped:
        raise NotFound("scenario", parent, shipped)
    base: dict[str, Any] = {}
    for path in reversed(_ancestry(shipped[parent])):
        base = merged(base, _read(path))
    whole = merged(base, {**content, "parent": parent})
    return validated(whole, lambda _: "scenario")


def find_scenario(name: str, beside: Path | None = None) -> Path:
    """The file of a shipped id or a path (relative to ``beside``); raises ``NotFound`` or ``BadInput``."""
    shipped = shipped_scenarios()
    if name in shipped:
        return shipped[name]
    path = (beside or Path()) / name
    if path.is_file():
        return path
    if path.suffix in {".yaml", ".yml"}:
        raise BadInput([Problem("scenario", "a scenario file", f"no file {name}", "check the path", file=name)])
    raise NotFound("scenario", name, shipped)


def _ancestry(path: Path) -> list[Path]:
    """The file, its parent, its parent's parent...; raises ``BadInput`` for a ring of parents or an unknown one."""
    line = [path]
    while parent := _read(line[-1]).get("parent"):
        try:
            above = find_scenario(str(parent), line[-1].parent)
        except NotFound as error:
            raise BadInput(
                [Problem("parent", "a known scenario", str(error), "name a shipped scenario or a file", line[-1].name)]
            ) from error
        if above.resolve() in [known.resolve() for known in line]:
            ring = " > ".join(known.stem for known in [*line, above])
            raise BadInput(
                [Problem("parent", "parents that end", f"a ring: {ring}", "remove one of these parents", line[-1].name)]
            )
        line.append(above)
    return line


def _read(path: Path) -> dict[str, Any]:
    """One YAML file as a mapping; raises ``BadInput`` when it is not one."""
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        demand_bounds(text, path.name, aliases=True)
        content = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise BadInput(
            [Problem("content", "UTF-8 text", f"bytes that are not text at position {error.start}", "save as UTF-8", path.name)]
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        raise BadInput(
            [Problem("content", "YAML", getattr(error, "problem", None) or str(error), "mend the YAML", path.name, row)]
        ) from error
    except ValueError as error:  # a date that no calendar has
        raise BadInput([Problem("content", "values that exist", str(error), "mend the value", path.name)]) from error
    if not isinstance(content, dict):
        raise BadInput(
            [Problem("content", "keys with values", type(content).__name__, "write `id: ...` and other keys", path.name)]
        )
    return {str(key): value for key, value in content.items()}


def merged(base: Any, child: Any, origin: dict[Key, str] | None = None, file: str = "", key: Key = ()) -> Any:
    """``child`` laid over ``base``: mappings by key, lists of named entries by name, anything else replaced.

    >>> merged({"a": 1, "b": {"c": 2}}, {"b": {"d": 3}})
    {'a': 1, 'b': {'c': 2, 'd': 3}}
    >>> merged([{"name": "x", "v": 1}], [{"name": "x", "v": 2}, {"name": "y"}])
    [{'name': 'x', 'v': 2}, {'name': 'y'}]
    """
    origin = {} if origin is None else origin
    if isinstance(base, dict) and isinstance(child, dict):
        result = dict(base)
        for name, value in child.items():
            result[name] = merged(base.get(name), value, origin, file, (*key, name))
        return result
    if _all_named(base) and _all_named(child):
        return _merged_by_name(base, child, origin, file, key)
    _note_origin(child, origin, file, key)
    return child


def _merged_by_name(base: list[Any], child: list[Any], origin: dict[Key, str], file: str, key: Key) -> list[Any]:
    result = list(base)
    for entry in child:
        at = next((i for i, known in enumerate(result) if known["name"] == entry["name"]), len(result))
        result[at : at + 1] = [merged(result[at] if at < len(result) else None, entry, origin, file, (*key, at))]
    return result


def _all_named(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(e, dict) and e.get("name") for e in value)


def _note_origin(value: Any, origin: dict[Key, str], file: str, key: Key) -> None:
    origin[key] = file
    items: Iterable[tuple[Any, Any]] = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, part in items:
        _note_origin(part, origin, file, (*key, name))


def _file_of(key: Key, origin: dict[Key, str]) -> str:
    while key and key not in origin:
        key = key[:-1]
    return origin.get(key, next(reversed(origin.values()), "scenario"))


# Checking ------------------------------------------------------------------------------------------


def validated(content: dict[str, Any], file_of: Callable[[Key], str]) -> Scenario:
    """The scenario with this content; raises ``BadInput`` with every problem, each with file and key."""
    from pydantic import ValidationError

    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        found = ProblemCollector()
        for entry in error.errors():
            found.extend([_problem(entry, content, file_of)])
        raise BadInput(found) from error


def _problem(entry: Any, content: dict[str, Any], file_of: Callable[[Key], str]) -> Problem:
    key = _path(entry["loc"])
    where, file = _dotted(key), file_of(key)
    kind = entry["type"]
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        close = get_close_matches(str(key[-1]), _known_keys(key[:-1], content), n=1, cutoff=0.5)
        mend = f"did you mean {close[0]}?" if close else f"known are: {', '.join(_known_keys(key[:-1], content))}"
        return Problem(where, "a known key", f"unknown key {key[-1]!r}", mend, file)
    if kind == "missing":
        return Problem(where, f"a value for {key[-1]}", "nothing", f"add {key[-1]}", file)
    message = str(entry["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    return Problem(where, message, _short(entry["input"]), f"change {where}", file)


def _path(loc: tuple[Any, ...]) -> Key:
    """The error's place in the file: the tags that the checker inserts for kinds of limits are left out."""
    path: list[str | int] = []
    for i, step in enumerate(loc):
        if i == 2 and loc[0] == "limits" and step in LIMIT_KINDS:
            continue
        path.append(step)
    return tuple(path)


def _known_keys(key: Key, content: dict[str, Any]) -> list[str]:
    if not key:
        return list(Scenario.model_fields)
    if key[0] == "limits" and len(key) > 1:
        kind = content["limits"][key[1]].get("kind", "")
        return [field.name for field in fields(LIMIT_KINDS[kind])] if kind in LIMIT_KINDS else []
    model: Any = Scenario
    for step in key:
        annotation = model.model_fields[step].annotation if step in getattr(model, "model_fields", {}) else None
        model = annotation
    return list(getattr(model, "model_fields", {}))


def _dotted(key: Key) -> str:
    return ".".join(str(step) for step in key) or "content"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
