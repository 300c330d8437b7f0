"""``problems_of``: what the checker of types found wrong with a file, as ``Problem`` in the words of this project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from math import isfinite
from typing import TYPE_CHECKING, Any

from orepact.errors import Problem

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

A_DATE, A_DATE_TEXT = "a date as YYYY-MM-DD", "a date as YYYY-MM-DD, YYYY-MM or YYYY"
AN_ID = "an id of small letters, digits and _ that starts with a letter"
A_LIST = "a list, or a name (in quotes where YAML reads it otherwise)"
A_NUMBER, WHOLE = "a number", "a whole number"
KEYS = "keys with values"
#: What each kind of complaint expects; ``{gt}`` and the like are limits that the complaint brings with it.
EXPECTED: Mapping[str, str] = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "date_from_datetime_inexact": A_DATE,
    "date_from_datetime_parsing": A_DATE,
    "date_parsing": A_DATE,
    "date_type": A_DATE,
    "dict_type": KEYS,
    "finite_number": "a finite number",
    "float_parsing": A_NUMBER,
    "float_type": A_NUMBER,
    "greater_than": "a number above {gt}",
    "greater_than_equal": "a number of at least {ge}",
    "int_from_float": WHOLE,
    "int_parsing": WHOLE,
    "int_type": WHOLE,
    "less_than": "a number below {lt}",
    "less_than_equal": "a number of at most {le}",
    "list_type": A_LIST,
    "literal_error": "{expected}",
    "mapping_type": KEYS,
    "model_attributes_type": KEYS,
    "model_type": KEYS,
    "none_required": "nothing",
    "string_too_long": "text of at most {max_length} letters",
    "string_too_short": "some text",
    "string_type": "text",
    "timezone_aware": "a moment with what it is ahead of UTC, as in 2026-02-18T09:00-05:00",
    "too_short": "a list of {min_length} or more",
    "tuple_type": A_LIST,
}
#: What a value may be, for keys whose form no complaint tells in plain words.
FORMS: Mapping[str, str] = {"confidence": "reported, derived, estimated or unverified"}
LONGEST = 60
#: How a misspelt key is mended.
MEANT = "did you mean {}?"
#: So many known keys are listed where none of them is near to what was written.
FEW = 16


def problems_of(
    error: ValidationError, file: str, content: Any, kind: type[BaseModel] | None = None, base: Sequence[str | int] = ()
) -> list[Problem]:
    """Every complaint of ``error`` about ``content`` (what was checked), one for each place.

    ``kind`` is what the content should have been: unknown keys get the nearest that may stand there. ``base`` goes before the
    place, where the content is a part of the file. Entries of lists are named by their ``id`` where they have one.
    """
    schema = kind.model_json_schema() if kind is not None else {}
    found: dict[str, Problem] = {}
    for problem in _first([*_each(error, file, content, schema, list(base))]):
        known = found.get(problem.column)
        if known is not None and problem.expected in known.expected.split(" or "):
            continue
        # several alternatives may have been possible there
        joined = problem if known is None else replace(known, expected=f"{known.expected} or {problem.expected}")
        found[problem.column] = joined
    return list(found.values())


def _first(problems: Sequence[Problem]) -> Iterator[Problem]:
    """Without the keys that are missing because they are misspelt: that is told of the key that stands there."""
    written = {f"{problem.column.rpartition('.')[0]}.{problem.mend}" for problem in problems}
    for problem in problems:
        above, _, key = problem.column.rpartition(".")
        if problem.mend != f"add {key}" or f"{above}.{MEANT.format(key)}" not in written:
            yield problem


def _each(error: Any, file: str, content: Any, schema: Mapping[str, Any], base: list[Any]) -> Iterator[Problem]:
    for entry in error.errors():
        if entry["type"] == "too_short" and len(entry["input"]) >= entry["ctx"]["min_length"]:
            continue  # its parts count as none, for what is wrong with them was told
        steps, names = _place(entry, content)
        inner = entry.get("ctx", {}).get("error")
        if hasattr(inner, "errors"):  # a part that was checked by itself
            yield from _each(inner, file, None, {}, [*base, *names])
        elif entry["type"].startswith("union_tag"):
            yield _unchosen(entry, [str(name) for name in (*base, *names)], choices_of(schema, steps), file)
        else:
            problem = _problem(entry, [str(name) for name in (*base, *names)], known_keys(schema, steps[:-1]), file)
            mend = _mend(entry, str(names[-1]) if names else "", example_of(schema, steps))
            yield replace(problem, mend=mend) if mend else problem


def _place(entry: Any, content: Any) -> tuple[list[Any], list[Any]]:
    """The steps to a value, and how people call them; without the steps that the checker puts in for its alternatives."""
    steps: list[Any] = []
    names: list[Any] = []
    value: Any = content
    loc = entry["loc"]
    for at, step in enumerate(loc):
        last = at == len(loc) - 1
        if not (_holds(value, step) or content is None or (last and entry["type"] == "missing")):
            continue
        value = value[step] if _holds(value, step) else None
        steps.append(step)
        named = isinstance(step, int) and isinstance(value, Mapping) and isinstance(value.get("id"), str)
        names.append(value["id"] if named else step)
    return steps, names


def _holds(value: Any, step: Any) -> bool:
    if isinstance(value, Mapping):
        return step in value
    return isinstance(value, (list, tuple)) and isinstance(step, int) and step < len(value)


def _problem(entry: Any, names: list[str], known: list[str], file: str) -> Problem:
    where, key = ".".join(names) or "content", names[-1] if names else "content"
    if entry["type"] == "extra_forbidden":
        return Problem(where, "a known key", f"unknown key {key!r}", _nearest(key, known), file)
    if entry["type"] == "missing":
        return Problem(where, f"a value for {key}", "nothing", f"add {key}", file)
    return Problem(where, FORMS.get(key, expected_of(entry)), shown(entry["input"]), f"change {where}", file)


def _unchosen(entry: Any, names: list[str], choices: list[str], file: str) -> Problem:
    """The key that says which of several forms a part has is missing, or says none of them."""
    key = str(entry["ctx"]["discriminator"]).strip("'")
    where = ".".join([*names, key])
    expected = " or ".join(choices) or f"a value for {key}"
    found = shown(entry["input"].get(key)) if isinstance(entry["input"], Mapping) else "nothing"
    mend = f"{'add' if found == 'nothing' else 'change'} {key}: it says what the other keys mean"
    return Problem(where, expected, found, mend, file)


def _mend(entry: Any, key: str, example: Any) -> str:
    """How to write a number that YAML reads as text, or keys with values for which the schema has an example; else ""."""
    value = entry["input"]
    if entry.get("ctx", {}).get("mend"):
        return mend_of(entry)
    if EXPECTED.get(entry["type"]) == KEYS and isinstance(example, Mapping):
        return f"write it as {key}: {{{', '.join(f'{name}: {part}' for name, part in example.items())}}}"
    if EXPECTED.get(entry["type"]) == A_NUMBER and isinstance(value, str):
        return f"YAML reads it as text: write {number_in_yaml(value)}" if number_in_yaml(value) else ""
    return ""


def mend_of(entry: Mapping[str, Any]) -> str:
    """How to mend a value of which the checker of types complains: as its complaint says, else in the form that was expected.

    >>> mend_of({"type": "unfit", "ctx": {"mend": "did you mean KOR?"}}), mend_of({"type": "int_parsing"})
    ('did you mean KOR?', 'give it in that form')
    """
    said = entry.get("ctx", {}).get("mend")
    return str(said) if said else "use one of them" if entry["type"] == "literal_error" else "give it in that form"


def number_in_yaml(text: str) -> str:
    """A number as YAML reads one, which wants a point and a sign of the exponent; "" for what is no number.

    >>> number_in_yaml("1e308"), number_in_yaml("1e-3"), number_in_yaml("soon")
    ('1.0e+308', '0.001', '')
    """
    try:
        number = float(text)
    except ValueError:
        return ""
    if not isfinite(number):
        return ""
    mantissa, mark, exponent = repr(number).partition("e")
    return repr(number) if not mark or "." in mantissa else f"{mantissa}.0e{exponent}"


def _nearest(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return MEANT.format(close[0])
    return f"known are: {', '.join(known)}" if 0 < len(known) <= FEW else "leave it out"


def expected_of(entry: Any) -> str:
    """What the checker of types expected where it complains, in plain words."""
    if entry["type"] == "string_pattern_mismatch":  # ids and dates are all that has a pattern
        return A_DATE_TEXT if r"\d{4}" in entry["ctx"]["pattern"] else AN_ID
    words = EXPECTED.get(entry["type"])
    if words is None:
        return str(entry["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    limits = {name: f"{limit:g}" if isinstance(limit, float) else limit for name, limit in entry.get("ctx", {}).items()}
    return words.format(**limits)


def shown(value: Any) -> str:
    """A value as people write it, cut where it is long.

    >>> shown(False), shown(None), shown("soon"), shown(["x" * 80])[-3:]
    ('false', 'nothing', "'soon'", '...')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    text = value.isoformat() if isinstance(value, date) else repr(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def known_keys(schema: Mapping[str, Any], steps: Sequence[Any]) -> list[str]:
    """Keys that may stand at a place of a file with this JSON schema; empty where the schema does not say."""
    parts = [schema]
    for step in steps:
        parts = [inner for part in _alternatives(parts, schema) for inner in _inside(part, step)]
    return list(dict.fromkeys(name for part in _alternatives(parts, schema) for name in part.get("properties", {})))


def example_of(schema: Mapping[str, Any], steps: Sequence[Any]) -> Any:
    """The first example that this JSON schema has for a place of a file; None without one."""
    parts = [schema]
    for step in steps:
        parts = [inner for part in _alternatives(parts, schema) for inner in _inside(part, step)]
    return next((part["examples"][0] for part in parts if part.get("examples")), None)


def choices_of(schema: Mapping[str, Any], steps: Sequence[Any]) -> list[str]:
    """What the key may say that tells the forms of a part at a place apart; empty where the schema does not say."""
    parts = [schema]
    for step in steps:
        parts = [inner for part in _alternatives(parts, schema) for inner in _inside(part, step)]
    either = [*parts, *(inner for part in parts for inner in part.get("anyOf", ()))]
    return [name for part in either for name in part.get("discriminator", {}).get("mapping", {})]


def _alternatives(parts: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        if "$ref" in part:
            yield from _alternatives([schema["$defs"][part["$ref"].rsplit("/", 1)[1]]], schema)
        elif "anyOf" in part or "oneOf" in part:
            yield from _alternatives(part.get("anyOf") or part["oneOf"], schema)
        else:
            yield part


def _inside(part: Mapping[str, Any], step: Any) -> list[Mapping[str, Any]]:
    inner = part.get("items") if isinstance(step, int) else part.get("properties", {}).get(step, part.get("additionalProperties"))
    return [inner] if isinstance(inner, Mapping) else []
