"""``orepact shock EVENT`` from its words to its reply, on the small chain as a package."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from orepact.cli.entry import run
from orepact.errors import BadInput
from orepact.service.result import META_KEYS
from orepact.service.shock.responding import demand_asked, exceptions, notes_once, respond_to
from orepact.service.shock.response_brief import missing_most, party_table
from orepact.service.shock.response_tables import FILES, TABLES, moving, stepped, touched, units_of, worst_goods
from orepact.shock import respond
from shock_disruptions import broken
from shock_networks import chain_case, chain_network

EVENT = """\
id: mine_stop
title: A mine stops
start: 2025-01-06
weeks: 8
breaks:
  - {site: mine_near, share_left: 0.0, confidence: reported}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the chain as a package and an event file."""
    folder = tmp_path_factory.mktemp("shock")
    network = chain_network()
    network.with_tables(stockpiles=network.stockpiles.iloc[:0]).to_package(folder / "chain")
    (folder / "stop.yaml").write_text(EVENT, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def written(place: Path) -> dict[str, Any]:
    """Everything about the stop, in a folder; the JSON reply."""
    output = place / "out"
    found = respond_to(None, [place / "stop.yaml"], network=place / "chain", weeks=20, output=output)
    return found.envelope()


def test_all_responses_stand_side_by_side(written: dict[str, Any]) -> None:
    meta = written["meta"]
    assert set(META_KEYS) <= set(meta)
    loss = meta["loss_usd"]
    assert list(loss) == ["contracts", "market", "pact"]
    assert loss["contracts"] > loss["market"] >= loss["pact"] >= 0
    assert meta["value_of_cooperation_usd"] == pytest.approx({k: loss[k] - loss["pact"] for k in ("contracts", "market")})
    total = {row["response"]: row["loss_usd"] for row in written["data"] if row["party"] == "all"}
    assert total == pytest.approx(loss)
    assert meta["manifest"]["network_hash"]
    assert meta["manifest"]["events"].keys() == {"mine_stop"}
    assert {"rules_hash", "assumptions_hash", "code_version"} <= set(meta["manifest"])
    assert list(meta["value_of_cooperation_usd"]) == ["market", "contracts"]  # the forecast first
    assert meta["total_usd"].keys() == loss.keys()
    assert all(meta["total_usd"][name] >= loss[name] for name in loss)
    assert meta["value_of_markets_usd"] == pytest.approx(loss["contracts"] - loss["market"])
    assert len(meta["warnings"]) == len(set(meta["warnings"]))


def test_what_is_assumed_is_said_on_request_and_in_the_files(place: Path, written: dict[str, Any]) -> None:
    assert "assumptions" not in written["meta"]
    kept = json.loads((place / "out" / "shock.json").read_text(encoding="utf-8"))["assumptions"]
    asked = respond_to(None, [place / "stop.yaml"], network=place / "chain", weeks=8, assumptions=True)
    assert kept == asked.envelope()["meta"]["assumptions"]


def test_assumptions_have_no_place_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", "EVENT", "--assumptions", "--network", "chain"]) == 2
    assert "--format json" in capsys.readouterr().err


def test_the_goods_missing_most_are_those_of_the_table(place: Path, written: dict[str, Any]) -> None:
    lost = pd.read_csv(place / "out" / "lost.csv").groupby(["commodity", "unit", "response"])[["quantity", "loss_usd"]].sum()
    entries = written["meta"]["missing_most"]
    assert {(one["commodity"], one["unit"]) for one in entries} == {(good, unit) for good, unit, _ in lost.index}
    for one in entries:
        for response, row in lost.loc[(one["commodity"], one["unit"])].iterrows():
            assert (one[str(response)], one[f"{response}_usd"]) == pytest.approx((row["quantity"], row["loss_usd"]), rel=1e-6)


def summary_of(losses: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """A summary of parties with their loss under contracts and in the market."""
    rows = [
        {"party": party, "response": response, "loss_usd": loss, "worst_commodity": f"{response} good of {party}"}
        for party, pair in losses.items()
        for response, loss in zip(("contracts", "market"), pair, strict=True)
    ]
    return pd.DataFrame(rows).assign(worst_lost_quantity=1.0, worst_unit="t")


def test_a_screen_shows_the_worst_hit_the_pact_and_the_sum_of_the_others() -> None:
    losses = {f"P{n:02d}": (100.0 - n, 50.0 - n) for n in range(14)}
    total = tuple(sum(pair[at] for pair in losses.values()) for at in (0, 1))
    table = party_table(summary_of({"all": (total[0], total[1]), **losses}), ("contracts", "market"), named=("P12", "ABSENT"))
    assert table["party"].tolist() == ["all", *(f"P{n:02d}" for n in range(9)), "P12", "4 others"]
    assert table["contracts_usd"].iloc[1:].sum() == table["contracts_usd"].iloc[0] == total[0]
    assert table["market_usd"].iloc[-1] == sum(losses[f"P{n:02d}"][1] for n in (9, 10, 11, 13))
    assert table["contracts_worst_commodity"].tolist()[1] == "contracts good of P00"
    assert table["contracts_worst_commodity"].tolist()[-1] == ""


def test_few_parties_have_a_row_each() -> None:
    backwards = summary_of({"all": (3.0, 2.0), "HOME": (3.0, 2.0)}).iloc[::-1]
    table = party_table(backwards, ("contracts", "market")).set_index("party")
    assert table.columns.tolist()[:3] == ["contracts_usd", "market_usd", "contracts_worst_commodity"]
    assert table.loc["HOME"].tolist()[:3] == [3.0, 2.0, "contracts good of HOME"]


def test_where_nothing_is_lost_nothing_is_missing_most() -> None:
    case = chain_case()
    assert missing_most({"contracts": respond(case, broken(case), "contracts")}) == []


def test_a_table_for_people_is_short_and_says_where_the_rest_is(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["shock", str(place / "stop.yaml"), "--network", str(place / "chain"), "--weeks", "8"]
    assert run(words) == 0
    shown = capsys.readouterr().out
    assert "contracts_usd" in shown
    assert "missing_most: " in shown
    assert shown.rstrip().endswith("--output DIR")
    assert run([*words, "--rows", "stops"]) == 0
    assert "--output DIR" not in capsys.readouterr().out


def test_equal_questions_give_equal_replies(place: Path) -> None:
    once, again = (respond_to(None, [place / "stop.yaml"], network=place / "chain", weeks=8).envelope() for _ in range(2))
    assert once == again


def test_the_summary_names_what_is_missing_most(written: dict[str, Any]) -> None:
    row = next(row for row in written["data"] if (row["party"], row["response"]) == ("HOME", "contracts"))
    assert (row["worst_commodity"], row["worst_unit"]) == ("car", "vehicle")
    assert row["worst_lost_quantity"] == pytest.approx(row["lost_vehicles"])


def test_other_sectors_see_what_they_lack() -> None:
    lost = pd.DataFrame(
        {
            "party": ["HOME", "HOME", "ABROAD"],
            "commodity": ["wire", "magnet", "wire"],
            "unit": "t",
            "quantity": [5.0, 1.0, 2.0],
            "loss_usd": [5.0, 9.0, 2.0],
        }
    )
    found = worst_goods(lost).set_index("party")
    assert found["worst_commodity"].to_dict() == {"HOME": "magnet", "all": "magnet", "ABROAD": "wire"}
    assert found["worst_lost_quantity"].to_dict() == {"HOME": 1.0, "all": 1.0, "ABROAD": 2.0}


def test_written_stocks_can_be_added_up(place: Path, written: dict[str, Any]) -> None:
    """Every week of every store of a good that moves: the sum falls by what is released."""
    assert written
    stocks = pd.read_csv(place / "out" / "stocks.csv")
    sums = stocks.groupby(["response", "commodity", "week"])[["stock", "released"]].sum()
    for _, one in sums.groupby(level=[0, 1]):
        assert len(one) == 20
        assert one["stock"].diff().iloc[1:].to_numpy() == pytest.approx(-one["released"].iloc[1:].to_numpy(), abs=1e-3)


def test_units_say_whether_a_figure_is_net(written: dict[str, Any]) -> None:
    assert "net of" in written["meta"]["units"]["not_made_gwh_cells"]
    assert "gross" in units_of("sites")["not_made_gwh"]
    assert "not_made" not in units_of("summary")


def test_the_folder_holds_every_table_the_reply_and_the_page(place: Path, written: dict[str, Any]) -> None:
    output = place / "out"
    assert {path.name for path in output.iterdir()} == set(FILES)
    lost = pd.read_csv(output / "lost.csv")
    assert lost.groupby("response")["loss_usd"].sum()["contracts"] == pytest.approx(written["meta"]["loss_usd"]["contracts"])
    assert json.loads((output / "shock.json").read_text(encoding="utf-8"))["loss_usd"] == pytest.approx(
        written["meta"]["loss_usd"]
    )
    aid = pd.read_csv(output / "aid.csv")
    assert "pact" in set(aid["option"])
    assert "A mine stops" in (output / "shock.html").read_text(encoding="utf-8")


def test_a_folder_in_use_is_refused_before_any_work(place: Path, written: dict[str, Any]) -> None:
    assert written
    with pytest.raises(BadInput, match="empty or new folder"):
        respond_to(None, [place / "stop.yaml"], network=place / "nowhere", output=place / "out")


@pytest.mark.parametrize("words", [["EVENT", "--response", "contracts"], ["--response", "contracts", "EVENT"], ["run", "EVENT"]])
def test_the_first_word_may_be_an_event_or_an_option(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    def answered(_ledger: Any, events: list[str], **options: Any) -> Any:
        from orepact.service import Result

        asked.append((events, options["response"]))
        return Result(pd.DataFrame({"a": [1]}), {})

    monkeypatch.setattr("orepact.service.shock.responding.respond_to", answered)
    assert run(["shock", *words, "--network", "chain", "--format", "json"]) == 0
    assert asked == [(["EVENT"], "all" if words[0] == "run" else "contracts")]
    assert json.loads(capsys.readouterr().out)["data"] == [{"a": 1}]


def test_other_commands_of_the_group_keep_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(name in text for name in ("events", "exposure", "watch"))
    assert run(["shock", "events", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["data"]) >= 12


def test_an_event_that_nobody_knows_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", "drc_cobalt_ban_202", "nothing_like_it.yaml", "--format", "json"]) == 3
    problems = json.loads(capsys.readouterr().err)["error"]["problems"]
    assert len(problems) == 2
    assert "drc_cobalt_ban_2025" in problems[0]["mend"]


def test_every_wrong_setting_is_named_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        demand_asked("none", 0, "day", "all", "dim")
    assert [problem.column for problem in caught.value.problems] == ["response", "step", "rows", "foresight", "weeks"]
    for rows in TABLES:
        demand_asked("all", 52, "month", rows, "perfect")


def test_months_add_up_flows_and_keep_the_last_stock() -> None:
    weekly = pd.DataFrame(
        {
            "response": "market",
            "week": [0, 3, 4, 5],
            "commodity": "car",
            "quantity": [1.0, 2.0, 4.0, 8.0],
            "loss_usd": [float("nan")] * 4,
            "stock": [9.0, 7.0, 5.0, 3.0],
        }
    )
    found = stepped(weekly, "month")
    assert list(found.columns) == ["response", "month", "commodity", "quantity", "loss_usd", "stock"]
    assert found["month"].tolist() == [0, 1]
    assert found["quantity"].tolist() == [3.0, 12.0]
    assert found["stock"].tolist() == [7.0, 3.0]
    assert found["loss_usd"].isna().all()
    assert stepped(weekly, "week") is weekly


def test_a_stock_that_stands_still_keeps_its_first_week_alone() -> None:
    weeks = list(range(3))
    still = pd.DataFrame({"week": weeks, "party": "HOME", "commodity": "ore", "stock": [5.0, 5.0, 5.0]})
    falling = still.assign(commodity="car", stock=[5.0, 5.0, 4.0])
    found = moving(pd.concat([still, falling], ignore_index=True), "cover")
    assert found.groupby("commodity")["week"].count().to_dict() == {"car": 3, "ore": 1}


def test_goods_that_nothing_moves_are_left_out_whole_and_others_kept_whole() -> None:
    still = pd.DataFrame({"response": "market", "week": [0, 1], "party": "HOME", "commodity": "ore", "stock": [5.0, 5.0]})
    abroad, falling = still.assign(commodity="car", party="ABROAD"), still.assign(commodity="car", stock=[5.0, 4.0])
    found = touched(pd.concat([still, abroad, falling], ignore_index=True), "cover")
    assert found["commodity"].tolist() == ["car"] * 4


def test_a_note_of_two_responses_is_told_once() -> None:
    said = notes_once({"contracts": ["a"], "market": ["b", "c"], "pact": ["b"]})
    assert said == ["contracts: a", "market, pact: b", "market: c"]


def test_a_mistyped_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["shock", "exposre", "--format", "json"]) == 3
    (problem,) = json.loads(capsys.readouterr().err)["error"]["problems"]
    assert "`orepact shock events`" in problem["mend"]
    assert "`orepact shock exposure`" in problem["mend"]


def test_a_response_that_may_do_more_and_loses_more_is_named() -> None:
    case = chain_case()
    calm = respond(case, broken(case), "contracts")
    event = broken(case)
    event.site_share[0] = 0.0
    hurt = respond(case, event, "contracts")
    assert exceptions({"contracts": hurt, "market": calm, "pact": calm}) == []
    (said,) = exceptions({"market": calm, "pact": hurt})
    assert said.startswith(f"pact loses {hurt.costs_usd['loss']:,.0f} USD more than market")
