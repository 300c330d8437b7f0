"""What sources say of use: cars sold, batteries in them, storage put up, and what each element serves outside batteries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import hypot, sqrt

import pandas as pd

from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.final_demand import FinalDemand
from orepact.chain.reference.observation_rules import ObservationRules, observation_rules
from orepact.chain.reference.observations import CLOSURE, LeftOut, Observation, Term
from orepact.chain.reference.rules import Draw
from orepact.chain.reference.site_costs import PACKS
from orepact.chain.reference.statements import Statement, Statements

WORLD, REST = "world", "ROW"
CARS = ("ev_car_lfp", "ev_car_nickel")
CAR_MAKERS = {"ev_car_lfp": "ev_lfp_assembly", "ev_car_nickel": "ev_nickel_assembly"}
#: Least standard deviation, in units of the commodity.
LEAST = 1e-6
OTHER_FORM = "may be used up outside the chain in this form"
APPARENT = "output and imports less exports and what the chain takes"
SPREAD_OUT = "spread over places by a weight (documentation: why/demand)"


@dataclass(frozen=True, eq=False)
class ObservedUse:
    """Observations of final demand: statements where there are any, and loose words on how world totals spread."""

    evidence: Evidence
    demand: FinalDemand
    statements: Statements
    wants: pd.DataFrame  # demand table of the network
    arrivals: Mapping[tuple[str, str], float]  # (commodity, place) -> net imports that the customs tables show
    used: Mapping[str, set[str]]  # commodity -> places whose sites take it
    apparent: Mapping[tuple[str, str], float] = field(default_factory=dict)  # (commodity, place) -> other uses, from trade
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def rules(self) -> ObservationRules:
        """Spreads and families."""
        return observation_rules()

    def rows(self) -> Iterator[Observation]:
        """All observations of demand."""
        yield from self._sales()
        yield from self._chemistry()
        yield from self._batteries()
        yield from self._world_totals()
        yield from self._spread_out()

    # Vehicles and storage ------------------------------------------------------------------------

    def _sales(self) -> Iterator[Observation]:
        for said in self.statements.of(("sales",)):
            if said.thing != "ev_car" or not self._stands(said.place):
                continue
            terms = self._terms(self.rules.families["ev_car"], said.place)
            if terms:
                yield self._said(said, terms)

    def _stands(self, place: str) -> bool:
        """Whether a statement is about one country or the world; sums of regions repeat their countries."""
        codes = self.evidence.codes
        return place == WORLD or place in codes.places or (place in codes.groups and codes.groups[place].kind == "country")

    def _batteries(self) -> Iterator[Observation]:
        for said in self.statements.of(("battery_demand", "deployment")):
            if said.place == WORLD or (said.attribute == "battery_demand" and said.thing != "cell"):
                continue
            terms = self._terms((said.thing,), said.place) if said.attribute == "deployment" else self._in_vehicles(said.place)
            if terms:
                yield self._said(said, terms)

    def _in_vehicles(self, place: str) -> tuple[Term, ...]:
        """MWh of batteries in the vehicles sold in a place: cars by the battery usual there, and the packs of heavier ones."""
        terms: list[Term] = []
        for leaf in self.evidence.codes.members(place):
            for car, process in CAR_MAKERS.items():
                terms += self._terms((car,), leaf, self._battery(process, leaf))
        return (*terms, *self._terms(("pack_ev_lfp",), place))

    def _battery(self, process: str, place: str) -> float:
        amounts = self.demand.recipes.at(process, place)
        return -sum(amount for commodity, amount in amounts.items() if commodity in PACKS)

    def _said(self, said: Statement, terms: tuple[Term, ...]) -> Observation:
        relative = self.rules.relative(said.attribute, said.confidence, said.grade)
        deviation = hypot(relative * said.quantity, self.rules.floor["demand"] * said.quantity) * said.sharing
        return Observation(said.id, terms, said.quantity, deviation, said.confidence, said.source, said.counts, said.note)

    def _terms(self, commodities: Iterable[str], place: str, factor: float = 1.0) -> tuple[Term, ...]:
        known = set(self.wants["commodity"])
        members = None if place == WORLD else set(self.evidence.codes.members(place))
        here = self.wants if members is None else self.wants[self.wants["place"].isin(members)]
        named = [name for name in commodities if name in known and (here["commodity"] == name).any()]
        return tuple(Term("demand", name, place, factor=factor) for name in named)

    def _chemistry(self) -> Iterator[Observation]:
        """How the cars of each place divide into battery families."""
        cars = self.wants[self.wants["commodity"].isin(CARS)].pivot_table(
            index="place", columns="commodity", values="quantity", aggfunc="sum", fill_value=0.0
        )
        spread = self.rules.closure["chemistry"]
        for place, row in cars.iterrows():
            sold, lfp = float(row.sum()), float(row.get("ev_car_lfp", 0.0))
            if "ev_car_lfp" in cars and lfp > 0:
                term = Term("demand", "ev_car_lfp", str(place))
                note = "cars sold x LFP share of their batteries"
                yield Observation(f"chemistry:{place}/ev_car_lfp", (term,), lfp, spread * sold, "estimated", CLOSURE, note=note)

    # World totals ----------------------------------------------------------------------------------

    def _world_totals(self) -> Iterator[Observation]:
        """Uses of an element outside batteries in the world, in tonnes of it, over all forms in which it may be used up."""
        year = self.statements.year
        for element, draws in self.demand.rules.outside_batteries.items():
            contents = self.demand.contents
            tonnes = self.demand.use("use_outside_batteries", element, year)
            tonnes -= self.demand.electronics(year) * contents["cell_lco"].get(element, 0.0)
            per_unit = {draw.commodity: contents[draw.counted_at][element] * self._requirement(draw) for draw in draws}
            forms = dict.fromkeys([*per_unit, *self.rules.other_uses.get(element, ())])
            terms = [
                term
                for name in forms
                for term in self._terms([name], WORLD, per_unit.get(name, contents.get(name, {}).get(element, 0.0)))
            ]
            part = sum(draw.part for draw in draws)
            said = self.evidence.by_place("use_outside_batteries", element, year).get(WORLD)
            confidence = "reported" if said is not None else "estimated"
            deviation = self.rules.relative("use_outside_batteries", confidence, "B") * tonnes
            note = "" if said is not None else "between the years of the source"
            yield Observation(
                f"use_outside_batteries:{WORLD}/{element}",
                tuple(terms),
                tonnes * part,
                deviation,
                confidence,
                self._source(element),
                note=note,
            )

    def _requirement(self, draw: Draw) -> float:
        return self.demand.recipes.requirement(draw.commodity, draw.counted_at)

    def _source(self, element: str) -> str:
        claims = self.evidence.ledger.resolve("use_outside_batteries", thing=element)
        return str(claims["source"].iloc[0]) if len(claims) else ""

    # Places ----------------------------------------------------------------------------------------

    def _spread_out(self) -> Iterator[Observation]:
        """Demand by place that nobody measures: spread of a world total, or what may be used up in another form."""
        rows = self.wants[~self.wants["commodity"].isin(CARS)]
        world = rows.groupby("commodity")["quantity"].sum().to_dict()
        for commodity, place, quantity in zip(rows["commodity"], rows["place"], rows["quantity"], strict=True):
            if (commodity, place) in self.apparent:
                yield self._rest(commodity, place, quantity, world[commodity])
            else:
                yield self._use(commodity, place, quantity, world[commodity])

    def _rest(self, commodity: str, place: str, spread: float, whole: float) -> Observation:
        """Other uses of a bulk commodity: what output and trade leave, as loose as the weight that would spread them else."""
        found = self.apparent[commodity, place]
        deviation = max(self.rules.closure["apparent"] * sqrt(max(found, spread) * whole), LEAST)
        term = (Term("demand", commodity, place),)
        return Observation(f"use:{place}/{commodity}", term, found, deviation, "estimated", CLOSURE, note=APPARENT)

    def _use(self, commodity: str, place: str, quantity: float, whole: float) -> Observation:
        """One use. What comes in and nothing takes is expected to be used up, ``other_form`` of it more or less."""
        closure, least = self.rules.closure, self.rules.floor["demand"]
        term, name = (Term("demand", commodity, place),), f"use:{place}/{commodity}"
        if quantity > 0:
            deviation = max(closure["demand"] * sqrt(quantity * whole), least * whole, LEAST)
            return Observation(name, term, quantity, deviation, "estimated", CLOSURE, note=SPREAD_OUT)
        arrived = self.arrivals.get((commodity, place), 0.0)
        expected = 0.0 if place in self.used.get(commodity, ()) else arrived
        deviation = max(closure["other_form"] * arrived, LEAST)
        return Observation(name, term, expected, deviation, "estimated", CLOSURE, note=OTHER_FORM)
