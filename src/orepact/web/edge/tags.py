"""Entity tags: what stands for the bytes of an answer, and for the version of a record."""

from __future__ import annotations

import re
from hashlib import sha256

_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_VERSION = re.compile(r"([0-9]{1,15})-([0-9a-f]{16}-)?[0-9a-f]{16}")


def tag_of(body: bytes, version: int | None = None, mark: str = "") -> str:
    """The tag of an answer; that of a record begins with its version, and with the mark of that.

    >>> tag_of(b"", 3), tag_of(b"", 3, "5feceb66ffc86f38")
    ('"3-e3b0c44298fc1c14"', '"3-5feceb66ffc86f38-e3b0c44298fc1c14"')
    """
    found = sha256(body).hexdigest()
    return f'"{found[:32]}"' if version is None else f'"{version}-{mark}{"-" if mark else ""}{found[:16]}"'


def same(header: str | None, tag: str) -> bool:
    """Whether ``If-None-Match`` names the tag (weakly: as HTTP compares for reading).

    >>> same('W/"a", "b"', '"a"'), same("*", '"a"'), same('"c"', '"a"')
    (True, True, False)
    """
    if header is None:
        return False
    return header.strip() == "*" or tag.strip('"') in _TAG.findall(header)


def version_named(header: str) -> tuple[int, str] | None:
    """The version of a record that ``If-Match`` names, and its mark ("" for none): one tag, as an answer gave it; None for
    anything else.

    >>> version_named('"3-5feceb66ffc86f38-e3b0c44298fc1c14"'), version_named('"3-e3b0c44298fc1c14"')
    ((3, '5feceb66ffc86f38'), (3, ''))
    >>> version_named('W/"3-e3b0c44298fc1c14"'), version_named('"x"')
    (None, None)
    """
    inner = header.strip()
    match = _VERSION.fullmatch(inner[1:-1]) if inner[:1] == inner[-1:] == '"' else None
    return (int(match[1]), (match[2] or "")[:-1]) if match else None
