"""One way to write a record as text, so that it hashes the same on every database and machine."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any


def canonical(value: Any) -> str:
    r"""Plain values as JSON with sorted keys, no blanks and NFC text; raises ``ValueError`` for infinities and NaN.

    >>> canonical({"b": [1, 2.5], "a": "e\u0301"})
    '{"a":"é","b":[1,2.5]}'
    """
    return json.dumps(_composed(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_composed(key): _composed(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_composed(inner) for inner in value]
    return value


def digest(text: str) -> str:
    """SHA-256 of a text as 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def strings(value: Any) -> Iterator[str]:
    """Every text within plain values, in the order of the keys, which are left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in sorted(value):
            yield from strings(value[key])
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def instant(moment: datetime) -> str:
    """A moment in UTC to the microsecond, of fixed length, so that texts sort as time does; raises ``ValueError`` for a moment
    without a time zone.

    >>> instant(datetime(2026, 3, 1, tzinfo=UTC))
    '2026-03-01T00:00:00.000000Z'
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
