"""``orepact measure origin`` on a package and its flows: rows, envelope, wrong questions."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from orepact.chain import Network
from orepact.cli.entry import run
from orepact.service.tracing import observed_sources
from origin_networks import YEAR, cobalt_chain, cobalt_flows

COLUMNS = ["element", "origin", "share", "quantity", "unit", "confidence", "source_confidence", "estimated_share"]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Options that point at the example as a package and a table of flows."""
    folder = tmp_path_factory.mktemp("origin")
    network = cobalt_chain()
    made = cobalt_flows(network)
    demand = made.frame[made.frame["kind"] == "demand"].rename(columns={"destination": "place"})
    demand = demand[["commodity", "place", "year", "quantity"]].reset_index(drop=True)
    network.with_tables(demand=demand).to_package(folder / "package")
    made.to_csv(folder / "flows.csv")
    return ["--network", str(folder / "package"), "--flows", str(folder / "flows.csv")]


@dataclass(frozen=True)
class Reply:
    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def ask(case: list[str], capsys: pytest.CaptureFixture[str]) -> Callable[..., Reply]:
    def asked(*options: str, on: list[str] = case) -> Reply:
        capsys.readouterr()
        code = run(["measure", "origin", *options, *on])
        said = capsys.readouterr()
        return Reply(code, said.out, said.err)

    return asked


@pytest.fixture
def rows(ask: Callable[..., Reply]) -> Callable[..., tuple[list[dict], dict]]:
    def asked(*options: str) -> tuple[list[dict], dict]:
        reply = ask("--format", "json", *options)
        assert reply.exit_code == 0, reply.stderr
        envelope = json.loads(reply.stdout)
        return envelope["data"], envelope["meta"]

    return asked


def test_the_promised_rows(rows):
    data, meta = rows("--place", "Korea", "--commodity", "CELL", "--element", "Cobalt", "--by", "owner", "--year", str(YEAR))
    assert list(data[0]) == COLUMNS
    assert [(row["origin"], round(row["share"], 6)) for row in data] == [("China", 0.875), ("Canada", 0.125), ("unknown", 0)]
    assert data[0]["quantity"] == pytest.approx(35)
    assert (data[0]["unit"], data[0]["confidence"]) == ("t", "estimated")
    assert meta["traced"][0]["quantity"] == pytest.approx(40)
    assert {"manifest", "units", "sources", "warnings"} <= set(meta)
    assert any("estimated" in warning for warning in meta["warnings"])


def test_a_place_that_makes_none_is_told_to_be_a_buyer(rows):
    words = ["--commodity", "ORE", "--element", "cobalt", "--place"]
    told = f"nothing of ORE is made in China in {YEAR}: this is what arrives there; --basis production asks for what is made"
    assert told in rows(*words, "China")[1]["warnings"]
    assert not any("nothing of" in warning for warning in rows(*words, "Congo")[1]["warnings"])
    assert not any("nothing of" in warning for warning in rows("--commodity", "ORE")[1]["warnings"])


def test_nothing_unknown_is_no_row_for_people(ask, rows):
    words = ["--place", "Korea", "--commodity", "cell", "--element", "cobalt"]
    assert rows(*words)[0][-1]["origin"] == "unknown"
    shown = ask(*words).stdout
    assert "Congo" in shown
    assert "unknown" not in shown.partition("Sources")[0].partition("note")[0]


def test_every_element_when_none_is_named(rows):
    data, _ = rows("--commodity", "sulphate")
    assert {row["element"] for row in data} == {"cobalt"}
    assert sum(row["quantity"] for row in data) == pytest.approx(104)  # 100 t from ore and 4 t from scrap enter the group


def test_value_and_the_first_refinery(rows):
    data, meta = rows("--place", "Korea", "--commodity", "cell", "--element", "value")
    assert data[0]["origin"] == "Korea"
    assert data[0]["share"] == pytest.approx(0.675)
    assert data[0]["unit"] == "USD"
    assert any("no price" in warning for warning in meta["warnings"])
    data, _ = rows("--place", "Korea", "--commodity", "cell", "--element", "cobalt", "--stage", "refine", "--visit", "first")
    assert [row["share"] for row in data[:2]] == pytest.approx([0.5, 0.5])


def test_a_path_in_every_form(ask, rows):
    options = ["--place", "Korea", "--commodity", "cell", "--element", "cobalt", "--rows", "path"]
    data, _ = rows(*options)
    assert {row["step"] for row in data} == {"entered", "made", "moved"}
    table = pd.read_csv(io.StringIO(ask(*options, "--format", "csv").stdout))
    assert len(table) == len(data)
    shown = ask(*options)
    assert shown.exit_code == 0
    assert "Congo" in shown.stdout
    assert "moved" in shown.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--commodity", "sell"], "did you mean cell"),
        (["--commodity", "cell", "--place", "Atlantis"], "Atlantis"),
        (["--commodity", "cell", "--element", "nickel"], "nickel"),
        (["--commodity", "cell", "--stage", "refining"], "did you mean refine"),
        (["--commodity", "cell", "--year", "1999"], "1999"),
        (["--commodity", "cell", "--place", "Congo"], "a place with cell: Korea"),
    ],
)
def test_a_wrong_question_is_answered_with_what_there_is(ask, options, words):
    reply = ask(*options)
    assert reply.exit_code == 3, reply.stderr
    assert words in reply.stderr
    assert "Traceback" not in reply.stderr


def test_wrong_choices_are_wrong_usage(ask):
    for options in (["--by", "planet"], ["--basis", "all"], ["--visit", "third"], ["--rows", "columns"]):
        assert ask("--commodity", "cell", *options).exit_code == 2


def test_a_commodity_without_contents_says_so(ask, tmp_path: Path):
    network = cobalt_chain().with_tables(contents=None)
    made = cobalt_flows(network)
    demand = made.frame[made.frame["kind"] == "demand"].rename(columns={"destination": "place"})
    network.with_tables(demand=demand[["commodity", "place", "year", "quantity"]]).to_package(tmp_path / "package")
    made.to_csv(tmp_path / "flows.csv")
    reply = ask("--commodity", "cell", on=["--network", str(tmp_path / "package"), "--flows", str(tmp_path / "flows.csv")])
    assert reply.exit_code == 3
    assert "contents" in reply.stderr


def test_only_sources_of_what_was_observed_of_the_element_are_named() -> None:
    """Of three observations one does not count and one is of another commodity: one source stands behind the ore."""
    said = {"kind": "production", "place": "AAA", "year": 2030, "quantity": 1.0, "standard_deviation": 1.0}
    rows = [
        {"observation": "a", "commodity": "ore", "source": "mines", "counts": "yes", **said},
        {"observation": "b", "commodity": "ore", "source": "rumour", "counts": "no", **said},
        {"observation": "c", "commodity": "metal", "source": "smelters", "counts": "yes", **said},
    ]
    toy = Network.from_package(Path(__file__).parents[1] / "networks" / "toy").with_tables(observations=pd.DataFrame(rows))
    assert observed_sources(toy, {"ore"}) == {"mines"}
    assert observed_sources(toy, None) == {"mines", "smelters"}
