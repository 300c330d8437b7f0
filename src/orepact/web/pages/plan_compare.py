"""Two plans side by side: what each costs and builds, and where they differ most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orepact.chain import Scenario
from orepact.errors import NotFound
from orepact.report.sentences import said, sentence
from orepact.service.asked import Code
from orepact.service.view.kept_results import PLANS
from orepact.service.view.planned import REFERENCE, Planned, kept_plan, plan_of_run
from orepact.web.pages import plan_shown, run_names, run_parts
from orepact.web.pages.page import Asked
from orepact.web.pages.shown import Column, Figure, Link, Shown, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orepact.web.pages.visit import Visit


#: What is told of a year and good; how far apart it may be and still be the same; from where on costs are told in billions.
FIGURES, SAME, LARGE_USD = ("capacity", "built", "shortage", "cost_usd"), 1e-6, 1e7
#: So many differences stand on the page.
DIFFERENT = 20
HEADS = {
    "capacity_a": sentence("Capacity, first"),
    "capacity_b": sentence("Capacity, second"),
    "shortage_a": sentence("Missing, first"),
    "shortage_b": sentence("Missing, second"),
}


class Comparing(Asked):
    """Two plans."""

    a: Code = REFERENCE
    b: Code | None = None
    good: Code | None = None


def compare(visit: Visit) -> Shown:
    """Two plans side by side; raises ``NotFound`` for one that is not there for the reader."""
    asked = visit.asked
    names = [name for name in (asked.a, asked.b) if name]
    plans, waiting = [], []
    for name in names:
        title, plan = _of(visit, name)
        if plan is None:
            waiting.append(Link(title, f"/plans/{name}"))
        else:
            plans.append((name, title, plan))
    choices = [(name, visit.voice.say(Scenario.load(name).title)) for name in PLANS]
    runs = run_parts.own_runs(visit, "plan", "/plans")
    choices += [(row["run"], str(row["about"].words)) for row in (runs.rows if runs else []) if row["state"].level == "green"]
    goods = sorted(set.intersection(*(set(plan_shown.goods(plan)) for _, _, plan in plans))) if plans else []
    good = asked.good if asked.good in goods else "cell_nmc811" if "cell_nmc811" in goods else (goods[0] if goods else "")
    sides, figures, tables = [], [], []
    for letter, (name, title, plan) in zip("ab", plans, strict=False):
        side: dict[str, Any] = {"id": name, "title": title, "headline": plan_shown.headline(plan, beside=True), "figure": ""}
        if good:
            figure, table = plan_shown.timeline(visit, plan, good)
            side["figure"] = f"capacity_{letter}"
            called = said("{what} ({plan})", what=table.title, plan=title)
            tables.append(Table(side["figure"], called, table.columns, table.rows))
            figures.append(Figure(side["figure"], figure.title, figure.plot, figure.summary, side["figure"], figure.height))
        sides.append(side)
    if len(figures) > 1:
        _on_one_scale(figures)
    if len(plans) > 1:
        tables.insert(0, _difference(visit, plans[0][2], plans[1][2]))
    codes = visit.ledger().codes
    context = {
        "sides": sides,
        "waiting": waiting,
        "choices": choices,
        "goods": [(name, run_names.good(codes, name)) for name in goods],
        "good": good,
    }
    return Shown(context=context, figures=figures, tables=tables, command=plans[0][2].command if plans else "")


def _on_one_scale(figures: list[Figure]) -> None:
    """Both charts reach as high as the higher one: else a small capacity looks like a large one."""
    tops = []
    for figure in figures:
        bars = [trace["y"] for trace in figure.plot["data"]]
        tops.append(max((sum(column) for column in zip(*bars, strict=True)), default=0.0))
    for figure in figures:
        figure.plot["layout"]["yaxis"] |= {"range": [0, 1.1 * max(tops) or 1.0], "autorange": False}


def _of(visit: Visit, name: str) -> tuple[str, Planned | None]:
    """The title of a plan, and the plan; None for a run of the reader's organisation that has no answer (yet)."""
    if name in PLANS:
        return Scenario.load(name).title, kept_plan(visit.ledger(), name)
    if not name.startswith("run-"):
        raise NotFound("plan", name)
    row = run_parts.run_of(visit, name, "plan", what="plan")
    done = row["state"] == "done" and row["tables"]
    return plan_shown.title_of(row["asked"]), plan_of_run(name, visit.desk) if done else None


def _differ(row: Mapping[Any, Any]) -> bool:
    """Whether two plans differ in a year and good by more than a solver's rounding."""
    pairs = ((row[f"{name}_a"], row[f"{name}_b"]) for name in FIGURES)
    return any(abs(one - other) > SAME * max(abs(one), abs(other), 1.0) for one, other in pairs)


def _difference(visit: Visit, first: Planned, second: Planned) -> Table:
    """Where the two differ most, by year and good; what is alike in both is left out."""
    codes, keys, figures = visit.ledger().codes, ["year", "commodity", "unit"], [*FIGURES]
    both = (
        first.summary.set_index(keys)[figures]
        .add_suffix("_a")
        .join(second.summary.set_index(keys)[figures].add_suffix("_b"))
        .dropna()
    )
    common = bool(len(both))
    both["change"] = both["cost_usd_b"] - both["cost_usd_a"]
    both = both[[_differ(row) for row in both.to_dict("records")]]
    large = bool((both["change"].abs() >= LARGE_USD).any())
    unit, by = ("bn USD", plan_shown.BILLION) if large else ("USD", 1.0)
    ranked = both.reindex(both["change"].abs().sort_values(ascending=False, kind="stable").index).reset_index()
    short = (ranked[["shortage_a", "shortage_b"]] > 0).any().any()
    sides = ["capacity_a", "capacity_b", *(["shortage_a", "shortage_b"] if short else [])]
    columns = [
        Column("year", sentence("Year")),
        Column("good", sentence("Good")),
        *(Column(name, HEADS[name], how="number") for name in sides),
        Column("change", sentence("Costs more in the second"), unit, "number"),
    ]
    rows = [
        {
            "year": str(row["year"]),
            "good": run_names.good(codes, row["commodity"]),
            "change": plan_shown.computed(row["change"] / by, unit),
            **{name: plan_shown.computed(row[name], row["unit"]) for name in sides},
        }
        for row in ranked.to_dict("records")
    ]
    alike = sentence("Both do the same in every year: what differs is how it is counted, such as the discount rate.")
    empty = alike if common else sentence("They have no year and good in common.")
    return Table("difference", sentence("Where the two differ most"), columns, rows, empty=empty, most=DIFFERENT)
