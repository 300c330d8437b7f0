"""The ledger of the week notices what must not be: a write that is gone, one too many, a record in the wrong hands."""

from __future__ import annotations

import random
from pathlib import Path

import httpx2
import pytest
from week_clock import Clock
from week_people import Person, Written
from week_user import Ledger, User

from orepact.store.store import open_store, upgrade_store
from week import Plan, Week

BO = Person("bo", "meti", token="t")


@pytest.mark.parametrize(
    ("label", "who", "there"),
    [
        ("TLP:CLEAR", Person(), True), ("TLP:GREEN", Person(), False), ("TLP:GREEN", BO, True), ("TLP:AMBER", BO, True),
        ("TLP:AMBER", Person("c", "moe"), False), ("TLP:AMBER+STRICT", BO, False), ("TLP:RED", Person("a", "nrcan"), False),
        ("TLP:RED", Person("a", "nrcan", steward=True), True), ("TLP:RED", Person("b", "meti", steward=True), False),
    ],
)  # fmt: skip
def test_who_sees_what(label: str, who: Person, there: bool) -> None:
    assert Written(1, "nrcan", label).seen_by(who, 0) is there
    held_back = Written(1, "nrcan", label, opens=60.0)
    assert held_back.seen_by(who, 59.0) is (there and who.organisation == "nrcan")
    assert held_back.seen_by(who, 60.0) is there


def test_an_answer_with_what_is_not_for_him_is_noticed(tmp_path: Path) -> None:
    ledger = Ledger(written=[Written(7, "nrcan", "TLP:AMBER+STRICT")])
    user = User(BO, ledger, Clock(tmp_path / "clock"), [], random.Random(1))
    shown = httpx2.Response(200, text='{"id": "nrcan.week-7"}')
    user.check(shown, "/records")
    assert ledger.wrongs == ["bo: was shown week-7 (TLP:AMBER+STRICT of nrcan) by /records"]
    user.check(shown, "/records/commitment/nrcan.week-7")
    assert len(ledger.wrongs) == 1, "what he said himself tells him nothing"
    user.check(httpx2.Response(500, text=""), "/records")
    assert len(ledger.wrongs) == 2


def test_a_write_that_is_not_in_the_register_is_noticed(tmp_path: Path) -> None:
    url = str(tmp_path / "register.db")
    upgrade_store(url, create=True).close()
    store = open_store(url)
    week = Week(url, tmp_path, Plan())
    week.ledger.written.append(Written(1, "nrcan", "TLP:CLEAR", version=1, acknowledged=["note 1."]))
    week.ledger.runs["run-1"] = (BO, "run 1")
    week._compare_register(store)
    store.close()
    assert week.ledger.wrongs == ["nrcan.week-1: acknowledged ['note 1.'], kept []", "runs ['run-1']"]
