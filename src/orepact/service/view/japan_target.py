"""Japan's target of cell capacity by owner: where it stands, whose plants count, and what Canada can carry of its minerals.

All from kept results of the reference plan; words are left to whoever shows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.service.view.kept_results import kept

if TYPE_CHECKING:
    from orepact.facts import Ledger

TABLES = ("target_steps", "target_plants", "target_minerals")
#: A plant in these states stands already.
STANDING = "operating"
#: These stand still: what they were to make is announced, not under way.
HELD_UP = frozenset({"paused", "suspended", "cancelled"})
HOME = "JPN"


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

    @property
    def standing(self) -> float:
        """GWh a year that plants in operation can make, named ones and others: what the scoreboard tells of the target."""
        return self.gwh["operating"] + self.gwh["residual"]

    @property
    def known_on(self) -> str:
        """The day of the last source behind it."""
        days = [str(each["as_of"]) for name in TABLES[:2] for each in kept(name).manifest["sources"]]
        return max(day for day in days if len(day) == len("2026-06-24"))

    @property
    def mark(self) -> str:
        """What the numbers were made from, in short."""
        return str(kept(TABLES[0]).manifest["sha256"])[:12]

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


@dataclass(frozen=True, slots=True)
class Home:
    """Japan's second target, of capacity in the country itself: ``target`` GWh a year by ``year``; ``named`` GWh a year of plants
    there that operate and are controlled from Japan, ``weighted`` those announced there by the chance of their state.
    """

    target: float
    year: int
    named: float
    weighted: float


def at_home(ledger: Ledger, standing: Standing) -> Home | None:
    """The target at home and what of the named plants stands there; None where these facts hold no such target."""
    claims = ledger.resolve("capacity_target_domestic", thing="cell", place=HOME, unit="MWh_per_year")
    if not len(claims):
        return None
    last, rows = claims.sort_values("year").iloc[-1], standing.plants
    here = rows[(rows["place"] == HOME) | rows["place"].str.startswith(f"{HOME}-")]
    works = here["status"] == STANDING
    weighted = here["gwh"] * here["chance"]
    return Home(float(last["number"]) / 1000.0, int(last["year"]), float(here["gwh"][works].sum()), float(weighted[~works].sum()))


def since_of(ledger: Ledger, sites: Iterable[str]) -> dict[str, str]:
    """Since when a site is in its state: by site, "" where nothing is said."""
    claims = ledger.resolve("status")
    wanted = {f"site:{name}": name for name in sites}
    claims = claims[claims["subject"].isin(wanted)]
    rows = zip(claims["subject"], claims["valid_from"].fillna(""), strict=True)
    return {wanted[str(subject)]: str(since) for subject, since in rows}


def japan_target() -> Standing:
    """Where the target stands, as kept."""
    return Standing(*(kept(name).frame for name in TABLES))
