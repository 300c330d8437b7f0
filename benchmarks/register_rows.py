"""A large register of made-up commitments and projects, filled past the checks of records but with a true audit log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text, update

from orepact.pact.records.folding import folded
from orepact.store.canonical import canonical, instant
from orepact.store.chain import NOTHING, content_hash, entry_hash
from orepact.store.engine import Database
from orepact.store.tables import audit, audit_head, record, revision

STATES = ("open", "open", "open", "done", "withdrawn")
GOODS = (
    ("nickel sulphate", "황산니켈", "硫酸ニッケル"),
    ("natural graphite", "천연흑연", "天然黒鉛"),
    ("lithium hydroxide", "수산화리튬", "水酸化リチウム"),
    ("cathode precursor", "양극재 전구체", "正極材前駆体"),
    ("cobalt", "코발트", "コバルト"),
    ("manganese", "망간", "マンガン"),
)
DEEDS = (
    ("report on", "보고서 제출", "報告書の提出"),
    ("build a plant for", "공장 건설", "工場の建設"),
    ("agree a standard for", "표준 합의", "標準の合意"),
    ("hold a workshop on", "워크숍 개최", "ワークショップの開催"),
)
#: One in a thousand says so.
RARE = ("Fraser Valley pilot", "프레이저 밸리 시범사업", "フレーザー渓谷の実証")
ROWS = 5000


def lines(commitments: int, projects: int) -> Iterator[dict[str, Any]]:
    """The rows of ``record``: 40 instruments of 25 articles, 60 owners, due within six years."""
    draw = random.Random(20261122)
    for kind, number in (("commitment", commitments), ("project", projects)):
        for at in range(number):
            good, deed = draw.choice(GOODS), draw.choice(DEEDS)
            rare = RARE if at % 1000 == 7 else ("", "", "")
            titles = [" ".join(filter(None, words)) for words in zip(deed, good, rare, strict=True)]
            instrument = f"instrument-{draw.randrange(40)}"
            yield {
                "kind": kind,
                "id": f"{kind}-{at:06d}",
                "title": f"{titles[0].capitalize()} {at}",
                "state": draw.choice(STATES),
                "owner": f"organisation-{draw.randrange(60)}",
                "instrument": instrument,
                "article": f"{instrument}:area-{draw.randrange(25)}",
                "due": (date(2024, 1, 1) + timedelta(days=draw.randrange(2200))).isoformat(),
                "label": "TLP:CLEAR",
                "search": "\n".join(map(folded, (*titles, f"{kind}-{at:06d}"))),
            }


def fill(database: Database, *, commitments: int, projects: int, changes: int) -> None:
    """Fill an empty register: every record once, then further versions of them, one after the other, up to so many changes."""
    rows = [*lines(commitments, projects)]
    with database.writing() as connection:
        if not database.sqlite:  # a million foreign keys need not be looked at
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        head = _fill(connection, rows, changes)
        connection.execute(update(audit_head), head)
    if not database.sqlite:  # the server does so by itself, later; nobody does so for a file
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _fill(connection: Connection, rows: list[dict[str, Any]], changes: int) -> dict[str, Any]:
    entries: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    previous, begin = NOTHING, datetime(2024, 1, 1, tzinfo=UTC)
    for seq in range(1, changes + 1):
        row, version = rows[(seq - 1) % len(rows)], (seq - 1) // len(rows) + 1
        at = instant(begin + timedelta(seconds=60 * seq))
        row |= {"version": version, "changed_at": at, "changed_by": "secretariat"}
        key = {"kind": row["kind"], "id": row["id"], "version": version}
        content = canonical({"id": row["id"], "title": row["title"], "titles": {"ko": row["search"]}, "state": row["state"]})
        written = content_hash("salt", *key.values(), "a change", content)
        own = entry_hash(previous, seq, at, "secretariat", "add" if version == 1 else "change", *key.values(), written)
        said = {"seq": seq, "at": at, "actor": "secretariat", **key}
        entries.append(
            {**said, "action": "add" if version == 1 else "change", "content_hash": written, "previous": previous, "hash": own}
        )
        revisions.append({**said, "reason": "a change", "content": content, "salt": "salt"})
        previous = own
        if len(entries) == ROWS or seq == changes:
            _insert(connection, audit, entries)
            _insert(connection, revision, revisions)
    for start in range(0, len(rows), ROWS):
        connection.execute(insert(record), rows[start : start + ROWS])
    return {"seq": changes, "hash": previous, "at": at}


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
    else:
        connection.execute(insert(table), rows)
    rows.clear()
