"""The tables of what the service computes: jobs that wait, run and have ended, the answers that came of them, the claims that
organisations lay over the facts, and the networks that they keep. They stand in the database of the register and are no part of
it.

Moments are texts as ``canonical.instant`` writes them, by the clock of the database, so that machines need not agree on the time;
"" stands for none.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table, text

from orepact.store.columns import metadata, text_column, whole_column

job = Table(
    "job",
    metadata,
    text_column("id", key=True),
    text_column("use_case"),
    text_column("organisation"),  # whose it is; "": the holder of the database
    text_column("account"),
    text_column("label"),
    text_column("request"),  # JSON: what is asked, with all that it needs
    text_column("request_hash"),  # of the question and all that its answer depends on
    text_column("state"),
    whole_column("priority"),  # the smaller, the sooner
    whole_column("attempt"),  # how often a worker took it: whoever writes must know the last number
    whole_column("lost"),  # how many of these ended without a word
    text_column("worker"),
    text_column("lease_until"),  # from then on another worker may take it
    whole_column("progress"),  # in thousandths
    text_column("step"),
    whole_column("cancel"),  # 1: somebody asked to end it
    whole_column("time_limit_s"),
    text_column("created_at"),
    text_column("started_at"),  # of the last attempt
    text_column("ended_at"),
    text_column("error"),  # JSON: code, message, problems
)

#: An answer, by whose it is and what was asked.
result = Table(
    "result",
    metadata,
    text_column("organisation", key=True),
    text_column("request_hash", key=True),
    text_column("manifest"),  # JSON: what it depends on
    text_column("manifest_hash"),
    whole_column("bytes"),
    whole_column("took_ms"),
    text_column("made_at"),
)

#: What an answer consists of: ``answer`` is what a person reads, the others are tables beside it; JSON, compressed.
part = Table(
    "part",
    metadata,
    text_column("organisation", key=True),
    text_column("request_hash", key=True),
    text_column("name", key=True),
    Column("content", LargeBinary, nullable=False),
)

overlay = Table(
    "overlay",
    metadata,
    text_column("owner", key=True),
    text_column("name", key=True),
    whole_column("version", key=True),
    text_column("label"),
    text_column("sha256"),  # of both texts
    text_column("claims"),  # CSV, sorted
    text_column("sources"),  # CSV: those that the shipped ones do not have
    whole_column("rows"),
    text_column("created_at"),
    text_column("created_by"),
    text_column("ended_at"),
)

network = Table(
    "network",
    metadata,
    text_column("owner", key=True),
    text_column("name", key=True),
    whole_column("version", key=True),
    text_column("label"),
    text_column("sha256"),  # of the names and texts of its files
    text_column("content"),  # a zip of them, in base64
    text_column("title"),
    whole_column("files"),
    whole_column("bytes"),  # unpacked
    text_column("created_at"),
    text_column("created_by"),
    text_column("ended_at"),
)

Index("job_in_line", job.c.state, job.c.priority, job.c.created_at)
Index("job_by_organisation", job.c.organisation, job.c.created_at, job.c.id)
_open = text("state IN ('queued', 'running')")
#: What an organisation asks is computed once at a time.
Index("job_once", job.c.organisation, job.c.request_hash, unique=True, sqlite_where=_open, postgresql_where=_open)
Index("job_by_served", job.c.organisation, job.c.started_at)
Index("job_by_question", job.c.organisation, job.c.request_hash)

#: What a backup carries.
KEPT = (job, overlay, network)
#: Answers are computed again.
PASSING = (result, part)
