"""What the facts rest on, as pages show it: sources with what they cover and how fresh they are, and claims by what they say."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Literal

import pandas as pd

from orepact.service.opening import manifest_of
from orepact.service.result import Result, Rows
from orepact.service.rules import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from orepact.facts import Ledger

_YEAR = re.compile(r"\b(19|20)[0-9]{2}")
#: Years since a source was published up to which it is fresh, and up to which it is of middle age.
FRESH, MIDDLE = 2, 4
Freshness = Literal["green", "amber", "red", "none"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source: licence and grade, when it was published, how many claims stand on it, of which years, attributes and places."""

    id: str
    title: str
    producer: str
    edition: str
    published: str
    licence: str
    grade: str
    address: str
    attribution: str
    freshness: Freshness
    claims: int
    first: str
    last: str
    attributes: tuple[str, ...]
    places: int


def sources(ledger: Ledger, *, today: str) -> tuple[Source, ...]:
    """Every source, those on which most claims stand first; ``today`` as a date, from which its age is counted."""
    columns = ["source", "year", "attribute", "place"]
    claims = pd.concat([ledger.claims[columns], ledger.trade()[columns]], ignore_index=True)
    grouped = claims.assign(year=claims["year"].where(claims["year"] != "")).groupby("source", observed=True)
    spans = grouped.agg(claims=("attribute", "size"), first=("year", "min"), last=("year", "max"), places=("place", "nunique"))
    kinds = claims[["source", "attribute"]].drop_duplicates().groupby("source", observed=True)["attribute"].agg(sorted)
    stood: dict[str, dict[str, object]] = spans.to_dict("index")  # type: ignore[assignment]  # names are texts
    attributes = kinds.to_dict()
    found = [_source(row, stood.get(row["source"], {}), attributes.get(row["source"], ()), today) for row in _rows(ledger)]
    return tuple(sorted(found, key=lambda one: (-one.claims, one.id)))


def fits(one: Source, *, search: str = "", licence: str = "", fresh: str = "") -> bool:
    """Whether a source is asked for: by words of it, its licence, how fresh it is; "" is any."""
    text = f"{one.id} {one.title} {one.producer} {' '.join(one.attributes)}".casefold()
    words = search.casefold().split()
    return all(word in text for word in words) and licence in {"", one.licence} and fresh in {"", one.freshness}


def view_sources(ledger: Ledger, *, search: str = "", licence: str = "", fresh: str = "", on: str | None = None) -> Result:
    """The sources that are asked for, with licence, freshness (green, amber, red, none) on a day, and what they cover."""
    every = sources(ledger, today=day_of(on).isoformat())
    found = [one for one in every if fits(one, search=search, licence=licence, fresh=fresh)]
    rows = [{**asdict(one), "attributes": list(one.attributes)} for one in found]
    columns = tuple(each.name for each in fields(Source))
    meta = {"title": f"{len(rows)} sources", "manifest": manifest_of(ledger)}
    kept = ["id", "title", "producer", "freshness", "licence", "grade", "claims"]
    return Result(Rows(columns, rows), meta, shown=lambda data: data[kept])


def _rows(ledger: Ledger) -> list[dict[str, str]]:
    return ledger.sources.fillna("").astype(str).to_dict("records")  # type: ignore[return-value]  # names are texts


def _source(row: dict[str, str], stands: dict[str, object], attributes: Iterable[str], today: str) -> Source:
    own = {
        name: row[name] for name in ("title", "producer", "edition", "published", "licence", "grade", "address", "attribution")
    }
    return Source(
        id=row["source"],
        freshness=freshness(f"{row['published']} {row['edition']}", today),
        claims=int(str(stands.get("claims", 0))),
        first=_year(stands.get("first")),
        last=_year(stands.get("last")),
        attributes=tuple(attributes),
        places=int(str(stands.get("places", 0))),
        **own,
    )


def _year(value: object) -> str:
    text = str(value)[:4]
    return text if text.isdecimal() else ""


def freshness(published: str, today: str) -> Freshness:
    """How fresh something is, by the year in which it was published.

    >>> freshness("2025-11", "2026-11-23"), freshness("2022", "2026-11-23"), freshness("", "2026-11-23")
    ('green', 'amber', 'none')
    """
    found = _YEAR.search(published)
    if found is None:
        return "none"
    age = int(today[:4]) - int(found[0])
    return "green" if age <= FRESH else "amber" if age <= MIDDLE else "red"


def attributes(ledger: Ledger) -> tuple[str, ...]:
    """Every attribute of which there is a claim for who reads."""
    return tuple(sorted({*ledger.claims["attribute"].unique(), *ledger.trade()["attribute"].unique()}))
