"""The page of a shock: ``shock.html``, one self-contained file beside the tables of the reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.chain.whole_folder import files_in_place
from orepact.report.brief import Brief, Finding
from orepact.report.page import render_page
from orepact.report.shock_figures import RESPONSE_TITLES
from orepact.report.shock_help import cooperation, help_section, option_title, saving_words, single_options, why_more
from orepact.report.shock_sections import NOT_NET, broke_section, lost_section, stock_words
from orepact.report.shock_stocks import assumed_section, cover_section
from orepact.report.shock_stops import stops_section
from orepact.report.shock_story import ShockStory
from orepact.report.words import counted, dollars, listed, number

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Codes
    from orepact.shock.events.event import Event
    from orepact.shock.outcome.outcome import Outcome

FILE = "shock.html"
SECTIONS = (broke_section, lost_section, stops_section, cover_section, help_section, assumed_section)


def write_page(
    folder: Path | str,
    events: Sequence[Event],
    outcomes: Mapping[str, Outcome],
    *,
    aid: pd.DataFrame | None = None,
    meta: Mapping[str, Any] | None = None,
    codes: Codes | None = None,
) -> Path:
    """Write ``shock.html`` into ``folder`` (made when missing; other files stay) and return its path.

    ``outcomes``: the outcome of each response that was asked for, by its name, all of the same events. ``aid``: the ranked
    single options, with ``option, title, net_saving_usd, saved_usd, cost_usd, saved_per_usd``. ``meta``: of the reply; read are
    ``manifest``, ``warnings`` and ``foresight``. ``codes``: the code lists of the facts, for names of places and goods; leave it
    out for network packages, whose own names are shown.
    """
    target = Path(folder)
    text = render_page(page_of(ShockStory(tuple(events), dict(outcomes), aid, dict(meta or {}), codes)))
    with files_in_place(target, (FILE,)) as draft:
        (draft / FILE).write_text(text, encoding="utf-8")
    return target / FILE


def page_of(story: ShockStory) -> Brief:
    """Everything that the page shows, as plain data."""
    sections = tuple(section for section in (make(story) for make in SECTIONS) if section is not None)
    names = listed(RESPONSE_TITLES[name].lower() for name in story.responses)
    return Brief(
        title=" + ".join(event.title for event in story.events),
        subtitle=(
            f"From {story.start}, {counted(story.disruption.weeks, 'week')}, on the usual week of {story.case.year}; "
            f"{counted(len(story.responses), 'response')}: {names}."
        ),
        findings=tuple(findings_of(story)),
        sections=sections,
        sources=story.sources(),
        manifest=_manifest(story),
        caveats=story.caveats,
        house="orepact shock",
        beside="The tables of the reply stand as CSV beside this page.",
    )


def _manifest(story: ShockStory) -> dict[str, Any]:
    told = {name: value for name, value in story.meta.get("manifest", {}).items() if not isinstance(value, (dict, list))}
    events = {f"event_{event.id}": event.hash[:12] for event in story.events}
    return {**told, **events, "foresight": story.meta.get("foresight", "")}


# Findings --------------------------------------------------------------------------------------------


def findings_of(story: ShockStory) -> list[Finding]:
    """The cards at the top: what is lost, by the parties of the pact, what stops first, what acting together saves."""
    parties = [_party(story, name) for name in story.pact_parties]
    found = [_loss(story), _goods(story), *parties, _first_stop(story), _together(story), _best_aid(story)]
    return [finding for finding in found if finding is not None]


def _loss(story: ShockStory) -> Finding:
    losses = {name: story.total(name, "loss_usd") for name in story.responses}
    lead = story.lead
    words = f"Goods that buyers go without in {story.disruption.weeks} weeks, at their usual worth. {_beside(story, losses)}"
    label = f"lost: {RESPONSE_TITLES[lead].lower()}"
    total = story.total(lead, "total_usd")
    costs = f"All that it costs comes to {dollars(total)}." if total > losses[lead] else ""
    words = " ".join(said for said in (words, stock_words(story), costs) if said)
    return Finding(dollars(losses[lead]), label, "What it costs", words, story.basis("unmet x worth"), "lost")


def _beside(story: ShockStory, losses: Mapping[str, float]) -> str:
    """What the other responses come to, in a sentence each: contracts as the upper bound, the pact as what help leaves."""
    told = {
        "contracts": "At most {}, if nobody looked for another seller.",
        "pact": "With the pact {}.",
    }
    if "contracts" in losses and losses["contracts"] < losses[story.lead]:
        told["contracts"] = "{} with contracts kept."
    return " ".join(told[name].format(dollars(losses[name])) for name in told if name in losses and name != story.lead)


def _goods(story: ShockStory) -> Finding | None:
    lead = story.lead
    amounts = {
        "lost_vehicles": "vehicles not delivered",
        "not_made_gwh_cells": "GWh of cells not made",
        "vehicles_not_made": "vehicles not made",
    }
    told = [(column, words) for column, words in amounts.items() if story.total(lead, column) > 0]
    if not told:
        return None
    column, words = told[0]
    parts = []
    for key, what in told:
        values = [f"{number(story.total(name, key))} ({RESPONSE_TITLES[name].lower()})" for name in story.responses]
        parts.append(f"{what[:1].upper()}{what[1:]}: {listed(values)}")
    said = f"{'. '.join(parts)}. {NOT_NET} It lacks first in stocks, under way and where a usual year leaves some over."
    figure, unit = number(story.total(lead, column)), words.partition(" ")
    label = f"{unit[2]}: {RESPONSE_TITLES[lead].lower()}"
    return Finding(f"{figure} {unit[0]}", label, "Batteries and vehicles", said, story.basis("made below the usual"), "lost")


def _party(story: ShockStory, party: str) -> Finding:
    """What one party of the pact loses in the forecast, and what it bears besides."""
    lead = story.lead
    losses = {name: story.lost_by(party, name, "loss_usd") for name in story.responses}
    parts = []
    vehicles = story.lost_by(party, lead, "lost_vehicles")
    if vehicles >= 0.5:
        parts.append(f"Its buyers go without {vehicles:,.0f} vehicles.")
    missing = {stage: story.lost_by(party, lead, f"not_made_gwh_{stage}") for stage in ("cells", "packs")}
    made = [f"{number(gwh)} GWh of {stage}" for stage, gwh in missing.items() if gwh > 0]
    if made:
        parts.append(f"Its plants do not make {listed(made)}.")
    used = story.stock_used(lead, party)
    if used >= 1.0:
        parts.append(f"Its stocks give goods worth {dollars(used)}.")
    words = " ".join([*parts, _beside(story, losses)]).strip() or "Nothing of it reaches buyers or plants here."
    label = f"lost: {RESPONSE_TITLES[lead].lower()}"
    return Finding(dollars(losses[lead]), label, story.party(party), words, story.basis("unmet x worth"), "lost")


def _first_stop(story: ShockStory) -> Finding | None:
    first = story.lead
    stops = story.table("stops")
    mine = stops[(stops["response"] == first) & ~stops["site"].isin(story.hit)]
    if mine.empty:
        return None
    row = mine.iloc[0]
    later = [f"{len(stops[stops['response'] == name])} ({RESPONSE_TITLES[name].lower()})" for name in story.responses]
    words = (
        f"{story.plants[str(row['site'])]} falls below half of its usual output. "
        f"Plants that do, those hit directly included: {listed(later)}."
    )
    week = int(row["below_half_week"])
    label = f"from {story.day(week)}, counted from week 0: {RESPONSE_TITLES[first].lower()}"
    title = "The first plant to fall" + (", not hit itself" if story.hit else "")
    return Finding(f"week {week}", label, title, words, story.basis("output by week"), "stops")


def _together(story: ShockStory) -> Finding | None:
    if "pact" not in story.responses or len(story.responses) < 2:
        return None
    against, values = story.responses[-2], cooperation(story)
    saved = values[f"saved_{against}"]
    total, other = float(saved.sum()), RESPONSE_TITLES[against].lower()
    if total < 0:
        words = f"With the pact more is lost than with {other}: {why_more(story)}."
        return Finding(
            dollars(-total), "more lost with the pact", "Acting together", words, story.basis("difference of losses"), "help"
        )
    gain = [story.party(str(name)) for name in saved[saved > 0].index[:3]]
    spared = story.total(against, "total_usd") - story.total("pact", "total_usd")
    whole = f" With costs and stocks not refilled it spares {dollars(spared)}." if spared > total else ""
    words = f"Released, shared and swapped by rule, against {other}. Gain most: {listed(gain)}.{whole}"
    return Finding(dollars(total), "saved by the pact", "Acting together", words, story.basis("difference of losses"), "help")


def _best_aid(story: ShockStory) -> Finding | None:
    if story.aid is None or single_options(story.aid).empty:
        return None
    best = single_options(story.aid).iloc[0]
    words = f"\u201c{option_title(story, best)}\u201d, alone, saves {saving_words(best)}."
    return Finding(
        dollars(best["net_saving_usd"]),
        "saved by one option, less what it costs",
        "The help that saves most",
        words,
        story.basis("market with and without it"),
        "help",
    )
