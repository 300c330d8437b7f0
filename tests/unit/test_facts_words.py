"""Dates, labels and subjects: the small grammars of a claim."""

from __future__ import annotations

import pandas as pd
import pytest

from orepact.errors import BadInput
from orepact.facts import Audience, Claim, Codes, Label
from orepact.facts.dates import last_day, period, periods, today
from orepact.facts.labels import Tlp
from orepact.facts.subjects import Subject, parse_subject, parse_subjects

LABELS = ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER/mine", "TLP:AMBER+STRICT/mine", "TLP:RED/mine"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2024", 20240101, 20241231), ("2024-02", 20240201, 20240229), ("2024-06-30", 20240630, 20240630)],
)
def test_a_date_is_the_period_that_it_names(text: str, first: int, last: int) -> None:
    assert period(text) == (first, last)


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-00", "2024-02-30", "2024/06/30", "June 2024", "0000", "2024-6-3"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert period(text) is None
    with pytest.raises(BadInput, match="ISO date"):
        last_day(text)


def test_a_column_of_dates_tells_empty_from_broken() -> None:
    first, last = periods(pd.Series(["2024", "", "soon", "2024"], dtype="str"))
    assert first.tolist() == [20240101, 0, -1, 20240101]
    assert last.tolist() == [20241231, 0, -1, 20241231]
    assert periods(pd.Series([], dtype="str"))[0].tolist() == []


def test_today_is_a_day() -> None:
    assert period(f"{today() // 10_000}-{today() // 100 % 100:02d}-{today() % 100:02d}") == (today(), today())


@pytest.mark.parametrize("text", LABELS)
def test_a_label_reads_as_it_is_written(text: str) -> None:
    assert str(Label.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "CLEAR", "TLP:AMBER", "TLP:RED/", "TLP:AMBER+STRICT", "TLP:WHITE", "tlp:clear", "TLP:RED/a b"]
)
def test_a_broken_label_is_no_label(text: str) -> None:
    assert Label.parse(text) is None


def test_labels_are_ordered_from_open_to_closed() -> None:
    assert list(Tlp) == sorted([Tlp.RED, Tlp.AMBER_STRICT, Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR])


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        (Audience(), 1),
        (Audience("ministry"), 1),
        (Audience("ministry", community=True), 2),
        (Audience("ministry", community=True, client_of=frozenset({"mine"})), 3),
        (Audience("mine", community=True), 5),
        (Audience("mine", community=True, steward=False), 4),
        (Audience("other", client_of=frozenset({"another"})), 1),
    ],
)
def test_an_audience_sees_only_what_it_may(audience: Audience, seen: int) -> None:
    assert audience.mask(pd.Series([*LABELS, "no label"], dtype="str")).sum() == seen


def test_the_owner_of_a_green_claim_sees_it_without_the_community() -> None:
    assert Audience("mine").admits(Label(Tlp.GREEN, "mine"))


SUBJECTS = {
    "CHN": Subject("place", place="CHN"),
    "CA-QC": Subject("place", place="CA-QC"),
    "world": Subject("place", place="world"),
    "CHN/cobalt": Subject("place_thing", place="CHN", thing="cobalt"),
    "world/cobalt": Subject("place_thing", place="world", thing="cobalt"),
    "COD>CHN": Subject("flow", place="COD", partner="CHN"),
    "COD>CA-QC/nickel_sulphate": Subject("flow_thing", place="COD", partner="CA-QC", thing="nickel_sulphate"),
    "nickel_sulphate": Subject("thing", thing="nickel_sulphate"),
    "graphite_coating": Subject("process", process="graphite_coating"),
    "graphite_coating@IDN": Subject("process", place="IDN", process="graphite_coating"),
    "graphite_coating/spherical_graphite": Subject("process_thing", thing="spherical_graphite", process="graphite_coating"),
    "site:nextstar_windsor": Subject("site", entity="nextstar_windsor"),
    "contract:ot-1.b": Subject("contract", entity="ot-1.b"),
    "QQQ/cobalt": Subject("place_thing", place="QQQ", thing="cobalt"),
    "": Subject(""),
    "a//b": Subject(""),
    "CHN>": Subject(""),
    "CHN@IDN": Subject(""),
    "COD>CHN>IDN": Subject(""),
    "nickel>cobalt": Subject(""),
    "site:": Subject(""),
}


@pytest.mark.parametrize("text", SUBJECTS)
def test_a_subject_falls_into_its_parts(text: str) -> None:
    assert parse_subject(text, Codes.shipped()) == SUBJECTS[text]


def test_a_column_of_subjects_keeps_its_index() -> None:
    column = pd.Series(["CHN", "CHN/cobalt", "CHN"], index=[5, 3, 9], dtype="str")
    parsed = parse_subjects(column, Codes.shipped())
    assert parsed.index.tolist() == [5, 3, 9]
    assert parsed["kind"].tolist() == ["place", "place_thing", "place"]


def test_a_claim_knows_its_number() -> None:
    assert Claim("CHN/cobalt", "mine_production", "2000", "t").number == 2000.0
    assert Claim("site:a", "name", "Mill", "text").number != Claim("site:a", "name", "Mill", "text").number
    assert Claim("site:a", "name", "Mill", "text").as_dict()["label"] == "TLP:CLEAR"
