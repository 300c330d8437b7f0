"""``evidence``: what the register holds for each article of an instrument on a day, and for which articles it holds nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from orepact.pact.dates.days import Span, happened
from orepact.pact.decisions.decision import Decision
from orepact.pact.incidents.incident import Incident
from orepact.pact.instruments.amendments import amended
from orepact.pact.instruments.commitments import Commitment, CommitmentBrief, Progress, progress
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.fields import articles_of

if TYPE_CHECKING:
    from orepact.pact.instruments.articles import Article
    from orepact.pact.records.record import Brief, Record
    from orepact.pact.records.register import Register

#: Kinds that name articles as a part of what an instrument says or does to itself, and are no evidence.
OWN = ("instrument", "body", "amendment", "notice", "end_notice", "code")
#: The field that holds the day from which a record of a kind is there; commitments tell it by how they stand.
SINCE: Mapping[str, str] = {
    "meeting": "held",
    "item": "opened",
    "difference": "raised",
    "activity": "begins",
}


@dataclass(frozen=True, slots=True)
class ArticleEvidence:
    """An article and the ids of what serves it, by kind, drills apart from incidents.

    ``next_due``: the first due date of its open commitments; ``overdue``: those that are late; ``stands``: how each of its
    commitments stands.
    """

    article: Article
    found: Mapping[str, tuple[str, ...]]
    next_due: date | None = None
    overdue: tuple[str, ...] = ()
    stands: Mapping[str, Progress] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing serves it."""
        return not any(self.found.values())

    @property
    def lacking(self) -> bool:
        """Whether nothing serves it though something could: it is operative."""
        return self.empty and self.article.operative


def evidence(instrument: str, register: Register, on: date, briefs: Iterable[Brief] = ()) -> tuple[ArticleEvidence, ...]:
    """What serves each article of an instrument on a day, in the order of its articles, those of amendments in force among them.

    ``briefs`` stand for records that the register leaves out. Raises ``NotFound`` for an instrument that is not there.
    """
    text = amended(register.get(Instrument, instrument), register, on)
    serving: dict[str, list[Record | Brief]] = defaultdict(list)
    stands: dict[str, Progress] = {}  # of a commitment once, however many articles it serves
    every: list[Record | Brief] = [*register.records.values()]
    for record in [*every, *briefs]:
        names = () if record.kind in OWN else _named(record)
        if names and isinstance(record, (CommitmentBrief, Commitment)):  # a union takes longer
            stand = progress(record, on)
            if stand.state == "not_made":
                continue
            stands[record.id] = stand
        elif not names or not _there(record, on):
            continue
        for name in names:
            serving[name].append(record)
    return tuple(_row(article, serving[article.id], stands) for article in text.articles_on(on))


def without_evidence(instrument: str, register: Register, on: date) -> tuple[Article, ...]:
    """The operative articles that nothing serves on a day."""
    return tuple(row.article for row in evidence(instrument, register, on) if row.lacking)


def _named(record: Record | Brief) -> Collection[str]:
    """The articles that a record names, each once."""
    return set(record.articles if isinstance(record, CommitmentBrief) else articles_of(record))


def _there(record: Record | Brief, on: date) -> bool:
    """Whether a record is there on a day; one whose kind has no day, or that has no dated states, always is."""
    if record.kind in SINCE:
        since = getattr(record, SINCE[record.kind])
        return since is not None and happened(since, on)
    if isinstance(record, Decision):
        return record.day_of(record.asked_at) <= on
    if isinstance(record, Incident):
        return record.received_on is not None and record.received_on <= on
    states = [state.date for state in getattr(record, "statuses", ())]
    return not states or any(happened(day, on) for day in states)


def _row(article: Article, records: list[Record | Brief], stands: Mapping[str, Progress]) -> ArticleEvidence:
    found: dict[str, list[str]] = defaultdict(list)
    for record in records:
        found["drill" if record.kind == Incident.kind and getattr(record, "drill", False) else record.kind].append(record.id)
    own = {name: stands[name] for name in found.get("commitment", ())}
    due = [Span.of(stand.due).last for stand in own.values() if stand.due and stand.state in ("open", "overdue")]
    late = tuple(sorted(name for name, stand in own.items() if stand.state == "overdue"))
    names = {kind: tuple(sorted(found[kind])) for kind in sorted(found)}
    return ArticleEvidence(article, names, min(due, default=None), late, own)
