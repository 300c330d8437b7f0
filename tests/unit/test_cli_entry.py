"""The way in: exit codes, reports of problems, light help, quiet pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orepact.cli import entry
from orepact.cli.entry import run, wants_json
from orepact.errors import BadInput, BalanceBroken, NoFeasibleAnswer, NotFound, Problem

BROKEN = Problem("quantity", "a number", "'many'", "write digits", "demand.csv", 3)
TOY = str(Path(__file__).parents[1] / "networks" / "toy")


def raising(error: BaseException):
    def fail(_arguments):
        raise error

    return fail


def test_done_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["plan", "--no-such-option"],
        ["plan", "--format", "xml"],
        ["facts", "why", "COD/cobalt"],
        ["measure", "reliance", "--place", "KOR"],
        ["plan", "reference", "--scenario", "mine.yaml"],
        ["facts", "list", "--year", "soon"],
    ],
)
def test_wrong_usage_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("Usage: orepact")
    assert "Traceback" not in said.err
    assert not said.out


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (BadInput([BROKEN]), 3, "demand.csv, row 3, quantity"),
        (NotFound("commodity", "cobolt", ["cobalt"]), 3, "did you mean cobalt?"),
        (NoFeasibleAnswer(["share of CHN", "demand of cells"]), 4, "share of CHN"),
        (BalanceBroken("worst node"), 1, "worst node"),
        (ZeroDivisionError("by zero"), 1, "internal error: ZeroDivisionError: by zero"),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
)
def test_every_error_has_its_exit_code(error, code, words, monkeypatch, capsys) -> None:
    monkeypatch.delenv("ORE_DEBUG", raising=False)
    monkeypatch.setattr(entry, "_run", raising(error))
    assert run(["plan"]) == code
    said = capsys.readouterr()
    assert words in " ".join(said.err.split())
    assert "Traceback" not in said.err
    assert not said.out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput([BROKEN]), "bad_input"),
        (NotFound("commodity", "cobolt", ["cobalt"]), "not_found"),
        (NoFeasibleAnswer(["share of CHN"]), "no_feasible_answer"),
        (ZeroDivisionError("by zero"), "internal_error"),
    ],
)
def test_errors_as_json_for_programs(error, code, monkeypatch, capsys) -> None:
    monkeypatch.delenv("ORE_DEBUG", raising=False)
    monkeypatch.setattr(entry, "_run", raising(error))
    run(["plan", "--format", "json"])
    found = json.loads(capsys.readouterr().err)["error"]
    assert found["code"] == code
    assert found["message"]
    if code == "bad_input":
        assert found["problems"][0]["file"] == "demand.csv"
        assert set(found["problems"][0]) == {"column", "expected", "found", "mend", "file", "row", "where"}
    if code == "no_feasible_answer":
        assert found["conflicts"] == ["share of CHN"]


def test_debugging_shows_the_traceback(monkeypatch) -> None:
    monkeypatch.setenv("ORE_DEBUG", "1")
    monkeypatch.setattr(entry, "_run", raising(BadInput([])))
    with pytest.raises(BadInput):
        run(["plan"])


def test_many_problems_are_counted(monkeypatch, capsys) -> None:
    problems = [Problem("quantity", "a number", "'many'", "write digits", "demand.csv", row) for row in range(2, 100)]
    monkeypatch.setattr(entry, "_run", raising(BadInput(problems)))
    monkeypatch.delenv("ORE_DEBUG", raising=False)
    run(["plan"])
    said = capsys.readouterr().err
    assert "98 problems" in said
    assert "48 more" in said


def test_odd_bytes_do_not_break_the_terminal(monkeypatch, capsys) -> None:
    monkeypatch.setattr(entry, "_run", raising(BadInput([Problem("x", "text", "\x1b[31m[bold]\x00", "mend it")])))
    monkeypatch.delenv("ORE_DEBUG", raising=False)
    run(["plan"])
    said = capsys.readouterr().err
    assert "\x1b[31m" not in said
    assert "[bold]" in said


def test_json_is_wanted_even_when_the_rest_is_wrong() -> None:
    assert wants_json(["--nonsense", "--format=json"])
    assert wants_json(["-f", "json"])
    assert not wants_json(["--format", "table", "json"])


def python(*code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *code], capture_output=True, text=True, check=False, env={**os.environ, **environment}, timeout=120
    )


@pytest.mark.parametrize("words", ["--help", "measure --help", "plan --help", "facts why --help", "run --help", "serve --help"])
def test_help_imports_nothing_heavy(words: str) -> None:
    arguments = words.split()
    heavy = (
        "pandas",
        "numpy",
        "scipy",
        "linopy",
        "plotly",
        "duckdb",
        "highspy",
        "pyarrow",
        "networkx",
        "rich.markdown",
        "fastapi",
        "uvicorn",
        "sqlalchemy",
    )
    code = (
        "import sys\nfrom orepact.cli.entry import run\n"
        f"code = run({arguments!r})\n"
        f"print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)\nsys.exit(code)"
    )
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() == "[]"


def test_importing_the_package_imports_nothing_heavy() -> None:
    done = python("-c", "import sys, orepact; print([n for n in ('pandas', 'numpy', 'typer', 'yaml') if n in sys.modules])")
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["orepact.facts.dates", "orepact.facts.labels", "orepact.facts.yaml_bounds"])
def test_what_needs_no_tables_imports_none(module: str) -> None:
    done = python("-c", f"import sys, {module}; print([n for n in ('pandas', 'numpy', 'yaml') if n in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr


def test_public_names_are_found_when_asked_for() -> None:
    import orepact as op

    assert {"Network", "Ledger", "plan", "measure", "service"} <= set(dir(op))
    assert op.plan.solve is not None
    assert all(getattr(op, name) is not None for name in op.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = op.nothing


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -m orepact facts list --attribute sales --format csv | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.splitlines()[-1] == "0"
    assert not done.stderr


def test_no_progress_bar_in_a_pipe() -> None:
    done = python("-m", "orepact", "plan", "--network", TOY, "--format", "csv")
    assert done.returncode == 0
    assert not done.stderr


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_reader_that_left_is_no_error(form: str) -> None:
    words = [sys.executable, "-m", "orepact", "facts", "sources", "--format", form]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 0


@pytest.mark.parametrize("asked", [("--year", "1900"), ("--commodity", "mettal"), ("--place", "Atlantis")])
def test_a_plan_refuses_before_it_solves(asked: tuple[str, str], monkeypatch, capsys) -> None:
    monkeypatch.setattr("orepact.service.planning.solve", raising(AssertionError("solved")))
    assert run(["plan", "--network", TOY, *asked]) == 3
    assert asked[1] in capsys.readouterr().err
