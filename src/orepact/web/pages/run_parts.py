"""What pages about runs have in common: how one stands, ending it, and runs of one's own as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.errors import NotFound
from orepact.report.sentences import said, sentence
from orepact.service import jobs
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Column, Level, Link, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orepact.report.sentences import Said
    from orepact.web.pages.shown import Shown
    from orepact.web.pages.visit import Visit

STATES = {
    "queued": sentence("Waiting in line"),
    "running": sentence("Working"),
    "done": sentence("Done"),
    "failed": sentence("Failed"),
    "cancelled": sentence("Cancelled"),
    "timed_out": sentence("Took too long"),
}
LEVELS = {"done": "green", "failed": "red", "timed_out": "red", "running": "amber", "queued": "amber"}
OPEN = frozenset({"queued", "running"})
#: What runs say of how far they are.
STEPS = (
    sentence("building the network"),
    sentence("solving the plan"),
    sentence("reading the network"),
    sentence("finding the usual week"),
    sentence("gathering what sources say"),
    sentence("balancing"),
)
COLUMNS = (
    Column("about", sentence("Run")),
    Column("state", sentence("State")),
    Column("progress", sentence("Progress"), how="share"),
    Column("created_at", sentence("Asked"), how="day"),
    Column("account", sentence("By")),
)


class Nothing(Filled):
    """No field."""


def state(row: Mapping[str, Any]) -> Level:
    """How a run stands, as a word and a shape."""
    name = str(row["state"])
    return Level(LEVELS.get(name, "none"), STATES.get(name, name))  # type: ignore[arg-type]  # of the words above


def own_runs(visit: Visit, use_case: str, place: str) -> Table | None:
    """The last runs of the reader's organisation as links to ``place``; None for who makes none."""
    if "run" not in visit.deeds or not visit.reader.organisation:
        return None
    found = jobs.list_asked(use_case, visit.desk).envelope()["data"]
    rows = [{**row, "about": Link(row["about"] or row["run"], f"{place}/{row['run']}"), "state": state(row)} for row in found]
    empty = sentence("Your organisation has asked for none yet.")
    return Table("runs", sentence("Runs of your organisation"), COLUMNS, rows, empty=empty)


def run_of(visit: Visit, name: str, use_case: str, what: str = "run") -> Mapping[str, Any]:
    """A run of the reader's organisation; raises ``NotFound`` (of ``what``), of a run of others too."""
    if "run" not in visit.deeds:
        raise NotFound(what, name)
    row: Mapping[str, Any] = jobs.show_run(name, visit.desk).top["run"]
    if row["use_case"] != use_case:
        raise NotFound(what, name)
    return row


def standing(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a page says of a run: its state, how far it is, what went wrong."""
    error = row.get("error") or {}
    return {
        "run": row["run"],
        "state": row["state"],
        "level": state(row),
        "open": row["state"] in OPEN,
        "progress": round(100 * float(row["progress"])),
        "step": visit.voice.translated(row["step"]) if row["step"] else "",
        "created": str(row["created_at"])[:16].replace("T", " "),
        "organisation": row["organisation"],
        "account": row["account"],
        "message": error.get("message", ""),
        "problems": error.get("problems", ()),
        "conflicts": error.get("conflicts", ()),
    }


def run_table(row: Mapping[str, Any]) -> Table:
    """How a run stands, for programs and for the bar that moves."""
    columns = [Column(name, name) for name in ("run", "state", "progress", "step")]
    return Table("run", said("Run"), columns, [{column.key: row[column.key] for column in columns}])


def cancel_form(field: str, place: str) -> Form:
    """The form that ends the run which the path names."""

    def send(visit: Visit, _: Nothing) -> Sent:
        name = getattr(visit.asked, field)
        jobs.cancel_run(name, visit.desk)
        return Sent(to=f"{place}/{name}")

    return Form(name="cancel", fields=Nothing, send=send, deed="run", done=sentence("The run is told to end."))


def rooms(
    area: str,
    thing: str,
    *,
    titles: tuple[str | Said, str | Said, str | Said],
    uses: tuple[Callable[[Visit], Shown], Callable[[Visit], Shown], Callable[[Visit], Shown]],
    asked: tuple[type[Asked], type[Asked], type[Asked]],
    own: Form,
    again: Form,
    more: tuple[Page, ...] = (),
) -> tuple[Page, ...]:
    """The pages of a kind of runs: what can be asked, one of one's own, ``more``, and one with what came of it."""
    (listed, fresh, single), (listing, writing, showing) = titles, uses
    return (
        Page(
            path=f"/{area}", name=area, title=listed, use=listing, template=f"{area}/list.html.j2", asked=asked[0], tab=area,
            kept=False,
        ),
        Page(
            path=f"/{area}/new", name=f"{thing}_new", title=fresh, use=writing, template=f"{area}/new.html.j2", asked=asked[1],
            tab=area, forms=(own,),
        ),
        *more,
        Page(
            path=f"/{area}/{{{thing}}}", name=thing, title=single, use=showing, template=f"{area}/one.html.j2", asked=asked[2],
            tab=area, kept=False, forms=(again, cancel_form(thing, f"/{area}")),
        ),
    )  # fmt: skip
