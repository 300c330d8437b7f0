"""The shipped facts: sound, in order, and from sources that may ship."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from orepact.facts import CLAIM_COLUMNS, Audience, Codes, Ledger
from orepact.facts.claims import sort_claims

CODES = Codes.shipped()
FOLDER = Ledger.shipped().storage.folders[0]
TABLES = sorted(path for path in FOLDER.glob("*.csv") if path.name != "sources.csv")


def test_every_shipped_claim_holds_against_the_code_lists_and_sources() -> None:
    assert len(Ledger.load(FOLDER, CODES).claims) > 10_000


def test_every_claim_names_a_source_that_may_ship() -> None:
    ledger = Ledger.shipped().at(include_unverified=True)
    used = {*ledger.claims["source"], *ledger.trade()["source"]}
    assert used <= set(ledger.sources.index[ledger.sources["ships"] == "yes"])
    assert (ledger.sources["licence"] != "").all()


def test_shipped_facts_are_for_everyone() -> None:
    ledger = Ledger.shipped()
    assert len(ledger.at(audience=Audience()).claims) == len(ledger.claims)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_shipped_table_is_sorted_and_in_columns(path: Path) -> None:
    frame = pd.read_csv(path, dtype="str", keep_default_na=False)
    assert tuple(frame.columns) == CLAIM_COLUMNS
    pd.testing.assert_frame_equal(sort_claims(frame), frame)
    assert b"\r" not in path.read_bytes()


def test_resolved_claims_are_one_a_key() -> None:
    won = Ledger.shipped().resolve("mine_production", kind="place_thing", unit="t")
    assert not won.duplicated(["subject", "attribute", "year", "valid_from"]).any()
    assert (won["number"] >= 0).all()
