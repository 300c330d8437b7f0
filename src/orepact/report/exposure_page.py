"""The page of an exposure: ``exposure.html``, which elements matter most and how long their loss can be borne."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.chain.whole_folder import files_in_place
from orepact.report.brief import Basis, Brief, Column, Finding, Picture, Row, Section, Table
from orepact.report.figures import RED
from orepact.report.page import render_page
from orepact.report.risk_figures import times
from orepact.report.shock_figures import ranked_bars
from orepact.report.words import counted, dollars, number

if TYPE_CHECKING:
    import pandas as pd

FILE = "exposure.html"
#: Units of time as a sentence says them.
TIMES = {"year": "years", "week": "weeks", "day": "days", "as in the package": "units of time of the package"}
MODEL = "orepact_exposure"
#: Elements in the ranking, in the scatter and in the table.
MOST, MOST_POINTS, MOST_ROWS = 20, 1500, 200


def write_exposure_page(folder: Path | str, rows: pd.DataFrame, meta: Mapping[str, Any]) -> Path:
    """Write ``exposure.html`` into ``folder`` and return its path; other files stay.

    ``rows``: of an exposure (``event, kind, time_to_recover, time_to_survive, lost_quantity, unit, loss_usd,
    risk_exposure_index, worst_commodity, worst_party``); ``meta``: of the reply.
    """
    text = render_page(exposure_brief(rows, meta))
    with files_in_place(Path(folder), (FILE,)) as draft:
        (draft / FILE).write_text(text, encoding="utf-8")
    return Path(folder) / FILE


def exposure_brief(rows: pd.DataFrame, meta: Mapping[str, Any]) -> Brief:
    """Everything that the page shows, as plain data."""
    unit = TIMES.get(str(meta.get("time_unit", "")), str(meta.get("time_unit", "units of time")))
    created = str(meta.get("manifest", {}).get("created", ""))[:10]
    basis = Basis(
        (MODEL,), created, "modelled", "aggregate form: capacities are rates, stocks stand as given, nothing is delayed"
    )
    ranked = rows[rows["risk_exposure_index"] > 0].sort_values("risk_exposure_index", ascending=False, kind="stable")
    own = {"producer": "orepact", "title": "Exposure in aggregate form (Simchi-Levi et al. 2014)", "grade": "D"}
    return Brief(
        title=str(meta.get("title", "Exposure")),
        subtitle=f"Each element breaks alone for its time to recover, in {unit}; the smallest loss that follows.",
        findings=tuple(_findings(rows, ranked, basis, unit)),
        sections=(_ranking(ranked, basis, unit), _survival(rows, basis, unit)),
        sources={MODEL: own},
        manifest={key: value for key, value in meta.get("manifest", {}).items() if not isinstance(value, (dict, list))},
        caveats=tuple(str(words) for words in meta.get("warnings", ())),
        house="orepact shock exposure",
        beside="The rows of the reply hold the same numbers.",
    )


def _findings(rows: pd.DataFrame, ranked: pd.DataFrame, basis: Basis, unit: str) -> list[Finding]:
    losing = f"{counted(len(ranked), 'event')} of {len(rows)} lose something."
    found = [Finding(str(len(ranked)), f"of {len(rows)} events lose something", "What matters", losing, basis, "ranking")]
    if len(ranked):
        worst = ranked.iloc[0]
        loss = float(worst["loss_usd"])
        figure = dollars(loss) if loss > 0 else f"{number(float(worst['lost_quantity']))} {worst['unit']}"
        words = f"{worst['event']}, out for {number(float(worst['time_to_recover']))} {unit}; {worst['worst_party']} loses most."
        found.append(Finding(figure, "lost", "The worst of the set", words, basis, "ranking"))
    short = rows[rows["time_to_survive"] < rows["time_to_recover"]]
    words = "Their stocks and spare capacity end before they work again."
    found.append(Finding(str(len(short)), "outlast what can be borne", "Too long", words, basis, "survival"))
    return found


def _ranking(ranked: pd.DataFrame, basis: Basis, unit: str) -> Section:
    shown = ranked[:MOST]
    columns = (
        Column("event", "Event"),
        Column("index", "Risk exposure index", "", "number"),
        Column("loss", "Loss", "million USD", "number"),
        Column("lost", "Lost", "own unit", "number"),
        Column("unit", "Unit"),
        Column("recover", "Time to recover", unit, "number"),
        Column("survive", "Time to survive", unit, "number"),
        Column("good", "Worst good"),
        Column("party", "Worst party"),
    )
    table = tuple(
        Row(
            {
                "event": str(said["event"]),
                "index": float(said["risk_exposure_index"]),
                "loss": float(said["loss_usd"]) / 1e6,
                "lost": float(said["lost_quantity"]),
                "unit": str(said["unit"]),
                "recover": float(said["time_to_recover"]),
                "survive": float(said["time_to_survive"]),
                "good": str(said["worst_commodity"]),
                "party": str(said["worst_party"]),
            },
            basis,
        )
        for said in ranked[:MOST_ROWS].to_dict("records")
    )
    twin = Table("exposure", "events that lose something", columns, table, folded=True, long=True)
    title, question = "Which elements matter most", "Whose loss costs most over its time to recover?"
    words = "The index is the loss beside the largest of the set: 1 is the worst."
    if ranked.empty:
        return Section("ranking", title, question, ("No event loses anything.",), (), basis)
    index = {str(said["event"]): float(said["risk_exposure_index"]) for said in shown.to_dict("records")}
    figures = {"Index": ranked_bars(index, "risk exposure index", dict.fromkeys(index, RED))}
    height = 80 + 30 * len(index)
    picture = Picture("index", "Risk exposure index", "Ranked bars of the index", figures, basis, "", twin, height=height)
    return Section("ranking", title, question, (words,), (picture,), basis)


def _survival(rows: pd.DataFrame, basis: Basis, unit: str) -> Section:
    shown = rows.sort_values("risk_exposure_index", ascending=False, kind="stable")[:MOST_POINTS]
    shown = shown.fillna({"time_to_survive": float("inf"), "risk_exposure_index": 0.0})
    points = [
        (
            str(event),
            float(recover),
            float(survive),
            float(index),
        )
        for event, recover, survive, index in zip(
            shown["event"], shown["time_to_recover"], shown["time_to_survive"], shown["risk_exposure_index"], strict=True
        )
    ]
    caption = (
        "Below the line (red) the time to recover is longer than what can be borne. The larger the point, the larger the loss."
    )
    legend = (("borne", "#0072B2", False), ("not borne", "#D55E00", False))
    picture = Picture(
        "survival",
        "Time to survive against time to recover",
        "One point an element",
        {"Times": times(points, unit)},
        basis,
        caption,
        legend=legend,
        height=480,
    )
    question = "How long can each loss be borne, and how long does it last?"
    words = "The time to survive is the longest stop that leaves no demand unmet; without limit where others can do it for ever."
    return Section("survival", "How long it can be borne", question, (words,), (picture,), basis)
