"""Use case: keep the records of a YAML file, new ones and changed ones, all or none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.pact.besides import Enough, besides, stop
from orepact.service.pact.desk import keep, kept_rows, made, manifest_of, opened, present
from orepact.service.result import Result
from orepact.wording import deed, field

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.pact.records.register import Key
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: As ``show_record`` writes it, and as ``--version`` gives it.
SAID = re.compile(r"^# (?P<kind>[a-z_]+)/(?P<id>\S+) at version (?P<version>[0-9]{1,9})\s*$", re.MULTILINE)
GIVEN = re.compile(r"(?P<kind>[a-z_]+)/(?P<id>\S+)=(?P<version>[0-9]{1,9})")


def record_file(
    source: Path,
    db: Where = None,
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
        raise BadInput([Problem("records", "a record or more", "none", f"{deed('pact.show_form')} gives a form", source.name)])
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
    return Result(data, {"title": _kept_words(len(data), len(records)), "manifest": manifest, "reason": reason})


def record_values(
    records: Sequence[Mapping[str, Any]],
    db: Where = None,
    *,
    reason: str,
    versions: Mapping[str, int] | None = None,
    marks: Mapping[str, str] | None = None,
    actor: str | None = None,
    organisations: Sequence[str] = (),
) -> Result:
    """The same with values: each record with its ``kind``; ``versions``: ``kind/id`` to the version that it was changed from.

    A record without one is a new one; ``marks``: ``kind/id`` to the mark that ``show_record`` gave with that version.

    Raises:
        BadInput: with every problem of the records and of what the register would be after them.
        Conflict: somebody has changed a record since that version, or has made one of that id.
    """
    stated = {_key(name): number for name, number in (versions or {}).items()}
    with opened(db, filled=False) as store:
        items = _read(records, store, stated, reason)
        read = {_key(name): mark for name, mark in (marks or {}).items()}
        kept = keep(store, items, stated, actor=actor, reason=reason, organisations=organisations, marks=read)
        manifest = manifest_of(store)
    data = pd.DataFrame(kept_rows(kept), columns=["kind", "id", "version"])
    return Result(data, {"title": _kept_words(len(data), len(items)), "manifest": manifest, "reason": reason})


def check_values(
    records: Sequence[Mapping[str, Any]],
    db: Where = None,
    *,
    reason: str,
    versions: Mapping[str, int] | None = None,
    actor: str | None = None,
) -> Result:
    """What ``record_values`` would keep, with every check that it makes, and without keeping it: ``kind, id, version``.

    Raises as ``record_values`` does.
    """
    stated = {_key(name): number for name, number in (versions or {}).items()}
    with opened(db, filled=False) as store:
        items = _read(records, store, stated, reason)
        found: Mapping[Key, int] = {}
        try:
            keep(replace(store, beside=stop), items, stated, actor=actor, reason=reason)
        except Enough as checked:
            found = checked.versions
        manifest = manifest_of(store)
    rows = [(kind, name, version) for (kind, name), version in sorted(found.items())]
    title = f"{len(rows)} record{'' if len(rows) == 1 else 's'} would be kept; nothing was"
    return Result(pd.DataFrame(rows, columns=["kind", "id", "version"]), {"title": title, "manifest": manifest})


def put_record(
    kind: str,
    name: str,
    record: Mapping[str, Any],
    db: Where = None,
    *,
    reason: str,
    version: int = 0,
    mark: str = "",
    actor: str | None = None,
    organisations: Sequence[str] = (),
) -> Result:
    """Keep one record in place of a version (0: a new one; ``mark``: as ``show_record`` gave it), and show it as that does.

    Raises ``BadInput`` with every problem, ``Conflict`` when another version stands.
    """
    from orepact.service.pact.showing import show_record

    wrong = [
        Problem(f"record.{field}", f"{value} as in the address", repr(record[field]), "leave it out, or write the same")
        for field, value in (("kind", kind), ("id", name))
        if record.get(field, value) != value
    ]
    if wrong:
        raise BadInput(wrong)
    item = {**record, "kind": kind, "id": name}
    key = f"{kind}/{name}"
    record_values(
        [item], db, reason=reason, versions={key: version} if version else {}, marks={key: mark} if mark else {}, actor=actor,
        organisations=organisations,
    )  # fmt: skip
    return show_record(kind, name, db, organisations=organisations)


def _read(records: Sequence[Mapping[str, Any]], store: Store, versions: Mapping[Key, int], reason: str) -> list[Record]:
    """Records of values; raises ``BadInput`` with the problems of all of them: also with what those that can be read would do
    wrong, and with the references of those that cannot.
    """
    from orepact.pact.records.kinds import kind_of

    found: list[Record] = []
    unread: list[tuple[type[Record], Mapping[str, Any]]] = []
    problems: list[Problem] = []
    for number, values in enumerate(records):
        own = {key: value for key, value in values.items() if key != "kind"}
        try:
            kind = kind_of(str(values.get("kind")))
            found.append(made(kind, own))
        except NotFound as error:
            problems.append(Problem(f"records.{number}.kind", "a known kind of record", repr(values.get("kind")), str(error)))
        except BadInput as error:
            unread.append((kind, own))
            problems += (replace(each, column=f"records.{number}.{each.column}", file="") for each in error.problems)
    if problems:
        raise BadInput([*problems, *besides(store, found, unread, versions, reason)])
    return found


def _key(name: str) -> Key:
    kind, _, own = name.partition("/")
    return kind, own


def _kept_words(kept: int, given: int) -> str:
    same = given - kept
    return f"{kept} record{'' if kept == 1 else 's'} kept" + (f", {same} as they were" if same else "")


def _said(text: str) -> dict[Key, int]:
    return {(match["kind"], match["id"]): int(match["version"]) for match in SAID.finditer(text)}


def _given(words: Sequence[str]) -> dict[Key, int]:
    found, problems = {}, []
    for word in words:
        match = GIVEN.fullmatch(word)
        if match is None:
            problems.append(Problem("version", "KIND/ID=NUMBER", repr(word), "write it as in project/abc=3"))
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
            f"get it with {deed('pact.show_record', kind=kind, name=name, output='FILE')}, or say "
            f"{field('version', f'{kind}/{name}={version}')}",
            file,
        )
        for (kind, name), version in there.items()
        if (kind, name) not in stated
    ]  # fmt: skip
    if problems:
        raise BadInput(problems)
