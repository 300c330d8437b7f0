"""What each run computes: an answer for people and programs, and every table beside it. It knows no database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orepact.service.flowing import USUAL_YEAR, Report

if TYPE_CHECKING:
    import pandas as pd

    from orepact.facts import Ledger
    from orepact.service.jobs import questions
    from orepact.service.result import Result
    from orepact.service.shock.question import Question


@dataclass(frozen=True)
class Ground:
    """What a question is asked of: the facts, opened when they are first needed, or the folder of a network package; ``event``:
    that of the incident which is assessed (JSON).
    """

    open_facts: Callable[[], Ledger]
    network: Path | None
    report: Report
    event: str = ""

    @cached_property
    def ledger(self) -> Ledger:
        """The facts."""
        return self.open_facts()

    def question(self, asked: questions.Asked) -> Question:
        """What questions about shocks begin with."""
        from orepact.service.shock.question import Question

        facts = None if self.network else self.ledger
        return Question(facts, self.network, getattr(asked, "year", None), getattr(asked, "scenario", None))


@dataclass(frozen=True, eq=False)
class Computed:
    """An answer, and tables beside it, with their units where these are not those of the answer; ``figures``: what is kept in the
    register, as plain values.
    """

    result: Result
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    units: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    figures: Mapping[str, Any] | None = None


def plan(asked: questions.Plan, ground: Ground) -> Computed:
    """See ``planning``."""
    from orepact.chain import Network
    from orepact.service import planning
    from orepact.service.opening import manifest_of, sources_used

    ground.report("building the network", 0.05)
    chosen = asked.chosen()
    network = Network.from_package(ground.network) if ground.network else Network.from_facts(ground.ledger, chosen)
    only = asked.options("commodity", "place", "year")
    planning.demand_asked(network, "summary", **only)
    ground.report("solving the plan", 0.2)
    solved = planning.solve(network, chosen)
    facts: dict[str, Any] = {}
    if not ground.network:
        facts = {**manifest_of(ground.ledger), "sources": sources_used(ground.ledger, ground.ledger.claims)}
    return Computed(planning.answer(solved, network, facts, **only), planning.plan_tables(solved))


def baseline(asked: questions.Baseline, ground: Ground) -> Computed:
    """See ``baselining``."""
    from orepact.chain import Network
    from orepact.chain.reference import baseline_case
    from orepact.service import baselining
    from orepact.service.opening import manifest_of

    only = asked.options("commodity", "place")
    ground.report("gathering what sources say", 0.02)
    if ground.network:
        solved = baselining.fit(Network.from_package(ground.network), asked.year, ground.report)
        return Computed(baselining.answer(solved, {}, **only), baselining.baseline_tables(solved))
    case = baseline_case(ground.ledger, asked.year or USUAL_YEAR)
    solved = baselining.fit(case.network, asked.year or USUAL_YEAR, ground.report)
    facts = {"manifest": manifest_of(ground.ledger), "sources": baselining.sources_of(ground.ledger, case.network)}
    return Computed(baselining.answer(solved, facts, case.left_out, **only), baselining.baseline_tables(solved, case.left_out))


def shock(asked: questions.Shock, ground: Ground) -> Computed:
    """See ``shock.responding``; options of aid only where they are asked for."""
    from orepact.service.result import Result
    from orepact.service.shock import responding
    from orepact.service.shock.response_tables import TABLES, table_of, units_of

    found = responding.answer(
        ground.question(asked),
        [*asked.events, *asked.own_events()],
        response=asked.response, weeks=asked.weeks, foresight=asked.foresight,
        aid=asked.aid, report=ground.report,
    )  # fmt: skip
    tables = {name: table_of(found, name) for name in TABLES if name != "aid" or found.aid is not None}
    units = {name: units_of(name) for name in tables}
    return Computed(Result(tables["summary"], responding.meta_of(found, "summary")), tables, units)


def assessment(asked: questions.Assessment, ground: Ground) -> Computed:
    """See ``pact.assessing``; every table of the shock beside it."""
    from orepact.service.pact.assessing import figures_of
    from orepact.service.result import Result
    from orepact.service.shock import responding
    from orepact.service.shock.response_tables import TABLES, table_of, units_of
    from orepact.shock.events.event import Event

    own = [Event.from_mapping(json.loads(ground.event), f"event of incident {asked.incident}")] if ground.event else []
    found = responding.answer(
        ground.question(asked), own or asked.events, weeks=asked.weeks, foresight=asked.foresight, aid=True, report=ground.report
    )
    tables = {name: table_of(found, name) for name in TABLES}
    units = {name: units_of(name) for name in TABLES}
    return Computed(Result(tables["aid"], responding.meta_of(found, "aid")), tables, units, figures_of(found))


def ensemble(asked: questions.Ensemble, ground: Ground) -> Computed:
    """See ``shock.ensembling``; insurances only where they are asked for."""
    from orepact.service.result import Result
    from orepact.service.shock import ensembling
    from orepact.service.shock.ensemble_meta import meta_of

    draw = ensembling.Draw(members=asked.members, seed=asked.seed, block_weeks=asked.block_weeks)
    found = ensembling.sample(ground.question(asked), draw, insure=asked.insurance, report=ground.report)
    meta = {**meta_of(found), "units": ensembling.units_of(found.study)}
    tables = {name: found.table(name) for name in ensembling.TABLES if name != "insurance" or asked.insurance}
    return Computed(Result(tables["summary"], meta), tables)


def exposure(asked: questions.Exposure, ground: Ground) -> Computed:
    """See ``shock.exposing``."""
    from orepact.service.shock.exposing import exposure

    options = asked.options("time", "kinds", "places", "commodities")
    return Computed(exposure(ground.question(asked), report=ground.report, **options))


def watch(asked: questions.Watch, ground: Ground) -> Computed:
    """See ``shock.watching``; every indicator is a table beside the alarms."""
    from orepact.service.shock.watching import watch

    options = asked.options("place", "commodity", "level")
    found = watch(ground.question(asked), report=ground.report, **options)
    return Computed(found, {"all": watch(ground.question(asked), rows="all", report=ground.report, **options).data})


def carbon(asked: questions.Carbon, ground: Ground) -> Computed:
    """See ``carbon``."""
    from orepact.service.carbon import measure_carbon, measure_carbon_of_package

    options = asked.options("year", "place", "basis", "allocation", "rows") | {"report": ground.report}
    if ground.network:
        return Computed(measure_carbon_of_package(ground.network, asked.commodity, **options))
    return Computed(measure_carbon(ground.ledger, asked.commodity, scenario=asked.scenario, **options))


def social(asked: questions.Social, ground: Ground) -> Computed:
    """See ``social``."""
    from orepact.service.social import measure_social, measure_social_of_package

    options = asked.options("year", "place", "element", "stage", "basis") | {"report": ground.report}
    if ground.network:
        return Computed(measure_social_of_package(ground.network, asked.commodity, **options))
    return Computed(measure_social(ground.ledger, asked.commodity, scenario=asked.scenario, **options))


def origin(asked: questions.Origin, ground: Ground) -> Computed:
    """See ``tracing``."""
    from orepact.service.tracing import measure_origin

    options = asked.options("year", "scenario", "place", "element", "by", "stage", "visit", "basis", "rows")
    found = measure_origin(ground.ledger, asked.commodity, network=ground.network, report=ground.report, **options)
    return Computed(found)


def eligibility(asked: questions.Eligibility, ground: Ground) -> Computed:
    """See ``eligibility``, and ``law.qualifying`` for all rule sets."""
    from orepact.service.eligibility import measure_eligibility
    from orepact.service.jobs.questions import ALL_RULES
    from orepact.service.law.qualifying import measure_every_rule

    if asked.rules == ALL_RULES:
        more = asked.options("year", "scenario", "day") | {"report": ground.report}
        return Computed(measure_every_rule(ground.ledger, [asked.product], [asked.place, *asked.places], **more))
    options = asked.options("year", "scenario", "day") | {"network": ground.network, "report": ground.report}
    return Computed(measure_eligibility(ground.ledger, asked.product, asked.place, asked.rules, **options))


def landed_cost(asked: questions.LandedCost, ground: Ground) -> Computed:
    """See ``landed_cost``."""
    from orepact.service.landed_cost import measure_landed_cost

    options = asked.options("year", "scenario", "day", "rate", "sources", "also", "rules", "tests", "inputs", "allocation")
    options |= {"network": ground.network, "report": ground.report}
    return Computed(measure_landed_cost(ground.ledger, asked.commodity, asked.place, **options))
