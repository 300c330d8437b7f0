"""Dependence: who delivered against where it came from, by place and by owner, and what a stop costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from orepact.report.sentences import said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view import dependence as view
from orepact.web.pages import dependence_figures as drawn
from orepact.web.pages import dependence_parts as own
from orepact.web.pages.dependence_parts import MOST, RESPONSES, SIDES, Name
from orepact.web.pages.page import Asked
from orepact.web.pages.shown import Column, Number, Shown, Table

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

STAGES = {
    "mine": sentence("the mine or works"),
    "refine": sentence("the refinery"),
    "active_material": sentence("the maker of the powder"),
}
BASES = {"production": sentence("what is made there"), "supply": sentence("imports too")}
TRACED_AND_DIRECT = sentence(
    "{share} of it comes from plants and mines controlled from {far}; of those who deliver it, {part} are controlled from {near}."
)


class OriginAsked(Asked):
    """Of what, where, traced how far."""

    party: Name | None = None
    element: Name | None = None
    good: Name | None = None
    stage: Name | None = None
    basis: Name | None = None
    year: Name | None = None


def origin(visit: Visit) -> Shown:
    """Traced against direct, place against owner, and what a stop would cost; raises ``BadInput`` for what is not kept."""
    asked = view.question(visit.asked.model_dump(include=set(view.USUAL)))
    codes = visit.ledger().codes
    rows = view.shares(codes, asked)
    words = {
        "element": names.element(codes, asked.element),
        "good": names.good(codes, asked.good),
        "party": names.end(codes, asked.party),
    }
    return Shown(
        title=said("{party}: {element}, {good}, {year}", **words, year=str(asked.year)),
        lead=_origin_lead(visit, rows),
        context=_origin_context(visit, asked),
        tables=[_shares(visit, rows), _plants(visit, asked), _stop(visit)],
        figures=drawn.origin_figures(visit.voice, codes, rows, asked) if len(rows) else (),
        command=own.on_these_facts(visit, asked.command),
        **own.about(visit, "origins", "moves", "plants", "graphite_stop"),
    )


def _origin_lead(visit: Visit, rows: Any) -> Any:
    codes, voice = visit.ledger().codes, visit.voice
    (near, near_share), (far, far_share) = view.largest(rows, "direct", "owner"), view.largest(rows, "traced", "owner")
    if not far:
        return sentence("Nothing of this is made or used there.")
    traced = {"far": names.end(codes, far), "share": voice.share(round(far_share, 2))}
    if not near:
        return said("{share} of it comes from plants and mines controlled from {far}.", **traced)
    direct = {"near": names.end(codes, near), "part": voice.share(round(near_share, 2))}
    return said(TRACED_AND_DIRECT, **traced, **direct)


def _origin_context(visit: Visit, asked: view.Question) -> dict[str, Any]:
    listed = view.choices()
    told = {"party": names.end, "element": names.element, "good": names.good}
    picks = own.picks(visit, {name: listed[name] for name in told}, told)
    voice = visit.voice
    picks["stage"] = [(each, voice.translated(STAGES[each])) for each in listed["stage"]]
    picks["basis"] = [(each, voice.translated(BASES[each])) for each in listed["basis"]]
    picks["year"] = [(each, each) for each in listed["year"]]
    codes = visit.ledger().codes
    known = asked.party in codes.groups or asked.party in codes.places
    atlas = {"element": asked.element, "destination": asked.party if known else None, "year": asked.year}
    return {"asked": asked, "picks": picks, "navigation": own.NAVIGATION, "here": own.ORIGIN, "atlas": atlas}


def _shares(visit: Visit, rows: Any) -> Table:
    codes = visit.ledger().codes
    cells = [
        {
            "side": SIDES[row["side"], row["by"]],
            "origin": names.end(codes, row["origin"]),
            "share": Number(row["share"], "1", confidence="estimated" if row["estimated_share"] >= 0.5 else ""),
            "quantity": row["quantity"],
        }
        for row in rows[rows["share"] >= 0.0005].to_dict("records")
    ]
    columns = (
        Column("side", sentence("Question"), how="words"),
        Column("origin", sentence("Country")),
        Column("share", sentence("Share"), "1", "share"),
        Column("quantity", sentence("Contained"), "t", "number"),
    )
    note = sentence(
        "Contained tonnes, mixed in proportion at every step; synthetic graphite comes from no mine and counts where it is made."
    )
    return Table("shares", sentence("Who delivers, and where it comes from"), columns, cells, note=note)


def _plants(visit: Visit, asked: view.Question) -> Table:
    codes = visit.ledger().codes
    found = view.plants(asked)
    cells = [
        {
            "name": row["name"] if row["name"] and not row["site"].startswith("rest_") else sentence_of_rest(codes, row),
            "good": names.good(codes, row["commodity"]),
            "owner": names.end(codes, row["owner_country"]),
            "quantity": Number(row["quantity"], row["unit"], confidence="estimated" if row["confidence"] == "estimated" else ""),
            "capacity": row["capacity"],
        }
        for row in found.to_dict("records")
    ]
    columns = (
        Column("name", sentence("Plant")),
        Column("good", sentence("Makes")),
        Column("owner", sentence("Controlled from")),
        Column("quantity", sentence("Made in 2024"), how="number"),
        Column("capacity", sentence("Capacity"), how="number"),
    )
    note = sentence(
        "Plants of one country that make the same good share its origins: no source says which lot went to which plant."
    )
    return Table(
        "plants", sentence("Plants behind it"), columns, cells, note=note, empty=sentence("No plant there makes it."), most=MOST
    )


def sentence_of_rest(codes: Any, row: Mapping[Any, Any]) -> Any:
    """The name of all plants of a place that are not on record one by one."""
    return said("Other plants in {place}", place=names.end(codes, row["place"]))


def _stop(visit: Visit) -> Table:
    codes = visit.ledger().codes
    cells = []
    for row in view.stop_of(("JPN", "KOR", "CAN", "USA", "all")).to_dict("records"):
        who = sentence("All countries") if row["party"] == "all" else names.end(codes, row["party"])
        told: dict[str, Any] = {"party": who if not isinstance(who, str) else said(who)}
        for response in view.RESPONSES:
            told[f"{response}_usd"] = Number(row[f"{response}_usd"] / 1e6, confidence="modelled")
            told[f"{response}_gwh"] = Number(row[f"{response}_gwh"], confidence="modelled")
        cells.append(told)
    columns = [Column("party", sentence("Who"))]
    for response in view.RESPONSES:
        columns.append(Column(f"{response}_usd", RESPONSES[response], "million USD", "number"))
        columns.append(Column(f"{response}_gwh", sentence("cells not made"), "GWh", "number"))
    note = sentence(
        "Half a year without graphite from China, on the flows of 2024. Losses are what buyers go without; China's cells arrive."
    )
    return Table("stop", sentence("What a six-month stop of Chinese graphite costs"), columns, cells, note=note)


PAGES = (own.page(own.ORIGIN, sentence("Dependence"), origin, OriginAsked, "origin"),)
