"""Jobs as rows of the database: put in line, taken by one worker at a time, told of, ended. Each call is one step of a
transaction of the caller.

A worker holds a job by a *lease*, which it renews while it works; when the lease is over, the next worker may take the job, and
from then on the first one's writes reach nothing, as each names the number of its attempt. Time is that of the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from orepact.store.canonical import instant
from orepact.store.work import job

QUEUED, RUNNING, DONE = "queued", "running", "done"
FAILED, CANCELLED, TIMED_OUT = "failed", "cancelled", "timed_out"
OPEN = (QUEUED, RUNNING)
STATES = (*OPEN, DONE, FAILED, CANCELLED, TIMED_OUT)
#: So many workers may end without a word over one job.
TRIES = 3
LOST = '{"code":"work_stopped","message":"the worker ended three times: what is asked may take more memory than there is"}'
_NOW = {"sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now')", "postgresql": "SELECT clock_timestamp()"}


@dataclass(frozen=True, slots=True)
class Job:
    """A job; ``request`` is left out where many are listed."""

    id: str
    use_case: str
    organisation: str
    account: str
    label: str
    request: str
    request_hash: str
    state: str = QUEUED
    priority: int = 5
    attempt: int = 0
    lost: int = 0
    worker: str = ""
    lease_until: str = ""
    progress: int = 0
    step: str = ""
    cancel: int = 0
    time_limit_s: int = 3600
    created_at: str = ""
    started_at: str = ""
    ended_at: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose jobs somebody sees: those of an organisation, without those for its stewards alone unless he is one."""

    organisation: str
    steward: bool = False


_LISTED = [name.name for name in fields(Job) if name.name != "request"]


def clock_of(connection: Connection) -> datetime:
    """The time of the database."""
    found = connection.execute(text(_NOW[connection.dialect.name])).scalar_one()
    return datetime.fromisoformat(found) if isinstance(found, str) else found.astimezone(UTC)


def now_of(connection: Connection) -> str:
    """The same as it is written."""
    return instant(clock_of(connection))


def add(connection: Connection, new: Job) -> bool:
    """Put a job in line; False when its organisation has one with the same question there already."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = asdict(new) | {"created_at": now_of(connection)}
    new_row = dialect.insert(job).values(**values).on_conflict_do_nothing().returning(job.c.id)
    return connection.execute(new_row).first() is not None


def find(connection: Connection, name: str, whose: Whose | None = None) -> Job | None:
    """A job by its id, if it is one of those that somebody sees (None: all)."""
    row = connection.execute(select(job).where(job.c.id == name, *_seen(whose))).one_or_none()
    return Job(*row) if row else None


def _seen(whose: Whose | None) -> list[Any]:
    if whose is None:
        return []
    mine = [job.c.organisation == whose.organisation]
    return mine if whose.steward else [*mine, ~job.c.label.startswith("TLP:RED")]


def last_asked(connection: Connection, organisation: str, request_hash: str, states: Sequence[str] = (*OPEN, DONE)) -> Job | None:
    """The job of a question that waits, runs or was done last; with ``states``, that is so."""
    mine = (job.c.organisation == organisation, job.c.request_hash == request_hash, job.c.state.in_(states))
    row = connection.execute(select(job).where(*mine).order_by(job.c.created_at.desc(), job.c.id).limit(1)).one_or_none()
    return Job(*row) if row else None


def waiting(connection: Connection, organisation: str) -> int:
    """How many jobs of an organisation have not ended."""
    mine = (job.c.organisation == organisation, job.c.state.in_(OPEN))
    return connection.execute(select(func.count()).select_from(job).where(*mine)).scalar_one()


def page(
    connection: Connection,
    whose: Whose | None,
    *,
    states: Sequence[str] = (),
    use_case: str = "",
    after: tuple[str, str] | None = None,
    limit: int = 100,
) -> list[Job]:
    """Jobs that somebody sees, the last first, after the one put in line at a moment with an id."""
    asked = [*_seen(whose)]
    asked += [job.c.state.in_(states)] if states else []
    asked += [job.c.use_case == use_case] if use_case else []
    asked += [tuple_(job.c.created_at, job.c.id) < after] if after else []
    order = (job.c.created_at.desc(), job.c.id.desc())
    rows = connection.execute(select(*(job.c[name] for name in _LISTED)).where(*asked).order_by(*order).limit(limit))
    return [Job(**row._mapping, request="") for row in rows]  # noqa: SLF001  the public name of a row's columns


def any_left(connection: Connection) -> bool:
    """Whether a worker could take a job now: asked before ``take``, which keeps others from writing."""
    return connection.execute(_takeable(now_of(connection)).limit(1)).first() is not None


def _takeable(moment: str) -> Select[Any]:
    left = and_(job.c.state == RUNNING, job.c.lease_until < moment)
    return select(job).where(or_(job.c.state == QUEUED, left))


def take(connection: Connection, worker: str, lease_s: float) -> Job | None:
    """The next job, held by this worker for so long; None when there is none.

    By priority, then of the organisation that was served longest ago, then the oldest. What workers left behind three times, and
    what was to be cancelled when its worker died, ends here.
    """
    while True:
        now = clock_of(connection)
        row = connection.execute(_next(instant(now))).first()
        if row is None:
            return None
        found = Job(*row)
        lost = found.lost + (found.state == RUNNING)
        if found.cancel or lost >= TRIES:
            ending = {"state": CANCELLED} if found.cancel else {"state": FAILED, "error": LOST}
            _change(connection, found.id, lost=lost, step="", ended_at=instant(now), **ending)
            continue
        until, attempt = instant(now + timedelta(seconds=lease_s)), found.attempt + 1
        values = {"state": RUNNING, "attempt": attempt, "lost": lost, "worker": worker, "lease_until": until, "progress": 0}
        _change(connection, found.id, **values, step="", started_at=instant(now))
        again = find(connection, found.id)
        assert again is not None, "it was taken a moment ago"
        return again


def _next(moment: str) -> Select[Any]:
    other = job.alias("other")
    served = select(func.max(other.c.started_at)).where(other.c.organisation == job.c.organisation).scalar_subquery()
    order = (job.c.priority, func.coalesce(served, ""), job.c.created_at, job.c.id)
    return _takeable(moment).order_by(*order).limit(1).with_for_update(skip_locked=True, of=job)


def _change(connection: Connection, name: str, **values: Any) -> None:
    connection.execute(update(job).where(job.c.id == name).values(**values))


def _held(name: str, attempt: int) -> tuple[Any, ...]:
    return job.c.id == name, job.c.attempt == attempt, job.c.state == RUNNING


def renew(connection: Connection, one: Job, lease_s: float, progress: int, step: str) -> bool | None:
    """Hold a job for longer and tell how far it is: whether somebody asked to end it; None when it is no longer this worker's."""
    until = instant(clock_of(connection) + timedelta(seconds=lease_s))
    values = {"lease_until": until, "progress": progress, "step": step}
    asked = update(job).where(*_held(one.id, one.attempt)).values(**values).returning(job.c.cancel)
    found = connection.execute(asked).scalar()
    return None if found is None else bool(found)


def to_end(connection: Connection, one: Job) -> bool | None:
    """The same without a write."""
    found = connection.execute(select(job.c.cancel).where(*_held(one.id, one.attempt))).scalar()
    return None if found is None else bool(found)


def end(connection: Connection, one: Job, state: str, **values: Any) -> bool:
    """End a job, which is at no step any more; False when it is no longer this worker's, and then nothing of it may be kept."""
    values |= {"state": state, "step": "", "ended_at": now_of(connection)}
    return bool(connection.execute(update(job).where(*_held(one.id, one.attempt)).values(**values)).rowcount)


def give_back(connection: Connection, one: Job, *, lost: bool) -> bool:
    """Put a job back in line; ``lost``: its work ended without a word, and the third time the job fails."""
    number = one.lost + lost
    if number >= TRIES:
        return end(connection, one, FAILED, lost=number, error=LOST)
    values = {"state": QUEUED, "lost": number, "worker": "", "lease_until": "", "progress": 0, "step": ""}
    return bool(connection.execute(update(job).where(*_held(one.id, one.attempt)).values(**values)).rowcount)


def cancel(connection: Connection, name: str) -> None:
    """End a job: at once when it waits, else as soon as its worker looks; one that has ended stays as it is."""
    waits = update(job).where(job.c.id == name, job.c.state == QUEUED)
    connection.execute(waits.values(state=CANCELLED, cancel=1, ended_at=now_of(connection)))
    connection.execute(update(job).where(job.c.id == name, job.c.state == RUNNING).values(cancel=1))
