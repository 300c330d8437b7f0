"""Use case: gather everything that the brief says, from the facts, the balanced base year and the reference plan."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from orepact.errors import BadInput, NoFeasibleAnswer
from orepact.service.flowing import Report, balanced_year, silent
from orepact.service.law.qualifying import qualify
from orepact.service.opening import iso_day

if TYPE_CHECKING:
    import pandas as pd

    from orepact.baseline import BaselineResult
    from orepact.chain import Flows, Network, Scenario
    from orepact.facts import Ledger
    from orepact.plan import PlanResult
    from orepact.report.brief import Brief
    from orepact.report.eligibility import Assessed
    from orepact.report.exposure import Measured
    from orepact.report.target import Goal

#: The scenario that states Japan's target, and the limit in it.
TARGET_SCENARIO, TARGET_OWNER = "japan_600", "JPN"


@dataclass(frozen=True, eq=False)
class Answers:
    """What the engines said: the balanced base year and the year before, the plan, measures, and the seconds each took.

    ``standing`` is the network with the capacity at work in the base year; ``assessed`` are rule sets on the day ``rules_day``.
    ``observations`` are what sources said of each balanced year; ``earlier_problem`` says why the year before has none.
    """

    scenario: Scenario
    standing: Network
    base: Flows
    earlier: Flows | None
    plan: PlanResult
    measured: Measured
    assessed: tuple[Assessed, ...] = ()
    rules_day: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)
    observations: Mapping[int, pd.DataFrame] = field(default_factory=dict)
    earlier_problem: str = ""


def gather_brief(ledger: Ledger, scenario: str | Path = "reference", *, progress: Report | None = None) -> Brief:
    """The whole brief under a scenario (a shipped id or a YAML file), as plain data.

    ``progress`` hears each step with the fraction done. Raises ``BadInput``, ``NotFound`` or ``NoFeasibleAnswer``.
    """
    report = progress or silent
    return brief_of(ledger, solve_answers(ledger, scenario, report=report), report=report)


def solve_answers(ledger: Ledger, scenario: str | Path = "reference", *, report: Report = silent) -> Answers:
    """Build the network, then plan on one core while the other closes the base year and measures."""
    from orepact.chain import Network, Scenario
    from orepact.plan import solve

    chosen = Scenario.load(scenario)
    clock = Clock()
    report("building the network", 0.05)
    network = Network.from_facts(ledger, chosen)
    year = chosen.reference.base_year
    standing = Network.from_facts(ledger, chosen, years=(year,))
    clock.note("network")
    with ThreadPoolExecutor(1) as other:
        planned = other.submit(solve, network, chosen)
        report(f"balancing {year} while the plan is solved", 0.1)
        balanced = balanced_year(ledger, year, chosen, spread=False)
        base = balanced.flows
        report(f"balancing {year - 1}", 0.3)
        before, problem = _balanced(ledger, year - 1, chosen)
        clock.note("baseline")
        report("measuring concentration", 0.45)
        measured = measure_stages(ledger, year)
        report("holding cells against the rules", 0.5)
        day = iso_day(ledger.view.day) or _latest(ledger)
        assessed = qualify(ledger, base, day) if day else ()
        clock.note("measures")
        report("solving the plan", 0.6)
        plan = planned.result()
    clock.note("plan")
    seen = {result.flows.years[0]: result.observations for result in (before, balanced) if result is not None}
    earlier = None if before is None else before.flows
    return Answers(chosen, standing, base, earlier, plan, measured, assessed, day, clock.seconds, seen, problem)


class Clock:
    """Seconds of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def note(self, step: str) -> None:
        """The time since the last note belongs to this step."""
        now = perf_counter()
        self.seconds[step], self._last = now - self._last, now


def _balanced(ledger: Ledger, year: int, scenario: Scenario) -> tuple[BaselineResult | None, str]:
    """A year as balanced; None and why, where the facts do not tell of it (an earlier view of them, say)."""
    try:
        return balanced_year(ledger, year, scenario, spread=False), ""
    except BadInput as error:
        first = error.problems[0]
        return None, f"{first.expected} expected, {first.found} found"
    except NoFeasibleAnswer as error:
        return None, f"what is known of it contradicts itself: {error.conflicts[0]}"


def brief_of(ledger: Ledger, answers: Answers, *, report: Report = silent) -> Brief:
    """The brief that these answers make."""
    from orepact.report.assemble import Material, assemble

    report("writing the brief", 0.85)
    manifest = {
        **answers.plan.manifest.with_facts(
            data_edition=ledger.edition, as_of=iso_day(ledger.view.day) or _latest(ledger)
        ).as_dict(),
        "scenario": answers.scenario.id,
        "include_unverified": ledger.view.include_unverified,
    }
    material = Material(
        ledger,
        answers.scenario,
        answers.standing,
        answers.base,
        answers.plan,
        answers.measured,
        find_goal(ledger),
        manifest,
        answers.earlier,
        answers.assessed,
        answers.rules_day,
        answers.observations,
        answers.earlier_problem,
    )
    return assemble(material)


def measure_stages(ledger: Ledger, year: int) -> Measured:
    """Concentration of every element at the stages that statistics cover, by place and by owner."""
    from orepact.report.scope import ELEMENTS
    from orepact.service.concentrating import STATISTICS, measure_concentration

    sides: tuple[Literal["place", "owner"], ...] = ("place", "owner")
    found: dict[tuple[str, str, str], tuple[Any, Mapping[str, Any]]] = {}
    for stage, (attribute, _) in STATISTICS.items():
        known = set(ledger.select(attribute, year=year)["thing"])
        for element in (name for name in ELEMENTS if name in known):
            for by in sides:
                try:
                    result = measure_concentration(ledger, element, stage=stage, year=year, by=by)
                except BadInput:  # a statistic of zeros: the stage has no supplier to show
                    continue
                found[element, stage, by] = (result.data, result.meta)
    return found


def find_goal(ledger: Ledger) -> Goal:
    """Japan's target: the claim when the facts hold one, else the limit of the shipped scenario."""
    from orepact.report.brief import Basis
    from orepact.report.provenance import basis_of_claims
    from orepact.report.target import Goal

    claims = ledger.resolve("capacity_target", thing="cell", place=TARGET_OWNER, unit="MWh_per_year")
    if len(claims):
        last = claims.sort_values("year").tail(1)
        return Goal(float(last["number"].iloc[0]), int(last["year"].iloc[0]), basis_of_claims(last))
    from orepact.chain import Scenario

    scenario = Scenario.load(TARGET_SCENARIO)
    limit = next(item for item in scenario.active_limits if item.kind == "capacity_target" and item.owner_country == TARGET_OWNER)
    basis = Basis((f"scenario_{scenario.id}",), "", "derived", " ".join(scenario.description.split()))
    return Goal(limit.minimum, int(limit.from_year or scenario.years[0]), basis)


def _latest(ledger: Ledger) -> str:
    """The latest full date at which any source said anything."""
    dates = ledger.claims["as_of"]
    return str(dates[dates.str.len() == len("2024-06-30")].max()) if len(dates) else ""
