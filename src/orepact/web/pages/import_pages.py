"""Import: a table of one's own is looked at, its columns matched, its rows mended, and kept as an overlay; and one's overlays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from orepact.errors import BadInput, Problem
from orepact.report.sentences import said, sentence
from orepact.service import sharing
from orepact.service.asked import Day, Id, Year
from orepact.service.sharing import intake
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Badge, Column, Link, Number, Shown, Table, Why
from orepact.web.pages.tables import rows_of, shown_of, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orepact.service.sharing.intake import Looked, Matched
    from orepact.web.pages.visit import Visit

Short = Annotated[str, StringConstraints(max_length=200)]
Encoding = Literal["utf-8", "cp1252", "cp932", "cp949", "gb18030"]
#: How fields of claims and of trade are called.
FIELDS = {
    "subject": sentence("Subject (such as CAN/lithium)"),
    "attribute": sentence("Attribute"),
    "value": sentence("Value"),
    "unit": sentence("Unit"),
    "year": sentence("Year"),
    "valid_from": sentence("Valid from"),
    "valid_to": sentence("Valid to"),
    "source": sentence("Source"),
    "as_of": sentence("Said on"),
    "confidence": sentence("Confidence"),
    "label": sentence("Label"),
    "note": sentence("Note"),
    "t": sentence("Year of the trade"),
    "i": sentence("Exporter"),
    "j": sentence("Importer"),
    "k": sentence("Customs code"),
    "v": sentence("Value (thousand US dollars)"),
    "q": sentence("Quantity (tonnes)"),
}
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252 (Western)",
    "cp932": "Shift JIS (日本語)",
    "cp949": "CP949 / EUC-KR (한국어)",
    "gb18030": "GB 18030 (中文)",
}
#: What may be said once for all rows.
FIXED = ("attribute", "unit", "year", "source", "as_of", "confidence")
PROBLEMS = (
    Column("row", sentence("Row"), how="code"),
    Column("column", sentence("Column")),
    Column("found", sentence("Found")),
    Column("expected", sentence("Expected")),
    Column("mend", sentence("How to mend it")),
)
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


class Upload(Filled):
    """A file: its bytes, each as a character."""

    file: str = ""
    file_name: Short = ""
    encoding: Encoding = "utf-8"


class Check(Filled):
    """A table with how its columns are matched; ``map``: FIELD=NUMBER of a column."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=intake.MOST)]
    layout: Literal["claims", "trade"] = "claims"
    before: Literal["claims", "trade"] = "claims"
    map: Annotated[list[Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,12}=[0-9]{1,3}$")]], Field(max_length=20)] = Field(
        default_factory=list
    )
    attribute: Short = ""
    unit: Short = ""
    year: Year | None = None
    source: Short = ""
    as_of: Day | None = None
    confidence: Literal["", "reported", "derived", "estimated", "unverified"] = ""
    hs: Literal["HS2012", "HS2017", "HS2022"] = "HS2017"
    source_title: Short = ""
    source_producer: Short = ""
    source_licence: Short = ""
    name: Short = ""


class Ending(Filled):
    """An overlay that no new run uses."""

    overlay: Id


class OneOverlay(Asked):
    """An overlay by name (``NAME@VERSION``, else the last version); without one, the list."""

    overlay: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(@[0-9]{1,6})?$", max_length=120)] | None = (
        None
    )


def start(visit: Visit) -> Shown:
    """The page that takes a file; with what was typed, the preview of it."""
    typed = {name: values for name, values in visit.typed.items() if name != "file"}
    if "text" in typed:
        return _again(visit, typed)
    return Shown(context={"looked": None, "encodings": ENCODINGS, "may": "put_overlay" in visit.deeds}, lead=LEAD)


#: No table has as many columns as a number of so many digits.
MOST_DIGITS = 5
LEAD = sentence(
    "Your own claims or trade, laid over the facts in your organisation's runs alone. Nobody else is told that there are any."
)


def _again(visit: Visit, typed: Mapping[str, Sequence[str]]) -> Shown:
    """The preview of what was typed, whatever is wrong with it."""
    one = {name: values[-1] for name, values in typed.items() if values}
    layout = one.get("layout", "claims") if one.get("layout") in intake.LAYOUTS else "claims"
    pairs = (text.partition("=") for text in typed.get("map", ()))
    places = ((name, place) for name, _, place in pairs if place.isdecimal() and len(place) < MOST_DIGITS)
    columns = {name: int(place) for name, place in places if name in intake.LAYOUTS[layout]}
    matched = intake.Matched(layout, columns, {name: one[name] for name in FIXED if one.get(name)}, one.get("hs", "HS2017"))
    try:
        looked = _looked(visit, one["text"], matched, one)
    except BadInput as error:
        looked = intake.Looked(intake.Grid((), ()), matched, (), tuple(error.problems))
    return _preview(looked, one["text"], one)


def _looked(visit: Visit, text: str, matched: Matched, one: Mapping[str, Any]) -> Looked:
    return intake.look(text, matched, _mark(visit), _sources(one))


def _mark(visit: Visit) -> str:
    """For the organisation alone."""
    return f"TLP:AMBER+STRICT/{visit.reader.organisation}"


def _sources(one: Mapping[str, Any]) -> str:
    return intake.source_row(
        str(one.get("source") or ""),
        str(one.get("source_title") or ""),
        str(one.get("source_producer") or ""),
        str(one.get("source_licence") or ""),
    )


def upload(visit: Visit, content: Upload) -> Sent:
    """A file as a preview with its columns guessed; raises ``BadInput`` for what is no table."""
    if not content.file:
        raise BadInput([Problem("file", "a file", "none", "choose a CSV file")])
    text = intake.text_of(content.file.encode("latin-1"), content.encoding)
    try:
        grid = intake.grid_of(text)
        looked = _looked(visit, text, intake.guessed(grid), {})
    except BadInput as error:  # the table is shown, to be mended where it stands
        looked = intake.Looked(intake.Grid((), ()), intake.Matched("claims"), (), tuple(error.problems))
    return Sent(shown=_preview(looked, text, {"name": _name(content.file_name)}))


def _name(file: str) -> str:
    import re

    return re.sub(r"[^a-z0-9]+", "-", file.rpartition(".")[0].casefold()).strip("-")[:60].strip("-")


def _matched(content: Check) -> Matched:
    pairs = (text.partition("=") for text in content.map)
    columns = {name: int(place) for name, _, place in pairs if name in intake.LAYOUTS[content.layout]}
    fixed = {name: str(getattr(content, name)) for name in FIXED if getattr(content, name)}
    return intake.Matched(content.layout, columns, fixed, content.hs)


def check(visit: Visit, content: Check) -> Sent:
    """The preview again, with the columns and the table as they are now; nothing is kept."""
    matched = _matched(content)
    if content.layout != content.before:
        matched = replace(intake.guessed(intake.grid_of(content.text), content.layout), fixed=matched.fixed, hs=content.hs)
    try:
        looked = _looked(visit, content.text, matched, content.model_dump())
    except BadInput as error:
        looked = intake.Looked(intake.Grid((), ()), matched, (), tuple(error.problems))
    return Sent(shown=_preview(looked, content.text, content.model_dump(exclude={"text", "map"})))


def keep(visit: Visit, content: Check) -> Sent:
    """The table as an overlay of one's organisation; raises ``BadInput`` with every row that is wrong."""
    if not content.name:
        raise BadInput([Problem("name", "a name for the overlay", "none", "such as my-trade")])
    intake.take(content.name, content.text, _matched(content), _mark(visit), visit.desk, sources=_sources(content.model_dump()))
    return Sent(to=f"/data/overlays?overlay={content.name}")


def _preview(looked: Looked, text: str, values: Mapping[str, Any]) -> Shown:
    """What would become of a table: a sample of it, what is wrong, and the form to mend both."""
    layout = looked.matched.layout
    fields = intake.LAYOUTS[layout]
    sample = Table(
        "sample",
        said("The first rows, as they would be read"),
        [Column(name, FIELDS[name]) for name in fields if any(row[name] for row in looked.sample)],
        looked.sample,
    )
    wrong = [
        {
            "row": one.row or None,
            "column": FIELDS.get(one.column, one.column),
            "found": one.found,
            "expected": one.expected,
            "mend": one.mend,
        }
        for one in looked.problems
    ]
    problems = Table("problems", sentence("Rows to mend"), PROBLEMS, wrong, empty=sentence("No problem found."))
    columns = [(str(place), name) for place, name in enumerate(looked.grid.columns)]
    context = {
        "looked": looked,
        "text": text,
        "given": values,
        "layout": layout,
        "fields": [(name, FIELDS[name]) for name in fields],
        "columns": columns,
        "needed": intake.NEEDED[layout],
        "fixed": [(name, FIELDS[name]) for name in FIXED if layout == "claims" or name == "source"],
        "names": FIELDS,
        "may": True,
        "encodings": ENCODINGS,
    }
    return Shown(title=sentence("Look before it is kept"), context=context, tables=(problems, sample))


def overlays(visit: Visit) -> Shown:
    """Every version of the overlays of one's organisation, or the claims of one of them; raises ``NotFound``."""
    if visit.asked.overlay:
        return overlay(visit)
    if not visit.reader.organisation:
        empty = Table(
            "overlays",
            sentence("My overlays"),
            OVERLAYS,
            [],
            empty=sentence("Overlays belong to an organisation: log in and act for yours."),
        )
        return Shown(tables=(empty,), context={"living": [], "ref": ""}, lead=LEAD)
    found = sharing.list_overlays(visit.desk)
    table = table_of(
        found,
        "overlays",
        sentence("My overlays"),
        OVERLAYS,
        empty=sentence("Your organisation has none yet."),
        cells=lambda row: {
            "overlay": Link(row["overlay"], "/data/overlays", {"overlay": f"{row['overlay']}@{row['version']}"}),
            "label": Badge(row["label"]),
            "ended_at": row["ended_at"] or None,
        },
    )
    living = sorted({row["overlay"] for row in rows_of(found) if not row["ended_at"]})
    return shown_of(
        found, table, context={"living": living, "ref": ""}, command="orepact overlay list", api="/api/v1/overlays", lead=LEAD
    )


def overlay(visit: Visit) -> Shown:
    """The claims of an overlay, each beside what the facts say; raises ``NotFound``."""
    found = sharing.show_overlay(visit.asked.overlay, visit.desk)
    ref = str(found.top["overlay"])
    table = table_of(found, "claims", sentence("Claims"), CLAIMS, cells=_claim)
    return shown_of(
        found,
        table,
        title=said("Overlay {name}", name=ref),
        context={"ref": ref, "label": Badge(str(found.meta["label"])), "living": [visit.asked.overlay.partition("@")[0]]},
        command=f"orepact overlay show {ref}",
        api=f"/api/v1/overlays/{ref}",
    )


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


ENDS = Form(name="end", fields=Ending, send=end, deed="put_overlay", done=sentence("No new run uses it."))
PAGES = (
    Page(
        path="/data/import",
        name="import",
        title=sentence("Import"),
        use=start,
        template="data/import.html.j2",
        tab="data",
        kept=False,
        forms=(
            Form(name="upload", fields=Upload, send=upload, deed="put_overlay"),
            Form(name="check", fields=Check, send=check, deed="put_overlay"),
            Form(name="keep", fields=Check, send=keep, deed="put_overlay", done="", once=True),
        ),
    ),
    Page(
        path="/data/overlays",
        name="overlays",
        title=sentence("My overlays"),
        use=overlays,
        template="data/overlays.html.j2",
        tab="data",
        asked=OneOverlay,
        deed="run",
        forms=(ENDS,),
        kept=False,
    ),
)
