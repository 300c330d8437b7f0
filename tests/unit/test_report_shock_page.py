"""The page of a shock, on outcomes written down by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from orepact.report.shock_figures import days_of, output_map, ranked_bars, response_bars
from orepact.report.shock_help import aid_table, cooperation, cooperation_table, help_section, single_options
from orepact.report.shock_page import page_of, write_page
from orepact.report.shock_sections import cost_words, loss_words, stock_words, weekly_tables
from orepact.report.shock_stocks import falls_of_cover
from orepact.report.shock_stops import plants_by_week
from orepact.report.shock_story import ShockStory
from shock_outcomes import MISSED, WORTH, sample_aid, sample_event, sample_outcomes


@pytest.fixture(scope="module")
def story() -> ShockStory:
    return ShockStory((sample_event(),), sample_outcomes(), sample_aid(), {"warnings": ("be careful",)})


def test_losses_are_those_of_the_outcomes(story: ShockStory) -> None:
    for response, missed in MISSED.items():
        assert story.total(response, "loss_usd") == 4 * missed * WORTH
        assert story.total(response, "lost_vehicles") == 4 * missed
    frame, unit = weekly_tables(story)["Worth of what buyers go without"]
    assert unit == "thousand USD"
    assert frame["market"].tolist() == [0.0] * 6 + [10.0] * 4 + [0.0] * 2


def test_the_pact_saves_the_difference_by_party(story: ShockStory) -> None:
    values = cooperation(story)
    assert values.loc["HOME", "saved_market"] == 4 * WORTH * (MISSED["market"] - MISSED["pact"])
    assert values.loc["HOME", "saved_contracts"] == 4 * WORTH * (MISSED["contracts"] - MISSED["pact"])


def test_plants_show_their_share_of_usual_output(story: ShockStory) -> None:
    shares = plants_by_week(story, "contracts")
    assert shares.loc["car, HOME (plant)"].round(3).tolist() == [1, 1, 1, 1, 1, 1, 0.6, 0, 0.6, 0.6, 1, 1]
    assert shares.loc["ore, FAR (mine_far)"].tolist() == [0.0] * 4 + [1.0] * 8
    assert list(plants_by_week(story, "pact").index) == ["ore, FAR (mine_far)"]  # the car plant stays above half


def test_cover_falls_to_what_is_left_by_hand(story: ShockStory) -> None:
    ore = falls_of_cover(story).query("commodity == 'ore' and response == 'contracts'").iloc[0]
    assert (ore["first"], ore["lowest"], ore["week"]) == (pytest.approx(14.0), pytest.approx(1.4), 3)  # 20 ore at 100 a week


def test_the_page_says_what_broke_what_stops_first_and_what_is_unverified(story: ShockStory) -> None:
    page = page_of(story)
    cards = {finding.title: finding for finding in page.findings}
    assert (cards["What it costs"].figure, cards["What it costs"].label) == ("$40,000", "lost: market")  # the forecast
    assert "At most $80,000" in cards["What it costs"].words
    assert "With the pact $20,000" in cards["What it costs"].words
    assert not any(
        title.startswith("The first plant to fall") for title in cards
    )  # in the market all but the mine that is hit stay above half
    assert cards["Acting together"].figure == "$20,000"
    assert cards["The help that saves most"].words == "\u201cRelease of metal\u201d, alone, saves $30,000 for $10,000."
    event = page.tables["events"].rows[0]
    assert event.basis.confidence == "unverified"  # one of its sources is recalled
    assert event.cells["what"] == "site mine_far: nothing left"
    assert [row.basis.confidence for row in page.tables["assumptions"].rows] == ["estimated"]
    assert {"be careful", "a small chain", "written down by hand: pact"} <= set(page.caveats)


def test_contracts_alone_are_told_as_they_are(story: ShockStory) -> None:
    alone = ShockStory(story.events, {"contracts": story.outcomes["contracts"]})
    cards = {finding.title: finding for finding in page_of(alone).findings}
    assert (cards["What it costs"].figure, cards["What it costs"].label) == ("$80,000", "lost: contracts kept")
    first = cards["The first plant to fall, not hit itself"]  # the mine that the event stops itself does not count
    stops = story.table("stops").query("response == 'contracts' and site == 'plant'")
    assert (first.figure, stops["below_half_week"].tolist()) == ("week 7", [7])  # as in the tables: from week 0
    assert first.label == f"from {story.day(7)}, counted from week 0: contracts kept"


def test_parties_of_the_pact_have_a_card_each(story: ShockStory) -> None:
    """HOME: 10 cars a week for 4 weeks, of 1,000 USD; 180 of 200 ore leave the warehouse; ABROAD loses nothing."""
    known = replace(story, meta={"parties_of_the_pact": ["HOME", "ABROAD"]})
    cards = {finding.title: finding for finding in page_of(known).findings}
    assert cards["HOME"].figure == "$40,000"
    assert "Its buyers go without 40 vehicles." in cards["HOME"].words
    assert "At most $80,000" in cards["HOME"].words
    assert cards["ABROAD"].figure == "$0"
    price = story.case.network.commodities["price_usd_per_unit"]["ore"]
    assert known.stock_used("market", "HOME") == pytest.approx(180 * price)
    assert known.stock_used("market", "ABROAD") == 0


def test_stocks_that_give_way_are_told_where_little_is_lost(story: ShockStory) -> None:
    market = story.outcomes["market"]
    calm = ShockStory(story.events, {"market": replace(market, unmet=market.unmet * 0)})
    assert stock_words(calm).startswith("Little is missed because stocks give way: goods worth $")
    assert stock_words(story) == ""


def test_where_others_make_more_it_is_not_stocks_alone_that_give_way(story: ShockStory) -> None:
    market = story.outcomes["market"]
    costs = {**dict.fromkeys(market.costs_usd, 0.0), "production": 1e6}
    calm = ShockStory(story.events, {"market": replace(market, unmet=market.unmet * 0, costs_usd=costs)})
    assert stock_words(calm).startswith("Little is missed because stocks give way and others make or carry more: goods worth $")


def test_all_costs_are_told_by_their_largest_kinds_and_what_is_less_under_way_apart(story: ShockStory) -> None:
    """600 + 300 + 80 + 20 = 1,000; empty shelves are the fourth kind, and what is under way is not counted."""
    market = story.outcomes["market"]
    costs = {"loss": 80_000.0, "production": 600_000.0, "transport": 300_000.0, "shelf": 20_000.0, "under_way": 50_000.0}
    told = ShockStory(story.events, {"market": replace(market, costs_usd=costs)})
    assert cost_words(told, "market") == (
        "Market: in all $1.00 million above the usual week, of it output above the usual $600,000, more or longer freight "
        "$300,000 and what buyers go without $80,000. Goods worth $50,000 less than usual are under way at the end. That is not "
        "counted: where a nearer seller has taken over nothing lacks, where a seller stands still it does."
    )
    still = ShockStory(story.events, {"market": replace(market, costs_usd={**costs, "under_way": 9_000.0})})
    assert cost_words(still, "market").endswith("and what buyers go without $80,000.")
    assert cost_words(ShockStory(story.events, {"market": replace(market, costs_usd={"under_way": 1e6})}), "market") == ""


def test_contracts_are_no_upper_bound_where_less_is_lost_with_them(story: ShockStory) -> None:
    contracts = story.outcomes["contracts"]
    spared = ShockStory(story.events, {**story.outcomes, "contracts": replace(contracts, unmet=contracts.unmet * 0.25)})
    cards = {finding.title: finding for finding in page_of(spared).findings}
    assert "At most" not in cards["What it costs"].words
    assert "$20,000 with contracts kept." in cards["What it costs"].words
    said = " ".join(next(section for section in page_of(spared).sections if section.id == "lost").answer)
    assert "Contracts kept (nobody adapts)" in said
    assert "at most" not in said


def test_the_file_is_whole_and_safe_and_leaves_others_alone(story: ShockStory, tmp_path: Path) -> None:
    (tmp_path / "lost.csv").write_text("week\n", encoding="utf-8")
    path = write_page(tmp_path, story.events, story.outcomes, aid=story.aid)
    text = path.read_text(encoding="utf-8")
    assert path.name == "shock.html"
    assert (tmp_path / "lost.csv").exists()
    assert "The mine at FAR &lt;stops&gt;" in text
    assert "<stops>" not in text
    outside = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    assert not re.search(r"(src|href)=\"https?:", outside)
    for word in ("Contracts kept", "Market", "Pact", "Release of metal", "farores.example"):
        assert word in text


def test_one_response_alone_makes_a_page_without_help(story: ShockStory) -> None:
    alone = ShockStory(story.events, {"market": story.outcomes["market"]})
    page = page_of(alone)
    assert [section.id for section in page.sections] == ["broke", "lost", "stops", "cover", "assumed"]
    assert "Acting together" not in {finding.title for finding in page.findings}


def test_help_is_ranked_by_what_it_saves_net_of_its_cost(story: ShockStory) -> None:
    """A cheap trifle saves more for each dollar than what saves most: that stands in a column and ranks nothing."""
    rows = [("trifle", 1_000.0, 10.0, 100.0), ("waste", 90_000.0, 95_000.0, 0.947), ("release", 30_000.0, 10_000.0, 3.0)]
    aid = pd.DataFrame(rows, columns=["option", "saved_usd", "cost_usd", "saved_per_usd"])
    aid = aid.assign(title=aid["option"], net_saving_usd=aid["saved_usd"] - aid["cost_usd"])
    other = replace(story, aid=aid)
    assert single_options(aid)["option"].tolist() == ["release", "trifle"]
    assert [row.cells["option"] for row in aid_table(other).rows] == ["release", "trifle", "waste"]
    assert [row.cells["ratio"] for row in aid_table(other).rows] == [3.0, 100.0, 0.947]
    words = help_section(other).answer
    assert words[-1] == "Net of its cost, most is saved by \u201crelease\u201d: $20,000 ($30,000 for $10,000)."


def test_nothing_lost_is_said_and_not_drawn(story: ShockStory) -> None:
    market = story.outcomes["market"]
    calm = replace(
        market, unmet=market.unmet * 0, activity=market.case.activity[:, None] + market.activity * 0, stock=market.stock * 0 + 1e6
    )
    page = page_of(ShockStory(story.events, {"market": calm}))
    assert "weekly" not in page.pictures
    assert any("Nothing is lost" in words for section in page.sections for words in section.answer)
    assert any("No plant falls" in words for section in page.sections for words in section.answer)


def test_a_package_speaks_with_its_own_names(story: ShockStory) -> None:
    case = story.case
    named = replace(case.network, places=case.network.places.assign(name=["Near", "Far", "Home Land", "Abroad"]))
    outcomes = {name: replace(outcome, case=replace(case, network=named)) for name, outcome in story.outcomes.items()}
    assert ShockStory(story.events, outcomes).party("HOME") == "Home Land"


def test_figures_hold_plain_values(story: ShockStory) -> None:
    figure = output_map(plants_by_week(story, "market"), story.start, story.shade)
    assert figure["data"][0]["x"][:2] == ["2025-03-03", "2025-03-10"] == days_of(story.start, [0, 1])
    frame = figure["layout"]["shapes"][0]
    assert (frame["x0"][:10], frame["x1"][:10]) == ("2025-02-27", "2025-03-27")  # half a week early, four weeks long
    bars = response_bars(cooperation(story)[["market", "pact"]], "USD")
    assert [trace["name"] for trace in bars["data"]] == ["Market", "Pact"]


def test_a_pact_that_loses_more_is_told_and_explained(story: ShockStory) -> None:
    swapped = {"contracts": story.outcomes["contracts"], "market": story.outcomes["pact"], "pact": story.outcomes["market"]}
    page = page_of(ShockStory(story.events, swapped))
    card = next(finding for finding in page.findings if finding.title == "Acting together")
    assert (card.figure, card.label) == ("$20,000", "more lost with the pact")
    words = next(section for section in page.sections if section.id == "help").answer
    assert "loses $20,000 more than market" in words[0]
    assert "nobody knows the end" in words[1]


def test_a_pact_that_loses_more_though_the_end_is_known_is_not_explained_by_belief(story: ShockStory) -> None:
    known = {name: replace(one, disruption=replace(one.disruption, end_known_week=0)) for name, one in story.outcomes.items()}
    page = page_of(ShockStory(story.events, {"market": known["pact"], "pact": known["market"]}))
    card = next(finding for finding in page.findings if finding.title == "Acting together")
    said = " ".join(next(section for section in page.sections if section.id == "help").answer)
    assert "nobody knows the end" not in card.words + said
    for words in (card.words, said):
        assert "the end is known, but each decision looks only some weeks ahead" in words


def test_plants_are_shown_in_the_forecast_first_and_fit_a_small_screen(story: ShockStory) -> None:
    pictures = page_of(story).pictures
    assert list(pictures["stops_map"].figures) == ["Market", "Pact", "Contracts kept"]
    assert not any(pictures[name].wide for name in ("stops_map", "weekly"))


def test_vehicles_are_among_the_goods_and_not_beside_their_worth(story: ShockStory) -> None:
    assert loss_words(story, "market") == "goods worth $40,000, among them 40 vehicles"


def test_money_is_shown_as_the_middle_row_needs_it(story: ShockStory) -> None:
    values = pd.DataFrame(
        {"contracts": [3e9, 8e5, 3e5], "market": [1e9, 4e5, 4e5], "pact": [1e9, 4e5, 4e5]}, index=["HOME", "ABROAD", "FAR"]
    ).assign(saved_contracts=1e5, saved_market=0.0)
    table = cooperation_table(story, values)
    assert {column.unit for column in table.columns[1:]} == {"million USD"}
    assert [row.cells["market"] for row in table.rows] == pytest.approx([1000.0, 0.4, 0.4, 1000.8])


def test_options_name_parties_and_all_of_them_are_no_single_one(story: ShockStory) -> None:
    rows = [("pact", "All of it together", 9e4), ("stockpiles_HOME", "Public stocks of HOME are released", 3e4)]
    aid = pd.DataFrame(rows, columns=["option", "title", "net_saving_usd"])
    aid = aid.assign(saved_usd=aid["net_saving_usd"], cost_usd=0.0, saved_per_usd=1.0)
    case = story.case
    places = case.network.places.assign(name=["Near", "Far", "United Homes", "Abroad"])
    own = replace(case, network=replace(case.network, places=places))
    outcomes = {name: replace(outcome, case=own) for name, outcome in story.outcomes.items()}
    other = ShockStory(story.events, outcomes, aid)
    said = "Public stocks of the United Homes are released"
    assert [(row.cells["option"], row.total) for row in aid_table(other).rows] == [(said, False), ("All of it together", True)]
    page = page_of(other)
    assert page.pictures["aid_chart"].figures["Net saving"]["data"][0]["y"] == [said]
    assert said in next(card for card in page.findings if card.title == "The help that saves most").words


def test_a_package_has_no_edition_of_our_data(story: ShockStory) -> None:
    assert story.sources()["orepact_shock"]["edition"] == ""
    ours = replace(story, meta={"manifest": {"data_edition": "0123456789abcdef"}})
    assert ours.sources()["orepact_shock"]["edition"] == "data edition 0123456789ab"


def test_long_names_stand_on_two_lines_and_leave_room_on_a_small_screen() -> None:
    name = "High-pressure acid leaching, Cuba: others owned from Canada"
    plants = output_map(pd.DataFrame([[1.0, 0.0]], index=[name], columns=[0, 1]), date(2026, 2, 24))
    bars = ranked_bars({name: 3.0, "All": 1.0}, "USD")
    for figure in (bars, plants):
        lines = figure["layout"]["yaxis"]["ticktext"][0].split("<br>")
        assert len(lines) == 2
        assert max(map(len, lines)) <= 42
    narrow = plants["layout"]["meta"]["narrow"]["yaxis"]["ticktext"][0].split("<br>")
    assert (len(narrow), max(map(len, narrow)) <= 25) == (3, True)
    assert " ".join(lines) == " ".join(narrow) == name  # nothing of it is cut
    assert plants["data"][0]["y"] == [name]
    assert plants["data"][0]["colorbar"]["orientation"] == "h"
