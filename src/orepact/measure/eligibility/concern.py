"""Whether a maker is an entity of concern under a profile of law: yes, no or unknown, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from orepact.facts.rule_sets import Concern
from orepact.facts.rules import Rule, RuleBook
from orepact.measure.eligibility.bill import Maker
from orepact.measure.eligibility.ownership import UNKNOWN, Stakes
from orepact.measure.eligibility.verdict import TOLERANCE


class Standing(StrEnum):
    """What a maker is under a profile."""

    concern = "concern"
    clean = "clean"
    unknown = "unknown"


@dataclass(frozen=True)
class Screen:
    """A profile on a day, with the lists and thresholds of its rules. A list or threshold without a rule in force is left out."""

    profile: Concern
    countries: frozenset[str]
    named: tuple[str, ...]
    single: float | None
    aggregate: float | None
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, profile: Concern, book: RuleBook, day: date) -> Screen:
        """The profile as the rules stand on a day; a list of countries not yet in force is taken as it will be."""
        used: list[Rule] = []

        def rule(key: str) -> Rule | None:
            found = book.on(key, day) if key else None
            used.extend([found] if found else [])
            return found

        countries = rule(profile.countries) or book.versions(profile.countries)[0]
        named, single, aggregate = rule(profile.named), rule(profile.single), rule(profile.aggregate)
        return cls(
            profile,
            frozenset(countries.names(max(day, countries.date_from))),
            named.names(day) if named else (),
            single.value if single else None,
            aggregate.value if aggregate else None,
            tuple(used),
        )

    def standing(self, maker: Maker) -> tuple[Standing, str]:
        """The standing of a maker and the reason in words."""
        if self.profile.located and maker.country in self.countries:
            return Standing.concern, f"it stands in {maker.country}"
        listed = self._listed(maker)
        if listed:
            return Standing.concern, f"{listed} is a named entity"
        stakes = maker.stakes(self.profile.attribution)
        if self.profile.control and stakes.control in self.countries:
            return Standing.concern, f"it is controlled from {stakes.control}"
        low, high, words = self._shares(stakes)
        if low:
            return Standing.concern, words
        control_open = self.profile.control and stakes.control == UNKNOWN and self._may_control(stakes)
        if high or control_open:
            return (
                Standing.unknown,
                "its owner is not known" if stakes.unknown >= 1 - TOLERANCE else "part of its owners is not known",
            )
        return Standing.clean, words

    def _listed(self, maker: Maker) -> str:
        words = f" {' '.join(maker.names)} ".replace("(", " ").replace(")", " ").replace(";", " ").replace(",", " ")
        return next((name for name in self.named if f" {name} " in words), "")

    def _may_control(self, stakes: Stakes) -> bool:
        return stakes.bounds(self.countries, single=False)[1] > TOLERANCE

    def _shares(self, stakes: Stakes) -> tuple[bool, bool, str]:
        """Whether the thresholds are met for sure, whether they may be, and the share in words."""
        sure = may = False
        words = []
        for threshold, single in ((self.single, True), (self.aggregate, False)):
            if threshold is None:
                continue
            low, high = stakes.bounds(self.countries, single=single)
            sure = sure or low >= threshold - TOLERANCE
            may = may or high >= threshold - TOLERANCE
            words.append(f"{'one holder' if single else 'all holders'} of covered nations {_percent(low, high)}")
        return sure, may, "; ".join(words) or "no holder of a covered nation is in control"


def _percent(low: float, high: float) -> str:
    same = high - low < TOLERANCE
    return f"{100 * low:.3g} %" if same else f"{100 * low:.3g} to {100 * high:.3g} %"
