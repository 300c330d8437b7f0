"""With --network, options about the facts are refused, not swallowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orepact.cli.entry import run
from orepact.cli.package_options import refuse_facts_options
from orepact.errors import BadInput

PACKAGE = str(Path(__file__).parents[1] / "networks" / "recovery")


def test_every_option_about_the_facts_is_named_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        refuse_facts_options(Path("chain"), scenario="reference", as_of=None, include_unverified=True, hindsight=False)
    assert [problem.column for problem in caught.value.problems] == ["--scenario", "--include-unverified"]


def test_the_facts_themselves_take_them_all() -> None:
    refuse_facts_options(None, scenario="reference", include_unverified=True)


@pytest.mark.parametrize("words", [["run", "stop.yaml"], ["exposure"], ["ensemble"], ["watch"]])
def test_the_commands_ask(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", *words, "--network", PACKAGE, "--as-of", "1800-01-01", "--format", "json"]) == 3
    (problem,) = json.loads(capsys.readouterr().err)["error"]["problems"]
    assert (problem["column"], problem["mend"]) == ("--as-of", "leave it out")
