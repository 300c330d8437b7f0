"""Reading event files: YAML in, an ``Event`` out, and every problem of a file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from orepact.errors import BadInput, NotFound, Problem, ProblemCollector
from orepact.facts.typed_problems import problems_of
from orepact.facts.typed_yaml import yaml_content
from orepact.shock.events.coherence import check_event
from orepact.shock.events.event import Break, Event
from orepact.wording import deed


def shipped_events() -> dict[str, Path]:
    """Shipped events by id, in order of id."""
    folder = Path(str(files("orepact"))) / "data" / "shock" / "events"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def load_event(name: str | Path) -> Event:
    """The event with this shipped id or in this YAML file, checked; raises ``BadInput`` or ``NotFound``."""
    path = find_event(name)
    return validated(yaml_content(path), path.name).read_from(path.name)


def find_event(name: str | Path) -> Path:
    """The file of a shipped id, or a path; raises ``NotFound`` with near ids or ``BadInput``."""
    shipped = shipped_events()
    if str(name) in shipped:
        return shipped[str(name)]
    path = Path(name)
    if path.is_file():
        return path
    if path.is_dir():
        raise BadInput([Problem("event", "an event file", "a folder", "name one file in it", file=str(name))])
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
            mend = f"did you mean {' or '.join(error.close)}?" if error.close else f"see {deed('shock.list_events')}"
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
        found.extend(problems_of(error, found.file, content, kind, where))
    return None
