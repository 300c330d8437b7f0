"""A decision is put to the sides by the rule of its subject, with the holders of that day, or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.errors import BadInput, NotFound
from orepact.pact.decisions.asking import asked
from orepact.pact.decisions.decision import Decision
from orepact.pact.instruments.amendments import Amendment
from orepact.pact.records.reading import seed
from pact_incidents import KOREA_2023, MOC, assessment, incident, world

AID = {"what": "aid", "incident": "moa", "assessment": "moa-1", "option": "none"}
CODE = {"what": "code", "code": {"id": "area:sea", "list": "area", "title": "Sea"}}
CHANGE = {"what": "amendment", "amendment": "longer"}


def put(subject: dict[str, Any], **changes: Any) -> Decision:
    new = {"id": f"{MOC}:area-2-d", "ref": "2(d)", "chapter": "area", "text": "Recycle."}
    longer = {"id": "longer", "title": "Longer", "instrument": MOC, "proposed": "2026-03-01", "changes": [{"new": new}]}
    register = world(incident(), assessment(), Amendment.model_validate(longer))
    fields = {"id": "d", "title": "D", "subject": subject, "asked_at": "2026-03-06T00:00Z", "asked_by": "nrcan"}
    return asked(register, **{**fields, **changes})


@pytest.mark.parametrize(
    ("subject", "changes", "quorum", "missing"),
    [
        (AID, {}, "each_side", ("JPN", "CAN")),
        (CODE, {"instrument": MOC}, "each_side", ("JPN", "CAN")),
        (CODE, {"instrument": KOREA_2023}, "each_side", ("CAN", "KOR")),
        (CHANGE, {"instrument": MOC}, "all_participants", ("meti", "mofa-jp", "ised", "nrcan", "gac")),
        (CODE, {"instrument": KOREA_2023, "quorum": "all_participants"}, "all_participants", ("nrcan", "ised", "motir")),
    ],
)
def test_rule_and_keys_follow_from_the_subject(subject: Any, changes: Any, quorum: str, missing: tuple[str, ...]) -> None:
    found = put(subject, **changes)
    assert (found.quorum, found.outcome_on(date(2026, 3, 6)).missing) == (quorum, missing)


def test_aid_is_decided_under_the_instrument_of_the_incident() -> None:
    assert put(AID).instrument == MOC


@pytest.mark.parametrize(
    ("subject", "changes", "words"),
    [
        ({**AID, "option": "swaps"}, {}, "an option of moa-1"),
        (AID, {"quorum": "all_participants"}, "each_side, the rule of ipef-art12"),
        (CODE, {}, "instrument"),
        (CODE, {"instrument": MOC, "asked_at": "tomorrow"}, "asked_at"),
        (CODE, {"instrument": "scma"}, "two sides or more in scma, found none"),
        ({"what": "dinner"}, {"instrument": MOC}, "subject"),
        ({"what": "other"}, {"instrument": MOC}, "text"),
    ],
)
def test_what_cannot_be_asked(subject: Any, changes: Any, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        put(subject, **changes)
    assert words in str(caught.value)
    assert caught.value.exit_code == 3


def test_an_unknown_instrument_is_told_with_the_nearest() -> None:
    with pytest.raises(NotFound, match=MOC):
        asked(seed(), id="d", title="D", instrument=MOC[:-1], subject=CODE, asked_at="2026-03-06T00:00Z", asked_by="nrcan")
