"""``Followed``: a shock as its page shows it, whether it was kept with the program or computed as a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from orepact.errors import NotFound
from orepact.service import jobs
from orepact.service.view.kept_results import TABLES, kept, stale
from orepact.service.view.shock_weeks import hit_by_week

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from orepact.facts import Ledger
    from orepact.service.pact.desk import Where

#: Responses in the order in which they may do more.
RESPONSES = ("contracts", "market", "pact")
ALL = "all"
#: A difference of less than this part of all that is lost is none.
LEAST_SHARE = 1e-3
#: What is below this part of the largest figure of all is what arithmetic leaves over: 0.
DUST = 1e-7


@dataclass(frozen=True, eq=False)
class Followed:
    """What came of a shock. ``table(name)``: one of its tables (``summary``, ``gwh``, ``cover``, ``plants``, ``aid``), None where
    it was not asked for; ``meta``: start, weeks, parties of the pact and what else is known of it. Money in USD.
    """

    table: Callable[[str], pd.DataFrame | None]
    meta: Mapping[str, Any]
    command: str
    sources: Sequence[Mapping[str, Any]]
    warnings: Sequence[str]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """By party and response: what is lost."""
        found = self.table("summary")
        assert found is not None, "every shock has one"
        return found

    @cached_property
    def _figures(self) -> dict[tuple[str, str], dict[Any, Any]]:
        return {(row["party"], row["response"]): row for row in self.summary.to_dict("records")}

    @cached_property
    def responses(self) -> list[str]:
        """Those that were followed."""
        known = set(self.summary["response"])
        return [name for name in RESPONSES if name in known]

    @cached_property
    def parties(self) -> list[str]:
        """Parties of the pact first, then the others, the worst hit first."""
        listed = [*dict.fromkeys(self.summary["party"])]
        pact = [name for name in self.meta.get("parties_of_the_pact", ()) if name in listed]
        return [*pact, *(name for name in listed if name not in {*pact, ALL})]

    def of(self, party: str, response: str, figure: str = "loss_usd") -> float:
        """A figure of a party (``ALL``: of everybody) under a response; 0 where it loses nothing, or next to nothing."""
        return self.clean(float(self._figures.get((party, response), {}).get(figure, 0.0)), figure)

    def clean(self, value: float, figure: str = "loss_usd") -> float:
        """A value of the kind of a figure without what arithmetic leaves over."""
        return value if abs(value) > DUST * self._most.get(figure, 0.0) else 0.0

    @cached_property
    def _most(self) -> dict[str, float]:
        """The largest of each figure."""
        return {str(name): float(most) for name, most in self.summary.select_dtypes("number").abs().max().items()}

    def worth(self, party: str, against: str, figure: str = "loss_usd") -> float:
        """What acting together is worth to a party: what it loses under another response less what it loses with the pact."""
        saved = self.of(party, against, figure) - self.of(party, "pact", figure)
        whole = max(self.of(party, name, figure) for name in self.responses)
        return saved if abs(saved) > LEAST_SHARE * abs(whole) else 0.0


@cache
def _of_package(event: str, command: str, notes: tuple[str, ...]) -> Followed:
    """A kept shock, put together once."""
    names = [name for name in TABLES if name == event or name.startswith(f"{event}_")]
    own = kept(event).manifest

    def table(name: str) -> pd.DataFrame | None:
        whole = event if name == "summary" else f"{event}_{name}"
        return kept(whole).frame if whole in names else None

    return Followed(table, own, command, own["sources"], notes)


def kept_shock(event: str, ledger: Ledger) -> Followed | None:
    """The shock of an event as it was kept with the program; None for an event of which none was."""
    if event not in TABLES:
        return None
    names = [name for name in TABLES if name == event or name.startswith(f"{event}_")]
    notes = (*stale(ledger, names), *kept(event).manifest["warnings"])
    return _of_package(event, f"orepact shock {event}", notes)


def shock_of_run(run: str, desk: Where) -> Followed:
    """The shock that a run found; raises ``NotFound``."""
    found = jobs.show_run(run, desk)
    known = found.top["run"]["tables"]

    def table(name: str) -> pd.DataFrame | None:
        if name == "summary":
            rows: pd.DataFrame = found.data
            return rows
        if name == "gwh":
            return hit_by_week(jobs.run_table(run, "sites", desk).data) if "sites" in known else None
        whole = {"plants": "stops"}.get(name, name)
        beside: pd.DataFrame | None = jobs.run_table(run, whole, desk).data if whole in known else None
        return beside

    meta = found.meta
    return Followed(table, meta, command_of(found.top["run"]["asked"]), meta["sources"], found.warnings)


def command_of(asked: Mapping[str, Any]) -> str:
    """The command line that asks the same."""
    events = [*asked.get("events", ()), *(f"{one.get('id', 'event')}.yaml" for one in asked.get("written", ()))]
    if not events:
        raise NotFound("event", "none")
    options = [f"--{name} {asked[name]}" for name in ("weeks", "scenario", "year") if asked.get(name)]
    return " ".join(["orepact shock", *events, *options])
