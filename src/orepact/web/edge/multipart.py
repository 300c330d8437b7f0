"""Forms that bring a file: each part a field; the bytes of a file as a text of as many characters, so that nothing is guessed."""

from __future__ import annotations

import re

from orepact.errors import BadInput, Problem

MULTIPART = "multipart/form-data"
MOST_PARTS, LONGEST_HEAD = 500, 4000
_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(r'\bname="([^"]{1,200})"')
_FILE = re.compile(r'\bfilename="([^"]{0,400})"')


def parts_of(body: bytes, media: str) -> list[tuple[str, str]]:
    r"""The fields of a form in their order; of a file its bytes, each as the character of its number, and ``NAME_name``.

    Raises ``BadInput`` for what is no such form.

    >>> sent = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'
    >>> parts_of(sent, 'multipart/form-data; boundary=x')
    [('a', '1')]
    """
    found = _BOUNDARY.search(media)
    if found is None:
        raise _broken()
    first, *parts = (b"\r\n" + body).split(b"\r\n--" + found[1].encode())
    if first or not parts or parts[-1].strip() != b"--" or len(parts) > MOST_PARTS:
        raise _broken()
    return [pair for part in parts[:-1] for pair in _pairs(part)]


def _pairs(part: bytes) -> list[tuple[str, str]]:
    head, mark, content = part.partition(b"\r\n\r\n")
    words = head.decode("utf-8", "replace") if len(head) <= LONGEST_HEAD else ""
    name, file = _NAME.search(words), _FILE.search(words)
    if not mark or name is None:
        raise _broken()
    if file is not None:
        return [(name[1], content.decode("latin-1")), (f"{name[1]}_name", file[1])] if file[1] else []
    try:
        return [(name[1], content.decode("utf-8"))]
    except UnicodeDecodeError:
        raise _broken() from None


def _broken() -> BadInput:
    return BadInput([Problem("body", "a form with its parts", "something else", "send it from its page")])
