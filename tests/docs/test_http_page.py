"""The walk through the API: every block in order, in one shell, with curl, against a server on this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from copies import copied

PAGE = Path(__file__).parents[2] / "docs/http.md"
#: Says that a command has ended, and how.
END = "@@ended@@"
#: Made and filled before: a copy of the register that every test has.
BEFORE = ("orepact db init", "orepact db seed")
#: The accounts are made in this process, which has the program open.
HERE = "orepact account "


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Commands, lines that go on with `> ` among them, and what is shown under each."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.startswith("> "):
                found[-1] = (f"{found[-1][0]}\n{line[2:]}", found[-1][1])
            elif line != "...":
                found[-1][1].append(line)
    return found


class Shell:
    """One shell in which the walk is made."""

    def __init__(self, folder: Path, database: str) -> None:
        program = f"orepact() {{ '{sys.executable}' -P -m orepact \"$@\"; }}\n"
        environment = {**os.environ, "OREPACT_DATABASE_URL": database, "OREPACT_SERVE_ANONYMOUS_RATE": "1000"}
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=folder, env=environment, text=True, start_new_session=True,
        )  # fmt: skip
        self._write(program)

    def _write(self, text: str) -> None:
        assert self._shell.stdin is not None
        self._shell.stdin.write(text)
        self._shell.stdin.flush()

    def run(self, command: str) -> str:
        """What a command says; it ends well."""
        assert self._shell.stdout is not None
        if command.endswith(" &"):  # what a server says of each request stands in nobody's answer
            command = f"{command.removesuffix(' &')} > said.txt 2>&1 &"
        self._write(f"{command}\nended=$?\necho\necho {END} $ended\n")
        said: list[str] = []
        for line in self._shell.stdout:
            if line.startswith(END):
                assert line.split()[1] == "0", f"{command}: {''.join(said)}"
                return "".join(said)
            said.append(line)
        raise AssertionError(f"the shell ended in {command}: {''.join(said)}")

    def end(self) -> None:
        """End it, and the server that it began."""
        os.killpg(self._shell.pid, signal.SIGTERM)
        assert self._shell.stdout is not None
        self._shell.stdout.read()  # until nobody is left who could write
        self._shell.wait(60)


@contextmanager
def shell(folder: Path, database: str) -> Iterator[Shell]:
    """A shell, ended with all that it began."""
    found = Shell(folder, database)
    try:
        yield found
    finally:
        found.end()


def free_port() -> str:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def here(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command about accounts says; where it is led to a file, the file is written."""
    import shlex

    from orepact.cli.entry import run

    words, _, file = command.partition(" > ")
    assert run(shlex.split(words)[1:]) == 0, command
    said = capsys.readouterr().out
    if file:
        (folder / file).write_text(said, encoding="utf-8")
    return "" if file else said


def test_the_walk_is_true(
    tmp_path: Path, filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each command answers what stands under it."""
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine (as root, `make test` installs it)")
    database = str(copied(filled, tmp_path / "register.db"))
    monkeypatch.setenv("OREPACT_DATABASE_URL", database)
    walk = steps(PAGE.read_text(encoding="utf-8").replace("8000", free_port()))
    assert len(walk) > 40
    wrong: list[str] = []
    with shell(tmp_path, database) as found:
        for command, shown in walk:
            if command in BEFORE:
                continue
            said = here(command, tmp_path, capsys) if command.startswith(HERE) else found.run(command)
            wrong += [f"{command}\n  shows {line}\n  said {said[:3000]}" for line in shown if line not in said]
    assert not wrong, "\n\n".join(wrong)


def test_the_walk_names_no_route_that_is_not_there() -> None:
    """In its words, beside the blocks."""
    from orepact.web.api.table import ROUTES

    known = {f"{route.method} {route.path}" for route in ROUTES}
    named = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /[^`?]+)`", PAGE.read_text(encoding="utf-8")))
    assert {each for each in named if "/api/v1" not in each} <= known
