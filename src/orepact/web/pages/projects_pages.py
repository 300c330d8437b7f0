"""Projects: the pipeline, provinces, what falls if one pauses, who could take its goods, sites side by side; then the sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from orepact.report.sentences import Spoken, sentence
from orepact.service import pact
from orepact.service.asked import Code, Id, Line
from orepact.service.view import project_cascade, project_matches, project_pipeline
from orepact.service.view.project_tables import counted
from orepact.service.view.project_words import GROUPS, good, group_of, place, state
from orepact.service.view.said import Named
from orepact.web.pages import sheet_pages
from orepact.web.pages.commands import command
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Figure, Link, Number, Shown, Table
from orepact.web.pages.tables import rows_of, shown_of
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orepact.service.view.project_cascade import Pausing
    from orepact.service.view.project_pipeline import Line as Project
    from orepact.web.pages.visit import Visit

PIPELINE = (
    Column("project", sentence("Project")),
    Column("place", sentence("Place")),
    Column("makes", sentence("Makes")),
    Column("capacity", sentence("A year"), how="number"),
    Column("owner", sentence("Owner")),
    Column("status", sentence("State")),
    Column("since", sentence("Since"), how="day"),
    Column("planned", sentence("Planned for"), how="day"),
    Column("moved", sentence("Moved by"), unit="month", how="number"),
    Column("late", sentence("Late by"), unit="month", how="number"),
)
PLACES = (
    Column("place", sentence("Place")),
    Column("projects", sentence("Projects"), how="number"),
    *(Column(name, words, how="number") for name, words in GROUPS.items()),
    Column("moved", sentence("Whose date moved"), how="number"),
    Column("cascade", sentence("If one pauses")),
)
FALLS = (
    Column("pauses", sentence("If this pauses")),
    Column("falls", sentence("this may fall")),
    Column("place", sentence("Place")),
    Column("strength", sentence("Strength"), unit="1", how="share"),
    Column("way", sentence("It loses"), how="words"),
    Column("goods", sentence("Of")),
    Column("because", sentence("Because")),
)
WAYS = {"loses its buyer": sentence("its buyer"), "loses its supplier": sentence("its supplier")}
MATCHES = (
    Column("buyer", sentence("Buyer")),
    Column("place", sentence("Place")),
    Column("score", sentence("Fit"), unit="1", how="share"),
    Column("lacking", sentence("Lacks a year"), how="number"),
    Column("covers", sentence("You could cover"), how="number"),
    Column("for", sentence("What speaks for it")),
    Column("unknown", sentence("What is not known")),
    Column("against", sentence("What rules it out")),
)
#: Countries of buyers that one may choose.
BUYERS = ("KOR", "JPN", "CAN", "USA")
#: So many of the dates that moved most are drawn.
DRAWN = 20


class Filtered(Asked):
    """Which projects."""

    place: Code | None = None
    commodity: Code | None = None
    status: Code | None = None
    owner: Id | None = None


class Placed(Asked):
    """A province, or one project."""

    place: Code | None = None
    project: Id | None = None


class Matching(Asked):
    """Whose goods, for which year, of what grade; ``makes``: whether the project makes that grade."""

    project: Id | None = None
    year: Annotated[int, Field(ge=2020, le=2060)] = 2030
    grade: Line | None = None
    makes: Literal["yes", "no"] | None = None
    carbon: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    most: Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)] | None = None
    buyers: Code | None = None


class Comparing(Asked):
    """Which locations."""

    site: Annotated[list[Id], Field(max_length=12)] = Field(default_factory=list)


def every(visit: Visit) -> Shown:
    """The projects that are asked for, and how far their dates have moved."""
    asked: Filtered = visit.asked
    wanted = project_pipeline.Wanted(*(getattr(asked, name) or "" for name in ("place", "commodity", "status", "owner")))
    ledger = visit.ledger()
    found = project_pipeline.pipeline(ledger, visit.desk, on=asked.as_of, wanted=wanted)
    rows = [_row(visit, one) for one in found.lines]
    kinds = [group_of(one.status) for one in found.lines]
    table = Table("projects", sentence("Projects"), PIPELINE, rows, empty=sentence("No project fits."))
    codes = ledger.codes
    context = {
        "places": [(name, _number(visit, place(codes, name), n)) for name, n in found.places.items()],
        "goods": [(name, _number(visit, good(codes, name), n)) for name, n in found.goods.items()],
        "states": [(name, _number(visit, state(codes, name), n)) for name, n in found.states.items()],
        "owners": sorted(found.owners.items(), key=lambda one: one[1]),
        "groups": [(words, kinds.count(name)) for name, words in GROUPS.items()],
        "by_group": [(words, [row for row, kind in zip(rows, kinds, strict=True) if kind == name])
                     for name, words in GROUPS.items()],
    }  # fmt: skip
    figure = _slips(found.lines, visit)
    return Shown(
        lead=sentence("What is built, planned and given up, what it makes, and how far its dates have moved."), context=context,
        tables=[table], figures=[figure] if figure else [], **_same(visit, "projects", "place", "commodity", "status", "owner"),
    )  # fmt: skip


def _same(visit: Visit, view: str, *filters: str, rows: str = "") -> dict[str, Any]:
    """The command line and the address that tell the same as a view of projects."""
    asked = visit.asked
    given = {"rows": rows, **{name: getattr(asked, name) for name in filters}, "on": asked.as_of}
    known = {"include_unverified": asked.include_unverified}
    told = {**given, **known, **({"as_of": asked.as_of} if asked.as_of else {})}
    return {"command": command(f"view {view}", **given, **known), "api": address(f"/api/v1/views/{view}", told)}


def _number(visit: Visit, name: Spoken | None, number: int) -> str:
    words = name.in_voice(visit.voice) if name else ""
    return f"{words[:1].upper()}{words[1:]} ({number})"


def _row(visit: Visit, one: Project) -> dict[str, Any]:
    codes = visit.ledger().codes
    return {
        "project": Link(one.title, f"/projects/{one.id}"), "place": place(codes, one.place), "makes": good(codes, one.makes),
        "capacity": sheet_pages.capacity(one), "owner": one.owner_name or None, "status": state(codes, one.status),
        "since": one.since or None, "planned": one.planned_for or None, "moved": one.moved or None, "late": one.late or None,
    }  # fmt: skip


def _slips(lines: Sequence[Project], visit: Visit) -> Figure | None:
    """By how many months dates have moved, the most first."""
    moved = sorted((one for one in lines if one.moved), key=lambda one: -(one.moved or 0))[:DRAWN]
    if not moved:
        return None
    names = [one.title.in_voice(visit.voice) for one in moved]
    data = {
        "type": "bar", "orientation": "h", "x": [one.moved for one in moved], "y": names,
        "text": [f"{one.first_planned} → {one.planned_for}" for one in moved], "textposition": "auto",
        "marker": {"color": "#00558a"}, "hovertemplate": "%{y}: %{x}<br>%{text}<extra></extra>",
    }  # fmt: skip
    layout = {
        "xaxis": {"title": {"text": visit.voice.say("months after the first plan")}, "zeroline": True},
        "yaxis": {"autorange": "reversed", "automargin": True}, "margin": {"l": 10, "r": 10, "t": 10, "b": 45},
    }  # fmt: skip
    most = moved[0]
    summary = visit.voice.say(
        "The date of {project} has moved most: from {first} to {now}, {months} months.", project=names[0],
        first=visit.voice.when(most.first_planned), now=visit.voice.when(most.planned_for), months=visit.voice.number(most.moved),
    )  # fmt: skip
    return Figure(
        "slips", sentence("How far dates have moved"), {"data": [data], "layout": layout}, summary, "projects",
        height=110 + 26 * len(moved),
    )  # fmt: skip


def places(visit: Visit) -> Shown:
    """Provinces and territories: how many projects each has, and how they stand."""
    ledger = visit.ledger()
    found = project_pipeline.pipeline(ledger, visit.desk, on=visit.asked.as_of)
    rows = []
    for name in found.places:
        words = place(ledger.codes, name) or Named(name)
        rows.append({
            **counted(name, found.lines), "place": Link(words, "/projects", {"place": name}),
            "cascade": Link(sentence("What falls"), "/projects/cascade", {"place": name}),
        })  # fmt: skip
    table = Table("places", sentence("Provinces and territories"), PLACES, rows)
    return Shown(
        lead=sentence("How many projects each province and territory has, and how they stand."), tables=[table],
        **_same(visit, "projects", rows="places"),
    )  # fmt: skip


def falling(visit: Visit) -> Shown:
    """Which projects fall if one of a province pauses."""
    asked: Placed = visit.asked
    ledger = visit.ledger()
    known = project_pipeline.pipeline(ledger, visit.desk, on=asked.as_of)
    chosen = (asked.project,) if asked.project else ()
    there = bool(asked.place or asked.project)
    found = project_cascade.pauses(ledger, visit.desk, place=asked.place or "", projects=chosen, on=asked.as_of) if there else ()
    table = Table(
        "falls", sentence("What may fall"), FALLS, [*falls(visit, found)],
        empty=sentence("Nothing is known to fall with it."), note=sheet_pages.NO_PROBABILITY,
    )  # fmt: skip
    context = {
        "places": [(name, _number(visit, place(ledger.codes, name), n)) for name, n in known.places.items()],
        "projects": [(one.id, one.title.in_voice(visit.voice)) for one in known.lines if asked.place in (None, one.place)],
        "pauses": [one for one in found if one.falls], "alone": [one for one in found if not one.falls], "there": there,
    }  # fmt: skip
    lead = sentence("When a plant pauses, those who make what it uses lose a buyer, and those who use what it makes a supplier.")
    return Shown(
        lead=lead, context=context, tables=[table] if there else [],
        **(_same(visit, "cascade", "place", "project") if there else {}),
    )  # fmt: skip


def falls(visit: Visit, found: Iterable[Pausing]) -> Iterable[dict[str, Any]]:
    """A row for each site that may fall with a project."""
    codes = visit.ledger().codes
    for one in found:
        for each in one.falls:
            yield {
                "pauses": Link(one.line.title, f"/projects/{one.line.id}"),
                "falls": Link(each.name, f"/projects/{each.project}") if each.project else each.name,
                "place": place(codes, each.place), "strength": Number(round(each.strength, 2), "1", confidence="derived"),
                "way": WAYS.get(each.way, each.way), "goods": good(codes, each.commodity), "because": each.because,
            }  # fmt: skip


def match(visit: Visit) -> Shown:
    """Buyers whose need the goods of a project fit, with reasons."""
    asked: Matching = visit.asked
    ledger = visit.ledger()
    makers = project_matches.match_makers(ledger, visit.desk, on=asked.as_of)
    names = {one.id: one.title for one in project_pipeline.pipeline(ledger, visit.desk, on=asked.as_of).lines}
    context: dict[str, Any] = {
        "makers": sorted([(each, _named(visit, names[each], made)) for each, made in makers.items()], key=lambda one: one[1]),
        "countries": [(name, words.in_voice(visit.voice)) for name in BUYERS if (words := place(ledger.codes, name))],
        "found": None,
    }  # fmt: skip
    lead = sentence("Whose plants need what a project makes, what speaks for it, and what nobody knows yet.")
    if not asked.project:
        return Shown(lead=lead, context=context)
    found = project_matches.matches(
        ledger, asked.project, visit.desk, year=asked.year, on=asked.as_of, grade=asked.grade or "",
        makes=None if asked.makes is None else asked.makes == "yes", carbon=asked.carbon, most=asked.most,
        places=(asked.buyers,) if asked.buyers else (),
    )  # fmt: skip
    table = Table(
        "matches", sentence("Who could take it"), MATCHES, [*_matches(visit, found)],
        empty=sentence("No buyer is known whose gap it fits."),
    )  # fmt: skip
    context |= {"found": found, "goods": good(ledger.codes, found.goods) if found.goods else None, "table": table}
    context["notes"] = found.result.warnings if found.result else []
    manifest = dict(found.result.meta["manifest"]) if found.result else {}
    return Shown(
        lead=lead, context=context, tables=[table], command=_command(found, asked),
        manifest={name: value for name, value in manifest.items() if name != "overlays"},
    )  # fmt: skip


def _command(found: project_matches.Matches, asked: Matching) -> str:
    """What says the same of the buyer that fits best."""
    if not found.pairs:
        return ""
    best = found.pairs[0].buyer
    most = f"{asked.most:g}" if asked.most is not None else None
    options = {"quantity": f"{best.lacking:.0f}", "year": asked.year, "buyer": best.site, "grade": asked.grade, "carbon": most}
    return command("pact match", found.goods, **options, on=asked.as_of)


def _named(visit: Visit, title: Named, made: str) -> str:
    """A project with what it makes."""
    words = good(visit.ledger().codes, made)
    return f"{title.in_voice(visit.voice)}: {words.in_voice(visit.voice) if words else ''}"


def _matches(visit: Visit, found: project_matches.Matches) -> Iterable[dict[str, Any]]:
    codes = visit.ledger().codes
    for one in found.pairs:
        yield {
            "buyer": one.buyer.name, "place": place(codes, one.buyer.place),
            "score": Number(None if one.refused else round(one.score, 2), "1", confidence="derived"),
            "lacking": Number(one.buyer.lacking, f"{one.buyer.unit}/y", confidence="derived"),
            "covers": Number(one.covers, f"{one.buyer.unit}/y", confidence="derived"), "for": "; ".join(one.reasons) or None,
            "unknown": "; ".join(one.unknowns) or None, "against": "; ".join(one.refused) or None,
        }  # fmt: skip


def compare(visit: Visit) -> Shown:
    """Locations side by side by criterion."""
    asked: Comparing = visit.asked
    known = rows_of(pact.list_records(["location"], visit.desk, order="title", limit=None))
    names = {row["id"]: row["title"] for row in known}
    found = pact.compare_sites(asked.site, visit.desk, on=asked.as_of, language=visit.language)
    sites = [name for name in found.data.columns if name in names]
    columns = [
        Column("title", sentence("Criterion")), Column("unit", sentence("Unit")),
        *(Column(name, Named(names[name]), how="number") for name in sites), Column("best", sentence("Best of those known")),
    ]  # fmt: skip
    rows = [
        {
            **row,
            "unit": visit.voice.unit(row["unit"] or ""),
            "best": ", ".join(names.get(each, each) for each in row["best"]) or None,
        }
        for row in rows_of(found)
    ]
    table = Table("sites", sentence("Sites side by side"), columns, rows)
    chosen = [(row["id"], row["title"]) for row in known]
    return shown_of(
        found, table, context={"known": chosen, "chosen": sites, "blank": found.meta["blank"], "names": names},
        lead=sentence("There is no verdict: what is not known stays blank."), warnings=[],
        command=command("pact compare-sites", *asked.site, on=asked.as_of),
        api=address("/api/v1/sites/compare", {"location": asked.site, "on": asked.as_of}),
    )  # fmt: skip


PAGES = (
    Page(
        path="/projects", name="projects", title=sentence("Projects"), use=every, template="projects/list.html.j2",
        asked=Filtered, tab="projects",
    ),
    Page(
        path="/projects/places", name="project_places", title=sentence("Provinces and territories"), use=places,
        template="projects/places.html.j2", tab="projects",
    ),
    Page(
        path="/projects/cascade", name="cascade", title=sentence("If one pauses"), use=falling,
        template="projects/cascade.html.j2", asked=Placed, tab="projects",
    ),
    Page(
        path="/projects/match", name="match", title=sentence("Find buyers"), use=match, template="projects/match.html.j2",
        asked=Matching, tab="projects",
    ),
    Page(
        path="/projects/compare", name="compare_sites", title=sentence("Compare sites"), use=compare,
        template="projects/compare.html.j2", asked=Comparing, tab="projects",
    ),
    *sheet_pages.PAGES,
)  # fmt: skip
