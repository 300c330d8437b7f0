"""Shocks: the library of events, an event of one's own, what came of one, and exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from orepact.errors import NotFound
from orepact.report.sentences import sentence
from orepact.service import jobs
from orepact.service.asked import Code, Day, Line, Number, Text, VersionName
from orepact.service.shock import list_events, show_event
from orepact.service.view import event_form
from orepact.service.view.followed import ALL, kept_shock, shock_of_run
from orepact.service.view.kept import kept
from orepact.web.pages import run_names, run_parts, shock_shown, shock_verdicts
from orepact.web.pages.page import Asked, Filled, Form, Sent
from orepact.web.pages.shown import Column, Link, Shown, Table
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.service.view.followed import Followed
    from orepact.web.pages.visit import Visit

#: The event whose costs are kept with the program, so that they are there at once.
KEPT = "graphite_stop"
MADE_FROM = ("data_edition", "scenario", "start", "weeks", "foresight", "network", "sha256")
Network = VersionName
LIBRARY = (
    Column("title", sentence("Event")),
    Column("start", sentence("From"), how="day"),
    Column("until", sentence("Until")),
    Column("breaks", sentence("What breaks")),
    Column("result", sentence("Result")),
)
BREAKS = (
    Column("breaks", sentence("What breaks")),
    Column("happens", sentence("What happens to it")),
    Column("scope", sentence("Only")),
    Column("start", sentence("From"), how="day"),
    Column("until", sentence("Until")),
    Column("confidence", sentence("How sure"), how="words"),
)


class Showing(Asked):
    """An event of the library or a run, whose weeks are told of which party, and the stocks of which good."""

    shock: Code
    party: Code = ALL
    good: Code | None = None


class Running(Filled):
    """An event of the library to follow."""

    weeks: Annotated[int, Field(ge=1, le=260)] = 52
    network: Network | None = None
    year: Annotated[int, Field(ge=1900, le=2199)] | None = None
    aid: bool = False


class Written(Running):
    """An event of one's own."""

    title: Line
    description: Text = ""
    start: Day
    duration: Annotated[float, Field(gt=0, le=5200)] | None = None
    end_announced: bool = False
    target: Literal[tuple(event_form.TARGETS)]  # type: ignore[valid-type]  # those of the table
    names: Text
    effect: Literal[tuple(event_form.EFFECTS)] | None = None  # type: ignore[valid-type]
    amount: Number | None = None
    unit: Annotated[str, Field(max_length=20)] = ""
    per: Literal[tuple(event_form.PERIODS)] | None = None  # type: ignore[valid-type]
    exports: bool = False
    origins: Text = ""
    destinations: Text = ""
    commodities: Text = ""
    places: Text = ""


def library(visit: Visit) -> Shown:
    """Events to follow, and the runs of one's own."""
    found = list_events()
    rows = [
        {
            **row,
            "title": Link(str(row["title"]), f"/shocks/{row['event']}"),
            "until": _until(visit, str(row["until"])),
            "breaks": run_names.spelled(visit.ledger(), visit.voice, str(row["breaks"])),
            "result": Link(sentence("What it costs"), f"/shocks/{row['event']}") if row["event"] == KEPT else None,
        }
        for row in reversed(found.envelope()["data"])
    ]
    rows.sort(key=lambda row: row["event"] != KEPT)
    table = Table("events", sentence("Library of events"), LIBRARY, rows)
    runs = run_parts.own_runs(visit, "shock", "/shocks")
    return Shown(
        lead=sentence(
            "What if it stops? Pick an event that happened or may happen, or write your own, and see who is hit, when, and what "
            "help is worth."
        ),
        context={"kept": KEPT},
        tables=[table, *([runs] if runs else [])],
        command="orepact shock events",
        api="/api/v1/events",
    )


def _until(visit: Visit, day: str) -> str:
    """The last day of an event in words."""
    return visit.voice.when(day) if day[:1].isdigit() else visit.voice.say("not known")


def _break(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """What breaks, with names for ids and the last day in words."""
    told = {name: run_names.spelled(visit.ledger(), visit.voice, str(row[name] or "")) for name in ("breaks", "scope")}
    return {**row, **told, "until": _until(visit, str(row["until"]))}


def write(_: Visit) -> Shown:
    """The form of an event of one's own."""
    return Shown(
        lead=sentence(
            "Say what breaks, by how much, from when and for how long. It is followed week by week as a run of your organisation."
        ),
        context={"targets": event_form.TARGETS, "effects": event_form.EFFECTS, "periods": event_form.PERIODS},
    )


def send_written(visit: Visit, content: Written) -> Sent:
    """Ask for the run of an event that was written; problems stand at their fields."""
    typed = {**content.model_dump(), "weeks": content.duration}
    event = event_form.event_of(typed)
    own = event_form.content_of(typed)
    assert own["id"] == event.id
    return _submitted(visit, {"written": [own]}, content)


def send_library(visit: Visit, content: Running) -> Sent:
    """Ask for the run of an event of the library."""
    _event(visit.asked.shock)
    return _submitted(visit, {"events": [visit.asked.shock]}, content)


def _submitted(visit: Visit, what: dict[str, Any], content: Running) -> Sent:
    asked: dict[str, Any] = {**what, "weeks": content.weeks, "aid": content.aid}
    asked |= {name: value for name in ("network", "year") if (value := getattr(content, name)) is not None}
    asked |= {} if content.network else {"as_of": visit.asked.as_of, "include_unverified": visit.asked.include_unverified}
    found = jobs.submit_run("shock", {name: value for name, value in asked.items() if value is not None}, visit.desk)
    return Sent(to=f"/shocks/{found.top['run']}")


def _event(name: str) -> str:
    """The id of an event of the library; raises ``NotFound``, also for what would be the name of a file."""
    from orepact.shock.events.reading import shipped_events

    if name not in shipped_events():
        raise NotFound("shock", name)
    return name


def _title(name: str) -> str:
    """What an event of the library is called."""
    from orepact.shock.events.reading import shipped_events

    return str(show_event(name).meta["title"]).partition(": ")[2] if name in shipped_events() else name


def one(visit: Visit) -> Shown:
    """An event of the library with its costs where they are kept, or a run; raises ``NotFound``, of a run of others too."""
    name = visit.asked.shock
    if name.startswith("run-"):
        return _run(visit, name)
    shown = show_event(_event(name))
    row, meta = shown.envelope()["data"], shown.meta
    known = kept_shock(name, visit.ledger())
    table = Table("breaks", sentence("What breaks"), BREAKS, [_break(visit, each) for each in row])
    context = {
        "run": None,
        "event": name,
        "about": _about(meta),
        "description": meta["description"],
        "followed": known is not None,
    }
    title = str(meta["title"]).partition(": ")[2]
    incident = address("/incidents/new", {"event": name, "title": title})
    if known is None:
        return Shown(
            title=title,
            context={**context, "incident": incident},
            tables=[table],
            command=f"orepact shock {name}",
            api=f"/api/v1/events/{name}",
            sources=meta["sources"],
            warnings=meta["warnings"],
        )
    asked, ledger = visit.asked, visit.ledger()
    return kept(
        ledger,
        ("shock", name, asked.party, asked.good, visit.language),
        lambda: _shown(visit, known, title, {**context, "incident": incident}, [table]),
    )


def _about(meta: Any) -> dict[str, str]:
    return {name: str(meta[name]) for name in ("start", "until", "end")}


def _run(visit: Visit, name: str) -> Shown:
    row = run_parts.run_of(visit, name, "shock")
    asked = row["asked"]
    written = asked.get("written") or []
    title = ", ".join([*map(_title, asked.get("events", ())), *(str(each.get("title", "")) for each in written)])
    standing = run_parts.standing(visit, row)
    done = row["state"] == "done" and bool(row["tables"])
    context = {"run": standing, "event": None, "about": None, "description": "", "followed": done}
    first = asked["events"][0] if asked.get("events") else None
    incident = address("/incidents/new", {"event": first, "title": title[:200]})
    if not context["followed"]:
        return Shown(
            title=title,
            context={**context, "incident": incident},
            tables=[run_parts.run_table(standing)],
            api=f"/api/v1/runs/{name}",
        )
    return _shown(
        visit, shock_of_run(name, visit.desk), title, {**context, "incident": incident}, [run_parts.run_table(standing)]
    )


def _shown(visit: Visit, found: Followed, title: str, context: dict[str, Any], more: list[Table]) -> Shown:
    """What came of a shock."""
    codes, asked = visit.ledger().codes, visit.asked
    if asked.party not in (ALL, *found.parties):
        raise NotFound("party", asked.party, found.parties)
    figures, tables = [shock_shown.bars(visit, found, codes)], [shock_shown.losses(found, codes)]
    weeks = shock_shown.weeks(visit, found, asked.party)
    goods = (
        shock_shown.cover_goods(found, codes, asked.party if asked.party != ALL else found.parties[0]) if found.parties else []
    )
    party = asked.party if asked.party != ALL or not found.parties else found.parties[0]
    cover = shock_shown.cover(visit, found, party, asked.good if asked.good in goods else (goods[0] if goods else ""))
    for pair in (weeks, cover):
        if pair is not None:
            figures.append(pair[0])
            tables.append(pair[1])
    beside = (shock_shown.plants(found, visit.ledger(), asked.party), shock_shown.aid(visit, found))
    tables += [table for table in beside if table is not None]
    context = {
        **context,
        "verdicts": shock_verdicts.verdicts(found, codes),
        "little": shock_verdicts.why_little(found),
        "worse": shock_verdicts.worse(found, codes),
        "has": {*(each.name for each in figures), *(each.name for each in tables)},
        "parties": [(name, run_names.place(codes, name)) for name in (ALL, *found.parties)],
        "goods": [(name, run_names.good(codes, name)) for name in goods],
        "notes": found.warnings,
        "cover_party": run_names.place(codes, party),
    }
    manifest = {name: found.meta[name] for name in MADE_FROM if name in found.meta}
    return Shown(
        title=title,
        context=context,
        tables=[*tables, *more],
        figures=figures,
        command=found.command,
        sources=found.sources,
        manifest=manifest,
        api=f"/api/v1/runs/{context['run']['run']}" if context["run"] else "",
    )


PAGES = run_parts.rooms(
    "shocks",
    "shock",
    titles=(sentence("Shocks"), sentence("An event of your own"), sentence("Shock")),
    uses=(library, write, one),
    asked=(Asked, Asked, Showing),
    own=Form(name="written", fields=Written, send=send_written, deed="run", done=""),
    again=Form(name="run", fields=Running, send=send_library, deed="run", done=""),
)
