"""Read folders of rules and rule sets: every file, every entry, every problem at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from orepact.errors import ProblemCollector
from orepact.facts.code_loading import read_yaml
from orepact.facts.codes import Codes
from orepact.facts.rule_reading import Reader
from orepact.facts.rule_set_reading import SetReader
from orepact.facts.rules import NEVER_APPLIES, Rule, RuleBook

PLACES, HOMES, SETS = "places.yaml", "homes.yaml", "sets"


def load_rules(folders: Sequence[Path]) -> RuleBook:
    """The rules of several folders, a later one over an earlier one; raises ``BadInput`` with every problem.

    A folder holds files of rules (``id: {...}``), ``places.yaml`` (places that only rules name) and ``sets/`` (rule sets).
    """
    problems = ProblemCollector()
    codes = Codes.shipped()
    unions = _places(folders, codes, problems)
    known = frozenset([*codes.places, *codes.groups, *unions])
    rules: dict[str, Rule] = {}
    for folder in folders:
        rules |= _rules_of(folder, codes, known, problems)
    _no_overlap(rules.values(), problems)
    sets = SetReader(codes, unions, rules, problems).read([path for folder in folders for path in _files(folder / SETS)])
    problems.raise_if_any()
    return RuleBook(rules, sets)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if path.name not in {PLACES, HOMES})


def _rules_of(folder: Path, codes: Codes, known: frozenset[str], problems: ProblemCollector) -> dict[str, Rule]:
    if not folder.is_dir():
        problems.add("folder", "a folder of rules", "nothing there", "check the path", file=str(folder))
        return {}
    if not _files(folder) and not _files(folder / SETS):
        problems.add("folder", "files of rules (*.yaml) or sets/*.yaml", "none", "add one", file=str(folder))
    read: dict[str, Rule] = {}
    seen: dict[str, str] = {}
    for path in _files(folder):
        content, lines = read_yaml(path, problems)
        reader = Reader(path.name, codes.units, known, frozenset(codes.commodities), problems)
        for name, entry in entries(content, lines, path.name, problems):
            if name in seen:
                problems.add(
                    name, "each rule once", f"also in {seen[name]}", "rename or remove one", row=lines.get(name), file=path.name
                )
            seen[name] = path.name
            rule = reader.rule(name, entry, lines.get(name))
            if rule is not None:
                read[name] = rule
    return read


def entries(
    content: Mapping[Any, Any], lines: Mapping[Any, int], file: str, problems: ProblemCollector
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The entries of a file that are mappings; others are noted."""
    for name, entry in content.items():
        if isinstance(entry, dict):
            yield str(name), entry
        else:
            problems.add(str(name), "an id with a mapping", repr(entry)[:60], "write `ID: {...}`", row=lines.get(name), file=file)


def _places(folders: Iterable[Path], codes: Codes, problems: ProblemCollector) -> dict[str, tuple[str, ...]]:
    """Places that only rules name, with the leaf places in them."""
    found: dict[str, tuple[str, ...]] = {}
    for folder in folders:
        path = folder / PLACES
        if not path.is_file():
            continue
        content, lines = read_yaml(path, problems)
        for name, entry in entries(content, lines, PLACES, problems):
            members = [str(member) for member in entry.get("members", [])]
            for member in (m for m in members if m not in codes.places and m not in codes.groups):
                problems.add(
                    f"{name}.members", "known places", repr(member), "use the code list", row=lines.get(name), file=PLACES
                )
            leaves = codes.members_of([m for m in members if m in codes.places or m in codes.groups])
            found[name] = leaves or (name,)
    return found


def _no_overlap(rules: Iterable[Rule], problems: ProblemCollector) -> None:
    """Two versions of one rule must not apply on the same day."""
    by_key: dict[str, list[Rule]] = {}
    for rule in rules:
        if rule.state not in NEVER_APPLIES:
            by_key.setdefault(rule.key, []).append(rule)
    for key, versions in by_key.items():
        for one, other in combinations(sorted(versions, key=lambda rule: (rule.date_from, rule.id)), 2):
            if one.spans(other.date_from):
                expected = f"versions of {key} one after the other"
                found = f"{one.id} ({_span(one)}) and {other.id} ({_span(other)})"
                problems.add(f"{other.id}.date_from", expected, found, "end one before the other begins", file=other.file)


def _span(rule: Rule) -> str:
    return f"{rule.date_from} to {rule.date_to or 'no end'}"
