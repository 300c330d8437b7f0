"""The ledger: views in time and for an audience, selection, resolution, states, trade and why."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from orepact.errors import BadInput, NotFound
from orepact.facts import CLAIM_COLUMNS, Audience, Codes, Ledger

GOOD = Path(__file__).parents[1] / "cases" / "facts_no_mistake"


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger.load(GOOD / "facts", Codes.load(GOOD / "codes"))


def subjects(frame: pd.DataFrame) -> list[str]:
    return frame["subject"].tolist()


def test_claims_carry_their_columns_numbers_and_parts(ledger: Ledger) -> None:
    claims = ledger.claims
    assert tuple(claims.columns[:12]) == CLAIM_COLUMNS
    row = claims[claims["subject"] == "COD>CHN"].iloc[0]
    assert (row["kind"], row["place"], row["partner"], row["number"], row["text"]) == ("flow", "COD", "CHN", 15000.0, "")
    name = claims[claims["attribute"] == "name"].iloc[0]
    assert (name["entity"], name["text"], np.isnan(name["number"])) == ("refinery", "The refinery", True)


def test_namibia_is_not_a_missing_value(ledger: Ledger) -> None:
    assert ledger.select("mine_production", place="NAM")["number"].tolist() == [0.0]


def test_unverified_claims_stay_out_unless_asked_for(ledger: Ledger) -> None:
    assert "unverified" not in set(ledger.claims["confidence"])
    asked = ledger.at(include_unverified=True)
    assert len(asked.claims) == len(ledger.claims) + 1
    assert len(asked.at(include_unverified=False).claims) == len(ledger.claims)


@pytest.mark.parametrize(("as_of", "known"), [("2023", 1), ("2024-05", 3), ("2024-12-31", 4), ("2025-12-31", 10), ("1999", 0)])
def test_a_ledger_as_of_a_day_knows_nothing_younger(ledger: Ledger, as_of: str, known: int) -> None:
    assert len(ledger.at(as_of=as_of).claims) == known


def test_a_year_is_known_only_when_it_has_ended(ledger: Ledger) -> None:
    assert "COD>CHN" not in subjects(ledger.at(as_of="2025-12-30").claims)
    assert "COD>CHN" in subjects(ledger.at(as_of="2025-12-31").claims)


def test_a_date_that_is_none_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="ISO date"):
        ledger.at(as_of="June")


def test_an_audience_sees_its_own_and_is_never_widened_by_another_view(ledger: Ledger) -> None:
    public, owner = ledger.at(audience=Audience()), ledger.at(audience=Audience("refiner"))
    assert public.select("capacity").empty
    assert len(owner.select("capacity")) == 1
    assert public.at(as_of="2026", include_unverified=True).select("capacity").empty
    with pytest.raises(NotFound):
        public.why("site:refinery", "capacity")


def test_selection_joins_its_conditions(ledger: Ledger) -> None:
    assert subjects(ledger.select(kind="place_thing", thing="cobalt", place=["CHN", "NAM"])) == ["CHN/cobalt", "NAM/cobalt"]
    assert len(ledger.select("mine_production", year=2024)) == 4
    assert len(ledger.select("mine_production", year=["2023"])) == 0
    assert subjects(ledger.select("recipe_amount", process="cobalt_refining")) == ["cobalt_refining/cobalt_hydroxide"]
    assert len(ledger.select(["capacity", "name"], entity="refinery")) == 2
    assert len(ledger.select(subject="site:refinery")) == 4
    assert len(ledger.select([])) == 0


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"attribute": "mine_prod"}, "mine_production"),
        ({"place": "CHM"}, "CHN"),
        ({"partner": "CHM"}, "CHN"),
        ({"thing": "cobolt"}, "cobalt"),
        ({"process": "cell_makin"}, "cell_making"),
        ({"kind": "place_thin"}, "place_thing"),
    ],
)
def test_a_misspelt_condition_is_not_an_empty_answer(ledger: Ledger, conditions: dict[str, str], words: str) -> None:
    with pytest.raises(NotFound, match=f"did you mean.*{words}"):
        ledger.select(**conditions)


def test_numbers_come_in_the_unit_asked_for(ledger: Ledger) -> None:
    rivals = ledger.select("mine_production", place="COD", unit="kt")
    assert rivals["number"].tolist() == [220.0, 221.0]
    assert set(rivals["unit"]) == {"kt"}
    assert ledger.resolve("mine_production", place="COD", unit="kt")["number"].tolist() == [221.0]
    with pytest.raises(BadInput, match="unit of energy"):
        ledger.select("mine_production", unit="MWh")


def test_resolution_gives_one_winner_a_key_and_counts_its_rivals(ledger: Ledger) -> None:
    winners = ledger.resolve("mine_production").set_index("subject")
    assert winners["number"].to_dict() == {"CHN/cobalt": 2000.0, "COD/cobalt": 221000.0, "NAM/cobalt": 0.0}
    assert winners["rivals"].to_dict() == {"CHN/cobalt": 0, "COD/cobalt": 1, "NAM/cobalt": 0}
    assert ledger.at(as_of="2024").resolve("mine_production")["number"].tolist() == [220.0]


def test_why_names_the_winner_and_each_loser_with_its_reason(ledger: Ledger) -> None:
    why = ledger.why("COD/cobalt", "mine_production", 2024)
    assert why.winner is not None
    assert (why.winner.value, why.keys) == ("221000", (("2024", ""),))
    assert [(claim.value, reason) for claim, reason in why.losers] == [
        ("220", "source grade C (press and company pages) is below A"),
        ("230000", "unverified: stays out unless asked for"),
    ]


def test_why_takes_the_latest_key_unless_told(ledger: Ledger) -> None:
    latest, first = ledger.why("site:refinery", "status"), ledger.why("site:refinery", "status", valid_from="2023-04")
    assert latest.winner is not None
    assert first.winner is not None
    assert (latest.winner.value, first.winner.value) == ("operating", "planned")
    assert latest.keys == (("", "2023-04"), ("", "2025-03"))


def test_why_shows_an_unverified_claim_that_stands_alone_as_no_winner(ledger: Ledger) -> None:
    early = ledger.at(as_of="2025-02")
    assert early.why("COD/cobalt", "mine_production").winner is not None
    with pytest.raises(NotFound, match=r"claim 'COD/cobalt mine_production 1999' is not known"):
        ledger.why("COD/cobalt", "mine_production", 1999)
    with pytest.raises(NotFound, match="did you mean NAM/cobalt mine_production"):
        ledger.why("NAM/cobal", "mine_production")


@pytest.mark.parametrize(
    ("on", "status"), [("2022", []), ("2023-04-30", ["planned"]), ("2025-02-15", ["planned"]), ("2026", ["operating"])]
)
def test_a_state_holds_from_its_date_to_its_end(ledger: Ledger, on: str, status: list[str]) -> None:
    assert ledger.states("status", on, kind="site")["text"].tolist() == status


def test_trade_keeps_mirror_reports_and_resolves_when_asked(ledger: Ledger) -> None:
    assert ledger.trade("cobalt_hydroxide", 2024)["number"].tolist() == [400000.0, 415000.0]
    assert ledger.trade(resolved=True)["number"].tolist() == [400000.0]
    assert len(ledger.trade(place="COD", partner="CHN")) == 2
    assert ledger.trade("cobalt_sulphate").empty
    assert ledger.at(as_of="2025-01").trade().empty
    assert ledger.why("COD>CHN/cobalt_hydroxide", "trade_quantity").losers[0][1].endswith("derived is weaker than reported")


def test_trade_is_read_only_when_asked_for(tmp_path: Path) -> None:
    shutil.copytree(GOOD / "facts", tmp_path, dirs_exist_ok=True)
    from orepact.facts.storage import Storage

    late = Ledger(Storage((tmp_path,), Codes.load(GOOD / "codes")))
    (tmp_path / "trade.csv").write_bytes(b"\x00")
    assert len(late.claims) == 10
    with pytest.raises(BadInput, match="NUL byte"):
        late.trade()


def test_the_edition_changes_with_every_byte(tmp_path: Path) -> None:
    codes = Codes.load(GOOD / "codes")
    shutil.copytree(GOOD / "facts", tmp_path, dirs_exist_ok=True)
    first = Ledger.load(tmp_path, codes).edition
    assert first == Ledger.load(tmp_path, codes).edition == Ledger.load(GOOD / "facts", codes).edition
    claims = tmp_path / "claims.csv"
    claims.write_text(claims.read_text().replace("221000", "221001"))
    assert Ledger.load(tmp_path, codes).edition != first


def test_the_ledgers_own_date_bounds_its_claims() -> None:
    with pytest.raises(BadInput, match="a date up to 2024-12-31") as caught:
        Ledger.load(GOOD / "facts", Codes.load(GOOD / "codes"), as_of="2024")
    assert {problem.column for problem in caught.value.problems} == {"as_of"}


def test_days_between_which_no_claim_came_out_let_the_same_claims_through() -> None:
    """Through every day of news, the day before and the day after; trade comes out on days of its own."""
    ledger = Ledger.shipped()
    news = [int(day) for day in ledger.storage.days if 19500101 < day < 20990101]
    assert len(news) > 100
    trade = ledger.storage.trade({"cobalt_hydroxide"}, {"2023", "2024"})
    through: dict[int | None, set[tuple[int, int]]] = {}
    for day in {near for one in news for near in _around(one)}:
        view = ledger.at(day)
        passed = (int(view.view.mask(view.storage.claims).sum()), int(view.view.mask(trade).sum()))
        through.setdefault(view.last_news, set()).add(passed)
    assert all(len(found) == 1 for found in through.values())
    assert len(through) >= len(news)


def _around(day: int) -> list[str]:
    known = date.fromisoformat(str(day))
    return [(known + timedelta(days=step)).isoformat() for step in (-1, 0, 1)]
