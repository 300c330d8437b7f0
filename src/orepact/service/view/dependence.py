"""Dependence: who delivered against where it came from, by place and by owner; what a stop costs; what cells emit.

All from kept results; the functions give rows with names of the code lists, to be said by whoever shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.errors import ProblemCollector
from orepact.service.view.atlas import kept_moves
from orepact.service.view.followed import DUST
from orepact.service.view.kept_results import kept
from orepact.service.view.selection import members

if TYPE_CHECKING:
    from orepact.facts import Codes

PARTIES = ("KOR", "JPN", "CAN", "USA", "europe")
STAGES = ("mine", "refine", "active_material")
BASES = ("production", "supply")
USUAL = {"party": "KOR", "element": "graphite", "good": "cell", "stage": "mine", "basis": "production", "year": "2024"}
#: Questions side by side: who delivered, who made it, by place and by owner.
SIDES = (("direct", "place"), ("traced", "place"), ("direct", "owner"), ("traced", "owner"))
#: Rows that are no country of origin.
NOT_NAMED = ("unknown", "others", "stock", "recycled", "ROW")
STOP = "graphite_stop"
RESPONSES = ("contracts", "market", "pact")


@dataclass(frozen=True)
class Question:
    """Of which element in which good (or stage) of which party, traced to which stage, of what basis, in which year."""

    party: str
    element: str
    good: str
    stage: str
    basis: str
    year: int

    @property
    def command(self) -> str:
        """The command line that computes the traced part anew, by owner."""
        words = f"--place {self.party} --commodity {self.good} --element {self.element} --by owner"
        return f"orepact measure origin {words} --stage {self.stage} --basis {self.basis} --year {self.year}"


def question(asked: dict[str, str | None]) -> Question:
    """The question of some texts, with what is usual for those that are missing; raises ``BadInput`` with all wrong ones."""
    table, found = kept("origins").frame, ProblemCollector()
    given = {name: str(asked.get(name) or usual) for name, usual in USUAL.items()}
    for name in ("party", "element", "good", "stage", "basis", "year"):
        known = {str(each).casefold(): str(each) for each in table[name].unique()}
        if given[name].casefold() not in known:
            found.add(name, f"one of {', '.join(sorted(known.values()))}", repr(given[name]), "choose one of them")
        given[name] = known.get(given[name].casefold(), given[name])
    found.raise_if_any()
    year = int(given.pop("year"))
    return Question(**given, year=year)


def choices() -> dict[str, list[str]]:
    """What may be asked for, by name."""
    table = kept("origins").frame
    return {name: [str(each) for each in table[name].unique()] for name in ("party", "element", "good", "stage", "basis", "year")}


def shares(codes: Codes, asked: Question) -> pd.DataFrame:
    """Shares of one question: ``side`` (direct or traced), ``by, origin, share, quantity, estimated_share``, the largest first.

    Direct: where the goods that hold the element were made or sent, that plants making the good took in. Traced: where the
    element entered the chain, or passed the stage. Shares of a side and by sum to 1; empty where nothing is known of it.
    """
    parts = [_traced(asked, by).assign(side="traced", by=by) for by in ("place", "owner")]
    parts += [_direct(codes, asked, by).assign(side="direct", by=by) for by in ("place", "owner")]
    both = pd.concat(parts, ignore_index=True)
    both["origin"] = [codes.country(name) if name in codes.places else name for name in both["origin"]]
    keys = ["side", "by", "origin"]
    weighted = both.assign(estimated_share=both["estimated_share"] * both["quantity"])
    summed = weighted.groupby(keys, sort=False)[["share", "quantity", "estimated_share"]].sum().reset_index()
    summed["estimated_share"] /= summed["quantity"].where(summed["quantity"] > 0, 1.0)
    order = summed["side"].map({"direct": 0, "traced": 1}) + 2 * summed["by"].map({"place": 0, "owner": 1})
    return (
        summed.assign(order=order)
        .sort_values(["order", "share"], ascending=[True, False], ignore_index=True)
        .drop(columns="order")
    )


def _traced(asked: Question, by: str) -> pd.DataFrame:
    table = kept("origins").frame
    wanted = {"year": asked.year, "party": asked.party, "good": asked.good, "element": asked.element, "stage": asked.stage}
    for name, value in {**wanted, "basis": asked.basis, "by": by}.items():
        table = table[table[name] == value]
    return table[["origin", "share", "quantity", "estimated_share"]]


def _direct(codes: Codes, asked: Question, by: str) -> pd.DataFrame:
    """Who delivered what holds the element to the plants that make the good."""
    table = kept_moves()
    stage = table.goods[asked.good].stage if asked.good in table.goods else asked.good
    held = frozenset(name for name, good in table.goods.items() if good.contents.get(asked.element, 0.0) > 0)
    columns = table.columns
    mask = columns["commodity"].among(held) & columns["to_stage"].among([stage]) & (table.year == asked.year)
    mask &= columns["to_place"].among(members(codes, asked.party))
    own = table.stage_of_good.among([stage])  # what is sent on at the same stage is no input
    amount, _ = table.factor("contained", asked.element)
    rows = pd.DataFrame(
        {
            "origin": [columns[f"from_{by}"].names[code] for code in columns[f"from_{by}"].codes[mask & ~own]],
            "quantity": (table.quantity * amount[columns["commodity"].codes])[mask & ~own],
            "weak": table.weak[mask & ~own],
        }
    )
    rows["estimated"] = rows["quantity"] * rows["weak"]
    summed = rows.groupby("origin")[["quantity", "estimated"]].sum().reset_index()
    whole = summed["quantity"].sum()
    summed = summed.assign(share=summed["quantity"] / whole if whole else 0.0)
    return summed.assign(estimated_share=summed["estimated"] / summed["quantity"].where(summed["quantity"] > 0, 1.0))[
        ["origin", "share", "quantity", "estimated_share"]
    ]


def largest(rows: pd.DataFrame, side: str, by: str) -> tuple[str, float]:
    """The largest named origin of a side, and its share; ``("", 0.0)`` where none is known."""
    part = rows[(rows["side"] == side) & (rows["by"] == by) & ~rows["origin"].isin(NOT_NAMED)]
    return (str(part["origin"].iloc[0]), float(part["share"].iloc[0])) if len(part) else ("", 0.0)


def plants(asked: Question) -> pd.DataFrame:
    """Plants of the party that make the good, in the base year: the largest first."""
    table = kept("plants").frame
    wanted = (table["commodity"] == asked.good) | (table["stage"] == asked.good)
    return table[wanted & (table["party"] == asked.party)].sort_values("quantity", ascending=False, ignore_index=True)


def stop_of(parties: tuple[str, ...] = ("JPN", "KOR", "CAN")) -> pd.DataFrame:
    """What the six-month graphite stop costs parties: for each response a loss in USD and GWh of cells not made."""
    table = kept(STOP).frame
    least = {name: DUST * float(table[name].abs().max()) for name in ("loss_usd", "not_made_gwh_cells")}
    rows = []
    for party in parties:
        own = table[table["party"] == party].set_index("response")
        told: dict[str, Any] = {"party": party}
        for response in RESPONSES:
            for figure, unit in (("loss_usd", "usd"), ("not_made_gwh_cells", "gwh")):
                value = float(own[figure].get(response, 0.0))
                told[f"{response}_{unit}"] = value if abs(value) > least[figure] else 0.0
        rows.append(told)
    return pd.DataFrame(rows)


def stop_weeks(party: str, stage: str = "cell") -> pd.DataFrame:
    """GWh of cells that plants of a party do not make in each week of the stop, by response."""
    table, goods = kept("graphite_stop_weeks").frame, kept("goods").frame.set_index("commodity")
    rows = table[(table["party"] == party) & (table["commodity"].map(goods["stage"]) == stage)]
    lost = rows.assign(gwh=(rows["usual"] - rows["made"]) / 1000.0)
    return lost.groupby(["response", "week"])["gwh"].sum().reset_index()


# Carbon -----------------------------------------------------------------------------------------------


def footprints(good: str) -> pd.DataFrame:
    """Footprint of a good by place of making and stage: ``place_of_making, stage, kg_co2e_per_kwh``, total; least first."""
    table = kept("carbon").frame
    table = table[table["good"] == known("good", good, table["good"])]
    keys = ["place_of_making", "grade", "total_kg_per_kwh", "stage"]
    found = table.groupby(keys, sort=False)["kg_co2e_per_kwh"].sum().reset_index()
    return found.sort_values(["total_kg_per_kwh", "place_of_making"], ignore_index=True)


def footprint_rows(good: str, place: str) -> pd.DataFrame:
    """Footprint of a good made in one place, by stage and place of emission, the largest first."""
    table = kept("carbon").frame
    table = table[(table["good"] == good) & (table["place_of_making"] == place)]
    return table[["stage", "place", "kg_co2e_per_kwh", "share"]].sort_values("share", ascending=False, ignore_index=True)


def known(name: str, text: str, column: pd.Series) -> str:
    """A value of a column as it stands there; raises ``BadInput`` with those that there are."""
    listed = {str(each).casefold(): str(each) for each in column.unique()}
    found = ProblemCollector()
    if text.casefold() not in listed:
        found.add(name, f"one of {', '.join(listed.values())}", repr(text), "choose one of them")
    found.raise_if_any()
    return listed[text.casefold()]
