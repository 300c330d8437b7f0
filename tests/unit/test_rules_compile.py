"""From a raw row to a rule: units, lists, states, suspensions; the same bytes at every run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from tools.compile import rules as compiler
from tools.compile._rule_values import demand_of, state_of, suspension_of, unit_of

ROW = {
    "rule_id": "US-45X-MACR-BATT-2026", "jurisdiction": "US", "instrument": "IRC 7701(a)(52)", "provision": "cell",
    "applies_to": "component sold in year", "parameter": "material_assistance_cost_ratio", "operator": ">=", "value": "60",
    "unit": "percent", "date_from": "2026-01-01", "date_to": "2026-12-31", "state_at_2026_11": "in force",
    "source_url": "https://www.law.cornell.edu/uscode/text/26/7701", "source_type": "statute via stored registers",
    "status": "verified", "note": "date from task brief", "unverified_fields": "",
}  # fmt: skip
DECISIONS = yaml.safe_load(compiler.DECISIONS.read_text(encoding="utf-8"))


def test_a_raw_row_becomes_a_rule() -> None:
    rule = compiler.ordered(compiler.entry_of(ROW, DECISIONS))
    assert rule["key"] == "us_45x_ratio_battery"
    assert (rule["value"], rule["unit"], rule["operator"]) == (0.6, "1", ">=")
    assert (rule["date_from"], rule["date_to"]) == (date(2026, 1, 1), date(2026, 12, 31))
    assert rule["jurisdiction"] == ["USA"]
    assert rule["source"] == "law.cornell.edu/uscode/text/26/7701"
    assert rule["note"] == "date recalled"
    assert "unverified_fields" not in rule


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("percent => prohibited foreign entity", (0.01, "1", "prohibited foreign entity")),
        ("USD/kWh", (1000.0, "USD_per_MWh", "")),
        ("million CAD over 5 years (+50 delivery)", (1e6, "CAD", "over 5 years (+50 delivery)")),
        ("million wet tonnes (260-270)", (1e6, "t", "wet tonnes (260-270)")),
        ("vehicles/year, rising to ~70,000 in five years", (1.0, "vehicle_per_year", "rising to ~70,000 in five years")),
        ("text", (1.0, "", "")),
    ],
)
def test_units_convert(raw: str, expected: tuple[float, str, str]) -> None:
    assert unit_of(raw) == expected


def test_demands_of_several_shapes() -> None:
    assert demand_of("covered nations", "CN;RU", "country codes")["members"] == ["CHN", "RUS"]
    assert demand_of("export", "banned", "text") == {"measures": "export", "word": "banned"}
    assert demand_of("a / b", "27 / 15", "months")["values"] == {"a": 27.0, "b": 15.0}


def test_states_and_suspensions() -> None:
    assert state_of("repealed before effect (credit ended)") == "repealed"
    assert state_of("SUSPENDED 2025-11-07 to 2026-11-10 by Ann. 70") == "suspended"
    assert suspension_of("in force") == {}


def test_writing_twice_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "shared" / "rules"
    raw.mkdir(parents=True)
    rows = [ROW, {**ROW, "rule_id": "CPTPP-EIF", "jurisdiction": "CA/JP+", "value": "0"}]
    text = "\n".join([",".join(ROW), *(",".join(f'"{cell}"' for cell in row.values()) for row in rows)])
    (raw / "rules.csv").write_text(text + "\n", encoding="utf-8")
    monkeypatch.setattr(compiler, "DATA", tmp_path / "data")
    written = []
    for _ in range(2):
        compiler.main(tmp_path / "shared")
        written.append({path.name: path.read_bytes() for path in (tmp_path / "data" / "rules").glob("*.yaml")})
    assert written[0] == written[1]
    assert set(written[0]) == {"us_45x.yaml", "trade_agreements.yaml"}
    assert "CPTPP-AUTO-ROO" in yaml.safe_load(written[0]["trade_agreements.yaml"])
