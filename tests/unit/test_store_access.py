"""No question to the database about records goes past the condition of who reads."""

from __future__ import annotations

import ast
from pathlib import Path

import orepact.store

#: Modules that serve the holder of the database alone: they keep, check, copy and bring back the whole register. ``texts`` says
#: where to look, and what it names is asked for with a reader; ``hours`` gives a moment and nothing else.
WHOLE = {"backup", "chain", "derived", "restore", "schema", "verifying", "access", "texts", "hours"}
TABLES = {"record", "served", "brief", "link", "revision", "audit"}
ASKS = {"seen", "seen_there", "told", "keys_of"}


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    """Every function that asks the database about records."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [each for each in found if any(asks_records(node) for node in ast.walk(each))]


def asks_records(node: ast.AST) -> bool:
    """Whether this is a ``select`` of one of the tables."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "select"):
        return False
    return any(isinstance(name, ast.Name) and name.id in TABLES for part in node.args for name in ast.walk(part))


def narrowed(function: ast.FunctionDef) -> bool:
    """Whether it takes the condition of who reads, or all conditions of a filter, which hold it."""
    names = {node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    methods = {
        node.func.attr for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    return bool(names & ASKS) or "conditions" in methods


def past(source: str) -> list[str]:
    """The functions that ask without it."""
    return [each.name for each in functions(ast.parse(source)) if not narrowed(each)]


def test_every_question_asks_for_a_reader() -> None:
    """In all of the store but what serves its holder."""
    files = [file for file in Path(orepact.store.__file__).parent.glob("*.py") if file.stem not in WHOLE]
    found = {f"{file.stem}.{name}" for file in files for name in past(file.read_text(encoding="utf-8"))}
    assert found == set()
    assert sum(len(functions(ast.parse(file.read_text(encoding="utf-8")))) for file in files) >= 15


def test_nobody_else_asks_the_tables() -> None:
    """Nothing above the store names them."""
    root = Path(orepact.store.__file__).parents[1]
    above = [file for file in (root / "service").rglob("*.py") if "store.tables" in file.read_text(encoding="utf-8")]
    assert above == []


def test_a_question_that_goes_past_it_is_found() -> None:
    """The test can fail."""
    assert past("def ask(connection):\n    return connection.execute(select(record.c.id))") == ["ask"]
    assert past("def ask(connection, reader):\n    return select(record.c.id).where(seen(record, reader))") == []
