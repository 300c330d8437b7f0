"""The key findings: sentences whose every number is computed from the tables of the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.brief import Basis, Finding, joined
from orepact.report.scope import BUYERS, CARRIED, CORRIDOR, MILESTONES, SELLER, products, title_of
from orepact.report.words import counted, listed, money, number, share

if TYPE_CHECKING:
    from orepact.report.buildout import Buildout
    from orepact.report.corridor import Corridor
    from orepact.report.exposure import Exposure, Standing
    from orepact.report.projects import Projects
    from orepact.report.reliance import Dependence
    from orepact.report.target import Target

HALF = 0.5


def concentration_finding(exposure: Exposure) -> Finding:
    """Which place refines most, of how many elements, and where it is strongest."""
    standings = [found for found in exposure.standings("place") if found.stage == "refine"]
    names = [found.largest for found in standings]
    leader = max(dict.fromkeys(names), key=names.count)
    led = sorted((found for found in standings if found.largest == leader), key=lambda found: -found.top1)
    above = [found for found in led if found.top1 > HALF]
    codes = exposure.codes
    title = title_of(codes, leader)
    parts = listed(f"{share(found.top1)} of {found.element}" for found in led)
    words = f"{title} refines {parts}. Without it the world keeps {share(1 - led[0].top1)} of refined {led[0].element}."
    owner = _owner_words(exposure, leader, led)
    basis = joined(found.basis for found in led)
    head = f"{title} leads refining of {len(led)} of {len(standings)} elements, {counted(len(above), 'one', f'{len(above)}')[2:]} by more than half"
    return Finding(share(led[0].top1), head, f"{words} {owner}".strip(), basis, "exposure")


def _owner_words(exposure: Exposure, leader: str, led: list[Standing]) -> str:
    """Where the leader controls clearly more than stands at home."""
    found = []
    for element in dict.fromkeys(standing.element for standing in exposure.standings("place")):
        place, owner = exposure.standing(element, "refine", "place"), exposure.standing(element, "refine", "owner")
        if place is None or owner is None:
            continue
        home, held = _part(place, leader), _part(owner, leader)
        if held > home + 0.05:
            found.append((held - home, f"{share(held)} of refined {element} against {share(home)} that stands there"))
    found.sort(reverse=True)
    return f"Counted by owner it holds {listed(text for _, text in found[:2])}." if found and led else ""


def _part(standing: Standing, name: str) -> float:
    rows = standing.rows
    return float(rows.loc[rows[standing.by] == name, "share"].sum())


def reliance_finding(exposure: Exposure, found: list[Dependence]) -> Finding | None:
    """How far the two buyers depend on one seller for their imports."""
    codes = exposure.codes
    bought = [item for item in found if item.place in BUYERS and item.imports_t > 0]
    if not bought:
        return None
    worst = {
        place: max((i for i in bought if i.place == place), key=lambda i: i.largest_share)
        for place in BUYERS
        if any(i.place == place for i in bought)
    }
    parts = [
        f"{title_of(codes, place)} buys {share(item.largest_share)} of its imported {item.element} from {title_of(codes, item.largest)}"
        for place, item in worst.items()
    ]
    above = {place: [i for i in bought if i.place == place and i.largest_share > HALF] for place in worst}
    counts = listed(f"{title_of(codes, place)} for {len(items)}" for place, items in above.items())
    largest = max(worst.values(), key=lambda item: item.largest_share)
    words = f"{'; '.join(parts)}. One seller holds more than half of imports in {counts} of {len({i.element for i in bought})} elements."
    title = f"{listed(title_of(codes, place) for place in worst)} import nearly all of it, often from one seller"
    return Finding(share(largest.largest_share), title, words, joined(item.basis for item in bought), "exposure")


def shortage_finding(buildout: Buildout) -> Finding:
    """What stays short in the three countries, and what the build-out costs."""
    codes = buildout.codes
    years = [year for year in MILESTONES[:2] if year in buildout.years]
    parts, total = [], 0
    for year in years:
        short = buildout.shortage_of(year, CORRIDOR)
        total += len(short)
        if len(short):
            top = short.iloc[0]
            what = (
                codes.commodities[str(top["commodity"])].title.lower()
                if top["commodity"] in codes.commodities
                else str(top["commodity"])
            )
            where = title_of(codes, str(top["party"]))
            parts.append(
                f"In {year} {counted(len(short), 'need')} stay{'s' if len(short) == 1 else ''} partly unserved, most of all {what} in {where} ({share(float(top['part']))})"
            )
        else:
            parts.append(f"In {year} nothing stays short in {listed(title_of(codes, name) for name in CORRIDOR)}")
    spent, here = buildout.investment_usd, buildout.investment_of()
    cost = f"The plan spends {money(spent)} worldwide to {buildout.years[-1]}, {money(here)} of it in the three countries"
    title = (
        "Even the cheapest build-out leaves gaps" if total else "The cheapest build-out closes every gap of the three countries"
    )
    return Finding(money(here), title, f"{'. '.join(parts)}. {cost}.", buildout.basis, "buildout")


def target_finding(target: Target) -> Finding:
    """Where Japan's target stands."""
    step, year = target.steps, target.goal.year
    words = (
        f"Plants controlled from Japan hold {number(step['standing'])} GWh a year today ({number(step['operating'])} in named plants). Announced plants add "
        f"{number(step['weighted'])} by {year} when weighted by their status ({number(step['announced'])} as announced). "
        f"Against the target of {number(step['target'])} GWh, {number(target.gap_gwh)} are missing."
    )
    title = f"Japan's {number(step['target'])} GWh target: {number(target.gap_gwh)} GWh a year still missing"
    basis = joined([target.goal.basis, target.site_basis, target.corridor.supply_basis])
    return Finding(f"{number(target.gap_gwh)} GWh", title, words, basis, "target")


def carry_finding(target: Target) -> Finding:
    """What Canada can carry of the target's minerals."""
    carried = [(target.codes.elements[element].title.lower(), part) for element, _, _, part in target.carry() if part == part]  # noqa: PLR0124  NaN
    enough = [name for name, part in carried if part >= 1]
    partly = [f"{share(part)} of the {name}" for name, part in carried if part < 1]
    seller, year = title_of(target.codes, SELLER), target.goal.year
    words = f"Weighted by status, {seller}'s mines in {year} could cover"
    words += f" {listed(partly)}" if partly else ""
    words += f"{' and' if partly else ''} all of the {listed(enough)}" if enough else ""
    words += f" that {number(target.goal.mwh_per_year / 1000)} GWh need, if none went to others."
    first = min(carried, key=lambda item: item[1])
    title = (
        f"{seller} could mine enough {listed(enough)} for the target, but not {listed(name for name, part in carried if part < 1)}"
        if enough and partly
        else (
            f"{seller} could carry only part of the target's minerals"
            if partly
            else f"{seller} could carry all of the target's minerals"
        )
    )
    basis = joined([target.corridor.supply_basis, target.corridor.need_basis])
    return Finding(share(first[1]), title, f"{words} Tightest: {first[0]}.", basis, "target")


def pipeline_finding(corridor: Corridor, projects: Projects, basis: Basis) -> Finding:
    """How much of the pipeline operates, and how much of what is announced is expected."""
    counts, codes = projects.statuses(), corridor.codes
    total = int(counts.sum())
    works = int(sum(count for status, count in counts.items() if codes.statuses[str(status)].operates))
    built = int(counts.get("construction", 0))
    stopped = int(sum(counts.get(name, 0) for name in ("paused", "suspended", "cancelled", "closed")))
    year = max(year for year in corridor.years if year <= MILESTONES[0])
    parts = []
    for element in ("lithium", "graphite"):
        product = products()[CARRIED[element]]
        supply = corridor.bars[product.id][year]
        parts.append(
            f"{element}: {number(corridor.expected(product, year))} t expected of {number(float(supply.sum()))} t announced"
        )
    words = (
        f"Of {total} projects followed in {title_of(codes, SELLER)}, {works} operate, {built} are under construction and {stopped} are paused, suspended, "
        f"cancelled or closed. Mine capacity in {year}: {'; '.join(parts)}."
    )
    return Finding(f"{works} of {total}", "Most of the Canadian pipeline is not built yet", words, basis, "corridor")
