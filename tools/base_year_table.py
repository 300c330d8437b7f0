"""Write the tables of docs/why/base-year.md from the closed base year of the shipped facts.

``python -m tools.base_year_table`` writes them between their markers; ``--check`` says whether they are current (a test does).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from orepact.chain.reference.amounts import total
from orepact.chain.reference.builder import ReferenceNetwork
from orepact.chain.scenario import Scenario
from orepact.facts.ledger import Ledger

PAGE = Path(__file__).parents[1] / "docs" / "why" / "base-year.md"
BEGIN, END = "<!-- tables: written by tools/base_year_table.py -->", "<!-- end of tables -->"
#: Mined commodity and the element that its statistic counts.
MINED = (
    ("lithium_brine", "lithium"), ("spodumene_concentrate", "lithium"), ("nickel_ore", "nickel"),
    ("nickel_concentrate", "nickel"), ("cobalt_concentrate", "cobalt"), ("manganese_ore", "manganese"),
    ("natural_graphite_flake", "graphite"), ("copper_concentrate", "copper"), ("bauxite", "aluminium"),
    ("phosphate_rock", "phosphorus"), ("rare_earth_concentrate", "rare_earths"),
)  # fmt: skip
MADE = (
    "lithium_carbonate", "lithium_hydroxide", "nickel_class1", "nickel_sulphate", "cobalt_sulphate",
    "cobalt_metal", "manganese_sulphate", "coated_spherical_graphite", "synthetic_graphite", "cam_nmc622",
    "cam_nmc811", "cam_nca", "cam_lfp", "electrolyte", "separator", "copper_foil", "cell_nmc622", "cell_nmc811",
    "cell_nca", "cell_lfp", "cell_lco", "pack_ev_nickel", "pack_ev_lfp", "ev_car_nickel", "ev_car_lfp",
    "stationary_storage", "ndpr_oxide", "ndfeb_magnet",
)  # fmt: skip
THOUSANDS = {"t": "kt", "MWh": "GWh", "vehicle": "thousand cars", "piece": "thousand"}


def mined_table(parts: ReferenceNetwork) -> Iterator[str]:
    """Need and statistic of what is mined, in kilotonnes of the element."""
    yield "| mined | element | needed, kt | statistic, kt | needed / statistic | other uses |"
    yield "|---|---|---:|---:|---:|---|"
    codes, base = parts.evidence.codes, parts.base
    followed = {parts.base.known.main_input(process) for process, rule in base.rules.items() if rule.close == "input"}
    for commodity, element in MINED:
        item = codes.commodities[commodity]
        content = item.contents.get(element, 1.0) / 1000.0
        need, made = total(base.need[commodity]) * content, total(base.shares(commodity)) * content
        others = "what the statistic leaves" if commodity in base.remainder else "projected, or none"
        others = "all that is mined is taken on" if commodity in followed else others
        yield f"| {item.title} | {element.replace('_', ' ')} | {need:,.1f} | {made:,.1f} | {need / made:.2f} | {others} |"


def made_table(parts: ReferenceNetwork) -> Iterator[str]:
    """What is made in between: how much, where, and how much of it rests on a claim."""
    yield "| made | output | unit | three largest | resting on claims |"
    yield "|---|---:|---|---|---:|"
    codes, base = parts.evidence.codes, parts.base
    for commodity in MADE:
        item = codes.commodities[commodity]
        shares = base.shares(commodity)
        made = total(shares)
        largest = ", ".join(f"{place} {quantity / made:.0%}" for place, quantity in list(shares.items())[:3])
        sure = sum(total(base.certain[process]) for process in parts.recipes.makers[commodity] if process in base.certain)
        unit = THOUSANDS[item.unit]
        yield f"| {item.title} | {made / 1000:,.0f} | {unit} | {largest} | {min(sure / made, 1.0):.0%} |"


def tables() -> str:
    """Both tables as Markdown."""
    parts = ReferenceNetwork(Ledger.shipped(), Scenario.load("reference"), ())
    return "\n".join([*mined_table(parts), "", *made_table(parts)])


def page(text: str) -> str:
    """The page with current tables between the markers."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def main(arguments: list[str]) -> int:
    """Write the page, or with ``--check`` say whether it is current (0) or not (1)."""
    text = PAGE.read_text(encoding="utf-8")
    current = page(text)
    if "--check" in arguments:
        if current != text:
            print(f"{PAGE}: the tables are stale; run python -m tools.base_year_table")
        return int(current != text)
    PAGE.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
