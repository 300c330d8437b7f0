"""What boards read in brief of a record has the names and defaults of the record itself."""

from __future__ import annotations

import pytest

from orepact.pact.records.fields import articles_of
from orepact.pact.records.kinds import kinds
from orepact.pact.records.record import Brief, Record

BRIEFS = [(kind, kind.in_brief) for kind in kinds().values() if kind.in_brief is not None]


def test_some_kinds_are_read_in_brief() -> None:
    assert {kind.kind for kind, _ in BRIEFS} >= {"commitment", "project"}


@pytest.mark.parametrize(("kind", "brief"), BRIEFS, ids=lambda each: each.__name__)
def test_a_brief_leaves_out_what_its_record_would_leave_out(kind: type[Record], brief: type[Brief]) -> None:
    own = {name: (field.is_required(), field.get_default(call_default_factory=True)) for name, field in kind.model_fields.items()}
    told = {
        name: (field.is_required(), field.get_default(call_default_factory=True)) for name, field in brief.model_fields.items()
    }
    assert brief.kind == kind.kind
    assert told == {name: own[name] for name in told}


def test_a_commitment_in_brief_names_articles_in_one_field() -> None:
    """Boards ask that field alone."""
    from orepact.pact.instruments.commitments import CommitmentBrief, Evidence, NewDate

    one = CommitmentBrief.model_construct(
        id="c", owner="nrcan", made="2024", articles=("a:1", "a:2"), evidence=(Evidence(day="2025", what="a report"),),
        moved=(NewDate(said="2025", due="2026"),),
    )  # fmt: skip
    assert [*articles_of(one)] == ["a:1", "a:2"]
