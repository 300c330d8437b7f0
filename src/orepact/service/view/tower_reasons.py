"""Why a good is red, amber or green for a place: what each indicator of the early warning says, as sentences to be said."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from orepact.service.view.said import SILENCE, Amount, Day, Named, Place, Said, Several, Share, Term, Value, joined, say

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.service.view.tower_watch import Heard
    from orepact.shock.watch.controls import Loud
    from orepact.shock.watch.imports import Imports
    from orepact.shock.watch.signals import Alarm, Signal

#: So many indicators are told of one alarm: what rings loudest, and what stands behind it.
TOLD = 3


def because(heard: Heard, alarm: Alarm) -> Said:
    """The loudest indicators of an alarm in words; what keeps them low is told too. Nothing where none has data."""
    told = (reason(heard, signal) for signal in chosen(heard, alarm))
    return joined([*told, *_held(heard, alarm)])


def chosen(heard: Heard, alarm: Alarm) -> tuple[Signal, ...]:
    """The indicators that made the level: of those that ring the loudest, so many, one at least that moves where one does."""
    kinds = heard.desk.rules.kinds
    loud = alarm.ringing
    moving = [signal for signal in loud if kinds[signal.indicator] == "moving"]
    standing = [signal for signal in loud if kinds[signal.indicator] == "standing"]
    picked = [*moving[: TOLD - 1], *standing[:1]] or list(loud[:TOLD])
    return tuple(sorted(picked, key=lambda signal: -(signal.level or 0)))


def good(codes: Codes, name: str) -> Term:
    """A good or an element as a word."""
    return Term(codes.thing(name).title)


def place(codes: Codes, name: str) -> Place:
    """A place by name; its id where the lists do not know it."""
    known = codes.groups.get(name) or codes.places.get(name)
    return Place(name, known.title if known else name)


def reason(heard: Heard, signal: Signal) -> Said:
    """What one indicator says; nothing where no sentence fits it."""
    return _REASONS[signal.indicator](heard, signal)


def _volume(heard: Heard, signal: Signal) -> Said:
    about: dict[str, Value] = {"good": good(heard.desk.ledger.codes, signal.commodity), "year": Day(str(signal.year))}
    if math.isnan(signal.value):
        return SILENCE
    if signal.value < 0:
        return say("Imports of {good} fell by {share} in {year}.", share=Share(-signal.value), **about)
    return say("Imports of {good} rose by {share} in {year}.", share=Share(signal.value), **about)


def _price(heard: Heard, signal: Signal) -> Said:
    codes, rules = heard.desk.ledger.codes, heard.desk.rules
    known = signal.commodity in set(heard.desk.prices["thing"])
    stands = signal.commodity if known else rules.price_of.get(signal.commodity, signal.commodity)
    about: dict[str, Value] = {"good": good(codes, stands), "year": Day(str(signal.year)), "share": Share(abs(signal.value))}
    if math.isnan(signal.value):
        return SILENCE
    if signal.value < 0:
        return say("The price of {good} fell by {share} in {year}.", **about)
    return say("The price of {good} rose by {share} in {year}.", **about)


def _growing(heard: Heard, signal: Signal) -> Said:
    bought = heard.imports(signal.commodity)
    return _moved(heard, bought, bought.largest)


def _lost(heard: Heard, signal: Signal) -> Said:
    bought = heard.imports(signal.commodity)
    return _moved(heard, bought, bought.most_lost[0])


def _moved(heard: Heard, bought: Imports, seller: str) -> Said:
    now, before = bought.share(seller), bought.share(seller, before=True)
    if not seller or math.isnan(now) or math.isnan(before):
        return SILENCE
    codes = heard.desk.ledger.codes
    return say(
        "{seller} went from {before} to {now} of imports of {good} in {year}.", seller=place(codes, seller),
        before=Share(before), now=Share(now), good=good(codes, bought.commodity), year=Day(str(bought.year)),
    )  # fmt: skip


def _dependence(heard: Heard, signal: Signal) -> Said:
    bought, codes = heard.imports(signal.commodity), heard.desk.ledger.codes
    if not bought.largest or math.isnan(signal.value):
        return SILENCE
    return say(
        "{share} of imports of {good} came from {seller} in {year}.", share=Share(signal.value),
        seller=place(codes, bought.largest), good=good(codes, signal.commodity), year=Day(str(signal.year)),
    )  # fmt: skip


def _stocks(heard: Heard, signal: Signal) -> Said:
    about = good(heard.desk.ledger.codes, signal.commodity)
    if math.isnan(signal.value):
        return SILENCE
    return say("Stocks of {good} last {days} days of use.", good=about, days=Amount(round(signal.value)))


def _governance(heard: Heard, signal: Signal) -> Said:
    about = good(heard.desk.ledger.codes, signal.commodity)
    if math.isnan(signal.value):
        return SILENCE
    return say("The governance risk of those who sell {good} is {risk} of 10.", good=about, risk=Amount(round(signal.value, 1)))


def _control(heard: Heard, signal: Signal) -> Said:
    loud = heard.controls(signal.commodity)
    return control(heard, loud[0], signal.commodity) if loud else SILENCE


def control(heard: Heard, loud: Loud, name: str) -> Said:
    """One export control: who does what, since or until when, and how much comes from there."""
    codes, rule = heard.desk.ledger.codes, loud.spell.rule
    who = Several(tuple(place(codes, each) for each in rule.jurisdiction))
    about: dict[str, Value] = {"place": who, "good": good(codes, name), "rule": Named(rule.id)}
    kinds: Mapping[str, Callable[[], Said]] = {
        "ban": lambda: say("{place} bans the export of {good} ({rule}).", **about),
        "quota": lambda: say("{place} limits the export of {good} by quota ({rule}).", **about),
        "licence": lambda: say("{place} asks for a licence to export {good} ({rule}).", **about),
    }
    grades = say("Only some grades are covered.") if loud.maybe else SILENCE
    return joined([kinds[loud.spell.kind](), _when(loud), grades, _weight(heard, loud, name)])


def _when(loud: Loud) -> Said:
    spell, rule = loud.spell, loud.spell.rule
    if spell.timing == "begins_soon":
        return say("It begins on {day}.", day=Day(spell.start.isoformat()))
    if spell.timing == "ends_soon" and spell.end is not None:
        return say("It ends on {day}.", day=Day(spell.end.isoformat()))
    if spell.timing == "suspended" and rule.suspended_from is not None:
        return say("It has been suspended since {day}.", day=Day(rule.suspended_from.isoformat()))
    if spell.timing == "suspension_ends" and rule.suspended_to is not None:
        return say("It is suspended until {day}.", day=Day(rule.suspended_to.isoformat()))
    if spell.timing == "suspension_over" and rule.suspended_to is not None:
        return say("It was suspended until {day}; what followed is not in the facts.", day=Day(rule.suspended_to.isoformat()))
    return say("It applies since {day}.", day=Day(spell.start.isoformat()))


def _weight(heard: Heard, loud: Loud, name: str) -> Said:
    if math.isnan(loud.share):
        return SILENCE
    bought = heard.imports(name)
    places = loud.spell.rule.jurisdiction
    direct = math.fsum(bought.share(each) for each in places) if bought.counted else math.nan
    if direct == loud.share:
        return say("{share} of imports come from there.", share=Share(loud.share))
    return say("{share} of the world's supply is made there.", share=Share(loud.share))


def provisional(year: int) -> Said:
    """Of figures of a year of which the reports are not all in."""
    return say("The figures of {year} are provisional: not all customs reports are in.", year=Day(str(year)))


def _held(heard: Heard, alarm: Alarm) -> list[Said]:
    """What keeps an alarm low: reports are not in, more is sold than bought, or next to nothing is bought."""
    bought = heard.imports(alarm.commodity)
    if not bought.counted:
        return []
    least = heard.desk.rules.reading.least_share_of_world_trade.value
    about = good(heard.desk.ledger.codes, alarm.commodity)
    told = [provisional(bought.year)] if bought.provisional else []
    if bought.exports > bought.total:
        return [*told, say("More {good} is sold than bought.", good=about)]
    return told + (
        [say("Little {good} is bought: under {share} of the world's trade.", good=about, share=Share(least, exact=True))]
        if bought.weight < least
        else []
    )


_REASONS: Mapping[str, Callable[[Heard, Signal], Said]] = {
    "import_volume_change": _volume,
    "price_change": _price,
    "dependence_change": _growing,
    "seller_lost": _lost,
    "export_control": _control,
    "dependence": _dependence,
    "stock_days": _stocks,
    "supplier_governance": _governance,
}
