"""Landed cost: what a good costs at a buyer from every source, on the shared facts and with an overlay of the reader's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.report.sentences import said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view import costs
from orepact.service.view.kept_results import stale
from orepact.service.view.sides import sides
from orepact.web.pages import dependence_figures as drawn
from orepact.web.pages import dependence_parts as parts
from orepact.web.pages import overlay_parts as overlays
from orepact.web.pages.dependence_parts import Name
from orepact.web.pages.shown import Column, Level, Number, Shown, Table

if TYPE_CHECKING:
    from orepact.report.sentences import Spoken
    from orepact.service.view.sides import Question, Sides
    from orepact.web.pages.overlay_parts import Chosen
    from orepact.web.pages.visit import Visit

COMPONENTS = {
    "variable": sentence("Running cost"),
    "electricity": sentence("Electricity"),
    "fixed": sentence("Fixed cost"),
    "capital": sentence("Capital"),
    "inputs": sentence("Inputs at their price"),
    "transport": sentence("Freight of inputs"),
    "tariff": sentence("Duty on inputs"),
    "stock": sentence("Inputs from stock"),
    "delivery": sentence("Freight to the buyer"),
    "import_duty": sentence("Duty at the border"),
    "credit": sentence("Credit"),
    costs.SMALLER: sentence("Smaller parts"),
    costs.TOTAL: sentence("Landed"),
}
MONEY = (
    ("total", sentence("Landed")),
    ("difference", sentence("Above the cheapest")),
    ("production", sentence("Production")),
    ("transport", sentence("Transport")),
    ("tariff", sentence("Duty")),
    ("credit", sentence("Credit")),
)
#: A total of one side against the other, as a word and a shape.
SAME, DEARER, CHEAPER, NEW = (
    Level("none", sentence("the same")),
    Level("red", sentence("dearer")),
    Level("green", sentence("cheaper")),
    Level("amber", sentence("on one side alone")),
)
NOTE = sentence("Costs of 2024 hold no profit; a duty that is not known counts nothing, and the total is then a lower bound.")


class CostAsked(overlays.OverlayAsked):
    """Of which good, for whom; ``source``: the one whose cost is shown in detail."""

    commodity: Name = "lithium_hydroxide"
    buyer: Name = "KOR"
    source: Name | None = None


def question(visit: Visit) -> Question:
    """What is asked, as a run is asked it; raises ``BadInput``."""
    return costs.question(visit.asked.commodity, visit.asked.buyer, **parts.site(visit))


def found(visit: Visit) -> tuple[Chosen, Sides]:
    """The overlay that counts, and the answers that there are."""
    asked, chosen = question(visit), overlays.chosen(visit)
    kept = costs.kept_costs(asked, visit.ledger())
    fits = not stale(visit.ledger(), costs.TABLES)
    return chosen, sides(asked, kept, costs.costs_of_run, visit.desk, fits=fits, overlay=chosen.ref)


def cost(visit: Visit) -> Shown:
    """What a good costs at a buyer, from every source, under every rule set; with an overlay both side by side."""
    chosen, both = found(visit)
    asked, codes = question(visit), visit.ledger().codes
    words = {"good": names.good(codes, visit.asked.commodity), "buyer": names.end(codes, visit.asked.buyer)}
    unit = f"USD/{both.shared.rows['unit'].iloc[0]}"
    source = _source(visit, both)
    listed = {"commodity": parts.listed("costs", "commodity"), "buyer": parts.listed("costs", "buyer")}
    listed["source"] = sorted({str(each) for each in both.shared.rows["origin"]})
    room = parts.room(visit, parts.COST, listed, {"commodity": names.good, "buyer": names.end, "source": names.end})
    own = None if both.own is None else both.own.rows
    return Shown(
        title=said("Landed cost of {good} in {buyer}", **words),
        lead=_lead(visit, both, words, unit),
        context={
            **room, **overlays.context(visit, chosen, both), "overlays": overlays.choices(visit, chosen), "source": source,
        },
        tables=[*_tables(visit, chosen, both, unit, source), *overlays.run_table(visit, both)],
        figures=drawn.cost_figures(visit.voice, codes, costs.ranked(both.shared.rows), unit, own),
        **overlays.besides(visit, asked, chosen, both),
    )  # fmt: skip


def _source(visit: Visit, both: Sides) -> str:
    """The source that is shown in detail: the one that was asked for, else the cheapest of Canada, else the cheapest."""
    listed = [str(each) for each in costs.ranked((both.own or both.shared).rows)["origin"]]
    if visit.asked.source in listed:
        return str(visit.asked.source)
    return next((each for each in listed if each.startswith("CA-")), listed[0])


def _lead(visit: Visit, both: Sides, words: Mapping[str, Any], unit: str) -> str:
    """The cheapest of those who make it under duties that are known, who may be cheaper, and what it costs from Canada."""
    codes, voice = visit.ledger().codes, visit.voice
    rows = costs.ranked((both.own or both.shared).rows)
    first = rows.iloc[0]
    cheapest = {"source": names.end(codes, first["origin"]), "total": voice.number(float(first["total_usd"])), "unit": unit}
    told: list[Spoken] = [said(CHEAPEST[int(first["rank"])], buyer=words["buyer"], **cheapest), *_perhaps(visit, rows)]
    canada = rows[rows["origin"].str.startswith("CA-") & (rows["origin"] != first["origin"])]
    if len(canada):
        told.append(_from_canada(visit, canada.iloc[0], first, unit))
    if both.own is not None:
        changed = costs.beside(both.shared, both.own)["changed"]
        text = sentence("With your overlay {changed} of {all} ways cost something else.")
        told.append(said(text, changed=int(changed.sum()), all=len(changed)))
    return voice.sentences([each.in_voice(voice) for each in told])


#: By how far the first way can be ranked.
CHEAPEST = {
    costs.MADE: sentence(
        "Of those who make it and whose duties are all known, {source} delivers to {buyer} at least cost: {total} {unit}."
    ),
    costs.NOT_MADE: sentence(
        "Nobody who makes it has duties that are all known; the cheapest way that is known, from {source}, is not made "
        "yet: {total} {unit}."
    ),
    costs.UNKNOWN: sentence("No way to {buyer} has duties that are all known: from {source} it costs {total} {unit} at least."),
}


def _perhaps(visit: Visit, rows: pd.DataFrame) -> list[Spoken]:
    """Who may be cheaper than the first, for a duty of theirs is not known."""
    first, open_ = rows.iloc[0], rows[rows["rank"] == costs.UNKNOWN]
    if first["rank"] == costs.UNKNOWN or not len(open_):
        return []
    codes, voice = visit.ledger().codes, visit.voice
    below = list(dict.fromkeys(open_.loc[open_["total_usd"] < first["total_usd"], "origin"]))
    n = len(open_)
    if not below:
        return [said("Of {n} other ways a duty is not known; even without it they cost more.", n=n)]
    listed = voice.listed(names.end(codes, name).in_voice(voice) for name in below)
    return [
        said(
            "Of {n} other ways a duty is not known, so they are not ranked; cheaper before that duty: {places}.",
            n=n,
            places=listed,
        )
    ]


def _from_canada(visit: Visit, best: pd.Series, first: pd.Series, unit: str) -> Spoken:
    """What the best way from Canada costs beside the cheapest, and how far that is known."""
    far, voice = float(best["total_usd"] - first["total_usd"]), visit.voice
    made, dearer = not bool(best["hypothetical"]), far > 0
    told = {"place": names.end(visit.ledger().codes, best["origin"]), "unit": unit}
    if first["rank"] == costs.UNKNOWN:
        return said(AT_LEAST[made], total=voice.number(float(best["total_usd"])), **told)
    text = BEFORE_DUTY[made, dearer] if best["rank"] == costs.UNKNOWN else BESIDE[made, dearer]
    return said(text, extra=voice.number(abs(far)), **told)


#: What Canada's best way costs: where nothing is ranked; where its own duty is not known; else whether it is made, and dearer.
AT_LEAST = {
    False: sentence("From {place}, where nobody makes it for sale yet, it would cost {total} {unit} at least."),
    True: sentence("From {place} it costs {total} {unit} at least."),
}
BEFORE_DUTY = {
    (True, True): sentence("From {place} a duty is not known; before it the cost is {extra} {unit} more."),
    (True, False): sentence("From {place} a duty is not known; before it the cost is {extra} {unit} less."),
    (False, True): sentence(
        "In {place} nobody makes it for sale yet, and a duty is not known; before it the cost is {extra} {unit} more."
    ),
    (False, False): sentence(
        "In {place} nobody makes it for sale yet, and a duty is not known; before it the cost is {extra} {unit} less."
    ),
}
BESIDE = {
    (False, True): sentence("From {place}, where nobody makes it for sale yet, it would cost {extra} {unit} more."),
    (False, False): sentence("From {place}, where nobody makes it for sale yet, it would cost {extra} {unit} less."),
    (True, True): sentence("From {place} it costs {extra} {unit} more."),
    (True, False): sentence("From {place} it costs {extra} {unit} less."),
}


# Tables ----------------------------------------------------------------------------------------------------------------


def _tables(visit: Visit, chosen: Chosen, both: Sides, unit: str, source: str) -> list[Table]:
    """The ways and one source in detail; with an overlay first both side by side and what it says, last its own ways."""
    paths = _paths(visit, both.shared.rows, unit, "paths", sentence("By source and rule set"))
    detail = _detail(visit, both, source, unit)
    if both.own is None:
        return [paths, detail]
    own = _paths(visit, both.own.rows, unit, "own", sentence("By source and rule set, with your overlay"))
    return [_compared(visit, both, unit), detail, overlays.claims(visit, chosen), paths, own]


def _paths(visit: Visit, rows: pd.DataFrame, unit: str, name: str, title: str) -> Table:
    """Every way with what it is made of."""
    codes = visit.ledger().codes
    cells = [
        {
            "origin": names.end(codes, row["origin"]),
            "rules": parts.rules_word(row["rules"]),
            "total": Number(row["total_usd"], confidence="estimated"),
            "difference": row["above_usd"],
            **{key: row[f"{key}_usd"] for key, _ in MONEY[2:]},
            "days": row["days"],
            "notes": _notes(row),
        }
        for row in costs.ranked(rows).to_dict("records")
    ]
    columns = [Column("origin", sentence("Source")), Column("rules", sentence("Rules"))]
    columns += [Column(key, head, unit, "number") for key, head in MONEY]
    columns += [Column("days", sentence("Under way"), "days", "number"), Column("notes", sentence("Note"))]
    return Table(name, title, columns, cells, note=NOTE)


def _notes(row: Mapping[Any, Any]) -> Any:
    """What to know of a path, in words."""
    if row["hypothetical"] and not row["complete"]:
        return said("not made yet; a duty is not known: at least this")
    if row["hypothetical"]:
        return said("not made yet")
    return said("a duty is not known: at least this, not ranked") if not row["complete"] else None


def _compared(visit: Visit, both: Sides, unit: str) -> Table:
    """Every way on both sides, what differs marked."""
    assert both.own is not None, "it is asked for where there is one"
    codes = visit.ledger().codes
    cells = [
        {
            "origin": names.end(codes, row["origin"]),
            "rules": parts.rules_word(row["rules"]),
            "total": _number(row["total_usd"]),
            "own_total": _number(row["own_total_usd"]),
            "change": _number(row["change_usd"]) if row["changed"] else Number(0.0),
            "turn": _turn(row),
            "difference": _known(row, ""),
            "own_difference": _known(row, "own_"),
        }
        for row in costs.beside(both.shared, both.own).to_dict("records")
    ]
    columns = (
        Column("origin", sentence("Source")),
        Column("rules", sentence("Rules")),
        Column("total", sentence("Shared facts"), unit, "number"),
        Column("own_total", sentence("Your overlay"), unit, "number"),
        Column("change", sentence("Change"), unit, "number"),
        Column("turn", sentence("Effect")),
        Column("difference", sentence("Above the cheapest, shared facts"), unit, "number"),
        Column("own_difference", sentence("Above the cheapest, your overlay"), unit, "number"),
    )
    return Table("compared", sentence("Landed cost side by side"), columns, cells, note=NOTE)


def _known(row: Mapping[Any, Any], side: str) -> float | None:
    """How much above the cheapest a way is on a side; None where a duty is not known, for then nobody can tell."""
    return float(row[f"{side}difference_usd"]) if row[f"{side}complete"] == 1 else None


def _number(value: float) -> Number | None:
    return None if pd.isna(value) else Number(float(value), confidence="estimated")


def _turn(row: Mapping[Any, Any]) -> Level:
    if not row["changed"]:
        return SAME
    if pd.isna(row["change_usd"]):
        return NEW
    return DEARER if row["change_usd"] > 0 else CHEAPER


def _detail(visit: Visit, both: Sides, source: str, unit: str) -> Table:
    """What one source's cost is made of; with an overlay, where the difference comes from."""
    codes = visit.ledger().codes
    rows = costs.in_detail(both.shared, both.own, source)
    cells = [
        {
            "component": said(COMPONENTS.get(row["component"], row["component"])),
            "stage": names.stage(codes, row["stage"]) if row["stage"] else None,
            "shared": _number(row["usd"]),
            "own": _number(row["own_usd"]),
            "change": _number(row["change_usd"]) if row["change_usd"] else Number(0.0),
        }
        for row in rows.to_dict("records")
    ]
    columns = [
        Column("component", sentence("Part")),
        Column("stage", sentence("Stage")),
        Column("shared", sentence("Shared facts") if both.own else sentence("Cost"), unit, "number"),
    ]
    if both.own is not None:
        columns += [Column("own", sentence("Your overlay"), unit, "number"), Column("change", sentence("Change"), unit, "number")]
    title = said("What the cost of {source} is made of", source=names.end(codes, source))
    note = sentence("Under its cheapest rule set; the parts add up to the landed cost. What no source states has no number.")
    return Table("parts", title, columns, cells, note=note)


PAGES = (
    parts.page(
        parts.COST, sentence("Landed cost"), cost, CostAsked, "beside",
        forms=overlays.forms(question, found), rests_on=overlays.rests_on(question),
    ),
)  # fmt: skip
