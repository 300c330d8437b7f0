"""One entry of a rules file as a ``Rule``, with every problem it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from orepact.errors import ProblemCollector, nearest
from orepact.facts.rules import OPERATORS, STATES, UNVERIFIED, VERIFIED, Member, Rule
from orepact.units import Units

NOT_KEYS = {"id", "file"}
DEMANDS = ("value", "values", "alternatives", "members", "word")
DATES = ("date_from", "date_to", "suspended_from", "suspended_to")
NUMBERS_BY_NAME = ("values", "alternatives")
COVERED = ("yes", "maybe")


@dataclass
class Reader:
    """Reads entries of one file; ``places`` are the names that rules may use for places."""

    file: str
    units: Units
    places: frozenset[str]
    commodities: frozenset[str]
    problems: ProblemCollector = field(default_factory=ProblemCollector)

    def rule(self, name: str, content: Mapping[str, Any], line: int | None) -> Rule | None:
        """The rule, or None when a problem was noted."""
        before = len(self.problems)
        note = self._noter(name, line)
        known = {item.name: item for item in fields(Rule) if item.name not in NOT_KEYS}
        for key in content:
            if key not in known:
                close = get_close_matches(str(key), known, n=1, cutoff=0.6)
                note(str(key), "a key of rules", repr(key), f"did you mean {close[0]}?" if close else "remove it")
        for key, item in known.items():
            if item.default is MISSING and item.default_factory is MISSING and content.get(key) in (None, "", []):
                note(key, f"the key {key}", "nothing", f"add `{key}`")
        values = {key: self._value(key, content[key], note) for key in content if key in known and content[key] is not None}
        self._check(values, [key for key in DEMANDS if content.get(key) not in (None, "", [], {})], note)
        return Rule(id=name, file=self.file, **values) if len(self.problems) == before else None

    def _noter(self, name: str, line: int | None) -> Any:
        def note(column: str, expected: str, found: str, mend: str) -> None:
            self.problems.add(f"{name}.{column}", expected, found, mend, row=line, file=self.file)

        return note

    def _value(self, key: str, value: Any, note: Any) -> Any:
        readers: dict[str, Any] = {
            **dict.fromkeys(DATES, as_day),
            **dict.fromkeys(NUMBERS_BY_NAME, _numbers),
            **dict.fromkeys(("jurisdiction", "unverified_fields"), lambda _key, cell, _note: tuple(map(str, as_list(cell)))),
            "value": as_number,
            "covers": lambda name, cell, noted: {str(k): str(v) for k, v in as_mapping(name, cell, noted).items()},
            "members": lambda _key, cell, noted: tuple(_member(item, noted) for item in as_list(cell)),
        }
        return readers.get(key, as_text)(key, value, note)

    def _check(self, values: Mapping[str, Any], demands: list[str], note: Any) -> None:
        one_of(values, "operator", OPERATORS, note)
        one_of(values, "state", STATES, note)
        one_of(values, "status", (VERIFIED, UNVERIFIED), note)
        if len(demands) != 1:
            found = " and ".join(demands) or "none of them"
            note("value", f"one of {', '.join(DEMANDS)}", found, "say what the rule demands in one way")
        for start, end in (DATES[:2], DATES[2:]):
            first, last = values.get(start), values.get(end)
            if isinstance(first, date) and isinstance(last, date) and last < first:
                note(end, f"a day from {first} on", str(last), f"correct {start} or {end}")
        self._check_names(values, demands, note)

    def _check_names(self, values: Mapping[str, Any], demands: list[str], note: Any) -> None:
        counted = bool({"value", "values", "alternatives"} & set(demands))
        unit = values.get("unit", "")
        if (counted or unit) and unit not in self.units:
            close = nearest(unit, self.units)
            note(
                "unit", "a known unit", repr(unit), f"did you mean {' or '.join(close)}?" if close else "use a unit of units.yaml"
            )
        named = list(values.get("jurisdiction", ()))
        if values.get("operator") == "in":
            named += [member.name for member in values.get("members", ()) if member is not None]
        unknown(named, self.places, "jurisdiction", "place", note)
        unknown(values.get("covers", {}), self.commodities, "covers", "commodity", note)
        for name, covered in values.get("covers", {}).items():
            if covered not in COVERED:
                note(f"covers.{name}", "yes or maybe, in quotes", repr(covered), 'write "yes" or maybe')


def one_of(values: Mapping[str, Any], key: str, known: Any, note: Any) -> None:
    """Note a value that is not among the known ones."""
    if key in values and values[key] not in known:
        close = get_close_matches(str(values[key]), list(known), n=1, cutoff=0.5)
        note(key, f"one of {', '.join(known)}", repr(values[key]), f"did you mean {close[0]}?" if close else "use one of them")


def unknown(names: Any, known: frozenset[str], key: str, what: str, note: Any) -> None:
    """Note every name that is not known."""
    for name in names:
        if name not in known:
            close = nearest(str(name), known)
            note(key, f"a known {what}", repr(name), f"did you mean {' or '.join(close)}?" if close else f"use a listed {what}")


def as_day(key: str, value: Any, note: Any) -> date | None:
    """A date; text is read as YYYY-MM-DD."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        note(key, "a date as YYYY-MM-DD", repr(value), "write an ISO date")
        return None


def as_number(key: str, value: Any, note: Any) -> float | None:
    """A number; percentages are written as fractions."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        note(key, "a number", repr(value), "write a number, a percentage as a fraction with unit '1'")
        return None
    return float(value)


def as_text(key: str, value: Any, note: Any) -> str:
    """Text; a bare yes or no is a mistake of YAML."""
    if isinstance(value, (bool, list, dict)):
        note(key, "text", repr(value), "put it in quotes" if isinstance(value, bool) else "write one text")
        return ""
    return str(value)


def as_mapping(key: str, value: Any, note: Any) -> Mapping[Any, Any]:
    """A mapping of names."""
    if not isinstance(value, dict):
        note(key, "a mapping of names", repr(value), "write `name: value` lines")
        return {}
    return value


def _numbers(key: str, value: Any, note: Any) -> dict[str, float | None]:
    return {str(name): as_number(f"{key}.{name}", item, note) for name, item in as_mapping(key, value, note).items()}


def as_list(value: Any) -> list[Any]:
    """A list; a single value is a list of one."""
    return value if isinstance(value, list) else [value]


def _member(item: Any, note: Any) -> Member | None:
    if not isinstance(item, dict):
        return Member(str(item))
    if set(item) - {"name", "since"} or not item.get("name"):
        note("members", "a name, or name and since", repr(item), "write {name: ..., since: YYYY-MM-DD}")
        return None
    return Member(str(item["name"]), as_day("members.since", item["since"], note) if item.get("since") else None)
