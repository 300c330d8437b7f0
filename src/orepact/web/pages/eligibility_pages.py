"""Eligibility: what a good would qualify for, why not and the cheapest fix, on the shared facts and with an overlay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from orepact.report.sentences import Said, said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view import verdicts
from orepact.service.view.kept_results import stale
from orepact.service.view.sides import sides
from orepact.web.pages import dependence_parts as parts
from orepact.web.pages import overlay_parts as overlays
from orepact.web.pages.dependence_parts import Name
from orepact.web.pages.shown import Column, Level, Number, Shown, Table

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.report.sentences import Spoken
    from orepact.service.view.sides import Question, Sides
    from orepact.web.pages.overlay_parts import Chosen
    from orepact.web.pages.visit import Visit

LEVELS: Mapping[str, Literal["red", "amber", "green"]] = {"pass": "green", "fail": "red", "undetermined": "amber"}
WORDS = {"pass": sentence("passes"), "fail": sentence("fails"), "undetermined": sentence("open")}
CHANGE = "change"
CHANGES = {
    CHANGE: sentence("Buying differently would do"),
    "no such change": sentence("No change of sources would do"),
    "passes": sentence("Nothing to change"),
    "passes already": sentence("Nothing to change"),
    "none needed": sentence("Nothing to change"),
}
#: What an overlay changes of an answer, as a word and a shape.
SAME, OTHER, TURNED = (
    Level("none", sentence("the same")),
    Level("amber", sentence("for other reasons")),
    Level("amber", sentence("another verdict")),
)
COLUMNS = (
    Column("place", sentence("Made in")),
    Column("rules", sentence("Rules")),
    Column("verdict", sentence("Verdict")),
    Column("why", sentence("Why")),
    Column("change", sentence("Cheapest fix")),
    Column("cost", sentence("Extra cost"), "USD/kWh", "number"),
)
#: Reasons that languages have words for; others are told in English, with names in the language.
REASONS = (sentence("every test passes"),)
#: What may be the id of a good (with an underscore) or of a place.
_IDS = re.compile(r"\b(?:[a-z0-9]+(?:_[a-z0-9]+)+|[A-Z]{3}|[A-Z]{2}-[A-Z]{2})\b")


class RulesAsked(overlays.OverlayAsked):
    """Of one good, made at one place or (``every``) at each."""

    product: Name = "cell_nmc811"
    place: Name = "KOR"


def question(visit: Visit) -> Question:
    """What is asked, as a run is asked it; raises ``BadInput``."""
    place = "" if visit.asked.place == EVERY else visit.asked.place
    return verdicts.question(visit.asked.product, place, **parts.site(visit))


#: In place of a place: each of them.
EVERY = "every"


def found(visit: Visit) -> tuple[Chosen, Sides]:
    """The overlay that counts, and the answers that there are."""
    asked, chosen = question(visit), overlays.chosen(visit)
    kept = verdicts.kept_verdicts(asked, visit.ledger())
    fits = not stale(visit.ledger(), [verdicts.TABLE])
    return chosen, sides(asked, kept, verdicts.verdicts_of_run, visit.desk, fits=fits, overlay=chosen.ref)


def eligibility(visit: Visit) -> Shown:
    """Goods under rule sets: what passes, why not, and the cheapest fix; with an overlay both side by side."""
    chosen, both = found(visit)
    room = parts.room(
        visit,
        parts.ELIGIBILITY,
        {"product": parts.listed(verdicts.TABLE, "product"), "place": verdicts.places()},
        {"product": names.good, "place": names.end},
    )
    room["picks"]["place"].insert(0, (EVERY, visit.voice.say("Every place")))
    tables = [_verdicts(visit, both.shared.rows, "verdicts", sentence("Verdicts, reasons and fixes"))]
    if both.own is not None:
        mine = _verdicts(visit, both.own.rows, "own", sentence("Verdicts, reasons and fixes, with your overlay"))
        tables = [_compared(visit, both), overlays.claims(visit, chosen), *tables, mine]
    return Shown(
        title=said("Rules that {good} would meet", good=names.good(visit.ledger().codes, visit.asked.product)),
        lead=_lead(visit, both),
        context={**room, **overlays.context(visit, chosen, both), "overlays": overlays.choices(visit, chosen)},
        tables=[*tables, *overlays.run_table(visit, both)],
        **overlays.besides(visit, question(visit), chosen, both),
    )


def _lead(visit: Visit, both: Sides) -> str:
    voice, rows = visit.voice, (both.own or both.shared).rows
    passed = int((rows["verdict"] == "pass").sum())
    told = [said("{passed} of {all} questions pass. This is no legal advice.", passed=passed, all=len(rows))]
    if both.own is not None:
        turned = int(verdicts.beside(both.shared, both.own)["turned"].sum())
        told.append(said("With your overlay {turned} of {all} verdicts turn.", turned=turned, all=len(rows)))
    return voice.sentences([each.in_voice(voice) for each in told])


# Tables ----------------------------------------------------------------------------------------------------------------


def _verdicts(visit: Visit, rows: pd.DataFrame, name: str, title: str) -> Table:
    codes = visit.ledger().codes
    cells = [
        {
            "place": names.end(codes, row["place"]),
            "rules": row["title"],
            "verdict": _level(row["verdict"]),
            "why": in_words(codes, row["why"]),
            "change": _change(codes, row["change"], row["moves"]),
            "cost": _cost(row["change"], row["extra_usd_per_kwh"]),
        }
        for row in rows.to_dict("records")
    ]
    return Table(name, title, COLUMNS, cells)


def _level(verdict: Any) -> Level | None:
    return Level(LEVELS.get(verdict, "none"), WORDS.get(verdict, verdict)) if isinstance(verdict, str) else None


def _cost(change: Any, usd: float) -> Number | None:
    return Number(usd, confidence="estimated") if change == CHANGE and not pd.isna(usd) else None


def in_words(codes: Codes, text: str) -> Said:
    """A reason with the names of goods and places in place of their ids; the reasons of ``REASONS`` in the reader's language."""
    named: dict[str, Spoken] = {}

    def placed(match: re.Match[str]) -> str:
        word = match[0]
        good = word in codes.commodities
        if not good and word not in codes.places and word not in codes.groups:
            return word
        named[f"n{len(named)}"] = names.good(codes, word) if good else names.end(codes, word)
        return f"{{n{len(named) - 1}}}"

    escaped = text.replace("{", "{{").replace("}", "}}")
    return Said(_IDS.sub(placed, escaped), named)


def _change(codes: Codes, change: str, moves: Sequence[Mapping[str, Any]]) -> Any:
    """The largest move of the cheapest change, in words."""
    known = said(CHANGES.get(change, change))
    more = [move for move in moves if move["share_to"] > move["share_from"]]
    if change != CHANGE or not more:
        return known
    first = max(more, key=lambda move: move["share_to"] - move["share_from"])
    ends = {"good": names.good(codes, first["material"]), "place": names.end(codes, first["place"])}
    part = {"low": _percent(first["share_from"]), "high": _percent(first["share_to"]), "n": len(moves)}
    return said("{good} from {place}: from {low} to {high} ({n} shifts in all)", **ends, **part)


def _percent(share: float) -> str:
    """A share as it is read, small ones as such.

    >>> _percent(0.25), _percent(0.0), _percent(0.0002)
    ('25%', '0%', '<1%')
    """
    return "<1%" if 0 < share < 0.01 else f"{share:.0%}"


def _compared(visit: Visit, both: Sides) -> Table:
    """Every answer on both sides, what differs marked; where reasons or fixes differ, both are told."""
    assert both.own is not None, "it is asked for where there is one"
    codes = visit.ledger().codes
    cells = []
    for row in verdicts.beside(both.shared, both.own).to_dict("records"):
        there = {side: isinstance(row[f"{side}verdict"], str) for side in ("", "own_")}
        why = {side: in_words(codes, row[f"{side}why"]) if there[side] else "" for side in there}
        change = {side: _change(codes, row[f"{side}change"], row[f"{side}moves"]) if there[side] else "" for side in there}
        cells.append({
            "place": names.end(codes, row["place"]),
            "rules": row["title"],
            "verdict": _level(row["verdict"]),
            "own_verdict": _level(row["own_verdict"]),
            "turn": TURNED if row["turned"] else OTHER if row["changed"] else SAME,
            "why": _both(why),
            "change": _both(change),
            "cost": _cost(row["change"], row["extra_usd_per_kwh"]),
            "own_cost": _cost(row["own_change"], row["own_extra_usd_per_kwh"]),
        })  # fmt: skip
    columns = (
        Column("place", sentence("Made in")),
        Column("rules", sentence("Rules")),
        Column("verdict", sentence("Shared facts")),
        Column("own_verdict", sentence("Your overlay")),
        Column("turn", sentence("What changes")),
        Column("why", sentence("Why")),
        Column("change", sentence("Cheapest fix")),
        Column("cost", sentence("Extra cost"), "USD/kWh", "number"),
        Column("own_cost", sentence("Extra cost, yours"), "USD/kWh", "number"),
    )
    return Table("compared", sentence("Verdicts side by side"), columns, cells)


def _both(sides_: Mapping[str, Any]) -> Any:
    """What one side says where both say the same, else each side by its name."""
    shared, own = sides_[""], sides_["own_"]
    if shared == own:
        return shared or None
    return said("Shared facts: {shared} With your overlay: {own}", shared=_ended(shared), own=_ended(own))


def _ended(words: Any) -> Any:
    """Words as a sentence of their own."""
    if isinstance(words, str):
        return f"{words or '–'}." if not words.endswith(".") else words
    return said("{words}.", words=words)


PAGES = (
    parts.page(
        parts.ELIGIBILITY, sentence("Eligibility"), eligibility, RulesAsked, "beside",
        forms=overlays.forms(question, found), rests_on=overlays.rests_on(question),
    ),
)  # fmt: skip
