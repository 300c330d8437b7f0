"""What a country adds up of its trade: imports and exports of an element in all its forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from orepact.chain.reference.evidence import Evidence
from orepact.chain.reference.observation_rules import Counted, observation_rules
from orepact.chain.reference.observations import LeftOut, Observation, Term
from orepact.chain.reference.statements import Statement, Statements

KINDS = {"import_total": "import", "export_total": "export"}
NO_ROUTE = "no form of it crosses the border of the place in this network"
#: Least standard deviation in tonnes.
LEAST = 1.0


@dataclass(frozen=True, eq=False)
class ObservedTotals:
    """Observations of national totals of trade."""

    evidence: Evidence
    statements: Statements
    routes: pd.DataFrame
    left_out: list[LeftOut] = field(default_factory=list)

    def rows(self) -> Iterator[Observation]:
        """All of them; what cannot be observed is noted in ``left_out``."""
        rules = observation_rules()
        for said in self.statements.of(KINDS):
            key = f"{said.attribute}/{said.thing}"
            counted = None if key in rules.not_observed else rules.national_trade.get(said.thing)
            terms = () if counted is None else self._terms(said, counted)
            if counted is None or not terms:
                reason = rules.not_observed.get(key, NO_ROUTE)
                self.left_out.append(LeftOut(f"{said.attribute} of {said.thing}", reason, said.quantity))
                continue
            relative = rules.relative(said.attribute, said.confidence, said.grade, counted.further_spread(said.place))
            deviation = max(relative * said.quantity, LEAST) * said.sharing
            yield Observation(said.id, terms, said.quantity, deviation, said.confidence, said.source, said.counts, said.note)

    def _terms(self, said: Statement, counted: Counted) -> tuple[Term, ...]:
        kind = KINDS[said.attribute]
        return tuple(
            Term(kind, name, said.place, factor=self._per_unit(name, said, counted))
            for name in counted.counts
            if self._crosses(name, said.place, kind)
        )

    def _per_unit(self, commodity: str, said: Statement, counted: Counted) -> float:
        return 1.0 if counted.weighs(said.source) else self.evidence.contents[commodity].get(said.thing, 0.0)

    def _crosses(self, commodity: str, place: str, kind: str) -> bool:
        """Whether a route of the commodity enters or leaves the place."""
        inside = set(self.evidence.codes.members(place))
        pairs = self._pairs.get(commodity, ())
        here, there = (1, 0) if kind == "import" else (0, 1)
        return any(pair[here] in inside and pair[there] not in inside for pair in pairs)

    @cached_property
    def _pairs(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for commodity, *pair in self.routes[["commodity", "origin", "destination"]].to_numpy(dtype=object).tolist():
            found.setdefault(commodity, []).append((pair[0], pair[1]))
        return found
