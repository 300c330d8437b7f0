"""The options that commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer


class OutputFormat(StrEnum):
    """How a reply is printed."""

    table = "table"
    json = "json"
    csv = "csv"


class Supplier(StrEnum):
    """Whose share is asked for."""

    place = "place"
    owner = "owner"


class Allocation(StrEnum):
    """How the cost or the burden of a plant is split over what it makes."""

    value = "value"
    mass = "mass"
    main = "main"


class PlanRows(StrEnum):
    """Which table of a plan is the ``data`` of the reply."""

    summary = "summary"
    flows = "flows"
    capacities = "capacities"
    prices = "prices"
    limits = "limits"


class BaselineRows(StrEnum):
    """Which table of a baseline is the ``data`` of the reply."""

    flows = "flows"
    observations = "observations"
    disagreements = "disagreements"
    uncertainty = "uncertainty"
    summary = "summary"
    left_out = "left_out"


class Layout(StrEnum):
    """How the columns of an imported file are read."""

    claims = "claims"
    baci = "baci"
    wmd = "wmd"
    bgs = "bgs"


READING = "Reading"

Format: TypeAlias = Annotated[
    OutputFormat, typer.Option("--format", "-f", help="table, json with data and meta, or csv.", rich_help_panel=READING)
]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Use only what was known on that day (YYYY-MM-DD).", rich_help_panel=READING),
]
Hindsight: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--hindsight",
        help="For replays: with --as-of, also use later editions about the years that lay behind on that day.",
        rich_help_panel=READING,
    ),
]
IncludeUnverified: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--include-unverified", help="Let unverified claims into the answer; they stay marked.", rich_help_panel=READING
    ),
]
Place: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--place", metavar="PLACE", help="A place (KOR, CA-QC) or a group of places (CAN, europe).", rich_help_panel=READING
    ),
]
Commodity: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--commodity", metavar="NAME", help="A commodity (nickel_sulphate) or an element (nickel).", rich_help_panel=READING
    ),
]
Year: TypeAlias = Annotated[int | None, typer.Option("--year", metavar="YEAR", help="A calendar year.", rich_help_panel=READING)]
Facts: TypeAlias = Annotated[
    Path | None,
    typer.Option("--facts", metavar="DIR", help="Claim tables to lay over the shipped facts.", rich_help_panel=READING),
]
NetworkFolder: TypeAlias = Annotated[
    Path | None, typer.Option("--network", metavar="DIR", help="A network package to use in place of the shipped facts.")
]
FlowsFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--flows", metavar="FILE", help="Flows to measure (CSV, as `orepact baseline` or `orepact plan --rows flows` print them)."
    ),
]
ScenarioName: TypeAlias = Annotated[
    str | None, typer.Option("--scenario", metavar="NAME", help="Plan this scenario (id or YAML file) and measure its flows.")
]
Overwrite: TypeAlias = Annotated[bool, typer.Option("--overwrite", help="Replace what an earlier run wrote there.")]
Database: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--db",
        metavar="URL",
        help="The register: a file, sqlite:///FILE or postgresql://... (default: $OREPACT_DATABASE_URL, else your data folder).",
    ),
]
OnDay: TypeAlias = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day to ask about (YYYY-MM-DD; default: today).")
]
AllocationAsked: TypeAlias = Annotated[
    Allocation, typer.Option(help="Share of co-products by value, by mass, or all on the main one.")
]
Language: TypeAlias = Annotated[str, typer.Option("--language", metavar="LANG", help="en, fr, ja or ko.")]
Actor: TypeAlias = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help="Who makes the change (default: the user of this machine).")
]
Why: TypeAlias = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the audit log.")]
For: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--for",
        metavar="ORGANISATION",
        help="You ask for this organisation, such as a Nation, and are shown what it may see; repeat it.",
    ),
]
Whose: TypeAlias = Annotated[str, typer.Option("--for", metavar="ORGANISATION", help="Whose it is.")]
OwnLabel: TypeAlias = Annotated[
    str, typer.Option("--label", metavar="LABEL", help="TLP:AMBER/OWNER, TLP:AMBER+STRICT/OWNER (usual), TLP:RED/OWNER.")
]
