"""The admitted claims of one year as statements: rivals included, older editions and unverified ones marked as not counting."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from orepact.chain.reference.evidence import Evidence

UNVERIFIED = "unverified"
_DIGITS = re.compile(r"[\d.]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim about a year in base units (t, MWh, vehicles).

    ``named``: the other places that the same source names for the same attribute and thing. ``counts``: whether it moves
    the fit. ``sharing``: square root of the number of rivals of one producer, which are no independent words.
    """

    attribute: str
    thing: str
    place: str
    partner: str
    quantity: float
    source: str
    grade: str
    confidence: str
    note: str
    named: frozenset[str] = frozenset()
    counts: bool = True
    sharing: float = 1.0

    @property
    def id(self) -> str:
        """Id of the observation that the statement becomes."""
        way = f"{self.place}>{self.partner}" if self.partner else self.place
        return f"{self.attribute}:{way}/{self.thing}:{self.source}"


@dataclass(frozen=True, eq=False)
class Statements:
    """All statements of a year, read once by attribute."""

    evidence: Evidence
    year: int
    _read: dict[tuple[str, ...], list[Statement]] = field(default_factory=dict, repr=False)
    _trade: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    def of(self, attributes: Iterable[str]) -> list[Statement]:
        """Statements of some attributes, sorted by subject and source."""
        names = tuple(name for name in attributes if name in self.evidence.codes.attributes)
        if names not in self._read:
            ledger = self.evidence.ledger.at(include_unverified=True)
            self._read[names] = self._from(ledger.select(names, year=self.year))
        return self._read[names]

    def trade(self, attribute: str) -> pd.DataFrame:
        """Trade claims of one attribute with ``quantity`` in base units, ``counts``, ``grade``."""
        if attribute not in self._trade:
            claims = self.evidence.ledger.at(include_unverified=True).trade(year=self.year, attribute=attribute)
            self._trade[attribute] = self._marked(claims) if len(claims) else claims
        return self._trade[attribute]

    def _from(self, claims: pd.DataFrame) -> list[Statement]:
        if not len(claims):
            return []
        frame = self._marked(claims)
        named = {
            key: frozenset(rows["place"]) - {"ROW", "world"}
            for key, rows in frame.groupby(["attribute", "thing", "source"], sort=False)
        }
        rivals = frame[frame["counts"]].groupby(["subject", "attribute", "producer"])["source"].transform("size")
        sharing = np.sqrt(rivals.reindex(frame.index).fillna(1.0))
        columns = ["attribute", "thing", "place", "partner", "quantity", "source", "grade", "confidence", "note", "counts"]
        out = []
        for row, share in zip(frame[columns].itertuples(index=False, name=None), sharing, strict=True):
            attribute, thing, place, partner, quantity, source, grade, confidence, note, counts = row
            others = named[attribute, thing, source] - {place}
            out.append(
                Statement(
                    attribute,
                    thing,
                    place,
                    partner,
                    float(quantity),
                    source,
                    grade,
                    confidence,
                    note,
                    others,
                    bool(counts),
                    share,
                )
            )
        return out

    def _marked(self, claims: pd.DataFrame) -> pd.DataFrame:
        """Claims with ``quantity, grade, producer, counts``; a note says why one does not count."""
        claims = claims[claims["number"].notna()]
        sources = self.evidence.ledger.sources
        frame = claims.assign(
            quantity=claims["number"] * claims["unit"].map(self.evidence.factors).astype(float).fillna(1.0),
            grade=claims["source"].map(sources["grade"]).fillna("D"),
            producer=claims["source"].map(sources["producer"]).fillna(claims["source"]),
        ).sort_values(["subject", "attribute", "source"], kind="stable")
        newest = self._newest(frame)
        old = frame["source"] != newest
        unverified = (frame["confidence"] == UNVERIFIED) & (not self.evidence.ledger.view.include_unverified)
        note = frame["note"].mask(old, "superseded by " + newest + ("; " + frame["note"]).where(frame["note"] != "", ""))
        return frame.assign(counts=~(old | unverified), note=note).reset_index(drop=True)

    def _newest(self, frame: pd.DataFrame) -> pd.Series:
        """For each claim the latest edition of its source's series that speaks of the same subject."""
        series = frame["source"].map(self._series)
        keys = [frame["subject"], frame["attribute"], series, frame["note"].str.extract(r"HS\d* ?(\d{6})")[0].fillna("")]
        published = frame["source"].map(self.evidence.ledger.sources["published"]).fillna("")
        order = (published + " " + frame["source"]).rename("order")
        last = order.groupby(keys, sort=False).transform("max")
        newest: pd.Series = last.str.rpartition(" ")[2]
        return newest

    @cached_property
    def _series(self) -> dict[str, str]:
        """Source -> the series of which it is an edition: producer and title without numbers."""
        sources = self.evidence.ledger.sources
        titles = {name: f"{row.producer}: {_DIGITS.sub('', row.title).strip()}" for name, row in sources.iterrows()}
        return {str(name): title for name, title in titles.items()}
