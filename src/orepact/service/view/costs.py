"""Landed cost as its page shows it: every source of a good at a buyer, kept or found by a run, and two answers side by side.

``total = production + transport + rate x customs value - credits`` (``orepact.measure.landed_cost``), USD per unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from orepact.service.view.dependence import known
from orepact.service.view.kept_results import kept, stale
from orepact.service.view.sides import Answer, Question, differs

if TYPE_CHECKING:
    from orepact.facts import Ledger
    from orepact.service.result import Result

#: Sources that are asked for though nobody there may make the good yet.
ALSO = ("CA-QC", "CA-ON")
#: The buyer at whom the rule sets behind preferences and credits are asked for a verdict.
TESTED = "USA"
TABLES = ("costs", "cost_parts")
KEYS = ["origin", "rules"]
PARTS = ["component", "stage"]
MONEY = ("total_usd", "difference_usd", "production_usd", "transport_usd", "tariff_usd", "credit_usd")
TOTAL = "total"
#: How far a way can be ranked: all is known of it, nobody makes it yet, a duty is not known.
MADE, NOT_MADE, UNKNOWN = 0, 1, 2
#: Components below this part of the total are one row.
SMALL = 0.002
SMALLER = "smaller"


def question(commodity: str, buyer: str, **site: Any) -> Question:
    """The question of a good and a buyer that are kept; raises ``BadInput`` for others."""
    table = kept("costs").frame
    good, place = known("commodity", commodity, table["commodity"]), known("buyer", buyer, table["buyer"])
    tests = place == TESTED
    command = f"orepact measure landed-cost --commodity {good} --place {place} --also {','.join(ALSO)}{' --tests' * tests}"
    return Question("landed_cost", {"commodity": good, "place": place, "also": [*ALSO], "tests": tests}, command, **site)


def kept_costs(asked: Question, ledger: Ledger) -> Answer:
    """The answer that is kept with the program; a warning where the facts of the reader are others."""
    found = {name: kept(name).frame for name in TABLES}
    commodity, buyer = asked.arguments["commodity"], asked.arguments["place"]
    rows, parts = (table[(table["commodity"] == commodity) & (table["buyer"] == buyer)] for table in found.values())
    manifest = kept("costs").manifest
    told = {name: manifest[name] for name in ("name", "data_edition", "scenario", "scenario_hash", "sha256")}
    notes = stale(ledger, TABLES)
    return Answer(rows.reset_index(drop=True), parts.reset_index(drop=True), manifest["sources"], told, notes)


def costs_of_run(found: Result) -> Answer:
    """The answer of a run that is done."""
    rows, parts = pd.DataFrame(found.top["paths"]), found.data.copy()
    for name in [*MONEY, "days", "tariff_rate", "usd_per_kwh"]:
        rows[name] = pd.to_numeric(rows[name])
    parts["usd_per_unit"] = pd.to_numeric(parts["usd_per_unit"])
    return Answer(rows, parts, found.meta["sources"], found.meta["manifest"], (), str(found.top["run"]["run"]))


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Ways in an order that can be told: first those whose duties are all known and whose good is made (``rank`` 0), then those
    not made yet (1), last those with a duty that nobody knows, whose total is a lower bound (2): of them the made ones first.

    ``above_usd``: how much more than the first one; NaN for lower bounds, which nobody can rank.
    """
    known, made = rows["complete"].astype(bool), ~rows["hypothetical"].astype(bool)
    rank = pd.Series(UNKNOWN, index=rows.index).mask(known, NOT_MADE).mask(known & made, MADE)
    found = rows.assign(rank=rank, made=made).sort_values(
        ["rank", "made", "total_usd"], ascending=[True, False, True], kind="stable", ignore_index=True
    )
    least = float(found["total_usd"].iloc[0]) if len(found) else float("nan")
    return found.drop(columns="made").assign(above_usd=(found["total_usd"] - least).where(found["rank"] != UNKNOWN))


def beside(shared: Answer, own: Answer) -> pd.DataFrame:
    """Both answers by source and rule set, the cheapest of the own first: the columns of the shared one, those of the own as
    ``own_...``; ``change_usd``: own total less shared; ``changed``. A way that one side alone knows has no numbers of the other.
    """
    columns = [*KEYS, *MONEY, "complete", "hypothetical", "days"]
    theirs = own.rows[columns].rename(columns={name: f"own_{name}" for name in columns if name not in KEYS})
    both = shared.rows[columns].merge(theirs, on=KEYS, how="outer")
    both["change_usd"] = both["own_total_usd"] - both["total_usd"]
    both["changed"] = differs(both["total_usd"], both["own_total_usd"])
    both.loc[~both["changed"], "change_usd"] = 0.0
    return both.sort_values(["own_total_usd", "total_usd", *KEYS], ignore_index=True)


def detail(answer: Answer, origin: str) -> pd.Series:
    """USD per unit of a source under its cheapest rule set, by (component, stage), the total last; empty where there is none."""
    mine = answer.rows[answer.rows["origin"] == origin]
    if not len(mine):
        return pd.Series(dtype="float64")
    rules = mine.sort_values("total_usd", kind="stable")["rules"].iloc[0]
    parts = answer.parts[(answer.parts["origin"] == origin) & (answer.parts["rules"] == rules)]
    summed: pd.Series = parts.groupby(PARTS, sort=False)["usd_per_unit"].sum(min_count=1)
    return summed


def in_detail(shared: Answer, own: Answer | None, origin: str) -> pd.DataFrame:
    """The components of a source: ``component, stage, usd, own_usd, change_usd``, the largest first, the total last.

    Components below ``SMALL`` of the total on both sides are one row (``smaller``), so that the rows still add up to the total.
    """
    sides = {"usd": detail(shared, origin), "own_usd": pd.Series(dtype="float64") if own is None else detail(own, origin)}
    both = pd.concat({name: part for name, part in sides.items() if len(part)}, axis=1).reindex(columns=[*sides])
    if not len(both):
        return pd.DataFrame(columns=[*PARTS, "usd", "own_usd", "change_usd"])
    both.index.names = PARTS
    rows = both.reset_index()
    total = rows["component"] == TOTAL
    most = float(rows.loc[total, [*sides]].abs().to_numpy(dtype=float).max(initial=0.0))
    unknown = rows[[*sides]].isna().all(axis=1)
    small = ~total & ~unknown & (rows[[*sides]].abs().max(axis=1) < SMALL * most)
    kept_rows = rows[~small & ~total].sort_values("usd", ascending=False, kind="stable")
    rest = rows.loc[small, [*sides]].sum(min_count=1).to_dict()
    folded = [pd.DataFrame([{"component": SMALLER, "stage": "", **rest}])] if small.any() else []
    found = pd.concat([kept_rows, *folded, rows[total]], ignore_index=True)
    change = found["own_usd"].fillna(0.0) - found["usd"].fillna(0.0)
    return found.assign(change_usd=change.where(differs(found["usd"], found["own_usd"]), 0.0))
