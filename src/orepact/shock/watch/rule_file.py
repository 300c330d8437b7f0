"""Reading a file of watch rules: one laid over the other, every problem at once."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, Problem, ProblemCollector
from orepact.facts.typed_yaml import laid_over, yaml_content

if TYPE_CHECKING:
    from orepact.shock.watch.rules import WatchRules


def load_rules(shipped: Path, over: Path | None = None) -> WatchRules:
    """The rules of ``shipped`` with those of ``over`` laid over them key by key; lists are replaced whole.

    Raises ``BadInput`` with every problem of the file.
    """
    from pydantic import ValidationError

    from orepact.shock.watch.rules import WatchRules

    content = yaml_content(shipped)
    given = {} if over is None else yaml_content(over)
    file = (over or shipped).name
    try:
        return WatchRules.model_validate(laid_over(content, given))
    except ValidationError as error:
        found = ProblemCollector(file)
        found.extend(_problem(entry, file) for entry in error.errors())
        raise BadInput(found) from error


def _problem(entry: Any, file: str) -> Problem:
    """One complaint of the checker in the words of the house."""
    path = [str(step) for step in entry["loc"] if step != "[key]"]
    where, kind = ".".join(path) or "file", entry["type"]
    if kind == "extra_forbidden":
        return Problem(where, "a known key", f"unknown key {path[-1]!r}", _near(path), file)
    if kind == "missing":
        return Problem(where, f"a value for {path[-1]}", "nothing", f"add {path[-1]}", file)
    message = str(entry["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    text = repr(entry["input"])
    return Problem(where, message, text if len(text) <= 60 else text[:57] + "...", f"change {where}", file)


def _near(path: list[str]) -> str:
    from orepact.shock.watch import rules

    known = sorted({name for part in vars(rules).values() for name in getattr(part, "model_fields", {})})
    close = get_close_matches(path[-1], known, n=2, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else "remove it"
