"""From answers to the brief: the four sections in order, the findings, the caveats and the list of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from orepact.report import findings, pictures
from orepact.report.brief import Basis, Block, Brief, Finding, Section, joined
from orepact.report.buildout import Buildout
from orepact.report.corridor import Corridor
from orepact.report.exposure import Exposure, Measured
from orepact.report.pipeline import Pipeline
from orepact.report.projects import Projects
from orepact.report.provenance import base_year_basis, basis_of_claims, plan_basis, source_notes
from orepact.report.reliance import dependences, reliance_table
from orepact.report.scope import CORRIDOR, MILESTONES, SELLER, title_of
from orepact.report.target import Goal, Target
from orepact.report.words import counted, listed, money, number, share

if TYPE_CHECKING:
    from orepact.chain import Flows, Scenario
    from orepact.facts import Ledger
    from orepact.plan import PlanResult

TITLE = "Who supplies the battery chain, what is missing, and what Canada can carry to Korea and Japan"


def assemble(
    ledger: Ledger, scenario: Scenario, base: Flows, plan: PlanResult, measured: Measured, goal: Goal, manifest: Mapping[str, Any]
) -> Brief:
    """The brief. ``base`` is the balanced base year, ``measured`` the concentration that statistics give."""
    codes = ledger.codes
    year = base.years[0]
    model = plan_basis(str(manifest.get("created", "")))
    projects = Projects(ledger)
    sites = basis_of_claims(projects.claims) if len(projects.claims) else Basis()
    supply = joined(
        [Basis(sites.sources, sites.as_of, "estimated"), base_year_basis(year)], "capacity by status, country residuals included"
    )
    exposure = Exposure(ledger, base.network, measured, year)
    buildout = Buildout(plan, codes, model)
    corridor = Corridor(ledger, plan.flows, Pipeline(plan.flows.network, codes.members(SELLER)), supply, model)
    target = Target(plan, codes, goal, corridor, cell_basis(ledger))
    bought = dependences(ledger, year)
    answers: list[Finding | None] = [
        findings.concentration_finding(exposure),
        findings.reliance_finding(exposure, bought),
        findings.shortage_finding(buildout),
        findings.target_finding(target),
        findings.carry_finding(target),
        findings.pipeline_finding(corridor, projects, supply),
    ]
    sections = (
        _exposure_section(exposure, base, bought),
        _buildout_section(buildout, plan, scenario),
        _target_section(target),
        _corridor_section(corridor, projects),
    )
    kept = tuple(finding for finding in answers if finding is not None)
    names = [name for basis in _bases(kept, sections) for name in basis.sources]
    said = {**source_notes(ledger, manifest, names), **_goal_note(goal)}
    when = str(manifest.get("as_of", ""))
    subtitle = f"{listed(title_of(codes, name) for name in CORRIDOR)}: facts as of {when}, base year {year}, {scenario.title.lower()} plan to {plan.flows.years[-1]}."
    return Brief(TITLE, subtitle, kept, sections, said, manifest, _caveats(ledger, plan))


def cell_basis(ledger: Ledger) -> Basis:
    """The basis of what is known of named sites' capacity and owners."""
    claims = ledger.resolve(["capacity", "owner_country", "status"], kind="site")
    cells = ledger.resolve("runs_process", kind="site")
    entities = set(cells.loc[cells["value"].str.startswith("cell_"), "entity"])
    return basis_of_claims(claims[claims["entity"].isin(entities)])


def _goal_note(goal: Goal) -> dict[str, dict[str, str]]:
    """The scenario that states the target, described as a source where no claim does."""
    name = goal.basis.sources[0] if goal.basis.sources else ""
    return (
        {name: {"title": "Scenario that states the target", "address": goal.basis.method}} if name.startswith("scenario_") else {}
    )


def _exposure_section(exposure: Exposure, base: Flows, bought: list[Any]) -> Section:
    codes, year = exposure.codes, exposure.year
    by_place = list(exposure.standings("place"))
    tight = [found for found in by_place if found.top1 > findings.HALF]
    basis = base_year_basis(year)
    words = [
        f"In {counted(len(tight), 'case')} of {len(by_place)} (element and stage) one country holds more than half of the world's supply.",
        "By place asks where a plant stands; by owner asks who controls it. A Chinese-owned smelter in Indonesia is Indonesian by place and Chinese by owner.",
    ]
    blocks: list[Block] = [
        exposure.heat_table("place"),
        exposure.heat_table("owner"),
        exposure.detail_table(),
        exposure.shares_table("place"),
    ]
    blocks += [exposure.shares_table("owner"), reliance_table(exposure.ledger, bought, year)]
    blocks += [pictures.sankey_picture(base, codes, basis), pictures.map_picture(base, codes, basis)]
    question = "How concentrated is supply today, by place and by owner, and how far do Korea, Japan and Canada depend on it?"
    return Section("exposure", "Exposure today", question, tuple(words), tuple(blocks), basis)


def _buildout_section(buildout: Buildout, plan: PlanResult, scenario: Scenario) -> Section:
    codes = buildout.codes
    table = buildout.investment_table()
    annual = float(table.rows[-1].cells["annual"]) if table.rows else 0.0
    words = [
        " ".join(scenario.description.split()),
        f"The plan spends {money(buildout.investment_usd)} on new plant worldwide ({money(annual * 1e9)} a year over its life), {money(buildout.investment_of())} of it in "
        f"{listed(title_of(codes, name) for name in CORRIDOR)}. Its whole cost, discounted to {plan.flows.years[0]}, is {money(plan.objective_usd)}.",
        _shortage_words(buildout),
    ]
    blocks: list[Block] = [pictures.timeline_picture(buildout, codes), buildout.builds_table(), table]
    gaps = pictures.gaps_picture(buildout, codes)
    blocks += [gaps] if gaps else []
    blocks.append(buildout.shortage_table())
    question = "What does the reference plan build, where, when and at what cost, and what stays short?"
    return Section("buildout", "What gets built, what stays short", question, tuple(words), tuple(blocks), buildout.basis)


def _shortage_words(buildout: Buildout) -> str:
    codes = buildout.codes
    parts = []
    for year in (year for year in MILESTONES if year in buildout.years):
        short = buildout.shortage_of(year, CORRIDOR)
        names = dict.fromkeys(
            codes.commodities[str(name)].title.lower() if str(name) in codes.commodities else str(name)
            for name in short["commodity"]
        )
        parts.append(f"{listed(names)} in {year}" if names else f"nothing in {year}")
    return f"In the three countries these stay short: {'; '.join(parts)}."


def _target_section(target: Target) -> Section:
    step, goal = target.steps, target.goal
    tight = [f"{target.codes.elements[element].title.lower()} {share(part)}" for element, _, _, part in target.carry()]
    words = [
        f"{number(step['standing'])} GWh a year operate under Japanese control, {number(step['weighted'])} more are expected by {goal.year}, and "
        f"{number(target.gap_gwh)} are missing to {number(step['target'])}. The reference plan has {number(step['planned'])} GWh standing in {goal.year}.",
        f"What Canada's mines could cover of the target's need, weighted by status: {', '.join(tight)}.",
    ]
    blocks = (
        pictures.target_picture(target, target.corridor.supply_basis),
        target.steps_table(),
        target.plants_table(),
        target.minerals_table(),
    )
    question = f"Where does Japan's target of {number(step['target'])} GWh a year of Japanese-owned cell capacity by {goal.year} stand, and what can Canada carry?"
    return Section(
        "target", f"Japan's {number(step['target'])} GWh", question, tuple(words), blocks, joined([goal.basis, target.site_basis])
    )


def _corridor_section(corridor: Corridor, projects: Projects) -> Section:
    codes = corridor.codes
    year = max(year for year in corridor.years if year <= MILESTONES[0])
    counts = projects.statuses()
    parts = [f"{int(count)} {codes.statuses[str(name)].title.lower()}" for name, count in counts.items()]
    slipped = len(projects.slips)
    words = [
        f"{counted(int(counts.sum()), 'project')} followed: {', '.join(parts)}."
        + (f" {counted(slipped, 'project')} moved the planned start to a later year." if slipped else ""),
        "Need is shown twice: of plants that stand in Korea and Japan, and of plants that Korean and Japanese companies own anywhere.",
    ]
    blocks: tuple[Block, ...] = (pictures.pipeline_picture(corridor, codes), corridor.cover_table(year), projects.table())
    question = "How does Canadian supply, by status, compare with Korean and Japanese need, year by year?"
    return Section("corridor", "The corridor pipeline", question, tuple(words), blocks, corridor.supply_basis)


def _bases(found: Iterable[Finding], sections: Iterable[Section]) -> Iterable[Basis]:
    yield from (finding.basis for finding in found)
    for section in sections:
        yield section.basis
        yield from (block.basis for block in section.blocks if not hasattr(block, "rows"))
        for table in section.tables:
            for row in table.rows:
                yield row.basis
                yield from row.own.values()


def _caveats(ledger: Ledger, plan: PlanResult) -> tuple[str, ...]:
    """What a reader must know before using the numbers."""
    counts = ledger.claims["confidence"].value_counts()
    total = int(counts.sum())
    weak = ", ".join(f"{number(float(counts.get(name, 0)))} {name}" for name in ("derived", "estimated", "unverified"))
    rate = float(str(plan.assumptions.get("discount_rate", 0.05)))
    return (
        f"The facts hold {number(float(total))} claims; {weak}. Unverified claims enter a total only when asked for.",
        "Where open data stops (cathode, anode and cell plants of China and Indonesia above all), country residuals close the balance of the base year; they are estimates.",
        "Capacity is nameplate and not output. Announced projects count with a probability that hangs on their status; the probabilities are our own estimates.",
        f"The plan is the least-cost answer for the whole world with perfect foresight and a discount rate of {share(rate)}: it says what is possible and cheap, not what will happen.",
        "Trade statistics follow the seller, not the origin of the ore: what is refined in a third country counts as that country's.",
    )
