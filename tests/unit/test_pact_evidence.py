"""What the register holds for each article of the real memoranda, and for which it holds nothing."""

from __future__ import annotations

from datetime import date

import pytest

from orepact.errors import NotFound
from orepact.pact.briefing.evidence import evidence, without_evidence
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.fields import articles_of
from orepact.pact.records.register import Register
from pact_real import DIALOGUE, MINERALS, MOBILITY, MOC, made, real, without

TODAY = date(2026, 11, 22)
#: Named by the agendas of the two meetings.
DISCUSSED = {"area-2-c-ix", "form-3-c", "area-2-c-iii", "form-3-a-i", "area-2-c-vii", "governance-4-a-i", "governance-4-a-ii"}


def _short(name: str) -> str:
    return name.partition(":")[2]


def _served(register: Register, on: date, kind: str, instrument: str = MOC) -> set[str]:
    return {_short(row.article.id) for row in evidence(instrument, register, on) if row.found.get(kind)}


@pytest.mark.parametrize(
    ("on", "articles"),
    [
        ("2024-07-08", set()),
        ("2024-07-09", DISCUSSED - {"governance-4-a-i", "governance-4-a-ii"}),
        ("2025-08-25", DISCUSSED - {"governance-4-a-i", "governance-4-a-ii"}),
        ("2025-08-26", DISCUSSED),
    ],
)
def test_meetings_serve_the_articles_of_their_agendas_once_they_are_held(on: str, articles: set[str]) -> None:
    assert _served(real(), date.fromisoformat(on), "meeting") == articles


def test_commitments_and_items_serve_theirs() -> None:
    assert _served(real(), TODAY, "commitment") == {"recital-2"}
    assert _served(real(), TODAY, "item") == {"area-2-c-iii", "form-3-a-ii", "area-2-c-v"}
    assert _served(real(), TODAY, "commitment", MINERALS) == {"recital-2", "form-3-5"}


def test_every_article_has_a_row_and_those_without_anything_are_named() -> None:
    rows = evidence(MOC, real(), TODAY)
    assert [row.article for row in rows] == list(real().get(Instrument, MOC).articles)
    empty = {_short(article.id) for article in without_evidence(MOC, real(), TODAY)}
    assert {"form-3-a-v", "difference-7-a"} <= empty
    assert not empty & (DISCUSSED | {"recital-2", "area-2-c-v"})
    assert empty == {_short(row.article.id) for row in rows if not row.found and row.article.operative}
    unasked = {_short(row.article.id) for row in rows if not row.article.operative}
    assert unasked == {*(f"recital-{n}" for n in range(1, 13)), "status-8-a", "final-9-a", "final-9-b", "final-9-c"}


def test_the_link_to_a_body_is_no_evidence() -> None:
    register = without(real(), *[key for key in real().records if key[0] in ("meeting", "item")])
    assert "governance-4-a-i" in {_short(article.id) for article in without_evidence(MOC, register, TODAY)}


def test_a_commitment_brings_its_due_date_and_whether_it_is_late() -> None:
    fields = {"owner": "ised", "instrument": MOC, "articles": [f"{MOC}:form-3-a-v"], "made": "2026-01-01"}
    late = made("commitment", id="late", **fields, due="2026-06-30")
    later = made("commitment", id="later", **fields, due="2027-06-30")
    over = made("commitment", id="over", **fields, due="2026-03-31", done="2026-03-01")
    (row,) = [row for row in evidence(MOC, real().plus([late, later, over]), TODAY) if row.article.id == f"{MOC}:form-3-a-v"]
    assert (row.found["commitment"], row.next_due, row.overdue) == (("late", "later", "over"), date(2026, 6, 30), ("late",))


def test_a_planned_meeting_serves_nothing_yet() -> None:
    agenda = [{"id": "talk", "text": "Differences", "articles": [f"{MOC}:difference-7-a"]}]
    plan = made("meeting", id="third", body=DIALOGUE, planned="2026-12-01", agenda=agenda)
    assert "difference-7-a" not in _served(real().plus([plan]), date(2027, 1, 1), "meeting")


def test_articles_are_found_in_any_part_of_a_record() -> None:
    kinds = {record.kind for record in real().records.values() if [*articles_of(record)]}
    assert {"commitment", "meeting", "item", "project", "contract"} <= kinds


def test_an_article_of_an_amendment_has_a_row_once_it_is_in_force() -> None:
    new = {"id": f"{MOC}:area-2-c-xi", "ref": "2(c)(xi)", "chapter": "area", "text": "More."}
    days = ("meti", "mofa-jp", "ised", "nrcan", "gac")
    approved = [{"organisation": name, "day": "2026-05-01"} for name in days]
    amendment = made("amendment", id="more", instrument=MOC, proposed="2026-04-01", changes=[{"new": new}], approvals=approved)
    register = real().plus([amendment])
    counts = [len(evidence(MOC, register, date.fromisoformat(on))) for on in ("2026-04-30", "2026-05-01")]
    assert counts == [44, 45]


def test_no_evidence_of_what_is_not_there() -> None:
    with pytest.raises(NotFound, match=MOBILITY):
        evidence("ca-kr-mou-future-mobility-2025", real(), TODAY)
