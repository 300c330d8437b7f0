"""What holds a plan up: the limits that bind, by what they are, and the capacities of which more would save most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from orepact.report.sentences import Said, said, sentence
from orepact.service.view.said import Amount
from orepact.web.pages import run_names
from orepact.web.pages.plan_targets import larger
from orepact.web.pages.shock_verdicts import money
from orepact.web.pages.shown import Column, Table

if TYPE_CHECKING:
    from orepact.facts import Codes
    from orepact.service.view.planned import Planned
    from orepact.web.pages.visit import Visit

#: Kinds of limits by what they say; those of nature stand in every plan, those of policy are the scenario's.
NATURE = {
    "build_rate": sentence("How fast plants at one place can be built"),
    "reserves": sentence("What the ground holds"),
}
POLICY = {
    "largest_supplier_share": sentence("No supplier above a share"),
    "capacity_target": sentence("Capacity that a country's companies own"),
    "route_capacity": sentence("What a route can carry"),
}
SOFT_TARGET = sentence(
    "From {year} on companies of {place} own plants for at least {amount} of these, wherever they stand: {goods}. It "
    "may be missed: each {unit} that is missing costs {cost} a year."
)
SOFT_TARGET_NOW = sentence(
    "Companies of {place} own plants for at least {amount} of these, wherever they stand: {goods}. It may be missed: "
    "each {unit} that is missing costs {cost} a year."
)
HARD_TARGET = sentence(
    "From {year} on companies of {place} own plants for at least {amount} of these, wherever they stand: {goods}."
)
HARD_TARGET_NOW = sentence("Companies of {place} own plants for at least {amount} of these, wherever they stand: {goods}.")
PLACES_SHARE = sentence(
    "From {year} on no place supplies more than {share} of what {places} take in of {goods}; {n} places are not bound."
)
PLACES_SHARE_NOW = sentence("No place supplies more than {share} of what {places} take in of {goods}; {n} places are not bound.")
OWNERS_SHARE = sentence(
    "From {year} on owners of no country make more than {share} of what is made in {places} of {goods}; {n} countries "
    "are not bound."
)
OWNERS_SHARE_NOW = sentence(
    "Owners of no country make more than {share} of what is made in {places} of {goods}; {n} countries are not bound."
)
#: So many scarce capacities are told, of the parties and of the whole; so many things one limit is about.
SCARCE, OWN, ABOUT = 5, 6, 4
#: Places of the first corridor beside the provinces of Canada: told of first.
OWN_PLACES = frozenset({"KOR", "JPN"})


def of_policy(plan: Planned) -> int:
    """How many limits of the scenario bind, each counted once over the years."""
    return len({one["name"] for one in plan.limits if one["kind"] not in NATURE})


def limits(visit: Visit, plan: Planned) -> Table:
    """The limits that bind: what each is about, in which years, and what one more unit of it would save at most."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for one in plan.limits:
        groups.setdefault((str(one["kind"]), str(one["name"])), []).append(one)
    columns = (
        Column("limit", sentence("Limit"), how="words"),
        Column("name", sentence("Name")),
        Column("about", sentence("Of what")),
        Column("years", sentence("Years")),
        Column("times", sentence("Times"), how="number"),
        Column("bound", sentence("Bound")),
    )
    ordered = sorted(groups.items(), key=lambda group: (group[0][0] in NATURE, -len(group[1])))
    rows = [_row(visit, kind, name, found) for (kind, name), found in ordered]
    return Table("binding", sentence("Limits that bind"), columns, rows, empty=sentence("No limit binds."))


def _row(visit: Visit, kind: str, name: str, found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    about = list(dict.fromkeys(str(one["subject"]) for one in found if one["subject"]))
    ledger = visit.ledger()
    places = {*ledger.codes.places, *ledger.codes.groups}
    named = [run_names.place(ledger.codes, each) if each in places else run_names.plant(ledger, each) for each in about[:ABOUT]]
    words = visit.voice.series(run_names.spoken(visit.voice, each) for each in named)
    more = f" {visit.voice.say('and {n} more', n=len(about) - ABOUT)}" if len(about) > ABOUT else ""
    years = sorted({int(one["year"]) for one in found if one["year"] is not None})
    bounds = {(float(one["bound"]), str(one["unit"])) for one in found}
    bound, unit = next(iter(bounds)) if len(bounds) == 1 else (None, "")
    return {
        "limit": {**NATURE, **POLICY}.get(kind, kind.replace("_", " ")),
        "name": name.replace("_", " "),
        "about": f"{words}{more}",
        "years": f"{years[0]}\N{EN DASH}{years[-1]}" if len(years) > 1 else "".join(map(str, years)),
        "times": len(found),
        "bound": None if bound is None else visit.voice.amount(bound, unit),
    }


def says(visit: Visit, codes: Codes, limit: Any) -> Said:
    """A limit of a scenario in words: what it asks, of which goods, from when on."""
    goods = visit.voice.listed(run_names.spoken(visit.voice, run_names.good(codes, name)) for name in limit.commodities)
    told = {"goods": goods, "year": str(limit.from_year or "")}
    return _says_target(codes, limit, told) if limit.kind == "capacity_target" else _says_share(visit, codes, limit, told)


def _says_target(codes: Codes, limit: Any, told: dict[str, Any]) -> Said:
    unit = codes.commodities[limit.commodities[0]].unit
    amount, larger_unit = larger(float(limit.minimum), unit)
    told |= {"place": run_names.place(codes, limit.owner_country), "amount": Amount(amount, f"{larger_unit}/y")}
    later = limit.from_year is not None
    if not limit.shortfall_cost_usd:
        return said(HARD_TARGET if later else HARD_TARGET_NOW, **told)
    cost = money(float(limit.shortfall_cost_usd))
    return said(SOFT_TARGET if later else SOFT_TARGET_NOW, cost=cost, unit=unit, **told)


def _says_share(visit: Visit, codes: Codes, limit: Any, told: dict[str, Any]) -> Said:
    places = visit.voice.listed(run_names.spoken(visit.voice, run_names.place(codes, name)) for name in limit.places)
    told |= {"share": visit.voice.share(float(limit.max_share)), "places": places, "n": len(limit.exempt)}
    later = limit.from_year is not None
    if limit.by == "owner":
        return said(OWNERS_SHARE if later else OWNERS_SHARE_NOW, **told)
    return said(PLACES_SHARE if later else PLACES_SHARE_NOW, **told)


def scarce(plan: Planned, codes: Codes) -> list[Said]:
    """Capacities that run in full and of which one more unit would save most, in words; those of the parties first."""
    seen: dict[tuple[str, str], Any] = {}
    for row in plan.scarce.to_dict("records"):
        seen.setdefault((row["commodity"], row["place"]), row)
    own = [key for key in seen if key[1] in OWN_PLACES or key[1].startswith("CA-")][:OWN]
    return [
        said(
            "{good}, {place}: in {year} all of it runs; one more {unit} a year would save {money}.",
            good=run_names.good(codes, good),
            place=run_names.place(codes, place),
            year=str(seen[good, place]["year"]),
            unit=str(seen[good, place]["unit"]),
            money=money(float(seen[good, place]["scarcity_usd_per_unit"])),
        )
        for good, place in dict.fromkeys([*own, *[*seen][:SCARCE]])
    ]
