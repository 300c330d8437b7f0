"""Reading event files: YAML in, an ``Event`` out, and every problem of a file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from orepact.errors import BadInput, NotFound, Problem, ProblemCollector
from orepact.facts.typed_yaml import yaml_content
from orepact.shock.events.coherence import check_event
from orepact.shock.events.event import Break, Event, EventSource, Limit, Part, TariffStep

#: What the checker of types expects, in plain words where its own are not.
EXPECTED: Mapping[str, str] = {
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "too_short": "at least one entry",
    "tuple_type": "a list, or a name (in quotes where YAML reads it otherwise)",
    "string_pattern_mismatch": "another form (an id: small letters, digits and _; a date: YYYY-MM-DD)",
    "date_from_datetime_parsing": "a date as YYYY-MM-DD",
    "date_from_datetime_inexact": "a date as YYYY-MM-DD",
    "bool_parsing": "true or false",
    "date_type": "a date as YYYY-MM-DD",
    "float_parsing": "a number",
    "float_type": "a number",
    "string_type": "text",
}
PARTS: Mapping[str, type[Part]] = {"breaks": Break, "sources": EventSource, "quota": Limit, "tariff": TariffStep}


def shipped_events() -> dict[str, Path]:
    """Shipped events by id, in order of id."""
    folder = Path(str(files("orepact"))) / "data" / "shock" / "events"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_event(name: str | Path) -> Event:
    """The event with this shipped id or in this YAML file, checked; raises ``BadInput`` or ``NotFound``."""
    path = find_event(name)
    return validated(yaml_content(path), path.name)


def find_event(name: str | Path) -> Path:
    """The file of a shipped id, or a path; raises ``NotFound`` with near ids or ``BadInput``."""
    shipped = shipped_events()
    if str(name) in shipped:
        return shipped[str(name)]
    path = Path(name)
    if path.is_file():
        return path
    if path.suffix in {".yaml", ".yml"}:
        raise BadInput([Problem("event", "an event file", f"no file {name}", "check the path", file=str(name))])
    raise NotFound("event", str(name), shipped)


def load_events(names: list[str | Path]) -> tuple[Event, ...]:
    """Several events; the problems of all files are raised together."""
    found = ProblemCollector()
    events = []
    for name in names:
        try:
            events.append(load_event(name))
        except NotFound as error:
            mend = f"did you mean {' or '.join(error.close)}?" if error.close else "see `orepact shock events`"
            found.add("event", "a shipped event or a YAML file", str(name), mend)
        except BadInput as error:
            found.extend(error.problems)
    found.raise_if_any()
    return tuple(events)


def validated(content: Mapping[str, Any], file: str) -> Event:
    """The event with this content; raises ``BadInput`` with every problem, each with file and key.

    Every break is read by itself, so that one that cannot be read does not hide what is wrong with the others.
    """
    found = ProblemCollector(file)
    listed = content.get("breaks")
    pieces = listed if isinstance(listed, list) and listed else None
    breaks = dict(_readable(pieces or [], found))
    stand_in = [{"place": "any", "share_left": 1.0}] if pieces else listed
    head = _model(Event, {**content, "breaks": stand_in} if "breaks" in content else dict(content), found, ())
    if head is not None:
        found.extend(check_event(head, breaks, file))
    found.raise_if_any()
    assert head is not None
    event: Event = head.model_copy(update={"breaks": tuple(breaks.values())})
    return event


def _readable(pieces: list[Any], found: ProblemCollector) -> Iterator[tuple[int, Break]]:
    for number, piece in enumerate(pieces):
        model = _model(Break, piece, found, ("breaks", number))
        if model is not None:
            yield number, model


def _model(kind: type[Any], content: Any, found: ProblemCollector, where: tuple[str | int, ...]) -> Any:
    from pydantic import ValidationError

    try:
        return kind.model_validate(content)
    except ValidationError as error:
        found.extend(_one_a_place(_problem(entry, kind, where, found.file) for entry in error.errors()))
    return None


def _one_a_place(problems: Iterator[Problem]) -> list[Problem]:
    """One problem for each place: what several alternatives expected there is joined."""
    found: dict[str, Problem] = {}
    for problem in problems:
        known = found.get(problem.column)
        joined = problem if known is None else replace(known, expected=f"{known.expected} or {problem.expected}")
        found[problem.column] = joined
    return list(found.values())


def _problem(entry: Any, kind: type[Any], base: tuple[str | int, ...], file: str) -> Problem:
    key = (*base, *(step for step in entry["loc"] if not _is_tag(step)))
    where = ".".join(str(step) for step in key) or "content"
    if entry["type"] == "extra_forbidden":
        known = _known(kind, entry["loc"])
        close = get_close_matches(str(key[-1]), known, n=1, cutoff=0.5)
        mend = f"did you mean {close[0]}?" if close else f"known are: {', '.join(known)}"
        return Problem(where, "a known key", f"unknown key {key[-1]!r}", mend, file)
    if entry["type"] == "missing":
        return Problem(where, f"a value for {key[-1]}", "nothing", f"add {key[-1]}", file)
    message = str(entry["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    expected = EXPECTED.get(entry["type"], message)
    return Problem(where, expected, _short(entry["input"]), f"change {where}", file)


def _is_tag(step: Any) -> bool:
    """Whether a step of a path is one that the checker put in for the members of a union."""
    return isinstance(step, str) and ("[" in step or "constrained" in step or step == "float")


def _known(kind: type[Any], loc: tuple[Any, ...]) -> list[str]:
    for step in loc[:-1]:
        kind = PARTS.get(str(step), kind)
    return list(kind.model_fields)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
