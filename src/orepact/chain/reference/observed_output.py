"""What sources say of output: mines, refineries, plants of a country, each as a sum over what its sites make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import hypot

from orepact.chain.reference.evidence import CARRIED, Evidence
from orepact.chain.reference.observation_rules import Counted, ObservationRules, observation_rules
from orepact.chain.reference.observations import CLOSURE, LeftOut, Observation, Term
from orepact.chain.reference.recipes import RecipeBook
from orepact.chain.reference.statements import Statement, Statements

WORLD, REST = "world", "ROW"
OUTPUT = ("mine_production", "refinery_production", "secondary_production", "production")
#: Grades of sources that survey the whole world, so that their rest is what they do not name.
WORLD_GRADES = ("A", "B")
NO_REST = "a rest of the world of nothing: places whose figures are withheld are outside it"
BESIDE = "0 beside the figure of another source: taken as no figure"
NO_SITE = "no site of the chain there makes it"


@dataclass(frozen=True, eq=False)
class ObservedOutput:
    """Observations of output from every admitted statement of a year, rivals included."""

    evidence: Evidence
    recipes: RecipeBook
    statements: Statements
    made: Mapping[str, Mapping[str, frozenset[str]]]  # commodity -> place -> processes that make it there
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def rules(self) -> ObservationRules:
        """Spreads and what each statistic counts."""
        return observation_rules()

    def rows(self) -> Iterator[Observation]:
        """All observations of output; what cannot be observed is noted in ``left_out``."""
        for statement in (*self.statements.of(OUTPUT), *self._carried()):
            counted = self._counted(statement)
            silent = self._silence(statement)
            if counted is None or silent:
                self._leave_out(statement, self._reason(statement) if counted is None else silent)
                continue
            terms = self._terms(statement, counted)
            if terms:
                yield self._observation(statement, counted, terms)
            elif statement.quantity > 0:
                self._leave_out(statement, NO_SITE)

    def _silence(self, statement: Statement) -> str:
        """Why a zero is no figure, "" where it may be one."""
        if statement.quantity > 0:
            return ""
        key = (statement.attribute, statement.thing, statement.place)
        return NO_REST if statement.place == REST else BESIDE if key in self._positive else ""

    @cached_property
    def _positive(self) -> set[tuple[str, str, str]]:
        return {
            (said.attribute, said.thing, said.place) for said in self.statements.of(OUTPUT) if said.counts and said.quantity > 0
        }

    def _carried(self) -> Iterator[Statement]:
        """Statistics without any figure of the year, as the nearest year has them, loosely."""
        told = {(said.attribute, said.thing) for said in self.statements.of(OUTPUT)}
        for attribute, thing in self.rules.statistics:
            if attribute in CARRIED and (attribute, thing) not in told:
                values, year = self.evidence.carried(attribute, thing)
                note = f"no figure of {self.statements.year}: that of {year}, scaled with the world's mines"
                for place, quantity in sorted(values.items()):
                    if place != WORLD:
                        yield Statement(attribute, thing, place, "", quantity, CLOSURE, "B", "estimated", note, frozenset(values))

    def _counted(self, statement: Statement) -> Counted | None:
        if statement.attribute != "production":
            return self.rules.statistics.get((statement.attribute, statement.thing))
        if f"production/{statement.thing}" in self.rules.not_observed:
            return None
        members = self.rules.families.get(statement.thing, (statement.thing,))
        return Counted(counts=members, by_mass=True) if any(name in self.made for name in members) else None

    def _reason(self, statement: Statement) -> str:
        return self.rules.not_observed.get(f"{statement.attribute}/{statement.thing}", "the chain does not make it")

    def _leave_out(self, statement: Statement, reason: str) -> None:
        self.left_out.append(LeftOut(f"{statement.attribute} of {statement.thing}", reason, statement.quantity))

    # Terms ---------------------------------------------------------------------------------------

    def _terms(self, statement: Statement, counted: Counted) -> tuple[Term, ...]:
        places = self._places(statement)
        return tuple(term for place in places for term in self._at(place, statement, counted))

    def _places(self, statement: Statement) -> tuple[str, ...]:
        """Where the sum runs: the place, or for the rest of a source's world every place that it does not name."""
        if statement.place != REST or statement.grade not in WORLD_GRADES:
            return (statement.place,)
        named = {place for other in statement.named for place in self._members(other)}
        return tuple(place for place in self.evidence.codes.places if place not in named)

    def _at(self, place: str, said: Statement, counted: Counted) -> Iterator[Term]:
        members = self._members(place)
        for commodity in counted.counts:
            if any(leaf in self.made.get(commodity, {}) for leaf in members):
                yield Term("production", commodity, place, factor=self._per_unit(commodity, said, counted))
        for process in counted.processes:
            yield from (Term("activity", place=place, process=code) for code in self._codes(process, members))
        for process, commodity in counted.less.items():
            taken = self.recipes.inputs(process).get(commodity, 0.0) if process in self.recipes.default else 0.0
            factor = -taken * self._per_unit(commodity, said, counted)
            codes = self._codes(process, members) if taken else []
            yield from (Term("activity", place=place, process=code, factor=factor) for code in codes)

    def _per_unit(self, commodity: str, said: Statement, counted: Counted) -> float:
        return 1.0 if counted.weighs(said.source) else self.evidence.contents[commodity].get(said.thing, 0.0)

    def _codes(self, process: str, members: Iterable[str]) -> list[str]:
        """Ids under which sites of these places run a process."""
        here = self.made.get(self.recipes.outputs.get(process, ""), {})
        found = {code for leaf in members for code in here.get(leaf, ())}
        return sorted(code for code in found if code.partition("@")[0] == process)

    def _members(self, place: str) -> tuple[str, ...]:
        return self.evidence.codes.members(place)

    # Spread --------------------------------------------------------------------------------------

    def _observation(self, statement: Statement, counted: Counted, terms: tuple[Term, ...]) -> Observation:
        further = counted.further_spread(statement.place, statement.source)
        relative = self.rules.relative(statement.attribute, statement.confidence, statement.grade, further)
        if statement.source == CLOSURE:
            relative = self.rules.closure["carried"]
        least = self.rules.floor["production"] * self._world.get((statement.attribute, statement.thing), statement.quantity)
        deviation = hypot(relative * statement.quantity, least) * statement.sharing
        note = statement.note
        counts = statement.counts
        if statement.place == WORLD and statement.named:
            counts, note = False, _joined("the sum of its parts, shown beside them", note)
        return Observation(
            statement.id, terms, statement.quantity, deviation, statement.confidence, statement.source, counts, note
        )

    @cached_property
    def _world(self) -> dict[tuple[str, str], float]:
        """The largest sum over places that any source gives, by attribute and thing."""
        sums: dict[tuple[str, str, str], float] = {}
        for said in self.statements.of(OUTPUT):
            if said.place != WORLD:
                key = (said.attribute, said.thing, said.source)
                sums[key] = sums.get(key, 0.0) + said.quantity
        found: dict[tuple[str, str], float] = {}
        for (attribute, thing, _), total in sums.items():
            found[attribute, thing] = max(found.get((attribute, thing), 0.0), total)
        return found


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
