"""A YAML file as a checked model: every mistake as a ``Problem``, a key given twice among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from orepact.errors import BadInput, Problem
from orepact.facts.typed_problems import problems_of
from orepact.facts.yaml_bounds import demand_bounds

if TYPE_CHECKING:
    from pydantic import BaseModel

A_DAY = "a day of the calendar as YYYY-MM-DD"
AnyModel = TypeVar("AnyModel", bound="BaseModel")


def read_model(path: Path, kind: type[AnyModel], over: Path | None = None) -> AnyModel:
    """The file as ``kind``; where ``over`` is given its keys are laid over those of ``path`` and mistakes are told of it.

    Mappings are laid over key by key, lists are replaced whole. Raises ``BadInput`` with every problem, each with file and key.
    """
    content = yaml_content(path)
    if over is None:
        return checked(content, kind, path.name)
    return checked(laid_over(content, yaml_content(over)), kind, over.name)


def checked(content: Any, kind: type[AnyModel], file: str) -> AnyModel:
    """The content as ``kind``; raises ``BadInput`` with every problem."""
    from pydantic import ValidationError

    try:
        return kind.model_validate(content)
    except ValidationError as error:
        raise BadInput(problems_of(error, file, content, kind)) from error


def laid_over(base: Any, own: Any) -> Any:
    """``own`` over ``base``: mappings key by key, anything else replaced.

    >>> laid_over({"a": {"b": 1, "c": 2}, "d": [1, 2]}, {"a": {"b": 3}, "d": [4]})
    {'a': {'b': 3, 'c': 2}, 'd': [4]}
    """
    if isinstance(base, Mapping) and isinstance(own, Mapping):
        return {**base, **{name: laid_over(base.get(name), value) for name, value in own.items()}}
    return own


def yaml_content(path: Path) -> dict[str, Any]:
    """One YAML file as a mapping; raises ``BadInput`` when it is not one, holds a key twice, or is nested without end."""
    import yaml

    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        demand_bounds(text, path.name)
        content = yaml.safe_load(text)
        twice = [*_said_twice(yaml.compose(text, Loader=yaml.SafeLoader), path.name)]
    except UnicodeDecodeError as error:
        found = f"bytes that are not text at position {error.start}"
        raise BadInput([Problem("content", "UTF-8 text", found, "save as UTF-8", path.name)]) from error
    except OSError as error:
        raise BadInput([Problem("file", f"the file {path.name}", str(error.strerror), "check the path", str(path))]) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = getattr(error, "problem", None) or str(error)
        row = mark.line + 1 if mark else None
        raise BadInput([Problem("content", "YAML", found, "mend the YAML", path.name, row)]) from error
    except ValueError as error:  # a date that no calendar has
        named = [*_impossible(yaml.compose(text, Loader=yaml.SafeLoader), path.name)]
        raise BadInput(named or [Problem("content", "values that exist", str(error), "mend the value", path.name)]) from error
    if twice:
        raise BadInput(twice)
    if not isinstance(content, dict):
        kind = type(content).__name__ if content is not None else "nothing"
        raise BadInput([Problem("content", "keys with values", kind, "write `key: value` lines", path.name)])
    return {str(key): value for key, value in content.items()}


def _impossible(node: Any, file: str, where: str = "") -> Iterator[Problem]:
    """A problem for each value that looks like a date or a number and is none."""
    import yaml

    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _impossible(item, file, f"{where}.{number}")
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _impossible(value, file, f"{where}.{key.value}")
    else:
        try:
            yaml.SafeLoader("").construct_object(node)
        except ValueError as error:
            expected = A_DAY if node.tag.endswith(":timestamp") else "a value that exists"
            found, row = f"{node.value} ({error})", node.start_mark.line + 1
            yield Problem(where.lstrip(".") or "content", expected, found, "mend the value", file, row)


def _said_twice(node: Any, file: str) -> Iterator[Problem]:
    """A problem for each key that a mapping holds twice: YAML would silently keep the last."""
    import yaml

    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _said_twice(item, file)
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = str(key.value)
        if name in seen and name != "<<":
            yield Problem(name, "each key once", f"{name} twice", "keep one of them", file, key.start_mark.line + 1)
        seen.add(name)
        yield from _said_twice(value, file)
