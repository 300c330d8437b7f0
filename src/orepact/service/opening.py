"""Open the facts as a person asked for them, and say from what an answer was made."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.chain.manifest import Manifest
from orepact.errors import BadInput, Problem
from orepact.wording import field

if TYPE_CHECKING:
    from orepact.facts import Ledger

SAID_OF_SOURCES = ("title", "producer", "edition", "published", "licence", "address", "grade")


def open_ledger(
    *, as_of: str | None = None, include_unverified: bool = False, facts: Path | str | None = None, hindsight: bool = False
) -> Ledger:
    """The shipped facts, with those of the folder ``facts`` laid over them, as they were known on ``as_of``.

    Without ``facts``, what the user imported before (``user_folder()``) is laid over them. ``hindsight``: for replays, with later
    editions about the years that lay behind on that day (``facts.hindsight``; needs ``as_of``).
    Raises ``BadInput`` with every problem of the folder or for a date that is none.
    """
    from orepact.facts import Ledger, user_folder

    imported = [user_folder()] if any(user_folder().glob("*.parquet")) else []
    ledger = Ledger.shipped(imported if facts is None else [facts])
    if hindsight and as_of is None:
        raise BadInput([Problem("hindsight", "a day to look back from", "none", f"give {field('as_of')} too")])
    return ledger.at(as_of, include_unverified=include_unverified, hindsight=hindsight)


def hindsight_words(ledger: Ledger) -> list[str]:
    """A warning that says how many claims came out after the ledger's day, and which state a year that had not ended."""
    if ledger.view.day is None or not ledger.view.hindsight:
        return []
    from orepact.facts.hindsight import ahead

    late, day = ledger.taken_in_hindsight, iso_day(ledger.view.day)
    first = (
        f"hindsight: {len(late)} of {len(ledger.claims)} claims (trade besides) are from editions published after {day}: "
        "about years that had ended, states that had begun, or parameters that hardly move; nothing else is of later date"
    )
    unfinished = [f"{attribute} ({year})" for attribute, year in ahead(late, ledger.view.day).itertuples(index=False)]
    named = f"hindsight: parameters that state a year not over on {day}: {', '.join(unfinished)}"
    return [first, *([named] if unfinished else [])]


def manifest_of(ledger: Ledger, **facts: Any) -> dict[str, Any]:
    """The manifest of an answer that comes from the facts alone: edition, ``as_of``, code version; for who holds the files also
    the folders that are laid over the package: to others they tell what is none of theirs, and where it lies.
    """
    view = ledger.view
    found = Manifest(data_edition=ledger.edition, as_of=iso_day(view.day), **facts).as_dict()
    kept = {name: value for name, value in found.items() if value not in {"", None} and name != "created"}
    overlays = [str(folder) for folder in ledger.storage.folders[1:]] if view.audience is None else []
    said: dict[str, Any] = {"include_unverified": view.include_unverified}
    return kept | said | ({"overlays": overlays} if overlays else {}) | ({"hindsight": True} if view.hindsight else {})


def iso_day(day: int | None) -> str:
    """A day as the facts count it (``yyyymmdd``) in ISO form; "" for none.

    >>> iso_day(20240630)
    '2024-06-30'
    """
    return "" if day is None else f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def sources_used(ledger: Ledger, *claims: pd.DataFrame) -> list[dict[str, Any]]:
    """The sources behind some claims, by id: title, producer, edition, licence, grade, and the confidence of what was used."""
    used = pd.concat([frame[["source", "confidence", "as_of"]] for frame in claims if len(frame)] or [_nothing()])
    known = ledger.sources
    out = []
    for name, rows in used.groupby("source", sort=True):
        entry: dict[str, Any] = {"source": str(name)}
        if name in known.index:
            entry |= {key: str(known[key][name]) for key in SAID_OF_SOURCES}
        said = {"as_of": str(rows["as_of"].max()), "confidence": sorted(set(rows["confidence"])), "claims": len(rows)}
        out.append(entry | said)
    return out


def weak_claims(claims: Iterable[pd.DataFrame]) -> list[str]:
    """A warning for each kind of weakness among the used claims."""
    used = pd.concat([frame[["subject", "confidence"]] for frame in claims if len(frame)] or [_nothing()])
    out = []
    for confidence in ("estimated", "unverified"):
        count = int((used["confidence"] == confidence).sum())
        if count:
            out.append(f"{count} of {len(used)} claims used are {confidence}")
    return out


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype="str") for name in ("subject", "source", "confidence", "as_of")})
