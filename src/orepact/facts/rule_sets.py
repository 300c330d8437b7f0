"""Named sets of tests: which questions a law asks of a product, and which rules answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from orepact.facts.rules import Suspensions


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of test: what it asks, the parameters it needs, those it may have, and whether another sourcing can mend it."""

    title: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    by_sourcing: bool = False
    needs_rule: bool = True


#: Every kind of test. The functions stand in ``measure/eligibility/``, one for each.
KINDS: Mapping[str, Kind] = {
    "place_of_production": Kind("Where the product is made", needs=("places",)),
    "material_cost_ratio": Kind(
        "Part of the direct material cost not paid to entities of concern", ("concern",), by_sourcing=True
    ),
    "ownership": Kind("Who owns the maker", ("concern",), needs_rule=False),
    "input_ownership": Kind(
        "Who owns the makers of the direct materials", ("concern",), ("materials",), by_sourcing=True, needs_rule=False
    ),
    "regional_value_content": Kind(
        "Part of the value that comes from the region", ("places",), ("method", "carved_out"), by_sourcing=True
    ),
    "content_share": Kind(
        "Part of the value of some materials from some places", ("places", "part"), ("method",), by_sourcing=True
    ),
    "recycled_content": Kind("Recycled part of an element", ("element",), by_sourcing=True),
    "carbon": Kind("Carbon footprint per kWh", may=("maximum",)),
    "export_control": Kind("Controlled goods from a country among the direct materials", ("origin",), by_sourcing=True),
    "tariff_shift": Kind("Change of tariff heading of inputs from outside", ("places",), by_sourcing=True, needs_rule=False),
    "declaration": Kind("What only a declaration can show", ("declared",), needs_rule=False),
}
PARAMETERS = ("places", "concern", "materials", "method", "carved_out", "part", "element", "maximum", "origin", "declared")
ATTRIBUTION = ("proportional", "majority")


@dataclass(frozen=True, slots=True)
class Concern:
    """When a maker is an entity of concern. The lists and thresholds are keys of rules.

    ``countries``: covered nations. ``named``: listed entities. ``single`` / ``aggregate``: share held by one
    holder, or by all holders of covered nations together, from which on the maker counts. ``control``: the home of the
    controlling owner counts. ``located``: a maker that stands in a covered nation counts. ``attribution``: how a holding
    through another company counts.
    """

    countries: str
    named: str = ""
    single: str = ""
    aggregate: str = ""
    control: bool = False
    located: bool = False
    attribution: str = "proportional"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a rule set; ``rule`` is the key of the rule behind it, ``stages`` the products it is asked of."""

    test: str
    title: str
    kind: str
    rule: str = ""
    stages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    concern: Concern | None = None
    materials: tuple[str, ...] = ()
    method: str = ""
    carved_out: str = ""
    part: str = ""
    element: str = ""
    maximum: str = ""
    origin: str = ""
    declared: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A named bundle of tests. ``products`` are the stages it speaks of, ``date`` the day it is usually asked for.

    ``places`` holds the leaf places of every place or union that the tests name.
    """

    id: str
    title: str
    tests: tuple[Question, ...]
    products: tuple[str, ...] = ()
    description: str = ""
    date: date | None = None
    suspensions: Suspensions = Suspensions.extended
    unverified: tuple[str, ...] = ()
    file: str = ""
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def asked_of(self, stage: str) -> tuple[Question, ...]:
        """The tests that a product of this stage must meet."""
        return tuple(test for test in self.tests if not test.stages or stage in test.stages)
