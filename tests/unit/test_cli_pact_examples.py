"""The examples in the help of `orepact pact`, `db` and `audit` that change a register, run one after the other on the seed."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from orepact.cli.entry import run
from shock_networks import chain_network

EVENT = (
    "id: stop\ntitle: Stop\nstart: 2026-02-23\nknown_from: 2026-02-17\nweeks: 2\nbreaks:\n- {site: mine_near, share_left: 0}\n"
)
#: Files that the examples name, as the help says what they hold.
FILES = {
    "request.yaml": (
        "by: nrcan\nasked: [meti, mofa-jp]\nsent_at: 2026-03-02T16:00-05:00\nreceived_at: 2026-03-03T00:30Z\nanswers:\n"
        "  {impact: Feed, cause: Fuel, duration: Unknown, sectors: Refining, measures: None, help: Feed}\n"
    ),
    "new-area.yaml": (
        "id: new-area\ntitle: Sodium cells\ninstrument: ca-jp-moc-battery-2023\nasked_by: nrcan\n"
        'subject: {what: code, code: {id: "area:sodium", list: area, title: Sodium cells}}\n'
    ),
}
#: In the order in which they run; a second number names the second example of a command.
ORDER = (
    "db init", "db seed", "db status", "pact incident form", "pact incident open", "pact incident request",
    "pact incident assess", "pact incident options", "pact decide aid", "pact decide key", "pact decide key 2",
    "pact decide show", "pact incident met", "pact incident deliver", "pact incident arrived", "pact incident review",
    "pact incident show", "pact incident close", "pact decide ask", "new-area 1", "new-area 2", "pact decide apply",
    "pact drill start", "pact drill act", "pact drill finding", "pact drill end", "pact drill show", "pact notice send",
    "pact notice acknowledge", "pact notice show", "pact record", "audit log", "audit verify", "db backup", "db restore",
)  # fmt: skip


def example(name: str) -> list[str]:
    """The words of an example: the first of a command, or the one of that number."""
    from orepact.cli.commands import app

    group: Any = typer.main.get_command(app)
    command, _, number = name.partition(" 2")
    for word in command.split():
        group = group.commands[word]
    found = re.findall(r"`(orepact [^`]+--[^`]+|orepact [^`]+)`", " ".join(group.help.split()))
    mine = [line for line in found if line.startswith(f"orepact {command} ") or line == f"orepact {command}"]
    return shlex.split(mine[1 if number or name.endswith(" 2") else 0])[1:]


def test_the_examples_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OREPACT_DATABASE_URL", "register.db")
    for name, text in {**FILES, "stop.yaml": EVENT}.items():
        Path(name).write_text(text, encoding="utf-8")
    chain_network().to_package(tmp_path / "chain")
    assert run(["pact", "form", "activity"]) == 0
    Path("mission.yaml").write_text(capsys.readouterr().out, encoding="utf-8")
    for name in ORDER:
        words = example(name.replace("new-area", "pact decide key").removesuffix(" 1"))
        if name.startswith("new-area"):  # the keys of the other decision are turned alike
            words[words.index("moa-stocks")] = "new-area"
        if name == "pact incident assess":  # on a small chain: the shipped one takes minutes
            words = [word for word in words if word not in ("--as-of", "2026-02-28", "--hindsight")]
            words += ["--network", "chain", "--event", "stop.yaml", "--weeks", "2"]
        code = run([*words, *([] if "--format" in words else ["--format", "json"])])
        said = capsys.readouterr()
        assert code == 0, f"{name}: {shlex.join(words)}\n{said.err}"
        assert name != "audit log" or json.loads(said.out)["data"], "no entry"
