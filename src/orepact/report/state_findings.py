"""Key findings on where things stand behind the statistics; every number is computed from the tables of the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.brief import Finding
from orepact.report.eligibility import FAIL, OPEN, PASS
from orepact.report.scope import BUYERS, thing_title, title_of
from orepact.report.words import counted, number, share, the, uncapped

if TYPE_CHECKING:
    from orepact.report.carbon import CellCarbon
    from orepact.report.changes import Changes
    from orepact.report.eligibility import Assessed, Eligibility
    from orepact.report.last_seller import LastSeller


def traced_finding(sellers: LastSeller) -> Finding | None:
    """Where tracing finds most more of China than import statistics show."""
    widest = sellers.widest()
    if widest is None:
        return None
    codes, traced = sellers.traced.codes, sellers.traced
    name, country = uncapped(codes.elements[widest.element].title), title_of(codes, widest.place)
    title = "Behind the last seller stands China more often than import statistics show"
    if widest.owned <= widest.sold:
        title = "Behind the last seller stand other countries than import statistics show"
    said = f"share of imports: {share(widest.sold)}"
    label = f"of the {name} in {country}'s cells was refined by companies controlled from China ({said})"
    words = " ".join((sellers.words(widest), *traced.sentences()[:1]))
    return Finding(share(widest.owned), label, title, words, traced.basis, "origin")


def change_finding(changes: Changes) -> Finding | None:
    """The largest change of a country's traced dependence on China."""
    found = changes.swing()
    if found is None:
        return None
    place, element, before, after = found
    name, country = uncapped(changes.codes.elements[element].title), title_of(changes.codes, place)
    points = 100 * (after - before)
    more = "more" if points >= 0 else "less"
    title = f"{country}'s cells leaned {more} on China for {name} in {changes.year} than a year before"
    label = (
        f"percentage points {more} of the {name} in {country}'s cells refined under Chinese control than in {changes.year - 1}"
    )
    moved = changes.output_sentence()
    words = " ".join(filter(None, (changes.swing_words(*found), changes.overruled_words(element), moved)))
    return Finding(f"{points:+.0f}".replace("-", "−"), label, title, words, changes.basis, "changes")


def carbon_finding(carbon: CellCarbon) -> Finding | None:
    """How much of the carbon of a country's cells is emitted abroad."""
    place = next((place for place in BUYERS if place in carbon.all_of), None)
    if place is None or not carbon.known:
        return None
    country, basket = title_of(carbon.codes, place), carbon.all_of[place]
    title = f"{share(carbon.abroad(place))} of the carbon in {country}'s cells is emitted outside {country}"
    label = f"CO2e in a kilowatt-hour of the cells made in {country} (data quality {basket.grade or 'not stated'})"
    return Finding(f"{number(basket.kg_per_kwh)} kg", label, title, " ".join(carbon.sentences()[:2]), carbon.basis, "carbon")


def eligibility_finding(eligibility: Eligibility) -> Finding | None:
    """How many cases pass, and the cheapest change that would make a failing cell of the buyers pass."""
    found, codes = eligibility.found, eligibility.codes
    if not found:
        return None
    passes, fails, left_open = (sum(item.verdict == verdict for item in found) for verdict in (PASS, FAIL, OPEN))
    words = (
        f"Held against {counted(len(eligibility.rules), 'set')} of rules, {passes} of {counted(len(found), 'case')} pass, "
        f"{fails} fail and {left_open} stay undetermined."
    )
    title = (
        f"No cell meets any of the {len(eligibility.rules)} sets of rules for sure" if not passes else "Few cells meet the rules"
    )
    figure, label = f"{passes} of {len(found)}", "cases (a cell, a place, a set of rules) pass"
    item = _nearest(eligibility)
    if item is not None:
        what, where = thing_title(codes, item.product), the(title_of(codes, item.place))
        words += f" {what}s made in {where} would pass as to makers of concern with {eligibility.change_words(item, 1)}."
        title += ", but other sources would mend some"
        figure = _dollars(item.extra_usd_per_kwh)
        label = f"a kWh more, and {what}s of {where} would be free of makers of concern"
    return Finding(figure, label, title, words, eligibility.basis, "eligibility")


def _nearest(eligibility: Eligibility) -> Assessed | None:
    """The first failing case about makers of concern, of a cell that a buyer makes today, that other sources would mend."""
    asked = [item for item in eligibility.mendable if item.rules.startswith("concern") and item.verdict == FAIL]
    made = [item for item in asked if item.place in BUYERS and not item.hypothetical]
    return min(made, key=lambda item: BUYERS.index(item.place), default=None)


def _dollars(usd: float) -> str:
    return f"{'−' if usd < 0 else ''}${abs(usd):,.2f}"
