"""The types of what runs are asked with, checked as far as can be before anything is computed, and how fields are described."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from orepact.pact.records.record import BROKEN
from orepact.service.asked import PLAIN, VERSION, Expects, Year, text_of
from orepact.service.jobs.known import answered_year, known_place, known_thing, name_of, past_year

#: A network package at most: characters of all files together, and files.
MOST_TEXT, MOST_FILES = 16 * 2**20, 60
#: Characters of a scenario or an event that somebody wrote.
MOST_WRITTEN = 50_000
#: A name, and a version of what it names.
REF = re.compile(VERSION)
FILE = re.compile(r"[a-z][a-z_]{0,39}\.csv|network\.yaml|datapackage\.json")


def _scenarios() -> Iterable[str]:
    from orepact.chain.scenario_files import shipped_scenarios

    return shipped_scenarios()


def _events() -> Iterable[str]:
    from orepact.shock.events.reading import shipped_events

    return shipped_events()


def _package(files: Mapping[str, str] | str) -> Mapping[str, str] | str:
    if isinstance(files, str):
        if not REF.fullmatch(files):
            raise ValueError("the files of a package, or the name of a network: NAME or NAME@VERSION")
        return files
    odd = sorted(name for name in files if not FILE.fullmatch(name))
    if odd:
        raise ValueError(f"network.yaml, datapackage.json and tables NAME.csv, not {', '.join(map(repr, odd))[:200]}")
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_TEXT:
        raise ValueError(f"at most {MOST_FILES} files and {MOST_TEXT} characters")
    if any(BROKEN.search(text) for text in files.values()):
        raise ValueError("text without NUL and without half of a pair of characters")
    return files


def _small(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Values that somebody wrote, of a size at which they can be checked in no time."""
    if len(json.dumps(content, default=str)) > MOST_WRITTEN:
        raise ValueError(f"at most {MOST_WRITTEN} characters")
    return content


Name = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:@>+-]*$", max_length=120),
    Expects("a name of at most 120 letters, digits and _ . : @ > + -"),
]  # fmt: skip
Thing = Annotated[Name, AfterValidator(known_thing)]
Place = Annotated[Name, AfterValidator(known_place)]
ResultYear = Annotated[Year, AfterValidator(answered_year)]
PastYear = Annotated[Year, AfterValidator(past_year)]
Scenario = Annotated[Name, AfterValidator(name_of("scenario", _scenarios))]
Event = Annotated[Name, AfterValidator(name_of("event", _events))]
Network = Annotated[dict[str, str] | str, AfterValidator(_package)]
Words = Annotated[
    str, StringConstraints(pattern=PLAIN, min_length=1, max_length=2000),
    text_of(2000, 1, "for the meeting of 10 March"),
]  # fmt: skip
Study = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1F\x7F]*$", max_length=200),
    Expects("one line of at most 200 characters", "https://example.org/study"),
]  # fmt: skip
Names = Annotated[tuple[Name, ...], Field(max_length=50)]
Places = Annotated[tuple[Place, ...], Field(max_length=50)]
Written = Annotated[dict[str, Any], AfterValidator(_small)]


def given(says: str, example: Any, default: Any = None) -> Any:
    """A field of a question: what it means, with its unit, and a value that fits."""
    return Field(default, description=says, examples=[example])


def needed(says: str, example: Any) -> Any:
    """The same of a field that must be given."""
    return Field(description=says, examples=[example])
