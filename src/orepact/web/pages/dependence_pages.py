"""Dependence: who delivered against where it came from; what a stop costs; footprints, rules and landed cost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from orepact.report.sentences import said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view import dependence as view
from orepact.service.view.kept_results import kept, stale
from orepact.web.pages import dependence_figures as drawn
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Level, Link, Number, Shown, Table

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

Name = Annotated[str, Field(max_length=60)]
SIDES = {
    ("direct", "place"): sentence("Delivered from"),
    ("traced", "place"): sentence("Came from"),
    ("direct", "owner"): sentence("Deliverer controlled from"),
    ("traced", "owner"): sentence("Origin controlled from"),
}
STAGES = {
    "mine": sentence("the mine or works"),
    "refine": sentence("the refinery"),
    "active_material": sentence("the maker of the powder"),
}
BASES = {"production": sentence("what is made there"), "supply": sentence("imports too")}
RESPONSES = {
    "contracts": sentence("Contracts kept"),
    "market": sentence("Markets reroute"),
    "pact": sentence("With the pact"),
}
VERDICTS: Mapping[str, Literal["red", "amber", "green"]] = {"pass": "green", "fail": "red", "undetermined": "amber"}
VERDICT_WORDS = {"pass": sentence("passes"), "fail": sentence("fails"), "undetermined": sentence("open")}
CHANGES = {
    "change": sentence("Buying differently would do"),
    "no such change": sentence("No change of sources would do"),
    "passes": sentence("Nothing to change"),
    "none needed": sentence("Nothing to change"),
}
#: Where Japan's target of cell capacity stands (``target_pages``).
TARGET = "/dependence/target"
NAVIGATION = (
    ("/dependence", sentence("Origin")),
    ("/dependence/carbon", sentence("Carbon")),
    ("/dependence/eligibility", sentence("Eligibility")),
    ("/dependence/cost", sentence("Landed cost")),
    (TARGET, sentence("Japan's target")),
)
#: Rule sets of duties that have a word of their own; others are names.
RULES = {"mfn": sentence("ordinary duty"), "domestic": sentence("made at home")}
MOST = 30
#: What may be the id of a good (with an underscore) or of a place.
_IDS = re.compile(r"\b(?:[a-z0-9]+(?:_[a-z0-9]+)+|[A-Z]{3}|[A-Z]{2}-[A-Z]{2})\b")


class OriginAsked(Asked):
    """Of what, where, traced how far."""

    party: Name | None = None
    element: Name | None = None
    good: Name | None = None
    stage: Name | None = None
    basis: Name | None = None
    year: Name | None = None


class CarbonAsked(Asked):
    """Of which good, and the place that is looked into."""

    good: Name = "cell_nmc811"
    place: Name = "KOR"


class RulesAsked(Asked):
    """Of one good, or one place, or everything."""

    product: Name = "cell_nmc811"
    place: Name = "KOR"


class CostAsked(Asked):
    """Of which good, for whom."""

    commodity: Name = "lithium_hydroxide"
    buyer: Name = "KOR"


def _about(visit: Visit, *tables: str) -> dict[str, Any]:
    """Sources, manifest and warnings of kept tables."""
    manifest = kept(tables[0]).manifest
    return {
        "sources": manifest["sources"],
        "warnings": stale(visit.ledger(), tables),
        "manifest": {name: manifest[name] for name in ("name", "data_edition", "scenario", "scenario_hash", "sha256")},
    }


def _picks(visit: Visit, listed: dict[str, list[str]], told: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Choices of a form in the reader's language."""
    codes, voice = visit.ledger().codes, visit.voice
    return {name: [(each, told[name](codes, each).in_voice(voice)) for each in values] for name, values in listed.items()}


# Origin --------------------------------------------------------------------------------------------------------------------


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
        command=asked.command,
        **_about(visit, "origins", "moves", "plants", "graphite_stop"),
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


TRACED_AND_DIRECT = sentence(
    "{share} of it comes from plants and mines controlled from {far}; of those who deliver it, {part} are controlled from {near}."
)


def _origin_context(visit: Visit, asked: view.Question) -> dict[str, Any]:
    listed = view.choices()
    told = {"party": names.end, "element": names.element, "good": names.good}
    picks = _picks(visit, {name: listed[name] for name in told}, told)
    voice = visit.voice
    picks["stage"] = [(each, voice.translated(STAGES[each])) for each in listed["stage"]]
    picks["basis"] = [(each, voice.translated(BASES[each])) for each in listed["basis"]]
    picks["year"] = [(each, each) for each in listed["year"]]
    codes = visit.ledger().codes
    known = asked.party in codes.groups or asked.party in codes.places
    atlas = {"element": asked.element, "destination": asked.party if known else None, "year": asked.year}
    return {"asked": asked, "picks": picks, "navigation": NAVIGATION, "here": "/dependence", "atlas": atlas}


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
        for row in found.head(MOST).to_dict("records")
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
    return Table("plants", sentence("Plants behind it"), columns, cells, note=note, empty=sentence("No plant there makes it."))


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


# Carbon --------------------------------------------------------------------------------------------------------------------


def carbon(visit: Visit) -> Shown:
    """Footprints of a good by place of making, and what one of them is made of."""
    asked, codes, voice = visit.asked, visit.ledger().codes, visit.voice
    rows = view.footprints(asked.good)
    made = [str(each) for each in rows["place_of_making"].unique()]
    parts = view.footprint_rows(asked.good, asked.place)
    least, most = rows.iloc[0], rows.iloc[-1]
    ends = {"least": names.end(codes, least["place_of_making"]), "most": names.end(codes, most["place_of_making"])}
    figures_ = {"low": voice.number(float(least["total_kg_per_kwh"])), "high": voice.number(float(most["total_kg_per_kwh"]))}
    totals = rows.drop_duplicates("place_of_making")
    return Shown(
        title=said("Carbon footprint of {good}", good=names.good(codes, asked.good)),
        lead=said("From {low} kg CO2e for each kWh made in {least} to {high} in {most}.", **ends, **figures_),
        context=_room(
            visit, "carbon", {"good": _listed("carbon", "good"), "place": made}, {"good": names.good, "place": names.end}
        ),
        tables=[_by_maker(codes, totals, asked.good), _inside(codes, parts, asked.place)],
        figures=drawn.carbon_figures(voice, codes, rows),
        command=f"orepact measure carbon --commodity {asked.good} --place {asked.place} --basis production",
        **_about(visit, "carbon"),
    )


KG = "kg CO2e/kWh"


def _by_maker(codes: Any, totals: Any, good: str) -> Table:
    cells = []
    for row in totals.to_dict("records"):
        where = row["place_of_making"]
        place = Link(said("{name}", name=names.end(codes, where)), "/dependence/carbon", {"good": good, "place": where})
        kg = Number(row["total_kg_per_kwh"], confidence="estimated" if row["grade"] in {"C", "D"} else "")
        cells.append({"place": place, "kg": kg, "grade": row["grade"]})
    columns = (
        Column("place", sentence("Made in")),
        Column("kg", sentence("Footprint"), KG, "number"),
        Column("grade", sentence("Data quality"), how="code"),
    )
    note = sentence("A is the best data, D the weakest: most factors are estimates.")
    return Table("places", sentence("By place of making"), columns, cells, note=note)


def _inside(codes: Any, parts: Any, place: str) -> Table:
    cells = [
        {
            "stage": names.stage(codes, row["stage"]),
            "place": names.end(codes, row["place"]),
            "kg": row["kg_co2e_per_kwh"],
            "share": row["share"],
        }
        for row in parts.head(MOST).to_dict("records")
    ]
    columns = (
        Column("stage", sentence("Stage")),
        Column("place", sentence("Emitted in")),
        Column("kg", sentence("Footprint"), KG, "number"),
        Column("share", sentence("Share"), "1", "share"),
    )
    title = said("What a kWh made in {place} is made of", place=names.end(codes, place))
    return Table("parts", title, columns, cells, empty=sentence("None is made there."))


def _listed(table: str, column: str) -> list[str]:
    return [str(each) for each in kept(table).frame[column].unique()]


def _room(visit: Visit, name: str, listed: dict[str, list[str]], told: dict[str, Any]) -> dict[str, Any]:
    """What the template of a part of dependence finds."""
    return {"picks": _picks(visit, listed, told), "navigation": NAVIGATION, "here": f"/dependence/{name}"}


# Eligibility ---------------------------------------------------------------------------------------------------------------


def eligibility(visit: Visit) -> Shown:
    """Goods under rule sets: what passes, why not, and the cheapest fix."""
    asked, codes = visit.asked, visit.ledger().codes
    rows = view.verdicts(asked.product, asked.place)
    cells = [
        {
            "place": names.end(codes, row["place"]),
            "rules": row["title"],
            "verdict": Level(VERDICTS.get(row["verdict"], "none"), VERDICT_WORDS.get(row["verdict"], row["verdict"])),
            "why": _in_words(visit, row["why"]),
            "change": _change(codes, row),
            "cost": Number(row["extra_usd_per_kwh"], confidence="estimated") if row["change"] == "change" else None,
        }
        for row in rows.to_dict("records")
    ]
    columns = (
        Column("place", sentence("Made in")),
        Column("rules", sentence("Rules")),
        Column("verdict", sentence("Verdict")),
        Column("why", sentence("Why")),
        Column("change", sentence("Cheapest fix")),
        Column("cost", sentence("Extra cost"), "USD/kWh", "number"),
    )
    passed = int((rows["verdict"] == "pass").sum())
    listed = {name: _listed("eligibility", name) for name in ("product", "place")}
    room = _room(visit, "eligibility", listed, {"product": names.good, "place": names.end})
    room["picks"]["place"].insert(0, ("", visit.voice.say("Every place")))
    return Shown(
        title=said("Rules that {good} would meet", good=names.good(codes, asked.product)),
        lead=said("{passed} of {all} questions pass. This is no legal advice.", passed=passed, all=len(rows)),
        context=room,
        tables=[Table("verdicts", sentence("Verdicts, reasons and fixes"), columns, cells)],
        command=f"orepact measure eligibility --product {asked.product} --place {asked.place or 'KOR'} --rules us-45x-2026",
        **_about(visit, "eligibility"),
    )


def _in_words(visit: Visit, text: str) -> str:
    """A reason with the names of goods and places in place of their ids."""
    codes, voice = visit.ledger().codes, visit.voice

    def named(found: re.Match[str]) -> str:
        word = found[0]
        if word in codes.commodities:
            return names.good(codes, word).in_voice(voice)
        return names.end(codes, word).in_voice(voice) if word in codes.places or word in codes.groups else word

    return _IDS.sub(named, text)


def _change(codes: Any, row: Mapping[Any, Any]) -> Any:
    """The largest move of the cheapest change, in words."""
    known = said(CHANGES.get(row["change"], row["change"]))
    moves = [move for move in row["moves"] if move["share_to"] > move["share_from"]]
    if row["change"] != "change" or not moves:
        return known
    first = max(moves, key=lambda move: move["share_to"] - move["share_from"])
    ends = {"good": names.good(codes, first["material"]), "place": names.end(codes, first["place"])}
    part = {"low": f"{first['share_from']:.0%}", "high": f"{first['share_to']:.0%}", "n": len(row["moves"])}
    return said("{good} from {place}: from {low} to {high} ({n} shifts in all)", **ends, **part)


# Landed cost ---------------------------------------------------------------------------------------------------------------


def cost(visit: Visit) -> Shown:
    """What a good costs at a buyer, from every source, under every rule set."""
    asked, codes, voice = visit.asked, visit.ledger().codes, visit.voice
    rows = view.landed(asked.commodity, asked.buyer)
    cells = [
        {
            "origin": names.end(codes, row["origin"]),
            "rules": said(RULES.get(row["rules"], row["rules"].upper())),
            "total": Number(row["total_usd"], confidence="estimated"),
            "difference": row["difference_usd"],
            "production": row["production_usd"],
            "transport": row["transport_usd"],
            "tariff": row["tariff_usd"],
            "credit": row["credit_usd"],
            "days": row["days"],
            "notes": _notes(row),
        }
        for row in rows.to_dict("records")
    ]
    unit = f"USD/{rows['unit'].iloc[0]}"
    money = (
        ("total", sentence("Landed")),
        ("difference", sentence("Above the cheapest")),
        ("production", sentence("Production")),
        ("transport", sentence("Transport")),
        ("tariff", sentence("Duty")),
        ("credit", sentence("Credit")),
    )
    columns = [Column("origin", sentence("Source")), Column("rules", sentence("Rules"))]
    columns += [Column(key, head, unit, "number") for key, head in money]
    columns += [Column("days", sentence("Under way"), "days", "number"), Column("notes", sentence("Note"))]
    first = rows.iloc[0]
    canada = rows[rows["origin"].str.startswith("CA-")]
    words = {
        "good": names.good(codes, asked.commodity),
        "source": names.end(codes, first["origin"]),
        "buyer": names.end(codes, asked.buyer),
    }
    lead: Any = said("{good} from {source} is the cheapest in {buyer}.", **words)
    if len(canada):
        best = canada.iloc[0]
        extra = voice.number(float(best["difference_usd"]))
        more = said("From {place} it costs {extra} {unit} more.", place=names.end(codes, best["origin"]), extra=extra, unit=unit)
        lead = voice.sentences([lead.in_voice(voice), more.in_voice(voice)])
    listed = {name: _listed("costs", name) for name in ("commodity", "buyer")}
    note = sentence("Costs of 2024 hold no profit; a duty that is not known counts nothing, and the total is then a lower bound.")
    return Shown(
        title=said("Landed cost of {good} in {buyer}", good=words["good"], buyer=words["buyer"]),
        lead=lead,
        context=_room(visit, "cost", listed, {"commodity": names.good, "buyer": names.end}),
        tables=[Table("paths", sentence("By source and rule set"), columns, cells, note=note)],
        figures=drawn.cost_figures(voice, codes, rows, unit),
        command=f"orepact measure landed-cost --commodity {asked.commodity} --place {asked.buyer}",
        **_about(visit, "costs"),
    )


def _notes(row: Mapping[Any, Any]) -> Any:
    """What to know of a path, in words."""
    if row["hypothetical"] and not row["complete"]:
        return said("not made yet; at least")
    if row["hypothetical"]:
        return said("not made yet")
    return said("at least") if not row["complete"] else None


def _page(path: str, title: str, use: Any, asked: type[Asked], template: str = "plain") -> Page:
    name = path.rpartition("/")[2]
    return Page(
        path=path, name=name, title=title, use=use, template=f"dependence/{template}.html.j2", asked=asked, tab="dependence"
    )


PAGES = (
    _page("/dependence", sentence("Dependence"), origin, OriginAsked, "origin"),
    _page("/dependence/carbon", sentence("Carbon"), carbon, CarbonAsked),
    _page("/dependence/eligibility", sentence("Eligibility"), eligibility, RulesAsked),
    _page("/dependence/cost", sentence("Landed cost"), cost, CostAsked),
)
