"""Assessments: one frozen scenario, sealed; other figures, events or manifests are refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from orepact.chain.manifest import hash_value
from orepact.errors import BadInput
from orepact.pact.incidents.assessments import Assessment
from orepact.pact.records.changes import forbidden
from pact_incidents import AID, EVENT, EVENT_HASH, MANIFEST, assessment, incident, world


def told(**changes: Any) -> str:
    with pytest.raises(BadInput) as caught:
        assessment(**changes)
    return str(caught.value)


def test_it_embeds_what_it_rests_on_and_survives_being_written_and_read() -> None:
    made = assessment()
    content = made.content()
    assert content["manifest_hash"] == hash_value(MANIFEST)
    assert content["events"][0]["text"] == EVENT
    assert Assessment.model_validate(content) == made
    assert made.option("stockpiles") == made.aid[1]
    assert made.option("none") is None


def test_whole_numbers_stay_whole_through_json() -> None:
    import json

    made = assessment(losses=[{"party": "all", "loss_usd": 3, "share": 0.1, "named": None, "text": "e\u0301"}])
    assert Assessment.model_validate(json.loads(json.dumps(made.content()))) == made
    assert made.losses[0]["text"] == "\u00e9"


def test_figures_of_another_scenario_are_refused() -> None:
    other = hash_value({**MANIFEST, "as_of": "2026-03-01"})
    assert "manifest_hash" in told(manifest_hash=other)
    with pytest.raises(ValidationError, match="the figures come from another scenario"):
        Assessment.model_validate({**assessment().content(), "manifest_hash": other})


@pytest.mark.parametrize(
    "changes",
    [
        {"losses": [{"party": "all", "response": "market", "loss_usd": 1.0}]},
        {"aid": [{**AID[0], "net_saving_usd": 5e6}, AID[1]]},
        {"aid": [AID[1], AID[0]]},
        {"warnings": []},
        {"made_at": "2026-03-05T12:00:01Z"},
        {"made_by": "ised"},
        {"units": {"loss_usd": "EUR"}},
        {"seal": ""},
    ],
)
def test_a_figure_changed_under_the_seal_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="some were changed after it was put on"):
        Assessment.model_validate({**assessment().content(), **changes})


def test_title_and_note_are_outside_the_seal() -> None:
    assert Assessment.model_validate({**assessment().content(), "title": "Better title", "note": "read by both"}).note


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"id": "moa_stop_2026", "title": "Moa", "text": EVENT + " ", "hash": EVENT_HASH}, "hash"),
        ({"id": "another", "title": "Moa", "text": EVENT, "hash": EVENT_HASH}, "events"),
    ],
)
def test_an_event_that_was_not_run_is_refused(event: dict[str, str], words: str) -> None:
    assert words in told(events=[event])


def test_an_assessment_has_events_and_losses() -> None:
    assert "a list of 1 or more" in told(events=[])
    assert "a list of 1 or more" in told(losses=[])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object()])
def test_values_are_plain(value: Any) -> None:
    assert "losses" in told(losses=[{"loss_usd": value}])
    with pytest.raises(BadInput):
        assessment(aid=[{**AID[0], "saved_usd": value}])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"aid": [{**AID[1], "net_saving_usd": 2.0}, {**AID[0], "net_saving_usd": 4.0}]},
            "what saves most net of its cost first",
        ),
        ({"aid": [AID[0], AID[0]]}, "each option once, found pact 2 times"),
        ({"made_at": "2026-03-03T00:29Z"}, "after the request (2026-03-03T00:30:00Z), found 2026-03-03T00:29:00Z"),
        ({"supersedes": "moa-1"}, "an earlier assessment of moa"),
        ({"incident": "moab"}, "did you mean moa?"),
    ],
)
def test_what_an_assessment_may_not_be(changes: dict[str, Any], words: str) -> None:
    made = assessment(id="moa-2", **changes)
    assert words in "\n".join(map(str, world(incident(), assessment(), made).problems([made])))


def test_options_that_save_the_same_need_no_order() -> None:
    made = assessment(aid=[AID[1], AID[0]])  # 0.0 and 0.4 USD
    assert [*world(incident(), made).problems([made])] == []


def test_figures_are_replaced_by_a_new_assessment_alone() -> None:
    before = world(incident(), assessment())
    changed = assessment(aid=[])
    assert "make a new assessment that supersedes this one" in str(next(iter(forbidden(before, [changed]))))
    later = assessment(id="moa-2", made_at="2026-03-08T00:00Z", supersedes="moa-1", aid=[])
    assert [*forbidden(before, [later]), *before.plus([later]).problems([later])] == []
