"""The projects of the corridor one by one: what, who, status and since when, planned start and how often it slipped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from orepact.report.brief import Column, Row, Table
from orepact.report.pipeline import GROUP_OF
from orepact.report.provenance import basis_of_claims
from orepact.report.scope import SELLER, title_of

if TYPE_CHECKING:
    from orepact.facts import Codes, Ledger

CORRIDORS = {
    "CA-KR": "Korea",
    "CA-JP": "Japan",
    "CA-JP-KR": "Japan and Korea",
    "CA-other": "other partners",
    "CA-domestic": "Canada",
}
#: What a row tells; claims of other attributes are not its basis.
SHOWN = (
    "name",
    "located_in",
    "runs_process",
    "makes",
    "owner_country",
    "status",
    "capacity",
    "start_year",
    "planned_start",
    "actual_start",
    "schedule_note",
    "corridor",
)


@dataclass(frozen=True, eq=False)
class Projects:
    """Sites of the seller that the facts follow as projects (those with a ``corridor``)."""

    ledger: Ledger

    @property
    def codes(self) -> Codes:
        """The code lists of the facts."""
        return self.ledger.codes

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Winning claims of the followed sites in the seller's places, oldest first."""
        claims = self.ledger.resolve(list(SHOWN), kind="site")
        followed = set(claims.loc[claims["attribute"] == "corridor", "entity"])
        inside = claims[(claims["attribute"] == "located_in") & claims["value"].isin([SELLER, *self.codes.members(SELLER)])]
        kept = claims[claims["entity"].isin(followed & set(inside["entity"]))]
        when = kept["valid_from"].where(kept["valid_from"] != "", kept["as_of"])
        return kept.assign(when=when).sort_values(["entity", "when"], kind="stable")

    @cached_property
    def latest(self) -> pd.DataFrame:
        """Last value of every attribute (columns) by site (rows), "" where unknown."""
        last = self.claims.drop_duplicates(["entity", "attribute"], keep="last")
        wide = last.pivot(index="entity", columns="attribute", values="value")
        return wide.reindex(columns=list(SHOWN)).astype(object).fillna("").astype(str)

    def statuses(self) -> pd.Series:
        """Number of followed projects by status."""
        return self.latest["status"].value_counts()

    @cached_property
    def slips(self) -> dict[str, tuple[str, str]]:
        """First and last planned start of every project whose date moved later."""
        plans = self.claims[self.claims["attribute"] == "planned_start"]
        found = {}
        for entity, part in plans.groupby("entity"):
            first, last = str(part["value"].iloc[0]), str(part["value"].iloc[-1])
            if last[:4] > first[:4]:
                found[str(entity)] = (first, last)
        return found

    def table(self) -> Table:
        """One row for each project, surest status first."""
        columns = (
            Column("name", "Project"),
            Column("place", "Province"),
            Column("makes", "Makes"),
            Column("capacity", "Capacity", "", "number"),
            Column("unit", "Unit a year"),
            Column("owner", "Owner"),
            Column("partner", "For"),
            Column("status", "Status"),
            Column("since", "Since"),
            Column("start", "Start"),
            Column("slip", "Slips and alternatives"),
        )
        order = {group: at for at, group in enumerate(dict.fromkeys(GROUP_OF.values()))}
        rank = self.latest["status"].map(GROUP_OF).map(order).fillna(len(order))
        names = self.latest.assign(rank=rank).sort_values(["rank", "name"], kind="stable").index
        parts = {str(entity): part for entity, part in self.claims.groupby("entity")}
        rows = tuple(self._row(str(name), parts[str(name)]) for name in names)
        note = (
            "Status as last reported. Capacity is nameplate, in units of the product: for a mine tonnes of concentrate, "
            "not of metal. A project for Korea or Japan has a Korean or "
            "Japanese owner, partner or buyer."
        )
        return Table("projects", "Projects followed in Canada", columns, rows, note, long=True)

    def _row(self, entity: str, claims: pd.DataFrame) -> Row:
        now = {str(name): str(value) for name, value in self.latest.loc[entity].items()}
        states = claims[claims["attribute"] == "status"]
        capacity = claims[claims["attribute"] == "capacity"]
        forecast = pd.to_numeric(capacity["year"], errors="coerce") > pd.to_numeric(capacity["as_of"].str[:4])
        capacity = capacity[~forecast]
        status = self.codes.statuses.get(now["status"])
        cells = {
            "name": now["name"] or entity,
            "place": title_of(self.codes, now["located_in"]),
            "makes": now["makes"] or self._output(now["runs_process"]),
            "capacity": float(capacity["number"].iloc[-1]) if len(capacity) else None,
            "unit": str(capacity["unit"].iloc[-1]).removesuffix("_per_year") if len(capacity) else "",
            "owner": title_of(self.codes, now["owner_country"]),
            "partner": CORRIDORS.get(now["corridor"], now["corridor"]),
            "status": status.title if status else now["status"],
            "since": self._since(states),
            "start": now["actual_start"] or now["planned_start"] or now["start_year"],
            "slip": self._slip(entity, now["schedule_note"]),
        }
        return Row(cells, basis_of_claims(claims))

    def _output(self, process: str) -> str:
        known = self.codes.processes.get(process)
        return self.codes.commodities[known.output].title if known else ""

    @staticmethod
    def _since(states: pd.DataFrame) -> str:
        """The date from which the last status holds without a break."""
        since = ""
        for value, when in zip(reversed(states["value"].tolist()), reversed(states["when"].tolist()), strict=True):
            if value != states["value"].iloc[-1]:
                break
            since = str(when)
        return since

    def _slip(self, entity: str, note: str) -> str:
        moved = self.slips.get(entity)
        words = f"from {moved[0]} to {moved[1]}" if moved else ""
        said = note.replace("planned_start: ", "planned: ").replace("actual_start: ", "started: ")
        return "; ".join(part for part in (words, said) if part)
