"""Values of the engines for indicators: the figure of the engine itself, as known on the day, or words on why there is none."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from orepact.pact.briefing.readings import Measured, reading_of
from orepact.pact.instruments.commitments import Commitment
from orepact.pact.records.register import Register
from orepact.service import measure_reliance, open_ledger
from orepact.service.pact.computing import measured
from pact_real import MOC, made, real

TODAY = date(2026, 11, 22)


def _with(engine: str, unit: str = "1", **fields: Any) -> Register:
    indicator = {"engine": engine, "name": "what Japan takes from abroad", "unit": unit, **fields}
    return real().plus([made("commitment", id="less", owner="meti", instrument=MOC, made="2023-09-21", indicator=indicator)])


def _asked(register: Register) -> tuple[list[Measured], list[str]]:
    """What the engines say of the commitment that a test adds; the register that comes with the package names some too."""
    values, notes = measured(register, TODAY)
    return [one for one in values if one.commitment == "less"], notes


def test_the_values_are_those_of_the_engine() -> None:
    register = _with("net_import_reliance:usa:lithium", baseline=1, target=0.5)
    values, notes = _asked(register)
    assert notes == []
    ledger = open_ledger(as_of="2026-11-22")
    told = {one.day: one.value for one in values}
    last = max(told)
    expected = measure_reliance(ledger, "USA", "lithium", year=int(last))
    assert told[last] == expected.data.iloc[0]["net_import_reliance"]
    assert {one.manifest for one in values} == {expected.meta["manifest"]["hash"][:12]}
    found = reading_of(register.get(Commitment, "less"), TODAY, values)
    assert found is not None
    assert found.latest is not None
    assert (found.latest.day, found.latest.value) == (last, told[last])
    assert found.way == pytest.approx((told[last] - 1) / -0.5)


@pytest.mark.parametrize(
    ("engine", "unit", "words"),
    [
        ("reliance:jpn:lithium", "1", "FIGURE:PLACE:THING"),
        ("net_import_reliance:jpn", "1", "FIGURE:PLACE:THING"),
        ("net_import_reliance:jpp:lithium", "1", "JPP"),
        ("net_import_reliance:jpn:lithum", "1", "did you mean lithium"),
        ("net_import_reliance:jpn:lithium", "t", "as its engine gives it"),
        ("production:jpn:lithium", "1", "as its engine gives it"),
    ],
)
def test_what_cannot_be_computed_is_told_and_stops_nothing(engine: str, unit: str, words: str) -> None:
    values, notes = _asked(_with(engine, unit))
    assert values == []
    assert len(notes) == 1
    assert "less" in notes[0]
    assert words in notes[0]


def test_no_ledger_is_opened_where_only_projects_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orepact.service.opening.open_ledger", None)
    values, notes = measured(real(), TODAY)
    assert notes == []
    assert {one.engine for one in values} == {"owned_cell_capacity"}
