"""From answers to the brief: the findings, the sections in order, the caveats and the list of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orepact.measure.carbon import Carbon
from orepact.measure.emissions.emission_factors import ATTRIBUTES, factors_of_claims
from orepact.measure.supply.dependence import Dependence
from orepact.measure.tracing.transfers import Transfers
from orepact.report import findings, state_findings
from orepact.report.brief import Basis, Brief, Finding, Picture, Section, joined
from orepact.report.buildout import Buildout
from orepact.report.carbon import CellCarbon
from orepact.report.changes import Changes
from orepact.report.corridor import Corridor
from orepact.report.eligibility import Assessed, Eligibility
from orepact.report.exposure import Exposure, Measured
from orepact.report.last_seller import LastSeller
from orepact.report.pipeline import Pipeline
from orepact.report.projects import Projects
from orepact.report.provenance import base_year_basis, basis_of_claims, plan_basis, source_notes, traced_basis
from orepact.report.reliance import dependences
from orepact.report.scope import CORRIDOR, SELLER, title_of
from orepact.report.stated import Stated
from orepact.report.target import Goal, Target
from orepact.report.traced import Traced
from orepact.report.words import listed, number, share, uncapped

if TYPE_CHECKING:
    import pandas as pd

    from orepact.chain import Flows, Network, Scenario
    from orepact.facts import Ledger
    from orepact.plan import PlanResult

TITLE = "Who supplies the battery chain, what is missing, and what Canada can carry to Korea and Japan"


@dataclass(frozen=True, eq=False)
class Material:
    """Everything a brief is made of.

    ``standing`` is the network with the capacity at work in the base year, ``base`` its balanced flows, ``earlier`` those of
    the year before where it can be balanced too; ``assessed`` are answers of rule sets on the day ``rules_day``;
    ``observations`` are what sources said of each balanced year; ``earlier_problem`` says why the year before has none.
    """

    ledger: Ledger
    scenario: Scenario
    standing: Network
    base: Flows
    plan: PlanResult
    measured: Measured
    goal: Goal
    manifest: Mapping[str, Any]
    earlier: Flows | None = None
    assessed: tuple[Assessed, ...] = ()
    rules_day: str = ""
    observations: Mapping[int, pd.DataFrame] = field(default_factory=dict)
    earlier_problem: str = ""

    @property
    def year(self) -> int:
        """The base year."""
        return self.base.years[0]

    @cached_property
    def exposure(self) -> Exposure:
        """Concentration by element and stage."""
        return Exposure(self.ledger, self.standing, self.measured, self.year)

    @cached_property
    def bought(self) -> list[Dependence]:
        """What the three countries buy abroad."""
        return dependences(self.ledger, self.year, self.standing)

    @cached_property
    def traced(self) -> Traced:
        """Where the metals in the cells of the three countries came from."""
        return Traced(self.base, self.ledger.codes, traced_basis(self.year))

    @cached_property
    def last_seller(self) -> LastSeller:
        """What import statistics say beside what tracing says."""
        return LastSeller(self.traced, {(item.place, item.thing): item for item in self.bought})

    @cached_property
    def carbon(self) -> CellCarbon:
        """Carbon of the cells made in the base year."""
        claims = self.ledger.resolve([name for name in ATTRIBUTES if name in self.ledger.codes.attributes])
        factors = factors_of_claims(self.base.network, claims, self.year, self.ledger.codes.country)
        method = "emission factors of each step times the balanced flows, power by the grid of the place"
        basis = joined([basis_of_claims(claims), base_year_basis(self.year)], method)
        return CellCarbon(Carbon(Transfers.of(self.base, self.year), factors), self.ledger.codes, basis)

    @cached_property
    def eligibility(self) -> Eligibility:
        """Answers of rule sets on the cells of the base year."""
        method = "rules as dated data on the bill of materials of the balanced base year"
        return Eligibility(self.assessed, self.ledger.codes, base_year_basis(self.year, method), self.rules_day)

    @cached_property
    def changes(self) -> Changes:
        """What changed since the year before, and since trade is known."""
        earlier = None
        if self.earlier is not None:
            earlier = Traced(self.earlier, self.ledger.codes, traced_basis(self.year - 1))
        stated = {
            flows.years[0]: Stated(flows, self.observations[flows.years[0]], self.ledger.codes)
            for flows in (self.earlier, self.base)
            if flows is not None and flows.years[0] in self.observations
        }
        return Changes(self.ledger, self.traced, earlier, base_year_basis(self.year, "both balanced years"), stated)

    @cached_property
    def buildout(self) -> Buildout:
        """What the plan builds."""
        return Buildout(self.plan, self.ledger.codes, plan_basis(str(self.manifest.get("created", ""))))

    @cached_property
    def projects(self) -> Projects:
        """The followed projects."""
        return Projects(self.ledger)

    @cached_property
    def corridor(self) -> Corridor:
        """Supply of the seller and need of the buyers."""
        sites = basis_of_claims(self.projects.claims)
        named = Basis(sites.sources, sites.as_of, "estimated")
        supply = joined([named, base_year_basis(self.year)], "capacity by status, country residuals included")
        pipeline = Pipeline(self.plan.flows.network, self.ledger.codes.members(SELLER))
        return Corridor(self.ledger, self.plan.flows, pipeline, supply, self.buildout.basis)

    @cached_property
    def target(self) -> Target:
        """The target of owned cell capacity."""
        return Target(self.plan, self.ledger.codes, self.goal, self.corridor, cell_basis(self.ledger))


def assemble(material: Material) -> Brief:
    """The brief that the material makes."""
    from orepact.report.sections import sections_of

    found = tuple(finding for finding in _findings(material) if finding is not None)
    sections = sections_of(material)
    names = [name for basis in _bases(found, sections) for name in basis.sources]
    sources = {**source_notes(material.ledger, material.manifest, names), **_goal_note(material.goal)}
    return Brief(TITLE, _subtitle(material), found, sections, sources, material.manifest, caveats(material))


def _findings(material: Material) -> list[Finding | None]:
    return [
        findings.concentration_finding(material.exposure),
        findings.reliance_finding(material.exposure, material.bought),
        state_findings.traced_finding(material.last_seller),
        state_findings.change_finding(material.changes),
        state_findings.carbon_finding(material.carbon),
        state_findings.eligibility_finding(material.eligibility),
        findings.shortage_finding(material.buildout),
        findings.target_finding(material.target),
        findings.carry_finding(material.target),
        findings.pipeline_finding(material.corridor, material.projects, material.corridor.supply_basis),
    ]


def _subtitle(material: Material) -> str:
    countries = listed(title_of(material.ledger.codes, name) for name in CORRIDOR)
    plan = f"{uncapped(material.scenario.title or material.scenario.id)} plan to {material.plan.flows.years[-1]}"
    return f"{countries}: facts as of {material.manifest.get('as_of', '')}, base year {material.year}, {plan}."


def cell_basis(ledger: Ledger) -> Basis:
    """The basis of what is known of the capacity, owner and status of named cell plants."""
    claims = ledger.resolve(["capacity", "owner_country", "status"], kind="site")
    runs = ledger.resolve("runs_process", kind="site")
    cells = set(runs.loc[runs["value"].str.startswith("cell_"), "entity"])
    return basis_of_claims(claims[claims["entity"].isin(cells)])


def _goal_note(goal: Goal) -> dict[str, dict[str, str]]:
    """The scenario that states the target, described as a source where no claim does."""
    name = next(iter(goal.basis.sources), "")
    if not name.startswith("scenario_"):
        return {}
    return {name: {"title": "Scenario that states the target", "address": goal.basis.method.rstrip(".")}}


def _bases(found: Iterable[Finding], sections: Iterable[Section]) -> Iterable[Basis]:
    yield from (finding.basis for finding in found)
    for section in sections:
        yield section.basis
        yield from (block.basis for block in section.blocks if isinstance(block, Picture))
        for table in section.tables:
            for row in table.rows:
                yield from (row.basis, *row.own.values())


def caveats(material: Material) -> tuple[str, ...]:
    """What a reader must know before using the numbers."""
    counts = material.ledger.claims["confidence"].value_counts()
    weak = ", ".join(f"{number(float(counts.get(name, 0)))} {name}" for name in ("derived", "estimated", "unverified"))
    rate = float(str(material.plan.assumptions.get("discount_rate", 0.05)))
    return (
        f"The facts hold {number(float(counts.sum()))} claims ({weak}). Unverified claims enter a total only when asked for.",
        (
            "Where open data stops (cathode, anode and cell plants of China and Indonesia above all), country "
            "residuals close the balance "
            "of the base year. They are estimates."
        ),
        (
            "Capacity is nameplate and not output. Announced projects count with a probability that follows from their status; "
            "the probabilities are our own estimates."
        ),
        (
            "The plan is the least-cost answer for the whole world, with perfect foresight and a discount rate "
            f"of {share(rate)}: "
            "it says what is possible and cheap, not what will happen."
        ),
        (
            "Trade statistics follow the seller, not the ore: what is refined in a third country counts as that country's. "
            "Traced shares mix every pool in proportion; which tonne went into which cell is not known."
        ),
        "Carbon stops at the gate of the cell plant. Eligibility is a computation on public data and no legal advice.",
    )
