"""Recipes of the reference network: default ones, those of single places, and the order in which needs arise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from orepact.chain.reference.evidence import Evidence


@dataclass(frozen=True, eq=False)
class RecipeBook:
    """Amounts per unit of main output (inputs negative), by process; ``process@PLACE`` stands for a recipe of one place."""

    lines: pd.DataFrame  # process, place ("" for everywhere), commodity, amount
    outputs: pd.Series  # main output by process

    @classmethod
    def from_evidence(cls, evidence: Evidence) -> RecipeBook:
        """The recipes that the ledger holds for the processes of the code list."""
        claims = evidence.claims("recipe_amount")
        lines = claims[["process", "place", "thing", "value"]].rename(columns={"thing": "commodity", "value": "amount"})
        processes = evidence.codes.processes
        known = lines[lines["process"].isin(list(processes)) & (lines["amount"] != 0)].sort_values(["process", "place", "commodity"], ignore_index=True)
        outputs = pd.Series({name: process.output for name, process in processes.items()})
        return cls(known, outputs[outputs.index.isin(known["process"])])

    @cached_property
    def default(self) -> dict[str, pd.Series]:
        """Amounts by commodity of the recipe that holds everywhere, by process."""
        rows = self.lines[self.lines["place"] == ""]
        return {str(name): part.set_index("commodity")["amount"] for name, part in rows.groupby("process")}

    @cached_property
    def special(self) -> dict[tuple[str, str], pd.Series]:
        """Amounts of recipes of one place, merged over the default one, by (process, place)."""
        rows = self.lines[self.lines["place"] != ""]
        groups = rows.groupby(["process", "place"])
        return {(str(p), str(q)): self._merged(str(p), part.set_index("commodity")["amount"]) for (p, q), part in groups}

    def _merged(self, process: str, own: pd.Series) -> pd.Series:
        base = self.default.get(process, pd.Series(dtype=float))
        return pd.concat([base[~base.index.isin(own.index)], own])

    def at(self, process: str, place: str) -> pd.Series:
        """Amounts by commodity that hold for a process in a place."""
        return self.special.get((process, place), self.default[process])

    def code(self, process: str, place: str) -> str:
        """The process id that a site of the place runs: ``process@PLACE`` where the place has its own recipe."""
        return f"{process}@{place}" if (process, place) in self.special else process

    def table(self, codes: pd.Series) -> pd.DataFrame:
        """Recipe table of a network for the process ids that its sites run: process, commodity, amount."""
        rows = []
        for code in sorted(set(codes)):
            process, _, place = str(code).partition("@")
            amounts = self.at(process, place)
            rows.append(pd.DataFrame({"process": code, "commodity": amounts.index, "amount": amounts.to_numpy()}))
        return pd.concat(rows, ignore_index=True)

    @cached_property
    def makers(self) -> dict[str, list[str]]:
        """Processes by main output."""
        return {str(output): sorted(group.index) for output, group in self.outputs.groupby(self.outputs)}

    def downstream_first(self) -> list[str]:
        """Main outputs so ordered that every user of a commodity comes before it.

        A co-product comes after the main output that it falls with, so that its supply is known when its need is met.
        """
        from graphlib import TopologicalSorter

        sorter: TopologicalSorter[str] = TopologicalSorter()
        for process, output in self.outputs.items():
            sorter.add(str(output))
            for commodity, amount in self.default[str(process)].items():
                if commodity == output:
                    continue
                # An input waits for its users; so does a co-product that has makers of its own.
                if amount < 0 or commodity in self.makers:
                    if amount > 0 and self._upstream(str(commodity), str(output)):
                        continue
                    sorter.add(str(commodity), str(output))
        return list(sorter.static_order())

    def _upstream(self, ancestor: str, commodity: str) -> bool:
        """Whether ``ancestor`` is needed, directly or not, to make ``commodity``."""
        seen, queue = set(), [commodity]
        while queue:
            current = queue.pop()
            for process in self.makers.get(current, []):
                inputs = {str(c) for c, amount in self.default[process].items() if amount < 0}
                if ancestor in inputs:
                    return True
                queue += [c for c in inputs if c not in seen]
                seen |= inputs
        return False

    def requirement(self, commodity: str, upstream: str) -> float:
        """Units of ``upstream`` that one unit of ``commodity`` takes along the first process of each (1 for itself).

        ``r(c, u) = sum over inputs i of c: amount_i x r(i, u)``
        """
        if commodity == upstream:
            return 1.0
        if commodity not in self.makers:
            return 0.0
        inputs = self.default[self.makers[commodity][0]]
        return sum(-float(amount) * self.requirement(str(name), upstream) for name, amount in inputs.items() if amount < 0)

    def element_contents(self, known: pd.DataFrame, weight: dict[str, float] | None = None) -> pd.DataFrame:
        """Contents of commodities that have none of their own: what their recipes put in, less what leaves as co-product.

        ``known`` has columns commodity, element, t_per_unit; returns the missing rows in the same form. Where several
        processes make a commodity, ``weight`` by process says how they mix (equal parts without it).
        """
        content = {str(c): part.set_index("element")["t_per_unit"] for c, part in known.groupby("commodity")}
        missing = [c for c in reversed(self.downstream_first()) if c not in content]
        added = []
        for commodity in missing:
            total = self._mixed(commodity, content, weight or {})
            if len(total):
                content[commodity] = total
                added.append(pd.DataFrame({"commodity": commodity, "element": total.index, "t_per_unit": total.to_numpy()}))
        return pd.concat(added, ignore_index=True) if added else known.iloc[:0]

    def _mixed(self, commodity: str, content: dict[str, pd.Series], weight: dict[str, float]) -> pd.Series:
        makers = self.makers[commodity]
        parts = {maker: weight.get(maker, 0.0) if weight else 1.0 for maker in makers}
        if not sum(parts.values()):
            parts = dict.fromkeys(makers, 1.0)
        total = pd.Series(dtype=float)
        for maker, part in parts.items():
            total = total.add(self._from_recipe(maker, commodity, content) * (part / sum(parts.values())), fill_value=0.0)
        return total[total > 1e-9]

    def _from_recipe(self, process: str, commodity: str, content: dict[str, pd.Series]) -> pd.Series:
        total = pd.Series(dtype=float)
        for name, amount in self.default[process].items():
            if name != commodity and str(name) in content:
                total = total.add(content[str(name)] * -float(amount), fill_value=0.0)
        return total[total > 1e-9]
