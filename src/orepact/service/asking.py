"""Use cases that ask the facts: why a number is what it is, which claims there are, which sources, whether a folder is sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.measure.supply.amounts import places_under
from orepact.service.naming import demand_known
from orepact.service.opening import SAID_OF_SOURCES, manifest_of, sources_used
from orepact.service.result import Result
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.facts.claims import Claim

SHOWN = ("subject", "attribute", "value", "unit", "year", "valid_from", "source", "as_of", "confidence", "note")


def explain_fact(ledger: Ledger, subject: str, attribute: str, *, year: int | None = None) -> Result:
    """The claim that counts for a subject and attribute, and every rival with the reason why it does not.

    ``data``: ``verdict`` (``counts`` or ``loses``), ``reason`` and the claim; the winner first. Raises ``NotFound``.
    """
    found = ledger.why(subject, attribute, year)
    rows = [_row(found.winner, "counts", "")] if found.winner is not None else []
    rows += [_row(claim, "loses", reason) for claim, reason in found.losers]
    data = pd.DataFrame(rows)
    keys = [" ".join(filter(None, key)) or "undated" for key in found.keys]
    meta: dict[str, Any] = {
        "title": f"{subject} {attribute}",
        "winner": None if found.winner is None else found.winner.as_dict(),
        "losers": [{**claim.as_dict(), "reason": reason} for claim, reason in found.losers],
        "also_known_for": keys,
        "manifest": manifest_of(ledger),
        "units": {"value": found.winner.unit if found.winner is not None else ""},
        "sources": sources_used(ledger, data),
        "warnings": [] if found.winner is not None else ["only unverified claims: none counts unless asked for"],
    }
    columns = ["verdict", "value", "unit", "year", "valid_from", "source", "as_of", "confidence", "reason", "note"]
    return Result(data, meta, shown=data[columns])


def _row(claim: Claim, verdict: str, reason: str) -> dict[str, Any]:
    return {"verdict": verdict, "reason": reason, **claim.as_dict()}


def list_facts(
    ledger: Ledger,
    *,
    attribute: str | None = None,
    place: str | None = None,
    thing: str | None = None,
    year: int | None = None,
    subject: str | None = None,
    limit: int | None = None,
) -> Result:
    """The winning claims that fit, as rows; a place may be a group. Trade is listed when ``attribute`` names it.

    Raises ``NotFound`` for a name that the code lists do not know.
    """
    codes = ledger.codes
    demand_known(
        attribute=lambda: attribute is None or codes.attribute(attribute),
        place=lambda: place is None or codes.place(place),
        thing=lambda: thing is None or thing in codes.subject_things or codes.thing(thing),
    )
    places = None if place is None else places_under(codes, place)
    if attribute is not None and attribute.startswith("trade_"):
        claims = ledger.trade(thing, year, attribute=attribute, place=places, resolved=True)
    else:
        claims = ledger.resolve(attribute, place=places, thing=thing, year=year, subject=subject)
    rows = claims if limit is None else claims.head(limit)
    columns = [*SHOWN, "rivals"]
    meta: dict[str, Any] = {
        "title": f"{len(claims)} claims",
        "count": len(claims),
        "manifest": manifest_of(ledger),
        "sources": sources_used(ledger, rows),
        "warnings": [f"{len(claims) - len(rows)} more claims fit: raise {field('limit')}"] if len(rows) < len(claims) else [],
    }
    return Result(rows[columns].reset_index(drop=True), meta, shown=rows[columns].drop(columns=["note"]))


def list_sources(ledger: Ledger, *, source: str | None = None) -> Result:
    """Every source with its producer, licence, grade and how many claims stand on it; or one source."""
    from orepact.errors import NotFound

    table = ledger.sources
    if source is not None and source not in table.index:
        raise NotFound("source", source, table.index)
    counts = pd.concat([ledger.claims["source"], ledger.trade()["source"]]).value_counts()
    rows = table if source is None else table.loc[[source]]
    data = rows[["source", *SAID_OF_SOURCES, "attribution", "ships"]].reset_index(drop=True)
    data["claims"] = data["source"].map(counts).fillna(0).astype(int)
    meta = {"title": f"{len(data)} sources", "manifest": manifest_of(ledger), "sources": []}
    return Result(data, meta, shown=data[["source", "title", "producer", "edition", "licence", "grade", "claims"]])


def check_facts(folder: Path | str) -> Result:
    """The tables of a folder of claims with their sizes, when all of it is sound; raises ``BadInput`` with every problem.

    The folder may lean on the shipped sources and code lists.
    """
    from orepact.facts import Ledger

    ledger = Ledger.shipped([folder])
    rows = [{"table": path.name, "bytes": path.stat().st_size} for path in ledger.storage.files if path.parent == Path(folder)]
    meta = {"title": f"{folder}: no problem found", "manifest": manifest_of(ledger)}
    return Result(pd.DataFrame(rows, columns=["table", "bytes"]), meta)
