"""Use cases of runs: ask for one, see those of one's organisation, read what came of it, end it.

A run belongs to the organisation for which its account acts. The same question of the same organisation to the same facts and
program is computed once; of another organisation it is computed again, as a fast answer would tell that somebody asked before.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from time import sleep
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, Forbidden, NotFound, Problem, TooMany
from orepact.service.access.may import may, refused
from orepact.service.jobs.catalogue import KINDS, LONGEST_S, PRIORITIES, kind_of
from orepact.service.jobs.requests import Request, request_of
from orepact.service.jobs.working import frame_of, unpacked
from orepact.service.pact.desk import Desk, opened
from orepact.service.result import Result
from orepact.store import answers, queue
from orepact.store.queue import DONE, OPEN, STATES, Job, Whose
from orepact.wording import deed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from orepact.pact.records.readers import Reader
    from orepact.service.pact.desk import Where
    from orepact.store.store import Store

#: Runs of an organisation that have not ended.
MOST_WAITING = 100
MOST_LISTED = 500
COLUMNS = (
    "run", "use_case", "state", "progress", "step", "organisation", "account", "priority", "created_at", "started_at", "ended_at",
)  # fmt: skip
#: Roles that end runs of others of their organisation.
KEEPERS = frozenset({"editor", "steward", "admin"})
LOOK_S = 0.5


def submit_run(
    use_case: str,
    arguments: Mapping[str, Any],
    db: Where = None,
    *,
    priority: str | None = None,
    time_limit_s: int | None = None,
    organisation: str = "",
) -> Result:
    """Ask for a run (``plan``, ``shock``, ...; ``jobs.questions`` says of what) and come back for its answer: one row, with
    ``COLUMNS``.

    ``run`` beside it is its id, ``state`` how it stands: ``done`` when the same was asked before and answered. ``organisation``:
    for which the holder of the database asks; of an account it is its own.

    Raises:
        BadInput: every problem of the question.
        NotFound: there is no such run, or no such overlay of the organisation.
        Forbidden: without an organisation, or a priority that is the registrar's.
        TooMany: the organisation has ``MOST_WAITING`` runs that have not ended.
    """
    with opened(db, filled=False) as store:
        may(store.reader, "run")
        whose = _organisation(store, organisation)
        place, limit = _place(store.reader, use_case, priority), _limit(use_case, time_limit_s)
        request = request_of(store, use_case, arguments, whose)
        mark = request.hash(store.clock())
        with store.database.reading() as connection:
            found = standing(connection, whose, mark)
        if found is None:
            found = _queued(store, _job(request, mark, store.reader, place, limit))
        words = "answered" if found.state == DONE else f"in line: {deed('jobs.show_run', run=found.id)} tells how it stands"
        return _rows([found], f"{found.id} ({found.use_case}): {words}", {"run": found.id, "state": found.state})


def submit_assessment(
    incident: str,
    db: Where = None,
    *,
    reason: str,
    by: str = "",
    name: str | None = None,
    events: Sequence[str] = (),
    priority: str | None = None,
    time_limit_s: int | None = None,
    organisation: str = "",
    actor: str | None = None,
    **question: Any,
) -> Result:
    """Ask for the assessment of an incident as a run; ``question``: what else ``questions.Assessment`` knows. As ``submit_run``.

    When the run is done, the assessment is in the register, made by the organisation of the account and kept by the account, if
    that may still write it then; else the run fails and says why. Asked again while it waits or works it is the same run; asked
    again later it is made anew. Raises also ``Conflict`` when the id (``name``) is taken.
    """
    from orepact.service.pact.desk import actor_of

    holder = not isinstance(db, Desk) or db.reader is None
    asked = {"incident": incident, "reason": reason, "by": by, "name": name, "events": [*events], **question}
    asked |= {"actor": actor_of(actor)} if holder else {}
    return submit_run("assessment", asked, db, priority=priority, time_limit_s=time_limit_s, organisation=organisation)


def assessments_under_way(incident: str, db: Where = None) -> Result:
    """Runs of one's organisation that assess an incident and have not kept an assessment: the last first, with ``COLUMNS``.

    Nothing for who makes no runs.
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        if reader is not None and (refused(reader, "run") or not reader.organisation):
            return _rows([], "no runs")
        with store.database.reading() as connection:
            listed = queue.page(connection, _whose(reader), use_case="assessment", limit=MOST_WAITING)
            left = [job.id for job in listed if job.state != DONE]
            found = [queue.find(connection, name, _whose(reader)) for name in left]  # a list has no requests
    mine = [job for job in found if job is not None and json.loads(job.request)["arguments"].get("incident") == incident]
    return _rows(mine, f"{len(mine)} runs that assess {incident}")


def _organisation(store: Store, named: str) -> str:
    """Whose the run is."""
    if store.reader is None:
        if named:
            store.get("organisation", named)
        return named
    mine = _whose(store.reader)
    assert mine is not None, "a reader sees his own"
    if named and named != store.reader.organisation:
        raise Forbidden("runs are made for the organisation for which the account acts")
    return mine.organisation


def _place(reader: Reader | None, use_case: str, named: str | None) -> int:
    word = named or kind_of(use_case).priority
    if word not in PRIORITIES:
        raise BadInput([Problem("priority", f"one of {', '.join(PRIORITIES)}", repr(word)[:40], "use one of them")])
    if word == "first" and reader is not None and "registrar" not in reader.roles:
        raise Forbidden("to be first in line is the registrar's to give")
    return PRIORITIES[word]


def _limit(use_case: str, asked: int | None) -> int:
    found = kind_of(use_case).limit_s if asked is None else asked
    if not 1 <= found <= LONGEST_S:
        expected = f"a whole number of seconds from 1 to {LONGEST_S}"
        raise BadInput([Problem("time_limit_s", expected, str(asked), "write 3600 for an hour")])
    return found


def standing(connection: Connection, organisation: str, mark: str) -> Job | None:
    """The run that waits, works or has answered; one whose answer is not kept any more is none."""
    found = queue.last_asked(connection, organisation, mark)
    if found is not None and found.state == DONE and answers.noted(connection, organisation, mark) is None:
        return None
    return found


def _job(request: Request, mark: str, reader: Reader | None, place: int, limit: int) -> Job:
    name, account = f"run-{secrets.token_hex(8)}", reader.account if reader is not None else ""
    said = (request.organisation, account, request.label, request.text(), mark)
    return Job(name, request.use_case, *said, priority=place, time_limit_s=limit)


def _queued(store: Store, new: Job) -> Job:
    """The run in line, or the one that somebody else of the organisation put there a moment before."""
    with store.database.writing() as connection:
        if store.reader is not None and queue.waiting(connection, new.organisation) >= MOST_WAITING:
            raise TooMany(f"{MOST_WAITING} runs of {new.organisation} have not ended", retry_after=60)
        queue.add(connection, new)
        found = standing(connection, new.organisation, new.request_hash)
    assert found is not None, "it was put in line, or another one was"
    return found


def list_runs(db: Where = None, *, state: str = "", use_case: str = "", after: str | None = None, limit: int = 100) -> Result:
    """Runs of one's organisation (all for the holder of the database), the last first: ``COLUMNS``.

    ``state``: one of ``queued, running, done, failed, cancelled, timed_out``, or ``open`` for the first two. ``after``: the mark
    of the page before.
    """
    if state and state not in (*STATES, "open"):
        raise BadInput([Problem("state", f"open, {', '.join(STATES)}", repr(state)[:40], "use one of them")])
    if not 1 <= limit <= MOST_LISTED:
        raise BadInput([Problem("limit", f"a whole number from 1 to {MOST_LISTED}", str(limit), "ask for fewer")])
    states = OPEN if state == "open" else (state,) if state else ()
    with opened(db, filled=False) as store:
        may(store.reader, "run")
        begin = None if after is None else _read_mark(after)
        with store.database.reading() as connection:
            whose = _whose(store.reader)
            found = queue.page(connection, whose, states=states, use_case=use_case, after=begin, limit=limit + 1)
        more = {"after": _mark(found[limit - 1])} if len(found) > limit else {}
        return _rows(found[:limit], f"{len(found[:limit])} run{'' if len(found[:limit]) == 1 else 's'}", meta=more)


def list_asked(use_case: str, db: Where = None, *, limit: int = 20) -> Result:
    """The last runs of one kind of one's organisation: ``COLUMNS``, and ``about``, what each was asked in few words."""
    listed = list_runs(db, use_case=use_case, limit=limit)
    with opened(db, filled=False) as store, store.database.reading() as connection:
        jobs = [queue.find(connection, str(name), _whose(store.reader)) for name in listed.data["run"]]
    rows = [{**row_of(job), "about": about_of(job)} for job in jobs if job is not None]
    return Result(pd.DataFrame(rows, columns=[*COLUMNS, "about"]), {"title": listed.meta["title"], "units": {"progress": "1"}})


def _mark(job: Job) -> str:
    return base64.urlsafe_b64encode(json.dumps([job.created_at, job.id]).encode()).decode()


def _read_mark(mark: str) -> tuple[str, str]:
    try:
        at, name = json.loads(base64.b64decode(mark[:400].encode("ascii"), altchars=b"-_", validate=True))
        return str(at)[:40], str(name)[:40]
    except (ValueError, TypeError, RecursionError):
        raise BadInput([Problem("after", "the mark of a page of runs", repr(mark)[:60], "begin at the first page")]) from None


def show_run(name: str, db: Where = None) -> Result:
    """How a run stands and, when it is done, its answer, as the use case itself gives it.

    ``run`` beside the rows tells ``COLUMNS``, ``asked`` (what was asked, but for a network), ``tables``
    (those that ``run_table`` gives) and ``error``, what went wrong where something did. Raises ``NotFound``.
    """
    with opened(db, filled=False) as store, store.database.reading() as connection:
        job = _found(connection, store.reader, name)
        content = answers.read(connection, job.organisation, job.request_hash) if job.state == DONE else None
        row = row_of(job) | {"tables": answers.names(connection, job.organisation, job.request_hash) if content else []}
        said = json.loads(job.request)["arguments"]
        named = said["network"] if isinstance(said["network"], str) else None
        left_out: tuple[Any, ...] = (None, [], "", False)
        row["asked"] = {name: value for name, value in said.items() if name != "network" and value not in left_out}
        row |= {"error": json.loads(job.error) if job.error else None, "overlay": said["overlay"], "network": named}
    if content is None:
        words = f": {row['error']['message']}" if row["error"] else f", {row['step']}" if row["step"] else ""
        notes = ["its answer is not kept any more: ask again"] if job.state == DONE else []
        told = pd.DataFrame([row_of(job)], columns=list(COLUMNS))
        return Result(pd.DataFrame(), {"title": f"{name}: {job.state}{words}", "warnings": notes}, {"run": row}, shown=told)
    kept = unpacked(content)
    shown = frame_of(kept["shown"]) if kept["shown"] else None
    return Result(frame_of(kept["rows"]), kept["meta"], {**kept["top"], "run": row}, shown=shown, text=kept["text"])


def run_table(name: str, table: str, db: Where = None) -> Result:
    """A table beside the answer of a run; raises ``NotFound``, also before the run is done."""
    with opened(db, filled=False) as store, store.database.reading() as connection:
        job = _found(connection, store.reader, name)
        known = answers.names(connection, job.organisation, job.request_hash) if job.state == DONE else []
        if table not in known:
            raise NotFound("table of this run", table, known)
        content = answers.read(connection, job.organisation, job.request_hash, table)
        answer = answers.read(connection, job.organisation, job.request_hash)
    assert content is not None, "its name is known"
    assert answer is not None, "it is kept with its tables"
    about = unpacked(answer)["meta"]
    meta = {key: about[key] for key in ("manifest", "sources", "units", "label") if key in about}
    kept = unpacked(content)
    meta |= {"units": kept["units"]} if "units" in kept else {}
    return Result(frame_of(kept), {"title": f"{about.get('title', name)}: {table}", **meta})


def cancel_run(name: str, db: Where = None) -> Result:
    """End a run: at once when it waits, within seconds when it works, also in the middle of a solve; one that has ended stays,
    and it is said how and when it did.

    Raises ``NotFound``, and ``Forbidden`` for a run of somebody else of the organisation (its editors and stewards may).
    """
    with opened(db, filled=False) as store:
        reader = store.reader
        with store.database.writing() as connection:
            job = _found(connection, reader, name)
            if reader is not None and job.account != reader.account and not reader.roles & KEEPERS:
                raise Forbidden("to end a run of somebody else takes the role editor, steward or admin")
            queue.cancel(connection, name)
            found = queue.find(connection, name)
        assert found is not None, "it was there a moment ago"
        if job.state not in OPEN:
            words = f"{name} had ended already: {job.state.replace('_', ' ')} at {job.ended_at}"
            return _rows([found], words, {"run": name, "state": found.state}, {"warnings": [f"{words}; nothing was changed"]})
        word = "ends within seconds" if found.state in OPEN else f"is {found.state}"
        return _rows([found], f"{name} {word}", {"run": name, "state": found.state})


def follow_run(
    name: str, db: Where = None, *, report: Callable[[str, float], None], wait: Callable[[float], None] = sleep
) -> Result:
    """Wait until a run has ended, telling how far it is; then as ``show_run``."""
    with opened(db, filled=False) as store:
        while True:
            with store.database.reading() as connection:
                job = _found(connection, store.reader, name)
            if job.state not in OPEN:
                break
            report(job.step or job.state, job.progress / 1000)
            wait(LOOK_S)
    return show_run(name, db)


def list_run_kinds() -> Result:
    """What can be asked for: ``use_case, says, arguments, priority, time_limit_s``."""
    rows = [
        (name, str(kind.asks.__doc__).partition("\n")[0], ", ".join(kind.asks.model_fields), kind.priority, kind.limit_s)
        for name, kind in KINDS.items()
    ]
    data = pd.DataFrame(rows, columns=["use_case", "says", "arguments", "priority", "time_limit_s"])
    return Result(data, {"title": f"{len(rows)} kinds of runs", "units": {"time_limit_s": "s"}})


def _whose(reader: Reader | None) -> Whose | None:
    """Whose runs somebody sees (None: all); raises ``Forbidden`` for who acts for no organisation."""
    if reader is None:
        return None
    if not reader.organisation:
        raise Forbidden("runs are made for an organisation: act for one")
    return Whose(reader.organisation, "steward" in reader.roles)


def _found(connection: Connection, reader: Reader | None, name: str) -> Job:
    """A run that somebody sees; nobody is told which others there are."""
    may(reader, "run")
    job = queue.find(connection, name, _whose(reader))
    if job is None:
        raise NotFound("run", name)
    return job


def row_of(job: Job) -> dict[str, Any]:
    """How a job stands: ``COLUMNS``."""
    words = {number: word for word, number in PRIORITIES.items()}
    said = {"run": job.id, "priority": words.get(job.priority, str(job.priority)), "progress": job.progress / 1000}
    return {column: said.get(column, getattr(job, column, "")) for column in COLUMNS}


def about_of(job: Job) -> str:
    """What a run is about in few words: the title of what was written, else the names of what was asked.

    >>> about_of(Job("run-1", "shock", "", "", "", '{"arguments": {"events": ["a", "b"]}}', ""))
    'a, b'
    """
    said = json.loads(job.request)["arguments"]
    written = [said.get("changes") or {}, *(said.get("written") or [])]
    titles = [str(one["title"]) for one in written if one.get("title")]
    names = [*(said.get("events") or []), *(said[name] for name in ("scenario", "incident", "commodity") if said.get(name))]
    return ", ".join(map(str, titles or names))[:200]


def _rows(jobs: list[Job], title: str, top: Mapping[str, Any] | None = None, meta: Mapping[str, Any] | None = None) -> Result:
    data = pd.DataFrame([row_of(job) for job in jobs], columns=list(COLUMNS))
    return Result(data, {"title": title, "units": {"progress": "1"}, **(meta or {})}, top or {})
