"""The sections on stocks: how long they last, party by party, and what is assumed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.report.brief import CONFIDENCES, Basis, Column, Picture, Row, Section, Table
from orepact.report.figures import Figure
from orepact.report.shock_figures import RESPONSE_TITLES, party_lines
from orepact.report.words import listed, number, uncapped

if TYPE_CHECKING:
    from orepact.report.shock_story import ShockStory

#: Goods that a picture offers, and parties that one figure shows.
MOST_GOODS, MOST_PARTIES = 8, 6
#: Cover that never falls below this part of its start is not shown.
NOTABLE = 0.75
#: Less cover than this many days at the start is no stock worth following.
LEAST_DAYS = 1.0
QUESTION = "How many days do stocks last, and where do they run down?"


def cover_section(story: ShockStory) -> Section | None:
    """Days of cover of the goods that run down, by party; None where no party holds a stock."""
    falls = falls_of_cover(story)
    if falls.empty:
        return None
    basis = story.basis("stock above its floor by the usual use of a day; what is under way does not count")
    first = story.lead
    mine = falls[falls["response"] == first]
    goods = first_to_fall(mine)
    figures = {story.good(good): _lines(story, first, good, mine) for good in goods}
    words = (_worst_words(story, mine) if len(mine) else "No stock falls notably.",)
    caption = (
        f"Response: {RESPONSE_TITLES[first].lower()}. Stocks above their floors at the usual use of a party; "
        f"the {MOST_PARTIES} parties whose stock falls most."
    )
    blocks = []
    if figures:
        alt = "Lines of the days that stocks of a good last, by party and week"
        blocks.append(
            Picture(
                "cover_chart",
                "Days of cover",
                alt,
                figures,
                basis,
                caption,
                cover_table(story, falls),
                "Good",
                legend=(),
                height=380,
            )
        )
    return Section("cover", "How long stocks last", QUESTION, words, tuple(blocks), basis)


def falls_of_cover(story: ShockStory) -> pd.DataFrame:
    """By response, party and good: days of cover at first and at their lowest, when, and ``weight`` (stock lost at its price)."""
    cover = story.table("cover")
    keys = ["response", "party", "commodity"]
    grouped = cover.sort_values([*keys, "week"]).groupby(keys, sort=False)
    falls = grouped.agg(first=("cover_days", "first"), lowest=("cover_days", "min"), use=("use_per_day", "first")).reset_index()
    falls["week"] = cover.loc[grouped["cover_days"].idxmin(), "week"].to_numpy()
    falls = falls[(falls["first"] >= LEAST_DAYS) & (falls["lowest"] < NOTABLE * falls["first"])]
    price = falls["commodity"].map(story.case.network.commodities["price_usd_per_unit"]).astype(float).fillna(0.0)
    return falls.assign(weight=(falls["first"] - falls["lowest"]) * falls["use"] * price).reset_index(drop=True)


def first_to_fall(falls: pd.DataFrame) -> list[str]:
    """The goods whose stocks lose most worth, in the order in which the stock of their worst party is lowest."""
    most = falls.groupby("commodity")["weight"].sum().sort_values(ascending=False).index[:MOST_GOODS]
    worst = falls.sort_values("weight", ascending=False).drop_duplicates("commodity").set_index("commodity")["week"]
    return [str(name) for name in worst[list(most)].sort_values(kind="stable").index]


def _lines(story: ShockStory, response: str, good: str, falls: pd.DataFrame) -> Figure:
    cover = story.table("cover")
    worst = falls[falls["commodity"] == good].sort_values("weight", ascending=False)["party"][:MOST_PARTIES]
    mine = cover[(cover["response"] == response) & (cover["commodity"] == good) & cover["party"].isin(worst)]
    wide = mine.pivot_table(index="week", columns="party", values="cover_days")[list(worst)]
    return party_lines(wide.rename(columns=story.party), story.start, story.good(good), "days", story.shade)


def _worst_words(story: ShockStory, falls: pd.DataFrame) -> str:
    worst = falls.sort_values("weight", ascending=False).drop_duplicates("commodity")
    told = {str(row["commodity"]): row for row in worst.to_dict("records")}
    parts = [
        f"{uncapped(story.good(good))} in {story.party(str(row['party']))} (from {number(row['first'])} to "
        f"{number(row['lowest'])} days by {story.day(row['week'])})"
        for good, row in ((name, told[name]) for name in first_to_fall(falls)[:3])
    ]
    return f"With {RESPONSE_TITLES[story.lead].lower()}, the stocks that run down first: {listed(parts)}."


def cover_table(story: ShockStory, falls: pd.DataFrame) -> Table:
    """Stocks that fall notably: cover at first and at the lowest."""
    columns = (
        Column("good", "Good"),
        Column("party", "Party"),
        Column("response", "Response"),
        Column("first", "At first", "days", "number"),
        Column("lowest", "Lowest", "days", "number"),
        Column("when", "Week of"),
    )
    basis = story.basis("stock above its floor by the usual use of a day")
    rows = [
        Row(
            {
                "good": story.good(said["commodity"]),
                "party": story.party(said["party"]),
                "response": RESPONSE_TITLES[said["response"]],
                "first": float(said["first"]),
                "lowest": float(said["lowest"]),
                "when": story.day(said["week"]),
            },
            basis,
        )
        for said in falls.sort_values(["weight", "response"], ascending=[False, True]).to_dict("records")
    ]
    return Table("cover", "stocks that run down", columns, tuple(rows), folded=True, long=True)


# What is assumed -------------------------------------------------------------------------------------


def assumed_section(story: ShockStory) -> Section | None:
    """What the usual week assumes beside the flows: stocks, capacities above the usual, substitution; each with its source."""
    rows = [row for group, content in story.case.assumptions.items() for row in _assumed(group, content)]
    if not rows:
        return None
    columns = (
        Column("group", "Of"),
        Column("title", "What"),
        Column("value", "Assumed"),
        Column("source", "Said by"),
    )
    weak = sum(row.basis.confidence in {"estimated", "unverified"} for row in rows)
    words = (
        f"{weak} of {len(rows)} assumptions are estimates or unverified. The event hits the usual week of {story.case.year}: "
        "every week a fifty-second of the year, stocks as below, goods under way for as many weeks as the way takes."
    )
    table = Table("assumptions", "what is assumed beside the flows", columns, tuple(rows), folded=True, long=True)
    return Section("assumed", "What is assumed", "What is assumed beside the observed flows?", (words,), (table,))


def _assumed(group: str, content: Any, title: str = "") -> Iterator[Row]:
    """A row for each entry that states a source or a confidence, wherever it stands."""
    if isinstance(content, Mapping):
        if "confidence" in content or "source" in content:
            yield _assumption(group, content, title)
            return
        for name, inner in content.items():
            yield from _assumed(group, inner, str(name))
    elif isinstance(content, (list, tuple)):
        for inner in content:
            yield from _assumed(group, inner, title)


def _assumption(group: str, content: Mapping[str, Any], title: str) -> Row:
    said = {"title", "description", "source", "confidence", "note"}
    values = [
        f"{name.replace('_', ' ')} {_plain(value)}"
        for name, value in content.items()
        if name not in said and value not in (None, "", [], {})
    ]
    confidence = str(content.get("confidence", "estimated"))
    basis = Basis((), "", confidence if confidence in CONFIDENCES else "estimated", str(content.get("note", "") or ""))
    cells = {
        "group": group.replace("_", " "),
        "title": str(content.get("title") or title.replace("_", " ")),
        "value": "; ".join(values),
        "source": f"{content.get('source', '')} ({basis.confidence})".strip(),
    }
    return Row(cells, basis)


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
