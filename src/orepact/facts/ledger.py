"""The ledger: what is known, as of a day, for an audience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from orepact.errors import NotFound
from orepact.facts.code_checks import KINDS_OF_SUBJECT
from orepact.facts.codes import Codes
from orepact.facts.dates import last_day, periods
from orepact.facts.hindsight import in_hindsight
from orepact.facts.labels import Audience
from orepact.facts.resolution import Why, explain, resolve
from orepact.facts.shown import Shown
from orepact.facts.storage import Storage

Names = str | Iterable[str]
Years = int | str | Iterable[int | str]


@dataclass(frozen=True)
class View:
    """What a ledger lets through: claims known on a day (``yyyymmdd``; None for all), unverified ones, one audience's.

    An audience of None is the holder of the files, who may see everything in them. With ``hindsight``, later editions about
    what lay behind on the day are let through too (``facts.hindsight``).
    """

    day: int | None = None
    include_unverified: bool = False
    audience: Audience | None = None
    hindsight: bool = False

    def mask(self, claims: pd.DataFrame, *, unverified: bool | None = None) -> npt.NDArray[np.bool_]:
        """Which claims are admitted; ``unverified`` overrides the view's own setting."""
        admitted = np.ones(len(claims), dtype=bool)
        if not (self.include_unverified if unverified is None else unverified):
            admitted &= (claims["confidence"] != "unverified").to_numpy()
        if self.audience is not None:
            admitted &= self.audience.mask(claims["label"])
        if self.day is None:
            return admitted
        known: npt.NDArray[np.bool_] = admitted & (claims["as_of_day"].to_numpy() <= self.day)
        return known | in_hindsight(claims, self.day, admitted) if self.hindsight else known


@dataclass(frozen=True)
class Ledger:
    """Claims with their sources and code lists, seen through a view; ``at`` gives another view of the same tables."""

    storage: Storage
    view: View = View()

    @classmethod
    def shipped(cls, overlays: Sequence[Path | str] = ()) -> Ledger:
        """The facts that come with the package, with overlays (folders of imported claims) laid over them."""
        data = Path(str(files("orepact"))) / "data"
        extra = tuple(Path(folder) for folder in overlays)
        storage = Storage((data / "facts", *extra), Codes.shipped(), data / "codes")
        if extra:
            storage.check(extra)
        return cls(storage)

    @classmethod
    def load(cls, folder: Path | str, codes: Codes | None = None, *, as_of: str | None = None) -> Ledger:
        """The facts of a folder, all checked; raises ``BadInput`` with every problem. Own code lists or the shipped ones.

        ``as_of`` is the ledger's own date (default today): a claim that says to be younger is a problem.
        """
        storage = Storage((Path(folder),), codes or Codes.shipped())
        storage.check(day=last_day(as_of) if as_of is not None else None)
        return cls(storage)

    def at(
        self,
        as_of: str | None = None,
        *,
        include_unverified: bool | None = None,
        audience: Audience | None = None,
        hindsight: bool | None = None,
    ) -> Ledger:
        """The same ledger as it was known at the end of a day (month, year), with unverified claims or not, for an audience.

        What is not given stays as it is, so a view once narrowed to an audience is never widened by accident. ``hindsight``
        admits later editions about what lay behind on that day, for replays.
        """
        view = self.view
        if as_of is not None:
            view = replace(view, day=last_day(as_of))
        if include_unverified is not None:
            view = replace(view, include_unverified=include_unverified)
        if audience is not None:
            view = replace(view, audience=audience)
        if hindsight is not None:
            view = replace(view, hindsight=hindsight)
        return replace(self, view=view)

    @cached_property
    def taken_in_hindsight(self) -> pd.DataFrame:
        """The admitted claims but trade that came out after the ledger's day; none without ``hindsight``."""
        if self.view.day is None:
            return self.claims.iloc[:0]
        late: pd.DataFrame = self.claims[self.claims["as_of_day"] > self.view.day]
        return late

    @property
    def last_news(self) -> int | None:
        """The last day up to that of the view on which a claim came out: views with the same one let the same claims through."""
        if self.view.day is None:
            return None
        before = int(np.searchsorted(self.storage.days, self.view.day, side="right"))
        return int(self.storage.days[before - 1]) if before else 0

    @property
    def codes(self) -> Codes:
        """The code lists."""
        return self.storage.codes

    @property
    def sources(self) -> pd.DataFrame:
        """The sources, indexed by id; for an audience those of the package, and those with a claim that it is shown."""
        return self.storage.sources if self._shown is None else self._shown.sources

    @property
    def edition(self) -> str:
        """SHA-256 of all tables and code lists, for an audience of what it is shown: the same edition gives the same numbers."""
        return self.storage.edition if self._shown is None else self._shown.edition

    @cached_property
    def _shown(self) -> Shown | None:
        """What the audience is shown of what is laid over the package; None for the holder of the files."""
        return None if self.view.audience is None else self.storage.shown(self.view.audience)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """All admitted claims but trade: the claim columns (text), ``number``, ``text``, ``kind``, ``place``, ``partner``,
        ``thing``, ``process``, ``entity`` and ``as_of_day``.
        """
        return self.storage.claims[self._admitted].reset_index(drop=True)

    @cached_property
    def _admitted(self) -> npt.NDArray[np.bool_]:
        return self.view.mask(self.storage.claims)

    def select(
        self,
        attribute: Names | None = None,
        *,
        kind: Names | None = None,
        place: Names | None = None,
        partner: Names | None = None,
        thing: Names | None = None,
        process: Names | None = None,
        entity: Names | None = None,
        subject: Names | None = None,
        year: Years | None = None,
        unit: str | None = None,
    ) -> pd.DataFrame:
        """The admitted claims that fit every given name or list of names, rivals included.

        With ``unit``, ``number`` is converted to it. Attributes, kinds, places, things and processes that the code lists
        do not know raise ``NotFound``.
        """
        wanted = {"kind": kind, "place": place, "partner": partner, "thing": thing, "process": process}
        frame = self._of_attribute(self._known("attribute", attribute))
        conditions = {column: self._known(column, names) for column, names in wanted.items()}
        conditions |= {"entity": _listed(entity), "subject": _listed(subject), "year": _listed(year)}
        return self._in_unit(_filtered(frame, conditions), unit)

    def resolve(self, attribute: Names | None = None, *, unit: str | None = None, **conditions: Any) -> pd.DataFrame:
        """One winner per subject, attribute, year and valid_from among what ``select`` gives; ``rivals`` counts the losers."""
        selected = self.select(attribute, **conditions)
        return self._in_unit(resolve(selected, self.sources), unit)

    def trade(
        self,
        thing: Names | None = None,
        year: Years | None = None,
        *,
        attribute: Names | None = None,
        place: Names | None = None,
        partner: Names | None = None,
        resolved: bool = False,
    ) -> pd.DataFrame:
        """Trade claims (``place`` exports to ``partner``), as ``select``, or as ``resolve`` when ``resolved``."""
        things, years = self._known("thing", thing), _listed(year)
        frame = self.storage.trade(things, years)
        names = {"attribute": attribute, "place": place, "partner": partner}
        conditions = {column: self._known(column, listed) for column, listed in names.items()}
        found = _filtered(frame[self.view.mask(frame)], {**conditions, "thing": things, "year": years})
        return resolve(found, self.sources) if resolved else found

    def states(self, attribute: Names, on: str, **conditions: Any) -> pd.DataFrame:
        """For each subject the winning claim that holds ``on`` a date: the latest valid_from up to it, if not past valid_to.

        A claim without valid_from holds always, and yields to one that says since when.
        """
        day = last_day(on, "on")
        winners = self.resolve(attribute, **conditions)
        start, _ = periods(winners["valid_from"])
        _, end = periods(winners["valid_to"])
        holds = (start <= day) & ((end == 0) | (end >= day))
        current = winners.assign(start=start)[holds].sort_values(["subject", "attribute", "start"], kind="stable")
        last: pd.DataFrame = current.drop_duplicates(["subject", "attribute"], keep="last")
        return last.drop(columns="start").reset_index(drop=True)

    def why(self, subject: str, attribute: str, year: int | str | None = None, valid_from: str | None = None) -> Why:
        """The winner and the losers of one key, each loser with its reason; without year and valid_from, the latest key.

        Unverified rivals are shown with the losers even where they stay out of totals. Raises ``NotFound``.
        """
        self._known("attribute", attribute)
        rivals = self._rivals(subject, attribute)
        keys = tuple(sorted({(str(a), str(b)) for a, b in zip(rivals["year"], rivals["valid_from"], strict=True)}))
        fits = [key for key in keys if (year is None or key[0] == str(year)) and (valid_from is None or key[1] == valid_from)]
        if not fits:
            asked = " ".join(str(part) for part in (year, valid_from) if part is not None)
            raise NotFound("claim", f"{subject} {attribute} {asked}".strip(), [" ".join(filter(None, key)) for key in keys])
        chosen = rivals[(rivals["year"] == fits[-1][0]) & (rivals["valid_from"] == fits[-1][1])]
        return _why(chosen, self, keys)

    def _rivals(self, subject: str, attribute: str) -> pd.DataFrame:
        stored = self.storage.claims
        frames = [stored[(stored["subject"] == subject) & (stored["attribute"] == attribute)]]
        if attribute.startswith("trade_"):
            trade = self.storage.trade([subject.rpartition("/")[2]], None)
            frames.append(trade[(trade["subject"] == subject) & (trade["attribute"] == attribute)])
        found = pd.concat(frames, ignore_index=True)
        found = found[self.view.mask(found, unverified=True)]
        if found.empty:
            seen = self.claims.loc[self.claims["attribute"] == attribute, "subject"]
            raise NotFound("claim", f"{subject} {attribute}", [f"{name} {attribute}" for name in seen.unique()])
        return found

    def _of_attribute(self, names: list[str] | None) -> pd.DataFrame:
        if names is None:
            return self.claims
        stored, index = self.storage.claims, self.storage.by_attribute
        empty = np.empty(0, dtype=np.int64)
        positions = np.sort(np.concatenate([index.get(name, empty) for name in dict.fromkeys(names)] or [empty]))
        chosen: pd.DataFrame = stored.iloc[positions[self._admitted[positions]]]
        return chosen

    def _known(self, column: str, names: Names | None) -> list[str] | None:
        listed = _listed(names)
        what, known = self._vocabulary[column]
        for name in listed or ():
            if name not in known:
                raise NotFound(what, name, known)
        return listed

    @cached_property
    def _vocabulary(self) -> dict[str, tuple[str, frozenset[str]]]:
        """For each column that speaks in code lists: what its words are called and which are known."""
        codes = self.codes
        places = ("place", codes.subject_places)
        return {
            "attribute": ("attribute", frozenset(codes.attributes)),
            "kind": ("kind of subject", frozenset(KINDS_OF_SUBJECT)),
            "place": places,
            "partner": places,
            "thing": ("commodity or element", codes.subject_things),
            "process": ("process", frozenset([*codes.processes, *codes.commodities])),
        }

    def _in_unit(self, frame: pd.DataFrame, unit: str | None) -> pd.DataFrame:
        if unit is None:
            return frame
        factors = {name: self.codes.units.factor(str(name), unit) for name in frame["unit"].unique()}
        return frame.assign(number=frame["number"] * frame["unit"].map(factors).astype("float64"), unit=unit)


def _listed(names: Names | Years | None) -> list[str] | None:
    if names is None:
        return None
    return [str(names)] if isinstance(names, (str, int)) else [str(name) for name in names]


def _filtered(frame: pd.DataFrame, conditions: dict[str, list[str] | None]) -> pd.DataFrame:
    fits = np.ones(len(frame), dtype=bool)
    for column, listed in conditions.items():
        if listed is not None:
            fits &= frame[column].isin(listed).to_numpy()
    return frame[fits].reset_index(drop=True)


def _why(rivals: pd.DataFrame, ledger: Ledger, keys: tuple[tuple[str, str], ...]) -> Why:
    counted = ledger.view.mask(rivals)
    ranked = explain(rivals[counted], ledger.sources) if counted.any() else ()
    aside = explain(rivals[~counted], ledger.sources) if (~counted).any() else ()
    losers = [*ranked[1:], *((claim, "unverified: stays out unless asked for") for claim, _ in aside)]
    return Why(ranked[0][0] if ranked else None, tuple(losers), keys)
