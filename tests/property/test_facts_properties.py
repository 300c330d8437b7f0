"""Laws of the facts that hold for any claims: round trips, time, verification, resolution."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawing import draws
from orepact.errors import ProblemCollector
from orepact.facts import CLAIM_COLUMNS, Audience, Claim, Codes, Ledger
from orepact.facts.claims import CONFIDENCES, KEY, claim_frame, sort_claims
from orepact.facts.dates import last_day, period
from orepact.facts.importing import write_parquet
from orepact.facts.loading import read_table
from orepact.facts.resolution import explain, resolve
from orepact.facts.storage import Storage, prepare

GOOD = Path(__file__).parents[1] / "cases" / "facts_no_mistake"
CODES = Codes.load(GOOD / "codes")
SOURCES = pd.DataFrame({"source": ["a", "b", "c", "d"], "grade": ["A", "B", "B", "D"]}).set_index("source", drop=False)

dates = st.one_of(
    st.integers(2019, 2025).map(str),
    st.tuples(st.integers(2019, 2025), st.integers(1, 12)).map(lambda part: f"{part[0]}-{part[1]:02d}"),
    st.dates(pd.Timestamp("2019-01-01").date(), pd.Timestamp("2025-12-31").date()).map(str),
)
notes = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
lines = st.lists(notes, max_size=3).map('\n"'.join).map(str.strip)
claims = st.builds(
    Claim,
    subject=st.sampled_from(["CHN/cobalt", "COD/cobalt", "NAM/nickel"]),
    attribute=st.just("mine_production"),
    value=st.floats(0, 1e12).map(lambda number: format(number, ".10g")),
    unit=st.sampled_from(["t", "kt"]),
    year=st.sampled_from(["2023", "2024"]),
    valid_from=st.just(""),
    valid_to=st.just(""),
    source=st.sampled_from(["a", "b", "c", "d"]),
    as_of=dates,
    confidence=st.sampled_from(CONFIDENCES),
    label=st.sampled_from(["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER/mine", "TLP:RED/mine"]),
    note=lines,
)
tables = st.lists(claims, max_size=12)


def ledger_of(rows: list[Claim]) -> Ledger:
    storage = Storage((GOOD / "facts",), CODES)
    storage.__dict__["claims"] = prepare(claim_frame(rows), CODES)
    storage.__dict__["sources"] = SOURCES
    return Ledger(storage)


def claims_of(frame: pd.DataFrame) -> list[Claim]:
    return [Claim.from_row(row) for row in frame.to_dict("records")]


@given(tables)
@settings(max_examples=draws(25), deadline=None)
def test_claims_survive_csv_and_parquet(rows: list[Claim]) -> None:
    frame = sort_claims(claim_frame(rows))
    with tempfile.TemporaryDirectory() as folder:
        csv, parquet = Path(folder) / "claims.csv", Path(folder) / "claims.parquet"
        frame.to_csv(csv, index=False, lineterminator="\n")
        write_parquet(frame, parquet)
        for path in (csv, parquet):
            problems = ProblemCollector()
            back = read_table(path, CLAIM_COLUMNS, problems).frame
            assert list(problems) == []
            pd.testing.assert_frame_equal(back, frame)
            assert prepare(back, CODES)["number"].tolist() == [claim.number for claim in claims_of(frame)]


@given(tables, dates)
@settings(max_examples=draws(25), deadline=None)
def test_a_day_never_shows_a_later_claim(rows: list[Claim], day: str) -> None:
    ledger = ledger_of(rows).at(as_of=day, include_unverified=True)
    limit = last_day(day)
    for frame in (ledger.claims, ledger.select("mine_production"), ledger.resolve("mine_production")):
        assert all(last_day(text) <= limit for text in frame["as_of"])
    assert len(ledger.claims) == sum(last_day(claim.as_of) <= limit for claim in rows)
    for subject, year in {(claim.subject, claim.year) for claim in claims_of(ledger.claims)}:
        why = ledger.why(subject, "mine_production", year)
        shown = [why.winner, *(claim for claim, _ in why.losers)]
        assert all(claim is not None and last_day(claim.as_of) <= limit for claim in shown)


@given(tables)
@settings(max_examples=draws(25), deadline=None)
def test_an_unverified_claim_never_enters_unasked(rows: list[Claim]) -> None:
    ledger = ledger_of(rows)
    for frame in (ledger.claims, ledger.select(), ledger.resolve()):
        assert "unverified" not in set(frame["confidence"])
    assert len(ledger.at(include_unverified=True).claims) == len(rows)
    verified = ledger_of([claim for claim in rows if claim.confidence != "unverified"])
    pd.testing.assert_frame_equal(ledger.resolve(), verified.resolve())


@given(tables, st.randoms(use_true_random=False))
@settings(max_examples=draws(25), deadline=None)
def test_resolution_is_total_and_knows_no_order(rows: list[Claim], random: object) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    won, again = resolve(claim_frame(rows), SOURCES), resolve(claim_frame(shuffled), SOURCES)
    pd.testing.assert_frame_equal(won, again)
    keys = {tuple(getattr(claim, part) for part in KEY) for claim in rows}
    assert {tuple(row) for row in won[list(KEY)].itertuples(index=False)} == keys
    assert len(won) == len(keys)
    assert won["rivals"].sum() == len(rows) - len(keys)


@given(tables.filter(bool))
@settings(max_examples=draws(25), deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_every_loser_keeps_a_reason_and_the_winner_is_the_resolved_one(rows: list[Claim]) -> None:
    one_key = [Claim(**{**claim.as_dict(), "subject": "CHN/cobalt", "year": "2024"}) for claim in rows]
    frame = claim_frame(one_key)
    (winner, nothing), *losers = explain(frame, SOURCES)
    assert nothing == ""
    assert all(reason for _, reason in losers)
    assert claims_of(resolve(frame, SOURCES)) == [winner]
    assert sorted(map(str, [winner, *(claim for claim, _ in losers)])) == sorted(map(str, one_key))


@given(
    tables,
    st.sampled_from(
        [Audience(), Audience("other", community=True), Audience("mine"), Audience("x", client_of=frozenset({"mine"}))]
    ),
)
@settings(max_examples=draws(25), deadline=None)
def test_no_audience_sees_more_than_the_holder(rows: list[Claim], audience: Audience) -> None:
    ledger = ledger_of(rows).at(audience=audience)
    closed = {"TLP:RED/mine"} if audience.organisation != "mine" else set()
    assert not closed & set(ledger.claims["label"])
    assert set(claims_of(ledger.claims)) <= set(rows)


@given(dates)
def test_a_period_begins_before_it_ends(text: str) -> None:
    found = period(text)
    assert found is not None
    assert found[0] <= found[1]
