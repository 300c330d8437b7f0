"""What is wrong with a network where single cells look right: tables read together, row by row."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from orepact.chain.grouping import cycles
from orepact.chain.tables import near, shortened, site_statuses, tables
from orepact.errors import Problem
from orepact.units import Units

if TYPE_CHECKING:
    from orepact.chain.network import Network

#: How many times the element of the inputs the outputs may hold: goods by weight, and goods by piece or energy,
#: of which the contents are averages over designs.
BY_WEIGHT, BY_PIECE = 1.02, 2.5
CONFIDENCES = ("reported", "derived", "estimated", "unverified")


def consistency_problems(network: Network) -> list[Problem]:
    """Problems of recipes, sites, routes, demand years, groups of places, and units."""
    checks: tuple[Callable[[Network], list[Problem]], ...] = (
        main_outputs,
        idle_recipe_lines,
        site_words,
        site_years,
        builds_without_capex,
        routes_to_themselves,
        tariffs_without_price,
        demand_years,
        group_cycles,
        unit_spelling,
        contents_above_mass,
        contents_that_disagree,
        elements_from_nothing,
    )
    return [problem for check in checks for problem in check(network)]


def _rows(network: Network, table: str, bad: Any, column: str, *, expected: str, found: str, mend: str) -> list[Problem]:
    """One problem for each True row of a table; ``found`` and ``mend`` may name columns of the row in braces."""
    frame: pd.DataFrame = getattr(network, table)
    plain = frame.reset_index() if tables()[table].indexed else frame
    rows = np.flatnonzero(np.asarray(bad, dtype=bool))
    cells = [{str(key): value for key, value in cell.items()} for cell in plain.iloc[rows].to_dict("records")]
    return shortened(
        Problem(column, expected, found.format(**cell), mend.format(**cell), f"{table}.csv", int(at) + 2)
        for at, cell in zip(rows, cells, strict=True)
    )


def _literal(text: str) -> str:
    """Text of a user as it goes into a template."""
    return text.replace("{", "{{").replace("}", "}}")


def main_outputs(network: Network) -> list[Problem]:
    """Processes that have no row, or several rows, of amount exactly 1."""
    out = []
    mains = (network.recipes["amount"] == 1.0).groupby(network.recipes["process"], sort=False).sum()
    first = network.recipes["process"].drop_duplicates()
    row = dict(zip(first, first.index + 2, strict=True))
    for process, count in mains.items():
        if count != 1 and process != "":
            text = f"{int(count)} such rows for {process}"
            mend = "state all amounts per unit of one main output and give that row amount 1"
            out.append(
                Problem("amount", "one main output of amount 1 for each process", text, mend, "recipes.csv", int(row[process]))
            )
    return out


def idle_recipe_lines(network: Network) -> list[Problem]:
    """Recipe rows of amount 0."""
    zero = network.recipes["amount"] == 0
    return _rows(
        network, "recipes", zero, "amount", expected="a number other than 0", found="0", mend="give the amount or remove the row"
    )


def site_words(network: Network) -> list[Problem]:
    """Statuses and confidences that are not in the lists."""
    out: list[Problem] = []
    for column, known in (("status", tuple(site_statuses())), ("confidence", CONFIDENCES)):
        values = network.sites[column]
        unknown = (values != "") & ~values.isin(known)
        hints = {value: near(value, known) for value in values[unknown].unique()}
        for value, hint in hints.items():
            bad, found = values == value, _literal(repr(value))
            out += _rows(network, "sites", bad, column, expected=f"a known {column}", found=found, mend=_literal(hint))
    return out


def site_years(network: Network) -> list[Problem]:
    """Sites that end before they start."""
    sites = network.sites
    bad = sites["end_year"] < sites["start_year"]
    expected = "an end_year of start_year or later"
    found, mend = "{end_year:.0f} after a start in {start_year:.0f}", "swap or correct them"
    return _rows(network, "sites", bad, "end_year", expected=expected, found=found, mend=mend)


def builds_without_capex(network: Network) -> list[Problem]:
    """Sites with a build limit that cannot be built for want of ``capex_usd``."""
    bad = network.sites["max_build_per_year"].notna() & network.sites["capex_usd"].isna()
    mend = "give capex_usd, or leave max_build_per_year empty"
    return _rows(
        network,
        "sites",
        bad,
        "capex_usd",
        expected="a number, since max_build_per_year is given",
        found="an empty cell",
        mend=mend,
    )


def routes_to_themselves(network: Network) -> list[Problem]:
    """Routes whose origin is their destination."""
    routes = network.routes
    same = (routes["origin"] == routes["destination"]) & (routes["origin"] != "")
    return _rows(
        network,
        "routes",
        same,
        "destination",
        expected="another place than the origin",
        found="{destination}",
        mend="remove the route",
    )


def tariffs_without_price(network: Network) -> list[Problem]:
    """Tariff rates on commodities that have no price to be charged on."""
    price = network.commodities["price_usd_per_unit"]
    priced = price.index[price.notna()]
    bad = (network.values("routes", "tariff_rate") > 0) & ~network.routes["commodity"].isin(priced).to_numpy()
    mend = "give price_usd_per_unit of {commodity} in commodities.csv"
    return _rows(
        network,
        "routes",
        bad,
        "tariff_rate",
        expected="a price to charge the tariff on",
        found="no price of {commodity}",
        mend=mend,
    )


def demand_years(network: Network) -> list[Problem]:
    """Demand in years that are not model years."""
    if not network.years:
        return []
    bad = ~network.demand["year"].isin(network.years) & network.demand["year"].notna()
    years = ", ".join(map(str, network.years))
    mend = "move it to a model year or add the year to network.yaml"
    return _rows(network, "demand", bad, "year", expected=f"a model year ({years})", found="{year:.0f}", mend=mend)


def group_cycles(network: Network) -> list[Problem]:
    """Places that are groups of each other in a ring."""
    out = []
    for ring in cycles(network.places["group"]):
        row = int(np.flatnonzero(network.places.index == ring[0])[0]) + 2
        text = " > ".join((*ring, ring[0]))
        out.append(Problem("group", "groups without a cycle", text, "take one place out of the ring", "places.csv", row))
    return out


def unit_spelling(network: Network) -> list[Problem]:
    """Units that are a known unit in another spelling, such as ``tonnes`` for ``t``."""
    spellings = {spelling: unit.name for unit in known_units().values() for spelling in _spellings(unit.name, unit.title)}
    out: list[Problem] = []
    for unit in network.commodities["unit"].unique():
        right = spellings.get(str(unit).casefold())
        if right is not None and unit not in known_units():
            bad = network.commodities["unit"] == unit
            out += _rows(
                network,
                "commodities",
                bad,
                "unit",
                expected=f"the unit {right}",
                found=_literal(repr(unit)),
                mend=f"write {right}",
            )
    return out


def _spellings(name: str, title: str) -> set[str]:
    plain = title.casefold()
    extra = {"ton", "tons", "mt"} if name == "t" else set()
    return {name.casefold(), plain, plain + "s"} | extra


def known_units() -> Units:
    """The shipped units of mass, energy, vehicles and pieces."""
    return _quantities()


def contents_above_mass(network: Network) -> list[Problem]:
    """Commodities counted by mass that hold more tonnes of elements than they weigh."""
    units, unit = known_units(), network.commodities["unit"]
    weight = unit.map({name: entry.factor for name, entry in units.items() if entry.dimension == "mass"}).astype(float)
    held = network.contents.groupby("commodity")["t_per_unit"].sum()
    total = pd.Series(network.commodities.index, index=network.commodities.index).map(held).astype(float)
    bad = total > weight * (1 + 1e-9)
    mend = "correct the unit of {commodity} or its contents per unit"
    expected = "no more tonnes of elements than the unit weighs"
    return _rows(
        network, "commodities", bad, "element_t_per_unit", expected=expected, found="a clash with the unit {unit}", mend=mend
    )


def contents_that_disagree(network: Network) -> list[Problem]:
    """Rows of ``contents`` that contradict the main element of ``commodities``."""
    commodities = network.commodities[~network.commodities.index.duplicated()]
    names = network.contents["commodity"]
    main = names.map(commodities["element"]) == network.contents["element"]
    stated = names.map(commodities["element_t_per_unit"]).astype(float)
    bad = main & stated.notna() & ~np.isclose(network.contents["t_per_unit"], stated, rtol=1e-6)
    mend = "make it the same as element_t_per_unit of {commodity} in commodities.csv"
    return _rows(
        network,
        "contents",
        bad,
        "t_per_unit",
        expected="the content that commodities.csv states",
        found="{t_per_unit:g}",
        mend=mend,
    )


def elements_from_nothing(network: Network) -> list[Problem]:
    """Processes that put out more of an element than their inputs hold, by the contents of the commodities.

    Elements that no input of the process carries are taken to come from outside the network, as iron does into iron phosphate.
    """
    if network.recipes.duplicated(["process", "commodity"]).any():
        return []
    lines = network.recipes.merge(network.contents.drop_duplicates(["commodity", "element"]), on="commodity")
    held = lines["amount"] * lines["t_per_unit"]
    keys = [lines["process"], lines["element"]]
    given, taken = held.clip(lower=0).groupby(keys).sum(), (-held).clip(lower=0).groupby(keys).sum()
    allowed = given.index.get_level_values(0).map(_allowance(network).to_dict()).to_numpy(dtype=float)
    bad = ((taken > 0) & (given > allowed * taken)).to_numpy()
    first = network.recipes["process"].drop_duplicates()
    row = dict(zip(first, first.index + 2, strict=True))
    return [
        Problem(
            "amount",
            "no more of an element in the outputs than in the inputs",
            f"{process} gives {given[process, element]:g} t of {element} from {taken[process, element]:g} t",
            "correct the amounts, or the contents of the commodities",
            "recipes.csv",
            int(row[process]),
        )
        for process, element in given.index[bad]
    ]


def _allowance(network: Network) -> pd.Series:
    """How many times the element of its inputs each process may put out: by the units of all that it moves."""
    mass = {name for name, unit in known_units().items() if unit.dimension == "mass"}
    weighed = network.recipes["commodity"].map(network.commodities["unit"].isin(mass))
    return weighed.astype(bool).groupby(network.recipes["process"]).all().map({True: BY_WEIGHT, False: BY_PIECE})


def _quantities() -> Units:
    from orepact.chain.tables import code_list
    from orepact.units import Unit

    entries = {name: Unit(name=name, **entry) for name, entry in code_list("units").items()}
    counted = {"mass", "energy", "vehicles", "pieces"}
    return Units({name: unit for name, unit in entries.items() if unit.dimension in counted})
