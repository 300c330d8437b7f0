"""The section on plants: which fall below half of their usual output, when, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from orepact.report.brief import Column, Picture, Row, Section, Table
from orepact.report.shock_figures import RESPONSE_TITLES, output_map
from orepact.report.words import counted

if TYPE_CHECKING:
    from orepact.report.shock_story import ShockStory

TITLE, QUESTION = "Which plants stop", "Which plants stop, and when?"
#: Plants that a picture shows.
MOST_PLANTS = 28
#: What to know of the output of plants where a response is planned.
FREE = (
    "Where others take over, a plant pays for what it does not make, but not for stopping and starting: some stand still for "
    "single weeks while what they take is short, and run the next."
)


def stops_section(story: ShockStory) -> Section:
    """Which plants fall below half of their output, and when."""
    stops = story.table("stops")
    basis = story.basis("output of a week as a part of the usual output")
    if stops.empty:
        return Section("stops", TITLE, QUESTION, ("No plant falls below half of its usual output.",), (), basis)
    words = []
    for name in story.responses:
        mine = stops[stops["response"] == name]
        whole = mine["stop_week"].notna().sum()
        words.append(
            f"{RESPONSE_TITLES[name]}: {counted(len(mine), 'plant')} below half of the usual output, {whole} of them stopped."
        )
    if any(name != "contracts" for name in stops["response"]):
        words.append(FREE)
    figures = {RESPONSE_TITLES[name]: output_map(plants_by_week(story, name), story.start, story.shade)
               for name in story.told if len(stops[stops["response"] == name])}  # fmt: skip
    shown = max(len(figure["data"][0]["y"]) for figure in figures.values())
    picture = Picture(
        "stops_map",
        "Output of the plants that suffer most",
        "Plants by week, the darker the less they make",
        figures,
        basis,
        f"Up to {MOST_PLANTS} plants, by the worth of what they do not make; the frame is the time of the event.",
        stops_table(story),
        "Response",
        height=max(220, 110 + 36 * shown),
    )
    return Section("stops", TITLE, QUESTION, tuple(words), (picture,), basis)


def plants_by_week(story: ShockStory, response: str) -> pd.DataFrame:
    """Share of usual output by plant (rows) and week (columns), of the plants whose missing output is worth most."""
    outcome = story.outcomes[response]
    case, stops = outcome.case, story.table("stops")
    mine = stops[stops["response"] == response]
    prices = case.network.commodities["price_usd_per_unit"]
    worth = mine["not_made"] * mine["commodity"].map(prices).astype(float).fillna(0.0)
    chosen = mine.assign(worth=worth).sort_values(["worth", "not_made", "site"], ascending=[False, False, True])[:MOST_PLANTS]
    chosen = chosen.sort_values(["below_half_week", "stop_week", "site"])
    at = case.network.site_index.get_indexer(pd.Index(chosen["site"]))
    share = outcome.activity[at] / case.activity[at][:, None]
    return pd.DataFrame(np.minimum(share, 1.0), index=[story.plants[str(site)] for site in chosen["site"]])


def stops_table(story: ShockStory) -> Table:
    """Every plant that falls below half, under each response."""
    columns = (
        Column("plant", "Plant"),
        Column("owner", "Owner"),
        Column("hit", "Hit"),
        Column("response", "Response"),
        Column("half", "Below half from"),
        Column("half_weeks", "Weeks below half", "weeks", "number"),
        Column("stop", "Stopped from"),
        Column("stop_weeks", "Weeks stopped", "weeks", "number"),
        Column("lost", "Not made", "own unit", "number"),
        Column("unit", "Unit"),
    )
    basis, rows = story.basis("output of a week as a part of the usual output"), []
    for said in story.table("stops").to_dict("records"):
        stop = said["stop_week"]
        cells = {
            "plant": story.plants[said["site"]],
            "owner": "" if pd.isna(said["owner"]) else str(said["owner"]),
            "hit": "by the event" if said["site"] in story.hit else "not itself",
            "response": RESPONSE_TITLES[said["response"]],
            "half": story.day(said["below_half_week"]),
            "half_weeks": int(said["below_half_weeks"]),
            "stop": "" if pd.isna(stop) else story.day(int(stop)),
            "stop_weeks": int(said["stop_weeks"]),
            "lost": float(said["not_made"]),
            "unit": said["unit"],
        }
        rows.append(Row(cells, basis))
    return Table("stops", "every plant below half of its usual output", columns, tuple(rows), folded=True, long=True)
