"""Why a number is what it is: the claim that counts, its source, and every rival with the reason why it does not."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from orepact.report.sentences import said, sentence
from orepact.service import explain_fact
from orepact.service.asked import Code, Subject, Year
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Shown, Why
from orepact.web.pages.tables import shown_of, table_of
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

COLUMNS = (
    Column("verdict", sentence("Verdict"), how="words"),
    Column("value", sentence("Value"), how="number"),
    Column("unit", sentence("Unit")),
    Column("year", sentence("Year"), how="code"),
    Column("valid_from", sentence("From"), how="day"),
    Column("confidence", sentence("Confidence"), how="words"),
    Column("as_of", sentence("Said on"), how="day"),
    Column("source", sentence("Source"), how="code"),
    Column("reason", sentence("Why it does not count")),
    Column("note", sentence("Note")),
)
#: Words of the facts that are said in the reader's language.
WORDS = (
    sentence("counts"),
    sentence("loses"),
    sentence("reported"),
    sentence("derived"),
    sentence("estimated"),
    sentence("unverified"),
    sentence("modelled"),
)


class WhyAsked(Asked):
    """A subject and an attribute; without them the page asks for both."""

    subject: Subject | None = None
    attribute: Code | None = None
    year: Year | None = None


def explain(visit: Visit) -> Shown:
    """The claim that counts and its rivals; raises ``NotFound``."""
    asked: WhyAsked = visit.asked
    if asked.subject is None or asked.attribute is None:
        return Shown(context={"winner": None, "source": None, "why": None}, lead=LEAD)
    found = explain_fact(visit.ledger(), asked.subject, asked.attribute, year=asked.year)
    winner = found.meta["winner"]
    source = next((each for each in found.meta["sources"] if winner and each["source"] == winner["source"]), None)
    table = table_of(found, "claims", sentence("The claim that counts, and its rivals"), COLUMNS, cells=_cells)
    title = said("{subject}: {attribute}", subject=asked.subject, attribute=asked.attribute.replace("_", " "))
    context = {
        "winner": winner,
        "value": _number(winner["value"]) if winner else None,
        "source": source,
        "why": Why(asked.subject, asked.attribute, asked.year),
    }
    return shown_of(
        found,
        table,
        title=title,
        context=context,
        command=command(visit),
        api=_api(asked),
        warnings=[] if winner else [sentence("Only unverified claims: none counts unless you include them.")],
    )


LEAD = sentence("Name a subject and an attribute, or follow any number of these pages: it leads here.")


def _cells(row: Any) -> dict[str, Any]:
    return {"value": _number(row["value"]), "year": row["year"] or None, "valid_from": row["valid_from"] or None}


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def command(visit: Visit) -> str:
    """The command line that tells the same."""
    asked: WhyAsked = visit.asked
    parts = ["orepact", "facts", "why", str(asked.subject), str(asked.attribute)]
    parts += ["--year", str(asked.year)] if asked.year else []
    parts += ["--as-of", asked.as_of] if asked.as_of else []
    parts += ["--include-unverified"] if asked.include_unverified else []
    return shlex.join(parts)


def _api(asked: WhyAsked) -> str:
    return address("/api/v1/facts/why", asked.model_dump(include={"subject", "attribute", "year", "as_of", "include_unverified"}))


PAGES = (
    Page(
        path="/why",
        name="why",
        title=sentence("Where a number comes from"),
        use=explain,
        template="why/why.html.j2",
        asked=WhyAsked,
        tab="data",
        alike=True,
    ),
)
