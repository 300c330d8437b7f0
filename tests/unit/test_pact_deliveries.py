"""Deliveries: promised under an approved decision, partly there, late, ended; never more certain than the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.pact.decisions.decision import AidChoice, Key, Other
from orepact.pact.incidents.deliveries import Delivery
from orepact.pact.records.register import Register
from pact_incidents import assessment, decision, incident, key, with_keys, world

CANADA, JAPAN = key("CAN", "nrcan", "ana", "2026-03-07T00:00Z"), key("JPN", "meti", "emi", "2026-03-09T00:00Z")


def delivery(**changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": "d", "title": "Cobalt", "decision": "moa-stocks", "by": "jogmec", "to": "nrcan", "what": "Cobalt metal",
        "quantity": 100.0, "unit": "t", "due": "2026-04-30",
    }  # fmt: skip
    return Delivery.model_validate({**fields, **changes})


def register(*keys: Key, subject: Any = None) -> Register:
    base = world(incident(), assessment())
    return base.plus([with_keys(decision(subject), base, *keys)])


def told(record: Delivery, *keys: Key, subject: Any = None) -> str:
    return "\n".join(map(str, register(*keys, subject=subject).plus([record]).problems([record])))


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        (
            [{"on": "2026-01-01", "quantity": 1}],
            "arrivals.0, on: expected a date not before approved (2026-03-09)",
        ),
        ([{"on": "2026-03-09", "quantity": 1}, {"on": "2026-03-08", "quantity": 1}], "arrivals.1, on: expected"),
        ([{"on": "2026-03", "quantity": 1}, {"on": "2026-03-09", "quantity": 100}], ""),  # a month that a day of it fits
    ],
)
def test_nothing_arrives_before_it_is_decided(arrivals: list[dict[str, Any]], words: str) -> None:
    found = told(delivery(arrivals=arrivals), CANADA, JAPAN)
    assert words in found if words else found == ""


@pytest.mark.parametrize(("quantity", "beyond"), [(40, 0.0), (40.0000000001, 0.0), (600, 560.0)])
def test_what_arrived_beyond_the_promise(quantity: float, beyond: float) -> None:
    parts = [{"on": "2026-04-20", "quantity": 60}, {"on": "2026-05", "quantity": quantity}]
    assert delivery(arrivals=parts).beyond == pytest.approx(beyond)
    assert delivery(quantity=None, unit="", arrivals=[{"on": "2026-04-20"}]).beyond == 0


TENTHS = [{"on": f"2026-04-0{day}", "quantity": 0.1} for day in (1, 2, 3)]
PARTS = [{"on": "2026-04-20", "quantity": 60}, {"on": "2026-05", "quantity": 40}]


@pytest.mark.parametrize(
    ("changes", "on", "state", "delivered", "settled", "late"),
    [
        ({}, "2026-04-30", "promised", 0.0, None, 0),
        ({}, "2026-05-01", "overdue", 0.0, None, 1),
        ({"due": "2026-H1"}, "2026-06-30", "promised", 0.0, None, 0),  # a half-year is over on its last day
        ({"due": "2026-H1"}, "2026-07-01", "overdue", 0.0, None, 1),
        ({"arrivals": PARTS}, "2026-04-19", "promised", 0.0, None, 0),
        ({"arrivals": PARTS}, "2026-04-20", "partly", 60.0, None, 0),
        ({"arrivals": PARTS}, "2026-05-30", "overdue", 60.0, None, 30),  # of May, surely there at its end
        ({"arrivals": PARTS}, "2026-05-31", "delivered", 100.0, "2026-05-31", 31),
        ({"arrivals": [*reversed(PARTS)]}, "2026-12-31", "delivered", 100.0, "2026-05-31", 31),
        ({"arrivals": [{"on": "2026-04-01", "quantity": 120}, PARTS[1]]}, "2026-12-31", "delivered", 160.0, "2026-04-01", 0),
        ({"quantity": 0.3, "arrivals": TENTHS}, "2026-04-03", "delivered", 0.3, "2026-04-03", 0),
        ({"ended": {"on": "2026-05-10", "reason": "found elsewhere"}}, "2026-05-09", "overdue", 0.0, None, 9),
        ({"ended": {"on": "2026-05-10", "reason": "found elsewhere"}}, "2026-05-10", "ended", 0.0, "2026-05-10", 10),
        ({"quantity": None, "unit": ""}, "2026-05-01", "overdue", None, None, 1),
        ({"quantity": None, "unit": "", "arrivals": [{"on": "2026-04-02"}]}, "2026-05-01", "delivered", None, "2026-04-02", 0),
    ],
)  # fmt: skip
def test_how_a_delivery_stands_on_a_day(
    *, changes: dict[str, Any], on: str, state: str, delivered: float | None, settled: str | None, late: int
) -> None:
    found = delivery(**changes).standing(date.fromisoformat(on))
    assert (found.state, found.days_late) == (state, late)
    assert found.delivered == (pytest.approx(delivered) if delivered is not None else None)
    assert found.settled == (date.fromisoformat(settled) if settled else None)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ((), "an approved decision, found moa-stocks, open: no key of JPN, CAN"),
        ((CANADA,), "an approved decision, found moa-stocks, open: no key of JPN; promise it once every side has approved"),
        ((CANADA, key("JPN", "meti", "emi", "2026-03-09T00:00Z", "decline", reason="no")), "declined: meti declined: no"),
        ((CANADA, JAPAN), ""),
    ],
)
def test_nothing_is_promised_on_one_key(keys: tuple[Key, ...], words: str) -> None:
    found = told(delivery(), *keys)
    assert words in found if words else found == ""


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (
            AidChoice(what="aid", incident="moa", assessment="moa-1", option="none"),
            "a decision to give aid, found moa-stocks, on aid",
        ),
        (Other(what="other", text="dinner"), "a decision to give aid, found moa-stocks, on other"),
    ],
)
def test_a_decision_without_aid_promises_nothing(subject: Any, words: str) -> None:
    assert words in told(delivery(), CANADA, JAPAN, subject=subject)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": ""}, "a quantity with its unit, or neither, found 100.0"),
        ({"quantity": None}, "a quantity with its unit, or neither, found None t"),
        ({"arrivals": [{"on": "2026-04-01"}]}, "arrivals.0: expected a quantity in t, found None"),
        (
            {"quantity": None, "unit": "", "arrivals": [{"on": "2026-04-01", "quantity": 2}]},
            "no quantity, as none was promised, found 2.0",
        ),
        ({"to": "jogmec"}, "another than jogmec"),
        ({"by": "nobody"}, "the id of a known organisation"),
        ({"ended": {"on": "2026-02", "reason": "x"}}, "ended: expected a date not before approved (2026-03-09), found 2026-02"),
    ],
)
def test_what_a_delivery_may_not_be(changes: dict[str, Any], words: str) -> None:
    assert words in told(delivery(**changes), CANADA, JAPAN)


@pytest.mark.parametrize("quantity", [0, -1, float("nan"), float("inf")])
def test_quantities_are_above_nothing_and_finite(quantity: float) -> None:
    with pytest.raises(ValueError, match="quantity"):
        delivery(quantity=quantity)


def test_what_lists_show_of_a_delivery() -> None:
    line = delivery().entry()
    assert (line.state, line.owner, line.due) == ("promised", "jogmec", date(2026, 4, 30))
    assert (delivery(arrivals=PARTS).entry().state, delivery(arrivals=PARTS).entry().due) == ("delivered", None)
    assert delivery(arrivals=PARTS[:1]).entry().state == "promised"
    assert delivery(ended={"on": "2026-05-10", "reason": "x"}).entry().state == "ended"
