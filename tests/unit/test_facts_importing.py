"""Importing: a user's claims come in whole or not at all, and lie over the shipped facts."""

from __future__ import annotations

from pathlib import Path

import pytest

from orepact.errors import BadInput
from orepact.facts import Codes, Ledger, import_claims, user_folder
from orepact.facts.storage import Storage, was_checked

GOOD = Path(__file__).parents[1] / "cases" / "facts_no_mistake"
HEADER = "subject,attribute,value,unit,year,valid_from,valid_to,source,as_of,confidence,label,note\n"
SOURCE = "source,producer,title,licence,grade\nmine,A mine,Own books,confidential,A\n"
CLAIM = "COD/nickel,mine_production,7,t,2024,,,mine,2025-01,reported,TLP:AMBER/mine,\n"
TRADE = "COD>CHN/cobalt_sulphate,trade_quantity,7,t,2024,,,mine,2025-01,reported,TLP:CLEAR,\n"


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes.load(GOOD / "codes")


@pytest.fixture
def given(tmp_path: Path) -> Path:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "books.csv").write_text(HEADER + CLAIM)
    (folder / "sources.csv").write_text(SOURCE)
    return folder


def layered(codes: Codes, *folders: Path) -> Ledger:
    return Ledger(Storage((GOOD / "facts", *folders), codes))


def bring(codes: Codes, target: Path, *paths: Path) -> object:
    return import_claims(paths, target, codes=codes, known_sources=layered(codes).sources)


def test_imported_claims_lie_over_the_others(codes: Codes, given: Path, tmp_path: Path) -> None:
    target = tmp_path / "home"
    done = import_claims([given], target, codes=codes, known_sources=layered(codes).sources)
    assert (done.claims, done.sources, [path.name for path in done.files]) == (1, 1, ["sources.csv", "books.parquet"])
    assert was_checked(target / "books.parquet")
    ledger = layered(codes, target)
    assert ledger.select("mine_production", thing="nickel")["number"].tolist() == [7.0]
    assert ledger.sources.loc["mine", "producer"] == "A mine"
    assert ledger.edition != layered(codes).edition


def test_claims_may_name_known_sources_and_earlier_ones(codes: Codes, given: Path, tmp_path: Path) -> None:
    target = tmp_path / "home"
    bring(codes, target, given)
    more = tmp_path / "more.csv"
    more.write_text(HEADER + CLAIM.replace("nickel", "cobalt") + CLAIM.replace(",mine,", ",statistics,"))
    bring(codes, target, more)
    assert sorted(path.name for path in target.iterdir()) == ["books.parquet", "more.parquet", "sources.csv"]
    assert (target / "sources.csv").read_text().count("\n") == 2


def test_a_table_imported_again_replaces_itself(codes: Codes, given: Path, tmp_path: Path) -> None:
    target = tmp_path / "home"
    bring(codes, target, given)
    (given / "books.csv").write_text(HEADER + CLAIM.replace(",7,", ",8,"))
    bring(codes, target, given)
    assert layered(codes, target).select("mine_production", thing="nickel")["number"].tolist() == [8.0]


def test_trade_claims_are_kept_apart(codes: Codes, given: Path, tmp_path: Path) -> None:
    (given / "books.csv").write_text(HEADER + TRADE)
    bring(codes, tmp_path / "home", given)
    assert (tmp_path / "home" / "trade_books.parquet").exists()
    ledger = layered(codes, tmp_path / "home")
    assert ledger.trade("cobalt_sulphate", 2024)["number"].tolist() == [7.0]
    assert len(ledger.trade()) == 3
    assert ledger.trade("cobalt_sulphate", 2023).empty


def test_bad_input_tells_all_and_writes_nothing(codes: Codes, given: Path, tmp_path: Path) -> None:
    (given / "broken.csv").write_text(HEADER + CLAIM.replace("COD", "CDO") + CLAIM.replace(",7,", ",-7,"))
    (given / "sources.csv").write_text(SOURCE + "own,Somebody else,Other words,CC0-1.0,A\n")
    (given / "garbage.parquet").write_bytes(b"\x00\x01")
    target = tmp_path / "home"
    with pytest.raises(BadInput) as caught:
        bring(codes, target, given, tmp_path / "nothing.csv")
    assert {problem.file for problem in caught.value.problems} == {"broken.csv", "garbage.parquet", "sources.csv", "nothing.csv"}
    assert not target.exists()


def test_two_tables_of_one_name_are_refused(codes: Codes, given: Path, tmp_path: Path) -> None:
    other = tmp_path / "books.csv"
    other.write_text(HEADER + CLAIM)
    with pytest.raises(BadInput, match="each table name once"):
        bring(codes, tmp_path / "home", given, other)


def test_the_same_claims_give_the_same_bytes_in_any_order(codes: Codes, given: Path, tmp_path: Path) -> None:
    rows = [CLAIM, CLAIM.replace("COD", "CHN"), CLAIM.replace(",7,", ",10,")]
    contents = []
    for number, order in enumerate((rows, rows[::-1])):
        (given / "books.csv").write_text(HEADER + "".join(order))
        bring(codes, tmp_path / f"home{number}", given)
        contents.append((tmp_path / f"home{number}" / "books.parquet").read_bytes())
    assert contents[0] == contents[1]


def test_the_user_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OREPACT_HOME", str(tmp_path))
    assert user_folder() == tmp_path / "facts"
    monkeypatch.delenv("OREPACT_HOME")
    assert user_folder().parts[-4:] == (".local", "share", "orepact", "facts")


def test_an_overlay_written_by_hand_is_checked(codes: Codes, given: Path) -> None:
    (given / "books.csv").write_text(HEADER + CLAIM.replace("nickel", "nikkel"))
    with pytest.raises(BadInput, match="did you mean nickel"):
        layered(codes, given).storage.check([given])
