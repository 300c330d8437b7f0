"""Ids made of the words of people: always an id, never the same for other words, and never telling what is there already."""

from __future__ import annotations

import re
import unicodedata
from inspect import signature

from hypothesis import given
from hypothesis import strategies as st

from orepact.service.asked import ID
from orepact.service.slugs import new_id, slug

TITLES = st.text(max_size=120)
#: Characters of the scripts in which the parties write.
KANA = st.characters(min_codepoint=0x3041, max_codepoint=0x30FF)
HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
SCRIPTS = st.text(KANA | HANGUL | st.sampled_from("abz 019éç-"), min_size=1, max_size=30)


def said(text: str) -> list[str]:
    """The words of a text without case and signs."""
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


@given(TITLES, st.integers(20, 100))
def test_a_slug_is_an_id_of_a_length(title: str, most: int) -> None:
    found = slug(title, most)
    assert re.fullmatch(ID, found)
    assert len(found) <= most


@given(SCRIPTS | TITLES, SCRIPTS | TITLES)
def test_other_words_make_another_slug(one: str, other: str) -> None:
    if said(one) != said(other):
        assert slug(one) != slug(other)


@given(st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=6))
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    assert slug(" ".join(words)) == "-".join(words)
    assert slug(slug(", ".join(words).upper())) == "-".join(words)


def test_titles_in_korean_and_japanese_are_told_apart() -> None:
    titles = ["흑연 공급 중단", "리튬 공급 중단", "黒鉛の供給停止", "リチウムの供給停止", "石墨", "Stop", "STOP!"]
    assert len({slug(title) for title in titles}) == len(titles) - 1


@given(SCRIPTS | TITLES, SCRIPTS | TITLES, st.sampled_from(["TLP:CLEAR", "TLP:AMBER/nrcan", "TLP:RED/nrcan"]))
def test_a_new_id_is_one_and_bears_its_owner(title: str, other: str, label: str) -> None:
    found = new_id("ca-jp-battery-dialogue", title, label=label, owner="nrcan", salt=("ana", "2026-11-23T20:15:00"))
    assert re.fullmatch(ID, found)
    assert len(found) <= 100
    assert found.startswith("nrcan.") == (label != "TLP:CLEAR")
    assert found != new_id("ca-jp-battery-dialogue", title, label=label, owner="nrcan", salt=("ben", "2026-11-23T20:15:00"))
    if title != other:
        assert found != new_id("ca-jp-battery-dialogue", other, label=label, owner="nrcan", salt=("ana", "2026-11-23T20:15:00"))


def test_a_new_id_asks_no_register() -> None:
    """So it cannot tell whether one is taken."""
    assert {"db", "store", "desk", "register"}.isdisjoint(signature(new_id).parameters)
