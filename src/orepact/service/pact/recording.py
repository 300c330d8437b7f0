"""Use case: keep the records of a YAML file, new ones and changed ones, all or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from orepact.errors import BadInput, Problem
from orepact.service.pact.desk import keep, kept_rows, manifest_of, opened, present
from orepact.service.result import Result

if TYPE_CHECKING:
    from orepact.pact.records.register import Key

#: As ``show_record`` writes it, and as ``--version`` gives it.
SAID = re.compile(r"^# (?P<kind>[a-z_]+)/(?P<id>\S+) at version (?P<version>[0-9]{1,9})\s*$", re.MULTILINE)
GIVEN = re.compile(r"(?P<kind>[a-z_]+)/(?P<id>\S+)=(?P<version>[0-9]{1,9})")


def record_file(
    source: Path,
    db: str | None = None,
    *,
    reason: str,
    actor: str | None = None,
    versions: Sequence[str] = (),
    organisations: Sequence[str] = (),
) -> Result:
    """Keep every record of a file: ``kind, id, version``; those that are as they were are left out.

    A record that is there already is changed only when the file says which version it holds (``# kind/id at version 3``, as
    ``show_record`` writes it) or ``versions`` does (``kind/id=3``).

    Raises:
        BadInput: with every problem of the file and of what the register would be after it.
        Conflict: somebody has changed a record since that version.
    """
    from orepact.pact.records.reading import read_records

    records = read_records(source)
    if not records:
        raise BadInput([Problem("records", "a record or more", "none", "`orepact pact form KIND` gives a form", source.name)])
    stated = {**_said(source.read_text(encoding="utf-8-sig")), **_given(versions)}
    with opened(db, filled=False) as store:
        there = present(store, [(record.kind, record.id) for record in records])
        _demand_versions(there, stated, str(source.name))
        kept = keep(
            store, records, {key: stated.get(key, 0) for key in {*there, *stated}}, actor=actor, reason=reason,
            organisations=organisations,
        )  # fmt: skip
        manifest = manifest_of(store)
    data = pd.DataFrame(kept_rows(kept), columns=["kind", "id", "version"])
    same = len(records) - len(data)
    title = f"{len(data)} record{'' if len(data) == 1 else 's'} kept" + (f", {same} as they were" if same else "")
    return Result(data, {"title": title, "manifest": manifest, "reason": reason})


def _said(text: str) -> dict[Key, int]:
    return {(match["kind"], match["id"]): int(match["version"]) for match in SAID.finditer(text)}


def _given(words: Sequence[str]) -> dict[Key, int]:
    found, problems = {}, []
    for word in words:
        match = GIVEN.fullmatch(word)
        if match is None:
            problems.append(Problem("version", "KIND/ID=NUMBER, such as project/abc=3", repr(word), "mend it"))
        else:
            found[match["kind"], match["id"]] = int(match["version"])
    if problems:
        raise BadInput(problems)
    return found


def _demand_versions(there: Mapping[Key, int], stated: Mapping[Key, int], file: str) -> None:
    """Refuse to change what the file does not say it has read: somebody else's change would be lost unseen."""
    problems = [
        Problem(
            f"{kind} {name}", "the version that it was changed from", "none",
            f"get it with `orepact pact show {kind} {name} --output FILE`, or say --version {kind}/{name}={version}", file,
        )
        for (kind, name), version in there.items()
        if (kind, name) not in stated
    ]  # fmt: skip
    if problems:
        raise BadInput(problems)
