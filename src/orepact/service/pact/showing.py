"""Use cases about one record: all that it says, who refers to it, and every version of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.pact.desk import hidden_from, manifest_of, opened
from orepact.service.result import Result, Rows
from orepact.wording import deed, field

if TYPE_CHECKING:
    from orepact.pact.records.record import Record
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: The line of a written record that says which version of it the file holds.
VERSION_LINE = "# {kind}/{id} at version {version}"
HEAD = "# Change what is below, and keep this file as a record's next version, with the reason."


def show_record(
    kind: str,
    name: str,
    db: Where = None,
    *,
    language: str = "en",
    revision: int | None = None,
    output: Path | None = None,
    overwrite: bool = False,
    organisations: Sequence[str] = (),
) -> Result:
    """All that a record says (``field, value``), the last version or an earlier one; ``top["record"]`` holds it as it is kept.

    ``output``: a YAML file to write it to, to be changed and kept with ``record_file``. Raises ``NotFound`` with near ids, also
    for a record that its Nation hides from who asks.
    """
    from orepact.pact.records.kinds import kind_of

    kind_of(kind)
    with opened(db) as store:
        _demand_shown(store, kind, name, organisations)
        record, version, mark = _version(store, kind, name, revision)
        manifest = manifest_of(store)
        pointing = _pointing(store, record)
    content = record.content()
    meta: dict[str, Any] = {
        "title": f"{record.title_in(language)} ({kind} {name}, version {version})",
        "version": version,
        **({"mark": mark} if mark and store.reader is not None else {}),
        "confidence": record.confidence,
        "label": record.label,
        "manifest": manifest,
        "referred_to_by": pointing,
    }
    if output is not None:
        meta["written"] = str(_write(record, version, output, overwrite=overwrite))
    return Result(Rows(("field", "value"), [*_fields(content, "")]), meta, top={"record": {"kind": kind, **content}})


def _version(store: Store, kind: str, name: str, revision: int | None) -> tuple[Record, int, str]:
    """A version of a record, its number, and what stands for it in tags (of the last one)."""
    if revision is None:
        stand = store.stand(kind, name)
        return stand.item, stand.number, stand.mark
    found = {change.version: change.item for change in store.history(kind, name)}
    if revision not in found:
        expected = f"a version from 1 to {max(found)}"
        raise BadInput([Problem("revision", expected, str(revision), f"see {deed('pact.record_history', kind=kind, name=name)}")])
    chosen: Record = found[revision]
    return chosen, revision, ""


def _demand_shown(store: Store, kind: str, name: str, organisations: Sequence[str]) -> None:
    """A record that its Nation hides is, for others, not there, whatever version is asked for; near ids do not name it either."""
    from orepact.pact.organisations.engagement import Engagement

    if kind != Engagement.kind or store.reader is not None:
        return
    hidden = hidden_from(store, organisations)
    known = [one.id for one in store.register([kind]).all(Engagement) if (kind, one.id) not in hidden]
    if name not in known:
        raise NotFound(kind, name, known)


def _pointing(store: Store, record: Record) -> list[str]:
    """Records that refer to it, as ``kind/id (field)``; what Nations may hide is left out."""
    with store.reading() as register:
        found = register.pointing[record.id]
        return sorted(
            {
                f"{other.kind}/{other.id} ({each.relation})"
                for other, each in found
                if record.kind in each.kinds and (other.kind != "engagement" or store.reader is not None)
            }
        )


def _fields(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every single value with its path: parts by key, list entries by number from 1."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, inner in enumerate(value, start=1):
            yield from _fields(inner, f"{path} {number}")
    else:
        yield path, ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _write(record: Record, version: int, output: Path, *, overwrite: bool) -> Path:
    import yaml

    if output.exists() and not overwrite:
        raise BadInput(
            [Problem("output", "a file that is not there yet", "one that is", f"give {field('overwrite')} too", str(output))]
        )
    line = VERSION_LINE.format(kind=record.kind, id=record.id, version=version)
    body = yaml.safe_dump(
        {"records": [{"kind": record.kind, **record.content()}]}, allow_unicode=True, sort_keys=False, width=130
    )
    output.write_text(f"{line}\n{HEAD}\n{body}", encoding="utf-8")
    return output


def record_history(kind: str, name: str, db: Where = None, *, organisations: Sequence[str] = ()) -> Result:
    """Every version of a record: ``version, at, actor, reason, changed, seq``; ``changed``: fields that differ from before."""
    with opened(db) as store:
        _demand_shown(store, kind, name, organisations)
        changes = store.history(kind, name)
        manifest = manifest_of(store)
    rows: list[tuple[Any, ...]] = []
    before: dict[str, Any] = {}
    for change in changes:
        content = change.item.content()
        fields = sorted(key for key in {*before, *content} if before.get(key) != content.get(key))
        rows.append((change.version, change.at, change.actor, change.reason, fields if before else ["all"], change.seq))
        before = content
    columns = ["version", "at", "actor", "reason", "changed", "seq"]
    if store.reader is not None:  # numbers of the log tell what others wrote between
        columns, rows = columns[:-1], [row[:-1] for row in rows]
    title = f"{len(rows)} version{'' if len(rows) == 1 else 's'} of {kind} {name}"
    return Result(Rows(columns, rows), {"title": title, "manifest": manifest})
