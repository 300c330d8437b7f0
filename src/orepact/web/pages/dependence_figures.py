"""The pictures of dependence, carbon and landed cost in the reader's language."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

import pandas as pd

from orepact.chain.plot_bars import draw_bars
from orepact.report.sentences import said, sentence
from orepact.report.shock_figures import RESPONSE_STYLE
from orepact.service.view import atlas_names as names
from orepact.service.view import dependence as view
from orepact.service.view.costs import MADE, NOT_MADE, UNKNOWN
from orepact.web.pages.atlas_figures import plain_plot
from orepact.web.pages.dependence_parts import RESPONSES, SIDES, rules_word
from orepact.web.pages.shown import Figure

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.report.voice import Voice

COMPONENTS = {
    "production_usd": sentence("Production"),
    "transport_usd": sentence("Transport"),
    "tariff_usd": sentence("Duty"),
    "credit_usd": sentence("Credit"),
}
#: Rules that go without saying where a source has no others.
ORDINARY = "mfn"
#: Letters of a line beside a bar, where they are wide.
ROOM = {"ja": 15, "ko": 18}
#: Of a way that is not made yet and has a duty that nobody knows.
NEITHER = -1
#: What stands below the name of a way, by how far it can be ranked.
STANDS = {
    MADE: "",
    NOT_MADE: sentence("not made yet"),
    UNKNOWN: sentence("a duty unknown"),
    NEITHER: sentence("not made yet, a duty unknown"),
}
#: So many origins have a colour of their own.
TOP = 7
#: Sources of a landed cost that are drawn.
MOST_PATHS = 14
REST = "Rest"
OWN = "own"


def origin_figures(voice: Voice, codes: Codes, rows: pd.DataFrame, asked: view.Question) -> tuple[Figure, ...]:
    """Who delivered against where it came from; and for graphite the stop."""
    shares = _shares(voice, codes, rows)
    return (shares, _stop(voice, codes, asked.party)) if asked.element == "graphite" and asked.party != "europe" else (shares,)


def _shares(voice: Voice, codes: Codes, rows: pd.DataFrame) -> Figure:
    size = rows[~rows["origin"].isin(view.NOT_NAMED)].groupby("origin")["share"].sum().sort_values(ascending=False, kind="stable")
    named = [str(each) for each in size.index][:TOP]
    part = rows["origin"].where(rows["origin"].isin(named), REST)
    table = pd.DataFrame({"category": rows["side"] + " " + rows["by"], "part": part, "amount": rows["share"]})
    heads = {" ".join(side): words for side, words in SIDES.items()}
    plot = draw_bars(
        table, [*heads], [*named, REST], unit="", shares=True,
        names=lambda name: names.end(codes, name).in_voice(voice), heads=lambda name: voice.translated(heads[name]),
    )  # fmt: skip
    (near, near_share), (far, far_share) = view.largest(rows, "direct", "place"), view.largest(rows, "traced", "place")
    ends = {"near": names.end(codes, near), "far": names.end(codes, far)}
    parts = {"part": voice.share(round(near_share, 2)), "share": voice.share(round(far_share, 2))}
    summary = said("{part} is delivered from {near}; traced to its origin, {share} comes from {far}.", **ends, **parts)
    plot.update_layout(margin={"l": 8, "r": 12, "t": 12, "b": 30})
    return Figure(
        "shares", sentence("Who delivers, and where it comes from"), plain_plot(plot), summary, table="shares", height=330
    )


def _stop(voice: Voice, codes: Codes, party: str) -> Figure:
    import plotly.graph_objects as go

    weeks = view.stop_weeks(party)
    lines = []
    for response, words in RESPONSES.items():
        own = weeks[weeks["response"] == response].set_index("week")["gwh"].reindex(range(52)).fillna(0.0)
        look = {
            "color": RESPONSE_STYLE[response][0],
            "width": 2.5,
            "dash": RESPONSE_STYLE[response][1],
        }
        lines.append(
            go.Scatter(
                x=own.index.tolist(), y=(own.round(4) + 0.0).tolist(), mode="lines", name=voice.translated(words), line=look
            )
        )
    plot = go.Figure(lines)
    plot.update_layout(
        legend={"orientation": "h", "y": -0.25}, margin={"l": 60, "r": 12, "t": 12, "b": 30}, hovermode="x unified"
    )
    plot.update_xaxes(title={"text": voice.say("Weeks after the stop begins")}, fixedrange=True)
    plot.update_yaxes(title={"text": voice.say("GWh of cells not made, a week")}, rangemode="tozero", fixedrange=True)
    told = view.stop_of((party,)).iloc[0]
    values = {each: voice.number(float(told[f"{each}_usd"]) / 1e6) for each in RESPONSES}
    text = sentence(
        "{party} loses {contracts} million dollars if contracts are kept, {market} if markets reroute, {pact} with the pact."
    )
    summary = said(text, party=names.end(codes, party), **values)
    return Figure(
        "stop", sentence("If no graphite leaves China for half a year"), plain_plot(plot), summary, table="stop", height=340
    )


def carbon_figures(voice: Voice, codes: Codes, rows: pd.DataFrame) -> tuple[Figure, ...]:
    """Footprints by place of making, in parts by stage."""
    places = [str(each) for each in rows["place_of_making"].unique()]
    stages = sorted(
        {str(each) for each in rows["stage"]}, key=lambda name: codes.stages[name].order if name in codes.stages else 99
    )
    table = rows.rename(columns={"place_of_making": "category", "stage": "part", "kg_co2e_per_kwh": "amount"})
    plot = draw_bars(
        table, places, stages, unit="kg CO2e/kWh",
        names=lambda name: names.stage(codes, name).in_voice(voice), heads=lambda name: names.end(codes, name).in_voice(voice),
    )  # fmt: skip
    plot.update_layout(margin={"l": 8, "r": 12, "t": 12, "b": 30})
    stage = rows.groupby("stage")["kg_co2e_per_kwh"].sum().idxmax()
    summary = said("Most of each footprint comes from the stage {stage}.", stage=names.stage(codes, str(stage)))
    height = 150 + 36 * len(places)
    return (
        Figure(
            "places", sentence("Footprint by place of making and stage"), plain_plot(plot), summary, table="places", height=height
        ),
    )


def cost_figures(
    voice: Voice, codes: Codes, rows: pd.DataFrame, unit: str, own: pd.DataFrame | None = None
) -> tuple[Figure, ...]:
    """Landed cost by source and rule set, in parts by component; credits stand to the left of zero.

    With ``own`` each way has two bars below each other, the shared facts and the overlay.
    """
    shown = rows.head(MOST_PATHS if own is None else MOST_PATHS // 2).assign(side="")
    if own is not None:
        keys = ["origin", "rules"]
        mine = shown[[*keys, "rank"]].merge(own, on=keys).assign(side=OWN)
        shown = pd.concat([shown, mine]).assign(at=lambda both: both.groupby(keys, sort=False).ngroup())
        shown = shown.sort_values(["at", "side"], kind="stable")
    keyed = shown.assign(category=shown["origin"] + " " + shown["rules"] + " " + shown["side"])
    signed = keyed[["category", *COMPONENTS]].fillna(0.0).assign(credit_usd=-keyed["credit_usd"].fillna(0.0))
    parts = signed.melt(id_vars="category", var_name="part", value_name="amount")

    neither = (keyed["rank"] == UNKNOWN) & keyed["hypothetical"].astype(bool)
    rank = {key: int(each) for key, each in zip(keyed["category"], keyed["rank"].mask(neither, NEITHER), strict=True)}

    often = keyed.loc[keyed["side"] == "", "origin"].value_counts()

    def head(key: str) -> str:
        origin, rules, side = key.split(" ")
        name, whole = names.end(codes, origin), own is not None or often[origin] > 1 or rules != ORDINARY
        words = said("{place} ({rules})", place=name, rules=rules_word(rules)) if whole else name
        below = sentence("your overlay") if side else STANDS[rank[key]]
        room = ROOM.get(voice.language, 24)
        return "<br>".join([*wrap(words.in_voice(voice), room), *wrap(voice.translated(below), room)])

    categories = [str(each) for each in keyed["category"]]
    plot = draw_bars(
        parts, categories, [*COMPONENTS], unit=unit, names=lambda name: voice.translated(COMPONENTS[name]), heads=head
    )
    plot.update_layout(margin={"l": 8, "r": 12, "t": 12, "b": 30})
    summary = said(
        "{n} ways: first those whose duties are all known, the cheapest above; then those not made yet; last those "
        "with a duty that is not known.",
        n=len(rows.head(MOST_PATHS)),
    )
    if own is not None:
        summary = said("{n} ways, on the shared facts and below with your overlay.", n=len(categories) // 2)
    height = 150 + 46 * len(categories)
    title = sentence("Landed cost by source and rule set")
    return (Figure("paths", title, plain_plot(plot), summary, table="paths" if own is None else "compared", height=height),)
