"""Use cases of networks by name: a network package that an organisation keeps, as versions, for its own runs alone.

Nobody else is told that there is one. A version stays as it was; ending a network lets no new run use it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.pact.records.record import BROKEN
from orepact.service.pact.desk import opened
from orepact.service.result import Result
from orepact.service.sharing.handed import ZIP, Handed, scratch
from orepact.service.sharing.shelves import Shelf
from orepact.service.sharing.zips import unzipped, zipped
from orepact.store import networks
from orepact.store.networks import Kept

if TYPE_CHECKING:
    from orepact.service.pact.desk import Where

#: Bytes of a package as a zip, unpacked, and files.
MOST_ZIPPED, MOST_BYTES, MOST_FILES = 16 * 2**20, 64 * 2**20, 60
SHELF = Shelf("network", networks.versions)
COLUMNS = ("network", "version", "owner", "label", "title", "sha256", "files", "bytes", "created_at", "created_by", "ended_at")


def put_network(
    name: str, content: bytes | Mapping[str, str], db: Where = None, *, label: str = "", organisation: str = ""
) -> Result:
    """Keep a network package as the next version of a network of one's organisation; the same again is the version that there is.

    ``content``: a zip of its files, or the files themselves, name to text. ``label``: ``TLP:AMBER+STRICT/OWNER`` unless said
    otherwise; with ``TLP:RED/OWNER`` it is for stewards alone. ``organisation``: for which the holder of the database does it.

    Raises ``BadInput`` with every problem of the package, ``Forbidden``.
    """
    with opened(db, filled=False) as store:
        owner, mark = SHELF.claim(store, name, label, organisation)
        texts = _texts(content)
        found = SHELF.put(store, _kept(texts, _checked(texts), owner, name, mark))
    words = f"{found.ref}: {found.files} files, for {owner} alone"
    return _shown([found], words, {"network": found.ref, "sha256": found.sha256})


def list_networks(db: Where = None, *, organisation: str = "") -> Result:
    """Every version of the networks of one's organisation (of all for the holder of the database): ``COLUMNS``."""
    found = SHELF.listed(db, organisation)
    return _shown(found, f"{len(found)} version{'' if len(found) == 1 else 's'} of networks")


def show_network(name: str, db: Where = None, *, organisation: str = "") -> Result:
    """What a network of one's organisation is made of (``NAME@VERSION``, else the last): ``file, bytes``; raises ``NotFound``."""
    found = SHELF.found(db, name, organisation)
    files = files_of(found)
    data = pd.DataFrame([(file, len(text.encode())) for file, text in files.items()], columns=["file", "bytes"])
    meta = {"title": f"{found.ref}: {found.title}", "label": found.label, "units": {"bytes": "byte"}}
    return Result(data, meta, {"network": found.ref, "sha256": found.sha256})


def network_package(name: str, db: Where = None, *, organisation: str = "") -> Handed:
    """A network of one's organisation as it was put, as a zip; raises ``NotFound``."""
    found = SHELF.found(db, name, organisation)
    return Handed(f"{found.name}-{found.version}.zip", base64.b64decode(found.content), ZIP, found.label)


def end_network(name: str, db: Where = None, *, organisation: str = "") -> Result:
    """Let no new run use a network; its versions stay, for what rests on them. Raises ``NotFound``, ``Forbidden``."""
    found = SHELF.end(db, name, organisation)
    return _shown([found], f"{found.name}: no new run uses it")


def files_of(found: Kept) -> dict[str, str]:
    """The files of a network by name."""
    content = unzipped(base64.b64decode(found.content), most_bytes=MOST_BYTES, most_files=MOST_FILES)
    return {name: text.decode("utf-8") for name, text in content.items()}


def _texts(content: bytes | Mapping[str, str]) -> dict[str, str]:
    """The files of a package by name; raises ``BadInput`` for other files, for more than may be, and for what is no text."""
    from orepact.service.jobs.question_types import FILE

    if isinstance(content, bytes):
        if len(content) > MOST_ZIPPED:
            raise BadInput([Problem("package", f"at most {MOST_ZIPPED} bytes", str(len(content)), "leave files out")])
        given = unzipped(content, most_bytes=MOST_BYTES, most_files=MOST_FILES)
    else:
        given = {name: text.encode("utf-8", "surrogatepass") for name, text in content.items()}
    expected, mend = "network.yaml, datapackage.json or a table NAME.csv", "pack the files of the package alone"
    odd = sorted(name for name in given if not FILE.fullmatch(name))
    problems = [Problem(name[:80], expected, "another file", mend) for name in odd]
    if len(given) > MOST_FILES or sum(map(len, given.values())) > MOST_BYTES:
        problems.append(Problem("package", f"at most {MOST_FILES} files and {MOST_BYTES} bytes", "more", "leave files out"))
    found = {name: part.decode("utf-8", "replace") for name, part in given.items()}
    for name, part in given.items():
        if BROKEN.search(found[name]) or found[name].encode("utf-8", "replace") != part:
            problems.append(Problem(name[:80], "text in UTF-8 without NUL", "something else", "write it as UTF-8"))
    if problems:
        raise BadInput(problems[:20])
    return found


def _checked(texts: Mapping[str, str]) -> str:
    """The title of a package; raises ``BadInput`` with every problem of what is in it."""
    from orepact.chain import Network

    with scratch() as folder:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return Network.from_package(folder).title[:200]


def _kept(texts: Mapping[str, str], title: str, owner: str, name: str, mark: str) -> Kept:
    content = {file: text.encode() for file, text in texts.items()}
    digest = sha256(b"\0".join(part for file in sorted(content) for part in (file.encode(), content[file]))).hexdigest()
    packed = base64.b64encode(zipped(content)).decode("ascii")
    unpacked = sum(map(len, content.values()))
    return Kept(
        owner=owner, name=name, label=mark, sha256=digest, content=packed, title=title, files=len(texts), bytes=unpacked,
    )  # fmt: skip


def _shown(found: list[Kept], title: str, top: dict[str, Any] | None = None) -> Result:
    rows = [
        (one.name, one.version, one.owner, one.label, one.title, one.sha256, one.files, one.bytes, one.created_at, one.created_by,
         one.ended_at)
        for one in found
    ]  # fmt: skip
    return Result(pd.DataFrame(rows, columns=list(COLUMNS)), {"title": title, "units": {"bytes": "byte"}}, top or {})
