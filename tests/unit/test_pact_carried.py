"""An amendment decided with every key turned: the keys are its approvals, and it works from the last of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.errors import BadInput
from orepact.pact.decisions.decision import Amending, Decision, Key
from orepact.pact.decisions.proposals import carried, lacking, waits
from orepact.pact.instruments.amendments import Amendment, amended, approvals
from orepact.pact.instruments.instrument import Instrument
from orepact.pact.records.register import Register
from pact_incidents import KOREA_2023, MOC, decision, key, with_keys, world

SUBJECT = Amending(what="amendment", amendment="recycling")
ALL = (
    key("JPN", "meti", "emi", "2026-03-10T00:00Z"),
    key("JPN", "mofa-jp", "fumi", "2026-03-11T00:00Z", reason="it fits"),
    key("CAN", "ised", "ben", "2026-03-12T00:00Z"),
    key("CAN", "nrcan", "ana", "2026-03-13T00:00Z"),
    key("CAN", "gac", "cho", "2026-03-14T00:00Z"),
)


def amendment(**changes: Any) -> Amendment:
    new = {"id": f"{MOC}:area-2-d", "ref": "2(d)", "chapter": "area", "text": "Recycle together.", "areas": ["other"]}
    fields = {"id": "recycling", "title": "Recycling", "instrument": MOC, "proposed": "2026-03-01", "changes": [{"new": new}]}
    return Amendment.model_validate({**fields, **changes})


def asked(*keys: Key, register: Register | None = None, **changes: Any) -> Decision:
    return with_keys(decision(SUBJECT, quorum="all_participants", **changes), register or world(amendment()), *keys)


def test_five_keys_put_an_amendment_in_force() -> None:
    passed = asked(*ALL)
    register = world(amendment(), passed).check()
    with pytest.raises(BadInput, match="no key of gac"):
        carried(passed, register, date(2026, 3, 13))
    after = register.plus([carried(passed, register, date(2026, 3, 14))]).check()
    found = approvals(after.get(Amendment, "recycling"), after, date(2026, 3, 31))
    assert (found.state, found.effect, found.missing) == ("in_force", date(2026, 3, 14), ())
    moc = after.get(Instrument, MOC)
    new = f"{MOC}:area-2-d"
    on = [
        new in {each.id for each in amended(moc, after, day).articles_on(day)} for day in (date(2026, 3, 13), date(2026, 3, 14))
    ]
    assert on == [False, True]


def test_reasons_and_people_of_the_keys_stay_and_nothing_is_said_twice() -> None:
    own = amendment(approvals=[{"organisation": "meti", "day": "2026-03-02", "reason": "we said so first"}])
    passed = asked(*ALL)
    register = world(own, passed)
    found = carried(passed, register, date(2026, 4, 1))
    assert [(each.organisation, str(each.day), each.reason) for each in found.approvals[:2]] == [
        ("meti", "2026-03-02", "we said so first"),
        ("mofa-jp", "2026-03-11", "it fits"),
    ]
    assert len(found.approvals) == 5
    again = register.plus([found])
    assert carried(passed, again, date(2026, 4, 1)) == found


EVERYBODY = ("meti", "mofa-jp", "ised", "nrcan", "gac")


@pytest.mark.parametrize(
    ("keys", "changes", "on", "waiting", "words"),
    [
        ((), {}, "2026-03-20", EVERYBODY, "waits for meti, mofa-jp, ised, nrcan, gac"),
        ((*ALL[:1], *ALL[2:]), {}, "2026-03-20", ("mofa-jp",), "waits for mofa-jp"),
        ((*ALL[:1], *ALL[2:]), {}, "2026-03-12", ("mofa-jp", "nrcan", "gac"), "waits for mofa-jp, nrcan, gac"),
        (ALL, {}, "2026-03-20", (), "waits to be carried out, as every key is turned"),
        (ALL[:4], {"expires_on": "2026-03-15"}, "2026-03-20", EVERYBODY, "waits for meti, mofa-jp, ised, nrcan, gac"),
    ],
)
def test_an_amendment_waits_for_those_whose_key_is_not_turned(
    keys: tuple[Key, ...], changes: dict[str, Any], on: str, waiting: tuple[str, ...], words: str
) -> None:
    asking = asked(*keys, **changes)
    register, day = world(amendment(), asking), date.fromisoformat(on)
    assert lacking(amendment(), register, day) == waiting
    assert waits(amendment(), register, day) == words
    if asking.outcome_on(day).state == "open":  # says the same as who asks to carry it out is told
        with pytest.raises(BadInput, match=f"no key of {', '.join(waiting)}"):
            carried(asking, register, day)


def test_both_sides_alone_do_not_change_the_memorandum() -> None:
    of_sides = decision(SUBJECT)
    found = [str(problem) for problem in world(amendment(), of_sides).problems([of_sides])]
    assert found[0].startswith(f"decision moa-stocks, quorum: expected all_participants, the rule of {MOC}, found each_side")


def test_an_amendment_is_decided_under_its_own_instrument() -> None:
    wrong = decision(SUBJECT, instrument=KOREA_2023)
    found = "\n".join(map(str, world(amendment(), wrong).problems([wrong])))
    assert f"an amendment of {KOREA_2023}, found recycling of {MOC}" in found


def test_a_decision_on_something_else_carries_nothing() -> None:
    with pytest.raises(BadInput, match="an amendment, found aid"):
        carried(decision(), world(), date(2026, 4, 1))
