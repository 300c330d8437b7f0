"""The sections of the brief: a question, the answer in sentences, then tables and pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report import pictures, state_sections
from orepact.report.brief import Block, Section, joined
from orepact.report.findings import HALF
from orepact.report.provenance import base_year_basis
from orepact.report.reliance import reliance_table
from orepact.report.scope import CORRIDOR, MILESTONES, SELLER, thing_title, title_of
from orepact.report.words import counted, listed, money, number, share, uncapped

if TYPE_CHECKING:
    from orepact.report.assemble import Material
    from orepact.report.buildout import Buildout


def sections_of(material: Material) -> tuple[Section, ...]:
    """The sections in order."""
    today = (exposure_section, *state_sections.MAKERS)
    ahead = (buildout_section, target_section, corridor_section)
    return tuple(make(material) for make in (*today, *ahead))


def exposure_section(material: Material) -> Section:
    """(a) Concentration and reliance today."""
    exposure, base, codes = material.exposure, material.base, material.ledger.codes
    by_place = list(exposure.standings("place"))
    tight = sum(found.top1 > HALF for found in by_place)
    basis = base_year_basis(material.year)
    words = (
        f"In {tight} of {len(by_place)} cases (an element at a stage) one country holds more than half of the world's supply.",
        (
            "By place asks where a plant stands; by owner asks who controls it. A Chinese-owned smelter in "
            "Indonesia is Indonesian by place "
            "and Chinese by owner."
        ),
    )
    blocks: tuple[Block, ...] = (
        exposure.heat_table("place"),
        exposure.heat_table("owner"),
        exposure.detail_table(),
        exposure.shares_table("place"),
        exposure.shares_table("owner"),
        reliance_table(material.ledger, material.bought, material.year),
        pictures.sankey_picture(base, codes, basis),
        pictures.map_picture(base, codes, basis),
    )
    question = "How concentrated is supply today, by place and by owner, and how far do Korea, Japan and Canada depend on it?"
    return Section("exposure", "Exposure today", question, words, blocks, basis)


def buildout_section(material: Material) -> Section:
    """(b) What the plan builds and what stays short."""
    buildout, plan, codes = material.buildout, material.plan, material.ledger.codes
    spending = buildout.investment_table()
    annual = float(spending.rows[-1].cells["annual"]) if spending.rows else 0.0
    countries = listed(title_of(codes, name) for name in CORRIDOR)
    words = (
        " ".join(material.scenario.description.split()),
        (
            f"The plan spends {money(buildout.investment_usd)} on new plant worldwide ({money(annual * 1e9)} a "
            "year over its life), "
            f"{money(buildout.investment_of())} of it in {countries}. The whole cost of the chain, discounted to "
            f"{plan.flows.years[0]}, "
            f"is {money(plan.objective_usd)}."
        ),
        _shortage_words(buildout),
    )
    gaps = pictures.gaps_picture(buildout, codes)
    blocks: list[Block] = [pictures.timeline_picture(buildout, codes), buildout.builds_table(), spending]
    short = buildout.shortage_table()
    blocks += [*([gaps] if gaps else []), *([short] if short.rows else [])]
    question = "What does the reference plan build, where, when and at what cost, and what stays short?"
    return Section("buildout", "What gets built, what stays short", question, words, tuple(blocks), buildout.basis)


def _shortage_words(buildout: Buildout) -> str:
    parts = []
    for year in (year for year in MILESTONES if year in buildout.years):
        short = dict.fromkeys(buildout.shortage_of(year, CORRIDOR)["commodity"])
        names = listed(uncapped(thing_title(buildout.codes, str(name))) for name in short) if short else "nothing"
        parts.append(f"in {year} {names}")
    return f"What stays short in the three countries: {'; '.join(parts)}."


def target_section(material: Material) -> Section:
    """(c) The target of Japanese-owned cell capacity."""
    target = material.target
    step, goal = target.steps, target.goal
    covers = ", ".join(f"{uncapped(thing_title(target.codes, element))} {share(part)}" for element, _, _, part in target.carry())
    words = (
        (
            f"{number(step['standing'])} GWh a year operate under Japanese control, {number(step['weighted'])} "
            f"more are expected by {goal.year}, and "
            f"{number(target.gap_gwh)} are missing to {number(step['target'])}. The reference plan has "
            f"{number(step['planned'])} GWh standing in {goal.year}."
        ),
        f"What {title_of(target.codes, SELLER)}'s mines could cover of the target's need, weighted by status: {covers}.",
    )
    blocks: tuple[Block, ...] = (
        pictures.target_picture(target, target.corridor.supply_basis),
        target.steps_table(),
        target.plants_table(),
        target.minerals_table(),
    )
    gwh = number(step["target"])
    question = (
        f"Where does Japan's target of {gwh} GWh a year of Japanese-owned cell capacity by {goal.year} stand, "
        "and what can Canada carry?"
    )
    return Section("target", f"Japan's {gwh} GWh", question, words, blocks, joined([goal.basis, target.site_basis]))


def corridor_section(material: Material) -> Section:
    """(d) Canadian supply by status against Korean and Japanese need."""
    corridor, projects, codes = material.corridor, material.projects, material.ledger.codes
    year = max(year for year in corridor.years if year <= MILESTONES[0])
    counts = projects.statuses()
    states = ", ".join(f"{int(count)} {uncapped(codes.statuses[str(name)].title)}" for name, count in counts.items())
    moved = f" {counted(len(projects.slips), 'project')} moved the planned start to a later year." if projects.slips else ""
    words = (
        f"{counted(int(counts.sum()), 'project')} followed: {states}.{moved}",
        (
            "Need is shown twice: of plants that stand in Korea and Japan, and of plants that Korean and "
            "Japanese companies own anywhere."
        ),
    )
    blocks: tuple[Block, ...] = (pictures.pipeline_picture(corridor), corridor.cover_table(year), projects.table())
    question = "How does Canadian supply, by status, compare with Korean and Japanese need, year by year?"
    return Section("corridor", "The corridor pipeline", question, words, blocks, corridor.supply_basis)
