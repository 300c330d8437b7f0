"""The preview of a table that somebody sent: its columns matched, its first rows as they would be read, and its rows to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.errors import BadInput
from orepact.report.sentences import said, sentence
from orepact.service.sharing import intake
from orepact.web.pages.shown import Column, Shown, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from orepact.errors import Problem
    from orepact.service.sharing.intake import Looked, Matched
    from orepact.web.pages.visit import Visit

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


def mark_of(visit: Visit) -> str:
    """The label of what is imported: for the organisation alone."""
    return f"TLP:AMBER+STRICT/{visit.reader.organisation}"


def sources_of(values: Mapping[str, Any]) -> str:
    """The row of a source that is new, from what was typed; "" where none is."""
    names = ("source", "source_title", "source_producer", "source_licence")
    return intake.source_row(*(str(values.get(name) or "") for name in names))


def previewed(visit: Visit, text: str, find: Callable[[], Matched], values: Mapping[str, Any]) -> Shown:
    """What would become of a table; one that cannot be read is shown with what is wrong, to be mended where it stands.

    ``find``: matches its columns, and may find that it has none; ``values``: what else was typed.
    """
    matched = intake.Matched(str(values.get("layout") or "claims"))
    try:
        matched = find()
        looked = intake.look(text, matched, mark_of(visit), sources_of(values))
    except BadInput as error:
        looked = intake.Looked(intake.Grid((), ()), matched, (), tuple(error.problems))
    return _shown(looked, text, values)


def _shown(looked: Looked, text: str, values: Mapping[str, Any]) -> Shown:
    """The form to mend columns and rows, with a sample and the problems."""
    layout = looked.matched.layout
    fields = [(name, FIELDS[name]) for name in intake.LAYOUTS[layout]]
    context = {
        "looked": looked, "text": text, "given": values, "layout": layout, "fields": fields, "names": FIELDS,
        "columns": [(str(place), name) for place, name in enumerate(looked.grid.columns)], "needed": intake.NEEDED[layout],
        "fixed": [(name, FIELDS[name]) for name in FIXED if layout == "claims" or name == "source"],
        "may": True, "encodings": ENCODINGS, "full": len(looked.problems) >= intake.MOST_PROBLEMS,
    }  # fmt: skip
    return Shown(title=sentence("Look before it is kept"), context=context, tables=(_problems(looked), _sample(looked)))


def _problems(looked: Looked) -> Table:
    rows = [_problem(one) for one in looked.problems]
    return Table("problems", sentence("Rows to mend"), PROBLEMS, rows, empty=sentence("No problem found."))


def _problem(one: Problem) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("found", "expected", "mend")}
    return {"row": one.row or None, "column": FIELDS.get(one.column, one.column), **told}


def _sample(looked: Looked) -> Table:
    used = [name for name in intake.LAYOUTS[looked.matched.layout] if any(row[name] for row in looked.sample)]
    columns = [Column(name, FIELDS[name]) for name in used]
    return Table("sample", said("The first rows, as they would be read"), columns, looked.sample)
