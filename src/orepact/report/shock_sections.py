"""The first sections of a shock's page: what broke, and what is lost by week and by party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orepact.report.brief import Block, Column, Picture, Row, Section, Table
from orepact.report.figures import Figure
from orepact.report.shock_figures import (
    RESPONSE_STYLE,
    RESPONSE_TITLES,
    response_bars,
    weekly_lines,
)
from orepact.report.words import counted, dollars, listed, number, scale_of

if TYPE_CHECKING:
    import pandas as pd

    from orepact.report.shock_story import ShockStory
    from orepact.shock.events.event import Break, Event

#: Measures of loss by party: column, title, unit, and the factor to it.
MEASURES: Mapping[str, tuple[str, str, float]] = {
    "loss_usd": ("Worth of what buyers go without", "million USD", 1e-6),
    "total_usd": ("All costs above the usual week", "million USD", 1e-6),
    "stock_not_refilled_usd": ("Stock not refilled at the end", "million USD", 1e-6),
    "less_under_way_usd": ("Less under way at the end, not in the costs", "million USD", 1e-6),
    "lost_vehicles": ("Vehicles that buyers go without", "vehicles", 1.0),
    "not_made_gwh_cells": ("Cells not made", "GWh", 1.0),
    "not_made_gwh_packs": ("Packs not made", "GWh", 1.0),
}
#: How many times the largest value of the others dwarfs them in a picture.
DWARFED = 4.0
#: A loss below this part of what stocks gave is small.
SMALL = 0.2
#: A cost below this part of all costs is not told in words.
TOLD = 0.01
#: What a response stands for.
ROLES = {"market": " (the forecast)", "contracts": " (at most: nobody adapts)"}
#: The same where more is lost in the forecast, as that spares stocks.
NO_BOUND = " (nobody adapts)"
#: What to know of all parties together.
NOT_NET = "Counted party by party: what plants of other parties make more is not deducted."
#: Kinds of cost in words; what is less under way is no cost.
COSTS = {
    "loss": "what buyers go without",
    "idle": "what idle plants go on paying",
    "production": "output above the usual",
    "transport": "more or longer freight",
    "tariff": "duties",
    "substitution": "other goods in place of the usual",
    "release": "public stock released",
    "shelf": "empty shelves",
    "stock": "stock not refilled",
}
#: Parties that a picture shows.
MOST_PARTIES = 12
#: Part of the worth of what buyers go without, and what plants do not make, which is not.
AMONG = {"lost_vehicles": "{} vehicles", "lost_gwh_storage": "{} GWh of storage and batteries"}
NOT_MADE = {"not_made_gwh_cells": "{} GWh of cells", "not_made_gwh_packs": "{} GWh of packs"}
LEGEND = {name: (f"— {RESPONSE_TITLES[name]}", colour, False) for name, (colour, _) in RESPONSE_STYLE.items()}


# What broke ------------------------------------------------------------------------------------------


def broke_section(story: ShockStory) -> Section:
    """The events: what, from when, until when, said by whom."""
    rows = [row for event in story.events for row in _event_rows(story, event)]
    columns = (
        Column("event", "Event"),
        Column("what", "What breaks"),
        Column("start", "From"),
        Column("end", "Until"),
        Column("known", "End known"),
        Column("note", "Where its size comes from"),
    )
    answer = [" ".join(event.description.split()) for event in story.events if event.description]
    end = story.disruption.end_week
    lasts = (
        f"{counted(end, 'week')} in all" if end < story.disruption.weeks else f"beyond the {story.disruption.weeks} weeks shown"
    )
    answer.append(f"It begins on {story.start} and lasts {lasts}. {_end_words(story)}")
    table = Table("events", "What breaks", columns, tuple(rows))
    return Section("broke", "What broke", "What broke, since when, and who says so?", tuple(answer), (table,))


def _event_rows(story: ShockStory, event: Event) -> list[Row]:
    rows = []
    for at, item in enumerate(event.breaks):
        end = str(item.until or event.until or "") or _weeks_words(item.weeks or event.weeks)
        cells = {
            "event": event.title if at == 0 else "",
            "what": item.title or _break_words(item),
            "start": str(item.start or event.start),
            "end": end,
            "known": "from the start" if event.end_announced else str(event.end_known_from or "only when it comes"),
            "note": item.note,
        }
        rows.append(Row(cells, story.event_basis(event, item.confidence)))
    return rows


def _break_words(item: Break) -> str:
    what = f"{item.target} {listed(item.names)}" + (" (exports)" if item.exports else "")
    if item.left is not None:
        return f"{what}: {'nothing' if item.left == 0 else f'{100 * item.left:.0f} %'} left"
    if item.quota is not None:
        return f"{what}: at most {number(item.quota.quantity)} {item.quota.unit} per {item.quota.per}"
    if item.tariff is not None:
        return f"{what}: duty {100 * item.tariff.rate_change:+.0f} points"
    return f"{what}: {item.factor} times the usual"


def _weeks_words(weeks: float | str | None) -> str:
    return "unknown" if weeks in {None, "unknown"} else f"{weeks:g} weeks"


def _end_words(story: ShockStory) -> str:
    known = story.disruption.end_known_week
    if known <= 0:
        return "Its end is known from the first day."
    if story.meta.get("foresight") == "perfect":
        return "Everybody is taken to know the end from the first day (full foresight)."
    return f"Nobody knows its end before {story.day(known)}: decisions are made on belief and revised."


# What is lost ----------------------------------------------------------------------------------------


def lost_section(story: ShockStory) -> Section:
    """Loss by week and by party under each response."""
    basis = story.basis("followed week by week through stocks, routes and plants")
    words = [f"{RESPONSE_TITLES[name]}{_role(story, name)}: buyers go without {loss_words(story, name)}." for name in story.told]
    if any(story.total(name, "not_made_gwh_cells") + story.total(name, "not_made_gwh_packs") > 0 for name in story.responses):
        words.append(f"Cells and packs not made are counted{NOT_NET.removeprefix('Counted')}")
    words += [said for said in [stock_words(story), cost_words(story, story.lead)] if said]
    legend = tuple(LEGEND[name] for name in story.responses)
    weekly = weekly_tables(story)
    figures = {
        name: weekly_lines(part, story.start, unit, story.shade)
        for title, (frame, unit) in weekly.items()
        for name, part in _unsquashed(title, frame).items()
        if part.to_numpy().any()
    }
    blocks: list[Block] = []
    if figures:
        caption = "The shaded time is the event. What is under way and in stock bridges its first weeks."
        twin = _weekly_twin(story, weekly)
        alt = "Lines of what is lost in each week under each response"
        blocks.append(Picture("weekly", "Lost by week", alt, figures, basis, caption, twin, "Measure", legend=legend))
        blocks.append(_by_party(story, legend))
    blocks.append(parties_table(story))
    if not figures:
        words.append("Nothing is lost: stocks, goods under way and other routes bridge the event.")
    question = "How much is lost, when, and by whom, under the three responses?"
    return Section("lost", "What is lost", question, tuple(words), tuple(blocks), basis)


def _unsquashed(title: str, frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """By title what is drawn: where contracts dwarf the others, these first without them."""
    others = [name for name in frame.columns if name != "contracts"]
    if len(others) == len(frame.columns) or not others or not frame[others].to_numpy().any():
        return {title: frame}
    if float(frame["contracts"].max()) < DWARFED * float(frame[others].to_numpy().max()):
        return {title: frame}
    return {title: frame[others], f"{title}, contracts kept too": frame}


def _role(story: ShockStory, response: str) -> str:
    """What a response stands for, in brackets."""
    return NO_BOUND if response == "contracts" and not contracts_bound(story) else ROLES.get(response, "")


def contracts_bound(story: ShockStory) -> bool:
    """Whether with contracts kept no less is lost than in what is told first."""
    return story.total("contracts", "loss_usd") >= story.total(story.lead, "loss_usd")


def cost_words(story: ShockStory, response: str) -> str:
    """What a response costs above a usual week, in all and by its largest kinds; and what is less under way at the end."""
    costs = story.outcomes[response].costs_usd
    parts = {words: costs.get(kind, 0.0) for kind, words in COSTS.items()}
    total = sum(parts.values())
    if total < 1.0:
        return ""
    most = sorted((words for words in parts if parts[words] > TOLD * total), key=lambda words: -parts[words])[:3]
    told = listed(f"{words} {dollars(parts[words])}" for words in most)
    said = f"{RESPONSE_TITLES[response]}: in all {dollars(total)} above the usual week, of it {told}."
    less = costs.get("under_way", 0.0)
    if less <= TOLD * total:
        return said
    return (
        f"{said} Goods worth {dollars(less)} less than usual are under way at the end. That is not counted: where a nearer "
        "seller has taken over nothing lacks, where a seller stands still it does."
    )


def stock_words(story: ShockStory) -> str:
    """What stocks gave in place of a loss, where little is lost beside it; else nothing."""
    used, lost = story.stock_used(story.lead), story.total(story.lead, "loss_usd")
    if lost > SMALL * used or used < 1.0:
        return ""
    lacking = story.total(story.lead, "stock_not_refilled_usd")
    after = f", of which {dollars(lacking)} are not refilled at the end" if 0 < lacking <= used else ""
    costs = story.outcomes[story.lead].costs_usd
    more = costs.get("production", 0.0) + costs.get("transport", 0.0) > SMALL * used
    others = " and others make or carry more" if more else ""
    return f"Little is missed because stocks give way{others}: goods worth {dollars(used)} are taken from stocks{after}."


def loss_words(story: ShockStory, response: str) -> str:
    """What is lost under a response, in words: money, of it vehicles and storage; and apart cells and packs not made."""
    totals = {name: story.total(response, name) for name in (*AMONG, *NOT_MADE)}
    among = [AMONG[name].format(f"{totals[name]:,.0f}" if name == "lost_vehicles" else number(totals[name]))
             for name in AMONG if totals[name] > 0]  # fmt: skip
    made = [NOT_MADE[name].format(number(totals[name])) for name in NOT_MADE if totals[name] > 0]
    goods = f"goods worth {dollars(story.total(response, 'loss_usd'))}" + (f", among them {listed(among)}" if among else "")
    return f"{goods}; plants do not make {listed(made)}" if made else goods


def weekly_tables(story: ShockStory) -> dict[str, tuple[pd.DataFrame, str]]:
    """By measure: loss of all parties by week (rows) and response (columns), and its unit."""
    from orepact.shock.outcome.tables import vehicles_of

    lost, sites = story.table("lost"), story.table("sites")
    vehicles = lost[lost["commodity"].isin(vehicles_of(story.case.network))]
    worth = _by_week(story, lost, "loss_usd")
    money, factor = scale_of(float(worth.to_numpy().max()))
    return {
        "Worth of what buyers go without": (worth * factor, money),
        "Cells not made": (_by_week(story, _of_stage(story, sites, "cell"), "not_made_gwh"), "GWh"),
        "Packs not made": (_by_week(story, _of_stage(story, sites, "pack"), "not_made_gwh"), "GWh"),
        "Vehicles that buyers go without": (_by_week(story, vehicles, "quantity"), "vehicles"),
    }


def _of_stage(story: ShockStory, sites: pd.DataFrame, stage: str) -> pd.DataFrame:
    stages = story.case.network.commodities["stage"]
    return sites[sites["commodity"].map(stages) == stage]


def _by_week(story: ShockStory, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    summed = frame.pivot_table(index="week", columns="response", values=column, aggfunc="sum")
    return summed.reindex(index=range(story.disruption.weeks), columns=story.responses).fillna(0.0)


def _weekly_twin(story: ShockStory, weekly: Mapping[str, tuple[pd.DataFrame, str]]) -> Table:
    columns = [Column("week", "Week of")]
    columns += [Column(f"{title}|{name}", f"{title}: {RESPONSE_TITLES[name].lower()}", unit, "number")
                for title, (_, unit) in weekly.items() for name in story.responses]  # fmt: skip
    basis = story.basis("sum over parties")
    rows = []
    for week in range(story.disruption.weeks):
        cells: dict[str, Any] = {"week": story.day(week)}
        cells |= {
            f"{title}|{name}": float(frame[name].iloc[week]) for title, (frame, _) in weekly.items() for name in story.responses
        }
        rows.append(Row(cells, basis))
    return Table("weekly_table", "lost by week", tuple(columns), tuple(rows), folded=True, long=True)


def _by_party(story: ShockStory, legend: tuple[tuple[str, str, bool], ...]) -> Picture:
    figures: dict[str, Figure] = {}
    table = story.table("parties")
    for column, (title, unit, _) in MEASURES.items():
        wide = table.pivot_table(index="party", columns="response", values=column, aggfunc="sum")
        wide = wide.reindex(columns=story.responses).fillna(0.0)
        shown, factor = scale_of(float(wide.to_numpy().max(initial=0.0))) if column.endswith("_usd") else (unit, 1.0)
        wide = wide * factor
        figures |= {
            name: _party_bars(story, part, shown) for name, part in _unsquashed(title, wide).items() if part.to_numpy().any()
        }
    basis = story.basis("sum over weeks; cells and packs net of what other plants of the party make more")
    alt = "Bars of what each party loses under each response"
    solid = tuple((label.lstrip("— "), colour, hatched) for label, colour, hatched in legend)
    caption = f"The {MOST_PARTIES} parties that lose most; the table has all."
    return Picture("by_party", "Lost by party", alt, figures, basis, caption, None, "Measure", legend=solid, height=440)


def _party_bars(story: ShockStory, wide: pd.DataFrame, unit: str) -> Figure:
    """Bars of the parties that lose most, by response."""
    wide = wide.loc[wide.max(axis=1).sort_values(ascending=False, kind="stable").index][:MOST_PARTIES]
    return response_bars(wide[wide.max(axis=1) > 0].rename(index=story.party), unit)


def parties_table(story: ShockStory) -> Table:
    """What each party loses under each response."""
    columns = [Column("party", "Party"), Column("response", "Response")]
    columns += [Column(name, title, unit, "number") for name, (title, unit, _) in MEASURES.items()]
    at = 1 + next(number for number, column in enumerate(columns) if column.key == "lost_vehicles")
    columns.insert(at, Column("lost_gwh_storage", "Storage that buyers go without", "GWh", "number"))
    basis = story.basis("sum over weeks")
    order = {name: at for at, name in enumerate(story.worst_parties)}
    table = story.table("parties").assign(order=lambda t: t["party"].map(order)).sort_values(["order", "response"])
    rows = []
    for said in table.to_dict("records"):
        cells = {name: said[name] * factor for name, (_, _, factor) in MEASURES.items()}
        cells |= {"party": story.party(said["party"]), "response": RESPONSE_TITLES[said["response"]]}
        rows.append(Row(cells | {"lost_gwh_storage": said["lost_gwh_storage"]}, basis))
    return Table("parties", "What each party loses", tuple(columns), tuple(rows), folded=True)
