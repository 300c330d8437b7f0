"""One question asked of one bill on one day, with all that its answer needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from orepact.facts.rule_sets import Question, RuleSet
from orepact.facts.rules import Rule, RuleBook
from orepact.measure.eligibility.bill import Bill, Maker
from orepact.measure.eligibility.concern import Screen, Standing


@dataclass(frozen=True)
class Asked:
    """``declared`` are answers that only the maker can give (``debt``, ``officers``, ...), by name."""

    bill: Bill
    question: Question
    rule_set: RuleSet
    book: RuleBook
    day: date
    declared: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rule(self) -> Rule | None:
        """The version of the question's rule that applies on the day; None when none does or it has no rule."""
        if not self.question.rule:
            return None
        return self.book.on(self.question.rule, self.day, self.rule_set.suspensions)

    @property
    def known_rule(self) -> Rule:
        """The rule, where there is one for sure."""
        assert self.rule is not None, self.question.rule
        return self.rule

    @cached_property
    def screen(self) -> Screen:
        """When a maker is of concern."""
        assert self.question.concern is not None, self.question.test
        return Screen.of(self.question.concern, self.book, self.day)

    def standing(self, maker: Maker) -> tuple[Standing, str]:
        """What a maker is under the question's profile, and why."""
        return self.screen.standing(maker)

    @cached_property
    def places(self) -> frozenset[str]:
        """Leaf places (and names) of the places of the question."""
        return frozenset(leaf for place in self.question.places for leaf in self.leaves(place))

    def leaves(self, place: str) -> frozenset[str]:
        """A place or union and the leaf places in it."""
        return frozenset(self.rule_set.places.get(place, (place,)))
