"""Plans: scenarios, one of one's own, the run of one and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model

from orepact.chain import Scenario
from orepact.chain.scenario_files import shipped_scenarios
from orepact.errors import BadInput, NotFound, Problem
from orepact.report.sentences import sentence
from orepact.service import jobs
from orepact.service.asked import Code, VersionName
from orepact.service.view import scenario_form
from orepact.service.view.kept import kept
from orepact.service.view.kept_results import PLANS
from orepact.service.view.planned import REFERENCE, TARGET, Planned, kept_plan, plan_of_run
from orepact.web.pages import plan_binding, plan_compare, plan_shown, plan_targets, run_names, run_parts
from orepact.web.pages.page import Asked, Filled, Form, Page, Sent
from orepact.web.pages.shown import Column, Figure, Link, Shown, Table

if TYPE_CHECKING:
    from orepact.web.pages.visit import Visit

#: The good and the year that a map shows first, where the plan has them.
GOOD, YEAR = "lithium_hydroxide", 2030
Text = Annotated[str, Field(max_length=4000)]


class Showing(Asked):
    """A scenario of the package or a run; of which good capacities and flows are shown, and of which year."""

    plan: Code
    good: Code | None = None
    year: Annotated[int, Field(ge=1900, le=2199)] | None = None


class Beginning(Asked):
    """The scenario from which one's own starts."""

    parent: Code = REFERENCE


class Running(Filled):
    """A scenario of the package to plan."""

    network: VersionName | None = None


_TYPED: dict[str, Any] = {
    name: (list[Text] if field.many else Text, Field(default_factory=list) if field.many else "")
    for name, field in scenario_form.names().items()
}
Own = create_model("Own", __base__=Running, off=(list[Text], Field(default_factory=list)), **_TYPED)
Own.__doc__ = "A scenario of one's own: the fields that its JSON Schema has, as texts."


def scenarios(visit: Visit) -> Shown:
    """Scenarios of the package, and the runs of one's own."""
    rows = []
    for name in sorted(shipped_scenarios(), key=lambda name: name != REFERENCE):
        found = Scenario.load(name)
        rows.append({"id": name, "title": found.title, "description": found.description})
    columns = (
        Column("id", sentence("Scenario")),
        Column("title", sentence("Title")),
        Column("description", sentence("Description")),
    )
    runs = run_parts.own_runs(visit, "plan", "/plans")
    done = [(row["run"], row["about"].words) for row in (runs.rows if runs else []) if row["state"].level == "green"]
    return Shown(
        lead=sentence("Where to build what, and when, so that all demand is met at least cost, under what a scenario assumes."),
        context={"scenarios": rows, "done": done},
        tables=[Table("scenarios", sentence("Scenarios"), columns, rows), *([runs] if runs else [])],
        command="orepact plan reference",
    )


def begin(visit: Visit) -> Shown:
    """The form of a scenario of one's own."""
    parent = _scenario(visit.asked.parent)
    context = {
        "parent": parent.id,
        "parents": [*shipped_scenarios()],
        "sections": scenario_form.sections(),
        "kinds": scenario_form.KINDS,
        "now": scenario_form.of_parent(parent),
        "limits": [(one.name, one.kind) for one in parent.limits if one.enabled],
    }
    return Shown(
        lead=sentence("State only what differs; what you leave empty stays as in the scenario that yours starts from."),
        context=context,
        command="orepact plan scenario.yaml",
    )


def _scenario(name: str) -> Scenario:
    """A scenario of the package; raises ``NotFound``, also for what would be the name of a file."""
    if name not in shipped_scenarios():
        raise NotFound("plan", name)
    return Scenario.load(name)


def send_own(visit: Visit, content: Any) -> Sent:
    """Ask for the plan of a scenario that was written; problems stand at their fields."""
    parent = _scenario(visit.asked.parent)
    typed = {name: value if isinstance(value, list) else [value] for name, value in content.model_dump().items() if value}
    typed.pop("network", None)
    if not typed.get("title"):
        raise BadInput([Problem("title", "a title", "nothing", "say in few words what differs")])
    changes = scenario_form.changes_of(typed, parent)
    return _submitted(visit, {"scenario": parent.id, "changes": changes}, content.network)


def send_shipped(visit: Visit, content: Running) -> Sent:
    """Ask for the plan of a scenario of the package."""
    return _submitted(visit, {"scenario": _scenario(visit.asked.plan).id}, content.network)


def _submitted(visit: Visit, what: dict[str, Any], network: str | None) -> Sent:
    asked = {**what, "as_of": visit.asked.as_of}
    if network:  # its model years are its own, unless somebody states others
        known = what.get("changes") or {"id": f"{what['scenario']}_here", "title": _scenario(what["scenario"]).title}
        asked = {**what, "network": network, "changes": {"years": [], **known}}
    asked |= {"include_unverified": True} if visit.asked.include_unverified and not network else {}
    found = jobs.submit_run("plan", {name: value for name, value in asked.items() if value is not None}, visit.desk)
    return Sent(to=f"/plans/{found.top['run']}")


def one(visit: Visit) -> Shown:
    """A scenario with its plan where that is kept, or a run; raises ``NotFound``, of a run of others too."""
    name = visit.asked.plan
    if name.startswith("run-"):
        return _run(visit, name)
    scenario = _scenario(name)
    context: dict[str, Any] = {"run": None, "scenario": scenario, "planned": True, "changes": ""}
    ledger = visit.ledger()
    return kept(
        ledger,
        ("plan", name, visit.asked.good, visit.asked.year, visit.language),
        lambda: _shown(
            visit, kept_plan(ledger, name), scenario.title,
            lead=scenario.description, context=context, more=[_limits(visit, scenario)] if scenario.active_limits else [],
        ),
    )  # fmt: skip


def _limits(visit: Visit, scenario: Scenario) -> Table:
    columns = (
        Column("name", sentence("Limit")),
        Column("kind", sentence("Kind"), how="words"),
        Column("says", sentence("Says")),
    )
    codes = visit.ledger().codes
    rows = [
        {
            "name": limit.label.replace("_", " "),
            "kind": plan_binding.POLICY.get(limit.kind, limit.kind.replace("_", " ")),
            "says": plan_binding.says(visit, codes, limit),
        }
        for limit in scenario.active_limits
    ]
    note = plan_targets.NOTE if any(limit.kind == TARGET for limit in scenario.active_limits) else ""
    return Table("limits", sentence("Policy limits"), columns, rows, note=note, empty=sentence("It has none."))


def _run(visit: Visit, name: str) -> Shown:
    row = run_parts.run_of(visit, name, "plan")
    asked, standing = row["asked"], run_parts.standing(visit, row)
    done = row["state"] == "done" and bool(row["tables"])
    title, changes = plan_shown.title_of(asked), _as_file(asked) if asked.get("changes") else ""
    context = {"run": standing, "scenario": None, "planned": done, "changes": changes}
    if not done:
        return Shown(title=title, context=context, tables=[run_parts.run_table(standing)], api=f"/api/v1/runs/{name}")
    return _shown(visit, plan_of_run(name, visit.desk), title, lead="", context=context, more=[run_parts.run_table(standing)])


def _as_file(asked: Any) -> str:
    """A scenario that was written as the file that the command line reads."""
    import yaml

    return str(
        yaml.safe_dump({**asked["changes"], "parent": asked.get("scenario") or REFERENCE}, sort_keys=False, allow_unicode=True)
    )


def _shown(visit: Visit, plan: Planned, title: str, *, lead: str, context: dict[str, Any], more: list[Table]) -> Shown:
    """What came of a plan."""
    codes, asked, goods = visit.ledger().codes, visit.asked, plan_shown.goods(plan)
    good = asked.good if asked.good in goods else GOOD if GOOD in goods else (goods[0] if goods else "")
    year = asked.year if asked.year in plan.years else YEAR if YEAR in plan.years else (plan.years[-1] if plan.years else 0)
    figures: list[Figure] = []
    tables: list[Table] = []
    if good:
        for figure, table in (plan_shown.timeline(visit, plan, good), plan_shown.flows_map(visit, plan, year, good)):
            figures += [figure] if figure is not None else []
            tables.append(table)
    cost, by_stage = plan_shown.costs(visit, plan)
    figures.append(cost)
    tables += [by_stage, plan_shown.gaps(visit, plan), plan_shown.builds(visit, plan), plan_binding.limits(visit, plan)]
    tables += [plan_shown.whole(plan, codes), *([plan_targets.table(plan, codes)] if plan.targets else [])]
    context |= {
        "headline": plan_shown.headline(plan),
        "scarce": plan_binding.scarce(plan, codes),
        "mapped": any(figure.name == "map" for figure in figures),
        "notes": plan.warnings,
        "good": good,
        "year": year,
        "goods": [(name, run_names.good(codes, name)) for name in goods],
        "years": plan.years,
        "compare": Link("", "/plans/compare", {} if plan.name == REFERENCE else {"b": plan.name}),
    }
    kept = ("data_edition", "scenario", "scenario_hash", "network_hash", "sha256")
    manifest = {**dict(plan.meta.get("manifest", {})), **{name: plan.meta[name] for name in kept if name in plan.meta}}
    api = "" if plan.name in PLANS else f"/api/v1/runs/{plan.name}"
    return Shown(
        title=title,
        lead=lead,
        context=context,
        tables=[*tables, *more],
        figures=figures,
        command=plan.command,
        sources=plan.sources,
        api=api,
        manifest={name: value for name, value in manifest.items() if isinstance(value, (str, int, float))},
    )


PAGES = run_parts.rooms(
    "plans",
    "plan",
    titles=(sentence("Plans"), sentence("A scenario of your own"), sentence("Plan")),
    uses=(scenarios, begin, one),
    asked=(Asked, Beginning, Showing),
    own=Form(name="own", fields=Own, send=send_own, deed="run", done=""),
    again=Form(name="run", fields=Running, send=send_shipped, deed="run", done=""),
    more=(
        Page(
            path="/plans/compare",
            name="plans_compare",
            title=sentence("Two plans side by side"),
            use=plan_compare.compare,
            template="plans/compare.html.j2",
            asked=plan_compare.Comparing,
            tab="plans",
            kept=False,
        ),
    ),
)
