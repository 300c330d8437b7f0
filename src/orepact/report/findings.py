"""The key findings: sentences whose every number is computed from the tables of the brief."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orepact.report.brief import Basis, Finding, joined
from orepact.report.reliance import basis_of
from orepact.report.scope import BUYERS, CARRIED, CORRIDOR, MILESTONES, SELLER, products, thing_title, title_of
from orepact.report.words import counted, listed, money, number, share, uncapped

if TYPE_CHECKING:
    from orepact.measure.supply.dependence import Dependence
    from orepact.report.buildout import Buildout
    from orepact.report.corridor import Corridor
    from orepact.report.exposure import Exposure, Standing
    from orepact.report.projects import Projects
    from orepact.report.target import Target

HALF = 0.5
#: Statuses of projects that will not come as announced.
STOPPED = ("paused", "suspended", "cancelled", "closed")
#: Battery materials for which the plan's largest supplier is worth a sentence.
LEANING = (
    "lithium_hydroxide",
    "nickel_sulphate",
    "cobalt_sulphate",
    "coated_spherical_graphite",
    "synthetic_graphite",
    "cam_lfp",
)
#: An owner's share counts as larger than its share by place when it is so by this much.
CLEARLY = 0.05


def concentration_finding(exposure: Exposure) -> Finding | None:
    """Which place refines most, of how many elements, and where it is strongest."""
    standings = [found for found in exposure.standings("place") if found.stage == "refine" and found.largest]
    if not standings:
        return None
    names = [found.largest for found in standings]
    leader = max(dict.fromkeys(names), key=names.count)
    led = sorted((found for found in standings if found.largest == leader), key=lambda found: -found.top1)
    majority = sum(found.top1 > HALF for found in led)
    country, top = title_of(exposure.codes, leader), led[0]
    parts = listed(f"{share(found.top1)} of {_element(exposure, found)}" for found in led)
    words = f"{country} refines {parts}. Without it the world keeps {share(1 - top.top1)} of refined {_element(exposure, top)}."
    of = f"{len(led)} of {counted(len(standings), 'element')}"
    title = f"{country} leads the refining of {of}, {majority} of them by more than half"
    said = " ".join(part for part in (words, _owner_words(exposure, leader)) if part)
    label = f"of the world's refined {_element(exposure, top)} comes from {country}"
    return Finding(share(top.top1), label, title, said, joined(found.basis for found in led), "exposure")


def _element(exposure: Exposure, found: Standing) -> str:
    return uncapped(exposure.codes.elements[found.element].title)


def _owner_words(exposure: Exposure, leader: str) -> str:
    """Where the leader controls clearly more than stands at home."""
    found = []
    for place in exposure.standings("place"):
        owner = exposure.standing(place.element, place.stage, "owner")
        if owner is None or place.stage not in {"mine", "refine"}:
            continue
        home, held = _part(place, leader), _part(owner, leader)
        if held > home + CLEARLY:
            stage = "mined" if place.stage == "mine" else "refined"
            found.append((held - home, f"{share(held)} of {stage} {_element(exposure, place)} (against {share(home)} by place)"))
    found.sort(reverse=True)
    return f"Counted by owner it controls {listed(text for _, text in found[:2])}." if found else ""


def _part(standing: Standing, name: str) -> float:
    rows = standing.rows
    return float(rows.loc[rows[standing.by] == name, "share"].sum())


def reliance_finding(exposure: Exposure, found: list[Dependence]) -> Finding | None:
    """How far the two buyers depend on one seller for their imports."""
    codes = exposure.codes
    bought = {place: [item for item in found if item.place == place and item.largest] for place in BUYERS}
    worst = {place: max(items, key=lambda item: item.largest_share) for place, items in bought.items() if items}
    if not worst:
        return None
    parts = []
    for place, item in worst.items():
        above = sum(other.largest_share > HALF for other in bought[place])
        parts.append(
            f"{title_of(codes, place)} buys {share(item.largest_share)} of its imported "
            f"{uncapped(codes.elements[item.thing].title)} "
            f"from {title_of(codes, item.largest)}, and more than half from a single seller in {above} of "
            f"{len(bought[place])} elements."
        )
    largest = max(worst.values(), key=lambda item: item.largest_share)
    title = f"{listed(title_of(codes, place) for place in worst)} depend on imports, often from one seller"
    basis = joined(basis_of(item) for items in bought.values() for item in items)
    thing = uncapped(codes.elements[largest.thing].title)
    label = f"of the {thing} that {title_of(codes, largest.place)} imports comes from {title_of(codes, largest.largest)}"
    return Finding(share(largest.largest_share), label, title, " ".join(parts), basis, "exposure")


def _leaning(buildout: Buildout, year: int) -> str:
    """The two battery materials for which the buyers lean most on one country in the plan, "" when on none by half."""
    codes, found = buildout.codes, []
    known = set(buildout.plan.flows.frame["commodity"])
    for commodity in (name for name in LEANING if name in known):
        shares = buildout.supplier_shares(commodity, BUYERS, year)
        if len(shares) and shares.index[0] not in BUYERS and shares.iloc[0] > HALF:
            found.append((float(shares.iloc[0]), str(shares.index[0]), uncapped(codes.commodities[commodity].title)))
    words = [
        f"{share(part)} of their {thing} from {title_of(codes, who)}" for part, who, thing in sorted(found, reverse=True)[:2]
    ]
    buyers = listed(title_of(codes, place) for place in BUYERS)
    return f"The price is dependence: in {year} {buyers} take {listed(words)}." if words else ""


def shortage_finding(buildout: Buildout) -> Finding:
    """What stays short in the three countries, and what the build-out costs."""
    years = [year for year in MILESTONES[:2] if year in buildout.years]
    short = {year: buildout.shortage_of(year, CORRIDOR) for year in years}
    parts = [_short_words(buildout, year) for year in years]
    here = buildout.investment_of()
    parts.append(
        f"The plan spends {money(buildout.investment_usd)} on new plant worldwide to {buildout.years[-1]} beyond what "
        f"is announced, {money(here)} of it in the three countries."
    )
    parts.append(_leaning(buildout, years[-1]) if years else "")
    some = any(len(rows) for rows in short.values())
    title = (
        "The cheapest build-out still leaves gaps" if some else "The cheapest build-out closes every gap of the three countries"
    )
    label = f"for new plant in the three countries to {buildout.years[-1]}"
    return Finding(money(here), label, title, " ".join(filter(None, parts)), buildout.basis, "buildout")


def _short_words(buildout: Buildout, year: int) -> str:
    rows = buildout.shortage_of(year, CORRIDOR)
    if rows.empty:
        return f"In {year} every demand of {listed(title_of(buildout.codes, name) for name in CORRIDOR)} is met."
    top = rows.iloc[0]
    what, where = uncapped(thing_title(buildout.codes, str(top["commodity"]))), title_of(buildout.codes, str(top["party"]))
    return (
        f"In {year} {counted(len(rows), 'demand')} of the three countries cannot be fully met, above all "
        f"{what} in {where} ({share(float(top['part']))} short)."
    )


def target_finding(target: Target) -> Finding:
    """Where Japan's target stands."""
    step, year = target.steps, target.goal.year
    words = (
        f"Plants controlled from Japan can make {number(step['standing'])} GWh a year today "
        f"({number(step['operating'])} in named plants). "
        f"Announced plants add {number(step['weighted'])} by {year} when weighted by their status "
        f"({number(step['announced'])} as announced). "
        f"Against the target of {number(step['target'])} GWh, {number(target.gap_gwh)} are missing."
    )
    title = f"Japan's target of {number(step['target'])} GWh a year is {number(target.gap_gwh)} short on present plans"
    basis = joined([target.goal.basis, target.site_basis, target.corridor.supply_basis])
    return Finding(
        f"{number(target.gap_gwh)} GWh",
        f"a year of Japanese-owned cells missing to the target of {year}",
        title,
        words,
        basis,
        "target",
    )


def carry_finding(target: Target) -> Finding | None:
    """What Canada can carry of the target's minerals."""
    titles = {element: uncapped(target.codes.elements[element].title) for element in CARRIED}
    carried = [(titles[element], part) for element, need, _, part in target.carry() if need > 0]
    if not carried:
        return None
    enough = [name for name, part in carried if part >= 1]
    partly = [(name, part) for name, part in carried if part < 1]
    seller, year = title_of(target.codes, SELLER), target.goal.year
    covered = listed([*(f"{share(part)} of the {name}" for name, part in partly), *(f"all the {name}" for name in enough)])
    tightest, least = min(carried, key=lambda item: item[1])
    words = (
        f"Weighted by status, {seller}'s mines could in {year} cover {covered} that "
        f"{number(target.goal.mwh_per_year / 1000)} GWh of Japanese-owned "
        f"cells need, if nobody else bought any. {tightest.capitalize()} is tightest."
    )
    title = (
        f"{seller} could mine enough {listed(enough)} for the target"
        if enough
        else f"{seller} could mine a part of what the target needs"
    )
    title += f", but not enough {listed(name for name, _ in partly)}" if enough and partly else ""
    basis = joined([target.corridor.supply_basis, target.corridor.need_basis])
    label = f"of the {tightest} that the target needs could come from {seller}'s mines in {year}"
    return Finding(share(least), label, title, words, basis, "target")


def pipeline_finding(corridor: Corridor, projects: Projects, basis: Basis) -> Finding | None:
    """How much of the pipeline operates, and how much of what is announced is expected."""
    counts, codes = projects.statuses(), corridor.codes
    total = int(counts.sum())
    if not total:
        return None
    works = int(sum(count for status, count in counts.items() if codes.statuses[str(status)].operates))
    stopped = int(sum(counts.get(name, 0) for name in STOPPED))
    year = max(year for year in corridor.years if year <= MILESTONES[0])
    parts = []
    for element in ("lithium", "graphite"):
        product = products()[CARRIED[element]]
        announced = float(corridor.bars[product.id][year].sum())
        if not announced:
            continue
        parts.append(f"{number(corridor.expected(product, year))} of {number(announced)} t of {element}")
    words = (
        f"Of {counted(total, 'project')} followed in {title_of(codes, SELLER)}, {works} operate, "
        f"{int(counts.get('construction', 0))} are under construction and "
        f"{stopped} are paused, suspended, cancelled or closed."
    )
    words += f" Weighted by status, {listed(parts)} of mine capacity can be expected in {year}." if parts else ""
    title = (
        "Most of the Canadian pipeline does not operate yet" if works < total / 2 else "Most of the Canadian pipeline operates"
    )
    return Finding(
        f"{works} of {total}", f"followed projects in {title_of(codes, SELLER)} operate", title, words, basis, "corridor"
    )
