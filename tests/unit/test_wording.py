"""Marks in messages: each face has words for every one, and code below the faces speaks no face's words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import orepact
from orepact.cli import wording as cli
from orepact.report.voice import LANGUAGES, Voice
from orepact.web.api.routes import use_case
from orepact.web.api.table import ROUTES
from orepact.web.edge import wording as http
from orepact.web.pages import wording as pages
from orepact.web.pages.table import PAGES
from orepact.wording import CLOSES, OPENS, InPython, deed, field, parted, worded, worded_in
from plain_words import cannot_be_typed, typed

SOURCE = Path(orepact.__file__).parent
#: What speaks for one face: the faces, and the command lines that pages show.
OWN_WORDS = ("cli", "web/pages", "report")


@cache
def texts() -> tuple[tuple[str, str], ...]:
    """Every text in the code below the faces, docstrings left out, with where it stands."""
    return tuple(found for file in sorted(SOURCE.rglob("*.py")) if _below(file) for found in _texts(file))


def _below(file: Path) -> bool:
    return not str(file.relative_to(SOURCE)).startswith(OWN_WORDS)


def _texts(file: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        where = f"{file.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said | inside:
            yield where, node.value
        elif isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
            yield where, "".join(str(part) for part in parts)


def test_code_below_the_faces_speaks_no_words_of_the_command_line() -> None:
    """A message names a field or a use case with a mark; only what pages show as the command is one."""
    found = [f"{where}: {each}" for where, text in texts() if not _is_shown(where, text) for each in typed(text)]
    assert found == []
    assert [where for where, text in texts() if re.search(r"\bdocs/[a-z]+/[a-z-]+\.md\b", text)] == []


def _is_shown(where: str, text: str) -> bool:
    """Whether a text is part of the command line that a view hands to its page, which shows it in a box."""
    return where.startswith("service/view/") and text.startswith(("orepact ", "--", " --"))


@cache
def marks() -> tuple[tuple[str, str], ...]:
    """Every mark that code writes: what it is, and its name."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in {"deed", "field"} and isinstance(node.args[0].value, str) and "{" not in node.args[0].value:
                    found.add((name, node.args[0].value))
    return tuple(sorted(found))


def test_every_face_knows_every_use_case_that_is_named() -> None:
    """And no face knows one that nobody names."""
    named = {name for what, name in marks() if what == "deed"}
    assert len(named) > 15
    assert set(cli.COMMANDS) == named
    assert {*http.ROUTES, *http.OF_THE_OPERATOR} == named
    assert set(pages.PLACES) <= named
    assert all(callable(use_case(name)) for name in named)


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_commands_can_be_typed(name: str) -> None:
    """As they are told, with something in each place."""
    words = worded(deed(name), cli.FACE).strip("`").replace("TEXT", "x")
    why = cannot_be_typed(words)
    assert not why or "Missing parameter" in why, why


def test_options_are_there() -> None:
    """Each field that is named is an option of some command, as it is told."""
    known = (Path(__file__).parents[2] / "docs/reference/cli.md").read_text(encoding="utf-8")
    names = [name for what, name in marks() if what == "field" and name not in {"place", "year"}]
    lacking = [name for name in names if f"`{cli.FACE.field(name, '').partition(' ')[0]}" not in known]
    assert lacking == []
    assert names


def test_routes_are_those_of_the_table() -> None:
    """Method and path; and the places in a path are filled, and the rest asked for."""
    known = {f"{route.method} {route.path}" for route in ROUTES}
    shapes = {re.sub(r"\{[a-z_]+\}", "{}", each) for each in known}
    assert [each for each in http.ROUTES.values() if re.sub(r"\{[a-z_]+\}", "{}", each) not in shapes] == []
    said = worded(f"see {deed('list_facts', attribute='status', year=2024)}", http.FACE)
    assert said == "see `GET /api/v1/facts?attribute=status&year=2024`"


@pytest.mark.parametrize("name", sorted(pages.PLACES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_there(name: str, language: str) -> None:
    """Each use case leads to a page by its title, in each language."""
    title, path = pages.PLACES[name]
    shapes = {re.sub(r"\{[a-z_]+\}", "{}", page.path) for page in PAGES}
    assert re.sub(r"\{[a-z_]+\}", "{}", path) in shapes
    said = pages.plainly(deed(name), Voice(language))
    assert Voice(language).translated(pages.titles()[title]) in said
    assert said.endswith(")")


def test_a_mark_is_text_on_its_way() -> None:
    """It keeps what is given to it, whatever that is, and every face says the same; what is no mark stays."""
    odd = f"a b{CLOSES}="
    told = f"or say {field('version', 'body/x=2')} and {deed('pact.show_record', kind='body', name=odd, output='FILE')}."
    assert worded(told, cli.FACE) == f"or say --version body/x=2 and `orepact pact show body {odd} --output FILE`."
    assert [part[1] for part in parted(told) if not isinstance(part, str)] == ["version", "pact.show_record"]
    assert worded(told, InPython()).startswith("or say version='body/x=2' and pact.show_record(kind='body', ")
    assert worded_in({"a": [told, 1, (told,)]}, cli.FACE)["a"][2] == (worded(told, cli.FACE),)
    other = f"{OPENS}year{CLOSES} {OPENS}field:{CLOSES} {OPENS}deed:X{CLOSES}"
    assert worded(other, cli.FACE) == other
