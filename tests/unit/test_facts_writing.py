"""The writer of compiled claims: the same rows, the same bytes; and the many spellings of places."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tools.compile.all import join_sources
from tools.compile.claims_writer import (
    Places,
    fold_to_places,
    number_text,
    place_of,
    province_of,
    read_raw,
    write_claims,
    write_sources,
)

from orepact.errors import BadInput

ROW = {
    "subject": "CHN/cobalt",
    "attribute": "mine_production",
    "unit": "t",
    "source": "s",
    "as_of": "2025",
    "confidence": "reported",
}
ROWS = [
    {**ROW, "value": 10, "year": 2024},
    {**ROW, "value": 1 / 3, "year": 2024.0, "note": "two\nlines"},
    {**ROW, "value": "9", "year": "2023"},
    {**ROW, "value": 10, "year": 2024},
]


def test_claims_are_sorted_rounded_and_written_once(tmp_path: Path) -> None:
    write_claims(ROWS, tmp_path / "claims.csv")
    lines = (tmp_path / "claims.csv").read_bytes().decode().split("\n")
    assert lines[1:] == [
        "CHN/cobalt,mine_production,9,t,2023,,,s,2025,reported,TLP:CLEAR,",
        "CHN/cobalt,mine_production,0.3333333333,t,2024,,,s,2025,reported,TLP:CLEAR,two lines",
        "CHN/cobalt,mine_production,10,t,2024,,,s,2025,reported,TLP:CLEAR,",
        "",
    ]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_writing_again_changes_no_byte(suffix: str, tmp_path: Path) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / f"b.{suffix}"
    write_claims(ROWS, first)
    write_claims(pd.DataFrame(ROWS[::-1], index=[3, 1, 4, 1]), second)
    assert first.read_bytes() == second.read_bytes()
    write_claims(read_raw(first), second)
    assert first.read_bytes() == second.read_bytes()


def test_a_bad_claim_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="a known commodity or element, found unobtainium"):
        write_claims([{**ROW, "subject": "CHN/unobtainium", "value": 1}], tmp_path / "claims.csv")
    with pytest.raises(BadInput, match="drop or rename the column"):
        write_claims([{**ROW, "values": 1}], tmp_path / "claims.csv")
    assert list(tmp_path.iterdir()) == []


def test_sources_of_all_compilers_are_joined_by_id(tmp_path: Path) -> None:
    row = {"producer": "p", "title": "t", "licence": "CC0-1.0", "grade": "A"}
    write_sources([{**row, "source": "b"}, {**row, "source": "a"}], tmp_path / "sources" / "one.csv")
    write_sources([{**row, "source": "b"}], tmp_path / "sources" / "two.csv")
    joined = join_sources(tmp_path / "sources", tmp_path / "sources.csv")
    assert joined["source"].tolist() == ["a", "b"]
    write_sources([{**row, "source": "b", "title": "other"}], tmp_path / "sources" / "two.csv")
    with pytest.raises(BadInput, match="one description of each source"):
        join_sources(tmp_path / "sources", tmp_path / "sources.csv")
    with pytest.raises(BadInput, match="grade the source"):
        write_sources([{**row, "source": "c", "grade": "Z"}], tmp_path / "sources" / "three.csv")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-7, "1e-07"),
        (123456789012, "1.23456789e+11"),
        (2024.0, "2024"),
        (float("nan"), ""),
        (None, ""),
        (pd.NA, ""),
        (" a  b ", "a b"),
        (True, "true"),
    ],
)
def test_numbers_are_written_one_way(value: object, text: str) -> None:
    assert number_text(value) == text


SPELLINGS = {
    "COD": ["Congo (Kinshasa)", "DR Congo", "Democratic Republic of Congo", "Congo, D.R.", "Zaire", "CD", "COD", "180"],
    "COG": ["Congo (Brazzaville)", "Republic of the Congo", "Congo, Rep."],
    "KOR": ["Korea, Republic of", "Korea, South", "South Korea", "Rep. of Korea", "Korea", 410],
    "PRK": ["Korea, North", "Dem. People's Rep. of Korea"],
    "TWN": ["S19", "490", "Other Asia, nes", "Taiwan", "Chinese Taipei"],
    "USA": ["842", 842, "United States", "USA", "US", "U.S.", "United\xa0States (kyanite)"],
    "MMR": ["Burma", "Myanmar"],
    "TUR": ["Turkey", "Türkiye", "Turkyie"],
    "NAM": ["NA", "Namibia"],
    "CIV": ["Côte d'Ivoire", "Ivory Coast"],
    "VNM": ["Vietnam", "Viet Nam"],
    "CA-QC": ["Québec", "quebec", "CA-QC"],
    "ROW": ["Rest of world", "Other countries (rounded)"],
}


@pytest.mark.parametrize(("place", "spelling"), [(place, spelling) for place, listed in SPELLINGS.items() for spelling in listed])
def test_a_place_has_many_spellings(place: str, spelling: object) -> None:
    assert place_of(spelling) == place


@pytest.mark.parametrize("name", ["World total (rounded)", "World", "Europe", "", "Total", "Atlantis", None])
def test_totals_and_regions_are_no_place(name: object) -> None:
    assert place_of(name) is None


def test_provinces_by_postal_code() -> None:
    assert [province_of(name) for name in ("NL", "QC", "CA-ON", "Yukon", "France")] == ["CA-NL", "CA-QC", "CA-ON", "CA-YT", None]


def test_unmodelled_places_fold_to_the_rest_of_the_world() -> None:
    places = Places(frozenset({"CAN", "CA-QC", "KOR"}))
    names = ["Korea", "Quebec", "Ontario", "Mongolia", "Atlantis", "Korea"]
    assert fold_to_places(names, places) == ["KOR", "CA-QC", "CAN", "ROW", "ROW", "KOR"]
