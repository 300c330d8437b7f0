"""Read code lists from YAML: every file, every entry, every problem, with file and line."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from orepact.errors import ProblemCollector
from orepact.facts import entries
from orepact.facts.code_checks import check_codes
from orepact.facts.codes import Codes
from orepact.facts.entries import Group, Place, entry_from, known_keys, required_keys
from orepact.facts.yaml_bounds import out_of_bounds
from orepact.units import Unit, Units

HINT = "write `id: {title: ...}` lines"
LISTS: Mapping[str, type[Any]] = {
    "elements": entries.Element,
    "commodities": entries.Commodity,
    "stages": entries.Stage,
    "statuses": entries.Status,
    "processes": entries.Process,
    "units": Unit,
    "attributes": entries.Attribute,
    "modes": entries.Mode,
}
"""The files that hold one list each; ``places.yaml`` holds two, under ``places`` and ``groups``."""
OPTIONAL: Mapping[str, type[Any]] = {"economies": entries.Economy, "materials": entries.Material}
"""Lists that a folder may do without: an absent file is an empty list."""


@dataclass
class Reading:
    """What was read so far: entries by list and id, the line of each entry, and the problems."""

    folder: Path
    problems: ProblemCollector = field(default_factory=ProblemCollector)
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: dict[tuple[str, str], int] = field(default_factory=dict)


def load_codes(folder: Path) -> Codes:
    """All code lists of ``folder``; raises ``BadInput`` with every problem."""
    reading = Reading(folder)
    if not folder.is_dir():
        reading.problems.add("folder", "a folder of code lists", "nothing there", "check the path", file=str(folder))
        reading.problems.raise_if_any()
    for name, kind in LISTS.items():
        mapping, lines = read_yaml(folder / f"{name}.yaml", reading.problems)
        _read_list(reading, name, kind, mapping, lines)
    for name, kind in OPTIONAL.items():
        path = folder / f"{name}.yaml"
        _read_list(reading, name, kind, *(read_yaml(path, reading.problems) if path.exists() else ({}, {})))
    _read_places(reading)
    reading.problems.raise_if_any()
    lists = {**reading.entries, "units": Units(reading.entries["units"])}
    reading.problems.extend(check_codes(lists, reading.lines))
    reading.problems.raise_if_any()
    return Codes(**lists)  # type: ignore[arg-type]


def _read_places(reading: Reading) -> None:
    mapping, lines = read_yaml(reading.folder / "places.yaml", reading.problems, depth=2)
    for key in set(mapping) - {"places", "groups"}:
        reading.problems.add(
            str(key), "the keys places and groups", repr(key), "move the entries under one of them", file="places.yaml"
        )
    for name, kind in (("places", Place), ("groups", Group)):
        listed = mapping.get(name) or {}
        if not isinstance(listed, dict):
            reading.problems.add(
                name, "a mapping of entries", repr(listed)[:60], "write `ID: {title: ...}` lines", file="places.yaml"
            )
            listed = {}
        _read_list(reading, name, kind, listed, lines, file="places.yaml")


def _read_list(
    reading: Reading, name: str, kind: type[Any], mapping: Mapping[Any, Any], lines: Mapping[Any, int], *, file: str = ""
) -> None:
    collector = ProblemCollector(file or f"{name}.yaml")
    read: dict[str, Any] = {}
    for key, value in mapping.items():
        line = lines.get((name, key), lines.get(key))
        if not isinstance(key, str) or not isinstance(value, dict):
            found = f"{key!r}: {value!r}"[:80]
            collector.add(str(key), "an id with a mapping", found, 'write `id: {title: ...}`; quote ids such as "1"', row=line)
            continue
        if _keys_fit(collector, kind, key, value, line):
            try:
                read[key] = entry_from(kind, key, value)
            except (TypeError, ValueError) as error:
                collector.add(key, "a well-formed entry", str(error), "correct the entry", row=line)
        reading.lines[name, key] = line or 0
    reading.entries[name] = read
    reading.problems.extend(collector)


def _keys_fit(collector: ProblemCollector, kind: type[Any], name: str, value: Mapping[Any, Any], line: int | None) -> bool:
    before = len(collector)
    known = known_keys(kind)
    for key in required_keys(kind):
        if value.get(key) in (None, "", []):
            collector.add(f"{name}.{key}", f"the key {key}", "nothing", f"add `{key}`", row=line)
    for key in value:
        close = [] if key in known else get_close_matches(str(key), known, n=1, cutoff=0.8)
        if close:
            collector.add(f"{name}.{key}", f"the key {close[0]}", repr(key), f"did you mean {close[0]}?", row=line)
    return len(collector) == before


def read_yaml(path: Path, problems: ProblemCollector, *, depth: int = 1) -> tuple[dict[Any, Any], dict[Any, int]]:
    """A YAML mapping and the line of each key (of each ``(key, subkey)`` too with ``depth`` 2); problems are gathered."""
    collector = ProblemCollector(path.name)
    lines: dict[Any, int] = {}
    content = _parse(path, collector, lines, depth)
    problems.extend(collector)
    if content is None and not len(collector):
        problems.add("file", "a mapping of entries", "an empty file", HINT, file=path.name)
    elif content is not None and not isinstance(content, dict):
        problems.add("file", "a mapping of entries", type(content).__name__, HINT, file=path.name)
    return (content, lines) if isinstance(content, dict) else ({}, {})


def _parse(path: Path, collector: ProblemCollector, lines: dict[Any, int], depth: int) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        collector.add("file", f"the file {path.name}", f"none in {path.parent}", "add it (a list may be empty: {})")
        return None
    except (OSError, UnicodeDecodeError) as error:
        collector.add("file", "a readable UTF-8 file", str(error), "save it as UTF-8 text")
        return None
    problem = out_of_bounds(text, path.name, aliases=True)
    if problem is not None:
        collector.extend([problem])
        return None
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _note_keys(node, (), collector, lines, depth)
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:  # a ValueError stands for a day that no calendar has
        mark = getattr(error, "problem_mark", None)
        found = str(getattr(error, "problem", None) or error)
        collector.add("file", "well-formed YAML", found, "correct the line", row=mark.line + 1 if mark else None)
        return None
    finally:
        loader.dispose()


def _note_keys(node: Any, path: tuple[Hashable, ...], collector: ProblemCollector, lines: dict[Any, int], depth: int) -> None:
    """Note the line of each key; a key that stands twice in one mapping is a problem, since YAML would drop the first."""
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name, line = str(key.value), key.start_mark.line + 1
        if name in seen:
            collector.add(".".join(map(str, (*path, name))), "each id once", f"{name} twice", "remove or rename one", row=line)
        seen.add(name)
        if len(path) < depth:
            lines.setdefault((*path, name) if path else name, line)
        _note_keys(value, (*path, name), collector, lines, depth)
