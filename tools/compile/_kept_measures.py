"""Kept tables of the measures: traced origin, plants, carbon, eligibility and landed cost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, OrepactError

if TYPE_CHECKING:
    from orepact.chain import Flows, Network
    from orepact.measure.origin import Tracing
    from tools.compile._kept_tables import Table, World

#: Who asks: the parties, and whom they are compared with.
PARTIES = ("KOR", "JPN", "CAN", "USA", "europe")
ELEMENTS = ("lithium", "nickel", "cobalt", "manganese", "graphite", "copper", "aluminium", "phosphorus", "rare_earths")
#: Stages of goods that are traced, and stages that they are traced to.
HELD_AT = ("cell", "active_material", "precursor", "refine", "pack")
TRACED_TO = ("mine", "refine", "active_material")
BY = ("place", "owner")
BASES = ("supply", "production")
#: Origins below this share are one row.
LEAST_SHARE = 0.001
#: Traced goods hold at least this much of an element, in tonnes a year.
LEAST_TONNES = 1.0
REST = "others"
#: Parts of a footprint below this share are one row of their stage.
LEAST_PART = 0.002
#: Where cells and packs are made whose footprints are kept.
MAKERS = ("KOR", "JPN", "CAN", "USA", "CHN", "POL", "HUN", "DEU", "SWE", "IDN", "MYS")
QUALIFIED = ("cell_nmc811", "cell_nmc622", "cell_lfp", "cell_nca", "cam_nmc811", "cam_nmc622", "cam_lfp", "lithium_hydroxide",
             "coated_spherical_graphite", "synthetic_graphite", "nickel_sulphate")  # fmt: skip
QUALIFIED_AT = ("KOR", "JPN", "CA-ON", "CA-QC", "USA")
BUYERS = ("KOR", "JPN", "CA-ON", "USA")
BOUGHT = ("lithium_hydroxide", "lithium_carbonate", "nickel_sulphate", "cobalt_sulphate", "coated_spherical_graphite",
          "synthetic_graphite", "cam_nmc811", "cam_lfp", "cell_nmc811", "cell_lfp")  # fmt: skip


# Origins -----------------------------------------------------------------------------------------------------------------------


def origins(world: World) -> Table:
    """Traced origin by year, party, good (a commodity, or a stage), element, stage traced to, by and basis."""
    from tools.compile._kept_tables import PAST, TRACED_AHEAD, Table

    rows = [row for year in (*PAST, *TRACED_AHEAD) for row in _traced(world.years[year], year)]
    units = {"share": "1", "quantity": "t of the element contained, a year", "estimated_share": "1", "total": "t"}
    frame = pd.DataFrame(rows)
    commands = ["orepact measure origin --place KOR --commodity CELL --element graphite --by owner --year 2024"]
    small = f"origins below {LEAST_SHARE:.1%} of a good are one row ({REST})"
    warning = f"{small}; synthetic graphite comes from no mine: it counts where it is made"
    return Table(frame, units, commands, world.observed, [warning], {"parties": list(PARTIES), "held_at": list(HELD_AT)})


def _traced(flows: Flows, year: int) -> Iterator[dict[str, Any]]:
    from orepact.measure.origin import Tracing
    from orepact.measure.tracing.certainty import Certainty
    from orepact.measure.tracing.transfers import Transfers
    from tools.compile._kept_tables import BASE

    transfers = Transfers.of(flows, year)
    certainty = Certainty.of(flows, transfers)
    for element in ELEMENTS:
        for stage in TRACED_TO:
            try:
                tracing = Tracing.of_transfers(transfers, certainty, element, stage=stage)
            except OrepactError:  # nothing of the element passes that stage
                continue
            for party, good, nodes in _baskets(flows.network, element, whole_stages=year != BASE):
                yield from _rows(tracing, nodes, {"year": year, "party": party, "good": good, "element": element, "stage": stage})


def _baskets(network: Network, element: str, *, whole_stages: bool) -> Iterator[tuple[str, str, list[int]]]:
    """Pools of each party and good that hold the element: each stage as one, and its goods but for ``whole_stages``."""
    held = set(network.contents.loc[network.contents["element"] == element, "commodity"])
    stage = network.commodities["stage"]
    for party in PARTIES:
        inside = set(network.members(party)) if party in network.groups else {party}
        pools: dict[str, list[int]] = {}
        for at, (name, place) in enumerate(network.nodes):
            if name in held and place in inside and stage[name] in HELD_AT:
                if not whole_stages:
                    pools.setdefault(str(name), []).append(at)
                pools.setdefault(str(stage[name]), []).append(at)
        for good in sorted(pools):
            yield party, good, pools[good]


def _rows(tracing: Tracing, nodes: list[int], keys: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for by in BY:
        for basis in BASES:
            try:
                found = tracing.origin(nodes, by=by, basis=basis)
            except BadInput:  # the place makes none, or gets none
                continue
            if found.total < LEAST_TONNES:
                continue
            table = found.rows.assign(origin=found.rows["origin"].where(found.rows["share"] >= LEAST_SHARE, REST))
            small = table.groupby("origin", sort=False)[["share", "quantity"]].sum()
            first = table.drop_duplicates("origin").set_index("origin")[["confidence", "estimated_share"]]
            ordered = small.join(first).sort_values("share", ascending=False, kind="stable").reset_index()
            for row in ordered[ordered["share"] > 0].to_dict("records"):
                yield {
                    **keys,
                    "by": by,
                    "basis": basis,
                    "origin": str(row["origin"]),
                    "share": float(row["share"]),
                    "quantity": float(row["quantity"]),
                    "confidence": str(row["confidence"]) if row["origin"] != REST else "estimated",
                    "estimated_share": float(row["estimated_share"]),
                    "total": found.total,
                }


def plants(world: World) -> Table:
    """Plants of the parties in the base year: what each makes, a year."""
    from tools.compile._kept_tables import BASE, Table

    flows = world.base
    made, sites = flows.production, flows.network.sites
    inside = {place: party for party in PARTIES if party in flows.network.groups for place in flows.network.members(party)}
    rows = made[made["place"].isin(inside) & made["commodity"].map(flows.network.commodities["stage"]).isin(HELD_AT)]
    rows = rows[rows["quantity"] > 0].assign(
        party=rows["place"].map(inside),
        name=rows["site"].map(sites["name"]),
        stage=rows["commodity"].map(flows.network.commodities["stage"]),
        capacity=rows["site"].map(sites["capacity_per_year"]),
        confidence=rows["site"].map(sites["confidence"]),
    )
    columns = [
        "party",
        "place",
        "site",
        "name",
        "commodity",
        "stage",
        "owner",
        "owner_country",
        "quantity",
        "capacity",
        "unit",
        "confidence",
    ]
    frame = rows.sort_values(["party", "commodity", "site"], ignore_index=True)[columns]
    units = {"quantity": "unit of the row, a year", "capacity": "unit of the row, a year"}
    return Table(frame, units, [f"orepact baseline --year {BASE} --rows flows"], world.observed, [], {"year": BASE})


# Carbon ------------------------------------------------------------------------------------------------------------------------


def carbon(world: World) -> Table:
    """Footprint of each cell and pack made in a country, by stage and place."""
    from orepact.measure.emissions.emission_factors import ATTRIBUTES, factors_of_claims
    from orepact.service.opening import sources_used
    from tools.compile._kept_tables import BASE, Table

    flows, claims = world.base, world.ledger.resolve(list(ATTRIBUTES))
    factors = factors_of_claims(flows.network, claims, BASE, world.ledger.codes.country)
    stage = flows.network.commodities["stage"]
    goods = ["cell", *stage.index[stage.isin(["cell", "pack"])]]
    rows, said = [], {}
    for good in goods:
        for place in MAKERS:
            answer = _footprint(flows, factors, good, place)
            if answer is not None:
                rows.append(
                    _largest_rows(answer.data).assign(
                        good=good,
                        place_of_making=place,
                        grade=answer.meta["grade"],
                        total_kg_per_kwh=answer.meta["kg_co2e_per_kwh"],
                    )
                )
                said[f"{good} {place}"] = answer.meta["quality"]
    frame = pd.concat(rows, ignore_index=True)
    first = ["good", "place_of_making", "stage", "place", "kg_co2e_per_kwh", "share", "grade", "total_kg_per_kwh"]
    frame = frame[[*first, *(name for name in ("electricity", "direct", "background", "transport", "stock") if name in frame)]]
    kwh, per = "kg CO2e per kWh", "kg CO2e per MWh"
    units = {"kg_co2e_per_kwh": kwh, "total_kg_per_kwh": kwh, "share": "1"}
    units |= dict.fromkeys(("electricity", "direct", "background", "transport", "stock"), per)
    used = sources_used(world.ledger, claims)
    return Table(
        frame,
        units,
        ["orepact measure carbon --commodity cell_nmc811 --place KOR --basis production"],
        used,
        [],
        {"year": BASE, "quality": said},
    )


def _largest_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by stage and place; what is below ``LEAST_PART`` is one row of its stage."""
    place = rows["place"].where(rows["share"] >= LEAST_PART, REST)
    figures = [name for name in rows.columns if name not in {"stage", "place"}]
    folded = rows.assign(place=place).groupby(["stage", "place"], sort=False)[figures].sum().reset_index()
    return folded.sort_values("share", ascending=False, kind="stable")


def _footprint(flows: Flows, factors: Any, good: str, place: str) -> Any:
    from orepact.service.carbon import Question, carbon_answer
    from tools.compile._kept_tables import BASE

    if place not in flows.network.groups and place not in flows.network.places.index:
        return None
    try:
        answer = carbon_answer(flows, BASE, factors, Question(good, place, "production"))
    except OrepactError:  # the place neither makes nor gets any
        return None
    result = answer.result({}, [])
    return result if answer.basis == "production" and "kg_co2e_per_kwh" in result.meta else None


# Eligibility -------------------------------------------------------------------------------------------------------------------


def eligibility(world: World) -> Table:
    """Every good and place under every rule set: verdict, reason, cheapest change."""
    from orepact.service.law.qualifying import UNITS, matrix_rows, qualify
    from tools.compile._kept_tables import BASE, Table

    day = _rules_day(world)
    found = qualify(world.ledger, world.base, day, products=QUALIFIED, places=QUALIFIED_AT)
    commands = [f"orepact measure eligibility --product cell_nmc811 --place KOR --rules all --date {day}"]
    warning = "this is no legal advice: rules are read as data, and what no source states is left open"
    return Table(matrix_rows(found), UNITS, commands, world.observed, [warning], {"year": BASE, "rules_day": day})


def _rules_day(world: World) -> str:
    """The latest full date at which any source said anything."""
    dates = world.ledger.claims["as_of"]
    return str(dates[dates.str.len() == len("2024-06-30")].max())


# Landed cost -------------------------------------------------------------------------------------------------------------------


@cache
def _costed(world: World) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...], tuple[dict[str, Any], ...]]:
    from orepact.service.cost.landed_paths import tests_of
    from orepact.service.landed_cost import landed_cost_of
    from orepact.service.view.costs import ALSO, TESTED

    case = world.case
    tests, totals, parts = tests_of(case, None), [], []
    warnings: dict[str, None] = {}
    sources: dict[str, dict[str, Any]] = {}
    for good in BOUGHT:
        for buyer in BUYERS:
            try:
                found = landed_cost_of(case, good, buyer, also=ALSO, tests=tests if buyer == TESTED else None)
            except BadInput:  # no way, or no maker
                continue
            totals.append(pd.DataFrame(found.top["paths"]))
            parts.append(found.data)
            sources |= {str(each["source"]): each for each in found.meta["sources"]}
            if buyer == "KOR":
                warnings |= dict.fromkeys(found.warnings[-2:])
    keys = ["commodity", "origin", "buyer", "rules"]
    order = ["commodity", "buyer", "total_usd", *keys]
    both = pd.concat(totals, ignore_index=True).sort_values(order, ignore_index=True)
    pieces = pd.concat(parts, ignore_index=True)
    return (
        both,
        pieces.sort_values([*keys, "component", "stage"], kind="stable", ignore_index=True),
        (*warnings,),
        (*sources.values(),),
    )


def costs(world: World) -> Table:
    """Totals by good, buyer, source and rule set, the cheapest first."""
    from tools.compile._kept_tables import BASE, RATE, Table

    totals, _, warnings, sources = _costed(world)
    money = [name for name in totals.columns if name.endswith("_usd")]
    units = {**dict.fromkeys(money, "USD per unit of the row"), "usd_per_kwh": "USD per kWh", "tariff_rate": "1", "days": "days"}
    commands = ["orepact measure landed-cost --commodity lithium_hydroxide --place KOR --also CA-QC,CA-ON"]
    return Table(totals, units, commands, sources, warnings, {"year": BASE, "date": f"{BASE}-12-31", "discount_rate": RATE})


def cost_parts(world: World) -> Table:
    """Components by good, buyer, source and rule set; they add up to the total."""
    from tools.compile._kept_tables import BASE, RATE, Table

    _, parts, warnings, sources = _costed(world)
    units = {"usd_per_unit": "USD per unit of the row", "usd_per_kwh": "USD per kWh"}
    commands = ["orepact measure landed-cost --commodity lithium_hydroxide --place KOR --also CA-QC,CA-ON"]
    return Table(parts, units, commands, sources, warnings, {"year": BASE, "date": f"{BASE}-12-31", "discount_rate": RATE})
