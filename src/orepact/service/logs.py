"""How what happens is written down: a line each, for people or as JSON for programs.

Of an error it has the kind and the places in the program, without the words of the error, which may hold what somebody sent or
what is for few.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from logging import Formatter, LogRecord
from traceback import walk_tb
from types import TracebackType
from typing import Any

#: Who tells of runs and of what is sent.
WORKER = "orepact.worker"
#: So many places of an error are told, the last ones.
MOST_PLACES = 30


def fault(error: BaseException, what: str) -> None:
    """Tell of a fault of ours in a worker: what came of it, and where it is. In a program that has said nothing of how to log, it
    goes to standard error, for people on a terminal and else as JSON.
    """
    log = logging.getLogger(WORKER)
    if not log.hasHandlers():  # else Python would write the words of the error
        out = logging.StreamHandler()
        out.setFormatter(Lines() if sys.stderr.isatty() else JsonLines())
        log.addHandler(out)
    log.error("%s", what, exc_info=error)


class JsonLines(Formatter):
    """Each line a JSON object: ``time``, ``level``, ``logger``, then ``request_id``, ``method``, ``route``, ``status``, ``ms``
    and ``account`` of a request, else ``message``; of an error ``errors`` with its kinds and places.
    """

    def format(self, record: LogRecord) -> str:
        """One line."""
        found: dict[str, Any] = {"time": _moment(record), "level": record.levelname.lower(), "logger": record.name}
        told: dict[str, Any] = getattr(record, "told", {})
        found |= told or {"message": record.getMessage()}
        if record.exc_info and record.exc_info[1] is not None:
            found["errors"] = [*_errors(record.exc_info[1])]
        return json.dumps(found, ensure_ascii=True, separators=(",", ":"))


class Lines(Formatter):
    """Each line for people: the time, and what happened; of an error also where, a line each."""

    def format(self, record: LogRecord) -> str:
        """One line, or several of an error."""
        told: dict[str, Any] = getattr(record, "told", {})
        words = " ".join(str(value) for value in told.values()) if told else record.getMessage()
        lines = [f"{_moment(record)} {record.levelname.lower():<7} {ascii(words)[1:-1]}"]
        if record.exc_info and record.exc_info[1] is not None:
            for each in _errors(record.exc_info[1]):
                lines += [f"    {each['kind']}", *(f"      {place}" for place in each["places"])]
        return "\n".join(lines)


def _moment(record: LogRecord) -> str:
    return datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _errors(error: BaseException | None) -> Iterator[dict[str, Any]]:
    """An error and those that it came from, the last first: kinds and places, no words."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        yield {"kind": f"{kind.__module__}.{kind.__qualname__}", "places": _places(error.__traceback__)}
        error = error.__cause__ or error.__context__


def _places(traceback: TracebackType | None) -> list[str]:
    frames = [(frame.f_code, line) for frame, line in walk_tb(traceback)]
    return [f"{code.co_filename}:{line} {code.co_qualname}" for code, line in frames[-MOST_PLACES:]]
