"""A large register of made-up records, filled past the checks between records but with a true audit log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text, update

from orepact.store.canonical import canonical, instant
from orepact.store.chain import NOTHING, content_hash, entry_hash
from orepact.store.derived import rebuild
from orepact.store.engine import Database
from orepact.store.tables import audit, audit_head, record, revision

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


#: Instruments, articles of each, owners, bodies of each instrument and meetings of each body.
INSTRUMENTS, ARTICLES, OWNERS, BODIES, MEETINGS = 40, 25, 60, 2, 6
WORK = ("planned", "construction", "paused", "operating", "cancelled")


def records(commitments: int, projects: int, closed: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kinds and contents of made-up records: organisations, instruments with their articles, bodies, meetings, and then what is
    many: commitments and projects, each under an article or two. One in ``closed`` of these is not for all (0: none): every
    second of them for its organisation, the others for that organisation's clients too.
    """
    for at in range(OWNERS):
        said = {"organisation_kind": "company", "country": ("CAN", "JPN", "KOR")[at % 3]}
        yield "organisation", {"id": f"organisation-{at}", "title": f"Organisation {at}", **said}
    for at in range(INSTRUMENTS):
        yield "instrument", _instrument(f"instrument-{at}", at)
        for number in range(BODIES):
            yield "body", _body(f"instrument-{at}", number, at)
            for year in range(MEETINGS):
                yield "meeting", _meeting(f"instrument-{at}", number, year, at)
    draw = random.Random(20261122)
    for kind, number in (("commitment", commitments), ("project", projects)):
        for at in range(number):
            content = (_commitment if kind == "commitment" else _project)(at, draw)
            if closed and at % closed == closed - 1:
                content["label"] = f"TLP:{('AMBER', 'AMBER+STRICT')[at // closed % 2]}/organisation-{at // closed % OWNERS}"
            yield kind, content


def _instrument(name: str, at: int) -> dict[str, Any]:
    articles = [
        {
            "id": f"{name}:area-{number}",
            "ref": f"2({number})",
            "chapter": "areas",
            "text": f"They work together on area {number}.",
        }
        for number in range(ARTICLES)
    ]
    parties = [{"organisation": f"organisation-{at + side}", "side": ("CAN", "JPN")[side]} for side in range(2)]
    signed = [{"organisation": one["organisation"], "day": "2023-09-21"} for one in parties]
    return {
        "id": name, "title": f"Memorandum {at}", "instrument_kind": "memorandum", "countries": ["CAN", "JPN"],
        "parties": parties, "signatures": signed, "effect": {"rule": "last_signature"}, "articles": articles,
    }  # fmt: skip


def _body(instrument: str, number: int, at: int) -> dict[str, Any]:
    turns = [{"organisation": f"organisation-{at + turn}"} for turn in range(3)]
    chair = {"rule": "rotation", "members": turns, "inferred": True}
    other = {"rule": "fixed", "organisation": f"organisation-{at + 3}"}
    return {
        "id": f"{instrument}-body-{number}", "title": f"Dialogue {number} of memorandum {at}", "body_kind": "dialogue",
        "instrument": instrument, "sides": [{"side": "CAN", "chair": chair}, {"side": "JPN", "chair": other}],
        "meets": {"every_months": 12},
    }  # fmt: skip


def _meeting(instrument: str, number: int, year: int, at: int) -> dict[str, Any]:
    body = f"{instrument}-body-{number}"
    chairs = [
        {"side": "CAN", "organisation": f"organisation-{at + year % 3}"},
        {"side": "JPN", "organisation": f"organisation-{at + 3}"},
    ]
    agenda = [{"id": "work", "text": "Work so far", "articles": [f"{instrument}:area-{year}", f"{instrument}:area-{year + 1}"]}]
    said = {"number": year + 1, "held": f"{2020 + year}-06-{10 + number}", "chairs": chairs, "agenda": agenda}
    return {"id": f"{body}-{year + 1}", "title": f"Meeting {year + 1}", "body": body, **said}


def _words(at: int, draw: random.Random) -> dict[str, Any]:
    good, deed = draw.choice(GOODS), draw.choice(DEEDS)
    rare = RARE if at % 1000 == 7 else ("", "", "")
    english, korean, japanese = (" ".join(filter(None, words)) for words in zip(deed, good, rare, strict=True))
    return {"title": f"{english.capitalize()} {at}", "titles": {"ja": japanese, "ko": korean}}


def _articles(draw: random.Random) -> tuple[str, list[str]]:
    instrument = f"instrument-{draw.randrange(INSTRUMENTS)}"
    numbers = draw.sample(range(ARTICLES), 1 if draw.random() < 0.8 else 2)
    return instrument, [f"{instrument}:area-{number}" for number in numbers]


def _commitment(at: int, draw: random.Random) -> dict[str, Any]:
    """Three in five open, one done, one withdrawn; one in four with evidence, one in ten with an indicator."""
    instrument, articles = _articles(draw)
    made = date(2023, 1, 1) + timedelta(days=draw.randrange(365))
    due = date(2024, 1, 1) + timedelta(days=draw.randrange(2200))
    found = {
        "id": f"commitment-{at:06d}", **_words(at, draw), "owner": f"organisation-{draw.randrange(OWNERS)}",
        "instrument": instrument, "articles": articles, "made": made.isoformat(), "due": due.isoformat(),
    }  # fmt: skip
    end = draw.randrange(5)
    if end == 0:
        found["done"] = due.isoformat()
    if end == 1:
        found |= {"withdrawn": due.isoformat(), "reason": "The parties agreed so."}
    if draw.random() < 0.25:
        found["evidence"] = [
            {"what": "Report", "day": (made + timedelta(days=300)).isoformat(), "value": float(draw.randrange(100))}
        ]
    if draw.random() < 0.1:
        found["indicator"] = {"name": "share of supply", "baseline": 10.0, "baseline_year": 2022, "target": 60.0}
    return found


def _project(at: int, draw: random.Random) -> dict[str, Any]:
    instrument, articles = _articles(draw)
    begun = date(2022, 1, 1) + timedelta(days=draw.randrange(700))
    states = [
        {"date": begun.isoformat(), "status": "planned"},
        {"date": (begun + timedelta(days=400)).isoformat(), "status": draw.choice(WORK)},
    ]
    return {
        "id": f"project-{at:06d}", **_words(at, draw), "project_kind": "facility", "place": "CA-QC",
        "parties": [{"name": "A party", "organisation": f"organisation-{draw.randrange(OWNERS)}"}],
        "serves": [{"instrument": instrument, "article": article} for article in articles], "statuses": states,
    }  # fmt: skip


def fill(database: Database, *, commitments: int, projects: int, changes: int, closed: int = 0) -> None:
    """Fill an empty register: every record once, then further versions of them, one after the other, up to so many changes; one
    record in ``closed`` is not for all (0: none).

    Lines, references and articles are then made by the store itself, as an upgrade does.
    """
    with database.writing() as connection:
        if not database.sqlite:  # a million foreign keys need not be looked at
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        head = _fill(connection, [*records(commitments, projects, closed)], changes)
        connection.execute(update(audit_head), head)
        rebuild(connection)
    if not database.sqlite:  # the server does so by itself, later; nobody does so for a file
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _fill(connection: Connection, made: list[tuple[str, dict[str, Any]]], changes: int) -> dict[str, Any]:
    entries: list[dict[str, Any]] = []
    revisions: list[dict[str, Any]] = []
    previous, begin = NOTHING, datetime(2024, 1, 1, tzinfo=UTC)
    assert changes >= len(made), f"every one of {len(made)} records is written at least once"
    contents = [canonical({**content, "note": "change #"}) for _, content in made]
    for seq in range(1, changes + 1):
        at, version = (seq - 1) % len(made), (seq - 1) // len(made) + 1
        kind, record_id = made[at][0], made[at][1]["id"]
        moment = instant(begin + timedelta(seconds=60 * seq))
        content = contents[at].replace("change #", f"change {version}")
        deed = "add" if version == 1 else "change"
        written = content_hash("salt", kind, record_id, version, "a change", content)
        own = entry_hash(previous, seq, moment, "secretariat", deed, kind, record_id, version, written)
        said = {"seq": seq, "at": moment, "actor": "secretariat", "kind": kind, "id": record_id, "version": version}
        entries.append({**said, "action": deed, "content_hash": written, "previous": previous, "hash": own})
        revisions.append({**said, "reason": "a change", "content": content, "salt": "salt"})
        previous = own
        if len(entries) == ROWS or seq == changes:
            _insert(connection, audit, entries)
            _insert(connection, revision, revisions)
    last = {column.name: "" for column in record.columns if column.name not in ("kind", "id", "version", "apart")}
    lines = [
        {"kind": kind, "id": content["id"], "version": (changes - 1 - at) // len(made) + 1, **last}
        for at, (kind, content) in enumerate(made)
    ]
    for start in range(0, len(lines), ROWS):
        connection.execute(insert(record), lines[start : start + ROWS])
    return {"seq": changes, "hash": previous, "at": moment}


def _insert(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    names = [column.name for column in table.columns]
    if connection.dialect.name == "postgresql":
        with connection.connection.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
    else:
        connection.execute(insert(table), rows)
    rows.clear()
