"""The atlas: one selection as a map, a Sankey, a time chart and a table; each choice is a link, so that no script is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from orepact.report.sentences import said, sentence
from orepact.service.view import atlas_names as names
from orepact.service.view.atlas import PAGE, REST, STOCK, Atlas, atlas, said_of
from orepact.service.view.kept_results import kept, stale
from orepact.service.view.provisional import provisional_in
from orepact.service.view.selection import BY, SHOW
from orepact.web.pages.atlas_figures import figures
from orepact.web.pages.later import Later
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Link, Number, Shown, Table

if TYPE_CHECKING:
    import pandas as pd

    from orepact.web.pages.visit import Visit

Name = Annotated[str, Field(max_length=60)]
#: Rows of the tables beside the pictures.
BESIDE = 40
#: Rows that a download of all flows holds at most.
MOST = 5000
SELECTS = ("element", "stage", "commodity", "origin", "destination", "place", "by", "year", "measure", "show", "provinces", "top")
#: Groups of places that can be chosen beside countries and provinces.
GROUPS = ("corridor", "europe", "allied", "concern", "southeast_asia", "latin_america", "africa")
BY_WORDS = {"place": sentence("Where plants stand"), "owner": sentence("Who controls them")}
SHOW_WORDS = {"amount": sentence("Amounts"), "share": sentence("Shares")}
CHIPS = {
    "element": sentence("Element: {name}"),
    "stage": sentence("Stage: {name}"),
    "commodity": sentence("Good: {name}"),
    "origin": sentence("From: {name}"),
    "destination": sentence("To: {name}"),
    "place": sentence("From or to: {name}"),
}


class AtlasAsked(Asked):
    """A selection; what the words may be is checked with all of them at once."""

    element: Name | None = None
    stage: Name | None = None
    commodity: Name | None = None
    origin: Name | None = None
    destination: Name | None = None
    place: Name | None = None
    by: Name | None = None
    year: Name | None = None
    measure: Name | None = None
    show: Name | None = None
    provinces: Name | None = None
    top: Name | None = None


def look(visit: Visit) -> Shown:
    """The atlas of a selection; raises ``BadInput`` with every wrong choice."""
    ledger = visit.ledger()
    found = atlas(ledger, **{name: getattr(visit.asked, name) for name in SELECTS})
    manifest = kept("moves").manifest
    tables = [_largest(found), _stages(found), *_beside(found), _all(found)]
    return Shown(
        title=_title(found),
        lead=_lead(visit, found),
        context=_context(visit, found),
        tables=tables,
        figures=figures(visit.voice, found) if found.total > 0 else (),
        command=found.selection.command,
        sources=manifest["sources"],
        warnings=[*stale(ledger, ["moves"]), *_without(found), *_provisional(visit, found)],
        manifest={name: manifest[name] for name in ("name", "data_edition", "scenario", "scenario_hash", "sha256")},
    )


def _title(found: Atlas) -> Any:
    asked = found.selection
    what = names.good(found.codes, asked.commodity) if asked.commodity else names.element(found.codes, asked.element)
    return said("Atlas: {what}, {year}", what=what, year=str(asked.year))


def _lead(visit: Visit, found: Atlas) -> Any:
    if not found.total > 0:
        return sentence("Nothing moves in this selection.")
    unit = said(names.UNITS[found.selection.measure])
    first = found.rows.iloc[0]
    amount = visit.voice.number(float(found.total))
    parts = {"amount": amount, "unit": unit, "estimated": visit.voice.share(round(found.estimated_share, 2))}
    ends = {"origin": names.end(found.codes, first["from"]), "destination": names.end(found.codes, first["to"])}
    told = [said(ONE_STEP, **parts, **ends)] if len(found.stages) < 2 else _by_stage(visit, found, unit, ends)
    if found.estimated_share >= WORTH_SAYING:
        told.append(said("{estimated} of it rests on estimated flows.", **parts))
    if found.state == "planned":
        told.append(said("The year is planned, not observed."))
    return visit.voice.sentences(each.in_voice(visit.voice) for each in told)


def _by_stage(visit: Visit, found: Atlas, unit: Any, ends: Mapping[str, Any]) -> list[Any]:
    """What leaves each stage, so that nothing is counted twice, and the largest flow."""
    voice = visit.voice
    listed = voice.series(
        voice.say("{stage} {amount}", stage=names.stage(found.codes, name).in_voice(voice), amount=voice.number(amount))
        for name, amount in found.stages
        if amount >= WORTH_LISTING * max(each for _, each in found.stages)
    )
    return [said(EVERY_STEP, stages=listed, unit=unit), said(LARGEST, **ends)]


#: A part of estimates below this is not said.
WORTH_SAYING = 0.01
#: A stage with less than this part of the largest stands in the table alone.
WORTH_LISTING = 0.02
ONE_STEP = sentence("{amount} {unit} move in this selection; the largest flow goes from {origin} to {destination}.")
EVERY_STEP = sentence("What leaves each stage, in {unit}: {stages}. The stages follow each other: their amounts do not add up.")
LARGEST = sentence("The largest flow goes from {origin} to {destination}.")


def _without(found: Atlas) -> list[Any]:
    if not found.without:
        return []
    goods = ", ".join(found.without)
    measure = said(names.MEASURES[found.selection.measure])
    return [said("{measure} is not known of these goods, which count nothing: {goods}.", measure=measure, goods=goods)]


def _provisional(visit: Visit, found: Atlas) -> list[Any]:
    """Who of those that buy in the selection has not reported all of the year yet."""
    asked = found.selection
    if found.state != "balanced" or asked.by != "place":
        return []
    bought = set(found.map["to"]) if found.total > 0 else set()
    late = [names.end(found.codes, name) for name in provisional_in(visit.ledger(), asked.year) if name in bought]
    if not late:
        return []
    listed = visit.voice.listed(each.in_voice(visit.voice) for each in late)
    return [
        said("Not all customs reports of {year} are in: what {names} bought is provisional.", year=str(asked.year), names=listed)
    ]


# The form ------------------------------------------------------------------------------------------------------------------


def _context(visit: Visit, found: Atlas) -> dict[str, Any]:
    asked, table, voice = found.selection, found.table, visit.voice
    return {
        "selection": asked,
        "choices": {
            "element": [(each, names.element(found.codes, each).in_voice(voice)) for each in (*table.elements, "all")],
            "stage": [
                ("", voice.say("Every stage")),
                *((each, names.stage(found.codes, each).in_voice(voice)) for each in table.stages),
            ],
            "commodity": [("", voice.say("Every good")), *_goods(visit, found)],
            "by": [(each, voice.translated(BY_WORDS[each])) for each in BY],
            "measure": [(each, voice.translated(words)) for each, words in names.MEASURES.items() if _fits(found, each)],
            "show": [(each, voice.translated(SHOW_WORDS[each])) for each in SHOW],
        },
        "places": [("", voice.say("Anywhere")), *_places(visit, found)],
        "years": [(year, state) for year, state in sorted(table.states.items())],
        "chips": _chips(found),
        "query": dict(asked.asked),
    }


def _fits(found: Atlas, measure: str) -> bool:
    return measure != "contained" or found.selection.element != "all"


def _goods(visit: Visit, found: Atlas) -> list[tuple[str, str]]:
    asked, goods = found.selection, found.table.goods
    held = [name for name, good in goods.items() if asked.element == "all" or asked.element in good.contents]
    return [
        (name, names.good(found.codes, name).in_voice(visit.voice))
        for name in held
        if not asked.stage or goods[name].stage == asked.stage
    ]


def _places(visit: Visit, found: Atlas) -> list[tuple[str, str]]:
    codes = found.codes
    single = {codes.country(name) for name in codes.places} | {name for name in codes.places if name.startswith("CA-")}
    listed = [(name, names.end(codes, name).in_voice(visit.voice)) for name in (*single, *GROUPS)]
    return sorted(listed, key=lambda pair: pair[1])


def _chips(found: Atlas) -> list[dict[str, Any]]:
    """What is selected, each with what the address says without it."""
    asked, codes = found.selection, found.codes
    said_as = {"element": names.element, "stage": names.stage, "commodity": names.good}
    out = []
    for name, words in CHIPS.items():
        value = getattr(asked, name)
        if value:
            told = said_as.get(name, names.end)(codes, value)
            out.append({"name": name, "words": said(words, name=told), "removable": name != "element"})
    return out


# Tables --------------------------------------------------------------------------------------------------------------------


def _amount(found: Atlas, row: Mapping[Any, Any]) -> Any:
    confidence = "estimated" if row.get("estimated_share", 0.0) >= 0.5 else "modelled" if found.state == "planned" else ""
    if found.selection.show == "share":
        return Number(row["share"], "1", confidence=confidence)
    return Number(row["amount"], confidence=confidence, note=names.UNITS[found.selection.measure])


def _end(found: Atlas, name: str, side: str) -> Any:
    words = said("{name}", name=names.end(found.codes, name))
    if name in {REST, STOCK, "unknown"}:
        return words
    query = {**found.selection.asked, "year": found.selection.year, side: name}
    return Link(words, "/atlas", query)


def _rows(found: Atlas, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with ends as links and the amount as the selection shows it."""
    out = []
    for row in frame.to_dict("records"):
        told: dict[str, Any] = {"value": _amount(found, row), "amount": row.get("amount"), "share": row.get("share")}
        for key, side in (("from", "origin"), ("to", "destination")):
            if key in row:
                told[key] = _end(found, row[key], side)
        if "commodity" in row:
            told["commodity"] = Link(
                said("{name}", name=names.good(found.codes, row["commodity"])),
                "/atlas",
                {**found.selection.asked, "year": found.selection.year, "commodity": row["commodity"]},
            )
        for key in ("to_stage", "from_stage"):
            if key in row:
                told[key] = names.stage(found.codes, row[key])
        if "year" in row:
            told |= {"year": str(row["year"]), "state": STATES[row["state"]]}
        out.append(told)
    return out


STATES = {"balanced": sentence("balanced"), "planned": sentence("planned")}
GOOD, FROM, TO = Column("commodity", sentence("Good")), Column("from", sentence("From")), Column("to", sentence("To"))
BECOMES = Column("to_stage", sentence("Used for"))


def _value(found: Atlas) -> Column:
    shares = found.selection.show == "share"
    return Column("value", sentence("Share of the selection") if shares else names.UNITS[found.selection.measure], how="number")


def _largest(found: Atlas) -> Table:
    rows = _rows(found, found.rows.head(PAGE))
    note: Any = ""
    if len(found.rows) > PAGE:
        note = said(
            "The {n} largest of {all} flows; the table of all of them is below, as CSV and JSON.", n=PAGE, all=len(found.rows)
        )
    return Table("largest", sentence("Largest flows"), (GOOD, FROM, TO, BECOMES, _value(found)), rows, note=note)


def _stages(found: Atlas) -> Table:
    """What leaves each stage."""
    rows = [{"stage": names.stage(found.codes, name), "value": Number(amount)} for name, amount in found.stages]
    unit = Column("value", names.UNITS[found.selection.measure], how="number")
    return Table("stages", sentence("What leaves each stage"), (Column("stage", sentence("Stage")), unit), rows)


def _beside(found: Atlas) -> list[Table]:
    value = _value(found)
    stage = Column("from_stage", sentence("Made at"))
    return [
        Table("map", sentence("Flows between places"), (FROM, TO, value), _rows(found, found.map.head(MOST)), most=BESIDE),
        Table(
            "sankey",
            sentence("Links from stage to stage"),
            (stage, FROM, BECOMES, TO, value),
            _rows(found, found.sankey.head(MOST)),
            most=BESIDE,
        ),
        Table(
            "time",
            sentence("By year and origin"),
            (Column("year", sentence("Year"), how="code"), Column("state", sentence("Known as"), how="words"), FROM, value),
            _rows(found, found.time),
        ),
    ]


def _all(found: Atlas) -> Table:
    """Every flow, for programs."""
    keys = ("commodity", "stage", "from", "to", "to_stage")
    columns = [Column(key, key, how="code") for key in keys]
    columns += [Column("amount", "amount", found.unit, "number"), Column("share", "share", "1", "share")]
    columns += [Column("estimated_share", "estimated_share", "1", "share")]
    return Table("flows", sentence("All flows"), columns, Later(lambda: _plain(found)))


def _plain(found: Atlas) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in found.rows.head(MOST).to_dict("records")]


PAGES = (
    Page(
        path="/atlas",
        name="atlas",
        title=sentence("Atlas"),
        use=look,
        template="atlas/atlas.html.j2",
        asked=AtlasAsked,
        tab="atlas",
        alike=True,
    ),
)
__all__ = ["PAGES", "said_of"]
