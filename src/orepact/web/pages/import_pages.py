"""Import: a table of one's own is looked at, its columns matched, its rows mended, and kept as an overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, StringConstraints

from orepact.errors import BadInput, Problem
from orepact.report.sentences import sentence
from orepact.service.asked import Day, Expects, Year
from orepact.service.sharing import intake
from orepact.service.slugs import slug
from orepact.web.pages.commands import command
from orepact.web.pages.import_preview import ENCODINGS, FIXED, mark_of, previewed, sources_of
from orepact.web.pages.page import Filled, Form, Page, Sent
from orepact.web.pages.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orepact.service.sharing.intake import Matched
    from orepact.web.pages.visit import Visit

Short = Annotated[str, StringConstraints(max_length=200)]
Encoding = Literal["utf-8", "cp1252", "cp932", "cp949", "gb18030"]
Layout = Literal["claims", "trade"]
#: No table has as many columns as a number of so many digits.
MOST_DIGITS = 5
#: Characters of the name of an overlay that is made of the name of a file.
LONGEST_NAME = 60
LEAD = sentence(
    "Your own claims or trade, laid over the facts in your organisation's runs alone. Nobody else is told that there are any."
)


class Upload(Filled):
    """A file: its bytes, each as a character."""

    file: str = ""
    file_name: Annotated[str, StringConstraints(max_length=400)] = ""
    encoding: Encoding = "utf-8"


Pairing = Annotated[
    str, StringConstraints(pattern=r"^[a-z_]{1,12}=[0-9]{1,3}$"), Expects("a field, = and the number of a column", "year=3")
]  # fmt: skip


class Check(Filled):
    """A table with how its columns are matched; ``map``: FIELD=NUMBER of a column."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=intake.MOST)]
    layout: Layout = "claims"
    before: Layout = "claims"
    map: Annotated[list[Pairing], Field(max_length=20)] = Field(default_factory=list)
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


def start(visit: Visit) -> Shown:
    """The page that takes a file; with what was typed, the preview of it, whatever is wrong with it."""
    one = {name: values[-1] for name, values in visit.typed.items() if values and name != "file"}
    if "text" not in one:
        context = {"looked": None, "encodings": ENCODINGS, "may": "put_overlay" in visit.deeds}
        return Shown(context=context, lead=LEAD, command=command("overlay put", "NAME", "FILE"))
    layout = one["layout"] if one.get("layout") in intake.LAYOUTS else "claims"
    matched = _matched(layout, visit.typed.get("map", ()), one, one.get("hs", "HS2017"))
    return previewed(visit, one["text"], lambda: matched, {**one, "layout": layout})


def _matched(layout: str, pairs: Iterable[str], values: Mapping[str, object], hs: str) -> Matched:
    """How columns are matched, from what was typed; what cannot be the number of a column is passed over."""
    places = {name: place for name, _, place in (text.partition("=") for text in pairs)}
    columns = {
        name: int(place) for name, place in places.items()
        if name in intake.LAYOUTS[layout] and place.isdecimal() and len(place) < MOST_DIGITS
    }  # fmt: skip
    return intake.Matched(layout, columns, {name: str(values[name]) for name in FIXED if values.get(name)}, hs)


def upload(visit: Visit, content: Upload) -> Sent:
    """A file as a preview with its columns guessed; raises ``BadInput`` for what is no table."""
    if not content.file:
        raise BadInput([Problem("file", "a file", "none", "choose a CSV file")])
    text = intake.text_of(content.file.encode("latin-1"), content.encoding)
    name = slug(content.file_name.rpartition(".")[0] or content.file_name, LONGEST_NAME)
    return Sent(shown=previewed(visit, text, lambda: intake.guessed(intake.grid_of(text)), {"name": name}))


def _own(content: Check) -> Matched:
    return _matched(content.layout, content.map, content.model_dump(), content.hs)


def check(visit: Visit, content: Check) -> Sent:
    """The preview again, with the columns and the table as they are now; nothing is kept."""

    def find() -> Matched:
        own = _own(content)
        if content.layout == content.before:
            return own
        guessed = intake.guessed(intake.grid_of(content.text), content.layout)
        return intake.Matched(content.layout, guessed.columns, own.fixed, content.hs)

    return Sent(shown=previewed(visit, content.text, find, content.model_dump(exclude={"text", "map"})))


def keep(visit: Visit, content: Check) -> Sent:
    """The table as an overlay of one's organisation; raises ``BadInput`` with every row that is wrong."""
    if not content.name:
        raise BadInput([Problem("name", "a name for the overlay", "none", "such as my-trade")])
    sources = sources_of(content.model_dump())
    intake.take(content.name, content.text, _own(content), mark_of(visit), visit.desk, sources=sources)
    return Sent(to=f"/data/overlays?overlay={content.name}")


PAGES = (
    Page(
        path="/data/import", name="import", title=sentence("Import"), use=start, template="data/import.html.j2", tab="data",
        kept=False,
        forms=(
            Form(name="upload", fields=Upload, send=upload, deed="put_overlay"),
            Form(name="check", fields=Check, send=check, deed="put_overlay"),
            Form(name="keep", fields=Check, send=keep, deed="put_overlay", done="", once=True),
        ),
    ),
)  # fmt: skip
