"""The overlays of one's organisation: every version of them, the claims of one beside the facts, and the end of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import StringConstraints

from orepact.report.sentences import said, sentence
from orepact.service import sharing
from orepact.service.asked import Expects, Id
from orepact.web.pages.commands import command
from orepact.web.pages.import_pages import LEAD
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Badge, Column, Link, Number, Shown, Table, Why
from orepact.web.pages.tables import rows_of, shown_of, table_of

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

OVERLAYS = (
    Column("overlay", sentence("Overlay")),
    Column("version", sentence("Version"), how="code"),
    Column("claims", sentence("Claims"), how="number"),
    Column("label", sentence("Label")),
    Column("created_at", sentence("Made"), how="day"),
    Column("created_by", sentence("By whom"), how="code"),
    Column("ended_at", sentence("Ended"), how="day"),
)
CLAIMS = (
    Column("subject", sentence("Subject"), how="code"),
    Column("attribute", sentence("Attribute")),
    Column("value", sentence("Value"), how="number"),
    Column("unit", sentence("Unit")),
    Column("year", sentence("Year"), how="code"),
    Column("source", sentence("Source"), how="code"),
    Column("confidence", sentence("Confidence"), how="words"),
    Column("facts", sentence("In the facts")),
)
TITLE = sentence("My overlays")


class Ending(Filled):
    """An overlay that no new run uses."""

    overlay: Id


OverlayName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(@[0-9]{1,6})?$", max_length=120),
    Expects("the name of an overlay, and if need be @ and a version", "prices@2"),
]  # fmt: skip


class OneOverlay(Asked):
    """An overlay by name (``NAME@VERSION``, else the last version); without one, the list."""

    overlay: OverlayName | None = None


def overlays(visit: Visit) -> Shown:
    """Every version of the overlays of one's organisation, or the claims of one of them; raises ``NotFound``."""
    if visit.asked.overlay:
        return overlay(visit)
    if not visit.reader.organisation:
        empty = sentence("Overlays belong to an organisation: log in and act for yours.")
        table = Table("overlays", TITLE, OVERLAYS, [], empty=empty)
        return Shown(tables=(table,), context={"living": [], "ref": ""}, lead=LEAD)
    found = sharing.list_overlays(visit.desk)
    table = table_of(found, "overlays", TITLE, OVERLAYS, cells=_version, empty=sentence("Your organisation has none yet."))
    living = sorted({row["overlay"] for row in rows_of(found) if not row["ended_at"]})
    return shown_of(
        found, table, context={"living": living, "ref": ""}, lead=LEAD, api="/api/v1/overlays",
        command=command("overlay list", **{"for": visit.reader.organisation}),
    )  # fmt: skip


def _version(row: Any) -> dict[str, Any]:
    own = {"overlay": f"{row['overlay']}@{row['version']}"}
    return {
        "overlay": Link(row["overlay"], "/data/overlays", own), "label": Badge(row["label"]), "ended_at": row["ended_at"] or None,
    }  # fmt: skip


def overlay(visit: Visit) -> Shown:
    """The claims of an overlay, each beside what the facts say; raises ``NotFound``."""
    found = sharing.show_overlay(visit.asked.overlay, visit.desk)
    ref = str(found.top["overlay"])
    table = table_of(found, "claims", sentence("Claims"), CLAIMS, cells=_claim)
    label = Badge(str(found.meta["label"]))
    return shown_of(
        found, table, title=said("Overlay {name}", name=ref), api=f"/api/v1/overlays/{ref}",
        context={"ref": ref, "label": label, "living": [visit.asked.overlay.partition("@")[0]]},
        command=command("overlay show", ref, **{"for": visit.reader.organisation}),
    )  # fmt: skip


def _claim(row: Any) -> dict[str, Any]:
    year = int(row["year"]) if str(row["year"]).isdecimal() else None
    try:
        value: Any = Number(float(row["value"]))
    except ValueError:
        value = row["value"]
    return {
        "value": value,
        "attribute": row["attribute"].replace("_", " "),
        "year": row["year"] or None,
        "facts": Link(sentence("compare"), "/why", Why(row["subject"], row["attribute"], year).query),
    }


def end(visit: Visit, content: Ending) -> Sent:
    """Let no new run use an overlay; raises ``NotFound``, ``Forbidden``."""
    sharing.end_overlay(content.overlay, visit.desk)
    return Sent(to="/data/overlays")


PAGES = (
    Page(
        path="/data/overlays", name="overlays", title=TITLE, use=overlays, template="data/overlays.html.j2", tab="data",
        asked=OneOverlay, kept=False,
        forms=(Form(name="end", fields=Ending, send=end, deed="put_overlay", done=sentence("No new run uses it.")),),
    ),
)  # fmt: skip
