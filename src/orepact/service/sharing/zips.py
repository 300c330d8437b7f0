"""Several files as one (zip), out and in: the same files give the same bytes, and what comes in is bounded and stays in place."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping

from orepact.errors import BadInput, Problem

#: What a zip that comes in may hold: bytes of all files together, and files.
MOST_BYTES, MOST_FILES = 64 * 2**20, 1000
#: The names of files: words joined by / without a step up, a drive, or a file that systems hide.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_ .-]{0,99}(/[A-Za-z0-9][A-Za-z0-9_ .-]{0,99}){0,7}")
#: Every file is of the same day, so that the same content is the same zip.
_DAY = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files by name as a zip, in the order of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.external_attr, entry.compress_type = _MODE, zipfile.ZIP_DEFLATED
            made.writestr(entry, files[name])
    return out.getvalue()


def unzipped(content: bytes, *, most_bytes: int = MOST_BYTES, most_files: int = MOST_FILES) -> dict[str, bytes]:
    """The files of a zip by name; raises ``BadInput`` with every problem of its names, and for more than may come in.

    Sizes that a zip states are not believed: what is unpacked is counted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as given:
            entries = [entry for entry in given.infolist() if not entry.is_dir()]
            _demand(entries, most_files)
            return _read(given, entries, most_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        found = "one that is damaged, locked or of another kind"
        raise BadInput([Problem("body", "a zip of files", found, "make it anew, without a password")]) from error


def _demand(entries: list[zipfile.ZipInfo], most: int) -> None:
    if len(entries) > most:
        raise BadInput([Problem("body", f"at most {most} files", str(len(entries)), "leave files out")])
    names = [entry.filename for entry in entries]
    folded = [name.casefold() for name in names]
    odd = [entry.filename for entry in entries if not _NAME.fullmatch(entry.filename) or _is_link(entry)]
    odd += sorted({name for name in names if folded.count(name.casefold()) > 1})
    if odd:
        expected = "files, each with a name of its own that leads to no other place"
        raise BadInput([Problem("body", expected, repr(name)[:100], "rename or remove it") for name in odd[:20]])


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _read(given: zipfile.ZipFile, entries: list[zipfile.ZipInfo], most: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = most
    for entry in entries:
        with given.open(entry) as part:
            found[entry.filename] = part.read(left + 1)
        left -= len(found[entry.filename])
        if left < 0:
            raise BadInput([Problem("body", f"at most {most} bytes unpacked", "more", "leave files out")])
    return found
