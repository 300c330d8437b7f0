"""What is refused, as the service says it: a status, and an envelope with a code, a message and every problem.

Nothing of the machine is told: no path, no address of a database, no SQL.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from orepact.errors import BadInput, Forbidden, OrepactError, Problem, StoreOutdated, StoreUnavailable, TooMany
from orepact.facts.typed_problems import expected_of, mend_of
from orepact.service.asked import SHAPES
from orepact.web.edge.wording import FACE
from orepact.wording import worded

#: So much of what somebody sent is said back to him.
LONGEST_ECHO = 200
#: So many problems are told at once.
MOST_PROBLEMS = 100
#: What is said of what holds other values.
HOLDERS: Mapping[type, str] = {dict: "an object", list: "a list"}
#: What no database and no UTF-8 holds.
BROKEN = re.compile("[\0\ud800-\udfff]")
_OUR_FAULT = "something went wrong on our side: tell the operator the request_id"
_NOT_NOW = "the register cannot be reached now: try again"
_FULL = "there is no room for changes now, and nothing of this one was kept: ask again when the operator has made room"
#: Seconds after which to ask again: a fault that passes by itself, and one that somebody must mend.
_SOON_S, _LATER_S = "2", "60"
_UNSURE = "; whether the change was kept is not known: read the record, or send the same Idempotency-Key again"


#: Codes of what HTTP itself refuses, with their statuses.
CODES: Mapping[str, tuple[tuple[int, ...], str]] = {
    "bad_request": ((400,), "No HTTP that can be read, a field of the head that stands twice, or an address that is no UTF-8."),
    "method_not_allowed": ((405,), "The path knows other methods; ``Allow`` names them."),
    "too_slow": ((408,), "The head or the body of a request did not come in time."),
    "precondition_failed": ((412,), "Not the version that stands: read it again, and change that."),
    "too_large": ((413, 414, 431), "A body, an address or a head is larger than is taken."),
    "unsupported_media": ((415,), "The body is in a form that is not read here."),
    "misdirected": ((421,), "The request names a host that is none of this service."),
    "precondition_required": ((428,), "A record is put without saying which version it replaces."),
    "too_busy": ((503,), "More is being answered than at a time can be: ask again."),
}


class Refused(Exception):
    """A request that HTTP itself refuses: its head, its size, its form, or a version that is not the one that stands."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        self.http_status = status
        self.code = code
        self.headers = dict(headers or {})
        super().__init__(message)


def too_large(what: str, most: str) -> Refused:
    """Of a request that is larger than is taken."""
    return Refused(413, "too_large", f"{what} is larger than {most}: send less")


def unsupported(found: str, expected: str = "application/json") -> Refused:
    """Of a body in a form that is not read here."""
    return Refused(415, "unsupported_media", f"the body is {plain(found) or 'of no stated form'}: send {expected}")


def needs_version(mend: str) -> Refused:
    """Of a change that does not say which version it was made from."""
    return Refused(428, "precondition_required", f"say which version you change: {mend}")


def stale(message: str, tag: str = "") -> Refused:
    """Of a change of a version that does not stand any more."""
    return Refused(412, "precondition_failed", message, {"ETag": tag} if tag else None)


def plain(text: object, most: int = LONGEST_ECHO) -> str:
    r"""Something that was sent, as it may be said back: at most so many characters.

    >>> plain("a\0b" + "c" * 300)[:4], len(plain("c" * 300))
    ('a�bc', 201)
    """
    said = BROKEN.sub("\N{REPLACEMENT CHARACTER}", str(text))
    return said if len(said) <= most else f"{said[:most]}…"


def new_id() -> str:
    """An id of a request, by which the log of the service tells of it."""
    return secrets.token_hex(12)


def body_of(error: BaseException, request_id: str) -> bytes:
    """The envelope of an error."""
    wrong = error.problems[:MOST_PROBLEMS] if isinstance(error, BadInput | Forbidden) else ()
    problems = [_told(problem) for problem in wrong]
    own = {"code": _code(error), "message": _message(error), "problems": problems, "request_id": request_id}
    return json.dumps({"error": own}, ensure_ascii=False, separators=(",", ":")).encode()


def status_of(error: BaseException) -> int:
    """The HTTP status of an error; 500 for what nobody raised on purpose."""
    if isinstance(error, StoreOutdated):
        return 503
    return error.http_status if isinstance(error, OrepactError | Refused) else 500


def headers_of(error: BaseException) -> dict[str, str]:
    """The header fields that go with an error."""
    status = status_of(error)
    found = dict(error.headers) if isinstance(error, Refused) else {}
    found |= {"Retry-After": str(max(1, round(error.retry_after)))} if isinstance(error, TooMany) else {}
    if status == 503 and "Retry-After" not in found:
        found["Retry-After"] = _LATER_S if _is_full(error) else _SOON_S
    return found | ({"WWW-Authenticate": 'Bearer realm="orepact"'} if status == 401 else {})


def _code(error: BaseException) -> str:
    if isinstance(error, StoreOutdated):
        return "store_unavailable"  # for who asks over HTTP it is the same
    return error.code if isinstance(error, OrepactError | Refused) else OrepactError.code


def _message(error: BaseException) -> str:
    if isinstance(error, StoreUnavailable):
        return _FULL if _is_full(error) else _NOT_NOW + (_UNSURE if error.unsure else "")
    if isinstance(error, StoreOutdated):
        return _NOT_NOW
    if isinstance(error, BadInput):
        number = len(error.problems)
        return f"{number} problem{'' if number == 1 else 's'} with what was sent"
    if not isinstance(error, OrepactError | Refused) or error.http_status == 500:
        return _OUR_FAULT
    return "\n".join(map(plain, worded(str(error), FACE).split("\n")[:MOST_PROBLEMS]))


def _is_full(error: BaseException) -> bool:
    return isinstance(error, StoreUnavailable) and error.full and not error.unsure


def _told(problem: Problem) -> dict[str, Any]:
    said = replace(problem, expected=worded(problem.expected, FACE), mend=worded(problem.mend, FACE))
    return {name: plain(value) if isinstance(value, str) else value for name, value in said.as_dict().items()}


def problems_of_request(errors: Iterable[Mapping[str, Any]], body: Any = None) -> BadInput:
    """What a model of a request found wrong, by the place where it stands: ``query.limit``, ``body.records.0.kind``.

    ``body``: what was sent; of a value that several types were tried on, one problem names them all.
    """
    found: dict[str, Problem] = {}
    for each in errors:
        problem = _problem(each, body)
        known = found.get(problem.column)
        if known is None:
            found[problem.column] = problem
        elif problem.expected not in known.expected:
            found[problem.column] = replace(known, expected=f"{known.expected}, or {problem.expected}")
    return BadInput(found.values())


#: What is expected where a value is of the wrong sort, in words.
SORTS = {
    "int_parsing": "a whole number, such as 7",
    "int_from_float": "a whole number, such as 7",
    "float_parsing": "a number, such as 0.5",
    "bool_parsing": "1 for yes or 0 for no",
}
#: The same with the bound that is named in braces.
BOUNDS = {
    "greater_than_equal": "a number of {ge} or more",
    "less_than_equal": "a number of {le} or less",
    "greater_than": "a number above {gt}",
    "less_than": "a number below {lt}",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
}


def _in_words(wrong: str, about: Mapping[str, Any]) -> str:
    """What was expected, in words and with an example; "" where only the model can say it."""
    if wrong == "string_pattern_mismatch":
        return SHAPES.get(str(about.get("pattern", "")), "text of another form")
    return SORTS.get(wrong) or BOUNDS.get(wrong, "").format_map(about)


def _problem(error: Mapping[str, Any], body: Any) -> Problem:
    place = ".".join(map(plain, _place(error, body)))
    wrong = error["type"]
    if wrong == "missing":
        return Problem(place, "a value", "none", "give it")
    if wrong == "extra_forbidden":
        return Problem(place, "only what the documentation names", "this one too", "leave it out")
    found = error.get("input")
    shape = HOLDERS.get(type(found)) or plain(repr(found))
    expected = _in_words(wrong, error.get("ctx") or {}) or expected_of(error)
    return Problem(place, plain(expected), shape, mend_of(error))


def _place(error: Mapping[str, Any], body: Any) -> list[Any]:
    """The steps to a value, without those that the checker puts in for the types that it tries."""
    first, *steps = error["loc"]
    if first != "body" or body is None:
        named = 1 if first in {"query", "path", "header", "cookie"} else 0
        return [first, *steps[:named], *(step for step in steps[named:] if isinstance(step, int))]
    found, value = [first], body
    for at, step in enumerate(steps):
        there = _holds(value, step)
        if there or (at == len(steps) - 1 and error["type"] in {"missing", "extra_forbidden"}):
            found.append(step)
            value = value[step] if there else None
    return found


def _holds(value: Any, step: Any) -> bool:
    if isinstance(value, Mapping):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)
