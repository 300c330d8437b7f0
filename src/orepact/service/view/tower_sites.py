"""The sites, projects and contracts of a province or a company: where each stands, how late it is, by how much its date moved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orepact.pact.dates.days import Span
from orepact.pact.organisations.organisation import Organisation, tree
from orepact.pact.organisations.ownership import ultimate
from orepact.pact.projects.contracts import Contract
from orepact.pact.projects.history import DAYS_IN_MONTH, Late, late, slip_curve
from orepact.pact.projects.project import ENDED, IN_ORDER, NOT_KNOWN, WORKING, Project
from orepact.pact.records.folding import folded
from orepact.pact.records.register import Register
from orepact.pact.supply.plants import chain_on
from orepact.service.view.kept import kept
from orepact.service.view.said import Amount, Day, Named, Said, Term, Value, say
from orepact.service.view.tower_grid import BATTERIES, Cell, Trend, rows_of
from orepact.service.view.tower_party import name_of
from orepact.service.view.tower_rules import ORDER, Light, TowerRules
from orepact.service.view.tower_steps import several, titles

if TYPE_CHECKING:
    from datetime import date

    from orepact.facts import Codes, Ledger
    from orepact.pact.organisations.ownership import Stake as OwnersStake
    from orepact.pact.supply.cascade import Plant
    from orepact.service.view.tower_party import Party

#: Names of companies shorter than this say nothing within the name of another.
SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Site:
    """A site or a project: its id in the facts and in the register ("" for none), what it makes at which stage, its state and
    light with the reason, its capacity (None where not known), the milestone that is late and by how many months, and by how many
    months its date has moved (None where nothing is known).
    """

    site: str
    project: str
    name: Named
    place: str
    town: str
    stage: str
    makes: str
    capacity: float | None
    unit: str
    status: str
    since: str
    light: Light
    reason: Said
    late_months: float
    slip_months: float | None
    planned_for: str
    source: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A contract of a party: who sells what to whom, how it stands; ``side``: whether the party sells or buys."""

    id: str
    title: Named
    kind: str
    side: str
    sellers: Value
    buyers: Value
    commodity: str
    quantity: float | None
    unit: str
    status: str
    since: str


@dataclass(frozen=True, slots=True)
class Stake:
    """An ultimate owner of a company: its share (None where nobody stated it) and the chain of holdings, from top to company."""

    holder: str
    name: Named
    country: str
    share: float | None
    path: tuple[str, ...]
    confidence: str


def sites(ledger: Ledger, register: Register, party: Party, rules: TowerRules, on: date) -> tuple[Site, ...]:
    """Sites of the facts and projects of the register that lie in a province, or belong to a company; the worst first."""
    plants = _plants(ledger, on)
    companies = _companies(ledger)
    projects = [one for one in register.all(Project) if _own(one, party)]
    followed = {one.site for one in projects if one.site}
    every = {one.site for one in register.all(Project) if one.site}
    behind = {one.project: one for one in reversed(late(projects, on))}
    seen = Seen(ledger, rules, on)
    found = [_of_project(seen, one, plants.get(one.site or ""), behind.get(one.id)) for one in projects]
    names = _names(register, party)
    for site, plant in plants.items():
        mine = plant.place == party.place if party.sort == "province" else _belongs(companies.get(site, ""), names)
        if mine and site not in followed and (party.sort == "province" or site not in every):
            found.append(_of_plant(ledger, plant, rules))
    return tuple(
        sorted(found, key=lambda one: (ORDER.index(one.light), -one.late_months, -(one.slip_months or 0), one.name.title))
    )


def _plants(ledger: Ledger, on: date) -> Mapping[str, Plant]:
    return kept(ledger, ("plants", on), lambda: chain_on(ledger, Register({}), on).plants)


def _companies(ledger: Ledger) -> Mapping[str, str]:
    """What the facts call the company of each site."""

    def read() -> dict[str, str]:
        told = ledger.resolve("company", kind="site").drop_duplicates("entity", keep="last")
        return dict(zip(told["entity"].astype(str), told["value"].astype(str).map(folded), strict=True))

    return kept(ledger, "companies", read, of_claims=True)


def _names(register: Register, party: Party) -> tuple[str, ...]:
    found = [register.records.get((Organisation.kind, name)) for name in party.organisations] if party.sort == "company" else []
    words = {folded(name) for one in found if isinstance(one, Organisation) for name in one.called()}
    return tuple(sorted(word for word in words if len(word) >= SHORTEST))


def _belongs(company: str, names: Iterable[str]) -> bool:
    """Whether a source names the company as whole words."""
    return bool(company) and any(f" {name} " in f" {_spaced(company)} " for name in names)


def _spaced(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())


def _own(project: Project, party: Party) -> bool:
    if party.sort == "province":
        return project.place == party.place
    return any(one.organisation in party.organisations for one in project.parties if one.organisation)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """From where sites are looked at: the facts, the rules, the day."""

    ledger: Ledger
    rules: TowerRules
    on: date


def _of_project(seen: Seen, one: Project, plant: Plant | None, delay: Late | None) -> Site:
    ledger, rules, on = seen.ledger, seen.rules, seen.on
    stand = one.standing(on)
    status = stand.status if stand.status != NOT_KNOWN or plant is None else plant.status
    months, planned = _slip(one, on)
    behind = delay.months if delay else 0.0
    light, reason = _light(ledger.codes, rules, Told(status, stand.since, behind, months, delay, on, stand.seen))
    return Site(
        one.site or "", one.id, Named(one.title, titles(one.titles)), one.place, one.town, *_made(ledger, plant),
        plant.capacity if plant else None, plant.unit if plant and plant.capacity is not None else "",
        status, stand.since, light, reason, behind, months, planned, "register",
    )  # fmt: skip


def _of_plant(ledger: Ledger, plant: Plant, rules: TowerRules) -> Site:
    light, reason = _light(ledger.codes, rules, Told(plant.status))
    return Site(
        plant.site, "", Named(plant.name), plant.place, plant.town, *_made(ledger, plant), plant.capacity,
        plant.unit if plant.capacity is not None else "", plant.status, "", light, reason, 0.0, None, "", "facts",
    )  # fmt: skip


def _made(ledger: Ledger, plant: Plant | None) -> tuple[str, str]:
    """Stage and main output of a plant."""
    process = ledger.codes.processes.get(plant.process) if plant else None
    if process is None:
        return "", ""
    made = ledger.codes.commodities.get(process.output)
    return (made.stage if made else process.stage), process.output


def _slip(project: Project, on: date) -> tuple[float | None, str]:
    """By how many months the last milestone with plans has moved since it was first planned, and the date planned now."""
    for milestone in reversed(IN_ORDER):
        points = slip_curve(project, on, milestone)
        if points:
            return points[-1].months, points[-1].planned_for
    return None, ""


@dataclass(frozen=True, slots=True)
class Told:
    """What makes the light of a site: its state and since when, months by which it is late, months by which its date moved;
    ``seen``: when the state was last told.
    """

    status: str
    since: str = ""
    behind: float = 0.0
    moved: float | None = None
    delay: Late | None = None
    on: date | None = None
    seen: str = ""


def _light(codes: Codes, rules: TowerRules, told: Told) -> tuple[Light, Said]:
    """The light of a site and why: its state first, then a date that passed in silence, then how far its date moved."""
    words, status = rules.sites, told.status
    if status == NOT_KNOWN:
        return "no data", say("Its state is not in the facts.")
    said = _state(codes, told)
    if status in ENDED:
        return ("red" if _lately(told, words.over_months) else "no data"), said
    if status in words.red or status in words.amber:
        return ("red" if status in words.red and told.since else "amber"), said
    if told.delay is not None:
        late_words = say("It was planned for {day}, and nobody has said that it came.", day=Day(told.delay.planned_for))
        return ("red" if told.behind >= words.late_months.red else "amber"), said + late_words
    if told.moved is not None and told.moved >= words.slip_months.amber:
        slipped = say("Its date has moved by {months} months.", months=Amount(round(told.moved)))
        return ("red" if told.moved >= words.slip_months.red and status not in WORKING else "amber"), said + slipped
    return "green", said


def _state(codes: Codes, told: Told) -> Said:
    known = codes.statuses.get(told.status)
    state = Term(known.title if known else told.status, first=True)
    if told.since:
        return say("{state} since {day}.", state=state, day=Day(told.since))
    return say("{state}, as recorded on {day}.", state=state, day=Day(told.seen)) if told.seen else say("{state}.", state=state)


def _lately(told: Told, months: float) -> bool:
    """Whether a state was reported within so many months."""
    if not told.since or told.on is None:
        return False
    return (told.on - Span.of(told.since).last).days <= months * DAYS_IN_MONTH


def cells(found: Iterable[Site], codes: Codes, rules: TowerRules) -> tuple[Cell, ...]:
    """Stage by element of what sites make: the light of the worst that is not over, which the reason names."""
    together: dict[tuple[str, str], list[Site]] = {}
    for site in found:
        if site.makes in codes.commodities and site.stage in rules.stages:
            for row in rows_of(codes, rules, site.makes):
                together.setdefault((row, site.stage), []).append(site)
    order = [*codes.elements, BATTERIES]
    keys = sorted(together, key=lambda key: (order.index(key[0]), codes.stages[key[1]].order))
    return tuple(_cell(row, stage, together[row, stage]) for row, stage in keys)


def _cell(row: str, stage: str, found: list[Site]) -> Cell:
    alive = [site for site in found if site.status not in ENDED] or found
    worst = min(alive, key=lambda site: ORDER.index(site.light))
    reason = say("{name}:", name=worst.name) + worst.reason
    return Cell(stage, row, worst.light, reason, None, Trend(""), tuple(dict.fromkeys(site.makes for site in found)))


def ties(register: Register, party: Party, on: date) -> tuple[Tie, ...]:
    """The contracts of a company that are not over, those that bind first."""
    every = {one.id: one for name in party.organisations for one in register.referring(Contract, name)}
    found = [_tie(one, party, on) for one in every.values() if one.standing(on).status not in ENDED | {NOT_KNOWN}]
    return tuple(sorted(found, key=lambda tie: (tie.kind, tie.id)))


def _tie(one: Contract, party: Party, on: date) -> Tie:
    stand, version = one.standing(on), one.version(on)
    amount = version.quantity if version else None
    sells = any(seller.organisation in party.organisations for seller in one.sellers)
    unit = (amount.unit if amount.basis != "share_of_output" else "1") if amount else ""
    return Tie(
        one.id, Named(one.title, titles(one.titles)), one.contract_kind, "sells" if sells else "buys", several(one.sellers),
        several(one.buyers), one.commodity or "", amount.amount if amount else None, unit, stand.status, stand.since,
    )  # fmt: skip


def owners(register: Register, party: Party, on: date) -> tuple[Stake, ...]:
    """The ultimate owners of a company, the largest first."""
    return tuple(_stake(register, one) for one in ultimate(register.once(tree), party.id, on).stakes)


def _stake(register: Register, one: OwnersStake) -> Stake:
    path = one.paths[0] if one.paths else ()
    return Stake(one.holder, name_of(register, one.holder), _home(register, one.holder), one.share, path, one.confidence)


def _home(register: Register, holder: str) -> str:
    known = register.records.get((Organisation.kind, holder))
    return known.country if isinstance(known, Organisation) else ""
