"""Every sentence of the pages stands in every language, with the same places; the compiled catalogue is the edited one."""

from __future__ import annotations

import ast
import re
from gettext import GNUTranslations
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from tools.compile.catalogues import DOMAIN, as_mo, as_po, folder, in_line, read, sentences

from orepact.errors import NotFound
from orepact.report.voice import LANGUAGES, Voice

TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"\{(\w+)\}")


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _forms(words: str | tuple[str, ...] | list[str]) -> list[str]:
    return [words] if isinstance(words, str) else [*words]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_code_has_words(language: str) -> None:
    told = {message.id: _forms(message.string) for message in _messages(read(language))}
    asked = {message.id for message in _messages(sentences())}
    assert asked - set(told) == set()
    assert set(told) - asked == set(), "sentences that no code says any more: run python -m tools.compile.catalogues"
    assert [name for name, words in told.items() if not all(words)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_words_fill_the_same_places(language: str) -> None:
    wrong = {
        message.id: words
        for message in _messages(read(language))
        for words in _forms(message.string)
        if set(PLACE.findall(words)) != set(PLACE.findall(_forms(message.id)[-1]))
    }
    assert wrong == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_pair_has_as_many_forms_as_the_language(language: str) -> None:
    wrong = [
        m.id for m in _messages(read(language)) if not isinstance(m.id, str) and len(m.string) != (2 if language == "fr" else 1)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_says_what_the_edited_one_says(language: str) -> None:
    with (folder(language) / f"{DOMAIN}.mo").open("rb") as source:
        compiled = GNUTranslations(source)
    for message in _messages(read(language)):
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string
        else:
            assert [compiled.ngettext(*message.id, number) for number in (1, 2)] == [message.string[0], message.string[-1]]


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogues_are_the_same_each_time_they_are_made(language: str) -> None:
    po = as_po(in_line(language))
    assert po == (folder(language) / f"{DOMAIN}.po").read_bytes()
    assert as_mo(po, language) == as_mo(po, language)


@pytest.mark.parametrize(
    ("language", "number", "words"),
    [("en", 1, "1 project"), ("en", 0, "0 projects"), ("fr", 0, "0 projet"), ("fr", 2, "2 projets"), ("ja", 2, "事業2件"),
     ("ko", 1, "사업 1건")],
)  # fmt: skip
def test_plurals_follow_the_language(language: str, number: int, words: str) -> None:
    assert Voice(language).count("{n} project", "{n} projects", number) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["2030", "August 2026", "26 August 2026", "first half of 2027"]),
        ("fr", ["2030", "août 2026", "26 août 2026", "premier semestre 2027"]),
        ("ja", ["2030年", "2026年8月", "2026年8月26日", "2027年前半"]),
        ("ko", ["2030년", "2026년 8월", "2026년 8월 26일", "2027년 상반기"]),
    ],
)
def test_dates_as_each_language_writes_them(language: str, words: list[str]) -> None:
    assert [Voice(language).when(text) for text in ("2030", "2026-08", "2026-08-26", "2027-H1")] == words


def test_what_nobody_knows_is_a_dash_and_not_a_zero() -> None:
    for language in LANGUAGES:
        voice = Voice(language)
        assert {voice.number(None), voice.share(float("nan")), voice.day(None), voice.when(""), voice.listed([])} == {"–"}
        assert voice.number(0) == "0"


def test_a_language_without_a_catalogue_is_named() -> None:
    with pytest.raises(NotFound, match="de"):
        Voice.of("de")


def _unmarked(source: str) -> list[str]:
    """Texts that a name holds and ``said`` or ``say`` takes: catalogues see only literals there or in ``sentence``."""
    found = []
    for part in ast.walk(ast.parse(source)):
        if not isinstance(part, ast.FunctionDef):
            continue
        texts = {
            target.id: node.value.value
            for node in ast.walk(part)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(part):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Name) and node.args[0].id in texts:
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                found += [texts[node.args[0].id]] if called in {"said", "say", "translated"} else []
    return found


def test_no_sentence_is_kept_from_the_catalogues() -> None:
    assert _unmarked("def f():\n    text = 'lost'\n    return said(text)\n") == ["lost"]
    assert _unmarked("def f():\n    text = sentence('found')\n    return said(text)\n") == []
    sources = Path(str(files("orepact"))).rglob("*.py")
    assert {path.name: lost for path in sources if (lost := _unmarked(path.read_text(encoding="utf-8")))} == {}
