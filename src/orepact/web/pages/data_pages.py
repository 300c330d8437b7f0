"""Data: the sources with licence, freshness and coverage, and the claims with winners, losers and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from orepact.report.sentences import said, sentence
from orepact.service import explain_fact, list_facts
from orepact.service.asked import Code, Subject, Words, Year
from orepact.service.view import evidence
from orepact.web.pages.commands import command
from orepact.web.pages.page import Asked, Page
from orepact.web.pages.shown import Column, Level, Link, Number, Shown, Table, Why
from orepact.web.pages.tables import rows_of, shown_of, table_of
from orepact.web.pages.turning import A_PAGE, window
from orepact.web.pages.visit import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.service.view.evidence import Source
    from orepact.web.pages.visit import Visit


class Sources(Asked):
    """Which sources."""

    search: Words | None = None
    licence: str = ""
    fresh: Literal["", "green", "amber", "red", "none"] = ""


class Claims(Asked):
    """Which claims: by subject, attribute, place, commodity and year."""

    subject: Subject | None = None
    attribute: Code | None = None
    place: Code | None = None
    thing: Code | None = None
    year: Year | None = None


SOURCES = (
    Column("title", sentence("Source")),
    Column("producer", sentence("Publisher")),
    Column("freshness", sentence("Freshness")),
    Column("published", sentence("Published"), how="code"),
    Column("licence", sentence("Licence")),
    Column("grade", sentence("Grade"), how="code"),
    Column("claims", sentence("Claims"), how="number"),
    Column("years", sentence("Years"), how="code"),
    Column("places", sentence("Places"), how="number"),
    Column("attributes", sentence("Attributes"), how="number"),
)
CLAIMS = (
    Column("subject", sentence("Subject"), how="code"),
    Column("attribute", sentence("Attribute")),
    Column("value", sentence("Value"), how="number"),
    Column("year", sentence("Year"), how="code"),
    Column("confidence", sentence("Confidence"), how="words"),
    Column("source", sentence("Source"), how="code"),
    Column("rivals", sentence("Rivals")),
)
RIVALS = (
    Column("verdict", sentence("Verdict"), how="words"),
    Column("value", sentence("Value"), how="number"),
    Column("unit", sentence("Unit")),
    Column("year", sentence("Year"), how="code"),
    Column("source", sentence("Source"), how="code"),
    Column("as_of", sentence("Said on"), how="day"),
    Column("confidence", sentence("Confidence"), how="words"),
    Column("reason", sentence("Why it does not count")),
)
FRESHNESS = {
    "green": sentence("at most two years old"),
    "amber": sentence("three or four years old"),
    "red": sentence("older"),
    "none": sentence("no date"),
}


def sources(visit: Visit) -> Shown:
    """Every source that fits, with what it covers."""
    asked: Sources = visit.asked
    every = evidence.sources(visit.ledger(), today=visit.day)
    wanted = asked.model_dump(include={"search", "licence", "fresh"}, exclude_none=True)
    found = [one for one in every if evidence.fits(one, **wanted)]
    table = Table("sources", sentence("Sources"), SOURCES, [_source(one) for one in found], empty=sentence("No source fits."))
    context = {
        "every": every,
        "claims": sum(one.claims for one in every),
        "levels": [(level, words, sum(one.freshness == level for one in every)) for level, words in FRESHNESS.items()],
        "licences": [(name, name) for name in sorted({one.licence for one in every})],
    }
    return Shown(
        tables=(table,),
        context=context,
        command=command("view sources", **wanted, as_of=asked.as_of),
        api=address("/api/v1/views/sources", {**wanted, "as_of": asked.as_of}),
        lead=sentence("Who said what, under which licence, how fresh it is and what it covers."),
    )


def _source(one: Source) -> dict[str, Any]:
    return {
        "title": Link(one.title, f"/data/sources/{one.id}"),
        "producer": one.producer,
        "freshness": Level(one.freshness, FRESHNESS[one.freshness]),
        "published": one.published or one.edition or None,
        "licence": one.licence,
        "grade": one.grade,
        "claims": one.claims,
        "years": "–".join(dict.fromkeys(filter(None, (one.first, one.last)))) or None,
        "places": one.places or None,
        "attributes": len(one.attributes) or None,
    }


class OneSource(Asked):
    """One source."""

    source: Code


DETAILS = (Column("what", sentence("What"), how="words"), Column("value", sentence("Value")))


def source(visit: Visit) -> Shown:
    """All that is known of a source; raises ``NotFound``."""
    from orepact.service import list_sources

    name = visit.asked.source
    found = list_sources(visit.ledger(), source=name)
    one = next(each for each in evidence.sources(visit.ledger(), today=visit.day) if each.id == name)
    rows: list[dict[str, Any]] = [
        {"what": sentence("Publisher"), "value": one.producer},
        {"what": sentence("Edition"), "value": one.edition or None},
        {"what": sentence("Published"), "value": one.published or None},
        {"what": sentence("Freshness"), "value": Level(one.freshness, FRESHNESS[one.freshness])},
        {"what": sentence("Licence"), "value": one.licence},
        {"what": sentence("To be named as"), "value": one.attribution or None},
        {"what": sentence("Grade"), "value": one.grade},
        {"what": sentence("Address"), "value": one.address or None},
        {"what": sentence("Claims"), "value": one.claims},
        {"what": sentence("Years"), "value": "–".join(dict.fromkeys(filter(None, (one.first, one.last)))) or None},
        {"what": sentence("Places"), "value": one.places or None},
    ]
    table = Table("source", sentence("Source"), DETAILS, rows)
    return shown_of(
        found,
        table,
        title=one.title,
        lead=one.producer,
        context={"attributes": one.attributes},
        command=command("facts sources", source=name),
        api=address("/api/v1/sources", {"source": name}),
    )


def claims(visit: Visit) -> Shown:
    """The claims that count and fit; of one subject and attribute its rivals too. Raises ``NotFound`` for unknown names."""
    asked: Claims = visit.asked
    ledger = visit.ledger()
    chosen = asked.model_dump(include={"subject", "attribute", "place", "thing", "year"})
    context = {
        "attributes": [(name, name.replace("_", " ")) for name in evidence.attributes(ledger)],
        "places": [*_titles(ledger.codes.places), *_titles(ledger.codes.groups)],
        "things": _titles(ledger.codes.commodities),
        "count": 0,
    }
    if not any(chosen.values()):
        table = Table("claims", sentence("Claims"), CLAIMS, [], empty=sentence("Say what you look for."))
        return Shown(tables=(table,), context=context, lead=ASK, command=command("facts list"))
    found = list_facts(ledger, **chosen, limit=None if visit.whole else asked.page * A_PAGE)
    total = int(found.meta["count"])
    cells = [{**row, **_claim(row)} for row in rows_of(found)[window(visit, "claims", total)]]
    tables = [Table("claims", sentence("Claims that count"), CLAIMS, cells, empty=sentence("No claim fits."), total=total)]
    if asked.subject and asked.attribute:
        why = explain_fact(ledger, asked.subject, asked.attribute, year=asked.year)
        tables.append(table_of(why, "rivals", sentence("Winner and losers, with the reason"), RIVALS, cells=_rival))
    known = {"as_of": asked.as_of, "include_unverified": asked.include_unverified}
    return shown_of(
        found, *tables, context={**context, "count": total}, warnings=[], lead=ASK,
        command=command("facts list", **{"commodity" if name == "thing" else name: chosen[name] for name in chosen}, **known),
        api=address("/api/v1/facts", {**chosen, **known}),
    )  # fmt: skip


def _titles(codes: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, one.title) for name, one in codes.items()]


ASK = sentence("What the facts hold: the claim that counts for each question, and how many others were weighed.")


def _claim(row: Any) -> dict[str, Any]:
    year = int(row["year"]) if str(row["year"]).isdecimal() else None
    why = Why(row["subject"], row["attribute"], year)
    link = Link(said("{n} more", n=row["rivals"]) if row["rivals"] else sentence("no other"), "/why", why.query)
    try:
        value: Any = Number(float(row["value"]), row["unit"], why=why, confidence=row["confidence"])
    except ValueError:
        value = Link(row["value"], "/why", why.query)
    named = Link(row["source"], f"/data/sources/{row['source']}")
    return {
        "value": value,
        "attribute": row["attribute"].replace("_", " "),
        "year": row["year"] or row["valid_from"] or None,
        "rivals": link,
        "source": named,
    }


def _rival(row: Any) -> dict[str, Any]:
    try:
        value: Any = float(row["value"])
    except ValueError:
        value = row["value"]
    return {"value": value, "year": row["year"] or None}


PAGES = (
    Page(
        path="/data",
        name="sources",
        title=sentence("Data"),
        use=sources,
        template="data/sources.html.j2",
        asked=Sources,
        tab="data",
        alike=True,
    ),
    Page(
        path="/data/sources/{source}",
        name="source",
        title=sentence("Source"),
        use=source,
        template="data/source.html.j2",
        asked=OneSource,
        tab="data",
        alike=True,
    ),
    Page(
        path="/data/claims",
        name="claims",
        title=sentence("Claims"),
        use=claims,
        template="data/claims.html.j2",
        asked=Claims,
        tab="data",
        alike=True,
    ),
)
