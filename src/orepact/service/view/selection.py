"""``Selection``: which flows are looked at, and how they are counted; every wrong choice is reported at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from math import isnan
from typing import TYPE_CHECKING, Any

from orepact.errors import NotFound, ProblemCollector, nearest
from orepact.service.view.move_table import MEASURES

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.service.view.move_table import MoveTable

ALL = "all"
BY = ("place", "owner")
SHOW = ("amount", "share")
USUAL_ELEMENT, USUAL_YEAR = "lithium", 2024
MOST_TOP, USUAL_TOP = 20, 8
#: Names that stand for no place.
NO_PLACE = ("unknown", "stock")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is selected. ``element`` "all" counts every good; ``place`` is either end; empty texts select nothing away.

    ``by`` names ends by place or by home of the controlling owner; ``measure`` is one of ``MEASURES``; ``show`` amounts or shares
    of what is selected in the year; ``provinces`` shows those of Canada one by one; ``top`` ends have a name, others are Rest.
    """

    element: str = USUAL_ELEMENT
    stage: str = ""
    commodity: str = ""
    origin: str = ""
    destination: str = ""
    place: str = ""
    by: str = "place"
    year: int = USUAL_YEAR
    measure: str = "contained"
    show: str = "amount"
    provinces: bool = False
    top: int = USUAL_TOP

    @property
    def asked(self) -> dict[str, str]:
        """What differs from the usual, as texts: the query of a permalink and the options of a command."""
        usual = usual_of(self.element)
        given = {item.name: getattr(self, item.name) for item in fields(self)}
        changed = {name: value for name, value in given.items() if value != getattr(usual, name)}
        if self.element != USUAL_ELEMENT:
            changed = {"element": self.element, **changed}
        return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in changed.items()}

    @property
    def command(self) -> str:
        """The command line that gives the same.

        >>> Selection(element="graphite", origin="CHN", provinces=True).command
        'orepact view atlas --element graphite --origin CHN --provinces'
        """
        options = [f"--{name}" if value == "true" else f"--{name} {value}" for name, value in self.asked.items()]
        return " ".join(["orepact view atlas", *options])

    def but(self, **changes: Any) -> Selection:
        """The same with some choices changed."""
        return replace(self, **changes)


def usual_of(element: str) -> Selection:
    """What is looked at where nothing else is said: an element by its content, everything by its value."""
    return Selection(element=element, measure="value" if element == ALL else "contained")


def select(table: MoveTable, codes: Codes, asked: Mapping[str, Any]) -> Selection:
    """The selection that texts ask for; what is empty or None is as usual.

    Raises ``BadInput`` with every unknown name and every choice that does not go with another.
    """
    found = ProblemCollector()
    given = {name: value for name, value in asked.items() if value not in (None, "")}
    element = _one_of(found, "element", given, (ALL, *table.elements), USUAL_ELEMENT)
    usual = usual_of(element)
    chosen = Selection(
        element=element,
        stage=_one_of(found, "stage", given, table.stages, ""),
        commodity=_one_of(found, "commodity", given, tuple(table.goods), ""),
        origin=_place(found, "origin", given, codes),
        destination=_place(found, "destination", given, codes),
        place=_place(found, "place", given, codes),
        by=_one_of(found, "by", given, BY, usual.by),
        year=_year(found, given, table.years),
        measure=_one_of(found, "measure", given, tuple(MEASURES), usual.measure),
        show=_one_of(found, "show", given, SHOW, usual.show),
        provinces=_yes(found, "provinces", given),
        top=_top(found, given, usual.top),
    )
    for name in sorted(set(given) - {item.name for item in fields(Selection)}):
        found.add(name, f"one of {', '.join(item.name for item in fields(Selection))}", "an unknown name", "leave it out")
    if not found.problems:
        _demand_fit(found, table, chosen)
    found.raise_if_any()
    return chosen


def members(codes: Codes, name: str) -> frozenset[str]:
    """Every name under which flows of a place or group may stand: its leaf places and their countries."""
    if name in NO_PLACE:
        return frozenset([name])
    try:
        leaves = codes.members(name)
    except NotFound:
        return frozenset([name])
    return frozenset(
        [*leaves, *(country for country in map(codes.country, leaves) if set(codes.members(country)) <= set(leaves)), name]
    )


def _one_of(found: ProblemCollector, name: str, given: Mapping[str, Any], known: Iterable[str], usual: str) -> str:
    if name not in given:
        return usual
    text, listed = str(given[name]).strip(), tuple(known)
    folded = {each.casefold(): each for each in listed}
    if text.casefold() in folded:
        return folded[text.casefold()]
    found.add(name, f"one of {', '.join(listed)}", repr(text), _nearest(text, listed))
    return usual


def _place(found: ProblemCollector, name: str, given: Mapping[str, Any], codes: Codes) -> str:
    known = {each.casefold(): each for each in (*codes.places, *codes.groups, *NO_PLACE)}
    if name not in given:
        return ""
    text = str(given[name]).strip()
    if text.casefold() in known:
        return known[text.casefold()]
    titles = {entry.title.casefold(): each for each, entry in codes.places.items()}
    titles |= {entry.title.casefold(): each for each, entry in codes.groups.items()}
    if text.casefold() in titles:
        return titles[text.casefold()]
    found.add(name, "a place (KOR, CA-QC) or a group of places (europe)", repr(text), _nearest(text, known.values()))
    return ""


def _nearest(text: str, known: Iterable[str]) -> str:
    close = nearest(text, known)
    return f"write {' or '.join(close)}" if close else "write one of them"


def _year(found: ProblemCollector, given: Mapping[str, Any], years: tuple[int, ...]) -> int:
    usual = USUAL_YEAR if USUAL_YEAR in years or not years else years[0]
    if "year" not in given:
        return usual
    text = str(given["year"]).strip()
    if text.isdecimal() and int(text) in years:
        return int(text)
    found.add("year", f"one of {', '.join(map(str, years))}", repr(text), "choose one of them")
    return usual


def _yes(found: ProblemCollector, name: str, given: Mapping[str, Any]) -> bool:
    text = str(given.get(name, "")).strip().casefold()
    if text not in {"", "true", "false", "1", "0", "yes", "no", "on"}:
        found.add(name, "true or false", repr(text), "write true, or leave it out")
    return text in {"true", "1", "yes", "on"}


def _top(found: ProblemCollector, given: Mapping[str, Any], usual: int) -> int:
    text = str(given.get("top", usual)).strip()
    if text.isdecimal() and 1 <= int(text) <= MOST_TOP:
        return int(text)
    found.add("top", f"a whole number from 1 to {MOST_TOP}", repr(text), f"write {usual}")
    return usual


def _demand_fit(found: ProblemCollector, table: MoveTable, chosen: Selection) -> None:
    """Choices that are known each by itself and do not go together."""
    good = table.goods.get(chosen.commodity)
    if good is not None and chosen.element != ALL and chosen.element not in good.contents:
        held = ", ".join(good.contents) or ALL
        found.add(
            "element", f"one that {chosen.commodity} holds ({held})", chosen.element, "choose another, or another commodity"
        )
    if good is not None and chosen.stage and good.stage != chosen.stage:
        found.add("stage", f"{good.stage}, the stage of {chosen.commodity}", chosen.stage, "leave the stage out")
    if chosen.measure == "contained" and chosen.element == ALL:
        found.add(
            "measure", "mass, value or gwh where every element is counted", "contained", "choose an element, or another measure"
        )
    if chosen.measure == "gwh" and not _stores(table, chosen):
        what = chosen.commodity or chosen.stage
        found.add(
            "measure", "a measure of things that store no energy: contained, mass or value", f"gwh of {what}", "choose another"
        )


def _stores(table: MoveTable, chosen: Selection) -> bool:
    stage = {name: good.stage for name, good in table.goods.items() if chosen.commodity in {"", name}}
    asked = [table.goods[name] for name, at in stage.items() if chosen.stage in {"", at}]
    return any(not isnan(good.gwh) for good in asked)
