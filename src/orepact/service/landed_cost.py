"""Use case: what one product costs at one buyer, from every source that makes it, under every rule set in force."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import BadInput, NotFound, Problem
from orepact.service.cost.landed_cost_case import Case, case_of_facts, case_of_package
from orepact.service.cost.landed_paths import Asking, Tests, tests_of
from orepact.service.flowing import Report, flows_for, flows_of_package
from orepact.service.naming import commodities_named, demand_known
from orepact.service.opening import iso_day, manifest_of, sources_used, weak_claims
from orepact.service.result import Result
from orepact.service.rules import begun_later

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.measure.costing.unit_cost import UnitCosts
    from orepact.measure.landed_cost import LandedPath

INPUTS = ("cost", "price")
RATE = 0.05
LEAST_UNKNOWN = 0.01
SHOWN = (
    "commodity",
    "origin",
    "buyer",
    "rules",
    "total_usd",
    "usd_per_kwh",
    "difference_usd",
    "production_usd",
    "transport_usd",
    "tariff_usd",
    "credit_usd",
    "days",
    "complete",
    "hypothetical",
)


def measure_landed_cost(
    ledger: Ledger,
    commodity: str,
    place: str,
    *,
    sources: Sequence[str] = (),
    also: Sequence[str] = (),
    rules: Sequence[str] = (),
    inputs: str = "cost",
    year: int | None = None,
    day: str | None = None,
    rate: float = RATE,
    allocation: str = "value",
    tariffs: Path | None = None,
    tests: bool = False,
    scenario: str | Path | None = None,
    network: Path | None = None,
    flows: Path | None = None,
    report: Report | None = None,
) -> Result:
    """Landed cost of a commodity (id, stage or element) at a place, by source and rule set, with every component.

    ``data``: the components of every path (``landed_cost.PARTS``); ``paths`` beside it and in the table: the totals, cheapest
    first. ``sources``: places to buy from, made there or not (default: all that make it in the year); ``also``: more of them.
    ``rules``: rule sets to show (mfn, cusma, ...; default all in force on ``day``, default the last of the year). ``inputs``: at
    what they ``cost`` to make or at their ``price``. ``tests``: ask the rule sets behind preferences and credits whether the
    product passes (slower); a credit that fails counts nothing. Raises ``BadInput`` with every problem, ``NotFound``.
    """
    when = _checked(inputs, rate, day)
    if network is not None:
        found = flows_of_package(network, year=year, flows=flows, report=report, spread=False)
        asked = year if year is not None else found.years[0]
        _no_border_options(rules, day, tariffs)
        case = case_of_package(found, asked, rate)
    else:
        found = flows_for(ledger, year=year, scenario=scenario, flows=flows, report=report, spread=False)
        asked = year if year is not None else found.years[0]
        case = case_of_facts(ledger, found, asked, when or asked * 10_000 + 1231, rate, tariffs=tariffs, scenario=scenario)
    return landed_cost_of(
        case,
        commodity,
        place,
        sources=sources,
        also=also,
        rules=rules,
        inputs=inputs,
        rate=rate,
        allocation=allocation,
        tests=tests_of(case, scenario) if tests and case.ledger is not None else None,
    )


def landed_cost_of(
    case: Case,
    commodity: str,
    place: str,
    *,
    sources: Sequence[str] = (),
    also: Sequence[str] = (),
    rules: Sequence[str] = (),
    inputs: str = "cost",
    rate: float = RATE,
    allocation: str = "value",
    tests: Tests | None = None,
) -> Result:
    """The same of a case that is at hand, for who asks many questions of one year; ``tests`` gives the verdicts of rule sets."""
    names = _names(case, commodity, place, [*sources, *also], rules)
    costs, unknown = unit_costs_of(case, allocation, bought=inputs == "price")
    asking = Asking(case, costs, sources, rules, inputs, also=also)
    if tests is not None:
        asking.tests = tests
    paths = [path for name in names for buyer in asking.buyers(names, place) for path in asking.paths(name, buyer)]
    if not paths:
        text = f"{commodity} from {', '.join(sources) or 'anywhere'} for {place}"
        raise BadInput(
            [Problem("commodity", "something that is made somewhere, with a way to the buyer", text, "ask for another")]
        )
    return _result(
        case, paths, asking, unknown, {"commodity": commodity, "place": place, "inputs": inputs, "discount_rate": rate}
    )


def _checked(inputs: str, rate: float, day: str | None) -> int | None:
    """The day as ``yyyymmdd``; raises ``BadInput`` with every wrong setting."""
    from orepact.facts.dates import period

    problems = []
    if inputs not in INPUTS:
        problems.append(Problem("inputs", f"one of {', '.join(INPUTS)}", repr(inputs), "write cost or price"))
    if not 0 <= rate < 1:
        problems.append(Problem("discount-rate", "a rate from 0 to below 1", f"{rate:g}", "write 0.05 for 5 %"))
    read = None if day is None else period(day)
    if day is not None and read is None:
        problems.append(Problem("date", "a day as YYYY-MM-DD", repr(day), "write an ISO date"))
    if problems:
        raise BadInput(problems)
    return None if read is None else read[1]


def _names(case: Case, commodity: str, place: str, sources: Sequence[str], rules: Sequence[str]) -> tuple[str, ...]:
    """Commodities that the question is about; raises ``NotFound``, or ``BadInput`` where several names are unknown."""
    known = case.tariffs.regimes if case.tariffs is not None else {}

    def demand(kind: str, name: str, listed: Iterable[str]) -> None:
        if name not in {*listed}:
            raise NotFound(kind, name, listed)

    rest = {f"rules.{name}": partial(demand, "rule set", name, known) for name in rules}
    rest |= {f"sources.{name}": partial(demand, "place or group", name, case.network.groups) for name in sources}
    demand_known(
        commodity=lambda: commodities_named(case.network, commodity),
        place=lambda: demand("place or group", place, case.network.groups),
        **rest,
    )
    return commodities_named(case.network, commodity)


def _no_border_options(rules: Sequence[str], day: str | None, tariffs: Path | None) -> None:
    """The routes of a package carry their own rates, so other rules have no say."""
    given = {"rules": bool(rules), "date": day is not None, "tariffs": tariffs is not None}
    expected = "the tariff_rate of the package's routes"
    problems = [
        Problem(name, expected, "an option that a package cannot follow", "leave it out") for name, on in given.items() if on
    ]
    if problems:
        raise BadInput(problems)


@lru_cache(maxsize=1)  # questions about one case come one after the other
def unit_costs_of(case: Case, allocation: str, *, bought: bool) -> tuple[UnitCosts, pd.Series]:
    """Unit costs of the year with the duties of the chain, and what inputs of unknown duty are worth per unit made."""
    import numpy as np

    from orepact.measure.costing.border_cost import Duties, costs_with_duties, unknown_value
    from orepact.measure.costing.unit_cost import site_costs
    from orepact.measure.tracing.transfers import Transfers

    transfers = Transfers.of(case.flows, case.year, allocation=allocation)
    routes = transfers.moved["route"].to_numpy()
    freight = case.network.values("routes", "cost_usd")[routes]
    if case.tariffs is None:
        duties = Duties(case.network.values("routes", "tariff_rate")[routes], np.zeros(len(routes), dtype=bool))
    else:
        assert case.ledger is not None
        unverified = case.ledger.view.include_unverified
        duties = Duties.of(case.tariffs, transfers, case.day, include_unverified=unverified)
    sites = site_costs(case.network, case.basis)
    costs = costs_with_duties(transfers, sites, freight, duties, prices=case.prices, bought=bought)
    return costs, unknown_value(transfers, duties, costs)


def _result(case: Case, paths: list[LandedPath], asking: Asking, unknown: pd.Series, asked: dict[str, Any]) -> Result:
    from orepact.measure.landed_cost import parts_table, totals_table

    parts, totals = parts_table(paths), totals_table(paths)
    meta: dict[str, Any] = {
        "title": f"landed cost of {asked['commodity']} at {asked['place']}, {case.year}, duties of {iso_day(case.day)}",
        **asked,
        "year": case.year,
        "date": iso_day(case.day),
        "allocation": asking.costs.transfers.allocation,
        "network": case.network.title,
        "conditions": [{"rules": name, "if": text} for name, text in _conditions(paths).items()],
        "units": {
            "usd_per_unit": "USD per unit (MWh, t, vehicle)",
            "usd_per_kwh": "USD per kWh",
            "tariff_rate": "1",
            "days": "days",
        },
        "warnings": [*dict.fromkeys(asking.warnings), *_warnings(case, paths, totals, _untaxed(paths, unknown))],
        **_provenance(case, paths),
    }
    return Result(parts, meta, {"paths": totals.to_dict("records")}, shown=_for_people(totals))


def _for_people(totals: pd.DataFrame) -> pd.DataFrame:
    """The totals without columns that say the same in every row or nothing, and in words."""
    shown = totals[list(SHOWN)].assign(complete=totals["complete"].map({True: "yes", False: "at least"}))
    shown["hypothetical"] = totals["hypothetical"].map({True: "yes", False: ""})
    dull = [name for name in ("commodity", "buyer") if len(set(shown[name])) == 1]
    shown["verdict"] = totals["verdict"]
    empty = [
        name for name in ("usd_per_kwh", "hypothetical", "credit_usd", "verdict") if not shown[name].fillna(0).astype(bool).any()
    ]
    return shown.drop(columns=[*dull, *empty])


def _conditions(paths: Sequence[LandedPath]) -> dict[str, str]:
    """What must hold under each rule set, and for each credit that counts."""
    said = {option.rules: option.condition for path in paths for option in path.options if option.condition}
    granted = {credit.id: credit.condition for path in paths for credit in path.credits if path.credit(credit)}
    return dict(sorted(said.items())) | {name: text for name, text in sorted(granted.items()) if text}


def _warnings(case: Case, paths: list[LandedPath], totals: pd.DataFrame, unknown: float) -> list[str]:
    out = []
    missing = totals[~totals["complete"].astype(bool)]
    if len(missing):
        buyers = ", ".join(sorted(set(missing["buyer"])))
        out.append(f"{len(missing)} of {len(totals)} totals are lower bounds: not every duty at {buyers} is known")
    if unknown >= LEAST_UNKNOWN:
        words = "inputs that crossed a border at a duty that is not known in full (only its known part counts) are worth up to"
        out.append(f"{words} {unknown:.0%} of the production cost, each border counted")
    if (totals["credit_usd"] > 0).any():
        out.append("credits go to the maker: the total counts them as passed on in full, if their conditions hold")
    if case.ledger is not None:
        out += begun_later((rule for path in paths for credit in path.credits for rule in credit.rules), case.ledger.view.day)
    if case.claims is not None:
        out += weak_claims([case.claims])
        out.append(
            "what a buyer pays may differ: costs hold no profit, and prices of 2024 were below the full cost of many plants"
        )
    return out


def _untaxed(paths: list[LandedPath], unknown: pd.Series) -> float:
    """Largest worth of inputs of unknown duty relative to the cost of a product."""
    real = [path for path in paths if path.cost and not path.hypothetical]
    parts = [float(unknown.get((path.commodity, path.origin), 0.0)) / path.cost for path in real]
    return max((part for part in parts if not math.isnan(part)), default=0.0)


def _provenance(case: Case, paths: list[LandedPath]) -> dict[str, Any]:
    made = {key: value for key, value in case.flows.manifest.as_dict().items() if key != "created"}
    if case.ledger is None or case.claims is None:
        return {"manifest": made, "sources": []}
    used = {part.measure.source: part.measure.confidence for path in paths for option in path.options for part in option.parts}
    laws = [
        {**case.tariff_sources[name], "confidence": [said]} for name, said in sorted(used.items()) if name in case.tariff_sources
    ]
    sources = [*sources_used(case.ledger, case.claims), *laws]
    return {"manifest": {**made, **manifest_of(case.ledger)}, "sources": sources}
