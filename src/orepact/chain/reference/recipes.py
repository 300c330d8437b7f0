"""Recipes of the reference network: default ones, those of single places, and the order in which needs arise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from orepact.chain.reference.amounts import plus, positive, times
from orepact.chain.reference.evidence import Evidence

Amounts = dict[str, float]
"""Amount by commodity per unit of main output: inputs negative, the main output 1, co-products positive."""
TRACE = 1e-9


@dataclass(frozen=True, eq=False)
class RecipeBook:
    """Amounts per unit of main output, by process; ``process@PLACE`` stands for a recipe of one place."""

    default: dict[str, Amounts]
    special: dict[tuple[str, str], Amounts]  # by (process, place), merged over the default one
    outputs: dict[str, str]  # main output by process

    @classmethod
    def from_evidence(cls, evidence: Evidence) -> RecipeBook:
        """The recipes that the ledger holds for the processes of the code list."""
        lines: dict[tuple[str, str], Amounts] = {}
        for fact in evidence.facts("recipe_amount"):
            if fact.process in evidence.codes.processes and fact.value != 0:
                lines.setdefault((fact.process, fact.place), {})[fact.thing] = fact.value
        ordered = {key: dict(sorted(amounts.items())) for key, amounts in sorted(lines.items())}
        default = {process: amounts for (process, place), amounts in ordered.items() if not place}
        special = {(p, q): _merged(default.get(p, {}), own) for (p, q), own in ordered.items() if q}
        processes = evidence.codes.processes
        return cls(default, special, {name: item.output for name, item in processes.items() if name in default})

    def at(self, process: str, place: str) -> Amounts:
        """Amounts by commodity that hold for a process in a place."""
        return self.special.get((process, place), self.default[process])

    def code(self, process: str, place: str) -> str:
        """The process id that a site of the place runs: ``process@PLACE`` where the place has its own recipe."""
        return f"{process}@{place}" if (process, place) in self.special else process

    def table(self, codes: Iterable[str]) -> pd.DataFrame:
        """Recipe table of a network for the process ids that its sites run: process, commodity, amount."""
        rows = []
        for code in sorted(set(codes)):
            process, _, place = str(code).partition("@")
            rows += [(code, commodity, amount) for commodity, amount in self.at(process, place).items()]
        return pd.DataFrame(rows, columns=["process", "commodity", "amount"])

    def inputs(self, process: str) -> Amounts:
        """What one unit of main output takes of each input, as positive amounts."""
        return {commodity: -amount for commodity, amount in self.default[process].items() if amount < 0}

    @cached_property
    def commodities(self) -> frozenset[str]:
        """Everything that some recipe takes or gives."""
        lines = (*self.default.values(), *self.special.values())
        return frozenset([*self.outputs.values(), *(commodity for amounts in lines for commodity in amounts)])

    @cached_property
    def makers(self) -> dict[str, list[str]]:
        """Processes by main output."""
        found: dict[str, list[str]] = {}
        for process, output in sorted(self.outputs.items()):
            found.setdefault(output, []).append(process)
        return found

    # Order ---------------------------------------------------------------------------------------

    @cached_property
    def downstream_first(self) -> tuple[str, ...]:
        """Main outputs so ordered that every user of a commodity comes before it.

        A co-product comes after the main output that it falls with, so that its supply is known when its need is met.
        """
        from graphlib import TopologicalSorter

        sorter: TopologicalSorter[str] = TopologicalSorter()
        for process, output in self.outputs.items():
            sorter.add(output)
            for commodity in self._after(process, output):
                sorter.add(commodity, output)
        return tuple(sorter.static_order())

    def _after(self, process: str, output: str) -> Iterable[str]:
        """What has to wait for a process: its inputs, and co-products with makers of their own unless they go into it."""
        for commodity, amount in self.default[process].items():
            falls_with = amount > 0 and commodity in self.makers and not self._upstream(commodity, output)
            if commodity != output and (amount < 0 or falls_with):
                yield commodity

    def _upstream(self, ancestor: str, commodity: str) -> bool:
        """Whether ``ancestor`` is needed, directly or not, to make ``commodity``."""
        seen: set[str] = set()
        queue = [commodity]
        while queue:
            for process in self.makers.get(queue.pop(), []):
                inputs = set(self.inputs(process)) - seen
                seen |= inputs
                queue += sorted(inputs)
        return ancestor in seen

    def requirement(self, commodity: str, upstream: str) -> float:
        """Units of ``upstream`` that one unit of ``commodity`` takes along the first process of each (1 for itself).

        ``r(c, u) = sum over inputs i of c: amount_i x r(i, u)``
        """
        if commodity == upstream:
            return 1.0
        if commodity not in self.makers:
            return 0.0
        inputs = self.inputs(self.makers[commodity][0])
        return sum(amount * self.requirement(name, upstream) for name, amount in inputs.items())

    # Contents ------------------------------------------------------------------------------------

    def contents(self, known: Mapping[str, Amounts], weight: Mapping[str, float] | None = None) -> dict[str, Amounts]:
        """Tonnes of element per unit of every main output: known ones, and what the recipes of the others put in.

        Where several processes make a commodity, ``weight`` by process says how they mix (equal parts without it).
        """
        found = {name: dict(amounts) for name, amounts in known.items() if amounts}
        for commodity in reversed(self.downstream_first):
            if commodity not in found:
                mixed = self._mixed(commodity, found, weight or {})
                if mixed:
                    found[commodity] = mixed
        return found

    def _mixed(self, commodity: str, contents: Mapping[str, Amounts], weight: Mapping[str, float]) -> Amounts:
        makers = self.makers[commodity]
        parts = {maker: weight.get(maker, 0.0) for maker in makers}
        whole = sum(parts.values())
        if not whole:
            parts, whole = dict.fromkeys(makers, 1.0), float(len(makers))
        return plus(*(times(self._put_in(maker, contents), part / whole) for maker, part in parts.items()))

    def _put_in(self, process: str, contents: Mapping[str, Amounts]) -> Amounts:
        """Elements that the inputs of one unit bring, less what leaves with its co-products."""
        output = self.outputs[process]
        lines = ((name, amount) for name, amount in self.default[process].items() if name != output)
        return positive(plus(*(times(contents.get(name, {}), -amount) for name, amount in lines)), TRACE)


def _merged(default: Amounts, own: Amounts) -> Amounts:
    return {**{commodity: amount for commodity, amount in default.items() if commodity not in own}, **own}
