"""The page of an exposure: ``exposure.html``, which elements matter most and how long their loss can be borne."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from orepact.chain.whole_folder import files_in_place
from orepact.report.brief import Basis, Brief, Column, Finding, Picture, Row, Section, Table
from orepact.report.exposure_names import event_title
from orepact.report.figures import RED
from orepact.report.page import render_page
from orepact.report.risk_figures import times
from orepact.report.scope import thing_title, title_of
from orepact.report.shock_figures import ranked_bars, wrapped
from orepact.report.words import dollars, number, uncapped

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Codes

FILE = "exposure.html"
#: Units of time as a sentence says them; a package that names none (``time_unit`` in network.yaml) has its own.
TIMES = {"year": "years", "week": "weeks", "day": "days"}
OWN_TIME = "units of time"
MODEL = "orepact_exposure"
#: Elements in the ranking, in the scatter and in the table.
MOST, MOST_POINTS, MOST_ROWS = 15, 1500, 200


def write_exposure_page(folder: Path | str, rows: pd.DataFrame, meta: Mapping[str, Any]) -> Path:
    """Write ``exposure.html`` into ``folder`` and return its path; other files stay.

    ``rows``: of an exposure (``event, kind, time_to_recover, time_to_survive, lost_quantity, unit, loss_usd,
    risk_exposure_index, worst_commodity, worst_party``); ``meta``: of the reply, of a package with its ``party_names``.
    """
    from orepact.facts import Codes

    # facts of ours have code lists of ours; the names of a package are its own
    codes = Codes.shipped() if "data_edition" in meta.get("manifest", {}) else None
    text = render_page(exposure_brief(_in_words(rows, codes, meta.get("party_names", {})), meta))
    with files_in_place(Path(folder), (FILE,)) as draft:
        (draft / FILE).write_text(text, encoding="utf-8")
    return Path(folder) / FILE


def exposure_brief(rows: pd.DataFrame, meta: Mapping[str, Any]) -> Brief:
    """Everything that the page shows, as plain data."""
    unit = TIMES.get(str(meta.get("time_unit", "")), OWN_TIME)
    created = str(meta.get("manifest", {}).get("created", ""))[:10]
    basis = Basis(
        (MODEL,), created, "modelled", "aggregate form: capacities are rates, stocks stand as given, nothing is delayed"
    )
    ranked = rows[rows["risk_exposure_index"] > 0].sort_values("risk_exposure_index", ascending=False, kind="stable")
    own = {"producer": "orepact", "title": "Exposure in aggregate form (Simchi-Levi et al. 2014)", "grade": "D"}
    return Brief(
        title=str(meta.get("title", "Exposure")),
        subtitle=f"{_asked(unit)} What is shown is the least that is lost: everybody helps as well as they can.",
        findings=tuple(_findings(rows, ranked, basis, unit)),
        sections=(_ranking(ranked, basis, unit), _survival(rows, basis, unit)),
        sources={MODEL: own},
        manifest={key: value for key, value in meta.get("manifest", {}).items() if not isinstance(value, (dict, list))},
        caveats=tuple(str(words) for words in meta.get("warnings", ())),
        house="orepact shock exposure",
        beside="The rows of the reply hold the same numbers.",
    )


def _asked(unit: str) -> str:
    if unit == OWN_TIME:
        return "Each thing breaks alone for the time that it takes to recover, in the unit of time of the package."
    return f"Each thing breaks alone for the {unit} that it takes to recover."


def _in_words(rows: pd.DataFrame, codes: Codes | None, names: Mapping[str, str]) -> pd.DataFrame:
    """The rows with events, goods and parties as people call them, where the code lists or the package know them."""
    if codes is None:
        return rows.assign(worst_party=[names.get(str(name), str(name)) for name in rows["worst_party"]])
    return rows.assign(
        event=[event_title(str(name), codes) for name in rows["event"]],
        worst_commodity=[thing_title(codes, str(name)) for name in rows["worst_commodity"]],
        worst_party=[title_of(codes, str(name)) if name else "" for name in rows["worst_party"]],
    )


def _findings(rows: pd.DataFrame, ranked: pd.DataFrame, basis: Basis, unit: str) -> list[Finding]:
    words = "Of all the others nothing is missed: stocks, spare capacity or other suppliers stand in for them."
    if len(ranked) == len(rows):
        words = "Nothing that was asked for can break without a loss."
    found = [Finding(f"{len(ranked):,}", f"of {len(rows):,} breaks lose something", "What matters", words, basis, "ranking")]
    if len(ranked):
        worst = ranked.iloc[0]
        loss = float(worst["loss_usd"])
        figure = dollars(loss) if loss > 0 else f"{number(float(worst['lost_quantity']))} {worst['unit']}"
        out = f"{float(worst['time_to_recover']):g} {unit}"
        words = (
            f"{worst['event']}, out for {out}. Most is lost by {worst['worst_party']}: {uncapped(str(worst['worst_commodity']))}."
        )
        found.append(Finding(figure, "lost", "The worst break", words, basis, "ranking"))
    short = rows[rows["time_to_survive"] < rows["time_to_recover"]]
    words = "Stocks and spare capacity are used up before they work again."
    found.append(Finding(f"{len(short):,}", "take longer than can be borne", "Too long", words, basis, "survival"))
    return found


def _ranking(ranked: pd.DataFrame, basis: Basis, unit: str) -> Section:
    shown = ranked[:MOST]
    columns = (
        Column("event", "What breaks"),
        Column("index", "Loss beside the worst", "1 = worst", "number"),
        Column("loss", "Loss", "million USD", "number"),
        Column("lost", "Lost", "own unit", "number"),
        Column("unit", "Unit"),
        Column("recover", "Time to recover", unit, "number"),
        Column("survive", "Time to survive", unit, "number"),
        Column("good", "Most is lost of"),
        Column("party", "Most is lost by"),
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
    twin = Table("exposure", "breaks that lose something", columns, table, folded=True, long=True)
    title, question = "What matters most", "Whose loss costs most until it works again?"
    more = "the rest" if len(ranked) <= MOST_ROWS else "more"
    words = "Each bar is the loss of one break beside that of the worst one, which is 1 (the risk exposure index)."
    if ranked.empty:
        return Section("ranking", title, question, ("Nothing is lost, whatever breaks.",), (), basis)
    if len(ranked) > MOST:
        words += f" The largest {MOST} of {len(ranked):,} are drawn; the table has {more}."
    index = {wrapped(str(said["event"]), 30): float(said["risk_exposure_index"]) for said in shown.to_dict("records")}
    figures = {"Index": ranked_bars(index, "1 = worst", dict.fromkeys(index, RED))}
    alt, height = "Ranked bars of the loss of each break beside the worst", 80 + 36 * len(index)
    picture = Picture("index", "Loss beside the worst", alt, figures, basis, "", twin, height=height)
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
        "Below the line the time to recover is longer than can be borne. The larger the point, the larger the loss. Each step "
        "of the upright axis is ten times the last."
    )
    if any(survive <= 0 for _, _, survive, _ in points):
        caption += " At its foot stands what cannot be borne at all: 0."
    legend = (("can be borne", "#0072B2", False), ("cannot be borne", "#D55E00", False))
    picture = Picture(
        "survival",
        "Time to survive against time to recover",
        "One point for each break",
        {"Times": times(points, unit)},
        basis,
        caption,
        legend=legend,
        height=480,
    )
    question = "How long can each loss be borne, and how long does it last?"
    endless = int(np.isinf(rows["time_to_survive"].fillna(np.inf)).sum())
    words = (
        "The time to survive is the longest stop that leaves no demand unmet. "
        f"{endless:,} of {len(rows):,} can stop for good, since others stand in for them."
    )
    if len(rows) > MOST_POINTS:
        words += f" Drawn are the {MOST_POINTS:,} with the largest loss; of those without any the first ones."
    return Section("survival", "How long it can be borne", question, (words,), (picture,), basis)
