"""Japan's target of cell capacity by owner: where it stands, whose plants count, and what Canada can carry of its minerals.

All from kept results of the reference plan; words are left to whoever shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from orepact.service.view.kept_results import kept

TABLES = ("target_steps", "target_plants", "target_minerals")
#: A plant in these states stands already.
STANDING = "operating"


@dataclass(frozen=True, eq=False)
class Standing:
    """``steps``: GWh a year by step; ``plants``: named plants controlled from Japan, the largest first; ``minerals``: need of the
    target and expected Canadian supply by element, in contained tonnes a year.
    """

    steps: pd.DataFrame
    plants: pd.DataFrame
    minerals: pd.DataFrame

    @property
    def year(self) -> int:
        """The year of the target."""
        return int(self.steps["year"].iloc[0])

    @cached_property
    def gwh(self) -> dict[str, float]:
        """GWh a year by step: operating, residual, announced, weighted, late, expected, planned, target, gap."""
        return {str(name): float(value) for name, value in self.steps.set_index("step")["gwh"].items()}

    @cached_property
    def owners(self) -> pd.DataFrame:
        """By owner as recorded: ``standing`` GWh a year, ``announced`` as told, ``weighted`` by the chance of its state, and
        ``counted``, which is standing and weighted; the most first. With the plants that nobody names and the gap they make
        the target.
        """
        works = self.plants["status"] == STANDING
        gwh = self.plants["gwh"]
        rows = pd.DataFrame(
            {
                "owner": self.plants["owner"],
                "standing": gwh.where(works, 0.0),
                "announced": gwh.where(~works, 0.0),
                "weighted": (gwh * self.plants["chance"]).where(~works, 0.0),
            }
        )
        summed = rows.groupby("owner", as_index=False)[["standing", "announced", "weighted"]].sum()
        summed["counted"] = summed["standing"] + summed["weighted"]
        return summed.sort_values(["counted", "owner"], ascending=[False, True], ignore_index=True)


def japan_target() -> Standing:
    """Where the target stands, as kept."""
    return Standing(*(kept(name).frame for name in TABLES))
