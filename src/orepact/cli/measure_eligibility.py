"""``orepact measure eligibility``: would it qualify, why not, and what is the cheapest change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from orepact.cli.options import (
    AsOf,
    Facts,
    FlowsFile,
    Format,
    IncludeUnverified,
    NetworkFolder,
    OutputFormat,
    ScenarioName,
    Year,
)

if TYPE_CHECKING:
    from orepact.service.result import Result

#: In place of a rule set: each one of the matrix.
ALL = "all"


Product: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="A commodity (cell_nmc811), or a stage (CELL) for each one made there.")
]
Place: TypeAlias = Annotated[
    str | None, typer.Option(metavar="PLACE", help="Where it is made (CA-ON, KOR); with --rules all, several with commas.")
]
Rules: TypeAlias = Annotated[
    str, typer.Option(metavar="NAME", help="The rule set (us-45x-2026), `all` to ask each, or `list` to see them.")
]
Date: TypeAlias = Annotated[
    str | None, typer.Option(metavar="DATE", help="Day on which it is asked. Default: that of the rule set, else today.")
]
Bill: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Your own bill of materials (CSV: material, cost_usd; place, owner, owner_country, owner_share, today, ...).",
    ),
]
Owners: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Your own ownership tree (CSV: company, holder, share, holder_country).")
]
Declare: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=ANSWER", help="What only the maker can say (debt=0.1, officers=no); repeat it."),
]
RulesFolder: TypeAlias = Annotated[
    list[Path] | None, typer.Option(metavar="DIR", help="Your own rules, laid over the shipped ones; repeat it.")
]


def eligibility(
    *,
    product: Product = None,
    place: Place = None,
    rules: Rules = "list",
    date: Date = None,
    bill: Bill = None,
    owners: Owners = None,
    declare: Declare = None,
    rules_folder: RulesFolder = None,
    year: Year = None,
    scenario: ScenarioName = None,
    network: NetworkFolder = None,
    flows: FlowsFile = None,
    as_of: AsOf = None,
    include_unverified: IncludeUnverified = False,
    facts: Facts = None,
    form: Format = OutputFormat.table,
) -> None:
    """Say whether a product qualifies under a set of rules.

    Each test with its rule, what was measured, the threshold and why; then the cheapest change of sources that would pass, or the
    test that no sourcing can mend. What is not known is shown between two bounds. Not legal advice.

    Example: `orepact measure eligibility --product CELL --place CA-ON --rules us-45x-2026`

    Example: `orepact measure eligibility --product cell_nmc811 --place KOR,CA-QC --rules all --date 2026-11-22`

    Example: `orepact measure eligibility --product CELL --place USA --rules us-45x-2026 --bill bill.csv --declare officers=no`
    """
    from orepact import service
    from orepact.cli.output import emit
    from orepact.cli.progress import progress

    if rules == "list":
        emit(service.list_rule_sets(rules_folder or ()), form)
        return
    if product is None or place is None:
        raise typer.BadParameter("name the product (--product CELL) and the place where it is made (--place CA-ON)")
    declared = dict(_pair(text) for text in declare or [])
    if rules == ALL:
        _demand_facts_alone(network=network, bill=bill, owners=owners, declare=declare, rules_folder=rules_folder)
    with progress() as report:
        ledger = service.open_ledger(as_of=as_of, include_unverified=include_unverified, facts=facts)
        if rules == ALL:
            places = [name.strip() for name in place.split(",") if name.strip()]
            found = service.measure_every_rule(
                ledger, [product], places, day=date, year=year, scenario=scenario, flows=flows, report=report
            )
        else:
            found = service.measure_eligibility(
                ledger, product, place, rules, day=date, year=year, scenario=scenario, network=network, flows=flows, bill=bill,
                owners=owners, rules_folders=rules_folder or (), declared=declared, report=report,
            )  # fmt: skip
    emit(_for_people(found) if form is OutputFormat.table else found, form)


def _demand_facts_alone(**given: object) -> None:
    """Each rule set at once is asked of the facts; raises what Typer tells for options that ask something else."""
    odd = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if odd:
        raise typer.BadParameter(f"--rules all does not go with {', '.join(odd)}: name one rule set")


def _for_people(found: Result) -> Result:
    """The reply with the cheapest change in words alone."""
    from dataclasses import replace

    words = {f"cheapest change, {change['product']}": change["words"] for change in found.meta.get("cheapest_change", ())}
    kept = {name: value for name, value in found.meta.items() if name != "cheapest_change"}
    return replace(found, meta={**kept, **words})


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark or not name.strip() or not value.strip():
        raise typer.BadParameter(f"--declare {text}: write NAME=ANSWER, such as officers=no")
    return name.strip(), value.strip()
